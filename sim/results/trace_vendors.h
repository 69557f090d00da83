/* Breaches at vendors told as one event each, before the story goes from exchange to exchange. */
#ifndef HL_RESULTS_TRACE_VENDORS_H
#define HL_RESULTS_TRACE_VENDORS_H

#include "engine/claims.h"

/* Tells every breach at a vendor in the trial that was played: on to which vendors it went, which clients it hit and
 * for how much, whom it spared. Prints nothing where there was none. */
void hl_trace_vendors(const struct hl_plan *p, const struct hl_events *e, const struct hl_claims *c, uint32_t block,
                      uint32_t trial, FILE *out);

#endif
