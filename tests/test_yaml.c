#include "base/yaml.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Writes a tree on one line: texts bare, quoted texts in '', lists in [], maps in {}. */
static void write_tree(FILE *out, const struct hl_node *node) {
    if (node->kind == HL_NODE_SCALAR) {
        fprintf(out, node->quoted ? "'%s'" : "%s", node->text);
        return;
    }
    fputc(node->kind == HL_NODE_MAP ? '{' : '[', out);
    for (size_t i = 0; i < node->count; i++) {
        fputs(i ? ", " : "", out);
        if (node->kind == HL_NODE_MAP)
            fprintf(out, "%s: ", node->keys[i]);
        write_tree(out, node->items[i]);
    }
    fputc(node->kind == HL_NODE_MAP ? '}' : ']', out);
}

Test(yaml, trees) {
    const struct {
        const char *text, *want;
    } rows[] = {
        {"", "{}"},
        {"\n# only a comment\n", "{}"},
        {"---\n", "{}"},
        {"---\na: 1\n...\n", "{a: 1}"},
        {"\xef\xbb\xbf"
         "a: 1\n",
         "{a: 1}"},
        {"a: 1\r\nb: 2\r\n", "{a: 1, b: 2}"},
        {"a:\nb: ''\n", "{a: , b: ''}"},
        {"count: {poisson: {rate: 1.2 % / y}}", "{count: {poisson: {rate: 1.2 % / y}}}"},
        {"report: {confidence: [95 %, 99.9 %]}", "{report: {confidence: [95 %, 99.9 %]}}"},
        {"funds:\n  - guarantee_crypto\n  - reserve: {amount: 2 bn}\n",
         "{funds: [guarantee_crypto, {reserve: {amount: 2 bn}}]}"},
        {"funds: []\n", "{funds: []}"},
        {"a: >-\n  one\n  two\nb: \"x\\ty\"\n", "{a: 'one two', b: 'x\ty'}"},
        {"[1, [2, {}], 3]", "[1, [2, {}], 3]"},
        {"word", "word"},
        {"a: 1e400\nb: ~\nc: NULL", "{a: 1e400, b: ~, c: NULL}"}, /* texts; what they mean is for the reader of keys */
        {"b: 2\na: 1\nc: {b: 3}\n", "{b: 2, a: 1, c: {b: 3}}"},   /* order kept; the same key in another map */
        {"1: a\n1.0: b\n'': c\n", "{1: a, 1.0: b, : c}"},
        {"t: [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]",
         "{t: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]}"},
        {"{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9}",
         "{a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9}"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_arena arena = {0};
        struct hl_error err = {0};
        struct hl_node *root = NULL;
        enum hl_status status = hl_yaml_read(&root, &arena, "s.yaml", rows[i].text, strlen(rows[i].text), &err);
        cr_assert_eq(status, HL_OK, "row %zu: %s", i, err.count ? err.faults[0].message : "");
        cr_expect_eq(err.count, 0);
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        write_tree(out, root);
        fclose(out);
        cr_expect_str_eq(text, rows[i].want);
        free(text);
        hl_error_free(&err);
        hl_arena_free(&arena);
    }
}

Test(yaml, places_in_bytes) {
    const char *text = "title: caf\xc3\xa9\n"                          /* 1 */
                       "b\xc3\xa9: {h\xc3\xa9: \xe2\x82\xac, x: [5,\n" /* 2 */
                       "  'z']}\n"                                     /* 3 */
                       "empty:\n"                                      /* 4 */
                       "last: 1\n";                                    /* 5 */
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_node *root = NULL;
    cr_assert_eq(hl_yaml_read(&root, &arena, "s.yaml", text, strlen(text), &err), HL_OK);
    const struct hl_node *map = hl_node_get(root, "b\xc3\xa9");
    const struct hl_node *list = hl_node_get(map, "x");
    cr_expect(root->line == 1 && root->column == 1);
    cr_expect(root->key_lines[0] == 1 && root->key_columns[0] == 1);
    cr_expect(root->items[0]->line == 1 && root->items[0]->column == 8);
    cr_expect(root->key_lines[1] == 2 && root->key_columns[1] == 1);
    cr_expect(map->line == 2 && map->column == 6);
    cr_expect(map->key_lines[0] == 2 && map->key_columns[0] == 7);
    cr_expect(map->items[0]->line == 2 && map->items[0]->column == 12);
    cr_expect(map->key_lines[1] == 2 && map->key_columns[1] == 17);
    cr_expect(list->line == 2 && list->column == 20);
    cr_expect(list->items[0]->line == 2 && list->items[0]->column == 21);
    cr_expect(list->items[1]->line == 3 && list->items[1]->column == 3);
    cr_expect(hl_node_get(root, "empty")->line == 4);
    cr_expect(root->key_lines[3] == 5 && hl_node_get(root, "last")->column == 7);
    hl_arena_free(&arena);
}

struct refused {
    const char *text;
    const char *want; /* all the faults, as printed */
};

Test(yaml, refusals) {
    const struct refused rows[] = {
        {"a: &x 1\n", "s.yaml:1:4: a: anchors (&name) are not allowed: write the value out\n"},
        {"a: *x\n", "s.yaml:1:4: a: aliases (*name) are not allowed: write the value out\n"},
        {"a: {b: [1, *x]}\n", "s.yaml:1:12: a.b[1]: aliases (*name) are not allowed: write the value out\n"},
        {"&a [*a]\n", "s.yaml:1:1: anchors (&name) are not allowed: write the value out\n"
                      "s.yaml:1:5: [0]: aliases (*name) are not allowed: write the value out\n"},
        {"a: !!int 1\n", "s.yaml:1:4: a: tags (!name) are not allowed: write the bare value\n"},
        {"a: !x {b: 1}\n", "s.yaml:1:4: a: tags (!name) are not allowed: write the bare value\n"},
        {"a: &y !x [1]\n", "s.yaml:1:4: a: anchors (&name) are not allowed: write the value out\n"
                           "s.yaml:1:4: a: tags (!name) are not allowed: write the bare value\n"},
        {"a: 1\nb: 2\na: 3\n", "s.yaml:3:1: a: given twice; the first is at line 1, column 1\n"},
        {"f:\n  - x\n  - {c: 1, d: 2, c: 3, d: 4, c: 5}\n",
         "s.yaml:3:18: f[1].c: given twice; the first is at line 3, column 6\n"
         "s.yaml:3:24: f[1].d: given twice; the first is at line 3, column 12\n"
         "s.yaml:3:30: f[1].c: given twice; the first is at line 3, column 6\n"},
        {"a: 1\n---\nb: 2\n", "s.yaml:2:1: a second document (---): one file holds one scenario\n"},
        {"a: 1\n...\nb: 2\n", "s.yaml:3:1: not valid YAML: did not find expected <document start>\n"},
        {"? [1, 2]\n: 3\n", "s.yaml:1:3: a key must be a plain word, not a list or map\n"},
        {"? {k: &q 1, k: 2}\n: 3\n? [1]\n: 4\n", "s.yaml:1:3: a key must be a plain word, not a list or map\n"
                                                 "s.yaml:1:7: k: anchors (&name) are not allowed: write the value out\n"
                                                 "s.yaml:1:13: k: given twice; the first is at line 1, column 4\n"
                                                 "s.yaml:3:3: a key must be a plain word, not a list or map\n"},
        {"a: \"x\\0y\"\n", "s.yaml:1:4: a: a NUL character is not allowed in a text\n"},
        {"caf\xc3\xa9: 1\nb: caf\xe9\n", "s.yaml:2:7: not UTF-8: save the file as UTF-8\n"},
        {"a: 1\nb: \x01\n", "s.yaml:2:4: not valid YAML: control characters are not allowed\n"},
        {"\xef\xbb\xbf"
         "a: 1\nb: \x01\n",
         "s.yaml:2:4: not valid YAML: control characters are not allowed\n"},
        {"a: [1, 2\nb: 3\n", "s.yaml:2:2: a[2]: not valid YAML: while parsing a flow sequence from line 1: did not "
                             "find expected ',' or ']'\n"},
        {"a: 1\n\tb: 2\n", "s.yaml:2:1: a: not valid YAML: while scanning a plain scalar from line 1: found a tab "
                           "character that violates indentation\n"},
        {"\xc3\xa9: @x\n", "s.yaml:1:5: \xc3\xa9: not valid YAML: while scanning for the next token from line 1: found "
                           "character that cannot "
                           "start any token (indent with blanks, and quote a text that starts with % @ or `)\n"},
        {"a: 'x\n",
         "s.yaml:2:1: a: not valid YAML: while scanning a quoted scalar from line 1: found unexpected end of stream\n"},
        {"a: &x 1\nb: *x\nb: {\n", /* what came before the syntax broke is told too */
         "s.yaml:1:4: a: anchors (&name) are not allowed: write the value out\n"
         "s.yaml:2:4: b: aliases (*name) are not allowed: write the value out\n"
         "s.yaml:4:1: b: not valid YAML: while parsing a flow node from line 4: did not find expected node content\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_arena arena = {0};
        struct hl_error err = {0};
        struct hl_node *root = NULL;
        cr_expect_eq(hl_yaml_read(&root, &arena, "s.yaml", rows[i].text, strlen(rows[i].text), &err), HL_INVALID);
        cr_expect_null(root);
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        hl_error_print(&err, out);
        fclose(out);
        cr_expect_str_eq(text, rows[i].want);
        free(text);
        hl_error_free(&err);
        hl_arena_free(&arena);
    }
}

/* Reads `size` bytes; the message of the first fault (to be freed), or NULL. */
static char *first_message(const char *bytes, size_t size) {
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_node *root = NULL;
    enum hl_status status = hl_yaml_read(&root, &arena, "s.yaml", bytes, size, &err);
    char *message = status == HL_OK ? NULL : strdup(err.faults[0].message);
    hl_error_free(&err);
    hl_arena_free(&arena);
    return message;
}

Test(yaml, nul_bytes) {
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_node *root = NULL;
    cr_assert_eq(hl_yaml_read(&root, &arena, "s.yaml", "a: 1\nb\0: 2\n", 11, &err), HL_INVALID);
    cr_expect(err.faults[0].line == 2 && err.faults[0].column == 2);
    cr_expect_str_eq(err.faults[0].message, "a NUL byte: the file is not text");
    hl_error_free(&err);
    hl_arena_free(&arena);
}

/* A list of lists, `depth` deep, without its closing brackets when `open`. */
static char *nested(size_t depth, bool open) {
    char *text = calloc(1, 2 * depth + 1);
    memset(text, '[', depth);
    if (!open)
        memset(text + depth, ']', depth);
    return text;
}

Test(yaml, nesting) {
    const struct {
        size_t depth;
        bool open, fine;
    } rows[] = {{HL_YAML_DEPTH, false, true},
                {HL_YAML_DEPTH + 1, false, false},
                {100000, false, false},
                {1000000, true, false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char *text = nested(rows[i].depth, rows[i].open);
        clock_t start = clock();
        char *message = first_message(text, strlen(text));
        cr_expect_eq(message == NULL, rows[i].fine, "row %zu", i);
        cr_expect(!message || strstr(message, "64 levels"), "row %zu: %s", i, message);
        cr_expect_lt((double)(clock() - start) / CLOCKS_PER_SEC, 1.0, "row %zu is slow", i);
        free(message);
        free(text);
    }
}

Test(yaml, size) {
    char *text = malloc(HL_YAML_BYTES + 1);
    memset(text, '#', HL_YAML_BYTES + 1);
    cr_expect_null(first_message(text, HL_YAML_BYTES));
    char *message = first_message(text, HL_YAML_BYTES + 1);
    cr_expect_str_eq(message, "the file is too large: 4 MiB are allowed");
    free(message);
    free(text);
}

Test(yaml, many_keys_are_no_burden) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    for (int i = 0; i < 300000; i++)
        fprintf(out, "k%d: 1\n", i);
    fprintf(out, "k7: 2\n");
    fclose(out);
    clock_t start = clock();
    char *message = first_message(text, size);
    cr_expect_str_eq(message, "given twice; the first is at line 8, column 1");
    cr_expect_lt((double)(clock() - start) / CLOCKS_PER_SEC, 10.0);
    free(message);
    free(text);
}

Test(yaml, long_keys_are_cut_in_messages) {
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_node *root = NULL;
    char text[3000];
    char key[501];
    memset(key, 'k', sizeof key - 1);
    key[sizeof key - 1] = '\0';
    snprintf(text, sizeof text, "%s: {%s: {a: 1, a: 2}}", key, key);
    cr_assert_eq(hl_yaml_read(&root, &arena, "s.yaml", text, strlen(text), &err), HL_INVALID);
    cr_expect_eq(strlen(err.faults[0].key), 255);
    hl_error_free(&err);
    hl_arena_free(&arena);
}
