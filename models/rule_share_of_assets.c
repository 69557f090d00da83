#include "models/rule.h"

const struct hl_rule hl_rule_share_of_assets = {
    .name = "share_of_assets",
    .id = "-",
    .title = "A share of customers' coins",
    .jurisdiction = "-",
    .status = HL_RULE_INTERPRETATION,
    .kind = HL_RULE_RESERVE,
    .formula = "share * A",
    .counts = HL_COUNTS(reserve) | HL_COUNTS(protection_fund),
    .doc = "The share must be given.",
    .parameters = {{"share", NULL, HL_UNIT_FRACTION, "Share of customers' coins."}},
};
