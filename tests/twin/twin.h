/* The engine's twin: the same model once more, as plainly as it can be written, to be compared trial by trial.
 *
 * It takes a scenario and nothing of the plan. It shares with the engine the addressed draws and streams of base/draw.h
 * and the quantiles of models/severity.h, and asks what rules require (scenario/rules.h), all with tests of their own;
 * everything else is written again: counts by summing probabilities, thefts holding by holding, payments on every
 * single day, amounts needed by trying them all. Nothing is fast, nothing is kept between trials but the lists of a
 * block's events and hits.
 */
#ifndef HL_TESTS_TWIN_H
#define HL_TESTS_TWIN_H

#include "base/draw.h"
#include "models/normal.h"
#include "scenario/scenario.h"

enum {
    TWIN_ASSETS = 6,
    TWIN_FUNDS = 16,
    TWIN_ROWS = 64, /* of one waterfall */
    TWIN_CHECKS = 8,
    TWIN_HITS = 400, /* of one trial */
    TWIN_CLAIMS = 200,
    TWIN_YEARS = 6,
    TWIN_EXCHANGES = 64,
    TWIN_HOLDINGS = 400,
    TWIN_NAME = 160,
    TWIN_DAYS = 2600,
    TWIN_FALLS = 2 * TWIN_CLAIMS * TWIN_ASSETS
};

/* Coins of one exchange with one vendor, or all of an exchange for its own breaches. */
struct twin_target {
    size_t exchange;
    size_t vendor; /* HL_NONE: whoever keeps them */
};

/* One stream of breaches. */
struct twin_source {
    char name[TWIN_NAME];
    uint64_t stream;
    size_t entry; /* of the scenario's breaches */
    const struct hl_breach *breach;
    size_t place;  /* exchange, or vendor where the breach is at vendors */
    size_t vendor; /* HL_NONE for an exchange's own */
    struct twin_target *targets;
    size_t target_count;
    struct hl_distribution size; /* prepared */
    struct hl_time dwell;
    struct hl_time noticed_after;
    struct hl_time detected_after;
};

/* One event, whoever it hits. */
struct twin_event {
    size_t source;
    uint64_t stream; /* with index: its address */
    uint32_t index;
    uint32_t trial;
    double place; /* which part of the block's exposure its trial is */
    int year;     /* policy year of the entry */
    size_t root;  /* the source of the event that began the cascade, and its year */
    int root_year;
    double day;    /* of the entry */
    uint64_t size; /* the word of its size */
    size_t cause;  /* the source of the event that set it off; HL_NONE = none */
};

/* A breach as it reaches one target; exchange HL_NONE where it takes from nobody. */
struct twin_hit {
    struct twin_event event;
    uint32_t trial;
    size_t exchange;
    size_t vendor;
    uint64_t stream; /* of the draws that concern this target alone */
    bool found;
    double day; /* of the theft */
    double notice_days;
    double v;
    double size;                 /* with what the controls make of it; of a drain a day's */
    double size_of[TWIN_ASSETS]; /* where each asset has a share of its own */
    double pick;                 /* 0 where nothing is picked */
    double withdrawn;            /* the share of their coins that customers withdraw if they run */
};

/* One way to draw: as stated, rates or hits at an end of their interval, vendors' clients apart. */
enum twin_way { TWIN_STATED, TWIN_LOW, TWIN_HIGH, TWIN_HIT_LOW, TWIN_HIT_HIGH, TWIN_APART, TWIN_WAYS };
extern const char *const twin_way_names[TWIN_WAYS];

struct twin {
    const struct hl_scenario *scenario; /* borrowed */
    struct hl_arena arena;
    int years;
    double year_days;
    struct twin_source *sources;
    size_t source_count;
    uint32_t block;
    enum twin_way way;
    struct hl_distribution *climates;  /* [climate_count] prepared gamma factors */
    struct hl_distribution run_size;   /* prepared where customers run */
    struct hl_distribution chi_square; /* prepared where prices have fat tails */
    struct hl_normal normal;
    double (*climate)[TWIN_YEARS][HL_BLOCK_TRIALS]; /* [climate_count] the factor of a trial's year */
    struct twin_event *events;                      /* [event_count] of the block */
    size_t event_count;
    size_t event_capacity;
    struct twin_hit *hits; /* [hit_count] of the block, in no order that matters */
    size_t hit_count;
    size_t hit_capacity;
};

/* A theft: some of a target's coins at one moment. */
struct twin_theft {
    size_t hit; /* of the history */
    double day;
    int parcel;
    bool discovery; /* no theft: the hit's event is known at its exchange */
};

/* Customers who withdraw when a breach is known, in coins. */
struct twin_run {
    double asked;
    double backlog_most;
    int days_unpaid; /* negative = never paid */
    bool suspended;
};

/* What one event took at one exchange, in quanta: coins at the prices of day 0. */
struct twin_claim {
    struct twin_hit hit; /* the first of the event there */
    int day;             /* of the discovery */
    double discovered;   /* the same with its fraction */
    int year;            /* policy year of the discovery */
    int theft_day;
    double held;    /* customers' coins there before its first theft; negative = not yet */
    double leaving; /* the share that customers withdraw if they run */
    struct twin_run run;
    size_t thefts_left; /* that are still to come */
    double gross;       /* money at the prices of the thefts */
    double house;
    double claim;    /* what customers are owed at the prices of the discovery */
    double insured;  /* the coins that were theirs, at the same prices */
    int coins_after; /* days from the discovery before which coins pay nothing, and money */
    int money_after;
    double customers[TWIN_ASSETS];              /* coins */
    double by_tier[TWIN_ASSETS][HL_TIER_COUNT]; /* the same by where they were */
    double worth[TWIN_ASSETS];                  /* the same in money at the thefts */
    double in_kind[TWIN_ASSETS];                /* owed in coins */
    double money[TWIN_ASSETS];                  /* owed in money */
    double owned[HL_OWNER_COUNT][TWIN_ASSETS];  /* coins of each owner; the guarantee's and the funds' are the firm's */
};

