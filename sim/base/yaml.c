#include "base/yaml.h"

#include "base/text.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* How much of a dotted key a message shows. */
enum { KEY_BYTES = 256 };

/* A list or map that is open while its items are read. */
struct frame {
    struct hl_node *node;
    size_t capacity;
    bool has_key; /* maps: keys[count] stands, its value comes next */
};

/* libyaml counts characters; this follows its marks in bytes, which only go forward. */
struct cursor {
    size_t index; /* characters passed */
    size_t byte;  /* bytes passed */
    size_t line_start_byte;
};

struct place {
    int line;
    int column;
};

struct reader {
    yaml_parser_t parser;
    struct hl_arena *arena;
    const char *file;
    const char *bytes;
    size_t size;
    struct hl_error *err;
    struct cursor cursor;
    struct frame frames[HL_YAML_DEPTH];
    size_t depth;
    struct hl_node *root;
    bool has_document;
    size_t fault_count;
    bool out_of_memory;
};

static void pass_characters(struct reader *reader, size_t index) {
    struct cursor *cursor = &reader->cursor;
    for (; cursor->index < index && cursor->byte < reader->size; cursor->index++) {
        cursor->byte++;
        while (cursor->byte < reader->size && ((unsigned char)reader->bytes[cursor->byte] & 0xc0) == 0x80)
            cursor->byte++;
    }
}

/* Where a mark of libyaml stands, in lines and bytes. */
static struct place place_of(struct reader *reader, yaml_mark_t mark) {
    struct cursor *cursor = &reader->cursor;
    if (mark.index < cursor->index)
        *cursor = (struct cursor){0};
    size_t line_start_index = mark.index - mark.column;
    if (line_start_index >= cursor->index) {
        pass_characters(reader, line_start_index);
        cursor->line_start_byte = cursor->byte;
    }
    pass_characters(reader, mark.index);
    return (struct place){(int)mark.line + 1, (int)(cursor->byte - cursor->line_start_byte) + 1};
}

/* The dotted key of what is being read, with `leaf` (may be NULL) in the innermost map; cut where it is too long. */
static void dotted_key(const struct reader *reader, const char *leaf, char key[KEY_BYTES]) {
    size_t used = 0;
    key[0] = '\0';
    for (size_t i = 0; i < reader->depth && used < KEY_BYTES; i++) {
        const struct frame *frame = &reader->frames[i];
        bool is_innermost = i + 1 == reader->depth;
        size_t item = is_innermost || frame->has_key ? frame->node->count : frame->node->count - 1;
        const char *name = is_innermost ? leaf : frame->node->keys ? frame->node->keys[item] : NULL;
        int length = 0;
        if (frame->node->kind == HL_NODE_LIST)
            length = snprintf(key + used, KEY_BYTES - used, "[%zu]", item);
        else if (name)
            length = snprintf(key + used, KEY_BYTES - used, "%s%s", used ? "." : "", name);
        used += (size_t)length;
    }
}

/* Adds a fault at a place. `leaf` as in dotted_key. */
static void add_fault(struct reader *reader, struct place place, const char *leaf, const char *message) {
    char key[KEY_BYTES];
    dotted_key(reader, leaf, key);
    reader->fault_count++;
    hl_error_add(reader->err, reader->file, place.line, place.column, key[0] ? key : NULL, NULL, "%s", message);
}

static struct frame *innermost(struct reader *reader) {
    return reader->depth ? &reader->frames[reader->depth - 1] : NULL;
}

/* The key whose value comes next, or NULL. */
static const char *pending_key(struct reader *reader) {
    struct frame *frame = innermost(reader);
    return frame && frame->has_key ? frame->node->keys[frame->node->count] : NULL;
}

/* A copy of `old` (`count` of `size` bytes) with room for `capacity`. */
static void *grown(struct reader *reader, const void *old, size_t count, size_t capacity, size_t size) {
    void *copy = hl_arena_array(reader->arena, capacity, size);
    if (!copy)
        reader->out_of_memory = true;
    else if (count)
        memcpy(copy, old, count * size);
    return copy;
}

/* Makes room for one more item in the innermost list or map. */
static bool make_room(struct reader *reader, struct frame *frame) {
    struct hl_node *node = frame->node;
    if (node->count < frame->capacity)
        return true;
    size_t capacity = frame->capacity ? 2 * frame->capacity : 8;
    node->items = grown(reader, node->items, node->count, capacity, sizeof *node->items);
    if (node->kind == HL_NODE_MAP) {
        node->keys = grown(reader, node->keys, node->count, capacity, sizeof *node->keys);
        node->key_lines = grown(reader, node->key_lines, node->count, capacity, sizeof *node->key_lines);
        node->key_columns = grown(reader, node->key_columns, node->count, capacity, sizeof *node->key_columns);
    }
    frame->capacity = capacity;
    return !reader->out_of_memory;
}

/* Takes `text` as the next key of the innermost map. */
static bool take_key(struct reader *reader, struct frame *frame, struct place place, const char *text) {
    if (!make_room(reader, frame))
        return false;
    struct hl_node *map = frame->node;
    map->keys[map->count] = text;
    map->key_lines[map->count] = place.line;
    map->key_columns[map->count] = place.column;
    frame->has_key = true;
    return true;
}

