#include "engine/run.h"

#include "base/file.h"
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

/* Ranks meet when each has played this many blocks, and from then on about so often. */
enum { FIRST_STRETCH = 8 };
static const double STRETCH_SECONDS = 0.5;

struct run {
    const struct hl_plan *plan;
    const struct hl_run_options *options;
    struct hl_peers alone;
    struct hl_peers *peers; /* the option, or this process alone */
    struct hl_layout layout;
    struct hl_worker *workers;
    unsigned threads;
    struct hl_crew *crew;
    struct hl_tally total;
    struct hl_tree tree; /* block means of the pairs */
    bool *missed;        /* [slot_count] what is played again for */
    struct hl_known known;
    struct hl_stage stage;
    uint64_t done;         /* trials of the pass */
    struct timespec saved; /* when the last checkpoint was */
    pthread_mutex_t lock;  /* tree, done, progress */
};

struct hl_run_options hl_run_options_default(void) {
    return (struct hl_run_options){0};
}

static uint32_t trials_of(const struct run *r, uint64_t block) {
    uint64_t left = r->stage.trials - block * HL_BLOCK_TRIALS;
    return left < HL_BLOCK_TRIALS ? (uint32_t)left : HL_BLOCK_TRIALS;
}

static uint64_t blocks_of(uint64_t trials) { return (trials + HL_BLOCK_TRIALS - 1) / HL_BLOCK_TRIALS; }

/* How many trials blocks [first, end) have. */
static uint64_t trials_in(const struct run *r, uint64_t first, uint64_t end) {
    if (first >= end)
        return 0;
    return (end - 1 - first) * HL_BLOCK_TRIALS + trials_of(r, end - 1);
}

static uint64_t trials_of_pass(const struct run *r) {
    const struct hl_stage *s = &r->stage;
    return s->pass == HL_PASS_ALL ? trials_in(r, s->first, s->end) : s->trials;
}

static double seconds_since(const struct timespec *then) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) + 1e-9 * (double)(now.tv_nsec - then->tv_nsec);
}

static bool keeps_checkpoints(const struct run *r) {
    return r->options->keep != NULL && !isnan(r->options->keep->seconds);
}

static bool wants_checkpoint(const struct run *r) {
    return r->peers->rank == 0 && keeps_checkpoints(r) && seconds_since(&r->saved) >= r->options->keep->seconds;
}

static bool interrupted(const struct run *r) { return r->options->interrupt != NULL && *r->options->interrupt != 0; }

/* What threads tell each other of a block that one of them has played. */
static enum hl_status tell_block(struct run *r, struct hl_worker *w, uint64_t block, uint32_t trials,
                                 struct hl_error *err) {
    enum hl_status status = HL_OK;
    pthread_mutex_lock(&r->lock);
    bool whole = trials == HL_BLOCK_TRIALS; /* a part of a block is no equal of the others */
    if (r->stage.pass == HL_PASS_ALL && whole && r->tree.width > 0) {
        for (size_t i = 0; i < r->tree.width; i++)
            w->pairs[i] /= HL_BLOCK_TRIALS;
        status = hl_tree_add(&r->tree, block, w->pairs, err);
    }
    r->done += trials;
    if (r->options->progress != NULL)
        r->options->progress(r->options->progress_context,
                             (struct hl_progress){r->stage.pass, r->done, trials_of_pass(r)});
    pthread_mutex_unlock(&r->lock);
    return status;
}

static enum hl_status run_block(void *context, unsigned worker, uint64_t block, struct hl_error *err) {
    struct run *r = context;
    struct hl_worker *w = &r->workers[worker];
    uint32_t trials = trials_of(r, block);
    enum hl_status status = hl_block_run(w, (uint32_t)block, trials, err);
    if (status != HL_OK)
        return status;
    hl_questions_tighten(&w->tally, trials);
    if (r->tree.width > 0 || r->options->progress != NULL)
        status = tell_block(r, w, block, trials, err);
    return status == HL_OK && r->peers->count == 1 && wants_checkpoint(r) ? HL_INTERRUPTED : status;
}

static enum hl_status unbundle(void *context, unsigned worker, uint64_t index, struct hl_error *err) {
    struct run *r = context;
    (void)worker;
    (void)err;
    hl_tally_unbundle(&r->workers[index].tally);
    return HL_OK;
}

