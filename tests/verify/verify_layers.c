/* Insurance layers against limited expected values, and yearly limits against the exact distribution of what enters the
 * layer. Insurance stands first and pays at once, so it pays all that its terms allow. */
#include "stats/exact.h"
#include "verify/oracle.h"

#include <criterion/criterion.h>
#include <math.h>

enum { TRIALS = 4000000 };

/* A lognormal of median 1 bn, sigma 1.2: large holdings, so that they never run out within the layer. */
#define MEDIAN 1e9
#define SIGMA 1.2
#define RATE 0.5
#define BREACHES                                                                                                       \
    "  - {vector: hot_wallet_drain, count: {poisson: {rate: 0.5 / y}}, takes: {amount: {lognormal: {median: 1 bn, "    \
    "sigma: 1.2}}}}\n"
#define HOLDINGS 1e13
/* Behind the layer a reserve pays the rest: nothing falls short, and no search for what is needed slows the run. */
#define REST "  - reserve: {amount: 100 tn}\n"

static double phi(double z) { return 0.5 * erfc(-z / sqrt(2)); }

/* E[min(X, d)] of the lognormal. Source: Klugman, Panjer, Willmot, Loss Models, appendix A. */
static double limited_mean(double d) {
    double z = log(d / MEDIAN) / SIGMA;
    return MEDIAN * exp(SIGMA * SIGMA / 2) * phi(z - SIGMA) + d * (1 - phi(z));
}

static double survival(double x) { return 1 - phi(log(x / MEDIAN) / SIGMA); }

/* The cdf of what one event puts into the layer 2 bn xs 1 bn. */
static double in_layer(const void *context, double z) {
    (void)context;
    return z < 0 ? 0 : z >= 2e9 ? 1 : 1 - survival(z + 1e9);
}

Test(verify_layers, per_event) {
    struct oracle_run run = {0};
    oracle_run(&run, BREACHES, "\n  - insurance: {attachment: 1 bn, limit: 2 bn, share: 80 %}\n" REST, "", 1, HOLDINGS,
               false, TRIALS, 201);
    oracle_near("ceded", oracle_fund_row(&run, 0, HL_PAID, HL_MEAN),
                0.8 * RATE * (limited_mean(3e9) - limited_mean(1e9)), 1);
    oracle_far("ceded, attachment left out", oracle_fund_row(&run, 0, HL_PAID, HL_MEAN),
               0.8 * RATE * limited_mean(2e9));
    oracle_far("ceded at 100 %", oracle_fund_row(&run, 0, HL_PAID, HL_MEAN),
               RATE * (limited_mean(3e9) - limited_mean(1e9)));
    oracle_near("attachment", oracle_fund_row(&run, 0, HL_PAID, HL_P_ATTACH), 1 - exp(-RATE * survival(1e9)), 1e-9);
    oracle_near("exhaustion", oracle_fund_row(&run, 0, HL_PAID, HL_P_EXHAUST), 1 - exp(-RATE * survival(3e9)), 1e-9);
    oracle_free(&run);
}

Test(verify_layers, yearly_deductible_and_limit) {
    struct oracle_run run = {0};
    oracle_run(
        &run, BREACHES,
        "\n  - insurance: {attachment: 1 bn, limit: 2 bn, aggregate_deductible: 0.5 bn, aggregate_limit: 3 bn}\n" REST,
        "", 1, HOLDINGS, false, TRIALS, 202);
    struct hl_error err = {0};
    struct hl_grid size = {0}, year = {0};
    const double mean = RATE;
    cr_assert(hl_grid_make(&size, in_layer, NULL, 1e5, 1 << 18, HL_LATTICE_NEAREST, &err) == HL_OK);
    cr_assert(hl_compound_fft(&year, &size, hl_log_pgf_poisson, &mean, &err) == HL_OK);
    double exact = hl_grid_limited_mean(&year, 3.5e9) - hl_grid_limited_mean(&year, 0.5e9);
    oracle_near("ceded", oracle_fund_row(&run, 0, HL_PAID, HL_MEAN), exact, 1e5);
    oracle_far("deductible left out", oracle_fund_row(&run, 0, HL_PAID, HL_MEAN), hl_grid_limited_mean(&year, 3e9));
    oracle_far("limit left out", oracle_fund_row(&run, 0, HL_PAID, HL_MEAN),
               hl_grid_mean(&year) - hl_grid_limited_mean(&year, 0.5e9));
    double attach = hl_grid_probability_above(&year, 0.5e9), exhaust = hl_grid_probability_above(&year, 3.5e9 - 1.5e5);
    oracle_near("attachment", oracle_fund_row(&run, 0, HL_PAID, HL_P_ATTACH), attach, 1e-5);
    oracle_near("exhaustion", oracle_fund_row(&run, 0, HL_PAID, HL_P_EXHAUST), exhaust, 1e-5);
    hl_grid_free(&size);
    hl_grid_free(&year);
    oracle_free(&run);
}

/* One reinstatement of 2 bn is a yearly limit of 4 bn; three thefts a year make it matter. */
Test(verify_layers, reinstatements) {
    struct oracle_run run = {0};
    oracle_run(
        &run,
        "  - {vector: hot_wallet_drain, count: {poisson: {rate: 3 / y}}, takes: {amount: {lognormal: {median: 1 bn, "
        "sigma: 1.2}}}}\n",
        "\n  - insurance: {attachment: 1 bn, limit: 2 bn, reinstatements: 1}\n" REST, "", 1, HOLDINGS, false,
        TRIALS / 4, 203);
    struct hl_error err = {0};
    struct hl_grid size = {0}, year = {0};
    const double mean = 3;
    cr_assert(hl_grid_make(&size, in_layer, NULL, 1e5, 1 << 18, HL_LATTICE_NEAREST, &err) == HL_OK);
    cr_assert(hl_compound_fft(&year, &size, hl_log_pgf_poisson, &mean, &err) == HL_OK);
    const struct hl_row *ceded = oracle_fund_row(&run, 0, HL_PAID, HL_MEAN);
    oracle_near("ceded", ceded, hl_grid_limited_mean(&year, 4e9), 1e5);
    oracle_far("limit left out", ceded, hl_grid_mean(&year));
    hl_grid_free(&size);
    hl_grid_free(&year);
    oracle_free(&run);
}

/* A priced layer: P = E (1 + 30 %) + 20 % of the standard deviation, E by limited means and the
 * variance of a compound Poisson sum, the rate times E[z^2], by an integral. */
Test(verify_layers, priced_premium) {
    struct oracle_run run = {0};
    oracle_run(
        &run, BREACHES,
        "\n  - insurance: {attachment: 1 bn, limit: 2 bn, share: 50 %, premium: {load: 30 %, of_sd: 20 %}}\n" REST, "",
        1, HOLDINGS, false, TRIALS, 204);
    const int steps = 2000000;
    double mean = RATE * (limited_mean(3e9) - limited_mean(1e9)), square = 0;
    for (int i = 0; i < steps; i++) { /* E[z^2] = the integral of 2 z P(Z > z) */
        double z = 2e9 * (i + 0.5) / steps;
        square += RATE * 2 * z * survival(1e9 + z) * 2e9 / steps;
    }
    const struct hl_row *premium = oracle_fund_row(&run, 0, HL_PREMIUM, HL_MEAN);
    oracle_near("premium", premium, 0.5 * (1.3 * mean + 0.2 * sqrt(square)), 1e3);
    oracle_far("premium without the spread", premium, 0.5 * 1.3 * mean);
    oracle_far("premium at 100 %", premium, 1.3 * mean + 0.2 * sqrt(square));
    oracle_free(&run);
}
