#include "base/arena.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

Test(arena, zeroed_and_aligned) {
    struct hl_arena arena = {0};
    for (size_t bytes = 0; bytes < 40000; bytes = bytes < 300 ? bytes + 1 : bytes * 3) {
        unsigned char *place = hl_arena_array(&arena, bytes, 1);
        cr_assert_not_null(place);
        cr_expect_eq((uintptr_t)place % (bytes >= 64 ? 64 : 16), 0, "%zu bytes", bytes);
        for (size_t i = 0; i < bytes; i++)
            cr_assert_eq(place[i], 0);
        memset(place, 0xff, bytes); /* a later one is still zeroed */
    }
    hl_arena_free(&arena);
    cr_expect_null(arena.chunks);
}

Test(arena, no_two_overlap) {
    enum { COUNT = 3000 };
    struct hl_arena arena = {0};
    static uint32_t *places[COUNT];
    static size_t counts[COUNT];
    for (uint32_t i = 0; i < COUNT; i++) { /* sizes from 4 bytes to 80 kB: small, large and of a chunk's own */
        counts[i] = i % 100 == 7 ? 20000 : i % 10 == 3 ? 5000 : 1 + i % 50;
        places[i] = hl_arena_array(&arena, counts[i], sizeof **places);
        cr_assert_not_null(places[i]);
        for (size_t j = 0; j < counts[i]; j++)
            places[i][j] = i;
    }
    for (uint32_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < counts[i]; j++)
            cr_assert_eq(places[i][j], i);
    hl_arena_free(&arena);
}

Test(arena, refuses_what_cannot_be) {
    struct hl_arena arena = {0};
    cr_expect_null(hl_arena_array(&arena, SIZE_MAX, 2), "the product overflows");
    cr_expect_null(hl_arena_array(&arena, SIZE_MAX / 2 + 2, 2), "the product wraps to a small number");
    cr_expect_null(hl_arena_array(&arena, SIZE_MAX, 1));
    cr_expect_null(hl_arena_array(&arena, PTRDIFF_MAX, 1));
    cr_expect_not_null(hl_arena_array(&arena, 0, 8));
    cr_expect_null(hl_arena_array(&arena, SIZE_MAX, 2), "with a chunk there");
    cr_expect_null(hl_arena_array(&arena, SIZE_MAX - 100, 1));
    hl_arena_free(&arena);
}

Test(arena, texts) {
    struct hl_arena arena = {0};
    char original[] = "hot";
    char *copy = hl_arena_text(&arena, original);
    char *empty = hl_arena_text(&arena, "");
    original[0] = 'n';
    cr_expect_str_eq(copy, "hot");
    cr_expect_str_eq(empty, "");
    cr_expect_str_eq(hl_arena_format(&arena, "%s/%d", copy, 3), "hot/3");
    char *wide = hl_arena_format(&arena, "%*d", 100000, 7); /* more than a chunk */
    cr_assert_not_null(wide);
    cr_expect_eq(strlen(wide), 100000);
    cr_expect_eq(wide[99999], '7');
    hl_arena_free(&arena);
}

Test(arena, free_of_an_empty_one) {
    struct hl_arena arena = {0};
    hl_arena_free(&arena);
    hl_arena_free(&arena);
    cr_expect_null(arena.chunks);
}
