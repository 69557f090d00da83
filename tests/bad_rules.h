/* Broken rules and formulas as amounts, and broken volumes: more rows of bad_inputs.h. */
#ifndef HL_TESTS_BAD_RULES_H
#define HL_TESTS_BAD_RULES_H

#include "bad_inputs.h"

#define AMOUNT "{share: 20 bp, of: highest_volume, floor: 1 bn, cap: 40 bn}"
#define VOLUMES "  vendors: vendors.csv\n"

static const struct bad_input bad_rules[] = {
    {"an unknown rule",
     {{Y, AMOUNT, "{rule: kr_vaup}"}},
     "s.yaml:30:30: funds[3].reserve.amount.rule = kr_vaup: must be one of jp_psa, jp_jvcea, jp_sec_175, jp_a1, jp_a2, "
     "jp_a3, jp_a4, jp_a5, kr_vaupa, kr_bank_2023, hk_vatp, sg_psr, th_sec, eu_mica, uk_cryptopru, ae_vara, tr_cmb, "
     "basel_sma, solvency_ii, emir_cover2, deposit_target, safu, cipf, fixed_amount, share_of_assets; did you mean "
     "kr_vaupa?\n"},
    {"a parameter that the rule has not",
     {{Y, AMOUNT, "{rule: kr_vaupa, rat: 10 %}"}},
     "s.yaml:30:40: funds[3].reserve.amount.rat: unknown; did you mean rate?\n"},
    {"a parameter below 0",
     {{Y, AMOUNT, "{rule: kr_vaupa, rate: -10 %}"}},
     "s.yaml:30:46: funds[3].reserve.amount.rate = -10 %: must be a fraction such as 0.05 or 5 %, at least 0\n"},
    {"a parameter that must be given",
     {{Y, AMOUNT, "{rule: fixed_amount}"}},
     "s.yaml:30:23: funds[3].reserve.amount.amount: missing; must be an amount of money such as 48.2 bn, at least 0\n"},
    {"a parameter in a currency without rate",
     {{Y, AMOUNT, "{rule: kr_vaupa, floor: 3 bn KRW}"}},
     "s.yaml:30:47: funds[3].reserve.amount.floor = 3 bn KRW: this currency has no rate: add it to `currencies`, such "
     "as "
     "currencies: {USD: 157.2}\n"},
    {"a rule that asks for no money",
     {{Y, AMOUNT, "{rule: sg_psr}"}},
     "s.yaml:30:30: funds[3].reserve.amount.rule = sg_psr: asks for conditions and for no money: it is no amount\n"},
    {"a rule that needs a run",
     {{Y, AMOUNT, "{rule: solvency_ii}"}},
     "s.yaml:30:30: funds[3].reserve.amount.rule = solvency_ii: uses VaR, 99.5 % quantile of a year's gross loss, from "
     "a "
     "run: that is not known before the funds are; ask it with hackloss rules\n"},
    {"a figure that is not given",
     {{Y, AMOUNT, "{rule: eu_mica}"}},
     "exchanges.csv:2: E: ape has none, and the amount of funds[3] (reserve) needs it for eu_mica\n"
     "exchanges.csv:3: E: bee has none, and the amount of funds[3] (reserve) needs it for eu_mica\n"},
    {"a floor above the cap",
     {{Y, AMOUNT, "{rule: jp_a1, floor: 3 bn, cap: 2 bn}"}},
     "s.yaml:30:44: funds[3].reserve.amount.floor = 3 bn: must not be above the cap\n"},
    {"a lieu without share",
     {{Y, AMOUNT, "{rule: jp_a1, in_lieu: {credit: 50 %}}"}},
     "s.yaml:30:46: funds[3].reserve.amount.in_lieu.share: missing; must be a fraction such as 0.05 or 5 %, in [0, "
     "1]\n"},
    {"a formula with an unknown symbol",
     {{Y, AMOUNT, "{formula: 20 bp * Vmx}"}},
     "s.yaml:30:33: funds[3].reserve.amount.formula = 20 bp * Vmx: column 9 of the formula: no figure is called Vmx; "
     "did "
     "you mean Vmax?\n"},
    {"a formula that is none",
     {{Y, AMOUNT, "{formula: 20 bp * (Vmax}"}},
     "s.yaml:30:33: funds[3].reserve.amount.formula = 20 bp * (Vmax: column 14 of the formula: a closing parenthesis "
     "is "
     "missing at the end\n"},
    {"a formula of its own reserve",
     {{Y, AMOUNT, "{formula: R + 1}"}},
     "s.yaml:30:33: funds[3].reserve.amount.formula = R + 1: uses R, the reserve that is there now: that is not known "
     "before the funds are; ask it with hackloss rules\n"},
    {"a formula without value",
     {{Y, AMOUNT, "{formula: Vmax / C}"}},
     "exchanges.csv:3: a finite value: bee has none, and the amount of funds[3] (reserve) needs it for its formula\n"},
    {"a formula that is a list",
     {{Y, AMOUNT, "{formula: [1, 2]}"}},
     "s.yaml:30:33: funds[3].reserve.amount.formula = a list: must be a formula such as clip(20 bp * Vmax, 2 bn, 40 "
     "bn)\n"},
    {"a volume of an unknown class",
     {{Y, VOLUMES, VOLUMES "  volumes: [{exchange: ape, class: crypto, value: 1 bn, source: s, confidence: low}]\n"}},
     "s.yaml:13:36: class = crypto: must be one of equity_turnover, equity_index_futures, equity_options, "
     "bond_futures, "
     "bond_options, currency_futures, deposit_rate_futures, bill_rate_futures, commodity_futures, commodity_index, "
     "commodity_options\n"},
    {"a volume that stands twice",
     {{Y, VOLUMES,
       VOLUMES "  volumes:\n"
               "    - {exchange: ape, class: bond_options, value: 1 bn, source: s, confidence: low}\n"
               "    - {exchange: ape, class: bond_options, value: 2 bn, source: s, confidence: low}\n"}},
     "s.yaml:15:18: exchange = ape: the same exchange, class and year as line 14: one row says it all\n"},
};

#endif
