#include "models/cubics.h"

#include <math.h>

enum { DEGREE = 20, SIDES = 2, MANTISSA_BITS = 52 };

/* Where a cubic of a cell goes through the function: both ends, so that neighbours meet, and between them the two
 * points that make the most of |t (t - 1) (t - CLOSE) (t - FAR)| on [0, 1] least. */
#define CLOSE 0.29289321881345248 /* 1 - sqrt(1/2) */
#define FAR 0.70710678118654752

/* That most, ((sqrt(2) - 1) / 4)^2, over 4!: the error of a cubic per size of the fourth derivative. */
#define REMAINDER (0.010723304703363119 / 24)

/* A polynomial on one octave, s in [-1, 1] from its far end to its inner one. */
struct octave {
    double inner;                   /* the value at p = 2^-(k+1) */
    double coefficient[DEGREE + 1]; /* of the value, or of its logarithm less that of `inner` */
    bool good;
};

/* s of node j, from the inner end outwards. */
static double node(int j) { return cos(M_PI * j / DEGREE); }

/* The polynomial through values at the nodes. Source: Trefethen, chapter 3. */
static void fit(struct octave *o, const double values[DEGREE + 1]) {
    double cosines[2 * DEGREE];
    for (int j = 0; j < 2 * DEGREE; j++)
        cosines[j] = node(j);
    for (int k = 0; k <= DEGREE; k++) {
        double sum = 0.5 * (values[0] + (k % 2 == 0 ? 1 : -1) * values[DEGREE]);
        for (int j = 1; j < DEGREE; j++)
            sum += values[j] * cosines[j * k % (2 * DEGREE)];
        o->coefficient[k] = sum * (k == 0 || k == DEGREE ? 1.0 : 2.0) / DEGREE;
    }
}

/* Clenshaw's sum. */
static double polynomial(const struct octave *o, double s) {
    double a = 0, b = 0;
    for (int k = DEGREE; k > 0; k--) {
        double next = o->coefficient[k] + 2 * s * a - b;
        b = a;
        a = next;
    }
    return o->coefficient[0] + s * a - b;
}

/* A bound of the size of the polynomial's derivative of an order, in s: |T_k| and its derivatives are largest at 1. */
static double derivative_bound(const struct octave *o, int order) {
    double sum = 0;
    for (int k = order; k <= DEGREE; k++) {
        double at_1 = 1;
        for (int i = 0; i < order; i++)
            at_1 *= (double)(k * k - i * i) / (2 * i + 1);
        sum += fabs(o->coefficient[k]) * at_1;
    }
    return sum;
}

/* The fewest cells for which every cubic is within the bound; above HL_CELLS_MOST when none of them is enough. */
static size_t cells_for(const struct octave *o, const struct hl_cubics_wanted *w) {
    double d[5];
    for (int order = 1; order <= 4; order++)
        d[order] = derivative_bound(o, order);
    size_t cells = HL_CELLS_LEAST;
    for (; cells <= HL_CELLS_MOST; cells *= 2) {
        double width = 2.0 / (double)cells;
        double fourth = d[4];
        if (w->relative) { /* of e^L, over its least value in the cell */
            fourth += 4 * d[1] * d[3] + 3 * d[2] * d[2] + 6 * d[1] * d[1] * d[2] + d[1] * d[1] * d[1] * d[1];
            fourth *= exp(d[1] * width);
        }
        if (REMAINDER * fourth * width * width * width * width <= w->error)
            break;
    }
    return cells;
}

/* Asks for the values of octave k, whose inner one is known; returns the one at its far end. */
static double make_octave(struct octave *o, const struct hl_cubics_wanted *w, bool lower, int k, double inner) {
    double far = ldexp(1, -k - 2);
    double value = inner, values[DEGREE + 1];
    o->inner = inner;
    for (int j = 0; j <= DEGREE; j++) {
        double p = (far * (1.5 + 0.5 * node(j)) + 0.5) - 0.5; /* so that 1 - p is exact */
        if (j > 0)
            value = w->value(w->context, lower, p);
        values[j] = w->relative ? log(value / inner) : value;
    }
    fit(o, values);
    double last = fabs(o->coefficient[DEGREE]) + fabs(o->coefficient[DEGREE - 1]) + fabs(o->coefficient[DEGREE - 2]);
    o->good = last <= w->coefficients && cells_for(o, w) <= HL_CELLS_MOST;
    return value;
}

