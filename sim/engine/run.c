#include "engine/run.h"

#include "engine/block.h"
#include "engine/parallel.h"
#include "engine/provenance.h"
#include "engine/questions.h"
#include "engine/rows.h"
#include "stats/interval.h"
#include "stats/tree.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A pilot has this many blocks, or a 64th of all when that is more; `trials: auto` starts with as many and doubles. */
enum { PILOT_BLOCKS = 16, PILOT_SHARE = 64 };

enum pass { PILOT = 1, ALL, AGAIN };

struct run {
    const struct hl_plan *plan;
    const struct hl_run_options *options;
    struct hl_layout layout;
    struct hl_worker *workers;
    unsigned threads;
    struct hl_tally total;
    struct hl_tree tree; /* block means of the pairs */
    uint64_t trials;     /* of the present round */
    enum pass pass;
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
    hl_questions_tighten(&w->tally, trials);
    pthread_mutex_lock(&r->lock);
    if (r->pass == ALL && trials == HL_BLOCK_TRIALS) { /* a partial block is no equal of the others */
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

/* Adds up what the workers have. */
static enum hl_status collect(struct run *r, struct hl_error *err) {
    for (unsigned i = 0; i < r->threads; i++)
        hl_tally_merge(&r->total, &r->workers[i].tally);
    for (size_t i = 0; i < r->layout.slot_count; i++) {
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

/* The first trials, to know about where the asked values will lie; with `trials: auto` in rounds, each twice as long,
 * until the target is met. Sets how many trials there are, and how many the pilot has. */
static enum hl_status play_pilot(struct run *r, uint64_t *trials, struct hl_error *err) {
    const struct hl_scenario *s = r->plan->scenario;
    uint64_t done = 0, share = blocks_of(s->trials) / PILOT_SHARE;
    uint64_t first = HL_BLOCK_TRIALS * (share > PILOT_BLOCKS && !s->trials_auto ? share : PILOT_BLOCKS);
    r->pass = PILOT;
    r->trials = first < s->trials ? first : s->trials;
    for (;;) {
        enum hl_status status = play(r, done, blocks_of(r->trials), err);
        if (status != HL_OK)
            return status;
        if (!s->trials_auto || r->trials == s->trials || relative_error(r) <= s->target_relative_error)
            break;
        done = blocks_of(r->trials);
        r->trials = 2 * r->trials < s->trials ? 2 * r->trials : s->trials;
    }
    *trials = s->trials_auto ? r->trials : s->trials;
    return collect(r, err);
}

/* Lays what the questions need, by the pilot's counts, and throws these away. */
static enum hl_status prepare(struct run *r, uint64_t trials, struct hl_error *err) {
    struct hl_pilot pilot = {&r->total, r->trials, trials, r->options->pilot_spare};
    if (pilot.spare == 0)
        pilot.spare = 5;
    enum hl_status status = HL_OK;
    for (size_t i = 0; i < r->layout.slot_count && status == HL_OK; i++)
        status = hl_questions_lay(&r->total, i, &pilot, err);
    hl_tally_clear(&r->total);
    for (unsigned i = 0; i < r->threads && status == HL_OK; i++) {
        hl_tally_clear(&r->workers[i].tally);
        status = hl_questions_lay_alike(&r->workers[i].tally, &r->total, err);
    }
    return status;
}

/* Plays all trials into counts and, where the pilot said, kept values. */
static enum hl_status play_all(struct run *r, uint64_t trials, struct hl_error *err) {
    enum hl_status status = prepare(r, trials, err);
    r->pass = ALL;
    r->trials = trials;
    r->done = 0;
    if (status == HL_OK)
        status = play(r, 0, blocks_of(trials), err);
    return status == HL_OK ? collect(r, err) : status;
}

/* Plays all trials again for the slots that do not hold every value that is asked of them. */
static enum hl_status play_again(struct run *r, struct hl_error *err) {
    enum hl_status status = HL_OK;
    const struct hl_pilot all = {&r->total, r->trials, r->trials, 0};
    bool missed = false;
    for (unsigned i = 0; i < r->threads; i++)
        hl_tally_turn_second(&r->workers[i].tally);
    for (size_t i = 0; i < r->layout.slot_count && status == HL_OK; i++) {
        if (hl_questions_held(&r->total, i, r->trials))
            continue;
        missed = true;
        status = hl_questions_lay(&r->total, i, &all, err);
        for (unsigned k = 0; k < r->threads && status == HL_OK; k++)
            status = hl_questions_lay(&r->workers[k].tally, i, &all, err);
    }
    if (status != HL_OK || !missed)
        return status;
    r->pass = AGAIN;
    r->done = 0;
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
        status = hl_worker_make(&r->workers[i], &r->layout, r->options->full_ledger, err);
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

enum hl_status hl_run(struct hl_result *out, const struct hl_plan *plan, const struct hl_run_options *options,
                      struct hl_error *err) {
    struct hl_run_options standard = hl_run_options_default();
    struct run r = {.plan = plan, .options = options != NULL ? options : &standard};
    struct timespec then;
    uint64_t trials = 0;
    clock_gettime(CLOCK_MONOTONIC, &then);
    *out = (struct hl_result){0};
    pthread_mutex_init(&r.lock, NULL);
    enum hl_status status = start(&r, err);
    if (status == HL_OK)
        status = play_pilot(&r, &trials, err);
    if (status == HL_OK)
        status = play_all(&r, trials, err);
    if (status == HL_OK)
        status = play_again(&r, err);
    if (status == HL_OK)
        status = hl_rows_make(out, &r.total, &r.tree, r.trials, err);
    if (status == HL_OK)
        hl_provenance_tell(&out->provenance, r.threads, r.total.events, &then);
    else
        hl_result_free(out);
    stop(&r);
    pthread_mutex_destroy(&r.lock);
    return status;
}
