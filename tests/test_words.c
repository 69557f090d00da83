#include "results/words.h"
#include "tests/results_fixture.h"

#include <criterion/criterion.h>
#include <math.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

Test(words, numbers) {
    const struct {
        double value;
        int decimals;
        const char *want;
    } rows[] = {
        {0, 0, "0"},
        {999, 0, "999"},
        {1000, 0, "1,000"},
        {1234567, 0, "1,234,567"},
        {-1234.5, 1, "-1,234.5"},
        {0.125, 3, "0.125"},
        {0.05, 4, "0.0500"},
        {1.999, 2, "2.00"},
        {-0.001, 2, "0.00"},
        {99.5, 0, "100"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[HL_WORDS_SIZE];
        hl_words_number(text, sizeof text, rows[i].value, rows[i].decimals);
        cr_expect_str_eq(text, rows[i].want, "row %zu: %s", i, text);
    }
}

Test(words, money) {
    const struct {
        double amount;
        const char *want;
    } rows[] = {
        {0, "0"},
        {1, "1"},
        {0.5, "0.50"},
        {12300, "12,300"},
        {999499, "999,000"},
        {999500, "1.00 m"},
        {12345, "12,300"},
        {9996, "10,000"},
        {1234.5, "1,230"},

        {1e6, "1.00 m"},
        {48.2e9, "48.2 bn"},
        {482e6, "482 m"},
        {999.6e6, "1.00 bn"},
        {1.46e9, "1.46 bn"},
        {1.5e12, "1.50 tn"},
        {-12.34e6, "-12.3 m"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[HL_WORDS_SIZE];
        hl_words_money(text, sizeof text, rows[i].amount);
        cr_expect_str_eq(text, rows[i].want, "row %zu: %s", i, text);
    }
}

Test(words, percents) {
    const struct {
        double fraction;
        const char *want;
    } rows[] = {
        {0, "0 %"},           {1, "100 %"},          {0.00412, "0.412 %"},    {0.123, "12.3 %"},
        {0.5, "50.0 %"},      {0.9995, "99.950 %"},  {0.9999999, "99.999 %"}, {0.000041, "0.0041 %"},
        {4.1e-6, "4.1e-4 %"}, {9.97e-6, "1.0e-3 %"}, {-0.002, "-0.200 %"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[HL_WORDS_SIZE];
        hl_words_percent(text, sizeof text, rows[i].fraction);
        cr_expect_str_eq(text, rows[i].want, "row %zu: %s", i, text);
    }
}

Test(words, levels) {
    const struct {
        double fraction;
        const char *want;
    } rows[] = {{0.9, "90 %"}, {0.995, "99.5 %"}, {0.999, "99.9 %"}, {1 - 0.99, "1 %"}, {0.05, "5 %"}, {1, "100 %"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[HL_WORDS_SIZE];
        hl_words_level(text, sizeof text, rows[i].fraction);
        cr_expect_str_eq(text, rows[i].want, "row %zu: %s", i, text);
    }
}

Test(words, rows_by_status) {
    const struct {
        enum hl_measure measure;
        enum hl_row_status status;
        double value, low, high;
        const char *want;
    } rows[] = {
        {HL_MEASURE_FRACTION, HL_ROW_OK, 0.0041, 0.0039, 0.0043, "0.410 % (0.390 to 0.430)"},
        {HL_MEASURE_MONEY, HL_ROW_OK, 44.1e9, 43.8e9, 44.5e9, "44.1 bn (43.8 to 44.5)"},
        {HL_MEASURE_MONEY, HL_ROW_OK, 1.02e9, 980e6, 1.1e9, "1.02 bn (980 m to 1.10 bn)"},
        {HL_MEASURE_MONEY, HL_ROW_OK, 0, 0, 44.5e9, "0 (0 to 44.5 bn)"},
        {HL_MEASURE_MONEY, HL_ROW_OK, 0, 0, 0, "0"},
        {HL_MEASURE_MONEY, HL_ROW_OK, 5e9, NAN, NAN, "5.00 bn"},
        {HL_MEASURE_DAYS, HL_ROW_OK, 10, 7, 14, "10 d (7 to 14)"},
        {HL_MEASURE_FRACTION, HL_ROW_FEW_HITS, 1e-6, 0, 3.7e-6, "0 to 3.7e-4 % *"},
        {HL_MEASURE_MONEY, HL_ROW_BEYOND_SAMPLE, 48.2e9, NAN, NAN, "48.2 bn+ (beyond sample)"},
        {HL_MEASURE_MONEY, HL_ROW_OPEN_ABOVE, 44.1e9, 43.8e9, NAN, "44.1 bn (43.8 bn or more)"},
        {HL_MEASURE_MONEY, HL_ROW_NO_EVENTS, NAN, NAN, NAN, "no such event in the run"},
        {HL_MEASURE_MONEY, HL_ROW_NOT_ATTAINABLE, NAN, NAN, NAN, "not attainable"},
        {HL_MEASURE_MONEY, HL_ROW_NOTHING_TO_SIZE, NAN, NAN, NAN, "no layer to size"},
        {HL_MEASURE_DAYS, HL_ROW_NEVER, INFINITY, 10, INFINITY, "not within all lags"},
        {HL_MEASURE_MONEY, HL_ROW_NO_INTERVAL, 5e9, NAN, NAN, "5.00 bn (no valid interval)"},
        {HL_MEASURE_MONEY, HL_ROW_OK, NAN, NAN, NAN, "no value"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[HL_WORDS_SIZE];
        struct hl_row row = {
            .value = rows[i].value, .low = rows[i].low, .high = rows[i].high, .status = rows[i].status};
        hl_words_row(text, sizeof text, &row, rows[i].measure);
        cr_expect_str_eq(text, rows[i].want, "row %zu: %s", i, text);
        cr_expect(strlen(text) <= 29, "row %zu does not fit its cell", i);
    }
    char text[HL_WORDS_SIZE];
    hl_words_row(text, sizeof text, NULL, HL_MEASURE_MONEY);
    cr_expect_str_eq(text, "-");
}

Test(words, sentence_of_the_trials) {
    struct fixture *f = fixture_make(FIXTURE_ONE);
    char text[HL_SENTENCE_SIZE];
    struct hl_verdict v = {.enough_trials = true, .trials_needed = 5e5, .relative_error = 0.012};
    hl_words_trials(text, sizeof text, &f->result, &v);
    cr_expect_str_eq(text, "Enough trials: the relative error of P(shortfall) is 1.20 %, at most 5 % was asked for.");
    v = (struct hl_verdict){.trials_needed = 4199999.5, .relative_error = 0.083};
    hl_words_trials(text, sizeof text, &f->result, &v);
    cr_expect_not_null(strstr(text, "Not enough trials"));
    cr_expect_not_null(strstr(text, "about 4,200,000 trials are needed"), "%s", text);
    v = (struct hl_verdict){.trials_needed = INFINITY, .relative_error = INFINITY};
    hl_words_trials(text, sizeof text, &f->result, &v);
    cr_expect_not_null(strstr(text, "1,000,000 trials had no shortfall"), "%s", text);
    fixture_free(f);
}

Test(words, sentence_of_the_rate) {
    struct fixture *f = fixture_make(FIXTURE_ONE);
    char text[HL_SENTENCE_SIZE];
    struct hl_verdict v = {.decided_by_rate = true, .p_low = 0.002, .p_high = 0.03};
    hl_words_rate(text, sizeof text, &f->result, &v);
    cr_expect_str_eq(text, "Decided by the assumed rate: P(shortfall) is 0.200 % with every breach rate at the low end "
                           "of its interval and 3.00 % at the high end; the 1 % that 99 % confidence allows lies "
                           "between.");
    v.decided_by_rate = false;
    hl_words_rate(text, sizeof text, &f->result, &v);
    cr_expect(strncmp(text, "Not decided by the assumed rate", 31) == 0);
    f->result.sampling_count = 1;
    hl_words_rate(text, sizeof text, &f->result, &v);
    cr_expect_not_null(strstr(text, "not known"));
    fixture_free(f);
}

Test(words, sentence_of_the_insurance) {
    struct fixture *f = fixture_make(FIXTURE_TWO);
    char text[HL_SENTENCE_SIZE];
    hl_words_insurance(text, sizeof text, &f->result, 1, HL_BASIS_EARMARKED);
    cr_expect_str_eq(text, "Insurance needed at 99 %: not attainable; at any limit of crime P(shortfall) stays at "
                           "0.800 % (0.780 to 0.820).");
    hl_words_insurance(text, sizeof text, &f->result, 1, HL_BASIS_ALL);
    cr_expect_str_eq(text, "Insurance needed at 99 %: a limit per event of 12.0 bn (11.8 to 12.2) in crime, in JPY.");
    f->scenario.report.sized_at = 0.95;
    hl_words_insurance(text, sizeof text, &f->result, 2, HL_BASIS_ALL);
    cr_expect_str_eq(text, "Insurance needed at 95 %: no more than stated; P(shortfall) is within what that level "
                           "allows with the limit that crime has.");
    f->scenario.report.sized_at = 0.99;
    hl_words_insurance(text, sizeof text, &f->result, 0, HL_BASIS_ALL);
    cr_expect_str_eq(text, "");
    fixture_free(f);
    f = fixture_make(FIXTURE_QUIET);
    hl_words_insurance(text, sizeof text, &f->result, 1, HL_BASIS_ALL);
    cr_expect_str_eq(text, "Insurance needed: the funds have no insurance layer to size.");
    fixture_free(f);
}

Test(words, names_and_verdicts_are_found) {
    struct fixture *f = fixture_make(FIXTURE_TWO);
    cr_expect_eq(hl_policy_named(&f->result, "no_insurance"), 1);
    cr_expect_eq(hl_policy_named(&f->result, "no_policy"), HL_NONE);
    cr_expect_eq(hl_sampling_named(&f->result, "rates_high"), 2);
    cr_expect_eq(hl_sampling_named(&f->result, "rates"), HL_NONE);
    const struct hl_verdict *v = hl_verdict_of(&f->result, 2, HL_BASIS_EARMARKED);
    cr_assert_not_null(v);
    cr_expect(v->entity == 2 && v->basis == HL_BASIS_EARMARKED);
    cr_expect_null(hl_verdict_of(&f->result, 3, HL_BASIS_ALL));
    fixture_free(f);
}

Test(words, what_a_sum_is_of) {
    static const struct {
        uint16_t years;
        const char *want;
    } rows[] = {{1, "a year"}, {5, "in 5 years"}, {30, "in 30 years"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[HL_WORDS_SIZE];
        hl_words_span(text, sizeof text, &(struct hl_result){.year_count = rows[i].years});
        cr_expect_str_eq(text, rows[i].want);
    }
}

Test(words, days_and_dates) {
    static const struct {
        const char *starts_on;
        int day;
        const char *want;
    } rows[] = {
        {NULL, 0, "day 0"}, {NULL, 400, "day 400"}, {"2024-02-28", 2, "2024-03-01"}, {"9999-12-31", 1, "10000-01-01"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[HL_WORDS_SIZE];
        hl_words_day(text, sizeof text, &(struct hl_scenario){.starts_on = rows[i].starts_on}, rows[i].day);
        cr_expect_str_eq(text, rows[i].want);
    }
}
