/* A case of history played again: what came out beside what is on record. */
#ifndef HL_RESULTS_REPLAY_H
#define HL_RESULTS_REPLAY_H

#include "results/trace.h"

/* One figure that is held against the record. */
struct hl_replay_check {
    const char *what;
    bool days; /* else quanta */
    double found;
    double expected; /* HL_NEVER days = never */
    bool differs;    /* days at all, money by more than the tolerance of what customers were owed */
};

/* A zeroed struct is empty. */
struct hl_replay {
    struct hl_arena arena;
    const struct hl_plan *plan; /* borrowed */
    struct hl_trace_sums sums;  /* of trial 0 */
    struct hl_replay_check *checks;
    size_t check_count;
    size_t differing;
};

/* Plays trial 0 with all sources of funds and holds it against the scenario's `expected`. */
HL_MUST_CHECK enum hl_status hl_replay_play(struct hl_replay *out, const struct hl_plan *p, struct hl_error *err);
void hl_replay_free(struct hl_replay *r);

/* Prints the facts with their sources, the story day by day, who bore what, and found beside expected; at most 80
 * columns but for words without a blank. */
HL_MUST_CHECK enum hl_status hl_replay_print(const struct hl_replay *r, FILE *out, struct hl_error *err);

/* "14 days", "never". */
void hl_replay_days(char *out, size_t size, double days);

#endif
