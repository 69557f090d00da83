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

static void want_all(struct hl_picks *p, enum kind kind, bool backwards) {
    memset(p->wanted, 1, sizeof p->wanted);
    for (uint32_t i = 0; i < N; i++) {
        double x = value_of(kind, backwards ? N - 1 - i : i);
        if (x > 0)
            hl_picks_add(p, x);
    }
    hl_picks_sort(p);
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

Test(ladder, order_statistics_of_every_rank) {
    for (enum kind kind = 0; kind < KINDS; kind++) {
        double values[N];
        struct hl_ladder *l = make(kind, values);
        struct hl_picks p = {0};
        want_all(&p, kind, false);
        for (uint64_t rank = 1; rank <= N; rank++) {
            double want = values[rank - 1];
            int rung = hl_ladder_find(l, N, rank);
            cr_assert_eq(rung, want > 0 ? (int)hl_rung_of(want) : -1);
            cr_assert(hl_ladder_value(l, &p, N, rank) == want, "kind %d, rank %zu", kind, (size_t)rank);
        }
        hl_picks_free(&p);
        free(l);
    }
}

/* Only the rung of the asked rank is kept, and that is enough. */
Test(ladder, one_wanted_rung_serves_its_ranks) {
    double values[N];
    struct hl_ladder *l = make(NARROW, values);
    const uint64_t ranks[] = {1000, 1500, 2000, 2999, N};
    for (size_t i = 0; i < COUNT_OF(ranks); i++) {
        struct hl_picks p = {0};
        int rung = hl_ladder_find(l, N, ranks[i]);
        p.wanted[rung] = true;
        for (uint32_t k = 0; k < N; k++)
            if (value_of(NARROW, k) > 0)
                hl_picks_add(&p, value_of(NARROW, k));
        hl_picks_sort(&p);
        cr_expect(p.count > 0 && p.count <= l->rungs[rung].count && p.count < N / 2);
        cr_expect(hl_ladder_value(l, &p, N, ranks[i]) == values[ranks[i] - 1], "rank %zu", (size_t)ranks[i]);
        hl_picks_free(&p);
    }
    free(l);
}

/* Sums over the values above q, at every value that occurs and at 0. */
Test(ladder, excess_sums) {
    for (enum kind kind = 0; kind < KINDS; kind++) {
        double values[N];
        struct hl_ladder *l = make(kind, values);
        struct hl_picks p = {0};
        want_all(&p, kind, false);
        for (size_t k = 0; k < N; k += 37) {
            double q = values[k], excess, square;
            long double want = 0, want_square = 0, scale = 0;
            for (size_t i = 0; i < N; i++) {
                long double over = values[i] > q ? (long double)values[i] - q : 0;
                want += over;
                want_square += over * over;
                scale += values[i] > q ? (long double)values[i] * values[i] : 0;
            }
            hl_ladder_excess(l, &p, q, &excess, &square);
            cr_expect(fabs(excess - (double)want) <= 1e-12 * (double)want, "kind %d above %g: %g, not %Lg", kind, q,
                      excess, want);
            cr_expect(fabs(square - (double)want_square) <= 0x1p-29 * (double)scale, "kind %d above %g", kind, q);
        }
        hl_picks_free(&p);
        free(l);
    }
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
    free(whole);
}

static void expect_equal_picks(const struct hl_picks *a, const struct hl_picks *b) {
    cr_assert_eq(a->count, b->count);
    for (size_t i = 0; i < a->count; i++)
        cr_assert(a->items[i].value == b->items[i].value && a->items[i].count == b->items[i].count, "item %zu", i);
}

Test(ladder, picks_are_the_same_in_any_order) {
    for (enum kind kind = 0; kind < KINDS; kind++) {
        struct hl_picks forwards = {0}, backwards = {0}, parts[2] = {{.count = 0}, {.count = 0}}, merged = {0};
        want_all(&forwards, kind, false);
        want_all(&backwards, kind, true);
        expect_equal_picks(&forwards, &backwards);
        for (size_t k = 0; k < 2; k++)
            memset(parts[k].wanted, 1, sizeof parts[k].wanted);
        for (uint32_t i = 0; i < N; i++)
            if (value_of(kind, i) > 0)
                hl_picks_add(&parts[i % 2], value_of(kind, i));
        hl_picks_merge(&merged, &parts[1]);
        hl_picks_merge(&merged, &parts[0]);
        hl_picks_sort(&merged);
        expect_equal_picks(&forwards, &merged);
        cr_expect(!merged.failed);
        hl_picks_free(&forwards);
        hl_picks_free(&backwards);
        hl_picks_free(&parts[0]);
        hl_picks_free(&parts[1]);
        hl_picks_free(&merged);
    }
}

/* Two million losses of one of three sizes take no more memory than three. */
Test(ladder, an_atom_costs_nothing) {
    struct hl_picks p = {0};
    memset(p.wanted, 1, sizeof p.wanted);
    for (uint32_t i = 0; i < 2000000; i++)
        hl_picks_add(&p, (const double[]){48200000000, 5000000000, 1}[i % 3]);
    cr_expect(p.capacity <= 128, "%zu", p.capacity);
    hl_picks_sort(&p);
    cr_assert_eq(p.count, 3);
    cr_expect(p.items[0].value == 1 && p.items[0].count == 666666);
    cr_expect(p.items[2].value == 48200000000 && p.items[2].count == 666667);
    hl_picks_free(&p);
    cr_expect(p.items == NULL && p.capacity == 0);
    memset(p.wanted, 1, sizeof p.wanted);
    for (int i = 0; i < 10; i++)
        hl_picks_add(&p, 5000000000);
    cr_expect(p.count == 1 && p.items[0].count == 10, "a run of equal values is one item at once");
    hl_picks_free(&p);
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
