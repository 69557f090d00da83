#include "engine/adequacy.h"

#include "base/money.h"
#include "engine/years.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* So many headrooms are kept at most. */
enum { HEADROOMS_MOST = 1 << 22 };

struct pass {
    const struct hl_plan *plan;
    const struct hl_adequacy_terms *terms;
    struct hl_adequacy *out;
    size_t exchange;
    double *asked;        /* [year_count] what must be held, in quanta */
    double *headrooms;    /* [month_count][trials] */
    struct hl_claim *own; /* [own_most] the exchange's claims of a trial, and one of nothing on the last day */
    size_t own_most;
    struct hl_events events;
    struct hl_claims claims;
    struct hl_waterfall waterfall;
};

/* One trial as it is played. */
struct watch {
    struct pass *pass;
    const struct hl_waterfall_case *c;
    bool below;
    int since; /* the day of the event that brought it below; -1 = none did */
};

static double held(const struct pass *p, const struct hl_waterfall_case *c, int day) {
    const struct hl_waterfall *w = &p->waterfall;
    double sum = 0;
    for (size_t i = 0; i < c->fund_count; i++) {
        const struct hl_plan_fund *f = &c->funds[i];
        bool money = f->kind == HL_FUND_reserve || f->kind == HL_FUND_protection_fund;
        if (money && (p->terms->counts >> f->kind & 1) != 0)
            sum +=
                f->held_in == HL_NONE ? w->left[i] : nearbyint(w->left[i] * hl_prices_at(c->prices, f->held_in, day));
    }
    for (size_t a = 0; a < w->assets && (p->terms->counts >> HL_FUND_guarantee_crypto & 1) != 0; a++)
        sum += nearbyint(w->guarantee[a] * hl_prices_at(c->prices, a, day));
    return sum;
}

/* Looks at a day, in which money was drawn or not. Returns the headroom. */
static double look(struct watch *w, int day, bool drawn) {
    struct pass *p = w->pass;
    double headroom = held(p, w->c, day) - p->asked[hl_year_of(p->plan, day) - 1];
    if (headroom < 0 && !w->below) {
        w->since = drawn ? day : -1;
        p->out->fallen += drawn;
    } else if (headroom >= 0 && w->below && w->since >= 0) {
        p->out->restored++;
        p->out->restored_days += day - w->since;
        p->out->longest_days = hl_most(p->out->longest_days, day - w->since);
        w->since = -1;
    }
    w->below = headroom < 0;
    return headroom;
}

/* Claims of the exchange in the trial that was played, and one of nothing after them, so that every trial has one. */
static size_t own_claims(struct pass *p) {
    size_t count = 0;
    for (size_t k = 0; k < p->claims.count; k++)
        if (p->claims.claims[k].exchange == p->exchange)
            p->own[count++] = p->claims.claims[k];
    int last = (int)(p->plan->year_count * p->plan->year_days);
    if (count > 0 && p->own[count - 1].day > last)
        last = p->own[count - 1].day;
    p->own[count++] = (struct hl_claim){.exchange = (uint32_t)p->exchange, .day = last, .theft_day = last};
    return count;
}

static void play_trial(struct pass *p, uint32_t block, uint32_t trial, uint64_t number) {
    const struct hl_policy *policy = &p->plan->policies[0];
    size_t claims = own_claims(p);
    const struct hl_waterfall_case c = {.plan = p->plan,
                                        .funds = policy->funds + policy->first[p->exchange],
                                        .fund_count = policy->first[p->exchange + 1] - policy->first[p->exchange],
                                        .claims = p->own,
                                        .claim_count = claims,
                                        .prices = &p->claims.prices,
                                        .block = block,
                                        .trial = trial,
                                        .basis = HL_BASIS_ALL,
                                        .layer_limit = -1,
                                        .from_day_0 = true};
    struct watch w = {.pass = p, .c = &c, .since = -1};
    hl_waterfall_begin(&p->waterfall, &c);
    w.below = held(p, &c, 0) < p->asked[0];
    for (size_t m = 0; m < p->out->month_count; m++) {
        int day = p->out->months[m].day;
        for (int next = hl_waterfall_next(&p->waterfall); next <= day; next = hl_waterfall_next(&p->waterfall)) {
            double before = held(p, &c, next);
            hl_waterfall_play(&p->waterfall, next);
            look(&w, next, held(p, &c, next) < before);
        }
        p->headrooms[m * p->out->trials + number] = look(&w, day, false);
    }
}

/* Room for a block that was sampled. */
static enum hl_status reserve(struct pass *p, struct hl_error *err) {
    size_t most = p->events.count + 1;
    enum hl_status status = hl_claims_reserve(&p->claims, p->plan, most, err);
    if (status == HL_OK)
        status = hl_waterfall_reserve(&p->waterfall, p->plan, most + 1, err);
    if (status != HL_OK || most < p->own_most)
        return status;
    struct hl_claim *own = realloc(p->own, 2 * (most + 1) * sizeof *own);
    if (own == NULL)
        return hl_fail_memory(err);
    p->own = own;
    p->own_most = 2 * (most + 1);
    return HL_OK;
}

