#include "models/rule.h"

const struct hl_rule hl_rule_safu = {
    .name = "safu",
    .id = "IND-SAFU",
    .title = "Binance's fund SAFU",
    .jurisdiction = "-",
    .status = HL_RULE_ANALOGUE,
    .kind = HL_RULE_RESERVE,
    .formula = "level",
    .provision = "fee_share * fees",
    .counts = HL_COUNTS(protection_fund),
    .doc = "Private, of the largest exchange there is. Since January 2026 held in bitcoin and filled up when it is "
           "worth less "
           "than 0.8 bn dollars; until then it took a tenth of fees.",
    .parameters = {{"level", "level", HL_UNIT_MONEY, "What the fund holds."},
                   {"fee_share", "fee_share_original", HL_UNIT_FRACTION, "Share of a year's fees that went in."},
                   {"trigger", "topup_trigger", HL_UNIT_MONEY, "It is filled up when it is worth less."}},
    .conditions = {{"above the trigger", "R - trigger"}},
};
