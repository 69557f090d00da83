/* What a scenario has besides moves no event and no price of the rest: random scenarios with one thing more, against
 * themselves without it. */
#include "engine/events.h"
#include "engine/prices.h"
#include "tests/many.h"
#include "tests/twin/dice.h"
#include "tests/twin/invent.h"
#include "tests/twin/pair.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- one thing more ---------------------------------------------------------------------------------------------- */

/* A copy of an array with one more place in front, which is zeroed: all indexes of the rest move. */
static void *longer(struct hl_scenario *s, const void *array, size_t count, size_t size) {
    char *copy = dice_array(s, count + 1, size);
    if (count > 0 && array != NULL)
        memcpy(copy + size, array, count * size);
    return copy;
}

#define ADD(of, array, count)                                                                                          \
    ((of)->array = longer(s, (of)->array, (of)->count, sizeof *(of)->array), (of)->count++, &(of)->array[0])

static void move_indexes(size_t *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        list[i] += list[i] != HL_NONE;
}

static bool sets_off(const struct hl_scenario *s, size_t breach) {
    bool found = false;
    for (size_t i = 0; i < s->excitation_count; i++)
        found |= s->excitations[i].from == breach;
    return found;
}

/* The newcomer, place 0, stands at every breach of its kind that sets nothing off. */
static void add_place(struct hl_scenario *s, bool vendor) {
    for (size_t i = 0; i < s->breach_count; i++) {
        struct hl_breach *b = &s->breaches[i];
        if (b->at_vendors != vendor)
            continue;
        move_indexes(b->at, b->at_count);
        if (!sets_off(s, i))
            *ADD(b, at, at_count) = 0;
    }
}

static void add_holding(struct hl_scenario *s, size_t exchange, size_t asset, size_t custodian) {
    *ADD(s, holdings, holding_count) = (struct hl_holding){.exchange = exchange,
                                                           .asset = asset,
                                                           .tier = HL_HOT,
                                                           .custodian = custodian,
                                                           .owner = HL_OWNER_HOUSE,
                                                           .units = NAN,
                                                           .value = 20,
                                                           .wallets = 2,
                                                           .largest_share = 0.5};
}

static void add_exchange(struct hl_scenario *s) {
    for (size_t i = 0; i < s->control_count; i++)
        s->controls[i].at = longer(s, s->controls[i].at, s->exchange_count, sizeof(bool));
    for (size_t i = 0; i < s->holding_count; i++)
        move_indexes(&s->holdings[i].exchange, 1);
    for (size_t i = 0; i < s->fund_count; i++)
        move_indexes(s->funds[i].at, s->funds[i].at_count);
    for (size_t i = 0; i < s->asset_count; i++)
        move_indexes(&s->assets[i].token_of, 1);
    struct hl_exchange copy = s->exchanges[0];
    copy.id = "newcomer";
    *ADD(s, exchanges, exchange_count) = copy;
    add_holding(s, 0, 0, s->vendor_count > 0 ? 0 : HL_NONE);
    add_place(s, false);
}

/* It is built on the one that came first. */
static void add_vendor(struct hl_scenario *s) {
    for (size_t i = 0; i < s->vendor_count; i++)
        move_indexes(s->vendors[i].uses, s->vendors[i].use_count);
    for (size_t i = 0; i < s->holding_count; i++)
        move_indexes(&s->holdings[i].custodian, 1);
    struct hl_vendor *newcomer = ADD(s, vendors, vendor_count);
    newcomer->id = "newcomer";
    if (s->vendor_count > 1)
        *ADD(newcomer, uses, use_count) = 1;
    add_holding(s, 0, 0, 0);
    add_place(s, true);
}

static void add_asset(struct hl_scenario *s) {
    for (size_t i = 0; i < s->breach_count; i++)
        if (s->breaches[i].assets != NULL)
            s->breaches[i].assets = longer(s, s->breaches[i].assets, s->asset_count, sizeof(bool));
    for (size_t i = 0; i < s->holding_count; i++)
        move_indexes(&s->holdings[i].asset, 1);
    for (size_t i = 0; i < s->fund_count; i++)
        for (size_t k = 0; k < s->funds[i].part_count; k++) {
            struct hl_part *parts = dice_array(s, s->funds[i].part_count, sizeof *parts);
            memcpy(parts, s->funds[i].parts, s->funds[i].part_count * sizeof *parts);
            if (parts[k].asset != HL_NONE)
                move_indexes(&parts[k].asset, 1);
            s->funds[i].parts = parts;
        }
    if (s->claim_terms != NULL) {
        s->claim_terms = longer(s, s->claim_terms, s->asset_count, sizeof *s->claim_terms);
        s->claim_terms[0] = s->claim_terms[1];
    }
    struct hl_asset copy = s->assets[0];
    copy.id = "newcomer";
    *ADD(s, assets, asset_count) = copy;
    add_holding(s, 0, 0, HL_NONE);
}

