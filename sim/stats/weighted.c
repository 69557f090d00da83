#include "stats/weighted.h"

#include "stats/interval.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void hl_weighted_add(struct hl_weighted_sums *s, double value, double weight) {
    if (value <= 0)
        return;
    double product = weight * value;
    s->hits += 1;
    s->weight += weight;
    s->weight_square += weight * weight;
    s->value += product;
    s->value_square += product * product;
    s->cross += weight * product;
    s->largest_weight = fmax(s->largest_weight, weight);
}

void hl_weighted_merge(struct hl_weighted_sums *into, const struct hl_weighted_sums *from) {
    into->hits += from->hits;
    into->weight += from->weight;
    into->weight_square += from->weight_square;
    into->value += from->value;
    into->value_square += from->value_square;
    into->cross += from->cross;
    into->largest_weight = fmax(into->largest_weight, from->largest_weight);
}

/* The mean of n independent terms, from their sum and the sum of their squares. */
static struct hl_weighted_estimate mean_of(double sum, double square, uint64_t n, double hits) {
    assert(n > 1);
    double count = (double)n;
    double mean = sum / count;
    double error = sqrt(fmax(square - sum * mean, 0) / (count - 1) / count);
    return (struct hl_weighted_estimate){mean, error, fmax(mean - HL_Z * error, 0), mean + HL_Z * error,
                                         (uint64_t)hits};
}

static struct hl_weighted_estimate probability_of(double sum, double square, uint64_t n, uint64_t plain, double hits) {
    struct hl_weighted_estimate e = mean_of(sum, square, n, hits);
    e.high = hits > 0 ? fmin(e.high, 1) : hl_interval_clopper_pearson(0, plain).high;
    return e;
}

struct hl_weighted_estimate hl_weighted_probability(const struct hl_weighted_sums *s, uint64_t n, uint64_t plain) {
    return probability_of(s->weight, s->weight_square, n, plain, s->hits);
}

struct hl_weighted_estimate hl_weighted_mean(const struct hl_weighted_sums *s, uint64_t n) {
    return mean_of(s->value, s->value_square, n, s->hits);
}

/* The terms w (x - r) have the mean 0: the error of r is that of their mean, by E[w]. */
struct hl_weighted_estimate hl_weighted_ratio(const struct hl_weighted_sums *s) {
    if (s->hits == 0)
        return (struct hl_weighted_estimate){NAN, NAN, NAN, NAN, 0};
    double ratio = s->value / s->weight;
    double square = s->value_square - 2 * ratio * s->cross + ratio * ratio * s->weight_square;
    double error = sqrt(fmax(square, 0)) / s->weight;
    return (struct hl_weighted_estimate){ratio, error, fmax(ratio - HL_Z * error, 0), ratio + HL_Z * error,
                                         (uint64_t)s->hits};
}

double hl_weighted_effective(const struct hl_weighted_sums *s) {
    return s->hits == 0 ? 0 : s->weight * s->weight / s->weight_square;
}

