#include "models/rule.h"

const struct hl_rule hl_rule_jp_a3 = {
    .name = "jp_a3",
    .id = "PRESET-A3",
    .title = "2 to 40 bn yen along a power of volume",
    .jurisdiction = "JP",
    .status = HL_RULE_INTERPRETATION,
    .kind = HL_RULE_RESERVE,
    .formula = "clip(floor * pow(Vmax / V_lo, log(cap / floor) / log(V_hi / V_lo)), floor, cap)",
    .counts = HL_COUNTS(reserve) | HL_COUNTS(protection_fund),
    .doc = "One reading of the Act of 2026, whose calculation is not published: as jp_a2, but smaller firms set aside "
           "relatively more.",
    .parameters = {{"floor", "floor", HL_UNIT_MONEY, "Reserve at the low volume."},
                   {"cap", "cap", HL_UNIT_MONEY, "Reserve at the high volume."},
                   {"V_lo", "V_lo", HL_UNIT_MONEY, "The volume up to which the floor is asked for."},
                   {"V_hi", "V_hi", HL_UNIT_MONEY, "The volume from which on the cap is."}},
};
