/* Rules on reserves as text and as a table: what each says, and what each asks of the exchanges of a scenario. */
#ifndef HL_RESULTS_RULES_OUT_H
#define HL_RESULTS_RULES_OUT_H

#include "engine/result.h"
#include "scenario/rules.h"

#include <stdio.h>

/* Every rule with its formula, its jurisdiction and its status, in 80 columns. */
void hl_rules_list(FILE *out);

/* One rule in full: parameters with source and confidence, conditions, and what counts toward it. HL_FAILED when memory
 * runs out. */
HL_MUST_CHECK enum hl_status hl_rule_describe(const struct hl_rule *rule, FILE *out, struct hl_error *err);

/* The figures that rules take from a run of one year whose report has the levels 99.5 % and 99.9 %; `var` has room for
 * every exchange. */
void hl_rule_run_figures(struct hl_run_figures *out, double *var, const struct hl_result *r);

/* Rules as they are asked, and the run, which may be NULL. */
struct hl_rules_question {
    const struct hl_scenario *scenario;
    const struct hl_rule_use *uses; /* [count] */
    size_t count;
    const struct hl_run_figures *run;
    const struct hl_result *result; /* of that run; NULL without one */
};

/* One line a rule: what it asks of all exchanges together, what they hold that counts, who is below. */
void hl_rules_overview(FILE *out, const struct hl_rules_question *q);

/* For each rule one line an exchange, and its conditions. */
void hl_rules_detail(FILE *out, const struct hl_rules_question *q);

/* The same as a table, a row for each rule and exchange. */
void hl_rules_csv(FILE *out, const struct hl_rules_question *q);

#endif
