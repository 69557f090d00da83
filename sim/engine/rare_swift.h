/* Trials of importance sampling whose amounts alone tell what comes of them: added up instead of played.
 *
 * What holds of plain trials (engine/strokes.h, engine/settle.h) holds of tilted ones, which differ in how often things
 * happen and how large they are. Here a trial need not be quiet: behind layers of insurance that are settled from sums
 * stands nothing but cash, there from day 0 on, so what the layers leave beyond the cash is the shortfall, and as much
 * reserve is needed. The numbers are those of the ledger, bit for bit.
 */
#ifndef HL_ENGINE_RARE_SWIFT_H
#define HL_ENGINE_RARE_SWIFT_H

#include "engine/events.h"
#include "engine/settle.h"

/* What one event takes from one exchange. */
struct hl_rare_stroke {
    double taken; /* quanta */
    uint32_t exchange;
    uint32_t source;
    uint16_t trial; /* within the block */
};

/* What comes of one trial at one exchange, in quanta. */
struct hl_rare_swift_outcome {
    double claim;
    double shortfall[HL_BASIS_COUNT];
    const double *paid; /* [fund_count] with all sources of funds, by the scenario's funds; until the next exchange */
};

struct hl_rare_swift_way;

/* One thread's memory. A zeroed struct is empty. */
struct hl_rare_swift {
    struct hl_arena arena;
    const struct hl_plan *plan;
    bool applies;                   /* does any trial go this way? */
    struct hl_rare_swift_way *ways; /* [exchange_count] */
    double *paid;                   /* [fund_count] */
    struct hl_rare_stroke *strokes; /* [first[HL_BLOCK_TRIALS]] by trial, then exchange */
    struct hl_rare_stroke *drawn;   /* in any order */
    size_t count;
    size_t capacity;
    uint32_t first[HL_BLOCK_TRIALS + 1]; /* strokes of trial t: [first[t], first[t + 1]) */
    bool loud[HL_BLOCK_TRIALS];          /* the ledger has to play it */
    bool any_loud;
    double *sizes; /* [room] quantiles, or the places at which they are looked up */
    double *places;
    size_t room;
};

/* `full`: every trial is the ledger's. */
HL_MUST_CHECK enum hl_status hl_rare_swift_make(struct hl_rare_swift *w, const struct hl_plan *p, bool full,
                                                struct hl_error *err);
void hl_rare_swift_free(struct hl_rare_swift *w);

/* Tells what the incidents of a block take, for trials below `trials`, and which trials are loud. Clients of vendors
 * are drawn as in->tilted says. */
HL_MUST_CHECK enum hl_status hl_rare_swift_tell(struct hl_rare_swift *w, const struct hl_incidents *in, uint32_t block,
                                                uint32_t trials, struct hl_error *err);

/* What comes of the strokes of one exchange in a trial that is not loud, the first of which is `stroke`. Returns the
 * first one of the next exchange or trial. */
size_t hl_rare_swift_play(struct hl_rare_swift *w, size_t stroke, struct hl_rare_swift_outcome *out);

#endif
