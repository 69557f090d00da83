/* The table's stated bound: for every family, at both ends of its parameters, against the family's own quantile, dense
 * and at random; for families with an iterative inverse also against a bisection of the cdf to the last bit. */
#include "models/quantile_table.h"

#include "models/cubics.h"

#include <criterion/criterion.h>
#include <float.h>
#include <gsl/gsl_errno.h>
#include <stdint.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct table_case {
    const char *family;
    double p[HL_PARAMETERS_MOST];
} table_cases[] = {
    {"beta", {0.8, 0.6}},    {"beta", {0.8, 2.5}}, {"beta", {0.1, 0.05}},  {"beta", {50, 0.5}},
    {"beta", {400, 600}},    {"beta", {1, 1}},     {"beta", {0.05, 1000}}, {"beta", {1000, 0.05}},
    {"beta", {0.05, 0.05}},  {"beta", {2, 5}},     {"beta", {0.5, 30}},    {"gamma", {0.05, 1e9}},
    {"gamma", {200, 1e6}},   {"gamma", {1, 1}},    {"gamma", {2.5, 1e7}},  {"gamma", {0.5, 3e10}},
    {"gamma", {1000, 1e12}},
};

static double from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t to_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The inverse by halving the range of doubles: they stand in the order of their bits. */
static double bisect(const struct hl_distribution *d, double tail, bool upper) {
    uint64_t low = 0, high = to_bits(d->family->share ? 1 : 1e30);
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        double x = from_bits(middle);
        double known = upper ? d->family->survival(d, x) : d->family->cdf(d, x);
        if ((known > tail) == upper)
            low = middle;
        else
            high = middle;
    }
    return from_bits(high);
}

static struct hl_distribution prepare(const struct table_case *c, struct hl_arena *arena) {
    gsl_set_error_handler_off();
    struct hl_error err = {0};
    struct hl_distribution d = {.family = hl_severity_find(c->family)};
    memcpy(d.p, c->p, sizeof d.p);
    cr_assert(hl_distribution_prepare(&d, arena, &err) == HL_OK);
    cr_assert(d.table != NULL);
    return d;
}

Test(quantile_table, error_is_within_the_bound) {
    const double places[] = {0, 0.031, 0.377, 0.71, 0.99};
    for (size_t c = 0; c < COUNT_OF(table_cases); c++) {
        struct hl_arena arena = {0};
        struct hl_distribution d = prepare(&table_cases[c], &arena);
        for (int side = 0; side < 2; side++) {
            for (int octave = 0; octave < 52; octave++) {
                for (size_t i = 0; i < COUNT_OF(places); i++) {
                    double v = ldexp(1 + places[i], -octave - 2);
                    v = side == 0 ? 1 - v : v;
                    double tail = side == 0 ? 1 - v : v; /* as the rounded v means it */
                    double want = bisect(&d, tail, side == 1);
                    double got = hl_quantile_table_at(d.table, &d, v);
                    double bound = HL_QUANTILE_ERROR * want + DBL_MIN;
                    cr_expect(fabs(got - want) <= bound, "case %zu, v %.17g: %.17g, not %.17g", c, v, got, want);
                }
            }
        }
        hl_arena_free(&arena);
    }
}

/* Both ends of every parameter, and values of every day. What lies under `asked` is the most octaves, of 28, that the
 * family's own quantile answers. */
static const struct closed_case {
    struct table_case law;
    size_t asked;
} closed_cases[] = {
    {{"lognormal", {1e7, 1.8}}, 0},
    {{"lognormal", {1, 1e-3}}, 0},
    {{"lognormal", {1e15, 10}}, 0},
    {{"generalized_pareto", {1e6, 1.5e7, 0.75}}, 0},
    {{"generalized_pareto", {0, 1, 5}}, 0},
    {{"generalized_pareto", {1e15, 1, 5}}, 0},
    {{"generalized_pareto", {0, 1e15, -1}}, 0},
    {{"generalized_pareto", {1e9, 1e-3, -1}}, 0},
    {{"generalized_pareto", {10, 5, 0}}, 0},
    {{"generalized_pareto", {10, 5, 1e-9}}, 0},
    {{"pareto", {1e6, 1.5}}, 0},
    {{"pareto", {1, 0.1}}, 0},
    {{"pareto", {1e15, 100}}, 0},
    {{"weibull", {1e7, 0.5}}, 0},
    {{"weibull", {1, 0.05}}, 0},
    {{"weibull", {1e15, 100}}, 0},
    {{"burr", {1.5, 2, 1e8}}, 0},
    {{"burr", {0.25, 0.25, 1}}, 0},
    {{"burr", {0.25, 100, 1}}, 0},
    {{"burr", {100, 0.25, 1e15}}, 0},
    {{"burr", {100, 100, 1e15}}, 0},
    {{"spliced", {1e7, 1.8, 1e9, 0.05, 1e9, 0.7}}, 0},
    {{"spliced", {1e7, 10, 1e3, 0.999, 1, 5}}, 5}, /* 1 - v of the body has few digits */
    {{"spliced", {1, 1e-3, 1, 1e-6, 1, -1}}, 0},
};

