#include "tests/twin/invent.h"

#include "tests/twin/dice.h"

#include <math.h>
#include <string.h>

/* Some of `count` things, at least one, ascending. */
static size_t *some_of(struct hl_scenario *s, struct dice *d, size_t count, double probability, size_t *chosen) {
    size_t *list = dice_array(s, count, sizeof *list);
    *chosen = 0;
    for (size_t i = 0; i < count; i++)
        if (dice_often(d, probability) || (i + 1 == count && *chosen == 0))
            list[(*chosen)++] = i;
    return list;
}

static void invent_names(struct hl_scenario *s, struct dice *d) {
    s->exchange_count = 1 + dice_below(d, 3);
    s->asset_count = 1 + dice_below(d, 4);
    s->vendor_count = dice_below(d, 3);
    s->exchanges = dice_array(s, s->exchange_count, sizeof *s->exchanges);
    s->assets = dice_array(s, s->asset_count, sizeof *s->assets);
    s->vendors = dice_array(s, s->vendor_count, sizeof *s->vendors);
    for (size_t i = 0; i < s->exchange_count; i++) {
        struct hl_exchange *e = &s->exchanges[i];
        e->id = hl_arena_format(&s->arena, "exchange%zu", i);
        e->annual_volume = dice_whole(d, 0, 1000);
        e->highest_volume = e->annual_volume + dice_whole(d, 0, 1000);
        e->revenue = dice_whole(d, 0, 100);
        e->fees = dice_whole(d, 0, 100);
        e->fixed_overheads = dice_whole(d, 0, 100);
        e->own_capital = dice_whole(d, 0, 50);
    }
    s->claim_terms = dice_array(s, s->asset_count, sizeof *s->claim_terms);
    for (size_t i = 0; i < s->asset_count; i++) {
        s->assets[i].id = hl_arena_format(&s->arena, "asset%zu", i);
        s->assets[i].volatility_per_year = NAN;
        s->assets[i].token_of = HL_NONE;
        s->claim_terms[i].share[HL_AT_THEFT] = 1;
        s->claim_terms[i].fixed_price = 1;
    }
    for (size_t i = 0; i < s->vendor_count; i++)
        s->vendors[i].id = hl_arena_format(&s->arena, "vendor%zu", i);
}

static void invent_holdings(struct hl_scenario *s, struct dice *d) {
    s->holding_count = s->vendor_count + s->exchange_count * (2 + dice_below(d, 5));
    s->holdings = dice_array(s, s->holding_count, sizeof *s->holdings);
    for (size_t i = 0; i < s->holding_count; i++) {
        struct hl_holding *h = &s->holdings[i];
        h->exchange = i % s->exchange_count;
        h->asset = dice_below(d, s->asset_count);
        h->tier = (enum hl_tier)dice_below(d, HL_TIER_COUNT);
        h->custodian = s->vendor_count > 0 && dice_often(d, 0.5) ? dice_below(d, s->vendor_count) : HL_NONE;
        if (i < s->vendor_count) /* each vendor has a client */
            h->custodian = i;
        h->owner = dice_often(d, 0.6) ? HL_OWNER_CUSTOMERS : (enum hl_owner)dice_below(d, HL_OWNER_HOUSE + 1);
        h->units = NAN;
        h->value = dice_whole(d, 0, 40);
        h->wallets = dice_whole(d, 1, 4);
        h->largest_share = dice_between(d, 1 / h->wallets, 1);
    }
}

static struct hl_count invent_count(struct dice *d) {
    struct hl_count c = {.family = hl_frequencies[dice_below(d, 3)]};
    if (strcmp(c.family->name, "at_most_once") == 0)
        c.p[0] = dice_often(d, 0.1) ? dice_whole(d, 0, 1) : dice_throw(d);
    else
        c.p[0] = dice_often(d, 0.1) ? 0 : dice_between(d, 0.02, 1);
    c.p[1] = dice_between(d, 0.2, 3); /* the shape, where there is one */
    c.low = c.p[0] * dice_throw(d);
    c.high = c.p[0];
    return c;
}

/* Parameters that make losses of about the size of the holdings. */
static struct hl_distribution invent_size(struct hl_scenario *s, struct dice *d) {
    static const struct {
        const char *family;
        double low[HL_PARAMETERS_MOST], high[HL_PARAMETERS_MOST];
    } rows[] = {
        {"beta", {0.3, 0.3}, {3, 3}},
        {"uniform", {0, 0.5}, {0.5, 1}},
        {"fixed", {0}, {1}},
        {"lognormal", {2, 0.3}, {40, 2}},
        {"pareto", {1, 0.5}, {20, 3}},
        {"generalized_pareto", {0, 2, 0}, {20, 30, 1}},
        {"weibull", {2, 0.5}, {40, 2}},
        {"gamma", {0.3, 2}, {3, 30}},
        {"burr", {0.5, 0.5, 2}, {3, 3, 40}},
        {"spliced", {2, 0.3, 5, 0.05, 2, 0}, {40, 2, 30, 0.5, 30, 1}},
        {"empirical", {0}, {0}},
        {"empirical_tail", {2, 2, 0}, {20, 30, 1}},
    };
    size_t row = dice_below(d, sizeof rows / sizeof *rows);
    struct hl_distribution size = {.family = hl_severity_find(rows[row].family)};
    for (size_t i = 0; i < HL_PARAMETERS_MOST; i++)
        size.p[i] = dice_between(d, rows[row].low[i], rows[row].high[i]);
    size.everything = size.family->share && dice_often(d, 0.4) ? dice_throw(d) : 0;
    if (size.family->sample) {
        size.value_count = 1 + dice_below(d, 5);
        double *values = dice_array(s, size.value_count, sizeof *values);
        for (size_t i = 0; i < size.value_count; i++)
            values[i] = (i > 0 ? values[i - 1] : 0) + dice_whole(d, 1, 15);
        size.values = values;
    }
    return size;
}

