/* One trial told as a story: what was taken, who paid what on which day, what was left unpaid. */
#ifndef HL_RESULTS_TRACE_H
#define HL_RESULTS_TRACE_H

#include "engine/plan.h"

/* Replays trial `trial` (counted from 0) as stated, with all sources of funds, and tells it in at most 80 columns; ends
 * with what the earmarked funds alone would have left unpaid. */
HL_MUST_CHECK enum hl_status hl_trace_print(const struct hl_plan *p, uint64_t trial, FILE *out, struct hl_error *err);

/* The first of `trials` trials whose customers are short at the deadline, or else the first with a breach; `trials`
 * when there is neither. For "show me one". */
HL_MUST_CHECK enum hl_status hl_trace_find(const struct hl_plan *p, uint64_t trials, uint64_t *trial,
                                           struct hl_error *err);

#endif
