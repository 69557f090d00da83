/* Intervals against closed forms, against values from other routes, and by their exact coverage. */
#include "stats/interval.h"

#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static bool close_to(double got, double want, double relative) { return fabs(got - want) <= relative * fabs(want); }

/* The ends of Wilson's interval are the p at which (hits / n - p)^2 = z^2 p (1 - p) / n. */
Test(interval, wilson_solves_its_equation) {
    const uint64_t rows[][2] = {{1, 10}, {5, 10}, {9, 10}, {81, 263}, {15, 148}, {10000, 1000000}, {3, 4000000000}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_interval w = hl_interval_wilson(rows[i][0], rows[i][1]);
        double n = (double)rows[i][1], p = (double)rows[i][0] / n;
        cr_expect(w.low > 0 && w.low < p && p < w.high && w.high < 1, "row %zu", i);
        cr_expect(close_to((p - w.low) * (p - w.low), HL_Z * HL_Z * w.low * (1 - w.low) / n, 1e-7), "row %zu", i);
        cr_expect(close_to((p - w.high) * (p - w.high), HL_Z * HL_Z * w.high * (1 - w.high) / n, 1e-7), "row %zu", i);
    }
}

Test(interval, wilson_known_values) {
    const struct {
        uint64_t hits, n;
        double low, high;
    } rows[] = {
        /* Newcombe 1998, table I, four digits */
        {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611},
        {1, 29, 0.0061, 0.1718},   {20, 20, 0.8389, 1},       {0, 0, 0, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_interval w = hl_interval_wilson(rows[i].hits, rows[i].n);
        cr_expect(fabs(w.low - rows[i].low) <= 5e-5 && fabs(w.high - rows[i].high) <= 5e-5, "row %zu: %g to %g", i,
                  w.low, w.high);
    }
    cr_expect(hl_interval_wilson(0, 20).low == 0 && hl_interval_wilson(20, 20).high == 1);
}

Test(interval, clopper_pearson_known_values) {
    const struct {
        uint64_t hits, n;
        double low, high;
    } rows[] = {
        /* Newcombe 1998, table I, four digits */
        {81, 263, 0.2527, 0.3676}, {15, 148, 0.0578, 0.1617}, {0, 20, 0, 0.1684}, {1, 29, 0.0009, 0.1776}, {0, 0, 0, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_interval c = hl_interval_clopper_pearson(rows[i].hits, rows[i].n);
        cr_expect(fabs(c.low - rows[i].low) <= 5e-5 && fabs(c.high - rows[i].high) <= 5e-5, "row %zu: %g to %g", i,
                  c.low, c.high);
    }
}

/* No hits: 1 - 0.025^(1/n), about 3.7 / n; one of one: 0.025 to 1. */
Test(interval, clopper_pearson_closed_forms) {
    const uint64_t counts[] = {1, 2, 10, 1000, 1000000, 10000000000};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        double n = (double)counts[i];
        struct hl_interval none = hl_interval_clopper_pearson(0, counts[i]);
        struct hl_interval all = hl_interval_clopper_pearson(counts[i], counts[i]);
        cr_expect(none.low == 0 && all.high == 1);
        cr_expect(close_to(none.high, -expm1(log(0.025) / n), 1e-14), "%g", n);
        cr_expect(fabs(all.low - pow(0.025, 1 / n)) < 1e-14, "%g", n);
        if (counts[i] >= 1000)
            cr_expect(close_to(none.high, 3.689 / n, 2e-3), "%g", n);
        if (counts[i] >= 2) { /* one hit: P(N = 0) = 0.975 at the lower end */
            struct hl_interval one = hl_interval_clopper_pearson(1, counts[i]);
            cr_expect(close_to(one.low, -expm1(log(0.975) / n), 1e-6), "%g", n);
        }
    }
}

/* At its ends the tails are 2.5 % each, by the incomplete beta function. */
Test(interval, clopper_pearson_tails) {
    gsl_set_error_handler_off();
    const uint64_t rows[][2] = {{1, 5},    {4, 5},     {3, 17},       {9, 1000},    {991, 1000},
                                {50, 100}, {77, 2000}, {5, 10000000}, {200, 40000}, {9999991, 10000000}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double hits = (double)rows[i][0], n = (double)rows[i][1];
        struct hl_interval c = hl_interval_clopper_pearson(rows[i][0], rows[i][1]);
        double below = gsl_cdf_beta_P(c.low, hits, n - hits + 1);
        double above = gsl_cdf_beta_Q(c.high, hits + 1, n - hits);
        cr_expect(close_to(below, 0.025, 1e-5), "row %zu: %.9g", i, below);
        cr_expect(close_to(above, 0.025, 1e-5), "row %zu: %.9g", i, above);
    }
}

Test(interval, probability_is_exact_where_hits_or_misses_are_few) {
    const struct {
        uint64_t hits, n;
        bool exact;
    } rows[] = {{0, 100, true}, {9, 100, true}, {10, 100, false}, {90, 100, false}, {91, 100, true}, {5, 12, true}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_interval got = hl_interval_probability(rows[i].hits, rows[i].n);
        struct hl_interval want = rows[i].exact ? hl_interval_clopper_pearson(rows[i].hits, rows[i].n)
                                                : hl_interval_wilson(rows[i].hits, rows[i].n);
        cr_expect(got.low == want.low && got.high == want.high, "row %zu", i);
    }
}

Test(interval, rank_of_a_decimal) {
    const struct {
        uint64_t n;
        double p;
        uint64_t want;
    } rows[] = {
        {100, 0.99, 99}, /* the product of doubles is just above 99 in some roundings */
        {100, 0.07, 7},  /* 7.000000000000001 as doubles */
        {100, 0.29, 29}, /* 28.999999999999996 as doubles */
        {1000, 0.999, 999},
        {1000000, 0.999, 999000},
        {10000000, 0.9999, 9999000},
        {10, 0.95, 10},
        {10, 0.9, 9},
        {10, 0.91, 10},
        {1, 0.5, 1},
        {3, 0.5, 2},
        {4, 0.5, 2},
        {0, 0.5, 0},
        {1000000, 0.1, 100000},
        {UINT64_C(9007199254740992), 0.7, UINT64_C(6305039478318695)},
        {3, 1.0 / 3, 1},
        {3, 2.0 / 3, 2},
        {1000, 1 - 0x1p-53, 1000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(hl_rank_of(rows[i].n, rows[i].p) == rows[i].want, "row %zu: %llu", i,
                  (unsigned long long)hl_rank_of(rows[i].n, rows[i].p));
}

/* P(N <= k), 0 for k < 0, by another route. */
static double up_to(double k, unsigned n, double p) { return k < 0 ? 0 : gsl_cdf_binomial_P((unsigned)k, p, n); }

Test(interval, ranks_cover_and_are_tight) {
    gsl_set_error_handler_off();
    const unsigned counts[] = {1, 2, 5, 10, 36, 59, 100, 399, 1000, 4096, 20000, 100000};
    const double levels[] = {0.001, 0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.995, 0.999};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        for (size_t j = 0; j < COUNT_OF(levels); j++) {
            unsigned n = counts[i];
            double p = levels[j];
            struct hl_ranks r = hl_quantile_ranks(n, p);
            double low = (double)r.low, high = (double)r.high;
            cr_expect(r.point == hl_rank_of(n, p) && r.low <= r.point && r.point <= r.high, "n %u p %g", n, p);
            cr_expect(r.high <= (uint64_t)n + 1 && r.low <= n, "n %u p %g", n, p);
            cr_expect(up_to(low - 1, n, p) <= 0.025 + 1e-12, "n %u p %g: low %g", n, p, low);
            cr_expect(1 - up_to(high - 1, n, p) <= 0.025 + 1e-12, "n %u p %g: high %g", n, p, high);
            cr_expect(up_to(high - 1, n, p) - up_to(low - 1, n, p) >= 0.95 - 1e-12, "n %u p %g", n, p);
            cr_expect(r.low == n || up_to(low, n, p) > 0.025 - 1e-12, "n %u p %g: low %g could rise", n, p, low);
            cr_expect(1 - up_to(high - 2, n, p) > 0.025 - 1e-12, "n %u p %g: high %g could fall", n, p, high);
        }
    }
}

Test(interval, ranks_known) {
    const struct {
        uint64_t n;
        double p;
        uint64_t low, point, high;
    } rows[] = {
        {10, 0.5, 2, 5, 9},       /* the sign test's interval of a median of ten: 2nd to 9th, coverage 97.9 % */
        {20, 0.5, 6, 10, 15},     /* 6th to 15th, 95.9 % */
        {5, 0.5, 0, 3, 6},        /* 2^-5 > 2.5 %: no finite bound */
        {6, 0.5, 1, 3, 6},        /* 2^-6 < 2.5 % */
        {100, 0.99, 97, 99, 101}, /* 0.99^100 = 36.6 %: no upper bound */
    };
    gsl_set_error_handler_off();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_ranks r = hl_quantile_ranks(rows[i].n, rows[i].p);
        cr_expect(r.low == rows[i].low && r.point == rows[i].point && r.high == rows[i].high, "row %zu: %llu %llu %llu",
                  i, (unsigned long long)r.low, (unsigned long long)r.point, (unsigned long long)r.high);
    }
}

/* Many trials: within one rank of the normal approximation with its continuity correction. */
Test(interval, ranks_of_many_trials) {
    const double levels[] = {0.5, 0.99, 0.9999};
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        double n = 1e7, spread = HL_Z * sqrt(n * levels[i] * (1 - levels[i]));
        struct hl_ranks r = hl_quantile_ranks(10000000, levels[i]);
        cr_expect(fabs((double)r.low - (n * levels[i] - spread)) < 3, "%g: low %g", levels[i], (double)r.low);
        cr_expect(fabs((double)r.high - (n * levels[i] + spread)) < 3, "%g: high %g", levels[i], (double)r.high);
    }
}

