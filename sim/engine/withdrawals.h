/* A run: customers withdraw from one exchange when a breach is known, day by day.
 *
 * Of what is left to them they ask for a share in all, spread geometrically over the days: by the end of day j, counted
 * from 0, the part 1 - q^(j + 1) of it, q = over / (1 + over); running totals are rounded. A day is: coins come up from
 * the tiers that are not liquid (from day 1 on, each day the same part of what is in them at first, at least a
 * quantum), customers ask, and what is asked for and unpaid is paid out of what is liquid. At the end of the first day
 * on which something is unpaid, or customers have asked for `suspends_at` of what is left, withdrawals are suspended
 * for `suspension_days`, once. Source: models/README.md, "When customers run".
 */
#ifndef HL_ENGINE_WITHDRAWALS_H
#define HL_ENGINE_WITHDRAWALS_H

#include "engine/plan.h"

/* What came of it, in quanta at the prices of day 0. A zeroed struct is no run. */
struct hl_withdrawals {
    double asked;        /* in all */
    double backlog_most; /* the most that was unpaid at the end of a day */
    double days_unpaid;  /* days at whose end something was unpaid; HL_NEVER when not all is paid in 3650 days */
    bool suspended;
};

/* `liquid` and `other` are what is left to customers in the tiers that are liquid and in the others, `share` of their
 * sum is withdrawn. */
struct hl_withdrawals hl_withdrawals_play(const struct hl_run_terms *terms, double liquid, double other, double share);

#endif
