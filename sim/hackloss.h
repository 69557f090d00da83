/* libhackloss: when a crypto exchange is hacked, is there enough money to make customers whole?
 *
 * A scenario is read and checked, made into a plan, run, and its result written:
 *
 *     struct hl_error err = {0};
 *     struct hl_scenario scenario;
 *     struct hl_plan plan;
 *     struct hl_result result;
 *     hl_init();
 *     if (hl_scenario_load(&scenario, "dmm-2024.yaml", NULL, 0, &err) == HL_OK && …
 *
 * Every function that can fail returns enum hl_status and fills `err`; memory belongs to the structs, and freeing a
 * zeroed one is safe. The library never prints unasked, never exits and keeps no state.
 */
#ifndef HL_HACKLOSS_H
#define HL_HACKLOSS_H

#include "base/draw.h"
#include "base/status.h"
#include "engine/init.h"
#include "engine/memory.h"
#include "engine/plan.h"
#include "engine/rare.h"
#include "engine/result.h"
#include "engine/run.h"
#include "results/adequacy_out.h"
#include "results/covers.h"
#include "results/files.h"
#include "results/plt.h"
#include "results/replay.h"
#include "results/trace.h"
#include "results/write.h"
#include "scenario/scenario.h"

#endif
