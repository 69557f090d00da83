/* A ladder: the exact, order-free summary of one quantity over all trials.
 *
 * Values are whole numbers in [1, 2^53); zeros are not added (the number of trials tells them). The rungs are bins,
 * eight to the octave, read off the bits of the double. Each keeps its count, its exact sum and its sum of squares in
 * integers, so that adding up in any order, by any number of threads, gives the same bits. What a rung cannot tell,
 * the values at asked ranks and the part of it above an asked amount, is kept beside it (picks.h).
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
    uint64_t marks; /* what hl_picks keeps of the rung's values; 0 = nothing */
};

struct hl_ladder {
    struct hl_rung rungs[HL_RUNGS];
};

static inline uint64_t hl_bits(double x) {
    uint64_t bits;
    __builtin_memcpy(&bits, &x, sizeof bits); /* -fno-builtin makes a call of memcpy */
    return bits;
}

/* The rung of a value in [1, 2^53). */
static inline unsigned hl_rung_of(double x) {
    return (unsigned)(hl_bits(x) >> (52 - HL_RUNG_BITS)) - (1023u << HL_RUNG_BITS);
}

/* The least number of a rung; of HL_RUNGS the first number beyond all. */
static inline double hl_rung_low(unsigned rung) {
    uint64_t bits = (uint64_t)(rung + (1023u << HL_RUNG_BITS)) << (52 - HL_RUNG_BITS);
    double low;
    __builtin_memcpy(&low, &bits, sizeof low);
    return low;
}

/* The highest 31 bits of a value: as a whole number, from 2^30 on. */
static inline uint64_t hl_top_bits(double x) {
    return (hl_bits(x) >> 22 & ((UINT64_C(1) << 30) - 1)) | UINT64_C(1) << 30;
}

/* Adds x to its rung or to a part of it. */
static inline void hl_rung_add(struct hl_rung *r, double x) {
    uint64_t top = hl_top_bits(x), square = top * top; /* below 2^62 */
    r->count++;
    r->sum += (uint64_t)(int64_t)x; /* below 2^53: one instruction, where unsigned takes a branch */
    r->square += square;
}

/* Adds x, which occurs `times`. */
static inline void hl_rung_add_times(struct hl_rung *r, double x, uint64_t times) {
    uint64_t top = hl_top_bits(x), square = top * top;
    r->count += times;
    r->sum += (hl_wide)(uint64_t)x * times;
    r->square += (hl_wide)square * times;
}

static inline void hl_ladder_add(struct hl_ladder *l, double x) { hl_rung_add(&l->rungs[hl_rung_of(x)], x); }

/* Adds up; marks stay as they are. */
void hl_ladder_merge(struct hl_ladder *into, const struct hl_ladder *from);

/* Forgets what was counted; marks stay as they are. */
void hl_ladder_clear(struct hl_ladder *l);

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

/* How many values each rung and all higher ones have: to find many ranks. */
struct hl_heights {
    uint64_t from[HL_RUNGS + 1];
};
void hl_ladder_heights(struct hl_heights *h, const struct hl_ladder *l);

/* The same as hl_ladder_find. *above gets how many values of that rung are higher than the one of the rank. */
int hl_heights_find(const struct hl_heights *h, uint64_t n, uint64_t rank, uint64_t *above);

/* The highest rung in use, or -1. */
int hl_ladder_top(const struct hl_ladder *l);

/* The sum of squares of values of rung `i`, all of it or a part. */
double hl_rung_square(const struct hl_rung *part, unsigned i);

#endif
