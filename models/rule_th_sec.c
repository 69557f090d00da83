#include "models/rule.h"

const struct hl_rule hl_rule_th_sec = {
    .name = "th_sec",
    .id = "TH-SEC",
    .title = "Net capital of custodians of digital assets (Thailand's SEC)",
    .jurisdiction = "TH",
    .status = HL_RULE_IN_FORCE,
    .kind = HL_RULE_CAPITAL,
    .formula = "max(floor, cold_rate * C)",
    .counts = HL_COUNTS(own_capital) | HL_COUNTS(insurance),
    .doc = "The charge on hot coins, which begins at about 5 %, was not seen in its steps and is left out.",
    .parameters = {{"floor", "NC_floor_with_client_assets", HL_UNIT_MONEY, "At least this much."},
                   {"cold_rate", "custodian_cold_NC_rate", HL_UNIT_FRACTION, "Share of customers' cold coins."},
                   {"cold_least", "custodian_cold_min_share", HL_UNIT_FRACTION, "The least share of cold coins."}},
    .conditions = {{"at least 95 % cold", "C - cold_least * A"}},
};
