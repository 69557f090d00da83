/* The events of one block: who is hit, when, and how badly, before anything is taken or paid. */
#ifndef HL_ENGINE_EVENTS_H
#define HL_ENGINE_EVENTS_H

#include "engine/arrivals.h"

#define HL_NO_TARGET UINT32_MAX

/* One event at one exchange; an event that takes from nobody (a vendor's that hits no client, one that is found before
 * the theft) has one row without a target. The event's address is (stream, index). */
struct hl_hit {
    uint64_t stream;
    uint32_t index;
    uint16_t trial; /* within the block */
    uint16_t year;  /* policy year of the entry, from 1 */
    uint32_t source;
    uint32_t target;     /* within the source; HL_NO_TARGET = nobody is hit */
    uint32_t cause;      /* the source of the event that set this one off; HL_NO_CAUSE = none */
    bool found;          /* found before the theft: takes nothing */
    double cause_day;    /* of the event that set it off */
    double entry_day;    /* days from the start of the trial */
    double day;          /* of the theft: the entry and the dwell */
    double notice_days;  /* from the theft to its discovery; of a drain: how long it goes on */
    double v;            /* uniform: survival probability of its size */
    double size;         /* the quantile at v: share of what is in reach in [0, 1], or amount of money in quanta; of a
                            drain a day's; NAN = to be asked for */
    const double *sizes; /* [asset_count] shares of their own of the assets in reach; NULL = `size` for all */
    double pick;         /* uniform: which asset or wallet */
    double withdrawn;    /* the share of their coins that customers withdraw if they run */
};

/* A zeroed struct is empty. Used again for every block: memory grows to the largest block seen and stays. */
struct hl_events {
    struct hl_hit *hits; /* [count] by trial, then day, source, stream, index, target */
    size_t count;
    size_t capacity;
    uint32_t first[HL_BLOCK_TRIALS + 1]; /* hits of trial t: [first[t], first[t + 1]) */
    struct hl_hit *unsorted;
    struct hl_incidents incidents;
    struct hl_arena sizes; /* of hits whose assets have shares of their own */
    bool lean; /* set by who samples: how much hits take is told by hl_hit_tell_size when it is asked for; not of drains
                */
};

/* Draws all events of one block of one sampling, for trials below `trials` of the block (a partial last block is drawn
 * whole, then cut). What concerns a vendor's client (hit, size, pick) is drawn from the event's stream with the
 * target's key added. */
HL_MUST_CHECK enum hl_status hl_events_sample(struct hl_events *e, const struct hl_plan *p, size_t sampling,
                                              uint32_t block, uint32_t trials, struct hl_error *err);

/* The same for the incidents that e->incidents holds. */
HL_MUST_CHECK enum hl_status hl_events_tell(struct hl_events *e, const struct hl_plan *p, size_t sampling,
                                            uint32_t block, uint32_t trials, struct hl_error *err);
void hl_events_free(struct hl_events *e);

/* Tells how much a hit takes, and of what: its size, its `sizes` [asset_count] where assets have shares of their own,
 * and its pick. `block` is the block that it is of. */
void hl_hit_tell_size(struct hl_hit *hit, double *sizes, const struct hl_plan *p, uint32_t block);

/* What a share or amount becomes at a target, where the exchange may have controls. */
double hl_hit_size(const struct hl_breach *b, const struct hl_target *t, double quantile);

#endif
