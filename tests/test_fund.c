#include "models/fund.h"

#include <criterion/criterion.h>
#include <string.h>

Test(fund, names_and_what_is_set_aside) {
    const struct {
        enum hl_fund_id id;
        const char *name;
        bool earmarked;
    } rows[] = {
        {HL_FUND_recovery, "recovery", false},       {HL_FUND_guarantee_crypto, "guarantee_crypto", true},
        {HL_FUND_reserve, "reserve", true},          {HL_FUND_insurance, "insurance", true},
        {HL_FUND_own_capital, "own_capital", false}, {HL_FUND_parent, "parent", false},
    };
    cr_expect(HL_FUND_COUNT == sizeof rows / sizeof rows[0]);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cr_expect_str_eq(hl_fund_kinds[rows[i].id].name, rows[i].name);
        cr_expect(hl_fund_kinds[rows[i].id].earmarked == rows[i].earmarked, "%s", rows[i].name);
        cr_expect(strlen(hl_fund_kinds[rows[i].id].doc) > 10, "%s", rows[i].name);
    }
}