/* Ten values 1 to 10: VaR_0.8 = 8, TVaR_0.8 = 9.5; with the last five all 8 TVaR_0.8 is the atom. */
Test(interval, tvar) {
    double error;
    cr_expect(fabs(hl_tvar(10, 0.8, 8, 1 + 2, 1 + 4, &error) - 9.5) < 1e-14);
    cr_expect(fabs(error - sqrt((0.5 - 0.09) / 10) / 0.2) < 1e-14, "%g", error);
    cr_expect(hl_tvar(10, 0.8, 8, 0, 0, &error) == 8 && error == 0);
    /* 0.75 of 10 is no whole rank: VaR = x_(8) = 8, TVaR = (9 + 10 + (8 - 7.5) 8) / 2.5 */
    cr_expect(fabs(hl_tvar(10, 0.75, 8, 3, 5, &error) - 9.2) < 1e-14);
}

/* More questions than there is room for, each asked twice: the answers are those worked out anew. */
Test(interval, what_was_worked_out_before_is_the_same) {
    struct hl_known *known = calloc(1, sizeof *known);
    for (uint64_t again = 0; again < 2; again++) {
        for (uint64_t i = 1; i <= 3 * HL_KNOWN; i++) {
            double p = (double)i / 1000;
            struct hl_ranks ranks = hl_known_ranks(known, 10 * i, p), want = hl_quantile_ranks(10 * i, p);
            cr_expect(ranks.low == want.low && ranks.point == want.point && ranks.high == want.high);
            ranks = hl_known_ranks(known, 10 * i, p);
            cr_expect(ranks.low == want.low && ranks.point == want.point && ranks.high == want.high);
            struct hl_interval got = hl_known_probability(known, i - 1, 5 * i),
                               new = hl_interval_probability(i - 1, 5 * i);
            cr_expect(got.low == new.low &&got.high == new.high);
            got = hl_known_probability(known, i - 1, 5 * i);
            cr_expect(got.low == new.low &&got.high == new.high);
        }
    }
    cr_expect(hl_known_probability(known, 0, 0).high == 1);
    free(known);
}
