/* Gamma climate: shape 1 / sd^2, scale sd^2. A Poisson source under it has negative binomial counts of that shape. */
#include "models/climate.h"

#include <gsl/gsl_cdf.h>

static enum hl_status prepare(struct hl_climate_law *law, struct hl_arena *arena, struct hl_error *err) {
    double scale = law->sd * law->sd;
    law->table = (struct hl_distribution){.family = &hl_severity_gamma, .p = {1 / scale, scale}};
    return hl_distribution_prepare(&law->table, arena, err);
}

/* The survival probability is kept to where the table reaches: [2^-53, 1 - 2^-53]. */
static double factor(const struct hl_climate_law *law, double z) {
    double v = fmin(fmax(gsl_cdf_ugaussian_Q(z), 0x1p-53), 1 - 0x1p-53);
    return hl_distribution_quantile(&law->table, v);
}

/* (1 - sd^2 a)^(-1 / sd^2), by the logarithm of its modulus and its angle. */
static double complex laplace(const struct hl_climate_law *law, double complex a) {
    double scale = law->sd * law->sd, x = -scale * creal(a), y = -scale * cimag(a);
    return cexp(-(0.5 * log1p(2 * x + x * x + y * y) + I * atan2(y, 1 + x)) / scale);
}

const struct hl_climate_family hl_climate_gamma = {
    .name = "gamma",
    .doc = "Gamma distributed: Poisson counts under it are negative binomial of shape 1 / sd^2.",
    .source = "Klugman, Panjer, Willmot, Loss Models, section on mixed frequency models",
    .prepare = prepare,
    .factor = factor,
    .laplace = laplace,
};
