/* Compound sums against cases worked out by hand, and Panjer's recursion against the FFT. */
#include "stats/exact.h"

#include <criterion/criterion.h>
#include <math.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static double exponential_cdf(const void *mean, double x) { return x > 0 ? -expm1(-x / *(const double *)mean) : 0; }

/* Atoms: 0.25 at 0, 0.5 at 2, the rest even between 3 and 4. */
static double mixed_cdf(const void *context, double x) {
    (void)context;
    if (x < 0)
        return 0;
    if (x < 2)
        return 0.25;
    return x < 3 ? 0.75 : fmin(0.75 + 0.25 * (x - 3), 1);
}

static struct hl_grid grid_of(const double *mass, size_t count) {
    static double buffer[64];
    for (size_t i = 0; i < count; i++)
        buffer[i] = mass[i];
    return (struct hl_grid){.mass = buffer, .count = count, .step = 1};
}

static double total(const struct hl_grid *g) {
    double sum = 0;
    for (size_t k = 0; k < g->count; k++)
        sum += g->mass[k];
    return sum;
}

Test(exact, lattices) {
    const struct {
        enum hl_lattice lattice;
        double mass[6];
    } rows[] = {
        {HL_LATTICE_NEAREST, {0.25, 0, 0.5, 0.125, 0.125, 0}},
        {HL_LATTICE_LOWER, {0.25, 0, 0.5, 0.25, 0, 0}},
        {HL_LATTICE_UPPER, {0.25, 0, 0.5, 0, 0.25, 0}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_error err = {0};
        struct hl_grid g;
        cr_assert(hl_grid_make(&g, mixed_cdf, NULL, 1, 6, rows[i].lattice, &err) == HL_OK);
        for (size_t k = 0; k < 6; k++)
            cr_expect(fabs(g.mass[k] - rows[i].mass[k]) < 1e-15, "row %zu, mass at %zu: %g", i, k, g.mass[k]);
        hl_grid_free(&g);
        cr_expect(g.mass == NULL);
        hl_grid_free(&g);
    }
}

Test(exact, mass_past_the_last_point_is_put_there) {
    struct hl_error err = {0};
    struct hl_grid g;
    double mean = 1;
    cr_assert(hl_grid_make(&g, exponential_cdf, &mean, 0.5, 3, HL_LATTICE_NEAREST, &err) == HL_OK);
    cr_expect(fabs(g.mass[2] - exp(-0.75)) < 1e-15);
    cr_expect(fabs(total(&g) - 1) < 1e-15);
    hl_grid_free(&g);
}

Test(exact, lattices_bound_the_mean) {
    struct hl_error err = {0};
    double mean = 3, means[3];
    for (int i = 0; i < 3; i++) {
        struct hl_grid g;
        cr_assert(hl_grid_make(&g, exponential_cdf, &mean, 0.01, 20000, (enum hl_lattice)i, &err) == HL_OK);
        means[i] = hl_grid_mean(&g);
        hl_grid_free(&g);
    }
    cr_expect(fabs(means[HL_LATTICE_NEAREST] - 3) < 1e-5);
    cr_expect(fabs(means[HL_LATTICE_LOWER] - 2.995) < 1e-5 && fabs(means[HL_LATTICE_UPPER] - 3.005) < 1e-5);
}

/* Losses of 1 or 2, half each, at a Poisson rate of 1: P(0) = e^-1, P(1) = e^-1 / 2, P(2) = e^-1 (1/2 + 1/8),
 * P(3) = e^-1 (1/4 + 1/48). */
Test(exact, poisson_by_hand) {
    struct hl_error err = {0};
    double mass[40] = {0, 0.5, 0.5}, mean = 1;
    struct hl_grid size = grid_of(mass, 40), panjer, fft;
    cr_assert(hl_compound_panjer(&panjer, &size, hl_panjer_poisson(mean), &err) == HL_OK);
    cr_assert(hl_compound_fft(&fft, &size, hl_log_pgf_poisson, &mean, &err) == HL_OK);
    const double want[] = {1, 0.5, 0.625, 0.25 + 1.0 / 48};
    for (size_t k = 0; k < COUNT_OF(want); k++) {
        cr_expect(fabs(panjer.mass[k] - want[k] * exp(-1)) < 1e-15, "Panjer %zu: %g", k, panjer.mass[k]);
        cr_expect(fabs(fft.mass[k] - want[k] * exp(-1)) < 1e-13, "FFT %zu: %g", k, fft.mass[k]);
    }
    cr_expect(fabs(hl_grid_mean(&panjer) - 1.5) < 1e-12 && fabs(hl_grid_mean(&fft) - 1.5) < 1e-10);
    hl_grid_free(&panjer);
    hl_grid_free(&fft);
}

/* Mean 1 and shape 1 is geometric: P(N = n) = 2^-(n + 1); losses of 0 or 1, half each, thin it to (2/3) 3^-k. */
Test(exact, geometric_by_hand) {
    struct hl_error err = {0};
    double mass[40] = {0.5, 0.5}, parameters[2] = {1, 1};
    struct hl_grid size = grid_of(mass, 40), panjer, fft;
    cr_assert(hl_compound_panjer(&panjer, &size, hl_panjer_negative_binomial(1, 1), &err) == HL_OK);
    cr_assert(hl_compound_fft(&fft, &size, hl_log_pgf_negative_binomial, parameters, &err) == HL_OK);
    for (size_t k = 0; k < 40; k++) {
        double want = 2 * pow(3, -(double)k - 1);
        cr_expect(fabs(panjer.mass[k] / want - 1) < 1e-12, "Panjer %zu: %g", k, panjer.mass[k]);
        cr_expect(fabs(fft.mass[k] - want) < 1e-11, "FFT %zu: %g", k, fft.mass[k]);
    }
    hl_grid_free(&panjer);
    hl_grid_free(&fft);
}

static void expect_panjer_is_fft(double mean, double shape, const struct hl_grid *size) {
    struct hl_error err = {0};
    struct hl_grid panjer, fft;
    double parameters[2] = {mean, shape};
    bool poisson = isinf(shape);
    struct hl_panjer_count count = poisson ? hl_panjer_poisson(mean) : hl_panjer_negative_binomial(mean, shape);
    cr_assert(hl_compound_panjer(&panjer, size, count, &err) == HL_OK);
    cr_assert(hl_compound_fft(&fft, size, poisson ? hl_log_pgf_poisson : hl_log_pgf_negative_binomial, parameters,
                              &err) == HL_OK);
    for (size_t k = 0; k < size->count; k++) {
        double slack = 1e-11 + 1e-15 * exp(10.0 * (double)k / (double)size->count);
        cr_expect(fabs(panjer.mass[k] - fft.mass[k]) < slack, "mean %g shape %g at %zu: %g and %g", mean, shape, k,
                  panjer.mass[k], fft.mass[k]);
    }
    hl_grid_free(&panjer);
    hl_grid_free(&fft);
}

Test(exact, panjer_is_fft) {
    struct hl_error err = {0};
    struct hl_grid size;
    double scale = 3;
    cr_assert(hl_grid_make(&size, exponential_cdf, &scale, 0.1, 4096, HL_LATTICE_NEAREST, &err) == HL_OK);
    const double cases[][2] = {{0.01, INFINITY}, {1, INFINITY}, {20, INFINITY}, {0.01, 0.1},
                               {1, 0.5},         {10, 3},       {10, 1000}};
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        expect_panjer_is_fft(cases[i][0], cases[i][1], &size);
    hl_grid_free(&size);
}

/* A sum past the grid must not come back at its start: half of this one's mass is beyond. */
Test(exact, tilting_keeps_wrapped_mass_away) {
    struct hl_error err = {0};
    double mass[64] = {[10] = 1}, mean = 6.5;
    struct hl_grid size = grid_of(mass, 64), fft;
    cr_assert(hl_compound_fft(&fft, &size, hl_log_pgf_poisson, &mean, &err) == HL_OK);
    double want = exp(-mean);
    for (int n = 0; n <= 6; n++) {
        cr_expect(fabs(fft.mass[10 * n] - want) < 2e-9, "%d: %g, not %g", n, fft.mass[10 * n], want);
        want *= mean / (n + 1);
    }
    for (size_t k = 0; k < 64; k++) /* 13 losses are 130: on a ring of 128 points that would be 2 */
        cr_expect(k % 10 == 0 || fft.mass[k] < 1e-9, "%zu: %g", k, fft.mass[k]);
    cr_expect(total(&fft) < 0.6);
    hl_grid_free(&fft);
}

/* The limit of many small losses: a Poisson count of 2,000 is beyond the recursion, not beyond the FFT. */
Test(exact, large_counts) {
    struct hl_error err = {0};
    static double mass[4096] = {0, 1};
    struct hl_grid size = {.mass = mass, .count = 4096, .step = 1}, out;
    double mean = 2000;
    cr_expect(hl_compound_panjer(&out, &size, hl_panjer_poisson(mean), &err) == HL_FAILED);
    cr_expect(err.count == 1);
    hl_error_free(&err);
    cr_assert(hl_compound_fft(&out, &size, hl_log_pgf_poisson, &mean, &err) == HL_OK);
    cr_expect(fabs(out.mass[2000] - exp(2000 * log(2000) - 2000 - lgamma(2001))) < 1e-11);
    cr_expect(fabs(hl_grid_mean(&out) - 2000) < 1e-6);
    hl_grid_free(&out);
}

Test(exact, convolution_of_two_dice) {
    struct hl_error err = {0};
    double die[7] = {0, 1.0 / 6, 1.0 / 6, 1.0 / 6, 1.0 / 6, 1.0 / 6, 1.0 / 6}, coin[2] = {0.5, 0.5};
    struct hl_grid a = {.mass = die, .count = 7, .step = 2}, b = {.mass = coin, .count = 2, .step = 2}, sum;
    cr_assert(hl_grid_convolve(&sum, &a, &a, &err) == HL_OK);
    cr_assert(sum.count == 13 && sum.step == 2);
    for (int k = 0; k < 13; k++)
        cr_expect(fabs(sum.mass[k] - (k < 2 ? 0 : (6 - fabs(k - 7)) / 36)) < 1e-15, "%d: %g", k, sum.mass[k]);
    hl_grid_free(&sum);
    cr_assert(hl_grid_convolve(&sum, &a, &b, &err) == HL_OK);
    cr_assert(sum.count == 8);
    cr_expect(fabs(sum.mass[1] - 1.0 / 12) < 1e-15 && fabs(sum.mass[3] - 1.0 / 6) < 1e-15);
    hl_grid_free(&sum);
}

/* 0.9 at 0, 0.06 at 10, 0.04 at 30, and the same grid cut off before 30. */
Test(exact, statistics_at_atoms) {
    double mass[4] = {0.9, 0.06, 0, 0.04};
    struct hl_grid whole = {.mass = mass, .count = 4, .step = 10};
    struct hl_grid cut = {.mass = mass, .count = 3, .step = 10};
    const double mean = 1.8;
    cr_expect(fabs(hl_grid_mean(&whole) - mean) < 1e-15 && fabs(hl_grid_mean(&cut) - 0.6) < 1e-15);
    const struct {
        double p, quantile, tvar;
    } rows[] = {
        {0.5, 0, 3.6}, /* mean of the worst half: 1.8 / 0.5 */
        {0.9, 0, 18},  /* P(X <= 0) is 0.9 itself */
        {0.91, 10, (0.05 * 10 + 0.04 * 30) / 0.09},
        {0.96, 10, 30},
        {0.97, 30, 30},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cr_expect(hl_grid_quantile(&whole, rows[i].p) == rows[i].quantile, "row %zu: %g", i,
                  hl_grid_quantile(&whole, rows[i].p));
        cr_expect(fabs(hl_grid_tvar(&whole, rows[i].p, mean) - rows[i].tvar) < 1e-12, "row %zu: %g", i,
                  hl_grid_tvar(&whole, rows[i].p, mean));
        if (rows[i].p < 0.96)
            cr_expect(fabs(hl_grid_tvar(&cut, rows[i].p, mean) - rows[i].tvar) < 1e-12, "row %zu", i);
    }
    cr_expect(isinf(hl_grid_quantile(&cut, 0.97)));

    const struct {
        double x, above, limited;
    } points[] = {{0, 0.1, 0}, {5, 0.1, 0.5}, {10, 0.04, 1}, {10.5, 0.04, 1.02}, {29, 0.04, 1.76}, {30, 0, 1.8}};
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        cr_expect(fabs(hl_grid_probability_above(&whole, points[i].x) - points[i].above) < 1e-15, "point %zu", i);
        cr_expect(fabs(hl_grid_limited_mean(&whole, points[i].x) - points[i].limited) < 1e-14, "point %zu", i);
        if (points[i].x < 30) {
            cr_expect(fabs(hl_grid_probability_above(&cut, points[i].x) - points[i].above) < 1e-15, "point %zu", i);
            cr_expect(fabs(hl_grid_limited_mean(&cut, points[i].x) - points[i].limited) < 1e-14, "point %zu", i);
        }
    }
}

