/* What a stated amount comes to, and where the rows of a waterfall stand. */
#include "engine/plan_funds.h"
#include "tests/engine_fixture.h"

/* An exchange with a figure for every base; customers' coins 70 hot, 200 warm, 1000 cold. */
static void start(struct engine *f) {
    engine_start(f);
    engine_exchange(f, "ape");
    engine_exchange(f, "bee");
    engine_asset(f, "BTC");
    struct hl_exchange *e = &f->exchanges[0];
    e->customer_fiat = 1;
    e->annual_volume = 20000;
    e->highest_volume = 30000;
    e->revenue = 500;
    e->fees = 400;
    e->fixed_overheads = 90;
    e->own_capital = 600;
    engine_holding(f, 0, 0, HL_HOT, 70);
    engine_holding(f, 0, 0, HL_WARM, 200);
    engine_holding(f, 0, 0, HL_COLD, 1000);
    engine_holding(f, 0, 0, HL_HOT, 33)->owner = HL_OWNER_HOUSE;
    engine_holding(f, 0, 0, HL_COLD, 44)->owner = HL_OWNER_GUARANTEE;
    engine_holding(f, 1, 0, HL_HOT, 5);
}

Test(plan_funds, amounts) {
    const struct {
        struct hl_amount amount;
        double want;
    } rows[] = {
        {{HL_BASE_FIXED, 1234, 0, INFINITY, NULL}, 1234},
        {{HL_BASE_ANNUAL_VOLUME, 0.002, 0, INFINITY, NULL}, 40},
        {{HL_BASE_HIGHEST_VOLUME, 0.002, 0, INFINITY, NULL}, 60},
        {{HL_BASE_CUSTOMER_CRYPTO, 0.1, 0, INFINITY, NULL}, 127},
        {{HL_BASE_HOT, 0.1, 0, INFINITY, NULL}, 7},
        {{HL_BASE_COLD, 0.1, 0, INFINITY, NULL}, 100},
        {{HL_BASE_REVENUE, 0.5, 0, INFINITY, NULL}, 250},
        {{HL_BASE_FEES, 0.5, 0, INFINITY, NULL}, 200},
        {{HL_BASE_FIXED_OVERHEADS, 0.5, 0, INFINITY, NULL}, 45},
        {{HL_BASE_OWN_CAPITAL, 1, 0, INFINITY, NULL}, 600},
        {{HL_BASE_HIGHEST_VOLUME, 0.002, 100, INFINITY, NULL}, 100}, /* the floor */
        {{HL_BASE_HIGHEST_VOLUME, 0.002, 0, 50, NULL}, 50},          /* the cap */
        {{HL_BASE_HIGHEST_VOLUME, 0.002, 50, 70, NULL}, 60},
        {{HL_BASE_HOT, 0.105, 0, INFINITY, NULL}, 7}, /* 7.35 in whole quanta */
        {{HL_BASE_HOT, 0.25, 0, INFINITY, NULL}, 18}, /* 17.5: ties to even */
        {{HL_BASE_HOT, 0.75, 0, INFINITY, NULL}, 52}, /* 52.5: ties to even */
        {{HL_BASE_HOT, 0, 0, INFINITY, NULL}, 0},
    };
    struct engine f;
    start(&f);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double amount = hl_amount_of(&f.s, &rows[i].amount, 0, 1);
        cr_expect(amount == rows[i].want, "row %zu: %g, not %g", i, amount, rows[i].want);
    }
    struct hl_amount all = {HL_BASE_CUSTOMER_CRYPTO, 1, 0, INFINITY, NULL};
    cr_expect(hl_amount_of(&f.s, &all, 1, 1) == 5, "of the exchange that is asked for");
    f.exchanges[1].growth_per_year = 1;
    struct hl_amount fixed = {.base = HL_BASE_FIXED, .value = 5, .cap = INFINITY};
    cr_expect(hl_amount_of(&f.s, &all, 1, 3) == 20, "a figure doubles each year");
    all.cap = 12;
    cr_expect(hl_amount_of(&f.s, &all, 1, 3) == 12 && hl_amount_of(&f.s, &fixed, 1, 3) == 5,
              "up to the cap; not money");
}

