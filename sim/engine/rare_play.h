/* Trials of importance sampling, played as any others: events, claims, waterfall, and what more reserve it takes; or
 * added up, where that comes to the same (engine/rare_swift.h). */
#ifndef HL_ENGINE_RARE_PLAY_H
#define HL_ENGINE_RARE_PLAY_H

#include "engine/rare_swift.h"
#include "engine/rare_tilt.h"
#include "engine/sums.h"

/* What is told of a full entity's trial, in quanta. */
enum hl_rare_what {
    HL_RARE_GROSS,
    HL_RARE_SHORTFALL,                                 /* and by basis */
    HL_RARE_NEED = HL_RARE_SHORTFALL + HL_BASIS_COUNT, /* additional reserve, and by basis */
    HL_RARE_WHATS = HL_RARE_NEED + HL_BASIS_COUNT
};

struct hl_rare_outcome {
    uint32_t entity; /* 0 = the system, 1 + e = exchange e */
    double of[HL_RARE_WHATS];
    double depth; /* how deep claims went into the funds: what was paid, the more weight the later it stands in the
                     waterfall */
};

/* One thread's memory. A zeroed struct is empty. */
struct hl_rare_worker {
    const struct hl_plan *plan;
    struct hl_tilted *tilted;
    struct hl_events events;
    struct hl_claims claims;
    struct hl_waterfall waterfall;
    struct hl_rare_swift swift;
    struct hl_arena arena;
    struct hl_sums exchange; /* of one trial */
    struct hl_sums system;
    bool all_earmarked;               /* both bases are one */
    struct hl_rare_outcome *outcomes; /* [outcome_count] the system first, then the exchanges that have claims */
    size_t outcome_count;
    size_t incident_count;           /* of the block */
    double weights[HL_BLOCK_TRIALS]; /* stated over drawn density of the block's trials */
};

/* `tilt` is borrowed. `full`: every trial is played by the ledger, to compare. */
HL_MUST_CHECK enum hl_status hl_rare_worker_make(struct hl_rare_worker *w, const struct hl_plan *p,
                                                 const struct hl_tilt *tilt, bool full, struct hl_error *err);
void hl_rare_worker_free(struct hl_rare_worker *w);

/* Draws trials [0, trials) of a block, and what each weighs. */
HL_MUST_CHECK enum hl_status hl_rare_draw(struct hl_rare_worker *w, uint32_t block, uint32_t trials,
                                          struct hl_error *err);

/* Plays a trial of the block that was drawn; fills `outcomes`, none where nothing was taken. What reserve is needed and
 * the earmarked funds are left out unless `whole`. */
void hl_rare_play(struct hl_rare_worker *w, uint32_t block, uint32_t trial, bool whole);

#endif
