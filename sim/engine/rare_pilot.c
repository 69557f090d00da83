#include "engine/rare_pilot.h"

#include "engine/parallel.h"
#include "engine/rare_play.h"
#include "stats/weighted.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A round is so many blocks. It goes on until UPDATES tilts were fitted to at least HITS_ENOUGH trials with a
 * shortfall, at most ROUNDS_MOST times; one more round measures what the last tilt is worth. */
enum { ROUND_BLOCKS = 8, ROUNDS_MOST = 12, UPDATES = 3, HITS_ENOUGH = 400 };
static const size_t round_trials = (size_t)ROUND_BLOCKS * HL_BLOCK_TRIALS;
static const double elite_share = 0.05;

/* Bounds of a tilt, far beyond what a good one needs. */
static const double rate_least = 0.5, rate_most = 1000, clusters_most = 50, size_most = 20, shift_most = 4;

/* What one block of a round came to. */
struct played {
    double score[HL_BLOCK_TRIALS];  /* how close to a shortfall; INFINITY = there is one */
    double weight[HL_BLOCK_TRIALS]; /* stated over drawn density */
    struct hl_tilt_note *notes;     /* [note_count] */
    size_t note_count;
};

struct pilot {
    struct hl_plan plan; /* with a seed of its own */
    uint32_t entity;
    struct hl_tilt *tilt;
    struct hl_rare_worker *workers;
    unsigned threads;
    struct hl_crew *crew;
    struct played *blocks; /* [ROUND_BLOCKS] */
    uint64_t first;        /* block of the round */
    double *sorted;        /* [ROUND_BLOCKS x HL_BLOCK_TRIALS] */
};

static double score_of(const struct hl_rare_worker *w, uint32_t entity) {
    for (size_t i = 0; i < w->outcome_count; i++)
        if (w->outcomes[i].entity == entity)
            return w->outcomes[i].of[HL_RARE_SHORTFALL + HL_BASIS_ALL] > 0 ? INFINITY : w->outcomes[i].depth;
    return 0;
}

static enum hl_status play_block(void *context, unsigned worker, uint64_t block, struct hl_error *err) {
    struct pilot *p = context;
    struct hl_rare_worker *w = &p->workers[worker];
    struct played *out = &p->blocks[block - p->first];
    w->tilted->notes_wanted = true;
    enum hl_status status = hl_rare_draw(w, (uint32_t)block, HL_BLOCK_TRIALS, err);
    for (uint32_t t = 0; t < HL_BLOCK_TRIALS && status == HL_OK; t++) {
        hl_rare_play(w, (uint32_t)block, t, false);
        out->score[t] = score_of(w, p->entity);
        out->weight[t] = w->weights[t];
    }
    free(out->notes); /* the block's notes change hands */
    out->notes = w->tilted->notes;
    out->note_count = w->tilted->note_count;
    w->tilted->notes = NULL;
    w->tilted->note_count = w->tilted->note_capacity = 0;
    return status;
}

/* ---- from trials to a tilt --------------------------------------------------------------------------------------- */

/* Weighted sums of one kind of note about one source or climate. */
struct fit {
    double weight; /* of the notes */
    double square;
    double value;
};

/* Everything that the elite says. */
struct elite {
    double weight;     /* of the trials */
    struct fit *came;  /* [source_count] */
    struct fit *size;  /* [source_count] */
    struct fit *shock; /* [climate_count] */
};

static void add_notes(struct elite *e, const struct played *b, double level) {
    for (size_t i = 0; i < b->note_count; i++) {
        const struct hl_tilt_note *note = &b->notes[i];
        if (!(b->score[note->trial] >= level))
            continue;
        struct fit *fit = note->kind == HL_TILT_CAME ? e->came : note->kind == HL_TILT_SIZE ? e->size : e->shock;
        double w = b->weight[note->trial];
        fit[note->of].weight += w;
        fit[note->of].square += w * w;
        fit[note->of].value += w * note->value;
    }
    for (uint32_t t = 0; t < HL_BLOCK_TRIALS; t++)
        e->weight += b->score[t] >= level ? b->weight[t] : 0;
}

