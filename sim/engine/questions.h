/* Which order statistics and curves a run is asked for. A pilot of few trials tells about where the asked values will
 * lie; then the run keeps the values there beside its counts, and all trials need to be played only once. Where the
 * pilot was wrong, hl_questions_held tells. */
#ifndef HL_ENGINE_QUESTIONS_H
#define HL_ENGINE_QUESTIONS_H

#include "engine/tally.h"
#include "stats/interval.h"

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

/* P(X > x) and E[(X - x)+] of what a slot needs as reserve are told at so many amounts from 0 on, a step apart. */
enum { HL_CURVE_POINTS = 25 };

/* The step in quanta, from the counts of all trials; 0 = the slot has no such curve. */
double hl_curve_step(const struct hl_tally *t, const struct hl_slot *slot);

/* So many of a pilot's trials were counted, of all. */
struct hl_pilot {
    const struct hl_tally *counts;
    uint64_t trials;
    uint64_t of;
    double spare; /* standard errors to spare on either side of a rank */
    struct hl_known *known;
};

/* Lays in slot `i` of `t` what its order statistics and its curve will need, as far as the pilot lets it be known: all
 * of it where the pilot has all trials; of all slots that its ladder tells. `t` may be the pilot's own counts. What was
 * laid before is freed. Slots that another tells have nothing of their own, and miss nothing. */
HL_MUST_CHECK enum hl_status hl_questions_lay(struct hl_tally *t, size_t i, const struct hl_pilot *pilot,
                                              struct hl_error *err);

/* Lays all slots of `t` as in `from`. */
HL_MUST_CHECK enum hl_status hl_questions_lay_alike(struct hl_tally *t, const struct hl_tally *from,
                                                    struct hl_error *err);

/* Tightens the windows of a tally to which a block of trials was added, where they are crowded: the more trials are
 * counted, the better it is known where the asked values lie. Any tightening gives the same answers. */
void hl_questions_tighten(struct hl_tally *t, uint32_t trials);
void hl_questions_tighten_slot(struct hl_tally *t, size_t i);

/* Narrows the windows of a tally to those of another, which knows more, and is laid alike. */
void hl_questions_follow(struct hl_tally *t, const struct hl_tally *from);

/* Does slot `i` hold every value that is asked of it, over so many trials? Its picks are sorted. */
bool hl_questions_held(const struct hl_tally *t, size_t i, uint64_t trials, struct hl_known *known);

#endif
