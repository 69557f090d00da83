/* What must come of a change, whatever the scenario: more reserve, one fund in two, all money twice. */
#include "tests/many.h"
#include "tests/twin/dice.h"
#include "tests/twin/invent.h"
#include "tests/twin/pair.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCENARIOS = HL_IS_SLOW ? 10 : 40, TRIALS_EACH = 24, MORE = 100 };

/* One scenario in the engine alone. */
struct world {
    struct hl_scenario scenario;
    struct twin_pair *pair;
};

static void open_world(struct world *w, uint32_t number, void (*change)(struct hl_scenario *s)) {
    twin_invent_full(&w->scenario, number);
    w->pair = malloc(sizeof *w->pair);
    cr_assert_not_null(w->pair);
    if (change != NULL)
        change(&w->scenario);
    twin_pair_open(w->pair, "a random scenario", &w->scenario);
    twin_pair_draw(w->pair, TWIN_STATED, 0);
}

static void close_world(struct world *w) {
    twin_pair_close(w->pair);
    free(w->pair);
    hl_scenario_free(&w->scenario);
}

/* Plays a trial; how many claims it has. */
static size_t play(struct world *w, uint32_t trial) {
    struct twin_engine *e = &w->pair->engine;
    w->pair->trial = trial;
    hl_claims_play(&e->claims, &e->plan, w->pair->block, e->events.hits + e->events.first[trial],
                   e->events.first[trial + 1] - e->events.first[trial]);
    return e->claims.count;
}

static int first_year(const struct world *w) {
    return w->scenario.fresh && w->pair->engine.plan.year_count > 1 ? 1 : 0;
}

static struct hl_outcome solve(struct world *w, size_t exchange, double extra_reserve, size_t *claims) {
    struct hl_waterfall_case c = twin_pair_case(w->pair, 0, exchange, first_year(w), HL_BASIS_ALL);
    c.extra_reserve = extra_reserve;
    *claims = c.claim_count;
    return c.claim_count > 0 ? hl_waterfall_solve(&w->pair->engine.waterfall, &c) : (struct hl_outcome){0};
}

/* ---- more reserve ------------------------------------------------------------------------------------------------ */

/* Prices stand still, and nothing is refilled, comes in by month or is shared with others. */
static void make_quiet(struct hl_scenario *s) {
    s->market.moves = false;
    if (s->horizon_days > 365)
        s->horizon_days = 365;
    for (size_t i = 0; i < s->fund_count; i++) {
        s->funds[i].income = (struct hl_amount){0};
        s->funds[i].top_up_below = 0;
        if (s->funds[i].kind == HL_FUND_pool) {
            s->funds[i].kind = HL_FUND_parent;
            s->funds[i].calls = (struct hl_amount){0};
        }
    }
}

/* The additional reserve is there on day 0. With one claim a yen more of it never makes the shortfall larger. */
Test(twin_changes, more_reserve_never_raises_the_shortfall) {
    size_t compared = 0;
    for (uint32_t number = 0; number < SCENARIOS; number++) {
        struct world w;
        open_world(&w, 5000 + number, make_quiet);
        size_t found = 0;
        for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS && found < TRIALS_EACH; trial++) {
            if (play(&w, trial) == 0)
                continue;
            for (size_t e = 0; e < w.scenario.exchange_count; e++) {
                size_t claims;
                double before = solve(&w, e, 0, &claims).shortfall;
                if (claims != 1 || before <= 0)
                    continue;
                found++;
                for (double extra = 1; before > 0 && extra <= MORE; extra++, compared++) {
                    double shortfall = solve(&w, e, extra, &claims).shortfall;
                    cr_assert(shortfall <= before, "scenario %u, trial %u, exchange %zu: %g with %g, %g with one less",
                              5000 + number, trial, e, shortfall, extra, before);
                    before = shortfall;
                }
            }
        }
        close_world(&w);
    }
    cr_assert_gt(compared, 160 * SCENARIOS, "%zu", compared);
}

/* ---- one fund in two --------------------------------------------------------------------------------------------- */

/* A fund in two of the same terms may round the parts of a claim otherwise, which guarantee crypto and the shares of
 * assets see; and whose answers are drawn by name must answer. */