/* A factor whose difference from 1 is within two of its errors is 1: what does not matter is left alone. */
static double settled(double factor, double relative_error) {
    return fabs(factor - 1) <= 2 * relative_error * factor ? 1 : factor;
}

/* Clusters of a source that are to be expected in a trial as stated, its climates being 1. */
static double expected_of(const struct hl_plan *p, uint32_t source) {
    const struct hl_count *count = &p->samplings[0].counts[source];
    double sum = 0;
    for (uint16_t year = 1; year <= p->year_count && count->family->clusters != NULL; year++) {
        struct hl_exposure e = hl_plan_exposure(p, source, year);
        sum += count->family->clusters(count, &e);
    }
    return sum;
}

/* The tilt's one tilted part, from the elite. With a climate the clusters of a trial of the elite say nothing new of
 * its rate beyond what the climate's mean factor there explains; the factor at the mean shock stands for that. */
static void fit_source(struct hl_tilt_part *part, const struct hl_plan *p, uint32_t s, const struct elite *e) {
    const struct hl_breach *b = p->sources[s].breach;
    const struct fit *came = &e->came[s], *size = &e->size[s];
    double expected = expected_of(p, s) * e->weight;
    if (b->climate != HL_NONE)
        expected *= p->climates[b->climate].law.family->factor(&p->climates[b->climate].law, part->shift[b->climate]);
    part->rate[s] = part->size[s] = 1;
    if (expected > 0 && came->weight > 0) {
        double rate = settled(came->weight / expected, sqrt(came->square) / came->weight);
        double most = fmin(rate_most, fmax(clusters_most * e->weight / expected, 1));
        part->rate[s] = fmin(fmax(rate, rate_least), most);
    }
    if (size->weight > 0) {
        double power = settled(size->value / size->weight, sqrt(size->square) / size->weight);
        part->size[s] = fmin(fmax(power, 1), size_most);
    }
}

static void fit_tilt(struct hl_tilt *tilt, const struct hl_plan *p, const struct elite *e) {
    struct hl_tilt_part *part = &tilt->parts[1];
    for (size_t c = 0; c < p->scenario->climate_count; c++) {
        double shift = e->shock[c].value / e->shock[c].weight;
        double error = sqrt(e->shock[c].square) / e->shock[c].weight;
        part->shift[c] = shift <= 2 * error ? 0 : fmin(shift, shift_most);
    }
    for (uint32_t s = 0; s < p->source_count; s++)
        fit_source(part, p, s, e);
    tilt->parts[0].share = HL_RARE_PLAIN_SHARE;
    part->share = 1 - HL_RARE_PLAIN_SHARE;
}

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The score from which on a trial belongs to the elite: a shortfall where there are enough of them. */
static double level_of(struct pilot *p, uint64_t hits) {
    if (hits >= HITS_ENOUGH)
        return INFINITY;
    size_t count = round_trials;
    for (size_t i = 0; i < ROUND_BLOCKS; i++)
        memcpy(p->sorted + i * HL_BLOCK_TRIALS, p->blocks[i].score, sizeof p->blocks[i].score);
    qsort(p->sorted, count, sizeof *p->sorted, ascending);
    double level = p->sorted[count - (size_t)(elite_share * (double)count)];
    return fmax(level, 0x1p-1000); /* trials that touch no fund belong to no elite */
}

static enum hl_status fit_round(struct pilot *p, uint64_t hits, struct hl_error *err) {
    size_t sources = p->plan.source_count, climates = p->plan.scenario->climate_count;
    struct fit *fits = calloc(2 * sources + climates + 1, sizeof *fits);
    if (fits == NULL)
        return hl_fail_memory(err);
    struct elite e = {0, fits, fits + sources, fits + 2 * sources};
    double level = level_of(p, hits);
    for (size_t i = 0; i < ROUND_BLOCKS; i++)
        add_notes(&e, &p->blocks[i], level);
    if (e.weight > 0)
        fit_tilt(p->tilt, &p->plan, &e);
    free(fits);
    return HL_OK;
}