static void add_year(struct hl_scenario *s) {
    if (s->horizon_days >= 365)
        s->horizon_days += 365;
}

static void add_lag(struct hl_scenario *s) {
    for (size_t i = 0; i < s->fund_count; i++)
        s->funds[i].after_days += 7;
}

static void add_layer(struct hl_scenario *s) {
    size_t *at = dice_array(s, 1, sizeof *at);
    *ADD(s, funds, fund_count) = (struct hl_fund){.kind = HL_FUND_insurance,
                                                  .name = "newcomer",
                                                  .at = at,
                                                  .at_count = 1,
                                                  .probability = 1,
                                                  .start = 1,
                                                  .fails.climate = HL_NONE,
                                                  .contract.denied.climate = HL_NONE,
                                                  .layer = {.covers = ~0u, .limit = 20, .share = 1}};
}

static struct hl_breach *add_breach_like(struct hl_scenario *s) {
    for (size_t i = 0; i < s->control_count; i++)
        s->controls[i].breaches = longer(s, s->controls[i].breaches, s->breach_count, sizeof(bool));
    for (size_t i = 0; i < s->excitation_count; i++) {
        move_indexes(&s->excitations[i].from, 1);
        move_indexes(&s->excitations[i].to, 1);
    }
    struct hl_breach copy = s->breaches[0];
    copy.name = "newcomer";
    struct hl_breach *newcomer = ADD(s, breaches, breach_count);
    *newcomer = copy;
    return newcomer;
}

static void add_breach(struct hl_scenario *s) { add_breach_like(s); }

/* A breach with a climate of its own. */
static void add_climate(struct hl_scenario *s) {
    for (size_t i = 0; i < s->breach_count; i++)
        move_indexes(&s->breaches[i].climate, 1);
    *ADD(s, climates, climate_count) =
        (struct hl_climate){.name = "newcomer", .family = hl_climates[0], .sd = 0.5, .persistence = 0.3};
    struct hl_breach *b = add_breach_like(s);
    b->count = (struct hl_count){.family = hl_frequency_find("poisson"), .p = {0.3}, .low = 0.3, .high = 0.3};
    b->climate = 0;
}

/* One that is set off by breaches that were there. */
static void add_link(struct hl_scenario *s) {
    add_climate(s);
    size_t from = s->breach_count - 1;
    while (strcmp(s->breaches[from].count.family->name, "poisson") != 0)
        from--;
    *ADD(s, excitations, excitation_count) =
        (struct hl_excitation){.from = from, .to = 0, .where = HL_WHERE_ALL, .ratio = 0.3, .delay_days = 20};
}

/* ---- the same events and prices ---------------------------------------------------------------------------------- */

struct world {
    struct hl_scenario scenario;
    struct hl_plan plan;
    struct hl_events events;
    struct hl_prices prices;
};

static void open_world(struct world *w, uint32_t number, void (*change)(struct hl_scenario *s)) {
    struct hl_error err = {0};
    memset(w, 0, sizeof *w);
    twin_invent_full(&w->scenario, number);
    if (change != NULL)
        change(&w->scenario);
    twin_expect_ok(hl_plan_make(&w->plan, &w->scenario, &err), &err);
    twin_expect_ok(hl_events_sample(&w->events, &w->plan, 0, 3, HL_BLOCK_TRIALS, &err), &err);
    twin_expect_ok(hl_prices_reserve(&w->prices, &w->plan, 1, &err), &err);
}

static void close_world(struct world *w) {
    hl_prices_free(&w->prices);
    hl_events_free(&w->events);
    hl_plan_free(&w->plan);
    hl_scenario_free(&w->scenario);
}

/* Who is hit, by names: "source exchange vendor". */
static void name_hit(const struct world *w, const struct hl_hit *hit, char name[TWIN_NAME]) {
    const struct hl_source *src = &w->plan.sources[hit->source];
    const struct hl_target *t = &src->targets[hit->target];
    snprintf(name, TWIN_NAME, "%s %s %s", src->name, w->scenario.exchanges[t->exchange].id,
             t->vendor == HL_NONE ? "-" : w->scenario.vendors[t->vendor].id);
}

