/* Drains of holdings, vendors and uncertain money against closed forms. */
#include "verify/oracle.h"

#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

enum { TRIALS = 4000000 };
#define HOLDINGS 1e11

/* At most once with probability p: P(loss > x) = p P(B > x / H). */
Test(verify_drains, at_most_once_beta) {
    struct oracle_run run = {0};
    oracle_run(
        &run,
        "  - {vector: hot_wallet_drain, count: {at_most_once: {probability: 30 %}}, takes: {share: {beta: {a: 0.8, b: "
        "2.5}, everything: 10 %}}}\n",
        "\n  - reserve: {amount: 20 bn}\n", "", 1, HOLDINGS, false, TRIALS, 301);
    double mean_share = 0.1 + 0.9 * 0.8 / 3.3;
    oracle_near("mean", oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_MEAN, 0), 0.3 * HOLDINGS * mean_share, 1);
    oracle_far("atom left out", oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_MEAN, 0), 0.3 * HOLDINGS * 0.8 / 3.3);
    double above = 0.3 * (0.1 + 0.9 * gsl_cdf_beta_Q(0.2, 0.8, 2.5));
    oracle_near("P(shortfall)", oracle_row(&run, HL_BASIS_ALL, HL_SHORTFALL, HL_P_POSITIVE, 0), above, 1e-9);
    oracle_near("P(breach)", oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH, 0), 0.3, 1e-12);
    const struct hl_row *var = oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_VAR, 0.9);
    double at = 0.3 * (0.1 + 0.9 * gsl_cdf_beta_Q(var->value / HOLDINGS, 0.8, 2.5));
    oracle_quantile("VaR", var, 0.9, at, at, TRIALS);
    /* 3 % of all years lose everything, more than 1 in 100: an atom, exactly at the holdings. */
    cr_expect(oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_VAR, 0.99)->value == HOLDINGS);
    cr_expect(oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_TVAR, 0.99)->value == HOLDINGS);
    /* The reserve needed on top of the stated 20 bn is the loss less 20 bn, to the yen at the atom. */
    cr_expect(oracle_row(&run, HL_BASIS_ALL, HL_RESERVE_NEEDED, HL_VAR, 0.99)->value == HOLDINGS - 20e9);
    oracle_free(&run);
}

/* Several drains in a year find what the earlier ones left: E[loss] = H (1 - exp(-rate E[B])). */
Test(verify_drains, repeated) {
    struct oracle_run run = {0};
    oracle_run(&run,
               "  - {vector: hot_wallet_drain, count: {poisson: {rate: 1.5 / y}}, takes: {share: {uniform: {from: 20 "
               "%, to: 60 %}}}}\n",
               "\n  - reserve: {amount: 1 tn}\n", "", 1, HOLDINGS, false, TRIALS, 302);
    oracle_near("mean", oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_MEAN, 0), HOLDINGS * (1 - exp(-1.5 * 0.4)), 2);
    oracle_far("refilled", oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_MEAN, 0), HOLDINGS * 1.5 * 0.4);
    oracle_free(&run);
}

/* One vendor, two clients, each hit with probability h: P(one is hit in the year) = 1 - exp(-rate h), both (by the same
 * event or by two) = 1 - 2 exp(-rate h) + exp(-rate (2 h - h^2)). */
Test(verify_drains, shared_vendor) {
    struct oracle_run run = {0};
    double rate = 0.4, h = 0.35;
    oracle_run(&run,
               "  - {vector: third_party_compromise, vendor: vendor, hit: 35 %, count: {poisson: {rate: 0.4 / y}}, "
               "takes: {share: "
               "{fixed: {value: 50 %}}}}\n",
               " []\n", "", 2, HOLDINGS, true, TRIALS, 303);
    oracle_near("P(breach)", oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH, 0), 1 - exp(-rate * h), 1e-12);
    struct hl_row_key key = {
        .year = 1, .basis = HL_BASIS_ALL, .perspective = HL_SHORTFALL, .metric = HL_P_AT_LEAST, .level = 2};
    const struct hl_row *both = hl_result_find(&run.result, key);
    cr_assert(both != NULL);
    oracle_near("P(both short)", both, 1 - 2 * exp(-rate * h) + exp(-rate * (2 * h - h * h)), 1e-12);
    oracle_far("independent", both, (1 - exp(-rate * h)) * (1 - exp(-rate * h)));
    oracle_free(&run);
}

/* A parent that answers with probability 70 % pays everything of a loss that the reserve does not. */
Test(verify_drains, uncertain_parent) {
    struct oracle_run run = {0};
    oracle_run(&run, "  - {vector: hot_wallet_drain, count: {poisson: {rate: 0.3 / y}}, takes: {share: 50 %}}\n",
               "\n  - reserve: {amount: 10 bn}\n  - parent: {amount: 200 bn, after: 10 d, probability: 70 %}\n", "", 1,
               HOLDINGS, false, TRIALS, 304);
    double breach = 1 - exp(-0.3);
    oracle_near("earmarked", oracle_row(&run, HL_BASIS_EARMARKED, HL_SHORTFALL, HL_P_POSITIVE, 0), breach, 1e-12);
    oracle_near("all", oracle_row(&run, HL_BASIS_ALL, HL_SHORTFALL, HL_P_POSITIVE, 0), 0.3 * breach, 1e-12);
    oracle_far("never answers", oracle_row(&run, HL_BASIS_ALL, HL_SHORTFALL, HL_P_POSITIVE, 0), breach);
    oracle_near("a week", oracle_row(&run, HL_BASIS_ALL, HL_SHORTFALL, HL_P_UNPAID_AFTER, 7), breach, 1e-12);
    oracle_near("reserve paid", oracle_fund_row(&run, 0, HL_PAID, HL_MEAN), 10e9 * breach, 2);
    oracle_free(&run);
}
