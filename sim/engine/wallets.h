/* What is left in every wallet during one trial: thefts empty it, refills from cold, runs and new policy years change
 * it.
 *
 * Amounts are in quanta at the prices of day 0. Days at one exchange never go back. A cell's level is what it holds
 * when nothing has been taken: its value at the start, grown by the exchange's growth for each whole policy year (not
 * where every year begins as the first did), and of customers' coins the part whose owners are still there; rounded. A
 * new policy year: all wallets stand at their level again. A refill, `wallets.refill_after` days after the first theft
 * from a full hot or warm cell, on the next day on which anything happens at the exchange: the cell is filled up out of
 * the cold cells of the same asset and owner, in the order of cells, as far as they have. Source: models/README.md,
 * "What a breach takes".
 */
#ifndef HL_ENGINE_WALLETS_H
#define HL_ENGINE_WALLETS_H

#include "engine/plan.h"

/* What one exchange has come to. */
struct hl_wallets_state {
    uint16_t year;  /* policy year that its wallets are of; 0 = not touched in this trial */
    double at_home; /* customers there at the start of the policy year, as a share of those of the first */
    double still;   /* of them, those who are there now */
};

/* A zeroed struct is empty. */
struct hl_wallets {
    const struct hl_plan *plan;
    double *left;                   /* [cell_count] */
    double *drained;                /* [cell_count] day of the first theft since it was full; INFINITY = full */
    struct hl_wallets_state *state; /* [exchange_count] */
    uint32_t *touched;              /* [exchange_count] exchanges that this trial has touched */
    size_t touched_count;
};

HL_MUST_CHECK enum hl_status hl_wallets_make(struct hl_wallets *w, const struct hl_plan *p, struct hl_error *err);
void hl_wallets_free(struct hl_wallets *w);

/* Begins a trial: everything is in its place. */
void hl_wallets_begin(struct hl_wallets *w);

/* What a day brings at an exchange before anything is taken: a new policy year, refills that are due. */
void hl_wallets_open_day(struct hl_wallets *w, uint32_t exchange, double day);

/* Takes `amount` out of a cell, at most what is left, on a day that has been opened. Where wallets are restored it is
 * there again at once. */
void hl_wallets_take(struct hl_wallets *w, uint32_t cell, double day, double amount);

/* Customers' coins that are left at an exchange, in the tiers of the bits `tiers`. */
double hl_wallets_customers(const struct hl_wallets *w, uint32_t exchange, uint32_t tiers);

/* Customers withdraw this share of what is left to them, out of every wallet in proportion; they are gone for the rest
 * of the policy year, and of them run.comes_back is back at the next. */
void hl_wallets_withdraw(struct hl_wallets *w, uint32_t exchange, double share);

#endif
