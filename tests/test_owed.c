/* Claims in coins and in money, and who pays them when prices move. */
#include "engine/need.h"
#include "engine/owed.h"
#include "engine/run.h"
#include "tests/engine_fixture.h"

#include <gsl/gsl_cdf.h>
#include <stdlib.h>

/* One exchange that loses 100 of coin A on day 0. The price of A is 1, and one half from day 20 on, unless it moves by
 * itself. */
enum { A, B, HALVED = 20 };

struct stage {
    struct engine e;
    struct hl_plan plan;
    struct hl_prices prices;
    struct hl_waterfall w;
    struct hl_taken taken[2];
    struct hl_claim claim;
    struct hl_waterfall_case c;
};

static void open_stage(struct stage *s) {
    memset(s, 0, sizeof *s);
    engine_start(&s->e);
    engine_exchange(&s->e, "ape");
    engine_asset(&s->e, "A");
    engine_asset(&s->e, "B");
    s->e.assets[A].volatility_per_year = s->e.assets[B].volatility_per_year = 0;
    s->e.s.market = (struct hl_market){.moves = true, .impact_above = INFINITY};
    engine_holding(&s->e, 0, A, HL_HOT, 1000);
    engine_breach(&s->e, HL_VECTOR_hot_wallet_drain, 1, HL_NONE);
}

static void claims_told(struct stage *s, enum hl_claim_basis basis) {
    for (size_t a = 0; a < s->e.s.asset_count; a++)
        for (size_t i = 0; i < HL_CLAIM_BASIS_COUNT; i++)
            s->e.claim_terms[a].share[i] = i == basis;
}

static void guarantee(struct stage *s, size_t asset, double value) {
    engine_holding(&s->e, 0, asset, HL_COLD, value)->owner = HL_OWNER_GUARANTEE;
}

static struct hl_fund *fund(struct stage *s, enum hl_fund_id kind, double amount, double after_days) {
    struct hl_fund *f = engine_fund(&s->e, kind, amount);
    f->after_days = after_days;
    return f;
}

/* Makes the plan and the claim: 100 of A, or as many as are stolen, at the price of the theft day. */
static void steal(struct stage *s, double customers, int theft_day, int day) {
    struct hl_error err = {0};
    if (s->plan.scenario == NULL) {
        engine_plan(&s->plan, &s->e);
        cr_assert(hl_prices_reserve(&s->prices, &s->plan, 4, &err) == HL_OK);
        cr_assert(hl_waterfall_reserve(&s->w, &s->plan, 1, &err) == HL_OK);
        hl_prices_begin(&s->prices, 0, 0);
        hl_prices_fall(&s->prices, A, HALVED, 0.5);
    }
    s->taken[0] = (struct hl_taken){.asset = A};
    s->taken[0].customers = customers;
    s->taken[0].worth = nearbyint(customers * hl_prices_at(&s->prices, A, theft_day));
    s->claim = (struct hl_claim){.day = day, .theft_day = theft_day, .taken = s->taken, .taken_count = 1};
    hl_owed_tell(&s->plan, &s->prices, &s->claim, s->taken, false);
    const struct hl_policy *policy = &s->plan.policies[0];
    s->c = (struct hl_waterfall_case){.plan = &s->plan,
                                      .funds = policy->funds,
                                      .fund_count = policy->first[1],
                                      .claims = &s->claim,
                                      .claim_count = 1,
                                      .prices = &s->prices,
                                      .basis = HL_BASIS_ALL,
                                      .layer_limit = -1};
}

static void close_stage(struct stage *s) {
    hl_waterfall_free(&s->w);
    hl_prices_free(&s->prices);
    hl_plan_free(&s->plan);
}

/* The row of the scenario's fund `item`. */
static size_t row_of(const struct stage *s, size_t item) {
    size_t i = 0;
    while (s->c.funds[i].item != item)
        i++;
    return i;
}

static double paid_by(const struct stage *s, const struct hl_outcome *o, size_t item) {
    return o->paid[row_of(s, item)];
}

