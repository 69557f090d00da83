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

/* Room for one node more. */
static enum hl_status grow(struct hl_tree *t, struct hl_error *err) {
    if (t->count < t->capacity)
        return HL_OK;
    size_t capacity = t->capacity == 0 ? 16 : 2 * t->capacity;
    struct hl_tree_node *nodes = realloc(t->nodes, capacity * sizeof *nodes);
    if (nodes == NULL)
        return hl_fail_memory(err);
    memset(nodes + t->capacity, 0, (capacity - t->capacity) * sizeof *nodes);
    t->nodes = nodes;
    t->capacity = capacity;
    return HL_OK;
}

/* The next node, with memory of its own and behind those in use. */
static struct hl_tree_node *next_node(struct hl_tree *t, struct hl_error *err) {
    if (grow(t, err) != HL_OK)
        return NULL;
    struct hl_tree_node *node = &t->nodes[t->count];
    if (node->moments == NULL)
        node->moments = calloc(t->width + 1, sizeof *node->moments);
    if (node->moments == NULL)
        (void)hl_fail_memory(err);
    return node->moments != NULL ? node : NULL;
}

static void swap(struct hl_tree_node *a, struct hl_tree_node *b) {
    struct hl_tree_node node = *a;
    *a = *b;
    *b = node;
}

/* Takes the next node into use: as long as its sibling is there, the two become one. */
static void join(struct hl_tree *t) {
    size_t last = t->count++, at;
    while ((at = find(t, t->nodes[last].level, t->nodes[last].index ^ 1)) < t->count) {
        struct hl_tree_node *left = &t->nodes[at], *right = &t->nodes[last];
        if ((left->index & 1) != 0)
            swap(left, right);
        merge_nodes(t, left->moments, right->moments);
        left->level++;
        left->index >>= 1;
        t->count--; /* right is done, its memory stays */
        swap(left, &t->nodes[--last]);
    }
}

enum hl_status hl_tree_add(struct hl_tree *t, uint64_t block, const double *values, struct hl_error *err) {
    struct hl_tree_node *node = next_node(t, err);
    if (node == NULL)
        return HL_FAILED;
    node->level = 0;
    node->index = block;
    for (size_t i = 0; i < t->width; i++)
        node->moments[i] = (struct hl_moments){1, values[i], 0};
    join(t);
    return HL_OK;
}

enum hl_status hl_tree_add_node(struct hl_tree *t, const struct hl_tree_node *node, struct hl_error *err) {
    struct hl_tree_node *own = next_node(t, err);
    if (own == NULL)
        return HL_FAILED;
    own->level = node->level;
    own->index = node->index;
    memcpy(own->moments, node->moments, t->width * sizeof *own->moments);
    join(t);
    return HL_OK;
}

enum hl_status hl_tree_merge(struct hl_tree *into, const struct hl_tree *from, struct hl_error *err) {
    enum hl_status status = HL_OK;
    for (size_t i = 0; i < from->count && status == HL_OK; i++)
        status = hl_tree_add_node(into, &from->nodes[i], err);
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
    for (size_t i = 0; i < t->capacity; i++)
        free(t->nodes[i].moments);
    free(t->nodes);
    *t = (struct hl_tree){.width = t->width};
}
