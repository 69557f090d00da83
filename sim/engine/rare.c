#include "engine/rare.h"

#include "engine/parallel.h"
#include "engine/provenance.h"
#include "engine/rare_pilot.h"
#include "engine/rare_rows.h"
#include "stats/tree.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* `trials: auto` starts with this many. */
enum { FIRST_ROUND = 16 * HL_BLOCK_TRIALS };

/* What of hl_weighted_sums adds up; the largest weight, its last, does not. */
enum { SUMS = sizeof(struct hl_weighted_sums) / sizeof(double) - 1 };
_Static_assert(offsetof(struct hl_weighted_sums, largest_weight) == SUMS * sizeof(double), "the last of the sums");

/* One thread's memory. */
struct hand {
    struct hl_rare_worker play;
    struct hl_weighted_sums *sums;  /* [width] of one block */
    struct hl_weighted_list *lists; /* [width] of all its blocks */
    double *values;                 /* [width x SUMS] of one block */
    double *largest;                /* [width] weights, of all its blocks */
    uint64_t plain;                 /* trials that were drawn as stated */
    uint64_t events;
};

struct rare {
    const struct hl_plan *plan;
    const struct hl_run_options *options;
    struct hl_layout layout;
    struct hl_tilt tilt;
    struct hl_pilot pilot;
    struct hand *hands;
    unsigned threads;
    struct hl_crew *crew;
    size_t width;
    uint32_t *same;      /* [width] of hl_rare_counts */
    struct hl_tree tree; /* sums of blocks */
    struct hl_rare_counts counts;
    uint64_t trials; /* of the present round */
    uint64_t done;
    uint64_t events;
    pthread_mutex_t lock; /* tree, done, progress */
};

static uint64_t blocks_of(uint64_t trials) { return (trials + HL_BLOCK_TRIALS - 1) / HL_BLOCK_TRIALS; }

static uint32_t trials_of(const struct rare *r, uint64_t block) {
    uint64_t left = r->trials - block * HL_BLOCK_TRIALS;
    return left < HL_BLOCK_TRIALS ? (uint32_t)left : HL_BLOCK_TRIALS;
}

/* ---- one block --------------------------------------------------------------------------------------------------- */

static enum hl_status count_trial(struct hand *h, const uint32_t *same, uint32_t trial, struct hl_error *err) {
    double weight = h->play.weights[trial];
    h->plain += h->play.tilted->part[trial] == 0;
    hl_weighted_add(&h->sums[0], 1, weight);
    for (size_t k = 0; k < h->play.outcome_count; k++) {
        const struct hl_rare_outcome *o = &h->play.outcomes[k];
        for (size_t what = 0; what < HL_RARE_WHATS; what++) {
            size_t i = hl_rare_quantity(o->entity, what);
            if (same[i] != i)
                continue;
            hl_weighted_add(&h->sums[i], o->of[what], weight);
            if (hl_weighted_keep(&h->lists[i], o->of[what], weight) != HL_OK)
                return hl_fail_memory(err);
        }
    }
    return HL_OK;
}

