/* The funds: who pays, in which order, on what terms. */
#include "models/fund.h"
#include "scenario/fund_terms.h"

#include <math.h>
#include <string.h>

static const char *kind_name(size_t place) { return place < HL_FUND_COUNT ? hl_fund_kinds[place].name : NULL; }

/* The kind of an entry, and its terms (NULL when it is the kind's name alone). HL_FUND_COUNT after a fault. */
static enum hl_fund_id pick_kind(struct hl_reader *r, const struct hl_node *node, const char *path,
                                 const struct hl_node **terms) {
    const char *name = NULL;
    *terms = NULL;
    if (node->kind == HL_NODE_SCALAR && !hl_node_is_empty(node)) {
        static const struct hl_key kind_key = {.name = "kind", .kind = HL_KEY_CHOICE, .choice = kind_name};
        unsigned kind = HL_FUND_COUNT;
        struct hl_place at = hl_node_place(r, node, path);
        hl_key_read_text(r, &kind_key, &at, node->text, &kind);
        return (enum hl_fund_id)kind;
    }
    size_t place = hl_pick(r, node, path, "kind of funds", kind_name, NULL);
    if (place == HL_NOT_PICKED)
        return HL_FUND_COUNT;
    name = node->keys[place];
    *terms = node->items[place];
    size_t kind = 0;
    while (strcmp(kind_name(kind), name) != 0)
        kind++;
    return (enum hl_fund_id)kind;
}

/* Nothing comes in without a later year that goes on from the one before. */
static void check_refill(struct hl_loading *l, const struct hl_node *terms, const char *path) {
    const struct hl_node *refill = terms != NULL ? hl_node_get(terms, "refill") : NULL;
    const struct hl_scenario *s = l->scenario;
    if (refill == NULL || isnan(s->horizon_days) || (s->horizon_days > 365 && !s->fresh))
        return;
    struct hl_place at = hl_node_place(&l->reader, refill, hl_path(&l->reader, path, "refill"));
    hl_fault(&l->reader, &at, hl_node_words(refill), "goes with a horizon of several years and state: carried only");
}

/* Instalments and the days between them go together. */
static void check_instalments(struct hl_loading *l, const struct hl_node *terms, const char *path, double instalments) {
    const struct hl_node *every = terms != NULL ? hl_node_get(terms, "every") : NULL;
    bool several = instalments > 1;
    if (isnan(instalments) || several == (every != NULL))
        return;
    const char *key = several ? "instalments" : "every";
    const struct hl_node *node = several ? hl_node_get(terms, "instalments") : every;
    struct hl_place at = hl_node_place(&l->reader, node, hl_path(&l->reader, path, key));
    hl_fault(&l->reader, &at, hl_node_words(node),
             several ? "goes with every: say how many days lie between them" : "goes with several instalments only");
}

/* What an entry says in numbers alone. */
static void take_numbers(const struct hl_fund_terms *t, struct hl_fund *out) {
    out->at = t->at.items;
    out->at_count = t->at.count;
    out->after_days = t->after_days;
    out->probability = t->probability;
    out->start = isnan(t->start) ? 1 : t->start;
    out->refill_per_year = t->refill_per_year;
    out->top_up_below = t->top_up_below;
    out->discount = t->discount;
    out->instalments = t->instalments;
    out->every_days = isnan(t->every_days) ? 0 : t->every_days;
    out->cost_per_year = t->cost_per_year;
    out->recovered_share = t->recovered_share;
    out->bounty_share = t->bounty_share;
    out->deposit = t->deposit;
    out->pari_passu = t->pari_passu != 0;
}

/* One common fund for all members is no share of one exchange's figure. */
static void check_pool(struct hl_loading *l, const struct hl_node *amount, const char *path, const struct hl_fund *f) {
    if (f->kind != HL_FUND_pool || amount == NULL || f->amount.base == HL_BASE_FIXED)
        return;
    struct hl_place at = hl_node_place(&l->reader, amount, path);
    hl_fault(&l->reader, &at, hl_node_words(amount),
             "must be an amount of money: the common fund is there once, and its members differ");
}

