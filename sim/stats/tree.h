/* Moments of block means, merged in a fixed binary tree.
 *
 * Floating sums depend on their order. So the moments of blocks merge as the nodes of one binary tree over aligned
 * ranges of blocks: block 2k with 2k + 1, then pairs of pairs. Whoever finishes first, the same pairs are merged in the
 * same order, and the result has the same bits. Source of the merge: Chan, Golub, LeVeque, "Updating formulae and a
 * pairwise algorithm for computing sample variances" (1979).
 */
#ifndef HL_STATS_TREE_H
#define HL_STATS_TREE_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

struct hl_moments {
    double n;
    double mean;
    double m2; /* sum of squared deviations from the mean */
};

void hl_moments_merge(struct hl_moments *into, const struct hl_moments *right);

struct hl_tree_node {
    unsigned level;
    uint64_t index; /* the node covers blocks [index << level, (index + 1) << level) */
    struct hl_moments *moments;
};

/* A zeroed struct with `width` set is an empty tree. */
struct hl_tree {
    size_t width;               /* quantities per node */
    struct hl_tree_node *nodes; /* [count] complete, not yet merged with their siblings; those behind have memory to use
                                   again, or none */
    size_t count;
    size_t capacity;
};

/* Adds one block's values [width], each a moment of one observation. Not thread-safe. */
HL_MUST_CHECK enum hl_status hl_tree_add(struct hl_tree *t, uint64_t block, const double *values, struct hl_error *err);

/* Adds a copy of a node, whose blocks are not in the tree yet. */
HL_MUST_CHECK enum hl_status hl_tree_add_node(struct hl_tree *t, const struct hl_tree_node *node, struct hl_error *err);

/* Adds copies of all nodes of another tree of the same width, over other blocks. */
HL_MUST_CHECK enum hl_status hl_tree_merge(struct hl_tree *into, const struct hl_tree *from, struct hl_error *err);

/* The moments of all blocks added [width], from left to right over the nodes that remain. */
void hl_tree_total(const struct hl_tree *t, struct hl_moments *out);
void hl_tree_free(struct hl_tree *t);

#endif
