/* The engine's twin: the same model once more, as plainly as it can be written, to be compared bit for bit.
 *
 * It takes a scenario and nothing of the plan. It shares with the engine the addressed draws and streams of base/draw.h
 * and the quantiles of models/severity.h, which have tests of their own; everything else is written again: counts by
 * summing probabilities, thefts holding by holding, payments on every single day, amounts needed by trying them all.
 * Nothing is fast, nothing is kept between trials but the list of a block's hits.
 */
#ifndef HL_TESTS_TWIN_H
#define HL_TESTS_TWIN_H

#include "base/draw.h"
#include "scenario/scenario.h"

enum { TWIN_ASSETS = 6, TWIN_FUNDS = 12, TWIN_CHECKS = 8, TWIN_CLAIMS = 64, TWIN_NAME = 160 };

/* One stream of breaches. */
struct twin_source {
    char name[TWIN_NAME];
    uint64_t stream;
    const struct hl_breach *breach;
    size_t vendor;   /* HL_NONE for an exchange's own */
    size_t *clients; /* [client_count] exchanges: its own one, or those with coins in the vendor's custody */
    size_t client_count;
    struct hl_distribution size; /* prepared */
};

/* A breach as it reaches one exchange; HL_NONE where a vendor's breach reaches nobody. */
struct twin_hit {
    uint32_t trial;
    size_t source;
    size_t exchange;
    uint64_t stream; /* with index: the event's address */
    uint32_t index;
    double day; /* from the start of the trial */
    double size;
    double pick; /* 0 where nothing is picked */
};

struct twin {
    const struct hl_scenario *scenario; /* borrowed */
    struct hl_arena arena;
    struct twin_source *sources;
    size_t source_count;
    uint32_t block;
    struct twin_hit *hits; /* [hit_count] of the block, in no order that matters */
    size_t hit_count;
    size_t hit_capacity;
    double *left; /* [2 × holding_count] in the largest wallet, in the others */
};

/* Which end of the stated interval of the rates. */
enum twin_rates { TWIN_STATED, TWIN_LOW, TWIN_HIGH };

/* One theft at one exchange, in quanta. */
struct twin_claim {
    struct twin_hit hit;
    int day;
    double gross;
    double claim;
    double house;
    double customers[TWIN_ASSETS];
    double guarantee[TWIN_ASSETS];
};

/* What happened in one trial, by time. */
struct twin_history {
    size_t hit_count;
    struct twin_hit hits[TWIN_CLAIMS];
    size_t claim_count;
    struct twin_claim claims[TWIN_CLAIMS];
};

/* What is asked of the funds. */
struct twin_question {
    size_t exchange;
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
    double paid[TWIN_FUNDS]; /* by the scenario's funds */
    double paid_extra;       /* by the additional reserve */
    bool attached[TWIN_FUNDS];
    bool exhausted[TWIN_FUNDS];
    bool unpaid_after[TWIN_CHECKS]; /* by report.unpaid_after_days */
};

void twin_make(struct twin *t, const struct hl_scenario *s);
void twin_free(struct twin *t);

/* Draws all hits of one block. */
void twin_draw(struct twin *t, enum twin_rates rates, uint32_t block);

/* The uniform of word 0 at an address in the block drawn last. */
double twin_uniform(const struct twin *t, uint64_t stream, enum hl_purpose purpose, uint32_t index);

/* Plays the thefts of one trial of the block drawn last. */
void twin_play(struct twin *t, uint32_t trial, struct twin_history *out);

/* Pays the claims of one exchange, day by day. */
struct twin_outcome twin_pay(const struct twin *t, const struct twin_history *h, const struct twin_question *q);

/* The least amount from which on no amount leaves a shortfall, by trying all of them: additional reserve from 0 to the
 * claim, and limits of the first layer from the stated one to the claim or what the year's limit asks for; negative =
 * none of them. */
double twin_reserve_needed(const struct twin *t, const struct twin_history *h, struct twin_question q);
double twin_limit_needed(const struct twin *t, const struct twin_history *h, struct twin_question q);

/* The first layer of an exchange, as the scenario's fund; HL_NONE = it has none. */
size_t twin_first_layer(const struct hl_scenario *s, size_t exchange);

#endif
