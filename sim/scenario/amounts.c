/* Amounts: money, or a share of a figure of the exchange's profile. */
#include "scenario/fund_terms.h"
#include "scenario/rules.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

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
    [HL_BASE_RULE] = "rule",
};

/* The bases that are figures: all but fixed, which comes first, and a rule, which comes last. */
static const char *base_name(size_t place) {
    return place + 1 < HL_BASE_RULE ? hl_base_names[place + HL_BASE_FIXED + 1] : NULL;
}

#define WHERE(type, member) .offset = offsetof(struct type, member)

/* An amount that is a share of a figure. */
struct amount_terms {
    double share;
    unsigned of;
    double floor;
    double cap;
};
static const struct hl_key amount_keys[] = {
    {.name = "share", HL_KEY_FRACTION, .required = true, WHERE(amount_terms, share), .doc = "The share of the figure."},
    {.name = "of",
     .kind = HL_KEY_CHOICE,
     .required = true,
     .choice = base_name,
     WHERE(amount_terms, of),
     .doc = "The figure of the exchange: a column of its row, or the value of customers' coins, all, hot or cold."},
    {.name = "floor", HL_KEY_MONEY, .standard = "0", WHERE(amount_terms, floor), .doc = "At least this much."},
    {.name = "cap",
     HL_KEY_MONEY,
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
    .name = "amount", HL_KEY_MONEY, .required = true, .doc = "A fixed amount of money."};

void hl_amount_read(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_amount *out) {
    struct hl_reader *r = &l->reader;
    *out = (struct hl_amount){.base = HL_BASE_FIXED, .value = NAN, .cap = INFINITY};
    struct hl_place at = hl_node_place(r, node, path);
    if (node->kind == HL_NODE_LIST) {
        hl_fault(r, &at, "a list", "must be %s", HL_AMOUNT_SHAPE);
    } else if (node->kind == HL_NODE_SCALAR) {
        double value = NAN;
        if (hl_key_read(r, &fixed_amount_key, node, path, &value))
            out->value = value;
    } else if (hl_node_get(node, "rule") != NULL || hl_node_get(node, "formula") != NULL) {
        hl_rule_amount_read(l, node, path, out);
    } else {
        struct amount_terms t;
        if (!hl_keys_read(r, node, path, &hl_section_amount, &t))
            return;
        *out = (struct hl_amount){HL_BASE_FIXED + 1 + t.of, t.share, t.floor, t.cap, NULL};
        if (t.floor > t.cap) {
            const struct hl_node *floor_node = hl_node_get(node, "floor");
            at = hl_node_place(r, floor_node, hl_path(r, path, "floor"));
            hl_fault(r, &at, hl_node_words(floor_node), "must not be above the cap");
        }
    }
}

/* ---- what it comes to -------------------------------------------------------------------------------------------- */

double hl_figure_of(const struct hl_exchange *e, enum hl_base base, const double crypto[HL_TIER_COUNT]) {
    switch (base) {
    case HL_BASE_ANNUAL_VOLUME:
        return e->annual_volume;
    case HL_BASE_HIGHEST_VOLUME:
        return e->highest_volume;
    case HL_BASE_CUSTOMER_CRYPTO:
        return crypto[HL_HOT] + crypto[HL_WARM] + crypto[HL_COLD];
    case HL_BASE_HOT:
        return crypto[HL_HOT];
    case HL_BASE_COLD:
        return crypto[HL_COLD];
    case HL_BASE_REVENUE:
        return e->revenue;
    case HL_BASE_FEES:
        return e->fees;
    case HL_BASE_FIXED_OVERHEADS:
        return e->fixed_overheads;
    case HL_BASE_OWN_CAPITAL:
        return e->own_capital;
    case HL_BASE_FIXED:
    case HL_BASE_RULE:
    case HL_BASE_COUNT:
        break;
    }
    return NAN;
}

double hl_grown(const struct hl_scenario *s, size_t exchange, uint16_t year) {
    return s->fresh || year == 1 ? 1 : pow(1 + s->exchanges[exchange].growth_per_year, year - 1);
}

/* The figure of the profile that an amount is a share of; customers' coins are added up from the holdings. */
static double figure_of(const struct hl_scenario *s, enum hl_base base, size_t exchange) {
    double crypto[HL_TIER_COUNT] = {0};
    for (size_t i = 0; i < s->holding_count; i++)
        if (s->holdings[i].exchange == exchange && s->holdings[i].owner == HL_OWNER_CUSTOMERS)
            crypto[s->holdings[i].tier] += s->holdings[i].value;
    return hl_figure_of(&s->exchanges[exchange], base, crypto);
}

double hl_amount_of(const struct hl_scenario *s, const struct hl_amount *amount, size_t exchange, uint16_t year) {
    double value = amount->value;
    if (amount->base == HL_BASE_RULE)
        value = hl_rule_requirement_in(s, amount->rule, exchange, year).amount / s->quantum;
    else if (amount->base != HL_BASE_FIXED)
        value *= figure_of(s, amount->base, exchange) * hl_grown(s, exchange, year);
    assert(!isnan(value)); /* the loader refuses a base that is not given */
    return nearbyint(fmin(fmax(value, amount->floor), amount->cap));
}
