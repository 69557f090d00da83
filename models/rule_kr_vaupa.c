#include "models/rule.h"

const struct hl_rule hl_rule_kr_vaupa = {
    .name = "kr_vaupa",
    .id = "KR-VAUPA",
    .title = "Insurance or reserve for hot wallets (Virtual Asset User Protection Act)",
    .jurisdiction = "KR",
    .status = HL_RULE_IN_FORCE,
    .kind = HL_RULE_RESERVE,
    .formula = "max(rate * (H + W), floor)",
    .counts = HL_COUNTS(reserve) | HL_COUNTS(insurance) | HL_COUNTS(pool),
    .hot_only = true,
    .doc = "Met by an insurance limit, a mutual-aid limit or a reserve. The floor is that of a won market; others have "
           "0.5 bn "
           "won. The law takes one-year average prices, here those of the profile's day stand in.",
    .parameters = {{"rate", "reserve_rate_on_hot", HL_UNIT_FRACTION, "Share of coins that are not cold."},
                   {"floor", "floor_won_market", HL_UNIT_MONEY, "At least this much."},
                   {"cold_least", "cold_min_share", HL_UNIT_FRACTION, "The least share of cold coins."}},
    .conditions = {{"at least 80 % cold", "C - cold_least * A"}},
};
