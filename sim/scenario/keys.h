/* Key tables: one row per value of a scenario, in YAML maps and in table columns alike.
 *
 * A row is the only place that knows a value's name, what it means, its unit, range and default and where it is stored.
 * The same row reads the value, checks it, words the fault and prints the reference (`hackloss keys`). A default is
 * text that is read like the user's own.
 */
#ifndef HL_SCENARIO_KEYS_H
#define HL_SCENARIO_KEYS_H

#include "models/parameter.h"
#include "scenario/reader.h"

#include <stdint.h>

/* What a value is, and what is stored at the row's offset. */
enum hl_key_kind {
    HL_KEY_NUMBER,     /* double; money in quanta; NAN when not given */
    HL_KEY_PRICE,      /* double; money in currency units, not rounded; NAN when not given */
    HL_KEY_NUMBERS,    /* struct hl_numbers */
    HL_KEY_TEXT,       /* const char *; NULL when not given, as for all kinds of text */
    HL_KEY_ID,         /* const char *: letters, digits, - _ . */
    HL_KEY_CURRENCY,   /* const char *: a code of ISO 4217 */
    HL_KEY_COUNTRY,    /* const char *: two capital letters */
    HL_KEY_DATE,       /* const char *: a day that exists, YYYY-MM-DD */
    HL_KEY_WORD,       /* const char *: one of the row's choices */
    HL_KEY_CHOICE,     /* unsigned int: place among the row's choices */
    HL_KEY_CHOICES,    /* uint32_t: bit 1 << place of each that is named; 0 when not given */
    HL_KEY_REFERENCE,  /* size_t: row of a table; (size_t)-1 when not given */
    HL_KEY_REFERENCES, /* struct hl_references */
    HL_KEY_NODE,       /* const struct hl_node *: a value with a reader of its own; NULL when not given */
};

struct hl_key {
    const char *name;
    enum hl_key_kind kind;
    bool required;
    enum hl_unit unit; /* numbers */
    double minimum;    /* numbers; money in currency units */
    double maximum;    /* numbers; INFINITY = none */
    bool minimum_open; /* the minimum itself is not allowed */
    bool maximum_open;
    bool whole;       /* numbers: no fractions */
    bool distinct;    /* lists of numbers: no number twice, and at most HL_LEVELS_MOST */
    const char *word; /* a word that stands for `word_value` (numbers), nothing (references), all (choices) */
    double word_value;
    const char *(*choice)(size_t place); /* the names to choose from; NULL after the last */
    enum hl_catalog_id catalog;          /* references */
    const char *standard;                /* the default as text; NULL = none */
    const char *standard_words;          /* the default in words, where it depends on something else */
    const char *shape;                   /* nodes and texts: what may stand here */
    size_t offset;                       /* where it is stored in the struct that the section fills */
    const char *doc;                     /* one sentence */
};

enum { HL_ID_BYTES = 63 };

/* Keys that stand together: a YAML map or a table's columns. */
struct hl_section {
    const char *path; /* dotted, as the reference shows it: "breaches[].takes" */
    const char *doc;
    const struct hl_key *keys;
    size_t count;
};

struct hl_numbers {
    const double *items; /* [count] ascending */
    size_t count;
};

struct hl_references {
    size_t *items; /* [count] rows of the table, in the order given; with `all` every row */
    size_t count;
    bool given;
    bool all;
};

/* What is allowed, as in "must be …". */
void hl_key_allowed(char *out, size_t size, const struct hl_key *key);

/* Adds the fault of a name that is none of the section's. Returns the row that it is near to, or NULL. */
const struct hl_key *hl_key_unknown(struct hl_reader *r, const struct hl_place *at, const char *name,
                                    const struct hl_section *section);

/* The names to choose from, as an array and, added to `out`, as words ("one of …"); returns their number. */
enum { HL_CHOICES_MOST = 64 };
size_t hl_choices(const char *(*choice)(size_t place), const char *names[HL_CHOICES_MOST]);
void hl_choices_words(char *out, size_t size, const char *(*choice)(size_t place));

/* Adds the fault of a value that is none of what is allowed. Returns false. */
bool hl_key_refuse(struct hl_reader *r, const struct hl_key *key, const struct hl_place *at, const char *text);

/* Adds the fault of a value that must be given. */
void hl_key_missing(struct hl_reader *r, const struct hl_place *at, const struct hl_key *key);

/* Stores "not given". */
void hl_key_clear(const struct hl_key *key, void *base);

/* Reads one text (a cell or a scalar), for all kinds but lists and nodes. After a fault the value is "not given". */
bool hl_key_read_text(struct hl_reader *r, const struct hl_key *key, const struct hl_place *at, const char *text,
                      void *base);

/* The place of the i-th key of a map that stands at `path`. */
struct hl_place hl_key_place(struct hl_reader *r, const struct hl_node *map, size_t i, const char *path);

/* Reads one node. */
bool hl_key_read(struct hl_reader *r, const struct hl_key *key, const struct hl_node *node, const char *path,
                 void *base);

/* Reads a map: every key of it, and every default, into the struct at `base`. An empty value is a map of no keys.
 * Returns true when there was no fault. */
bool hl_keys_read(struct hl_reader *r, const struct hl_node *map, const char *path, const struct hl_section *section,
                  void *base);

/* Picks the one key of a map that is one of the choices, such as a family or a kind; other keys are faults but for
 * `also`, which may be NULL. Returns its place in the map, or HL_NOT_PICKED after adding the faults. `what` names what
 * is chosen: "frequency family". */
#define HL_NOT_PICKED ((size_t)-1)
size_t hl_pick(struct hl_reader *r, const struct hl_node *map, const char *path, const char *what,
               const char *(*choice)(size_t place), const char *also);

/* The rows of a family's parameters, stored from `offset` on as doubles. `texts` holds the defaults. */
void hl_parameter_keys(struct hl_key *out, char (*texts)[32], const struct hl_parameter *parameters, size_t count,
                       size_t offset);

#endif
