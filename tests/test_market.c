/* The market as a scenario says it. */
#include "scenario_fixture.h"

#include <math.h>

static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

Test(market, none_unless_given) {
    struct hl_scenario s = load(NULL);
    cr_expect(!s.market.moves && s.market.factor_count == 0 && isinf(s.market.impact_above));
    cr_expect(s.market.tail_nu == 0 && s.market.token_fall == 0);
    cr_expect(s.assets[0].loadings == NULL && s.assets[0].token_of == HL_NONE);
    hl_scenario_free(&s);
}

Test(market, as_given) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
        {"s.yaml", "funds:",
         "market:\n"
         "  factors: [{name: crypto, jumps: {rate: 1 in 2 y, mean: -10 %, sd: 15 %}}, {name: usd}]\n"
         "  tails: {nu: 4}\n"
         "  impact: {above: 10 bn, fall: 5 %, of: stolen}\n"
         "  token_fall: 30 %\n"
         "funds:"},
        {"assets.csv", NULL,
         "asset,price,volatility,loadings,token_of,source,confidence\n"
         "BTC,10 m,60 %,crypto:0.8 usd:-0.6,,market,high\n"
         "ETH,500 k,75 %,,bee,market,high\n"
         "XRP,,0 %,usd:0.5,,market,low\n"}});
    const struct hl_market *m = &s.market;
    cr_assert(m->moves && m->factor_count == 2);
    cr_expect_str_eq(m->factors[0].name, "crypto");
    cr_expect(m->factors[0].jump_rate == 0.5 && m->factors[0].jump_mean == -0.1 && m->factors[0].jump_sd == 0.15);
    cr_expect(m->factors[1].jump_rate == 0);
    cr_expect(m->tail_nu == 4 && m->tail_most == 10);
    cr_expect(m->impact_above == 10e9 && m->impact_fall == 0.05 && !m->impact_of_all && m->token_fall == 0.3);
    cr_expect(s.assets[0].loadings[0] == 0.8 && s.assets[0].loadings[1] == -0.6 && s.assets[0].token_of == HL_NONE);
    cr_expect(s.assets[1].loadings == NULL && s.assets[1].token_of == 1);
    cr_expect(s.assets[2].loadings[0] == 0 && s.assets[2].loadings[1] == 0.5);
    hl_scenario_free(&s);
}

Test(market, may_be_empty) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "funds:", "market:\nfunds:"},
                                                                     {"assets.csv", "XRP,,,", "XRP,,50 %,"}});
    cr_expect(s.market.moves && s.market.factor_count == 0 && isinf(s.market.impact_above));
    hl_scenario_free(&s);
}

Test(market, history) {
    struct hl_scenario s =
        load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "funds:",
                                                   "market: {history: {ETH: [{day: 2 d, price: 400 k}, {day: 4 d, "
                                                   "price: 500 k}], XRP: [{day: 0 d, price: 60}]}}\nfunds:"},
                                                  {"assets.csv", "75 %", ""}});
    const struct hl_told_prices *t = s.market.history;
    cr_assert(s.market.moves && t != NULL && t[0].count == 0 && t[1].count == 2 && t[2].count == 1);
    cr_expect(t[1].points[0].day == 2 && t[1].points[0].price == 1);
    cr_expect(t[1].points[1].day == 4 && t[1].points[1].price == 1.25);
    cr_expect(t[2].points[0].price == 1);
    hl_scenario_free(&s);
}
