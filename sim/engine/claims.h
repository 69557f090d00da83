/* From hits to claims: what each event takes, from what is there, and what customers are owed for it.
 *
 * A trial is played moment by moment: takes and, where customers may run, discoveries; at one time takes first, then in
 * the order of the hits. A drain takes parcels every HL_PARCEL_DAYS days,
 * the first at the theft, as long as it goes on: each is the speed times the days until the next or the end, at most
 * what the controls let out in that time; a speed that is a share is one of what was in reach at the first. Other
 * events between them find less. All parcels and all targets of one event at one exchange make one claim, discovered
 * when the last of them is.
 */
#ifndef HL_ENGINE_CLAIMS_H
#define HL_ENGINE_CLAIMS_H

#include "engine/events.h"
#include "engine/prices.h"
#include "engine/wallets.h"
#include "engine/withdrawals.h"

enum { HL_PARCEL_DAYS = 30 };

/* What one event took of one asset. */
struct hl_taken {
    uint32_t asset;
    double customers;              /* of the customers, in quanta at the price of day 0 */
    double by_tier[HL_TIER_COUNT]; /* of these, by where they were */
    double guarantee;  /* the firm's guarantee crypto, stolen with the rest, in quanta at the price of day 0 */
    double reserve;    /* of what the reserve is held in, stolen with the rest, in quanta at the price of day 0 */
    double protection; /* the same of protection funds */
    double worth;      /* what the customers' part was worth at the thefts, in quanta */
    double in_kind;    /* owed to customers in coins, in quanta at the price of day 0 */
    double money;      /* owed to customers in money, in quanta */
};

/* One event at one exchange. */
struct hl_claim {
    uint64_t stream; /* with index: the event's address */
    uint32_t index;
    uint32_t exchange;
    uint32_t source;
    uint32_t event;     /* of this trial's events */
    uint32_t hits_left; /* hits of it that still take */
    bool closed;        /* the exchange had failed before: counts in nothing */
    bool given_back;    /* lean: nobody falls short by it, so nothing else of it is told */
    double discovered;  /* days from the start of the trial */
    int day;            /* the day of the discovery: from then on customers wait */
    int theft_day;      /* the day of the first theft */
    double gross;    /* all that was taken, at the prices of the thefts: customers, guarantee, house; NAN when lean */
    double claim;    /* what customers are owed, at the prices of the discovery; NAN when lean */
    double insured;  /* the customers' coins, at the prices of the discovery; NAN when lean: to be asked for */
    int coins_after; /* days from the discovery before which coins pay nothing of it */
    int money_after; /* the same of money */
    double house;    /* the firm's own coins, at the prices of the thefts */
    double held;     /* customers' coins before the first theft, in quanta at the price of day 0 */
    double leaving;  /* the share of what is left to them that customers withdraw if they run */
    struct hl_withdrawals run;
    const struct hl_taken *taken; /* [taken_count] by asset, ascending */
    uint32_t taken_count;
};

/* One event over all exchanges. */
struct hl_event {
    uint32_t source;
    uint32_t exchanges; /* how many it hit; 0 for a vendor's event that hit nobody and one found before the theft */
    double gross;
    uint16_t year; /* policy year of its first discovery; where nothing was taken of the entry */
    bool closed;   /* an own source's, at an exchange that had failed before: counts in nothing */
};

/* A moment that is still to come: a take, or the discovery of what a hit has taken. */
struct hl_moment {
    double day;
    bool discovery;
    uint32_t hit;
    uint32_t parcel; /* of a drain, from 0 */
    double first;    /* of a drain: what was in reach at its first parcel */
};

/* The claims of one trial, by exchange and within one by discovery. A zeroed struct is empty. */
struct hl_claims {
    struct hl_arena arena;
    uint32_t block;          /* of the trial that was played last */
    struct hl_claim *claims; /* [count] */
    size_t count;
    size_t capacity;
    struct hl_event *events; /* [event_count] by time of theft */
    size_t event_count;
    struct hl_taken *taken;   /* [capacity][asset_count] */
    uint32_t *claim_of;       /* [hits] the claim that a hit belongs to, while the trial is played */
    struct hl_moment *agenda; /* [agenda_count] the last is the next */
    size_t agenda_count;
    struct hl_wallets wallets;
    struct hl_prices prices; /* of the trial that was played last */
    bool **gives_back;       /* [source_count][target_count] whatever a lone hit takes, it is given back, as stated */
    bool known; /* set by who plays: what the trial comes to is known, only whom its breaches hit is told; off to begin
                   with */
    bool lean;  /* the same: nothing is told that does not make shortfalls: where prices move, what only reports price;
                   claims that are given back */
    bool worth_asked; /* what coins are worth at the thefts decides what is owed, what is paid, or what prices do */
};

/* Makes room for any trial with at most `hits_most` hits. */
HL_MUST_CHECK enum hl_status hl_claims_reserve(struct hl_claims *c, const struct hl_plan *p, size_t hits_most,
                                               struct hl_error *err);

/* Plays the hits [hit_count] of one trial of a block, in their order of time; losses never exceed what is there. A
 * group of equal wallets is told by its average, and one of them holds what is left of the group by the number of its
 * wallets, rounded down. A pick is the first cell up to which the cells in reach hold, at the start, more than pick x
 * their total. The share s of values v_1, v_2, ... takes nearbyint(s (v_1 + ... + v_i)) of the first i together, so the
 * parts add up; an amount is the share amount / worth of what is there, at most 1. Where assets have shares of their
 * own, asset by asset. */
void hl_claims_play(struct hl_claims *c, const struct hl_plan *p, uint32_t block, const struct hl_hit *hits,
                    size_t hit_count);
void hl_claims_free(struct hl_claims *c);

/* Says that the prices at a day of all that a claim took will be asked for (hl_prices_know). */
void hl_claim_know_prices(const struct hl_claim *claim, struct hl_prices *prices, int day);

#endif
