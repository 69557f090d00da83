/* What policy years mean for who pays: what the funds hold when a year begins, whose answers count for a claim, and
 * when an exchange has failed.
 *
 * With the state carried, all claims of an exchange are one case. At the start of each later year, before the day's
 * thefts, it is asked whether the exchange has failed; if not, its funds are refilled. A year's claims erode layers of
 * their own. Afresh, each year's claims are a case of their own that begins as the first year did.
 * Source: models/README.md, "Several years".
 */
#ifndef HL_ENGINE_YEARS_H
#define HL_ENGINE_YEARS_H

#include "engine/waterfall.h"

/* Day on which a policy year begins, from 1. Years of a horizon of several are whole. */
static inline int hl_year_day(const struct hl_plan *p, uint16_t year) { return (int)hl_year_start(p, year); }

/* The policy year that a claim belongs to: that of its discovery. */
static inline uint16_t hl_claim_year(const struct hl_plan *p, const struct hl_claim *claim) {
    return hl_year_of(p, claim->day);
}

/* Does a case go on into later years? */
static inline bool hl_years_carried(const struct hl_plan *p) { return p->year_count > 1 && !p->scenario->fresh; }

/* The case of the exchange (afresh: and of the policy year) whose claims begin at `first`; its claim_count says where
 * the next one's begin. As stated, with all funds, nothing added. */
struct hl_waterfall_case hl_years_case(const struct hl_plan *p, const struct hl_policy *policy,
                                       struct hl_claims *claims, size_t first, uint32_t block, uint32_t trial);

/* Takes claims [first, end) of an exchange that had failed before out of the trial's events. */
void hl_years_close(struct hl_claims *claims, const struct hl_plan *p, size_t first, size_t end);

/* The policy year in which what is played of a case begins: later ones begin as its days are played. */
static inline uint16_t hl_years_first(const struct hl_waterfall_case *c) {
    return c->from_day_0 ? 1 : hl_claim_year(c->plan, &c->claims[0]);
}

/* What a coin of the guarantee crypto comes to in a policy year. */
double hl_years_guarantee(const struct hl_waterfall_case *c, size_t asset, uint16_t year);

/* Fills the stocks as they are in the first year that is played, when nothing was drawn from them before. */
void hl_years_begin(struct hl_waterfall *w, const struct hl_waterfall_case *c);

/* Has the exchange failed by the start of a policy year: is a claim, of the `opened` first, unpaid past the day on
 * which it makes the exchange insolvent, or was it paid by what pays after a failure? */
bool hl_years_failed(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t opened, uint16_t year);

/* May a row repay lower rows for a claim on this day? What a refill brings in is for customers and for what is still to
 * come: a stock repays lower rows only in the policy year in which it falls due for the claim. */
bool hl_years_may_repay(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t row, size_t claim,
                        int day);

/* What comes in at the start of a year: a share of the full level, and no more than is missing. */
double hl_years_refill_of(double share, double level, double left);

/* Refills the stocks at the start of a policy year. */
void hl_years_refill(struct hl_waterfall *w, const struct hl_waterfall_case *c, uint16_t year);

#endif