/* ---- rounds ------------------------------------------------------------------------------------------------------ */

static enum hl_status play_round(struct pilot *p, struct hl_pilot *told, const volatile sig_atomic_t *interrupt,
                                 struct hl_error *err) {
    uint64_t next = p->first;
    enum hl_status status = hl_parallel_for(p->crew, &next, p->first + ROUND_BLOCKS, play_block, p, interrupt, err);
    struct hl_weighted_sums hits = {0};
    for (size_t i = 0; i < ROUND_BLOCKS && status == HL_OK; i++)
        for (uint32_t t = 0; t < HL_BLOCK_TRIALS; t++)
            hl_weighted_add(&hits, p->blocks[i].score[t] == INFINITY, p->blocks[i].weight[t]);
    uint64_t trials = round_trials;
    p->first += ROUND_BLOCKS;
    told->trials += trials;
    told->hits = (uint64_t)hits.hits;
    told->probability = hits.weight / (double)trials;
    told->variance_reduction = hl_weighted_reduction(&hits, trials);
    return status;
}

static enum hl_status search(struct pilot *p, struct hl_pilot *told, const volatile sig_atomic_t *interrupt,
                             struct hl_error *err) {
    int updates = 0;
    for (int round = 0; round < ROUNDS_MOST && updates < UPDATES; round++) {
        enum hl_status status = play_round(p, told, interrupt, err);
        if (status == HL_OK)
            status = fit_round(p, told->hits, err);
        if (status != HL_OK)
            return status;
        updates += told->hits >= HITS_ENOUGH;
    }
    return play_round(p, told, interrupt, err);
}

static enum hl_status start(struct pilot *p, bool full, struct hl_error *err) {
    p->workers = calloc(p->threads, sizeof *p->workers);
    p->blocks = calloc(ROUND_BLOCKS, sizeof *p->blocks);
    p->sorted = malloc(round_trials * sizeof *p->sorted);
    if (p->workers == NULL || p->blocks == NULL || p->sorted == NULL)
        return hl_fail_memory(err);
    enum hl_status status = hl_crew_make(&p->crew, p->threads, err);
    for (unsigned i = 0; i < p->threads && status == HL_OK; i++)
        status = hl_rare_worker_make(&p->workers[i], &p->plan, p->tilt, full, err);
    return status;
}

static void stop(struct pilot *p) {
    hl_crew_free(p->crew);
    for (unsigned i = 0; p->workers != NULL && i < p->threads; i++)
        hl_rare_worker_free(&p->workers[i]);
    for (size_t i = 0; p->blocks != NULL && i < ROUND_BLOCKS; i++)
        free(p->blocks[i].notes);
    free(p->workers);
    free(p->blocks);
    free(p->sorted);
}

enum hl_status hl_pilot_run(struct hl_tilt *out, struct hl_pilot *told, const struct hl_plan *plan, uint32_t entity,
                            const struct hl_run_options *options, struct hl_error *err) {
    struct pilot p = {.plan = *plan, .entity = entity, .tilt = out, .threads = options->threads};
    if (p.threads == 0)
        p.threads = hl_parallel_processors();
    p.plan.seed = hl_stream_with(hl_stream("rare: pilot"), plan->seed);
    *told = (struct hl_pilot){0};
    enum hl_status status = hl_tilt_make(out, plan, 2, err);
    if (status == HL_OK)
        status = start(&p, options->full_ledger, err);
    if (status == HL_OK)
        status = search(&p, told, options->interrupt, err);
    stop(&p);
    if (status != HL_OK)
        hl_tilt_free(out);
    return status;
}
