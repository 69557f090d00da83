#include "models/rule.h"

const struct hl_rule hl_rule_jp_psa = {
    .name = "jp_psa",
    .id = "JP-PSA",
    .title = "Guarantee crypto for hot wallets (Payment Services Act, art. 63-11-2)",
    .jurisdiction = "JP",
    .status = HL_RULE_IN_FORCE,
    .kind = HL_RULE_GUARANTEE,
    .formula = "ratio * (H + W)",
    .counts = HL_COUNTS(guarantee_crypto),
    .hot_only = true,
    .doc = "Own coins of the same kind and number as customers' coins that are not cold. Nothing is set aside for cold "
           "coins.",
    .parameters = {{"ratio", "guarantee_ratio_G_over_H", HL_UNIT_NUMBER, "Own coins for each coin that is not cold."},
                   {"hot_cap", "hot_cap_share", HL_UNIT_FRACTION, "The most of customers' coins that is not cold."},
                   {"capital", "min_capital", HL_UNIT_MONEY, "The least capital."}},
    .conditions = {{"at most 5 % not cold", "hot_cap * A - (H + W)"}, {"least capital", "NA - capital"}},
};
