/* Prices relative to day 0, of one trial at a time: the same path for everything that asks.
 *
 * The path of a factor, and of what an asset has of its own, is a pure function of (seed, trial, name, day): Brownian
 * steps over segments of 128 days, and inside a segment a Brownian bridge on the dyadic grid, each node at an address
 * of its own. So a price does not depend on which days were asked before, or on other assets and factors.
 * Source: models/README.md, "Prices".
 */
#ifndef HL_ENGINE_PRICES_H
#define HL_ENGINE_PRICES_H

#include "engine/plan.h"
#include "models/price.h"

enum {
    HL_PRICE_LEVELS = HL_BRIDGE_LEVELS,
    HL_PRICE_SEGMENT_DAYS = 1 << HL_PRICE_LEVELS,
    HL_PRICE_SEGMENTS = 320,
    HL_PRICE_LAST_DAY = HL_PRICE_SEGMENTS * HL_PRICE_SEGMENT_DAYS - 1, /* 112 years: prices stand still from then on */
    HL_PRICE_MEMO = 512,
    HL_FACTOR_MEMO = 256,
    HL_JUMPS_MOST = 255 /* jumps of one factor in one year: their index has 8 bits */
};

/* No price is less than this before it falls at a breach, so that none is 0. */
#define HL_PRICE_LEAST 0x1p-30

/* A factor's law. */
struct hl_price_factor {
    uint64_t path; /* stream of its path, to which the segment is added */
    uint64_t jump; /* stream of its jumps, to which the year is added */
    double jump_rate;
    double jump_mean;
    double jump_sd;
};

/* An asset's law. */
struct hl_price_asset {
    double volatility;      /* per square root of a year */
    const double *loadings; /* [factor_count]; NULL = none */
    double own;             /* loading of its own noise: sqrt(1 − sum of squares of the loadings) */
    double jump_drift;      /* per year: what the jumps' mean takes off */
    uint64_t path;
    bool moves;
};

/* The laws of a plan. */
struct hl_price_law {
    struct hl_price_factor *factors;
    size_t factor_count;
    struct hl_price_asset *assets; /* [asset_count] */
    size_t asset_count;
    const struct hl_told_prices *history; /* [asset_count] prices are told, not drawn; NULL = they are drawn */
    uint64_t clock;
    double segment_root;         /* of a segment's years */
    double step_root;            /* of a segment's days */
    double year_root;            /* of a year's days */
    double most;                 /* no price is more: money stays exact (base/money.h) */
    uint32_t (*nodes)[HL_EIGHT]; /* [HL_PRICE_SEGMENT_DAYS] of each day of a segment: its end, the nodes of the bridge
                                    to the day, and the end again for what is left */
    bool mixed;                  /* variance mixing */
    struct hl_mixing mixing;
};

/* Makes the laws of a scenario that has a market; leaves p->prices NULL where it has none. */
HL_MUST_CHECK enum hl_status hl_plan_make_prices(struct hl_plan *p, struct hl_error *err);

/* A price that falls for good. */
struct hl_price_fall {
    size_t asset; /* HL_NONE = all */
    int day;
    double fraction;
};

/* A price before it falls. */
struct hl_known_price {
    uint64_t trial; /* its count among all that were begun: what is of another is stale */
    uint32_t asset;
    int day;
    double price;
};

/* One thread's prices, of one trial. A zeroed struct is empty. */
struct hl_prices {
    struct hl_arena arena;
    const struct hl_plan *plan;
    uint32_t block;
    uint32_t trial;
    size_t *known; /* [factors + assets] segments of each path whose end is known */
    double *ends;  /* [factors + assets][HL_PRICE_SEGMENTS] */
    size_t clock_known;
    double *spread; /* [HL_PRICE_SEGMENTS] square root of each segment's mixing variable */
    double *clock;  /* [HL_PRICE_SEGMENTS] years of the clock at its end */
    struct hl_known_price memo[HL_PRICE_MEMO];
    struct {
        uint64_t trial;
        uint32_t factor;
        int day;
        double at;
    } factors[HL_FACTOR_MEMO]; /* what assets share */
    uint64_t begun;
    struct hl_price_fall *falls; /* [fall_count] of this trial, in the order in which they were told */
    size_t fall_count;
    size_t falls_most;
};

/* Makes room for `plan` and for any trial with at most `falls_most` falls. */
HL_MUST_CHECK enum hl_status hl_prices_reserve(struct hl_prices *prices, const struct hl_plan *plan, size_t falls_most,
                                               struct hl_error *err);
void hl_prices_free(struct hl_prices *prices);

/* Turns to a trial of a block: no falls yet. */
void hl_prices_begin(struct hl_prices *prices, uint32_t block, uint32_t trial);

/* Where a price is kept that is known. */
static inline size_t hl_price_place(size_t asset, int day) { return (asset * 97 + (size_t)day) % HL_PRICE_MEMO; }
static inline bool hl_price_is_known(const struct hl_prices *prices, size_t asset, int day) {
    const struct hl_known_price *known = &prices->memo[hl_price_place(asset, day)];
    return known->trial == prices->begun && known->asset == asset && known->day == day;
}

/* hl_prices_at where there is a market. */
double hl_prices_find(struct hl_prices *prices, size_t asset, int day);

/* The price of an asset at a day >= 0, relative to that of day 0; exactly 1 where the scenario has no market. */
static inline double hl_prices_at(struct hl_prices *prices, size_t asset, int day) {
    if (prices->plan->prices == NULL)
        return 1;
    if (prices->fall_count == 0 && hl_price_is_known(prices, asset, day))
        return prices->memo[hl_price_place(asset, day)].price;
    return hl_prices_find(prices, asset, day);
}

/* Says that the prices of assets [count] at a day will be asked for: together they cost less. Changes no price. */
void hl_prices_know(struct hl_prices *prices, int day, size_t count, const uint32_t *assets);

/* From `day` on the price of `asset`, or of all (HL_NONE), is less by `fraction`. Falls multiply. A scenario without
 * market has none. */
void hl_prices_fall(struct hl_prices *prices, size_t asset, int day, double fraction);

#endif
