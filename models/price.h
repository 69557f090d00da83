/* How prices move: the laws that a path is put together from. The path itself is engine/prices.h.
 *
 * Sources: jumps, Merton, "Option pricing when underlying stock returns are discontinuous" (1976); the bridge,
 * Glasserman, Monte Carlo Methods in Financial Engineering (2004), section 3.1.
 */
#ifndef HL_MODELS_PRICE_H
#define HL_MODELS_PRICE_H

#include "models/severity.h"

#include <stdint.h>

/* What must be taken off the logarithm of a price per year so that jumps leave its mean alone: rate (E e^(rX) − 1), X
 * normal with `mean` and `sd`, r the asset's loading. `rate` is per year. */
double hl_jump_drift(double rate, double loading, double mean, double sd);

/* Truncated variance mixing: V = min(nu / Q, most) / E[min(nu / Q, most)], Q chi-square with nu degrees of freedom, so
 * E V = 1. A lognormal step whose variance is multiplied by V has tails like Student's t up to `most` times the usual
 * variance, and a finite mean. */
struct hl_mixing {
    double nu;   /* > 2 */
    double most; /* >= 1 */
    double mean; /* E[min(nu / Q, most)] */
    struct hl_distribution chi_square;
};

/* Makes the table of the chi-square in `arena`. */
HL_MUST_CHECK enum hl_status hl_mixing_make(struct hl_mixing *out, double nu, double most, struct hl_arena *arena,
                                            struct hl_error *err);

/* inf{x : P(V > x) <= v}, v in (0, 1): small v are large variances. */
double hl_mixing_quantile(const struct hl_mixing *m, double v);

/* The most steps that a bridge can have: 2^HL_BRIDGE_LEVELS. */
enum { HL_BRIDGE_LEVELS = 7 };

/* The nodes that the value of a bridge over 2^levels steps at `node` in [1, 2^levels) depends on: the middle one first,
 * `node` last. out: [levels]. Returns how many. */
unsigned hl_bridge_nodes(unsigned node, unsigned levels, uint32_t *out);

/* A path over [0, 2^levels] that is 0 at 0 and `end` at 2^levels, at `node`: a Brownian bridge of variance 1 a step.
 * normals: standard normal numbers of those nodes, in their order. */
double hl_bridge(unsigned node, unsigned levels, double end, const double *normals);

#endif
