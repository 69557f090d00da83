#include "engine/questions.h"

#include "stats/interval.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void ask_levels(struct hl_questions *q, enum hl_metric metric, enum hl_metric tail, const double *levels,
                       size_t count, bool periods, uint64_t n) {
    for (size_t i = 0; i < count; i++) {
        assert(q->count < HL_QUESTIONS_MOST);
        q->items[q->count++] =
            (struct hl_question){metric, tail, levels[i], periods ? 1 - 1 / levels[i] : levels[i], n};
    }
}

uint64_t hl_breaches_of(const struct hl_tally *t, const struct hl_slot *slot) {
    const struct hl_plan *p = t->layout->plan;
    size_t first = 0; /* the sampling's first run has the counts */
    while (p->runs[first].sampling != p->runs[slot->run].sampling)
        first++;
    return t->breaches[first * t->layout->entity_count + slot->entity];
}

void hl_questions_ask(struct hl_questions *q, const struct hl_tally *t, const struct hl_slot *slot, uint64_t n) {
    const struct hl_report *r = &t->layout->plan->scenario->report;
    enum hl_perspective what = slot->perspective;
    bool part = slot->entity >= t->layout->full_count;
    bool policy_year = slot->year > 0 || t->layout->plan->year_count == 1;
    q->count = 0;
    if (slot->largest && !policy_year)
        return;
    if (slot->largest) {
        ask_levels(q, HL_OEP, HL_OEP_TVAR, r->return_periods, r->return_period_count, true, n);
        return;
    }
    if (slot->run > 0 && what != HL_RESERVE_NEEDED) {
        if (slot->entity == 0 && hl_run_tells_together(t->layout->plan, slot->run))
            ask_levels(q, HL_VAR, HL_TVAR, r->confidence, r->confidence_count, false, n);
        return;
    }
    bool yearly =
        what == HL_GROSS || (what == HL_SHORTFALL && !part) || what == HL_JOINT_SHORTFALL || what == HL_HAIRCUT;
    if (yearly) {
        ask_levels(q, HL_VAR, HL_TVAR, r->confidence, r->confidence_count, false, n);
        if (policy_year)
            ask_levels(q, HL_AEP, HL_AEP_TVAR, r->return_periods, r->return_period_count, true, n);
    }
    if (slot->year > 0)
        return;
    if (what == HL_RESERVE_NEEDED || what == HL_INSURANCE_NEEDED || what == HL_WITHDRAWN || what == HL_BACKLOG ||
        what == HL_HAIRCUT_SHARE || what == HL_CALLED)
        ask_levels(q, HL_VAR, HL_METRIC_COUNT, r->confidence, r->confidence_count, false, n);
    if (slot->run == 0 && (what == HL_GROSS || what == HL_RESERVE_NEEDED || hl_is_days(what) || what == HL_WITHDRAWN ||
                           what == HL_BACKLOG))
        ask_levels(q, HL_VAR_GIVEN_BREACH, HL_METRIC_COUNT, r->given_breach, r->given_breach_count, false,
                   hl_breaches_of(t, slot));
}

static void want_rank(struct hl_tally *t, size_t slot, uint64_t n, uint64_t rank) {
    if (rank < 1 || rank > n)
        return;
    int rung = hl_ladder_find(&t->ladders[slot], n, rank);
    if (rung >= 0)
        t->picks[slot].wanted[rung] = true;
}

/* A round number of at least x: 1, 2, 2.5 or 5 times a power of ten. */
static double round_up(double x) {
    static const double steps[] = {1, 2, 2.5, 5, 10};
    double power = pow(10, floor(log10(x)));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] * power >= x)
            return steps[i] * power;
    return 10 * power;
}

/* The upper end of the highest rung in use; 0 when empty. */
static double top_of(const struct hl_ladder *l) {
    for (int i = HL_RUNGS - 1; i >= 0; i--)
        if (l->rungs[i].count > 0)
            return ldexp(1 + (double)((i & ((1 << HL_RUNG_BITS) - 1)) + 1) / (1 << HL_RUNG_BITS), i >> HL_RUNG_BITS);
    return 0;
}

static enum hl_status lay_curves(struct hl_tally *t, size_t entity, struct hl_error *err) {
    const struct hl_layout *l = t->layout;
    uint32_t slots[HL_BASIS_COUNT];
    double top = 0;
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++) {
        slots[basis] = hl_slot_of(l, 0, basis, HL_RESERVE_NEEDED, false, entity);
        top = fmax(top, top_of(&t->ladders[slots[basis]]));
    }
    double quantum = l->plan->scenario->quantum;
    double step = top > 0 ? fmax(nearbyint(round_up(top * quantum / (HL_CURVE_POINTS - 1)) / quantum), 1) : 0;
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT && step > 0; basis++) {
        struct hl_curve *curve = calloc(1, sizeof *curve);
        if (curve == NULL)
            return hl_fail_memory(err);
        for (size_t i = 0; i < HL_CURVE_POINTS; i++)
            curve->at[i] = (double)i * step;
        curve->shift = ilogb(top) > 30 ? ilogb(top) - 30 : 0;
        t->curves[slots[basis]] = curve;
    }
    return HL_OK;
}

enum hl_status hl_questions_mark(struct hl_tally *total, uint64_t trials, struct hl_error *err) {
    const struct hl_layout *l = total->layout;
    for (size_t i = 0; i < l->slot_count; i++) {
        struct hl_questions q;
        hl_questions_ask(&q, total, &l->slots[i], trials);
        for (size_t k = 0; k < q.count && q.items[k].n > 0; k++) {
            struct hl_ranks ranks = hl_quantile_ranks(q.items[k].n, q.items[k].p);
            want_rank(total, i, q.items[k].n, ranks.low);
            want_rank(total, i, q.items[k].n, ranks.point);
            want_rank(total, i, q.items[k].n, ranks.high);
        }
    }
    enum hl_status status = HL_OK;
    for (size_t e = 0; e < l->full_count && status == HL_OK; e++)
        status = lay_curves(total, e, err);
    return status;
}

enum hl_status hl_questions_share(struct hl_tally *worker, const struct hl_tally *total, struct hl_error *err) {
    worker->second = true;
    for (size_t i = 0; i < total->layout->slot_count; i++) {
        memcpy(worker->picks[i].wanted, total->picks[i].wanted, sizeof total->picks[i].wanted);
        if (total->curves[i] == NULL)
            continue;
        worker->curves[i] = malloc(sizeof *worker->curves[i]);
        if (worker->curves[i] == NULL)
            return hl_fail_memory(err);
        *worker->curves[i] = *total->curves[i];
    }
    return HL_OK;
}
