#include "base/file.h"
#include "base/nearest.h"
#include "cli/cli.h"
#include "results/rules_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_MOST = 64, OPTION_SCENARIO = 'x', OPTION_FORMULA = 'F', OPTION_CSV = 'c' };

struct rules_options {
    struct hl_input_options input;
    const struct hl_rule *rules[NAMES_MOST];
    size_t rule_count;
    const char *formula;
    const char *csv;
};

static const struct argp_option options[] = {
    {"scenario", OPTION_SCENARIO, "FILE", 0, "Ask the rules of the exchanges of this scenario", 1},
    {"formula", OPTION_FORMULA, "TEXT", 0, "A rule of your own, such as 'clip(20 bp * Vmax, 2 bn, 40 bn)'", 1},
    {"csv", OPTION_CSV, "FILE", 0, "Also write what is asked, held and broken to this file, a row an exchange", 1},
    {0},
};

static void add_rule(struct rules_options *o, struct argp_state *state, const char *name) {
    const char *names[NAMES_MOST];
    size_t count = 0;
    for (; hl_rules[count] != NULL; count++)
        names[count] = hl_rules[count]->name;
    const struct hl_rule *rule = hl_rule_find(name);
    const char *near = rule == NULL ? hl_nearest(name, names, count) : NULL;
    if (rule == NULL)
        argp_error(state, "there is no rule %s%s%s%s", name, near == NULL ? "" : "; did you mean ",
                   near == NULL ? "" : near, near == NULL ? "" : "?");
    else if (o->rule_count == NAMES_MOST)
        argp_error(state, "at most %d rules", (int)NAMES_MOST);
    else
        o->rules[o->rule_count++] = rule;
}

