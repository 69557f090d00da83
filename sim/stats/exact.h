/* Distributions of compound sums on a grid, without sampling: what the Monte Carlo is checked against. */
#ifndef HL_STATS_EXACT_H
#define HL_STATS_EXACT_H

#include "base/status.h"

#include <complex.h>
#include <fftw3.h>
#include <stddef.h>

/* A probability mass function on 0, step, 2 step, …, (count - 1) step. Mass that is missing from 1 lies beyond the last
 * point. A zeroed struct is empty; functions that make a grid leave nothing to free when they fail. */
struct hl_grid {
    double *mass; /* [count] */
    size_t count;
    double step;
};

/* Frees and zeroes. */
void hl_grid_free(struct hl_grid *g);

/* How a continuous distribution goes on the grid: mass rounded to the nearest point, or moved down or up to one, which
 * bound the result from both sides. */
enum hl_lattice { HL_LATTICE_NEAREST, HL_LATTICE_LOWER, HL_LATTICE_UPPER };

/* Discretises a cdf on 2 points or more; mass past the last point is put on the last point, so the upper lattice bounds
 * from above only where the cdf is 1 there. Atoms go as the distribution does: one on a point stays there. HL_FAILED
 * when memory runs out. */
HL_MUST_CHECK enum hl_status hl_grid_make(struct hl_grid *out, double (*cdf)(const void *context, double x),
                                          const void *context, double step, size_t count, enum hl_lattice lattice,
                                          struct hl_error *err);

/* Counts of the (a, b, 0) class: Poisson (a = 0, b = mean) and negative binomial. */
struct hl_panjer_count {
    double a;
    double b;
    double none; /* P(N = 0) */
};
struct hl_panjer_count hl_panjer_poisson(double mean);
struct hl_panjer_count hl_panjer_negative_binomial(double mean, double shape);

/* The compound sum by Panjer's recursion, exact on the grid of `size`: O(count^2). HL_FAILED when P(N = 0) is too small
 * to start from (a mean count of several hundred) or memory runs out. Source: Klugman, Panjer, Willmot, Loss Models,
 * section 9.6. */
HL_MUST_CHECK enum hl_status hl_compound_panjer(struct hl_grid *out, const struct hl_grid *size,
                                                struct hl_panjer_count count, struct hl_error *err);

/* Real transforms of one length and back, tilted: mass at k is multiplied by e^(-tilt k / length). On twice the grid's
 * length a tilt of HL_TILT in all multiplies mass that wraps around by e^-20, and rounding by at most e^10 at the
 * grid's end. */
#define HL_TILT 20.0
struct hl_transform {
    size_t length;             /* a power of two */
    double *tilted;            /* [length] what each mass is multiplied by */
    double *real;              /* [length] */
    double complex *frequency; /* [length / 2 + 1] */
    fftw_plan forward;
    fftw_plan backward;
};

/* Of at least `least` points. HL_FAILED when memory runs out. Not for several threads at once. */
HL_MUST_CHECK enum hl_status hl_transform_make(struct hl_transform *t, size_t least, double tilt_in_all,
                                               struct hl_error *err);
void hl_transform_free(struct hl_transform *t);

/* From masses [count] into `frequency`; and from there back, where rounding may leave masses below 0. */
void hl_transform_grid(struct hl_transform *t, const double *mass, size_t count);
void hl_transform_back(struct hl_transform *t, double *mass, size_t count);

/* The compound sum by FFT: pgf of the count applied to the transform of the size, on the grid of `size`, exponentially
 * tilted against wrap-around: a mass near the last point is off by some 1e-12. `log_pgf(context, re, im, out)` gives
 * log E[z^N] at complex z, |z| <= 1. Source of the tilting: Grübel and Hermesmeier 1999. */
typedef void (*hl_log_pgf)(const void *context, double re, double im, double out[2]);
HL_MUST_CHECK enum hl_status hl_compound_fft(struct hl_grid *out, const struct hl_grid *size, hl_log_pgf log_pgf,
                                             const void *context, struct hl_error *err);
void hl_log_pgf_poisson(const void *mean /* const double * */, double re, double im, double out[2]);
void hl_log_pgf_negative_binomial(const void *mean_and_shape /* const double [2] */, double re, double im,
                                  double out[2]);

/* The sum of two independent variables on the same step, on a.count + b.count - 1 points. */
HL_MUST_CHECK enum hl_status hl_grid_convolve(struct hl_grid *out, const struct hl_grid *a, const struct hl_grid *b,
                                              struct hl_error *err);

double hl_grid_mean(const struct hl_grid *g);                        /* of the points; mass that is missing counts 0 */
double hl_grid_probability_above(const struct hl_grid *g, double x); /* P(X > x), strictly */
double hl_grid_quantile(const struct hl_grid *g, double p);          /* inf{x : F(x) >= p}; INFINITY past the grid */

/* q + (E[X] - E[min(X, q)]) / (1 - p) with q the quantile: right at atoms, and where the grid is cut off, for which the
 * mean is given. */
double hl_grid_tvar(const struct hl_grid *g, double p, double exact_mean);
double hl_grid_limited_mean(const struct hl_grid *g, double limit); /* E[min(X, limit)] */

#endif
