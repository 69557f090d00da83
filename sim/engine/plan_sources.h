/* The part of the plan that says where breaches come from: sources, what they reach, and the ways to draw them. */
#ifndef HL_ENGINE_PLAN_SOURCES_H
#define HL_ENGINE_PLAN_SOURCES_H

#include "engine/plan.h"

/* Makes the sources with their targets, and the sampling as stated. The plan's cells must be there. */
HL_MUST_CHECK enum hl_status hl_plan_make_sources(struct hl_plan *p, struct hl_error *err);

/* Adds the other samplings: the ends of the rates and of `hit` where any has an interval, and vendors apart where a
 * vendor's breach reaches two exchanges. */
HL_MUST_CHECK enum hl_status hl_plan_make_samplings(struct hl_plan *p, struct hl_error *err);

#endif
