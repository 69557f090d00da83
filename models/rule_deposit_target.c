#include "models/rule.h"

const struct hl_rule hl_rule_deposit_target = {
    .name = "deposit_target",
    .id = "AN-DIF",
    .title = "A fund of the size of a deposit guarantee scheme's (EU target)",
    .jurisdiction = "-",
    .status = HL_RULE_ANALOGUE,
    .kind = HL_RULE_RESERVE,
    .formula = "target * A",
    .counts = HL_COUNTS(pool) | HL_COUNTS(protection_fund),
    .doc = "Each exchange's part of an industry's fund, customers' coins taking the place of covered deposits.",
    .parameters = {{"target", "EU_target", HL_UNIT_FRACTION, "Share of customers' coins."}},
};
