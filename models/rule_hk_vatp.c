#include "models/rule.h"

const struct hl_rule hl_rule_hk_vatp = {
    .name = "hk_vatp",
    .id = "HK-VATP",
    .title = "Compensation arrangement of trading platforms (SFC guidelines)",
    .jurisdiction = "HK",
    .status = HL_RULE_IN_FORCE,
    .kind = HL_RULE_RESERVE,
    .formula = "cover_hot * (H + W) + cover_cold * C",
    .counts = HL_COUNTS(reserve) | HL_COUNTS(insurance) | HL_COUNTS(credit_line),
    .doc = "Met by insurance, own funds held on trust, or a bank's guarantee, which a credit line stands for here.",
    .parameters = {{"cover_hot", "cover_hot", HL_UNIT_NUMBER, "For each unit of money in coins that are not cold."},
                   {"cover_cold", "cover_cold", HL_UNIT_NUMBER, "For each unit of money in cold coins."},
                   {"cold_least", "cold_min_share", HL_UNIT_FRACTION, "The least share of cold coins."}},
    .conditions = {{"at least 98 % cold", "C - cold_least * A"}},
};
