/* What a run found: one table of rows, each with its key, its value, its error and its status.
 *
 * Everything that is printed, written or drawn is read from these rows. Money is in currency units (not quanta).
 */
#ifndef HL_ENGINE_RESULT_H
#define HL_ENGINE_RESULT_H

#include "scenario/scenario.h"

/* Whose result. The system is all exchanges together. */
enum hl_entity_kind { HL_ENTITY_SYSTEM, HL_ENTITY_EXCHANGE, HL_ENTITY_VENDOR, HL_ENTITY_VECTOR, HL_ENTITY_SOURCE };
struct hl_entity {
    enum hl_entity_kind kind;
    size_t index;     /* of the exchange, vendor, vector or source; 0 for the system */
    const char *name; /* "all exchanges", "dmm", "ginco", "hot_wallet_drain", "dmm/hot_wallet_drain" */
};

/* Which funds count. */
enum hl_basis {
    HL_BASIS_ALL,       /* every source of funds */
    HL_BASIS_EARMARKED, /* only what is set aside for thefts: guarantee crypto, reserve, insurance, protection funds …
                         */
    HL_BASIS_COUNT
};

/* What is measured, per trial (yearly sums unless said). */
enum hl_perspective {
    HL_GROSS,            /* value taken, at the price of the theft */
    HL_CLAIM,            /* what customers are owed */
    HL_SHORTFALL,        /* the part of the claim unpaid at the deadline */
    HL_JOINT_SHORTFALL,  /* the system's, in years in which at least two exchanges are short; else 0 */
    HL_HAIRCUT,          /* the part still unpaid after all lags: what customers lose */
    HL_DAYS_UNTIL_WHOLE, /* the longest wait of the year's events; never = beyond every number */
    HL_RESERVE_NEEDED,   /* least additional reserve, there on day 0, that leaves no shortfall */
    HL_INSURANCE_NEEDED, /* least limit per event of the exchange's first layer that leaves no shortfall, its other
                            limits scaled with it; 0 = the limit as stated suffices */
    HL_PAID,             /* by one source of funds (item), after all lags */
    HL_LEFT_AFTER,       /* of the claim after this and all earlier sources of funds (item) */
    HL_WITHDRAWN,        /* what customers who run ask for; at the prices of day 0, as the next */
    HL_BACKLOG,          /* the most of it that is unpaid at the end of a day; the system's: its exchanges' together */
    HL_DAYS_UNPAID,      /* days at whose end something of it is unpaid, of the year's longest run */
    HL_SUSPENDED,        /* exchanges that suspend withdrawals */
    HL_INSURANCE_GAIN,   /* shortfall without insurance less shortfall as stated: a paired difference */
    HL_CONTROL_COST,     /* what the exchange's controls cost in a year: certain, and no part of any claim */
    HL_FUND_COST,        /* what one source of funds (item) costs in a year, its premium apart: certain */
    HL_PREMIUM,          /* of one insurance layer (item) in a year: given, or priced by its principle */
    HL_REINSTATEMENT_PREMIUM, /* of one insurance layer (item) */
    HL_CALLED,                /* what a member is called for by pools */
    HL_HAIRCUT_SHARE,         /* the share of their balance that customers lose in the end, in millionths */
    HL_INSOLVENT,             /* exchanges that become insolvent */
    HL_PERSPECTIVE_COUNT
};

enum hl_metric {
    HL_P_BREACH,   /* at least one breach in the year; of a vendor, vector or source also those that hit nobody */
    HL_P_POSITIVE, /* P(X > 0): for HL_SHORTFALL the probability of shortfall */
    HL_MEAN,
    HL_SD,
    HL_MEAN_IF_POSITIVE,  /* E[X | X > 0] */
    HL_MEAN_GIVEN_BREACH, /* E[X | at least one breach] */
    HL_VAR,               /* level: confidence */
    HL_TVAR,              /* level: confidence */
    HL_VAR_GIVEN_BREACH,  /* level: confidence */
    HL_AEP,               /* yearly sum; level: return period in years */
    HL_AEP_TVAR,
    HL_OEP, /* largest event of the year; level: return period in years */
    HL_OEP_TVAR,
    HL_P_ABOVE,        /* P(X > level); level: money. HL_RESERVE_NEEDED: P(shortfall) with `level` more reserve */
    HL_MEAN_ABOVE,     /* E[(X - level)+]; level: money */
    HL_P_UNPAID_AFTER, /* level: days since the theft */
    HL_P_AT_LEAST,     /* system: at least `level` exchanges short in the year */
    HL_SHARE_AT,       /* HL_PAID: this fund's share of the claim in years near return period `level`; HL_HAIRCUT:
                          the customers' own */
    HL_P_ATTACH,       /* insurance layer (item): its terms make it pay, were the claim still open */
    HL_P_EXHAUST,      /* insurance layer (item): pays all it can */
    HL_P_SHORT_BY,     /* HL_SHORTFALL: there has been one by the end of policy year `level` */
    HL_CONTRIBUTION,   /* expected shortfall that goes back to this entity, pro rata to claims within a year */
    HL_METRIC_COUNT
};

