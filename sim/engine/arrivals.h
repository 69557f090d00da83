/* Every incident of one block: breaches that come by themselves, source by source and policy year by policy year, and
 * those that they set off, before it is asked who is hit and what is taken.
 *
 * Addresses, besides those of the counts (models/frequency.h):
 *   climate     the shock of a policy year: the hash of "climate:" and its name with the year added, HL_DRAW_CLIMATE,
 *               index = trial, word 0
 *   offspring   of incident (stream, index) at source j: stream c = stream with index and the hash of j's name added;
 *               how many: (c, HL_DRAW_CHILDREN, 0), word 0; child k: (c, HL_DRAW_EVENT, k), word 0 its delay, word 1
 *               its size. (c, k) is the child's own address, so that its children are found in the same way
 * A child is in the trial of the incident that the cascade began with. One past the horizon's end is dropped, with all
 * that it would have set off.
 */
#ifndef HL_ENGINE_ARRIVALS_H
#define HL_ENGINE_ARRIVALS_H

#include "engine/rare_tilt.h"

#define HL_NO_CAUSE UINT32_MAX

struct hl_incident {
    struct hl_arrival at; /* address, trial, place among the trials of its root's year, word of its size */
    double day;           /* of the entry, from the start of the trial */
    double cause_day;     /* of the incident that set it off */
    uint32_t source;
    uint32_t cause;     /* the source of the incident that set it off; HL_NO_CAUSE = it came by itself */
    uint32_t root;      /* the source that its cascade began with; its own when it came by itself */
    uint16_t year;      /* policy year of the entry, from 1 */
    uint16_t root_year; /* of the incident that the cascade began with */
};

/* A zeroed struct is empty. Used again for every block: memory grows to the largest block seen and stays. */
struct hl_incidents {
    struct hl_incident *items; /* [count] parents before their children; no other order */
    size_t count;
    size_t capacity;
    struct hl_arrivals drawn; /* of one source and policy year */
    double *climate;          /* [climate][year - 1][trial] running sums over the trials of a block */
    size_t climate_capacity;
    uint64_t climate_key; /* of the plan, the seed and the block whose climate it is; 0 = none yet */
    bool shares; /* set by who draws all samplings of one plan, block by block, from the stated on: they share what has
                    the same law in both */
    struct {
        bool told; /* these are of the block below */
        uint32_t block;
        struct hl_incident *items; /* as stated, that come by themselves; of source s: [first[s], first[s + 1]) */
        size_t capacity;
        size_t *first; /* [source_count + 1] */
    } stated;
    struct hl_tilted *tilted; /* borrowed: trials are drawn from other laws, by importance sampling; NULL = as stated */
};

/* Draws the incidents of one block of one sampling. Cost goes with incidents, but for one draw a climate, policy year
 * and trial; samplings of one block share these. */
HL_MUST_CHECK enum hl_status hl_incidents_draw(struct hl_incidents *in, const struct hl_plan *p, size_t sampling,
                                               uint32_t block, struct hl_error *err);
void hl_incidents_free(struct hl_incidents *in);

/* Adds one that comes by itself. */
HL_MUST_CHECK enum hl_status hl_incidents_add(struct hl_incidents *in, const struct hl_plan *p, uint32_t source,
                                              uint16_t year, const struct hl_arrival *a, struct hl_error *err);

/* What a climate comes to in one policy year of one trial of a block: the factor by which incidents are drawn. */
double hl_climate_at(const struct hl_plan *p, size_t climate, uint32_t block, uint32_t trial, uint16_t year);

/* The trial at another place in (0, 1) of the block, by the climate that put the incident's cascade into its trial. */
uint16_t hl_incident_trial(const struct hl_incidents *in, const struct hl_plan *p, const struct hl_incident *i,
                           double place);

#endif
