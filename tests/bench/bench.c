/* The benchmark: this program against others, whole processes, all in the same rounds, so that the machine's moods fall
 * on all alike. A table to read, and files to work with: bench.csv (a line a row of the table), targets.csv and raw.csv
 * (a line a process).
 *
 *   bench [--quick] [--rounds N] [--divide D] [--out FOLDER] [--hackloss FILE] [--base FOLDER] [SCENARIO…]
 *
 * Where hackloss would take longer than a run may, it plays fewer trials: the table says how many, and all ratios are
 * of seconds per trial-year. Baselines always play what the workload says, unless --divide makes all of them less.
 */
#include "measure.h"

#include <dirent.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROUNDS_MOST = 63, ROWS_MOST = 8, TEXT = 128 };

#define PYTHON "/usr/bin/python3" /* Debian's: another one on the path has no python3-numpy */

struct settings {
    int rounds;
    double divide;
    double seconds_most; /* of one run of hackloss */
    const char *out;
    const char *hackloss;
    const char *base;
    bool numpy;
    FILE *table; /* bench.csv */
    FILE *targets;
    FILE *raw;
};

/* A row of the table: a program with a workload. */
struct row {
    const char *program;
    const char *scenario; /* of hackloss, a file; NULL for a baseline */
    const char *baseline; /* "gsl" or "numpy" */
    int threads;
    int at_once;            /* so many of the same process at once */
    double full;            /* trial-years that are asked for, of one process */
    double events_per_year; /* 0 = as the result tells */
    char trials_text[24];
    char file[TEXT], folder[TEXT], threads_text[8];
    double trials; /* trial-years that were played, of one process */
    double seconds[ROUNDS_MOST];
    int rounds;
    double median;
    double peak_mb;
};

struct group {
    const char *title;
    struct row rows[ROWS_MOST];
    int count;
};

/* ---- processes --------------------------------------------------------------------------------------------------- */

static void set_trials(struct row *r, double trials) {
    r->trials = fmax(floor(trials), 1);
    snprintf(r->trials_text, sizeof r->trials_text, "%.0f", r->trials);
}

static struct process process_of(struct row *r, const struct settings *s, const char *name) {
    struct process p = {.threads = r->threads};
    snprintf(r->threads_text, sizeof r->threads_text, "%d", r->threads);
    if (r->scenario != NULL) {
        snprintf(r->folder, sizeof r->folder, "%s/out", s->out);
        const char *const arguments[] = {s->hackloss,    "run",       r->scenario,     "--trials",
                                         r->trials_text, "--threads", r->threads_text, "--no-plots",
                                         "--quiet",      "--out",     r->folder};
        memcpy(p.arguments, arguments, sizeof arguments);
    } else if (strcmp(r->baseline, "gsl") == 0) {
        snprintf(r->file, sizeof r->file, "%s/%s", s->base, name);
        p.arguments[0] = r->file;
        p.arguments[1] = r->trials_text;
    } else {
        snprintf(r->file, sizeof r->file, "tests/bench/base/%s.py", name);
        p.arguments[0] = PYTHON;
        p.arguments[1] = r->file;
        p.arguments[2] = r->trials_text;
    }
    return p;
}

/* Takes the files out of a folder, for good: to replace one costs a disk that discards blocks at once a millisecond,
 * and the next file that is synced waits for what was deleted before. */
static void empty(const char *folder) {
    DIR *d = opendir(folder);
    for (struct dirent *entry; d != NULL && (entry = readdir(d)) != NULL;)
        unlinkat(dirfd(d), entry->d_name, 0);
    if (d != NULL) {
        fsync(dirfd(d));
        closedir(d);
    }
}

/* One run, into an empty folder; ends the program when it fails. */
static struct measured play(struct row *r, const struct settings *s, const char *name) {
    struct process p = process_of(r, s, name);
    struct measured m;
    empty(r->folder);
    if (!measure(&m, &p, r->at_once))
        exit(1);
    return m;
}

/* A round number of at most x: 1, 2 or 5 times a power of ten. */
static double round_down(double x) {
    double power = pow(10, floor(log10(x)));
    return power * (x >= 5 * power ? 5 : x >= 2 * power ? 2 : 1);
}

