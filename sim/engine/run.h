/* A run: all trials of a plan, by blocks, on threads, into a result; or a part of them into a file, from which other
 * runs go on. */
#ifndef HL_ENGINE_RUN_H
#define HL_ENGINE_RUN_H

#include "engine/parts.h"
#include "engine/plan.h"
#include "engine/ranks.h"
#include "engine/result.h"

#include <signal.h>

/* How far a run is. */
struct hl_progress {
    unsigned pass;   /* 1: the pilot; 2: all trials; 3: again, for what the pilot had not foreseen */
    uint64_t done;   /* trials of this pass */
    uint64_t trials; /* of this pass; with `trials: auto` of the present round */
};

/* The threads of a run add up what they have so many times, if that many blocks lie between. */
enum { HL_STRETCHES = 16, HL_STRETCH_BLOCKS = 64 };

enum { HL_PILOT_SPARE = 5 };

struct hl_run_options {
    unsigned threads;                       /* 0 = as many as processors */
    const volatile sig_atomic_t *interrupt; /* the run stops soon after it becomes non-zero; NULL = never */
    void (*progress)(void *context, struct hl_progress p); /* called from one thread at a time; NULL = none */
    void *progress_context;
    double pilot_spare; /* standard errors that the pilot's windows (questions.h) have to spare; 0 = HL_PILOT_SPARE. The
                           results do not depend on it; a small one makes the third pass likely. */
    bool full_ledger; /* every trial is played by the full ledger, where shorter ways give the same bits: to compare */
    const struct hl_keep *keep; /* NULL = nothing is kept */
    const char *const *parts;   /* [part_count] files of shards that together have all trials: they are not played */
    size_t part_count;
    struct hl_peers *peers; /* the processes that share the run, each called with the same plan; NULL = one alone */
};
struct hl_run_options hl_run_options_default(void);

/* How many trials the pilot has; the first round's with `trials: auto`. */
uint64_t hl_run_pilot_trials(const struct hl_scenario *s);

/* Runs the plan. The result's bits depend on the plan and on nothing else; only its provenance tells of threads and
 * times. A shard leaves the result without rows, and so does every rank but the first. HL_INTERRUPTED leaves it empty;
 * what was played is in the checkpoint, where one is kept. */
HL_MUST_CHECK enum hl_status hl_run(struct hl_result *out, const struct hl_plan *plan,
                                    const struct hl_run_options *options, struct hl_error *err);

#endif
