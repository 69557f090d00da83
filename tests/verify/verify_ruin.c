/* Several years against ruin theory: a reserve that gets a premium each year and pays exponential losses.
 *
 * With a deadline of 0 days an exchange is short in a year exactly when the year's losses exceed what its reserve began
 * the year with, so P(short by year y) is the probability of ruin of the yearly reserve min(R + premium, cap) - losses,
 * computed here on a lattice. Source: Asmussen, Albrecher, Ruin Probabilities, chapters I, IV and VI.
 */
#include "stats/exact.h"
#include "verify/oracle.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

enum { TRIALS = 80000, YEARS = 30 };
#define MEAN 1e9       /* of a loss */
#define RATE 0.5       /* losses a year */
#define LOADING 0.5    /* of the premium above the mean loss of a year */
#define RESERVE 3e9    /* on day 0 */
#define CAP 40e9       /* the most that the reserve grows to */
#define PREMIUM 0.75e9 /* a year: (1 + LOADING) RATE MEAN */
#define STEP 12.5e6    /* of the lattice */

static double exponential(const void *mean, double x) { return x <= 0 ? 0 : 1 - exp(-x / *(const double *)mean); }

/* P(ruin within so many periods) of a reserve that begins with `reserve`; losses of a period at `rate`, a premium of
 * one step times `premium` at the start of each later period. */
static double ruin(double reserve, double step, double rate, size_t premium, int periods, enum hl_lattice lattice) {
    struct hl_error err = {0};
    struct hl_grid size, sum;
    size_t count = (size_t)nearbyint(CAP / step) + 1;
    cr_assert(hl_grid_make(&size, exponential, &(double){MEAN}, step, count, lattice, &err) == HL_OK);
    cr_assert(hl_compound_panjer(&sum, &size, hl_panjer_poisson(rate), &err) == HL_OK);
    double *alive = calloc(count, sizeof *alive), *next = calloc(count, sizeof *next), left = 0;
    cr_assert(alive != NULL && next != NULL);
    alive[(size_t)nearbyint(reserve / step)] = 1;
    for (int period = 0; period < periods; period++) {
        left = 0;
        for (size_t i = 0; i < count; i++)
            next[i] = 0;
        for (size_t i = 0; i < count; i++) {
            for (size_t j = 0; j <= i && alive[i] > 0; j++) {
                size_t to = i - j + premium < count ? i - j + premium : count - 1;
                next[to] += alive[i] * sum.mass[j];
                left += alive[i] * sum.mass[j];
            }
        }
        double *swap = alive;
        alive = next;
        next = swap;
    }
    free(alive);
    free(next);
    hl_grid_free(&size);
    hl_grid_free(&sum);
    return 1 - left;
}

static const struct hl_row *short_by(const struct oracle_run *run, int year) {
    const struct hl_row *row = hl_result_find(
        &run->result,
        (struct hl_row_key){.entity = 1, .perspective = HL_SHORTFALL, .metric = HL_P_SHORT_BY, .level = year});
    cr_assert(row != NULL, "year %d", year);
    return row;
}

/* Each year's refill is the premium: the run against the lattice, and under Lundberg's bound. The first premium comes
 * when the second year begins, so the bound's reserve is RESERVE less one premium. */
Test(verify_ruin, a_refilled_reserve) {
    struct oracle_run run = {0};
    oracle_run(
        &run,
        "  - {vector: hot_wallet_drain, count: {poisson: {rate: 0.5 / y}}, takes: {amount: {weibull: {scale: 1 bn, "
        "shape: 1}}}}\n",
        "\n  - reserve: {amount: 40 bn, start: 7.5 %, refill: 1.875 %}\n", "horizon: 30 y\nreport: {deadline: 0 d}\n",
        1, 1e13, false, TRIALS, 401);
    double adjustment = LOADING / (1 + LOADING) / MEAN; /* E[e^(R (S - premium))] = 1 */
    for (int year = 1; year <= YEARS; year += year < 4 ? 1 : 13) {
        const struct hl_row *row = short_by(&run, year);
        double low = ruin(RESERVE, STEP, RATE, (size_t)(PREMIUM / STEP), year, HL_LATTICE_LOWER);
        double high = ruin(RESERVE, STEP, RATE, (size_t)(PREMIUM / STEP), year, HL_LATTICE_UPPER);
        cr_expect(low < high && high - low < 0.05 * low, "year %d: lattices %g, %g", year, low, high);
        cr_expect(row->value > low - 4 * row->error && row->value < high + 4 * row->error, "year %d: %g, not %g to %g",
                  year, row->value, low, high);
        if (year >= 4) /* before, too rare for an error of 1 % */
            oracle_near("P(short by the year)", row, (low + high) / 2, (high - low) / 8);
        cr_expect(row->value < exp(-adjustment * (RESERVE - PREMIUM)), "year %d: above Lundberg's bound", year);
    }
    oracle_far("never refilled", short_by(&run, YEARS), ruin(RESERVE, STEP, RATE, 0, YEARS, HL_LATTICE_NEAREST));
    oracle_far("a premium on day 0 too", short_by(&run, 1),
               ruin(RESERVE + PREMIUM, STEP, RATE, 0, 1, HL_LATTICE_NEAREST));
    oracle_free(&run);
}

/* The same recursion with short periods and small premiums, over a long time, is the process in continuous time: ruin
 * has the probability e^(-R u) / (1 + loading) of Cramér and Lundberg. The lattice has a step for a period's premium.
 */
Test(verify_ruin, short_periods_are_cramer_lundberg) {
    static const struct {
        int parts; /* of a year */
        double within;
    } rows[] = {{2, 0.02}, {8, 0.002}, {16, 0.0015}};
    double exact = exp(-LOADING / (1 + LOADING) * RESERVE / MEAN) / (1 + LOADING);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int parts = rows[i].parts;
        double got = ruin(RESERVE, PREMIUM / parts, RATE / parts, 1, 150 * parts, HL_LATTICE_NEAREST);
        cr_expect(fabs(got - exact) < rows[i].within * exact, "%d parts: %g, exact %g", parts, got, exact);
    }
}
