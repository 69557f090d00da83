#include "models/rule.h"

const struct hl_rule hl_rule_emir_cover2 = {
    .name = "emir_cover2",
    .id = "AN-EMIR",
    .title = "A common fund for the two largest members' losses (in the manner of EMIR's Cover 2)",
    .jurisdiction = "-",
    .status = HL_RULE_ANALOGUE,
    .kind = HL_RULE_POOL,
    .formula = "max(L1, L2 + L3, L1 + L2)",
    .counts = HL_COUNTS(pool),
    .doc = "What all members hold together. A default fund holds max(L1, L2 + L3), all resources L1 + L2. A member's "
           "stressed "
           "loss is the 99.9 % quantile of its year's gross loss; it takes a run of the scenario.",
};
