/* Burr XII amounts: 1 - F(x) = u^alpha, u = 1 / (1 + y), y = (x / scale)^gamma. */
#include "models/severity.h"

#include <float.h>
#include <gsl/gsl_sf_gamma.h>

enum { ALPHA, GAMMA, SCALE };

/* -ln u = ln(1 + y), without overflow of y. */
static double hazard(const struct hl_distribution *d, double x) {
    double l = d->p[GAMMA] * log(x / d->p[SCALE]);
    return fmax(l, 0) + log1p(exp(-fabs(l)));
}

static double quantile(const struct hl_distribution *d, double v) {
    return d->p[SCALE] * pow(expm1(-log(v) / d->p[ALPHA]), 1 / d->p[GAMMA]);
}

static double cdf(const struct hl_distribution *d, double x) { return x > 0 ? -expm1(-d->p[ALPHA] * hazard(d, x)) : 0; }

/* alpha B(1 + 1/gamma, alpha - 1/gamma) scales, as long as the tail index alpha gamma is above 1. */
static double mean(const struct hl_distribution *d) {
    double power = 1 / d->p[GAMMA];
    if (d->p[ALPHA] <= power)
        return INFINITY;
    return d->p[SCALE] * d->p[ALPHA] * exp(gsl_sf_lnbeta(1 + power, d->p[ALPHA] - power));
}

/* The integral of 1 - F up to x <= scale is x u^alpha times the hypergeometric series of positive terms in 1 - u <= 1/2
 * that is the incomplete beta function of 1 + 1/gamma and alpha - 1/gamma; it needs no mean. */
static double body(const struct hl_distribution *d, double x) {
    double w = hazard(d, x);
    double sum = 0, term = 1;
    for (double k = 0; term > DBL_EPSILON / 8 * sum; k++) {
        sum += term;
        term *= -expm1(-w) * (d->p[ALPHA] + k) / (1 + 1 / d->p[GAMMA] + k);
    }
    return x * exp(-d->p[ALPHA] * w) * sum;
}

/* The integral of 1 - F from scale to x: scale / gamma times that of u^(m - 1) (1 - u)^(1/gamma - 1) over u from u(x)
 * to 1/2, m = alpha - 1/gamma, by the binomial series of its second factor. Where there is a mean, x may be INFINITY.
 */
static double rest(const struct hl_distribution *d, double x) {
    const double ln2 = 0.693147180559945309;
    double length = hazard(d, x) - ln2; /* ln(1/2) - ln u */
    double power = 1 / d->p[GAMMA];
    double sum = 0, factor = 1;
    for (int k = 0; k < 64; k++) {
        double m = d->p[ALPHA] - power + k;
        sum += factor * exp(-m * ln2) * (m == 0 ? length : -expm1(-m * length) / m);
        factor *= (k + 1 - power) / (k + 1);
    }
    return d->p[SCALE] * power * sum;
}

static double limited_mean(const struct hl_distribution *d, double limit) {
    if (limit <= 0)
        return 0;
    if (isinf(limit))
        return mean(d);
    double scale = d->p[SCALE];
    return limit <= scale ? body(d, limit) : body(d, scale) + rest(d, limit);
}

const struct hl_severity hl_severity_burr = {
    .name = "burr",
    .doc = "Amount with 1 - F(x) = (1 + (x / scale)^gamma)^-alpha (Burr XII): for gamma above 1 a hump like a "
           "lognormal's, and a tail like "
           "a Pareto's of index alpha gamma; the mean is infinite where that is at most 1.",
    .source = "Klugman, Panjer, Willmot, Loss Models, appendix A",
    .parameter_count = 3,
    .parameters =
        {
            [ALPHA] = {.key = "alpha",
                       .unit = HL_UNIT_NUMBER,
                       .minimum = 0.25,
                       .maximum = 100,
                       .standard = NAN,
                       .doc = "With gamma the weight of the tail: far out, 1 - F goes with x^-(alpha gamma)."},
            [GAMMA] = {.key = "gamma",
                       .unit = HL_UNIT_NUMBER,
                       .minimum = 0.25,
                       .maximum = 100,
                       .standard = NAN,
                       .doc = "Weight of the small amounts: near 0, F goes with x^gamma; 1 is Lomax."},
            [SCALE] = {.key = "scale",
                       .unit = HL_UNIT_MONEY,
                       .minimum = 0,
                       .minimum_open = true,
                       .maximum = 1e15,
                       .standard = NAN,
                       .doc = "An amount in the body: 1 / 2^alpha of the losses exceed it."},
        },
    .quantile = quantile,
    .cdf = cdf,
    .mean = mean,
    .limited_mean = limited_mean,
    .tabulated = true,
};
