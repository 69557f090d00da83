/* YAML text as a tree of nodes that know where they stand.
 *
 * Built from libyaml's events. Refused, each with its place: anchors, aliases, tags, a second document, duplicate keys,
 * NUL bytes, invalid UTF-8, nesting deeper than HL_YAML_DEPTH, files over HL_YAML_BYTES, keys that are not scalars.
 */
#ifndef HL_BASE_YAML_H
#define HL_BASE_YAML_H

#include "base/arena.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { HL_YAML_DEPTH = 64, HL_YAML_BYTES = 4 << 20 };

enum hl_node_kind { HL_NODE_SCALAR, HL_NODE_LIST, HL_NODE_MAP };

struct hl_node {
    enum hl_node_kind kind;
    int line; /* 1-based */
    int column;
    const char *text;       /* scalars: the text; "" for an empty value */
    bool quoted;            /* scalars: written in quotes or as a block */
    const char **keys;      /* maps: [count] */
    int *key_lines;         /* maps: [count] */
    int *key_columns;       /* maps: [count] */
    struct hl_node **items; /* lists and maps: [count] */
    size_t count;
};

/* Reads `size` bytes of YAML. `file` is the name for messages. An empty document is a map of no keys. Nodes live in
 * `arena`. All faults that can be told apart are added to `err`; HL_INVALID when there is any. */
HL_MUST_CHECK enum hl_status hl_yaml_read(struct hl_node **out, struct hl_arena *arena, const char *file,
                                          const char *bytes, size_t size, struct hl_error *err);

/* The item of a map, or NULL. */
struct hl_node *hl_node_get(const struct hl_node *map, const char *key);

/* Sets the scalar at a dotted path such as "funds[2].reserve.amount" or "trials", making the maps on the way to a
 * missing last key; a list index must exist. `text` may be any flow YAML ("[95 %, 99 %]"). Places of the new node are
 * line 0. Returns NULL, or what is wrong with the path or the text; hl_node_no_memory when memory runs out. */
const char *hl_node_set(struct hl_node *root, struct hl_arena *arena, const char *path, const char *text);
extern const char hl_node_no_memory[];

#endif
