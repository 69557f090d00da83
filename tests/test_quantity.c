/* The exact grammar of numbers in scenarios and tables: every accepted spelling and every refusal is a row. */
#include "base/quantity.h"

#include <criterion/criterion.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct hl_currency_rate RATES[] = {{"USD", 157.2}, {"EUR", 0.5}};
static const struct hl_currencies YEN = {"JPY", RATES, COUNT_OF(RATES)};

struct accepted {
    const char *text;
    enum hl_unit unit;
    double want;
};

static void check_accepted(const struct accepted *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        double value = -12345;
        const char *fault = hl_quantity_parse(rows[i].text, rows[i].unit, &YEN, &value);
        cr_expect_null(fault, "\"%s\": %s", rows[i].text, fault);
        cr_expect(value == rows[i].want, "\"%s\": %.17g instead of %.17g", rows[i].text, value, rows[i].want);
        cr_expect(!signbit(value) || value < 0, "\"%s\": minus 0", rows[i].text);
    }
}

Test(quantity, numbers) {
    const struct accepted rows[] = {
        {"0", HL_UNIT_NUMBER, 0},
        {"-0", HL_UNIT_NUMBER, 0},
        {"0.0e5", HL_UNIT_NUMBER, 0},
        {"0e99999999999", HL_UNIT_NUMBER, 0},
        {"1", HL_UNIT_NUMBER, 1},
        {"+1", HL_UNIT_NUMBER, 1},
        {"-1.5", HL_UNIT_NUMBER, -1.5},
        {".5", HL_UNIT_NUMBER, 0.5},
        {"007", HL_UNIT_NUMBER, 7},
        {"0.1", HL_UNIT_NUMBER, 0.1},
        {"1_000", HL_UNIT_NUMBER, 1000},
        {"1_0.0_1", HL_UNIT_NUMBER, 10.01},
        {"1e3", HL_UNIT_NUMBER, 1000},
        {"1E+3", HL_UNIT_NUMBER, 1000},
        {"25e-1", HL_UNIT_NUMBER, 2.5},
        {" \t1.5 \t", HL_UNIT_NUMBER, 1.5},
        {"1.7976931348623157e308", HL_UNIT_NUMBER, 1.7976931348623157e308},
        {"5e-324", HL_UNIT_NUMBER, 5e-324},
        {"0.000_000_000_000_000_000_001e21", HL_UNIT_NUMBER, 1},
        {"9007199254740993", HL_UNIT_NUMBER, 9007199254740992.0}, /* halfway: to even */
        {"9007199254740993.0000000000000000001", HL_UNIT_NUMBER, 9007199254740994.0},
    };
    check_accepted(rows, COUNT_OF(rows));
}

Test(quantity, fractions) {
    const struct accepted rows[] = {
        {"0.05", HL_UNIT_FRACTION, 0.05},    {"5 %", HL_UNIT_FRACTION, 0.05},    {"5%", HL_UNIT_FRACTION, 0.05},
        {"20 bp", HL_UNIT_FRACTION, 0.002},  {"500bp", HL_UNIT_FRACTION, 0.05},  {"100 %", HL_UNIT_FRACTION, 1},
        {"99.9 %", HL_UNIT_FRACTION, 0.999}, {"0.7 %", HL_UNIT_FRACTION, 0.007}, /* 0.7 / 100 is another double */
        {"1e1 %", HL_UNIT_FRACTION, 0.1},    {"-5 %", HL_UNIT_FRACTION, -0.05},  /* ranges are the key tables' */
    };
    check_accepted(rows, COUNT_OF(rows));
}

Test(quantity, rates) {
    const struct accepted rows[] = {
        {"1.2 % / y", HL_UNIT_RATE, 0.012},
        {"1.2%/y", HL_UNIT_RATE, 0.012},
        {"0.012 / y", HL_UNIT_RATE, 0.012},
        {"2 / y", HL_UNIT_RATE, 2},
        {"2 per year", HL_UNIT_RATE, 2},
        {"2 a year", HL_UNIT_RATE, 2},
        {"20 bp / y", HL_UNIT_RATE, 0.002},
        {"0.41 % per year", HL_UNIT_RATE, 0.0041},
        {"1 in 244 y", HL_UNIT_RATE, 1.0 / 244},
        {"1 in 4 years", HL_UNIT_RATE, 0.25},
        {"3 in 1_000 years", HL_UNIT_RATE, 0.003},
        {"1 in 0.5 y", HL_UNIT_RATE, 2},
        {"0", HL_UNIT_RATE, 0},
        {"0 in 10 y", HL_UNIT_RATE, 0},
        {"0 % / y", HL_UNIT_RATE, 0},
    };
    check_accepted(rows, COUNT_OF(rows));
}

