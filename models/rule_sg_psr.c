#include "models/rule.h"

const struct hl_rule hl_rule_sg_psr = {
    .name = "sg_psr",
    .id = "SG-PSR",
    .title = "Cold storage of customers' coins (MAS guidelines of October 2024)",
    .jurisdiction = "SG",
    .status = HL_RULE_IN_FORCE,
    .kind = HL_RULE_CONDITION,
    .formula = "0",
    .doc = "Coins stand in a statutory trust; no reserve and no insurance is asked for.",
    .parameters = {{"cold_least", "cold_min_share", HL_UNIT_FRACTION, "The least share of cold coins."},
                   {"capital", "base_capital_MPI", HL_UNIT_MONEY, "Base capital of a major payment institution."}},
    .conditions = {{"at least 90 % cold", "C - cold_least * A"}, {"base capital", "NA - capital"}},
};
