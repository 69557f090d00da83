#include "scenario/keys.h"

#include "base/date.h"
#include "base/money.h"
#include "base/number.h"
#include "scenario/scenario.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one text ---------------------------------------------------------------------------------------------------- */

static void store(const struct hl_key *key, void *base, const void *value, size_t size) {
    memcpy((char *)base + key->offset, value, size);
}

void hl_key_clear(const struct hl_key *key, void *base) {
    switch (key->kind) {
    case HL_KEY_NUMBER:
    case HL_KEY_PRICE:
        store(key, base, &(double){NAN}, sizeof(double));
        return;
    case HL_KEY_NUMBERS:
        store(key, base, &(struct hl_numbers){0}, sizeof(struct hl_numbers));
        return;
    case HL_KEY_TEXT:
    case HL_KEY_ID:
    case HL_KEY_CURRENCY:
    case HL_KEY_COUNTRY:
    case HL_KEY_DATE:
    case HL_KEY_WORD:
        store(key, base, &(const char *){NULL}, sizeof(const char *));
        return;
    case HL_KEY_CHOICE:
        store(key, base, &(unsigned){0}, sizeof(unsigned));
        return;
    case HL_KEY_CHOICES:
        store(key, base, &(uint32_t){0}, sizeof(uint32_t));
        return;
    case HL_KEY_REFERENCE:
        store(key, base, &(size_t){(size_t)-1}, sizeof(size_t));
        return;
    case HL_KEY_REFERENCES:
        store(key, base, &(struct hl_references){0}, sizeof(struct hl_references));
        return;
    case HL_KEY_NODE:
        store(key, base, &(const struct hl_node *){NULL}, sizeof(const struct hl_node *));
        return;
    }
    assert(0 && "a kind of key");
}

static bool in_range(const struct hl_key *key, double value) {
    bool low = key->minimum_open ? value > key->minimum : value >= key->minimum;
    bool high = key->maximum_open ? value < key->maximum : value <= key->maximum;
    return low && high;
}

/* Money enters here, is rounded to quanta once, and is never rounded again. */
static bool quanta_of(struct hl_reader *r, const struct hl_place *at, const char *text, double *money) {
    double quanta = hl_money_quanta(*money, r->quantum);
    char number[32];
    if (*money != 0 && quanta == 0) {
        hl_number_text(number, sizeof number, r->quantum);
        hl_fault(r, at, text, "rounds to nothing: money is counted in steps of %s %s", number, r->currencies.own);
        return false;
    }
    if (fabs(quanta) >= HL_MONEY_MOST) {
        hl_number_text(number, sizeof number, HL_MONEY_MOST * r->quantum);
        hl_fault(r, at, text, "too much: money is exact below %s %s only", number, r->currencies.own);
        return false;
    }
    *money = quanta;
    return true;
}

static bool read_number(struct hl_reader *r, const struct hl_key *key, const struct hl_place *at, const char *text,
                        double *out) {
    if (key->word != NULL && strcmp(text, key->word) == 0) {
        *out = key->word_value;
        return true;
    }
    double value = NAN;
    const char *wrong = hl_quantity_parse(text, key->unit, &r->currencies, &value);
    if (wrong != NULL) {
        hl_fault(r, at, text, "%s", wrong);
        return false;
    }
    if (!in_range(key, value) || (key->whole && value != floor(value))) {
        struct hl_key one = *key; /* of a list the item is refused, not the list */
        one.kind = key->kind == HL_KEY_NUMBERS ? HL_KEY_NUMBER : key->kind;
        return hl_key_refuse(r, &one, at, text);
    }
    if (key->kind != HL_KEY_PRICE && key->unit == HL_UNIT_MONEY && !quanta_of(r, at, text, &value))
        return false;
    *out = value;
    return true;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

/* `all` and `self` have a meaning of their own where ids stand. */
static bool id_is_good(const char *text) {
    size_t length = strlen(text);
    for (const char *c = text; *c != '\0'; c++)
        if (!is_digit(*c) && !is_capital(*c) && !(*c >= 'a' && *c <= 'z') && strchr("-_.", *c) == NULL)
            return false;
    return length > 0 && length <= HL_ID_BYTES;
}

static bool text_is_good(const struct hl_key *key, const char *text) {
    switch (key->kind) {
    case HL_KEY_ID:
        return id_is_good(text);
    case HL_KEY_CURRENCY:
        return hl_currency_is_known(text);
    case HL_KEY_COUNTRY:
        return is_capital(text[0]) && is_capital(text[1]) && text[2] == '\0';
    case HL_KEY_DATE:
        return hl_date_parse(text, &(long){0});
    default:
        return !key->required || *text != '\0';
    }
}

static bool read_words(struct hl_reader *r, const struct hl_key *key, const struct hl_place *at, const char *text,
                       void *base) {
    if (!text_is_good(key, text))
        return hl_key_refuse(r, key, at, text);
    if (key->kind == HL_KEY_ID && (strcmp(text, "all") == 0 || strcmp(text, "self") == 0)) {
        hl_fault(r, at, text, "all and self have a meaning of their own and are no ids");
        return false;
    }
    const char *copy = hl_reader_text(r, text);
    store(key, base, &copy, sizeof copy);
    return true;
}

/* The place of a text among the row's choices; HL_CHOICES_MOST after adding the fault. */
static size_t read_choice(struct hl_reader *r, const struct hl_key *key, const struct hl_place *at, const char *text) {
    const char *names[HL_CHOICES_MOST];
    char allowed[HL_MESSAGE_BYTES] = "";
    size_t count = hl_choices(key->choice, names);
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], text) == 0)
            return i;
    hl_choices_words(allowed, sizeof allowed, key->choice);
    hl_fault(r, at, text, "must be %s%s", allowed, count > 1 ? hl_suggestion(r, text, names, count) : "");
    return HL_CHOICES_MOST;
}

