/* The merge tree: the same bits in any order of adding, and the right moments. */
#include "base/draw.h"
#include "stats/tree.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { WIDTH = 3, BLOCKS_MOST = 70 };

/* Ill-conditioned on purpose: a large mean and a small spread. */
static double value_of(uint64_t block, size_t i) {
    double u = hl_u01(5, (struct hl_address){.stream = i, .block = (uint32_t)block, .purpose = 1});
    return i == 0 ? u : i == 1 ? 1e9 + u : -log(u) * 1e-3;
}

static void add(struct hl_tree *t, uint64_t block) {
    double values[WIDTH];
    struct hl_error err = {0};
    for (size_t i = 0; i < WIDTH; i++)
        values[i] = value_of(block, i);
    cr_assert(hl_tree_add(t, block, values, &err) == HL_OK);
}

/* A shuffle of 0 … count - 1. */
static void shuffle(uint64_t *order, size_t count, uint32_t seed) {
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    for (size_t i = count; i-- > 1;) {
        size_t j = (size_t)(hl_u01(seed, (struct hl_address){.index = (uint32_t)i, .purpose = 2}) * (double)(i + 1));
        uint64_t moved = order[i];
        order[i] = order[j];
        order[j] = moved;
    }
}

Test(tree, any_order_gives_the_same_bits) {
    for (size_t count = 1; count <= BLOCKS_MOST; count++) {
        struct hl_tree straight = {.width = WIDTH};
        struct hl_moments want[WIDTH];
        for (uint64_t b = 0; b < count; b++)
            add(&straight, b);
        hl_tree_total(&straight, want);
        for (uint32_t seed = 0; seed < 6; seed++) {
            struct hl_tree t = {.width = WIDTH};
            struct hl_moments got[WIDTH];
            uint64_t order[BLOCKS_MOST];
            shuffle(order, count, seed);
            for (size_t i = 0; i < count; i++)
                add(&t, order[i]);
            hl_tree_total(&t, got);
            cr_assert_eq(memcmp(got, want, sizeof want), 0, "%zu blocks, shuffle %u", count, seed);
            hl_tree_free(&t);
        }
        hl_tree_free(&straight);
    }
}

Test(tree, moments_against_two_passes) {
    for (size_t count = 1; count <= BLOCKS_MOST; count += 7) {
        struct hl_tree t = {.width = WIDTH};
        struct hl_moments got[WIDTH];
        for (uint64_t b = 0; b < count; b++)
            add(&t, b);
        hl_tree_total(&t, got);
        for (size_t i = 0; i < WIDTH; i++) {
            long double mean = 0, m2 = 0;
            for (uint64_t b = 0; b < count; b++)
                mean += (long double)value_of(b, i) / count;
            for (uint64_t b = 0; b < count; b++)
                m2 += ((long double)value_of(b, i) - mean) * ((long double)value_of(b, i) - mean);
            cr_expect(got[i].n == (double)count);
            cr_expect(fabs(got[i].mean - (double)mean) <= 1e-15 * fabs((double)mean) * 4, "%zu blocks, %zu", count, i);
            double allowed = 1e-12 * (double)m2 + 1e-7 * (i == 1); /* at 1e9 a double steps by 1.2e-7 */
            cr_expect(fabs(got[i].m2 - (double)m2) <= allowed * (double)count, "%zu blocks, %zu: %g", count, i,
                      got[i].m2 - (double)m2);
        }
        hl_tree_free(&t);
    }
}

/* 1, 2, 3, 6: mean 3, squared deviations 4 + 1 + 0 + 9. */
Test(tree, merging_in_the_head) {
    struct hl_moments a = {2, 1.5, 0.5}, b = {2, 4.5, 4.5}, none = {0};
    hl_moments_merge(&a, &b);
    cr_expect(a.n == 4 && a.mean == 3 && a.m2 == 14);
    hl_moments_merge(&a, &none);
    cr_expect(a.n == 4 && a.mean == 3 && a.m2 == 14);
    hl_moments_merge(&none, &a);
    cr_expect(none.n == 4 && none.mean == 3 && none.m2 == 14);
    struct hl_moments empty = {0}, other = {0};
    hl_moments_merge(&empty, &other);
    cr_expect(empty.n == 0 && empty.mean == 0 && empty.m2 == 0);
}

/* Complete pairs are merged at once, so a tree stays as small as the number of its open branches. */
Test(tree, nodes_merge_as_soon_as_they_can) {
    struct hl_tree t = {.width = WIDTH};
    for (uint64_t b = 0; b < 64; b++)
        add(&t, b);
    cr_expect_eq(t.count, 1);
    cr_expect(t.nodes[0].level == 6 && t.nodes[0].index == 0);
    add(&t, 64);
    add(&t, 66);
    cr_expect_eq(t.count, 3, "the siblings 65 and 67 are not there yet");
    add(&t, 67);
    cr_expect_eq(t.count, 3);
    add(&t, 65);
    cr_expect_eq(t.count, 2);
    hl_tree_free(&t);
    cr_expect(t.count == 0 && t.nodes == NULL && t.width == WIDTH);
}

/* A part of the blocks: what was added counts, with or without the blocks between. */
Test(tree, partial_trees) {
    struct hl_tree t = {.width = 1};
    struct hl_error err = {0};
    struct hl_moments got;
    hl_tree_total(&t, &got);
    cr_expect(got.n == 0 && got.mean == 0 && got.m2 == 0, "nothing");
    const uint64_t blocks[] = {5, 9, 4, 1000000};
    const double values[] = {1, 2, 3, 6};
    for (size_t i = 0; i < 4; i++)
        cr_assert(hl_tree_add(&t, blocks[i], &values[i], &err) == HL_OK);
    hl_tree_total(&t, &got);
    cr_expect(got.n == 4 && got.mean == 3 && got.m2 == 14, "%g blocks, mean %g", got.n, got.mean);
    hl_tree_free(&t);
}
