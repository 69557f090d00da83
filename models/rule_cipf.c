#include "models/rule.h"

const struct hl_rule hl_rule_cipf = {
    .name = "cipf",
    .id = "IND-CIPF",
    .title = "CoinDCX's fund for the protection of investors",
    .jurisdiction = "-",
    .status = HL_RULE_ANALOGUE,
    .kind = HL_RULE_RESERVE,
    .formula = "initial",
    .provision = "fee_share * fees",
    .counts = HL_COUNTS(protection_fund),
    .doc = "Private. It covered 16 % of the firm's loss of July 2025.",
    .parameters = {{"initial", "initial", HL_UNIT_MONEY, "What it began with."},
                   {"fee_share", "brokerage_share", HL_UNIT_FRACTION, "Share of a year's fees that goes in."}},
};