Test(owed, terms) {
    const struct {
        const char *what;
        double share[HL_CLAIM_BASIS_COUNT]; /* in kind, at the theft, window average, fixed */
        double fixed_price;
        int theft, day, from, to;
        double in_kind, money, claim, insured; /* of 101 stolen */
    } rows[] = {
        {"in kind", {1}, 1, 0, 0, 0, 0, 101, 0, 101, 101},
        {"in kind, found out when the price has halved", {1}, 1, 0, 20, 0, 0, 101, 0, 50, 50}, /* 50.5, to even */
        {"at the theft", {0, 1}, 1, 0, 0, 0, 0, 0, 101, 101, 101},
        {"at the theft, found out later", {0, 1}, 1, 0, 30, 0, 0, 0, 101, 101, 50},
        {"stolen when the price has halved", {0, 1}, 1, 20, 30, 0, 0, 0, 50, 50, 50},
        {"fixed at 1.2", {0, 0, 0, 1}, 1.2, 0, 30, 0, 0, 0, 121, 121, 50},
        {"average of 1, 1, 1/2 and 1/2", {0, 0, 1}, 1, 0, 18, 0, 3, 0, 76, 76, 101},
        {"average from the second day on", {0, 0, 1}, 1, 0, 18, 1, 3, 0, 67, 67, 101},
        {"60 % in kind, 40 % at the theft", {0.6, 0.4}, 1, 0, 20, 0, 0, 61, 40, 70, 50}, /* 30.5, to even */
        {"half at the theft, half fixed at 3", {0, 0.5, 0, 0.5}, 3, 0, 20, 0, 0, 0, 202, 202, 50},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage s;
        open_stage(&s);
        memcpy(s.e.claim_terms[A].share, rows[i].share, sizeof rows[i].share);
        s.e.claim_terms[A].fixed_price = rows[i].fixed_price;
        s.e.s.window_from_days = rows[i].from;
        s.e.s.window_to_days = rows[i].to;
        steal(&s, 101, rows[i].theft, rows[i].day);
        cr_expect(s.taken[0].in_kind == rows[i].in_kind && s.taken[0].money == rows[i].money, "%s: %g, %g",
                  rows[i].what, s.taken[0].in_kind, s.taken[0].money);
        cr_expect(s.claim.claim == rows[i].claim && s.claim.insured == rows[i].insured, "%s: %g, %g", rows[i].what,
                  s.claim.claim, s.claim.insured);
        close_stage(&s);
    }
}

