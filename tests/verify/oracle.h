/* Small scenarios as text, run whole, and their rows beside exact values. */
#ifndef HL_TESTS_VERIFY_ORACLE_H
#define HL_TESTS_VERIFY_ORACLE_H

#include "hackloss.h"

/* One run with everything it needs. */
struct oracle_run {
    struct hl_scenario scenario;
    struct hl_plan plan;
    struct hl_result result;
};

/* Runs one or two exchanges ("one", "two") that each hold `holdings` yen of one coin, all hot, with custodian "vendor"
 * when `vendor` is set. `breaches` and `funds` are the YAML of these lists, indented by two blanks; `more` is any
 * further YAML at the top level ("" for none). Fails the test when anything fails. Free with oracle_free. */
void oracle_run(struct oracle_run *run, const char *breaches, const char *funds, const char *more, int exchanges,
                double holdings, bool vendor, uint64_t trials, uint64_t seed);
/* Runs a bundled scenario as it is but for the settings, from the project's top. */
void oracle_run_file(struct oracle_run *run, const char *path, const struct hl_setting *settings, size_t count);
void oracle_free(struct oracle_run *run);

/* The row with this key; fails the test when it is missing. */
const struct hl_row *oracle_find(const struct oracle_run *run, struct hl_row_key key);
/* The row as stated of the first exchange (entity 1); fails the test when it is missing. */
const struct hl_row *oracle_row(const struct oracle_run *run, enum hl_basis basis, enum hl_perspective perspective,
                                enum hl_metric metric, double level);
/* The same of one source of funds. */
const struct hl_row *oracle_fund_row(const struct oracle_run *run, size_t item, enum hl_perspective perspective,
                                     enum hl_metric metric);

/* Fails the test when the row is further than 4 of its standard errors (+ `slack`, absolute, for the discretisation of
 * the exact value) from `exact`; or when its relative standard error is over 1 %, so that the comparison means
 * something. */
void oracle_near(const char *what, const struct hl_row *row, double exact, double slack);

/* The control of a comparison: fails the test when `wrong`, what a plausible mistake would give, is within 4 standard
 * errors too. */
void oracle_far(const char *what, const struct hl_row *row, double wrong);

/* The same for an order statistic, whose error is an interval: F just below and at the row's value must enclose the
 * level within 4 binomial standard deviations. `above` = exact P(X > value), `at_least` = exact P(X >= value). */
void oracle_quantile(const char *what, const struct hl_row *row, double p, double above, double at_least,
                     uint64_t trials);

#endif
