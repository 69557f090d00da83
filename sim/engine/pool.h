/* Pools: a common fund that several exchanges share, and calls on its members.
 *
 * A pool is two rows of each member's waterfall: the common fund, then the calls. Who draws on a pool leaves less of it
 * to the others, so the exchanges that have claims in a trial are paid side by side: on each day on which something can
 * happen at one of them all play the day, one after the other in the scenario's order. What comes back to a pool on a
 * day is there for those behind on that day, and for all from the next such day on.
 *
 * A call asks the other members, never who is paid, in proportion to what each can still be called for in the policy
 * year. What a member pays leaves its own capital where it has claims of its own in the trial, down to 0. What is
 * repaid goes back to those who were called for the exchange that repays, in proportion to what they have paid for it.
 * Parts are differences of rounded running totals, so they add up. Source: models/README.md, "A pool with calls".
 */
#ifndef HL_ENGINE_POOL_H
#define HL_ENGINE_POOL_H

#include "engine/waterfall.h"

/* One pool as it stands, in quanta. */
struct hl_pool {
    double stock;   /* in the common fund */
    double came_in; /* into it since it began: at the start and by refills */
    double *left;   /* [exchange_count] what a member can still be called for; 0 where it is none */
    double *called; /* [exchange_count][exchange_count] by who is paid, then by who pays; net of what was repaid */
};

/* What the exchanges of a trial share, and each one's waterfall. */
struct hl_pools {
    struct hl_arena arena;
    const struct hl_plan *plan;
    struct hl_pool *pools;           /* [plan->pool_count] */
    struct hl_waterfall *machines;   /* [exchange_count] */
    struct hl_waterfall_case *cases; /* [exchange_count] without claims where an exchange has none */
    uint16_t year;                   /* the policy year that is being played */
};

/* Makes room for a plan that has pools, but for the waterfalls' own. */
HL_MUST_CHECK enum hl_status hl_pools_make(struct hl_pools *out, const struct hl_plan *p, struct hl_error *err);
void hl_pools_free(struct hl_pools *p);

/* Plays `c` with all that share the trial with it, each as stated: of the whole trial, or afresh of its policy year.
 * Stops when c's shortfall is known where that is all that it asks. The outcome is c's. */
struct hl_outcome hl_pools_solve(struct hl_pools *p, const struct hl_waterfall_case *c);

/* What a member was called for by all pools in what was solved last, net of what was repaid. */
double hl_pools_called(const struct hl_pools *p, size_t member);

/* What a pool's row can pay to an exchange now. */
double hl_pools_left(const struct hl_pools *p, const struct hl_plan_fund *row, size_t exchange);

/* A pool's row has paid for an exchange, at most what it could; it gets back what it has paid for it. */
void hl_pools_pay(struct hl_pools *p, const struct hl_plan_fund *row, size_t exchange, double amount, int day);
void hl_pools_get_back(struct hl_pools *p, const struct hl_plan_fund *row, size_t exchange, double amount);

#endif
