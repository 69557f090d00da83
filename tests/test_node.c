#include "base/yaml.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char SCENARIO[] = "trials: 1_000\n"
                               "funds:\n"
                               "  - own_capital\n"
                               "  - reserve: {amount: 2 bn, after: 3 d}\n"
                               "report: {confidence: [95 %, 99 %]}\n"
                               "tables:\n";

static struct hl_node *read_scenario(struct hl_arena *arena) {
    struct hl_error err = {0};
    struct hl_node *root = NULL;
    cr_assert_eq(hl_yaml_read(&root, arena, "s.yaml", SCENARIO, strlen(SCENARIO), &err), HL_OK);
    return root;
}

static void write_node(FILE *out, const struct hl_node *node) {
    if (node->kind == HL_NODE_SCALAR) {
        fprintf(out, node->quoted ? "'%s'" : "%s", node->text);
        return;
    }
    fputc(node->kind == HL_NODE_MAP ? '{' : '[', out);
    for (size_t i = 0; i < node->count; i++) {
        fputs(i ? " " : "", out);
        if (node->kind == HL_NODE_MAP)
            fprintf(out, "%s:", node->keys[i]);
        write_node(out, node->items[i]);
    }
    fputc(node->kind == HL_NODE_MAP ? '}' : ']', out);
}

/* The tree on one line; the caller frees it. */
static char *tree_text(const struct hl_node *root) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    write_node(out, root);
    fclose(out);
    return text;
}

Test(node, get) {
    struct hl_arena arena = {0};
    struct hl_node *root = read_scenario(&arena);
    cr_expect_str_eq(hl_node_get(root, "trials")->text, "1_000");
    cr_expect_null(hl_node_get(root, "trial"));
    cr_expect_null(hl_node_get(hl_node_get(root, "trials"), "trials"), "a scalar has no keys");
    cr_expect_null(hl_node_get(hl_node_get(root, "funds"), "0"), "a list has no keys");
    hl_arena_free(&arena);
}