static enum hl_status collect_slot(void *context, unsigned worker, uint64_t slot, struct hl_error *err) {
    struct run *r = context;
    (void)worker;
    for (unsigned i = 0; i < r->threads; i++)
        hl_tally_merge_slot(&r->total, &r->workers[i].tally, slot);
    if (!r->total.second)
        hl_questions_tighten_slot(&r->total, slot);
    return r->total.picks[slot].failed ? hl_fail_memory(err) : HL_OK;
}

/* Adds up what the workers have, and lets them begin anew. */
static enum hl_status collect(struct run *r, struct hl_error *err) {
    uint64_t next = 0;
    enum hl_status status = hl_parallel_for(r->crew, &next, r->threads, unbundle, r, NULL, err);
    for (unsigned i = 0; i < r->threads; i++)
        hl_tally_merge_counts(&r->total, &r->workers[i].tally);
    next = 0;
    if (status == HL_OK)
        status = hl_parallel_for(r->crew, &next, r->total.own_count, collect_slot, r, NULL, err);
    r->total.crowded = false;
    return status;
}

static enum hl_status sort_slot(void *context, unsigned worker, uint64_t slot, struct hl_error *err) {
    struct run *r = context;
    (void)worker;
    (void)err;
    hl_picks_sort(&r->total.picks[slot]);
    return HL_OK;
}

/* Adds up, and puts what is kept in order: before it is read or written. */
static enum hl_status finish(struct run *r, struct hl_error *err) {
    uint64_t next = 0;
    enum hl_status status = collect(r, err);
    return status == HL_OK ? hl_parallel_for(r->crew, &next, r->total.own_count, sort_slot, r, NULL, err) : status;
}

static struct hl_partial partial_of(struct run *r) {
    return (struct hl_partial){r->stage, &r->total, &r->tree, r->missed};
}

static enum hl_status save(struct run *r, void name(char *, const struct hl_keep *), struct hl_error *err) {
    const struct hl_keep *keep = r->options->keep;
    const struct hl_partial partial = partial_of(r);
    char file[HL_PART_NAME_MOST];
    name(file, keep);
    clock_gettime(CLOCK_MONOTONIC, &r->saved);
    return hl_partial_write(&partial, &keep->origin, keep->folder, file, err);
}

/* Up to where the workers play before what they kept is added up. Together they know better where the asked values lie
 * than each alone, and they need to keep no more than comes until the next time: lists stay as short as those of one
 * worker that has seen all. */
static uint64_t end_of_stretch(const struct run *r, uint64_t end) {
    uint64_t length = (end - r->stage.first) / HL_STRETCHES;
    if (length < HL_STRETCH_BLOCKS)
        length = HL_STRETCH_BLOCKS;
    return r->stage.pass == HL_PASS_ALL && end - r->stage.next > length ? r->stage.next + length : end;
}

/* Plays the pass's blocks up to `end`, with a pause for every checkpoint, and adds them up. */
static enum hl_status play_alone(struct run *r, uint64_t end, struct hl_error *err) {
    enum hl_status status = HL_INTERRUPTED;
    r->done = trials_in(r, r->stage.pass == HL_PASS_ALL ? r->stage.first : 0, r->stage.next);
    while (status == HL_INTERRUPTED) {
        uint64_t upto = end_of_stretch(r, end);
        status = hl_parallel_for(r->crew, &r->stage.next, upto, run_block, r, r->options->interrupt, err);
        if (status != HL_OK && status != HL_INTERRUPTED)
            return status;
        bool paused = status == HL_INTERRUPTED;
        bool whole = paused || upto == end;
        if ((whole ? finish(r, err) : collect(r, err)) != HL_OK ||
            (paused && keeps_checkpoints(r) && save(r, hl_checkpoint_name, err) != HL_OK))
            return HL_FAILED;
        if (paused && interrupted(r))
            return HL_INTERRUPTED;
        if (upto < end)
            status = HL_INTERRUPTED;
        for (unsigned i = 0; i < r->threads && upto < end; i++)
            hl_questions_follow(&r->workers[i].tally, &r->total);
    }
    return status;
}

static const struct hl_origin *origin_of(const struct run *r) {
    static const struct hl_origin none = {.path = ""};
    return r->options->keep != NULL ? &r->options->keep->origin : &none;
}

/* Gives every rank what rank 0 has. */
static enum hl_status share(struct run *r, struct hl_error *err) {
    struct hl_partial partial = partial_of(r);
    enum hl_status status = hl_peers_share(r->peers, &partial, origin_of(r), err);
    r->stage = partial.stage;
    return status;
}

