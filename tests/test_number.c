#include "base/number.h"

#include "base/draw.h"
#include "tests/many.h"

#include <criterion/criterion.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

Test(number, shortest_and_full) {
    const struct {
        double value;
        const char *shortest;
        const char *full;
    } rows[] = {
        {0, "0", "0"},
        {-0.0, "-0", "-0"},
        {1, "1", "1"},
        {0.1, "0.1", "0.10000000000000001"},
        {-2.5, "-2.5", "-2.5"},
        {100, "100", "100"},
        {48.2e9, "48200000000", "48200000000"},
        {1.0 / 3, "0.3333333333333333", "0.33333333333333331"},
        {0.1 + 0.2, "0.30000000000000004", "0.30000000000000004"},
        {0.0001, "0.0001", "0.0001"},
        {0.00001, "1e-05", "1.0000000000000001e-05"},
        {1e15, "1e+15", "1000000000000000"}, /* %.15g has no digit for the last zero */
        {1234567890123456, "1234567890123456", "1234567890123456"},
        {99999999999999984, "9.999999999999998e+16", "99999999999999984"},
        {1e17, "1e+17", "1e+17"},
        {1e22, "1e+22", "1e+22"},
        {5e-324, "5e-324", "4.9406564584124654e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308", "1.7976931348623157e+308"},
        {NAN, "nan", "nan"},
        {-NAN, "nan", "nan"},
        {INFINITY, "inf", "inf"},
        {-INFINITY, "-inf", "-inf"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[HL_NUMBER_SIZE];
        hl_number_text(text, sizeof text, rows[i].value);
        cr_expect_str_eq(text, rows[i].shortest);
        cr_expect(isnan(rows[i].value) || strtod(text, NULL) == rows[i].value);
        hl_number_text_full(text, sizeof text, rows[i].value);
        cr_expect_str_eq(text, rows[i].full);
    }
    char cut[3];
    hl_number_text(cut, sizeof cut, 1.0 / 3);
    cr_expect_str_eq(cut, "0.");
}

/* What printf and strtod say. */
static void expect_as_printed(double value) {
    char want[64], text[HL_NUMBER_SIZE];
    int digits = fabs(value) < DBL_MIN ? 1 : DBL_DIG;
    do
        snprintf(want, sizeof want, "%.*g", digits, value);
    while (strtod(want, NULL) != value && ++digits <= DBL_DECIMAL_DIG);
    hl_number_text(text, sizeof text, value);
    cr_assert_str_eq(text, want);
    snprintf(want, sizeof want, "%.17g", value);
    hl_number_text_full(text, sizeof text, value);
    cr_assert_str_eq(text, want);
}

/* Around powers of ten digits round up to the next power, around powers of two the steps between doubles change. */
Test(number, around_powers_of_ten_and_two) {
    for (int exponent = -40; exponent <= 60; exponent++) {
        char text[16];
        snprintf(text, sizeof text, "1e%d", exponent - 20);
        double values[] = {strtod(text, NULL), ldexp(1, exponent)};
        for (size_t i = 0; i < COUNT_OF(values); i++) {
            double up = values[i], down = values[i];
            for (int k = 0; k < 20; k++) {
                expect_as_printed(up);
                expect_as_printed(-down);
                up = nextafter(up, INFINITY);
                down = nextafter(down, 0);
            }
        }
    }
}

Test(number, at_random) {
    for (uint32_t i = 0; i < HL_MANY(100000); i++) {
        struct hl_address a = {.stream = 1, .purpose = 1, .index = i};
        double u = hl_u01(5, a);
        a.purpose = 2;
        double v = hl_u01(5, a);
        expect_as_printed(u * exp2(150 * (v - 0.5)));   /* all digits, small and large */
        expect_as_printed(floor(u * exp2(60 * v)));     /* whole numbers, to beyond 2^53 */
        expect_as_printed(floor(u * 1e6) / 1e3);        /* few digits */
        expect_as_printed(floor(u * 0x1p53) * 0.5);     /* halves: what is rounded to even */
        expect_as_printed((floor(u * 0x1p53) + 1) / 8); /* and eighths */
    }
}

Test(number, comma_locale) {
    /* A locale with a decimal comma changes nothing, where the machine has one; the second number is the C library's.
     */
    locale_t comma = newlocale(LC_ALL_MASK, "de_DE.UTF-8", (locale_t)0);
    if (!comma)
        cr_skip_test("no locale with a decimal comma is installed");
    uselocale(comma);
    char text[HL_NUMBER_SIZE];
    hl_number_text(text, sizeof text, 1.5);
    cr_expect_str_eq(text, "1.5");
    hl_number_text(text, sizeof text, 1.5e30);
    cr_expect_str_eq(text, "1.5e+30");
    uselocale(LC_GLOBAL_LOCALE);
    freelocale(comma);
}
