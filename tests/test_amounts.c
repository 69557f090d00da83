#include "scenario_fixture.h"

#include <math.h>

static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

Test(amounts, amounts_fixed_or_shares_of_figures) {
    struct hl_scenario s = load(NULL);
    struct hl_amount a = s.funds[3].amount;
    cr_expect(a.base == HL_BASE_HIGHEST_VOLUME && a.value == 0.002 && a.floor == 1e9 && a.cap == 40e9);
    a = s.funds[4].amount;
    cr_expect(a.base == HL_BASE_OWN_CAPITAL && a.value == 1 && a.floor == 0 && isinf(a.cap));
    a = s.funds[5].amount;
    cr_expect(a.base == HL_BASE_FIXED && a.value == 1.8e9 && a.floor == 0 && isinf(a.cap), "12 m USD at 150");
    hl_scenario_free(&s);
}

Test(amounts, a_share_may_be_of_any_figure) {
    for (size_t base = HL_BASE_FIXED + 1; base < HL_BASE_RULE; base++) {
        char to[64];
        snprintf(to, sizeof to, "of: %s", hl_base_names[base]);
        struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
            {"s.yaml", "of: highest_volume", to},
            {"exchanges.csv", NULL,
             "exchange,jurisdiction,as_of,annual_volume,highest_volume,revenue,fees,fixed_overheads,own_capital,source,"
             "confidence\nape,JP,2024-03-31,1,2,3,4,5,6,s,low\nbee,JP,2024-03-31,1,2,3,4,5,6,s,low\n"}});
        cr_expect_eq(s.funds[3].amount.base, base);
        hl_scenario_free(&s);
    }
}
