/* What customers are owed for what was taken: coins, money, or some of each. */
#ifndef HL_ENGINE_OWED_H
#define HL_ENGINE_OWED_H

#include "engine/claims.h"

/* Fills in what is owed of every row of a claim whose takes are done, what it comes to on the day of its discovery
 * (`lean`: left out, as are the insured coins), and from when on it can be paid. Source: models/README.md, "What
 * customers are owed". */
void hl_owed_tell(const struct hl_plan *p, struct hl_prices *prices, struct hl_claim *claim, struct hl_taken *rows,
                  bool lean);

#endif
