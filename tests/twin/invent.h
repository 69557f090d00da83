/* Scenarios made up from addressed draws: the same for the same number, on every machine. */
#ifndef HL_TESTS_TWIN_INVENT_H
#define HL_TESTS_TWIN_INVENT_H

#include "scenario/scenario.h"

/* Several exchanges, vendors, assets and owners; every family, reach and kind of funds, in random order, in the
 * smallest money: JPY in single yen. The caller frees with hl_scenario_free. */
void twin_invent(struct hl_scenario *s, uint32_t number);

/* The same with features of the full model on top, each in some of the numbers. */
void twin_invent_full(struct hl_scenario *s, uint32_t number);

#endif
