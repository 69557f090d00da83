#include "cli/cli.h"
#include "engine/exact_result.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    OPTION_OUT = 'o',
    OPTION_THREADS = 't',
    OPTION_QUIET = 'q',
    OPTION_FORMAT = 'f',
    OPTION_NO_PLOTS = 256,
    OPTION_PLT,
    OPTION_RARE,
    OPTION_MEMORY,
    OPTION_METHOD
};

enum format { FORMAT_TEXT, FORMAT_JSON };

enum method { METHOD_SIMULATED, METHOD_EXACT, METHOD_AUTO };

struct run_options {
    struct hl_input_options input;
    const char *out;
    char standard[256]; /* where results go without --out */
    unsigned threads;
    double memory; /* bytes at most; 0 = any */
    enum format format;
    bool quiet;
    bool plots;
    bool plt;
    enum method method;
    bool rare;
    const char *rare_at; /* id of the exchange whose shortfall is looked for; NULL = all together */
    struct hl_keep keep;
    const char *const *parts; /* merge: [part_count] the files */
    size_t part_count;
    struct hl_peers *peers;
};

static const struct argp_option options[] = {
    {"out", OPTION_OUT, "FOLDER", 0, "Where results go (default: results/<name of the scenario>)", 2},
    {"threads", OPTION_THREADS, "N", 0, "Threads (default: one per processor); the results do not depend on it", 2},
    {"memory", OPTION_MEMORY, "SIZE", 0,
     "Take at most so much memory, e.g. 300MB: on fewer threads, where that is enough; hackloss check tells how much",
     2},
    {"quiet", OPTION_QUIET, NULL, 0, "Print nothing but errors", 2},
    {"format", OPTION_FORMAT, "FORMAT", 0, "What to print: text (default) or json, which is summary.json", 2},
    {"no-plots", OPTION_NO_PLOTS, NULL, 0, "Draw no pictures", 2},
    {"rare", OPTION_RARE, "EXCHANGE", OPTION_ARG_OPTIONAL,
     "Importance sampling: for shortfalls that plain trials hardly ever see, of this exchange or of all together", 2},
    {"method", OPTION_METHOD, "METHOD", 0,
     "mc (default): simulate; exact: only what can be calculated, without trials; auto: simulate, and calculate what "
     "can be",
     2},
    {"plt", OPTION_PLT, NULL, 0, "Write every event to plt.csv as well", 2},
    {0},
};

static enum method read_method(struct argp_state *state, const char *text) {
    static const char *const names[] = {[METHOD_SIMULATED] = "mc", [METHOD_EXACT] = "exact", [METHOD_AUTO] = "auto"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(text, names[i]) == 0)
            return (enum method)i;
    argp_error(state, "--method is mc, exact or auto, not '%s'", text);
    return METHOD_SIMULATED;
}

static error_t parse(int key, char *text, struct argp_state *state) {
    struct run_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        if (state->child_inputs != NULL) { /* run; merge takes the scenario from the shards */
            state->child_inputs[0] = &o->input;
            state->child_inputs[1] = &o->keep;
        }
        return 0;
    case OPTION_OUT:
        o->out = text;
        return 0;
    case OPTION_THREADS:
        o->threads = (unsigned)hl_option_count(state, "threads", text, 1, 1024);
        return 0;
    case OPTION_MEMORY:
        o->memory = hl_option_memory(state, text);
        return 0;
    case OPTION_QUIET:
        o->quiet = true;
        return 0;
    case OPTION_METHOD:
        o->method = read_method(state, text);
        return 0;
    case ARGP_KEY_END:
        if (o->method != METHOD_SIMULATED && o->rare)
            argp_error(state, "--rare goes with --method mc only");
        if (o->method == METHOD_EXACT && o->plt)
            argp_error(state, "--plt lists simulated events, and --method exact simulates none");
        return 0;
    case OPTION_NO_PLOTS:
        o->plots = false;
        return 0;
    case OPTION_PLT:
        o->plt = true;
        return 0;
    case OPTION_RARE:
        o->rare = true;
        o->rare_at = text;
        return 0;
    case OPTION_FORMAT:
        if (strcmp(text, "text") != 0 && strcmp(text, "json") != 0)
            argp_error(state, "--format is text or json, not '%s'", text);
        o->format = strcmp(text, "json") == 0 ? FORMAT_JSON : FORMAT_TEXT;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static volatile sig_atomic_t interrupted;

static void on_signal(int number) {
    (void)number;
    interrupted = 1;
}

/* Told by SIGINT or SIGTERM, mpirun has its processes save themselves and then ends with 1 whatever they say; SIGUSR1
 * it only hands on, and ends with their code. */
static void catch_signals(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGUSR1};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)(SA_RESTART | SA_RESETHAND)};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
}

/* results/<name> for scenarios/<name>.yaml. */
static void standard_folder(char *out, size_t size, const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    const char *dot = strrchr(name, '.');
    size_t length = dot != NULL && dot > name ? (size_t)(dot - name) : strlen(name);
    snprintf(out, size, "results/%.*s", (int)(length < 200 ? length : 200), name);
}

