#include "scenario_fixture.h"

#include <math.h>

static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

Test(funds, in_their_order_with_common_terms) {
    static const struct {
        enum hl_fund_id kind;
        const char *name;
        size_t at_count;
        double after_days, probability;
    } want[] = {{HL_FUND_recovery, "recovery", 2, 180, 0.5},   {HL_FUND_guarantee_crypto, "guarantee_crypto", 2, 0, 1},
                {HL_FUND_insurance, "crime", 2, 0, 1},         {HL_FUND_reserve, "reserve", 2, 0, 1},
                {HL_FUND_own_capital, "own_capital", 2, 0, 1}, {HL_FUND_parent, "parent", 1, 10, 1}};
    struct hl_scenario s = load(NULL);
    cr_assert_eq(s.fund_count, 6);
    for (size_t i = 0; i < 6; i++) {
        const struct hl_fund *f = &s.funds[i];
        cr_expect_eq(f->kind, want[i].kind, "fund %zu", i);
        cr_expect_str_eq(f->name, want[i].name);
        cr_expect(f->at_count == want[i].at_count && f->after_days == want[i].after_days &&
                      f->probability == want[i].probability,
                  "fund %zu", i);
    }
    cr_expect_eq(s.funds[0].recovered_share, 0.03);
    hl_scenario_free(&s);
}

Test(funds, insurance_terms_and_their_defaults) {
    struct hl_scenario s = load(NULL);
    struct hl_layer_terms t = s.funds[2].layer;
    cr_expect_eq(t.covers, 1u << HL_VECTOR_insider | 1u << HL_VECTOR_key_leak);
    cr_expect(t.attachment == 0.5e9 && t.limit == 5e9 && t.share == 1 && t.aggregate_deductible == 0);
    cr_expect(isinf(t.aggregate_limit) && isinf(t.reinstatements));
    hl_scenario_free(&s);
    s = load((struct fixture_edit[FIXTURE_EDITS]){
        {"s.yaml", "limit: 5 bn, attachment: 0.5 bn, covers: [insider, key_leak]",
         "limit: unlimited, share: 40 %, aggregate_deductible: 1 bn, aggregate_limit: 7 bn, reinstatements: 2"}});
    t = s.funds[2].layer;
    cr_expect_eq(t.covers, (1u << HL_VECTOR_COUNT) - 1, "all vectors");
    cr_expect(t.attachment == 0 && isinf(t.limit) && t.share == 0.4 && t.aggregate_deductible == 1e9);
    cr_expect(t.aggregate_limit == 7e9 && t.reinstatements == 2);
    hl_scenario_free(&s);
}

Test(funds, what_comes_in_over_the_years) {
    struct hl_scenario s =
        load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "horizon: 1 y", "horizon: 5 y"},
                                                  {"s.yaml", "cap: 40 bn}", "cap: 40 bn}, start: 20 %, refill: 10 %"}});
    static const struct { double start, refill; } want[] = {{1, 0}, {1, 1}, {1, 0}, {0.2, 0.1}, {1, 0}, {1, 0}};
    for (size_t i = 0; i < 6; i++)
        cr_expect(s.funds[i].start == want[i].start && s.funds[i].refill_per_year == want[i].refill, "fund %zu", i);
    hl_scenario_free(&s);
    s = load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "cap: 40 bn}", "cap: 40 bn}, start: 50 %"}});
    cr_expect(s.funds[3].start == 0.5, "a start goes with one year too");
    hl_scenario_free(&s);
}

Test(funds, held_in_cash_or_in_an_asset) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
        {"s.yaml", "cap: 40 bn}", "cap: 40 bn}, held_in: ETH"}, {"s.yaml", "12 m USD", "12 m USD, held_in: cash"}});
    cr_assert(s.funds[3].part_count == 1 && s.funds[4].part_count == 0 && s.funds[5].part_count == 0);
    cr_expect(s.funds[3].parts[0].asset == 1 && s.funds[3].parts[0].share == 1);
    cr_expect_eq(s.funds[2].part_count, 0, "insurance is not held");
    hl_scenario_free(&s);
}

Test(funds, nobody_may_pay_and_single_kinds_may_stand_apart) {
    struct hl_scenario s =
        load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "  - own_capital\n",
                                                   "  - own_capital: {at: ape}\n  - own_capital: {name: bees, at: "
                                                   "[bee], amount: 0}\n  - insurance: {limit: 1 bn}\n"}});
    cr_expect_eq(s.fund_count, 8);
    cr_expect(s.funds[5].at_count == 1 && s.funds[5].at[0] == 1 && s.funds[5].amount.value == 0);
    hl_scenario_free(&s);
    const struct hl_setting none = {"funds", "[]"};
    char *printed = fixture_run(&s, NULL, &none, 1);
    cr_expect_str_eq(printed, "");
    cr_expect_eq(s.fund_count, 0);
    free(printed);
    hl_scenario_free(&s);
}
