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

unsigned hl_bridge_nodes(unsigned node, unsigned levels, uint32_t *out) {
    assert(levels <= HL_BRIDGE_LEVELS && node > 0 && node < 1u << levels);
    unsigned count = 0, middle = 0;
    for (unsigned half = 1u << levels >> 1; middle != node; half >>= 1) {
        middle = count == 0 || node > middle ? middle + half : middle - half;
        out[count++] = middle;
    }
    return count;
}

double hl_bridge(unsigned node, unsigned levels, double end, const double *normals) {
    /* sqrt(2^k / 4) of a stretch of 2^k steps */
    static const double sd[HL_BRIDGE_LEVELS + 1] = {0.5, M_SQRT1_2, 1, M_SQRT2, 2, 2 * M_SQRT2, 4, 4 * M_SQRT2};
    double left = 0, right = end;
    unsigned middle = 0;
    for (unsigned level = levels;; level--) {
        double at_middle = (left + right) / 2 + sd[level] * *normals++;
        unsigned half = 1u << level >> 1;
        middle = level == levels ? half : middle;
        if (middle == node)
            return at_middle;
        if (node < middle) {
            right = at_middle;
            middle -= half / 2;
        } else {
            left = at_middle;
            middle += half / 2;
        }
    }
}