/* As many trials of all that are asked for as a run has time for: told by a run of a hundredth. */
static void choose_trials(struct row *r, const struct settings *s, const char *name) {
    double full = fmax(r->full / s->divide, 1);
    set_trials(r, full);
    if (r->scenario == NULL)
        return;
    for (double part = fmin(full, 10000); part < full; part = fmin(part * 10, full)) {
        set_trials(r, part);
        double seconds = play(r, s, name).seconds, most = part * s->seconds_most / seconds;
        set_trials(r, most >= full ? full : round_down(most));
        if (seconds > s->seconds_most / 8) /* else ten times as many take little more than a run may */
            return;
    }
}

/* Breaches that a run of hackloss sampled, as its summary tells; 0 when it does not. */
static double events_of(const char *folder) {
    char path[2 * TEXT], line[65536];
    double events = 0;
    snprintf(path, sizeof path, "%s/summary.json", folder);
    FILE *in = fopen(path, "r");
    while (in != NULL && fgets(line, sizeof line, in) != NULL) {
        const char *at = strstr(line, "\"events\": ");
        if (at != NULL)
            events = strtod(at + strlen("\"events\": "), NULL);
    }
    if (in != NULL)
        fclose(in);
    return events;
}

static void run_group(struct group *g, const struct settings *s, const char *name, int rounds) {
    for (int i = 0; i < g->count; i++)
        choose_trials(&g->rows[i], s, name);
    for (int round = 0; round < rounds && round < ROUNDS_MOST; round++)
        for (int i = 0; i < g->count; i++) {
            struct row *r = &g->rows[i];
            struct measured m = play(r, s, name);
            r->seconds[r->rounds++] = m.seconds;
            r->peak_mb = fmax(r->peak_mb, m.peak_mb);
            fprintf(s->raw, "%s,%s,%d,%d,%.0f,%d,%.6f,%.3f\n", name, r->program, r->threads, r->at_once, r->trials,
                    round + 1, m.seconds, m.peak_mb);
            if (r->scenario != NULL && r->events_per_year <= 0)
                r->events_per_year = events_of(r->folder) / r->trials;
        }
    for (int i = 0; i < g->count; i++)
        g->rows[i].median = median(g->rows[i].seconds, (size_t)g->rows[i].rounds);
}

static bool fewer_than_asked(const struct row *r, const struct settings *s) {
    return r->trials < floor(r->full / s->divide);
}

