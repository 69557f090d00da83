/* Beta shares. The quantile has no closed form and is sampled from a table. */
#include "models/severity.h"

#include "models/quantile_table.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

enum { A, B };

static double cdf(const struct hl_distribution *d, double x) {
    if (x <= 0)
        return 0;
    return x < 1 ? gsl_cdf_beta_P(x, d->p[A], d->p[B]) : 1;
}

static double survival(const struct hl_distribution *d, double x) {
    if (x <= 0)
        return 1;
    return x < 1 ? gsl_cdf_beta_Q(x, d->p[A], d->p[B]) : 0;
}

static double pdf(const struct hl_distribution *d, double x) { return gsl_ran_beta_pdf(x, d->p[A], d->p[B]); }

static double mean(const struct hl_distribution *d) { return d->p[A] / (d->p[A] + d->p[B]); }

static double limited_mean(const struct hl_distribution *d, double limit) {
    if (limit <= 0)
        return 0;
    if (limit >= 1)
        return mean(d);
    return mean(d) * gsl_cdf_beta_P(limit, d->p[A] + 1, d->p[B]) + limit * survival(d, limit);
}

const struct hl_severity hl_severity_beta = {
    .name = "beta",
    .doc = "Share with density proportional to x^(a - 1) (1 - x)^(b - 1): below 1, a and b pile up mass at nothing and "
           "at everything.",
    .source = "Klugman, Panjer, Willmot, Loss Models, appendix A",
    .share = true,
    .parameter_count = 2,
    .parameters =
        {
            [A] = {.key = "a",
                   .unit = HL_UNIT_NUMBER,
                   .minimum = 0.05,
                   .maximum = 1000,
                   .standard = NAN,
                   .doc = "Pulls towards everything; the mean is a / (a + b)."},
            [B] = {.key = "b",
                   .unit = HL_UNIT_NUMBER,
                   .minimum = 0.05,
                   .maximum = 1000,
                   .standard = NAN,
                   .doc = "Pulls towards nothing."},
        },
    .quantile = hl_quantile_by_newton,
    .cdf = cdf,
    .survival = survival,
    .pdf = pdf,
    .mean = mean,
    .limited_mean = limited_mean,
    .tabulated = true,
};
