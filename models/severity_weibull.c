/* Weibull amounts: 1 - F(x) = exp(-(x / scale)^shape). */
#include "models/severity.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>

enum { SCALE, SHAPE };

static double quantile(const struct hl_distribution *d, double v) {
    return d->p[SCALE] * pow(-log(v), 1 / d->p[SHAPE]);
}

static double cdf(const struct hl_distribution *d, double x) {
    return x > 0 ? -expm1(-pow(x / d->p[SCALE], d->p[SHAPE])) : 0;
}

static double mean(const struct hl_distribution *d) { return d->p[SCALE] * gsl_sf_gamma(1 + 1 / d->p[SHAPE]); }

static double limited_mean(const struct hl_distribution *d, double limit) {
    if (limit <= 0)
        return 0;
    double hazard = pow(limit / d->p[SCALE], d->p[SHAPE]);
    if (isinf(hazard))
        return mean(d);
    return mean(d) * gsl_cdf_gamma_P(hazard, 1 + 1 / d->p[SHAPE], 1) + limit * exp(-hazard);
}

const struct hl_severity hl_severity_weibull = {
    .name = "weibull",
    .doc = "Amount with 1 - F(x) = exp(-(x / scale)^shape): heavier than exponential below shape 1, every moment "
           "finite.",
    .source = "Klugman, Panjer, Willmot, Loss Models, appendix A",
    .parameter_count = 2,
    .parameters =
        {
            [SCALE] = {.key = "scale",
                       .unit = HL_UNIT_MONEY,
                       .minimum = 0,
                       .minimum_open = true,
                       .maximum = 1e15,
                       .standard = NAN,
                       .doc = "The amount that 36.8 % of the losses exceed."},
            [SHAPE] = {.key = "shape",
                       .unit = HL_UNIT_NUMBER,
                       .minimum = 0.05,
                       .maximum = 100,
                       .standard = NAN,
                       .doc = "1 is exponential, less has a heavier tail."},
        },
    .quantile = quantile,
    .cdf = cdf,
    .mean = mean,
    .limited_mean = limited_mean,
    .tabulated = true,
};
