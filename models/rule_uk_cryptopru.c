#include "models/rule.h"

const struct hl_rule hl_rule_uk_cryptopru = {
    .name = "uk_cryptopru",
    .id = "UK-CRYPTOPRU",
    .title = "Own funds of cryptoasset firms (FCA, final rules of June 2026)",
    .jurisdiction = "GB",
    .status = HL_RULE_PROPOSED,
    .kind = HL_RULE_CAPITAL,
    .formula = "max(least, share * E, safeguarded * A)",
    .counts = HL_COUNTS(own_capital),
    .doc = "Of a custodian, binding from 25 October 2027, without the factors for trading. The rate on safeguarded "
           "coins is "
           "that of the consultation. There is no compensation scheme.",
    .parameters = {{"least", "PMR_custody", HL_UNIT_MONEY, "At least this much."},
                   {"share", "FOR_share_of_fixed_overheads", HL_UNIT_FRACTION, "Share of a year's fixed overheads."},
                   {"safeguarded", "K_QCS", HL_UNIT_FRACTION, "Share of customers' coins."},
                   {"liquid", "BLAR_share_of_FOR", HL_UNIT_FRACTION, "Share of the overheads' part to be liquid."}},
    .conditions = {{"basic liquid assets", "NA - liquid * share * E"}},
};
