/* Every kernel that this processor runs has the bits of the plain functions; so has the source of the widest one where
 * no processor runs it, compiled for any. */
#include "base/kernel.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#define LANES 8
#include "base/kernel_lanes.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct hl_kernel eight_lanes = {"eight lanes for any processor", draws, cubics, eight, take, arrive};

/* The next kernel to be tested: those that can be chosen, then eight lanes; NULL = all are done. */
static const struct hl_kernel *kernel(size_t i) {
    static const char *const names[] = {"scalar", "avx2", "avx512"};
    if (i == COUNT_OF(names))
        return &eight_lanes;
    if (i > COUNT_OF(names))
        return NULL;
    struct hl_error err = {0};
    const struct hl_kernel *k = &hl_kernel_scalar;
    if (hl_kernel_choose(names[i], &err) == HL_OK) {
        k = hl_kernel();
        cr_expect_str_eq(k->name, names[i]);
    }
    hl_error_free(&err);
    return k;
}

Test(kernel, draws_have_the_same_bits) {
    enum { MOST = 41 };
    const struct hl_address firsts[] = {
        {0, 0, 0, 0},
        {UINT64_MAX, UINT32_MAX, 0xff, 0xffffff - MOST + 1},
        {hl_stream("a"), 12, HL_DRAW_EVENT, 4090},
    };
    const struct hl_kernel *k;
    for (size_t i = 0; (k = kernel(i)) != NULL; i++) {
        for (size_t f = 0; f < COUNT_OF(firsts); f++) {
            for (uint32_t count = 0; count <= MOST; count++) {
                struct hl_words out[MOST + 1];
                out[count].word[0] = 42;
                k->draws(UINT64_C(0xfedcba9876543210), firsts[f], count, out);
                struct hl_address at = firsts[f];
                for (uint32_t n = 0; n < count; n++, at.index++) {
                    struct hl_words want = hl_draw(UINT64_C(0xfedcba9876543210), at);
                    cr_expect(out[n].word[0] == want.word[0] && out[n].word[1] == want.word[1], "%s: %u of %u", k->name,
                              n, count);
                }
                cr_expect(out[count].word[0] == 42, "%s: nothing behind the last", k->name);
            }
        }
    }
}

/* Two cells an octave from 1/8 on, every coefficient of every row another number. A side: p below the table, [1/8,
 * 3/16), [3/16, 1/4), [1/4, 3/8), [3/8, 1/2), 1/2. */
enum { SIDE = 6 };
static struct hl_cubic numbered[2 * SIDE];

static struct hl_cubics table(void) {
    for (size_t i = 0; i < COUNT_OF(numbered); i++)
        for (size_t k = 0; k < 4; k++)
            numbered[i].c[k] = (double)(10 * i + k) + 0.1;
    numbered[0].c[0] = numbered[SIDE].c[0] = numbered[2].c[3] = NAN;
    const unsigned shift = 51;
    return (struct hl_cubics){.rows = numbered,
                              .first = (hl_to_bits(0.125) >> shift) - 1,
                              .shift = shift,
                              .side = SIDE,
                              .least = nextafter(0.125, 0),
                              .most = 92.5};
}

Test(kernel, a_row_is_found_from_the_bits) {
    struct hl_cubics t = table();
    const struct {
        double v, want;
    } rows[] = {
        {0.125, 10.1},
        {0.15625, 10.1 + 0.25 * (11.1 + 0.25 * (12.1 + 0.25 * 13.1))}, /* (5/4) / 8 */
        {0.25, 30.1},
        {0.4375, 40.1 + 0.25 * (41.1 + 0.25 * (42.1 + 0.25 * 43.1))}, /* 1.75 / 4: a quarter past 1.5 / 4 */
        {0.5, 110.1 > 92.5 ? 92.5 : 0},
        {0.875, 70.1}, /* the other side of 1/8 */
        {0.75, 90.1},
        {0.6875, 90.1 + 0.25 * (91.1 + 0.25 * (92.1 + 0.25 * 93.1)) > 92.5 ? 92.5 : 0}, /* 1.25 / 4, cut */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(fabs(hl_cubics_at(&t, rows[i].v) - rows[i].want) < 1e-13, "row %zu: %.17g", i,
                  hl_cubics_at(&t, rows[i].v));
    const double elsewhere[] = {0, 0x1p-60, 0.1249, 0.2, 0.8751, 1 - 0x1p-53, 1};
    for (size_t i = 0; i < COUNT_OF(elsewhere); i++)
        cr_expect(isnan(hl_cubics_at(&t, elsewhere[i])), "%g", elsewhere[i]);
}

Test(kernel, cubics_have_the_same_bits) {
    enum { MOST = 999 };
    struct hl_cubics t = table();
    double v[MOST], x[MOST + 1], inside[MOST];
    for (uint32_t i = 0; i < MOST; i++) {
        v[i] = hl_u01(1, (struct hl_address){2, 3, 4, i});
        inside[i] = 0.25 + v[i] / 2;
    }
    v[500] = 0, v[501] = 1, v[502] = 0.5, v[503] = 0x1p-1000;
    const struct hl_kernel *k;
    for (size_t i = 0; (k = kernel(i)) != NULL; i++) {
        for (size_t count = 0; count <= MOST; count += count < 40 ? 1 : 137) {
            x[count] = -1;
            bool missing = k->cubics(&t, count, v, x), want = false;
            for (size_t n = 0; n < count; n++) {
                double one = hl_cubics_at(&t, v[n]);
                want = want || isnan(one);
                cr_expect(isnan(one) ? isnan(x[n]) : x[n] == one, "%s: v %g", k->name, v[n]);
            }
            cr_expect(missing == want, "%s: %zu", k->name, count);
            cr_expect(x[count] == -1, "%s: nothing behind the last", k->name);
            cr_expect(!k->cubics(&t, count, inside, x), "%s: none is to be asked elsewhere", k->name);
        }
    }
}

Test(kernel, chosen_by_name) {
    struct hl_error err = {0};
    cr_expect(hl_kernel_choose("scalar", &err) == HL_OK && hl_kernel() == &hl_kernel_scalar);
    const char *const wrong[] = {"", "AVX2", "sse", "scalar "};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        cr_expect(hl_kernel_choose(wrong[i], &err) == HL_INVALID, "%s", wrong[i]);
        cr_assert(err.count == i + 1);
        cr_expect_str_eq(err.faults[i].key, "HACKLOSS_CPU");
        cr_expect_str_eq(err.faults[i].value, wrong[i]);
        cr_expect(strstr(err.faults[i].message, "scalar") != NULL, "%s", err.faults[i].message);
    }
    cr_expect(hl_kernel() == &hl_kernel_scalar, "a wrong name changes nothing");
    cr_expect(hl_kernel_choose(NULL, &err) == HL_OK);
    hl_error_free(&err);
}

