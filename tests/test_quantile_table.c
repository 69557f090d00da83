/* The table's stated bound against a bisection of the cdf to the last bit. */
#include "models/quantile_table.h"

#include <criterion/criterion.h>
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
    const double places[] = {0, 0.031, 0.13, 0.377, 0.52, 0.71, 0.88, 0.99};
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
                    double bound = d.family->share ? HL_QUANTILE_ERROR
                                                   : HL_QUANTILE_ERROR * want + HL_QUANTILE_FLOOR * d.family->mean(&d);
                    cr_expect(fabs(got - want) <= bound, "case %zu, v %.17g: %.17g, not %.17g", c, v, got, want);
                }
            }
        }
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

Test(quantile_table, monotone_across_cells_and_octaves) {
    for (size_t c = 0; c < COUNT_OF(table_cases); c++) {
        struct hl_arena arena = {0};
        struct hl_distribution d = prepare(&table_cases[c], &arena);
        double last = INFINITY;
        for (int octave = 51; octave >= 0; octave--) { /* from the far upper tail inwards, then down to F = 2^-53 */
            for (int i = 0; i < 4096; i += 3) {
                double x = hl_quantile_table_at(d.table, &d, ldexp(1 + i / 4096.0, -octave - 2));
                cr_expect(x <= last * (1 + 1e-15), "case %zu octave %d place %d", c, octave, i);
                last = x;
            }
        }
        for (int octave = 0; octave <= 51; octave++) {
            for (int i = 4095; i >= 0; i -= 3) {
                double x = hl_quantile_table_at(d.table, &d, 1 - ldexp(1 + i / 4096.0, -octave - 2));
                cr_expect(x <= last * (1 + 1e-15), "case %zu lower octave %d place %d", c, octave, i);
                last = x;
            }
        }
        cr_expect(last >= 0);
        hl_arena_free(&arena);
    }
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

Test(quantile_table, cells_are_few) {
    for (size_t c = 0; c < COUNT_OF(table_cases); c++) {
        struct hl_arena arena = {0};
        struct hl_distribution d = prepare(&table_cases[c], &arena);
        cr_expect(hl_quantile_table_cells(d.table) >= 104 * 4, "case %zu", c);
        cr_expect(hl_quantile_table_cells(d.table) <= 8192, "case %zu: %zu", c, hl_quantile_table_cells(d.table));
        cr_expect(hl_quantile_table_iterated(d.table) == 0, "case %zu", c);
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

/* Rows that the check at the middle rejects are not used: the octave of the kink, F from 1/4 to 1/2, is iterated. */
Test(quantile_table, octaves_that_miss_the_bound_are_iterated) {
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
    cr_expect(hl_quantile_table_iterated(d.table) == 1);
    for (int i = 1; i < 1000; i++) {
        double p = i / 1000.0;
        double want = p < 0.45 ? p / 1.5 : 0.3 + (p - 0.45) * (0.7 / 0.55);
        double got = hl_quantile_table_at(d.table, &d, 1 - p);
        cr_expect(fabs(got - want) < 1e-12, "%g: %.15g, not %.15g", p, got, want);
    }
    hl_arena_free(&arena);
}
