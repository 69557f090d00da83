/* Yearly losses against exact distributions: compound Poisson and negative binomial sums by FFT and by Panjer's
 * recursion, amounts lognormal and generalized Pareto.
 *
 * Events take min(X, what is left), so a year's loss is min(sum of X, holdings): the compound sum with one atom at the
 * holdings, which the grid's last point stands for.
 */
#include "stats/exact.h"
#include "verify/oracle.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TRIALS = 4000000 };
#define HOLDINGS 20e9 /* yen */
#define YEN 1.0       /* amounts are whole: half a yen is rounding */

struct family {
    const char *name;
    const char *count;  /* YAML */
    const char *amount; /* YAML */
    double p[3];        /* median and sigma; threshold, scale and shape */
    bool lognormal;
    double mean;  /* of the count */
    double shape; /* negative binomial; 0 = Poisson */
};

static const struct family families[] = {
    {"Poisson, lognormal",
     "{poisson: {rate: 0.5 / y}}",
     "{lognormal: {median: 1 bn, sigma: 1.2}}",
     {1e9, 1.2, 0},
     true,
     0.5,
     0},
    {"Poisson, Pareto",
     "{poisson: {rate: 0.4 / y}}",
     "{generalized_pareto: {threshold: 10 m, scale: 0.8 bn, shape: 0.7}}",
     {1e7, 8e8, 0.7},
     false,
     0.4,
     0},
    {"negative binomial, lognormal",
     "{negative_binomial: {mean: 0.6 / y, shape: 0.8}}",
     "{lognormal: {median: 1 bn, sigma: 1.2}}",
     {1e9, 1.2, 0},
     true,
     0.6,
     0.8},
};

static double cdf(const void *context, double x) {
    const struct family *f = context;
    if (f->lognormal)
        return x <= 0 ? 0 : 0.5 * erfc(-log(x / f->p[0]) / f->p[1] / sqrt(2));
    return x <= f->p[0] ? 0 : 1 - pow(1 + f->p[2] * (x - f->p[0]) / f->p[1], -1 / f->p[2]);
}

/* Sums beyond the holdings, those that left the grid among them, go onto the point of the holdings. */
static void cap(struct hl_grid *g, double at) {
    size_t last = (size_t)llround(at / g->step);
    double below = 0;
    for (size_t i = 0; i < g->count; i++) {
        below += i < last ? g->mass[i] : 0;
        g->mass[i] = i < last ? g->mass[i] : 0;
    }
    g->mass[last] = 1 - below;
}

/* P(X > x) between two grids that bound it. */
struct bounds {
    struct hl_grid low, high;
};

static void make_bounds(struct bounds *b, const struct family *f, size_t points, bool panjer) {
    struct hl_error err = {0};
    double step = 4 * HOLDINGS / (double)points;
    struct hl_grid *out[] = {&b->low, &b->high};
    const enum hl_lattice lattices[] = {HL_LATTICE_LOWER, HL_LATTICE_UPPER};
    const double mean_and_shape[2] = {f->mean, f->shape};
    for (int i = 0; i < 2; i++) {
        struct hl_grid size = {0};
        cr_assert(hl_grid_make(&size, cdf, f, step, points, lattices[i], &err) == HL_OK);
        enum hl_status status =
            panjer
                ? hl_compound_panjer(
                      out[i], &size,
                      f->shape > 0 ? hl_panjer_negative_binomial(f->mean, f->shape) : hl_panjer_poisson(f->mean), &err)
                : hl_compound_fft(out[i], &size, f->shape > 0 ? hl_log_pgf_negative_binomial : hl_log_pgf_poisson,
                                  mean_and_shape, &err);
        cr_assert(status == HL_OK);
        cap(out[i], HOLDINGS);
        hl_grid_free(&size);
    }
}

static void free_bounds(struct bounds *b) {
    hl_grid_free(&b->low);
    hl_grid_free(&b->high);
}

static double middle(double a, double b) { return (a + b) / 2; }

