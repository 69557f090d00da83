/* The swift way through a block: by sums, where sums are all that matters.
 *
 * A sampling goes the swift way when every breach takes an amount that is known without playing the trial: no prices,
 * no runs, no breaches that others set off, one policy year, customers' coins only, and everything in reach (or one
 * wallet that is always the same). Then a block's events are drawn source by source into lists of (trial, amount), and
 * added up by trial for every entity. Trials whose claims are all quiet (engine/quiet.h) are counted from these sums;
 * the others, which are few, are told event by event and played by the ledger. Both ways count the same numbers, bit
 * for bit.
 */
#ifndef HL_ENGINE_SWIFT_H
#define HL_ENGINE_SWIFT_H

#include "engine/events.h"
#include "engine/quiet.h"
#include "engine/tally.h"

/* Events of one stream, or hits of one exchange, by no order: the trial, and what was taken in quanta. */
struct hl_strokes {
    uint16_t *trials; /* [count] within the block */
    double *taken;    /* [count] */
    size_t count;
    size_t capacity;
};

struct hl_gathering;

/* One thread's memory. A zeroed struct is empty. */
struct hl_swift {
    struct hl_arena arena;
    const struct hl_plan *plan;
    const struct hl_layout *layout;
    bool *applies;          /* [sampling_count] */
    struct hl_quiet *quiet; /* [sampling_count][exchange_count] */
    /* By source its events that hit somebody, and of vendors those that hit nobody; by exchange what vendors' events
     * took there: lists [2 source_count + exchange_count] in this order. */
    struct hl_strokes *lists;
    struct hl_arrivals *arrivals;    /* [source_count] as drawn, where they are not addressed one by one */
    struct hl_gathering *gatherings; /* [gathering_count] exchanges first */
    size_t gathering_count;
    struct hl_words *words; /* [capacity] */
    double *v;
    double *size;
    size_t capacity;
    double sum[HL_BLOCK_TRIALS];
    double largest[HL_BLOCK_TRIALS];
    uint16_t strokes[HL_BLOCK_TRIALS];
    uint16_t touched[HL_BLOCK_TRIALS];
    bool loud[HL_BLOCK_TRIALS]; /* the ledger plays it */
};

/* `full`: nothing goes the swift way. */
HL_MUST_CHECK enum hl_status hl_swift_make(struct hl_swift *w, const struct hl_layout *l, bool full,
                                           struct hl_error *err);
void hl_swift_free(struct hl_swift *w);

/* Draws trials [0, trials) of a block of a sampling that goes the swift way and counts all that are quiet; `e` gets the
 * hits of the others. */
HL_MUST_CHECK enum hl_status hl_swift_block(struct hl_swift *w, struct hl_tally *t, struct hl_events *e,
                                            size_t sampling, uint32_t block, uint32_t trials, struct hl_error *err);

#endif
