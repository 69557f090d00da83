/* The standard normal quantile against GSL's. */
#include "base/draw.h"
#include "models/normal.h"

#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <math.h>

enum { OCTAVES = 16, CELLS = 4096, MANY = 999 };

static void make(struct hl_normal *n, struct hl_arena *arena) {
    struct hl_error err = {0};
    *arena = (struct hl_arena){0};
    cr_assert(hl_normal_make(n, arena, &err) == HL_OK);
}

/* At u = p and at 1 - p, which is exact, within the bound; the one is the other with its sign changed. */
static void expect(const struct hl_normal *n, double p) {
    double x = hl_normal_quantile(n, p), want = gsl_cdf_ugaussian_Pinv(p);
    cr_expect(fabs(x - want) <= HL_NORMAL_ERROR, "%.17g: off by %g", p, x - want);
    cr_expect(hl_normal_quantile(n, 1 - p) == -x, "%.17g: not odd", p);
}

Test(normal, close_to_gsl) {
    struct hl_normal n;
    struct hl_arena arena;
    make(&n, &arena);
    for (int octave = 1; octave <= OCTAVES; octave++)
        for (int i = 0; i < CELLS; i++)
            expect(&n, ldexp(0.5 + (i + 0.5) / (2 * CELLS), -octave));
    for (uint32_t i = 0; i < 100000; i++) {
        double u = hl_u01(1, (struct hl_address){2, 3, 4, i});
        expect(&n, u < 0.5 ? u : 1 - u);
    }
    expect(&n, 0x1p-53);
    expect(&n, 0.5 - 0x1p-53);
    hl_arena_free(&arena);
}

Test(normal, many_have_the_same_bits) {
    struct hl_normal n;
    struct hl_arena arena;
    make(&n, &arena);
    double u[MANY], x[MANY + 1];
    for (uint32_t i = 0; i < MANY; i++)
        u[i] = hl_u01(5, (struct hl_address){2, 3, 4, i});
    u[7] = 0x1p-53;
    u[300] = 1 - 0x1p-53;
    for (size_t count = 0; count <= MANY; count += count < 20 ? 1 : 89) {
        x[count] = 42;
        hl_normal_quantiles(&n, count, u, x);
        for (size_t i = 0; i < count; i++)
            cr_expect(x[i] == hl_normal_quantile(&n, u[i]), "%zu of %zu", i, count);
        cr_expect(x[count] == 42, "nothing behind the last");
    }
    memcpy(x, u, sizeof u);
    hl_normal_quantiles(&n, MANY, x, x);
    for (size_t i = 0; i < MANY; i++)
        cr_expect(x[i] == hl_normal_quantile(&n, u[i]), "in place: %zu", i);
    hl_arena_free(&arena);
}

/* From one grid point of u to the next, across cells and octaves. */
Test(normal, does_not_fall) {
    struct hl_normal n;
    struct hl_arena arena;
    make(&n, &arena);
    double last = -INFINITY;
    for (int i = 1; i < 1 << 20; i++) {
        double x = hl_normal_quantile(&n, i * 0x1p-20);
        cr_expect(x >= last, "at %d: %.17g after %.17g", i, x, last);
        last = x;
    }
    hl_arena_free(&arena);
}

/* Also far out, where the table has no answer. */
Test(normal, eight_draws_at_once) {
    enum { FAR = 8000 };
    struct hl_normal n;
    struct hl_arena arena;
    make(&n, &arena);
    const uint32_t more[HL_EIGHT] = {128, 64, 32, 48, 255, 1, 0, 7};
    size_t far = 0;
    for (uint32_t i = 0; i < FAR; i++) {
        const struct hl_address common = {.block = 3, .purpose = 0xfe, .index = i << 8};
        const uint64_t streams[HL_EIGHT] = {17, 18, 17, UINT64_MAX, 19, 20, 0, 21};
        double x[HL_EIGHT];
        hl_normal_eight(&n, 11, common, streams, more, x);
        for (size_t e = 0; e < HL_EIGHT; e++) {
            double u = hl_u01(11, (struct hl_address){streams[e], 3, 0xfe, i << 8 | more[e]});
            cr_expect(x[e] == hl_normal_quantile(&n, u), "%u, %zu", i, e);
            far += u < 0x1p-15 || u > 1 - 0x1p-15;
        }
    }
    cr_expect_gt(far, 0);
    hl_arena_free(&arena);
}