/* Plays this rank's range of blocks [next, upto). */
static enum hl_status play_range(struct run *r, uint64_t upto, struct hl_error *err) {
    const struct hl_keep part = {.shard = r->peers->rank + 1, .shards = r->peers->count};
    uint64_t first, end, base = r->stage.next;
    hl_shard_range(&part, upto - base, &first, &end);
    first += base;
    r->done = trials_in(r, r->stage.pass == HL_PASS_ALL ? r->stage.first : 0, base);
    return hl_parallel_for(r->crew, &first, base + end, run_block, r, NULL, err);
}

/* Brings together on rank 0 what all ranks have counted, and saves it where a checkpoint is due. */
static enum hl_status bring_together(struct run *r, bool due, struct hl_error *err) {
    struct hl_partial partial = partial_of(r);
    enum hl_status status = hl_peers_agree(r->peers, finish(r, err));
    if (status == HL_OK)
        status = hl_peers_gather(r->peers, &partial, origin_of(r), err);
    if (status == HL_OK && r->peers->rank == 0)
        status = finish(r, err);
    if (status == HL_OK && r->peers->rank == 0 && due && keeps_checkpoints(r))
        status = save(r, hl_checkpoint_name, err);
    return hl_peers_agree(r->peers, status);
}

/* The same, where other ranks play too: stretch by stretch, each rank a range of every stretch. Between two stretches
 * all blocks before are played, so that a checkpoint is one that a single process could have written. All ranks see
 * the same times, and so choose the same stretches. */
static enum hl_status play_together(struct run *r, uint64_t end, struct hl_error *err) {
    double blocks = FIRST_STRETCH * r->peers->count;
    if (r->peers->rank > 0) { /* rank 0 has what was played before */
        struct hl_partial partial = partial_of(r);
        hl_partial_clear(&partial);
        r->total.second = r->stage.pass == HL_PASS_AGAIN;
    }
    while (r->stage.next < end) {
        uint64_t upto = (double)(end - r->stage.next) <= blocks ? end : r->stage.next + (uint64_t)blocks;
        struct timespec then;
        clock_gettime(CLOCK_MONOTONIC, &then);
        enum hl_status status = hl_peers_agree(r->peers, play_range(r, upto, err));
        double told[] = {seconds_since(&then), interrupted(r), wants_checkpoint(r)};
        if (status != HL_OK)
            return status;
        hl_peers_most(r->peers, told, sizeof told / sizeof *told);
        r->stage.next = upto;
        bool stops = told[1] > 0, due = stops || told[2] > 0;
        if (due || upto == end)
            status = bring_together(r, due, err);
        if (status != HL_OK || stops)
            return status == HL_OK ? HL_INTERRUPTED : status;
        blocks *= fmin(fmax(STRETCH_SECONDS / told[0], 0.5), 8);
        blocks = fmax(blocks, r->peers->count);
    }
    return share(r, err);
}

static enum hl_status play(struct run *r, uint64_t end, struct hl_error *err) {
    return r->peers->count > 1 ? play_together(r, end, err) : play_alone(r, end, err);
}

/* The relative half-width of the system's P(shortfall) so far. */
static double relative_error(const struct run *r) {
    uint32_t slot = hl_slot_of(&r->layout, 0, HL_BASIS_ALL, HL_SHORTFALL, false, 0);
    return hl_relative_error(hl_ladder_count(hl_ladder_of(&r->total, slot)), r->stage.trials);
}

/* Gives the workers what the pass asks for, as it was laid in the total. */
static enum hl_status equip(struct run *r, struct hl_error *err) {
    bool again = r->stage.pass == HL_PASS_AGAIN, laid = true;
    r->total.of = r->stage.trials;
    for (unsigned k = 0; k < r->threads; k++) {
        struct hl_tally *t = &r->workers[k].tally;
        hl_tally_turn_second(t);
        t->second = again;
        t->of = r->stage.trials;
        for (size_t i = 0; i < r->layout.own_count && laid; i++)
            if (!again || r->missed[i])
                laid = hl_picks_lay_alike(&t->picks[i], &t->ladders[i], &r->total.picks[i]);
    }
    return laid ? HL_OK : hl_fail_memory(err);
}

/* Lays what the questions need, by the pilot's counts, and throws these away. */
static enum hl_status begin_all(struct run *r, uint64_t trials, struct hl_error *err) {
    struct hl_pilot pilot = {&r->total, r->stage.trials, trials, r->options->pilot_spare, &r->known};
    if (pilot.spare == 0)
        pilot.spare = HL_PILOT_SPARE;
    for (size_t i = 0; i < r->layout.slot_count; i++) {
        enum hl_status status = hl_questions_lay(&r->total, i, &pilot, err);
        if (status != HL_OK)
            return status;
    }
    hl_tally_clear(&r->total);
    r->stage.pass = HL_PASS_ALL;
    r->stage.trials = trials;
    if (r->stage.shards == 0)
        r->stage.end = blocks_of(trials);
    r->stage.next = r->stage.first;
    return HL_OK;
}

