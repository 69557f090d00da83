#include "cli/cli.h"

#include <stdio.h>

enum { OPTION_TRIAL = 'T' };

struct trace_options {
    struct hl_input_options input;
    bool given;
    uint64_t trial;
};

static const struct argp_option options[] = {
    {"trial", OPTION_TRIAL, "N", 0,
     "Which trial, counted from 0 (default: the first in which customers are short, or else breached)", 2},
    {0},
};

static error_t parse(int key, char *text, struct argp_state *state) {
    struct trace_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->input;
        return 0;
    case OPTION_TRIAL:
        o->trial = hl_option_count(state, "trial", text, 0, (UINT64_C(1) << 44) - 1);
        o->given = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int hl_command_trace(int argc, char **argv) {
    const struct argp_child children[] = {{&hl_input_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {
        options,  parse, "FILE", "Replays one trial and tells its story: what was taken, who paid what on which day.",
        children, NULL,  NULL};
    struct trace_options o = {0};
    if (!hl_options_read(&argp, argc, argv, &o))
        return HL_FAILED;
    struct hl_scenario scenario = {0};
    struct hl_plan plan = {0};
    struct hl_error err = {0};
    int code = hl_input_load(&scenario, &plan, &o.input);
    if (code == HL_OK) {
        enum hl_status status = HL_OK;
        if (!o.given)
            status = hl_trace_find(&plan, scenario.trials, &o.trial, &err);
        if (status == HL_OK && o.trial == scenario.trials && !o.given)
            puts("No trial of this run has a breach.");
        else if (status == HL_OK)
            status = hl_trace_print(&plan, o.trial, stdout, &err);
        code = hl_report(status, &err);
    }
    hl_plan_free(&plan);
    hl_scenario_free(&scenario);
    return code;
}
