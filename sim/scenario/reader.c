#include "scenario/reader.h"

#include "base/nearest.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t hl_faults(const struct hl_reader *r) { return r->err->count + r->err->dropped; }

void hl_fault(struct hl_reader *r, const struct hl_place *at, const char *value, const char *format, ...) {
    char message[HL_MESSAGE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    hl_error_add(r->err, at->file, at->line, at->column, at->key, value, "%s", message);
}

void *hl_reader_array(struct hl_reader *r, struct hl_arena *arena, size_t count, size_t size) {
    void *memory = hl_arena_array(arena, count, size);
    if (memory == NULL)
        hl_fail_memory(r->err);
    return memory;
}

const char *hl_reader_text(struct hl_reader *r, const char *text) {
    const char *copy = hl_arena_text(r->arena, text);
    if (copy != NULL)
        return copy;
    hl_fail_memory(r->err);
    return "";
}

struct hl_place hl_node_place(const struct hl_reader *r, const struct hl_node *node, const char *path) {
    return (struct hl_place){node->line == 0 ? "--set" : r->file, node->line, node->column,
                             *path == '\0' ? NULL : path};
}

static const char *path_or_fault(struct hl_reader *r, const char *path) {
    if (path != NULL)
        return path;
    hl_fail_memory(r->err);
    return "";
}

const char *hl_path(struct hl_reader *r, const char *path, const char *name) {
    return path_or_fault(r, hl_arena_format(r->scratch, "%s%s%s", path, *path == '\0' ? "" : ".", name));
}

const char *hl_path_item(struct hl_reader *r, const char *path, size_t index) {
    return path_or_fault(r, hl_arena_format(r->scratch, "%s[%zu]", path, index));
}

const char *hl_node_words(const struct hl_node *node) {
    switch (node->kind) {
    case HL_NODE_SCALAR:
        return node->text;
    case HL_NODE_LIST:
        return "a list";
    case HL_NODE_MAP:
        return "a map";
    }
    assert(0 && "a kind of node");
    return "";
}

bool hl_node_is_empty(const struct hl_node *node) {
    return node->kind == HL_NODE_SCALAR && !node->quoted && *node->text == '\0';
}

const char *hl_near(const struct hl_reader *r, const char *word, const char *const *known, size_t count) {
    const char *near = r->err->count < HL_ERROR_MOST ? hl_nearest(word, known, count) : NULL;
    return near == NULL || *near == '\0' ? NULL : near;
}

const char *hl_suggestion(struct hl_reader *r, const char *word, const char *const *known, size_t count) {
    const char *near = hl_near(r, word, known, count);
    const char *text = near == NULL ? NULL : hl_arena_format(r->scratch, "; did you mean %s?", near);
    return text == NULL ? "" : text;
}

static int compare_rows(const void *a, const void *b, void *ids) {
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    const char *const *names = ids;
    int order = strcmp(names[left], names[right]);
    return order != 0 ? order : (left > right) - (left < right);
}

void hl_catalog_sort(struct hl_reader *r, struct hl_catalog *c, const char *column) {
    c->order = hl_reader_array(r, r->scratch, c->count, sizeof *c->order);
    if (c->order == NULL) {
        c->count = 0;
        return;
    }
    for (size_t i = 0; i < c->count; i++)
        c->order[i] = i;
    qsort_r(c->order, c->count, sizeof *c->order, compare_rows, c->ids);
    for (size_t i = 1, first = 0; i < c->count; i++) {
        const char *id = c->ids[c->order[i]];
        if (strcmp(id, c->ids[c->order[first]]) != 0)
            first = i;
        else if (*id != '\0')
            hl_fault(r, &(struct hl_place){c->file, c->lines[c->order[i]], c->columns[c->order[i]], column}, id,
                     "stands in line %d already; an id names one row", c->lines[c->order[first]]);
    }
}

size_t hl_catalog_find(const struct hl_catalog *c, const char *id) {
    size_t low = 0, high = c->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(c->ids[c->order[middle]], id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < c->count && strcmp(c->ids[c->order[low]], id) == 0 ? c->order[low] : (size_t)-1;
}

const char *hl_catalog_name(enum hl_catalog_id id) {
    static const char *const names[HL_CATALOG_COUNT] = {"exchanges", "assets", "vendors"};
    return names[id];
}

size_t hl_reference(struct hl_reader *r, enum hl_catalog_id id, const struct hl_place *at, const char *text) {
    const struct hl_catalog *c = &r->catalogs[id];
    size_t row = *text == '\0' ? (size_t)-1 : hl_catalog_find(c, text);
    if (row != (size_t)-1 || c->broken)
        return row;
    if (c->file == NULL)
        hl_fault(r, at, text, "the scenario has no table of %s; name one at tables.%s", hl_catalog_name(id),
                 hl_catalog_name(id));
    else
        hl_fault(r, at, text, "no such id in the table of %s (%s)%s", hl_catalog_name(id), c->file,
                 hl_suggestion(r, text, c->ids, c->count));
    return (size_t)-1;
}

/* Source: ISO 4217:2015, list one (current currencies), without funds, metals and testing codes. */
static const char iso_4217[] =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ";

bool hl_currency_is_known(const char *code) {
    if (strlen(code) != 3)
        return false;
    for (const char *known = iso_4217; *known != '\0'; known += 4)
        if (memcmp(known, code, 3) == 0)
            return true;
    return false;
}
