/* The plan: a scenario made flat, constant and ready to run.
 *
 * A plan holds samplings (ways to draw events) and policies (ways to pay), and runs: which policy is applied to which
 * sampling. A block samples once per sampling and applies every policy of it to the same events, so that policies are
 * compared on the same histories.
 */
#ifndef HL_ENGINE_PLAN_H
#define HL_ENGINE_PLAN_H

#include "models/normal.h"
#include "scenario/scenario.h"

struct hl_price_law;

/* More than any number of quanta: "never" and "no amount suffices". */
#define HL_NEVER 0x1p52

/* A wallet, or a group of equal wallets, of one holding: its largest wallet, nearbyint(largest_share x value), and the
 * others as one cell behind it. */
struct hl_cell {
    uint32_t exchange;
    uint32_t asset;
    enum hl_owner owner;
    enum hl_tier tier;
    double value;   /* quanta at the start, all wallets of the cell together */
    double wallets; /* at least 1 */
};

/* What an event of one source can take at one exchange. */
struct hl_target {
    uint32_t exchange;
    size_t vendor;  /* whose custody; HL_NONE for an exchange's own source */
    uint64_t key;   /* of a vendor's client: the hash of the vendor's id with the exchange's added; its own draws of an
                       event are in the event's stream with this added */
    size_t reached; /* of a vendor's client: where its vendor stands in the source's `reached` */
    double hit_factor;     /* of a vendor's client: what its controls make of the probability that it is hit */
    uint64_t apart;        /* the stream of its exchange when vendors' clients are told apart */
    const uint32_t *cells; /* [cell_count] in reach */
    const double *upto;    /* [cell_count] running sum of their values: for picking in proportion */
    uint32_t cell_count;
    uint32_t largest; /* the cell whose wallet holds most, as an index into `cells` */
    /* What the exchange's controls make of it. */
    double taken_factor;     /* of shares, amounts and the speed of drains */
    double detection_factor; /* of the time until a drain is detected */
    double throttle_per_day; /* the most money that a drain takes in a day; INFINITY = no limit */
};

/* A way that a breach takes from a vendor to one that is built on it, as places in the source's `reached`. */
struct hl_link {
    size_t from;
    size_t to;
    uint64_t key; /* the hash of the id of `to` with that of `from` added: in the event's stream, whether it is open */
};

/* Breaches of one source that set off breaches of another. */
struct hl_offspring {
    uint32_t source;
    double ratio;      /* expected number that one breach sets off directly */
    double delay_days; /* mean of the exponential delay */
};

/* One stream of breaches. */
struct hl_source {
    const char *name; /* "dmm/hot_wallet_drain", "vendor:ginco/third_party_compromise" */
    uint64_t stream;  /* the hash of the name; a policy year's is this with the year added */
    enum hl_vector_id vector;
    size_t vendor;                  /* HL_NONE for an exchange's own source */
    size_t entry;                   /* of the scenario's breaches */
    const struct hl_breach *breach; /* the scenario's, its distributions prepared */
    size_t *reached; /* [reached_count] of a vendor's source: the vendor, then those built on it, directly or not, each
                        after all that it is built on */
    size_t reached_count;
    struct hl_link *links; /* [link_count] among them, by `to` */
    size_t link_count;
    struct hl_target *targets; /* [target_count]: one, or one per exchange and vendor of `reached` that keeps coins of
                                  it, in reach of the breach or not; by exchange, then vendor */
    size_t target_count;
    const struct hl_offspring *offspring; /* [offspring_count] what a breach of this source sets off */
    size_t offspring_count;
    bool is_set_off; /* some of its breaches are set off by others */
};

/* A climate, ready to be drawn. */
struct hl_plan_climate {
    struct hl_climate_law law;
    uint64_t stream; /* the hash of "climate:" and its name; a policy year's is this with the year added */
    double persistence;
};

