/* The period loss table: every event of every trial. */
#ifndef HL_RESULTS_PLT_H
#define HL_RESULTS_PLT_H

#include "engine/plan.h"
#include "engine/result.h"

/* Writes plt.csv into `folder` (made if missing) by drawing the run's trials once more, as stated: Period (the trial,
 * from 1), EventId (numbered through the run), Year, Month and Day of the discovery (years start on 1 January; what is
 * discovered after the horizon's end counts to its last policy year), SummaryId
 * (of summaries.csv: the exchange's or the system's gross loss), Loss, and ours: Source. Rows stand in the order of
 * trials and times, so the table of a shorter run is the beginning of a longer one's. */
HL_MUST_CHECK enum hl_status hl_plt_write(const struct hl_result *r, const struct hl_plan *p, const char *folder,
                                          struct hl_error *err);

#endif
