#include "models/rule.h"

const struct hl_rule hl_rule_jp_a2 = {
    .name = "jp_a2",
    .id = "PRESET-A2",
    .title = "A share of volume between 2 and 40 bn yen",
    .jurisdiction = "JP",
    .status = HL_RULE_INTERPRETATION,
    .kind = HL_RULE_RESERVE,
    .formula = "clip(rho * Vmax, floor, cap)",
    .counts = HL_COUNTS(reserve) | HL_COUNTS(protection_fund),
    .doc = "One reading of the Act of 2026, whose calculation is not published. Large securities firms are reported to "
           "hold 2 to 40 bn yen; the rate is set so that a volume of 20 tn yen a year asks for 40 bn.",
    .parameters = {{"rho", "rho", HL_UNIT_FRACTION, "Share of the highest volume of three years."},
                   {"floor", "floor", HL_UNIT_MONEY, "At least this much."},
                   {"cap", "cap", HL_UNIT_MONEY, "At most this much."}},
};
