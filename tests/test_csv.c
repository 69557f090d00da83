#include "base/csv.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* The table on one line: cells in brackets, rows between bars; the caller frees it. */
static char *table_text(const struct hl_csv *table) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < table->column_count; i++)
        fprintf(out, "[%s]", table->header[i].text);
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        fprintf(out, "%s[%s]", i % table->column_count ? "" : "|", table->cells[i].text);
    fclose(out);
    return text;
}

static char *faults_text(const struct hl_error *err) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    hl_error_print(err, out);
    fclose(out);
    return text;
}

Test(csv, tables) {
    const struct {
        const char *text, *want;
    } rows[] = {
        {"a,b\n1,2\n", "[a][b]|[1][2]"},
        {"a,b\n1,2", "[a][b]|[1][2]"},
        {"a,b\r\n1,2\r\n3,4\r\n", "[a][b]|[1][2]|[3][4]"},
        {"a,b\r1,2\r", "[a][b]|[1][2]"},
        {"\xef\xbb\xbf"
         "a,b\n1,2\n",
         "[a][b]|[1][2]"},
        {"a\n", "[a]"},
        {"a\n1\n\n \n\t\n2\n", "[a]|[1]|[2]"},
        {"# about\n\n  # \"more, \n a , b \n# it's 5\" \n 1\t,\t2 \n#3,4\n", "[a][b]|[1][2]"},
        {"a,b\n,\n1,\n,2", "[a][b]|[][]|[1][]|[][2]"},
        {"a,b\n1,", "[a][b]|[1][]"},
        {"a,b\n1, ", "[a][b]|[1][]"},
        {"a,b\n\"\",\" x \"\n", "[a][b]|[][ x ]"},
        {"a,b\n \"1,\"\"5\" ,2\n", "[a][b]|[1,\"5][2]"},
        {"a,b\n\"two\nlines\",2\n", "[a][b]|[two\nlines][2]"},
        {"a,b\n\"\n#x\n\",2\n", "[a][b]|[\n#x\n][2]"}, /* no comment within quotes */
        {"a,b\n1,#2\n\"#3\",4\n", "[a][b]|[1][#2]|[#3][4]"},
        {"a;b\n1 2\n", "[a;b]|[1 2]"},
        {"a,b\ncaf\xc3\xa9,\xe2\x82\xac 5\n", "[a][b]|[caf\xc3\xa9][\xe2\x82\xac 5]"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_arena arena = {0};
        struct hl_error err = {0};
        struct hl_csv table = {0};
        cr_expect_eq(hl_csv_read(&table, &arena, "t.csv", rows[i].text, strlen(rows[i].text), &err), HL_OK, "row %zu",
                     i);
        char *text = table_text(&table);
        cr_expect_str_eq(text, rows[i].want);
        cr_expect_str_eq(table.file, "t.csv");
        free(text);
        hl_error_free(&err);
        hl_arena_free(&arena);
    }
}

Test(csv, places) {
    const char *text = "# note\r\n"                    /* 1 */
                       "a, b ,c\r\n"                   /* 2 */
                       "\r\n"                          /* 3 */
                       "caf\xc3\xa9,\"x\r\ny\" ,  z\n" /* 4 and 5 */
                       " , ,\n";                       /* 6 */
    const int want[][2] = {{2, 1}, {2, 4}, {2, 7}, {4, 1}, {4, 7}, {5, 7}, {6, 2}, {6, 4}, {6, 5}};
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_csv table = {0};
    cr_assert_eq(hl_csv_read(&table, &arena, "t.csv", text, strlen(text), &err), HL_OK);
    cr_assert(table.column_count == 3 && table.row_count == 2);
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        const struct hl_csv_cell *cell = i < 3 ? &table.header[i] : &table.cells[i - 3];
        cr_expect(cell->line == want[i][0] && cell->column == want[i][1], "cell %zu: %d:%d", i, cell->line,
                  cell->column);
    }
    hl_arena_free(&arena);
}

