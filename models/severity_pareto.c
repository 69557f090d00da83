/* Pareto amounts: 1 - F(x) = (minimum / x)^alpha from the minimum on. */
#include "models/severity.h"

enum { MINIMUM, ALPHA };

static double quantile(const struct hl_distribution *d, double v) { return d->p[MINIMUM] * exp(-log(v) / d->p[ALPHA]); }

static double cdf(const struct hl_distribution *d, double x) {
    return x > d->p[MINIMUM] ? -expm1(-d->p[ALPHA] * log(x / d->p[MINIMUM])) : 0;
}

static double mean(const struct hl_distribution *d) {
    return d->p[ALPHA] > 1 ? d->p[MINIMUM] * d->p[ALPHA] / (d->p[ALPHA] - 1) : INFINITY;
}

static double limited_mean(const struct hl_distribution *d, double limit) {
    if (limit <= d->p[MINIMUM])
        return fmax(limit, 0);
    double w = log(limit / d->p[MINIMUM]);
    double rest = d->p[ALPHA] - 1;
    return d->p[MINIMUM] * (1 + (rest == 0 ? w : -expm1(-rest * w) / rest));
}

const struct hl_severity hl_severity_pareto = {
    .name = "pareto",
    .doc = "Amount with 1 - F(x) = (minimum / x)^alpha: a pure power tail; the mean is infinite at alpha 1 and below.",
    .source = "Klugman, Panjer, Willmot, Loss Models, appendix A",
    .parameter_count = 2,
    .parameters =
        {
            [MINIMUM] = {.key = "minimum",
                         .unit = HL_UNIT_MONEY,
                         .minimum = 0,
                         .minimum_open = true,
                         .maximum = 1e15,
                         .standard = NAN,
                         .doc = "The least loss."},
            [ALPHA] = {.key = "alpha",
                       .unit = HL_UNIT_NUMBER,
                       .minimum = 0.1,
                       .maximum = 100,
                       .standard = NAN,
                       .doc = "Tail index: a loss twice as large is 2^alpha times as rare."},
        },
    .quantile = quantile,
    .cdf = cdf,
    .mean = mean,
    .limited_mean = limited_mean,
    .tabulated = true,
};