/* A price that falls for good. */
struct twin_fall {
    size_t asset; /* HL_NONE = all */
    int day;
    double fraction;
};

/* What happened in one trial, by time. */
struct twin_history {
    uint32_t trial;
    double price[TWIN_ASSETS][TWIN_DAYS]; /* without falls; 0 = not yet asked for */
    size_t fall_count;
    struct twin_fall falls[TWIN_FALLS];
    size_t hit_count;
    struct twin_hit hits[TWIN_HITS];
    size_t claim_count;
    struct twin_claim claims[TWIN_CLAIMS];
};

/* What is asked of the funds. */
struct twin_question {
    size_t exchange;
    int year; /* of the claims that are asked about; 0 = all */
    uint32_t trial;
    bool earmarked_only;
    bool without_insurance;
    double extra_reserve;
    double layer_limit; /* of the first layer, its aggregate limit in proportion; negative = as stated */
};

/* The answer, in quanta. */
struct twin_outcome {
    double gross;
    double claim;
    double shortfall;
    double shortfall_largest;
    double haircut;
    double days_until_whole; /* negative = never */
    size_t row_count;
    double paid_row[TWIN_ROWS];    /* by the rows of the waterfall, the additional reserve among them */
    double paid[TWIN_FUNDS];       /* by the scenario's funds */
    double called[TWIN_EXCHANGES]; /* of the members of pools, for this exchange's trial or year */
    bool insolvent;
    double haircut_share; /* parts per million */
    bool attached[TWIN_FUNDS];
    bool exhausted[TWIN_FUNDS];
    bool unpaid_after[TWIN_CHECKS]; /* by report.unpaid_after_days */
};

void twin_make(struct twin *t, const struct hl_scenario *s);
void twin_free(struct twin *t);

/* Draws all events and hits of one block. */
void twin_draw(struct twin *t, enum twin_way way, uint32_t block);

/* The steps of that: the block's events, then who is hit. */
void twin_draw_events(struct twin *t);
void twin_draw_hits(struct twin *t);

/* The trial whose part of the block's exposure holds `place`. */
uint32_t twin_trial_of(const struct twin *t, const struct hl_breach *b, int year, double place);

/* The probability that a vendor's breach hits a client, in the block's way of drawing. */
double twin_hit_of(const struct twin *t, const struct hl_breach *b);

/* A target's key: what is added to an event's stream for the draws that concern it. */
uint64_t twin_target_stream(const struct twin *t, const struct twin_source *src, const struct twin_target *target,
                            uint64_t stream);

/* The policy year that a day belongs to; days past the end belong to the last. */
int twin_year_of(const struct twin *t, double day);

/* A time at the uniform u. */
double twin_time(const struct hl_time *time, double u);

/* The tied uniform of one member. `factor`, `mixing`, `own` are in (0, 1). */
double twin_tied(const struct hl_copula *c, double factor, double mixing, double own);

/* The product of the multipliers of the controls at an exchange against one breach. */
enum twin_effect { TWIN_RATE, TWIN_HIT, TWIN_TAKEN, TWIN_DETECTION };
double twin_control(const struct hl_scenario *s, size_t exchange, size_t breach, enum twin_effect effect);

/* The most that may leave an exchange in a day of one breach; INFINITY = no limit. */
double twin_throttle(const struct hl_scenario *s, size_t exchange, size_t breach);

/* Both words, or the uniform of word 0, at an address in the block drawn last. */
struct hl_words twin_words(const struct twin *t, uint64_t stream, enum hl_purpose purpose, uint32_t index);
double twin_uniform(const struct twin *t, uint64_t stream, enum hl_purpose purpose, uint32_t index);

/* inf{k : P(N <= k) >= u} of a Poisson count, by adding up probabilities. */
uint32_t twin_poisson_count(double mean, double u);

/* The price of an asset at a day relative to day 0, with the falls of the history. */
double twin_price(const struct twin *t, struct twin_history *h, size_t asset, int day);

/* Plays a run on `liquid` coins and `other` ones, of which customers ask for a share. */
struct twin_run twin_withdraw(const struct hl_run_terms *terms, double liquid, double other, double share);

/* Tells what customers are owed for what was taken. */
void twin_tell(const struct twin *t, struct twin_history *h, struct twin_claim *c);

/* Plays the thefts of one trial of the block drawn last. */
void twin_play(const struct twin *t, uint32_t trial, struct twin_history *out);

/* Pays the claims of one exchange, day by day. */
struct twin_outcome twin_pay(const struct twin *t, struct twin_history *h, const struct twin_question *q);

/* The least amount from which on no amount leaves a shortfall, by trying all of them: additional reserve from 0 to all
 * that can be paid, and limits of the first layer from the stated one to what is insured or what the year's limit asks
 * for; negative = none of them. */
double twin_reserve_needed(const struct twin *t, struct twin_history *h, struct twin_question q);
double twin_limit_needed(const struct twin *t, struct twin_history *h, struct twin_question q);

/* The first layer of an exchange, as the scenario's fund; HL_NONE = it has none. */
size_t twin_first_layer(const struct hl_scenario *s, size_t exchange);

#endif
