#include "models/quantile_table.h"

#include <assert.h>
#include <float.h>
#include <stdint.h>
#include <string.h>

enum { OCTAVES = 52, CELLS_LEAST = 4, TAILS = 2, MANTISSA_BITS = 52, EXPONENT_BIAS = 1023 };

/* x over one cell of the tail probability: values at its ends and slopes in units of the cell. */
struct cell {
    double x[2];
    double slope[2];
};

struct octave {
    const struct cell *cells; /* [1 << (MANTISSA_BITS - shift)]; NULL = the iterative inverse answers */
    unsigned shift;           /* how far the cell's number stands up in the mantissa of the probability */
    double scale;             /* 2^-shift: the rest of the mantissa as a place in the cell */
};

struct hl_quantile_table {
    double median;
    double tolerance; /* absolute part of the bound */
    double relative;  /* relative part */
    size_t cell_count;
    size_t iterated;
    struct octave octaves[TAILS][OCTAVES]; /* [0] by F, [1] by 1 - F */
};

/* One side of a distribution. */
struct tail {
    const struct hl_distribution *d;
    bool upper; /* probabilities are 1 - F, else F */
};

static double probability(struct tail t, double x) {
    return t.upper ? t.d->family->survival(t.d, x) : t.d->family->cdf(t.d, x);
}

/* dx/dp at x: INFINITY where there is no density. */
static double slope_at(struct tail t, double x) {
    double density = t.d->family->pdf(t.d, x);
    if (isinf(density))
        return 0;
    return (t.upper ? -1 : 1) / density;
}

/* The Newton step for ln(probability) in the variable that a power law or an exponential tail is straight in: the
 * logarithm of the distance from the nearer end of the support, or x itself in an endless tail. `known` is the
 * probability at x. */
static double newton(struct tail t, double x, double known, double wanted) {
    double step = (t.upper ? 1 : -1) * log(known / wanted) * known / t.d->family->pdf(t.d, x);
    if (t.d->family->share && x > 0.5)
        return 1 - (1 - x) * exp(-step / (1 - x));
    return t.upper && !t.d->family->share ? x + step : x * exp(step / x);
}

/* Between the two, in ratio where they are far apart. */
static double middle(double low, double high) {
    if (high <= 4 * low)
        return low + 0.5 * (high - low);
    return low > 0 ? sqrt(low) * sqrt(high) : high * 0x1p-32;
}

/* The x in [low, high] whose tail probability is `wanted`, in (0, 1), from a first guess. */
static double solve(struct tail t, double wanted, double low, double high, double guess) {
    double x = guess > low && guess < high ? guess : middle(low, high);
    for (int step = 0; step < 2000; step++) {
        double known = probability(t, x);
        if (known == wanted)
            return x;
        if ((known > wanted) == t.upper)
            low = x;
        else
            high = x;
        double next = known > 0 ? newton(t, x, known, wanted) : NAN;
        double scale = t.d->family->share ? fmin(x, 1 - x) : x;
        bool inside = next >= low && next <= high;
        /* a step this small has squared error below rounding */
        if (inside && fabs(next - x) <= 1e-8 * scale + DBL_EPSILON * x)
            return next;
        if (!(next > low && next < high))
            next = middle(low, high);
        if (!(next > low && next < high))
            return high;
        x = next;
    }
    return x;
}

/* An upper end of a bracket for a tail probability: the end of the support, or far enough out. */
static double bracket_high(struct tail t, double wanted, double start) {
    if (t.d->family->share)
        return 1;
    double high = start;
    while ((probability(t, high) > wanted) == t.upper)
        high *= 2;
    return high;
}

/* By Markov's inequality the median of an amount is at most twice its mean. */
static double median_of(const struct hl_distribution *d) {
    struct tail t = {d, false};
    double mean = d->family->mean(d);
    return solve(t, 0.5, 0, d->family->share ? 1 : bracket_high(t, 0.5, 2 * mean), mean);
}

double hl_quantile_by_newton(const struct hl_distribution *d, double v) {
    struct tail t = {d, v < 0.5};
    double wanted = t.upper ? v : 1 - v;
    if (wanted <= 0 && t.upper)
        return d->family->share ? 1 : INFINITY;
    if (wanted <= 0)
        return 0;
    double mean = d->family->mean(d);
    return solve(t, wanted, 0, bracket_high(t, wanted, 2 * mean), mean);
}

/* The cubic through both ends with both slopes, at `place` in [0, 1] of the cell, kept between the ends. */
static double hermite(const struct cell *c, double place) {
    double rise = c->x[1] - c->x[0];
    double quadratic = 3 * rise - 2 * c->slope[0] - c->slope[1];
    double cubic = c->slope[0] + c->slope[1] - 2 * rise;
    double x = c->x[0] + place * (c->slope[0] + place * (quadratic + place * cubic));
    double low = rise < 0 ? c->x[1] : c->x[0];
    double high = rise < 0 ? c->x[0] : c->x[1];
    x = x < low ? low : x;
    return x > high ? high : x;
}

/* A slope between 0 and three times the rise keeps the cubic monotone. Source: Fritsch and Carlson 1980. */
static double monotone_slope(double slope, double rise) {
    double low = rise < 0 ? 3 * rise : 0;
    double high = rise < 0 ? 0 : 3 * rise;
    if (!(slope > low))
        return low;
    return slope < high ? slope : high;
}

