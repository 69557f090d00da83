/* Most numbers are printed by whole numbers of 128 bits, exactly: a tenth of what printf and strtod take, which do the
 * rest. A value v = m 2^e, m of 53 bits, has its decimal exponent x where 10^x <= v < 10^(x + 1); then v 10^(16 - x)
 * has 17 digits before the point. It is P/2^s with P = m 5^(16 - x) < 2^116 where -11 <= x <= 16.
 */
#include "base/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

enum { DIGITS = DBL_DECIMAL_DIG, LEAST_EXPONENT = -11 };

static const uint64_t FIVES_MOST = 27; /* 5^27 < 2^63 */
static const uint64_t TEN_17 = UINT64_C(100000000000000000);

/* v 10^(16 - exponent) = product/2^shift. */
struct scaled {
    wide product;
    uint64_t step; /* how much of the product is one unit of v's last bit */
    unsigned shift;
    int exponent;
    bool even;   /* v's last bit is 0 */
    bool lowest; /* of its octave: the next lower value is half as far */
};

static uint64_t power_of(uint64_t base, uint64_t exponent) {
    uint64_t power = 1;
    while (exponent-- > 0)
        power *= base;
    return power;
}

/* Rounds to `digits` significant digits, half to even; of 17 digits the last ones are zeros. */
static uint64_t round_to(const struct scaled *s, int digits) {
    uint64_t unit = power_of(10, (uint64_t)(DIGITS - digits));
    uint64_t whole = (uint64_t)(s->product >> s->shift), count = whole / unit;
    wide rest = s->product - ((wide)(count * unit) << s->shift), one = (wide)unit << s->shift;
    bool up = 2 * rest > one || (2 * rest == one && count % 2 == 1);
    return (count + up) * unit;
}

/* Does a number of 17 digits read back to the same bits? */
static bool reads_back(const struct scaled *s, uint64_t digits) {
    wide text = (wide)digits << s->shift;
    if (text < s->product && s->lowest)
        return 4 * (s->product - text) <= s->step;
    wide apart = 2 * (text < s->product ? s->product - text : text - s->product);
    return apart < s->step || (apart == s->step && s->even);
}

/* False where the value is too large or too small for 128 bits. */
static bool scale(struct scaled *s, double value) {
    if (!(value >= 1e-11 && value < 1e17))
        return false;
    int e;
    uint64_t m = (uint64_t)ldexp(frexp(value, &e), DBL_MANT_DIG);
    e -= DBL_MANT_DIG;
    /* log10 2 = 0.30103; one too low at most, which the digits show */
    int x = (int)floor((e + DBL_MANT_DIG - 1) * 0.30102999);
    for (;; x++) {
        int tens = DIGITS - 1 - x, shift = -(e + tens);
        if (tens < 0 || tens > (int)FIVES_MOST)
            return false;
        unsigned left = shift < 0 ? (unsigned)-shift : 0;
        uint64_t fives = power_of(5, (uint64_t)tens);
        *s = (struct scaled){.product = (wide)m * fives << left,
                             .step = fives << left,
                             .shift = shift < 0 ? 0 : (unsigned)shift,
                             .exponent = x,
                             .even = m % 2 == 0,
                             .lowest = m == UINT64_C(1) << (DBL_MANT_DIG - 1)};
        if (s->product >> s->shift < TEN_17)
            return true;
    }
}

/* Writes 17 digits that stand for digits/10^16 10^exponent as "%.<precision>g" would. */
static void lay_out(char *out, bool negative, uint64_t digits, int exponent, int precision) {
    char text[DIGITS];
    if (digits == TEN_17) { /* rounded up */
        digits /= 10;
        exponent++;
    }
    for (int i = DIGITS; i-- > 0; digits /= 10)
        text[i] = (char)('0' + digits % 10);
    int count = DIGITS;
    while (count > 1 && text[count - 1] == '0')
        count--;
    if (negative)
        *out++ = '-';
    bool scientific = exponent < -4 || exponent >= precision;
    int point = scientific ? 1 : exponent + 1; /* how many digits stand before it */
    if (point <= 0) {
        *out++ = '0';
        *out++ = '.';
        for (int i = point; i < 0; i++)
            *out++ = '0';
    }
    for (int i = 0; i < count || i < point; i++) {
        if (i == point && i > 0)
            *out++ = '.';
        *out++ = i < count ? text[i] : '0';
    }
    if (scientific) {
        int size = abs(exponent);
        *out++ = 'e';
        *out++ = exponent < 0 ? '-' : '+';
        *out++ = (char)('0' + size / 10);
        *out++ = (char)('0' + size % 10);
    }
    *out = '\0';
}

/* The ways of the C library, for any value. */
static void print_plain(char *out, size_t size, double value, int digits) {
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = uselocale(plain);
    do {
        snprintf(out, size, "%.*g", digits, isnan(value) ? NAN : value);
    } while (!isnan(value) && strtod(out, NULL) != value && ++digits <= DIGITS);
    uselocale(before);
    freelocale(plain);
}

static void print(char *out, size_t size, double value, int least) {
    struct scaled s;
    char text[HL_NUMBER_SIZE];
    if (value == 0) {
        lay_out(text, signbit(value) != 0, 0, 0, least);
    } else if (!scale(&s, fabs(value))) {
        /* Fifteen digits are always the shortest that can do, but for subnormal numbers, which have fewer. */
        print_plain(text, sizeof text, value, fabs(value) < DBL_MIN && least < DIGITS ? 1 : least);
    } else {
        uint64_t digits = round_to(&s, least);
        while (least < DIGITS && !reads_back(&s, digits))
            digits = round_to(&s, ++least);
        lay_out(text, signbit(value) != 0, digits, s.exponent, least);
    }
    size_t length = strlen(text);
    if (size > 0) {
        size_t kept = length < size ? length : size - 1;
        memcpy(out, text, kept);
        out[kept] = '\0';
    }
}

void hl_number_text(char *out, size_t size, double value) { print(out, size, value, DBL_DIG); }

void hl_number_text_full(char *out, size_t size, double value) { print(out, size, value, DIGITS); }
