/* Addressed draws for scenarios that are made up: the same for the same number, on every machine. */
#ifndef HL_TESTS_TWIN_DICE_H
#define HL_TESTS_TWIN_DICE_H

#include "base/draw.h"
#include "scenario/scenario.h"

/* A stream of draws for one scenario. */
struct dice {
    uint32_t scenario;
    uint32_t throws;
};

double dice_throw(struct dice *d); /* in (0, 1) */
double dice_between(struct dice *d, double low, double high);
double dice_whole(struct dice *d, double low, double high);
size_t dice_below(struct dice *d, size_t count);
bool dice_often(struct dice *d, double probability);

/* An array of the scenario's. */
void *dice_array(struct hl_scenario *s, size_t count, size_t size);

#endif