/* An octave being made: its knots so far, from the far tail inwards. */
struct work {
    size_t cells;
    double x[HL_QUANTILE_CELLS + 1];
    double slope[HL_QUANTILE_CELLS + 1]; /* dx/dp */
    double middle[HL_QUANTILE_CELLS];
};

static struct cell cell_of(const struct work *w, size_t i, double width) {
    double rise = w->x[i + 1] - w->x[i];
    struct cell c = {
        .x = {w->x[i], w->x[i + 1]},
        .slope = {monotone_slope(w->slope[i] * width, rise), monotone_slope(w->slope[i + 1] * width, rise)},
    };
    return c;
}

/* Solves for the middle of every cell; true when every cubic is within half of the bound there. */
static bool check_middles(struct work *w, const struct hl_quantile_table *table, struct tail t, double start) {
    double width = start / (double)w->cells;
    bool good = true;
    for (size_t i = 0; i < w->cells; i++) {
        struct cell c = cell_of(w, i, width);
        double guess = hermite(&c, 0.5);
        double low = fmin(c.x[0], c.x[1]);
        double high = fmax(c.x[0], c.x[1]);
        w->middle[i] = solve(t, start + ((double)i + 0.5) * width, low, high, guess);
        double bound = table->tolerance + table->relative * w->middle[i];
        good = good && fabs(guess - w->middle[i]) <= 0.5 * bound;
    }
    return good;
}

/* Makes the middles knots. */
static void halve_cells(struct work *w, struct tail t) {
    for (size_t i = w->cells; i > 0; i--) {
        w->x[2 * i] = w->x[i];
        w->slope[2 * i] = w->slope[i];
        w->x[2 * i - 1] = w->middle[i - 1];
        w->slope[2 * i - 1] = slope_at(t, w->middle[i - 1]);
    }
    w->cells *= 2;
}

/* Makes octave k of a tail, whose inner end is x = inner; sets *outer to its far end. */
static enum hl_status make_octave(struct hl_quantile_table *table, struct work *w, struct tail t, size_t k,
                                  double inner, double *outer, struct hl_arena *arena) {
    double start = ldexp(1, -(int)k - 2);
    double low = t.upper ? inner : 0;
    double high = t.upper ? bracket_high(t, start, 2 * inner) : inner;
    *outer = solve(t, start, low, high, t.upper ? inner + start * fabs(slope_at(t, inner)) : 0.5 * inner);
    *w = (struct work){.cells = 1, .x = {*outer, inner}, .slope = {slope_at(t, *outer), slope_at(t, inner)}};
    bool good = false;
    for (;;) {
        good = check_middles(w, table, t, start);
        if ((good && w->cells >= CELLS_LEAST) || 2 * w->cells > HL_QUANTILE_CELLS)
            break;
        halve_cells(w, t);
    }
    if (!good) {
        table->iterated++;
        return HL_OK;
    }
    struct cell *cells = hl_arena_array(arena, w->cells, sizeof *cells);
    if (cells == NULL)
        return HL_FAILED;
    for (size_t i = 0; i < w->cells; i++)
        cells[i] = cell_of(w, i, start / (double)w->cells);
    unsigned shift = MANTISSA_BITS;
    while ((size_t)1 << (MANTISSA_BITS - shift) < w->cells)
        shift--;
    table->octaves[t.upper][k] = (struct octave){cells, shift, ldexp(1, -(int)shift)};
    table->cell_count += w->cells;
    return HL_OK;
}

enum hl_status hl_quantile_table_make(const struct hl_quantile_table **out, const struct hl_distribution *d,
                                      struct hl_arena *arena, struct hl_error *err) {
    assert(d->family->cdf != NULL && d->family->survival != NULL && d->family->pdf != NULL);
    struct hl_quantile_table *table = hl_arena_array(arena, 1, sizeof *table);
    if (table == NULL)
        return hl_fail_memory(err);
    table->tolerance = d->family->share ? HL_QUANTILE_ERROR : HL_QUANTILE_FLOOR * d->family->mean(d);
    table->relative = d->family->share ? 0 : HL_QUANTILE_ERROR;
    table->median = median_of(d);
    struct work work;
    for (int side = 0; side < TAILS; side++) {
        double inner = table->median;
        for (size_t k = 0; k < OCTAVES; k++) {
            if (make_octave(table, &work, (struct tail){d, side == 1}, k, inner, &inner, arena) != HL_OK)
                return hl_fail_memory(err);
        }
    }
    *out = table;
    return HL_OK;
}

double hl_quantile_table_at(const struct hl_quantile_table *t, const struct hl_distribution *d, double v) {
    bool upper = v < 0.5;
    double p = upper ? v : 1 - v;
    if (p >= 0.5)
        return t->median;
    uint64_t bits;
    memcpy(&bits, &p, sizeof bits);
    uint64_t k = EXPONENT_BIAS - 2 - (bits >> MANTISSA_BITS); /* p in [2^-(k+2), 2^-(k+1)) */
    const struct octave *octave = k < OCTAVES ? &t->octaves[upper][k] : NULL;
    if (octave == NULL || octave->cells == NULL)
        return d->family->quantile(d, v);
    uint64_t mantissa = bits & (((uint64_t)1 << MANTISSA_BITS) - 1);
    double place = (double)(mantissa & (((uint64_t)1 << octave->shift) - 1)) * octave->scale;
    return hermite(&octave->cells[mantissa >> octave->shift], place);
}

size_t hl_quantile_table_cells(const struct hl_quantile_table *t) { return t->cell_count; }

size_t hl_quantile_table_iterated(const struct hl_quantile_table *t) { return t->iterated; }
