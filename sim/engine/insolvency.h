/* Who fails: counterparties that pay nothing any more, and the exchange itself, whose customers are then paid by who
 * takes it over or out of its estate.
 *
 * A counterparty fails once, at the time T at which its hazard has added up to an exponential number E: the hazard of a
 * policy year is its rate times the climate of the trial and year, and that of the last year goes on. E stands at the
 * address (stream of the fund's name, HL_DRAW_FAIL, trial), in which there is no exchange: all that count on it lose it
 * together. Source: models/README.md, "Who fails".
 */
#ifndef HL_ENGINE_INSOLVENCY_H
#define HL_ENGINE_INSOLVENCY_H

#include "engine/waterfall.h"

/* The day from which on row i pays nothing, as who owes it has failed; HL_NO_DAY when it does not. */
int hl_fail_day(const struct hl_waterfall_case *c, size_t i);

/* What the administrator of row i pays for a claim of which `unpaid` is left, out of an estate worth `estate`. */
double hl_estate_share(const struct hl_waterfall_case *c, size_t i, size_t k, double unpaid, double estate);

#endif
