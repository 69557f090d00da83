/* The events of one block: who is hit, when, and how badly, before anything is taken or paid. */
#ifndef HL_ENGINE_EVENTS_H
#define HL_ENGINE_EVENTS_H

#include "engine/plan.h"

#define HL_NO_TARGET UINT32_MAX

/* One event at one exchange; a vendor's event that hits nobody has one row without a target. */
struct hl_hit {
    uint16_t trial;  /* within the block */
    uint16_t member; /* within the event's cluster */
    uint32_t source;
    uint32_t index;  /* of the event within (source, block) */
    uint32_t target; /* within the source; HL_NO_TARGET = nobody was hit */
    double time;     /* in (0, 1) of the horizon */
    double size;     /* share of what is in reach in [0, 1], or amount in quanta: the source's family says which */
    double pick;     /* uniform: which asset or wallet */
};

/* A zeroed struct is empty. Used again for every block: memory grows to the largest block seen and stays. */
struct hl_events {
    struct hl_hit *hits; /* [count] by trial, then time, source, index, member, target */
    size_t count;
    size_t capacity;
    uint32_t first[HL_BLOCK_TRIALS + 1]; /* hits of trial t: [first[t], first[t + 1]) */
    struct hl_hit *unsorted;
    struct hl_arrivals arrivals;
};

/* Draws all events of one block of one sampling, for trials below `trials` of the block (a partial last block is drawn
 * whole, then cut). The pick, and of a vendor's event the hit and the size too, are drawn from the target's stream; of
 * a cluster's member j >= 1 from that stream with j added. */
HL_MUST_CHECK enum hl_status hl_events_sample(struct hl_events *e, const struct hl_plan *p, size_t sampling,
                                              uint32_t block, uint32_t trials, struct hl_error *err);
void hl_events_free(struct hl_events *e);

#endif
