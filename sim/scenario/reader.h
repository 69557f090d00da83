/* What loading a scenario has at hand: memory, the collected faults, places, and the ids that others refer to. */
#ifndef HL_SCENARIO_READER_H
#define HL_SCENARIO_READER_H

#include "base/arena.h"
#include "base/quantity.h"
#include "base/status.h"
#include "base/yaml.h"

#include <stdbool.h>

/* The tables whose ids are referred to. */
enum hl_catalog_id { HL_CATALOG_EXCHANGES, HL_CATALOG_ASSETS, HL_CATALOG_VENDORS, HL_CATALOG_COUNT };

/* The ids of a table. */
struct hl_catalog {
    const char *file;   /* NULL: the scenario names no such table */
    bool broken;        /* it could not be read whole: references to it are not judged */
    size_t count;       /* rows */
    const char **ids;   /* [count]; "" where the id is wrong */
    size_t *order;      /* [count] rows by id, then by place */
    const int *lines;   /* [count] of the id */
    const int *columns; /* [count] */
    const bool *faulty; /* [count] the row has a fault: what depends on it is not judged */
};

/* A zeroed struct with its pointers set is ready. */
struct hl_reader {
    struct hl_arena *arena;   /* what stays with the scenario */
    struct hl_arena *scratch; /* what is dropped after loading */
    struct hl_error *err;
    const char *file; /* the scenario's, as opened */
    struct hl_currencies currencies;
    double quantum;
    struct hl_catalog catalogs[HL_CATALOG_COUNT];
};

/* Where a value stands. */
struct hl_place {
    const char *file;
    int line;
    int column;
    const char *key; /* dotted */
};

enum { HL_MESSAGE_BYTES = 1024 };

/* How many faults there are so far: the same number before and after means that something was read without fault. */
size_t hl_faults(const struct hl_reader *r);

/* Adds a fault at a place; `value` may be NULL. */
void hl_fault(struct hl_reader *r, const struct hl_place *at, const char *value, const char *format, ...)
    HL_PRINTF(4, 5);

/* Zeroed memory of the scenario or of the loading; NULL after adding the fault. */
void *hl_reader_array(struct hl_reader *r, struct hl_arena *arena, size_t count, size_t size);

/* A copy that stays with the scenario; "" after adding the fault of memory. */
const char *hl_reader_text(struct hl_reader *r, const char *text);

/* The place of a node. Nodes made by a setting stand in the file "--set". */
struct hl_place hl_node_place(const struct hl_reader *r, const struct hl_node *node, const char *path);

/* `path.name`, or `name` when path is ""; and `path[index]`. */
const char *hl_path(struct hl_reader *r, const char *path, const char *name);
const char *hl_path_item(struct hl_reader *r, const char *path, size_t index);

/* A node as the value of a message: its text, "a list" or "a map". */
const char *hl_node_words(const struct hl_node *node);

/* An empty value without quotes ("own_capital:"). */
bool hl_node_is_empty(const struct hl_node *node);

/* The known name that is nearest to a wrong one, or NULL; NULL too once more faults are found than are kept. */
const char *hl_near(const struct hl_reader *r, const char *word, const char *const *known, size_t count);

/* The same as the end of a message: "; did you mean X?", or "". Lives in the scratch arena. */
const char *hl_suggestion(struct hl_reader *r, const char *word, const char *const *known, size_t count);

/* Fills `order` by the ids and reports every id that stands twice. */
void hl_catalog_sort(struct hl_reader *r, struct hl_catalog *c, const char *column);

/* The first row of `id`, or (size_t)-1. */
size_t hl_catalog_find(const struct hl_catalog *c, const char *id);

/* The table's name: "exchanges". */
const char *hl_catalog_name(enum hl_catalog_id id);

/* Row of the id that a value names, or (size_t)-1 after adding the fault (none when the table itself is broken). */
size_t hl_reference(struct hl_reader *r, enum hl_catalog_id id, const struct hl_place *at, const char *text);

/* True when `code` is a currency of ISO 4217. */
bool hl_currency_is_known(const char *code);

#endif
