/* What a source of funds has, and how it is booked; whole waterfalls are in test_waterfall.c. */
#include "engine/payments.h"
#include "tests/engine_fixture.h"

Test(payments, parts_of_an_amount_add_up) {
    static const struct {
        double values[3], amount, given[3];
    } rows[] = {
        {{10, 20, 30}, 60, {10, 20, 30}}, {{10, 20, 30}, 6, {1, 2, 3}},
        {{1, 1, 1}, 1, {0, 1, 0}}, /* running totals 0.33, 0.67, 1 */
        {{1, 1, 1}, 2, {1, 0, 1}}, /* 0.67, 1.33, 2 */
        {{0, 5, 0}, 3, {0, 3, 0}},        {{0, 0, 0}, 0, {0, 0, 0}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double values[3], given[3];
        memcpy(values, rows[i].values, sizeof values);
        hl_share_out(values, 3, rows[i].amount, given);
        for (size_t j = 0; j < 3; j++)
            cr_expect(given[j] == rows[i].given[j] && values[j] == rows[i].values[j] - given[j], "row %zu: %g", i,
                      given[j]);
    }
}

Test(payments, who_answers) {
    const struct hl_address at = {.stream = 7, .purpose = HL_DRAW_ANSWER};
    double u = hl_u01(1, at);
    cr_expect(hl_answered(1, 1, at) && !hl_answered(0, 1, at));
    cr_expect(hl_answered(u * 1.0001, 1, at) && !hl_answered(u, 1, at), "below the probability only");
}

/* A claim of 10 of A and 4 of B in money: what is left is what was not paid, and money of one row goes to another. */
Test(payments, booked_and_given_back) {
    const struct terms funds[] = {RESERVE(6), CAPITAL(9)};
    const struct theft thefts[PLAY_THEFTS] = {{.a = 10, .b = 4}};
    struct play p;
    play_make(&p, funds, 2, thefts, 1, 0, 0);
    hl_waterfall_begin(&p.w, &p.c);
    hl_waterfall_play(&p.w, 0);
    size_t reserve = 1, capital = 2; /* behind the additional reserve */
    cr_expect(hl_unpaid_cost(&p.w, &p.c, 0, 0) == 0 && p.w.received[0] == 14);
    cr_expect(hl_payable(&p.w, &p.c, 0, reserve, 0) == 0 && hl_payable(&p.w, &p.c, 0, capital, 0) == 1);
    hl_give_back(&p.w, &p.c, 0, reserve, 0, 2);
    cr_expect(hl_payable(&p.w, &p.c, 0, reserve, 0) == 2);
    hl_book(&p.w, &p.c, 0, capital, 0, 1, reserve);
    cr_expect(p.w.left[capital] == 0 && p.w.received[0] == 14, "a repayment is nothing to customers");
    play_free(&p);
}

/* A protection fund of 10 in cash and 30 of B in two instalments: rows of 5 cash, 15 B, 5 cash, 15 B. */
Test(payments, stolen_coins_come_off_their_fund) {
    static const struct hl_part parts[] = {{HL_NONE, 0.25}, {1, 0.75}};
    const struct {
        size_t asset;
        double stolen, left[4];
    } rows[] = {
        {1, 10, {5, 5, 5, 15}},
        {1, 20, {5, 0, 5, 10}}, /* the first row first */
        {1, 99, {5, 0, 5, 0}},  /* no more than there is */
        {0, 20, {5, 15, 5, 15}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct theft thefts[] = {{.a = 1}};
        const struct terms funds[] = {RESERVE(7), CAPITAL(40)};
        struct play p;
        play_make(&p, funds, 2, thefts, 1, 0, 0);
        hl_plan_free(&p.plan);
        p.e.funds[1].kind = HL_FUND_protection_fund;
        p.e.funds[1].parts = parts;
        p.e.funds[1].part_count = 2;
        p.e.funds[1].instalments = 2;
        engine_plan(&p.plan, &p.e);
        hl_waterfall_free(&p.w);
        struct hl_error err = {0};
        cr_assert(hl_waterfall_reserve(&p.w, &p.plan, 1, &err) == HL_OK);
        p.c.funds = p.plan.policies[0].funds;
        p.c.fund_count = p.plan.policies[0].first[1];
        cr_assert_eq(p.c.fund_count, 6);
        p.taken[0][0].asset = (uint32_t)rows[i].asset;
        p.taken[0][0].protection = rows[i].stolen;
        p.taken[0][0].customers = p.taken[0][0].money = 0;
        p.claims[0].claim = 0;
        hl_waterfall_begin(&p.w, &p.c);
        hl_waterfall_play(&p.w, 0);
        for (size_t k = 0; k < 4; k++)
            cr_expect(p.w.left[2 + k] == rows[i].left[k], "row %zu: %g in %zu", i, p.w.left[2 + k], k);
        cr_expect(p.w.left[1] == 7, "the reserve is another fund");
        play_free(&p);
    }
}

/* 10 customers hold 1000 in all; 400 is stolen, 100 of it is paid: each lost 30 and gets 20. The rest is repaid to
 * nobody, and a later recovery of 100 pays customers before it repays the insurance. */
Test(payments, deposits_are_looked_at_once) {
    const struct theft thefts[] = {{.a = 400}};
    const struct terms funds[] = {
        RECOVERY(0.25, .after = 20), RESERVE(100), {.kind = HL_FUND_deposit_insurance, .after = 5}};
    struct play p;
    play_make(&p, funds, 3, thefts, 1, 0, 0);
    p.plan.customers[0] = 1000;
    p.e.funds[2].deposit = (struct hl_deposit_terms){.limit = 20, .customers = NAN};
    p.e.exchanges[0].customers = 10;
    struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
    cr_expect(play_paid(&p, &o, 0) == 100 && play_paid(&p, &o, 1) == 100 && play_paid(&p, &o, 2) == 200);
    cr_expect(o.shortfall == 0 && o.days_until_whole == 20);
    p.e.exchanges[0].customers = 5;
    o = hl_waterfall_solve(&p.w, &p.c);
    cr_expect(play_paid(&p, &o, 2) == 100 && o.haircut == 100, "five customers get 20 each");
    play_free(&p);
}
