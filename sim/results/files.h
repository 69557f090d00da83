/* What the files of a results folder hold. */
#ifndef HL_RESULTS_FILES_H
#define HL_RESULTS_FILES_H

#include "engine/result.h"

/* What summary.json holds: everything, schema 1 of README.md. Errors of the stream stay in it. */
void hl_json_print(const struct hl_result *r, FILE *out);

/* The SummaryId of an entity's gross loss as stated; 0 when the result has no such rows. */
uint64_t hl_summary_of_gross(const struct hl_result *r, uint32_t entity);

#endif
