#include "models/quantile_table.h"

#include "models/cubics.h"

#include <assert.h>
#include <float.h>
#include <string.h>

enum { PIECES = 2, KNOWN = 6, CHUNK = 256 };

/* Most of the bound that the cubics may take; the rest is the polynomials'. */
#define ROWS_ERROR (0.7 * HL_QUANTILE_ERROR)
#define POLYNOMIAL_ERROR (0.1 * HL_QUANTILE_ERROR)

struct hl_quantile_table {
    double kink;                     /* v below it go by pieces[0], at v / kink; the others by pieces[1] */
    struct hl_cubics pieces[PIECES]; /* the first is empty where there is no kink */
    size_t rows;
    size_t asked;
};

/* --- the iterative inverse ---------------------------------------------------------------------------------------- */

/* One side of a distribution. */
struct tail {
    const struct hl_distribution *d;
    bool upper; /* probabilities are 1 - F, else F */
};

static double probability(struct tail t, double x) {
    return t.upper ? t.d->family->survival(t.d, x) : t.d->family->cdf(t.d, x);
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
        if (inside && fabs(next - x) <= 1e-7 * scale + DBL_EPSILON * x)
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

/* --- the table ---------------------------------------------------------------------------------------------------- */

/* A piece of a quantile function, v = from + width w, being asked for falling tail probabilities of w. */
struct inverse {
    const struct hl_distribution *d;
    double from;
    double width;
    bool lower;
    int known;               /* of an iterative inverse, the last values of a side: */
    double logarithm[KNOWN]; /* of p */
    double x[KNOWN];
};

/* The next value of a side as the last ones let expect it: the polynomial through ln x over ln p. */
static double expected(const struct inverse *inverse, double p) {
    double sum = 0;
    for (int i = 0; i < inverse->known; i++) {
        double weight = 1;
        for (int j = 0; j < inverse->known; j++) {
            if (j != i)
                weight *= (log(p) - inverse->logarithm[j]) / (inverse->logarithm[i] - inverse->logarithm[j]);
        }
        sum += weight * log(inverse->x[i]);
    }
    return exp(sum);
}

/* Solves for the value at p between the last one of this side and the end of the support. */
static double solve_next(struct inverse *inverse, bool lower, double p) {
    struct tail t = {inverse->d, !lower};
    if (inverse->known == 0 || lower != inverse->lower) { /* either side begins at the median */
        inverse->lower = lower;
        inverse->known = 1;
        inverse->x[0] = hl_quantile_by_newton(inverse->d, 0.5);
        inverse->logarithm[0] = log(0.5);
    }
    if (p >= 0.5)
        return inverse->x[0];
    double last = inverse->x[inverse->known - 1];
    double low = lower ? 0 : last, high = lower ? last : t.d->family->share ? 1 : DBL_MAX;
    double x = solve(t, p, low, high, expected(inverse, p));
    if (inverse->known == KNOWN) {
        inverse->known--;
        memmove(inverse->x, inverse->x + 1, (KNOWN - 1) * sizeof *inverse->x);
        memmove(inverse->logarithm, inverse->logarithm + 1, (KNOWN - 1) * sizeof *inverse->logarithm);
    }
    inverse->x[inverse->known] = x;
    inverse->logarithm[inverse->known++] = log(p);
    return x;
}

static double value(void *context, bool lower, double p) {
    struct inverse *inverse = context;
    if (inverse->d->family->pdf != NULL)
        return solve_next(inverse, lower, p);
    return inverse->d->family->quantile(inverse->d, inverse->from + inverse->width * (lower ? 1 - p : p));
}

enum hl_status hl_quantile_table_make(const struct hl_quantile_table **out, const struct hl_distribution *d,
                                      struct hl_arena *arena, struct hl_error *err) {
    struct hl_quantile_table *table = hl_arena_array(arena, 1, sizeof *table);
    if (table == NULL)
        return hl_fail_memory(err);
    table->kink = d->family->kink == NULL ? 0 : d->family->kink(d);
    for (int piece = table->kink > 0 ? 0 : 1; piece < PIECES; piece++) {
        struct inverse inverse = {
            .d = d, .from = piece == 0 ? 0 : table->kink, .width = piece == 0 ? table->kink : 1 - table->kink};
        struct hl_cubics_made made;
        const struct hl_cubics_wanted wanted = {.value = value,
                                                .context = &inverse,
                                                .relative = true,
                                                .error = ROWS_ERROR,
                                                .coefficients = POLYNOMIAL_ERROR,
                                                .most = d->family->share ? 1 : INFINITY};
        if (hl_cubics_make(&made, &wanted, arena, err) != HL_OK)
            return HL_FAILED;
        table->pieces[piece] = made.rows;
        table->rows += 2 * made.rows.side;
        table->asked += made.asked;
    }
    *out = table;
    return HL_OK;
}

double hl_quantile_table_at(const struct hl_quantile_table *t, const struct hl_distribution *d, double v) {
    double kink = t->kink, x;
    if (kink > 0)
        x = v < kink ? hl_cubics_at(&t->pieces[0], v / kink) : hl_cubics_at(&t->pieces[1], (v - kink) / (1 - kink));
    else
        x = hl_cubics_at(&t->pieces[1], v);
    return isnan(x) ? d->family->quantile(d, v) : x;
}

void hl_quantile_table_many(const struct hl_quantile_table *t, const struct hl_distribution *d, size_t count,
                            const double *v, double *x) {
    if (t->kink > 0) {
        for (size_t i = 0; i < count; i++)
            x[i] = hl_quantile_table_at(t, d, v[i]);
        return;
    }
    for (size_t done = 0; done < count; done += CHUNK) {
        size_t length = count - done < CHUNK ? count - done : CHUNK;
        double asked[CHUNK]; /* x may be v */
        memcpy(asked, v + done, length * sizeof *v);
        if (!hl_kernel()->cubics(&t->pieces[1], length, asked, x + done))
            continue;
        for (size_t i = 0; i < length; i++) {
            if (isnan(x[done + i]))
                x[done + i] = d->family->quantile(d, asked[i]);
        }
    }
}

size_t hl_quantile_table_rows(const struct hl_quantile_table *t) { return t->rows; }

size_t hl_quantile_table_asked(const struct hl_quantile_table *t) { return t->asked; }
