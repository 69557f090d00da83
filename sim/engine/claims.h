/* From hits to claims: what each event takes, from what is there, and what customers are owed for it. */
#ifndef HL_ENGINE_CLAIMS_H
#define HL_ENGINE_CLAIMS_H

#include "engine/events.h"
#include "engine/prices.h"

/* What one event took of one asset, in quanta. */
struct hl_taken {
    uint32_t asset;
    double customers; /* the claim in this asset */
    double guarantee; /* the firm's guarantee crypto, stolen with the rest */
};

/* One event at one exchange. */
struct hl_claim {
    uint64_t stream; /* with index: the event's address */
    uint32_t index;
    uint32_t exchange;
    uint32_t source;
    int day;                      /* of the discovery, from the start of the trial: from then on customers wait */
    double gross;                 /* all that was taken: customers, guarantee, house */
    double claim;                 /* customers' */
    double house;                 /* the firm's own coins */
    const struct hl_taken *taken; /* [taken_count] by asset, ascending */
    uint32_t taken_count;
};

/* One event over all exchanges. */
struct hl_event {
    uint32_t source;
    uint32_t exchanges; /* how many it hit; 0 for a vendor's event that hit nobody */
    double gross;
};

/* The claims of one trial, by exchange and within one by time. A zeroed struct is empty. */
struct hl_claims {
    struct hl_claim *claims; /* [count] */
    size_t count;
    size_t capacity;
    struct hl_event *events; /* [event_count] by time */
    size_t event_count;
    struct hl_taken *taken;
    size_t taken_capacity;
    double *left; /* [cell_count] what is left in each cell in this trial */
    uint32_t *touched;
    size_t touched_count;
    struct hl_prices prices; /* of the trial that was played last */
};

/* Makes room for any trial with at most `hits_most` hits. */
HL_MUST_CHECK enum hl_status hl_claims_reserve(struct hl_claims *c, const struct hl_plan *p, size_t hits_most,
                                               struct hl_error *err);

/* Plays the hits [hit_count] of one trial of a block in order of time; losses never exceed what is there. A drained
 * wallet stays empty for the rest of the trial; a group of equal wallets is told by its average, and one of them holds
 * what is left of the group by the number of its wallets, rounded down. A pick is the first cell up to which the cells
 * in reach hold, at the start, more than pick x their total. The share s of values v_1, v_2, ... takes nearbyint(s (v_1
 * + ... + v_i)) of the first i together, so the parts add up; an amount is the share amount / total, at most 1. */
void hl_claims_play(struct hl_claims *c, const struct hl_plan *p, uint32_t block, const struct hl_hit *hits,
                    size_t hit_count);
void hl_claims_free(struct hl_claims *c);

#endif
