/* Claims that guarantee crypto is certain to give back, coin by coin, on the day of their discovery: they leave no
 * shortfall, whatever other rows pay and whatever becomes of prices. What other rows pay before it only makes less of
 * what it has to give.
 *
 * Only within one policy year.
 */
#ifndef HL_ENGINE_GIVEN_BACK_H
#define HL_ENGINE_GIVEN_BACK_H

#include "engine/waterfall.h"

/* Is it so of all claims of a case? */
bool hl_is_given_back(const struct hl_waterfall_case *c);

/* Is it so of a case of one claim, of which all else can be told without the calendar? Then *out gets all that came of
 * it: what the coins were worth, what a recovery above guarantee crypto repays it, which layers below attach. */
bool hl_given_back_play(struct hl_waterfall *w, const struct hl_waterfall_case *c, struct hl_outcome *out);

/* Is it so of any claim, the only one of its exchange in a trial, that one hit of `src` at its target `t` can make,
 * under this policy, on both bases? Then nobody need know what it took to know that nobody falls short by it. */
bool hl_gives_back_any(const struct hl_plan *p, const struct hl_policy *policy, const struct hl_source *src,
                       const struct hl_target *t);

#endif
