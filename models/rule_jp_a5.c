#include "models/rule.h"

const struct hl_rule hl_rule_jp_a5 = {
    .name = "jp_a5",
    .id = "PRESET-A5",
    .title = "The median of past leaks, as a share of customers' coins",
    .jurisdiction = "JP",
    .status = HL_RULE_INTERPRETATION,
    .kind = HL_RULE_RESERVE,
    .formula = "q * A",
    .counts = HL_COUNTS(reserve) | HL_COUNTS(protection_fund),
    .doc =
        "One reading of the Act of 2026, whose calculation is not published: past incidents as the measure. The shares "
        "are known of 18 thefts, and are of different things: all coins, one coin, or the hot wallet.",
    .parameters = {{"q", "leak_fraction[50 %]", HL_UNIT_FRACTION, "Share that a theft takes."}},
};
