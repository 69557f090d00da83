/* From counts to rows: estimates, errors, statuses, verdicts. */
#ifndef HL_ENGINE_ROWS_H
#define HL_ENGINE_ROWS_H

#include "engine/tally.h"
#include "stats/tree.h"

/* Marks in `total` (a first pass over `trials`) which values the order statistics need, and lays the curves. */
HL_MUST_CHECK enum hl_status hl_rows_ask(struct hl_tally *total, uint64_t trials, struct hl_error *err);

/* Gives a worker's tally the same questions and turns it to the second pass. */
HL_MUST_CHECK enum hl_status hl_rows_share(struct hl_tally *worker, const struct hl_tally *total, struct hl_error *err);

/* Makes all rows and verdicts; `pairs` are the block means of the paired differences. */
HL_MUST_CHECK enum hl_status hl_rows_make(struct hl_result *out, const struct hl_tally *total,
                                          const struct hl_tree *pairs, uint64_t trials, struct hl_error *err);

/* The relative standard error of a probability estimated by `hits` in `trials`; INFINITY without hits. */
double hl_relative_error(uint64_t hits, uint64_t trials);

#endif
