/* The built-in tables are the files, and what is computed from data is. */
#include "base/csv.h"
#include "base/file.h"
#include "models/rule_data.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Test(rule_data, built_in_tables_are_the_files) {
    static const char *const tables[][2] = {{"rules", "scenarios/data/rules.csv"},
                                            {"currencies", "scenarios/data/currencies.csv"}};
    for (size_t i = 0; i < 2; i++) {
        struct hl_arena arena = {0};
        struct hl_error err = {0};
        char *bytes = NULL;
        size_t size = 0;
        cr_assert_eq(hl_file_read(&bytes, &size, &arena, tables[i][1], HL_CSV_BYTES, &err), HL_OK);
        cr_expect_str_eq(hl_rule_data_text(tables[i][0], &arena), bytes, "%s", tables[i][1]);
        hl_arena_free(&arena);
        hl_error_free(&err);
    }
}

Test(rule_data, rows_and_rates) {
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_rule_data data;
    cr_assert_eq(hl_rule_data_read(&data, &arena, &err), HL_OK);
    const struct hl_rule_row *row = hl_rule_row_of(&data, "KR-VAUPA", "floor_won_market");
    cr_assert(row != NULL);
    cr_expect_eq(row->value, 3e9);
    cr_expect_str_eq(row->unit, "KRW");
    cr_expect_str_eq(row->confidence, "high");
    cr_expect(hl_rule_row_of(&data, "KR-VAUPA", "no such") == NULL &&
              hl_rule_row_of(&data, "no such", "floor") == NULL);
    row = hl_rule_row_of(&data, "JP-ACT64", "promulgated");
    cr_assert(row != NULL);
    cr_expect(isnan(row->value), "a day is no number");
    cr_expect_str_eq(row->text, "2026-07-23");
    static const struct hl_currency_rate stated = {"EUR", 160};
    static const struct hl_currencies own = {"JPY", &stated, 1};
    static const struct {
        const char *code;
        double rate;
        bool illustrative;
    } rates[] = {{"JPY", 1, false}, {"EUR", 160, false}, {"GBP", 200, true}, {"XXX", NAN, true}};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        bool illustrative = false;
        double rate = hl_rule_rate_of(&data, &own, rates[i].code, &illustrative);
        cr_expect(rate == rates[i].rate || (isnan(rate) && isnan(rates[i].rate)), "%s: %g", rates[i].code, rate);
        cr_expect_eq(illustrative, rates[i].illustrative);
    }
    hl_arena_free(&arena);
    hl_error_free(&err);
}

static int compare(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The shares of PRESET-A5 are order statistics of the hacks in incidents.csv that say what share was taken. */
Test(rule_data, leak_fractions_are_those_of_the_incidents) {
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_rule_data data;
    struct hl_csv incidents;
    char *bytes = NULL;
    size_t size = 0, share = 0, kind = 0, count = 0;
    double percent[200];
    cr_assert_eq(hl_rule_data_read(&data, &arena, &err), HL_OK);
    cr_assert_eq(hl_file_read(&bytes, &size, &arena, "scenarios/data/incidents.csv", HL_CSV_BYTES, &err), HL_OK);
    cr_assert_eq(hl_csv_read(&incidents, &arena, "incidents.csv", bytes, size, &err), HL_OK);
    while (strcmp(incidents.header[share].text, "hot_share_stolen_pct") != 0)
        share++;
    while (strcmp(incidents.header[kind].text, "event_class") != 0)
        kind++;
    for (size_t i = 0; i < incidents.row_count; i++) {
        const struct hl_csv_cell *cells = incidents.cells + i * incidents.column_count;
        if (*cells[share].text != '\0' && strcmp(cells[kind].text, "hack") == 0)
            cr_assert(hl_quantity_parse(cells[share].text, HL_UNIT_NUMBER, NULL, &percent[count++]) == NULL);
    }
    qsort(percent, count, sizeof *percent, compare);
    cr_expect_eq(count, 18);
    static const struct {
        const char *parameter;
        double level;
    } rows[] = {{"leak_fraction[50 %]", 0.5}, {"leak_fraction[90 %]", 0.9}};
    for (size_t i = 0; i < 2; i++) {
        size_t place = (size_t)ceil(rows[i].level * (double)count) - 1;
        cr_expect_float_eq(hl_rule_row_of(&data, "PRESET-A5", rows[i].parameter)->value, percent[place] / 100, 1e-12,
                           "%s", rows[i].parameter);
    }
    hl_arena_free(&arena);
    hl_error_free(&err);
}
