/* Days of the calendar: dates that a reader can count, and back again over all days of the years 0001 to 9999. */
#include "base/date.h"

#include <criterion/criterion.h>

Test(date, days_that_are_known) {
    static const struct {
        const char *text;
        long days;
    } rows[] = {
        {"1970-01-01", 0},       {"1970-12-31", 364},     {"1969-12-31", -1},    {"1972-03-01", 2 * 365 + 60},
        {"2000-02-29", 11016},   {"2000-03-01", 11017},   {"2024-05-31", 19874}, {"1900-03-01", -25508},
        {"0001-01-01", -719162}, {"9999-12-31", 2932896},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[HL_DATE_SIZE];
        long days = 12345678;
        cr_expect(hl_date_parse(rows[i].text, &days) && days == rows[i].days, "%s: %ld", rows[i].text, days);
        hl_date_text(text, rows[i].days);
        cr_expect_str_eq(text, rows[i].text);
    }
}

Test(date, texts_that_are_no_days) {
    static const char *const texts[] = {"",           "2024-5-31",  "2024-05-31 ", "2023-02-29", "1900-02-29",
                                        "2024-04-31", "2024-00-10", "2024-13-01",  "2024-01-00", "0000-01-01",
                                        "2024-0531-", "2O24-05-31", "20240531--",  "-024-05-31"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        long days = 77;
        cr_expect(!hl_date_parse(texts[i], &days) && days == 77, "%s", texts[i]);
    }
}

Test(date, there_and_back) {
    for (long day = -719162; day <= 2932896; day += 1) {
        char text[HL_DATE_SIZE];
        long back = 0;
        hl_date_text(text, day);
        cr_assert(hl_date_parse(text, &back) && back == day, "%s is %ld, not %ld", text, back, day);
    }
}
