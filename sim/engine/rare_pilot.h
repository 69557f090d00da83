/* Which tilt brings a shortfall about: a pilot by cross-entropy.
 *
 * Round by round, trials are drawn from the tilt so far, and the next one is the member of the family that is closest
 * to the law of the trials with a shortfall: the rate of a source is what its clusters come to in those trials, its
 * size exponent the mean of -ln v, the shift of a climate the mean of z, all weighted by stated over drawn density.
 * Until enough trials fall short, the twentieth of them that goes deepest into the funds stands for them. Draws are
 * those of another seed than the run's, so that the tilt knows nothing of what it is used on. Source: Rubinstein and
 * Kroese, "The Cross-Entropy Method" (2004); de Boer, Kroese, Mannor, Rubinstein, "A tutorial on the cross-entropy
 * method" (2005).
 */
#ifndef HL_ENGINE_RARE_PILOT_H
#define HL_ENGINE_RARE_PILOT_H

#include "engine/rare_tilt.h"
#include "engine/run.h"

/* The share of the trials that is drawn as stated: no weight is above 1 over it. */
#define HL_RARE_PLAIN_SHARE 0.1

/* Less than this, and plain trials do as well. */
#define HL_RARE_REDUCTION_LEAST 2.0

struct hl_pilot {
    uint64_t trials;           /* played in all rounds */
    uint64_t hits;             /* trials with a shortfall, in the last round */
    double probability;        /* of a shortfall, by the last round */
    double variance_reduction; /* how many plain trials one of the last round's is worth */
};

/* Looks for the tilt towards a shortfall (all sources of funds) of a full entity; of the options threads, interrupt and
 * full_ledger count. *out is made in any case but failure; whether it helps is for the caller to say. */
HL_MUST_CHECK enum hl_status hl_pilot_run(struct hl_tilt *out, struct hl_pilot *told, const struct hl_plan *plan,
                                          uint32_t entity, const struct hl_run_options *options, struct hl_error *err);

#endif
