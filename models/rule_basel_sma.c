#include "models/rule.h"

/* The business indicator component: so much of each bucket of revenue. */
#define BIC "(m1 * min(Rev, b1) + m2 * clip(Rev - b1, 0, b2 - b1) + m3 * max(Rev - b2, 0))"

const struct hl_rule hl_rule_basel_sma = {
    .name = "basel_sma",
    .id = "AN-BASEL-SMA",
    .title = "Operational risk of banks, standardised approach (Basel, OPE25)",
    .jurisdiction = "-",
    .status = HL_RULE_ANALOGUE,
    .kind = HL_RULE_CAPITAL,
    .formula = BIC " * if(Rev - b1, log(exp(1) - 1 + pow(times * losses / 10 / " BIC ", power)), 1)",
    .counts = HL_COUNTS(own_capital),
    .doc = "Revenue stands in for the business indicator. The losses of ten years matter above the first bucket only.",
    .parameters = {{"m1", "BIC_marginal[<=1bn EUR]", HL_UNIT_FRACTION, "Share of the first bucket."},
                   {"m2", "BIC_marginal[1-30bn EUR]", HL_UNIT_FRACTION, "Share of the second bucket."},
                   {"m3", "BIC_marginal[>30bn EUR]", HL_UNIT_FRACTION, "Share of what is above."},
                   {"b1", "BI_limit[1]", HL_UNIT_MONEY, "Where the first bucket ends."},
                   {"b2", "BI_limit[2]", HL_UNIT_MONEY, "Where the second bucket ends."},
                   {"times", "loss_component_multiplier", HL_UNIT_NUMBER, "Average yearly losses count so often."},
                   {"power", "ILM_exponent", HL_UNIT_NUMBER, "Exponent of losses over the indicator's part."}},
};
