/* The report of continuous adequacy, as text and as a table. */
#ifndef HL_RESULTS_ADEQUACY_OUT_H
#define HL_RESULTS_ADEQUACY_OUT_H

#include "engine/adequacy.h"

#include <stdio.h>

/* Prints one exchange, a month a line, and how long it takes to be restored; at most 80 columns. */
void hl_adequacy_print(const struct hl_plan *p, size_t exchange, const struct hl_adequacy *a, FILE *out);

/* Writes adequacy.csv into a folder, made if missing; `all` is [exchange_count]. */
HL_MUST_CHECK enum hl_status hl_adequacy_write(const struct hl_plan *p, const struct hl_adequacy *all,
                                               const char *folder, struct hl_error *err);

#endif
