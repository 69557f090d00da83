/* Amounts that a rule or a formula makes, as scenarios write them. */
#include "scenario/fund_terms.h"
#include "scenario/rules.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define WHERE(type, member) .offset = offsetof(struct type, member)

/* What stands beside the rule or the formula. */
struct rule_terms {
    const char *rule;
    const char *formula;
    const struct hl_node *in_lieu;
    double floor;
    double cap;
    double parameters[HL_RULE_PARAMETERS_MOST];
};

static const char *rule_name(size_t place) { return hl_rules[place] == NULL ? NULL : hl_rules[place]->name; }

#define BESIDE_KEYS                                                                                                    \
    {.name = "in_lieu",                                                                                                \
     .kind = HL_KEY_NODE,                                                                                              \
     .shape = "a map such as {share: 50 %, credit: 80 %}",                                                             \
     .standard_words = "nothing",                                                                                      \
     WHERE(rule_terms, in_lieu),                                                                                       \
     .doc = "How far insurance stands in for the money."},                                                             \
        {.name = "floor", HL_KEY_MONEY, .standard = "0", WHERE(rule_terms, floor), .doc = "At least this much."}, {    \
        .name = "cap", HL_KEY_MONEY, .word = "unlimited", .word_value = INFINITY, .standard = "unlimited",             \
        WHERE(rule_terms, cap), .doc = "At most this much."                                                            \
    }

static const struct hl_key rule_keys[] = {
    {.name = "rule",
     .kind = HL_KEY_WORD,
     .required = true,
     .choice = rule_name,
     WHERE(rule_terms, rule),
     .doc =
         "A rule of `hackloss rules`; its parameters may stand beside it, and floor and cap are its own where it has "
         "them."},
    BESIDE_KEYS,
};
const struct hl_section hl_section_rule = HL_SECTION(
    "funds[].<kind>.amount", "An amount that a rule asks for, such as {rule: kr_vaupa, rate: 10 %}.", rule_keys);

static const struct hl_key formula_keys[] = {
    {.name = "formula",
     .kind = HL_KEY_TEXT,
     .required = true,
     .shape = "a formula such as clip(20 bp * Vmax, 2 bn, 40 bn)",
     WHERE(rule_terms, formula),
     .doc = "Numbers, symbols of `hackloss rules`, + - * / and parentheses, min, max, clip, pow, log, exp, sqrt, abs "
            "and if."},
    BESIDE_KEYS,
};
const struct hl_section hl_section_formula =
    HL_SECTION("funds[].<kind>.amount", "An amount of a rule of one's own.", formula_keys);

static const struct hl_key in_lieu_keys[] = {
    {.name = "share",
     HL_KEY_FRACTION,
     .required = true,
     WHERE(hl_rule_use, lieu_share),
     .doc = "The most of the amount that insurance may stand in for."},
    {.name = "credit",
     HL_KEY_FRACTION,
     .standard = "100 %",
     WHERE(hl_rule_use, lieu_credit),
     .doc = "How much of the insurances' limits for one event is credited."},
};
const struct hl_section hl_section_in_lieu =
    HL_SECTION("funds[].<kind>.amount.in_lieu",
               "Of the amount R, R - min(share x R, credit x limits) is held in money.", in_lieu_keys);

/* The keys beside a rule: its parameters, and what every rule has unless a parameter has that name. */
static size_t keys_of(struct hl_key *out, const struct hl_rule *rule) {
    size_t count = 0, beside = sizeof rule_keys / sizeof *rule_keys;
    for (size_t i = 0; i < HL_RULE_PARAMETERS_MOST && rule->parameters[i].symbol != NULL; i++) {
        const struct hl_rule_parameter *p = &rule->parameters[i];
        out[count++] = (struct hl_key){.name = p->symbol,
                                       .kind = HL_KEY_PRICE, /* not rounded: the amount is */
                                       .unit = p->unit,
                                       .required = p->row == NULL,
                                       .maximum = INFINITY,
                                       .offset = offsetof(struct rule_terms, parameters) + i * sizeof(double),
                                       .doc = p->doc};
    }
    for (size_t k = 0; k < beside; k++) {
        size_t same = 0;
        while (same < count && strcmp(out[same].name, rule_keys[k].name) != 0)
            same++;
        if (same == count)
            out[count++] = rule_keys[k];
    }
    return count;
}

