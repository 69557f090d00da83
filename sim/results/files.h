/* The files of a results folder, one function each. */
#ifndef HL_RESULTS_FILES_H
#define HL_RESULTS_FILES_H

#include "engine/result.h"

/* summary.json: everything, schema 1 of README.md. */
HL_MUST_CHECK enum hl_status hl_json_write(const struct hl_result *r, const char *folder, struct hl_error *err);

/* The same as text, for a stream of one's own. HL_FAILED when memory runs out; errors of the stream stay in it. */
HL_MUST_CHECK enum hl_status hl_json_print(const struct hl_result *r, FILE *out, struct hl_error *err);

/* The CSV tables: summaries, ept, alt, alct, shortfall, layers, payers. */
HL_MUST_CHECK enum hl_status hl_csv_write(const struct hl_result *r, const char *folder, struct hl_error *err);

/* The SummaryId of an entity's gross loss as stated; 0 when the result has no such rows. */
uint64_t hl_summary_of_gross(const struct hl_result *r, uint32_t entity);

#endif
