#include "models/rule.h"

const struct hl_rule hl_rule_jp_jvcea = {
    .name = "jp_jvcea",
    .id = "JP-JVCEA",
    .title = "Net assets at least the guarantee crypto (self-regulation of JVCEA)",
    .jurisdiction = "JP",
    .status = HL_RULE_IN_FORCE,
    .kind = HL_RULE_CAPITAL,
    .formula = "ratio * (H + W)",
    .counts = HL_COUNTS(own_capital),
    .doc = "It keeps the guarantee from being paid with borrowed money.",
    .parameters = {{"ratio", "net_assets_over_guarantee", HL_UNIT_NUMBER,
                    "Net assets for each yen of guarantee crypto."}},
};