/* Hangs a node where the reading stands: root, next item, or value of the key before it. A list or map where a key is
 * wanted is a fault, and counts as an empty key. */
static bool attach(struct reader *reader, struct hl_node *node) {
    struct frame *frame = innermost(reader);
    if (!frame) {
        reader->root = node;
        return true;
    }
    if (frame->node->kind == HL_NODE_MAP && !frame->has_key) {
        struct place place = {node->line, node->column};
        if (node->kind == HL_NODE_SCALAR)
            return take_key(reader, frame, place, node->text);
        add_fault(reader, place, NULL, "a key must be a plain word, not a list or map");
        return take_key(reader, frame, place, "");
    }
    if (!make_room(reader, frame))
        return false;
    frame->node->items[frame->node->count++] = node;
    frame->has_key = false;
    return true;
}

static struct hl_node *new_node(struct reader *reader, enum hl_node_kind kind, struct place place) {
    struct hl_node *node = hl_arena_array(reader->arena, 1, sizeof *node);
    if (!node) {
        reader->out_of_memory = true;
        return NULL;
    }
    *node = (struct hl_node){.kind = kind, .line = place.line, .column = place.column, .text = ""};
    return node;
}

/* Refuses anchors and tags: a scenario says what it means in its place. */
static void check_properties(struct reader *reader, struct place place, const yaml_char_t *anchor,
                             const yaml_char_t *tag) {
    if (anchor)
        add_fault(reader, place, pending_key(reader), "anchors (&name) are not allowed: write the value out");
    if (tag)
        add_fault(reader, place, pending_key(reader), "tags (!name) are not allowed: write the bare value");
}

static bool take_scalar(struct reader *reader, const yaml_event_t *event, struct place place) {
    check_properties(reader, place, event->data.scalar.anchor, event->data.scalar.tag);
    struct hl_node *node = new_node(reader, HL_NODE_SCALAR, place);
    if (!node)
        return false;
    const char *text = (const char *)event->data.scalar.value;
    if (memchr(text, '\0', event->data.scalar.length))
        add_fault(reader, place, pending_key(reader), "a NUL character is not allowed in a text");
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text = hl_arena_text(reader->arena, text);
    if (!node->text) {
        reader->out_of_memory = true;
        return false;
    }
    return attach(reader, node);
}

/* An alias is a fault and stands as an empty text, so that the reading can go on. */
static bool take_alias(struct reader *reader, struct place place) {
    add_fault(reader, place, pending_key(reader), "aliases (*name) are not allowed: write the value out");
    struct hl_node *node = new_node(reader, HL_NODE_SCALAR, place);
    return node && attach(reader, node);
}

static bool open_frame(struct reader *reader, enum hl_node_kind kind, struct place place) {
    if (reader->depth == HL_YAML_DEPTH) {
        add_fault(reader, place, pending_key(reader), "lists and maps are nested too deeply: 64 levels are allowed");
        return false;
    }
    struct hl_node *node = new_node(reader, kind, place);
    if (!node || !attach(reader, node))
        return false;
    reader->frames[reader->depth++] = (struct frame){.node = node};
    return true;
}

/* A key of a map and its place in it, to be sorted. */
struct keyed {
    const char *key;
    size_t item;
};

static int compare_keyed(const void *left, const void *right) {
    const struct keyed *a = left;
    const struct keyed *b = right;
    int order = strcmp(a->key, b->key);
    return order ? order : (a->item > b->item) - (a->item < b->item);
}

static void add_duplicate(struct reader *reader, const struct hl_node *map, size_t item, size_t first) {
    char message[80];
    snprintf(message, sizeof message, "given twice; the first is at line %d, column %d", map->key_lines[first],
             map->key_columns[first]);
    add_fault(reader, (struct place){map->key_lines[item], map->key_columns[item]}, map->keys[item], message);
}

/* Adds a fault for every key of the map that stood before, in the order of the file. */
static bool check_duplicates(struct reader *reader, const struct hl_node *map) {
    if (map->count < 2)
        return true;
    struct keyed *sorted = calloc(map->count, sizeof *sorted);
    size_t *firsts = calloc(map->count, sizeof *firsts); /* by item: the first item of the same key */
    if (sorted && firsts) {
        for (size_t i = 0; i < map->count; i++)
            sorted[i] = (struct keyed){map->keys[i], i};
        qsort(sorted, map->count, sizeof *sorted, compare_keyed);
        firsts[sorted[0].item] = sorted[0].item;
        for (size_t i = 1; i < map->count; i++) {
            bool same = strcmp(sorted[i].key, sorted[i - 1].key) == 0 && *sorted[i].key; /* "": already a fault */
            firsts[sorted[i].item] = same ? firsts[sorted[i - 1].item] : sorted[i].item;
        }
        for (size_t i = 0; i < map->count; i++)
            if (firsts[i] != i)
                add_duplicate(reader, map, i, firsts[i]);
    } else {
        reader->out_of_memory = true;
    }
    free(sorted);
    free(firsts);
    return !reader->out_of_memory;
}

