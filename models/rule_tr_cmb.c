#include "models/rule.h"

const struct hl_rule hl_rule_tr_cmb = {
    .name = "tr_cmb",
    .id = "TR-CMB",
    .title = "Capital of platforms, and what they may keep themselves (Turkey's CMB)",
    .jurisdiction = "TR",
    .status = HL_RULE_IN_FORCE,
    .kind = HL_RULE_CAPITAL,
    .formula = "capital",
    .counts = HL_COUNTS(own_capital),
    .doc =
        "Nearly all coins are with licensed custodians, which need 500 m lira and 1.5 % of what they keep above 1 bn.",
    .parameters = {{"capital", "platform_capital", HL_UNIT_MONEY, "Capital of a platform."},
                   {"self_most", "platform_self_held_max_share", HL_UNIT_FRACTION,
                    "The most of customers' coins that it "
                    "keeps itself."}},
    .conditions = {{"at most 5 % kept by itself", "self_most * A - self"}},
};
