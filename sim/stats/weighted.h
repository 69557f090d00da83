/* Estimates from weighted trials: what importance sampling leaves to be counted.
 *
 * A trial drawn from another law than the stated one counts with the weight w = f / g, stated density over drawn. Then
 * (1 / n) sum of w h(x) estimates E[h(X)] without bias, and its error is that of a mean of n independent terms. Values
 * that are 0 are not told: they add nothing to any sum. Source: Asmussen and Glynn, "Stochastic Simulation" (2007),
 * chapters V and VI; models/README.md, "Rare events".
 */
#ifndef HL_STATS_WEIGHTED_H
#define HL_STATS_WEIGHTED_H

#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

/* Sums over the trials whose value x is above 0; doubles only, so that they merge as an array. */
struct hl_weighted_sums {
    double hits;           /* trials */
    double weight;         /* w */
    double weight_square;  /* w^2 */
    double value;          /* w x */
    double value_square;   /* (w x)^2 */
    double cross;          /* w^2 x */
    double largest_weight; /* merges by the larger one */
};

void hl_weighted_add(struct hl_weighted_sums *s, double value, double weight);
void hl_weighted_merge(struct hl_weighted_sums *into, const struct hl_weighted_sums *from);

struct hl_weighted_estimate {
    double value;
    double error; /* standard error */
    double low;   /* 95 % interval */
    double high;
    uint64_t hits; /* the trials that it rests on */
};

/* P(X > 0) of n trials. Without a hit the interval is that of the `plain` ones among them, whose weight says nothing
 * against counting them as they are. */
struct hl_weighted_estimate hl_weighted_probability(const struct hl_weighted_sums *s, uint64_t n, uint64_t plain);

/* E[X]. */
struct hl_weighted_estimate hl_weighted_mean(const struct hl_weighted_sums *s, uint64_t n);

/* E[X | X > 0], a ratio of two means: consistent, its error by the delta method. NAN without a hit. */
struct hl_weighted_estimate hl_weighted_ratio(const struct hl_weighted_sums *s);

/* How many plain hits would be worth as much as these: (sum of w)^2 / sum of w^2. 0 without a hit. */
double hl_weighted_effective(const struct hl_weighted_sums *s);

/* How many plain trials one of these n is worth for P(X > 0): p (1 - p) over the variance of its terms. 0 without a
 * hit, INFINITY where the terms do not vary. */
double hl_weighted_reduction(const struct hl_weighted_sums *s, uint64_t n);

/* One value above 0 with its weight. */
struct hl_weighted_value {
    double value;
    double weight;
};

/* The values of one quantity. A zeroed struct is empty. */
struct hl_weighted_list {
    struct hl_weighted_value *items; /* [count] */
    size_t count;
    size_t capacity;
};

/* HL_FAILED when memory runs out; the list stays as it was. */
HL_MUST_CHECK enum hl_status hl_weighted_keep(struct hl_weighted_list *l, double value, double weight);
HL_MUST_CHECK enum hl_status hl_weighted_append(struct hl_weighted_list *into, const struct hl_weighted_list *from);
void hl_weighted_list_free(struct hl_weighted_list *l);

/* Largest value first, of equal ones the larger weight: the order of adding leaves no trace. Before any question below.
 */
void hl_weighted_sort(struct hl_weighted_list *l);

/* P(X > x), E[(X - x)+] of n trials, x >= 0. */
struct hl_weighted_estimate hl_weighted_above(const struct hl_weighted_list *l, uint64_t n, uint64_t plain, double x);
struct hl_weighted_estimate hl_weighted_excess(const struct hl_weighted_list *l, uint64_t n, double x);

/* inf{x : P(X > x) <= 1 - p}, 0 where too few are above 0. The interval is where P(X > x), moved up and down by its own
 * 1.96 errors, comes to 1 - p; the error is NAN; `hits` are the trials above the value. Source: Woodruff 1952. */
struct hl_weighted_estimate hl_weighted_quantile(const struct hl_weighted_list *l, uint64_t n, double p);

/* q + E[(X - q)+] / (1 - p), which is right at atoms; the error is that of the mean, q taken as known. */
struct hl_weighted_estimate hl_weighted_tail_mean(const struct hl_weighted_list *l, uint64_t n, double p, double q);

#endif
