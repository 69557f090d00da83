/* One block of trials: draw, take, pay, count. */
#ifndef HL_ENGINE_BLOCK_H
#define HL_ENGINE_BLOCK_H

#include "engine/kept.h"
#include "engine/sums.h"
#include "engine/swift.h"
#include "engine/tally.h"
#include "engine/waterfall.h"

/* The paired differences whose errors come from block means: probability and amount of shortfall without insurance less
 * those as stated, per full entity and basis. */
enum { HL_PAIR_PROBABILITY, HL_PAIR_AMOUNT, HL_PAIR_COUNT };

/* One thread's memory. A zeroed struct is empty. */
struct hl_worker {
    const struct hl_plan *plan;
    const struct hl_layout *layout;
    struct hl_tally tally;
    struct hl_swift swift;
    bool full;   /* everything is played, also what is known or that nobody asks for */
    bool *plain; /* [policy_count][exchange_count] waterfalls that are played as plain ones */
    struct hl_events events;
    struct hl_kept kept;
    struct hl_claims claims;
    struct hl_waterfall waterfall;
    struct hl_arena arena;
    double *pairs;           /* [hl_pair_width] sums over the block; the caller reads them after hl_block_run */
    struct hl_sums exchange; /* of one trial */
    struct hl_sums system;
    double *called; /* [exchange_count] what pools call each member for in one trial */
    double *part;   /* [entity_count] gross of vendors, vectors, sources in one trial */
    double *part_largest;
    uint32_t *part_events; /* [entity_count] */
    double *contribution;  /* [entity_count] */
    uint32_t *parts;       /* [entity_count] which of them the trial touches */
    bool *part_touched;    /* [entity_count] */
    size_t part_count;
};

/* How many paired sums a block has. */
size_t hl_pair_width(const struct hl_layout *l);
static inline size_t hl_pair_of(size_t entity, enum hl_basis basis, size_t pair) {
    return (entity * HL_BASIS_COUNT + basis) * HL_PAIR_COUNT + pair;
}

/* Of a zeroed struct, of which much is never touched. `full`: the ledger plays every trial event by event and day by
 * day, though sums or a plain waterfall would do. hl_worker_free frees it also where this failed. */
HL_MUST_CHECK enum hl_status hl_worker_make(struct hl_worker *w, const struct hl_layout *l, bool full,
                                            struct hl_error *err);
void hl_worker_free(struct hl_worker *w);

/* Plays trials [0, trials) of a block through every run of the plan. */
HL_MUST_CHECK enum hl_status hl_block_run(struct hl_worker *w, uint32_t block, uint32_t trials, struct hl_error *err);

#endif