static enum hl_status play_block(void *context, unsigned worker, uint64_t block, struct hl_error *err) {
    struct rare *r = context;
    struct hand *h = &r->hands[worker];
    uint32_t trials = trials_of(r, block);
    memset(h->sums, 0, r->width * sizeof *h->sums);
    enum hl_status status = hl_rare_draw(&h->play, (uint32_t)block, trials, err);
    h->events += h->play.incident_count;
    for (uint32_t t = 0; t < trials && status == HL_OK; t++) {
        hl_rare_play(&h->play, (uint32_t)block, t, true);
        status = count_trial(h, r->same, t, err);
    }
    if (status != HL_OK)
        return status;
    for (size_t i = 0; i < r->width; i++) {
        memcpy(h->values + i * SUMS, &h->sums[i], SUMS * sizeof *h->values);
        h->largest[i] = fmax(h->largest[i], h->sums[i].largest_weight);
    }
    pthread_mutex_lock(&r->lock);
    status = hl_tree_add(&r->tree, block, h->values, err);
    r->done += trials;
    if (r->options->progress != NULL)
        r->options->progress(r->options->progress_context, (struct hl_progress){2, r->done, r->trials});
    pthread_mutex_unlock(&r->lock);
    return status;
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

/* The sums so far. */
static enum hl_status total(struct rare *r, struct hl_error *err) {
    struct hl_moments *moments = calloc(r->tree.width, sizeof *moments);
    if (moments == NULL)
        return hl_fail_memory(err);
    hl_tree_total(&r->tree, moments);
    for (size_t i = 0; i < r->width; i++) {
        double sums[SUMS];
        for (size_t k = 0; k < SUMS; k++)
            sums[k] = moments[i * SUMS + k].mean * moments[i * SUMS + k].n;
        memcpy(&r->counts.sums[i], sums, sizeof sums);
        r->counts.sums[i].hits = nearbyint(r->counts.sums[i].hits);
        for (unsigned k = 0; k < r->threads; k++)
            r->counts.sums[i].largest_weight = fmax(r->counts.sums[i].largest_weight, r->hands[k].largest[i]);
    }
    free(moments);
    r->counts.trials = r->trials;
    return HL_OK;
}

static const struct hl_weighted_sums *target_of(const struct rare *r, uint32_t entity) {
    return &r->counts.sums[r->same[hl_rare_quantity(entity, HL_RARE_SHORTFALL + HL_BASIS_ALL)]];
}

/* How many trials the next round ends with: by the error so far as many as the target takes, with a twentieth to spare;
 * at most twice as many, as the error of a few hits says little. */
static uint64_t next_round(const struct rare *r, const struct hl_weighted_estimate *p) {
    const struct hl_scenario *s = r->plan->scenario;
    double ratio = p->error / (s->target_relative_error * p->value);
    double wanted = fmin(1.05 * ratio * ratio, 2) * (double)r->trials;
    uint64_t blocks = p->hits == 0 ? 2 * blocks_of(r->trials) : blocks_of((uint64_t)wanted);
    if (blocks <= blocks_of(r->trials))
        blocks = blocks_of(r->trials) + 1;
    return blocks * HL_BLOCK_TRIALS < s->trials ? blocks * HL_BLOCK_TRIALS : s->trials;
}

static enum hl_status play(struct rare *r, uint32_t entity, struct hl_error *err) {
    const struct hl_scenario *s = r->plan->scenario;
    r->trials = s->trials_auto && s->trials > FIRST_ROUND ? FIRST_ROUND : s->trials;
    for (uint64_t from = 0;;) {
        enum hl_status status =
            hl_parallel_for(r->crew, &from, blocks_of(r->trials), play_block, r, r->options->interrupt, err);
        if (status == HL_OK)
            status = total(r, err);
        if (status != HL_OK || r->trials == s->trials)
            return status;
        struct hl_weighted_estimate p = hl_weighted_probability(target_of(r, entity), r->trials, 1);
        if (p.hits > 0 && p.error <= s->target_relative_error * p.value)
            return HL_OK;
        from = blocks_of(r->trials);
        r->trials = next_round(r, &p);
    }
}

static enum hl_status collect(struct rare *r, struct hl_error *err) {
    for (unsigned k = 0; k < r->threads; k++) {
        r->counts.plain += r->hands[k].plain;
        r->events += r->hands[k].events;
        for (size_t i = 0; i < r->width; i++) {
            if (hl_weighted_append(&r->counts.lists[i], &r->hands[k].lists[i]) != HL_OK)
                return hl_fail_memory(err);
            hl_weighted_list_free(&r->hands[k].lists[i]);
        }
    }
    for (size_t i = 0; i < r->width; i++)
        hl_weighted_sort(&r->counts.lists[i]);
    return HL_OK;
}

static enum hl_status make_hand(struct hand *h, const struct rare *r, struct hl_error *err) {
    h->sums = calloc(r->width, sizeof *h->sums);
    h->lists = calloc(r->width, sizeof *h->lists);
    h->values = calloc(r->width * SUMS, sizeof *h->values);
    h->largest = calloc(r->width, sizeof *h->largest);
    if (h->sums == NULL || h->lists == NULL || h->values == NULL || h->largest == NULL)
        return hl_fail_memory(err);
    return hl_rare_worker_make(&h->play, r->plan, &r->tilt, r->options->full_ledger, err);
}

/* What a single exchange comes to, the system comes to. Where all funds are earmarked both bases are one; where sums
 * tell every trial, as much reserve is needed as is short. */
static void find_same(struct rare *r) {
    const struct hl_scenario *s = r->plan->scenario;
    const struct hl_rare_worker *play = &r->hands[0].play;
    bool by_sums = play->swift.applies && s->wallets_restored;
    r->same[0] = 0;
    for (size_t entity = 0; entity < r->layout.full_count; entity++)
        for (size_t what = 0; what < HL_RARE_WHATS; what++) {
            size_t of = what, basis = (what - HL_RARE_SHORTFALL) % HL_BASIS_COUNT;
            if (of >= HL_RARE_NEED && by_sums)
                of -= HL_BASIS_COUNT;
            if (of >= HL_RARE_SHORTFALL && play->all_earmarked)
                of -= basis;
            r->same[hl_rare_quantity(entity, what)] =
                (uint32_t)hl_rare_quantity(s->exchange_count == 1 ? 0 : entity, of);
        }
}

static enum hl_status make_hands(struct rare *r, struct hl_error *err) {
    enum hl_status status = hl_layout_make(&r->layout, r->plan, err);
    if (status != HL_OK)
        return status;
    r->width = hl_rare_width(r->layout.full_count);
    r->tree.width = r->width * SUMS;
    r->same = calloc(r->width, sizeof *r->same);
    r->counts = (struct hl_rare_counts){.layout = &r->layout,
                                        .same = r->same,
                                        .sums = calloc(r->width, sizeof *r->counts.sums),
                                        .lists = calloc(r->width, sizeof *r->counts.lists)};
    r->hands = calloc(r->threads, sizeof *r->hands);
    if (r->same == NULL || r->counts.sums == NULL || r->counts.lists == NULL || r->hands == NULL)
        return hl_fail_memory(err);
    status = hl_crew_make(&r->crew, r->threads, err);
    for (unsigned k = 0; k < r->threads && status == HL_OK; k++)
        status = make_hand(&r->hands[k], r, err);
    if (status == HL_OK)
        find_same(r);
    return status;
}

static void free_lists(struct hl_weighted_list *lists, size_t count) {
    for (size_t i = 0; lists != NULL && i < count; i++)
        hl_weighted_list_free(&lists[i]);
    free(lists);
}

static void stop(struct rare *r) {
    hl_crew_free(r->crew);
    for (unsigned k = 0; r->hands != NULL && k < r->threads; k++) {
        hl_rare_worker_free(&r->hands[k].play);
        free_lists(r->hands[k].lists, r->width);
        free(r->hands[k].sums);
        free(r->hands[k].values);
        free(r->hands[k].largest);
    }
    free(r->hands);
    free(r->same);
    free(r->counts.sums);
    free_lists(r->counts.lists, r->width);
    hl_tree_free(&r->tree);
    hl_tilt_free(&r->tilt);
    hl_layout_free(&r->layout);
}

/* ---- what it was worth ------------------------------------------------------------------------------------------- */

/* The sources and climates that the tilted part draws otherwise. */
static enum hl_status tell_tilts(struct hl_result *out, const struct rare *r, struct hl_error *err) {
    const struct hl_scenario *s = r->plan->scenario;
    const struct hl_tilt_part *part = &r->tilt.parts[1];
    struct hl_rare *told = &out->rare;
    told->tilts = hl_arena_array(&out->arena, r->plan->source_count + s->climate_count, sizeof *told->tilts);
    if (told->tilts == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < r->plan->source_count + s->climate_count; i++) {
        bool climate = i >= r->plan->source_count;
        size_t c = climate ? i - r->plan->source_count : 0;
        struct hl_rare_tilt tilt = {climate ? s->climates[c].name : r->plan->sources[i].name,
                                    climate ? 1 : part->rate[i], climate ? 1 : part->size[i],
                                    climate ? part->shift[c] : 0};
        if (tilt.rate == 1 && tilt.size == 1 && tilt.shift == 0)
            continue;
        tilt.name = hl_arena_text(&out->arena, tilt.name);
        if (tilt.name == NULL)
            return hl_fail_memory(err);
        told->tilts[told->tilt_count++] = tilt;
    }
    return HL_OK;
}

static enum hl_status tell(struct hl_result *out, const struct rare *r, uint32_t entity, struct hl_error *err) {
    struct hl_weighted_estimate one = hl_weighted_mean(&r->counts.sums[0], r->counts.trials);
    const struct hl_weighted_sums *target = target_of(r, entity);
    out->rare = (struct hl_rare){.asked = true,
                                 .entity = entity,
                                 .plain_share = r->tilt.parts[0].share,
                                 .mean_weight = one.value,
                                 .mean_weight_error = one.error,
                                 .hits = (uint64_t)target->hits,
                                 .effective_hits = hl_weighted_effective(target),
                                 .largest_share = target->hits > 0 ? target->largest_weight / target->weight : 0,
                                 .variance_reduction = hl_weighted_reduction(target, r->counts.trials),
                                 .pilot_trials = r->pilot.trials};
    return tell_tilts(out, r, err);
}

/* Why plain trials do as well; NULL where they do not. */
static const char *fallback_of(const struct hl_pilot *pilot) {
    if (pilot->hits == 0)
        return "none of the pilot's trials fell short";
    if (!(pilot->variance_reduction >= HL_RARE_REDUCTION_LEAST))
        return "a tilted trial would be worth less than two plain ones";
    return NULL;
}

enum hl_status hl_run_rare(struct hl_result *out, const struct hl_plan *plan, uint32_t entity,
                           const struct hl_run_options *options, struct hl_error *err) {
    struct hl_run_options standard = hl_run_options_default();
    struct rare r = {.plan = plan, .options = options != NULL ? options : &standard};
    struct timespec then;
    clock_gettime(CLOCK_MONOTONIC, &then);
    *out = (struct hl_result){0};
    r.threads = r.options->threads != 0 ? r.options->threads : hl_parallel_processors();
    enum hl_status status = hl_pilot_run(&r.tilt, &r.pilot, plan, entity, r.options, err);
    const char *fallback = status == HL_OK ? fallback_of(&r.pilot) : NULL;
    if (fallback != NULL) {
        hl_tilt_free(&r.tilt);
        status = hl_run(out, plan, options, err);
        if (status != HL_OK)
            return status;
        out->rare =
            (struct hl_rare){.asked = true, .fallback = fallback, .entity = entity, .pilot_trials = r.pilot.trials};
        return status;
    }
    pthread_mutex_init(&r.lock, NULL);
    if (status == HL_OK)
        status = make_hands(&r, err);
    if (status == HL_OK)
        status = play(&r, entity, err);
    if (status == HL_OK)
        status = collect(&r, err);
    if (status == HL_OK)
        status = hl_rare_rows_make(out, &r.counts, err);
    if (status == HL_OK)
        status = tell(out, &r, entity, err);
    if (status == HL_OK)
        hl_provenance_tell(&out->provenance, 1, r.threads, r.events, &then);
    else
        hl_result_free(out);
    stop(&r);
    pthread_mutex_destroy(&r.lock);
    return status;
}
