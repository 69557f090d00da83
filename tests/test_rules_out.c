/* Rules as text in 80 columns and as a table. */
#include "results/rules_out.h"
#include "scenario_fixture.h"

#include <math.h>

enum { USES = 4 };

struct bench {
    struct hl_scenario s;
    struct hl_arena arena;
    struct hl_error err;
    struct hl_rule_use uses[USES];
    struct hl_rules_question q;
};

static void start(struct bench *b) {
    static const char *const rules[USES] = {"jp_psa", "kr_vaupa", "eu_mica", "jp_a2"};
    *b = (struct bench){0};
    char *printed = fixture_run(&b->s, NULL, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    for (size_t i = 0; i < USES; i++)
        cr_assert_eq(hl_rule_use_make(&b->uses[i], &b->arena, &b->s, hl_rule_find(rules[i]), &b->err), HL_OK);
    b->q = (struct hl_rules_question){.scenario = &b->s, .uses = b->uses, .count = USES};
}

static void finish(struct bench *b) {
    hl_arena_free(&b->arena);
    hl_scenario_free(&b->s);
}

/* What a printer prints; the caller frees. */
static char *printed_by(void (*print)(FILE *out, const struct hl_rules_question *q),
                        const struct hl_rules_question *q) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    print(out, q);
    fclose(out);
    return text;
}

static void expect_narrow(const char *text) {
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        cr_expect(length <= 80, "%.*s", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

/* ape has 1 bn hot of 43.5 bn and no guarantee, bee 0.5 bn, all of it hot, with as much guarantee. */
Test(rules_out, one_line_a_rule) {
    struct bench b;
    start(&b);
    char *text = printed_by(hl_rules_overview, &b.q);
    expect_narrow(text);
    static const char *const lines[] = {
        "rule                asks for        held  below       broken\n",
        "jp_psa               1.50 bn       500 m     1 of 2       1\n",
        "kr_vaupa               630 m     12.8 bn     0 of 2       1\n",
        "eu_mica          not told: needs E\n",
        "jp_a2                4.00 bn     2.80 bn     2 of 2       -\n",
        "illustrative",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        cr_expect(strstr(text, lines[i]) != NULL, "%s is not in\n%s", lines[i], text);
    free(text);
    finish(&b);
}

Test(rules_out, one_line_an_exchange) {
    struct bench b;
    start(&b);
    char *text = printed_by(hl_rules_detail, &b.q);
    expect_narrow(text);
    static const char *const lines[] = {
        "  ape                1.00 bn           0    -1.00 bn\n",
        "  bee                  500 m       500 m           0\n    breaks: at most 5 % not cold\n",
        "  max(rate * (H + W), floor)\n",
        "  bee                  315 m     6.00 bn     5.69 bn\n    breaks: at least 80 % cold\n",
        "  ape               not told     11.0 bn  needs E\n",
        "  ape                2.00 bn     1.80 bn      -200 m\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        cr_expect(strstr(text, lines[i]) != NULL, "%s is not in\n%s", lines[i], text);
    free(text);
    finish(&b);
}

Test(rules_out, a_row_a_rule_exchange_and_condition) {
    struct bench b;
    start(&b);
    char *text = printed_by(hl_rules_csv, &b.q);
    static const char *const lines[] = {
        "Rule,RuleId,Exchange,Currency,Required,Held,Headroom,Provision,Condition,Margin,Missing,IllustrativeRates\n",
        "jp_psa,JP-PSA,ape,JPY,1000000000,0,-1000000000,,at most 5 % not cold,1175000000,,no\n",
        "jp_psa,JP-PSA,ape,JPY,1000000000,0,-1000000000,,least capital,5990000000,,no\n",
        "eu_mica,EU-MICA-67,bee,JPY,,6500000000,,,,,E,yes\n",
        "jp_a2,PRESET-A2,bee,JPY,2000000000,1000000000,-1000000000,,,,,no\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        cr_expect(strstr(text, lines[i]) != NULL, "%s is not in\n%s", lines[i], text);
    free(text);
    finish(&b);
}

/* The list names every rule, and each is told in full with its sources, in 80 columns. */
Test(rules_out, every_rule_is_told) {
    char *list = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&list, &size);
    hl_rules_list(out);
    fclose(out);
    expect_narrow(list);
    for (size_t i = 0; hl_rules[i] != NULL; i++) {
        struct hl_error err = {0};
        char *text = NULL;
        cr_expect(strstr(list, hl_rules[i]->name) != NULL, "%s", hl_rules[i]->name);
        out = open_memstream(&text, &size);
        cr_assert_eq(hl_rule_describe(hl_rules[i], out, &err), HL_OK);
        fclose(out);
        expect_narrow(text);
        bool given = hl_rules[i]->parameters[0].symbol != NULL && hl_rules[i]->parameters[0].row != NULL;
        cr_expect_eq(strstr(text, "Source: ") != NULL, given, "%s", text);
        free(text);
    }
    free(list);
}

/* The largest three of the exchanges' quantiles, in their order; none is 0. */
Test(rules_out, figures_of_a_run) {
    static const double stressed[] = {5, 9, 2, 7};
    for (size_t count = 1; count <= 4; count++) {
        struct hl_entity entities[5] = {{HL_ENTITY_SYSTEM, 0, "all"}};
        struct hl_row rows[10];
        struct hl_run_figures run;
        double var[4];
        size_t row_count = 0;
        for (size_t e = 0; e < count; e++) {
            entities[e + 1] = (struct hl_entity){HL_ENTITY_EXCHANGE, e, "one"};
            struct hl_row_key key = {.year = 1,
                                     .entity = (uint32_t)(e + 1),
                                     .basis = HL_BASIS_ALL,
                                     .perspective = HL_GROSS,
                                     .metric = HL_VAR,
                                     .level = 0.995};
            rows[row_count++] = (struct hl_row){.key = key, .value = (double)e};
            key.level = 0.999;
            rows[row_count++] = (struct hl_row){.key = key, .value = stressed[e]};
        }
        struct hl_result r = {
            .entities = entities, .entity_count = count + 1, .rows = rows, .row_count = row_count, .whole = 1};
        hl_rule_run_figures(&run, var, &r);
        static const double want[4][3] = {{5, 0, 0}, {9, 5, 0}, {9, 5, 2}, {9, 7, 5}};
        for (size_t i = 0; i < 3; i++)
            cr_expect_eq(run.largest[i], want[count - 1][i], "%zu exchanges, L%zu", count, i + 1);
        for (size_t e = 0; e < count; e++)
            cr_expect_eq(run.var[e], (double)e);
    }
}
