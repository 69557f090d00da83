#include "models/rule.h"

/* The sums over the classes: a_i, per 10,000, times the highest volume of three years, and times this year's. */
#define MOST                                                                                                           \
    "a_equity_turnover * most_equity_turnover"                                                                         \
    " + a_equity_index_futures * most_equity_index_futures"                                                            \
    " + a_equity_options * most_equity_options + a_bond_futures * most_bond_futures"                                   \
    " + a_bond_options * most_bond_options + a_currency_futures * most_currency_futures"                               \
    " + a_deposit_rate_futures * most_deposit_rate_futures"                                                            \
    " + a_bill_rate_futures * most_bill_rate_futures"                                                                  \
    " + a_commodity_futures * most_commodity_futures + a_commodity_index * most_commodity_index"                       \
    " + a_commodity_options * most_commodity_options"
#define YEAR                                                                                                           \
    "a_equity_turnover * year_equity_turnover"                                                                         \
    " + a_equity_index_futures * year_equity_index_futures"                                                            \
    " + a_equity_options * year_equity_options + a_bond_futures * year_bond_futures"                                   \
    " + a_bond_options * year_bond_options + a_currency_futures * year_currency_futures"                               \
    " + a_deposit_rate_futures * year_deposit_rate_futures"                                                            \
    " + a_bill_rate_futures * year_bill_rate_futures"                                                                  \
    " + a_commodity_futures * year_commodity_futures + a_commodity_index * year_commodity_index"                       \
    " + a_commodity_options * year_commodity_options"

const struct hl_rule hl_rule_jp_sec_175 = {
    .name = "jp_sec_175",
    .id = "JP-SEC-175",
    .title = "Liability reserve of securities firms (Cabinet Office Order on Financial Instruments Business, art. 175)",
    .jurisdiction = "JP",
    .status = HL_RULE_IN_FORCE,
    .kind = HL_RULE_RESERVE,
    .formula = "ratio * (" MOST ") / 10000",
    .provision = "min((" YEAR ") / 10000, max(0, ratio * (" MOST ") / 10000 - R))",
    .counts = HL_COUNTS(reserve),
    .doc =
        "For what securities firms do wrong, by class of transactions. No class covers crypto-assets, so that a firm "
        "that trades nothing else sets nothing aside; see jp_a1. There is no floor and no cap. At constant volume it "
        "takes "
        "four years to fill.",
    .parameters =
        {{"ratio", "cap_over_annual_ratio_k/a", HL_UNIT_NUMBER, "The reserve is full at so many years' provisions."},
         {"a_equity_turnover", "annual_rate_a[equity_turnover]", HL_UNIT_NUMBER, "Per 10,000 of value traded a year."},
         {"a_equity_index_futures", "annual_rate_a[equity_index_futures]", HL_UNIT_NUMBER,
          "Per 10,000 of contract amount a year."},
         {"a_equity_options", "annual_rate_a[equity_options]", HL_UNIT_NUMBER, "Per 10,000 of premium a year."},
         {"a_bond_futures", "annual_rate_a[bond_futures]", HL_UNIT_NUMBER, "Per 10,000 of contract amount a year."},
         {"a_bond_options", "annual_rate_a[bond_options]", HL_UNIT_NUMBER, "Per 10,000 of premium a year."},
         {"a_currency_futures", "annual_rate_a[currency_futures]", HL_UNIT_NUMBER,
          "Per 10,000 of contract amount a year."},
         {"a_deposit_rate_futures", "annual_rate_a[deposit_rate_futures]", HL_UNIT_NUMBER,
          "Per 10,000 of contract amount a year."},
         {"a_bill_rate_futures", "annual_rate_a[bill_rate_futures]", HL_UNIT_NUMBER,
          "Per 10,000 of contract amount a year."},
         {"a_commodity_futures", "annual_rate_a[commodity_futures]", HL_UNIT_NUMBER,
          "Per 10,000 of contract amount a year."},
         {"a_commodity_index", "annual_rate_a[commodity_index]", HL_UNIT_NUMBER,
          "Per 10,000 of contract amount a year."},
         {"a_commodity_options", "annual_rate_a[commodity_options]", HL_UNIT_NUMBER, "Per 10,000 of premium a year."}},
};
