#include "scenario/keys.h"

#include <criterion/criterion.h>
#include <math.h>

static const char *color(size_t place) {
    static const char *const names[] = {"red", "green"};
    return place < 2 ? names[place] : NULL;
}
static const char *only(size_t place) { return place == 0 ? "1" : NULL; }

Test(key_words, say_what_is_allowed) {
    static const struct {
        struct hl_key key;
        const char *want;
    } rows[] = {
        {{.kind = HL_KEY_NUMBER, .unit = HL_UNIT_FRACTION, .maximum = 1}, "a fraction such as 0.05 or 5 %, in [0, 1]"},
        {{.kind = HL_KEY_NUMBER, .unit = HL_UNIT_FRACTION, .minimum_open = true, .maximum = 1, .maximum_open = true},
         "a fraction such as 0.05 or 5 %, in (0, 1)"},
        {{.kind = HL_KEY_NUMBER, .unit = HL_UNIT_NUMBER, .minimum_open = true, .maximum = INFINITY},
         "a number such as 0.8, above 0"},
        {{.kind = HL_KEY_NUMBER, .unit = HL_UNIT_MONEY, .maximum = INFINITY, .word = "unlimited"},
         "an amount of money such as 48.2 bn, at least 0, or unlimited"},
        {{.kind = HL_KEY_NUMBER, .unit = HL_UNIT_DAYS, .minimum = 1, .maximum = 365, .whole = true},
         "a duration such as 30 d, 2 w, 6 mo or 1 y, in [1, 365] days, whole"},
        {{.kind = HL_KEY_NUMBERS, .unit = HL_UNIT_NUMBER, .minimum = -1, .maximum = 0.5, .distinct = true},
         "a list, each a number such as 0.8, in [-1, 0.5], none twice"},
        {{.kind = HL_KEY_TEXT}, "text"},
        {{.kind = HL_KEY_TEXT, .shape = "the name of a file"}, "the name of a file"},
        {{.kind = HL_KEY_ID}, "an id: 1 to 63 letters, digits, - _ ."},
        {{.kind = HL_KEY_CURRENCY}, "a currency code of ISO 4217 such as JPY"},
        {{.kind = HL_KEY_COUNTRY}, "a country code of ISO 3166 such as JP"},
        {{.kind = HL_KEY_DATE}, "a day such as 2024-05-30"},
        {{.kind = HL_KEY_WORD, .choice = color}, "one of red, green"},
        {{.kind = HL_KEY_CHOICE, .choice = only}, "1"},
        {{.kind = HL_KEY_CHOICES, .choice = color}, "a list, each one of red, green"},
        {{.kind = HL_KEY_CHOICES, .choice = color, .word = "all"}, "a list, each one of red, green; or all"},
        {{.kind = HL_KEY_REFERENCE, .catalog = HL_CATALOG_VENDORS, .word = "self"},
         "an id of the table of vendors, or self"},
        {{.kind = HL_KEY_REFERENCES, .catalog = HL_CATALOG_ASSETS},
         "an id or a list of ids of the table of assets, or all"},
        {{.kind = HL_KEY_NODE, .shape = "a map"}, "a map"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char words[HL_MESSAGE_BYTES];
        hl_key_allowed(words, sizeof words, &rows[i].key);
        cr_expect_str_eq(words, rows[i].want, "row %zu: %s", i, words);
    }
}

Test(key_words, an_unknown_name_gets_the_nearest_or_all) {
    static const struct hl_key keys[] = {{.name = "median"}, {.name = "sigma"}};
    static const struct hl_section section = {.keys = keys, .count = 2};
    struct hl_arena memory = {0};
    struct hl_error err = {0};
    struct hl_reader r = {.arena = &memory, .scratch = &memory, .err = &err};
    struct hl_place at = {"s.yaml", 1, 1, "x"};
    cr_expect_eq(hl_key_unknown(&r, &at, "sigam", &section), &keys[1]);
    cr_expect_null(hl_key_unknown(&r, &at, "q", &section));
    cr_assert_eq(err.count, 2);
    cr_expect_str_eq(err.faults[0].message, "unknown; did you mean sigma?");
    cr_expect_str_eq(err.faults[1].message, "unknown; known here: median, sigma");
    hl_error_free(&err);
    hl_arena_free(&memory);
}
