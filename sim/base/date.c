#include "base/date.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Years are counted from March, so that the leap day ends one: the months from March on have 153 days in every five,
 * and an era of 400 years has 146,097. 1970-01-01 is day 719,468 after 0000-03-01. */
enum { ERA_DAYS = 146097, EPOCH = 719468 };

static long days_of(long year, long month, long day) {
    year -= month <= 2;
    long era = year / 400, of_era = year % 400;
    long of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH;
}

static bool is_leap(long year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

static long digits(const char *text, int count) {
    long value = 0;
    for (int i = 0; i < count; i++)
        value = 10 * value + (text[i] - '0');
    return value;
}

bool hl_date_parse(const char *text, long *out) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || strspn(text, "0123456789-") != 10)
        return false;
    for (int i = 0; i < 10; i++)
        if ((text[i] == '-') != (i == 4 || i == 7))
            return false;
    long year = digits(text, 4), month = digits(text + 5, 2), day = digits(text + 8, 2);
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days[month - 1] + (month == 2 && is_leap(year)))
        return false;
    *out = days_of(year, month, day);
    return true;
}

void hl_date_text(char out[HL_DATE_SIZE], long days) {
    long since = days + EPOCH, era = since / ERA_DAYS, of_era = since % ERA_DAYS;
    long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long of_year = of_era - (365 * year + year / 4 - year / 100);
    long month = (5 * of_year + 2) / 153, day = of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    year += era * 400 + (month <= 2);
    assert(year >= 1 && year <= 99999);
    snprintf(out, HL_DATE_SIZE, "%04ld-%02ld-%02ld", year, month, day);
}
