#include "cli/cli.h"
#include "results/covers.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_ALL = 'a', OPTION_FOLDER = 'F', OPTION_OUT = 'o', FILES_MOST = 256 };

struct replay_options {
    const char *files[FILES_MOST];
    size_t file_count;
    const char *folder;
    const char *out;
    bool all;
};

static const struct argp_option options[] = {
    {"all", OPTION_ALL, NULL, 0, "Every case of the folder, one line each", 0},
    {"out", OPTION_OUT, "FOLDER", 0, "Write incidents-by-rule.csv there", 0},
    {"folder", OPTION_FOLDER, "FOLDER", 0, "Where --all finds them (default: scenarios/replays beside the program)", 0},
    {0},
};

static error_t parse(int key, char *text, struct argp_state *state) {
    struct replay_options *o = state->input;
    switch (key) {
    case OPTION_ALL:
        o->all = true;
        return 0;
    case OPTION_FOLDER:
        o->folder = text;
        return 0;
    case OPTION_OUT:
        o->out = text;
        return 0;
    case ARGP_KEY_ARG:
        if (o->file_count == FILES_MOST)
            argp_error(state, "at most %d files", (int)FILES_MOST);
        o->files[o->file_count++] = text;
        return 0;
    case ARGP_KEY_END:
        if (o->all == (o->file_count > 0))
            argp_error(state, o->all ? "files, or --all" : "which files? or --all");
        if (o->folder != NULL && !o->all)
            argp_error(state, "--folder goes with --all");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static int is_scenario(const struct dirent *entry) {
    const char *dot = strrchr(entry->d_name, '.');
    return dot != NULL && dot > entry->d_name && strcmp(dot, ".yaml") == 0;
}

/* By the bytes of the names, whatever the locale. */
static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

/* The worse of two exit codes: a wrong file before a case that came out otherwise. */
static int worse(int a, int b) { return a > b ? a : b; }

/* "dmm-2024" of "scenarios/replays/dmm-2024.yaml". */
static void id_of(char *out, size_t size, const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1, *dot = strrchr(name, '.');
    size_t length = dot != NULL && dot > name ? (size_t)(dot - name) : strlen(name);
    snprintf(out, size, "%.*s", (int)(length < 255 ? length : 255), name);
}

/* Plays one case, tells it where `told`, and adds it to the others; its exit code is HL_FAILED when it came out
 * otherwise. */
static int play(const char *path, bool told, struct hl_covers *all) {
    struct hl_input_options o = {.path = path};
    struct hl_scenario scenario = {0};
    struct hl_plan plan = {0};
    struct hl_replay replay = {0};
    struct hl_error err = {0};
    char id[256];
    id_of(id, sizeof id, path);
    int code = hl_input_load(&scenario, &plan, &o);
    if (code == HL_OK) {
        enum hl_status status = hl_replay_play(&replay, &plan, &err);
        if (status == HL_OK && told)
            status = hl_replay_print(&replay, stdout, &err);
        if (status == HL_OK)
            status = hl_covers_add(all, id, &replay, &err);
        if (status == HL_OK && told)
            hl_covers_print_case(&all->items[all->count - 1], stdout);
        code = hl_report(status, &err);
        if (code == HL_OK && replay.differing > 0)
            code = HL_FAILED;
    }
    hl_replay_free(&replay);
    hl_plan_free(&plan);
    hl_scenario_free(&scenario);
    return code;
}

static int play_all(const struct replay_options *o, struct hl_covers *all) {
    char found[4200], path[8400];
    const char *folder = o->folder;
    struct dirent **entries = NULL;
    if (folder == NULL && hl_beside(found, sizeof found, "scenarios/replays"))
        folder = found;
    if (folder == NULL) {
        fputs("hackloss: the folder scenarios/replays was not found beside the program; name one with --folder\n",
              stderr);
        return HL_INVALID;
    }
    int count = scandir(folder, &entries, is_scenario, by_name), code = HL_OK;
    if (count <= 0) {
        fprintf(stderr, "%s: %s\n", folder, count < 0 ? strerror(errno) : "has no .yaml file");
        free(entries);
        return HL_INVALID;
    }
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        code = worse(code, play(path, false, all));
        free(entries[i]);
    }
    free(entries);
    hl_covers_sort(all);
    hl_covers_print(all, stdout);
    return code;
}

int hl_command_replay(int argc, char **argv) {
    const struct argp argp = {options,
                              parse,
                              "FILE…",
                              "Plays cases of history again: what is known, who paid what on which day, and whether "
                              ""
                              "it came out as it did; then what each rule on reserves would have covered. Exit code 1 "
                              "when something came out otherwise.",
                              NULL,
                              NULL,
                              NULL};
    struct replay_options o = {0};
    struct hl_covers all = {0};
    struct hl_error err = {0};
    if (!hl_options_read(&argp, argc, argv, &o))
        return HL_FAILED;
    int code = o.all ? play_all(&o, &all) : HL_OK;
    for (size_t i = 0; i < o.file_count; i++) {
        if (i > 0)
            puts("\n");
        code = worse(code, play(o.files[i], true, &all));
    }
    if (o.out != NULL && code < HL_INVALID)
        code = worse(code, hl_report(hl_covers_write(&all, o.out, &err), &err));
    hl_covers_free(&all);
    return code;
}
