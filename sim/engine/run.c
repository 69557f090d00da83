#include "engine/run.h"

#include "engine/block.h"
#include "engine/parallel.h"
#include "engine/questions.h"
#include "engine/rows.h"
#include "stats/interval.h"
#include "stats/tree.h"
#include "version.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef __clang__
#define HL_COMPILER "clang " __clang_version__
#else
#define HL_COMPILER "gcc " __VERSION__
#endif

/* `trials: auto` starts with this many and doubles. */
enum { FIRST_ROUND = 16 * HL_BLOCK_TRIALS };

struct run {
    const struct hl_plan *plan;
    const struct hl_run_options *options;
    struct hl_layout layout;
    struct hl_worker *workers;
    unsigned threads;
    struct hl_tally total;
    struct hl_tree tree; /* block means of the pairs */
    uint64_t trials;     /* of the present round */
    unsigned pass;
    uint64_t done;
    pthread_mutex_t lock; /* tree, done, progress */
};

struct hl_run_options hl_run_options_default(void) {
    return (struct hl_run_options){0};
}

static uint32_t trials_of(const struct run *r, uint64_t block) {
    uint64_t left = r->trials - block * HL_BLOCK_TRIALS;
    return left < HL_BLOCK_TRIALS ? (uint32_t)left : HL_BLOCK_TRIALS;
}

static enum hl_status run_block(void *context, unsigned worker, uint64_t block, struct hl_error *err) {
    struct run *r = context;
    struct hl_worker *w = &r->workers[worker];
    uint32_t trials = trials_of(r, block);
    enum hl_status status = hl_block_run(w, (uint32_t)block, trials, err);
    if (status != HL_OK)
        return status;
    pthread_mutex_lock(&r->lock);
    if (r->pass == 1 && trials == HL_BLOCK_TRIALS) { /* a partial block is no equal of the others */
        for (size_t i = 0; i < r->tree.width; i++)
            w->pairs[i] /= HL_BLOCK_TRIALS;
        status = hl_tree_add(&r->tree, block, w->pairs, err);
    }
    r->done += trials;
    if (r->options->progress != NULL)
        r->options->progress(r->options->progress_context, (struct hl_progress){r->pass, r->done, r->trials});
    pthread_mutex_unlock(&r->lock);
    return status;
}

/* Plays blocks [begin, end) into the workers' counts. */
static enum hl_status play(struct run *r, uint64_t begin, uint64_t end, struct hl_error *err) {
    return hl_parallel_for(r->threads, begin, end, run_block, r, r->options->interrupt, err);
}

static enum hl_status collect(struct run *r, struct hl_error *err) {
    for (unsigned i = 0; i < r->threads; i++) {
        r->total.second = r->pass == 2;
        hl_tally_merge(&r->total, &r->workers[i].tally);
    }
    for (size_t i = 0; r->pass == 2 && i < r->layout.slot_count; i++) {
        if (r->total.picks[i].failed)
            return hl_fail_memory(err);
        hl_picks_sort(&r->total.picks[i]);
    }
    return HL_OK;
}

static uint64_t blocks_of(uint64_t trials) { return (trials + HL_BLOCK_TRIALS - 1) / HL_BLOCK_TRIALS; }

/* The relative half-width of the system's P(shortfall) so far; all workers' counts together. */
static double relative_error(const struct run *r) {
    uint32_t slot = hl_slot_of(&r->layout, 0, HL_BASIS_ALL, HL_SHORTFALL, false, 0);
    uint64_t hits = 0;
    for (unsigned i = 0; i < r->threads; i++)
        hits += hl_ladder_count(&r->workers[i].tally.ladders[slot]);
    return hl_relative_error(hits, r->trials);
}

