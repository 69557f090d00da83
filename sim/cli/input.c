#include "cli/cli.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPTION_SET = 's', OPTION_TRIALS = 'n', OPTION_SEED = 'S' };

static const struct argp_option options[] = {
    {"set", OPTION_SET, "KEY=VALUE", 0,
     "Change one value of the scenario, e.g. funds[2].reserve.amount='5 bn' (repeatable)", 1},
    {"trials", OPTION_TRIALS, "N", 0, "How many trials, or auto (default: the scenario's)", 1},
    {"seed", OPTION_SEED, "N", 0, "Seed of the random draws (default: the scenario's)", 1},
    {0},
};

static void add_setting(struct argp_state *state, const char *key, const char *text) {
    struct hl_input_options *o = state->input;
    if (o->setting_count == HL_SETTINGS_MOST)
        argp_error(state, "at most %d values can be set", HL_SETTINGS_MOST);
    o->settings[o->setting_count++] = (struct hl_setting){key, text};
}

/* Splits KEY=VALUE in place. */
static void parse_set(struct argp_state *state, char *text) {
    char *equals = strchr(text, '=');
    if (equals == NULL || equals == text) {
        argp_error(state, "--set wants KEY=VALUE, not '%s'", text);
        return;
    }
    *equals = '\0';
    add_setting(state, text, equals + 1);
}

static error_t parse(int key, char *text, struct argp_state *state) {
    struct hl_input_options *o = state->input;
    switch (key) {
    case OPTION_SET:
        parse_set(state, text);
        return 0;
    case OPTION_TRIALS:
        add_setting(state, "trials", text);
        return 0;
    case OPTION_SEED:
        add_setting(state, "seed", text);
        return 0;
    case ARGP_KEY_ARG:
        if (o->path != NULL)
            argp_error(state, "one scenario file, not also '%s'", text);
        o->path = text;
        return 0;
    case ARGP_KEY_NO_ARGS:
        if (!o->optional)
            argp_error(state, "which scenario file?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

const struct argp hl_input_argp = {options, parse, "FILE", NULL, NULL, NULL, NULL};

bool hl_options_read(const struct argp *argp, int argc, char **argv, void *input) {
    if (argp_parse(argp, argc, argv, 0, NULL, input) == 0)
        return true;
    fputs("out of memory\n", stderr);
    return false;
}

bool hl_beside(char *out, size_t size, const char *name) {
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length <= 0)
        return false;
    self[length] = '\0';
    const char *folder = dirname(self);
    static const char *const places[] = {"..", "../..", "../share/hackloss"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        snprintf(out, size, "%s/%s/%s", folder, places[i], name);
        if (access(out, R_OK | X_OK) == 0)
            return true;
    }
    return false;
}

int hl_report(enum hl_status status, struct hl_error *err) {
    hl_error_print(err, stderr);
    hl_error_free(err);
    return (int)status;
}

int hl_input_load(struct hl_scenario *scenario, struct hl_plan *plan, const struct hl_input_options *o) {
    struct hl_error err = {0};
    enum hl_status status = hl_scenario_load(scenario, o->path, o->settings, o->setting_count, &err);
    if (status == HL_OK)
        status = hl_plan_make(plan, scenario, &err);
    return hl_report(status, &err);
}

unsigned long long hl_option_count(struct argp_state *state, const char *option, const char *text,
                                   unsigned long long least, unsigned long long most) {
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || text[0] == '-' || value < least || value > most)
        argp_error(state, "--%s wants a whole number from %llu to %llu, not '%s'", option, least, most, text);
    return value;
}
