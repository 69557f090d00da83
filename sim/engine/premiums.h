/* What insurance costs in a year: the premium of a layer, given or priced once the run has told what it pays, and the
 * premium of its reinstatements.
 *
 * With T what the insurer pays of a year, P the premium and f what is reinstated over the limit, each reinstatement
 * weighted by its price (models/layer.h), a priced premium solves P (1 + E[f]) = (1 + load) E[T] + of_sd sd[T]. The
 * errors of what it is made of are added up, so that its own is a bound whatever their correlations.
 * Source: Mildenhall, Major, Pricing Insurance Risk; models/README.md, "Insurance terms".
 */
#ifndef HL_ENGINE_PREMIUMS_H
#define HL_ENGINE_PREMIUMS_H

#include "scenario/scenario.h"
#include "stats/ladder.h"

/* In quanta, with standard errors. */
struct hl_layer_cost {
    double premium;
    double premium_error; /* 0 where it is given */
    double reinstatement; /* expected premium of reinstatements */
    double reinstatement_error;
};

/* Of one layer at one exchange. `paid` is what it pays, `reinstated` what is reinstated, weighted by the prices, or
 * NULL where that costs nothing; both of a horizon of `years` policy years, over so many trials. Of several years each
 * is taken for as good as the average, and for independent of the others. */
struct hl_layer_cost hl_layer_cost_of(const struct hl_fund *f, const struct hl_ladder *paid,
                                      const struct hl_ladder *reinstated, uint64_t trials, uint16_t years);

#endif
