/* Exact rows as a result of their own, or in place of simulated ones. */
#ifndef HL_ENGINE_EXACT_RESULT_H
#define HL_ENGINE_EXACT_RESULT_H

#include "engine/plan.h"
#include "engine/result.h"

/* A result without trials that has nothing but exact rows, as stated; HL_INVALID with a reason where there are none. */
HL_MUST_CHECK enum hl_status hl_exact_run(struct hl_result *out, const struct hl_plan *p, struct hl_error *err);

/* Puts exact rows in the place of the simulated ones with their keys, and makes others better by what is exact
 * (engine/variates.h). HL_FAILED when memory runs out. */
HL_MUST_CHECK enum hl_status hl_exact_replace(struct hl_result *result, const struct hl_plan *p, struct hl_error *err);

#endif
