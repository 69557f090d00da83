/* Reading and changing a tree of nodes by key and by dotted path. */
#include "base/yaml.h"

#include <stdio.h>
#include <string.h>

/* One part of a dotted path: a key of a map, or an index of a list. */
struct step {
    const char *key; /* NULL: an index */
    size_t index;
    const char *end; /* in the path, after this part */
};

struct path {
    const char *text;
    struct step steps[HL_YAML_DEPTH];
    size_t count;
};

const char hl_node_no_memory[] = "out of memory";

/* The place of a key in a map; count when it is not there or `map` is no map. */
static size_t find_key(const struct hl_node *map, const char *key) {
    if (map->kind != HL_NODE_MAP)
        return map->count;
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i], key) == 0)
            return i;
    return map->count;
}

struct hl_node *hl_node_get(const struct hl_node *map, const char *key) {
    size_t item = find_key(map, key);
    return item < map->count ? map->items[item] : NULL;
}

/* A sentence about the path up to and with step `last`. */
static const char *path_fault(struct hl_arena *arena, const struct path *path, size_t last, const char *what) {
    int length = (int)(path->steps[last].end - path->text);
    const char *sentence = hl_arena_format(arena, "%.*s %s", length, path->text, what);
    return sentence ? sentence : hl_node_no_memory;
}

/* Reads "[12]" at *at into *step. */
static bool read_index(const char **at, struct step *step) {
    size_t digits = strspn(*at + 1, "0123456789");
    if (digits == 0 || digits > 9 || (*at)[1 + digits] != ']')
        return false;
    *step = (struct step){0};
    for (size_t i = 0; i < digits; i++)
        step->index = 10 * step->index + (size_t)((*at)[1 + i] - '0');
    *at += digits + 2;
    step->end = *at;
    return true;
}

/* Reads a key at *at into *step. */
static bool read_key(const char **at, struct hl_arena *arena, struct step *step) {
    size_t length = strcspn(*at, ".[");
    *step = (struct step){0};
    if (length == 0)
        return false;
    step->key = hl_arena_format(arena, "%.*s", (int)length, *at);
    *at += length;
    step->end = *at;
    return step->key != NULL;
}

/* Splits a dotted path into its steps; NULL or what is wrong with it. */
static const char *split_path(struct path *path, struct hl_arena *arena, const char *text) {
    *path = (struct path){.text = text};
    for (const char *at = text; *at || path->count == 0;) {
        if (path->count == HL_YAML_DEPTH)
            return "the path has too many parts: 64 are allowed";
        struct step *step = &path->steps[path->count];
        bool is_index = *at == '[';
        if (!is_index && path->count > 0 && *at++ != '.')
            return "after ] comes a . or another [";
        if (is_index && !read_index(&at, step))
            return "an index is a whole number in brackets, such as funds[2]";
        if (!is_index && !read_key(&at, arena, step))
            return "a part of the path is empty: write it like report.deadline";
        path->count++;
    }
    return NULL;
}

/* Adds a key at the end of a map; false when memory runs out, and nothing is changed then. */
static bool add_key(struct hl_node *map, struct hl_arena *arena, const char *key, struct hl_node *item) {
    size_t count = map->count;
    const char **keys = hl_arena_array(arena, count + 1, sizeof *keys);
    int *lines = hl_arena_array(arena, count + 1, sizeof *lines);
    int *columns = hl_arena_array(arena, count + 1, sizeof *columns);
    struct hl_node **items = hl_arena_array(arena, count + 1, sizeof(struct hl_node *));
    if (!keys || !lines || !columns || !items)
        return false;
    for (size_t i = 0; i < count; i++) {
        keys[i] = map->keys[i];
        lines[i] = map->key_lines[i];
        columns[i] = map->key_columns[i];
        items[i] = map->items[i];
    }
    keys[count] = key;
    items[count] = item;
    map->keys = keys;
    map->key_lines = lines;
    map->key_columns = columns;
    map->items = items;
    map->count = count + 1;
    return true;
}