static void compare(const struct family *f, const struct oracle_run *run, const struct bounds *b) {
    double low = hl_grid_mean(&b->low), high = hl_grid_mean(&b->high);
    oracle_near("mean", oracle_row(run, HL_BASIS_ALL, HL_GROSS, HL_MEAN, 0), middle(low, high), high - low);
    static const double levels[] = {0.95, 0.99, 0.995};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        const struct hl_row *var = oracle_row(run, HL_BASIS_ALL, HL_GROSS, HL_VAR, levels[i]);
        oracle_quantile(f->name, var, levels[i], hl_grid_probability_above(&b->low, var->value),
                        hl_grid_probability_above(&b->high, var->value - b->high.step), TRIALS);
        double tail_low = hl_grid_tvar(&b->low, levels[i], low), tail_high = hl_grid_tvar(&b->high, levels[i], high);
        oracle_near("TVaR", oracle_row(run, HL_BASIS_ALL, HL_GROSS, HL_TVAR, levels[i]), middle(tail_low, tail_high),
                    tail_high - tail_low + YEN);
    }
}

/* Without funds the reserve needed is the year's claim: its curve gives P(> R) and E[(X - R)+] at round amounts. */
static void compare_curve(const struct oracle_run *run, const struct bounds *b) {
    size_t compared = 0;
    for (size_t i = 0; i < run->result.row_count; i++) {
        const struct hl_row *row = &run->result.rows[i];
        if (row->key.entity != 1 || row->key.basis != HL_BASIS_ALL || row->key.perspective != HL_RESERVE_NEEDED ||
            row->error > 0.01 * row->value)
            continue;
        double at = row->key.level;
        if (row->key.metric == HL_P_ABOVE) {
            double low = hl_grid_probability_above(&b->low, at), high = hl_grid_probability_above(&b->high, at);
            oracle_near("P(> R)", row, middle(low, high), high - low);
            compared++;
        } else if (row->key.metric == HL_MEAN_ABOVE) {
            double low = hl_grid_mean(&b->low) - hl_grid_limited_mean(&b->low, at);
            double high = hl_grid_mean(&b->high) - hl_grid_limited_mean(&b->high, at);
            oracle_near("E[(X - R)+]", row, middle(low, high), high - low + YEN);
            compared++;
        }
    }
    cr_expect(compared >= 10, "only %zu points of the curves were precise enough to compare", compared);
}

static void verify_family(const struct family *f, uint64_t seed) {
    char breaches[512];
    snprintf(breaches, sizeof breaches, "  - {vector: hot_wallet_drain, count: %s, takes: {amount: %s}}\n", f->count,
             f->amount);
    struct oracle_run run = {0};
    struct bounds fft = {0}, panjer = {0};
    oracle_run(&run, breaches, " []\n", "", 1, HOLDINGS, false, TRIALS, seed);
    make_bounds(&fft, f, 1 << 18, false);
    compare(f, &run, &fft);
    compare_curve(&run, &fft);
    make_bounds(&panjer, f, 1 << 13, true);
    compare(f, &run, &panjer);
    free_bounds(&fft);
    free_bounds(&panjer);
    oracle_free(&run);
}

Test(verify_compound, poisson_lognormal) { verify_family(&families[0], 101); }
Test(verify_compound, poisson_generalized_pareto) { verify_family(&families[1], 102); }
Test(verify_compound, negative_binomial_lognormal) { verify_family(&families[2], 103); }

/* The comparison must be able to fail: a count of 2 % more events is seen. */
Test(verify_compound, a_wrong_rate_is_seen) {
    struct family wrong = families[0];
    wrong.mean *= 1.02;
    struct oracle_run run = {0};
    struct bounds b = {0};
    oracle_run(
        &run,
        "  - {vector: hot_wallet_drain, count: {poisson: {rate: 0.5 / y}}, takes: {amount: {lognormal: {median: 1 bn, "
        "sigma: 1.2}}}}\n",
        " []\n", "", 1, HOLDINGS, false, TRIALS, 104);
    make_bounds(&b, &wrong, 1 << 16, false);
    const struct hl_row *mean = oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_MEAN, 0);
    double exact = middle(hl_grid_mean(&b.low), hl_grid_mean(&b.high));
    cr_expect(fabs(mean->value - exact) > 4 * mean->error);
    free_bounds(&b);
    oracle_free(&run);
}
