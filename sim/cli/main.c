/* hackloss: finds the command and hands over. The only file that ends the program. */
#include "base/kernel.h"
#include "base/nearest.h"
#include "cli/cli.h"
#include "version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct hl_command commands[] = {
    {"run", "run a scenario and write its results", hl_command_run},
    {"merge", "put the shards of a run together and write its results", hl_command_merge},
    {"check", "check scenarios and name every mistake in them", hl_command_check},
    {"keys", "print the reference of all scenario keys", hl_command_keys},
    {"trace", "tell one simulated year event by event, payment by payment", hl_command_trace},
    {"adequacy", "tell month by month whether what is asked is held", hl_command_adequacy},
    {"verify", "compare a run with exact distributions, where there are any", hl_command_verify},
    {"replay", "play cases of history and hold them against the record", hl_command_replay},
    {"rules", "list reserve rules, or ask them of a scenario's exchanges", hl_command_rules},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void usage(FILE *out) {
    fputs("Usage: hackloss COMMAND [OPTION…] [FILE]\n"
          "When a crypto exchange is hacked, is there enough money to make customers\n"
          "whole, and if not, how much reserve and insurance would it take?\n\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
    fputs("\n"
          "  hackloss run scenarios/dmm-2024.yaml     the case of DMM Bitcoin, May 2024\n"
          "  hackloss COMMAND --help                  the options of a command\n"
          "  hackloss --version\n\n"
          "Exit codes: 0 done, 1 the run failed, 2 the input is wrong, 3 interrupted.\n",
          out);
}

/* HACKLOSS_CPU forces a kind of processor's loops: the results are the same, only their time differs. */
static enum hl_status choose_kernel(void) {
    struct hl_error err = {0};
    enum hl_status status = hl_kernel_choose(getenv("HACKLOSS_CPU"), &err);
    hl_error_print(&err, stderr);
    hl_error_free(&err);
    return status;
}

int main(int argc, char **argv) {
    argp_err_exit_status = HL_INVALID;
    hl_init();
    if (choose_kernel() != HL_OK)
        return HL_INVALID;
    if (argc < 2) {
        usage(stderr);
        return HL_INVALID;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0 || strcmp(argv[1], "help") == 0) {
        usage(stdout);
        return HL_OK;
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        printf("hackloss %s (%s)\n", HL_VERSION, HL_COMMIT);
        return HL_OK;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        char name[32];
        snprintf(name, sizeof name, "hackloss %s", commands[i].name);
        argv[1] = name;
        return commands[i].run(argc - 1, argv + 1);
    }
    const char *names[COMMANDS];
    for (size_t i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    const char *nearest = hl_nearest(argv[1], names, COMMANDS);
    fprintf(stderr, "hackloss: there is no command %s", argv[1]);
    if (nearest != NULL)
        fprintf(stderr, "; did you mean %s?\n", nearest);
    else
        fputs(" (see hackloss --help)\n", stderr);
    return HL_INVALID;
}
