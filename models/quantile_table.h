/* Quantiles of families without a closed inverse: an iterative inverse, and a table made from it for sampling.
 *
 * The table cuts the tail probability into octaves, [2^-(k+2), 2^-(k+1)) of v = 1 − F below one half and of F above it,
 * k = 0 … 51: all that a 52-bit uniform can ask for. An octave is cut evenly into as many cells as it needs; a cell is
 * a cubic Hermite row (x and dx/dv at both ends), found from the bits of v without a search. Both tails get cells as
 * small as they need, where a table even in v would lose them.
 *
 * Every end of a cell is an inverse checked by the cdf, and every cell is compared with the inverse at its middle,
 * where the error of a cubic Hermite row is largest: it is within half of HL_QUANTILE_ERROR there. An octave that
 * cannot reach this with HL_QUANTILE_CELLS cells is answered by the iterative inverse. The value is non-decreasing to
 * within rounding and never leaves the support.
 */
#ifndef HL_MODELS_QUANTILE_TABLE_H
#define HL_MODELS_QUANTILE_TABLE_H

#include "base/arena.h"
#include "base/status.h"
#include "models/severity.h"

/* Bound of a table's error: absolute for shares; for amounts relative to x, or HL_QUANTILE_FLOOR of the mean where x is
 * so small that this is more. */
#define HL_QUANTILE_ERROR 1e-9
#define HL_QUANTILE_FLOOR 1e-12

/* Most cells in an octave. */
enum { HL_QUANTILE_CELLS = 1024 };

/* Makes the table of a tabulated family in `arena`. HL_FAILED when memory runs out. */
HL_MUST_CHECK enum hl_status hl_quantile_table_make(const struct hl_quantile_table **out,
                                                    const struct hl_distribution *d, struct hl_arena *arena,
                                                    struct hl_error *err);

/* The quantile of `d`, whose table `t` is, at v in [0, 1] (0 and 1 for shares only). */
double hl_quantile_table_at(const struct hl_quantile_table *t, const struct hl_distribution *d, double v);

/* How many cells a table has, and how many octaves are left to the iterative inverse. */
size_t hl_quantile_table_cells(const struct hl_quantile_table *t);
size_t hl_quantile_table_iterated(const struct hl_quantile_table *t);

/* The iterative inverse of a family with cdf, survival and pdf: bracketed Newton steps in the logarithm of the tail
 * probability, bisection where they leave the bracket. v in [0, 1]; an amount at v = 0 is INFINITY. */
double hl_quantile_by_newton(const struct hl_distribution *d, double v);

#endif
