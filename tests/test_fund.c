#include "models/fund.h"

#include <criterion/criterion.h>
#include <string.h>

Test(fund, names_and_what_is_set_aside) {
    const struct {
        enum hl_fund_id id;
        const char *name;
        bool earmarked, stock, after_failure;
    } rows[] = {
        {HL_FUND_recovery, "recovery", false, false, false},
        {HL_FUND_guarantee_crypto, "guarantee_crypto", true, false, false},
        {HL_FUND_reserve, "reserve", true, true, false},
        {HL_FUND_insurance, "insurance", true, false, false},
        {HL_FUND_own_capital, "own_capital", false, true, false},
        {HL_FUND_parent, "parent", false, true, false},
        {HL_FUND_protection_fund, "protection_fund", true, true, false},
        {HL_FUND_credit_line, "credit_line", false, true, false},
        {HL_FUND_asset_sale, "asset_sale", false, true, false},
        {HL_FUND_token_issue, "token_issue", false, true, false},
        {HL_FUND_pool, "pool", true, true, false},
        {HL_FUND_deposit_insurance, "deposit_insurance", true, false, false},
        {HL_FUND_transfer, "transfer", false, false, true},
        {HL_FUND_administrator, "administrator", false, true, true},
    };
    cr_expect(HL_FUND_COUNT == sizeof rows / sizeof rows[0]);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct hl_fund_kind *kind = &hl_fund_kinds[rows[i].id];
        cr_expect_str_eq(kind->name, rows[i].name);
        cr_expect(kind->earmarked == rows[i].earmarked && kind->stock == rows[i].stock, "%s", rows[i].name);
        cr_expect(kind->after_failure == rows[i].after_failure, "%s", rows[i].name);
        cr_expect(strlen(kind->doc) > 10, "%s", rows[i].name);
    }
}
