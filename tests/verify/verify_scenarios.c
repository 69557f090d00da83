/* The headline of each bundled what-if scenario against a calculation of its own, from the numbers that its file
 * states: sums, one-dimensional integrals and generating functions, none of the engine's code. Run from the project's
 * top. Within 4 standard errors (verify/oracle.h), and each beside what a plausible mistake would give. */
#include "verify/oracle.h"

#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>

/* Midpoints of an even grid: integrates a function of a standard normal z to better than 1e-6 where it is bounded by
 * one, also with a kink. */
enum { NORMAL_STEPS = 20000 };
static double normal_point(int i) { return -9 + 18 * (i + 0.5) / NORMAL_STEPS; }
static double normal_weight(double z) { return gsl_ran_ugaussian_pdf(z) * 18 / NORMAL_STEPS; }

/* ---- vendor-cascade ------------------------------------------------------------------------------------------------
 */

enum { CLIENTS = 8 };
#define CASCADE_EVENT 0.0082
#define CASCADE_HIT 0.5
#define CASCADE_RHO 0.5

/* P(at least k of the clients are short in the year). A client that is hit loses more than its reserve of 20 % when its
 * normal score sqrt(rho) z + sqrt(1 - rho) e is over that of 20 %; given the event's z the clients are independent. */
static double at_least_short(unsigned k, double event, double hit, double rho) {
    double threshold = gsl_cdf_ugaussian_Qinv(gsl_cdf_beta_Q(0.2, 0.8, 1.2)), sum = 0;
    for (int i = 0; i < NORMAL_STEPS; i++) {
        double z = normal_point(i);
        double one = hit * gsl_cdf_ugaussian_P((sqrt(rho) * z - threshold) / sqrt(1 - rho));
        sum += normal_weight(z) * gsl_cdf_binomial_Q(k - 1, one, CLIENTS);
    }
    return event * sum;
}

static const struct hl_row *at_least_row(const struct oracle_run *run, enum hl_sampling_kind sampling, unsigned k) {
    struct hl_row_key key = {.outer = (uint16_t)sampling,
                             .year = 1,
                             .basis = HL_BASIS_ALL,
                             .perspective = HL_SHORTFALL,
                             .metric = HL_P_AT_LEAST,
                             .level = k};
    return oracle_find(run, key);
}

Test(verify_scenarios, vendor_cascade_by_integration) {
    static const struct hl_setting settings[] = {{"trials", "8_000_000"}};
    static const unsigned levels[] = {1, 2, 4};
    struct oracle_run run = {0};
    oracle_run_file(&run, "scenarios/vendor-cascade.yaml", settings, 1);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        const struct hl_row *row = at_least_row(&run, HL_STATED, levels[i]);
        oracle_near("at least so many short", row, at_least_short(levels[i], CASCADE_EVENT, CASCADE_HIT, CASCADE_RHO),
                    0);
        oracle_far("damages independent", row, at_least_short(levels[i], CASCADE_EVENT, CASCADE_HIT, 0));
        oracle_far("every client hit", row, at_least_short(levels[i], CASCADE_EVENT, 1, CASCADE_RHO));
    }
    double own = CASCADE_EVENT * CASCADE_HIT * gsl_cdf_beta_Q(0.2, 0.8, 1.2);
    oracle_near("one client", oracle_row(&run, HL_BASIS_ALL, HL_SHORTFALL, HL_P_POSITIVE, 0), own, 0);
    /* hit at its ends 12.5 and 100 %, four times as often and half as often; and clients with vendors of their own. */
    double often = 1 - pow(1 - CASCADE_EVENT, 4), seldom = 1 - sqrt(1 - CASCADE_EVENT);
    oracle_near("hit low", at_least_row(&run, HL_HIT_LOW, 1), at_least_short(1, often, 0.125, CASCADE_RHO), 0);
    oracle_near("hit high", at_least_row(&run, HL_HIT_HIGH, 4), at_least_short(4, seldom, 1, CASCADE_RHO), 0);
    oracle_near("apart", at_least_row(&run, HL_VENDORS_APART, 1), 1 - pow(1 - own, CLIENTS), 0);
    oracle_far("together", at_least_row(&run, HL_VENDORS_APART, 1),
               at_least_short(1, CASCADE_EVENT, CASCADE_HIT, CASCADE_RHO));
    oracle_free(&run);
}