/* The first trials, to know about where the asked values will lie; with `trials: auto` in rounds, each twice as long,
 * until the target is met. Then all trials are to be played. */
static enum hl_status play_pilot(struct run *r, struct hl_error *err) {
    const struct hl_scenario *s = r->plan->scenario;
    for (;;) {
        enum hl_status status = play(r, blocks_of(r->stage.trials), err);
        if (status != HL_OK)
            return status;
        if (!s->trials_auto || r->stage.trials == s->trials || relative_error(r) <= s->target_relative_error)
            break;
        r->stage.trials = 2 * r->stage.trials < s->trials ? 2 * r->stage.trials : s->trials;
    }
    return begin_all(r, s->trials_auto ? r->stage.trials : s->trials, err);
}

/* Plays all trials, or the shard's, into counts and, where the pilot said, kept values. */
static enum hl_status play_all(struct run *r, struct hl_error *err) {
    enum hl_status status = equip(r, err);
    return status == HL_OK ? play(r, r->stage.end, err) : status;
}

/* Finds the slots that do not hold every value that is asked of them, and lays what they need. */
static enum hl_status begin_again(struct run *r, struct hl_error *err) {
    const struct hl_pilot all = {&r->total, r->stage.trials, r->stage.trials, 0, &r->known};
    enum hl_status status = HL_OK;
    for (size_t i = 0; i < r->layout.slot_count && status == HL_OK; i++) {
        r->missed[i] = !hl_questions_held(&r->total, i, r->stage.trials, &r->known);
        if (!r->missed[i])
            continue;
        status = hl_questions_lay(&r->total, i, &all, err);
        r->stage.pass = HL_PASS_AGAIN;
        r->stage.next = 0;
    }
    return status;
}

static enum hl_status play_again(struct run *r, struct hl_error *err) {
    enum hl_status status = equip(r, err);
    return status == HL_OK ? play(r, blocks_of(r->stage.trials), err) : status;
}

uint64_t hl_run_pilot_trials(const struct hl_scenario *s) {
    uint64_t share = blocks_of(s->trials) / PILOT_SHARE;
    uint64_t trials = HL_BLOCK_TRIALS * (share > PILOT_BLOCKS && !s->trials_auto ? share : PILOT_BLOCKS);
    return trials < s->trials ? trials : s->trials;
}

/* Where a run begins that neither goes on nor is put together. */
static void begin(struct run *r) {
    const struct hl_scenario *s = r->plan->scenario;
    const struct hl_keep *keep = r->options->keep;
    uint64_t blocks = blocks_of(s->trials);
    r->stage = (struct hl_stage){.pass = HL_PASS_PILOT, .trials = hl_run_pilot_trials(s), .end = blocks};
    if (keep != NULL && keep->shards > 0) {
        r->stage.shard = keep->shard;
        r->stage.shards = keep->shards;
        hl_shard_range(keep, blocks, &r->stage.first, &r->stage.end);
    }
}

/* Goes on from the checkpoint, where there is one. */
static enum hl_status resume(struct run *r, struct hl_error *err) {
    const struct hl_keep *keep = r->options->keep;
    struct hl_partial partial = partial_of(r);
    char name[HL_PART_NAME_MOST], *path = NULL;
    hl_checkpoint_name(name, keep);
    if (asprintf(&path, "%s/%s", keep->folder, name) < 0)
        return hl_fail_memory(err);
    enum hl_status status = HL_OK;
    if (access(path, F_OK) == 0) {
        status = hl_partial_read(&partial, path, err);
        if (status == HL_OK && (partial.stage.shard != keep->shard || partial.stage.shards != keep->shards)) {
            hl_error_add(err, path, 0, 0, NULL, NULL, "is of shard %u of %u", partial.stage.shard,
                         partial.stage.shards);
            status = HL_INVALID;
        }
        r->stage = partial.stage;
    }
    free(path);
    return status;
}

static enum hl_status resume_together(struct run *r, struct hl_error *err) {
    enum hl_status status = hl_peers_agree(r->peers, r->peers->rank == 0 ? resume(r, err) : HL_OK);
    return status == HL_OK && r->peers->count > 1 ? share(r, err) : status;
}

