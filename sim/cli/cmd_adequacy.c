#include "cli/cli.h"
#include "results/adequacy_out.h"

#include <stdio.h>

enum { OPTION_RULE = 'r', OPTION_FORMULA = 'f', OPTION_OUT = 'o' };

struct adequacy_options {
    struct hl_input_options input;
    const struct hl_rule *rule;
    const char *formula;
    const char *out;
};

static const struct argp_option options[] = {
    {"rule", OPTION_RULE, "NAME", 0, "What must be held (default: the reserve's own amount)", 2},
    {"formula", OPTION_FORMULA, "TEXT", 0, "The same as a formula over the figures of an exchange", 2},
    {"out", OPTION_OUT, "FOLDER", 0, "Write adequacy.csv there", 2},
    {0},
};

static error_t parse(int key, char *text, struct argp_state *state) {
    struct adequacy_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->input;
        return 0;
    case OPTION_RULE:
        o->rule = hl_rule_find(text);
        if (o->rule == NULL)
            argp_error(state, "there is no rule '%s'", text);
        return 0;
    case OPTION_FORMULA:
        o->formula = text;
        return 0;
    case OPTION_OUT:
        o->out = text;
        return 0;
    case ARGP_KEY_END:
        if (o->rule != NULL && o->formula != NULL)
            argp_error(state, "--rule or --formula, not both");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* What is asked: the rule or the formula; `use` says it. */
static enum hl_status ask(const struct adequacy_options *o, const struct hl_scenario *s, struct hl_arena *arena,
                          struct hl_rule_use *use, struct hl_adequacy_terms *out, struct hl_error *err) {
    const struct hl_formula_place at = {.file = "--formula"};
    enum hl_status status = HL_OK;
    *out = (struct hl_adequacy_terms){.counts = HL_COUNTS(reserve) | HL_COUNTS(protection_fund)};
    if (o->rule != NULL) {
        out->counts = o->rule->counts;
        status = hl_rule_use_make(use, arena, s, o->rule, err);
    } else if (o->formula != NULL) {
        status = hl_rule_terms_of_formula(&use->terms, arena, o->formula, &s->currencies, &at, err);
    } else {
        out->counts = HL_COUNTS(reserve);
    }
    out->use = o->rule != NULL || o->formula != NULL ? use : NULL;
    return status;
}

static enum hl_status tell(const struct adequacy_options *o, const struct hl_plan *p, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    struct hl_arena arena = {0};
    struct hl_rule_use use = {0};
    struct hl_adequacy_terms terms;
    enum hl_status status = ask(o, s, &arena, &use, &terms, err);
    struct hl_adequacy *all = hl_arena_array(&arena, s->exchange_count, sizeof *all);
    if (all == NULL)
        status = hl_fail_memory(err);
    for (size_t e = 0; e < s->exchange_count && status == HL_OK; e++) {
        status = hl_adequacy_play(&all[e], &arena, p, &terms, e, err);
        if (status == HL_OK && e > 0)
            putchar('\n');
        if (status == HL_OK)
            hl_adequacy_print(p, e, &all[e], stdout);
    }
    if (status == HL_OK && o->out != NULL)
        status = hl_adequacy_write(p, all, o->out, err);
    hl_arena_free(&arena);
    return status;
}

int hl_command_adequacy(int argc, char **argv) {
    const struct argp_child children[] = {{&hl_input_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {options,
                              parse,
                              "FILE",
                              "Does each exchange hold what is asked of it, month by month, and how long does it take "
                              "after a theft until it does again? Over the first 65,536 trials at most.",
                              children,
                              NULL,
                              NULL};
    struct adequacy_options o = {0};
    if (!hl_options_read(&argp, argc, argv, &o))
        return HL_FAILED;
    struct hl_scenario scenario = {0};
    struct hl_plan plan = {0};
    struct hl_error err = {0};
    int code = hl_input_load(&scenario, &plan, &o.input);
    if (code == HL_OK)
        code = hl_report(tell(&o, &plan, &err), &err);
    hl_plan_free(&plan);
    hl_scenario_free(&scenario);
    return code;
}
