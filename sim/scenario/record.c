/* The record of a case: what came out in fact, and what is known of it. */
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define WHERE(type, member) .offset = offsetof(struct type, member)

struct expected_terms {
    double whole_after_days;
    double customers_lose;
    const struct hl_node *paid;
    double tolerance;
};
static const struct hl_key expected_keys[] = {
    {.name = "whole_after",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_DAYS,
     .maximum = 36500,
     .whole = true,
     .word = "never",
     .word_value = INFINITY,
     .standard_words = "not held against anything",
     WHERE(expected_terms, whole_after_days),
     .doc = "Days from the discovery of the theft until the last customer was paid in full."},
    {.name = "customers_lose",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_MONEY,
     .maximum = INFINITY,
     .standard_words = "not held against anything",
     WHERE(expected_terms, customers_lose),
     .doc = "What customers never got."},
    {.name = "paid",
     .kind = HL_KEY_NODE,
     .shape = "a map of names of funds to amounts, such as {parent: 48.2 bn, own_capital: 0}",
     .standard_words = "not held against anything",
     WHERE(expected_terms, paid),
     .doc = "What each source of funds bore in the end, by its name."},
    {.name = "tolerance",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_FRACTION,
     .maximum = 1,
     .standard = "0.5 %",
     WHERE(expected_terms, tolerance),
     .doc = "By what share of what customers were owed money may differ."},
};
const struct hl_section hl_section_expected = HL_SECTION(
    "expected", "What came out in fact: `hackloss replay` fails when the first trial differs.", expected_keys);

static const struct hl_key fact_keys[] = {
    {.name = "fact", .kind = HL_KEY_TEXT, .required = true, WHERE(hl_fact, fact), .doc = "What happened."},
    {.name = "source", .kind = HL_KEY_TEXT, .required = true, WHERE(hl_fact, source), .doc = "Who says so."},
    {.name = "confidence",
     .kind = HL_KEY_WORD,
     .required = true,
     .choice = hl_confidence_name,
     WHERE(hl_fact, confidence),
     .doc = "How far it can be trusted."},
};
const struct hl_section hl_section_fact =
    HL_SECTION("facts[]", "What is known of the case, one fact a row.", fact_keys);

static const struct hl_key paid_key = {
    .name = "paid", .kind = HL_KEY_NUMBER, .unit = HL_UNIT_MONEY, .maximum = INFINITY, .required = true};

static size_t fund_named(const struct hl_scenario *s, const char *name) {
    for (size_t i = 0; i < s->fund_count; i++)
        if (s->funds[i].name != NULL && strcmp(s->funds[i].name, name) == 0)
            return i;
    return HL_NONE;
}

static void read_paid(struct hl_loading *l, const struct hl_node *map, double *out) {
    struct hl_reader *r = &l->reader;
    const struct hl_scenario *s = l->scenario;
    struct hl_place at = hl_node_place(r, map, "expected.paid");
    const char **names = hl_reader_array(r, r->scratch, s->fund_count, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; names != NULL && i < s->fund_count; i++)
        if (s->funds[i].name != NULL)
            names[count++] = s->funds[i].name;
    if (map->kind != HL_NODE_MAP)
        hl_fault(r, &at, hl_node_is_empty(map) ? "nothing" : hl_node_words(map),
                 "must be a map of names of funds to amounts, such as {parent: 48.2 bn, own_capital: 0}");
    for (size_t i = 0; names != NULL && map->kind == HL_NODE_MAP && i < map->count; i++) {
        const char *path = hl_path(r, "expected.paid", map->keys[i]);
        size_t fund = fund_named(s, map->keys[i]);
        at = hl_key_place(r, map, i, "expected.paid");
        if (fund != HL_NONE)
            hl_key_read(r, &paid_key, map->items[i], path, &out[fund]);
        else
            hl_fault(r, &at, hl_node_words(map->items[i]), "no source of funds has this name%s",
                     hl_suggestion(r, map->keys[i], names, count));
    }
}

static void read_expected(struct hl_loading *l, const struct hl_node *node) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    struct expected_terms t;
    double *paid = hl_reader_array(r, r->arena, s->fund_count, sizeof *paid);
    hl_keys_read(r, node, "expected", &hl_section_expected, &t);
    for (size_t i = 0; paid != NULL && i < s->fund_count; i++)
        paid[i] = NAN;
    if (paid != NULL && t.paid != NULL)
        read_paid(l, t.paid, paid);
    s->expected = (struct hl_expected){true, t.whole_after_days, t.customers_lose, paid, t.tolerance};
    struct hl_place at = hl_node_place(r, node, "expected");
    if (isinf(t.whole_after_days) && t.customers_lose == 0)
        hl_fault(r, &at, NULL, "who is never whole loses something: whole_after is never, and customers_lose is 0");
    if (isfinite(t.whole_after_days) && t.customers_lose > 0)
        hl_fault(r, &at, NULL, "who loses something is never whole: write whole_after: never");
}

static void read_facts(struct hl_loading *l, const struct hl_node *list) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    if (!hl_list_is_good(r, list, "facts", "facts"))
        return;
    s->facts = hl_reader_array(r, r->arena, list->count, sizeof *s->facts);
    for (size_t i = 0; i < list->count && s->facts != NULL; i++)
        hl_keys_read(r, list->items[i], hl_path_item(r, "facts", i), &hl_section_fact, &s->facts[s->fact_count++]);
}

void hl_record_read(struct hl_loading *l, const struct hl_node *expected, const struct hl_node *facts) {
    if (expected != NULL)
        read_expected(l, expected);
    if (facts != NULL)
        read_facts(l, facts);
}
