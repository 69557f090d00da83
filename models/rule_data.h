/* The built-in tables that rules take their numbers from: scenarios/data/rules.csv and currencies.csv. */
#ifndef HL_MODELS_RULE_DATA_H
#define HL_MODELS_RULE_DATA_H

#include "base/arena.h"
#include "base/quantity.h"
#include "base/status.h"

/* A row of rules.csv. */
struct hl_rule_row {
    const char *rule_id;
    const char *parameter;
    const char *text; /* its value as written */
    double value;     /* NAN where the text is no number */
    const char *unit; /* in words; of money it begins with the currency's code */
    const char *source;
    const char *confidence;
};

/* A row of currencies.csv. */
struct hl_rule_rate {
    const char *currency;
    double yen; /* one unit of it, in yen */
};

struct hl_rule_data {
    struct hl_rule_row *rows; /* [row_count] */
    size_t row_count;
    struct hl_rule_rate *rates; /* [rate_count] */
    size_t rate_count;
};

/* Reads the built-in tables into `arena`. HL_FAILED when memory runs out. */
HL_MUST_CHECK enum hl_status hl_rule_data_read(struct hl_rule_data *out, struct hl_arena *arena, struct hl_error *err);

/* The row of a parameter, or NULL. */
const struct hl_rule_row *hl_rule_row_of(const struct hl_rule_data *data, const char *rule_id, const char *parameter);

/* What one unit of a currency is worth in the own one: 1 for the own, a stated rate, else that of currencies.csv, and
 * then *illustrative becomes true. NAN when there is none. */
double hl_rule_rate_of(const struct hl_rule_data *data, const struct hl_currencies *currencies, const char *code,
                       bool *illustrative);

/* The bytes of a built-in table, "rules" or "currencies", in `arena`; NULL when memory runs out. */
const char *hl_rule_data_text(const char *table, struct hl_arena *arena);

#endif