/* Kinds of one exchange's rows as letters: R recovery, G guarantee, I insurance, V reserve, C capital, P parent, and a
 * dot for the additional reserve. */
static void letters(const struct hl_plan *p, size_t policy, size_t exchange, char *out) {
    static const char kinds[HL_FUND_COUNT] = {
        [HL_FUND_recovery] = 'R',  [HL_FUND_guarantee_crypto] = 'G', [HL_FUND_reserve] = 'V',
        [HL_FUND_insurance] = 'I', [HL_FUND_own_capital] = 'C',      [HL_FUND_parent] = 'P'};
    const struct hl_policy *q = &p->policies[policy];
    for (size_t i = q->first[exchange]; i < q->first[exchange + 1]; i++)
        *out++ = q->funds[i].item == HL_NONE ? '.' : kinds[q->funds[i].kind];
    *out = '\0';
}

Test(plan_funds, where_the_additional_reserve_stands) {
    const struct {
        const char *funds, *rows, *uninsured;
    } rows[] = {
        {"", ".", NULL},
        {"V", ".V", NULL},
        {"CV", "C.V", NULL},
        {"GVI", "G.VI", "G.V"},
        {"IGV", "IG.V", "G.V"},
        {"GI", "GI.", "G."},          /* no reserve: behind the last earmarked source */
        {"RIGCP", "RIG.CP", "RG.CP"}, /* no reserve, others behind */
        {"RCP", ".RCP", NULL},        /* nothing earmarked: in front of all */
        {"VG", ".VG", NULL},          /* in front of the reserve, wherever that stands */
        {"IPI", "IPI.", ".P"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine f;
        struct hl_plan p;
        char got[ENGINE_MOST + 2];
        start(&f);
        for (const char *c = rows[i].funds; *c != '\0'; c++) {
            enum hl_fund_id kind = *c == 'R'   ? HL_FUND_recovery
                                   : *c == 'G' ? HL_FUND_guarantee_crypto
                                   : *c == 'V' ? HL_FUND_reserve
                                   : *c == 'I' ? HL_FUND_insurance
                                   : *c == 'C' ? HL_FUND_own_capital
                                               : HL_FUND_parent;
            engine_fund(&f, kind, 1);
        }
        engine_plan(&p, &f);
        letters(&p, 0, 0, got);
        cr_expect_str_eq(got, rows[i].rows);
        cr_assert_eq(p.policy_count, rows[i].uninsured != NULL ? 2 : 1, "%s", rows[i].funds);
        if (rows[i].uninsured != NULL) {
            letters(&p, 1, 0, got);
            cr_expect_str_eq(got, rows[i].uninsured);
        }
        hl_plan_free(&p);
    }
}

/* A fund of 101 in two instalments of 25 % cash and 75 % of B, half of it lost in raising it: 50.5 by running totals.
 */
Test(plan_funds, a_row_for_each_part_of_each_instalment) {
    static const struct hl_part parts[] = {{HL_NONE, 0.25}, {1, 0.75}};
    const struct {
        size_t held_in;
        double level, doubled;
        int after;
    } want[] = {
        {HL_NONE, 6, 13, 5},  /* 6.3125, 12.625 */
        {1, 19, 37, 5},       /* 25.25, 50.5 */
        {HL_NONE, 7, 13, 35}, /* 31.5625, 63.125 */
        {1, 18, 38, 35},      /* 50.5, 101 */
    };
    struct engine f;
    struct hl_plan p;
    start(&f);
    f.s.horizon_days = 2 * 365;
    f.exchanges[0].own_capital = 101;
    f.exchanges[0].growth_per_year = 1;
    engine_fund(&f, HL_FUND_reserve, 7);
    struct hl_fund *sale = engine_fund(&f, HL_FUND_asset_sale, 0);
    sale->amount = (struct hl_amount){HL_BASE_OWN_CAPITAL, 1, 0, INFINITY, NULL};
    sale->parts = parts;
    sale->part_count = COUNT_OF(parts);
    sale->instalments = 2;
    sale->every_days = 30;
    sale->after_days = 5;
    sale->discount = 0.5;
    sale->at_count = 1;
    engine_plan(&p, &f);
    const struct hl_plan_fund *rows = p.policies[0].funds;
    cr_assert_eq(p.policies[0].first[1], 6, "the additional reserve, the reserve, four rows");
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        const struct hl_plan_fund *row = &rows[2 + i];
        cr_expect(row->item == 1 && row->stream == rows[2].stream && row->held_in == want[i].held_in, "row %zu", i);
        cr_expect(row->levels[0] == want[i].level && row->levels[1] == want[i].doubled, "row %zu: %g, %g", i,
                  row->levels[0], row->levels[1]);
        cr_expect(row->after_days == want[i].after, "row %zu", i);
    }
    hl_plan_free(&p);
}

