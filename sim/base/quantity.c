#include "base/quantity.h"

#include <assert.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The longest number that is read: far more digits than a double can tell apart. */
enum { DIGITS_MOST = 300, EXPONENT_MOST = 1000000 };

static const double WHOLE_MOST = 0x1p53; /* from here on a double no longer holds every whole number */

static const char TOO_LARGE[] = "the number is too large";
static const char TOO_SMALL[] = "the number is too close to 0";

/* ±digits × 10^exponent, with no zero at either end of the digits; no digits = 0. */
struct decimal {
    bool negative;
    char digits[DIGITS_MOST + 1];
    int length;
    int exponent;
};

/* A word after a number, and the power of ten it stands for. */
struct scale {
    const char *word;
    int exponent;
};
static const struct scale FRACTION_SCALES[] = {{"%", -2}, {"bp", -4}};
static const struct scale MAGNITUDES[] = {{"k", 3},        {"m", 6},       {"bn", 9},      {"tn", 12},
                                          {"thousand", 3}, {"million", 6}, {"billion", 9}, {"trillion", 12}};

/* A month is a twelfth of 365.25 days; a year is the model's year. What is shorter than a day divides, so that 36 h is
 * 1.5 to the last bit. */
static const struct {
    const char *word;
    double days;
    double parts;
} DURATIONS[] = {
    {"min", 1, 1440}, {"minute", 1, 1440}, {"minutes", 1, 1440}, {"h", 1, 24},          {"hour", 1, 24},
    {"hours", 1, 24}, {"d", 1, 1},         {"day", 1, 1},        {"days", 1, 1},        {"w", 7, 1},
    {"week", 7, 1},   {"weeks", 7, 1},     {"mo", 30.4375, 1},   {"month", 30.4375, 1}, {"months", 30.4375, 1},
    {"y", 365, 1},    {"year", 365, 1},    {"years", 365, 1},
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

const char *hl_unit_words(enum hl_unit unit) {
    switch (unit) {
    case HL_UNIT_NUMBER:
        return "a number such as 0.8";
    case HL_UNIT_FRACTION:
        return "a fraction such as 0.05 or 5 %";
    case HL_UNIT_RATE:
        return "a rate such as 1.2 % / y or 1 in 244 y";
    case HL_UNIT_MONEY:
        return "an amount of money such as 48.2 bn";
    case HL_UNIT_DAYS:
        return "a duration such as 30 d, 2 w, 6 mo or 1 y";
    case HL_UNIT_COUNT:
        return "a whole number such as 1_000_000 or 1 m";
    }
    assert(0 && "not a unit");
    return "";
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static const char *after_blanks(const char *at) { return at + strspn(at, " \t"); }

/* Whether nothing but blanks is left. */
static bool ends(const char *at) { return *after_blanks(at) == '\0'; }

/* Passes over blanks and `word` when it stands there as a whole; else leaves *at. */
static bool take(const char **at, const char *word) {
    const char *start = after_blanks(*at);
    size_t length = strlen(word);
    if (length == 0 || strncmp(start, word, length) != 0)
        return false;
    if (is_letter(word[length - 1]) && (is_letter(start[length]) || is_digit(start[length])))
        return false;
    *at = start + length;
    return true;
}

/* What is wrong with what follows a number. The sentence is the thread's, until its next fault. */
static const char *rest_fault(const char *at, enum hl_unit unit) {
    static _Thread_local char sentence[200];
    const char *rest = after_blanks(at);
    int length = (int)strcspn(rest, "\r\n");
    if (*rest == '\0')
        snprintf(sentence, sizeof sentence, "the unit is missing: write %s", hl_unit_words(unit));
    else if (is_digit(*rest))
        snprintf(sentence, sizeof sentence, "no blanks within a number: write %s", hl_unit_words(unit));
    else if (length <= 24)
        snprintf(sentence, sizeof sentence, "\"%.*s\" does not belong here: write %s", length, rest,
                 hl_unit_words(unit));
    else
        snprintf(sentence, sizeof sentence, "more than a number and its unit: write %s", hl_unit_words(unit));
    return sentence;
}

static const char *number_fault(enum hl_unit unit) {
    static _Thread_local char sentence[200];
    snprintf(sentence, sizeof sentence, "not a number: write %s", hl_unit_words(unit));
    return sentence;
}

/* Adds a digit, which counts 10^exponent; zeros in front are dropped. False when there are too many. */
static bool add_digit(struct decimal *number, char digit) {
    if (number->length == 0 && digit == '0')
        return true;
    if (number->length == DIGITS_MOST)
        return false;
    number->digits[number->length++] = digit;
    return true;
}

/* Reads digits with single underscores between them into *number; *count is how many there were. */
static const char *read_digits(const char **at, struct decimal *number, int *count) {
    *count = 0;
    const char *from = *at;
    for (; is_digit(*from) || *from == '_'; from++) {
        if (*from == '_') {
            if (*count == 0 || !is_digit(from[1]))
                return "an underscore stands between two digits: write 1_000_000";
        } else if (*count == DIGITS_MOST || !add_digit(number, *from)) {
            return "the number has too many digits";
        } else {
            ++*count;
        }
    }
    *at = from;
    return NULL;
}

/* Reads an exponent ("e9", "E-3") when there is one. */
static int read_exponent(const char **at) {
    const char *from = *at;
    if (*from != 'e' && *from != 'E')
        return 0;
    from++;
    bool negative = *from == '-';
    if (*from == '-' || *from == '+')
        from++;
    if (!is_digit(*from))
        return 0;
    int exponent = 0;
    for (; is_digit(*from); from++)
        if (exponent < EXPONENT_MOST)
            exponent = 10 * exponent + (*from - '0');
    *at = from;
    return negative ? -exponent : exponent;
}

/* [+-] digits [. digits] [e [+-] digits]; digits may be missing before or after the point, not both. */
static const char *read_decimal(const char **at, enum hl_unit unit, struct decimal *number) {
    *number = (struct decimal){0};
    const char *from = after_blanks(*at);
    number->negative = *from == '-';
    if (*from == '-' || *from == '+')
        from++;
    int whole_count = 0, part_count = 0;
    const char *fault = read_digits(&from, number, &whole_count);
    if (!fault && *from == '.' && is_digit(from[1])) {
        from++;
        fault = read_digits(&from, number, &part_count);
    }
    if (fault)
        return fault;
    if (whole_count + part_count == 0)
        return number_fault(unit);
    number->exponent = read_exponent(&from) - part_count;
    for (; number->length > 0 && number->digits[number->length - 1] == '0'; number->length--)
        number->exponent++;
    number->digits[number->length] = '\0';
    *at = from;
    return NULL;
}

/* The double nearest to the decimal number. */
static const char *decimal_value(const struct decimal *number, double *value) {
    *value = 0;
    if (number->length == 0)
        return NULL;
    char text[DIGITS_MOST + 32];
    snprintf(text, sizeof text, "%s%se%d", number->negative ? "-" : "", number->digits, number->exponent);
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        return "out of memory";
    *value = strtod_l(text, NULL, plain);
    freelocale(plain);
    if (isinf(*value))
        return TOO_LARGE;
    return *value == 0 ? TOO_SMALL : NULL;
}

/* Checks what came of a product or a quotient of values that are not 0. */
static const char *product_fault(double value) {
    if (!isfinite(value))
        return TOO_LARGE;
    return value == 0 ? TOO_SMALL : NULL;
}

/* Applies the first of `scales` that stands at *at, when one does. */
static void take_scale(const char **at, const struct scale *scales, size_t count, struct decimal *number) {
    for (size_t i = 0; i < count; i++) {
        if (take(at, scales[i].word)) {
            number->exponent += scales[i].exponent;
            return;
        }
    }
}

static bool take_year(const char **at) { return take(at, "y") || take(at, "year") || take(at, "years"); }

/* "1 in 244 y", from "in" on. */
static const char *parse_one_in(const char *at, const struct decimal *events, double *value) {
    struct decimal years;
    double event_count = 0, year_count = 0;
    const char *fault = read_decimal(&at, HL_UNIT_RATE, &years);
    if (!fault)
        fault = decimal_value(events, &event_count);
    if (!fault)
        fault = decimal_value(&years, &year_count);
    if (fault)
        return fault;
    if (year_count <= 0)
        return "the number of years must be above 0: write a rate such as 1 in 244 y";
    if (!take_year(&at) || !ends(at))
        return rest_fault(at, HL_UNIT_RATE);
    *value = event_count / year_count;
    return events->length ? product_fault(*value) : NULL;
}

static const char *parse_rate(const char *at, struct decimal *number, double *value) {
    if (take(&at, "in"))
        return parse_one_in(at, number, value);
    take_scale(&at, FRACTION_SCALES, COUNT_OF(FRACTION_SCALES), number);
    if (number->length == 0 && ends(at))
        return decimal_value(number, value); /* 0 is 0 in any unit */
    if (!take(&at, "/") && !take(&at, "per") && !take(&at, "a"))
        return rest_fault(at, HL_UNIT_RATE);
    if (!take_year(&at) || !ends(at))
        return rest_fault(at, HL_UNIT_RATE);
    return decimal_value(number, value);
}

static const char *parse_days(const char *at, const struct decimal *number, double *value) {
    const char *fault = decimal_value(number, value);
    if (fault || (number->length == 0 && ends(at)))
        return fault;
    for (size_t i = 0; i < COUNT_OF(DURATIONS); i++) {
        if (!take(&at, DURATIONS[i].word))
            continue;
        if (!ends(at))
            return rest_fault(at, HL_UNIT_DAYS);
        *value = *value * DURATIONS[i].days / DURATIONS[i].parts;
        return number->length ? product_fault(*value) : NULL;
    }
    return rest_fault(at, HL_UNIT_DAYS);
}

/* The rate of the currency code that stands at `at`; 0 when it is no code or has no rate. */
static double rate_of(const char *at, const struct hl_currencies *currencies) {
    if (take(&at, currencies->own) && ends(at))
        return 1;
    for (size_t i = 0; i < currencies->count; i++) {
        const char *rest = at;
        if (take(&rest, currencies->rates[i].code) && ends(rest))
            return currencies->rates[i].rate;
    }
    return 0;
}

static bool is_currency_code(const char *at) {
    const char *code = after_blanks(at);
    size_t length = strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return length == 3 && ends(code + length);
}

static const char *parse_money(const char *at, struct decimal *number, const struct hl_currencies *currencies,
                               double *value) {
    take_scale(&at, MAGNITUDES, COUNT_OF(MAGNITUDES), number);
    const char *fault = decimal_value(number, value);
    if (fault || ends(at))
        return fault;
    if (!currencies || !is_currency_code(at))
        return rest_fault(at, HL_UNIT_MONEY);
    double rate = rate_of(at, currencies);
    if (!(rate > 0))
        return "this currency has no rate: add it to `currencies`, such as currencies: {USD: 157.2}";
    *value *= rate;
    return number->length ? product_fault(*value) : NULL;
}

static const char *parse_count(const char *at, struct decimal *number, double *value) {
    take_scale(&at, MAGNITUDES, COUNT_OF(MAGNITUDES), number);
    if (!ends(at))
        return rest_fault(at, HL_UNIT_COUNT);
    if (number->exponent < 0 && number->length)
        return "must be a whole number such as 1_000_000 or 1 m";
    if (number->negative && number->length)
        return "must not be negative: write a whole number such as 1_000_000";
    const char *fault = decimal_value(number, value);
    if (fault)
        return fault;
    return *value < WHOLE_MOST ? NULL : "too large: whole numbers stay below 2^53 (9_007_199_254_740_992)";
}

static const char *parse_plain(const char *at, enum hl_unit unit, const struct decimal *number, double *value) {
    return ends(at) ? decimal_value(number, value) : rest_fault(at, unit);
}

static const char *parse(const char *text, enum hl_unit unit, const struct hl_currencies *currencies, double *value) {
    if (ends(text))
        return number_fault(unit);
    if (strchr(text, ','))
        return "no commas in numbers: write 1_000_000 or 1 m for a million, and a point before decimals (1.5)";
    struct decimal number;
    const char *at = text;
    const char *fault = read_decimal(&at, unit, &number);
    if (fault)
        return fault;
    switch (unit) {
    case HL_UNIT_NUMBER:
        return parse_plain(at, unit, &number, value);
    case HL_UNIT_FRACTION:
        take_scale(&at, FRACTION_SCALES, COUNT_OF(FRACTION_SCALES), &number);
        return parse_plain(at, unit, &number, value);
    case HL_UNIT_RATE:
        return parse_rate(at, &number, value);
    case HL_UNIT_MONEY:
        return parse_money(at, &number, currencies, value);
    case HL_UNIT_DAYS:
        return parse_days(at, &number, value);
    case HL_UNIT_COUNT:
        return parse_count(at, &number, value);
    }
    assert(0 && "not a unit");
    return "";
}

const char *hl_quantity_parse(const char *text, enum hl_unit unit, const struct hl_currencies *currencies,
                              double *value) {
    double found = 0;
    const char *fault = parse(text, unit, currencies, &found);
    if (!fault)
        *value = found;
    return fault;
}
