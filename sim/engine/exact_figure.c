#include "engine/exact_figure.h"

#include <math.h>

/* ---- the distribution -------------------------------------------------------------------------------------------- */

double hl_exact_figure_above(const struct hl_exact_figure *f, enum hl_lattice which, double x) {
    double sum = 0;
    for (size_t i = 0; i < f->branch_count; i++) {
        double y = hl_ramp_inverse(&f->branches[i].left, x);
        if (!isinf(y))
            sum += f->branches[i].weight * hl_exact_above(f->lattices, which, y);
    }
    return sum;
}

struct on_lattice {
    const struct hl_exact_lattices *lattices;
    enum hl_lattice which;
};

static double limited_of(const void *context, double d) {
    const struct on_lattice *at = context;
    return isinf(d) ? at->lattices->mean[at->which] : hl_exact_limited(at->lattices, at->which, d);
}

double hl_exact_figure_limited(const struct hl_exact_figure *f, enum hl_lattice which, double x) {
    const struct on_lattice at = {f->lattices, which};
    double sum = 0;
    for (size_t i = 0; i < f->branch_count; i++)
        sum += f->branches[i].weight * hl_ramp_limited_mean(&f->branches[i].left, x, limited_of, &at);
    return sum;
}

double hl_exact_figure_quantile(const struct hl_exact_figure *f, enum hl_lattice which, double p) {
    if (f->branch_count == 1) {
        double y = hl_exact_quantile(f->lattices, which, p);
        return isinf(y) ? y : hl_ramp_at(&f->branches[0].left, y);
    }
    double low = 0, high = 0;
    for (size_t i = 0; i < f->branch_count; i++)
        high = fmax(high, hl_ramp_at(&f->branches[i].left, hl_exact_end(f->lattices)));
    if (hl_exact_figure_above(f, which, 0) <= 1 - p)
        return 0;
    if (hl_exact_figure_above(f, which, high) > 1 - p)
        return INFINITY;
    while (high - low > 0x1p-40 * high) {
        double middle = 0.5 * (low + high);
        if (hl_exact_figure_above(f, which, middle) <= 1 - p)
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

/* The largest loss has rows of its own; needs are told by the shortfall. */
bool hl_exact_figure_tells(const struct hl_exact_figure *f, const struct hl_row_key *key) {
    bool largest = key->metric == HL_OEP || key->metric == HL_OEP_TVAR;
    return key->policy == 0 && key->outer == 0 && key->year == 1 && key->entity == f->entity &&
           key->basis == f->basis && key->perspective == f->perspective && largest == f->largest &&
           (!hl_is_of_fund(key->perspective) || key->item == f->item);
}

/* A value between its two bounds. */
struct bounded {
    double value, low, high;
};

static struct bounded each(const struct hl_exact_figure *f, double x,
                           double (*of)(const struct hl_exact_figure *f, enum hl_lattice which, double x)) {
    return (struct bounded){of(f, HL_LATTICE_NEAREST, x), of(f, HL_LATTICE_LOWER, x), of(f, HL_LATTICE_UPPER, x)};
}

static struct bounded divided(struct bounded a, double by) {
    return (struct bounded){a.value / by, a.low / by, a.high / by};
}

static double tail_mean(const struct hl_exact_figure *f, enum hl_lattice which, double p) {
    double q = hl_exact_figure_quantile(f, which, p);
    double all = which == HL_LATTICE_NEAREST && !isnan(f->mean) ? f->mean : hl_exact_figure_limited(f, which, INFINITY);
    return isinf(q) ? q : q + fmax(all - hl_exact_figure_limited(f, which, q), 0) / (1 - p);
}

static double mean_above(const struct hl_exact_figure *f, enum hl_lattice which, double x) {
    return fmax(hl_exact_figure_limited(f, which, INFINITY) - hl_exact_figure_limited(f, which, x), 0);
}

static struct bounded mean_of(const struct hl_exact_figure *f) {
    if (!isnan(f->mean))
        return (struct bounded){f->mean, f->mean, f->mean};
    return each(f, INFINITY, hl_exact_figure_limited);
}

static struct bounded sd_of(const struct hl_exact_figure *f) {
    return (struct bounded){0.5 * (f->sd.low + f->sd.high), f->sd.low, f->sd.high};
}

/* The level of a quantile; NAN of other metrics. Given a breach it is that of the trials with one. */
static double level_of(const struct hl_exact_figure *f, const struct hl_row_key *key) {
    switch (key->metric) {
    case HL_VAR:
    case HL_TVAR:
        return key->level;
    case HL_AEP:
    case HL_AEP_TVAR:
    case HL_OEP:
    case HL_OEP_TVAR:
        return 1 - 1 / key->level;
    case HL_VAR_GIVEN_BREACH:
        return f->p_breach > 0 ? 1 - f->p_breach * (1 - key->level) : NAN;
    default:
        return NAN;
    }
}

static bool is_tail(enum hl_metric metric) {
    return metric == HL_TVAR || metric == HL_AEP_TVAR || metric == HL_OEP_TVAR;
}

/* Is an amount of money among what the lattices reach in every case? */
static bool is_reached(const struct hl_exact_figure *f, double x) {
    for (size_t i = 0; i < f->branch_count; i++) {
        double y = hl_ramp_inverse(&f->branches[i].left, x);
        if (!isinf(y) && y > hl_exact_end(f->lattices))
            return false;
    }
    return true;
}

/* In quanta, or as a probability; value NAN where there is none. */
static struct bounded answer(const struct hl_exact_figure *f, const struct hl_row_key *key) {
    const struct bounded none = {NAN, NAN, NAN};
    double p = level_of(f, key), x = key->level / f->quantum;
    if (!isnan(p))
        return each(f, p, is_tail(key->metric) ? tail_mean : hl_exact_figure_quantile);
    switch (key->metric) {
    case HL_P_BREACH:
        return (struct bounded){f->p_breach, f->p_breach, f->p_breach};
    case HL_P_POSITIVE:
        return is_reached(f, 0) ? each(f, 0, hl_exact_figure_above) : none;
    case HL_P_ABOVE:
        return isfinite(x) && is_reached(f, x) ? each(f, x, hl_exact_figure_above) : none;
    case HL_MEAN:
        return mean_of(f);
    case HL_MEAN_GIVEN_BREACH:
        return f->p_breach > 0 ? divided(mean_of(f), f->p_breach) : none;
    case HL_MEAN_ABOVE:
        return is_reached(f, x) ? each(f, x, mean_above) : none;
    case HL_SD:
        return sd_of(f);
    default:
        return none;
    }
}

static bool is_probability(enum hl_metric metric) {
    return metric == HL_P_BREACH || metric == HL_P_POSITIVE || metric == HL_P_ABOVE;
}

bool hl_exact_figure_answer(const struct hl_exact_figure *f, struct hl_row_key key, struct hl_row *out) {
    struct bounded a = answer(f, &key);
    double unit = is_probability(key.metric) ? 1 : f->quantum;
    if (!isfinite(a.value) || !isfinite(a.low) || !isfinite(a.high))
        return false;
    /* Rounding may move the value that is told past a bound that it meets. */
    double low = fmin(fmin(a.low, a.high), a.value), high = fmax(fmax(a.low, a.high), a.value);
    *out = (struct hl_row){key, a.value * unit, 0, low * unit, high * unit, HL_ROW_EXACT};
    return true;
}

/* ---- how far a simulated row is off ------------------------------------------------------------------------------ */

/* In standard errors beyond [low, high]; what rounding can do is nothing. */
static double beyond(double x, double low, double high, double error, double rounding) {
    double off = x < low ? low - x : x > high ? x - high : 0;
    return off <= rounding ? 0 : off / error;
}

/* The share of trials that a simulated quantile leaves above it, against the exact one: P(> x) may be less than 1 - p
 * where many values are equal, but P(>= x) may not. */
static double quantile_distance(const struct hl_exact_figure *f, const struct hl_row *row, double p, double trials) {
    double x = row->value / f->quantum, step = f->lattices->step;
    if (!is_reached(f, x + step))
        return NAN;
    double above = hl_exact_figure_above(f, HL_LATTICE_LOWER, x);
    double at_least = x > 1 ? hl_exact_figure_above(f, HL_LATTICE_UPPER, x - 1) : 1; /* a quantum for rounding */
    return beyond(1 - p, above, at_least, sqrt(p * (1 - p) / trials), 1e-12);
}

/* Have enough trials a part in a mean, of a tail in what is above its quantile, for its error to be told from them? */
static bool enough_behind(const struct hl_exact_figure *f, const struct hl_row_key *key, double p, double trials) {
    if (is_probability(key->metric))
        return true;
    if (!isnan(f->sd.high) && isnan(p))
        return f->p_breach * trials >= HL_COMPARED_LEAST;
    double x = isnan(p) ? 0 : hl_exact_figure_quantile(f, HL_LATTICE_NEAREST, p);
    if (key->metric == HL_MEAN_ABOVE)
        x = key->level / f->quantum;
    return is_reached(f, x) && hl_exact_figure_above(f, HL_LATTICE_NEAREST, x) * trials >= HL_COMPARED_LEAST;
}

double hl_exact_figure_distance(const struct hl_exact_figure *f, const struct hl_row *row, uint64_t trials) {
    double p = level_of(f, &row->key), n = (double)trials;
    struct hl_row exact;
    if (isnan(row->value))
        return NAN;
    if (!isnan(p)) {
        bool tail = is_tail(row->key.metric);
        if ((1 - p) * n < (tail ? 10 : 1) * HL_COMPARED_LEAST)
            return NAN;
        if (!tail)
            return quantile_distance(f, row, p, n);
    }
    if (!hl_exact_figure_answer(f, row->key, &exact) || !enough_behind(f, &row->key, p, n))
        return NAN;
    double error = row->error;
    if (is_probability(row->key.metric)) {
        double q = exact.value;
        if (fmin(q, 1 - q) * n < HL_COMPARED_LEAST && q > 0 && q < 1)
            return NAN;
        error = sqrt(q * (1 - q) / n);
    } else if (row->key.metric == HL_MEAN && !isnan(f->sd.high)) {
        error = f->sd.high * f->quantum / sqrt(n);
    }
    /* A simulated loss is a whole number of quanta. */
    double rounding = is_probability(row->key.metric) ? 1e-12 : f->quantum + 1e-9 * fabs(exact.value);
    return isnan(error) ? NAN : beyond(row->value, exact.low, exact.high, error, rounding);
}
