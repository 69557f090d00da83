#include "stats/tree.h"

#include <stdlib.h>
#include <string.h>

void hl_moments_merge(struct hl_moments *into, const struct hl_moments *right) {
    double n = into->n + right->n;
    if (n == 0)
        return;
    double delta = right->mean - into->mean;
    into->mean += delta * (right->n / n);
    into->m2 += right->m2 + delta * delta * (into->n * right->n / n);
    into->n = n;
}

static size_t find(const struct hl_tree *t, unsigned level, uint64_t index) {
    size_t i = 0;
    while (i < t->count && (t->nodes[i].level != level || t->nodes[i].index != index))
        i++;
    return i;
}

static void merge_nodes(const struct hl_tree *t, struct hl_moments *left, const struct hl_moments *right) {
    for (size_t i = 0; i < t->width; i++)
        hl_moments_merge(&left[i], &right[i]);
}

enum hl_status hl_tree_add_node(struct hl_tree *t, struct hl_tree_node node, struct hl_error *err) {
    for (size_t at; (at = find(t, node.level, node.index ^ 1)) < t->count;) {
        struct hl_tree_node sibling = t->nodes[at];
        t->nodes[at] = t->nodes[--t->count];
        t->nodes[t->count] = (struct hl_tree_node){0};
        struct hl_tree_node *left = (node.index & 1) != 0 ? &sibling : &node;
        struct hl_tree_node *right = left == &node ? &sibling : &node;
        merge_nodes(t, left->moments, right->moments);
        free(right->moments);
        node = (struct hl_tree_node){left->level + 1, left->index >> 1, left->moments};
    }
    if (t->count == t->capacity) {
        size_t capacity = t->capacity == 0 ? 16 : 2 * t->capacity;
        struct hl_tree_node *nodes = realloc(t->nodes, capacity * sizeof *nodes);
        if (nodes == NULL) {
            free(node.moments);
            return hl_fail_memory(err);
        }
        t->nodes = nodes;
        t->capacity = capacity;
    }
    t->nodes[t->count++] = node;
    return HL_OK;
}

enum hl_status hl_tree_add(struct hl_tree *t, uint64_t block, const double *values, struct hl_error *err) {
    struct hl_tree_node node = {.index = block, .moments = calloc(t->width + 1, sizeof *node.moments)};
    if (node.moments == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < t->width; i++)
        node.moments[i] = (struct hl_moments){1, values[i], 0};
    return hl_tree_add_node(t, node, err);
}

enum hl_status hl_tree_merge(struct hl_tree *into, const struct hl_tree *from, struct hl_error *err) {
    enum hl_status status = HL_OK;
    for (size_t i = 0; i < from->count && status == HL_OK; i++) {
        struct hl_tree_node node = from->nodes[i];
        node.moments = calloc(from->width + 1, sizeof *node.moments);
        if (node.moments == NULL)
            return hl_fail_memory(err);
        memcpy(node.moments, from->nodes[i].moments, from->width * sizeof *node.moments);
        status = hl_tree_add_node(into, node, err);
    }
    return status;
}

/* The first block of a node. */
static uint64_t start_of(const struct hl_tree_node *node) { return node->index << node->level; }

/* The node that comes first of those that start at `block` or after it; NULL when there is none. */
static const struct hl_tree_node *first_from(const struct hl_tree *t, uint64_t block) {
    const struct hl_tree_node *first = NULL;
    for (size_t i = 0; i < t->count; i++)
        if (start_of(&t->nodes[i]) >= block && (first == NULL || start_of(&t->nodes[i]) < start_of(first)))
            first = &t->nodes[i];
    return first;
}

void hl_tree_total(const struct hl_tree *t, struct hl_moments *out) {
    memset(out, 0, t->width * sizeof *out);
    const struct hl_tree_node *node;
    for (uint64_t block = 0; (node = first_from(t, block)) != NULL;
         block = start_of(node) + (UINT64_C(1) << node->level))
        merge_nodes(t, out, node->moments);
}

void hl_tree_free(struct hl_tree *t) {
    for (size_t i = 0; i < t->count; i++)
        free(t->nodes[i].moments);
    free(t->nodes);
    *t = (struct hl_tree){.width = t->width};
}
