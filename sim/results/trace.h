/* One trial told as a story: what was taken, who paid what on which day, what was left unpaid. */
#ifndef HL_RESULTS_TRACE_H
#define HL_RESULTS_TRACE_H

#include "engine/plan.h"

/* Replays trial `trial` (counted from 0) as stated, with all sources of funds, and tells it in at most 80 columns; ends
 * with what the earmarked funds alone would have left unpaid. */
HL_MUST_CHECK enum hl_status hl_trace_print(const struct hl_plan *p, uint64_t trial, FILE *out, struct hl_error *err);

/* The same without the line that says which trial it is. */
HL_MUST_CHECK enum hl_status hl_trace_story(const struct hl_plan *p, uint64_t trial, FILE *out, struct hl_error *err);

/* What came of one trial, over all exchanges, in quanta. */
struct hl_trace_sums {
    size_t claims;           /* that count */
    int day;                 /* of the first discovery */
    double gross;            /* all that was taken, at the prices of the thefts */
    double owed;             /* to customers, at the prices of the discoveries */
    double claim;            /* what was paid and the haircut */
    double shortfall;        /* unpaid at the deadlines, at the prices of these days */
    double haircut;          /* never paid */
    double days_until_whole; /* the longest of the claims, from their discovery; HL_NEVER when one never is */
    double *paid;            /* [scenario->fund_count] net of what was paid back; the caller's memory */
};

/* Plays a trial with all sources of funds and adds up what came of it. `out->paid` is set before. */
HL_MUST_CHECK enum hl_status hl_trace_sum(const struct hl_plan *p, uint64_t trial, struct hl_trace_sums *out,
                                          struct hl_error *err);

/* The first of `trials` trials whose customers are short at the deadline, or else the first with a breach; `trials`
 * when there is neither. For "show me one". */
HL_MUST_CHECK enum hl_status hl_trace_find(const struct hl_plan *p, uint64_t trials, uint64_t *trial,
                                           struct hl_error *err);

#endif
