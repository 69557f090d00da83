/* The record of a case, as a scenario says it. */
#include "scenario_fixture.h"

#include <math.h>

static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

Test(record, none_unless_given) {
    struct hl_scenario s = load(NULL);
    cr_expect(!s.expected.any && s.fact_count == 0 && s.starts_on == NULL);
    hl_scenario_free(&s);
}

Test(record, as_given) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
        {"s.yaml", "seed: 7", "starts_on: 2024-05-31\nseed: 7"},
        {"s.yaml", "funds:\n",
         "expected: {whole_after: 14 d, customers_lose: 0, paid: {parent: 1.5 bn, crime: 0}, tolerance: 1 %}\n"
         "facts:\n"
         "  - {fact: '4,502.9 BTC left', source: the press, confidence: medium}\n"
         "  - {fact: b, source: c, confidence: assumption}\n"
         "funds:\n"}});
    cr_expect_str_eq(s.starts_on, "2024-05-31");
    cr_expect(s.expected.any && s.expected.whole_after_days == 14 && s.expected.customers_lose == 0);
    cr_expect(s.expected.tolerance == 0.01);
    for (size_t i = 0; i < s.fund_count; i++)
        cr_expect(i == 2   ? s.expected.paid[i] == 0
                  : i == 5 ? s.expected.paid[i] == 1.5e9
                           : isnan(s.expected.paid[i]),
                  "fund %zu", i);
    cr_assert(s.fact_count == 2);
    cr_expect_str_eq(s.facts[0].fact, "4,502.9 BTC left");
    cr_expect_str_eq(s.facts[0].source, "the press");
    cr_expect_str_eq(s.facts[0].confidence, "medium");
    cr_expect_str_eq(s.facts[1].confidence, "assumption");
    hl_scenario_free(&s);
}

Test(record, never_whole) {
    struct hl_scenario s =
        load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "funds:\n", "expected: {whole_after: never}\nfunds:\n"}});
    cr_expect(isinf(s.expected.whole_after_days) && isnan(s.expected.customers_lose) && s.expected.tolerance == 0.005);
    hl_scenario_free(&s);
}