Test(node, set) {
    const struct {
        const char *path, *text, *want;
    } rows[] = {
        {"trials", "5 m",
         "{trials:5 m funds:[own_capital {reserve:{amount:2 bn after:3 d}}] report:{confidence:[95 % 99 %]} tables:}"},
        {"funds[1].reserve.amount", "3 bn",
         "{trials:1_000 funds:[own_capital {reserve:{amount:3 bn after:3 d}}] report:{confidence:[95 % 99 %]} "
         "tables:}"},
        {"funds[1].reserve.name", "'r'",
         "{trials:1_000 funds:[own_capital {reserve:{amount:2 bn after:3 d name:'r'}}] report:{confidence:[95 % 99 %]} "
         "tables:}"},
        {"funds[0]", "{parent: {amount: 1}}",
         "{trials:1_000 funds:[{parent:{amount:1}} {reserve:{amount:2 bn after:3 d}}] report:{confidence:[95 % 99 %]} "
         "tables:}"},
        {"funds", "[]", "{trials:1_000 funds:[] report:{confidence:[95 % 99 %]} tables:}"},
        {"report.confidence[1]", "99.9 %",
         "{trials:1_000 funds:[own_capital {reserve:{amount:2 bn after:3 d}}] report:{confidence:[95 % 99.9 %]} "
         "tables:}"},
        {"report.confidence", "[50 %]",
         "{trials:1_000 funds:[own_capital {reserve:{amount:2 bn after:3 d}}] report:{confidence:[50 %]} tables:}"},
        {"seed", "7",
         "{trials:1_000 funds:[own_capital {reserve:{amount:2 bn after:3 d}}] report:{confidence:[95 % 99 %]} tables: "
         "seed:7}"},
        {"a.b.c", "7",
         "{trials:1_000 funds:[own_capital {reserve:{amount:2 bn after:3 d}}] report:{confidence:[95 % 99 %]} tables: "
         "a:{b:{c:7}}}"},
        {"tables.assets", "a.csv",
         "{trials:1_000 funds:[own_capital {reserve:{amount:2 bn after:3 d}}] report:{confidence:[95 % 99 %]} "
         "tables:{assets:a.csv}}"},
        {"tables.a.b", "1",
         "{trials:1_000 funds:[own_capital {reserve:{amount:2 bn after:3 d}}] report:{confidence:[95 % 99 %]} "
         "tables:{a:{b:1}}}"},
        {"trials", "",
         "{trials: funds:[own_capital {reserve:{amount:2 bn after:3 d}}] report:{confidence:[95 % 99 %]} tables:}"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_arena arena = {0};
        struct hl_node *root = read_scenario(&arena);
        const char *fault = hl_node_set(root, &arena, rows[i].path, rows[i].text);
        cr_expect_null(fault, "%s: %s", rows[i].path, fault);
        char *text = tree_text(root);
        cr_expect_str_eq(text, rows[i].want);
        free(text);
        hl_arena_free(&arena);
    }
}

Test(node, set_forgets_places) {
    struct hl_arena arena = {0};
    struct hl_node *root = read_scenario(&arena);
    cr_assert_null(hl_node_set(root, &arena, "report.confidence", "[50 %, {a: 1}]"));
    cr_assert_null(hl_node_set(root, &arena, "new.key", "1"));
    const struct hl_node *list = hl_node_get(hl_node_get(root, "report"), "confidence");
    const struct hl_node *made = hl_node_get(root, "new");
    cr_expect(list->line == 0 && list->column == 0);
    cr_expect(list->items[0]->line == 0 && list->items[1]->line == 0);
    cr_expect(list->items[1]->key_lines[0] == 0 && list->items[1]->items[0]->line == 0);
    cr_expect(made->line == 0 && made->key_lines[0] == 0 && made->items[0]->line == 0);
    cr_expect(root->key_lines[root->count - 1] == 0 && root->key_lines[0] == 1, "the others keep theirs");
    hl_arena_free(&arena);
}

Test(node, set_refusals) {
    const struct {
        const char *path, *text, *want;
    } rows[] = {
        {"", "1", "a part of the path is empty: write it like report.deadline"},
        {".a", "1", "a part of the path is empty: write it like report.deadline"},
        {"a.", "1", "a part of the path is empty: write it like report.deadline"},
        {"a..b", "1", "a part of the path is empty: write it like report.deadline"},
        {"funds[]", "1", "an index is a whole number in brackets, such as funds[2]"},
        {"funds[x]", "1", "an index is a whole number in brackets, such as funds[2]"},
        {"funds[1", "1", "an index is a whole number in brackets, such as funds[2]"},
        {"funds[-1]", "1", "an index is a whole number in brackets, such as funds[2]"},
        {"funds[99999999999999999999]", "1", "an index is a whole number in brackets, such as funds[2]"},
        {"funds[1]x", "1", "after ] comes a . or another ["},
        {"funds[2]", "1", "funds[2] is not there: the list is shorter (the first is [0])"},
        {"funds[2].reserve", "1", "funds[2] is not there: the list is shorter (the first is [0])"},
        {"trials[0]", "1", "trials[0] is not there: this is no list"},
        {"[0]", "1", "[0] is not there: this is no list"},
        {"trials.x", "1", "trials is not a map"},
        {"funds[0].reserve", "1", "funds[0] is not a map"},
        {"funds.reserve", "1", "funds is not a map"},
        {"a.b[0].c", "1", "a.b[0] is not in the scenario: a list must exist"},
        {"tables.b[0]", "1", "tables.b[0] is not in the scenario: a list must exist"},
        {"trials", "[1", "not valid YAML: while parsing a flow sequence from line 1: did not find expected ',' or ']'"},
        {"trials", "*x", "aliases (*name) are not allowed: write the value out"},
        {"trials", "{a: 1, a: 2}", "given twice; the first is at line 1, column 2"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_arena arena = {0};
        struct hl_node *root = read_scenario(&arena);
        char *before = tree_text(root);
        const char *fault = hl_node_set(root, &arena, rows[i].path, rows[i].text);
        cr_expect(fault && strcmp(fault, rows[i].want) == 0, "%s: %s", rows[i].path, fault ? fault : "accepted");
        char *after = tree_text(root);
        cr_expect_str_eq(after, before, "nothing is changed");
        free(before);
        free(after);
        hl_arena_free(&arena);
    }
}

Test(node, set_deep_path) {
    struct hl_arena arena = {0};
    struct hl_node *root = read_scenario(&arena);
    char path[2 * HL_YAML_DEPTH + 2];
    for (size_t i = 0; i < sizeof path; i++)
        path[i] = i % 2 ? '.' : 'a';
    path[2 * HL_YAML_DEPTH + 1] = '\0'; /* one part too many */
    const char *fault = hl_node_set(root, &arena, path, "1");
    cr_expect(fault && strstr(fault, "too many parts"));
    path[2 * HL_YAML_DEPTH - 1] = '\0';
    cr_expect_null(hl_node_set(root, &arena, path, "1"));
    hl_arena_free(&arena);
}
