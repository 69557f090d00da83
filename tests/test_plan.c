/* The plan: cells, days of checks, the exact P(breach). */
#include "tests/engine_fixture.h"

Test(plan, a_holding_is_its_largest_wallet_and_the_equal_rest) {
    const struct {
        double value, wallets, largest_share;
        double largest, rest, rest_wallets;
    } rows[] = {
        {100, 1, 1, 100, 0, 1},         /* one wallet */
        {4000, 4, 0.4, 1600, 2400, 3},  /* one of 1600, three of 800 */
        {4000, 4, 0.25, 1000, 3000, 3}, /* four of 1000 */
        {10, 3, 0.34, 3, 7, 2},         /* 3.4 in whole quanta */
        {10, 2, 1, 10, 0, 1},           /* the second is empty */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine f;
        struct hl_plan p;
        engine_start(&f);
        engine_exchange(&f, "ape");
        engine_asset(&f, "BTC");
        struct hl_holding *h = engine_holding(&f, 0, 0, HL_HOT, rows[i].value);
        h->wallets = rows[i].wallets;
        h->largest_share = rows[i].largest_share;
        engine_plan(&p, &f);
        cr_assert_eq(p.cell_count, 2);
        cr_expect(p.cells[0].value == rows[i].largest && p.cells[0].wallets == 1, "row %zu", i);
        cr_expect(p.cells[1].value == rows[i].rest && p.cells[1].wallets == rows[i].rest_wallets, "row %zu", i);
        hl_plan_free(&p);
    }
}

Test(plan, guarantee_crypto_by_coin) {
    struct engine f;
    struct hl_plan p;
    engine_ape_and_bee(&f);
    engine_holding(&f, 0, 0, HL_HOT, 5)->owner = HL_OWNER_GUARANTEE;
    engine_holding(&f, 1, 1, HL_HOT, 7)->owner = HL_OWNER_GUARANTEE;
    engine_plan(&p, &f);
    const double want[] = {35, 0, 0, 7};
    for (size_t i = 0; i < COUNT_OF(want); i++)
        cr_expect(p.guarantee[i] == want[i], "%zu: %g", i, p.guarantee[i]);
    hl_plan_free(&p);
}

Test(plan, what_balances_have_come_to) {
    struct engine f;
    engine_ape_and_bee(&f);
    f.exchanges[1].growth_per_year = 0.5;
    const struct {
        size_t exchange;
        uint16_t year;
        bool fresh;
        double want;
    } rows[] = {{0, 3, false, 1}, {1, 1, false, 1}, {1, 2, false, 1.5}, {1, 3, false, 2.25}, {1, 3, true, 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        f.s.fresh = rows[i].fresh;
        cr_expect(hl_grown(&f.s, rows[i].exchange, rows[i].year) == rows[i].want, "row %zu", i);
    }
}

Test(plan, days_of_checks) {
    const struct {
        double unpaid[4];
        size_t count;
        double deadline;
        int checks[5];
        size_t check_count, deadline_check;
        size_t where[4];
    } rows[] = {
        {{0}, 0, 30, {30}, 1, 0, {0}},
        {{1, 7, 90}, 3, 30, {1, 7, 30, 90}, 4, 2, {0, 1, 3}},
        {{1, 30, 90}, 3, 30, {1, 30, 90}, 3, 1, {0, 1, 2}}, /* the deadline is one of them */
        {{7, 90}, 2, 1, {1, 7, 90}, 3, 0, {1, 2}},
        {{7, 90}, 2, 180, {7, 90, 180}, 3, 2, {0, 1}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine f;
        struct hl_plan p;
        engine_ape_and_bee(&f);
        f.s.report.unpaid_after_days = rows[i].unpaid;
        f.s.report.unpaid_after_count = rows[i].count;
        f.s.report.deadline_days = rows[i].deadline;
        engine_plan(&p, &f);
        cr_assert_eq(p.check_count, rows[i].check_count, "row %zu", i);
        cr_expect_eq(p.deadline_check, rows[i].deadline_check, "row %zu", i);
        for (size_t k = 0; k < p.check_count; k++)
            cr_expect_eq(p.checks[k], rows[i].checks[k], "row %zu", i);
        for (size_t k = 0; k < rows[i].count; k++)
            cr_expect_eq(p.unpaid_check[k], rows[i].where[k], "row %zu", i);
        hl_plan_free(&p);
    }
}

static void expect_near(double got, double want, const char *what) {
    cr_expect(fabs(got - want) <= 1e-14, "%s: %.17g, not %.17g", what, got, want);
}

/* Rates a of every exchange's own, v of the vendor with hit h and two clients:
 * an exchange 1 - exp(-a - v h), the system 1 - exp(-2 a - v (1 - (1 - h)^2)). */
Test(plan, p_breach_by_closed_forms) {
    const double a = 0.02, v = 0.05, h = 0.3;
    struct engine f;
    struct hl_plan p;
    engine_ape_and_bee(&f);
    engine_breach(&f, HL_VECTOR_insider, a, HL_NONE);
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_third_party_compromise, v, 0);
    b->hit = h;
    b->count.low = 0.5 * v;
    b->count.high = 2 * v;
    engine_plan(&p, &f);
    expect_near(hl_plan_p_breach(&p, 0, HL_NONE, 0), 1 - exp(-a - v * h), "ape");
    expect_near(hl_plan_p_breach(&p, 0, HL_NONE, 1), 1 - exp(-a - v * h), "bee");
    expect_near(hl_plan_p_breach(&p, 0, HL_NONE, HL_NONE), 1 - exp(-2 * a - v * 0.51), "system");
    expect_near(hl_plan_p_breach(&p, 0, 0, HL_NONE), 1 - exp(-a), "ape's insider");
    expect_near(hl_plan_p_breach(&p, 0, 0, 1), 0, "ape's insider at bee");
    expect_near(hl_plan_p_breach(&p, 0, 2, 0), 1 - exp(-v * h), "the vendor at ape");
    expect_near(hl_plan_p_breach(&p, 1, 2, 0), 1 - exp(-0.5 * v * h), "low end");
    expect_near(hl_plan_p_breach(&p, 2, 2, 0), 1 - exp(-2 * v * h), "high end");
    hl_plan_free(&p);
}

/* Half a year: at most once with q a year misses h of its hits; negative binomial of mean m and shape r. */
Test(plan, p_breach_of_other_counts_and_horizons) {
    const double q = 0.3, m = 0.4, r = 2, h = 0.6;
    struct engine f;
    struct hl_plan p;
    engine_ape_and_bee(&f);
    f.s.horizon_days = 73; /* a fifth of a year */
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_third_party_compromise, 0, 0);
    b->hit = h;
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {q}, .low = q, .high = q};
    b = engine_breach(&f, HL_VECTOR_insider, 0, HL_NONE);
    b->count = (struct hl_count){.family = &hl_frequency_negative_binomial, .p = {m, r}, .low = m, .high = m};
    engine_plan(&p, &f);
    double once = 1 - pow(1 - q, 0.2); /* in a fifth of a year */
    expect_near(p.year_days, 73, "days of the policy year");
    expect_near(hl_plan_p_breach(&p, 0, 0, HL_NONE), once * (1 - 0.4 * 0.4), "either client");
    expect_near(hl_plan_p_breach(&p, 0, 0, 1), once * h, "one client");
    expect_near(hl_plan_p_breach(&p, 0, 1, 0), 1 - pow(1 + m / r, -0.2 * r), "negative binomial");
    expect_near(hl_plan_p_breach(&p, 0, HL_NONE, 0), 1 - (1 - once * h) * pow(1 + m / r, -0.2 * r), "both");
    hl_plan_free(&p);
}

