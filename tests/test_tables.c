#include "scenario_fixture.h"

#include <math.h>

/* Loads the sample with edits, without faults. */
static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

Test(tables, exchanges_assets_and_vendors) {
    struct hl_scenario s = load(NULL);
    cr_assert(s.exchange_count == 2 && s.asset_count == 3 && s.vendor_count == 2);
    cr_expect_str_eq(s.exchanges[0].id, "ape");
    cr_expect_str_eq(s.exchanges[0].name, "ape", "the id where there is no name");
    cr_expect_str_eq(s.exchanges[1].jurisdiction, "JP");
    cr_expect_str_eq(s.exchanges[1].as_of, "2024-02-29");
    cr_expect_str_eq(s.exchanges[1].source, "filing");
    cr_expect_str_eq(s.exchanges[1].confidence, "low");
    cr_expect_str_eq(s.exchanges[1].controls, "");
    cr_expect_eq(s.exchanges[0].highest_volume, 900e9);
    cr_expect_eq(s.exchanges[1].own_capital, 1.5e9);
    cr_expect(isnan(s.exchanges[0].revenue) && isnan(s.exchanges[0].customer_fiat));
    cr_expect_eq(s.assets[0].price, 10e6);
    cr_expect_eq(s.assets[1].volatility_per_year, 0.75);
    cr_expect(isnan(s.assets[2].price) && isnan(s.assets[2].volatility_per_year));
    cr_expect_str_eq(s.vendors[1].name, "The Vault");
    cr_expect_str_eq(s.vendors[1].service, "custody");
    hl_scenario_free(&s);
}

Test(tables, holdings_by_units_or_value) {
    static const struct {
        size_t exchange, asset, custodian;
        enum hl_tier tier;
        enum hl_owner owner;
        double units, value, wallets, largest_share;
    } want[] = {
        {0, 0, HL_NONE, HL_HOT, HL_OWNER_CUSTOMERS, 100, 1e9, 1, 1},
        {0, 0, 0, HL_COLD, HL_OWNER_CUSTOMERS, 4000, 40e9, 4, 0.4},
        {0, 2, HL_NONE, HL_COLD, HL_OWNER_CUSTOMERS, NAN, 2.5e9, 1, 1},
        {1, 1, HL_NONE, HL_HOT, HL_OWNER_CUSTOMERS, 1000, 0.5e9, 2, 0.5},
        {1, 1, HL_NONE, HL_HOT, HL_OWNER_GUARANTEE, 1000, 0.5e9, 1, 1},
    };
    struct hl_scenario s = load(NULL);
    cr_assert_eq(s.holding_count, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct hl_holding *h = &s.holdings[i];
        cr_expect(h->exchange == want[i].exchange && h->asset == want[i].asset && h->custodian == want[i].custodian,
                  "row %zu", i);
        cr_expect(h->tier == want[i].tier && h->owner == want[i].owner, "row %zu", i);
        cr_expect(h->units == want[i].units || (isnan(h->units) && isnan(want[i].units)), "row %zu", i);
        cr_expect_eq(h->value, want[i].value, "row %zu: %g", i, h->value);
        cr_expect(h->wallets == want[i].wallets && h->largest_share == want[i].largest_share, "row %zu", i);
    }
    hl_scenario_free(&s);
}

Test(tables, columns_in_any_order_with_notes_quotes_blanks_and_comments) {
    struct fixture_edit edits[FIXTURE_EDITS] = {
        {"assets.csv", NULL,
         "\xef\xbb\xbf# prices of the day\r\nnotes,source,confidence,price,asset,note\r\n\r\n"
         "x,\"a, b\",high, 10 m ,BTC,\r\n,\"say \"\"hi\"\"\",low,500 k,ETH,y\r\n,s,low,,XRP,\r\n"}};
    struct hl_scenario s = load(edits);
    cr_assert_eq(s.asset_count, 3);
    cr_expect_str_eq(s.assets[0].source, "a, b");
    cr_expect_eq(s.assets[0].price, 10e6);
    cr_expect_str_eq(s.assets[1].source, "say \"hi\"");
    cr_expect(isnan(s.assets[1].volatility_per_year));
    hl_scenario_free(&s);
}

Test(tables, amounts_in_another_currency_are_converted_and_rounded_once) {
    struct fixture_edit edits[FIXTURE_EDITS] = {{"exchanges.csv", "6 bn", "10.01 USD"}}; /* 1501.5 yen, to even */
    struct hl_scenario s = load(edits);
    cr_expect_eq(s.exchanges[0].own_capital, 1502);
    hl_scenario_free(&s);
}

Test(tables, a_share_that_is_one_over_wallets_but_for_its_digits_is_taken_as_that) {
    struct fixture_edit edits[FIXTURE_EDITS] = {{"holdings.csv", ",4,40 %", ",3,33.33333333 %"}};
    struct hl_scenario s = load(edits);
    cr_expect_eq(s.holdings[1].largest_share, 1.0 / 3);
    hl_scenario_free(&s);
}

Test(tables, a_scenario_without_custodians_needs_no_vendors) {
    struct fixture_edit edits[FIXTURE_EDITS] = {
        {"s.yaml", "  vendors: vendors.csv\n", ""},
        {"holdings.csv", "keyco", ""},
        {"s.yaml", "vendor: keyco\n    hit: 50 %", "at: all"},
    };
    struct hl_scenario s = load(edits);
    cr_expect_eq(s.vendor_count, 0);
    cr_expect_eq(s.input_count, 4);
    hl_scenario_free(&s);
}