static bool is_same_hit(const struct world *a, const struct hl_hit *x, const struct world *b, const struct hl_hit *y) {
    char names[2][TWIN_NAME];
    name_hit(a, x, names[0]);
    name_hit(b, y, names[1]);
    return strcmp(names[0], names[1]) == 0 && x->stream == y->stream && x->index == y->index && x->year == y->year &&
           x->entry_day == y->entry_day && x->day == y->day && x->notice_days == y->notice_days && x->v == y->v &&
           x->size == y->size && x->pick == y->pick;
}

/* Every hit of the trial before is there after. */
static size_t find_hits(const struct world *before, const struct world *after, uint32_t trial, const char *what) {
    size_t found = 0;
    for (size_t i = before->events.first[trial]; i < before->events.first[trial + 1]; i++) {
        const struct hl_hit *hit = &before->events.hits[i];
        bool same = hit->target == HL_NO_TARGET;
        for (size_t k = after->events.first[trial]; k < after->events.first[trial + 1] && !same; k++)
            same =
                after->events.hits[k].target != HL_NO_TARGET && is_same_hit(before, hit, after, &after->events.hits[k]);
        cr_assert(same, "%s: a hit of %s in trial %u is gone", what, before->plan.sources[hit->source].name, trial);
        found += hit->target != HL_NO_TARGET;
    }
    return found;
}

/* Hits that have nothing to do with what was added. */
static size_t count_old_hits(const struct world *w, double days, uint32_t trial) {
    size_t count = 0;
    for (size_t i = w->events.first[trial]; i < w->events.first[trial + 1]; i++) {
        char name[TWIN_NAME];
        if (w->events.hits[i].target == HL_NO_TARGET || w->events.hits[i].entry_day >= days)
            continue;
        name_hit(w, &w->events.hits[i], name);
        count += strstr(name, "newcomer") == NULL;
    }
    return count;
}

static void same_prices(struct world *before, struct world *after, uint32_t trial, const char *what) {
    static const int days[] = {500, 0, 1, 127, 128, 200, 1000};
    size_t newcomers = after->scenario.asset_count - before->scenario.asset_count; /* they stand in front */
    hl_prices_begin(&before->prices, 3, trial);
    hl_prices_begin(&after->prices, 3, trial);
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        for (size_t a = 0; a < before->scenario.asset_count; a++)
            cr_assert_eq(hl_prices_at(&before->prices, a, days[i]),
                         hl_prices_at(&after->prices, newcomers + a, days[i]),
                         "%s: the price of asset %zu on day %d of trial %u moved", what, a, days[i], trial);
}

enum { SCENARIOS = HL_IS_SLOW ? 12 : 60 };

static void expect_still(void (*change)(struct hl_scenario *s), const char *what) {
    size_t compared = 0;
    for (uint32_t number = 0; number < SCENARIOS; number++) {
        struct world *before = malloc(sizeof *before), *after = malloc(sizeof *after);
        open_world(before, number, NULL);
        open_world(after, number, change);
        for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS; trial++) {
            size_t found = find_hits(before, after, trial, what);
            cr_assert_eq(found, count_old_hits(after, before->scenario.horizon_days, trial),
                         "%s: random scenario %u has more hits in trial %u", what, number, trial);
            compared += found;
        }
        for (uint32_t trial = 0; trial < 4; trial++)
            same_prices(before, after, trial, what);
        close_world(before);
        close_world(after);
        free(before);
        free(after);
    }
    cr_assert_gt(compared, (size_t)1600 * SCENARIOS);
}

Test(twin_still, an_exchange_moves_nothing_else) { expect_still(add_exchange, "one more exchange"); }
Test(twin_still, a_vendor_moves_nothing_else) { expect_still(add_vendor, "one more vendor"); }
Test(twin_still, an_asset_moves_nothing_else) { expect_still(add_asset, "one more asset"); }
Test(twin_still, a_year_moves_nothing_else) { expect_still(add_year, "one more year"); }
Test(twin_still, a_lag_moves_nothing) { expect_still(add_lag, "a longer lag"); }
Test(twin_still, a_layer_moves_nothing) { expect_still(add_layer, "one more layer"); }
Test(twin_still, a_breach_moves_nothing_else) { expect_still(add_breach, "one more breach"); }
Test(twin_still, a_climate_moves_nothing_else) { expect_still(add_climate, "one more climate"); }
Test(twin_still, a_link_moves_nothing_else) { expect_still(add_link, "one more link"); }
