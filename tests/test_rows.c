/* Rows of a run against what can be worked out. */
#include "engine/rows.h"
#include "engine/run.h"
#include "tests/engine_fixture.h"

static const struct hl_row *find(const struct hl_result *r, struct hl_row_key key) {
    key.year = 1;
    const struct hl_row *row = hl_result_find(r, key);
    cr_assert(row != NULL, "no row %s %s", hl_perspective_names[key.perspective], hl_metric_names[key.metric]);
    return row;
}

#define KEY(what, how, ...) ((struct hl_row_key){.perspective = what, .metric = how, __VA_ARGS__})

/* Two clients of one vendor, everything taken, nobody pays: an exchange is short when it is hit. With rate r and hit h,
 * P(both) = 1 - 2 e^(-r h) + e^(-r (2 h - h^2)); told apart it is (1 - e^(-r h))^2. At an end of `hit` r h stays. */
Test(rows, several_at_once) {
    enum { N = 400000 };
    const double r = 0.2, h = 0.5;
    static struct engine f;
    struct hl_plan plan;
    struct hl_result result;
    struct hl_error err = {0};
    engine_start(&f);
    size_t keyco = engine_vendor(&f, "keyco"), btc = engine_asset(&f, "BTC");
    engine_holding(&f, engine_exchange(&f, "ape"), btc, HL_COLD, 100)->custodian = keyco;
    engine_holding(&f, engine_exchange(&f, "bee"), btc, HL_COLD, 300)->custodian = keyco;
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_third_party_compromise, r, keyco);
    b->hit = h;
    b->hit_low = 0.25;
    f.s.trials = N;
    engine_plan(&plan, &f);
    cr_assert(hl_run(&result, &plan, NULL, &err) == HL_OK);
    hl_plan_free(&plan);
    const struct {
        const char *sampling;
        double rate, hit;
    } rows[] = {{"stated", r, h}, {"hit_low", 2 * r, 0.25}, {"hit_high", r / 2, 1}, {"vendors_apart", r, h}};
    cr_assert_eq(result.sampling_count, COUNT_OF(rows));
    for (uint16_t i = 0; i < COUNT_OF(rows); i++) {
        double one = 1 - exp(-r * h);
        double both = 1 - 2 * exp(-r * h) + exp(-rows[i].rate * rows[i].hit * (2 - rows[i].hit));
        if (i == 3)
            both = one * one;
        cr_expect_str_eq(result.samplings[i], rows[i].sampling);
        const double wants[] = {one, one, both, both, 2 * one - both};
        const struct hl_row *const got[] = {
            find(&result, KEY(HL_SHORTFALL, HL_P_POSITIVE, .entity = 1, .outer = i)),
            find(&result, KEY(HL_SHORTFALL, HL_P_POSITIVE, .entity = 2, .outer = i)),
            find(&result, KEY(HL_SHORTFALL, HL_P_AT_LEAST, .level = 2, .outer = i)),
            find(&result, KEY(HL_JOINT_SHORTFALL, HL_P_POSITIVE, .outer = i)),
            find(&result, KEY(HL_SHORTFALL, HL_P_AT_LEAST, .level = 1, .outer = i)),
        };
        for (size_t k = 0; k < COUNT_OF(wants); k++)
            cr_expect(fabs(got[k]->value - wants[k]) < 4 * sqrt(wants[k] * (1 - wants[k]) / N), "%s, %zu: %g, not %g",
                      rows[i].sampling, k, got[k]->value, wants[k]);
        const struct hl_row *joint = find(&result, KEY(HL_JOINT_SHORTFALL, HL_MEAN_IF_POSITIVE, .outer = i));
        cr_expect(joint->value == 400, "%s: both are short by all they hold, not by %g", rows[i].sampling,
                  joint->value);
        const struct hl_row *tail = find(&result, KEY(HL_SHORTFALL, HL_VAR, .level = 0.99, .outer = i));
        cr_expect(tail->value == (both > 0.01 ? 400 : 300), "%s: %g", rows[i].sampling, tail->value);
        const struct hl_row *mean = find(&result, KEY(HL_SHORTFALL, HL_MEAN, .outer = i));
        cr_expect(fabs(mean->value - 400 * one) < 4 * mean->error, "%s: %g", rows[i].sampling, mean->value);
    }
    hl_result_free(&result);
}

/* ape: 100 is stolen or not, 40 is paid at once, 30 out of its estate; bee has nothing to lose. A reserve of 40 at each
 * costs 10 % a year. */
