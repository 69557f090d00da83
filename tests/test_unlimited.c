#include "base/money.h"
#include "scenario/rules.h"
#include "scenario_fixture.h"

#include <math.h>

/* The sample with unlimited holdings and one breach, an amount; whose place `breach` takes where it is given, as
 * `funds` that of the funds, and `top` stands before the funds. */
static char *load(struct hl_scenario *s, const char *breach, const char *funds, const char *top) {
    char *text = NULL;
    cr_assert(asprintf(&text,
                       "format: 1\n"                                                                   /* 1 */
                       "title: No end of coins\n"                                                      /* 2 */
                       "currency: USD\n"                                                               /* 3 */
                       "tables: {exchanges: exchanges.csv, assets: assets.csv, vendors: vendors.csv, " /* 4 */
                       "holdings: unlimited}\n"                                                        /* 4 */
                       "breaches:\n"                                                                   /* 5 */
                       "  - %s\n"                                                                      /* 6 */
                       "%sfunds: %s\n",                                                                /* 7 */
                       *breach != '\0' ? breach
                                       : "{vector: insider, count: {poisson: {rate: 1 / y}}, "
                                         "takes: {amount: {pareto: {minimum: 1, alpha: 2}}}}",
                       top, *funds != '\0' ? funds : "[]") > 0);
    char *printed = fixture_run(s, (struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", NULL, text}}, NULL, 0);
    free(text);
    return printed;
}

Test(unlimited, one_hot_wallet_of_the_first_asset_everywhere) {
    struct hl_scenario s;
    char *printed = load(&s, "", "", "");
    cr_assert_str_eq(printed, "");
    cr_assert(s.holding_count == 2 && s.holdings_unlimited && s.wallets_restored && isinf(s.refill_after_days));
    for (size_t i = 0; i < 2; i++) {
        const struct hl_holding *h = &s.holdings[i];
        cr_expect(h->exchange == i && h->asset == 0 && h->tier == HL_HOT && h->owner == HL_OWNER_CUSTOMERS);
        cr_expect(h->custodian == HL_NONE && h->value == HL_MONEY_MOST && h->wallets == 1 && h->largest_share == 1);
    }
    free(printed);
    hl_scenario_free(&s);
}

/* What goes by how much is held has no figure to go by: rules say what they miss. */
Test(unlimited, no_figure_of_rules) {
    struct hl_scenario s;
    free(load(&s, "", "", ""));
    double figures[HL_FIGURE_COUNT];
    hl_rule_figures(figures, &s, 0, NULL);
    cr_expect(isnan(figures[HL_FIGURE_H]) && isnan(figures[HL_FIGURE_C]) && isnan(figures[HL_FIGURE_A]) &&
              isnan(figures[HL_FIGURE_SELF]));
    cr_expect(figures[HL_FIGURE_VMAX] > 0, "is in the exchange's row");
    hl_scenario_free(&s);
}

Test(unlimited, what_goes_by_holdings_is_refused) {
    static const struct {
        const char *breach, *funds, *top, *want;
    } rows[] = {
        {"{vector: insider, count: {poisson: {rate: 1 / y}}, takes: {share: 1}}", "", "",
         "s.yaml:6:71: breaches[0].takes.share = 1: a share of what? Holdings are unlimited: give an amount\n"},
        {"{vector: insider, count: {poisson: {rate: 1 / y}}, takes: {drain: {amount_per_day: 1 m, detected_after: 1 "
         "d}}}",
         "", "",
         "s.yaml:6:71: breaches[0].takes.drain = a map: it would never end: holdings are unlimited, give an amount\n"},
        {"{vector: insider, count: {poisson: {rate: 1 / y}}, takes: {tiers: [cold], amount: {pareto: {minimum: 1, "
         "alpha: 2}}}}",
         "", "",
         "s.yaml:6:63: breaches[0].takes: takes nothing: unlimited holdings are hot coins of the first asset\n"},
        {"{vector: insider, count: {poisson: {rate: 1 / y}}, takes: {assets: ETH, amount: {pareto: {minimum: 1, alpha: "
         "2}}}}",
         "", "",
         "s.yaml:6:63: breaches[0].takes: takes nothing: unlimited holdings are hot coins of the first asset\n"},
        {"{vector: insider, covariates: {customer_assets: {beta: 1, at: 1 bn}}, count: {poisson: {rate: 1 / y}}, "
         "takes: {amount: {pareto: {minimum: 1, alpha: 2}}}}",
         "", "",
         "exchanges.csv:2: customer_assets: ape has none, and the rate of insider depends on it\n"
         "exchanges.csv:3: customer_assets: bee has none, and the rate of insider depends on it\n"},
        {"{vector: third_party_compromise, vendor: keyco, count: {poisson: {rate: 1 / y}}, "
         "takes: {amount: {pareto: {minimum: 1, alpha: 2}}}}",
         "", "",
         "s.yaml:6:46: breaches[0].vendor = keyco: nobody keeps coins with it: no row of s.yaml has it as custodian\n"},
        {"", "[reserve: {at: ape, amount: {share: 1 %, of: hot}}]", "",
         "exchanges.csv:2: hot: ape has none, and the amount of funds[0] (reserve) is a share of it\n"},
        {"", "[reserve: {at: ape, amount: {formula: 10 % * C}}]", "",
         "exchanges.csv:2: C: ape has none, and the amount of funds[0] (reserve) needs it for its formula\n"},
        {"", "[administrator: {estate: 1 m}]", "",
         "s.yaml:7:9: funds[0] = administrator: pays of what customers held, and holdings are unlimited\n"},
        {"", "", "wallets: {restored: false}\n",
         "s.yaml:7:21: wallets.restored = false: unlimited holdings are always at their level\n"},
        {"", "", "wallets: {refill_after: 1 d}\n",
         "s.yaml:7:25: wallets.refill_after = 1 d: goes with wallets that stay empty, and these are restored\n"},
        {"", "", "market: {tails: {nu: 4}}\n",
         "assets.csv:4:6: volatility: XRP has none, and the scenario has a market; 0 % is a price that stands still\n"
         "s.yaml:7:9: market = a map: no price but today's keeps money exact that is without limit\n"},
        {"", "", "run: {share: 1, over: 1 d}\n",
         "s.yaml:7:6: run = a map: customers withdraw a share of their coins, and holdings are unlimited\n"},
        {"", "", "haircut: all_coins\n",
         "s.yaml:7:10: haircut = all_coins: it is a share of customers' coins, and holdings are unlimited\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hl_scenario s;
        char *printed = load(&s, rows[i].breach, rows[i].funds, rows[i].top);
        cr_expect_str_eq(printed, rows[i].want, "%s", printed);
        free(printed);
        hl_scenario_free(&s);
    }
}

Test(unlimited, no_exchange_grows) {
    struct hl_scenario s;
    struct fixture_edit edits[FIXTURE_EDITS] = {
        {"s.yaml", "  holdings: holdings.csv\n", "  holdings: unlimited\n"},
        {"exchanges.csv", "exchange,jurisdiction", "exchange,growth,jurisdiction"},
        {"exchanges.csv", "ape,JP", "ape,5 %,JP"},
        {"exchanges.csv", "bee,JP", "bee,,JP"},
    };
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_expect(strstr(printed, "exchanges.csv:2: growth: ape grows, and holdings are unlimited\n") != NULL, "%s",
              printed);
    free(printed);
}
