#include "base/text.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

Test(text, utf_8) {
    const struct {
        const char *bytes;
        size_t size;
        int wrong_at; /* -1 = none */
    } rows[] = {
        {"", 0, -1},
        {"abc", 3, -1},
        {"\xc2\x80 \xdf\xbf", 5, -1},
        {"\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf", 15, -1},
        {"\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf", 9, -1},
        {"ab\0c", 4, 2},
        {"a\x80", 2, 1},             /* continues nothing */
        {"a\xc1\xbf", 3, 1},         /* longer than needed */
        {"a\xe0\x9f\xbf", 4, 1},     /* longer than needed */
        {"a\xf0\x8f\xbf\xbf", 5, 1}, /* longer than needed */
        {"\xed\xa0\x80", 3, 0},      /* surrogate */
        {"\xf4\x90\x80\x80", 4, 0},  /* past U+10FFFF */
        {"\xf5\x80\x80\x80", 4, 0},
        {"\xff", 1, 0},
        {"ab\xc3", 3, 2}, /* cut */
        {"ab\xe2\x82", 4, 2},
        {"ab\xf0\x9f\x98", 5, 2},
        {"ab\xe2\x82x", 5, 2},
        {"caf\xe9 1", 6, 3}, /* Latin-1 */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t at = 999;
        const char *fault = hl_text_fault(rows[i].bytes, rows[i].size, &at);
        cr_expect_eq(fault == NULL, rows[i].wrong_at < 0, "row %zu", i);
        cr_expect_eq(at, fault ? (size_t)rows[i].wrong_at : 999, "row %zu", i);
    }
}

Test(text, faults_say_what) {
    size_t at = 0;
    cr_expect_not_null(strstr(hl_text_fault("a\0", 2, &at), "NUL"));
    cr_expect_not_null(strstr(hl_text_fault("a\xff", 2, &at), "UTF-8"));
}

Test(text, places) {
    const char *text = "ab\ncd\r\nef\rgh\n";
    const struct {
        size_t at;
        int line, column;
    } rows[] = {{0, 1, 1}, {2, 1, 3}, {3, 2, 1},  {5, 2, 3},  {6, 2, 4},
                {7, 3, 1}, {9, 3, 3}, {10, 4, 1}, {12, 4, 3}, {13, 5, 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int line = 0, column = 0;
        hl_text_place(text, rows[i].at, &line, &column);
        cr_expect(line == rows[i].line && column == rows[i].column, "offset %zu: %d:%d", rows[i].at, line, column);
    }
}

Test(text, byte_order_mark) {
    cr_expect_eq(hl_text_mark("\xef\xbb\xbf"
                              "a",
                              4),
                 3);
    cr_expect_eq(hl_text_mark("\xef\xbb\xbf", 3), 3);
    cr_expect_eq(hl_text_mark("\xef\xbb", 2), 0);
    cr_expect_eq(hl_text_mark("abc", 3), 0);
}