static bool close_frame(struct reader *reader) {
    struct frame *frame = innermost(reader);
    bool fine = frame->node->kind != HL_NODE_MAP || check_duplicates(reader, frame->node);
    reader->depth--;
    return fine;
}

static bool open_document(struct reader *reader, struct place place) {
    if (reader->has_document)
        add_fault(reader, place, NULL, "a second document (---): one file holds one scenario");
    bool is_first = !reader->has_document;
    reader->has_document = true;
    return is_first;
}

/* Takes one event into the tree. False when the reading cannot go on: a fault or lack of memory is noted. */
static bool take_event(struct reader *reader, const yaml_event_t *event) {
    struct place place = place_of(reader, event->start_mark);
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return open_document(reader, place);
    case YAML_SCALAR_EVENT:
        return take_scalar(reader, event, place);
    case YAML_ALIAS_EVENT:
        return take_alias(reader, place);
    case YAML_SEQUENCE_START_EVENT:
        check_properties(reader, place, event->data.sequence_start.anchor, event->data.sequence_start.tag);
        return open_frame(reader, HL_NODE_LIST, place);
    case YAML_MAPPING_START_EVENT:
        check_properties(reader, place, event->data.mapping_start.anchor, event->data.mapping_start.tag);
        return open_frame(reader, HL_NODE_MAP, place);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_frame(reader);
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return true;
    }
    return true;
}

/* Adds what libyaml found wrong with the syntax. */
static void add_syntax_fault(struct reader *reader) {
    const yaml_parser_t *parser = &reader->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        reader->out_of_memory = true;
        return;
    }
    char message[300];
    struct place place;
    const char *problem = parser->problem ? parser->problem : "it cannot be read";
    bool is_start = strstr(problem, "cannot start any token") != NULL;
    if (parser->error == YAML_READER_ERROR) {
        hl_text_place(reader->bytes, parser->problem_offset, &place.line, &place.column);
        snprintf(message, sizeof message, "not valid YAML: %s", problem);
    } else {
        place = place_of(reader, parser->problem_mark);
        char context[120] = "";
        if (parser->context)
            snprintf(context, sizeof context, "%s from line %zu: ", parser->context, parser->context_mark.line + 1);
        snprintf(message, sizeof message, "not valid YAML: %s%s%s", context, problem,
                 is_start ? " (indent with blanks, and quote a text that starts with % @ or `)" : "");
    }
    add_fault(reader, place, pending_key(reader), message);
}

static void read_events(struct reader *reader) {
    yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader->parser, (const unsigned char *)reader->bytes, reader->size);
    for (bool going = true; going;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reader->parser, &event)) {
            add_syntax_fault(reader);
            return;
        }
        going = take_event(reader, &event) && event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
}

/* Refuses bytes that are no text; true when they can be read on. */
static bool check_bytes(struct reader *reader) {
    size_t at = 0;
    if (reader->size > HL_YAML_BYTES) {
        add_fault(reader, (struct place){0}, NULL, "the file is too large: 4 MiB are allowed");
        return false;
    }
    const char *fault = hl_text_fault(reader->bytes, reader->size, &at);
    if (!fault)
        return true;
    struct place place;
    hl_text_place(reader->bytes, at, &place.line, &place.column);
    add_fault(reader, place, NULL, fault);
    return false;
}

/* Reads a whole tree; *out stays NULL when there is no document. */
static enum hl_status read_tree(struct hl_node **out, struct hl_arena *arena, const char *file, const char *bytes,
                                size_t size, struct hl_error *err) {
    struct reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return hl_fail_memory(err);
    size_t mark = hl_text_mark(bytes, size);
    reader->arena = arena;
    reader->file = file;
    reader->bytes = bytes + mark;
    reader->size = size - mark;
    reader->err = err;
    if (check_bytes(reader)) {
        if (yaml_parser_initialize(&reader->parser))
            read_events(reader);
        else
            reader->out_of_memory = true;
        yaml_parser_delete(&reader->parser);
    }
    enum hl_status status = HL_OK;
    if (reader->out_of_memory)
        status = hl_fail_memory(err);
    else if (reader->fault_count)
        status = HL_INVALID;
    else
        *out = reader->root;
    free(reader);
    return status;
}

/* Whether a scalar stands for nothing: no text and no quotes. */
static bool is_nothing(const struct hl_node *node) {
    return node->kind == HL_NODE_SCALAR && !node->quoted && !*node->text;
}

enum hl_status hl_yaml_read(struct hl_node **out, struct hl_arena *arena, const char *file, const char *bytes,
                            size_t size, struct hl_error *err) {
    struct hl_node *root = NULL;
    enum hl_status status = read_tree(&root, arena, file, bytes, size, err);
    if (status != HL_OK)
        return status;
    if (!root || is_nothing(root)) {
        root = hl_arena_array(arena, 1, sizeof *root);
        if (!root)
            return hl_fail_memory(err);
        *root = (struct hl_node){.kind = HL_NODE_MAP, .line = 1, .column = 1, .text = ""};
    }
    *out = root;
    return HL_OK;
}
