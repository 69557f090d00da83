/* The one-factor Gaussian copula. */
#include "models/copula.h"

#include <float.h>
#include <gsl/gsl_cdf.h>

enum { RHO };

static double uniform(const struct hl_copula *c, double factor, double mixing, double own) {
    (void)mixing;
    double rho = c->p[RHO];
    if (rho <= 0)
        return own;
    if (rho >= 1)
        return factor;
    double x = sqrt(rho) * gsl_cdf_ugaussian_Qinv(factor) + sqrt(1 - rho) * gsl_cdf_ugaussian_Qinv(own);
    return fmin(gsl_cdf_ugaussian_Q(x), 1 - DBL_EPSILON / 2); /* far below the mean it would round to 1 */
}

const struct hl_copula_family hl_copula_gaussian = {
    .name = "gaussian",
    .doc =
        "Ranks tied as those of normal numbers of pair correlation rho: however strong, the very worst of two seldom "
        "come together.",
    .source = "Li 2000; McNeil, Frey, Embrechts, Quantitative Risk Management, chapters 7 and 11",
    .parameter_count = 1,
    .parameters =
        {
            [RHO] = {.key = "rho",
                     .unit = HL_UNIT_FRACTION,
                     .minimum = 0,
                     .maximum = 1,
                     .standard = NAN,
                     .doc = "Correlation of any two members: 0 = independent, 1 = all alike."},
        },
    .uniform = uniform,
};