static void draw(const struct hl_result *result, const char *folder) {
    char scripts[4200];
    struct hl_error err = {0};
    if (!hl_beside(scripts, sizeof scripts, "plots"))
        fputs("hackloss: no pictures: the plots folder was not found beside the program\n", stderr);
    else if (hl_results_plot(result, folder, scripts, &err) != HL_OK)
        hl_error_print(&err, stderr);
    hl_error_free(&err);
}

/* Which full entity's shortfall is looked for. */
static enum hl_status find_rare(uint32_t *entity, const char *id, const struct hl_scenario *s, struct hl_error *err) {
    *entity = 0;
    for (size_t e = 0; id != NULL && e < s->exchange_count; e++)
        if (strcmp(s->exchanges[e].id, id) == 0)
            *entity = (uint32_t)(1 + e);
    if (id == NULL || *entity > 0)
        return HL_OK;
    return hl_fail(err, HL_INVALID, "--rare=%s: the scenario has no exchange '%s'", id, id);
}

/* The environment may choose how trials are played; the results are the same. */
static enum hl_status choose_ledger(struct hl_run_options *settings, struct hl_error *err) {
    const char *ledger = getenv("HACKLOSS_LEDGER");
    settings->full_ledger = ledger != NULL && strcmp(ledger, "full") == 0;
    if (ledger == NULL || settings->full_ledger || strcmp(ledger, "fast") == 0)
        return HL_OK;
    hl_error_add(err, "environment", 0, 0, "HACKLOSS_LEDGER", ledger, "must be full or fast");
    return HL_INVALID;
}

static enum hl_status run_and_write(const struct run_options *o, const struct hl_plan *plan, const char *folder,
                                    struct hl_error *err) {
    struct hl_progress_line line;
    struct hl_run_options settings = hl_run_options_default();
    settings.threads = o->threads;
    settings.interrupt = &interrupted;
    settings.peers = o->peers;
    if (!o->quiet && isatty(STDERR_FILENO)) {
        hl_progress_start(&line);
        settings.progress = hl_progress_draw;
        settings.progress_context = &line;
    }
    settings.keep = &o->keep;
    settings.parts = o->parts;
    settings.part_count = o->part_count;
    struct hl_result result = {0};
    uint32_t entity = 0;
    bool first = o->peers->rank == 0;
    enum hl_status status = choose_ledger(&settings, err);
    if (status == HL_OK)
        status = find_rare(&entity, o->rare_at, plan->scenario, err);
    status = hl_peers_agree(o->peers, status);
    if (status == HL_OK && o->method == METHOD_EXACT && first)
        status = hl_exact_run(&result, plan, err);
    else if (status == HL_OK && o->method != METHOD_EXACT)
        status = o->rare ? hl_run_rare(&result, plan, entity, &settings, err) : hl_run(&result, plan, &settings, err);
    if (status == HL_OK && o->method == METHOD_AUTO && first)
        status = hl_exact_replace(&result, plan, err);
    if (settings.progress != NULL)
        hl_progress_clear(&line);
    if (status == HL_OK && (o->keep.shards > 0 || !first)) {
        if (first)
            hl_checkpoint_remove(&o->keep);
        hl_result_free(&result);
        return HL_OK;
    }
    if (status == HL_OK)
        status = hl_results_write(&result, folder, err);
    if (status == HL_OK && o->plt)
        status = hl_plt_write(&result, plan, folder, err);
    if (status == HL_OK)
        hl_checkpoint_remove(&o->keep);
    if (status == HL_OK && !o->quiet) {
        if (o->format == FORMAT_JSON)
            hl_json_print(&result, stdout);
        else
            hl_results_print(&result, stdout);
    }
    bool exact = o->method == METHOD_EXACT;                            /* the pictures are of simulated rows */
    bool weighted = result.rare.asked && result.rare.fallback == NULL; /* the pictures are of plain rows */
    if (status == HL_OK && o->plots && !weighted && !exact)
        draw(&result, folder);
    if (status == HL_OK && !o->quiet && o->format == FORMAT_TEXT)
        printf("\nWritten to %s\n", folder);
    hl_result_free(&result);
    return status;
}

/* What cannot be played in parts: shards cannot know of each other when a target is met, and a weighted run has other
 * counts. */
static enum hl_status check_parts(const struct run_options *o, const struct hl_scenario *s, struct hl_error *err) {
    if (o->keep.shards > 0 && s->trials_auto)
        hl_error_add(err, NULL, 0, 0, "trials", "auto", "a shard needs a number of trials (--trials N)");
    if (o->keep.shards > 0 && o->method != METHOD_SIMULATED)
        hl_error_add(err, NULL, 0, 0, NULL, NULL, "a shard is simulated: give --method to hackloss merge");
    if (o->rare && (o->keep.shards > 0 || o->keep.resume || o->part_count > 0))
        hl_error_add(err, NULL, 0, 0, NULL, NULL, "a run with --rare can neither be resumed nor played in shards");
    if (o->rare && o->peers->count > 1)
        hl_error_add(err, NULL, 0, 0, NULL, NULL, "a run with --rare is one process's: start it without mpirun");
    return err->status;
}