Test(quantile_table, error_of_closed_quantiles_is_within_the_bound) {
    for (size_t c = 0; c < COUNT_OF(closed_cases); c++) {
        struct hl_arena arena = {0};
        struct hl_distribution d = prepare(&closed_cases[c].law, &arena);
        cr_expect(hl_quantile_table_asked(d.table) <= closed_cases[c].asked, "case %zu: %zu", c,
                  hl_quantile_table_asked(d.table));
        double worst = 0;
        for (int octave = 0; octave < 20; octave++) {
            for (int i = 0; i < 3 * 1031; i++) { /* three in each of the most cells that there are, not in step */
                double p = ldexp(1 + i / (3 * 1031.0), -octave - 2);
                for (int lower = 0; lower < 2; lower++) {
                    double v = lower == 1 ? 1 - p : p;
                    double want = d.family->quantile(&d, v);
                    worst = fmax(worst, fabs(hl_quantile_table_at(d.table, &d, v) / want - 1));
                }
            }
        }
        for (uint32_t i = 0; i < 50000; i++) {
            double v = hl_u01(c, (struct hl_address){hl_stream("bound"), 0, HL_DRAW_EVENT, i});
            double want = d.family->quantile(&d, v);
            worst = fmax(worst, fabs(hl_quantile_table_at(d.table, &d, v) / want - 1));
        }
        cr_expect(worst <= HL_QUANTILE_ERROR, "case %zu: %g", c, worst);
        hl_arena_free(&arena);
    }
}

Test(quantile_table, newton_agrees_with_bisection) {
    for (size_t c = 0; c < COUNT_OF(table_cases); c++) {
        struct hl_arena arena = {0};
        struct hl_distribution d = prepare(&table_cases[c], &arena);
        for (int i = 1; i < 200; i++) {
            double v = i / 200.0;
            double want = bisect(&d, v < 0.5 ? v : 1 - v, v < 0.5);
            double got = hl_quantile_by_newton(&d, v);
            double bound = d.family->share ? 1e-13 : 1e-11 * want + 1e-300;
            cr_expect(fabs(got - want) <= bound, "case %zu, v %g: %.17g, not %.17g", c, v, got, want);
        }
        hl_arena_free(&arena);
    }
}

static void expect_monotone(const struct table_case *c) {
    struct hl_arena arena = {0};
    struct hl_distribution d = prepare(c, &arena);
    double last = d.family->share ? 1 : INFINITY; /* from the far upper tail inwards, then down to F = 2^-53 */
    for (int k = -51; k <= 51; k++) {
        int octave = k < 0 ? -k : k, step = octave > HL_OCTAVES ? 512 : 3;
        for (int i = 0; i < 4096; i += step) {
            double p = ldexp(k < 0 ? 1 + i / 4096.0 : 2 - (i + 1) / 4096.0, -octave - 2);
            double x = hl_quantile_table_at(d.table, &d, k < 0 ? p : 1 - p);
            cr_expect(x <= last * (1 + 2e-15), "%s octave %d place %d: %.17g after %.17g", c->family, k, i, x, last);
            last = x;
        }
    }
    cr_expect(last >= 0);
    hl_arena_free(&arena);
}

Test(quantile_table, monotone_across_cells_and_octaves) {
    for (size_t c = 0; c < COUNT_OF(table_cases); c++)
        expect_monotone(&table_cases[c]);
    for (size_t c = 0; c < COUNT_OF(closed_cases); c++)
        expect_monotone(&closed_cases[c].law);
}

