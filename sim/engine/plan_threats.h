/* The part of the plan that says what makes breaches more or less frequent, and what controls make of them. */
#ifndef HL_ENGINE_PLAN_THREATS_H
#define HL_ENGINE_PLAN_THREATS_H

#include "engine/plan.h"

/* Scales the stated rates by covariates and controls, sets the controls' factors of every target, prepares the climates
 * and links the sources that set each other off. The sources and the sampling as stated must be there. */
HL_MUST_CHECK enum hl_status hl_plan_make_threats(struct hl_plan *p, struct hl_error *err);

#endif