/* A map of one key, or NULL when memory runs out. */
static struct hl_node *single_map(struct hl_arena *arena, const char *key, struct hl_node *item) {
    struct hl_node *map = hl_arena_array(arena, 1, sizeof *map);
    if (!map)
        return NULL;
    *map = (struct hl_node){.kind = HL_NODE_MAP, .text = ""};
    return add_key(map, arena, key, item) ? map : NULL;
}

/* Adds the missing step `at` of the path to a map, or to a scalar that is nothing and becomes one, with the maps that
 * the later steps need and `value` at the end. */
static const char *add_missing(struct hl_node *map, struct hl_arena *arena, const struct path *path, size_t at,
                               struct hl_node *value) {
    for (size_t i = at + 1; i < path->count; i++)
        if (!path->steps[i].key)
            return path_fault(arena, path, i, "is not in the scenario: a list must exist");
    struct hl_node *item = value;
    for (size_t i = path->count - 1; i > at && item; i--)
        item = single_map(arena, path->steps[i].key, item);
    map->kind = HL_NODE_MAP;
    if (!item || !add_key(map, arena, path->steps[at].key, item))
        return hl_node_no_memory;
    return NULL;
}

static bool is_nothing(const struct hl_node *node) {
    return node->kind == HL_NODE_SCALAR && !node->quoted && !*node->text;
}

/* Puts `value` at the path; NULL or what is wrong with the path. */
static const char *put(struct hl_node *root, struct hl_arena *arena, const struct path *path, struct hl_node *value) {
    struct hl_node *node = root;
    for (size_t i = 0; i < path->count; i++) {
        const struct step *step = &path->steps[i];
        size_t item = step->index;
        if (step->key) {
            bool is_map = node->kind == HL_NODE_MAP || is_nothing(node);
            if (!is_map && i == 0)
                return "the scenario is not a map";
            if (!is_map)
                return path_fault(arena, path, i - 1, "is not a map");
            item = find_key(node, step->key);
            if (item == node->count)
                return add_missing(node, arena, path, i, value);
        } else {
            if (node->kind != HL_NODE_LIST)
                return path_fault(arena, path, i, "is not there: this is no list");
            if (item >= node->count)
                return path_fault(arena, path, i, "is not there: the list is shorter (the first is [0])");
        }
        if (i + 1 == path->count)
            node->items[item] = value;
        else
            node = node->items[item];
    }
    return NULL;
}

/* Makes a tree one without places. */
static void forget_places(struct hl_node *node) {
    node->line = 0;
    node->column = 0;
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == HL_NODE_MAP)
            node->key_lines[i] = node->key_columns[i] = 0;
        forget_places(node->items[i]);
    }
}

/* Reads the text of a value; blank text is an empty scalar. NULL with *fault set when it cannot be read. */
static struct hl_node *read_value(struct hl_arena *arena, const char *text, const char **fault) {
    struct hl_error err = {0};
    struct hl_node *value = NULL;
    if (text[strspn(text, " \t")] == '\0') {
        value = hl_arena_array(arena, 1, sizeof *value);
        if (value)
            *value = (struct hl_node){.kind = HL_NODE_SCALAR, .text = ""};
        *fault = hl_node_no_memory;
        return value;
    }
    enum hl_status status = hl_yaml_read(&value, arena, NULL, text, strlen(text), &err);
    if (status != HL_OK) {
        const char *message = status == HL_INVALID && err.count > 0 ? err.faults[0].message : NULL;
        *fault = message ? hl_arena_text(arena, message) : hl_node_no_memory;
        if (!*fault)
            *fault = hl_node_no_memory;
        value = NULL;
    }
    hl_error_free(&err);
    return value;
}

const char *hl_node_set(struct hl_node *root, struct hl_arena *arena, const char *path, const char *text) {
    struct path steps;
    const char *fault = split_path(&steps, arena, path);
    if (fault)
        return fault;
    struct hl_node *value = read_value(arena, text, &fault);
    if (!value)
        return fault;
    forget_places(value);
    return put(root, arena, &steps, value);
}
