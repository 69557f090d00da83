/* Do the intervals hold as often as their theory says? Thousands of small runs that differ in their seed alone.
 *
 * Exact values: events Poisson(0.5) a year, each takes a share U of one holding of what is left, U uniform on 0 to 40
 * %; the year's loss has atoms at nothing only. The insurance layer, first and at once, pays up to its limit.
 */
#include "stats/interval.h"
#include "verify/oracle.h"

#include <criterion/criterion.h>
#include <gsl/gsl_randist.h>
#include <math.h>

enum {
    TRIALS = 4096,
    SEEDS = 4000,
    PAIRED_TRIALS = 12 * TRIALS,
    PAIRED_SEEDS = 1000,
    REFERENCE_TRIALS = 2000 * TRIALS
};
#define RATE 0.5
#define HOLDINGS 1e11

static const char breaches[] = "  - {vector: hot_wallet_drain, count: {poisson: {rate: 0.5 / y}}, takes: {share: "
                               "{uniform: {from: 0 %, to: 40 %}}}}\n";

/* A reserve that pays everything: no search for the reserve needed slows these runs. */
static const char plenty[] = "\n  - reserve: {amount: 1 tn}\n";

struct holds {
    const char *what;
    enum hl_perspective perspective;
    enum hl_metric metric;
    double level;
    double exact;
    unsigned count;
};

/* The row that this interval stands in; the difference that insurance makes is a row of the policy without it. */
static const struct hl_row *row_of(const struct oracle_run *run, const struct holds *h) {
    struct hl_row_key key = {.policy = h->perspective == HL_INSURANCE_GAIN,
                             .year = 1,
                             .entity = 1,
                             .basis = HL_BASIS_ALL,
                             .perspective = h->perspective,
                             .metric = h->metric,
                             .level = h->level};
    const struct hl_row *row = hl_result_find(&run->result, key);
    cr_assert(row != NULL, "no row for %s", h->what);
    return row;
}

/* Runs seeds 1 to `seeds` and counts how often each interval encloses its exact value. */
static void count_holds(struct oracle_run *base, unsigned seeds, struct holds *holds, size_t length) {
    struct hl_error err = {0};
    for (unsigned seed = 1; seed <= seeds; seed++) {
        struct oracle_run run = *base;
        run.plan.seed = seed;
        cr_assert(hl_run(&run.result, &run.plan, NULL, &err) == HL_OK);
        for (size_t i = 0; i < length; i++) {
            const struct hl_row *row = row_of(&run, &holds[i]);
            holds[i].count += row->low <= holds[i].exact && holds[i].exact <= row->high;
        }
        hl_result_free(&run.result);
    }
}

static void expect_coverage(const struct holds *h, unsigned seeds, double theory, bool from_below_only) {
    double room = 4 * sqrt(theory * (1 - theory) / seeds), rate = (double)h->count / seeds;
    cr_expect(rate >= theory - room && (from_below_only || rate <= theory + room),
              "%s: %.4f of the intervals hold, theory %.4f +- %.4f", h->what, rate, theory, room);
}

/* How often the interval of a probability holds at this p and n: the sum over all counts whose interval encloses p. */
static double binomial_coverage(double p, unsigned n) {
    double coverage = 0;
    for (unsigned k = 0; k <= n; k++) {
        struct hl_interval interval = hl_interval_probability(k, n);
        if (interval.low <= p && p <= interval.high)
            coverage += gsl_ran_binomial_pdf(k, p, n);
    }
    return coverage;
}

/* The exact values that have no closed form come from one run two thousand times as long, whose error is a fortieth of
 * the small runs'. */
static void set_references(const char *rates, const char *funds, struct holds *holds, size_t length) {
    struct oracle_run run = {0};
    oracle_run(&run, rates, funds, "report: {confidence: [75 %, 90 %, 99 %]}\n", 1, HOLDINGS, false, REFERENCE_TRIALS,
               987654321);
    for (size_t i = 0; i < length; i++) {
        const struct hl_row *row = row_of(&run, &holds[i]);
        if (isnan(holds[i].exact))
            holds[i].exact = row->value;
    }
    oracle_free(&run);
}

Test(verify_coverage, intervals_of_one_run, .timeout = 300) {
    struct holds holds[] = {
        {"P(breach)", HL_GROSS, HL_P_BREACH, 0, 1 - exp(-RATE), 0},
        {"mean", HL_GROSS, HL_MEAN, 0, HOLDINGS * (1 - exp(-RATE * 0.2)), 0},
        {"VaR 90 %", HL_GROSS, HL_VAR, 0.9, NAN, 0},
        {"VaR 99 %", HL_GROSS, HL_VAR, 0.99, NAN, 0},
        {"TVaR 75 %", HL_GROSS, HL_TVAR, 0.75, NAN, 0},
    };
    set_references(breaches, plenty, holds, sizeof holds / sizeof *holds);
    struct oracle_run run = {0};
    oracle_run(&run, breaches, plenty, "report: {confidence: [75 %, 90 %, 99 %]}\n", 1, HOLDINGS, false, TRIALS, 1);
    hl_result_free(&run.result);
    count_holds(&run, SEEDS, holds, sizeof holds / sizeof *holds);
    expect_coverage(&holds[0], SEEDS, binomial_coverage(holds[0].exact, TRIALS), false);
    expect_coverage(&holds[1], SEEDS, 0.95, false);
    expect_coverage(&holds[2], SEEDS, 0.95, true);
    expect_coverage(&holds[3], SEEDS, 0.95, true);
    expect_coverage(&holds[4], SEEDS, 0.95, false);
    oracle_free(&run);
}

/* The difference that insurance makes, paired by block means. */
Test(verify_coverage, paired_difference, .timeout = 300) {
    static const char seldom[] = "  - {vector: hot_wallet_drain, count: {poisson: {rate: 0.05 / y}}, takes: {share: "
                                 "{uniform: {from: 0 %, to: 40 %}}}}\n";
    static const char funds[] = "\n  - insurance: {limit: 10 bn}\n  - reserve: {amount: 5 bn}\n";
    struct holds holds[] = {
        {"gain in E[shortfall]", HL_INSURANCE_GAIN, HL_MEAN, 0, NAN, 0},
        {"gain in P(shortfall)", HL_INSURANCE_GAIN, HL_P_POSITIVE, 0, NAN, 0},
    };
    set_references(seldom, funds, holds, 2);
    struct oracle_run run = {0};
    oracle_run(&run, seldom, funds, "", 1, HOLDINGS, false, PAIRED_TRIALS, 1);
    hl_result_free(&run.result);
    count_holds(&run, PAIRED_SEEDS, holds, 2);
    expect_coverage(&holds[0], PAIRED_SEEDS, 0.95, false);
    expect_coverage(&holds[1], PAIRED_SEEDS, 0.95, false);
    oracle_free(&run);
}
