#include "scenario_fixture.h"

#include <math.h>

static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

Test(takes, an_amount_in_quanta_of_some_assets) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "currency: JPY", "currency: EUR"},
                                                                     {"holdings.csv", "4000", "40"},
                                                                     {"holdings.csv", "2.5 bn", "2.5 m"}});
    const struct hl_breach *b = &s.breaches[2];
    cr_expect(b->at_count == 1 && b->at[0] == 0);
    cr_expect(b->assets[0] && !b->assets[1] && !b->assets[2]);
    cr_expect_str_eq(b->size.family->name, "lognormal");
    cr_expect(b->size.p[0] == 2e9 * 128 && b->size.p[1] == 1.5);
    hl_scenario_free(&s);
}

Test(takes, a_cap_in_quanta) {
    struct hl_scenario s =
        load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "currency: JPY", "currency: EUR"},
                                                  {"s.yaml", "sigma: 1.5}}", "sigma: 1.5}}, at_most: 3 m"},
                                                  {"holdings.csv", "4000", "40"},
                                                  {"holdings.csv", "2.5 bn", "2.5 m"}});
    cr_expect(s.breaches[2].amount_most == 3e6 * 128 && isinf(s.breaches[0].amount_most));
    hl_scenario_free(&s);
}

Test(takes, a_sample_is_sorted_and_may_repeat) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
        {"s.yaml", "{lognormal: {median: 2 bn, sigma: 1.5}}", "{empirical: {values: [2 bn, 1 bn, 2 bn]}}"}});
    const struct hl_distribution *d = &s.breaches[2].size;
    cr_assert(d->family->sample && d->value_count == 3);
    cr_expect(d->values[0] == 1e9 && d->values[1] == 2e9 && d->values[2] == 2e9);
    hl_scenario_free(&s);
}

/* Drains, shares by asset, and the days of a breach, as the sample's second and third entries. */
Test(takes, drains_and_days) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
        {"s.yaml", "share: 100 %}",
         "drain: {amount_per_day: 5 bn, detected_after: 54 min}}\n    dwell: {gamma: {shape: 2, scale: 30 d}}\n"
         "    found: 2 / y"},
        {"s.yaml", "amount: {lognormal: {median: 2 bn, sigma: 1.5}}}",
         "share: 10 %, by_asset: {gaussian: {rho: 40 %}}}\n    noticed_after: 6 h"}});
    const struct hl_breach *b = &s.breaches[1];
    cr_expect(b->size.family == NULL && b->drain.amount_per_day == 5e9 && b->drain.share_per_day == 0);
    cr_expect(b->drain.detected_after.law.family == NULL && b->drain.detected_after.days == 54.0 / 1440);
    cr_expect_str_eq(b->dwell.law.family->name, "gamma");
    cr_expect(b->dwell.law.p[0] == 2 && b->dwell.law.p[1] == 30 && b->found_per_year == 2);
    b = &s.breaches[2];
    cr_expect_str_eq(b->by_asset.family->name, "gaussian");
    cr_expect(b->by_asset.p[0] == 0.4 && b->noticed_after.days == 0.25 && b->dwell.days == 0);
    b = &s.breaches[0];
    cr_expect(b->by_asset.family == NULL && b->dwell.days == 0 && b->noticed_after.days == 0 && b->found_per_year == 0);
    cr_expect(b->drain.share_per_day == 0 && b->drain.amount_per_day == 0);
    hl_scenario_free(&s);
}
