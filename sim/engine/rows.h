/* From counts to rows: estimates, errors, statuses, verdicts. */
#ifndef HL_ENGINE_ROWS_H
#define HL_ENGINE_ROWS_H

#include "engine/tally.h"
#include "stats/interval.h"
#include "stats/tree.h"

/* Makes all rows and verdicts; `pairs` are the block means of the paired differences. */
HL_MUST_CHECK enum hl_status hl_rows_make(struct hl_result *out, const struct hl_tally *total,
                                          const struct hl_tree *pairs, uint64_t trials, struct hl_known *known,
                                          struct hl_error *err);

/* The names of entities, policies, samplings and sized funds, and the years: what every result begins with. */
HL_MUST_CHECK enum hl_status hl_rows_name(struct hl_result *out, const struct hl_layout *l, struct hl_error *err);

/* The relative standard error of a probability estimated by `hits` in `trials`; INFINITY without hits. */
double hl_relative_error(uint64_t hits, uint64_t trials);

#endif
