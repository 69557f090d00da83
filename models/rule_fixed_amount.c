#include "models/rule.h"

const struct hl_rule hl_rule_fixed_amount = {
    .name = "fixed_amount",
    .id = "-",
    .title = "The same amount for every exchange",
    .jurisdiction = "-",
    .status = HL_RULE_INTERPRETATION,
    .kind = HL_RULE_RESERVE,
    .formula = "amount",
    .counts = HL_COUNTS(reserve) | HL_COUNTS(protection_fund),
    .doc = "The amount must be given.",
    .parameters = {{"amount", NULL, HL_UNIT_MONEY, "How much."}},
};
