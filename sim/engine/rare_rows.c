#include "engine/rare_rows.h"

#include "engine/rows.h"
#include "stats/interval.h"

#include <math.h>
#include <stdlib.h>

struct table {
    struct hl_result *out;
    const struct hl_rare_counts *counts;
    double quantum;
    size_t capacity; /* of the rows, made beforehand */
};

/* What a row is about. */
struct subject {
    uint32_t entity;
    enum hl_basis basis;
    enum hl_perspective perspective;
    const struct hl_weighted_sums *sums;
    const struct hl_weighted_list *list;
};

static void add(struct table *b, const struct subject *s, enum hl_metric metric, double level,
                struct hl_weighted_estimate e, double unit, enum hl_row_status status) {
    struct hl_row_key key = {.year = b->out->whole,
                             .entity = s->entity,
                             .basis = s->basis,
                             .perspective = s->perspective,
                             .metric = metric,
                             .level = level};
    if (b->out->rows != NULL && b->out->row_count < b->capacity)
        b->out->rows[b->out->row_count] =
            (struct hl_row){key, e.value * unit, e.error * unit, e.low * unit, e.high * unit, status};
    b->out->row_count++;
}

static enum hl_row_status few(const struct hl_weighted_estimate *e) {
    return e->hits < HL_FEW_HITS ? HL_ROW_FEW_HITS : HL_ROW_OK;
}

/* Does at least one in so many trials that all say something reach this value? */
static bool is_reached(const struct hl_weighted_list *l, double value) {
    return l->count >= HL_FEW_HITS && l->items[HL_FEW_HITS - 1].value >= value;
}

static void add_quantile(struct table *b, const struct subject *s, enum hl_metric metric, enum hl_metric tail,
                         double level, double p) {
    const struct hl_weighted_list *l = s->list;
    uint64_t n = b->counts->trials;
    struct hl_weighted_estimate q = hl_weighted_quantile(l, n, p);
    double x = q.value;
    enum hl_row_status status = HL_ROW_OK;
    if (q.high > 0 && !is_reached(l, q.high))
        status = q.hits == 0 && !is_reached(l, x) ? HL_ROW_BEYOND_SAMPLE : HL_ROW_OPEN_ABOVE;
    if (q.low >= HL_NEVER)
        q.low = NAN;
    if (q.high >= HL_NEVER)
        q.high = NAN;
    if (x >= HL_NEVER) {
        q.value = NAN;
        status = HL_ROW_NOT_ATTAINABLE;
    }
    add(b, s, metric, level, q, b->quantum, status);
    if (tail != HL_METRIC_COUNT)
        add(b, s, tail, level, hl_weighted_tail_mean(l, n, p, x), b->quantum, status);
}

static void add_quantiles(struct table *b, const struct subject *s, enum hl_metric tail) {
    const struct hl_report *r = &b->out->scenario->report;
    for (size_t i = 0; i < r->confidence_count; i++)
        add_quantile(b, s, HL_VAR, tail, r->confidence[i], r->confidence[i]);
    for (size_t i = 0; i < r->return_period_count && tail == HL_TVAR && b->out->year_count == 1; i++)
        add_quantile(b, s, HL_AEP, HL_AEP_TVAR, r->return_periods[i], 1 - 1 / r->return_periods[i]);
}

static void add_mean(struct table *b, const struct subject *s) {
    struct hl_weighted_estimate e = hl_weighted_mean(s->sums, b->counts->trials);
    add(b, s, HL_MEAN, 0, e, b->quantum, few(&e));
}

static void add_shortfall(struct table *b, const struct subject *s) {
    struct hl_weighted_estimate p = hl_weighted_probability(s->sums, b->counts->trials, b->counts->plain);
    add(b, s, HL_P_POSITIVE, 0, p, 1, few(&p));
    add_mean(b, s);
    struct hl_weighted_estimate r = hl_weighted_ratio(s->sums);
    add(b, s, HL_MEAN_IF_POSITIVE, 0, r, b->quantum, r.hits == 0 ? HL_ROW_NO_EVENTS : few(&r));
    add_quantiles(b, s, HL_TVAR);
}

