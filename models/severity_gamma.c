/* Gamma amounts: sums of exponential parts. Its quantile has no closed form and is sampled from a table. */
#include "models/severity.h"

#include "models/quantile_table.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

enum { SHAPE, SCALE };

static double cdf(const struct hl_distribution *d, double x) {
    return x > 0 ? gsl_cdf_gamma_P(x, d->p[SHAPE], d->p[SCALE]) : 0;
}

static double survival(const struct hl_distribution *d, double x) {
    return x > 0 ? gsl_cdf_gamma_Q(x, d->p[SHAPE], d->p[SCALE]) : 1;
}

static double pdf(const struct hl_distribution *d, double x) { return gsl_ran_gamma_pdf(x, d->p[SHAPE], d->p[SCALE]); }

static double mean(const struct hl_distribution *d) { return d->p[SHAPE] * d->p[SCALE]; }

static double limited_mean(const struct hl_distribution *d, double limit) {
    if (limit <= 0)
        return 0;
    if (isinf(limit))
        return mean(d);
    return mean(d) * gsl_cdf_gamma_P(limit, d->p[SHAPE] + 1, d->p[SCALE]) + limit * survival(d, limit);
}

const struct hl_severity hl_severity_gamma = {
    .name = "gamma",
    .doc = "Amount with density proportional to x^(shape - 1) e^(-x / scale): a light tail, the coefficient of "
           "variation is 1 / sqrt(shape).",
    .source = "Klugman, Panjer, Willmot, Loss Models, appendix A",
    .parameter_count = 2,
    .parameters =
        {
            [SHAPE] = {.key = "shape",
                       .unit = HL_UNIT_NUMBER,
                       .minimum = 0.05,
                       .maximum = 1000,
                       .standard = NAN,
                       .doc = "1 is exponential, more is less spread out."},
            [SCALE] = {.key = "scale",
                       .unit = HL_UNIT_MONEY,
                       .minimum = 0,
                       .minimum_open = true,
                       .maximum = 1e15,
                       .standard = NAN,
                       .doc = "The mean is shape times scale."},
        },
    .quantile = hl_quantile_by_newton,
    .cdf = cdf,
    .survival = survival,
    .pdf = pdf,
    .mean = mean,
    .limited_mean = limited_mean,
    .tabulated = true,
};
