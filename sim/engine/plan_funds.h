/* The part of the plan that says who pays. */
#ifndef HL_ENGINE_PLAN_FUNDS_H
#define HL_ENGINE_PLAN_FUNDS_H

#include "engine/plan.h"

/* Makes the policies: the waterfalls as stated and, where there is insurance, the same without it. */
HL_MUST_CHECK enum hl_status hl_plan_make_policies(struct hl_plan *p, struct hl_error *err);

/* Is the source of funds there for this exchange? */
bool hl_fund_stands_at(const struct hl_fund *f, size_t exchange);

/* In how many assets the amount of a fund is held, and how many rows of a waterfall it is: for each instalment, and in
 * it for each part. */
size_t hl_fund_parts(const struct hl_fund *f);
size_t hl_fund_rows(const struct hl_fund *f);

/* What a fund costs one exchange in a year, in quanta, by its amount of the first; of a pool, in equal parts. */
double hl_fund_cost(const struct hl_scenario *s, const struct hl_fund *f, size_t exchange);

#endif
