#include "stats/ladder.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

void hl_ladder_merge(struct hl_ladder *into, const struct hl_ladder *from) {
    for (size_t i = 0; i < HL_RUNGS; i++) {
        into->rungs[i].count += from->rungs[i].count;
        into->rungs[i].sum += from->rungs[i].sum;
        into->rungs[i].square += from->rungs[i].square;
    }
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

/* The sum of squares of one rung: top bits were scaled so that the octave's first value is 2^30. */
static double rung_square(const struct hl_ladder *l, size_t i) {
    int octave = (int)(i >> HL_RUNG_BITS);
    return ldexp((double)l->rungs[i].square, 2 * (octave - 30));
}

double hl_ladder_square(const struct hl_ladder *l) {
    double square = 0;
    for (size_t i = 0; i < HL_RUNGS; i++)
        if (l->rungs[i].count > 0)
            square += rung_square(l, i);
    return square;
}

double hl_ladder_sd_error(const struct hl_ladder *l, uint64_t n) {
    double error, sd, mean = hl_ladder_mean(l, n, &error, &sd), cube = 0, fourth = 0, count = (double)n;
    if (sd <= 0)
        return 0;
    for (size_t i = 0; i < HL_RUNGS; i++) {
        if (l->rungs[i].count == 0)
            continue;
        double square = rung_square(l, i), of = (double)l->rungs[i].count;
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

static int by_value(const void *a, const void *b) {
    double x = ((const struct hl_pick *)a)->value;
    double y = ((const struct hl_pick *)b)->value;
    return (x > y) - (x < y);
}

void hl_picks_sort(struct hl_picks *p) {
    if (p->count == 0)
        return;
    qsort(p->items, p->count, sizeof *p->items, by_value);
    size_t last = 0;
    for (size_t i = 1; i < p->count; i++) {
        if (p->items[i].value == p->items[last].value)
            p->items[last].count += p->items[i].count;
        else
            p->items[++last] = p->items[i];
    }
    p->count = last + 1;
}

/* Makes room for one more: joins equal values first, grows when that frees less than half. */
static bool make_room(struct hl_picks *p) {
    if (p->count < p->capacity)
        return true;
    if (p->count > 0) {
        hl_picks_sort(p);
        if (p->count <= p->capacity / 2)
            return true;
    }
    size_t capacity = p->capacity == 0 ? 64 : 2 * p->capacity;
    struct hl_pick *items = realloc(p->items, capacity * sizeof *items);
    if (items == NULL)
        return false;
    p->items = items;
    p->capacity = capacity;
    return true;
}

static void add(struct hl_picks *p, struct hl_pick item) {
    if (p->count > 0 && p->items[p->count - 1].value == item.value) {
        p->items[p->count - 1].count += item.count;
        return;
    }
    if (!make_room(p)) {
        p->failed = true;
        return;
    }
    p->items[p->count++] = item;
}

void hl_picks_add_slow(struct hl_picks *p, double x) { add(p, (struct hl_pick){x, 1}); }

void hl_picks_merge(struct hl_picks *into, const struct hl_picks *from) {
    for (size_t i = 0; i < from->count; i++)
        add(into, from->items[i]);
    into->failed |= from->failed;
}

void hl_picks_free(struct hl_picks *p) {
    free(p->items);
    memset(p, 0, sizeof *p);
}

double hl_ladder_value(const struct hl_ladder *l, const struct hl_picks *p, uint64_t n, uint64_t rank) {
    int rung = hl_ladder_find(l, n, rank);
    if (rung < 0)
        return 0;
    assert(p->wanted[rung]);
    uint64_t above = n - rank;
    for (int i = HL_RUNGS - 1; i > rung; i--)
        above -= l->rungs[i].count;
    for (size_t i = p->count; i-- > 0;) {
        if (hl_rung_of(p->items[i].value) != (unsigned)rung)
            continue;
        if (above < p->items[i].count)
            return p->items[i].value;
        above -= p->items[i].count;
    }
    assert(0 && "the second pass saw fewer values than the first");
    return NAN;
}

void hl_ladder_excess(const struct hl_ladder *l, const struct hl_picks *p, double q, double *excess, double *square) {
    int own = q > 0 ? (int)hl_rung_of(q) : -1;
    hl_wide sum = 0; /* of whole numbers: exact, where doubles of q's size would lose the small differences */
    *square = 0;
    for (int i = own + 1; i < HL_RUNGS; i++) {
        const struct hl_rung *r = &l->rungs[i];
        if (r->count == 0)
            continue;
        sum += r->sum - (hl_wide)r->count * (uint64_t)q;
        *square += fmax(rung_square(l, (size_t)i) - 2 * q * (double)r->sum + (double)r->count * q * q, 0);
    }
    assert(own < 0 || p->wanted[own]);
    for (size_t i = 0; own >= 0 && i < p->count; i++) {
        double x = p->items[i].value;
        if (x <= q || hl_rung_of(x) != (unsigned)own)
            continue;
        sum += (hl_wide)p->items[i].count * (uint64_t)(x - q);
        *square += (double)p->items[i].count * (x - q) * (x - q);
    }
    *excess = (double)sum;
}
