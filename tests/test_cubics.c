/* Rows against functions that are known in closed form: the error stays within the bound that chose the cells. */
#include "models/cubics.h"

#include <criterion/criterion.h>
#include <math.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct power {
    double exponent;
    double kink; /* another exponent below it */
};

static double power(void *context, bool lower, double p) {
    const struct power *c = context;
    double v = lower ? 1 - p : p;
    if (v < c->kink)
        return pow(c->kink, c->exponent) * pow(v / c->kink, 0.5 * c->exponent);
    return pow(v, c->exponent);
}

static double logit(void *context, bool lower, double p) {
    (void)context;
    return (lower ? 1 : -1) * log(p / (1 - p));
}

static double within(const struct hl_cubics_made *made, const struct hl_cubics_wanted *w) {
    double worst = 0;
    for (int octave = 0; octave < HL_OCTAVES; octave++) {
        for (int i = 0; i < 3000; i++) {
            double p = ldexp(1 + i / 3000.0, -octave - 2);
            for (int lower = 0; lower <= 1; lower++) {
                double v = lower ? 1 - p : p, want = w->value(w->context, lower, lower ? 1 - v : p);
                double got = hl_cubics_at(&made->rows, v);
                if (!isnan(got))
                    worst = fmax(worst, fabs(got - want) / (w->relative ? want : 1));
            }
        }
    }
    return worst;
}

Test(cubics, error_is_within_the_bound) {
    const struct {
        struct power law;
        double error, least; /* the bound is not wasted: the error is not far below it */
    } rows[] = {
        {{-1, 0}, 1e-9, 1e-11},   {{-0.3, 0}, 1e-9, 1e-11}, {{-5, 0}, 1e-9, 1e-11},
        {{-20, 0}, 1e-9, 1e-11},  {{2, 0}, 1e-9, 0},        {{0.5, 0}, 1e-6, 1e-8},
        {{-2.25, 0}, 1e-4, 1e-6}, {{-1, 0}, 1e-11, 1e-13},  {{20, 0}, 1e-9, 1e-11},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_arena arena = {0};
        struct hl_error err = {0};
        struct power law = rows[i].law;
        struct hl_cubics_wanted w = {power, &law, true, rows[i].error, 1e-11, INFINITY};
        struct hl_cubics_made made;
        cr_assert(hl_cubics_make(&made, &w, &arena, &err) == HL_OK);
        cr_expect(made.asked == 0, "row %zu", i);
        double worst = within(&made, &w);
        cr_expect(worst <= rows[i].error + 1e-13 && worst >= rows[i].least, "row %zu: %g", i, worst);
        hl_arena_free(&arena);
    }
}

/* Bounds that are not relative, of a function that changes its sign at one half. */
Test(cubics, absolute_bounds) {
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_cubics_wanted w = {logit, NULL, false, 1e-10, 1e-11, INFINITY};
    struct hl_cubics_made made;
    cr_assert(hl_cubics_make(&made, &w, &arena, &err) == HL_OK);
    cr_expect(made.asked == 0);
    double worst = within(&made, &w);
    cr_expect(worst <= 1e-10 && worst >= 1e-12, "%g", worst);
    cr_expect(hl_cubics_at(&made.rows, 0.5) == 0);
    hl_arena_free(&arena);
}

/* The octave with a kink and no other is left out: v = 0.2 lies in [1/8, 1/4). */
Test(cubics, octaves_that_no_polynomial_follows_are_left_out) {
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct power law = {-1, 0.2};
    struct hl_cubics_wanted w = {power, &law, true, 1e-9, 1e-11, INFINITY};
    struct hl_cubics_made made;
    cr_assert(hl_cubics_make(&made, &w, &arena, &err) == HL_OK);
    cr_expect(made.asked == 1);
    const double left[] = {0.125, 0.19, 0.2, 0.21, nextafter(0.25, 0)}, kept[] = {nextafter(0.125, 0), 0.25, 0.8, 0.9};
    for (size_t i = 0; i < COUNT_OF(left); i++)
        cr_expect(isnan(hl_cubics_at(&made.rows, left[i])), "%g", left[i]);
    for (size_t i = 0; i < COUNT_OF(kept); i++)
        cr_expect(!isnan(hl_cubics_at(&made.rows, kept[i])), "%g", kept[i]);
    cr_expect(within(&made, &w) <= 1e-9);
    hl_arena_free(&arena);
}

Test(cubics, reach_and_most) {
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct power law = {-1, 0};
    struct hl_cubics_wanted w = {power, &law, true, 1e-9, 1e-11, 1000};
    struct hl_cubics_made made;
    cr_assert(hl_cubics_make(&made, &w, &arena, &err) == HL_OK);
    double far = ldexp(1, -HL_OCTAVES - 1);
    cr_expect(isnan(hl_cubics_at(&made.rows, nextafter(far, 0))) && isnan(hl_cubics_at(&made.rows, 1 - far / 2)));
    cr_expect(!isnan(hl_cubics_at(&made.rows, far)) && !isnan(hl_cubics_at(&made.rows, 1 - far)));
    for (double v = far; v < 0.5; v *= 1.01)
        cr_expect(hl_cubics_at(&made.rows, v) <= 1000, "%g", v);
    cr_expect(hl_cubics_at(&made.rows, 0.5) == 2);
    hl_arena_free(&arena);
}
