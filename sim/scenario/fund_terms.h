/* The terms of a fund as they are written, before the scenario has them: funds.c reads those of every kind and hands
 * those of an insurance contract on to contracts.c. */
#ifndef HL_SCENARIO_FUND_TERMS_H
#define HL_SCENARIO_FUND_TERMS_H

#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>

/* What only insurance has. */
struct hl_contract_terms {
    struct hl_layer_terms layer;
};

/* An entry as written: what every kind has, and what some have. */
struct hl_fund_terms {
    const char *name;
    struct hl_references at;
    double after_days;
    double probability;
    const struct hl_node *amount;
    size_t held_in;
    double start;
    double refill_per_year;
    double recovered_share;
    struct hl_contract_terms contract;
};

/* The keys that every kind has. */
#define HL_FUND_COMMON_KEYS                                                                                            \
    {.name = "name",                                                                                                   \
     .kind = HL_KEY_ID,                                                                                                \
     .standard_words = "the kind",                                                                                     \
     .offset = offsetof(struct hl_fund_terms, name),                                                                   \
     .doc = "Its name in the results; no two funds share one."},                                                       \
        {.name = "at",                                                                                                 \
         .kind = HL_KEY_REFERENCES,                                                                                    \
         .catalog = HL_CATALOG_EXCHANGES,                                                                              \
         .standard = "all",                                                                                            \
         .offset = offsetof(struct hl_fund_terms, at),                                                                 \
         .doc = "The exchanges that have it, each for itself."},                                                       \
        {.name = "after",                                                                                              \
         .kind = HL_KEY_NUMBER,                                                                                        \
         .unit = HL_UNIT_DAYS,                                                                                         \
         .maximum = 3650,                                                                                              \
         .whole = true,                                                                                                \
         .standard = "0 d",                                                                                            \
         .offset = offsetof(struct hl_fund_terms, after_days),                                                         \
         .doc = "Whole days from the theft until it pays."},                                                           \
    {                                                                                                                  \
        .name = "probability", .kind = HL_KEY_NUMBER, .unit = HL_UNIT_FRACTION, .maximum = 1, .standard = "100 %",     \
        .offset = offsetof(struct hl_fund_terms, probability),                                                         \
        .doc = "That it pays at all: drawn once a year, a recovery once a breach."                                     \
    }

/* contracts.c: the keys of `funds[].insurance`, and what they say. */
enum { HL_INSURANCE_KEY_COUNT = 11 };
extern const struct hl_key hl_insurance_keys[];
void hl_contract_read(const struct hl_contract_terms *t, struct hl_fund *out);

#endif
