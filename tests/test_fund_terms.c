#include "bad_funds.h"
#include "scenario_fixture.h"

#include <math.h>

/* The sample with one more fund; the caller frees it. */
static struct hl_scenario load(const char *fund) {
    char text[512];
    snprintf(text, sizeof text, "at: [ape]}\n  - %s\n", fund);
    struct fixture_edit edits[FIXTURE_EDITS] = {
        {"s.yaml", "at: [ape]}\n", text},
        {"s.yaml", "breaches:\n", "climates: [{name: crisis, gamma: {sd: 1}}]\nbreaches:\n"},
    };
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "", "%s: %s", fund, printed);
    free(printed);
    cr_assert_eq(s.fund_count, 7);
    return s;
}

Test(fund_terms, every_kind_reads_its_terms) {
    struct hl_scenario s = load("protection_fund: {amount: 8 bn, held_in: {cash: 40 %, BTC: 60 %}, instalments: 8, "
                                "every: 30 d, income: 1 bn, top_up_below: 80 %, cost: 2 %}");
    const struct hl_fund *f = &s.funds[6];
    cr_expect(f->kind == HL_FUND_protection_fund && f->amount.value == 8e9);
    cr_assert_eq(f->part_count, 2);
    cr_expect(f->parts[0].asset == HL_NONE && f->parts[0].share == 0.4);
    cr_expect(f->parts[1].asset == 0 && f->parts[0].share + f->parts[1].share == 1);
    cr_expect(f->instalments == 8 && f->every_days == 30 && f->top_up_below == 0.8 && f->cost_per_year == 0.02);
    cr_expect(f->income.base == HL_BASE_FIXED && f->income.value == 1e9);
    hl_scenario_free(&s);

    s = load("credit_line: {amount: 1 bn, fails: {rate: 2 % / y, climate: crisis}, cost: 50 bp}");
    f = &s.funds[6];
    cr_expect(f->kind == HL_FUND_credit_line && f->fails.rate_per_year == 0.02 && f->fails.climate == 0);
    hl_scenario_free(&s);

    s = load("token_issue: {amount: 1 bn, discount: 20 %}");
    cr_expect(s.funds[6].kind == HL_FUND_token_issue && s.funds[6].discount == 0.2 && s.funds[6].instalments == 1);
    cr_expect(s.funds[6].fails.rate_per_year == 0 && s.funds[6].fails.climate == HL_NONE);
    hl_scenario_free(&s);

    s = load("recovery: {name: bounty, share: 80 %, bounty: 10 %}");
    cr_expect(s.funds[6].recovered_share == 0.8 && s.funds[6].bounty_share == 0.1);
    hl_scenario_free(&s);

    s = load("pool: {amount: 3 bn, calls: {share: 1 %, of: own_capital}}");
    cr_expect(s.funds[6].amount.value == 3e9 && s.funds[6].calls.base == HL_BASE_OWN_CAPITAL);
    hl_scenario_free(&s);

    s = load("deposit_insurance: {limit: 10 m, customers: 50_000, sigma: 1.5}");
    f = &s.funds[6];
    cr_expect(f->deposit.limit == 10e6 && f->deposit.customers == 50000 && f->deposit.sigma == 1.5);
    hl_scenario_free(&s);

    s = load("administrator: {estate: 5 bn, held_in: BTC, other_creditors: 2 bn, customers: pari_passu, after: 1 y}");
    f = &s.funds[6];
    cr_expect(f->amount.value == 5e9 && f->other_creditors.value == 2e9 && f->pari_passu && f->after_days == 365);
    cr_expect(f->part_count == 1 && f->parts[0].asset == 0);
    hl_scenario_free(&s);

    s = load("transfer");
    cr_expect(s.funds[6].kind == HL_FUND_transfer && !s.funds[6].pari_passu);
    hl_scenario_free(&s);
}

Test(fund_terms, three_parts_add_up_to_the_bit) {
    struct hl_scenario s = load("asset_sale: {amount: 1 bn, held_in: {cash: 10 %, BTC: 20 %, ETH: 70 %}}");
    const struct hl_part *parts = s.funds[6].parts;
    cr_expect(parts[0].share + parts[1].share + parts[2].share == 1);
    hl_scenario_free(&s);
}

/* Every term counts for the fingerprint, and one that is left out does not. */
Test(fund_terms, the_fingerprint_knows_every_term) {
    static const char *const same[][2] = {
        {"transfer", "transfer: {after: 0 d}"},
        {"credit_line: {amount: 1 bn}", "credit_line: {amount: 1 bn, held_in: {cash: 100 %}, fails: {rate: 0 / y}}"},
        {"recovery: {name: r, share: 1 %}", "recovery: {name: r, share: 1 %, bounty: 0}"},
    };
    static const char *const other[][2] = {
        {"asset_sale: {amount: 1 bn}", "asset_sale: {amount: 1 bn, discount: 1 %}"},
        {"asset_sale: {amount: 1 bn}", "asset_sale: {amount: 1 bn, instalments: 2, every: 1 d}"},
        {"asset_sale: {amount: 1 bn, instalments: 2, every: 2 d}",
         "asset_sale: {amount: 1 bn, instalments: 2, every: 1 d}"},
        {"asset_sale: {amount: 1 bn, held_in: {cash: 40 %, BTC: 60 %}}",
         "asset_sale: {amount: 1 bn, held_in: {cash: 60 %, BTC: 40 %}}"},
        {"credit_line: {amount: 1 bn, fails: {rate: 1 % / y}}",
         "credit_line: {amount: 1 bn, fails: {rate: 1 % / y, climate: crisis}}"},
        {"credit_line: {amount: 1 bn}", "credit_line: {amount: 1 bn, cost: 1 %}"},
        {"protection_fund: {amount: 1 bn}", "protection_fund: {amount: 1 bn, income: 1}"},
        {"protection_fund: {amount: 1 bn}", "protection_fund: {amount: 1 bn, top_up_below: 50 %}"},
        {"pool: {amount: 1 bn}", "pool: {amount: 1 bn, calls: 1}"},
        {"recovery: {name: r, share: 1 %}", "recovery: {name: r, share: 1 %, bounty: 1 %}"},
        {"deposit_insurance: {limit: 1, customers: 1}", "deposit_insurance: {limit: 1, customers: 1, sigma: 1}"},
        {"administrator: {estate: 1}", "administrator: {estate: 1, other_creditors: 1}"},
        {"administrator: {estate: 1}", "administrator: {estate: 1, customers: pari_passu}"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same + sizeof other / sizeof *other; i++) {
        bool alike = i < sizeof same / sizeof *same;
        const char *const *pair = alike ? same[i] : other[i - sizeof same / sizeof *same];
        struct hl_scenario a = load(pair[0]), b = load(pair[1]);
        cr_expect((strcmp(a.fingerprint, b.fingerprint) == 0) == alike, "%s and %s", pair[0], pair[1]);
        hl_scenario_free(&a);
        hl_scenario_free(&b);
    }
}

Test(fund_terms, every_fault_is_named_at_its_place) {
    for (size_t i = 0; i < sizeof bad_funds / sizeof *bad_funds; i++) {
        struct hl_scenario s;
        char *printed = fixture_run(&s, bad_funds[i].edits, NULL, 0);
        cr_expect_str_eq(printed, bad_funds[i].want, "%s\n%s", bad_funds[i].what, printed);
        free(printed);
        hl_scenario_free(&s);
    }
}
