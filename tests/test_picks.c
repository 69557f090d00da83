/* What is kept beside a ladder, against plain sorted arrays of the same values. */
#include "base/draw.h"
#include "stats/picks.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { N = 3000 };

/* What is tried: kinds of value[N], zeros among them (which are not added). */
enum kind { WIDE, NARROW, ATOMS, KINDS };

static double value_of(enum kind kind, uint32_t i) {
    double u = hl_u01(77, (struct hl_address){.stream = kind, .purpose = 1, .index = i});
    if (u < 0.3)
        return 0;
    switch (kind) {
    case WIDE: /* from 1 to nearly 2^53 */
        return floor(exp2(53 * (u - 0.3) / 0.7));
    case NARROW: /* all within a few rungs */
        return floor(1e6 + 3e5 * u);
    default: /* four values only */
        return (const double[]){1, 2, 5e9, 4503599627370497}[(int)(u * 1000) % 4];
    }
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A quantity with what is kept of it. */
struct kept {
    struct hl_ladder ladder;
    struct hl_picks picks;
};

static void add(struct kept *k, double x) {
    struct hl_rung *rung = &k->ladder.rungs[hl_rung_of(x)];
    hl_rung_add(rung, x);
    if (rung->marks != 0)
        hl_picks_add(&k->picks, rung, x, 1);
}

static struct kept *start(void) {
    struct kept *k = calloc(1, sizeof *k);
    cr_assert(k != NULL);
    return k;
}

static void lay(struct kept *k, unsigned low, unsigned high) {
    cr_assert(hl_picks_lay_window(&k->picks, &k->ladder, low, high, 0, false));
}

static bool find(const struct kept *k, uint64_t n, uint64_t rank, double *value) {
    struct hl_heights heights;
    hl_ladder_heights(&heights, &k->ladder);
    return hl_picks_value(&k->picks, &heights, n, rank, value);
}

static void add_all(struct kept *k, enum kind kind, bool backwards) {
    for (uint32_t i = 0; i < N; i++) {
        double x = value_of(kind, backwards ? N - 1 - i : i);
        if (x > 0)
            add(k, x);
    }
    hl_picks_sort(&k->picks);
}

static void end(struct kept *k) {
    hl_picks_free(&k->picks, &k->ladder);
    for (size_t i = 0; i < HL_RUNGS; i++)
        cr_assert_eq(k->ladder.rungs[i].marks, 0);
    free(k);
}

/* The values of a kind, sorted. */
static void list(enum kind kind, double values[N]) {
    for (uint32_t i = 0; i < N; i++)
        values[i] = value_of(kind, i);
    qsort(values, N, sizeof *values, ascending);
}

Test(picks, order_statistics_of_every_rank) {
    for (enum kind kind = 0; kind < KINDS; kind++) {
        double values[N], value;
        struct kept *k = start();
        list(kind, values);
        lay(k, 0, HL_RUNGS - 1);
        add_all(k, kind, false);
        for (uint64_t rank = 1; rank <= N; rank++)
            cr_assert(find(k, N, rank, &value) && value == values[rank - 1], "kind %d, rank %zu", kind, (size_t)rank);
        end(k);
    }
}

/* Only the rung of the asked rank is kept: that is enough for it, and the others are told not to be there. */
Test(picks, a_window_serves_the_ranks_of_its_rungs) {
    double values[N], value;
    list(NARROW, values);
    const uint64_t ranks[] = {1000, 1500, 2000, 2999, N};
    for (size_t i = 0; i < COUNT_OF(ranks); i++) {
        struct kept *k = start();
        unsigned rung = hl_rung_of(values[ranks[i] - 1]);
        lay(k, rung, rung);
        add_all(k, NARROW, false);
        cr_expect(k->picks.windows[0].count <= k->ladder.rungs[rung].count && k->picks.windows[0].count < N / 2);
        for (uint64_t rank = 1; rank <= N; rank++) {
            double x = values[rank - 1];
            bool held = find(k, N, rank, &value);
            cr_assert_eq(held, x == 0 || hl_rung_of(x) == rung, "rank %zu", (size_t)rank);
            cr_assert(!held || value == x, "rank %zu", (size_t)rank);
        }
        end(k);
    }
}

/* 1 to 100, and windows over rungs 40 to 47 (32 to 63), 47 alone (60 to 63) and 52 (96 to 103): the lists of what each
 * holds, counted in the head. */
Test(picks, windows_may_overlap) {
    struct kept *k = start();
    double value;
    lay(k, 40, 47);
    lay(k, 47, 47);
    lay(k, 52, 52);
    for (int x = 1; x <= 100; x++)
        add(k, x);
    hl_picks_sort(&k->picks);
    const size_t want[] = {32, 4, 5};
    for (size_t i = 0; i < 3; i++)
        cr_expect_eq(k->picks.windows[i].count, want[i], "window %zu: %zu", i, k->picks.windows[i].count);
    for (uint64_t rank = 1; rank <= 100; rank++) {
        bool inside = (rank >= 32 && rank <= 63) || rank >= 96;
        cr_expect_eq(find(k, 100, rank, &value), inside, "%zu", (size_t)rank);
        cr_expect(!inside || value == (double)rank);
    }
    end(k);
}

/* More windows than a rung has bits for. */
/* A list of unlike values has the room that is told of it: 64 to begin with, twice as much up to 512, then a quarter
 * more. */
Test(picks, room) {
    static const size_t rooms[][2] = {{0, 0},     {1, 64},    {64, 64},    {65, 128},   {512, 512},
                                      {513, 640}, {641, 800}, {801, 1000}, {1000, 1000}};
    struct kept k = {0};
    cr_assert(hl_picks_lay_window(&k.picks, &k.ladder, 0, HL_RUNGS - 1, 0, false));
    for (size_t i = 0, count = 0; i < COUNT_OF(rooms); i++) {
        for (; count < rooms[i][0]; count++)
            hl_picks_add(&k.picks, &k.ladder.rungs[hl_rung_of((double)(count + 1))], (double)(count + 1), 1);
        cr_expect_eq(hl_picks_room(count), rooms[i][1], "%zu", count);
        cr_expect_eq(k.picks.windows[0].capacity, rooms[i][1], "%zu", count);
    }
    hl_picks_free(&k.picks, &k.ladder);
}

Test(picks, a_hundred_windows) {
    struct kept *k = start();
    double value;
    for (unsigned i = 0; i < 100; i++)
        lay(k, 300 + i, 300 + i);
    for (unsigned i = 0; i < 100; i++)
        add(k, ceil(hl_rung_low(300 + i)));
    hl_picks_sort(&k->picks);
    for (unsigned i = 0; i < 100; i++) {
        cr_expect_eq(k->picks.windows[i].count, 1, "window %u", i);
        cr_expect(find(k, 100, i + 1, &value) && value == ceil(hl_rung_low(300 + i)));
    }
    end(k);
}

static void expect_excess(const struct kept *k, const double values[N], double q) {
    struct hl_excess got = hl_picks_excess(&k->picks, &k->ladder, q);
    long double sum = 0, square = 0, scale = 0;
    uint64_t count = 0;
    for (size_t i = 0; i < N; i++) {
        long double over = values[i] > q ? (long double)values[i] - q : 0;
        count += values[i] > q;
        sum += over;
        square += over * over;
        scale += values[i] > q ? (long double)values[i] * values[i] : 0;
    }
    cr_expect_eq(got.count, count, "above %g: %zu, not %zu", q, (size_t)got.count, (size_t)count);
    cr_expect(fabs(got.sum - (double)sum) <= 1e-12 * (double)sum, "above %g: %g, not %Lg", q, got.sum, sum);
    cr_expect(fabs(got.square - (double)square) <= 0x1p-29 * (double)scale, "above %g", q);
}

/* Sums over the values above q, at every value that occurs and at 0. */
Test(picks, excess_over_a_value_in_a_window) {
    for (enum kind kind = 0; kind < KINDS; kind++) {
        double values[N];
        struct kept *k = start();
        list(kind, values);
        lay(k, 0, HL_RUNGS - 1);
        add_all(k, kind, false);
        for (size_t i = 0; i < N; i += 37)
            expect_excess(k, values, values[i]);
        end(k);
    }
}

/* At amounts between the values, at a value, and at the ends of rungs; several to a rung. */
Test(picks, excess_over_a_split) {
    const double at[KINDS][6] = {
        {1, 2, 1000, 0x1p30, 0x1p52, 7e15}, {1e6, 1100000, 1100001, 1179648, 1200000, 2e6}, {1, 2, 3, 5e9, 5.1e9, 6e9}};
    for (enum kind kind = 0; kind < KINDS; kind++) {
        double values[N];
        struct kept *k = start();
        list(kind, values);
        for (size_t i = 0; i < COUNT_OF(at[kind]); i++)
            cr_assert(hl_picks_lay_split(&k->picks, &k->ladder, at[kind][i]));
        add_all(k, kind, false);
        for (size_t i = 0; i < COUNT_OF(at[kind]); i++)
            expect_excess(k, values, at[kind][i]);
        expect_excess(k, values, 0);
        end(k);
    }
}

static void expect_same(const struct kept *a, const struct kept *b) {
    cr_assert(a->picks.window_count == b->picks.window_count && a->picks.split_count == b->picks.split_count);
    for (size_t i = 0; i < a->picks.window_count; i++) {
        const struct hl_window *x = &a->picks.windows[i], *y = &b->picks.windows[i];
        cr_assert(x->low == y->low && x->high == y->high && x->count == y->count);
        cr_assert(x->count == 0 || memcmp(x->items, y->items, x->count * sizeof *x->items) == 0);
        cr_assert_eq(memcmp(&x->above, &y->above, sizeof x->above), 0);
    }
    for (size_t i = 0; i < a->picks.split_count; i++)
        cr_assert_eq(memcmp(&a->picks.splits[i], &b->picks.splits[i], sizeof a->picks.splits[i]), 0);
}

static void lay_some(struct kept *k) {
    lay(k, 0, 100);
    lay(k, 158, 163);
    lay(k, 160, 420);
    cr_assert(hl_picks_lay_split(&k->picks, &k->ladder, 1.1e6) && hl_picks_lay_split(&k->picks, &k->ladder, 1e10));
}

Test(picks, the_same_in_any_order) {
    for (enum kind kind = 0; kind < KINDS; kind++) {
        struct kept *forwards = start(), *backwards = start(), *parts[2] = {start(), start()}, *merged = start();
        lay_some(forwards);
        cr_assert(hl_picks_lay_alike(&backwards->picks, &backwards->ladder, &forwards->picks));
        add_all(forwards, kind, false);
        add_all(backwards, kind, true);
        expect_same(forwards, backwards);
        lay_some(merged);
        for (size_t k = 0; k < 2; k++)
            lay_some(parts[k]);
        for (uint32_t i = 0; i < N; i++)
            if (value_of(kind, i) > 0)
                add(parts[i % 2], value_of(kind, i));
        hl_picks_merge(&merged->picks, &merged->ladder, &parts[1]->picks);
        hl_picks_merge(&merged->picks, &merged->ladder, &parts[0]->picks);
        hl_picks_merge(&merged->picks, &merged->ladder, &(struct hl_picks){0});
        hl_picks_sort(&merged->picks);
        expect_same(forwards, merged);
        cr_expect(!merged->picks.failed);
        hl_picks_clear(&merged->picks);
        expect_same(merged, (lay_some(parts[0] = (end(parts[0]), start())), parts[0]));
        end(forwards);
        end(backwards);
        end(parts[0]);
        end(parts[1]);
        end(merged);
    }
}

/* Two million losses of one of three sizes take no more memory than a thousand do. */
Test(picks, an_atom_costs_nothing) {
    struct kept *k = start();
    lay(k, 0, HL_RUNGS - 1);
    const struct hl_window *w = k->picks.windows;
    for (uint32_t i = 0; i < 2000000; i++)
        add(k, (const double[]){48200000000, 5000000000, 1}[i % 3]);
    cr_expect(w->capacity <= 1024, "%zu", w->capacity);
    hl_picks_sort(&k->picks);
    cr_assert_eq(w->count, 3);
    cr_expect(w->items[0].value == 1 && w->items[0].count == 666666);
    cr_expect(w->items[2].value == 48200000000 && w->items[2].count == 666667);
    end(k);
    k = start();
    lay(k, 0, HL_RUNGS - 1);
    for (int i = 0; i < 10; i++)
        add(k, 5000000000);
    cr_expect(k->picks.windows[0].count == 1 && k->picks.windows[0].items[0].count == 10,
              "a run of equal values is one item at once");
    end(k);
}

/* 1 to 100 in one window over all rungs; the values that have 20 to 30 others above them are 70 to 80. What is
 * forgotten is still in the counts, and more values find the narrower window. */
Test(picks, a_window_is_tightened) {
    struct kept *k = start();
    double value;
    cr_assert(hl_picks_lay_window(&k->picks, &k->ladder, 0, HL_RUNGS - 1, 0.75, false));
    for (int x = 1; x <= 100; x++)
        add(k, x);
    hl_picks_tighten(&k->picks, &k->ladder, 0, 20, 30);
    const struct hl_window *w = k->picks.windows;
    cr_expect(w->low == 70 && w->high == 80 && w->count == 11, "%g to %g", w->low, w->high);
    cr_expect_eq(w->above.count, 7, "81 to 87, in the rung of 80");
    for (int x = 1; x <= 100; x++)
        add(k, x);
    hl_picks_sort(&k->picks);
    for (uint64_t rank = 1; rank <= 200; rank++) {
        bool inside = rank >= 139 && rank <= 160;
        cr_expect_eq(find(k, 200, rank, &value), inside, "rank %zu", (size_t)rank);
        cr_expect(!inside || value == (double)((rank + 1) / 2));
    }
    hl_picks_tighten(&k->picks, &k->ladder, 0, -5, 59);
    cr_expect(w->low == 71 && w->high == 80, "%g to %g: it never grows", w->low, w->high);
    hl_picks_tighten(&k->picks, &k->ladder, 0, 0, 10);
    cr_expect(w->low == 71 && w->high == 80, "%g to %g: all that is wanted lies above", w->low, w->high);
    struct hl_excess over = hl_picks_excess(&k->picks, &k->ladder, 75);
    cr_expect(over.count == 50 && over.sum == 2 * 25 * 26 / 2, "%zu, %g", (size_t)over.count, over.sum);
    end(k);
}

/* 1 to 100 in two windows, of which the first is to follow one of 70 to 80, the second one that it lies within. */
Test(picks, windows_follow_others) {
    struct kept *k = start(), *other = start();
    for (size_t i = 0; i < 2; i++) {
        cr_assert(hl_picks_lay_window(&k->picks, &k->ladder, 0, HL_RUNGS - 1, 0.75, i == 1));
        cr_assert(hl_picks_lay_window(&other->picks, &other->ladder, 0, HL_RUNGS - 1, 0.75, i == 1));
    }
    for (int x = 1; x <= 100; x++) {
        add(k, x);
        add(other, x);
    }
    hl_picks_tighten(&other->picks, &other->ladder, 0, 20, 30);
    hl_picks_tighten(&k->picks, &k->ladder, 1, 20, 30);
    hl_picks_follow(&k->picks, &k->ladder, &other->picks);
    for (size_t i = 0; i < 2; i++) {
        const struct hl_window *w = &k->picks.windows[i];
        cr_expect(w->low == 70 && w->high == 80 && w->count == 11 && w->above.count == 7, "%g to %g", w->low, w->high);
    }
    cr_expect(k->ladder.rungs[hl_rung_of(64)].marks != 0 && k->ladder.rungs[hl_rung_of(63)].marks == 0);
    end(k);
    end(other);
}

/* Two that were tightened apart hold together what both hold; nothing is counted twice or lost. */
Test(picks, merging_windows_of_different_width) {
    const struct {
        double least[2], most[2], low, high;
    } rows[] = {
        {{20, 40}, {60, 70}, 40, 60}, /* 40 to 80 and 30 to 60 */
        {{20, 20}, {60, 60}, 40, 80},
        {{10, 20}, {40, 30}, 70, 80}, /* one within the other */
        {{5, 60}, {20, 80}, 2, 1},    /* nothing in common */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct kept *part[2], *merged = start();
        double value;
        cr_assert(hl_picks_lay_window(&merged->picks, &merged->ladder, 0, HL_RUNGS - 1, 0.5, true));
        for (size_t m = 0; m < 2; m++) {
            part[m] = start();
            cr_assert(hl_picks_lay_window(&part[m]->picks, &part[m]->ladder, 0, HL_RUNGS - 1, 0.5, true));
            for (int x = 1; x <= 100; x++)
                add(part[m], x);
            hl_picks_tighten(&part[m]->picks, &part[m]->ladder, 0, rows[i].least[m], rows[i].most[m]);
            hl_ladder_merge(&merged->ladder, &part[m]->ladder);
            hl_picks_merge(&merged->picks, &merged->ladder, &part[m]->picks);
            cr_expect_eq(part[m]->picks.windows[0].capacity, 0, "the values went over");
        }
        hl_picks_sort(&merged->picks);
        const struct hl_window *w = merged->picks.windows;
        cr_expect(w->low == rows[i].low && w->high == rows[i].high, "row %zu: %g to %g", i, w->low, w->high);
        for (uint64_t rank = 1; rank <= 200; rank++) {
            double x = (double)((rank + 1) / 2);
            bool inside = x >= w->low && x <= w->high;
            cr_expect_eq(find(merged, 200, rank, &value), inside);
            cr_expect(!inside || value == x, "row %zu, rank %zu: %g", i, (size_t)rank, value);
        }
        end(part[0]);
        end(part[1]);
        end(merged);
    }
}
