/* Layers and cash as functions of a loss: cases worked out by hand. */
#include "stats/ramp.h"

#include <criterion/criterion.h>
#include <math.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

Test(ramp, layers_and_cash) {
    /* 50 xs 10 at 40 %, then all of what is left above 100, then 20 of cash. */
    struct hl_ramp f = hl_ramp_identity();
    cr_assert(hl_ramp_take_layer(&f, 10, 50, 0.4));
    cr_assert(hl_ramp_take_layer(&f, 100, INFINITY, 1));
    const struct {
        double x, left, after_cash;
    } rows[] = {{0, 0, 0},    {10, 10, 0},  {20, 16, 0},   {35, 25, 5},
                {60, 40, 20}, {80, 60, 40}, {100, 80, 60}, {500, 80, 60}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(fabs(hl_ramp_at(&f, rows[i].x) - rows[i].left) < 1e-12, "row %zu: %g", i, hl_ramp_at(&f, rows[i].x));
    hl_ramp_take_first(&f, 20);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(fabs(hl_ramp_at(&f, rows[i].x) - rows[i].after_cash) < 1e-12, "row %zu: %g", i,
                  hl_ramp_at(&f, rows[i].x));
}

Test(ramp, inverse_is_the_largest) {
    struct hl_ramp f = hl_ramp_identity();
    cr_assert(hl_ramp_take_layer(&f, 10, 50, 1)); /* flat at 10 from 10 to 60 */
    cr_expect(hl_ramp_inverse(&f, 0) == 0);
    cr_expect(hl_ramp_inverse(&f, 9) == 9);
    cr_expect(hl_ramp_inverse(&f, 10) == 60);
    cr_expect(hl_ramp_inverse(&f, 11) == 61);
    cr_assert(hl_ramp_take_layer(&f, 60, INFINITY, 1));
    cr_expect(isinf(hl_ramp_inverse(&f, 10)));
}

Test(ramp, what_would_fall_is_refused) {
    struct hl_ramp f = hl_ramp_identity();
    cr_expect(hl_ramp_take_layer(&f, 0, 50, 0.6));
    cr_expect(!hl_ramp_take_layer(&f, 40, 50, 0.6)); /* 120 % between 40 and 50 */
    f = hl_ramp_identity();
    size_t taken = 0;
    while (taken < 1000 && hl_ramp_take_layer(&f, (double)taken, 0.5, 0.5))
        taken++;
    cr_expect(taken < HL_RAMP_MOST && taken > 20, "%zu", taken);
}

Test(ramp, cash_beyond_everything_and_of_nothing) {
    struct hl_ramp f = hl_ramp_identity();
    hl_ramp_take_first(&f, 0);
    cr_expect(hl_ramp_at(&f, 7) == 7);
    hl_ramp_take_first(&f, 5);
    hl_ramp_take_first(&f, 2);
    cr_expect(hl_ramp_at(&f, 7) == 0 && hl_ramp_at(&f, 8) == 1);
    cr_assert(hl_ramp_take_layer(&f, 10, INFINITY, 1)); /* never above 3 */
    hl_ramp_take_first(&f, 3);
    cr_expect(hl_ramp_at(&f, 1e9) == 0);
}

/* 50 % of what 50 xs 10 leaves above 20: of 100, 50 are left, and 15 of them paid. */
Test(ramp, shares_of_what_is_left) {
    struct hl_ramp f = hl_ramp_identity();
    cr_assert(hl_ramp_take_layer(&f, 10, 50, 1));
    cr_assert(hl_ramp_take_share(&f, 20, INFINITY, 0.5));
    cr_expect(hl_ramp_at(&f, 65) == 15 && hl_ramp_at(&f, 70) == 20 && hl_ramp_at(&f, 100) == 35);
    cr_assert(hl_ramp_take_share(&f, 30, 10, 1)); /* 10 from 90 on, all of it up to 110 */
    cr_expect(hl_ramp_at(&f, 90) == 30 && hl_ramp_at(&f, 110) == 30 && hl_ramp_at(&f, 112) == 31);
    hl_ramp_take_first(&f, 1e9);
    cr_expect(hl_ramp_take_share(&f, 5e9, 10, 1) && hl_ramp_at(&f, 3e9) == 0.5 * 3e9 - 25 - 1e9);
}

/* X is 4, 20 or 100 with a third each; f takes 10 xs 10 and then 5: 0, 5 and 85. */
static double limited(const void *context, double d) {
    (void)context;
    return (fmin(4, d) + fmin(20, d) + fmin(100, d)) / 3;
}

Test(ramp, limited_means) {
    struct hl_ramp f = hl_ramp_identity();
    cr_assert(hl_ramp_take_layer(&f, 10, 10, 1));
    hl_ramp_take_first(&f, 5);
    cr_expect(fabs(hl_ramp_limited_mean(&f, INFINITY, limited, NULL) - 90.0 / 3) < 1e-12);
    cr_expect(fabs(hl_ramp_limited_mean(&f, 5, limited, NULL) - 10.0 / 3) < 1e-12);
    cr_expect(fabs(hl_ramp_limited_mean(&f, 25, limited, NULL) - 30.0 / 3) < 1e-12);
    cr_expect(hl_ramp_limited_mean(&f, 0, limited, NULL) == 0);
}