/* Is a row of fewer trials than it is about? --divide is a choice of who asks, and counts too. */
static bool is_cut(const struct group *g, const struct settings *s) {
    bool cut = s->divide > 1;
    for (int i = 0; i < g->count; i++)
        cut = cut || fewer_than_asked(&g->rows[i], s);
    return cut;
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

static double years_per_second(const struct row *r) { return r->at_once * r->trials / r->median; }

/* How many times as fast a row is as another, per trial-year. */
static double ratio(const struct row *r, const struct row *other) {
    return years_per_second(r) / years_per_second(other);
}

static void print_trials(double trials) {
    const char *unit = trials >= 1e9 ? "bn" : trials >= 1e6 ? "m" : trials >= 1e3 ? "k" : "";
    double scale = trials >= 1e9 ? 1e9 : trials >= 1e6 ? 1e6 : trials >= 1e3 ? 1e3 : 1;
    printf(" %5.4g %-2s", trials / scale, unit);
}

static void print_rows(const struct group *g, const struct settings *s, const char *name) {
    printf("\n%s\n%-24s %8s %6s %9s %8s %8s %6s\n", g->title, "program", "trials", "rounds", "seconds", "m year/s",
           "ns/event", "MB");
    for (int i = 0; i < g->count; i++) {
        const struct row *r = &g->rows[i];
        double years = years_per_second(r), events = years * r->events_per_year;
        printf("%-24.24s", r->program);
        print_trials(r->trials);
        printf(" %6d %9.4g %8.4g %8.4g %6.4g\n", r->rounds, r->median, years / 1e6, events > 0 ? 1e9 / events : 0,
               r->peak_mb);
        if (fewer_than_asked(r, s))
            printf("  (of %.4g m that are asked for: more would take too long)\n", r->full / s->divide / 1e6);
        fprintf(s->table, "%s,%s,%d,%d,%.0f,%.0f,%d,%.6f,%.6f,%.6f,%.6g,%.6g,%.6g,%.3f\n", name, r->program, r->threads,
                r->at_once, r->full / s->divide, r->trials, r->rounds, r->median, r->seconds[0],
                r->seconds[r->rounds - 1], years, events, events > 0 ? 1e9 / events : 0, r->peak_mb);
    }
}

/* A target line: what is wanted, what was found. Of fewer trials than the target is about, neither is told. */
static void print_target(const struct settings *s, const char *name, const char *what, double found, double target,
                         bool least, bool cut) {
    bool met = least ? found >= target : found <= target;
    const char *verdict = cut ? "not shown" : met ? "met" : "short of";
    printf("  %-41s %9.4g target %s %-5.4g %s\n", what, found, least ? ">=" : "<=", target, verdict);
    fprintf(s->targets, "%s,%s,%.6g,%s,%.6g,%s\n", name, what, found, least ? "at least" : "at most", target, verdict);
}

/* ---- what is run ------------------------------------------------------------------------------------------------- */

/* A reference workload against the baselines: hackloss on two threads and one, GSL on one and two, numpy. */
static void reference(const struct settings *s, const char *name, const char *title, double full, double events,
                      double target, bool fastest) {
    char path[TEXT];
    snprintf(path, sizeof path, "tests/bench/%s.yaml", name);
    struct group g = {.title = title,
                      .count = s->numpy ? 5 : 4,
                      .rows = {{.program = "hackloss 2 threads", .scenario = path, .threads = 2},
                               {.program = "hackloss 1 thread", .scenario = path, .threads = 1},
                               {.program = "GSL in C 1 thread", .baseline = "gsl", .threads = 1},
                               {.program = "GSL in C 2 threads", .baseline = "gsl", .threads = 2},
                               {.program = "numpy", .baseline = "numpy", .threads = 1}}};
    for (int i = 0; i < g.count; i++) {
        g.rows[i].full = full;
        g.rows[i].events_per_year = events;
        g.rows[i].at_once = 1;
    }
    run_group(&g, s, name, s->rounds);
    print_rows(&g, s, name);
    double least = INFINITY;
    printf("  times as fast, a trial-year:");
    for (int i = 2; i < g.count; i++) {
        printf("%s %.3g (%s)", i > 2 ? "," : "", ratio(&g.rows[0], &g.rows[i]),
               i == 2   ? "GSL 1"
               : i == 3 ? "GSL 2"
                        : "numpy");
        least = fmin(least, ratio(&g.rows[0], &g.rows[i]));
    }
    putchar('\n');
    print_target(s, name, fastest ? "times the fastest of them" : "times GSL on two threads",
                 fastest ? least : ratio(&g.rows[0], &g.rows[3]), target, true, false);
}

/* Two threads against two processes of one thread each, of the same trials each. */
static void threads(const struct settings *s) {
    struct group g = {.title = "Two threads against two processes at once, W1",
                      .count = 2,
                      .rows = {{.program = "1 process of 2 threads", .threads = 2, .at_once = 1},
                               {.program = "2 processes of 1 thread", .threads = 1, .at_once = 2}}};
    for (int i = 0; i < 2; i++) {
        g.rows[i].scenario = "tests/bench/w1.yaml";
        g.rows[i].full = 1e8;
        g.rows[i].events_per_year = 0.3;
    }
    run_group(&g, s, "threads", s->rounds);
    print_rows(&g, s, "threads");
    print_target(s, "threads", "part of what two processes reach", ratio(&g.rows[0], &g.rows[1]), 0.95, true,
                 is_cut(&g, s));
}

/* A large run against a hundredth of it. */
static void large(const struct settings *s, const char *name, const char *title, const char *scenario, double full,
                  double events) {
    struct group g = {.title = title, .count = 2};
    for (int i = 0; i < 2; i++)
        g.rows[i] = (struct row){.program = i == 0 ? "hackloss a hundredth" : "hackloss",
                                 .scenario = scenario,
                                 .threads = 2,
                                 .at_once = 1,
                                 .full = i == 0 ? full / 100 : full,
                                 .events_per_year = events};
    run_group(&g, s, name, 1);
    print_rows(&g, s, name);
    print_target(s, name, "seconds a trial-year against a hundredth", 1 / ratio(&g.rows[1], &g.rows[0]), 1.1, false,
                 is_cut(&g, s));
    print_target(s, name, "peak memory in MB", g.rows[1].peak_mb, 300, false, is_cut(&g, s));
}

static void full_model(const struct settings *s, char *const *files, int count) {
    for (int i = 0; i < count; i++) {
        const char *slash = strrchr(files[i], '/');
        bool japan = strstr(files[i], "japan-2026") != NULL;
        struct group g = {.title = slash == NULL ? files[i] : slash + 1, .count = 1};
        g.rows[0] = (struct row){
            .program = "hackloss 2 threads", .scenario = files[i], .threads = 2, .at_once = 1, .full = 1e6};
        run_group(&g, s, g.title, s->rounds < 3 ? s->rounds : 3);
        print_rows(&g, s, g.title);
        if (japan)
            print_target(s, g.title, "seconds for a million trials", 1e6 / years_per_second(&g.rows[0]), 1, false,
                         false);
    }
}

static void start_up(const struct settings *s) {
    struct group g = {.title = "Start-up: the smallest scenario, 1,000 trials", .count = 1};
    g.rows[0] = (struct row){.program = "hackloss 2 threads",
                             .scenario = "scenarios/minimal.yaml",
                             .threads = 2,
                             .at_once = 1,
                             .full = 1000 * s->divide};
    run_group(&g, s, "start-up", 3 * s->rounds);
    print_rows(&g, s, "start-up");
    print_target(s, "start-up", "milliseconds", 1000 * g.rows[0].median, 20, false, false);
}

/* ---- the program ------------------------------------------------------------------------------------------------- */

static int usage(void) {
    fputs("usage: bench [--quick] [--rounds N] [--divide D] [--out FOLDER] [--hackloss FILE] [--base FOLDER] "
          "[SCENARIO...]\n",
          stderr);
    return 2;
}

static FILE *open_csv(const char *folder, const char *name, const char *header) {
    char path[2 * TEXT];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    if (out == NULL) {
        perror(path);
        exit(1);
    }
    fprintf(out, "%s\n", header);
    return out;
}

static bool has_numpy(void) {
    bool has = system(PYTHON " -c 'import numpy' >/dev/null 2>&1") == 0;
    if (!has)
        puts("numpy is not there: its baselines are left out (make deps-bench installs it)");
    return has;
}

int main(int argc, char **argv) {
    static const struct option options[] = {{"quick", no_argument, NULL, 'q'},
                                            {"rounds", required_argument, NULL, 'r'},
                                            {"divide", required_argument, NULL, 'd'},
                                            {"out", required_argument, NULL, 'o'},
                                            {"hackloss", required_argument, NULL, 'p'},
                                            {"base", required_argument, NULL, 'b'},
                                            {0}};
    struct settings s = {.rounds = 7,
                         .divide = 1,
                         .seconds_most = 10,
                         .out = "build/bench",
                         .hackloss = "build/hackloss",
                         .base = "build/bench"};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;)
        switch (option) {
        case 'q':
            s.rounds = 3;
            s.divide = 10;
            s.seconds_most = 1;
            break;
        case 'r':
            s.rounds = atoi(optarg);
            break;
        case 'd':
            s.divide = atof(optarg);
            break;
        case 'o':
            s.out = optarg;
            break;
        case 'p':
            s.hackloss = optarg;
            break;
        case 'b':
            s.base = optarg;
            break;
        default:
            return usage();
        }
    if (s.rounds < 1 || s.rounds > ROUNDS_MOST / 3 || !(s.divide >= 1))
        return usage();
    mkdir(s.out, 0777);
    s.table =
        open_csv(s.out, "bench.csv",
                 "workload,program,threads,at_once,trials_asked,trials,rounds,seconds_median,seconds_least,seconds_"
                 "most,trial_years_per_second,events_per_second,ns_per_event,peak_mb");
    s.targets = open_csv(s.out, "targets.csv", "workload,what,found,bound,target,verdict");
    s.raw = open_csv(s.out, "raw.csv", "workload,program,threads,at_once,trials,round,seconds,peak_mb");
    printf("Whole processes, alternating; medians of seconds. All ratios a trial-year.\n");
    s.numpy = has_numpy();
    reference(&s, "w1", "W1: one source, all statistics with intervals", 1e7, 0.3, 8, false);
    reference(&s, "w2", "W2: five sources, three layers, gross and net", 1e7, 1.15, 12, false);
    reference(&s, "w3", "W3: thirty exchanges, five vendors, 62 curves", 1e6, 2.46, 15, true);
    threads(&s);
    large(&s, "w1-large", "W1, a billion trial-years", "tests/bench/w1.yaml", 1e9, 0.3);
    large(&s, "w3-large", "W3, a hundred million trial-years", "tests/bench/w3.yaml", 1e8, 2.46);
    start_up(&s);
    full_model(&s, argv + optind, argc - optind);
    FILE *const files[] = {s.table, s.targets, s.raw};
    bool good = true;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        good = ferror(files[i]) == 0 && good;
        good = fclose(files[i]) == 0 && good;
    }
    printf("\nWritten: bench.csv, targets.csv and raw.csv in %s\n", s.out);
    return good ? 0 : 1;
}