/* A breach at a component passes with p to each of two vendors, and from there with p to a shop built on both; ape is a
 * client of the shop and of one of the two. Worked out by the ways that the links can be open. */
Test(plan, p_breach_through_components) {
    const double rate = 0.3, h = 0.6, pass = 0.7, passed = pass * pass;
    struct engine f;
    struct hl_plan p;
    engine_start(&f);
    size_t shop = engine_vendor(&f, "shop"), left = engine_vendor(&f, "left"), cloud = engine_vendor(&f, "cloud");
    f.vendors[shop].uses = &f.every[left];
    f.vendors[left].uses = &f.every[cloud];
    f.vendors[shop].use_count = f.vendors[left].use_count = 1;
    size_t btc = engine_asset(&f, "BTC"), ape = engine_exchange(&f, "ape"), bee = engine_exchange(&f, "bee");
    engine_holding(&f, ape, btc, HL_COLD, 100)->custodian = shop;
    engine_holding(&f, ape, btc, HL_HOT, 100)->custodian = left;
    engine_holding(&f, bee, btc, HL_COLD, 100)->custodian = shop;
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_third_party_compromise, rate, cloud);
    b->hit = h;
    b->passes = pass;
    engine_plan(&p, &f);
    double ape_hit = pass * (1 - pass) * h + passed * (1 - (1 - h) * (1 - h));
    double any_hit = pass * (1 - pass) * h + passed * (1 - (1 - h) * (1 - h) * (1 - h));
    expect_near(hl_plan_p_breach(&p, 0, HL_NONE, bee), 1 - exp(-rate * passed * h), "bee, by the shop alone");
    expect_near(hl_plan_p_breach(&p, 0, HL_NONE, ape), 1 - exp(-rate * ape_hit), "ape, by two ways");
    expect_near(hl_plan_p_breach(&p, 0, HL_NONE, HL_NONE), 1 - exp(-rate * any_hit), "either");
    size_t apart = hl_plan_sampling(&p, HL_VENDORS_APART);
    expect_near(hl_plan_p_breach(&p, apart, HL_NONE, ape), 1 - exp(-rate * ape_hit), "ape, told apart");
    expect_near(hl_plan_p_breach(&p, apart, HL_NONE, HL_NONE), 1 - exp(-rate * (ape_hit + passed * h)), "independent");
    hl_plan_free(&p);
    const double ends[][3] = {{0, 0, 0}, {1, h, 1 - (1 - h) * (1 - h)}}; /* passes, and the hits of bee and ape */
    for (size_t i = 0; i < 2; i++) {
        b->passes = ends[i][0];
        engine_plan(&p, &f);
        expect_near(hl_plan_p_breach(&p, 0, HL_NONE, bee), 1 - exp(-rate * ends[i][1]), "bee at an end");
        expect_near(hl_plan_p_breach(&p, 0, HL_NONE, ape), 1 - exp(-rate * ends[i][2]), "ape at an end");
        hl_plan_free(&p);
    }
}