Test(quantity, money) {
    const struct accepted rows[] = {
        {"48.2 bn", HL_UNIT_MONEY, 48200000000.0},
        {"48.2bn", HL_UNIT_MONEY, 48200000000.0},
        {"7", HL_UNIT_MONEY, 7},
        {"1_000_000", HL_UNIT_MONEY, 1e6},
        {"12.5 k", HL_UNIT_MONEY, 12500},
        {"12.5 m", HL_UNIT_MONEY, 12.5e6},
        {"1.5 tn", HL_UNIT_MONEY, 1.5e12},
        {"3 thousand", HL_UNIT_MONEY, 3000},
        {"3 million", HL_UNIT_MONEY, 3e6},
        {"3 billion", HL_UNIT_MONEY, 3e9},
        {"3 trillion", HL_UNIT_MONEY, 3e12},
        {"0", HL_UNIT_MONEY, 0},
        {"8.7 JPY", HL_UNIT_MONEY, 8.7},
        {"8.7 bn JPY", HL_UNIT_MONEY, 8.7e9},
        {"0 USD", HL_UNIT_MONEY, 0},
        {"12.5 m USD", HL_UNIT_MONEY, 12.5e6 * 157.2},
        {"4 EUR", HL_UNIT_MONEY, 2},
        {"-3 bn", HL_UNIT_MONEY, -3e9},
        {"0.29 m", HL_UNIT_MONEY, 290000},
        {"1.1 bn", HL_UNIT_MONEY, 1100000000},
        {"4.35 k", HL_UNIT_MONEY, 4350},
    };
    check_accepted(rows, COUNT_OF(rows));
}

Test(quantity, days) {
    const struct accepted rows[] = {
        {"30 d", HL_UNIT_DAYS, 30},
        {"30d", HL_UNIT_DAYS, 30},
        {"1 day", HL_UNIT_DAYS, 1},
        {"2 days", HL_UNIT_DAYS, 2},
        {"2 w", HL_UNIT_DAYS, 14},
        {"1 week", HL_UNIT_DAYS, 7},
        {"3 weeks", HL_UNIT_DAYS, 21},
        {"6 mo", HL_UNIT_DAYS, 182.625},
        {"1 month", HL_UNIT_DAYS, 30.4375},
        {"12 months", HL_UNIT_DAYS, 365.25},
        {"1 y", HL_UNIT_DAYS, 365},
        {"1 year", HL_UNIT_DAYS, 365},
        {"2 years", HL_UNIT_DAYS, 730},
        {"0.5 d", HL_UNIT_DAYS, 0.5},
        {"36 h", HL_UNIT_DAYS, 1.5},
        {"1 hour", HL_UNIT_DAYS, 1.0 / 24},
        {"72 hours", HL_UNIT_DAYS, 3},
        {"54min", HL_UNIT_DAYS, 0.0375},
        {"1 minute", HL_UNIT_DAYS, 1.0 / 1440},
        {"2880 minutes", HL_UNIT_DAYS, 2},
        {"0", HL_UNIT_DAYS, 0},
        {"0 d", HL_UNIT_DAYS, 0},
    };
    check_accepted(rows, COUNT_OF(rows));
}

Test(quantity, counts) {
    const struct accepted rows[] = {
        {"0", HL_UNIT_COUNT, 0},
        {"1_000_000", HL_UNIT_COUNT, 1e6},
        {"1 m", HL_UNIT_COUNT, 1e6},
        {"10 million", HL_UNIT_COUNT, 1e7},
        {"1.5 k", HL_UNIT_COUNT, 1500},
        {"2.0", HL_UNIT_COUNT, 2},
        {"1e6", HL_UNIT_COUNT, 1e6},
        {"20240530", HL_UNIT_COUNT, 20240530},
        {"9007199254740991", HL_UNIT_COUNT, 9007199254740991.0},
    };
    check_accepted(rows, COUNT_OF(rows));
}

struct refused {
    const char *text;
    enum hl_unit unit;
    const char *want; /* part of the sentence */
};