/* The value of the rows' function in an octave. */
static double value_at(const struct octave *o, const struct hl_cubics_wanted *w, double s) {
    double x = w->relative ? o->inner * exp(polynomial(o, s)) : polynomial(o, s);
    return fmin(x, w->most);
}

/* The cubic through y at t = 0, CLOSE, FAR and 1, in powers of t / cells. */
static struct hl_cubic row_through(const double y[4], double cells) {
    double a = (y[1] - y[0]) / CLOSE, b = (y[2] - y[1]) / (FAR - CLOSE), c = (y[3] - y[2]) / (1 - FAR);
    double ab = (b - a) / FAR, bc = (c - b) / (1 - CLOSE);
    double abc = bc - ab;
    return (struct hl_cubic){{
        y[0],
        cells * (a - CLOSE * ab + CLOSE * FAR * abc),
        cells * cells * (ab - (CLOSE + FAR) * abc),
        cells * cells * cells * abc,
    }};
}

/* The rows of one octave, from its far end inwards. */
static void fill_octave(struct hl_cubic *rows, const struct octave *o, const struct hl_cubics_wanted *w, size_t cells) {
    double width = 2.0 / (double)cells, y[4] = {0};
    if (o->good)
        y[3] = value_at(o, w, -1);
    for (size_t i = 0; i < cells; i++) {
        double s = (double)i * width - 1;
        if (!o->good) {
            rows[i].c[0] = NAN;
            continue;
        }
        y[0] = y[3];
        y[1] = value_at(o, w, s + CLOSE * width);
        y[2] = value_at(o, w, s + FAR * width);
        y[3] = value_at(o, w, s + width);
        rows[i] = row_through(y, (double)cells);
    }
}

enum hl_status hl_cubics_make(struct hl_cubics_made *out, const struct hl_cubics_wanted *w, struct hl_arena *arena,
                              struct hl_error *err) {
    struct octave octaves[SIDES][HL_OCTAVES];
    const double middle = w->value(w->context, false, 0.5);
    *out = (struct hl_cubics_made){.cells = HL_CELLS_LEAST};
    for (int side = 0; side < SIDES; side++) {
        double inner = middle;
        for (int k = 0; k < HL_OCTAVES; k++) {
            struct octave *o = &octaves[side][k];
            inner = make_octave(o, w, side == 1, k, inner);
            size_t cells = o->good ? cells_for(o, w) : 0;
            out->cells = cells > out->cells ? cells : out->cells;
            out->asked += !o->good;
        }
    }
    size_t length = out->cells * HL_OCTAVES + 2;
    struct hl_cubic *rows = hl_arena_array(arena, SIDES * length, sizeof *rows);
    if (rows == NULL)
        return hl_fail_memory(err);
    unsigned shift = MANTISSA_BITS;
    while ((size_t)1 << (MANTISSA_BITS - shift) < out->cells)
        shift--;
    uint64_t far = hl_to_bits(ldexp(1, -HL_OCTAVES - 1));
    out->rows = (struct hl_cubics){rows, (far >> shift) - 1, shift, length, hl_from_bits(far - 1), w->most};
    for (int side = 0; side < SIDES; side++, rows += length) {
        rows[0].c[0] = NAN;
        for (int k = 0; k < HL_OCTAVES; k++)
            fill_octave(rows + 1 + (size_t)(HL_OCTAVES - 1 - k) * out->cells, &octaves[side][k], w, out->cells);
        rows[length - 1].c[0] = middle;
    }
    return HL_OK;
}