/* Takes one shard into the whole; the first one as it is. */
static enum hl_status take(struct run *r, const char *path, bool first, struct hl_error *err) {
    struct hl_partial whole = partial_of(r);
    struct hl_arena arena = {0};
    char *bytes = NULL;
    size_t size = 0;
    if (first)
        return hl_partial_read(&whole, path, err);
    enum hl_status status = hl_file_read(&bytes, &size, &arena, path, HL_PARTIAL_BYTES_MOST, err);
    if (status == HL_OK)
        status = hl_partial_join(&whole, path, bytes, size, err);
    hl_arena_free(&arena);
    return status;
}

static enum hl_status take_parts(struct run *r, struct hl_error *err) {
    const struct hl_run_options *o = r->options;
    enum hl_status status = hl_parts_check(o->parts, o->part_count, r->plan->scenario, err);
    for (size_t i = 0; i < o->part_count && status == HL_OK; i++)
        status = take(r, o->parts[i], i == 0, err);
    uint64_t trials = r->plan->scenario->trials;
    r->stage = (struct hl_stage){.pass = HL_PASS_ALL, .trials = trials, .end = blocks_of(trials)};
    r->stage.next = r->stage.end;
    return status == HL_OK ? finish(r, err) : status;
}

/* Plays what is still to be played. */
static enum hl_status play_stages(struct run *r, struct hl_error *err) {
    const struct hl_run_options *o = r->options;
    enum hl_status status = HL_OK;
    begin(r);
    if (o->part_count > 0)
        status = take_parts(r, err);
    else if (o->keep != NULL && o->keep->resume)
        status = resume_together(r, err);
    if (status == HL_OK && r->stage.pass == HL_PASS_PILOT)
        status = play_pilot(r, err);
    if (status == HL_OK && r->stage.pass == HL_PASS_ALL && r->stage.next < r->stage.end)
        status = play_all(r, err);
    if (status == HL_OK && r->stage.shards > 0 && r->peers->rank == 0)
        return save(r, hl_shard_name, err);
    if (status != HL_OK || r->stage.shards > 0)
        return status;
    if (r->stage.pass == HL_PASS_ALL)
        status = begin_again(r, err);
    if (status == HL_OK && r->stage.pass == HL_PASS_AGAIN)
        status = play_again(r, err);
    return status;
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
    r->missed = calloc(r->layout.slot_count + 1, sizeof *r->missed);
    if (r->missed == NULL)
        return hl_fail_memory(err);
    for (unsigned i = 0; i < r->threads && status == HL_OK; i++)
        status = hl_worker_make(&r->workers[i], &r->layout, r->options->full_ledger, err);
    if (status == HL_OK)
        status = hl_tally_make(&r->total, &r->layout, err);
    return status == HL_OK ? hl_crew_make(&r->crew, r->threads, err) : status;
}

static void stop(struct run *r) {
    hl_crew_free(r->crew);
    for (unsigned i = 0; r->workers != NULL && i < r->threads; i++)
        hl_worker_free(&r->workers[i]);
    free(r->workers);
    free(r->missed);
    hl_tally_free(&r->total);
    hl_tree_free(&r->tree);
    hl_layout_free(&r->layout);
}

enum hl_status hl_run(struct hl_result *out, const struct hl_plan *plan, const struct hl_run_options *options,
                      struct hl_error *err) {
    struct hl_run_options standard = hl_run_options_default();
    struct run r = {.plan = plan, .options = options != NULL ? options : &standard, .alone = {.count = 1}};
    struct timespec then;
    clock_gettime(CLOCK_MONOTONIC, &then);
    *out = (struct hl_result){0};
    r.peers = r.options->peers != NULL ? r.options->peers : &r.alone;
    pthread_mutex_init(&r.lock, NULL);
    enum hl_status status = hl_peers_agree(r.peers, start(&r, err));
    r.saved = then;
    if (status == HL_OK)
        status = hl_peers_compare(r.peers, plan->scenario, err);
    if (status == HL_OK)
        status = play_stages(&r, err);
    if (status == HL_OK && r.stage.shards == 0 && r.peers->rank == 0)
        status = hl_rows_make(out, &r.total, &r.tree, r.stage.trials, &r.known, err);
    if (status == HL_OK)
        hl_provenance_tell(&out->provenance, r.peers->count, r.threads, r.total.events, &then);
    else
        hl_result_free(out);
    stop(&r);
    pthread_mutex_destroy(&r.lock);
    return status;
}
