#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>

struct keys_options {
    enum hl_keys_format format;
    const char *filter;
};

static const struct argp_option options[] = {
    {"markdown", 'm', NULL, 0, "As Markdown", 0},
    {0},
};

static error_t parse(int key, char *text, struct argp_state *state) {
    struct keys_options *o = state->input;
    switch (key) {
    case 'm':
        o->format = HL_KEYS_MARKDOWN;
        return 0;
    case ARGP_KEY_ARG:
        if (o->filter != NULL)
            argp_error(state, "one part of a name, not also '%s'", text);
        o->filter = text;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int hl_command_keys(int argc, char **argv) {
    const struct argp argp = {options,
                              parse,
                              "[PART-OF-A-NAME]",
                              "Prints the reference of all scenario keys and table columns, or of those whose name "
                              "contains the given part.",
                              NULL,
                              NULL,
                              NULL};
    struct keys_options o = {HL_KEYS_TEXT, NULL};
    if (!hl_options_read(&argp, argc, argv, &o))
        return HL_FAILED;
    hl_keys_print(stdout, o.format, o.filter);
    return HL_OK;
}