static error_t parse(int key, char *text, struct argp_state *state) {
    struct rules_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->input;
        return 0;
    case OPTION_SCENARIO:
        o->input.path = text;
        return 0;
    case OPTION_FORMULA:
        o->formula = text;
        return 0;
    case OPTION_CSV:
        o->csv = text;
        return 0;
    case ARGP_KEY_ARG:
        add_rule(o, state, text);
        return 0;
    case ARGP_KEY_END:
        if (o->input.path == NULL && (o->formula != NULL || o->csv != NULL || o->input.setting_count > 0))
            argp_error(state, "of which scenario? Give it with --scenario FILE");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

static bool asks_for_run(const struct hl_rule_terms *t) {
    for (size_t i = HL_FIGURE_VAR; i <= HL_FIGURE_L3; i++)
        if (hl_formula_uses(&t->formula, i))
            return true;
    return false;
}

/* The uses of the rules that are named, or of all; the formula of one's own comes last. */
static enum hl_status make_uses(struct hl_rule_use **uses, size_t *count, struct hl_arena *arena,
                                const struct hl_scenario *s, const struct rules_options *o, struct hl_error *err) {
    static const struct hl_formula_place at = {.file = "--formula"};
    bool all = o->rule_count == 0 && o->formula == NULL;
    size_t most = o->rule_count + 1;
    for (size_t i = 0; all && hl_rules[i] != NULL; i++)
        most++;
    *count = 0;
    *uses = hl_arena_array(arena, most, sizeof **uses);
    if (*uses == NULL)
        return hl_fail_memory(err);
    enum hl_status status = HL_OK;
    for (size_t i = 0; status == HL_OK && (all ? hl_rules[i] != NULL : i < o->rule_count); i++)
        status = hl_rule_use_make(&(*uses)[(*count)++], arena, s, all ? hl_rules[i] : o->rules[i], err);
    if (status == HL_OK && o->formula != NULL)
        status = hl_rule_terms_of_formula(&(*uses)[(*count)++].terms, arena, o->formula, &s->currencies, &at, err);
    return status;
}

/* Runs one year for the rules that ask for it. */
static enum hl_status run_year(struct hl_result *result, struct hl_run_figures *figures, struct hl_arena *arena,
                               const struct hl_plan *plan, struct hl_error *err) {
    struct hl_run_options settings = hl_run_options_default();
    if (plan->scenario->horizon_days != 365)
        return hl_fail(
            err, HL_INVALID,
            "VaR, L1, L2 and L3 are of one year, and the scenario's horizon is another: try --set 'horizon=1 y'");
    double *var = hl_arena_array(arena, plan->scenario->exchange_count, sizeof *var);
    if (var == NULL)
        return hl_fail_memory(err);
    enum hl_status status = hl_run(result, plan, &settings, err);
    if (status == HL_OK)
        hl_rule_run_figures(figures, var, result);
    return status;
}

static enum hl_status write_csv(const char *path, const struct hl_rules_question *q, struct hl_error *err) {
    const char *slash = strrchr(path, '/');
    struct hl_output output = {0};
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    if (folder == NULL)
        return hl_fail_memory(err);
    enum hl_status status = hl_folder_make(folder, err);
    if (status == HL_OK)
        status = hl_output_open(&output, folder, slash == NULL ? path : slash + 1, err);
    if (status == HL_OK) {
        hl_rules_csv(output.stream, q);
        status = hl_output_close(&output, err);
    }
    free(folder);
    return status;
}

static enum hl_status answer(const struct rules_options *o, const struct hl_scenario *s, const struct hl_plan *plan,
                             struct hl_error *err) {
    struct hl_arena arena = {0};
    struct hl_result result = {0};
    struct hl_run_figures figures;
    struct hl_rule_use *uses = NULL;
    struct hl_rules_question q = {.scenario = s};
    enum hl_status status = make_uses(&uses, &q.count, &arena, s, o, err);
    bool named = o->rule_count > 0 || o->formula != NULL, run = false;
    for (size_t i = 0; status == HL_OK && named && i < q.count; i++)
        run = run || asks_for_run(&uses[i].terms);
    q.uses = uses;
    if (status == HL_OK && run) {
        status = run_year(&result, &figures, &arena, plan, err);
        q.run = &figures;
        q.result = &result;
    }
    if (status == HL_OK && named)
        hl_rules_detail(stdout, &q);
    else if (status == HL_OK)
        hl_rules_overview(stdout, &q);
    if (status == HL_OK && o->csv != NULL)
        status = write_csv(o->csv, &q, err);
    hl_result_free(&result);
    hl_arena_free(&arena);
    return status;
}

int hl_command_rules(int argc, char **argv) {
    const struct argp_child children[] = {{&hl_input_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {
        options,
        parse,
        "[NAME…]",
        "Lists the rules on reserves, insurance and capital, tells one in full, or asks them of a "
        "scenario: what each requires of each exchange and what is held that counts. Rules that "
        "take a run of the scenario are asked when they are named.",
        children,
        NULL,
        NULL};
    struct rules_options o = {.input.optional = true};
    if (!hl_options_read(&argp, argc, argv, &o))
        return HL_FAILED;
    struct hl_error err = {0};
    enum hl_status status = HL_OK;
    if (o.input.path == NULL) {
        if (o.rule_count == 0)
            hl_rules_list(stdout);
        for (size_t i = 0; status == HL_OK && i < o.rule_count; i++) {
            fputs(i == 0 ? "" : "\n", stdout);
            status = hl_rule_describe(o.rules[i], stdout, &err);
        }
        return hl_report(status, &err);
    }
    struct hl_scenario scenario = {0};
    struct hl_plan plan = {0};
    o.input.settings[o.input.setting_count++] = (struct hl_setting){"report.confidence", "[99.5 %, 99.9 %]"};
    o.input.settings[o.input.setting_count++] = (struct hl_setting){"report.sized_at", "99.5 %"};
    int code = hl_input_load(&scenario, &plan, &o.input);
    if (code == HL_OK)
        code = hl_report(answer(&o, &scenario, &plan, &err), &err);
    hl_plan_free(&plan);
    hl_scenario_free(&scenario);
    return code;
}
