#include "stats/ladder.h"

#include <assert.h>
#include <math.h>

void hl_ladder_merge(struct hl_ladder *into, const struct hl_ladder *from) {
    for (size_t i = 0; i < HL_RUNGS; i++) {
        if (from->rungs[i].count == 0) /* memory that nobody has written to stays untouched, and costs nothing */
            continue;
        into->rungs[i].count += from->rungs[i].count;
        into->rungs[i].sum += from->rungs[i].sum;
        into->rungs[i].square += from->rungs[i].square;
    }
}

void hl_ladder_clear(struct hl_ladder *l) {
    for (size_t i = 0; i < HL_RUNGS; i++)
        if (l->rungs[i].count > 0)
            l->rungs[i] = (struct hl_rung){.marks = l->rungs[i].marks};
}

uint64_t hl_ladder_count(const struct hl_ladder *l) {
    uint64_t count = 0;
    for (size_t i = 0; i < HL_RUNGS; i++)
        count += l->rungs[i].count;
    return count;
}

double hl_ladder_sum(const struct hl_ladder *l) {
    hl_wide sum = 0;
    for (size_t i = 0; i < HL_RUNGS; i++)
        sum += l->rungs[i].sum;
    return (double)sum;
}

/* Top bits were scaled so that the octave's first value is 2^30. */
double hl_rung_square(const struct hl_rung *part, unsigned i) {
    int octave = (int)(i >> HL_RUNG_BITS);
    return ldexp((double)part->square, 2 * (octave - 30));
}

double hl_ladder_square(const struct hl_ladder *l) {
    double square = 0;
    for (unsigned i = 0; i < HL_RUNGS; i++)
        if (l->rungs[i].count > 0)
            square += hl_rung_square(&l->rungs[i], i);
    return square;
}

double hl_ladder_sd_error(const struct hl_ladder *l, uint64_t n) {
    double error, sd, mean = hl_ladder_mean(l, n, &error, &sd), cube = 0, fourth = 0, count = (double)n;
    if (sd <= 0)
        return 0;
    for (unsigned i = 0; i < HL_RUNGS; i++) {
        if (l->rungs[i].count == 0)
            continue;
        double square = hl_rung_square(&l->rungs[i], i), of = (double)l->rungs[i].count;
        cube += square * ((double)l->rungs[i].sum / of);
        fourth += square * (square / of);
    }
    double square = hl_ladder_square(l);
    double central = (fourth - 4 * mean * cube + 6 * mean * mean * square) / count - 3 * pow(mean, 4);
    return sqrt(fmax(central - pow(sd, 4), 0) / count) / (2 * sd);
}

double hl_ladder_mean(const struct hl_ladder *l, uint64_t n, double *error, double *sd) {
    double mean = hl_ladder_sum(l) / (double)n;
    double spread = hl_ladder_square(l) - (double)n * mean * mean;
    *sd = n > 1 && spread > 0 ? sqrt(spread / (double)(n - 1)) : 0;
    *error = *sd / sqrt((double)n);
    return mean;
}

int hl_ladder_find(const struct hl_ladder *l, uint64_t n, uint64_t rank) {
    assert(rank >= 1 && rank <= n);
    uint64_t above = n - rank; /* how many ranks lie higher */
    for (int i = HL_RUNGS - 1; i >= 0; i--) {
        if (above < l->rungs[i].count)
            return i;
        above -= l->rungs[i].count;
    }
    return -1;
}

void hl_ladder_heights(struct hl_heights *h, const struct hl_ladder *l) {
    h->from[HL_RUNGS] = 0;
    for (size_t i = HL_RUNGS; i-- > 0;)
        h->from[i] = h->from[i + 1] + l->rungs[i].count;
}

int hl_heights_find(const struct hl_heights *h, uint64_t n, uint64_t rank, uint64_t *above) {
    assert(rank >= 1 && rank <= n);
    uint64_t higher = n - rank; /* how many ranks lie higher */
    if (higher >= h->from[0])
        return -1;
    int low = 0, high = HL_RUNGS; /* from[low] > higher >= from[high] */
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (h->from[middle] > higher)
            low = middle;
        else
            high = middle;
    }
    *above = higher - h->from[high];
    return low;
}

int hl_ladder_top(const struct hl_ladder *l) {
    int i = HL_RUNGS - 1;
    while (i >= 0 && l->rungs[i].count == 0)
        i--;
    return i;
}