Test(owed, when_it_can_be_paid) {
    const struct {
        double in_kind, window;
        int coins_after, money_after;
    } rows[] = {{1, 0, 0, 5}, {0, 1, 3, 3}, {0.5, 0.5, 3, 5}, {0, 0, 0, 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage s;
        open_stage(&s);
        s.e.s.buy_back_after_days = 5;
        s.e.s.window_to_days = 3;
        double *share = s.e.claim_terms[A].share;
        share[HL_IN_KIND] = rows[i].in_kind;
        share[HL_WINDOW_AVERAGE] = rows[i].window;
        share[HL_AT_THEFT] = 1 - rows[i].in_kind - rows[i].window;
        steal(&s, 100, 0, 0);
        cr_expect(s.claim.coins_after == rows[i].coins_after && s.claim.money_after == rows[i].money_after, "row %zu",
                  i);
        close_stage(&s);
    }
}

/* 100 of A stolen on day 0, looked at on day 30, when a coin costs one half. */
Test(owed, one_fund_pays) {
    const struct {
        const char *what;
        enum hl_claim_basis basis;
        enum hl_fund_id kind;
        double amount, after;
        bool held; /* in A */
        double paid, shortfall, claim;
    } rows[] = {
        {"in kind, at once", HL_IN_KIND, HL_FUND_reserve, 100, 0, false, 100, 0, 100},
        {"in kind, when it costs half", HL_IN_KIND, HL_FUND_reserve, 100, 20, false, 50, 0, 50},
        {"in kind, not enough: 60 of 100 coins", HL_IN_KIND, HL_FUND_reserve, 30, 20, false, 30, 20, 50},
        {"in kind, not enough at once: 30 coins, and 70 that fall", HL_IN_KIND, HL_FUND_reserve, 30, 0, false, 30, 35,
         65},
        {"at the theft, when a coin costs half", HL_AT_THEFT, HL_FUND_reserve, 70, 20, false, 70, 30, 100},
        {"the wrong way: a reserve in the coin", HL_AT_THEFT, HL_FUND_reserve, 100, 20, true, 50, 50, 100},
        {"the same at once", HL_AT_THEFT, HL_FUND_reserve, 100, 0, true, 100, 0, 100},
        {"the right way: owed in the coin too", HL_IN_KIND, HL_FUND_reserve, 100, 20, true, 50, 0, 50},
        {"a recovery brings coins at their price", HL_AT_THEFT, HL_FUND_recovery, 0.5, 20, false, 25, 75, 100},
        {"and half the coins in kind", HL_IN_KIND, HL_FUND_recovery, 0.5, 20, false, 25, 25, 50},
        {"own capital in the coin", HL_AT_THEFT, HL_FUND_own_capital, 90, 20, true, 45, 55, 100},
        {"guarantee crypto, coin for coin", HL_IN_KIND, HL_FUND_guarantee_crypto, 0, 20, false, 20, 30, 50},
        {"guarantee crypto for money", HL_AT_THEFT, HL_FUND_guarantee_crypto, 0, 20, false, 20, 80, 100},
        {"insurance of what it was worth when it was found out", HL_AT_THEFT, HL_FUND_insurance, 1000, 20, false, 100,
         0, 100},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage s;
        open_stage(&s);
        claims_told(&s, rows[i].basis);
        guarantee(&s, A, 40);
        guarantee(&s, B, 1000);
        engine_hold_in(fund(&s, rows[i].kind, rows[i].amount, rows[i].after), rows[i].held ? A : HL_NONE);
        steal(&s, 100, 0, 0);
        struct hl_outcome o = hl_waterfall_solve(&s.w, &s.c);
        cr_expect(paid_by(&s, &o, 0) == rows[i].paid, "%s: paid %g", rows[i].what, paid_by(&s, &o, 0));
        cr_expect(o.shortfall == rows[i].shortfall, "%s: short %g", rows[i].what, o.shortfall);
        cr_expect(o.claim == rows[i].claim && o.of[0].claim == o.claim, "%s: owed %g", rows[i].what, o.claim);
        double price = rows[i].after < HALVED ? 1 : 0.5;
        if (rows[i].held)
            cr_expect(s.w.left[row_of(&s, 0)] == rows[i].amount - rows[i].paid / price, "%s: %g coins left",
                      rows[i].what, s.w.left[row_of(&s, 0)]);
        cr_expect(o.haircut == o.claim - o.paid[0] - o.paid[1], "%s: %g lost", rows[i].what, o.haircut);
        close_stage(&s);
    }
}

/* Zaif 2018: 60 % of the coins came back, 40 % was paid in money at the price of the theft. */
Test(owed, sixty_in_coins_forty_in_money) {
    const struct {
        double reserve, paid, shortfall, claim;
    } rows[] = {
        {100, 70, 0, 70}, /* 60 coins at one half, and 40 */
        {35, 35, 35, 70}, /* half of each: 30 coins are left, worth 15, and 20 */
        {0, 0, 70, 70},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage s;
        open_stage(&s);
        s.e.claim_terms[A] = (struct hl_claim_terms){.share = {[HL_IN_KIND] = 0.6, [HL_AT_THEFT] = 0.4}};
        fund(&s, HL_FUND_reserve, rows[i].reserve, HALVED);
        steal(&s, 100, 0, 0);
        struct hl_outcome o = hl_waterfall_solve(&s.w, &s.c);
        cr_expect(paid_by(&s, &o, 0) == rows[i].paid && o.shortfall == rows[i].shortfall && o.claim == rows[i].claim,
                  "row %zu: %g, %g, %g", i, paid_by(&s, &o, 0), o.shortfall, o.claim);
        close_stage(&s);
    }
}

/* Coins are bought back from a day on; until then money waits, and guarantee crypto does not. */
Test(owed, a_purchase_waits) {
    struct stage s;
    open_stage(&s);
    claims_told(&s, HL_IN_KIND);
    s.e.s.buy_back_after_days = 25;
    guarantee(&s, A, 40);
    fund(&s, HL_FUND_guarantee_crypto, 0, 0);
    fund(&s, HL_FUND_reserve, 1000, 0);
    steal(&s, 100, 0, 0);
    struct hl_outcome o = hl_waterfall_solve(&s.w, &s.c);
    cr_expect(paid_by(&s, &o, 0) == 40 && paid_by(&s, &o, 1) == 30 && o.claim == 70);
    cr_expect(o.days_until_whole == 25 && o.unpaid_at[0] && o.shortfall == 0);
    close_stage(&s);
}

/* Late coins give back money at their price: 100 of A are worth 50 when they come back. */
Test(owed, late_coins_repay_what_they_are_worth) {
    struct stage s;
    open_stage(&s);
    fund(&s, HL_FUND_recovery, 1, 25);
    engine_hold_in(fund(&s, HL_FUND_reserve, 100, 0), A);
    steal(&s, 100, 0, 0);
    struct hl_outcome o = hl_waterfall_solve(&s.w, &s.c);
    cr_expect(paid_by(&s, &o, 0) == 50 && paid_by(&s, &o, 1) == 50 && o.claim == 100 && o.shortfall == 0);
    cr_expect(s.w.left[row_of(&s, 1)] == 100, "50 buy 100 coins: %g", s.w.left[row_of(&s, 1)]);
    close_stage(&s);
}

/* The reserve that is missing, in money of day 0, pays when the price has halved or before. */
Test(owed, reserve_needed_when_prices_move) {
    const struct {
        enum hl_claim_basis basis;
        double buy_back, reserve, after, want;
    } rows[] = {
        {HL_AT_THEFT, 0, 30, 0, 70}, {HL_IN_KIND, 0, 0, 0, 100}, /* bought at once at 1 */
        {HL_IN_KIND, 25, 0, 0, 50},                              /* or later at one half */
        {HL_IN_KIND, 0, 30, 0, 70},                              /* 30 coins are there at once */
        {HL_IN_KIND, 0, 30, 20, 40},                             /* 60 coins when they cost one half */
        {HL_IN_KIND, 25, 30, 0, 20},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct stage s;
        open_stage(&s);
        claims_told(&s, rows[i].basis);
        s.e.s.buy_back_after_days = rows[i].buy_back;
        fund(&s, HL_FUND_parent, rows[i].reserve, rows[i].after);
        steal(&s, 100, 0, 0);
        double shortfall = hl_waterfall_solve(&s.w, &s.c).shortfall, need = hl_need_reserve(&s.w, s.c, shortfall);
        /* half a coin's price is less than one, so that the last coin may be bought a quantum earlier */
        cr_expect(need <= rows[i].want && need >= rows[i].want - 1, "row %zu: %g", i, need);
        s.c.extra_reserve = need;
        cr_expect(hl_waterfall_solve(&s.w, &s.c).shortfall == 0, "row %zu", i);
        s.c.extra_reserve = need - 1;
        cr_expect(hl_waterfall_solve(&s.w, &s.c).shortfall > 0, "row %zu", i);
        close_stage(&s);
    }
}

/* A reserve of R coins against a claim of C in money after a year: P(R P < C) = Phi((ln(C / R) + s^2 / 2) / s), within
 * 4 standard errors; against a claim of as many coins it never falls short. */
Test(owed, wrong_way_against_the_lognormal) {
    static const double reserves[] = {1000000, 1500000, 4000000};
    enum { TRIALS = 20000, OWED = 1000000 };
    for (int in_kind = 0; in_kind < 2; in_kind++)
        for (size_t i = 0; i < COUNT_OF(reserves); i++) {
            struct stage s;
            open_stage(&s);
            claims_told(&s, in_kind ? HL_IN_KIND : HL_AT_THEFT);
            s.e.s.report.deadline_days = 365;
            s.e.assets[A].volatility_per_year = 0.8;
            engine_hold_in(fund(&s, HL_FUND_reserve, reserves[i], 365), A);
            int count = 0;
            for (uint32_t t = 0; t < TRIALS; t++) {
                steal(&s, OWED, 0, 0);
                hl_prices_begin(&s.prices, t / HL_BLOCK_TRIALS, t % HL_BLOCK_TRIALS);
                s.c.block = t / HL_BLOCK_TRIALS;
                s.c.trial = t % HL_BLOCK_TRIALS;
                count += hl_waterfall_solve(&s.w, &s.c).shortfall > 0;
            }
            double want = in_kind ? 0 : gsl_cdf_ugaussian_P((log(OWED / reserves[i]) + 0.32) / 0.8);
            double error = 4 * sqrt(want * (1 - want) / TRIALS);
            cr_expect(fabs((double)count / TRIALS - want) <= error, "%g coins: %g, not %g", reserves[i],
                      (double)count / TRIALS, want);
            close_stage(&s);
        }
}

/* --- whole runs ----------------------------------------------------------------------------------------------------
 */

static void run_with(struct hl_result *r, struct hl_scenario *s, const char *path, const char *key, const char *text) {
    struct hl_error err = {0};
    struct hl_plan p;
    const struct hl_setting settings[] = {{"trials", "20_000"}, {key, text}};
    struct hl_run_options options = hl_run_options_default();
    hl_init();
    cr_assert(hl_scenario_load(s, path, settings, COUNT_OF(settings), &err) == HL_OK, "%s",
              err.count > 0 ? err.faults[0].message : "");
    cr_assert(hl_plan_make(&p, s, &err) == HL_OK && hl_run(r, &p, &options, &err) == HL_OK);
    hl_plan_free(&p);
}

static bool same_number(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

/* With prices that stand still a claim in kind, fixed, or on average is the same as one at the theft, in every bit. */
Test(owed, every_basis_is_the_same_where_prices_stand_still) {
    static const char *const paths[] = {"scenarios/vendor-cascade.yaml", "scenarios/dmm-2024.yaml"};
    static const char *const bases[] = {"in_kind", "fixed", "window_average"};
    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct hl_result at_theft, other;
        struct hl_scenario s, t;
        run_with(&at_theft, &s, paths[i], "claims.basis", "at_theft");
        for (size_t k = 0; k < COUNT_OF(bases); k++) {
            run_with(&other, &t, paths[i], "claims.basis", bases[k]);
            cr_assert_eq(other.row_count, at_theft.row_count);
            for (size_t n = 0; n < other.row_count; n++)
                cr_assert(same_number(other.rows[n].value, at_theft.rows[n].value) &&
                              same_number(other.rows[n].error, at_theft.rows[n].error),
                          "%s, %s, row %zu", paths[i], bases[k], n);
            hl_result_free(&other);
            hl_scenario_free(&t);
        }
        hl_result_free(&at_theft);
        hl_scenario_free(&s);
    }
}
