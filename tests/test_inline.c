/* Tables whose rows stand in the scenario: the same scenario as with files. */
#include "scenario_fixture.h"

static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

Test(inline_tables, are_the_same_as_files) {
    struct hl_scenario files = load(NULL);
    struct hl_scenario rows = load((struct fixture_edit[FIXTURE_EDITS]){
        {"s.yaml", "exchanges: exchanges.csv",
         "exchanges:\n"
         "    - {exchange: ape, jurisdiction: JP, as_of: 2024-03-31, highest_volume: 900 bn, own_capital: 6 bn,\n"
         "       source: filing, confidence: high}\n"
         "    - {source: filing, confidence: low, own_capital: 1.5 bn, exchange: bee, jurisdiction: JP,\n"
         "       as_of: 2024-02-29, highest_volume: 100 bn, note: in another order}"},
        {"s.yaml", "assets: assets.csv",
         "assets: [{asset: BTC, price: 10 m, volatility: 60 %, source: market, confidence: high},\n"
         "           {asset: ETH, price: 500 k, volatility: 75 %, source: market, confidence: high},\n"
         "           {asset: XRP, source: market, confidence: low}]"}});
    cr_expect_str_eq(rows.fingerprint, files.fingerprint);
    cr_expect_eq(rows.exchange_count, 2);
    cr_expect_eq(rows.input_count, 3, "the scenario, two tables and no more");
    hl_scenario_free(&files);
    hl_scenario_free(&rows);
}

/* Settings reach rows as they reach any other key. */
Test(inline_tables, can_be_set) {
    struct hl_scenario s;
    const struct hl_setting settings[] = {{"tables.assets[0].price", "11 m"}, {"tables.assets[0].volatility", "9 %"}};
    char *printed =
        fixture_run(&s,
                    (struct fixture_edit[FIXTURE_EDITS]){
                        {"s.yaml", "assets: assets.csv",
                         "assets: [{asset: BTC, price: 10 m, source: m, confidence: high}, {asset: ETH, "
                         "price: 1, source: m, confidence: low}, {asset: XRP, source: m, confidence: low}]"}},
                    settings, 2);
    cr_assert_str_eq(printed, "");
    free(printed);
    cr_expect(s.assets[0].price == 11e6 && s.assets[0].volatility_per_year == 0.09);
    cr_expect(s.assets[1].price == 1);
    hl_scenario_free(&s);
}