double hl_weighted_reduction(const struct hl_weighted_sums *s, uint64_t n) {
    if (s->hits == 0)
        return 0;
    double p = s->weight / (double)n;
    double variance = s->weight_square / (double)n - p * p;
    return variance > 0 ? p * (1 - p) / variance : INFINITY;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

static enum hl_status reserve(struct hl_weighted_list *l, size_t more) {
    if (more <= l->capacity - l->count)
        return HL_OK;
    size_t capacity = l->capacity + l->capacity / 2 + more + 64;
    struct hl_weighted_value *items = realloc(l->items, capacity * sizeof *items);
    if (items == NULL)
        return HL_FAILED;
    l->items = items;
    l->capacity = capacity;
    return HL_OK;
}

enum hl_status hl_weighted_keep(struct hl_weighted_list *l, double value, double weight) {
    if (value <= 0)
        return HL_OK;
    if (reserve(l, 1) != HL_OK)
        return HL_FAILED;
    l->items[l->count++] = (struct hl_weighted_value){value, weight};
    return HL_OK;
}

enum hl_status hl_weighted_append(struct hl_weighted_list *into, const struct hl_weighted_list *from) {
    if (from->count == 0)
        return HL_OK;
    if (reserve(into, from->count) != HL_OK)
        return HL_FAILED;
    memcpy(into->items + into->count, from->items, from->count * sizeof *from->items);
    into->count += from->count;
    return HL_OK;
}

void hl_weighted_list_free(struct hl_weighted_list *l) {
    free(l->items);
    *l = (struct hl_weighted_list){0};
}

static int by_value(const void *left, const void *right) {
    const struct hl_weighted_value *a = left, *b = right;
    if (a->value != b->value)
        return a->value > b->value ? -1 : 1;
    return (a->weight < b->weight) - (a->weight > b->weight);
}

void hl_weighted_sort(struct hl_weighted_list *l) {
    if (l->count > 1)
        qsort(l->items, l->count, sizeof *l->items, by_value);
}

struct hl_weighted_estimate hl_weighted_above(const struct hl_weighted_list *l, uint64_t n, uint64_t plain, double x) {
    double sum = 0, square = 0;
    size_t i = 0;
    for (; i < l->count && l->items[i].value > x; i++) {
        sum += l->items[i].weight;
        square += l->items[i].weight * l->items[i].weight;
    }
    return probability_of(sum, square, n, plain, (double)i);
}

struct hl_weighted_estimate hl_weighted_excess(const struct hl_weighted_list *l, uint64_t n, double x) {
    double sum = 0, square = 0;
    size_t i = 0;
    for (; i < l->count && l->items[i].value > x; i++) {
        double term = l->items[i].weight * (l->items[i].value - x);
        sum += term;
        square += term * term;
    }
    return mean_of(sum, square, n, (double)i);
}

/* The least value x (0 among them) at which P(X > x) moved by z errors is at most `accepted`, and how many are larger.
 */
struct crossing {
    double value;
    size_t above;
    bool found;
};

/* The crossings of P(X > x) itself and of both ends of its interval, which lie far apart at most by a few values: one
 * way through the list. The moved P is above `accepted` where P is by more than z errors, or less by fewer. */
static void cross(const struct hl_weighted_list *l, uint64_t n, double accepted, struct crossing at[3]) {
    const double part = 1 / (double)n, z_square = HL_Z * HL_Z * part;
    double sum = 0, square = 0;
    size_t first = 0; /* of the values that are equal */
    for (size_t i = 0; i < l->count && !(at[0].found && at[1].found && at[2].found); i++) {
        sum += l->items[i].weight;
        square += l->items[i].weight * l->items[i].weight;
        if (i + 1 < l->count && l->items[i + 1].value == l->items[i].value)
            continue;
        double p = sum * part, more = p - accepted;
        double reach = z_square * (square * part - p * p);
        const bool is_above[] = {more > 0 && more * more > reach, more > 0, more > 0 || more * more < reach};
        for (int k = 0; k < 3; k++)
            if (is_above[k] && !at[k].found) /* true below this value, no longer at it */
                at[k] = (struct crossing){l->items[i].value, first, true};
        first = i + 1;
    }
    for (int k = 0; k < 3; k++)
        if (!at[k].found)
            at[k].above = l->count;
}

struct hl_weighted_estimate hl_weighted_quantile(const struct hl_weighted_list *l, uint64_t n, double p) {
    assert(p > 0 && p < 1);
    struct crossing at[3] = {0};
    cross(l, n, 1 - p, at);
    return (struct hl_weighted_estimate){at[1].value, NAN, at[0].value, at[2].value, at[1].above};
}

struct hl_weighted_estimate hl_weighted_tail_mean(const struct hl_weighted_list *l, uint64_t n, double p, double q) {
    struct hl_weighted_estimate e = hl_weighted_excess(l, n, q);
    e.value = q + e.value / (1 - p);
    e.error /= 1 - p;
    e.low = fmax(e.value - HL_Z * e.error, q);
    e.high = e.value + HL_Z * e.error;
    return e;
}
