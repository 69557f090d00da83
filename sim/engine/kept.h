/* What the trials of a block came to as stated, for the runs that would only find the same again: a trial that another
 * sampling draws the same hits for, and an exchange that has the same rows under another policy.
 *
 * Only of plans of one policy year. Source of the bits: a trial's outcome is a function of its hits, its place and the
 * rows that pay, since every draw has its address.
 */
#ifndef HL_ENGINE_KEPT_H
#define HL_ENGINE_KEPT_H

#include "engine/events.h"
#include "engine/result.h"

#include <assert.h>

/* Of one exchange in one trial. */
struct hl_kept_sums {
    double shortfall[HL_BASIS_COUNT];
    double reserve_needed[HL_BASIS_COUNT];
};

/* Of one trial. */
struct hl_kept_trial {
    uint32_t first; /* of `breached`, */
    uint32_t count; /* so many */
    bool is_short;  /* an exchange falls short, on some basis */
};

/* The most entities that one hit can breach: the system, its exchange, source, vector and vendor. */
enum { HL_BREACHED_MOST = 5 };

/* A zeroed struct is empty. */
struct hl_kept {
    const struct hl_plan *plan; /* NULL = nothing is kept */
    struct hl_hit *hits;        /* [first[HL_BLOCK_TRIALS]] of the sampling as stated */
    struct hl_kept_sums *sums;  /* [the same] of a trial: from its first hit's place on, by exchange */
    size_t capacity;
    uint32_t first[HL_BLOCK_TRIALS + 1]; /* as in hl_events */
    uint32_t *breached;                  /* [breached_count] entities that trials breach, trial by trial */
    size_t breached_count;
    struct hl_kept_trial trials[HL_BLOCK_TRIALS]; /* those with hits, once they are told */
    bool *same_rows;                              /* [policy_count][exchange_count] pays as stated */
};

/* Begins a block, of which these are the hits as stated. */
HL_MUST_CHECK enum hl_status hl_kept_begin(struct hl_kept *k, const struct hl_plan *p, const struct hl_events *e,
                                           struct hl_error *err);

/* Are a trial's hits, drawn by another sampling, those that were kept? */
bool hl_kept_is_same(const struct hl_kept *k, const struct hl_events *e, uint32_t trial);

/* Has an exchange the same rows under a policy as under the first, with nobody else in them? */
static inline bool hl_kept_rows_are_same(const struct hl_kept *k, size_t policy, size_t exchange) {
    return k->plan != NULL && k->same_rows[policy * k->plan->scenario->exchange_count + exchange];
}

/* The place for a trial's exchange, counted from 0 among those with claims; NULL where nothing is kept. */
static inline struct hl_kept_sums *hl_kept_at(const struct hl_kept *k, uint32_t trial, size_t exchange) {
    return k->plan != NULL ? &k->sums[k->first[trial] + exchange] : NULL;
}

/* Adds an entity to those that a trial breaches, after those of the trials before. */
static inline void hl_kept_breach(struct hl_kept *k, uint32_t trial, size_t entity) {
    assert(k->breached_count < HL_BREACHED_MOST * k->capacity);
    if (k->trials[trial].count++ == 0)
        k->trials[trial].first = (uint32_t)k->breached_count;
    k->breached[k->breached_count++] = (uint32_t)entity;
}

void hl_kept_free(struct hl_kept *k);

#endif
