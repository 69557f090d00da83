#include "models/rule.h"

const struct hl_rule hl_rule_jp_a4 = {
    .name = "jp_a4",
    .id = "PRESET-A4",
    .title = "A share of customers' cold coins",
    .jurisdiction = "JP",
    .status = HL_RULE_INTERPRETATION,
    .kind = HL_RULE_RESERVE,
    .formula = "kappa * C",
    .counts = HL_COUNTS(reserve) | HL_COUNTS(protection_fund),
    .doc =
        "One reading of the Act of 2026, whose calculation is not published: hot coins have their guarantee, so that "
        "the reserve is for the cold ones. The share is a choice between 0.5 and 10 %.",
    .parameters = {{"kappa", "kappa", HL_UNIT_FRACTION, "Share of customers' cold coins."}},
};
