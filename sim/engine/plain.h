/* The waterfall where money is all there is and comes on one day: no lags that differ, no prices, nobody who may not
 * pay. Then claims are paid in the order of their discovery, row by row, once, and nothing is repaid; what comes of
 * them is what engine/waterfall.h says, bit for bit, without its calendar.
 */
#ifndef HL_ENGINE_PLAIN_H
#define HL_ENGINE_PLAIN_H

#include "engine/waterfall.h"

/* Is the waterfall of one exchange under a policy a plain one? */
bool hl_plain_is(const struct hl_plan *p, const struct hl_policy *policy, size_t exchange);

/* hl_waterfall_solve for a case of a plain waterfall that begins with its first claim and keeps no journal. */
struct hl_outcome hl_plain_solve(struct hl_waterfall *w, const struct hl_waterfall_case *c);

#endif