static void make_whole(struct hl_scenario *s) {
    s->market.moves = false;
    for (size_t i = 0; i < s->fund_count; i++) {
        struct hl_fund *f = &s->funds[i];
        if (f->kind == HL_FUND_guarantee_crypto)
            f->kind = HL_FUND_recovery;
        if (f->kind != HL_FUND_parent && f->kind != HL_FUND_credit_line)
            continue;
        f->probability = f->start = f->refill_per_year = 1;
        f->fails.rate_per_year = 0;
        f->amount = (struct hl_amount){.base = HL_BASE_FIXED, .value = 7 + (double)(i % 20), .cap = INFINITY};
        f->parts = NULL;
        f->part_count = 0;
        f->instalments = 0;
    }
}

/* All such funds in two, one behind the other. */
static void split(struct hl_scenario *s) {
    make_whole(s);
    struct hl_fund *funds = dice_array(s, 2 * s->fund_count + 1, sizeof *funds);
    size_t *moved = dice_array(s, s->fund_count + 1, sizeof *moved), count = 0;
    for (size_t i = 0; i < s->fund_count; i++) {
        struct hl_fund *f = &s->funds[i];
        moved[i] = count;
        funds[count++] = *f;
        if (f->kind != HL_FUND_parent && f->kind != HL_FUND_credit_line)
            continue;
        funds[count] = *f;
        funds[count].name = hl_arena_format(&s->arena, "%s_rest", f->name);
        funds[count - 1].amount.value = floor(f->amount.value / 3);
        funds[count].amount.value = f->amount.value - funds[count - 1].amount.value;
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        const bool *before = funds[i].contract.net_of;
        bool *after = before == NULL ? NULL : dice_array(s, count, sizeof *after);
        for (size_t k = 0; k < s->fund_count && before != NULL; k++)
            after[moved[k]] = before[k];
        funds[i].contract.net_of = after;
    }
    s->funds = funds;
    s->fund_count = count;
}

/* By the names of the unsplit. */
static double paid_by(const struct world *w, const struct hl_outcome *o, size_t exchange, const char *name) {
    struct hl_waterfall_case c = twin_pair_case(w->pair, 0, exchange, first_year(w), HL_BASIS_ALL);
    double sum = 0;
    for (size_t i = 0; i < c.fund_count; i++)
        if (c.funds[i].item != HL_NONE && strncmp(w->scenario.funds[c.funds[i].item].name, name, strlen(name)) == 0 &&
            (strlen(w->scenario.funds[c.funds[i].item].name) == strlen(name) ||
             strcmp(w->scenario.funds[c.funds[i].item].name + strlen(name), "_rest") == 0))
            sum += o->paid[i];
    return sum;
}

Test(twin_changes, two_funds_of_the_same_terms_pay_what_one_does) {
    size_t compared = 0, paid = 0;
    for (uint32_t number = 6000; number < 6000 + SCENARIOS; number++) {
        struct world one, two;
        open_world(&one, number, make_whole);
        open_world(&two, number, split);
        size_t found = 0;
        for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS && found < TRIALS_EACH; trial++) {
            if (play(&one, trial) == 0 || play(&two, trial) == 0)
                continue;
            found++;
            for (size_t e = 0; e < one.scenario.exchange_count; e++) {
                size_t claims;
                struct hl_outcome a = solve(&one, e, 0, &claims), b = solve(&two, e, 0, &claims);
                if (claims == 0)
                    continue;
                cr_assert(a.claim == b.claim && a.shortfall == b.shortfall && a.haircut == b.haircut &&
                              a.days_until_whole == b.days_until_whole,
                          "scenario %u, trial %u, exchange %zu: claim %g %g, shortfall %g %g, haircut %g %g", number,
                          trial, e, a.claim, b.claim, a.shortfall, b.shortfall, a.haircut, b.haircut);
                for (size_t i = 0; i < one.scenario.fund_count; i++) {
                    const char *name = one.scenario.funds[i].name;
                    double x = paid_by(&one, &a, e, name), y = paid_by(&two, &b, e, name);
                    cr_assert_eq(x, y, "scenario %u, trial %u, exchange %zu: %s pays %g, in two %g", number, trial, e,
                                 name, x, y);
                    paid += x > 0 && one.scenario.fund_count < two.scenario.fund_count;
                }
                compared++;
            }
        }
        close_world(&one);
        close_world(&two);
    }
    cr_assert(compared > 25 * SCENARIOS && paid > 8 * SCENARIOS, "%zu cases, %zu payments", compared, paid);
}
