#include "models/rule.h"

const struct hl_rule hl_rule_eu_mica = {
    .name = "eu_mica",
    .id = "EU-MICA-67",
    .title = "Prudential safeguards (MiCA, art. 67 and annex IV)",
    .jurisdiction = "EU",
    .status = HL_RULE_IN_FORCE,
    .kind = HL_RULE_CAPITAL,
    .formula = "max(least, share * E)",
    .counts = HL_COUNTS(own_capital) | HL_COUNTS(insurance),
    .doc = "Own funds or insurance of a trading platform (class 3), whatever it keeps for customers. Apart from it the "
           "provider is liable for what is lost, up to its market value (art. 75(8)).",
    .parameters = {{"least", "annexIV_class3", HL_UNIT_MONEY, "At least this much."},
                   {"share", "fixed_overhead_share", HL_UNIT_FRACTION, "Share of a year's fixed overheads."}},
};
