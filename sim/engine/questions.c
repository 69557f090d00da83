#include "engine/questions.h"

#include "engine/plan_funds.h"

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

/* Is what the slot's fund leaves the loss net of insurance: is it the last insurance that stands there? */
static bool is_net(const struct hl_scenario *s, const struct hl_slot *slot) {
    size_t last = HL_NONE;
    if (slot->perspective != HL_LEFT_AFTER)
        return false;
    for (size_t f = 0; f < s->fund_count; f++)
        if (s->funds[f].kind == HL_FUND_insurance &&
            (slot->entity == 0 || hl_fund_stands_at(&s->funds[f], slot->entity - 1)))
            last = f;
    return slot->item == last;
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
    if (is_net(t->layout->plan->scenario, slot))
        ask_levels(q, HL_VAR, HL_TVAR, r->confidence, r->confidence_count, false, n);
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

/* A round number of at least x > 0: 1, 2, 2.5 or 5 times a power of ten. */
static double round_up(double x) {
    static const double steps[] = {1, 2, 2.5, 5, 10};
    double power = pow(10, floor(log10(x)));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i] * power >= x)
            return steps[i] * power;
    return 10 * power;
}

/* --- curves --- */

static bool has_curve(const struct hl_slot *slot) {
    return slot->run == 0 && slot->year == 0 && slot->perspective == HL_RESERVE_NEEDED;
}

/* The highest rung in use on any basis, so that all of them have the same step; -1 = none. */
static int top_rung(const struct hl_tally *t, const struct hl_slot *slot) {
    int top = -1;
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++) {
        uint32_t i = hl_slot_of(t->layout, 0, basis, HL_RESERVE_NEEDED, false, slot->entity);
        int own = hl_ladder_top(hl_ladder_of(t, i));
        top = own > top ? own : top;
    }
    return top;
}

/* The step, in quanta, where all values are below `end` > 0. */
static double step_up_to(const struct hl_layout *l, double end) {
    double quantum = l->plan->scenario->quantum;
    return fmax(nearbyint(round_up(end * quantum / (HL_CURVE_POINTS - 1)) / quantum), 1);
}

