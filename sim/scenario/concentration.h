/* How much stands behind each vendor. */
#ifndef HL_SCENARIO_CONCENTRATION_H
#define HL_SCENARIO_CONCENTRATION_H

#include "scenario/scenario.h"

struct hl_concentration {
    size_t clients;        /* exchanges that keep coins with the vendor itself */
    double share;          /* of all customers' coins: those kept with it */
    size_t clients_behind; /* with it, or with a vendor that is built on it, directly or not */
    double share_behind;
};

/* Of one vendor; shares are in [0, 1], 0 where customers have no coins. */
struct hl_concentration hl_concentration_of(const struct hl_scenario *s, size_t vendor);

#endif