enum { KEYS_MOST = HL_RULE_PARAMETERS_MOST + sizeof rule_keys / sizeof *rule_keys };

static bool read_rule(struct hl_loading *l, const struct hl_node *map, const char *path, struct rule_terms *t,
                      struct hl_rule_use *out) {
    struct hl_reader *r = &l->reader;
    struct hl_key keys[KEYS_MOST];
    if (!hl_key_read(r, &rule_keys[0], hl_node_get(map, "rule"), hl_path(r, path, "rule"), t))
        return false;
    const struct hl_rule *rule = hl_rule_find(t->rule);
    struct hl_section section = hl_section_rule;
    section.keys = keys;
    section.count = keys_of(keys, rule);
    t->floor = 0; /* where they are the rule's own */
    t->cap = INFINITY;
    if (!hl_keys_read(r, map, path, &section, t) ||
        hl_rule_terms_make(&out->terms, r->arena, rule, &l->scenario->currencies, r->err) != HL_OK)
        return false;
    for (size_t i = 0; i < HL_RULE_PARAMETERS_MOST && rule->parameters[i].symbol != NULL; i++)
        if (!isnan(t->parameters[i]))
            out->terms.parameters[i] = t->parameters[i];
    return true;
}

static bool read_formula(struct hl_loading *l, const struct hl_node *map, const char *path, struct rule_terms *t,
                         struct hl_rule_use *out) {
    struct hl_reader *r = &l->reader;
    if (!hl_keys_read(r, map, path, &hl_section_formula, t))
        return false;
    struct hl_place at = hl_node_place(r, hl_node_get(map, "formula"), hl_path(r, path, "formula"));
    const struct hl_formula_place place = {at.file, at.line, at.column, at.key};
    return hl_rule_terms_of_formula(&out->terms, r->arena, t->formula, &l->scenario->currencies, &place, r->err) ==
           HL_OK;
}

/* What funds hold and what a run finds are not known before there are funds. */
static bool check_symbols(struct hl_loading *l, const struct hl_node *node, const char *path,
                          const struct hl_rule_use *use) {
    struct hl_reader *r = &l->reader;
    struct hl_place at = hl_node_place(r, node, path);
    if (use->terms.rule != NULL && use->terms.rule->kind == HL_RULE_CONDITION) {
        hl_fault(r, &at, hl_node_words(node), "asks for conditions and for no money: it is no amount");
        return false;
    }
    for (size_t i = HL_FIGURE_R; i <= HL_FIGURE_L3; i++)
        if (hl_formula_uses(&use->terms.formula, i)) {
            hl_fault(r, &at, hl_node_words(node),
                     "uses %s, %s: that is not known before the funds are; ask it with "
                     "hackloss rules",
                     hl_figures[i].symbol, hl_figures[i].doc);
            return false;
        }
    return true;
}

void hl_rule_amount_read(struct hl_loading *l, const struct hl_node *map, const char *path, struct hl_amount *out) {
    struct hl_reader *r = &l->reader;
    const struct hl_node *rule = hl_node_get(map, "rule");
    struct hl_rule_use *use = hl_reader_array(r, r->arena, 1, sizeof *use);
    struct rule_terms t = {0};
    for (size_t i = 0; i < HL_RULE_PARAMETERS_MOST; i++)
        t.parameters[i] = NAN;
    if (use == NULL || !(rule != NULL ? read_rule(l, map, path, &t, use) : read_formula(l, map, path, &t, use)))
        return;
    const char *key = rule != NULL ? "rule" : "formula";
    if (!check_symbols(l, hl_node_get(map, key), hl_path(r, path, key), use))
        return;
    if (t.in_lieu != NULL && !hl_keys_read(r, t.in_lieu, hl_path(r, path, "in_lieu"), &hl_section_in_lieu, use))
        return;
    if (t.floor > t.cap) {
        const struct hl_node *floor_node = hl_node_get(map, "floor");
        struct hl_place at = hl_node_place(r, floor_node, hl_path(r, path, "floor"));
        hl_fault(r, &at, hl_node_words(floor_node), "must not be above the cap");
        return;
    }
    *out = (struct hl_amount){HL_BASE_RULE, 1, t.floor, t.cap, use};
}
