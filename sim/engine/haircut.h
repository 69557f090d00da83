/* What the unpaid of a claim is to customers: a share of what they have at the exchange.
 * Source: models/README.md, "What customers lose".
 */
#ifndef HL_ENGINE_HAIRCUT_H
#define HL_ENGINE_HAIRCUT_H

#include "engine/waterfall.h"

/* A share is told in so many parts, whole. */
enum { HL_HAIRCUT_WHOLE = 1000000 };

/* What all coins of the customers of claim k's exchange are worth at the prices of a day, in quanta: those of day 0,
 * grown until the claim's policy year. */
double hl_customers_worth(const struct hl_waterfall_case *c, size_t k, int day);

/* The share that customers lose by what is unpaid of claim k on a day, by the scenario's rule, in millionths, rounded;
 * at most all. */
double hl_haircut_share(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t k, int day);

#endif