static void invent_breaches(struct hl_scenario *s, struct dice *d) {
    s->breach_count = 1 + dice_below(d, 4);
    s->breaches = dice_array(s, s->breach_count, sizeof *s->breaches);
    for (size_t i = 0; i < s->breach_count; i++) {
        struct hl_breach *b = &s->breaches[i];
        b->name = hl_arena_format(&s->arena, "breach%zu", i);
        b->vector = (enum hl_vector_id)dice_below(d, HL_VECTOR_COUNT);
        b->at_vendors = s->vendor_count > 0 && dice_often(d, 0.4);
        b->at = some_of(s, d, b->at_vendors ? s->vendor_count : s->exchange_count, 0.6, &b->at_count);
        b->count = invent_count(d);
        b->climate = HL_NONE;
        b->passes = 1;
        b->hit = b->at_vendors && dice_often(d, 0.8) ? dice_throw(d) : 1;
        b->hit_low = b->hit_high = b->hit;
        b->tiers = 1 + (uint32_t)dice_below(d, (1u << HL_TIER_COUNT) - 1);
        if (dice_often(d, 0.3)) {
            size_t count;
            size_t *list = some_of(s, d, s->asset_count, 0.5, &count);
            b->assets = dice_array(s, s->asset_count, sizeof *b->assets);
            for (size_t k = 0; k < count; k++)
                b->assets[list[k]] = true;
        }
        b->reach = (enum hl_reach)dice_below(d, HL_REACH_COUNT);
        b->size = invent_size(s, d);
        b->amount_most = INFINITY;
    }
}

static struct hl_layer_terms invent_layer(struct dice *d) {
    return (struct hl_layer_terms){
        .covers =
            dice_often(d, 0.5) ? (1u << HL_VECTOR_COUNT) - 1 : (uint32_t)dice_whole(d, 0, (1 << HL_VECTOR_COUNT) - 1),
        .attachment = dice_often(d, 0.5) ? 0 : dice_whole(d, 0, 10),
        .limit = dice_often(d, 0.1) ? INFINITY : dice_whole(d, 1, 40),
        .share = dice_often(d, 0.5) ? 1 : dice_between(d, 0.05, 1),
        .aggregate_deductible = dice_often(d, 0.6) ? 0 : dice_whole(d, 0, 15),
        .aggregate_limit = dice_often(d, 0.5) ? INFINITY : dice_whole(d, 0, 60),
        .reinstatements = dice_often(d, 0.5) ? INFINITY : dice_whole(d, 0, 2),
    };
}

/* At most one of these kinds stands at an exchange. */
static bool is_single(enum hl_fund_id kind) { return kind != HL_FUND_insurance && kind != HL_FUND_parent; }

static void invent_fund(struct hl_scenario *s, struct dice *d, size_t i) {
    static const double lags[] = {0, 0, 0, 1, 5, 14, 29, 30, 31, 60, 90, 120};
    struct hl_fund *f = &s->funds[i];
    f->name = hl_arena_format(&s->arena, "fund%zu", i);
    f->kind = (enum hl_fund_id)dice_below(d, HL_FUND_parent + 1);
    for (size_t k = 0; k < i; k++)
        if (is_single(f->kind) && s->funds[k].kind == f->kind)
            f->kind = dice_often(d, 0.5) ? HL_FUND_insurance : HL_FUND_parent;
    f->at = some_of(s, d, s->exchange_count, 0.8, &f->at_count);
    f->start = 1;
    f->fails.climate = f->contract.denied.climate = HL_NONE;
    f->after_days = lags[dice_below(d, sizeof lags / sizeof *lags)];
    f->probability = dice_often(d, 0.6) ? 1 : dice_often(d, 0.1) ? 0 : dice_throw(d);
    f->recovered_share = dice_throw(d);
    f->layer = invent_layer(d);
    f->amount = (struct hl_amount){.base = HL_BASE_FIXED, .value = dice_whole(d, 0, 50), .cap = INFINITY};
    if (dice_often(d, 0.4))
        f->amount =
            (struct hl_amount){(enum hl_base)(1 + dice_below(d, HL_BASE_RULE - 1)), dice_between(d, 0, 0.5),
                               dice_whole(d, 0, 10), dice_often(d, 0.5) ? INFINITY : dice_whole(d, 10, 60), NULL};
}

void twin_invent(struct hl_scenario *s, uint32_t number) {
    static const double checks[] = {1, 7, 30, 90, 365};
    struct dice d = {number, 0};
    *s = (struct hl_scenario){.currency = "JPY",
                              .quantum = 1,
                              .trials = HL_BLOCK_TRIALS,
                              .seed = 1000 + number,
                              .refill_after_days = INFINITY};
    s->horizon_days = dice_often(&d, 0.7) ? 365 : dice_whole(&d, 20, 364);
    invent_names(s, &d);
    invent_holdings(s, &d);
    invent_breaches(s, &d);
    s->fund_count = dice_below(&d, 8);
    s->funds = dice_array(s, s->fund_count, sizeof *s->funds);
    for (size_t i = 0; i < s->fund_count; i++)
        invent_fund(s, &d, i);
    s->report = (struct hl_report){.unpaid_after_days = checks, .unpaid_after_count = 5, .sized_at = 0.99};
    s->report.deadline_days = dice_often(&d, 0.6) ? 30 : dice_whole(&d, 0, 60);
}
