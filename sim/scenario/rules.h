/* Rules on reserves as a scenario uses them: what they ask of its exchanges, and what is held that counts. */
#ifndef HL_SCENARIO_RULES_H
#define HL_SCENARIO_RULES_H

#include "models/rule.h"
#include "scenario/scenario.h"

/* A rule, or a formula of the user's own, with what may stand in lieu of the money. */
struct hl_rule_use {
    struct hl_rule_terms terms;
    double lieu_share;  /* the share of the requirement that insurance may stand in for; 0 = none */
    double lieu_credit; /* how much of an insurance limit is credited, in [0, 1] */
};

/* What a run of the scenario tells rules that ask for it, in currency units. */
struct hl_run_figures {
    const double *var; /* [exchange_count] the 99.5 % quantile of one year's gross loss */
    double largest[3]; /* the largest of the exchanges' 99.9 % quantiles of it, descending; 0 where there is none */
};

/* What a rule asks of one exchange; of a pool, what it asks of all together. */
struct hl_requirement {
    double amount;       /* currency units, after what stands in lieu; NAN when it cannot be told */
    double before_lieu;  /* the same before it */
    const char *missing; /* the first symbol that is not known; NULL when all are */
};

/* A rule as it stands, its parameters as in the data, in `arena`; a rule whose parameters must be given lacks them. */
HL_MUST_CHECK enum hl_status hl_rule_use_make(struct hl_rule_use *out, struct hl_arena *arena,
                                              const struct hl_scenario *s, const struct hl_rule *rule,
                                              struct hl_error *err);

/* What the rule asks of an exchange as its profile stands on day 0. `run` is NULL where there was none: then VaR, L1,
 * L2 and L3 are not known. */
struct hl_requirement hl_rule_requirement(const struct hl_scenario *s, const struct hl_rule_use *use, size_t exchange,
                                          const struct hl_run_figures *run);

/* The same as an amount of a fund in a policy year, from 1: figures of the profile grow with the exchange. What funds
 * and runs make known (R, VaR, L1, L2, L3) is not known here. */
struct hl_requirement hl_rule_requirement_in(const struct hl_scenario *s, const struct hl_rule_use *use,
                                             size_t exchange, uint16_t year);

/* The figures that formulas use, of an exchange on day 0, in currency units; NAN where one is not known. */
void hl_rule_figures(double figures[HL_FIGURE_COUNT], const struct hl_scenario *s, size_t exchange,
                     const struct hl_run_figures *run);

/* What the exchange holds on day 0 in funds of the kinds `counts` (bit 1 << kind), in currency units: stocks as far as
 * they are there, insurance at its limit for one event times its share, guarantee coins at their value. INFINITY with
 * unlimited insurance. */
double hl_rule_held(const struct hl_scenario *s, uint32_t counts, size_t exchange);

#endif
