#include "engine/variates.h"

#include "stats/interval.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* ---- what was simulated ------------------------------------------------------------------------------------------ */

static uint64_t hits_of(const struct hl_row *row, uint64_t trials) {
    return row == NULL || isnan(row->value) ? 0 : (uint64_t)nearbyint(row->value * (double)trials);
}

static struct hl_row_key breach_key(const struct hl_result *r, uint32_t entity, uint16_t sampling) {
    return (struct hl_row_key){
        .outer = sampling, .year = r->whole, .entity = entity, .perspective = HL_GROSS, .metric = HL_P_BREACH};
}

static size_t full_count_of(const struct hl_result *r) { return 1 + r->scenario->exchange_count; }

enum hl_status hl_variates_make(struct hl_variates *v, const struct hl_result *r, struct hl_error *err) {
    size_t full = full_count_of(r);
    *v = (struct hl_variates){.full_count = full,
                              .breached = calloc(r->sampling_count * full, sizeof *v->breached),
                              .p_breach = calloc(r->sampling_count * full, sizeof *v->p_breach),
                              .short_of = calloc(HL_BASIS_COUNT * (full + 1), sizeof *v->short_of)};
    if (v->breached == NULL || v->p_breach == NULL || v->short_of == NULL) {
        hl_variates_free(v);
        return hl_fail_memory(err);
    }
    for (uint16_t s = 0; s < r->sampling_count; s++)
        for (uint32_t e = 0; e < full; e++)
            v->breached[s * full + e] = hits_of(hl_result_find(r, breach_key(r, e, s)), r->trials);
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++)
        for (size_t k = 1; k < full; k++) {
            struct hl_row_key key = {.year = r->whole,
                                     .basis = basis,
                                     .perspective = HL_SHORTFALL,
                                     .metric = HL_P_AT_LEAST,
                                     .level = (double)k};
            v->short_of[basis * (full + 1) + k] = hits_of(hl_result_find(r, key), r->trials);
        }
    return HL_OK;
}

void hl_variates_free(struct hl_variates *v) {
    free(v->breached);
    free(v->p_breach);
    free(v->short_of);
    *v = (struct hl_variates){0};
}

/* ---- a breach as the control ------------------------------------------------------------------------------------- */

static bool is_mean(enum hl_metric metric) {
    return metric == HL_MEAN || metric == HL_MEAN_ABOVE || metric == HL_CONTRIBUTION;
}

/* Does a row tell a mean or a probability of what is 0 in a trial without a breach? */
static bool needs_breach(const struct hl_row_key *key) {
    switch (key->metric) {
    case HL_MEAN:
    case HL_P_POSITIVE:
    case HL_P_ABOVE:
    case HL_MEAN_ABOVE:
    case HL_CONTRIBUTION:
    case HL_P_UNPAID_AFTER:
    case HL_P_AT_LEAST:
    case HL_P_SHORT_BY:
    case HL_P_ATTACH:
    case HL_P_EXHAUST:
        break;
    default:
        return false;
    }
    switch (key->perspective) {
    case HL_GROSS:
    case HL_CLAIM:
    case HL_SHORTFALL:
    case HL_JOINT_SHORTFALL:
    case HL_HAIRCUT:
    case HL_HAIRCUT_SHARE:
    case HL_RESERVE_NEEDED:
    case HL_INSURANCE_NEEDED:
    case HL_PAID:
    case HL_LEFT_AFTER:
        return true;
    default:
        return false;
    }
}

/* The row with its hits among the breached trials, as a part of the exact probability. */
static struct hl_row probability_by_breach(struct hl_row row, uint64_t hits, uint64_t breached, double p_breach) {
    double part = (double)hits / (double)breached;
    struct hl_interval i = hl_interval_probability(hits, breached);
    row.value = p_breach * part;
    row.error = p_breach * sqrt(part * (1 - part) / (double)breached);
    row.low = p_breach * i.low;
    row.high = p_breach * i.high;
    row.status = hits < HL_FEW_HITS || breached - hits < HL_FEW_HITS ? HL_ROW_FEW_HITS : HL_ROW_CONTROLLED;
    return row;
}

