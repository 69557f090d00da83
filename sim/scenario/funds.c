/* The funds: who pays, in which order, on what terms. */
#include "models/fund.h"
#include "scenario/fund_terms.h"
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

const char *const hl_base_names[HL_BASE_COUNT] = {
    [HL_BASE_FIXED] = "fixed",
    [HL_BASE_ANNUAL_VOLUME] = "annual_volume",
    [HL_BASE_HIGHEST_VOLUME] = "highest_volume",
    [HL_BASE_CUSTOMER_CRYPTO] = "customer_crypto",
    [HL_BASE_HOT] = "hot",
    [HL_BASE_COLD] = "cold",
    [HL_BASE_REVENUE] = "revenue",
    [HL_BASE_FEES] = "fees",
    [HL_BASE_FIXED_OVERHEADS] = "fixed_overheads",
    [HL_BASE_OWN_CAPITAL] = "own_capital",
};

static const char *kind_name(size_t place) { return place < HL_FUND_COUNT ? hl_fund_kinds[place].name : NULL; }

/* The bases that are figures: all but fixed, which comes first. */
static const char *base_name(size_t place) {
    return place + 1 < HL_BASE_COUNT ? hl_base_names[place + HL_BASE_FIXED + 1] : NULL;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

#define WHERE(type, member) .offset = offsetof(struct type, member)
#define MONEY .kind = HL_KEY_NUMBER, .unit = HL_UNIT_MONEY, .maximum = INFINITY
#define FRACTION .kind = HL_KEY_NUMBER, .unit = HL_UNIT_FRACTION, .maximum = 1

static const struct hl_key common_keys[] = {HL_FUND_COMMON_KEYS};
const struct hl_section hl_section_fund = HL_SECTION(
    "funds[].<kind>",
    "Who pays, in this order: a list, empty when nobody does. An entry is the name of a kind alone, or a map "
    "of one kind to its terms. These terms every kind has.",
    common_keys);

static const struct hl_key recovery_keys[] = {
    HL_FUND_COMMON_KEYS,
    {.name = "share",
     FRACTION,
     .required = true,
     WHERE(hl_fund_terms, recovered_share),
     .doc = "Share of each breach's claim that comes back."},
};

static const struct hl_key guarantee_keys[] = {
    HL_FUND_COMMON_KEYS,
    {.name = "refill",
     FRACTION,
     .standard = "100 %",
     WHERE(hl_fund_terms, refill_per_year),
     .doc = "Share of it that comes in at the start of each later year, up to what it was, as balances grow."},
};

#define AMOUNT_SHAPE "an amount of money, or a map such as {share: 20 bp, of: highest_volume, floor: 2 bn, cap: 40 bn}"

#define STOCK_KEYS                                                                                                     \
    {.name = "held_in",                                                                                                \
     .kind = HL_KEY_REFERENCE,                                                                                         \
     .catalog = HL_CATALOG_ASSETS,                                                                                     \
     .word = "cash",                                                                                                   \
     .standard_words = "cash",                                                                                         \
     WHERE(hl_fund_terms, held_in),                                                                                    \
     .doc = "What the amount is held in: an asset's price moves its worth."},                                          \
        {.name = "start",                                                                                              \
         FRACTION,                                                                                                     \
         .standard = "100 %",                                                                                          \
         WHERE(hl_fund_terms, start),                                                                                  \
         .doc = "Share of the amount that is there on day 0."},                                                        \
    {                                                                                                                  \
        .name = "refill", FRACTION, .standard = "0", WHERE(hl_fund_terms, refill_per_year),                            \
        .doc = "Share of the amount that comes in at the start of each later year, up to the amount."                  \
    }

static const struct hl_key amount_fund_keys[] = {
    HL_FUND_COMMON_KEYS,
    {.name = "amount",
     .kind = HL_KEY_NODE,
     .required = true,
     .shape = AMOUNT_SHAPE,
     WHERE(hl_fund_terms, amount),
     .doc = "How much there is of it when it is full; a share of a figure grows with the exchange."},
    STOCK_KEYS,
};

static const struct hl_key own_capital_keys[] = {
    HL_FUND_COMMON_KEYS,
    {.name = "amount",
     .kind = HL_KEY_NODE,
     .shape = AMOUNT_SHAPE,
     .standard = "{share: 100 %, of: own_capital}",
     WHERE(hl_fund_terms, amount),
     .doc = "How much there is of it when it is full; a share of a figure grows with the exchange."},
    STOCK_KEYS,
};

const struct hl_section hl_section_fund_kinds[HL_FUND_COUNT] = {
    [HL_FUND_recovery] = HL_SECTION("funds[].recovery", NULL, recovery_keys),
    [HL_FUND_guarantee_crypto] = HL_SECTION("funds[].guarantee_crypto", NULL, guarantee_keys),
    [HL_FUND_reserve] = HL_SECTION("funds[].reserve", NULL, amount_fund_keys),
    [HL_FUND_insurance] = {.path = "funds[].insurance", .keys = hl_insurance_keys, .count = HL_INSURANCE_KEY_COUNT},
    [HL_FUND_own_capital] = HL_SECTION("funds[].own_capital", NULL, own_capital_keys),
    [HL_FUND_parent] = HL_SECTION("funds[].parent", NULL, amount_fund_keys),
};

/* An amount that is a share of a figure. */
struct amount_terms {
    double share;
    unsigned of;
    double floor;
    double cap;
};
static const struct hl_key amount_keys[] = {
    {.name = "share", FRACTION, .required = true, WHERE(amount_terms, share), .doc = "The share of the figure."},
    {.name = "of",
     .kind = HL_KEY_CHOICE,
     .required = true,
     .choice = base_name,
     WHERE(amount_terms, of),
     .doc = "The figure of the exchange: a column of its row, or the value of customers' coins, all, hot or cold."},
    {.name = "floor", MONEY, .standard = "0", WHERE(amount_terms, floor), .doc = "At least this much."},
    {.name = "cap",
     MONEY,
     .word = "unlimited",
     .word_value = INFINITY,
     .standard = "unlimited",
     WHERE(amount_terms, cap),
     .doc = "At most this much."},
};
const struct hl_section hl_section_amount =
    HL_SECTION("funds[].<kind>.amount", "An amount that is a share of a figure of the exchange.", amount_keys);

/* Reads the amount when it is money. */
static const struct hl_key fixed_amount_key = {
    .name = "amount", MONEY, .required = true, .doc = "A fixed amount of money."};

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void read_amount(struct hl_reader *r, const struct hl_node *node, const char *path, struct hl_amount *out) {
    *out = (struct hl_amount){.base = HL_BASE_FIXED, .value = NAN, .cap = INFINITY};
    struct hl_place at = hl_node_place(r, node, path);
    if (node->kind == HL_NODE_LIST) {
        hl_fault(r, &at, "a list", "must be %s", AMOUNT_SHAPE);
    } else if (node->kind == HL_NODE_SCALAR) {
        double value = NAN;
        if (hl_key_read(r, &fixed_amount_key, node, path, &value))
            out->value = value;
    } else {
        struct amount_terms t;
        if (!hl_keys_read(r, node, path, &hl_section_amount, &t))
            return;
        *out = (struct hl_amount){HL_BASE_FIXED + 1 + t.of, t.share, t.floor, t.cap};
        if (t.floor > t.cap) {
            const struct hl_node *floor_node = hl_node_get(node, "floor");
            at = hl_node_place(r, floor_node, hl_path(r, path, "floor"));
            hl_fault(r, &at, hl_node_words(floor_node), "must not be above the cap");
        }
    }
}

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

static void read_fund(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_fund *out) {
    struct hl_reader *r = &l->reader;
    const struct hl_node *given;
    struct hl_node none = {.kind = HL_NODE_SCALAR, .line = node->line, .column = node->column, .text = ""};
    struct hl_fund_terms t = {.held_in = HL_NONE, .start = NAN, .refill_per_year = NAN, .recovered_share = NAN};
    out->kind = pick_kind(r, node, path, &given);
    if (out->kind == HL_FUND_COUNT)
        return;
    const char *terms_path = hl_path(r, path, hl_fund_kinds[out->kind].name);
    hl_keys_read(r, given != NULL ? given : &none, terms_path, &hl_section_fund_kinds[out->kind], &t);
    check_refill(l, given, terms_path);
    bool named = given != NULL && hl_node_get(given, "name") != NULL;
    out->name = t.name != NULL || named ? t.name : hl_fund_kinds[out->kind].name;
    out->at = t.at.items;
    out->at_count = t.at.count;
    out->after_days = t.after_days;
    out->held_in = t.held_in;
    out->start = isnan(t.start) ? 1 : t.start;
    out->refill_per_year = isnan(t.refill_per_year) ? 0 : t.refill_per_year;
    out->probability = t.probability;
    out->recovered_share = t.recovered_share;
    out->fails.climate = out->contract.denied.climate = HL_NONE;
    if (out->kind == HL_FUND_insurance)
        hl_contract_read(&t.contract, out);
    if (t.amount != NULL)
        read_amount(r, t.amount, hl_path(r, terms_path, "amount"), &out->amount);
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
    return kind == HL_FUND_guarantee_crypto || kind == HL_FUND_reserve || kind == HL_FUND_recovery ||
           kind == HL_FUND_own_capital;
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