/* Ways to draw events. From HL_HIT_LOW on they only tell how exchanges fall short together. */
enum hl_sampling_kind {
    HL_STATED,
    HL_RATES_LOW,     /* every rate at the low end of its interval */
    HL_RATES_HIGH,    /* and at the high end */
    HL_HIT_LOW,       /* every `hit` at the low end of its interval, and its rate so much higher that each client's own
                         rate is as stated */
    HL_HIT_HIGH,      /* and at the high end, its rate so much lower */
    HL_VENDORS_APART, /* each exchange's vendors' breaches, as stated, moved to years of its own: what comes of one
                         breach at several exchanges no longer comes together */
    HL_SAMPLING_COUNT
};

/* One way to draw events. */
struct hl_sampling {
    enum hl_sampling_kind kind;
    const char *name;        /* "stated", "rates_low", … */
    struct hl_count *counts; /* [source_count] */
    double *hits;            /* [source_count] vendors' sources: the probability that a breach hits one client */
};

/* A source of funds as one exchange has it: a row of the waterfall, in the order of payment; where it comes in
 * instalments or is held in several assets, a row for each part of each instalment. The additional reserve that is
 * asked about stands in front of the (first) reserve row or, where there is none, behind the last earmarked row. */
struct hl_plan_fund {
    enum hl_fund_id kind;
    size_t item; /* the scenario's fund; HL_NONE for the additional reserve that is asked about */
    bool earmarked;
    bool after_failure; /* its lag counts from the insolvency */
    const double
        *levels; /* [year_count] quanta there are when it is full, by policy year; NULL where there is no stock */
    const double *incomes;  /* [year_count] quanta that come in every month; NULL = none */
    double start;           /* share of the level that is there on day 0 */
    double refill_per_year; /* share of the level that comes in at the start of each later year; also of guarantee
                               crypto */
    int after_days;
    double probability;
    uint64_t stream; /* of its answers: the hash of "fund" with the exchange's id and the fund's name added; a policy
                        year's is this with the year added */
    double recovered_share;
    size_t held_in;                     /* the asset that a stock is held in; HL_NONE = cash */
    const struct hl_layer_terms *layer; /* insurance; else NULL */
    struct hl_failure fails;            /* of who owes it */
    uint64_t fail_stream;               /* of its failure, the same at all exchanges */
    const struct hl_fund *terms;        /* the scenario's; NULL for the additional reserve */
    size_t pool;                        /* kind pool: which of the plan's */
    bool calls;                         /* kind pool: the calls on the other members, not the common fund */
};

/* A pool: one common fund for all its members. */
struct hl_plan_pool {
    double start; /* share of the level that is there on day 0 */
    double refill_per_year;
    const double *levels; /* [year_count] quanta there are when it is full */
    const double *calls;  /* [exchange_count][year_count] the most that each can be called for in a year, in quanta; 0
                             where it is no member */
};

/* All waterfalls of one policy. */
struct hl_policy {
    const char *name;           /* "as_stated", "no_insurance" */
    struct hl_plan_fund *funds; /* rows of exchange e: [first[e], first[e + 1]) */
    size_t *first;              /* [exchange_count + 1] */
};

struct hl_plan_run {
    uint16_t sampling;
    uint16_t policy;
};