/* Loads, plays or puts together, writes. */
static int run(struct run_options *o, const char *command) {
    struct hl_scenario scenario = {0};
    struct hl_plan plan = {0};
    struct hl_error err = {0};
    int code = hl_input_load(&scenario, &plan, &o->input);
    if (code == HL_OK) {
        standard_folder(o->standard, sizeof o->standard, o->input.path);
        o->keep.folder = o->out != NULL ? o->out : o->standard;
        o->keep.origin = (struct hl_origin){o->input.path, o->input.settings, o->input.setting_count};
        catch_signals();
        enum hl_status status = check_parts(o, &scenario, &err);
        if (status == HL_OK && o->memory > 0)
            status = hl_memory_fit(&o->threads, &plan, o->memory, &err);
        if (status == HL_OK) {
            hl_keep_note(&o->keep);
            status = run_and_write(o, &plan, o->keep.folder, &err);
        }
        if (status == HL_INTERRUPTED)
            hl_keep_tell(&o->keep, command);
        code = hl_report(status, &err);
    }
    hl_plan_free(&plan);
    hl_scenario_free(&scenario);
    return code;
}

int hl_command_run(int argc, char **argv) {
    const struct argp_child children[] = {{&hl_input_argp, 0, NULL, 0}, {&hl_keep_argp, 0, NULL, 0}, {0}};
    const struct argp argp = {
        options,  parse, "FILE", "Runs a scenario: prints the answers, writes summary.json, CSV tables and pictures.",
        children, NULL,  NULL};
    struct hl_peers peers;
    struct run_options o = {.plots = true, .peers = &peers};
    hl_together_start(&peers);
    char *command = hl_command_line(peers.count, argc, argv); /* before the options are taken apart */
    int code = HL_FAILED;
    if (hl_options_read(&argp, argc, argv, &o))
        code = run(&o, command);
    free(command);
    return hl_together_end(&peers, code);
}

/* --- merge ---------------------------------------------------------------------------------------------------------
 */

struct merge_options {
    struct run_options run;
    const char *scenario; /* where it is now; NULL = where it was */
    char **paths;         /* [path_count] in argv */
    size_t path_count;
};

enum { OPTION_SCENARIO = 300 };

static const struct argp_option merge_options[] = {
    {"scenario", OPTION_SCENARIO, "FILE", 0, "The scenario's file, where it is no longer where the shards found it", 1},
    {0},
};

static error_t parse_merge(int key, char *text, struct argp_state *state) {
    struct merge_options *o = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &o->run;
        return 0;
    case OPTION_SCENARIO:
        o->scenario = text;
        return 0;
    case ARGP_KEY_ARGS:
        o->paths = state->argv + state->next;
        o->path_count = (size_t)(state->argc - state->next);
        return 0;
    case ARGP_KEY_NO_ARGS:
        argp_error(state, "which folder, or which shards?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The scenario and its settings are those of the first shard; the others must be of the same plan. */
static int merge(struct merge_options *o, const glob_t *found, struct hl_arena *arena, struct hl_error *err) {
    struct hl_partial_head head;
    struct hl_input_options *input = &o->run.input;
    enum hl_status status = hl_part_head(&head, arena, found->gl_pathv[0], err);
    if (status == HL_OK && head.origin.setting_count > HL_SETTINGS_MOST)
        status = hl_fail(err, HL_INVALID, "%s: has more settings than a run can have", found->gl_pathv[0]);
    if (status != HL_OK)
        return hl_report(status, err);
    input->path = o->scenario != NULL ? o->scenario : head.origin.path;
    input->setting_count = head.origin.setting_count;
    memcpy(input->settings, head.origin.settings, input->setting_count * sizeof *input->settings);
    o->run.parts = (const char *const *)found->gl_pathv;
    o->run.part_count = found->gl_pathc;
    o->run.keep.seconds = NAN;
    return run(&o->run, NULL);
}

int hl_command_merge(int argc, char **argv) {
    const struct argp outputs = {options, parse, NULL, NULL, NULL, NULL, NULL};
    const struct argp_child children[] = {{&outputs, 0, NULL, 0}, {0}};
    const struct argp argp = {merge_options,
                              parse_merge,
                              "FOLDER|FILE…",
                              "Puts the shards of a run together and writes what the run would have written.",
                              children,
                              NULL,
                              NULL};
    struct hl_peers alone = {.count = 1};
    struct merge_options o = {.run = {.plots = true, .peers = &alone}};
    struct hl_error err = {0};
    struct hl_arena arena = {0};
    glob_t found = {0};
    if (!hl_options_read(&argp, argc, argv, &o))
        return HL_FAILED;
    enum hl_status status = hl_shards_find(&found, o.paths, o.path_count, &err);
    int code = status == HL_OK ? merge(&o, &found, &arena, &err) : hl_report(status, &err);
    globfree(&found);
    hl_arena_free(&arena);
    return code;
}
