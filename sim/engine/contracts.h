/* What insurance contracts owe: the waterfall asks a layer once for each claim, when it first falls due.
 *
 * A claim is not insured when its vector is not covered, when it came through a vendor that is excluded, and when the
 * coins were taken before the waiting period was over; and the insurer may deny one that is. Such a claim erodes
 * nothing. The loss of another is the worth of the customers' coins that were in insured tiers, at the prices of the
 * day that the contract names, less what recoveries and the insurances before this one have paid for it by then.
 * Source: models/README.md, "Insurance terms".
 */
#ifndef HL_ENGINE_CONTRACTS_H
#define HL_ENGINE_CONTRACTS_H

#include "engine/waterfall.h"

/* The terms of row i's layer, with the limits scaled when the case asks for another limit per event. */
struct hl_layer_terms hl_contract_layer(const struct hl_waterfall_case *c, size_t i);

/* The worth of the coins of claim k that row i insures, in quanta; `day` is that of the payment. */
double hl_contract_worth(const struct hl_waterfall_case *c, size_t i, size_t k, int day);

/* What the layer of row i owes for claim k; it looks at it this once. */
double hl_contract_ceded(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k);

/* Books what the layer of row i pays for claim k. Where its premium is given, the premium of the reinstatement comes
 * off the firm's own capital, the first row of it, as far as there is any. */
void hl_contract_book(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k,
                      double amount);

/* Has the layer paid all that its limit of a policy year allows, in any year with claims? */
bool hl_contract_used_up(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t open_count);

/* What has been reinstated of the layer in all policy years, weighted by the prices (hl_layer_reinstated), times
 * the limit and in whole quanta. */
double hl_contract_reinstated(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i,
                              size_t open_count);

#endif
