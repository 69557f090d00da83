/* Strokes: what breaches take, where each takes an amount that is known without playing the trial, as lists of
 * (trial, amount) of one block.
 */
#ifndef HL_ENGINE_STROKES_H
#define HL_ENGINE_STROKES_H

#include "engine/arrivals.h"

/* Events of one stream, or hits of one exchange, by no order: the trial, and what was taken in quanta. */
struct hl_strokes {
    uint16_t *trials; /* [count] within the block */
    double *taken;    /* [count] */
    size_t count;
    size_t capacity;
};

/* One thread's memory of one block. By source its events that hit somebody (index: the source) and of vendors those
 * that hit nobody (source_count + source); by exchange what vendors' events took there (2 source_count + exchange). */
struct hl_block_strokes {
    const struct hl_plan *plan;
    struct hl_strokes *lists;     /* [hl_stroke_lists] */
    struct hl_strokes *drawn;     /* [source_count] vendors' events as drawn, hits and misses */
    struct hl_arrivals *arrivals; /* [source_count] as drawn, where they are not addressed one by one */
    struct hl_words *words;       /* [capacity] */
    double *v;
    double *size;
    double *total;   /* of a vendor's event at all clients */
    uint32_t *event; /* which of a vendor's events hits a client */
    bool *hits;      /* does a vendor's event hit any? */
    size_t capacity;
    size_t sampling; /* whose block was drawn last; HL_NONE = none */
    uint32_t block;
};

static inline size_t hl_stroke_lists(const struct hl_plan *p) {
    return 2 * p->source_count + p->scenario->exchange_count;
}

/* Does each breach of every source, in a sampling, take what is known without playing the trial, and of customers only:
 * from full wallets, of everything in reach or of one wallet that is always the same; with no climate, no breach that
 * another sets off, and no wait in which it is found? */
bool hl_strokes_apply(const struct hl_plan *p, size_t sampling);

HL_MUST_CHECK enum hl_status hl_strokes_make(struct hl_block_strokes *b, struct hl_arena *arena,
                                             const struct hl_plan *p, struct hl_error *err);
void hl_strokes_free(struct hl_block_strokes *b);

/* Draws the lists of a block. Where vendors' clients are told apart only the exchanges' lists are: what vendors' events
 * took there falls into years of its own. */
HL_MUST_CHECK enum hl_status hl_strokes_draw(struct hl_block_strokes *b, size_t sampling, uint32_t block,
                                             struct hl_error *err);

/* What hits of quantiles size[count] take of full wallets, in quanta, in their place. */
void hl_strokes_take(const struct hl_plan *p, const struct hl_breach *b, const struct hl_target *t, double *size,
                     size_t count);

/* The events of a source as drawn, in the order of hl_stroke_arrival. */
static inline const struct hl_strokes *hl_strokes_drawn(const struct hl_block_strokes *b, size_t source) {
    return b->plan->sources[source].vendor == HL_NONE ? &b->lists[source] : &b->drawn[source];
}

/* The arrival of a source's event i of the block that was drawn. */
struct hl_arrival hl_stroke_arrival(const struct hl_block_strokes *b, size_t sampling, size_t source, uint32_t block,
                                    size_t i);

#endif