Test(kernel, eight_have_the_same_bits) {
    struct hl_cubics t = table();
    t.most = 1000;
    const struct hl_kernel *k;
    size_t missing = 0, negative = 0;
    for (size_t i = 0; (k = kernel(i)) != NULL; i++) {
        for (uint32_t n = 0; n < 200; n++) {
            const struct hl_address common = {.block = n, .purpose = 0xfe, .index = n << 8};
            const uint32_t more[HL_EIGHT] = {128, 64, 32, 48, 255, 1, 0, 7};
            uint64_t streams[HL_EIGHT];
            for (uint32_t e = 0; e < HL_EIGHT; e++)
                streams[e] = hl_stream_with(5, n + e / 3);
            double x[HL_EIGHT];
            bool told = k->eight(&t, 11, common, streams, more, x), want = false;
            for (size_t e = 0; e < HL_EIGHT; e++) {
                double u = hl_u01(11, (struct hl_address){streams[e], n, 0xfe, n << 8 | more[e]});
                double tail = hl_cubics_at(&t, u < 0.5 ? u : 1 - u);
                cr_expect(isnan(tail) ? isnan(x[e]) : x[e] == (u < 0.5 ? -tail : tail), "%s: %u, %zu", k->name, n, e);
                want = want || isnan(tail);
                negative += x[e] < 0;
            }
            cr_expect(told == want, "%s: %u", k->name, n);
            missing += want;
        }
    }
    cr_expect(missing > 100 && negative > 100);
}

Test(kernel, takings_have_the_same_bits) {
    enum { MOST = 37 };
    const struct hl_taking takings[] = {
        {true, 1, 0, 1e9},    {true, 0.3, 0, 12345},      {true, 2, 0, 0},
        {false, 1, 5e8, 1e9}, {false, 0.7, 1e30, 0x1p52}, {false, 1, 1e12, 0},
    };
    const struct hl_kernel *k;
    for (size_t i = 0; (k = kernel(i)) != NULL; i++) {
        for (size_t n = 0; n < COUNT_OF(takings) * MOST; n++) {
            const struct hl_taking *t = &takings[n / MOST];
            size_t count = n % MOST;
            double size[MOST + 1], want[MOST + 1];
            for (size_t j = 0; j <= count; j++) {
                double u = hl_u01(7, (struct hl_address){n, 0, 0, (uint32_t)j});
                size[j] = t->share ? u : exp(30 * u);
                want[j] = j == count ? size[j] : t->share ? hl_taken_share(t, size[j]) : hl_taken_amount(t, size[j]);
            }
            k->take(t, count, size);
            for (size_t j = 0; j <= count; j++)
                cr_assert(hl_to_bits(size[j]) == hl_to_bits(want[j]), "%s: %zu of %zu, taking %zu", k->name, j, count,
                          n / MOST);
        }
    }
}

Test(kernel, arrivals_have_the_same_bits) {
    enum { MOST = 37 };
    struct hl_words told[MOST];
    hl_draw_many(3, (struct hl_address){9, 9, HL_DRAW_EVENT, 0}, MOST, told);
    told[0] = (struct hl_words){{0, 0}};
    told[1] = (struct hl_words){{UINT64_MAX, UINT64_MAX}};
    const struct hl_kernel *k;
    for (size_t i = 0; (k = kernel(i)) != NULL; i++) {
        for (size_t count = 0; count <= MOST; count++) {
            uint16_t trials[MOST + 1];
            double v[MOST + 1];
            trials[count] = 4242;
            v[count] = 42;
            k->arrive(count, told, trials, v);
            for (size_t j = 0; j < count; j++)
                cr_assert(trials[j] == hl_place(told[j].word[0]) &&
                              hl_to_bits(v[j]) == hl_to_bits(hl_unit(told[j].word[1])),
                          "%s: %zu of %zu", k->name, j, count);
            cr_assert(trials[count] == 4242 && hl_to_bits(v[count]) == hl_to_bits(42), "%s: nothing behind", k->name);
        }
    }
}
