#include "base/nearest.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *const KEYS[] = {"title", "trials", "tables", "horizon", "seed", "own_capital", "parent", "reserve"};

Test(nearest, words) {
    const struct {
        const char *word, *want;
    } rows[] = {
        {"trials", "trials"},
        {"trails", "trials"}, /* a swap is one step: "tables" is three away */
        {"trial", "trials"},
        {"tabels", "tables"},
        {"horizont", "horizon"},
        {"hroizno", "horizon"}, /* two swaps */
        {"sed", "seed"},
        {"sede", "seed"},
        {"ese", "seed"},
        {"own-capital", "own_capital"},
        {"owncapitol", "own_capital"},
        {"on_kapittal", "own_capital"}, /* delete, replace, insert: 3 of 3 + 1 */
        {"insurance", NULL},
        {"capital", NULL},
        {"", NULL},
        {"s", NULL},
        {"Seed", "seed"},
        {"exe", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *found = hl_nearest(rows[i].word, KEYS, COUNT_OF(KEYS));
        cr_expect(rows[i].want ? found && strcmp(found, rows[i].want) == 0 : !found, "\"%s\": %s", rows[i].word,
                  found ? found : "none");
    }
}

Test(nearest, the_bound_is_a_third_and_one) {
    const char *const known[] = {"abcdef"};
    cr_expect_not_null(hl_nearest("abcxyz", known, 1), "6 bytes: 3 steps are allowed");
    cr_expect_null(hl_nearest("abwxyz", known, 1), "4 are not");
    cr_expect_not_null(hl_nearest("abcde", known, 1));
    cr_expect_not_null(hl_nearest("abcxe", known, 1), "5 bytes: 2 steps are allowed");
    cr_expect_null(hl_nearest("abyxe", known, 1), "3 are not");
}

Test(nearest, something_in_common) {
    const char *const known[] = {"b", "bc"};
    cr_expect_null(hl_nearest("a", known, 2));
    cr_expect_str_eq(hl_nearest("c", known, 2), "bc");
}

Test(nearest, first_of_equals) {
    const char *const known[] = {"beta1", "beta2", "beta"};
    cr_expect_str_eq(hl_nearest("beta3", known, 3), "beta1");
    cr_expect_str_eq(hl_nearest("beta", known, 3), "beta");
    cr_expect_null(hl_nearest("beta", known, 0));
}

Test(nearest, long_words) {
    char word[65];
    memset(word, 'a', 64);
    word[64] = '\0';
    const char *const known[] = {word};
    cr_expect_null(hl_nearest(word, known, 1));
    cr_expect_null(hl_nearest("aaa", known, 1));
    word[63] = '\0';
    cr_expect_eq(hl_nearest(word, known, 1), known[0]);
}
