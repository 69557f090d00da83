/* From weighted trials to rows: the same keys as a plain run's, fewer of them. */
#ifndef HL_ENGINE_RARE_ROWS_H
#define HL_ENGINE_RARE_ROWS_H

#include "engine/rare_play.h"
#include "engine/tally.h"
#include "stats/weighted.h"

/* All trials of a run. Quantity 0 is 1 in every trial; then HL_RARE_WHATS of each full entity. Quantities that are
 * equal in every trial are counted once. */
struct hl_rare_counts {
    const struct hl_layout *layout;
    uint64_t trials;
    uint64_t plain;                 /* of them, drawn as stated */
    const uint32_t *same;           /* [hl_rare_width] the first quantity that each is equal to: its own number, or one
                                       that is counted in its place */
    struct hl_weighted_sums *sums;  /* [hl_rare_width] */
    struct hl_weighted_list *lists; /* [hl_rare_width] sorted; that of quantity 0 is empty */
};

static inline size_t hl_rare_width(size_t full_count) { return 1 + full_count * HL_RARE_WHATS; }
static inline size_t hl_rare_quantity(size_t entity, size_t what) { return 1 + entity * HL_RARE_WHATS + what; }

/* Fills *out but for its provenance and `rare`. Of the system and each exchange: gross loss (mean, VaR, TVaR, AEP),
 * shortfall on both bases (probability, mean, mean if positive, VaR, TVaR, AEP) and the reserve needed on both (VaR,
 * P(shortfall) and mean shortfall with so much more of it). */
HL_MUST_CHECK enum hl_status hl_rare_rows_make(struct hl_result *out, const struct hl_rare_counts *counts,
                                               struct hl_error *err);

#endif
