/* Lognormal amounts: ln X is normal with mean ln(median) and standard deviation sigma. */
#include "models/severity.h"

#include <gsl/gsl_cdf.h>

enum { MEDIAN, SIGMA };

/* The standard normal score of x. */
static double score(const struct hl_distribution *d, double x) { return log(x / d->p[MEDIAN]) / d->p[SIGMA]; }

static double quantile(const struct hl_distribution *d, double v) {
    return d->p[MEDIAN] * exp(d->p[SIGMA] * gsl_cdf_ugaussian_Qinv(v));
}

static double cdf(const struct hl_distribution *d, double x) { return x > 0 ? gsl_cdf_ugaussian_P(score(d, x)) : 0; }

static double mean(const struct hl_distribution *d) { return d->p[MEDIAN] * exp(0.5 * d->p[SIGMA] * d->p[SIGMA]); }

static double limited_mean(const struct hl_distribution *d, double limit) {
    if (limit <= 0)
        return 0;
    if (isinf(limit))
        return mean(d);
    double z = score(d, limit);
    return mean(d) * gsl_cdf_ugaussian_P(z - d->p[SIGMA]) + limit * gsl_cdf_ugaussian_Q(z);
}

const struct hl_severity hl_severity_lognormal = {
    .name = "lognormal",
    .doc = "Amount with ln X ~ Normal(ln median, sigma): losses that span orders of magnitude, every moment finite.",
    .source = "Klugman, Panjer, Willmot, Loss Models, appendix A",
    .parameter_count = 2,
    .parameters =
        {
            [MEDIAN] = {.key = "median",
                        .unit = HL_UNIT_MONEY,
                        .minimum = 0,
                        .minimum_open = true,
                        .maximum = 1e15,
                        .standard = NAN,
                        .doc = "The amount that half of the losses exceed."},
            [SIGMA] = {.key = "sigma",
                       .unit = HL_UNIT_NUMBER,
                       .minimum = 0,
                       .minimum_open = true,
                       .maximum = 10,
                       .standard = NAN,
                       .doc = "Standard deviation of ln X: 1 means that one loss in six is above 2.7 medians."},
        },
    .quantile = quantile,
    .cdf = cdf,
    .mean = mean,
    .limited_mean = limited_mean,
    .tabulated = true,
};
