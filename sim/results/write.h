/* Results as files and as text. */
#ifndef HL_RESULTS_WRITE_H
#define HL_RESULTS_WRITE_H

#include "engine/result.h"

/* Writes summary.json and the tables of README.md (summaries, ept, alt, alct, shortfall, layers, payers) into `folder`
 * (made if missing). All files are written under temporary names, synced and then renamed: never half a file, and new
 * ones beside old ones only when a renaming fails. */
HL_MUST_CHECK enum hl_status hl_results_write(const struct hl_result *r, const char *folder, struct hl_error *err);

/* Prints what a person wants to read first: at most 80 columns. */
void hl_results_print(const struct hl_result *r, FILE *out);

/* Draws the three pictures as SVG and PNG with gnuplot from the CSVs in `folder`. HL_FAILED with a message when gnuplot
 * is missing or fails; the results stay. `scripts` is the folder of the gnuplot scripts. */
HL_MUST_CHECK enum hl_status hl_results_plot(const struct hl_result *r, const char *folder, const char *scripts,
                                             struct hl_error *err);

#endif
