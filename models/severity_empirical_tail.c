/* Observed amounts below a threshold, a generalized Pareto tail above it in place of the observed amounts there.
 *
 * The parameters are those of the generalized Pareto family, in its order, so that its functions take the distribution
 * as it is; those of the empirical family take its values. */
#include "models/severity.h"

enum { THRESHOLD, SCALE, SHAPE };

static const struct hl_severity *const observed = &hl_severity_empirical;
static const struct hl_severity *const pareto = &hl_severity_generalized_pareto;

/* The number of values above the threshold, a whole number. */
static double above(const struct hl_distribution *d) {
    double count = (double)d->value_count;
    return count - nearbyint(count * observed->cdf(d, d->p[THRESHOLD]));
}

static const char *check(const struct hl_distribution *d) {
    const char *wrong = observed->check(d);
    if (wrong != NULL)
        return wrong;
    if (above(d) == 0)
        return "no value is above `threshold`: their share is the probability of the tail; lower it, or write "
               "empirical";
    if (above(d) == (double)d->value_count)
        return "every value is above `threshold`: raise it, or for the tail alone write generalized_pareto";
    return NULL;
}

static double quantile(const struct hl_distribution *d, double v) {
    double rank = (double)d->value_count * v, count = above(d);
    return rank < count ? pareto->quantile(d, rank / count) : observed->quantile(d, v);
}

/* Where the observed values begin. */
static double kink(const struct hl_distribution *d) { return above(d) / (double)d->value_count; }

static double cdf(const struct hl_distribution *d, double x) {
    if (x < d->p[THRESHOLD])
        return observed->cdf(d, x);
    double tail = above(d) / (double)d->value_count;
    return 1 - tail + tail * pareto->cdf(d, x);
}

static double limited_mean(const struct hl_distribution *d, double limit) {
    double count = above(d), sum = count * pareto->limited_mean(d, limit);
    for (size_t i = 0; i + (size_t)count < d->value_count; i++)
        sum += fmin(d->values[i], limit);
    return sum / (double)d->value_count;
}

static double mean(const struct hl_distribution *d) { return limited_mean(d, INFINITY); }

const struct hl_severity hl_severity_empirical_tail = {
    .name = "empirical_tail",
    .doc = "Amount drawn from a list of observed losses as far as they are not above a threshold, and above it from a "
           "generalized Pareto distribution: more than was ever observed can happen.",
    .source = "Embrechts, Klueppelberg, Mikosch, Modelling Extremal Events, section 6.5 (peaks over threshold)",
    .sample = true,
    .parameter_count = 3,
    .parameters =
        {
            [THRESHOLD] = {.key = "threshold",
                           .unit = HL_UNIT_MONEY,
                           .minimum = 0,
                           .maximum = 1e15,
                           .standard = NAN,
                           .doc = "Where the tail begins; the share of the values above it is the tail's probability."},
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
