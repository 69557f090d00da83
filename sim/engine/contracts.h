/* What insurance contracts owe: the waterfall asks a layer once for each claim, when it first falls due.
 * Source: models/README.md, "Insurance terms".
 */
#ifndef HL_ENGINE_CONTRACTS_H
#define HL_ENGINE_CONTRACTS_H

#include "engine/waterfall.h"

/* The terms of row i's layer, with the limits scaled when the case asks for another limit per event. */
struct hl_layer_terms hl_contract_layer(const struct hl_waterfall_case *c, size_t i);

/* What the layer of row i owes for claim k; it looks at it this once. */
double hl_contract_ceded(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t k);

/* Books what the layer of row i pays for claim k. */
void hl_contract_book(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t k, double amount);

/* Has the layer paid all that its limit of a policy year allows, in any year with claims? */
bool hl_contract_used_up(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t open_count);

#endif
