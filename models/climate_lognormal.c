/* Lognormal climate: G = e^(s z - s^2 / 2), s^2 = ln(1 + sd^2). */
#include "models/climate.h"

static double factor(const struct hl_climate_law *law, double z) {
    double variance = log1p(law->sd * law->sd);
    return exp(sqrt(variance) * z - variance / 2);
}

const struct hl_climate_family hl_climate_lognormal = {
    .name = "lognormal",
    .doc = "Lognormal: quiet years are closer together and the worst are worse than with a gamma of the same sd.",
    .source = "McNeil, Frey, Embrechts, Quantitative Risk Management, section on mixture models",
    .factor = factor,
};
