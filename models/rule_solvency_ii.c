#include "models/rule.h"

const struct hl_rule hl_rule_solvency_ii = {
    .name = "solvency_ii",
    .id = "AN-SII",
    .title = "The loss of one year in 200 (in the manner of Solvency II)",
    .jurisdiction = "-",
    .status = HL_RULE_ANALOGUE,
    .kind = HL_RULE_CAPITAL,
    .formula = "VaR",
    .counts = HL_COUNTS(reserve) | HL_COUNTS(protection_fund) | HL_COUNTS(own_capital) | HL_COUNTS(insurance),
    .doc =
        "The gross loss from thefts that a year exceeds with a probability of 0.5 %; it takes a run of the scenario.",
};