Test(quantile_table, edges) {
    struct hl_arena arena = {0};
    struct hl_distribution d = prepare(&(struct table_case){"beta", {2, 1}}, &arena); /* F = x^2 */
    const struct {
        double v, want;
    } rows[] = {
        {0, 1},         {1, 0},         {0.5, 0.7071067811865476},
        {0.75, 0.5},    {0.36, 0.8},    {nextafter(0.5, 0), 0.7071067811865476},
        {0x1p-60, 1},   {0x1p-53, 1},   {1 - 0x1p-53, 1.0536712127723509e-08},
        {0.4375, 0.75}, {0.9375, 0.25},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double got = hl_quantile_table_at(d.table, &d, rows[i].v);
        cr_expect(fabs(got - rows[i].want) <= 1e-9, "row %zu: %.17g", i, got);
    }
    cr_expect(hl_quantile_table_at(d.table, &d, 0) == 1 && hl_quantile_table_at(d.table, &d, 1) == 0);
    hl_arena_free(&arena);
    d = prepare(&(struct table_case){"gamma", {1, 1}}, &arena); /* exponential, past the last octave */
    cr_expect(fabs(hl_quantile_table_at(d.table, &d, 0x1p-60) - 60 * log(2)) < 1e-9);
    hl_arena_free(&arena);
}

Test(quantile_table, rows_are_few) {
    const struct {
        struct table_case law;
        size_t most;
    } rows[] = {
        {{"lognormal", {1e7, 1.5}}, 2 * (14 * 64 + 2)}, {{"lognormal", {1e7, 0.1}}, 2 * (14 * 32 + 2)},
        {{"pareto", {1e6, 2}}, 2 * (14 * 64 + 2)},      {{"weibull", {1, 0.05}}, 2 * (14 * 1024 + 2)},
        {{"gamma", {2, 1}}, 2 * (14 * 64 + 2)},         {{"beta", {0.8, 2.5}}, 2 * (14 * 128 + 2)},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_arena arena = {0};
        struct hl_distribution d = prepare(&rows[i].law, &arena);
        cr_expect(hl_quantile_table_rows(d.table) <= rows[i].most, "row %zu: %zu", i, hl_quantile_table_rows(d.table));
        cr_expect(hl_quantile_table_asked(d.table) == 0, "row %zu", i);
        hl_arena_free(&arena);
    }
}

/* Density 1.5 below 0.3 and 0.55 / 0.7 above: a kink that no cubic follows. */
static double kinked_cdf(const struct hl_distribution *d, double x) {
    (void)d;
    return x < 0.3 ? 1.5 * x : 0.45 + (x - 0.3) * (0.55 / 0.7);
}
static double kinked_survival(const struct hl_distribution *d, double x) { return 1 - kinked_cdf(d, x); }
static double kinked_pdf(const struct hl_distribution *d, double x) {
    (void)d;
    return x < 0.3 ? 1.5 : 0.55 / 0.7;
}
static double kinked_mean(const struct hl_distribution *d) {
    (void)d;
    return 0.425;
}

/* The octave of the kink, F from 1/4 to 1/2, is asked of the inverse. */
Test(quantile_table, octaves_with_a_kink_are_iterated) {
    gsl_set_error_handler_off();
    const struct hl_severity family = {.name = "kinked",
                                       .share = true,
                                       .tabulated = true,
                                       .quantile = hl_quantile_by_newton,
                                       .cdf = kinked_cdf,
                                       .survival = kinked_survival,
                                       .pdf = kinked_pdf,
                                       .mean = kinked_mean};
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_distribution d = {.family = &family};
    cr_assert(hl_distribution_prepare(&d, &arena, &err) == HL_OK);
    cr_expect(hl_quantile_table_asked(d.table) == 1);
    for (int i = 1; i < 1000; i++) {
        double p = i / 1000.0;
        double want = p < 0.45 ? p / 1.5 : 0.3 + (p - 0.45) * (0.7 / 0.55);
        double got = hl_quantile_table_at(d.table, &d, 1 - p);
        cr_expect(fabs(got - want) < 1e-9 * want, "%g: %.15g, not %.15g", p, got, want);
    }
    hl_arena_free(&arena);
}
