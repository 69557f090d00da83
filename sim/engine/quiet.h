/* Quiet claims: those that one fund pays in full and on time, whatever else there is, so that nobody need play the
 * waterfall to know what comes of them.
 *
 * Most claims are small beside the funds. The claims of one exchange in one trial are quiet when together they are at
 * most a bound, and then: no layer in front attaches, the first fund that holds money (the payer) has enough for all of
 * them, it pays each so many days after its discovery, before its deadline, and no fund behind it pays before. The
 * bound holds for every run of a sampling and for both bases; the payer and the days are those of the plan as stated.
 */
#ifndef HL_ENGINE_QUIET_H
#define HL_ENGINE_QUIET_H

#include "engine/plan.h"
#include "engine/result.h"

struct hl_quiet {
    double most;              /* quanta that claims may come to in one trial; 0 = none are quiet */
    size_t payer;             /* the scenario's fund, on the basis of all funds */
    int days[HL_BASIS_COUNT]; /* from the discovery to the payment */
};

/* The bound of an exchange for the runs of a sampling. Only where prices stand still and the horizon is one policy
 * year; else 0. */
struct hl_quiet hl_quiet_of(const struct hl_plan *p, size_t sampling, size_t exchange);

/* Is there nobody who pays, at no exchange? Then every claim is a shortfall, a loss of the customers and what would be
 * needed, all of it at once: hl_layout has one slot for them. */
bool hl_is_bare(const struct hl_plan *p);

/* Days from a claim's discovery before which money pays nothing of it, the same for all claims; negative where claims
 * are not simply what was taken. */
int hl_quiet_wait(const struct hl_scenario *s);

/* Money that is there for certain from day 0 on, and changes by payments only. */
bool hl_is_sure_money(const struct hl_plan_fund *f);

#endif
