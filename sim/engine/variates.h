/* Control variates: what is simulated, made better by what is known of the same trials.
 *
 * Beside a trial's value y stands another, c, whose expectation E[c] is exact. The mean of y - beta (c - E[c]) has the
 * same expectation and, with beta = Cov(y, c) / Var(c), the least variance. Two controls cost no counting of their own:
 *   - c = 1 where the entity is breached. What is asked of a year without a breach is 0, so that y c = y, beta is the
 * mean of y over the breached trials, and the estimate is P(breach) times that mean;
 *   - of the system's exchanges short together, c = how many are short in the trial, whose expectation is the sum of
 *     their exact probabilities.
 * Sources: Asmussen and Glynn, "Stochastic Simulation" (2007), chapter V; models/README.md, "Control variates".
 */
#ifndef HL_ENGINE_VARIATES_H
#define HL_ENGINE_VARIATES_H

#include "engine/plan.h"
#include "engine/result.h"

/* A control is used where it makes a row worth at least so many plain ones. */
#define HL_VARIATES_LEAST 1.05

/* What was simulated of the controls, as counts of trials, and what is exact. */
struct hl_variates {
    size_t full_count;  /* 1 + exchanges */
    uint64_t *breached; /* [samplings][full_count] */
    double *p_breach;   /* [samplings][full_count] exact; NAN = not known */
    uint64_t *short_of; /* [bases][full_count + 1] as stated: the system's, with at least so many exchanges short */
};

/* Takes the counts of a result whose rows are all simulated. */
HL_MUST_CHECK enum hl_status hl_variates_make(struct hl_variates *v, const struct hl_result *r, struct hl_error *err);
void hl_variates_free(struct hl_variates *v);

/* Makes the rows of the result that are still simulated better where a control does, those of the system and of the
 * exchanges for the whole horizon: their status is HL_ROW_CONTROLLED, or HL_ROW_FEW_HITS where fewer than HL_FEW_HITS
 * breached trials have or have not what is asked, and r->reductions tells what for. P(breach) becomes exact, and means
 * of the system that are sums of exact ones. */
HL_MUST_CHECK enum hl_status hl_variates_apply(struct hl_variates *v, struct hl_result *r, const struct hl_plan *p,
                                               struct hl_error *err);

#endif