Test(rows, who_fails_what_customers_lose_and_what_funds_cost) {
    enum { N = 100000 };
    static struct engine f;
    struct hl_plan plan;
    struct hl_result r;
    struct hl_error err = {0};
    engine_start(&f);
    size_t btc = engine_asset(&f, "BTC"), ape = engine_exchange(&f, "ape"), bee = engine_exchange(&f, "bee");
    engine_holding(&f, ape, btc, HL_HOT, 100);
    engine_holding(&f, ape, btc, HL_COLD, 20);
    engine_holding(&f, bee, btc, HL_COLD, 100);
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_hot_wallet_drain, 0, HL_NONE);
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {0.2}, .low = 0.2, .high = 0.2};
    b->tiers = 1u << HL_HOT;
    engine_fund(&f, HL_FUND_reserve, 40)->cost_per_year = 0.1;
    engine_fund(&f, HL_FUND_administrator, 30)->after_days = 9;
    f.s.trials = N;
    engine_plan(&plan, &f);
    cr_assert(hl_run(&r, &plan, NULL, &err) == HL_OK);
    hl_plan_free(&plan);
    const double p = find(&r, KEY(HL_INSOLVENT, HL_P_POSITIVE, .entity = 1))->value;
    cr_expect(fabs(p - 0.2) < 0.005, "%g", p);
    cr_expect(find(&r, KEY(HL_INSOLVENT, HL_P_POSITIVE, .entity = 2))->value == 0);
    cr_expect(find(&r, KEY(HL_INSOLVENT, HL_MEAN, .entity = 0))->value == p, "one of the two");
    const struct hl_row *share = find(&r, KEY(HL_HAIRCUT_SHARE, HL_MEAN_IF_POSITIVE, .entity = 1));
    cr_expect(fabs(share->value - 0.25) < 1e-12, "30 of 120: %g", share->value);
    cr_expect(fabs(find(&r, KEY(HL_HAIRCUT_SHARE, HL_VAR, .entity = 1, .level = 0.9))->value - 0.25) < 1e-12);
    cr_expect(find(&r, KEY(HL_HAIRCUT_SHARE, HL_P_POSITIVE, .entity = 1))->value == p);
    const double costs[] = {8, 4, 4}; /* of the system and of each */
    for (uint32_t e = 0; e < COUNT_OF(costs); e++)
        cr_expect(find(&r, KEY(HL_FUND_COST, HL_MEAN, .entity = e))->value == costs[e], "entity %u", e);
    cr_expect_null(hl_result_find(&r, KEY(HL_FUND_COST, HL_MEAN, .year = 1, .item = 1, .entity = 1)), "free of cost");
    hl_result_free(&r);
    f.s.fund_count = 1;
    engine_plan(&plan, &f);
    cr_assert(hl_run(&r, &plan, NULL, &err) == HL_OK);
    cr_expect_null(hl_result_find(&r, KEY(HL_INSOLVENT, HL_P_POSITIVE, .year = 1, .entity = 1)), "not asked for");
    hl_plan_free(&plan);
    hl_result_free(&r);
}

/* Runs a scenario on so many threads; the plan is freed, the scenario must outlive the result. */
static void run(struct hl_result *r, const struct engine *f, unsigned threads) {
    struct hl_plan p;
    struct hl_error err = {0};
    struct hl_run_options options = hl_run_options_default();
    options.threads = threads;
    engine_plan(&p, f);
    cr_assert(hl_run(r, &p, &options, &err) == HL_OK);
    hl_plan_free(&p);
}

/* --- one case in the head ------------------------------------------------------------------------------------------
 */