/* The first pass; with `trials: auto` in rounds, each twice as long, until the target is met. */
static enum hl_status first_pass(struct run *r, struct hl_error *err) {
    const struct hl_scenario *s = r->plan->scenario;
    r->pass = 1;
    r->trials = s->trials_auto && s->trials > FIRST_ROUND ? FIRST_ROUND : s->trials;
    uint64_t done = 0;
    for (;;) {
        enum hl_status status = play(r, done, blocks_of(r->trials), err);
        if (status != HL_OK)
            return status;
        if (r->trials == s->trials || relative_error(r) <= s->target_relative_error)
            break;
        done = blocks_of(r->trials);
        r->trials = 2 * r->trials < s->trials ? 2 * r->trials : s->trials;
    }
    return collect(r, err);
}

/* The second pass plays the same trials again and keeps the values that the asked order statistics need. */
static enum hl_status second_pass(struct run *r, struct hl_error *err) {
    r->pass = 2;
    r->done = 0;
    enum hl_status status = hl_questions_mark(&r->total, r->trials, err);
    for (unsigned i = 0; i < r->threads && status == HL_OK; i++)
        status = hl_questions_share(&r->workers[i].tally, &r->total, err);
    if (status == HL_OK)
        status = play(r, 0, blocks_of(r->trials), err);
    return status == HL_OK ? collect(r, err) : status;
}

static enum hl_status start(struct run *r, struct hl_error *err) {
    r->threads = r->options->threads != 0 ? r->options->threads : hl_parallel_processors();
    uint64_t blocks = blocks_of(r->plan->scenario->trials);
    if (r->threads > blocks)
        r->threads = (unsigned)blocks;
    enum hl_status status = hl_layout_make(&r->layout, r->plan, err);
    if (status != HL_OK)
        return status;
    r->tree.width = hl_pair_width(&r->layout);
    r->workers = calloc(r->threads, sizeof *r->workers);
    if (r->workers == NULL)
        return hl_fail_memory(err);
    for (unsigned i = 0; i < r->threads && status == HL_OK; i++)
        status = hl_worker_make(&r->workers[i], &r->layout, err);
    return status == HL_OK ? hl_tally_make(&r->total, &r->layout, err) : status;
}

static void stop(struct run *r) {
    for (unsigned i = 0; r->workers != NULL && i < r->threads; i++)
        hl_worker_free(&r->workers[i]);
    free(r->workers);
    hl_tally_free(&r->total);
    hl_tree_free(&r->tree);
    hl_layout_free(&r->layout);
}

static double seconds_since(const struct timespec *then) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) + 1e-9 * (double)(now.tv_nsec - then->tv_nsec);
}

static void tell_provenance(struct hl_provenance *p, const struct run *r, const struct timespec *then) {
    *p = (struct hl_provenance){.version = HL_VERSION,
                                .commit = HL_COMMIT,
                                .compiler = HL_COMPILER,
                                .threads = r->threads,
                                .seconds_run = seconds_since(then),
                                .events = r->total.events};
    if (gethostname(p->host, sizeof p->host - 1) != 0)
        p->host[0] = '\0';
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc) != NULL)
        strftime(p->started, sizeof p->started, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

enum hl_status hl_run(struct hl_result *out, const struct hl_plan *plan, const struct hl_run_options *options,
                      struct hl_error *err) {
    struct hl_run_options standard = hl_run_options_default();
    struct run r = {.plan = plan, .options = options != NULL ? options : &standard};
    struct timespec then;
    clock_gettime(CLOCK_MONOTONIC, &then);
    *out = (struct hl_result){0};
    pthread_mutex_init(&r.lock, NULL);
    enum hl_status status = start(&r, err);
    if (status == HL_OK)
        status = first_pass(&r, err);
    if (status == HL_OK)
        status = second_pass(&r, err);
    if (status == HL_OK)
        status = hl_rows_make(out, &r.total, &r.tree, r.trials, err);
    if (status == HL_OK)
        tell_provenance(&out->provenance, &r, &then);
    else
        hl_result_free(out);
    stop(&r);
    pthread_mutex_destroy(&r.lock);
    return status;
}