/* The additional reserve stands in front of the first row of the reserve, and behind all rows of another fund. */
Test(plan_funds, the_additional_reserve_among_rows_of_one_fund) {
    static const struct hl_part parts[] = {{0, 0.5}, {HL_NONE, 0.5}};
    for (int reserve = 0; reserve < 2; reserve++) {
        struct engine f;
        struct hl_plan p;
        start(&f);
        struct hl_fund *fund = engine_fund(&f, reserve ? HL_FUND_reserve : HL_FUND_protection_fund, 10);
        fund->parts = parts;
        fund->part_count = 2;
        engine_plan(&p, &f);
        cr_assert_eq(p.policies[0].first[1], 3);
        cr_expect_eq(p.policies[0].funds[reserve ? 0 : 2].item, HL_NONE);
        hl_plan_free(&p);
    }
}

Test(plan_funds, rows_carry_their_terms) {
    struct engine f;
    struct hl_plan p;
    start(&f);
    struct hl_fund *recovery = engine_fund(&f, HL_FUND_recovery, 0.03);
    recovery->probability = 0.5;
    recovery->after_days = 180;
    recovery->recovered_share = 0.04;
    recovery->bounty_share = 0.25;
    engine_fund(&f, HL_FUND_reserve, 77)->at_count = 1;
    struct hl_fund *layer = engine_fund(&f, HL_FUND_insurance, 12);
    layer->after_days = 90;
    engine_fund(&f, HL_FUND_parent, 5)->at = &f.every[1];
    f.funds[3].at_count = 1;
    engine_plan(&p, &f);
    char got[ENGINE_MOST + 2];
    letters(&p, 0, 0, got);
    cr_expect_str_eq(got, "R.VI");
    letters(&p, 0, 1, got);
    cr_expect_str_eq(got, "RI.P", "the reserve stands at ape alone, the parent at bee alone");
    cr_expect_eq(p.funds_most, 4);
    const struct hl_plan_fund *rows = p.policies[0].funds;
    cr_expect(rows[0].recovered_share == 0.03 && rows[0].probability == 0.5 && rows[0].after_days == 180);
    cr_expect(!rows[0].earmarked && rows[0].layer == NULL && rows[0].levels == NULL && rows[0].item == 0);
    cr_expect(rows[1].kind == HL_FUND_reserve && rows[1].earmarked && rows[1].probability == 1);
    cr_expect(rows[1].after_days == 0 && rows[1].levels == NULL);
    cr_expect(rows[2].levels[0] == 77 && rows[2].earmarked && rows[2].item == 1);
    cr_expect(rows[3].layer == &layer->layer && rows[3].earmarked && rows[3].levels == NULL &&
              rows[3].after_days == 90);
    cr_expect(rows[0].stream != p.policies[0].funds[p.policies[0].first[1]].stream, "each exchange its own answers");
    cr_expect(rows[0].stream != rows[2].stream, "each source of funds its own answers");
    hl_plan_free(&p);
}
