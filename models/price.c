#include "models/price.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

double hl_jump_drift(double rate, double loading, double mean, double sd) {
    return rate * expm1(loading * mean + 0.5 * loading * loading * sd * sd);
}

/* E[min(nu / Q, most)]: 1 / x takes two degrees of freedom off the density of Q. */
static double capped_mean(double nu, double most) {
    double least = nu / most;
    return nu / (nu - 2) * gsl_cdf_chisq_Q(least, nu - 2) + most * gsl_cdf_chisq_P(least, nu);
}

enum hl_status hl_mixing_make(struct hl_mixing *out, double nu, double most, struct hl_arena *arena,
                              struct hl_error *err) {
    assert(nu > 2 && most >= 1);
    *out = (struct hl_mixing){.nu = nu,
                              .most = most,
                              .mean = capped_mean(nu, most),
                              .chi_square = {.family = &hl_severity_gamma, .p = {nu / 2, 2}}};
    return hl_distribution_prepare(&out->chi_square, arena, err);
}

double hl_mixing_quantile(const struct hl_mixing *m, double v) {
    double q = hl_distribution_quantile(&m->chi_square, 1 - v); /* exact: v is a multiple of 2^-53 */
    return fmin(m->nu / q, m->most) / m->mean;
}

double hl_bridge(unsigned node, unsigned levels, double end, double (*normal)(void *context, unsigned node),
                 void *context) {
    unsigned left = 0, right = 1u << levels;
    double at_left = 0, at_right = end;
    assert(node > left && node < right);
    for (;;) {
        unsigned middle = (left + right) / 2;
        double at_middle = (at_left + at_right) / 2 + sqrt((right - left) / 4.0) * normal(context, middle);
        if (middle == node)
            return at_middle;
        if (node < middle) {
            right = middle;
            at_right = at_middle;
        } else {
            left = middle;
            at_left = at_middle;
        }
    }
}