static enum hl_status play(struct pass *p, struct hl_error *err) {
    enum hl_status status = HL_OK;
    for (uint64_t first = 0; first < p->out->trials && status == HL_OK; first += HL_BLOCK_TRIALS) {
        uint64_t left = p->out->trials - first;
        uint32_t trials = left < HL_BLOCK_TRIALS ? (uint32_t)left : HL_BLOCK_TRIALS;
        uint32_t block = (uint32_t)(first / HL_BLOCK_TRIALS);
        status = hl_events_sample(&p->events, p->plan, 0, block, trials, err);
        if (status == HL_OK)
            status = reserve(p, err);
        for (uint32_t t = 0; t < trials && status == HL_OK; t++) {
            uint32_t from = p->events.first[t];
            hl_claims_play(&p->claims, p->plan, block, p->events.hits + from, p->events.first[t + 1] - from);
            if (p->events.first[t + 1] == from) /* the prices of a trial without a theft, too */
                hl_prices_begin(&p->claims.prices, block, t);
            play_trial(p, block, t, first + t);
        }
    }
    return status;
}

static int compare_doubles(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void sum_up(struct pass *p) {
    struct hl_adequacy *out = p->out;
    for (size_t m = 0; m < out->month_count; m++) {
        struct hl_adequacy_month *month = &out->months[m];
        double *x = p->headrooms + m * out->trials, sum = 0;
        uint64_t below = 0;
        for (uint64_t t = 0; t < out->trials; t++) {
            sum += x[t];
            below += x[t] < 0;
        }
        qsort(x, out->trials, sizeof *x, compare_doubles);
        month->headroom = sum / (double)out->trials;
        month->held = month->headroom + month->required - month->credited;
        month->headroom_low = x[(uint64_t)ceil(0.05 * (double)out->trials) - 1];
        month->p_below = (double)below / (double)out->trials;
    }
    out->restored_days = out->restored > 0 ? out->restored_days / (double)out->restored : NAN;
}

/* The part of a rule's requirement that insurance stands in for, in quanta. */
static double credit(const struct pass *p, const struct hl_requirement *r) {
    double quantum = p->plan->scenario->quantum;
    return hl_money_quanta(hl_most(r->before_lieu, 0), quantum) - hl_money_quanta(hl_most(r->amount, 0), quantum);
}

/* That the reserve is full: its level, and what insurance stands in for where it goes by a rule. */
static void ask_reserve(const struct pass *p, uint16_t year, double *asked, double *credited) {
    const struct hl_policy *policy = &p->plan->policies[0];
    const struct hl_fund *seen = NULL;
    for (size_t i = policy->first[p->exchange]; i < policy->first[p->exchange + 1]; i++) {
        const struct hl_plan_fund *f = &policy->funds[i];
        if (f->kind != HL_FUND_reserve || f->levels == NULL || f->terms == NULL)
            continue;
        *asked += f->levels[year - 1];
        if (f->terms != seen && f->terms->amount.rule != NULL) {
            struct hl_requirement r =
                hl_rule_requirement_in(p->plan->scenario, f->terms->amount.rule, p->exchange, year);
            *credited += credit(p, &r);
        }
        seen = f->terms;
    }
}

/* What is asked in each policy year. */
static void ask(struct pass *p) {
    const struct hl_plan *plan = p->plan;
    for (uint16_t year = 1; year <= plan->year_count; year++) {
        double asked = 0, credited = 0;
        if (p->terms->use == NULL) {
            ask_reserve(p, year, &asked, &credited);
        } else {
            struct hl_requirement r = hl_rule_requirement_in(plan->scenario, p->terms->use, p->exchange, year);
            if (isnan(r.amount)) {
                p->out->missing = r.missing;
                return;
            }
            asked = hl_money_quanta(hl_most(r.amount, 0), plan->scenario->quantum);
            credited = credit(p, &r);
        }
        p->asked[year - 1] = asked;
        for (size_t m = 0; m < p->out->month_count; m++)
            if (hl_year_of(plan, p->out->months[m].day) == year) {
                p->out->months[m].required = asked + credited;
                p->out->months[m].credited = credited;
            }
    }
}

enum hl_status hl_adequacy_play(struct hl_adequacy *out, struct hl_arena *arena, const struct hl_plan *p,
                                const struct hl_adequacy_terms *terms, size_t exchange, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    struct pass pass = {.plan = p, .terms = terms, .out = out, .exchange = exchange};
    *out = (struct hl_adequacy){.month_count = (size_t)(s->horizon_days / HL_ADEQUACY_DAYS)};
    if (p->pool_count > 0 || (p->year_count > 1 && s->fresh)) {
        hl_error_add(err, s->path, 0, 0, p->pool_count > 0 ? "funds" : "state", NULL,
                     "adequacy is told of exchanges that are played alone, over years that are carried: without pools, "
                     "and not afresh");
        return HL_INVALID;
    }
    out->trials = s->trials < HL_ADEQUACY_TRIALS ? s->trials : HL_ADEQUACY_TRIALS;
    while (out->trials * out->month_count > HEADROOMS_MOST)
        out->trials /= 2;
    out->months = hl_arena_array(arena, out->month_count, sizeof *out->months);
    pass.asked = hl_arena_array(arena, p->year_count, sizeof *pass.asked);
    pass.headrooms = calloc(out->month_count * out->trials + 1, sizeof *pass.headrooms);
    if (out->months == NULL || pass.asked == NULL || pass.headrooms == NULL) {
        free(pass.headrooms);
        return hl_fail_memory(err);
    }
    for (size_t m = 0; m < out->month_count; m++)
        out->months[m].day = (int)(m + 1) * HL_ADEQUACY_DAYS;
    ask(&pass);
    enum hl_status status = out->missing == NULL ? play(&pass, err) : HL_OK;
    if (status == HL_OK && out->missing == NULL)
        sum_up(&pass);
    free(pass.headrooms);
    free(pass.own);
    hl_events_free(&pass.events);
    hl_claims_free(&pass.claims);
    hl_waterfall_free(&pass.waterfall);
    return status;
}
