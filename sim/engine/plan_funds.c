#include "engine/plan_funds.h"

#include "base/draw.h"

#include <assert.h>
#include <math.h>

/* The figure of the profile that an amount is a share of; customers' coins are added up from the holdings. */
static double figure_of(const struct hl_scenario *s, enum hl_base base, size_t exchange) {
    double crypto[HL_TIER_COUNT] = {0};
    for (size_t i = 0; i < s->holding_count; i++)
        if (s->holdings[i].exchange == exchange && s->holdings[i].owner == HL_OWNER_CUSTOMERS)
            crypto[s->holdings[i].tier] += s->holdings[i].value;
    return hl_figure_of(&s->exchanges[exchange], base, crypto);
}

double hl_amount_of(const struct hl_scenario *s, const struct hl_amount *amount, size_t exchange, uint16_t year) {
    double value = amount->value;
    if (amount->base != HL_BASE_FIXED)
        value *= figure_of(s, amount->base, exchange) * hl_grown(s, exchange, year);
    assert(!isnan(value)); /* the loader refuses a base that is not given */
    return nearbyint(fmin(fmax(value, amount->floor), amount->cap));
}

bool hl_fund_stands_at(const struct hl_fund *f, size_t exchange) {
    for (size_t i = 0; i < f->at_count; i++)
        if (f->at[i] == exchange)
            return true;
    return false;
}

static enum hl_status make_fund(struct hl_plan *p, struct hl_plan_fund *out, size_t item, size_t exchange,
                                struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    const struct hl_fund *f = &s->funds[item];
    uint64_t stream = hl_stream_with_name(hl_stream_with_name(hl_stream("fund"), s->exchanges[exchange].id), f->name);
    double *levels = NULL;
    if (hl_fund_kinds[f->kind].stock) {
        levels = hl_arena_array(&p->arena, p->year_count, sizeof *levels);
        if (levels == NULL)
            return hl_fail_memory(err);
        for (uint16_t year = 1; year <= p->year_count; year++)
            levels[year - 1] = hl_amount_of(s, &f->amount, exchange, year);
    }
    *out = (struct hl_plan_fund){
        .kind = f->kind,
        .item = item,
        .earmarked = hl_fund_kinds[f->kind].earmarked,
        .levels = levels,
        .start = f->start,
        .refill_per_year = f->refill_per_year,
        .after_days = (int)f->after_days,
        .probability = f->probability,
        .stream = stream,
        .recovered_share = f->recovered_share,
        .held_in = f->held_in,
        .layer = f->kind == HL_FUND_insurance ? &f->layer : NULL,
    };
    return HL_OK;
}

/* The waterfall of one exchange. One row more than the scenario states holds the additional reserve that is asked
 * about, empty otherwise: in front of the reserve or, where there is none, behind the last earmarked source. *row_count
 * gets the number of rows. */
static enum hl_status make_waterfall(struct hl_plan *p, struct hl_plan_fund *rows, size_t exchange, bool insured,
                                     size_t *row_count, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    size_t count = 0, place = 0;
    bool has_reserve = false;
    for (size_t i = 0; i < s->fund_count; i++) {
        if (!hl_fund_stands_at(&s->funds[i], exchange) || (!insured && s->funds[i].kind == HL_FUND_insurance))
            continue;
        if (make_fund(p, &rows[count], i, exchange, err) != HL_OK)
            return HL_FAILED;
        if (rows[count].kind == HL_FUND_reserve) {
            has_reserve = true;
            place = count;
        } else if (rows[count].earmarked && !has_reserve) {
            place = count + 1;
        }
        count++;
    }
    for (size_t i = count; i > place; i--)
        rows[i] = rows[i - 1];
    rows[place] = (struct hl_plan_fund){
        .kind = HL_FUND_reserve, .item = HL_NONE, .earmarked = true, .probability = 1, .held_in = HL_NONE};
    *row_count = count + 1;
    return HL_OK;
}

enum hl_status hl_plan_make_policies(struct hl_plan *p, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    bool insured = false;
    for (size_t i = 0; i < s->fund_count; i++)
        insured = insured || s->funds[i].kind == HL_FUND_insurance;
    p->policy_count = insured ? 2 : 1;
    p->policies = hl_arena_array(&p->arena, p->policy_count, sizeof *p->policies);
    if (p->policies == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < p->policy_count; i++) {
        struct hl_policy *policy = &p->policies[i];
        policy->name = i == 0 ? "as_stated" : "no_insurance";
        policy->funds = hl_arena_array(&p->arena, s->exchange_count * (s->fund_count + 1), sizeof *policy->funds);
        policy->first = hl_arena_array(&p->arena, s->exchange_count + 1, sizeof *policy->first);
        if (policy->funds == NULL || policy->first == NULL)
            return hl_fail_memory(err);
        for (size_t e = 0; e < s->exchange_count; e++) {
            size_t rows = 0;
            if (make_waterfall(p, policy->funds + policy->first[e], e, i == 0, &rows, err) != HL_OK)
                return HL_FAILED;
            policy->first[e + 1] = policy->first[e] + rows;
            p->funds_most = rows > p->funds_most ? rows : p->funds_most;
        }
    }
    return HL_OK;
}
