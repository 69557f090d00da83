/* A run by importance sampling: for shortfalls that plain trials hardly ever see. */
#ifndef HL_ENGINE_RARE_H
#define HL_ENGINE_RARE_H

#include "engine/run.h"

/* Finds a tilt towards the shortfall of a full entity (0 = the system, 1 + e = exchange e) by a pilot, draws the
 * scenario's trials from it and tells, from their weights, the rows of engine/rare_rows.h. With `trials: auto` as many
 * as the target error of that entity's P(shortfall) takes. Where the tilt is worth less than HL_RARE_REDUCTION_LEAST
 * plain trials for each of its own, hl_run does it instead, and out->rare says so. The bits are the same for any number
 * of threads. Statuses as of hl_run. */
HL_MUST_CHECK enum hl_status hl_run_rare(struct hl_result *out, const struct hl_plan *plan, uint32_t entity,
                                         const struct hl_run_options *options, struct hl_error *err);

#endif
