/* Quantiles by a table, and the iterative inverse of families that have no closed one.
 *
 * A table holds the quantile function as cubic rows (models/cubics.h) in the tail probability, v = 1 - F below one
 * half and 1 - v above it. Within [2^-15, 1 - 2^-15] a row is within HL_QUANTILE_ERROR of the family's own quantile,
 * relative to it; further out, and on octaves that no cubics follow, the family's own quantile answers. A family whose
 * quantile has a kink gets a table on either side of it. The value is non-decreasing to within rounding and never
 * leaves the support.
 */
#ifndef HL_MODELS_QUANTILE_TABLE_H
#define HL_MODELS_QUANTILE_TABLE_H

#include "base/arena.h"
#include "base/status.h"
#include "models/severity.h"

/* Bound of a table's error, relative to the quantile. */
#define HL_QUANTILE_ERROR 1e-9

/* Makes the table of a tabulated family in `arena`. HL_FAILED when memory runs out. */
HL_MUST_CHECK enum hl_status hl_quantile_table_make(const struct hl_quantile_table **out,
                                                    const struct hl_distribution *d, struct hl_arena *arena,
                                                    struct hl_error *err);

/* The quantile of `d`, whose table `t` is, at v in (0, 1); of shares also at 0 and 1. */
double hl_quantile_table_at(const struct hl_quantile_table *t, const struct hl_distribution *d, double v);

/* The same bits for `count` of them. v, x: [count]; they may be one array. */
void hl_quantile_table_many(const struct hl_quantile_table *t, const struct hl_distribution *d, size_t count,
                            const double *v, double *x);

/* How many rows a table has, and how many of its octaves the family's own quantile answers. */
size_t hl_quantile_table_rows(const struct hl_quantile_table *t);
size_t hl_quantile_table_asked(const struct hl_quantile_table *t);

/* The iterative inverse of a family with cdf, survival and pdf: bracketed Newton steps in the logarithm of the tail
 * probability, bisection where they leave the bracket. v in [0, 1]; an amount at v = 0 is INFINITY. */
double hl_quantile_by_newton(const struct hl_distribution *d, double v);

#endif
