#include "models/rule.h"

const struct hl_rule hl_rule_kr_bank_2023 = {
    .name = "kr_bank_2023",
    .id = "KR-BANK2023",
    .title = "Reserve by the banks' guideline of September 2023, before the Act",
    .jurisdiction = "KR",
    .status = HL_RULE_SUPERSEDED,
    .kind = HL_RULE_RESERVE,
    .formula = "clip(rate * F, floor, cap)",
    .counts = HL_COUNTS(reserve),
    .doc = "Of the daily average of customers' money; here the money of the profile's day stands in.",
    .parameters = {{"rate", "rate_on_daily_avg_deposits", HL_UNIT_FRACTION, "Share of customers' money."},
                   {"floor", "floor", HL_UNIT_MONEY, "At least this much."},
                   {"cap", "cap", HL_UNIT_MONEY, "At most this much."}},
};
