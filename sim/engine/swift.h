/* The swift way through a block: by sums, where sums are all that matters.
 *
 * A sampling goes the swift way when every breach takes an amount that is known without playing the trial
 * (engine/strokes.h). Then a block's events are drawn source by source into lists of (trial, amount), and added up by
 * trial for every entity. Trials whose claims are quiet (engine/quiet.h), or settled by layers of insurance
 * (engine/settle.h), or lone and told by cash (engine/scarce.h), are counted from these sums, and so are all where
 * nobody pays; the others, which are few, are told event by event and played by the ledger. Both ways count the same
 * numbers, bit for bit.
 */
#ifndef HL_ENGINE_SWIFT_H
#define HL_ENGINE_SWIFT_H

#include "engine/events.h"
#include "engine/scarce.h"
#include "engine/settle.h"
#include "engine/strokes.h"
#include "engine/tally.h"

struct hl_gathering;
struct hl_swift_way;

/* One thread's memory. A zeroed struct is empty. */
struct hl_swift {
    struct hl_arena arena;
    const struct hl_plan *plan;
    const struct hl_layout *layout;
    bool bare;                       /* nobody pays: hl_is_bare */
    bool drained;                    /* wallets are not restored: a second theft finds less */
    struct hl_swift_way *ways;       /* [sampling_count] */
    struct hl_gathering *gatherings; /* [gathering_count] exchanges first */
    size_t gathering_count;
    struct hl_block_strokes strokes_of;
    /* By trial of the block; strokes and taken are 0 but while a gathering is counted. */
    uint8_t verdict[HL_BLOCK_TRIALS];
    uint16_t strokes[HL_BLOCK_TRIALS];
    struct {
        double sum;
        double largest;
    } taken[HL_BLOCK_TRIALS];
    uint16_t short_count[HL_BLOCK_TRIALS]; /* exchanges with a shortfall */
    double joint[HL_BLOCK_TRIALS];
    uint16_t place[HL_BLOCK_TRIALS]; /* of a layered trial in the list of them */
    /* Lists of trials or their values. */
    uint16_t touched[HL_BLOCK_TRIALS + 1];
    double single[HL_BLOCK_TRIALS + 1];
    double several[HL_BLOCK_TRIALS + 1];
    double several_largest[HL_BLOCK_TRIALS + 1];
    double scarce[HL_BLOCK_TRIALS];
    double work[2 * HL_BLOCK_TRIALS];
    size_t layered_count;
    uint16_t layered_trials[HL_BLOCK_TRIALS];
    struct hl_settled layered[HL_BLOCK_TRIALS];
    double layered_largest[HL_BLOCK_TRIALS];
};

/* Of a zeroed struct. `t` gets bundles (hl_tally_bundle), and it is the one to count in. `full`: nothing goes the swift
 * way. */
HL_MUST_CHECK enum hl_status hl_swift_make(struct hl_swift *w, struct hl_tally *t, bool full, struct hl_error *err);
void hl_swift_free(struct hl_swift *w);

bool hl_swift_applies(const struct hl_swift *w, size_t sampling);

/* Draws trials [0, trials) of a block of a sampling that goes the swift way and counts all that are not loud; `e` gets
 * the hits of the others. */
HL_MUST_CHECK enum hl_status hl_swift_block(struct hl_swift *w, struct hl_tally *t, struct hl_events *e,
                                            size_t sampling, uint32_t block, uint32_t trials, struct hl_error *err);

#endif
