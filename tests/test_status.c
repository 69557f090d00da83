#include "base/status.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What hl_error_print prints; the caller frees it. */
static char *printed(const struct hl_error *err) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    hl_error_print(err, out);
    fclose(out);
    return text;
}

Test(status, lines) {
    const struct {
        const char *file;
        int line, column;
        const char *key, *value, *message, *want;
    } rows[] = {
        {"scenarios/dmm-2024.yaml", 14, 12, "funds[1].insurance.share", "1.2", "a fraction must be in [0, 1]",
         "scenarios/dmm-2024.yaml:14:12: funds[1].insurance.share = 1.2: a fraction must be in [0, 1]\n"},
        {"a.csv", 3, 0, "price", NULL, "is missing", "a.csv:3: price: is missing\n"},
        {"a.csv", 0, 0, NULL, NULL, "is empty", "a.csv: is empty\n"},
        {"a.csv", 0, 7, NULL, NULL, "is empty", "a.csv: is empty\n"}, /* no column without a line */
        {NULL, 0, 0, "--set trials", "x", "not a number", "--set trials = x: not a number\n"},
        {NULL, 0, 0, NULL, "x", "not a command", "x: not a command\n"},
        {NULL, 0, 0, NULL, NULL, "no scenario", "no scenario\n"},
        {"a", 1, 1, "k", "", "is empty", "a:1:1: k = : is empty\n"},
        {"a", 1, 1, "k", "two\nlines \x1b[2J\x7f", "no", "a:1:1: k = two\\x0alines \\x1b[2J\\x7f: no\n"},
        {"a", 1, 1, "k", "\xc2\x9bJ \xc3\xa9", "no", "a:1:1: k = \\xc2\x9bJ \xc3\xa9: no\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_error err = {0};
        hl_error_add(&err, rows[i].file, rows[i].line, rows[i].column, rows[i].key, rows[i].value, "%s",
                     rows[i].message);
        char *text = printed(&err);
        cr_expect_str_eq(text, rows[i].want);
        cr_expect(err.status == HL_INVALID && err.count == 1);
        free(text);
        hl_error_free(&err);
    }
}

Test(status, long_values_are_cut) {
    struct hl_error err = {0};
    char value[201];
    memset(value, 'x', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    memcpy(value + 79, "\xc3\xa9", 2); /* a character over the edge stays whole */
    hl_error_add(&err, NULL, 0, 0, NULL, value, "too long");
    cr_expect_str_eq(err.faults[0].value, value, "kept whole");
    char *text = printed(&err);
    cr_expect_eq(strlen(text), 81 + strlen("...: too long\n"));
    cr_expect_not_null(strstr(text, "x\xc3\xa9...: too long\n"));
    free(text);
    hl_error_free(&err);
}

Test(status, worst_status_wins) {
    const struct {
        enum hl_status first, second, want;
    } rows[] = {
        {HL_INVALID, HL_INVALID, HL_INVALID},
        {HL_INVALID, HL_FAILED, HL_FAILED},
        {HL_FAILED, HL_INVALID, HL_FAILED},
        {HL_INTERRUPTED, HL_INVALID, HL_INVALID},
        {HL_INVALID, HL_INTERRUPTED, HL_INVALID},
        {HL_INTERRUPTED, HL_FAILED, HL_FAILED},
        {HL_INTERRUPTED, HL_INTERRUPTED, HL_INTERRUPTED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_error err = {0};
        cr_expect_eq(hl_fail(&err, rows[i].first, "first %d", 1), rows[i].first);
        cr_expect_eq(hl_fail(&err, rows[i].second, "second"), rows[i].second, "its own status, not the worst");
        cr_expect_eq(err.status, rows[i].want, "row %zu", i);
        cr_expect_str_eq(err.faults[0].message, "first 1");
        hl_error_free(&err);
    }
}

Test(status, memory) {
    struct hl_error err = {0};
    cr_expect_eq(hl_fail_memory(&err), HL_FAILED);
    cr_expect_str_eq(err.faults[0].message, "out of memory");
    hl_error_free(&err);
}

Test(status, faults_past_the_most_are_counted) {
    struct hl_error err = {0};
    for (int i = 0; i < HL_ERROR_MOST + 3; i++)
        hl_error_add(&err, "a", i + 1, 0, NULL, NULL, "fault %d", i);
    cr_expect_eq(err.count, HL_ERROR_MOST);
    cr_expect_eq(err.dropped, 3);
    cr_expect_str_eq(err.faults[HL_ERROR_MOST - 1].message, "fault 199");
    char *text = printed(&err);
    cr_expect_not_null(strstr(text, "a:200: fault 199\nand 3 more\n"));
    free(text);
    hl_error_free(&err);
    cr_expect(err.status == HL_OK && !err.faults && err.count == 0 && err.dropped == 0);
}

/* Without memory for a single fault there is still a reason to print. */
Test(status, no_memory_for_any_fault) {
    struct hl_error err = {.status = HL_FAILED, .dropped = 2};
    char *text = printed(&err);
    cr_expect_str_eq(text, "out of memory\n");
    free(text);
}

Test(status, an_empty_error_prints_nothing) {
    struct hl_error err = {0};
    char *text = printed(&err);
    cr_expect_str_eq(text, "");
    free(text);
    hl_error_free(&err);
}
