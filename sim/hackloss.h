/* The library in one header: read a scenario, make its plan, run it, write what it found. */
#ifndef HL_HACKLOSS_H
#define HL_HACKLOSS_H

#include "base/status.h"
#include "engine/plan.h"
#include "engine/result.h"
#include "engine/run.h"
#include "results/write.h"
#include "scenario/scenario.h"

#endif
