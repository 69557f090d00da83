#include "models/rule.h"

const struct hl_rule hl_rule_jp_a1 = {
    .name = "jp_a1",
    .id = "PRESET-A1",
    .title = "The securities firms' rate for shares, applied to crypto volume",
    .jurisdiction = "JP",
    .status = HL_RULE_INTERPRETATION,
    .kind = HL_RULE_RESERVE,
    .formula = "k * Vmax",
    .provision = "min(k * V / 4, max(0, k * Vmax - R))",
    .counts = HL_COUNTS(reserve) | HL_COUNTS(protection_fund),
    .doc =
        "One reading of the Act of 2026, whose calculation is not published: 0.8 per 10,000, filled over four years.",
    .parameters = {{"k", "k", HL_UNIT_NUMBER, "Share of the highest volume of three years."}},
};
