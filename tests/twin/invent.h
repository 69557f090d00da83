/* Scenarios made up from addressed draws: the same for the same number, on every machine. */
#ifndef HL_TESTS_TWIN_INVENT_H
#define HL_TESTS_TWIN_INVENT_H

#include "scenario/scenario.h"

/* Several exchanges, vendors, assets and owners; every family, reach and kind of funds, in random order, in the
 * smallest money: JPY in single yen. The caller frees with hl_scenario_free. */
void twin_invent(struct hl_scenario *s, uint32_t number);

/* The same with features of the full model on top, each in some of the numbers. */
void twin_invent_full(struct hl_scenario *s, uint32_t number);

/* Features of the funds, for the list of twin_invent_full. */
struct dice;
void twin_invent_kinds(struct hl_scenario *s, struct dice *d);
void twin_invent_recoveries(struct hl_scenario *s, struct dice *d);
void twin_invent_parts(struct hl_scenario *s, struct dice *d);
void twin_invent_months(struct hl_scenario *s, struct dice *d);
void twin_invent_failures(struct hl_scenario *s, struct dice *d);
void twin_invent_deposits(struct hl_scenario *s, struct dice *d);
void twin_invent_ends(struct hl_scenario *s, struct dice *d);
void twin_invent_haircut(struct hl_scenario *s, struct dice *d);
void twin_invent_contracts(struct hl_scenario *s, struct dice *d);
void twin_invent_stolen(struct hl_scenario *s, struct dice *d);
void twin_invent_pools(struct hl_scenario *s, struct dice *d);

#endif
