#include "engine/years.h"

#include "base/money.h"
#include "engine/months.h"

#include <math.h>

static bool is_one_case(const struct hl_plan *p, const struct hl_claim *a, const struct hl_claim *b) {
    return a->exchange == b->exchange && (!p->scenario->fresh || hl_claim_year(p, a) == hl_claim_year(p, b));
}

struct hl_waterfall_case hl_years_case(const struct hl_plan *p, const struct hl_policy *policy,
                                       struct hl_claims *claims, size_t first, uint32_t block, uint32_t trial) {
    uint32_t exchange = claims->claims[first].exchange;
    size_t end = first + 1;
    while (end < claims->count && is_one_case(p, &claims->claims[first], &claims->claims[end]))
        end++;
    return (struct hl_waterfall_case){.plan = p,
                                      .funds = policy->funds + policy->first[exchange],
                                      .fund_count = policy->first[exchange + 1] - policy->first[exchange],
                                      .claims = claims->claims + first,
                                      .claim_count = end - first,
                                      .policy = policy,
                                      .trial_claims = claims,
                                      .prices = &claims->prices,
                                      .block = block,
                                      .trial = trial,
                                      .basis = HL_BASIS_ALL,
                                      .layer_limit = -1};
}

void hl_years_close(struct hl_claims *claims, const struct hl_plan *p, size_t first, size_t end) {
    for (size_t k = first; k < end; k++) {
        struct hl_claim *claim = &claims->claims[k];
        struct hl_event *event = &claims->events[claim->event];
        claim->closed = true;
        event->gross -= claim->gross;
        event->exchanges--;
        event->closed = p->sources[claim->source].vendor == HL_NONE;
    }
}

/* What a fund holds when it is full, in a policy year. */
static double full_level(const struct hl_plan_fund *f, uint16_t year) {
    return f->levels == NULL ? 0 : f->levels[year - 1];
}

double hl_years_guarantee(const struct hl_waterfall_case *c, size_t asset, uint16_t year) {
    const struct hl_plan *p = c->plan;
    size_t exchange = c->claims[0].exchange;
    return nearbyint(p->guarantee[exchange * p->scenario->asset_count + asset] * hl_grown(p->scenario, exchange, year));
}

double hl_years_refill_of(double share, double level, double left) {
    return hl_most(hl_least(nearbyint(share * level), level - left), 0);
}

/* The stocks on the first day of a history that begins with this year. */
static void fill(struct hl_waterfall *w, const struct hl_waterfall_case *c, uint16_t year) {
    for (size_t i = 0; i < c->fund_count; i++) {
        const struct hl_plan_fund *f = &c->funds[i];
        w->left[i] = f->item == HL_NONE ? c->extra_reserve : nearbyint(f->start * full_level(f, year));
    }
    for (size_t a = 0; a < w->assets; a++)
        w->guarantee[a] = hl_years_guarantee(c, a, year);
}

void hl_years_begin(struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    uint16_t first = hl_years_first(c), year = hl_years_carried(c->plan) ? 1 : first;
    int from = c->from_day_0 ? 0 : c->claims[0].day;
    fill(w, c, year);
    for (w->month = hl_months_first(c); year < first || w->month < from;) {
        if (year < first && hl_year_day(c->plan, (uint16_t)(year + 1)) <= w->month) {
            hl_years_refill(w, c, ++year);
        } else {
            hl_months_play(w, c, w->month);
            w->month += HL_MONTH_DAYS;
        }
    }
}

bool hl_years_failed(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t opened, uint16_t year) {
    for (size_t k = 0; k < opened; k++)
        if (w->rescued[k] || (hl_is_unpaid(w, c, k) && hl_insolvency_day(w, c, k) < hl_year_day(c->plan, year)))
            return true;
    return false;
}

bool hl_years_may_repay(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t row, size_t claim,
                        int day) {
    const struct hl_plan_fund *f = &c->funds[row];
    bool by_event = f->kind == HL_FUND_recovery || f->kind == HL_FUND_insurance || f->kind == HL_FUND_deposit_insurance;
    int due = hl_due_day(w, c, row, claim);
    return by_event || !hl_years_carried(c->plan) || hl_year_of(c->plan, due) == hl_year_of(c->plan, day);
}

void hl_years_refill(struct hl_waterfall *w, const struct hl_waterfall_case *c, uint16_t year) {
    for (size_t i = 0; i < c->fund_count; i++) {
        const struct hl_plan_fund *f = &c->funds[i];
        if (f->kind == HL_FUND_guarantee_crypto) {
            for (size_t a = 0; a < w->assets; a++)
                w->guarantee[a] +=
                    hl_years_refill_of(f->refill_per_year, hl_years_guarantee(c, a, year), w->guarantee[a]);
        } else if (f->levels != NULL) {
            w->left[i] += hl_years_refill_of(f->refill_per_year, full_level(f, year), w->left[i]);
        }
    }
}
