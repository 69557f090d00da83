/* A ladder: the exact, order-free summary of one quantity over all trials.
 *
 * Values are whole numbers in [1, 2^53); zeros are not added (the number of trials tells them). The rungs are bins,
 * eight to the octave, read off the bits of the double. Each keeps its count, its exact sum and its sum of squares in
 * integers, so that adding up in any order, by any number of threads, gives the same bits. Order statistics are exact:
 * a second pass keeps the values of the few rungs in which the asked ranks lie (hl_picks).
 */
#ifndef HL_STATS_LADDER_H
#define HL_STATS_LADDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

__extension__ typedef unsigned __int128 hl_wide;

enum { HL_RUNG_BITS = 3, HL_RUNGS = 53 << HL_RUNG_BITS };

struct hl_rung {
    hl_wide sum;    /* of the values */
    hl_wide square; /* of the squares of the values' top 31 bits (relative error of a square below 2^-29) */
    uint64_t count;
};

struct hl_ladder {
    struct hl_rung rungs[HL_RUNGS];
};

static inline uint64_t hl_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The rung of a value in [1, 2^53). */
static inline unsigned hl_rung_of(double x) {
    return (unsigned)(hl_bits(x) >> (52 - HL_RUNG_BITS)) - (1023u << HL_RUNG_BITS);
}

static inline void hl_ladder_add(struct hl_ladder *l, double x) {
    uint64_t bits = hl_bits(x);
    struct hl_rung *r = &l->rungs[hl_rung_of(x)];
    uint64_t top = (bits >> 22 & ((UINT64_C(1) << 30) - 1)) | UINT64_C(1) << 30;
    r->count++;
    r->sum += (uint64_t)x;
    r->square += (hl_wide)top * top;
}

void hl_ladder_merge(struct hl_ladder *into, const struct hl_ladder *from);

/* How many positive values; their sum, and the sum of their squares. */
uint64_t hl_ladder_count(const struct hl_ladder *l);
double hl_ladder_sum(const struct hl_ladder *l);
double hl_ladder_square(const struct hl_ladder *l);

/* Mean and its standard error over n trials (zeros included); *sd gets the standard deviation of one trial. */
double hl_ladder_mean(const struct hl_ladder *l, uint64_t n, double *error, double *sd);

/* The standard error of that standard deviation, sqrt((m4 - sd^4)/n)/(2 sd): third and fourth moments are made of the
 * rungs' sums, which holds within a hundredth of them. 0 where the standard deviation is.
 * Source: Kendall, Stuart, The Advanced Theory of Statistics I, standard errors of moments. */
double hl_ladder_sd_error(const struct hl_ladder *l, uint64_t n);

/* The rung that holds the value of ascending rank 1…n among n trials, or -1 when that value is 0. */
int hl_ladder_find(const struct hl_ladder *l, uint64_t n, uint64_t rank);

/* The values of some rungs, kept by a second pass; runs of equal values are stored once, so an atom costs nothing. */
struct hl_pick {
    double value;
    uint64_t count;
};
struct hl_picks {
    bool wanted[HL_RUNGS];
    struct hl_pick *items;
    size_t count;
    size_t capacity;
    bool failed; /* memory ran out */
};

void hl_picks_add_slow(struct hl_picks *p, double x);
static inline void hl_picks_add(struct hl_picks *p, double x) {
    if (p->wanted[hl_rung_of(x)])
        hl_picks_add_slow(p, x);
}
void hl_picks_merge(struct hl_picks *into, const struct hl_picks *from);
void hl_picks_sort(struct hl_picks *p); /* ascending, equal values joined: the same for any order of adding */
void hl_picks_free(struct hl_picks *p);

/* The value of ascending rank 1…n among n trials. `p` must be sorted and hold the value's rung. */
double hl_ladder_value(const struct hl_ladder *l, const struct hl_picks *p, uint64_t n, uint64_t rank);

/* Sums of (x - q) and of (x - q)^2 over the values above q, a whole number; q is 0, or lies in a rung that `p`
 * holds. */
void hl_ladder_excess(const struct hl_ladder *l, const struct hl_picks *p, double q, double *excess, double *square);

#endif