/* The same of a mean, whose sums over all trials are those over the breached ones. */
static struct hl_row mean_by_breach(struct hl_row row, uint64_t trials, uint64_t breached, double p_breach) {
    double n = (double)trials, count = (double)breached, mean = row.value * n / count;
    double square = row.error * row.error * n * (n - 1) + n * row.value * row.value;
    double spread = fmax(square - count * mean * mean, 0);
    row.value = p_breach * mean;
    row.error = p_breach * sqrt(spread / (count - 1) / count);
    row.low = fmax(row.value - HL_Z * row.error, 0);
    row.high = row.value + HL_Z * row.error;
    row.status = HL_ROW_CONTROLLED;
    return row;
}

/* How many plain trials one is worth: the squared ratio of the intervals' widths. */
static double reduction_of(const struct hl_row *plain, const struct hl_row *controlled) {
    double ratio = is_mean(plain->key.metric) ? plain->error / controlled->error
                                              : (plain->high - plain->low) / (controlled->high - controlled->low);
    return ratio * ratio;
}

/* Fewer breached trials say too little of each other. */
enum { BREACHED_LEAST = 20 };

/* What one trial is worth by the breach, and the row by it in *out; 0 where it has none. Values that do not differ at
 * all say nothing of an error. The worth is that at the simulated P(breach): whether a row is corrected must not depend
 * on which way it goes. */
static double by_breach(const struct hl_variates *v, const struct hl_result *r, const struct hl_row *row,
                        struct hl_row *out) {
    const struct hl_row_key *key = &row->key;
    bool simulated = row->status == HL_ROW_OK || row->status == HL_ROW_FEW_HITS;
    if (!simulated || key->entity >= v->full_count || key->year != r->whole || !needs_breach(key))
        return 0;
    size_t at = key->outer * v->full_count + key->entity;
    uint64_t breached = v->breached[at], hits = hits_of(row, r->trials);
    double p_breach = v->p_breach[at];
    if (isnan(p_breach) || breached < BREACHED_LEAST)
        return 0;
    assert(is_mean(key->metric) || hits <= breached);
    *out = is_mean(key->metric) ? mean_by_breach(*row, r->trials, breached, p_breach)
                                : probability_by_breach(*row, hits, breached, p_breach);
    double chance = p_breach * (double)r->trials / (double)breached; /* exact over simulated */
    return out->status == HL_ROW_FEW_HITS || out->error > 0 ? chance * chance * reduction_of(row, out) : 0;
}

/* ---- how many are short as the control --------------------------------------------------------------------------- */

/* E of how many exchanges are short in a trial, and bounds of it; false where one's is not exact. */
static bool expect_short(const struct hl_result *r, enum hl_basis basis, struct hl_row *sum) {
    *sum = (struct hl_row){.status = HL_ROW_EXACT};
    for (uint32_t e = 1; e < full_count_of(r); e++) {
        struct hl_row_key key = {
            .year = r->whole, .entity = e, .basis = basis, .perspective = HL_SHORTFALL, .metric = HL_P_POSITIVE};
        const struct hl_row *row = hl_result_find(r, key);
        if (row == NULL || row->status != HL_ROW_EXACT)
            return false;
        sum->value += row->value;
        sum->low += row->low;
        sum->high += row->high;
    }
    return true;
}

/* Of how many are short: the mean, the variance, and the covariance with there being at least so many. */
struct together {
    double p;
    double mean;
    double variance;
    double covariance;
};

static struct together together_of(const uint64_t *at_least, size_t full_count, size_t level, double n) {
    struct together t = {.p = (double)at_least[level] / n};
    double square = 0, product = 0;
    for (size_t k = 1; k < full_count; k++) { /* at_least[full_count] is 0 */
        double part = (double)(at_least[k] - at_least[k + 1]) / n, number = (double)k;
        t.mean += number * part;
        square += number * number * part;
        product += k >= level ? number * part : 0;
    }
    t.variance = square - t.mean * t.mean;
    t.covariance = product - t.p * t.mean;
    return t;
}

/* Whether *out is the row, P(at least so many are short), by how many are. Where few trials have one short, or several,
 * the residuals are too few to tell an error. */
