#include "cli/cli.h"
#include "results/words.h"
#include "scenario/concentration.h"

#include <stdio.h>

static error_t parse(int key, char *text, struct argp_state *state) {
    (void)text;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = state->input;
    return 0;
}

/* The controls, each with where it is, what it costs an exchange, and whether anybody vouches for its numbers. */
static void list_controls(const struct hl_scenario *s) {
    for (size_t i = 0; i < s->control_count; i++) {
        const struct hl_control *c = &s->controls[i];
        char cost[HL_WORDS_SIZE];
        const char *separator = "";
        hl_words_money(cost, sizeof cost, c->cost_per_year * s->quantum);
        printf("  %s at ", hl_control_kinds[c->kind].name);
        for (size_t e = 0; e < s->exchange_count; e++)
            if (c->at[e]) {
                printf("%s%s", separator, s->exchanges[e].id);
                separator = ", ";
            }
        printf(": %s %s a year each, %s\n", cost, s->currency, c->source == NULL ? "an assumption" : c->source);
    }
}

/* How much stands behind a vendor. */
static void tell_vendor(const struct hl_scenario *s, size_t vendor) {
    struct hl_concentration c = hl_concentration_of(s, vendor);
    char share[HL_WORDS_SIZE];
    hl_words_percent(share, sizeof share, c.share);
    printf("  vendor %s: %zu client%s with %s of customers' coins", s->vendors[vendor].id, c.clients,
           c.clients == 1 ? "" : "s", share);
    hl_words_percent(share, sizeof share, c.share_behind);
    if (c.clients_behind > c.clients || c.share_behind > c.share)
        printf("; with vendors built on it %zu and %s", c.clients_behind, share);
    putchar('\n');
}

int hl_command_check(int argc, char **argv) {
    const struct argp_child children[] = {{&hl_input_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {NULL,
                              parse,
                              "FILE",
                              "Reads a scenario and its tables and names every mistake, with its place, its value and "
                              "what is allowed. Tells how much memory a run will take; plays one block of trials for "
                              "that, and writes nothing.",
                              children,
                              NULL,
                              NULL};
    struct hl_input_options o = {0};
    if (!hl_options_read(&argp, argc, argv, &o))
        return HL_FAILED;
    struct hl_scenario scenario = {0};
    struct hl_plan plan = {0};
    int code = hl_input_load(&scenario, &plan, &o);
    if (code == HL_OK)
        printf("%s: all right: %zu exchanges, %zu holdings, %zu sources of breaches, %zu sources of funds\n", o.path,
               scenario.exchange_count, scenario.holding_count, plan.source_count, scenario.fund_count);
    list_controls(&scenario);
    for (size_t v = 0; v < scenario.vendor_count; v++)
        tell_vendor(&scenario, v);
    if (code == HL_OK) {
        struct hl_error err = {0};
        enum hl_status status = hl_memory_tell(&plan, &err);
        code = hl_report(status, &err);
    }
    hl_plan_free(&plan);
    hl_scenario_free(&scenario);
    return code;
}
