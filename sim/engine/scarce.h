/* Lone claims at the only exchange, for which plain cash (engine/plain.h) does not suffice: counted many at a time.
 *
 * Where all money is cash that pays on one day, in one policy, what comes of a year's only claim is told by its amount:
 * the rows pay in their order until customers are whole, the rest is the shortfall, and as much more in reserve would
 * have been needed. The same counts as from the ledger, bit for bit.
 */
#ifndef HL_ENGINE_SCARCE_H
#define HL_ENGINE_SCARCE_H

#include "base/arena.h"
#include "engine/quiet.h"
#include "engine/tally.h"

/* One sampling of a plan. A zeroed struct does not apply. */
struct hl_scarce {
    bool applies;
    size_t run;                   /* the sampling's only one */
    double cash[HL_BASIS_COUNT];  /* what all rows have for a year's claims, in quanta */
    int days[HL_BASIS_COUNT];     /* until customers are whole, where they are */
    const double *before, *after; /* [fund_count] what the rows up to each of the scenario's funds have, without it and
                                     with it */
};

/* HL_FAILED when memory runs out. */
HL_MUST_CHECK enum hl_status hl_scarce_make(struct hl_scarce *out, const struct hl_plan *p, size_t run,
                                            const struct hl_quiet *quiet, struct hl_arena *arena, struct hl_error *err);

/* Where the claims of entities with the same events are counted. */
struct hl_scarce_places {
    const uint32_t *entities; /* [entity_count] the exchange, the system; vendors, vectors, sources */
    size_t entity_count;
    size_t claim;                     /* a bundle (hl_tally_bundle) of what is the claim, */
    size_t shortfall[HL_BASIS_COUNT]; /* and of what is the shortfall */
};

HL_MUST_CHECK enum hl_status hl_scarce_bundle(const struct hl_scarce *s, struct hl_scarce_places *out,
                                              struct hl_tally *t, const uint32_t *entities, size_t entity_count,
                                              struct hl_arena *arena, struct hl_error *err);

/* Counts claims [count] that are positive whole quanta. work: [2][count] */
void hl_scarce_count(const struct hl_scarce *s, const struct hl_scarce_places *at, struct hl_tally *t,
                     const double *claims, size_t count, double *work);

#endif
