/* Income and top-ups by month. */
#include "engine/months.h"
#include "tests/engine_fixture.h"

/* A reserve of up to `level`, of which `start` is there, and an income of 73 a year: 6 a month. */
Test(months, what_comes_in_pays_later_claims) {
    const struct {
        const char *what;
        int years;
        bool fresh;
        struct terms fund;
        struct theft thefts[PLAY_THEFTS];
        double paid;
    } rows[] = {
        {"three months before the theft",
         1,
         false,
         RESERVE(100, .start = 0.01, .income = 73),
         {{.day = 100, .a = 50}},
         19},
        {"one on the day of the theft, before it",
         1,
         false,
         RESERVE(100, .start = 0.01, .income = 73),
         {{.day = 90, .a = 50}},
         19},
        {"none on the day before the month",
         1,
         false,
         RESERVE(100, .start = 0.01, .income = 73),
         {{.day = 89, .a = 50}},
         13},
        {"and until it pays",
         1,
         false,
         RESERVE(100, .start = 0.01, .income = 73, .after = 45),
         {{.day = 100, .a = 50}},
         25},
        {"not after its last day", 1, false, RESERVE(100, .start = 0.01, .income = 73), {{.day = 10, .a = 50}}, 1},
        {"no more than the amount", 1, false, RESERVE(10, .start = 0.5, .income = 73), {{.day = 100, .a = 50}}, 10},
        {"twelve in a year, over the years",
         3,
         false,
         RESERVE(1000, .start = 0.001, .income = 73),
         {{.day = 730, .a = 500}},
         145},
        {"of the year alone where each begins afresh",
         3,
         true,
         RESERVE(1000, .start = 0.001, .income = 73),
         {{.day = 730 + 65, .a = 500}},
         13},
        {"filled up below 80 %",
         1,
         false,
         RESERVE(100, .top_up_below = 0.8),
         {{.day = 10, .a = 50}, {.day = 31, .a = 100}},
         150},
        {"80 % is not below",
         1,
         false,
         RESERVE(100, .top_up_below = 0.8),
         {{.day = 10, .a = 20}, {.day = 31, .a = 100}},
         100},
        {"income first: 79 and 6",
         1,
         false,
         RESERVE(100, .top_up_below = 0.8, .income = 73),
         {{.day = 10, .a = 21}, {.day = 31, .a = 100}},
         106},
        {"a theft on the day of the month finds it full",
         1,
         false,
         RESERVE(100, .top_up_below = 0.8),
         {{.day = 10, .a = 50}, {.day = 30, .a = 100}},
         150},
        {"a year turns first: 40 refilled, then nothing is missing below half",
         2,
         false,
         RESERVE(100, .refill = 0.4, .top_up_below = 0.5),
         {{.day = 361, .a = 90}, {.day = 391, .a = 100}},
         140},
        {"none once the exchange has closed: 10 and twelve months",
         2,
         false,
         RESERVE(10, .income = 73),
         {{.day = 10, .a = 500}, {.day = 500, .a = 5}},
         82},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        play_make_years(&p, rows[i].years, rows[i].fresh, &rows[i].fund, 1, rows[i].thefts, PLAY_THEFTS, 0, 0);
        struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
        cr_expect(play_paid(&p, &o, 0) == rows[i].paid, "%s: %g", rows[i].what, play_paid(&p, &o, 0));
        play_free(&p);
    }
}

/* 100 coins of A that fall to half their price are worth 50, less than 80 %: 50 buys 100 more. */
Test(months, money_buys_coins) {
    const struct terms funds[] = {RESERVE(100, .top_up_below = 0.8)};
    const struct theft thefts[] = {{.day = 40, .b = 500}};
    struct hl_error err = {0};
    struct play p;
    play_make(&p, funds, 1, thefts, 1, 0, 0);
    hl_plan_free(&p.plan);
    p.e.assets[0].volatility_per_year = p.e.assets[1].volatility_per_year = 0;
    p.e.s.market.moves = true;
    engine_hold_in(&p.e.funds[0], 0);
    engine_plan(&p.plan, &p.e);
    p.c.funds = p.plan.policies[0].funds;
    hl_prices_free(&p.prices);
    cr_assert(hl_prices_reserve(&p.prices, &p.plan, 4, &err) == HL_OK);
    hl_prices_begin(&p.prices, 0, 0);
    hl_prices_fall(&p.prices, 0, 20, 0.5);
    struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
    cr_expect(play_paid(&p, &o, 0) == 100, "200 coins at half the price: %g", play_paid(&p, &o, 0));
    play_free(&p);
}

/* The income of 73 goes to two rows of 25 % and 75 % of the fund: 6 a month are 1.5 and 4.5. */
Test(months, income_is_shared_by_the_rows_of_a_fund) {
    static const struct hl_part parts[] = {{HL_NONE, 0.25}, {0, 0.75}};
    struct engine f;
    struct hl_plan p;
    engine_ape_and_bee(&f);
    struct hl_fund *fund = engine_fund(&f, HL_FUND_protection_fund, 100);
    fund->parts = parts;
    fund->part_count = 2;
    fund->income = (struct hl_amount){.value = 73, .cap = INFINITY};
    engine_plan(&p, &f);
    const struct hl_plan_fund *rows = p.policies[0].funds;
    cr_expect(rows[0].incomes[0] == 2 && rows[1].incomes[0] == 4, "to even: %g, %g", rows[0].incomes[0],
              rows[1].incomes[0]);
    cr_expect_null(rows[2].incomes, "the additional reserve has none");
    hl_plan_free(&p);
}