static bool by_number(const struct hl_variates *v, const struct hl_result *r, const struct hl_row *row,
                      struct hl_row *out) {
    const struct hl_row_key *key = &row->key;
    bool any = key->metric == HL_P_POSITIVE, several = key->metric == HL_P_AT_LEAST;
    struct hl_row exact;
    if (key->entity != 0 || key->outer != 0 || key->policy != 0 || key->year != r->whole ||
        key->perspective != HL_SHORTFALL || !(any || several) || row->status != HL_ROW_OK || v->full_count < 3 ||
        !expect_short(r, key->basis, &exact))
        return false;
    const uint64_t *at_least = v->short_of + key->basis * (v->full_count + 1);
    size_t level = any ? 1 : (size_t)key->level;
    if (at_least[2] < HL_FEW_HITS || at_least[1] - at_least[2] < HL_FEW_HITS)
        return false;
    double n = (double)r->trials;
    struct together t = together_of(at_least, v->full_count, level, n);
    double beta = t.covariance / t.variance, bound = fabs(beta) * (exact.high - exact.low) / 2;
    *out = *row;
    out->value = fmin(fmax(t.p - beta * (t.mean - exact.value), 0), 1);
    out->error = sqrt(fmax(t.p * (1 - t.p) - beta * t.covariance, 0) / (n - 2));
    out->low = fmax(out->value - HL_Z * out->error - bound, 0);
    out->high = fmin(out->value + HL_Z * out->error + bound, 1);
    out->status = HL_ROW_CONTROLLED;
    return true;
}

/* ---- what is exact after all ------------------------------------------------------------------------------------- */

static void set_exact(struct hl_row *row, double value, double low, double high) {
    *row = (struct hl_row){row->key, value, 0, low, high, HL_ROW_EXACT};
}

/* P(breach) of the system and the exchanges: as it is in the row, or in closed form. Told apart, the system's is not:
 * now and then two exchanges' hits by one event come to lie in one trial. */
static void tell_breaches(struct hl_variates *v, struct hl_result *r, const struct hl_plan *p) {
    for (size_t i = 0; i < r->row_count; i++) {
        struct hl_row *row = &r->rows[i];
        const struct hl_row_key *key = &row->key;
        if (key->metric != HL_P_BREACH || key->entity >= v->full_count || key->year != r->whole)
            continue;
        double *b = &v->p_breach[key->outer * v->full_count + key->entity];
        bool system = key->entity == 0, apart = p->samplings[key->outer].kind == HL_VENDORS_APART;
        *b = row->status == HL_ROW_EXACT ? row->value
             : system && apart           ? NAN
                                         : hl_plan_p_breach(p, key->outer, HL_NONE, system ? HL_NONE : key->entity - 1);
        if (row->status != HL_ROW_EXACT && !isnan(*b))
            set_exact(row, *b, *b, *b);
    }
}

/* A mean of the system that adds up from its exchanges' exact ones. */
static void add_up(struct hl_result *r, struct hl_row *row) {
    struct hl_row sum = {0};
    for (uint32_t e = 1; e < full_count_of(r); e++) {
        struct hl_row_key key = row->key;
        key.entity = e;
        const struct hl_row *one = hl_result_find(r, key);
        if (one == NULL || one->status != HL_ROW_EXACT)
            return;
        sum.value += one->value;
        sum.low += one->low;
        sum.high += one->high;
    }
    set_exact(row, sum.value, sum.low, sum.high);
}

/* ---- all rows ---------------------------------------------------------------------------------------------------- */

enum hl_status hl_variates_apply(struct hl_variates *v, struct hl_result *r, const struct hl_plan *p,
                                 struct hl_error *err) {
    r->reductions = hl_arena_array(&r->arena, r->row_count, sizeof *r->reductions);
    if (r->reductions == NULL)
        return hl_fail_memory(err);
    tell_breaches(v, r, p);
    for (size_t i = 0; i < r->row_count; i++) {
        struct hl_row *row = &r->rows[i], breach, number;
        bool gap = row->key.perspective == HL_SHORTFALL || row->key.perspective == HL_HAIRCUT;
        if (row->key.metric == HL_MEAN && gap && row->key.entity == 0 && row->status != HL_ROW_EXACT)
            add_up(r, row);
        double by[] = {by_breach(v, r, row, &breach), by_number(v, r, row, &number) ? reduction_of(row, &number) : 0};
        double best = fmax(by[0], by[1]);
        if (!(best >= HL_VARIATES_LEAST))
            continue;
        *row = by[0] == best ? breach : number;
        r->reductions[i] = best;
    }
    return HL_OK;
}
