#include "cli/cli.h"

#include <stdio.h>

static error_t parse(int key, char *text, struct argp_state *state) {
    (void)text;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = state->input;
    return 0;
}

int hl_command_check(int argc, char **argv) {
    const struct argp_child children[] = {{&hl_input_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {NULL,
                              parse,
                              "FILE",
                              "Reads a scenario and its tables and names every mistake, with its place, its value and "
                              "what is allowed. Runs nothing.",
                              children,
                              NULL,
                              NULL};
    struct hl_input_options o = {0};
    argp_parse(&argp, argc, argv, 0, NULL, &o);
    struct hl_scenario scenario = {0};
    struct hl_plan plan = {0};
    int code = hl_input_load(&scenario, &plan, &o);
    if (code == HL_OK)
        printf("%s: all right: %zu exchanges, %zu holdings, %zu sources of breaches, %zu sources of funds\n", o.path,
               scenario.exchange_count, scenario.holding_count, plan.source_count, scenario.fund_count);
    hl_plan_free(&plan);
    hl_scenario_free(&scenario);
    return code;
}
