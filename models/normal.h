/* The standard normal quantile by a table of cubic rows (models/cubics.h) in the tail probability.
 *
 * For u in [2^-15, 1 - 2^-15] a row is within HL_NORMAL_ERROR of the quantile; further out GSL's answers. One side is
 * tabulated: the quantile at 1 - u is the one at u with the other sign, to the last bit, and never falls but within
 * rounding.
 */
#ifndef HL_MODELS_NORMAL_H
#define HL_MODELS_NORMAL_H

#include "base/arena.h"
#include "base/kernel.h"
#include "base/status.h"

/* Bound of the table's error. */
#define HL_NORMAL_ERROR 1e-12

struct hl_normal {
    struct hl_cubics tail; /* of p in (0, 1/2]: the x >= 0 that a standard normal number exceeds with probability p */
};

/* Makes the table in `arena`. HL_FAILED when memory runs out. */
HL_MUST_CHECK enum hl_status hl_normal_make(struct hl_normal *out, struct hl_arena *arena, struct hl_error *err);

/* inf{x : P(X <= x) >= u}, u in (0, 1). */
double hl_normal_quantile(const struct hl_normal *n, double u);

/* The same bits for `count` of them. u, x: [count]; they may be one array. */
void hl_normal_quantiles(const struct hl_normal *n, size_t count, const double *u, double *x);

/* The same bits at the uniforms of HL_EIGHT addresses: `common` with streams[i] and index common.index | more[i]. */
void hl_normal_eight(const struct hl_normal *n, uint64_t seed, struct hl_address common,
                     const uint64_t streams[HL_EIGHT], const uint32_t more[HL_EIGHT], double x[HL_EIGHT]);

#endif
