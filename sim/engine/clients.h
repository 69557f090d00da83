/* A vendor's breach: which of its clients it hits, and how badly. */
#ifndef HL_ENGINE_CLIENTS_H
#define HL_ENGINE_CLIENTS_H

#include "engine/rare_tilt.h"

/* A client that is hit. */
struct hl_client {
    uint32_t target; /* within the source */
    double v;        /* uniform: survival probability of its size */
};

/* The stream in which what concerns one target of an event is drawn: of an own source the event's. */
static inline uint64_t hl_target_stream(const struct hl_source *src, const struct hl_target *t, uint64_t event) {
    return src->vendor == HL_NONE ? event : hl_stream_with(event, t->key);
}

/* Which vendors of its source's list a breach at (stream, index) reaches: [reached_count]. */
void hl_clients_reach(const struct hl_plan *p, uint32_t source, uint64_t stream, uint32_t block, uint32_t index,
                      bool *reached);

/* The clients that a breach at (stream, index) hits, in the order of the source's targets; returns how many. It passes
 * each link from a vendor that it has reached to one that is built on it with probability `passes`; of the vendors that
 * it has reached it hits each client with probability `hit`. The clients' v are tied by the breach's copula. `out` has
 * room for every target. `tilted` (NULL = as stated) tilts, in this trial, the clients' sizes or, where they are tied,
 * their common factor. */
size_t hl_clients_hit(const struct hl_plan *p, size_t sampling, uint32_t source, uint64_t stream, uint32_t block,
                      uint32_t index, struct hl_tilted *tilted, uint32_t trial, struct hl_client *out);

/* Where in the block a hit of the target falls when vendors' clients are told apart: `place` turned around the block by
 * an offset of the exchange and the block, so that the years of one exchange stay what they are, and those of two have
 * nothing to do with each other. */
double hl_apart_offset(const struct hl_plan *p, const struct hl_target *t, uint32_t block);
static inline double hl_place_apart(double place, double offset) {
    double turned = place + offset;
    return turned < 1 ? turned : turned - 1;
}

#endif