/* One breach a year for sure, of 1000 out of 1000; reserve 300, capital 500: 200 are never paid. */
Test(rows, a_certain_loss) {
    static struct engine f;
    struct hl_result r;
    engine_start(&f);
    engine_exchange(&f, "ape");
    engine_asset(&f, "BTC");
    engine_holding(&f, 0, 0, HL_HOT, 1000);
    engine_breach(&f, HL_VECTOR_insider, 0, HL_NONE)->count =
        (struct hl_count){.family = &hl_frequency_at_most_once, .p = {1}, .low = 1, .high = 1};
    engine_fund(&f, HL_FUND_reserve, 300);
    engine_fund(&f, HL_FUND_own_capital, 500);
    run(&r, &f, 1);
    const struct {
        struct hl_row_key key;
        double want;
    } rows[] = {
        {KEY(HL_GROSS, HL_P_BREACH, 0), 1},
        {KEY(HL_GROSS, HL_MEAN, 0), 1000},
        {KEY(HL_GROSS, HL_SD, 0), 0},
        {KEY(HL_GROSS, HL_VAR, .level = 0.99), 1000},
        {KEY(HL_GROSS, HL_TVAR, .level = 0.99), 1000},
        {KEY(HL_GROSS, HL_OEP, .level = 10), 1000},
        {KEY(HL_CLAIM, HL_MEAN, 0), 1000},
        {KEY(HL_SHORTFALL, HL_P_POSITIVE, .entity = 1), 1},
        {KEY(HL_SHORTFALL, HL_MEAN, .entity = 1), 200},
        {KEY(HL_SHORTFALL, HL_MEAN, .entity = 1, .basis = HL_BASIS_EARMARKED), 700},
        {KEY(HL_HAIRCUT, HL_MEAN, .entity = 1), 200},
        {KEY(HL_PAID, HL_MEAN, .entity = 1, .item = 0), 300},
        {KEY(HL_PAID, HL_MEAN, .entity = 1, .item = 1), 500},
        {KEY(HL_LEFT_AFTER, HL_MEAN, .entity = 1, .item = 0), 700},
        {KEY(HL_LEFT_AFTER, HL_MEAN, .entity = 1, .item = 1), 200},
        {KEY(HL_RESERVE_NEEDED, HL_VAR, .entity = 1, .level = 0.9), 200},
        {KEY(HL_RESERVE_NEEDED, HL_VAR, .entity = 1, .level = 0.9, .basis = HL_BASIS_EARMARKED), 700},
        {KEY(HL_RESERVE_NEEDED, HL_VAR_GIVEN_BREACH, .entity = 1, .level = 0.5), 200},
        {KEY(HL_SHORTFALL, HL_P_UNPAID_AFTER, .entity = 1, .level = 30), 1},
        {KEY(HL_SHORTFALL, HL_P_AT_LEAST, .level = 1), 1},
        {KEY(HL_SHORTFALL, HL_CONTRIBUTION, .entity = 1), 200},
        {KEY(HL_PAID, HL_SHARE_AT, .entity = 1, .item = 0, .level = 10), 0.3},
        {KEY(HL_HAIRCUT, HL_SHARE_AT, .entity = 1, .level = 10), 0.2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hl_row *row = find(&r, rows[i].key);
        cr_expect(fabs(row->value - rows[i].want) <= 1e-9 * rows[i].want, "%s %s: %g, not %g",
                  hl_perspective_names[rows[i].key.perspective], hl_metric_names[rows[i].key.metric], row->value,
                  rows[i].want);
    }
    const struct hl_row *never = find(&r, KEY(HL_DAYS_UNTIL_WHOLE, HL_VAR_GIVEN_BREACH, .entity = 1, .level = 0.5));
    cr_expect(never->status == HL_ROW_NEVER && isnan(never->value));
    const struct hl_row *nothing = find(&r, KEY(HL_INSURANCE_NEEDED, HL_VAR, .entity = 1, .level = 0.9));
    cr_expect(nothing->status == HL_ROW_NOTHING_TO_SIZE);
    hl_result_free(&r);
}

/* A loss of 4000 every other year: two layers pay 1000 and 500 of it and leave 2500. What the first one leaves has no
 * such row. */
Test(rows, net_of_insurance) {
    static struct engine f;
    struct hl_result r;
    engine_start(&f);
    engine_exchange(&f, "ape");
    engine_asset(&f, "BTC");
    engine_holding(&f, 0, 0, HL_HOT, 4000);
    engine_breach(&f, HL_VECTOR_insider, 0, HL_NONE)->count =
        (struct hl_count){.family = &hl_frequency_at_most_once, .p = {0.5}, .low = 0.5, .high = 0.5};
    engine_fund(&f, HL_FUND_insurance, 1000);
    engine_fund(&f, HL_FUND_insurance, 500)->name = "second";
    engine_fund(&f, HL_FUND_reserve, 100000);
    run(&r, &f, 2);
    for (uint32_t entity = 0; entity < 2; entity++) {
        cr_expect_eq(find(&r, KEY(HL_LEFT_AFTER, HL_VAR, .entity = entity, .item = 1, .level = 0.9))->value, 2500);
        cr_expect_eq(find(&r, KEY(HL_LEFT_AFTER, HL_TVAR, .entity = entity, .item = 1, .level = 0.99))->value, 2500);
        cr_expect_null(hl_result_find(
            &r, (struct hl_row_key){
                    .year = 1, .entity = entity, .perspective = HL_LEFT_AFTER, .metric = HL_VAR, .level = 0.9}));
    }
    hl_result_free(&r);
}

/* 20 at both exchanges and 5 at the second. */
Test(rows, what_controls_cost) {
    static struct engine f;
    struct hl_result r;
    engine_start(&f);
    engine_asset(&f, "BTC");
    engine_holding(&f, engine_exchange(&f, "ape"), 0, HL_COLD, 1000000);
    engine_holding(&f, engine_exchange(&f, "bee"), 0, HL_COLD, 1000000);
    engine_breach(&f, HL_VECTOR_third_party_compromise, 0.2, HL_NONE);
    bool all[] = {true, true}, second[] = {false, true}, breaches[ENGINE_MOST] = {true};
    struct hl_control controls[] = {
        {.at = all, .breaches = breaches, .rate = 1, .hit = 1, .taken = 1, .detection = 1, .cost_per_year = 20},
        {.at = second, .breaches = breaches, .rate = 1, .hit = 1, .taken = 1, .detection = 1, .cost_per_year = 5}};
    controls[0].throttle_per_day = controls[1].throttle_per_day = INFINITY;
    run(&r, &f, 1);
    cr_expect_null(hl_result_find(&r, KEY(HL_CONTROL_COST, HL_MEAN, .year = 1, .entity = 1)), "no controls, no row");
    hl_result_free(&r);
    f.s.controls = controls;
    f.s.control_count = COUNT_OF(controls);
    f.s.trials = 5000;
    run(&r, &f, 1);
    double sum = 0;
    for (uint32_t e = 1; e <= f.s.exchange_count; e++) {
        const struct hl_row *row = find(&r, KEY(HL_CONTROL_COST, HL_MEAN, .entity = e));
        cr_assert(row != NULL && row->value == (e == 1 ? 20 : 25) && row->error == 0 && row->high == row->value);
        sum += row->value;
    }
    cr_expect(find(&r, KEY(HL_CONTROL_COST, HL_MEAN, 0))->value == sum);
    hl_result_free(&r);
}

/* The same breach of 100 that are hot; of the 900 cold half is asked for at once, and 90 come up a day. */
Test(rows, a_certain_run) {
    static struct engine f;
    struct hl_result r;
    engine_start(&f);
    engine_exchange(&f, "ape");
    engine_exchange(&f, "bee");
    engine_asset(&f, "BTC");
    engine_holding(&f, 0, 0, HL_HOT, 100);
    engine_holding(&f, 0, 0, HL_COLD, 900);
    engine_holding(&f, 1, 0, HL_HOT, 10);
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_insider, 0, HL_NONE);
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {1}, .low = 1, .high = 1};
    b->tiers = 1 << HL_HOT;
    f.s.run = (struct hl_run_terms){.any = true,
                                    .above = 0.1,
                                    .size = {.family = &hl_severity_fixed, .p = {0.5}},
                                    .liquid = 1 << HL_HOT,
                                    .from_cold_per_day = 0.1,
                                    .suspends_at = INFINITY,
                                    .suspension_days = 2};
    run(&r, &f, 1);
    const struct {
        struct hl_row_key key;
        double want;
    } rows[] = {
        {KEY(HL_WITHDRAWN, HL_P_POSITIVE, .entity = 1), 1},
        {KEY(HL_WITHDRAWN, HL_MEAN, .entity = 1), 450},
        {KEY(HL_WITHDRAWN, HL_SD, .entity = 1), 0},
        {KEY(HL_WITHDRAWN, HL_VAR, .entity = 1, .level = 0.9), 450},
        {KEY(HL_WITHDRAWN, HL_MEAN, .entity = 2), 0},
        {KEY(HL_WITHDRAWN, HL_MEAN, .entity = 0), 450},
        {KEY(HL_BACKLOG, HL_VAR_GIVEN_BREACH, .entity = 1, .level = 0.5), 450},
        {KEY(HL_BACKLOG, HL_MEAN, .entity = 0), 450},
        {KEY(HL_DAYS_UNPAID, HL_VAR_GIVEN_BREACH, .entity = 1, .level = 0.5), 5},
        {KEY(HL_DAYS_UNPAID, HL_VAR_GIVEN_BREACH, .entity = 0, .level = 0.9), 5},
        {KEY(HL_SUSPENDED, HL_P_POSITIVE, .entity = 1), 1},
        {KEY(HL_SUSPENDED, HL_P_POSITIVE, .entity = 2), 0},
        {KEY(HL_SUSPENDED, HL_P_POSITIVE, .entity = 0), 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hl_row *row = find(&r, rows[i].key);
        cr_expect(fabs(row->value - rows[i].want) <= 1e-9 * rows[i].want, "%zu, %s %s: %g, not %g", i,
                  hl_perspective_names[rows[i].key.perspective], hl_metric_names[rows[i].key.metric], row->value,
                  rows[i].want);
    }
    hl_result_free(&r);
}