static bool read_one_choice(struct hl_reader *r, const struct hl_key *key, const struct hl_place *at, const char *text,
                            void *base) {
    size_t place = read_choice(r, key, at, text);
    if (place == HL_CHOICES_MOST)
        return false;
    if (key->kind == HL_KEY_WORD)
        store(key, base, &(const char *){key->choice(place)}, sizeof(const char *));
    else
        store(key, base, &(unsigned){(unsigned)place}, sizeof(unsigned));
    return true;
}

bool hl_key_read_text(struct hl_reader *r, const struct hl_key *key, const struct hl_place *at, const char *text,
                      void *base) {
    size_t before = hl_faults(r);
    switch (key->kind) {
    case HL_KEY_NUMBER:
    case HL_KEY_PRICE: {
        double value = NAN;
        if (read_number(r, key, at, text, &value))
            store(key, base, &value, sizeof value);
        break;
    }
    case HL_KEY_WORD:
    case HL_KEY_CHOICE:
        read_one_choice(r, key, at, text, base);
        break;
    case HL_KEY_REFERENCE:
        if (key->word == NULL || strcmp(text, key->word) != 0)
            store(key, base, &(size_t){hl_reference(r, key->catalog, at, text)}, sizeof(size_t));
        break;
    default:
        read_words(r, key, at, text, base);
        break;
    }
    return hl_faults(r) == before;
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

/* The items of a list; a single value counts as a list of one. */
struct items {
    struct hl_node *const *nodes;
    size_t count;
    bool single;
};

static bool items_of(struct hl_reader *r, const struct hl_key *key, const struct hl_node *node,
                     const struct hl_place *at, struct items *out) {
    if (node->kind == HL_NODE_MAP || (node->kind == HL_NODE_LIST && node->count == 0))
        return hl_key_refuse(r, key, at, node->kind == HL_NODE_MAP ? "a map" : "an empty list");
    out->single = node->kind == HL_NODE_SCALAR;
    out->count = out->single ? 1 : node->count;
    out->nodes = node->items;
    return true;
}

/* The i-th item as text with its place; NULL after adding the fault of an item that is no text. */
static const char *item_text(struct hl_reader *r, const struct hl_key *key, const struct hl_node *node,
                             const struct items *items, size_t i, const char *path, struct hl_place *at) {
    const struct hl_node *item = items->single ? node : items->nodes[i];
    *at = hl_node_place(r, item, items->single ? path : hl_path_item(r, path, i));
    if (item->kind == HL_NODE_SCALAR)
        return item->text;
    hl_key_refuse(r, key, at, hl_node_words(item));
    return NULL;
}

static int compare_doubles(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void read_numbers(struct hl_reader *r, const struct hl_key *key, const struct hl_node *node,
                         const struct items *items, const char *path, void *base) {
    double *values = hl_reader_array(r, r->arena, items->count, sizeof *values);
    struct hl_place at = hl_node_place(r, node, path);
    if (values == NULL)
        return;
    if (key->distinct && items->count > HL_LEVELS_MOST) {
        hl_fault(r, &at, "a list", "has more than %d values", (int)HL_LEVELS_MOST);
        return;
    }
    size_t count = 0;
    for (size_t i = 0; i < items->count; i++) {
        const char *text = item_text(r, key, node, items, i, path, &at);
        if (text == NULL || !read_number(r, key, &at, text, &values[count]))
            continue;
        bool twice = false;
        for (size_t k = 0; k < count && key->distinct; k++)
            twice = twice || values[k] == values[count];
        if (twice)
            hl_fault(r, &at, text, "stands twice");
        else
            count++;
    }
    qsort(values, count, sizeof *values, compare_doubles);
    store(key, base, &(struct hl_numbers){values, count}, sizeof(struct hl_numbers));
}

static void read_choices(struct hl_reader *r, const struct hl_key *key, const struct hl_node *node,
                         const struct items *items, const char *path, void *base) {
    uint32_t bits = 0;
    if (items->single && key->word != NULL && strcmp(node->text, key->word) == 0) {
        for (size_t i = 0; key->choice(i) != NULL; i++)
            bits |= 1u << i;
        store(key, base, &bits, sizeof bits);
        return;
    }
    for (size_t i = 0; i < items->count; i++) {
        struct hl_place at;
        const char *text = item_text(r, key, node, items, i, path, &at);
        size_t place = text == NULL ? HL_CHOICES_MOST : read_choice(r, key, &at, text);
        if (place == HL_CHOICES_MOST)
            continue;
        if ((bits >> place & 1) != 0)
            hl_fault(r, &at, text, "stands twice");
        bits |= 1u << place;
    }
    store(key, base, &bits, sizeof bits);
}

static void read_references(struct hl_reader *r, const struct hl_key *key, const struct hl_node *node,
                            const struct items *items, const char *path, void *base) {
    const struct hl_catalog *c = &r->catalogs[key->catalog];
    struct hl_references refs = {.given = true, .all = items->single && strcmp(node->text, "all") == 0};
    refs.items = hl_reader_array(r, r->arena, refs.all ? c->count : items->count, sizeof *refs.items);
    bool *seen = hl_reader_array(r, r->scratch, c->count, sizeof *seen);
    if (refs.items == NULL || seen == NULL)
        return;
    for (; refs.all && refs.count < c->count; refs.count++)
        refs.items[refs.count] = refs.count;
    for (size_t i = 0; i < items->count && !refs.all; i++) {
        struct hl_place at;
        const char *text = item_text(r, key, node, items, i, path, &at);
        size_t row = text == NULL ? (size_t)-1 : hl_reference(r, key->catalog, &at, text);
        if (row == (size_t)-1)
            continue;
        if (seen[row])
            hl_fault(r, &at, text, "stands twice");
        else
            refs.items[refs.count++] = row;
        seen[row] = true;
    }
    if (refs.all && c->file == NULL)
        hl_reference(r, key->catalog, &(struct hl_place){r->file, node->line, node->column, path}, "all");
    store(key, base, &refs, sizeof refs);
}

/* ---- nodes and maps ---------------------------------------------------------------------------------------------- */

bool hl_key_read(struct hl_reader *r, const struct hl_key *key, const struct hl_node *node, const char *path,
                 void *base) {
    size_t before = hl_faults(r);
    struct hl_place at = hl_node_place(r, node, path);
    if (key->kind == HL_KEY_NODE) {
        store(key, base, &node, sizeof node);
        return true;
    }
    if (hl_node_is_empty(node))
        return hl_key_refuse(r, key, &at, "nothing");
    bool list = key->kind == HL_KEY_NUMBERS || key->kind == HL_KEY_CHOICES || key->kind == HL_KEY_REFERENCES;
    if (!list)
        return node->kind == HL_NODE_SCALAR ? hl_key_read_text(r, key, &at, node->text, base)
                                            : hl_key_refuse(r, key, &at, hl_node_words(node));
    struct items items = {0};
    if (!items_of(r, key, node, &at, &items))
        return false;
    if (key->kind == HL_KEY_NUMBERS)
        read_numbers(r, key, node, &items, path, base);
    else if (key->kind == HL_KEY_CHOICES)
        read_choices(r, key, node, &items, path, base);
    else
        read_references(r, key, node, &items, path, base);
    return hl_faults(r) == before;
}

/* A default is read as if the user had written it. */
static void read_standard(struct hl_reader *r, const struct hl_key *key, const char *path, void *base) {
    struct hl_node scalar = {.kind = HL_NODE_SCALAR, .text = key->standard, .quoted = true};
    struct hl_node *node = &scalar;
    if ((*key->standard == '[' || *key->standard == '{') &&
        hl_yaml_read(&node, r->scratch, "default", key->standard, strlen(key->standard), r->err) != HL_OK)
        return;
    if (key->kind == HL_KEY_NODE && node == &scalar) {
        node = hl_reader_array(r, r->scratch, 1, sizeof *node);
        if (node == NULL)
            return;
        *node = scalar;
    }
    hl_key_read(r, key, node, path, base);
}

struct hl_place hl_key_place(struct hl_reader *r, const struct hl_node *map, size_t i, const char *path) {
    return (struct hl_place){map->key_lines[i] == 0 ? "--set" : r->file, map->key_lines[i], map->key_columns[i],
                             hl_path(r, path, map->keys[i])};
}

static const struct hl_key *find_key(const struct hl_section *section, const char *name) {
    for (size_t i = 0; i < section->count; i++)
        if (strcmp(section->keys[i].name, name) == 0)
            return &section->keys[i];
    return NULL;
}

bool hl_keys_read(struct hl_reader *r, const struct hl_node *map, const char *path, const struct hl_section *section,
                  void *base) {
    size_t before = hl_faults(r);
    struct hl_place at = hl_node_place(r, map, path);
    uint64_t meant = 0; /* keys that an unknown one is near to: not also missing */
    for (size_t i = 0; i < section->count; i++)
        hl_key_clear(&section->keys[i], base);
    if (map->kind != HL_NODE_MAP && !hl_node_is_empty(map)) {
        hl_fault(r, &at, hl_node_words(map), "must be a map of keys");
        return false;
    }
    for (size_t i = 0; i < map->count; i++) {
        if (find_key(section, map->keys[i]) != NULL)
            continue;
        struct hl_place key_at = hl_key_place(r, map, i, path);
        const struct hl_key *near = hl_key_unknown(r, &key_at, map->keys[i], section);
        if (near != NULL)
            meant |= (uint64_t)1 << (near - section->keys);
    }
    for (size_t i = 0; i < section->count; i++) {
        const struct hl_key *key = &section->keys[i];
        const struct hl_node *node = map->kind == HL_NODE_MAP ? hl_node_get(map, key->name) : NULL;
        const char *key_path = hl_path(r, path, key->name);
        if (node != NULL)
            hl_key_read(r, key, node, key_path, base);
        else if (key->standard != NULL)
            read_standard(r, key, key_path, base);
        else if (key->required && (meant >> i & 1) == 0)
            hl_key_missing(r, &(struct hl_place){at.file, at.line, at.column, key_path}, key);
    }
    return hl_faults(r) == before;
}

size_t hl_pick(struct hl_reader *r, const struct hl_node *map, const char *path, const char *what,
               const char *(*choice)(size_t place), const char *also) {
    const char *names[HL_CHOICES_MOST];
    char known[HL_MESSAGE_BYTES] = "";
    size_t count = hl_choices(choice, names), picked = HL_NOT_PICKED;
    bool faulty = false;
    hl_choices_words(known, sizeof known, choice);
    struct hl_place at = hl_node_place(r, map, path);
    if (map->kind != HL_NODE_MAP || map->count == 0) {
        const char *found = map->kind == HL_NODE_MAP ? "an empty map" : hl_node_words(map);
        hl_fault(r, &at, hl_node_is_empty(map) ? "nothing" : found, "must be a map of a %s: %s", what, known);
        return HL_NOT_PICKED;
    }
    for (size_t i = 0; i < map->count; i++) {
        if (also != NULL && strcmp(map->keys[i], also) == 0)
            continue;
        size_t place = 0;
        while (place < count && strcmp(names[place], map->keys[i]) != 0)
            place++;
        struct hl_place key_at = hl_key_place(r, map, i, path);
        if (place == count)
            hl_fault(r, &key_at, NULL, "no %s; must be %s%s", what, known,
                     hl_suggestion(r, map->keys[i], names, count));
        else if (picked != HL_NOT_PICKED)
            hl_fault(r, &key_at, NULL, "a second %s beside %s; one is allowed", what, map->keys[picked]);
        else
            picked = i;
        faulty = faulty || place == count;
    }
    if (picked == HL_NOT_PICKED && !faulty)
        hl_fault(r, &at, NULL, "missing a %s: %s", what, known);
    return picked;
}

void hl_parameter_keys(struct hl_key *out, char (*texts)[32], const struct hl_parameter *parameters, size_t count,
                       size_t offset) {
    for (size_t i = 0; i < count; i++) {
        const struct hl_parameter *p = &parameters[i];
        hl_number_text(texts[i], sizeof texts[i], p->standard);
        out[i] = (struct hl_key){
            .name = p->key,
            .kind = HL_KEY_NUMBER,
            .required = isnan(p->standard),
            .unit = p->unit,
            .minimum = p->minimum,
            .maximum = p->maximum,
            .minimum_open = p->minimum_open,
            .maximum_open = p->maximum_open,
            .standard = isnan(p->standard) ? NULL : texts[i],
            .offset = offset + i * sizeof(double),
            .doc = p->doc,
        };
    }
}
