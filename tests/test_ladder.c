/* Ladders against plain sorted arrays of the same values. */
#include "base/draw.h"
#include "stats/ladder.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { N = 3000 };

/* What is tried: kinds of value[N], zeros among them (which are not added). */
enum kind { WIDE, NARROW, ATOMS, EDGES, KINDS };

static double uniform(uint32_t kind, uint32_t i) {
    return hl_u01(77, (struct hl_address){.stream = kind, .purpose = 1, .index = i});
}

static double value_of(enum kind kind, uint32_t i) {
    double u = uniform(kind, i);
    if (u < 0.3)
        return 0;
    switch (kind) {
    case WIDE: /* from 1 to nearly 2^53 */
        return floor(exp2(53 * (u - 0.3) / 0.7));
    case NARROW: /* all within a few rungs */
        return floor(1e6 + 3e5 * u);
    case ATOMS: /* four values only */
        return (const double[]){1, 2, 5e9, 4503599627370497}[(int)(u * 1000) % 4];
    default: /* the ends of rungs: powers of two, their neighbours, and the greatest */
        return fmin(fmax(exp2(floor(53 * u)) + (i % 3) - 1, 1), 0x1p53 - 1);
    }
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The values of a kind, sorted, and their ladder. */
static struct hl_ladder *make(enum kind kind, double values[N]) {
    struct hl_ladder *l = calloc(1, sizeof *l);
    for (uint32_t i = 0; i < N; i++) {
        values[i] = value_of(kind, i);
        if (values[i] > 0)
            hl_ladder_add(l, values[i]);
    }
    qsort(values, N, sizeof *values, ascending);
    return l;
}

Test(ladder, rungs_ascend_with_the_values) {
    const struct {
        double x;
        unsigned rung;
    } rows[] = {{1, 0},     {2, 8},     {3, 12},    {4, 16},    {9, 25},    {15, 31},      {16, 32},
                {1024, 80}, {1151, 80}, {1152, 81}, {2047, 87}, {2048, 88}, {0x1p52, 416}, {0x1p53 - 1, 423}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect_eq(hl_rung_of(rows[i].x), rows[i].rung, "%g in %u", rows[i].x, hl_rung_of(rows[i].x));
    cr_expect(HL_RUNGS == 424);
    cr_expect(hl_rung_low(0) == 1 && hl_rung_low(12) == 3 && hl_rung_low(81) == 1152 && hl_rung_low(424) == 0x1p53);
}

Test(ladder, counts_sums_and_squares) {
    for (enum kind kind = 0; kind < KINDS; kind++) {
        double values[N];
        struct hl_ladder *l = make(kind, values);
        uint64_t count = 0;
        hl_wide sum = 0;
        long double square = 0;
        for (size_t i = 0; i < N; i++) {
            count += values[i] > 0;
            sum += (uint64_t)values[i];
            square += (long double)values[i] * (long double)values[i];
        }
        cr_expect_eq(hl_ladder_count(l), count);
        cr_expect(hl_ladder_sum(l) == (double)sum, "kind %d: exact", kind);
        double ratio = (double)(hl_ladder_square(l) / square);
        cr_expect(ratio <= 1 + 1e-15 && ratio > 1 - 0x1p-29, "kind %d: off by %g", kind, ratio - 1);
        free(l);
    }
}

Test(ladder, finds_the_rung_of_every_rank) {
    for (enum kind kind = 0; kind < KINDS; kind++) {
        double values[N];
        struct hl_ladder *l = make(kind, values);
        struct hl_heights h;
        hl_ladder_heights(&h, l);
        cr_expect_eq(h.from[0], hl_ladder_count(l));
        for (uint64_t rank = 1; rank <= N; rank++) {
            double want = values[rank - 1];
            uint64_t above = 0, higher = 0; /* of the same rung */
            int rung = want > 0 ? (int)hl_rung_of(want) : -1;
            while (rung >= 0 && rank + higher < N && (int)hl_rung_of(values[rank + higher]) == rung)
                higher++;
            cr_assert_eq(hl_ladder_find(l, N, rank), rung);
            cr_assert_eq(hl_heights_find(&h, N, rank, &above), rung);
            cr_assert_eq(above, higher);
        }
        cr_expect_eq(hl_ladder_top(l), (int)hl_rung_of(values[N - 1]));
        free(l);
    }
    struct hl_ladder *empty = calloc(1, sizeof *empty);
    cr_expect_eq(hl_ladder_top(empty), -1);
    free(empty);
}

/* 0, 0, 3, 5: mean 2, squared deviations 4 + 4 + 1 + 9 = 18 over 3 degrees of freedom. */
Test(ladder, mean_and_errors_in_the_head) {
    struct hl_ladder *l = calloc(1, sizeof *l);
    hl_ladder_add(l, 3);
    hl_ladder_add(l, 5);
    double error, sd;
    cr_expect(hl_ladder_mean(l, 4, &error, &sd) == 2);
    cr_expect(fabs(sd - sqrt(6)) < 1e-12);
    cr_expect(fabs(error - sqrt(6) / 2) < 1e-12);
    memset(l, 0, sizeof *l);
    cr_expect(hl_ladder_mean(l, 4, &error, &sd) == 0 && error == 0 && sd == 0);
    hl_ladder_add(l, 7);
    cr_expect(hl_ladder_mean(l, 1, &error, &sd) == 7 && error == 0 && sd == 0, "one trial has no spread");
    free(l);
}

/* Three parts added up in every order: the same bits as in one go. */
Test(ladder, merging_in_any_order_gives_the_same_bits) {
    double values[N];
    struct hl_ladder *whole = make(WIDE, values);
    static struct hl_ladder parts[3], sum;
    for (uint32_t i = 0; i < N; i++)
        if (value_of(WIDE, i) > 0)
            hl_ladder_add(&parts[i % 3], value_of(WIDE, i));
    const size_t orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        memset(&sum, 0, sizeof sum);
        for (size_t k = 0; k < 3; k++)
            hl_ladder_merge(&sum, &parts[orders[i][k]]);
        cr_expect_eq(memcmp(&sum, whole, sizeof sum), 0, "order %zu", i);
    }
    sum.rungs[300].marks = 5;
    hl_ladder_clear(&sum);
    cr_expect(hl_ladder_top(&sum) == -1 && hl_ladder_square(&sum) == 0 && sum.rungs[300].marks == 5);
    free(whole);
}

/* k of n trials with the same amount a: sd^2 = a^2 p (1 - p) and m4 = a^4 p (1 - p) (1 - 3 p (1 - p)). And an even
 * spread over 1 to m: sd^2 = (m^2 - 1)/12 and m4 = (m^2 - 1)(3 m^2 - 7)/240, within the width of the rungs. */
Test(ladder, error_of_a_standard_deviation) {
    struct hl_ladder *l = calloc(1, sizeof *l);
    const double n = 1e6, p = 0.01, amount = 12345, spread = p * (1 - p);
    cr_expect_eq(hl_ladder_sd_error(l, (uint64_t)n), 0, "of nothing");
    for (int i = 0; i < n * p; i++)
        hl_ladder_add(l, amount);
    double want = amount * sqrt(spread * (1 - 3 * spread) - spread * spread) / sqrt(n) / (2 * sqrt(spread));
    cr_expect(fabs(hl_ladder_sd_error(l, (uint64_t)n) / want - 1) < 1e-5);
    memset(l, 0, sizeof *l);
    const double m = 100000;
    for (double x = 1; x <= m; x++)
        hl_ladder_add(l, x);
    double square = (m * m - 1) / 12;
    want = sqrt(((m * m - 1) * (3 * m * m - 7) / 240 - square * square) / m) / (2 * sqrt(square));
    cr_expect(fabs(hl_ladder_sd_error(l, (uint64_t)m) / want - 1) < 0.02);
    free(l);
}
