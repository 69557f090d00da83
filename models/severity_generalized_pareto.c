/* Generalized Pareto amounts above a threshold: X = threshold + scale (v^-shape - 1) / shape, v uniform.
 *
 * The log form w = ln(1 + shape y) / shape, y = (x - threshold) / scale, has the exponential y as its limit at shape 0,
 * so that 1 - F = e^-w needs no special case but that one. */
#include "models/severity.h"

enum { THRESHOLD, SCALE, SHAPE };

/* -ln(1 - F(x)): 0 below the threshold, INFINITY past the end of the support (shape < 0). */
static double hazard(const struct hl_distribution *d, double x) {
    double y = (x - d->p[THRESHOLD]) / d->p[SCALE];
    double shape = d->p[SHAPE];
    if (y <= 0)
        return 0;
    if (shape == 0)
        return y;
    return 1 + shape * y > 0 ? log1p(shape * y) / shape : INFINITY;
}

static double quantile(const struct hl_distribution *d, double v) {
    double shape = d->p[SHAPE];
    double w = -log(v);
    return d->p[THRESHOLD] + d->p[SCALE] * (shape == 0 ? w : expm1(shape * w) / shape);
}

static double cdf(const struct hl_distribution *d, double x) { return -expm1(-hazard(d, x)); }

static double mean(const struct hl_distribution *d) {
    return d->p[SHAPE] < 1 ? d->p[THRESHOLD] + d->p[SCALE] / (1 - d->p[SHAPE]) : INFINITY;
}

/* The integral of e^-w over y is (1 - e^-(1 - shape) w) / (1 - shape). */
static double limited_mean(const struct hl_distribution *d, double limit) {
    if (limit <= d->p[THRESHOLD])
        return fmax(limit, 0);
    double w = hazard(d, limit);
    double rest = 1 - d->p[SHAPE];
    return d->p[THRESHOLD] + d->p[SCALE] * (rest == 0 ? w : -expm1(-rest * w) / rest);
}

const struct hl_severity hl_severity_generalized_pareto = {
    .name = "generalized_pareto",
    .doc = "Amount threshold + scale (v^-shape - 1) / shape: what losses over a high threshold look like; the mean is "
           "infinite at shape 1 and above, the support ends at threshold - scale / shape below shape 0.",
    .source = "Embrechts, Klueppelberg, Mikosch, Modelling Extremal Events, section 3.4",
    .parameter_count = 3,
    .parameters =
        {
            [THRESHOLD] = {.key = "threshold",
                           .unit = HL_UNIT_MONEY,
                           .minimum = 0,
                           .maximum = 1e15,
                           .standard = NAN,
                           .doc = "The least loss; smaller ones are not counted as breaches."},
            [SCALE] = {.key = "scale",
                       .unit = HL_UNIT_MONEY,
                       .minimum = 0,
                       .minimum_open = true,
                       .maximum = 1e15,
                       .standard = NAN,
                       .doc = "Size of the excess over the threshold; its mean is scale / (1 - shape)."},
            [SHAPE] = {.key = "shape",
                       .unit = HL_UNIT_NUMBER,
                       .minimum = -1,
                       .maximum = 5,
                       .standard = NAN,
                       .doc = "Weight of the tail: -1 is uniform, 0 exponential, from 1 on the mean is infinite."},
        },
    .quantile = quantile,
    .cdf = cdf,
    .mean = mean,
    .limited_mean = limited_mean,
    .tabulated = true,
};
