#include "engine/plain.h"

#include "base/money.h"
#include "engine/contracts.h"
#include "engine/quiet.h"

#include <math.h>
#include <string.h>

/* --- which waterfalls are plain ------------------------------------------------------------------------------------
 */

/* A layer whose payment for a claim depends on the claims before it and on nothing else. */
static bool is_plain_layer(const struct hl_plan_fund *f) {
    const struct hl_contract *contract = &f->terms->contract;
    bool charges = contract->premium == HL_PREMIUM_GIVEN && f->layer->reinstatement_price_count > 0;
    return f->probability >= 1 && f->fails.rate_per_year <= 0 && contract->denied.probability <= 0 && !charges;
}

static bool is_plain_row(const struct hl_plan_fund *f) {
    return f->item == HL_NONE || (f->kind == HL_FUND_insurance ? is_plain_layer(f) : hl_is_sure_money(f));
}

/* Coins of the firm itself that are stolen come off its capital. */
static bool has_coins_of_its_own(const struct hl_plan *p, size_t exchange) {
    for (size_t c = 0; c < p->cell_count; c++)
        if (p->cells[c].exchange == exchange && p->cells[c].owner == HL_OWNER_HOUSE && p->cells[c].value > 0)
            return true;
    return false;
}

bool hl_plain_is(const struct hl_plan *p, const struct hl_policy *policy, size_t exchange) {
    int wait = hl_quiet_wait(p->scenario), days = -1;
    bool plain = wait >= 0 && !has_coins_of_its_own(p, exchange) && p->prices == NULL && p->year_count == 1 &&
                 p->pool_count == 0 && !p->tells_end;
    for (size_t i = policy->first[exchange]; i < policy->first[exchange + 1] && plain; i++) {
        const struct hl_plan_fund *f = &policy->funds[i];
        int due = f->after_days > wait ? f->after_days : wait;
        plain = is_plain_row(f) && (days < 0 || due == days);
        days = due;
    }
    return plain && days <= p->checks[p->deadline_check];
}

/* --- what comes of a case ------------------------------------------------------------------------------------------
 */

static void begin(struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    for (size_t i = 0; i < c->fund_count; i++) {
        const struct hl_plan_fund *f = &c->funds[i];
        bool counts = c->basis == HL_BASIS_ALL || f->earmarked;
        w->answers[i] = counts;
        w->left[i] = f->item == HL_NONE ? c->extra_reserve : f->levels != NULL ? nearbyint(f->start * f->levels[0]) : 0;
        if (f->layer != NULL) {
            w->terms[i] = hl_contract_layer(c, i);
            w->layers[i] = (struct hl_layer_state){0};
        }
        w->attached[i] = false;
        w->exhausted[i] = false;
        w->reinstated[i] = 0;
        w->paid_sum[i] = 0;
    }
    memset(w->unpaid_at, 0, c->plan->check_count * sizeof *w->unpaid_at);
    w->out = (struct hl_outcome){.open_count = c->claim_count,
                                 .of = w->of,
                                 .paid = w->paid_sum,
                                 .unpaid_at = w->unpaid_at,
                                 .attached = w->attached,
                                 .exhausted = w->exhausted,
                                 .reinstated = w->reinstated};
}

/* What row i has for claim k, of which `unpaid` is unpaid; pays it. */
static double pay(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t k, double unpaid) {
    bool layer = c->funds[i].layer != NULL;
    double has = layer ? hl_contract_ceded(w, c, c->claims[k].day, i, k) : w->left[i];
    double amount = hl_least(has, unpaid);
    if (amount <= 0)
        return 0;
    w->paid[k * w->funds_most + i] += amount;
    w->paid_sum[i] += amount;
    if (layer)
        hl_contract_book(w, c, c->claims[k].day, i, k, amount);
    else
        w->left[i] -= amount;
    return amount;
}

/* Claims [from, end) of one day, of which each row pays all before the next row's turn comes. */
static void pay_day(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t from, size_t end) {
    for (size_t k = from; k < end; k++) {
        w->received[k] = c->claims[k].claim; /* while it is played: what is unpaid */
        memset(w->paid + k * w->funds_most, 0, c->fund_count * sizeof *w->paid);
    }
    for (size_t i = 0; i < c->fund_count; i++)
        for (size_t k = from; k < end && w->answers[i]; k++)
            w->received[k] -= pay(w, c, i, k, w->received[k]);
}

static void look(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t k, int days) {
    const struct hl_plan *p = c->plan;
    struct hl_outcome *out = &w->out;
    double unpaid = w->received[k], claim = c->claims[k].claim;
    w->of[k] = (struct hl_claim_outcome){claim, unpaid, unpaid};
    out->claim += claim;
    out->shortfall += unpaid;
    out->haircut += unpaid;
    out->shortfall_largest = hl_most(out->shortfall_largest, unpaid);
    out->insolvent = out->insolvent || unpaid > 0;
    for (size_t i = 0; i < p->check_count; i++)
        w->unpaid_at[i] = w->unpaid_at[i] || unpaid > 0 || (claim > 0 && p->checks[i] < days);
    if (unpaid > 0)
        out->days_until_whole = HL_NEVER;
    else if (claim > 0)
        out->days_until_whole = hl_most(out->days_until_whole, days);
}

struct hl_outcome hl_plain_solve(struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    begin(w, c);
    for (size_t k = 0, end; k < c->claim_count; k = end) {
        for (end = k + 1; end < c->claim_count && c->claims[end].day == c->claims[k].day;)
            end++;
        pay_day(w, c, k, end);
    }
    int days = 0;
    for (size_t i = 0; i < c->fund_count; i++)
        if (w->answers[i])
            days = hl_due_day(w, c, i, 0) - c->claims[0].day;
    for (size_t k = 0; k < c->claim_count; k++)
        look(w, c, k, days);
    for (size_t i = 0; i < c->fund_count && !c->only_shortfall; i++) {
        if (c->funds[i].layer == NULL)
            continue;
        if (isfinite(hl_layer_year_limit(&w->terms[i])))
            w->exhausted[i] = hl_contract_used_up(w, c, i, c->claim_count);
        w->reinstated[i] = hl_contract_reinstated(w, c, i, c->claim_count);
    }
    return w->out;
}
