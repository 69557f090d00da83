/* Broken terms of funds: more rows of bad_inputs.h. */
#ifndef HL_TESTS_BAD_FUNDS_H
#define HL_TESTS_BAD_FUNDS_H

#include "bad_inputs.h"

/* Another fund behind the sample's six, on line 33; its first key stands in column 12 + the length of its kind. */
#define FUND(text)                                                                                                     \
    { Y, "at: [ape]}\n", "at: [ape]}\n  - " text "\n" }

static const struct bad_input bad_funds[] = {
    {"parts that leave a rest",
     {FUND("asset_sale: {amount: 1 bn, held_in: {cash: 40 %, BTC: 50 %}}")},
     "s.yaml:33:41: funds[6].asset_sale.held_in: the shares must add up to 1, and come to 0.9\n"},
    {"no parts",
     {FUND("asset_sale: {amount: 1 bn, held_in: {}}")},
     "s.yaml:33:41: funds[6].asset_sale.held_in: the shares must add up to 1, and come to 0\n"},
    {"a part of an unknown asset",
     {FUND("asset_sale: {amount: 1 bn, held_in: {cash: 40 %, BTX: 60 %}}")},
     "s.yaml:33:54: funds[6].asset_sale.held_in.BTX = BTX: no such id in the table of assets (assets.csv); did you "
     "mean "
     "BTC?\n"},
    {"a part of nothing",
     {FUND("asset_sale: {amount: 1 bn, held_in: {cash: 0, BTC: 100 %}}")},
     "s.yaml:33:48: funds[6].asset_sale.held_in.cash = 0: must be a fraction such as 0.05 or 5 %, in (0, 1]\n"},
    {"parts as a list",
     {FUND("asset_sale: {amount: 1 bn, held_in: [cash, BTC]}")},
     "s.yaml:33:41: funds[6].asset_sale.held_in = a list: must be an id of the table of assets, or cash\n"},
    {"all is lost in the sale",
     {FUND("asset_sale: {amount: 1 bn, discount: 100 %}")},
     "s.yaml:33:42: funds[6].asset_sale.discount = 100 %: must be a fraction such as 0.05 or 5 %, in [0, 1)\n"},
    {"a discount of credit",
     {FUND("credit_line: {amount: 1 bn, discount: 10 %}")},
     "s.yaml:33:33: funds[6].credit_line.discount: unknown; known here: name, at, after, probability, amount, "
     "held_in, start, refill, instalments, every, fails, cost\n"},
    {"instalments of no interval",
     {FUND("token_issue: {amount: 1 bn, instalments: 4}")},
     "s.yaml:33:46: funds[6].token_issue.instalments = 4: goes with every: say how many days lie between them\n"},
    {"an interval of no instalments",
     {FUND("token_issue: {amount: 1 bn, every: 30 d}")},
     "s.yaml:33:40: funds[6].token_issue.every = 30 d: goes with several instalments only\n"},
    {"half an instalment",
     {FUND("token_issue: {amount: 1 bn, instalments: 1.5, every: 30 d}")},
     "s.yaml:33:46: funds[6].token_issue.instalments = 1.5: must be a whole number such as 1_000_000 or 1 m\n"},
    {"a failure without a rate",
     {FUND("credit_line: {amount: 1 bn, fails: {}}")},
     "s.yaml:33:40: funds[6].credit_line.fails.rate: missing; must be a rate such as 1.2 % / y or 1 in 244 y, in [0, "
     "1000]\n"},
    {"a failure in an unknown climate",
     {FUND("credit_line: {amount: 1 bn, fails: {rate: 2 % / y, climate: crisis}}")},
     "s.yaml:33:65: funds[6].credit_line.fails.climate = crisis: no such name among the climates\n"},
    {"an income that is a list",
     {FUND("protection_fund: {amount: 1 bn, income: [1]}")},
     "s.yaml:33:45: funds[6].protection_fund.income = a list: must be an amount of money, or a map such as {share: 20 "
     "bp, of: highest_volume, floor: 2 bn, cap: 40 bn}, {rule: jp_a2} or {formula: 0.5 * C}\n"},
    {"an income of a figure that is not there",
     {FUND("protection_fund: {amount: 1 bn, at: ape, income: {share: 1 %, of: fees}}")},
     "exchanges.csv:2: fees: ape has none, and the income of funds[6] (protection_fund) is a share of it\n"},
    {"an estate of a figure that is not there",
     {FUND("administrator: {estate: {share: 1 %, of: revenue}, at: bee}")},
     "exchanges.csv:3: revenue: bee has none, and the estate of funds[6] (administrator) is a share of it\n"},
    {"an unknown rank of customers",
     {FUND("administrator: {estate: 1 bn, customers: last}")},
     "s.yaml:33:46: funds[6].administrator.customers = last: must be one of first, pari_passu\n"},
    {"deposits without a limit",
     {FUND("deposit_insurance: {customers: 1000}")},
     "s.yaml:33:24: funds[6].deposit_insurance.limit: missing; must be an amount of money such as 48.2 bn, above 0\n"},
    {"deposits of nobody knows how many customers",
     {FUND("deposit_insurance: {limit: 1 m, at: bee}")},
     "exchanges.csv:3: customers: bee has none, and funds[6] (deposit_insurance) insures each of them\n"},
    {"coins of a reserve that is held in cash",
     {{"holdings.csv", "self,guarantee", "self,reserve"}},
     "holdings.csv:6:18: owner = reserve: bee has no fund of this kind that is held in ETH\n"},
    {"coins of a protection fund elsewhere",
     {FUND("protection_fund: {amount: 1 bn, held_in: ETH, at: ape}"),
      {"holdings.csv", "self,guarantee", "self,protection_fund"}},
     "holdings.csv:6:18: owner = protection_fund: bee has no fund of this kind that is held in ETH\n"},
    {"a bounty of more than comes back",
     {{Y, "recovery: {share: 3 %", "recovery: {share: 3 %, bounty: 110 %"}},
     "s.yaml:27:36: funds[0].recovery.bounty = 110 %: must be a fraction such as 0.05 or 5 %, in [0, 1]\n"},
};

#endif