double hl_curve_step(const struct hl_tally *t, const struct hl_slot *slot) {
    int top = has_curve(slot) ? top_rung(t, slot) : -1;
    return top < 0 ? 0 : step_up_to(t->layout, hl_rung_low((unsigned)top + 1));
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The curve's amounts, whatever its step will be. More trials only raise the highest value; so every step that it may
 * come to gets its amounts up to the highest rung so far, and of the rungs above, where few values will come, all
 * values are kept. A dozen steps of 24 amounts at most: each is some 2 times the last, from a 24th of the highest value
 * to it.
 */
static bool lay_curve(struct hl_picks *p, struct hl_ladder *l, const struct hl_layout *layout, int top) {
    enum { STEPS_MOST = 12 };
    double at[STEPS_MOST * HL_CURVE_POINTS], end = hl_rung_low((unsigned)(top + 1)), step = 0;
    size_t count = 0;
    for (int i = top; i >= 0 && i < HL_RUNGS && step < end; i++) {
        double next = step_up_to(layout, hl_rung_low((unsigned)i + 1));
        if (next == step)
            continue;
        step = next;
        for (size_t k = 1; k < HL_CURVE_POINTS && (double)k * step < end; k++) {
            assert(count < sizeof at / sizeof *at);
            at[count++] = (double)k * step;
        }
    }
    qsort(at, count, sizeof *at, ascending);
    bool laid = true;
    for (size_t i = 0; i < count && laid; i++)
        if (i == 0 || at[i] > at[i - 1])
            laid = hl_picks_lay_split(p, l, at[i]);
    if (laid && top < HL_RUNGS - 1)
        laid = hl_picks_lay_window(p, l, (unsigned)(top + 1), HL_RUNGS - 1, 0, false);
    return laid;
}

/* --- order statistics --- */

/* The rungs in which the ranks of one question will lie; false when its values are sure to be 0. */
static bool rungs_of(const struct hl_ladder *l, const struct hl_pilot *pilot, const struct hl_question *q, int *low,
                     int *high) {
    bool all = pilot->trials == pilot->of;
    *low = 0;
    *high = HL_RUNGS - 1;
    if (q->n == 0)
        return !all;
    double n = (double)q->n, scale = all ? 1 : (double)pilot->of / (double)pilot->trials;
    uint64_t count = (uint64_t)nearbyint(n * scale);
    struct hl_ranks ranks = hl_known_ranks(pilot->known, count, q->p);
    double spare = all ? 0 : pilot->spare * sqrt(n * q->p * (1 - q->p)) + 2;
    /* how many of the pilot's values lie above that of the lowest rank, and of the highest */
    double most = (double)(count - (ranks.low > 1 ? ranks.low : 1)) / scale + spare;
    double least = ranks.high > count ? -spare : (double)(count - ranks.high) / scale - spare;
    uint64_t positive = hl_ladder_count(l);
    if (least >= (double)positive)
        return false;
    if (ceil(most) < (double)positive)
        *low = hl_ladder_find(l, q->n, q->n - (uint64_t)ceil(fmax(most, 0)));
    if (least >= 0)
        *high = hl_ladder_find(l, q->n, q->n - (uint64_t)floor(least));
    return *low <= *high;
}

/* Has a window for the same ranks been laid? */
static bool laid_before(const struct hl_picks *p, double quantile, bool given) {
    for (size_t i = 0; i < p->window_count; i++)
        if (p->windows[i].p == quantile && p->windows[i].given == given)
            return true;
    return false;
}

/* Lays in slot `i` what is asked of a slot that its ladder tells. */
static bool lay_slot(struct hl_tally *t, size_t i, const struct hl_slot *slot, const struct hl_pilot *pilot) {
    struct hl_questions q;
    bool laid = true;
    hl_questions_ask(&q, pilot->counts, slot, pilot->trials);
    for (size_t k = 0; k < q.count && laid; k++) {
        int low, high;
        bool given = q.items[k].metric == HL_VAR_GIVEN_BREACH;
        if (!laid_before(&t->picks[i], q.items[k].p, given) &&
            rungs_of(&pilot->counts->ladders[i], pilot, &q.items[k], &low, &high))
            laid =
                hl_picks_lay_window(&t->picks[i], &t->ladders[i], (unsigned)low, (unsigned)high, q.items[k].p, given);
    }
    return laid;
}

enum hl_status hl_questions_lay(struct hl_tally *t, size_t i, const struct hl_pilot *pilot, struct hl_error *err) {
    const struct hl_slot *slots = t->layout->slots;
    if (slots[i].told_by != i)
        return HL_OK;
    hl_picks_free(&t->picks[i], &t->ladders[i]);
    t->laid_anew = true;
    bool laid = lay_slot(t, i, &slots[i], pilot);
    for (uint32_t k = slots[i].next; k != 0 && laid; k = slots[k].next)
        laid = lay_slot(t, i, &slots[k], pilot);
    uint32_t curve = (uint32_t)i; /* the curves of slots that one ladder tells are the same */
    while (!has_curve(&slots[curve]) && slots[curve].next != 0)
        curve = slots[curve].next;
    if (laid && has_curve(&slots[curve]))
        laid = lay_curve(&t->picks[i], &t->ladders[i], t->layout, top_rung(pilot->counts, &slots[curve]));
    return laid ? HL_OK : hl_fail_memory(err);
}

/* Of n values a share f of all has been seen, and so the p-quantile of all lies within 5 standard errors of the seen
 * values' p-quantile: 5 sqrt(n p (1 - p)) sqrt(1 - f) of their ranks. Its interval, of 1.96 sqrt(N p (1 - p)) of all
 * ranks, is 1.96 sqrt(n p (1 - p)) sqrt(f) of theirs. */
static double ranks_to_spare(const struct hl_tally *t, double n, double p) {
    double f = t->of > t->trials ? (double)t->trials / (double)t->of : t->of > 0;
    return (5 * sqrt(1 - f) + 2 * sqrt(f)) * sqrt(n * p * (1 - p)) + 3;
}

void hl_questions_tighten_slot(struct hl_tally *t, size_t i) {
    for (size_t k = 0; k < t->picks[i].window_count; k++) {
        const struct hl_window *w = &t->picks[i].windows[k];
        if (w->p <= 0 || w->count < w->limit)
            continue;
        double n = (double)(w->given ? hl_breaches_of(t, &t->layout->slots[i]) : t->trials);
        double above = n * (1 - w->p), spare = ranks_to_spare(t, n, w->p);
        double bundled = (double)hl_tally_bundled_above(t, (uint32_t)i, hl_rung_of(w->high));
        hl_picks_tighten(&t->picks[i], &t->ladders[i], k, above - spare - bundled, above + spare - bundled);
    }
}

void hl_questions_tighten(struct hl_tally *t, uint32_t trials) {
    t->trials += t->second ? 0 : trials;
    if (!t->crowded)
        return;
    hl_tally_count_waiting(t);
    for (size_t i = 0; i < t->own_count && !t->second; i++)
        hl_questions_tighten_slot(t, i);
    if (t->trials >= 2 * t->marked_at) { /* what bundles take for marked and is not costs a look, and no more */
        t->laid_anew = true;
        t->marked_at = t->trials;
    }
    t->crowded = false;
}

void hl_questions_follow(struct hl_tally *t, const struct hl_tally *from) {
    for (size_t i = 0; i < t->own_count; i++)
        hl_picks_follow(&t->picks[i], &t->ladders[i], &from->picks[i]);
    t->laid_anew = true;
}

enum hl_status hl_questions_lay_alike(struct hl_tally *t, const struct hl_tally *from, struct hl_error *err) {
    t->laid_anew = true;
    for (size_t i = 0; i < t->own_count; i++) {
        hl_picks_free(&t->picks[i], &t->ladders[i]);
        if (!hl_picks_lay_alike(&t->picks[i], &t->ladders[i], &from->picks[i]))
            return hl_fail_memory(err);
    }
    return HL_OK;
}

/* Does slot `i` hold what is asked of a slot that its ladder tells? */
static bool holds(const struct hl_tally *t, size_t i, const struct hl_slot *slot, uint64_t trials,
                  const struct hl_heights *h, struct hl_known *known) {
    struct hl_questions q;
    double value;
    hl_questions_ask(&q, t, slot, trials);
    for (size_t k = 0; k < q.count; k++) {
        uint64_t n = q.items[k].n;
        struct hl_ranks ranks = n > 0 ? hl_known_ranks(known, n, q.items[k].p) : (struct hl_ranks){0};
        const uint64_t asked[] = {ranks.low, ranks.point, ranks.high};
        for (size_t r = 0; r < sizeof asked / sizeof *asked; r++)
            if (asked[r] >= 1 && asked[r] <= n && !hl_picks_value(&t->picks[i], h, n, asked[r], &value))
                return false;
    }
    return true;
}

bool hl_questions_held(const struct hl_tally *t, size_t i, uint64_t trials, struct hl_known *known) {
    const struct hl_slot *slots = t->layout->slots;
    struct hl_heights h;
    if (slots[i].told_by != i)
        return true;
    hl_ladder_heights(&h, &t->ladders[i]);
    bool held = holds(t, i, &slots[i], trials, &h, known);
    for (uint32_t k = slots[i].next; k != 0 && held; k = slots[k].next)
        held = holds(t, i, &slots[k], trials, &h, known);
    return held;
}
