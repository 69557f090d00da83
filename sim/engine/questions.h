/* Which order statistics a run is asked for: marked after the first pass, so that the second keeps their values. */
#ifndef HL_ENGINE_QUESTIONS_H
#define HL_ENGINE_QUESTIONS_H

#include "engine/tally.h"

/* One order statistic of one slot, and perhaps the tail mean above it. */
struct hl_question {
    enum hl_metric metric;
    enum hl_metric tail; /* HL_METRIC_COUNT = none */
    double level;        /* as the row shows it: confidence or return period */
    double p;
    uint64_t n; /* all trials, or those with a breach */
};

enum { HL_QUESTIONS_MOST = 3 * HL_LEVELS_MOST };

struct hl_questions {
    struct hl_question items[HL_QUESTIONS_MOST];
    size_t count;
};

/* Everything that is asked of one slot, over n trials. */
void hl_questions_ask(struct hl_questions *q, const struct hl_tally *t, const struct hl_slot *slot, uint64_t n);

/* Trials of the slot's sampling in which its entity is breached. */
uint64_t hl_breaches_of(const struct hl_tally *t, const struct hl_slot *slot);

/* Told in days; else in money. */
static inline bool hl_is_days(enum hl_perspective what) {
    return what == HL_DAYS_UNTIL_WHOLE || what == HL_DAYS_UNPAID;
}

/* Told as a number of exchanges: how likely it is that there are any, and how many on average. */
static inline bool hl_is_number(enum hl_perspective what) { return what == HL_SUSPENDED || what == HL_INSOLVENT; }

/* Marks in `total` (a first pass over `trials`) which values the order statistics need, and lays the curves. */
HL_MUST_CHECK enum hl_status hl_questions_mark(struct hl_tally *total, uint64_t trials, struct hl_error *err);

/* Gives a worker's tally the same questions and turns it to the second pass. */
HL_MUST_CHECK enum hl_status hl_questions_share(struct hl_tally *worker, const struct hl_tally *total,
                                                struct hl_error *err);

#endif
