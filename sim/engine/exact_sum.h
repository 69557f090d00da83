/* The year's sum of all losses, and the largest of them, as distributions on lattices: not sampled, but by transforms.
 *
 * Three lattices go side by side: every loss moved down to a point, to the nearest one, and up to one. The first and
 * the last bound the answer from both sides whatever the step, for a sum and a maximum rise with their parts; the one
 * in the middle is the value that is told. Sums beyond the last point are only known to lie there.
 */
#ifndef HL_ENGINE_EXACT_SUM_H
#define HL_ENGINE_EXACT_SUM_H

#include "engine/exact_law.h"
#include "stats/exact.h"

enum { HL_LATTICE_COUNT = 3 }; /* by enum hl_lattice */

/* A distribution on 0, step, …, (count - 1) step. A zeroed one is empty. */
struct hl_exact_lattices {
    double step; /* quanta */
    size_t count;
    double *upto[HL_LATTICE_COUNT];    /* [count] P(X <= point) */
    double *limited[HL_LATTICE_COUNT]; /* [count] E[min(X, point)] */
    double mean[HL_LATTICE_COUNT];     /* E[X], what lies beyond the points too */
};

/* P(X > x) and E[min(X, x)] on one lattice, x from 0 to the last point. */
double hl_exact_above(const struct hl_exact_lattices *l, enum hl_lattice which, double x);
double hl_exact_limited(const struct hl_exact_lattices *l, enum hl_lattice which, double x);

/* inf{x : P(X <= x) >= p}, p in (0, 1); INFINITY beyond the last point. */
double hl_exact_quantile(const struct hl_exact_lattices *l, enum hl_lattice which, double p);

/* The last point. */
double hl_exact_end(const struct hl_exact_lattices *l);

void hl_exact_lattices_free(struct hl_exact_lattices *l);

/* One source of breaches, as far as it concerns who is looked at. */
struct hl_exact_part {
    uint32_t source;
    const size_t *targets;           /* [target_count] of the source's */
    const struct hl_exact_law *laws; /* [target_count] */
    size_t target_count;
    double *hit;                   /* [target_count] P(hit) of one breach */
    double years;                  /* that the count is asked for */
    double count;                  /* expected breaches of the year */
    double event;                  /* expected loss of one */
    struct hl_exact_square square; /* of one, the mean of the square */
};

/* All that is added up. */
struct hl_exact_compound {
    const struct hl_plan *plan;
    size_t sampling;
    struct hl_exact_part *parts; /* [part_count] their first four fields are given */
    size_t part_count;
};

/* Fills in the rest of the parts, in `arena`. HL_FAILED when memory runs out. */
HL_MUST_CHECK enum hl_status hl_exact_prepare(struct hl_exact_compound *c, struct hl_arena *arena,
                                              struct hl_error *err);

/* P(at least one breach of the year), those that hit none of the targets counted or not. */
double hl_exact_p_breach(const struct hl_exact_compound *c, bool count_misses);

/* Mean of the year's sum, and its standard deviation between two bounds. */
double hl_exact_mean(const struct hl_exact_compound *c);
struct hl_exact_square hl_exact_sd(const struct hl_exact_compound *c);

/* The sum and, unless it is NULL, the largest loss, on about `points` points of a round step, far enough for P(sum >
 * last) to be a quarter of 1 - level or less, and to `least` quanta. HL_FAILED when memory runs out. */
HL_MUST_CHECK enum hl_status hl_exact_compound_make(struct hl_exact_lattices *sum, struct hl_exact_lattices *largest,
                                                    const struct hl_exact_compound *c, double level, double least,
                                                    size_t points, struct hl_error *err);

#endif
