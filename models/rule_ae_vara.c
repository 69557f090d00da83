#include "models/rule.h"

const struct hl_rule hl_rule_ae_vara = {
    .name = "ae_vara",
    .id = "AE-VARA",
    .title = "Paid-up capital and net liquid assets (Dubai's VARA), for exchange services",
    .jurisdiction = "AE",
    .status = HL_RULE_IN_FORCE,
    .kind = HL_RULE_CAPITAL,
    .formula = "max(floor, share * E)",
    .counts = HL_COUNTS(own_capital),
    .doc = "Each activity adds its own: custody services ask for the same share and at least 0.6 m dirhams. Crime "
           "cover for "
           "hot wallets is asked for without a number.",
    .parameters = {{"floor", "floor[exchange]", HL_UNIT_MONEY, "At least this much."},
                   {"share", "overhead_share[exchange]", HL_UNIT_FRACTION, "Share of a year's fixed overheads."},
                   {"months", "net_liquid_assets", HL_UNIT_NUMBER, "Net liquid assets, in months of overheads."}},
    .conditions = {{"net liquid assets", "NA - months * E / 12"}},
};
