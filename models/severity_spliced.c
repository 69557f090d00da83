/* Spliced amounts: a lognormal body below a threshold, a generalized Pareto tail above it.
 *
 * F(x) = (1 - tail) Phi(z(x)) / Phi(z(threshold)) below the threshold, z(x) = ln(x / median) / sigma, and
 * 1 - tail (1 - G(x)) above it, G the generalized Pareto distribution. F is continuous, its density may jump. */
#include "models/severity.h"

#include <gsl/gsl_cdf.h>

enum { MEDIAN, SIGMA, THRESHOLD, TAIL, SCALE, SHAPE };

/* How far below the median the threshold may be, in sigmas: at 8, a body of 6e-16 of the lognormal is left. */
enum { DEEPEST = 8 };

static double score(const struct hl_distribution *d, double x) { return log(x / d->p[MEDIAN]) / d->p[SIGMA]; }

static struct hl_distribution tail_of(const struct hl_distribution *d) {
    return (struct hl_distribution){.family = &hl_severity_generalized_pareto,
                                    .p = {d->p[THRESHOLD], d->p[SCALE], d->p[SHAPE]}};
}

static const char *check(const struct hl_distribution *d) {
    return score(d, d->p[THRESHOLD]) >= -DEEPEST
               ? NULL
               : "`threshold` is more than 8 sigmas below `median`: nothing is left of "
                 "the body; for the tail alone write generalized_pareto";
}

/* The lognormal's F at the quantile is p, its 1 - F is q: the smaller of the two is exact. */
static double quantile(const struct hl_distribution *d, double v) {
    double tail = d->p[TAIL];
    if (v < tail) {
        struct hl_distribution pareto = tail_of(d);
        return pareto.family->quantile(&pareto, v / tail);
    }
    double end = score(d, d->p[THRESHOLD]);
    double p = (1 - v) / (1 - tail) * gsl_cdf_ugaussian_P(end);
    double q = gsl_cdf_ugaussian_Q(end) + (v - tail) / (1 - tail) * gsl_cdf_ugaussian_P(end);
    double z = p < 0.5 ? gsl_cdf_ugaussian_Pinv(p) : gsl_cdf_ugaussian_Qinv(q);
    return fmin(d->p[MEDIAN] * exp(d->p[SIGMA] * z), d->p[THRESHOLD]);
}

/* Where the body begins. */
static double kink(const struct hl_distribution *d) { return d->p[TAIL]; }

static double cdf(const struct hl_distribution *d, double x) {
    double tail = d->p[TAIL], threshold = d->p[THRESHOLD];
    if (x <= 0)
        return 0;
    if (x < threshold)
        return (1 - tail) * gsl_cdf_ugaussian_P(score(d, x)) / gsl_cdf_ugaussian_P(score(d, threshold));
    struct hl_distribution pareto = tail_of(d);
    return 1 - tail + tail * pareto.family->cdf(&pareto, x);
}

/* The integral of x dF(x) from 0 to the limit, at most the threshold. */
static double part_below(const struct hl_distribution *d, double limit) {
    double sigma = d->p[SIGMA];
    return (1 - d->p[TAIL]) * d->p[MEDIAN] * exp(0.5 * sigma * sigma) * gsl_cdf_ugaussian_P(score(d, limit) - sigma) /
           gsl_cdf_ugaussian_P(score(d, d->p[THRESHOLD]));
}

static double limited_mean(const struct hl_distribution *d, double limit) {
    if (limit <= 0)
        return 0;
    if (limit < d->p[THRESHOLD])
        return part_below(d, limit) + limit * (1 - cdf(d, limit));
    struct hl_distribution pareto = tail_of(d);
    return part_below(d, d->p[THRESHOLD]) + d->p[TAIL] * pareto.family->limited_mean(&pareto, limit);
}

static double mean(const struct hl_distribution *d) { return limited_mean(d, INFINITY); }

const struct hl_severity hl_severity_spliced = {
    .name = "spliced",
    .doc = "Amount from a lognormal body cut off at a threshold or, with probability tail, from a generalized Pareto "
           "tail above it: common losses and catastrophes each by a law of their own.",
    .source = "Klugman, Panjer, Willmot, Loss Models, section on splicing",
    .parameter_count = 6,
    .parameters =
        {
            [MEDIAN] = {.key = "median",
                        .unit = HL_UNIT_MONEY,
                        .minimum = 0,
                        .minimum_open = true,
                        .maximum = 1e15,
                        .standard = NAN,
                        .doc = "Median of the lognormal that the body is the lower part of."},
            [SIGMA] = {.key = "sigma",
                       .unit = HL_UNIT_NUMBER,
                       .minimum = 0,
                       .minimum_open = true,
                       .maximum = 10,
                       .standard = NAN,
                       .doc = "Standard deviation of ln X of that lognormal."},
            [THRESHOLD] = {.key = "threshold",
                           .unit = HL_UNIT_MONEY,
                           .minimum = 0,
                           .minimum_open = true,
                           .maximum = 1e15,
                           .standard = NAN,
                           .doc = "Where the body ends and the tail begins."},
            [TAIL] = {.key = "tail",
                      .unit = HL_UNIT_FRACTION,
                      .minimum = 0,
                      .minimum_open = true,
                      .maximum = 1,
                      .maximum_open = true,
                      .standard = NAN,
                      .doc = "The probability that a loss is above the threshold."},
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
    .check = check,
    .quantile = quantile,
    .cdf = cdf,
    .mean = mean,
    .limited_mean = limited_mean,
    .tabulated = true,
    .kink = kink,
};