static void read_fund(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_fund *out) {
    struct hl_reader *r = &l->reader;
    const struct hl_node *given;
    struct hl_node none = {.kind = HL_NODE_SCALAR, .line = node->line, .column = node->column, .text = ""};
    struct hl_fund_terms t = {.start = NAN, .instalments = 1};
    out->kind = pick_kind(r, node, path, &given);
    if (out->kind == HL_FUND_COUNT)
        return;
    const char *terms_path = hl_path(r, path, hl_fund_kinds[out->kind].name);
    hl_keys_read(r, given != NULL ? given : &none, terms_path, hl_section_fund_kinds[out->kind], &t);
    check_refill(l, given, terms_path);
    check_instalments(l, given, terms_path, t.instalments);
    bool named = given != NULL && hl_node_get(given, "name") != NULL;
    out->name = t.name != NULL || named ? t.name : hl_fund_kinds[out->kind].name;
    take_numbers(&t, out);
    if (out->kind == HL_FUND_insurance)
        hl_contract_read(l, given, terms_path, &t.contract, out);
    out->fails.climate = HL_NONE;
    const struct {
        const struct hl_node *node;
        const char *key;
        struct hl_amount *out;
    } amounts[] = {
        {t.amount, out->kind == HL_FUND_administrator ? "estate" : "amount", &out->amount},
        {t.income, "income", &out->income},
        {t.calls, "calls", &out->calls},
        {t.other_creditors, "other_creditors", &out->other_creditors},
    };
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++)
        if (amounts[i].node != NULL)
            hl_amount_read(l, amounts[i].node, hl_path(r, terms_path, amounts[i].key), amounts[i].out);
    check_pool(l, t.amount, hl_path(r, terms_path, "amount"), out);
    if (t.held_in != NULL)
        hl_parts_read(l, t.held_in, hl_path(r, terms_path, "held_in"), out);
    if (t.fails != NULL)
        hl_failure_read(l, t.fails, hl_path(r, terms_path, "fails"), &out->fails);
}

static void check_names(struct hl_loading *l, const struct hl_node *list) {
    struct hl_reader *r = &l->reader;
    const struct hl_fund *funds = l->scenario->funds;
    for (size_t i = 0; i < list->count; i++) {
        size_t same = 0;
        while (same < i &&
               (funds[i].name == NULL || funds[same].name == NULL || strcmp(funds[same].name, funds[i].name) != 0))
            same++;
        if (same == i)
            continue;
        struct hl_place at = hl_node_place(r, list->items[i], hl_path_item(r, "funds", i));
        hl_fault(r, &at, funds[i].name, "funds[%zu] has this name already; give each a name of its own", same);
    }
}

static bool is_single(enum hl_fund_id kind) {
    return kind == HL_FUND_guarantee_crypto || kind == HL_FUND_reserve || kind == HL_FUND_own_capital;
}

/* Some kinds are single by nature: an exchange has one reserve, one capital. */
static void check_single(struct hl_loading *l, const struct hl_node *list, enum hl_fund_id kind) {
    struct hl_reader *r = &l->reader;
    const struct hl_scenario *s = l->scenario;
    size_t *owner = hl_reader_array(r, r->scratch, s->exchange_count, sizeof *owner); /* fund + 1 */
    for (size_t i = 0; owner != NULL && i < list->count; i++) {
        const struct hl_fund *f = &s->funds[i];
        for (size_t k = 0; k < f->at_count && f->kind == kind; k++) {
            size_t exchange = f->at[k];
            if (owner[exchange] != 0) {
                struct hl_place at = hl_node_place(r, list->items[i], hl_path_item(r, "funds", i));
                hl_fault(r, &at, NULL, "%s has a %s from funds[%zu] already; it can have one",
                         r->catalogs[HL_CATALOG_EXCHANGES].ids[exchange], hl_fund_kinds[kind].name,
                         owner[exchange] - 1);
                break;
            }
            owner[exchange] = i + 1;
        }
    }
}

void hl_funds_read(struct hl_loading *l, const struct hl_node *list) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    struct hl_place at = hl_node_place(r, list, "funds");
    if (list->kind != HL_NODE_LIST) {
        hl_fault(r, &at, hl_node_is_empty(list) ? "nothing" : hl_node_words(list),
                 "must be a list of funds; [] when nobody pays");
        return;
    }
    if (list->count > HL_FUNDS_MOST) {
        hl_fault(r, &at, "a list", "has more than %d funds", (int)HL_FUNDS_MOST);
        return;
    }
    s->funds = hl_reader_array(r, r->arena, list->count, sizeof *s->funds);
    if (s->funds == NULL)
        return;
    for (size_t i = 0; i < list->count; i++)
        read_fund(l, list->items[i], hl_path_item(r, "funds", i), &s->funds[i]);
    s->fund_count = list->count;
    check_names(l, list);
    for (int kind = 0; kind < HL_FUND_COUNT; kind++)
        if (is_single((enum hl_fund_id)kind))
            check_single(l, list, (enum hl_fund_id)kind);
}
