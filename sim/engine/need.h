/* How much more of one source of funds a trial would have needed.
 *
 * need = inf{x : no shortfall with x′, for every x′ >= x}, all else equal; found by replaying the trial's waterfall.
 * Source: models/README.md, "Reserve needed".
 */
#ifndef HL_ENGINE_NEED_H
#define HL_ENGINE_NEED_H

#include "engine/waterfall.h"

/* The least additional reserve, there on day 0, that leaves the case whole; `shortfall` is what it has without (0: the
 * answer is 0); HL_NEVER when no amount does: where coins are bought back after the deadline. In quanta. The
 * waterfall's scratch is overwritten. */
double hl_need_reserve(struct hl_waterfall *w, struct hl_waterfall_case c, double shortfall);

/* The least limit per event of the sized layer (hl_sized_row), its aggregate limit scaled with it, that leaves the case
 * whole; HL_NEVER when no limit does. Asked only of a case with a `shortfall` > 0 and a sized layer. In quanta. */
double hl_need_insurance(struct hl_waterfall *w, struct hl_waterfall_case c, double shortfall);

#endif