enum { CURVE_STEPS = 24 };

/* A round number of at least x > 0: 1, 2, 2.5 or 5 times a power of ten. */
static double round_up(double x) {
    static const double steps[] = {1, 2, 2.5, 5, 10};
    double power = pow(10, floor(log10(x)));
    size_t i = 0;
    while (steps[i] * power < x && i + 1 < sizeof steps / sizeof *steps)
        i++;
    return steps[i] * power;
}

/* P(shortfall) and its mean with more and more reserve, from none to what leaves all but a thousandth of the weight of
 * the trials that fall short whole. */
static void add_curve(struct table *b, const struct subject *s) {
    double weight = 0, top = 0;
    for (size_t i = 0; i < s->list->count && weight <= 0.001 * s->sums->weight; i++) {
        weight += s->list->items[i].weight;
        top = s->list->items[i].value >= HL_NEVER ? 0 : s->list->items[i].value;
    }
    double step = top > 0 ? fmax(nearbyint(round_up(top * b->quantum / CURVE_STEPS) / b->quantum), 1) : 0;
    for (int i = 0; i <= CURVE_STEPS && step > 0; i++) {
        uint64_t n = b->counts->trials;
        struct hl_weighted_estimate p = hl_weighted_above(s->list, n, b->counts->plain, i * step);
        struct hl_weighted_estimate m = hl_weighted_excess(s->list, n, i * step);
        add(b, s, HL_P_ABOVE, i * step * b->quantum, p, 1, few(&p));
        if (s->list->items[0].value < HL_NEVER)
            add(b, s, HL_MEAN_ABOVE, i * step * b->quantum, m, b->quantum, few(&m));
    }
}

static void add_entity(struct table *b, uint32_t entity) {
    for (size_t what = 0; what < HL_RARE_WHATS; what++) {
        size_t i = b->counts->same[hl_rare_quantity(entity, what)];
        struct subject s = {entity, HL_BASIS_ALL, HL_GROSS, &b->counts->sums[i], &b->counts->lists[i]};
        if (what >= HL_RARE_NEED) {
            s.basis = (enum hl_basis)(what - HL_RARE_NEED);
            s.perspective = HL_RESERVE_NEEDED;
            add_quantiles(b, &s, HL_METRIC_COUNT);
            add_curve(b, &s);
        } else if (what >= HL_RARE_SHORTFALL) {
            s.basis = (enum hl_basis)(what - HL_RARE_SHORTFALL);
            s.perspective = HL_SHORTFALL;
            add_shortfall(b, &s);
        } else {
            add_mean(b, &s);
            add_quantiles(b, &s, HL_TVAR);
        }
    }
}

enum hl_status hl_rare_rows_make(struct hl_result *out, const struct hl_rare_counts *counts, struct hl_error *err) {
    const struct hl_plan *p = counts->layout->plan;
    *out = (struct hl_result){.scenario = p->scenario, .trials = counts->trials, .seed = p->seed};
    enum hl_status status = hl_rows_name(out, counts->layout, err);
    if (status != HL_OK)
        return status;
    struct table b = {out, counts, p->scenario->quantum, 0};
    for (int pass = 0; pass < 2; pass++) { /* the first one counts the rows */
        b.capacity = out->row_count;
        out->row_count = 0;
        out->rows = pass == 0 ? NULL : hl_arena_array(&out->arena, b.capacity, sizeof *out->rows);
        if (pass > 0 && out->rows == NULL)
            return hl_fail_memory(err);
        for (uint32_t e = 0; e < counts->layout->full_count; e++)
            add_entity(&b, e);
    }
    qsort(out->rows, out->row_count, sizeof *out->rows, hl_row_compare);
    return HL_OK;
}
