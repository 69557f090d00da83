#include "cli/cli.h"
#include "results/verify.h"

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

enum { OPTION_ALL = 'a', OPTION_THREADS = 't', ROWS_SHOWN = 20 };

struct verify_options {
    struct hl_input_options input;
    unsigned threads;
    bool all;
};

static const struct argp_option options[] = {
    {"all", OPTION_ALL, NULL, 0, "Print every row that was compared, and not only the worst", 2},
    {"threads", OPTION_THREADS, "N", 0, "Threads (default: one per processor); the results do not depend on it", 2},
    {0},
};

static error_t parse(int key, char *text, struct argp_state *state) {
    struct verify_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->input;
        return 0;
    case OPTION_ALL:
        o->all = true;
        return 0;
    case OPTION_THREADS:
        o->threads = (unsigned)hl_option_count(state, "threads", text, 1, 1024);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* HL_OK when they agree, also where there is nothing to compare; HL_FAILED when they do not. */
static enum hl_status verify(const struct verify_options *o, const struct hl_plan *plan, struct hl_error *err) {
    struct hl_progress_line line;
    struct hl_run_options settings = hl_run_options_default();
    struct hl_comparison comparison = {0};
    struct hl_result result;
    settings.threads = o->threads;
    if (isatty(STDERR_FILENO)) {
        hl_progress_start(&line);
        settings.progress = hl_progress_draw;
        settings.progress_context = &line;
    }
    enum hl_status status = hl_run(&result, plan, &settings, err);
    if (settings.progress != NULL)
        hl_progress_clear(&line);
    if (status != HL_OK)
        return status;
    status = hl_comparison_make(&comparison, &result, plan, err);
    if (status == HL_OK)
        hl_comparison_print(&comparison, &result, o->all ? SIZE_MAX : ROWS_SHOWN, stdout);
    if (status == HL_OK && !hl_comparison_agrees(&comparison))
        status = HL_FAILED;
    hl_comparison_free(&comparison);
    hl_result_free(&result);
    return status;
}

int hl_command_verify(int argc, char **argv) {
    const struct argp_child children[] = {{&hl_input_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {options,
                              parse,
                              "FILE",
                              "Runs a scenario and compares every result that can be calculated instead: exact "
                              "distributions by transforms. Exit code 1 when one is more than 5 standard errors off.",
                              children,
                              NULL,
                              NULL};
    struct verify_options o = {0};
    if (!hl_options_read(&argp, argc, argv, &o))
        return HL_FAILED;
    struct hl_scenario scenario = {0};
    struct hl_plan plan = {0};
    struct hl_error err = {0};
    int code = hl_input_load(&scenario, &plan, &o.input);
    if (code == HL_OK)
        code = hl_report(verify(&o, &plan, &err), &err);
    hl_plan_free(&plan);
    hl_scenario_free(&scenario);
    return code;
}
