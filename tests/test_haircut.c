#include "engine/haircut.h"
#include "tests/engine_fixture.h"

/* Customers hold 800 of A and 200 of B, and 1000 in money; 100 of A and 60 of B are stolen, 40 is paid: 25 for A, 15
 * for B; the rest is 75 of A and 45 of B. */
Test(haircut, a_share_of_what_they_have) {
    const struct {
        enum hl_haircut_rule rule;
        double fiat, want;
    } rows[] = {
        {HL_HAIRCUT_ALL_COINS, 1000, 120000},     /* 120 of 1000 */
        {HL_HAIRCUT_COINS_AND_FIAT, 1000, 60000}, /* 120 of 2000 */
        {HL_HAIRCUT_COINS_AND_FIAT, NAN, 120000}, /* the money is not known */
        {HL_HAIRCUT_BY_ASSET, 1000, 225000},      /* 45 of 200 is more than 75 of 800 */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct terms funds[] = {RESERVE(40)};
        const struct theft thefts[] = {{.a = 100, .b = 60}};
        struct play p;
        play_make(&p, funds, 1, thefts, 1, 0, 0);
        p.plan.customers[0] = 800;
        p.plan.customers[1] = 200;
        p.plan.tells_end = true;
        p.e.s.haircut = rows[i].rule;
        p.e.exchanges[0].customer_fiat = rows[i].fiat;
        struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
        cr_expect(o.haircut_share == rows[i].want, "row %zu: %g", i, o.haircut_share);
        play_free(&p);
    }
}

/* Two claims of 300 of 1000, unpaid: 30 % each, and at most all of it. */
Test(haircut, adds_up_over_claims_to_all_at_most) {
    const struct theft thefts[PLAY_THEFTS] = {
        {.a = 300}, {.day = 9, .a = 300}, {.day = 19, .a = 300}, {.day = 29, .a = 300}};
    for (size_t count = 1; count <= PLAY_THEFTS; count++) {
        struct play p;
        play_make(&p, NULL, 0, thefts, count, 0, 0);
        p.plan.customers[0] = 1000;
        p.plan.tells_end = true;
        struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
        cr_expect(o.haircut_share == fmin(0.3e6 * (double)count, 1e6), "%zu: %g", count, o.haircut_share);
        play_free(&p);
    }
}

Test(haircut, what_coins_are_worth_grows_with_the_exchange) {
    const struct theft thefts[PLAY_THEFTS] = {{.a = 10}, {.day = 365, .a = 10}, {.day = 800, .a = 10}};
    struct play p;
    play_make_years(&p, 3, false, NULL, 0, thefts, 3, 0, 0);
    p.plan.customers[0] = 1001;
    p.plan.customers[1] = 10;
    p.e.exchanges[0].growth_per_year = 0.5;
    cr_expect(hl_customers_worth(&p.c, 0, 0) == 1011 && hl_customers_worth(&p.c, 1, 365) == 1502 + 15 &&
              hl_customers_worth(&p.c, 2, 800) == 2252 + 22);
    p.e.s.fresh = true;
    cr_expect(hl_customers_worth(&p.c, 2, 800) == 1011, "not where each year begins as the first did");
    p.e.s.fresh = false;
    play_free(&p);
}