/* A compound Poisson sum's mean and stop-loss by formula: exponential losses have E[(S - d)+] from their own series. */
Test(exact, compound_exponential) {
    struct hl_error err = {0};
    struct hl_grid size, sum;
    double scale = 1, rate = 2;
    cr_assert(hl_grid_make(&size, exponential_cdf, &scale, 0.002, 32768, HL_LATTICE_NEAREST, &err) == HL_OK);
    cr_assert(hl_compound_fft(&sum, &size, hl_log_pgf_poisson, &rate, &err) == HL_OK);
    cr_expect(fabs(hl_grid_mean(&sum) - 2) < 1e-5);
    /* P(S > 3) = sum over n of Poisson(n; 2) times P(Gamma(n) > 3) */
    double want = 0, poisson = exp(-rate), erlang = 0, term = exp(-3.0);
    for (int n = 1; n < 60; n++) {
        poisson *= rate / n;
        erlang += term;
        term *= 3.0 / n;
        want += poisson * erlang;
    }
    double got = hl_grid_probability_above(&sum, 3 - 0.001);
    double next = hl_grid_probability_above(&sum, 3 + 0.001);
    cr_expect(fabs((got + next) / 2 - want) < 1e-6, "%g, not %g", (got + next) / 2, want);
    hl_grid_free(&size);
    hl_grid_free(&sum);
}
