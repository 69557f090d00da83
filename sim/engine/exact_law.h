/* What one breach takes at one place, as a law: not drawn, but told by its distribution function and its moments.
 *
 * It holds where every breach finds the wallets at their level and prices stand still: then a loss is a mixture of
 * min(scale x Y, cap), Y one of the families of sizes or times, the caps what is in reach.
 */
#ifndef HL_ENGINE_EXACT_LAW_H
#define HL_ENGINE_EXACT_LAW_H

#include "engine/plan.h"
#include "stats/ramp.h"

/* One part of the mixture. */
struct hl_exact_piece {
    double weight;
    double scale;                       /* quanta per unit of Y */
    double cap;                         /* quanta */
    const struct hl_distribution *size; /* of Y; NULL = the loss is the cap */
};

struct hl_exact_law {
    const struct hl_exact_piece *pieces; /* [count], their weights add up to 1 */
    size_t count;
    struct hl_ramp kept; /* of the loss, what counts: all of it, or what layers leave */
};

/* The loss at one target that is hit, all of it counting. HL_FAILED when memory runs out. */
HL_MUST_CHECK enum hl_status hl_exact_law_make(struct hl_exact_law *out, struct hl_arena *arena,
                                               const struct hl_plan *p, const struct hl_source *src,
                                               const struct hl_target *t, struct hl_error *err);

/* P(what counts <= x), x in quanta; `context` is a const struct hl_exact_law *, as of the next. */
double hl_exact_law_cdf(const void *context, double x);

/* E[min(what counts, limit)], `limit` at least 0, INFINITY for the mean. */
double hl_exact_law_limited_mean(const void *context, double limit);

/* The most that can count; INFINITY where a layer leaves no bound. */
double hl_exact_law_most(const struct hl_exact_law *law);

/* E[(what counts)^2] between two bounds: 2 x the integral of E[X] - E[min(X, x)] over x, which is convex, by trapezoids
 * and by midpoints. Source: integration by parts of 2 x P(X > x). */
struct hl_exact_square {
    double low, high;
};
struct hl_exact_square hl_exact_law_square(const struct hl_exact_law *law);

#endif
