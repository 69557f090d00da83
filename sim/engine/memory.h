/* How much memory a run will take at its peak, told before it is played. */
#ifndef HL_ENGINE_MEMORY_H
#define HL_ENGINE_MEMORY_H

#include "engine/plan.h"

/* Bytes. Most of it is there once for each thread. */
struct hl_memory {
    double program;    /* what the process has taken until now: the program, the scenario, the plan */
    double counts;     /* ladders and other counts: of the whole, */
    double by_thread;  /* and of a thread */
    double events;     /* a thread's block: events, claims, waterfalls, prices; and the thread itself */
    double kept;       /* values around the asked ranks: of the whole, */
    double kept_share; /* and of a thread */
    double results;    /* rows, and what sorting them takes */
};

/* Plays one block of trials to know how many events there are and which quantities have values at all, and once more
 * for how many of these would be kept; leaves nothing behind. */
HL_MUST_CHECK enum hl_status hl_memory_of(struct hl_memory *out, const struct hl_plan *plan, struct hl_error *err);

/* The peak on so many threads. */
double hl_memory_peak(const struct hl_memory *m, unsigned threads);

#endif