Test(quantity, refusals) {
    const struct refused rows[] = {
        {"", HL_UNIT_NUMBER, "not a number"},
        {"  ", HL_UNIT_MONEY, "not a number: write an amount of money such as 48.2 bn"},
        {"nan", HL_UNIT_NUMBER, "not a number"},
        {"NaN", HL_UNIT_NUMBER, "not a number"},
        {"inf", HL_UNIT_NUMBER, "not a number"},
        {"-inf", HL_UNIT_NUMBER, "not a number"},
        {".inf", HL_UNIT_NUMBER, "not a number"},
        {"unlimited", HL_UNIT_MONEY, "not a number"},
        {"% 5", HL_UNIT_FRACTION, "not a number: write a fraction such as 0.05 or 5 %"},
        {"\xc2\xa5 5", HL_UNIT_MONEY, "not a number"},
        {"USD 5", HL_UNIT_MONEY, "not a number"},
        {"--1", HL_UNIT_NUMBER, "not a number"},
        {"- 1", HL_UNIT_NUMBER, "not a number"},
        {".", HL_UNIT_NUMBER, "not a number"},
        {"e5", HL_UNIT_NUMBER, "not a number"},
        {"1.", HL_UNIT_NUMBER, "\".\" does not belong here"},
        {"1.2.3", HL_UNIT_NUMBER, "\".3\" does not belong here"},
        {"0x10", HL_UNIT_NUMBER, "\"x10\" does not belong here"},
        {"1e", HL_UNIT_NUMBER, "\"e\" does not belong here"},
        {"5 apples", HL_UNIT_NUMBER, "\"apples\" does not belong here: write a number such as 0.8"},
        {"5 and much more than anybody would write", HL_UNIT_NUMBER, "more than a number and its unit"},
        {"1,000,000", HL_UNIT_COUNT, "write 1_000_000 or 1 m"},
        {"1,000", HL_UNIT_MONEY, "write 1_000_000 or 1 m"},
        {"1,5 %", HL_UNIT_FRACTION, "a point before decimals"},
        {"1 000 000", HL_UNIT_MONEY, "no blanks within a number"},
        {"1\n2", HL_UNIT_NUMBER, "does not belong here"},
        {"_1", HL_UNIT_COUNT, "underscore"},
        {"1_", HL_UNIT_COUNT, "underscore"},
        {"1__0", HL_UNIT_COUNT, "underscore"},
        {"1_.5", HL_UNIT_NUMBER, "underscore"},
        {"1e400", HL_UNIT_NUMBER, "too large"},
        {"-1e400", HL_UNIT_NUMBER, "too large"},
        {"1e99999999999999999999", HL_UNIT_NUMBER, "too large"},
        {"1e300 tn", HL_UNIT_MONEY, "too large"},
        {"1e308 USD", HL_UNIT_MONEY, "too large"},
        {"1e308 y", HL_UNIT_DAYS, "too large"},
        {"1e-323 min", HL_UNIT_DAYS, "too close to 0"},
        {"1e300 in 1e-300 y", HL_UNIT_RATE, "too large"},
        {"1e-400", HL_UNIT_NUMBER, "too close to 0"},
        {"1e-323 %", HL_UNIT_FRACTION, "too close to 0"},
        {"1e-300 in 1e300 y", HL_UNIT_RATE, "too close to 0"},
        {"5 %", HL_UNIT_NUMBER, "\"%\" does not belong here"},
        {"5 bn", HL_UNIT_NUMBER, "\"bn\" does not belong here"},
        {"5 d", HL_UNIT_FRACTION, "\"d\" does not belong here"},
        {"5 % / y", HL_UNIT_FRACTION, "\"/ y\" does not belong here"},
        {"5 %%", HL_UNIT_FRACTION, "\"%\" does not belong here"},
        {"5 bps", HL_UNIT_FRACTION, "\"bps\" does not belong here"},
        {"0.012", HL_UNIT_RATE, "the unit is missing: write a rate such as 1.2 % / y or 1 in 244 y"},
        {"5 %", HL_UNIT_RATE, "the unit is missing"},
        {"5 % /", HL_UNIT_RATE, "the unit is missing"},
        {"5 % / mo", HL_UNIT_RATE, "\"mo\" does not belong here"},
        {"5 % / year-ish", HL_UNIT_RATE, "\"-ish\" does not belong here"},
        {"1 in 244", HL_UNIT_RATE, "the unit is missing"},
        {"1 in 244 d", HL_UNIT_RATE, "\"d\" does not belong here"},
        {"1 in many y", HL_UNIT_RATE, "not a number"},
        {"1 in 0 y", HL_UNIT_RATE, "must be above 0"},
        {"1 in -2 y", HL_UNIT_RATE, "must be above 0"},
        {"5 M", HL_UNIT_MONEY, "\"M\" does not belong here"},
        {"5 bn%", HL_UNIT_MONEY, "\"%\" does not belong here"},
        {"5 usd", HL_UNIT_MONEY, "\"usd\" does not belong here"},
        {"5 CHF", HL_UNIT_MONEY, "no rate"},
        {"5 USD USD", HL_UNIT_MONEY, "\"USD USD\" does not belong here"},
        {"5 USD bn", HL_UNIT_MONEY, "\"USD bn\" does not belong here"},
        {"30", HL_UNIT_DAYS, "the unit is missing: write a duration such as 30 d"},
        {"30 m", HL_UNIT_DAYS, "\"m\" does not belong here"},
        {"30 mins", HL_UNIT_DAYS, "\"mins\" does not belong here"},
        {"30 s", HL_UNIT_DAYS, "\"s\" does not belong here"},
        {"30 d d", HL_UNIT_DAYS, "\"d\" does not belong here"},
        {"0.5", HL_UNIT_COUNT, "must be a whole number"},
        {"1.0000000000000000000001", HL_UNIT_COUNT, "must be a whole number"},
        {"1.2345 k", HL_UNIT_COUNT, "must be a whole number"},
        {"-1", HL_UNIT_COUNT, "must not be negative"},
        {"9007199254740992", HL_UNIT_COUNT, "below 2^53"},
        {"5 %", HL_UNIT_COUNT, "\"%\" does not belong here"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double value = 42;
        const char *fault = hl_quantity_parse(rows[i].text, rows[i].unit, &YEN, &value);
        cr_expect_not_null(fault, "\"%s\" was read as %g", rows[i].text, value);
        cr_expect(fault && strstr(fault, rows[i].want), "\"%s\": \"%s\" instead of \"%s\"", rows[i].text,
                  fault ? fault : "", rows[i].want);
        cr_expect(value == 42, "\"%s\": the value was touched", rows[i].text);
    }
}

Test(quantity, endless_digits) {
    char text[5000];
    double value = 42;
    memset(text, '9', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    const char *fault = hl_quantity_parse(text, HL_UNIT_NUMBER, NULL, &value);
    cr_assert(fault && strstr(fault, "too many digits"));
    memset(text, '0', sizeof text - 1); /* zeros are as many digits */
    fault = hl_quantity_parse(text, HL_UNIT_NUMBER, NULL, &value);
    cr_assert(fault && strstr(fault, "too many digits"));
    memset(text, '9', 600);
    text[300] = '.';
    text[600] = '\0';
    fault = hl_quantity_parse(text, HL_UNIT_NUMBER, NULL, &value);
    cr_assert(fault && strstr(fault, "too many digits"));
}

Test(quantity, no_currencies) {
    double value = 42;
    cr_assert_null(hl_quantity_parse("5 bn", HL_UNIT_MONEY, NULL, &value));
    cr_assert_float_eq(value, 5e9, 0);
    cr_assert_not_null(hl_quantity_parse("5 bn JPY", HL_UNIT_MONEY, NULL, &value), "no code without currencies");
    const struct hl_currencies none = {"", NULL, 0};
    cr_assert_not_null(hl_quantity_parse("5 bn JPY", HL_UNIT_MONEY, &none, &value));
}

Test(quantity, every_unit_has_words) {
    for (int unit = HL_UNIT_NUMBER; unit <= HL_UNIT_COUNT; unit++) {
        const char *words = hl_unit_words((enum hl_unit)unit);
        cr_assert(strstr(words, " such as "));
        /* The example in the words is itself accepted. */
        char example[64];
        double value = 0;
        snprintf(example, sizeof example, "%s", strstr(words, " such as ") + strlen(" such as "));
        example[strcspn(example, ",")] = '\0';
        if (strstr(example, " or "))
            *strstr(example, " or ") = '\0';
        cr_expect_null(hl_quantity_parse(example, (enum hl_unit)unit, NULL, &value), "%s", example);
    }
}

Test(quantity, comma_locale) {
    /* A locale with a decimal comma changes nothing, where the machine has one. */
    locale_t comma = newlocale(LC_ALL_MASK, "de_DE.UTF-8", (locale_t)0);
    if (!comma)
        cr_skip_test("no locale with a decimal comma is installed");
    uselocale(comma);
    double value = 0;
    cr_expect_null(hl_quantity_parse("1.5 %", HL_UNIT_FRACTION, NULL, &value));
    cr_expect(value == 0.015);
    uselocale(LC_GLOBAL_LOCALE);
    freelocale(comma);
}