/* A zeroed struct is an empty plan. */
struct hl_plan {
    struct hl_arena arena;
    const struct hl_scenario *scenario; /* borrowed: must outlive the plan */
    uint64_t seed;
    uint16_t year_count; /* policy years in the horizon */
    double year_days;    /* length of a policy year: 365, or less where the horizon is a part of one year */
    struct hl_cell *cells;
    size_t cell_count;
    uint32_t *exchange_cells; /* [cell_count] cells by exchange, ascending in each: those of exchange e are */
    size_t *exchange_first;   /* [exchange_count + 1] [first[e], first[e + 1]) of them */
    double *guarantee;        /* [exchange_count][asset_count] quanta */
    double *customers;        /* [exchange_count][asset_count] their coins, all tiers, quanta */
    bool tells_end;       /* what becomes of customers in the end is told: insolvency, and the share that they lose */
    uint64_t *asset_keys; /* [asset_count] hashes of the assets' ids */
    struct hl_normal normal;           /* made where prices move or there are climates */
    const struct hl_price_law *prices; /* how prices move; NULL = they do not */
    struct hl_source *sources;
    size_t source_count;
    size_t target_count;              /* over all sources */
    struct hl_plan_climate *climates; /* [scenario->climate_count] */
    uint64_t climate_key;             /* a hash of all that the climates' draws depend on but the seed */
    struct hl_sampling *samplings;
    size_t sampling_count;
    struct hl_policy *policies;
    size_t policy_count;
    struct hl_plan_run *runs; /* [0] is the scenario as stated: sampling 0, policy 0 */
    size_t run_count;
    struct hl_plan_pool *pools;
    size_t pool_count;
    size_t funds_most; /* the most rows any waterfall has */
    const int *checks; /* [check_count] ascending days since the theft: the deadline and `unpaid_after` together */
    size_t check_count;
    struct hl_distribution run_size; /* scenario->run.size, prepared */
    size_t deadline_check;           /* which of them is the deadline */
    const size_t *unpaid_check;      /* [report.unpaid_after_count] which of them is each of `unpaid_after` */
};

/* Days from the start of a trial to that of a policy year, from 1. */
static inline double hl_year_start(const struct hl_plan *p, uint16_t year) { return (year - 1) * p->year_days; }

/* The policy year that a day belongs to; days past the end belong to the last. */
static inline uint16_t hl_year_of(const struct hl_plan *p, double day) {
    if (p->year_count == 1)
        return 1;
    double year = day / p->year_days;
    return year >= p->year_count ? p->year_count : (uint16_t)(1 + (int)year);
}

/* Does a run only tell how exchanges fall short together? */
static inline bool hl_run_tells_together(const struct hl_plan *p, size_t run) {
    return p->samplings[p->runs[run].sampling].kind >= HL_HIT_LOW;
}

/* The probability that a breach which reaches the target's vendor hits the target. */
static inline double hl_hit_of(const struct hl_plan *p, size_t sampling, size_t source, const struct hl_target *t) {
    double hit = p->samplings[sampling].hits[source] * t->hit_factor;
    return hit < 1 ? hit : 1;
}

/* What a source is exposed to in a policy year, without its climate. */
static inline struct hl_exposure hl_plan_exposure(const struct hl_plan *p, size_t source, uint16_t year) {
    return (struct hl_exposure){.years = p->year_days / 365,
                                .start = hl_year_start(p, year) / 365,
                                .trend = p->sources[source].breach->trend_per_year};
}

/* Makes the plan. Faults of the model that only show here (a severity that cannot be tabulated) go into `err`. */
HL_MUST_CHECK enum hl_status hl_plan_make(struct hl_plan *out, const struct hl_scenario *s, struct hl_error *err);
void hl_plan_free(struct hl_plan *p);

/* Which vendors of the source's list a breach reaches, given which of its links [link_count] are open. Fills reached
 * [reached_count], at least the first; a source without vendors has one place. */
void hl_source_reach(const struct hl_source *src, const bool *open, bool *reached);

/* Which of the plan's samplings is of this kind; HL_NONE where there is none. */
size_t hl_plan_sampling(const struct hl_plan *p, enum hl_sampling_kind kind);

/* P(at least one event of this source in the horizon that hits this exchange), exact: what a run's P(breach) is checked
 * against. Over all sources when `source` is HL_NONE, and over any exchange when `exchange` is HL_NONE. Sums over all
 * ways through the graph of vendors: NAN where a source has a climate, or breaches that others set off, and where more
 * than HL_LINKS_MOST links of one source are neither always open nor always closed. */
enum { HL_LINKS_MOST = 16 };
double hl_plan_p_breach(const struct hl_plan *p, size_t sampling, size_t source, size_t exchange);

#endif