Test(csv, refusals) {
    const struct {
        const char *text;
        size_t size; /* 0: up to the NUL */
        const char *want, *table;
    } rows[] = {
        {"", 0, "t.csv: the table has no header row\n", ""},
        {"\n  \n# only this\n", 0, "t.csv: the table has no header row\n", ""},
        {"a,b\n1,2,3\n4\n5,6\n,,,,\n", 0,
         "t.csv:2:5: the row has 3 cells where the header has 2\n"
         "t.csv:3:1: the row has 1 cell where the header has 2\n"
         "t.csv:5:3: the row has 5 cells where the header has 2\n",
         "[a][b]|[5][6]"},
        {"a,b\n1,000,2\n", 0, "t.csv:2:7: the row has 3 cells where the header has 2\n",
         "[a][b]"}, /* a thousands comma */
        {"a,b,a,,b,a\n", 0,
         "t.csv:1:5: a: the column is given twice; the first is at line 1, column 1\n"
         "t.csv:1:7: a column has no name\n"
         "t.csv:1:8: b: the column is given twice; the first is at line 1, column 3\n"
         "t.csv:1:10: a: the column is given twice; the first is at line 1, column 1\n",
         "[a][b][a][][b][a]"},
        {"a,\"\"\n1\n", 0,
         "t.csv:1:3: a column has no name\n"
         "t.csv:2:1: the row has 1 cell where the header has 2\n",
         "[a][]"},
        {"a,b\n1,5\" disk\n3,4\n", 0,
         "t.csv:2:4: a quote in a cell that does not begin with one: quote the whole cell and double the quotes in "
         "it\n",
         "[a][b]"},
        {"a,b\n1,\"5\"x\n", 0,
         "t.csv:2:6: text after the closing quote of the cell that begins at line 2, column 3: quotes in a quoted cell "
         "are doubled\n",
         "[a][b]"},
        {"a,b\n1,2\n3,\"4\n5,6\n7,\"8\"\n", 0,
         "t.csv:5:4: text after the closing quote of the cell that begins at line 3, column 3: quotes in a quoted cell "
         "are doubled\n",
         "[a][b]|[1][2]"},
        {"a,b\n1,2\n3,\"4\n5,6\n", 0, "t.csv:3:3: a quote that is never closed\n", "[a][b]|[1][2]"},
        {"a,b\n1,\"", 0, "t.csv:2:3: a quote that is never closed\n", "[a][b]"},
        {"a,b\n1,\0\n", 8, "t.csv:2:3: a NUL byte: the file is not text\n", ""},
        {"a,b\ncaf\xe9,1\n", 0, "t.csv:2:4: not UTF-8: save the file as UTF-8\n", ""},
        {"\xff\xfe"
         "a\0,\0b\0",
         8, "t.csv:1:1: not UTF-8: save the file as UTF-8\n", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_arena arena = {0};
        struct hl_error err = {0};
        struct hl_csv table = {0};
        size_t size = rows[i].size ? rows[i].size : strlen(rows[i].text);
        cr_expect_eq(hl_csv_read(&table, &arena, "t.csv", rows[i].text, size, &err), HL_INVALID, "row %zu", i);
        char *faults = faults_text(&err);
        char *text = table_text(&table);
        cr_expect_str_eq(faults, rows[i].want);
        cr_expect_str_eq(text, rows[i].table);
        free(faults);
        free(text);
        hl_error_free(&err);
        hl_arena_free(&arena);
    }
}

/* Reads a header of `columns` cells and one row like it. */
static enum hl_status read_wide(size_t columns, struct hl_error *err) {
    struct hl_arena arena = {0};
    struct hl_csv table = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < 2 * columns; i++)
        fprintf(out, "c%zu%s", i, (i + 1) % columns ? "," : "\n");
    fclose(out);
    enum hl_status status = hl_csv_read(&table, &arena, "t.csv", text, size, err);
    cr_expect(status != HL_OK || strcmp(table.cells[columns - 1].text, columns == 1 ? "c1" : "c1999") == 0);
    free(text);
    hl_arena_free(&arena);
    return status;
}

Test(csv, width) {
    struct hl_error err = {0};
    cr_expect_eq(read_wide(1, &err), HL_OK);
    cr_expect_eq(read_wide(1000, &err), HL_OK);
    cr_expect_eq(read_wide(1001, &err), HL_INVALID);
    cr_expect_eq(err.count, 1);
    cr_expect_str_eq(err.faults[0].message, "the header has more than 1000 columns");
    hl_error_free(&err);
}

Test(csv, size) {
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_csv table = {0};
    char *text = malloc((size_t)HL_CSV_BYTES + 1);
    memset(text, '#', (size_t)HL_CSV_BYTES + 1);
    cr_expect_eq(hl_csv_read(&table, &arena, "t.csv", text, (size_t)HL_CSV_BYTES + 1, &err), HL_INVALID);
    cr_expect_str_eq(err.faults[0].message, "the file is too large: 64 MiB are allowed");
    hl_error_free(&err);
    memcpy(text, "a\n", 2); /* the rest is one comment */
    cr_expect_eq(hl_csv_read(&table, &arena, "t.csv", text, HL_CSV_BYTES, &err), HL_OK);
    cr_expect_eq(table.column_count, 1);
    free(text);
    hl_arena_free(&arena);
}

Test(csv, many_rows) {
    enum { ROWS = 5000 };
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_csv table = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "id,square\n");
    for (int i = 0; i < ROWS; i++)
        fprintf(out, "%d,%d\n", i, i * i);
    fclose(out);
    cr_assert_eq(hl_csv_read(&table, &arena, "t.csv", text, size, &err), HL_OK);
    cr_assert_eq(table.row_count, ROWS);
    for (int i = 0; i < ROWS; i++) {
        cr_assert_eq(atoi(table.cells[2 * i].text), i);
        cr_assert_eq(atoi(table.cells[2 * i + 1].text), i * i);
        cr_assert_eq(table.cells[2 * i].line, i + 2);
    }
    free(text);
    hl_arena_free(&arena);
}
