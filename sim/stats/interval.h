/* Intervals and errors of estimates, 95 % two-sided throughout. */
#ifndef HL_STATS_INTERVAL_H
#define HL_STATS_INTERVAL_H

#include <stdbool.h>
#include <stdint.h>

#define HL_CONFIDENCE 0.95
#define HL_Z 1.959963984540054 /* standard normal quantile at 0.975 */

/* Below this many hits a probability gets the exact Clopper-Pearson interval instead of Wilson's. */
enum { HL_FEW_HITS = 10 };

struct hl_interval {
    double low;
    double high;
};

/* [0, 1] when n is 0. Sources: Wilson 1927; Clopper and Pearson 1934. */
struct hl_interval hl_interval_wilson(uint64_t hits, uint64_t n);
struct hl_interval hl_interval_clopper_pearson(uint64_t hits, uint64_t n);

/* The interval of a probability: Wilson's, or Clopper-Pearson where hits or misses are fewer than HL_FEW_HITS. */
struct hl_interval hl_interval_probability(uint64_t hits, uint64_t n);

/* Ranks (1-based, ascending order) of the order statistics that estimate the p-quantile of n values and bound it: the
 * point is ceil(p n); [low, high] covers with at least 95 %. A bound outside the sample is 0 (low) or n + 1 (high). */
struct hl_ranks {
    uint64_t low;
    uint64_t point;
    uint64_t high;
};
struct hl_ranks hl_quantile_ranks(uint64_t n, double p);

/* The same, and intervals of probabilities, of which rows ask for a few again and again. A zeroed struct knows nothing.
 */
enum { HL_KNOWN = 64 };
struct hl_known {
    struct hl_known_quantile {
        uint64_t n;
        double p;
        struct hl_ranks ranks;
    } quantiles[HL_KNOWN];
    struct hl_known_probability {
        uint64_t n;
        uint64_t hits;
        struct hl_interval interval;
    } probabilities[HL_KNOWN];
};
struct hl_ranks hl_known_ranks(struct hl_known *known, uint64_t n, double p);
struct hl_interval hl_known_probability(struct hl_known *known, uint64_t hits, uint64_t n);

/* ceil(p n) without the error of the product: the least k with k >= p n, p read as the decimal that it prints as. */
uint64_t hl_rank_of(uint64_t n, double p);

/* TVaR_p of n values from the tail: `excess` and `excess_square` are the sums of (x - q) and (x - q)^2 over the values
 * strictly greater than the quantile q. Returns q + excess / (n (1 - p)), which is right at atoms;
 * *error gets sqrt(Var((X - q)+) / n) / (1 - p). Source: Manistre and Hancock 2005; models/README.md. */
double hl_tvar(uint64_t n, double p, double q, double excess, double excess_square, double *error);

#endif