enum hl_row_status {
    HL_ROW_OK,
    HL_ROW_FEW_HITS,        /* fewer than 10 hits or misses: exact interval, read the interval and not the value */
    HL_ROW_BEYOND_SAMPLE,   /* the level lies beyond what this many trials can show: value is the sample's largest */
    HL_ROW_OPEN_ABOVE,      /* the upper bound of the interval lies beyond the sample */
    HL_ROW_NO_EVENTS,       /* conditional on something that never happened in the run */
    HL_ROW_NOT_ATTAINABLE,  /* no amount suffices at this level (lag, exclusion or refusal); value null */
    HL_ROW_NOTHING_TO_SIZE, /* insurance needed, and the funds have no layer */
    HL_ROW_NEVER,           /* days until whole: not within all lags */
    HL_ROW_NO_INTERVAL,     /* too few blocks of trials for the error of a paired difference */
    HL_ROW_EXACT,           /* not simulated but calculated: the error is 0, the interval holds the discretisation */
    HL_ROW_CONTROLLED,      /* simulated, and corrected by what is known exactly of the same trials */
    HL_ROW_STATUS_COUNT
};

struct hl_row_key {
    uint16_t policy; /* index into result->policies */
    uint16_t outer;  /* index into result->samplings: outer draw of the parameters */
    uint16_t year;   /* policy year from 1; 0 = the whole horizon where it is several years */
    uint16_t item;   /* fund index in the scenario's order where hl_is_of_fund; else 0 */
    uint32_t entity; /* index into result->entities */
    enum hl_basis basis;
    enum hl_perspective perspective;
    enum hl_metric metric;
    double level; /* of the metric; 0 where it has none */
};

struct hl_row {
    struct hl_row_key key;
    double value; /* NAN where the status says so; written as null */
    double error; /* standard error; NAN where only an interval is defined */
    double low;   /* 95 % interval; NAN where there is none */
    double high;
    enum hl_row_status status;
};

/* Is P(shortfall) decided by the assumed rate? One per exchange and basis at the sizing level. */
struct hl_verdict {
    uint32_t entity;
    enum hl_basis basis;
    bool enough_trials;
    double trials_needed; /* for the target relative error of P(shortfall); INFINITY when no hits */
    double relative_error;
    bool decided_by_rate; /* 1 - confidence lies between P(shortfall) at the low and at the high ends of the rates */
    double p_low;         /* P(shortfall) with every rate at the low end of its interval */
    double p_high;
};

struct hl_provenance {
    const char *version;
    const char *commit;
    const char *compiler;
    unsigned ranks;
    unsigned threads; /* of each */
    double seconds_plan;
    double seconds_run;
    uint64_t events; /* breaches sampled, all samplings, one pass */
    char host[65];
    char started[32]; /* ISO 8601, UTC */
};

/* How importance sampling drew what one source, or one climate, contributes. */
struct hl_rare_tilt {
    const char *name;
    double rate;  /* clusters of breaches came so many times as often; 1 for a climate */
    double size;  /* sizes were drawn from v = u^size; 1 for a climate */
    double shift; /* a climate's shocks were moved up by so many standard deviations; 0 for a source */
};

/* What importance sampling was worth. */
struct hl_rare {
    bool asked;           /* false = a plain run: the rest is empty */
    const char *fallback; /* why trials were drawn as stated after all; NULL = they were not, and what follows holds */
    uint32_t entity;      /* whose shortfall was looked for, by all sources of funds */
    double plain_share;   /* of the trials, drawn as stated */
    double mean_weight;   /* of all trials: 1 but for its error */
    double mean_weight_error;
    uint64_t hits;             /* trials with that shortfall */
    double effective_hits;     /* how many of equal weight would be worth as much */
    double largest_share;      /* of the estimate, in one trial */
    double variance_reduction; /* how many plain trials one of these is worth for P(shortfall) */
    uint64_t pilot_trials;
    struct hl_rare_tilt *tilts; /* [tilt_count] of sources and climates that were not drawn as stated */
    size_t tilt_count;
};

/* A zeroed struct is an empty result. Strings belong to it. */
struct hl_result {
    struct hl_arena arena;
    const struct hl_scenario *scenario; /* borrowed: must outlive the result */
    uint64_t trials;
    uint64_t seed;
    struct hl_entity *entities;
    size_t entity_count;
    const char **policies; /* [0] "as_stated", then "no_insurance" where there is insurance */
    size_t policy_count;
    const char **samplings; /* [0] "stated", then those of enum hl_sampling_kind that the scenario asks for */
    size_t sampling_count;
    uint16_t year_count; /* policy years in the horizon */
    uint16_t whole;      /* key.year of the whole horizon: 1 where it is one year, else 0 */
    struct hl_row *rows; /* sorted by key in the order of its fields */
    size_t row_count;
    double *reductions; /* [row_count] how many plain trials one is worth by a control variate, INFINITY where it leaves
                           no variance; 0 = the row has none; NULL = none has */
    struct hl_verdict *verdicts;
    size_t verdict_count;
    size_t *sized_fund; /* [exchange_count] the insurance entry that HL_INSURANCE_NEEDED scales; HL_NONE = none */
    struct hl_rare rare;
    struct hl_provenance provenance;
};

/* Is `item` of a key a source of funds? */
static inline bool hl_is_of_fund(enum hl_perspective what) {
    return what == HL_PAID || what == HL_LEFT_AFTER || what == HL_FUND_COST || what == HL_PREMIUM ||
           what == HL_REINSTATEMENT_PREMIUM;
}

/* Orders rows by key, for qsort. */
int hl_row_compare(const void *a, const void *b);

/* The row with this key, or NULL. */
const struct hl_row *hl_result_find(const struct hl_result *r, struct hl_row_key key);
void hl_result_free(struct hl_result *r);

extern const char *const hl_entity_kind_names[];
extern const char *const hl_basis_names[HL_BASIS_COUNT];
extern const char *const hl_perspective_names[HL_PERSPECTIVE_COUNT];
extern const char *const hl_metric_names[HL_METRIC_COUNT];
extern const char *const hl_row_status_names[HL_ROW_STATUS_COUNT];

#endif
