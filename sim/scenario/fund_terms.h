/* The terms of a fund as they are written, before the scenario has them: fund_terms.c has the keys of every kind,
 * funds.c reads them and hands those of an insurance contract on to contracts.c. */
#ifndef HL_SCENARIO_FUND_TERMS_H
#define HL_SCENARIO_FUND_TERMS_H

#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>

/* What only insurance has. Words and nodes that are not given are NULL. */
struct hl_contract_terms {
    struct hl_layer_terms layer; /* covers 0 and trigger NAN: not given */
    const char *form;
    uint32_t tiers; /* 0: not given */
    const char *third_parties;
    struct hl_references excluded_vendors;
    double waiting_days;
    const struct hl_node *denied;
    unsigned valued_at;
    const struct hl_node *net_of;
    const struct hl_node *reinstatement_price;
    const struct hl_node *premium;
};

/* An entry as written: what every kind has, and what some have. Numbers that are not given are NAN. */
struct hl_fund_terms {
    const char *name;
    struct hl_references at;
    double after_days;
    double probability;
    const struct hl_node *amount; /* the estate of an administrator */
    const struct hl_node *held_in;
    const struct hl_node *income;
    const struct hl_node *fails;
    const struct hl_node *calls;
    const struct hl_node *other_creditors;
    double start;
    double refill_per_year;
    double top_up_below;
    double discount;
    double instalments;
    double every_days;
    double cost_per_year;
    double recovered_share;
    double bounty_share;
    struct hl_deposit_terms deposit;
    unsigned pari_passu;
    struct hl_contract_terms contract;
};

#define HL_FUND_WHERE(member) .offset = offsetof(struct hl_fund_terms, member)
#define HL_KEY_MONEY .kind = HL_KEY_NUMBER, .unit = HL_UNIT_MONEY, .maximum = INFINITY
#define HL_KEY_FRACTION .kind = HL_KEY_NUMBER, .unit = HL_UNIT_FRACTION, .maximum = 1

/* The rows that every kind begins with. */
#define HL_FUND_COMMON_KEYS                                                                                            \
    {.name = "name",                                                                                                   \
     .kind = HL_KEY_ID,                                                                                                \
     .standard_words = "the kind",                                                                                     \
     HL_FUND_WHERE(name),                                                                                              \
     .doc = "Its name in the results; no two funds share one."},                                                       \
        {.name = "at",                                                                                                 \
         .kind = HL_KEY_REFERENCES,                                                                                    \
         .catalog = HL_CATALOG_EXCHANGES,                                                                              \
         .standard = "all",                                                                                            \
         HL_FUND_WHERE(at),                                                                                            \
         .doc = "The exchanges that have it, each for itself; of a pool its members."},                                \
        {.name = "after",                                                                                              \
         .kind = HL_KEY_NUMBER,                                                                                        \
         .unit = HL_UNIT_DAYS,                                                                                         \
         .maximum = HL_YEARS_MOST * 365,                                                                               \
         .whole = true,                                                                                                \
         .standard = "0 d",                                                                                            \
         HL_FUND_WHERE(after_days),                                                                                    \
         .doc = "Whole days until it pays, from the theft; transfer and administrator: from the insolvency."},         \
    {                                                                                                                  \
        .name = "probability", HL_KEY_FRACTION, .standard = "100 %", HL_FUND_WHERE(probability),                       \
        .doc = "That it pays at all: drawn once a year, a recovery once a breach."                                     \
    }

/* The row of a counterparty that may fail. */
#define HL_FUND_FAILS_KEY                                                                                              \
    {                                                                                                                  \
        .name = "fails", .kind = HL_KEY_NODE, .shape = "a map such as {rate: 2 % / y, climate: threat}",               \
        .standard_words = "never", HL_FUND_WHERE(fails),                                                               \
        .doc = "How often who owes it fails for good: for all exchanges at once, and nothing is paid from then on."    \
    }

/* contracts.c: the keys of `funds[].insurance`, and what they say; `out` is the scenario's next fund. */
enum { HL_INSURANCE_KEY_COUNT = 25 };
extern const struct hl_key hl_insurance_keys[];
void hl_contract_read(struct hl_loading *l, const struct hl_node *terms, const char *path,
                      const struct hl_contract_terms *t, struct hl_fund *out);

/* Reads `fails`; `out` stays as it was after a fault. */
void hl_failure_read(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_failure *out);

/* Reads `held_in`: no parts when all of it is cash. */
void hl_parts_read(struct hl_loading *l, const struct hl_node *node, const char *path, struct hl_fund *out);

#endif
