/* The one-factor t copula. */
#include "models/copula.h"

#include <float.h>
#include <gsl/gsl_cdf.h>

enum { RHO, NU };

/* All members of an event share the mixing variable W: a small one drives all of them out together. */
static double uniform(const struct hl_copula *c, double factor, double mixing, double own) {
    double rho = c->p[RHO], nu = c->p[NU];
    double x = sqrt(rho) * gsl_cdf_ugaussian_Qinv(factor) + sqrt(1 - rho) * gsl_cdf_ugaussian_Qinv(own);
    double v = gsl_cdf_tdist_Q(x / sqrt(gsl_cdf_chisq_Pinv(mixing, nu) / nu), nu);
    return fmin(fmax(v, DBL_MIN), 1 - DBL_EPSILON / 2);
}

const struct hl_copula_family hl_copula_t = {
    .name = "t",
    .doc = "Ranks tied as those of Student's t: the very worst come together more often than under gaussian, the more "
           "so the smaller nu.",
    .source = "Demarta and McNeil 2005; McNeil, Frey, Embrechts, Quantitative Risk Management, chapters 7 and 11",
    .parameter_count = 2,
    .parameters =
        {
            [RHO] = {.key = "rho",
                     .unit = HL_UNIT_FRACTION,
                     .minimum = 0,
                     .maximum = 1,
                     .standard = NAN,
                     .doc = "Correlation of any two members; at 0 they are still tied in the tails."},
            [NU] = {.key = "nu",
                    .unit = HL_UNIT_NUMBER,
                    .minimum = 1,
                    .maximum = 100,
                    .standard = NAN,
                    .doc = "Degrees of freedom: 4 is heavy, 100 all but gaussian."},
        },
    .uniform = uniform,
};
