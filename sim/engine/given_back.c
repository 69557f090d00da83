#include "engine/given_back.h"

#include "base/money.h"
#include "engine/contracts.h"
#include "engine/insolvency.h"
#include "engine/payments.h"
#include "engine/years.h"

#include <math.h>
#include <string.h>

/* Is there a row of guarantee crypto that pays on the day of every discovery? */
static bool is_prompt(const struct hl_plan_fund *funds, size_t count, enum hl_basis basis) {
    for (size_t i = 0; i < count; i++) {
        const struct hl_plan_fund *f = &funds[i];
        if (f->kind == HL_FUND_guarantee_crypto && (basis == HL_BASIS_ALL || f->earmarked) && f->after_days == 0 &&
            !f->after_failure && f->probability >= 1 && f->fails.rate_per_year <= 0)
            return true;
    }
    return false;
}

bool hl_is_given_back(const struct hl_waterfall_case *c) {
    if (c->plan->year_count > 1 || !is_prompt(c->funds, c->fund_count, c->basis))
        return false;
    for (size_t k = 0; k < c->claim_count; k++) {
        if (c->claims[k].coins_after > 0)
            return false;
        for (uint32_t j = 0; j < c->claims[k].taken_count; j++) {
            const struct hl_taken *t = &c->claims[k].taken[j];
            double gone = 0; /* of this coin's guarantee, at all thefts */
            for (size_t other = 0; other < c->claim_count; other++)
                for (uint32_t i = 0; i < c->claims[other].taken_count; i++)
                    if (c->claims[other].taken[i].asset == t->asset)
                        gone += c->claims[other].taken[i].guarantee + c->claims[other].taken[i].in_kind;
            if (t->money > 0 || (t->in_kind > 0 && gone > hl_years_guarantee(c, t->asset, 1)))
                return false;
        }
    }
    return true;
}

/* --- what else comes of one claim -----------------------------------------------------------------------------------
 */

/* Does nothing else happen to such a claim than that a recovery repays guarantee crypto later, and that insurance below
 * it is asked? Finds the rows of the first two. */
static bool has_few_rows(const struct hl_waterfall_case *c, size_t *guarantee, size_t *recovery) {
    *guarantee = *recovery = HL_NONE;
    for (size_t i = 0; i < c->fund_count; i++) {
        const struct hl_plan_fund *f = &c->funds[i];
        bool active = c->basis == HL_BASIS_ALL || f->earmarked, above = *guarantee == HL_NONE;
        if (!active)
            continue;
        if (f->after_failure || f->kind == HL_FUND_pool)
            return false;
        if (f->kind == HL_FUND_guarantee_crypto) {
            if (!above || !is_prompt(f, 1, c->basis))
                return false;
            *guarantee = i;
        } else if (f->kind == HL_FUND_recovery && above) {
            if (*recovery != HL_NONE || f->after_days == 0 || f->fails.rate_per_year > 0)
                return false;
            *recovery = i;
        } else if (above) {
            return false;
        }
    }
    return *guarantee != HL_NONE;
}

/* What the coins are worth when they are given back, asset by asset. */
static double worth_back(const struct hl_waterfall_case *c) {
    const struct hl_claim *claim = &c->claims[0];
    double worth = 0;
    for (uint32_t j = 0; j < claim->taken_count; j++)
        if (claim->taken[j].in_kind > 0)
            worth += nearbyint(claim->taken[j].in_kind * hl_prices_at(c->prices, claim->taken[j].asset, claim->day));
    return worth;
}

/* Asks the layer in row i, on the day on which it falls due. */
static void ask_layer(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, int day) {
    const struct hl_plan_fund *f = &c->funds[i];
    struct hl_address at = {hl_stream_with(f->stream, 1), c->block, HL_DRAW_ANSWER, c->trial};
    w->layers[i] = (struct hl_layer_state){0};
    w->terms[i] = hl_contract_layer(c, i);
    if ((c->basis == HL_BASIS_ALL || f->earmarked) && hl_answered(f->probability, c->plan->seed, at) &&
        day < hl_fail_day(c, i))
        hl_contract_ceded(w, c, day, i, 0);
    if (isfinite(hl_layer_year_limit(&w->terms[i])))
        w->exhausted[i] = hl_contract_used_up(w, c, i, 1);
    w->reinstated[i] = hl_contract_reinstated(w, c, i, 1);
}

/* Asks the layers that fall due on days [from, to). */
static void ask_layers(struct hl_waterfall *w, const struct hl_waterfall_case *c, int from, int to) {
    for (size_t i = 0; i < c->fund_count; i++) {
        int day = c->funds[i].layer != NULL ? hl_due_day(w, c, i, 0) : HL_NO_DAY;
        if (c->funds[i].layer != NULL && day >= from && day < to)
            ask_layer(w, c, i, day);
    }
}

bool hl_given_back_play(struct hl_waterfall *w, const struct hl_waterfall_case *c, struct hl_outcome *out) {
    size_t guarantee, recovery;
    if (c->claim_count != 1 || c->plan->pool_count > 0 || c->journal != NULL || !hl_is_given_back(c) ||
        !has_few_rows(c, &guarantee, &recovery))
        return false;
    double worth = worth_back(c);
    w->of[0] = (struct hl_claim_outcome){.claim = worth};
    memset(w->unpaid_at, 0, c->plan->check_count * sizeof *w->unpaid_at);
    memset(w->paid, 0, c->fund_count * sizeof *w->paid);
    memset(w->attached, 0, c->fund_count * sizeof *w->attached);
    memset(w->exhausted, 0, c->fund_count * sizeof *w->exhausted);
    memset(w->reinstated, 0, c->fund_count * sizeof *w->reinstated);
    int repaid_on = recovery != HL_NONE ? hl_due_day(w, c, recovery, 0) : HL_NO_DAY;
    w->paid[guarantee] = worth;
    ask_layers(w, c, 0, repaid_on);
    if (recovery != HL_NONE && worth > 0) {
        w->paid[recovery] = hl_least(hl_recovered(c, recovery, 0, repaid_on), worth);
        w->paid[guarantee] -= w->paid[recovery];
    }
    ask_layers(w, c, repaid_on, HL_NO_DAY);
    *out = (struct hl_outcome){.open_count = 1,
                               .claim = worth,
                               .of = w->of,
                               .paid = w->paid,
                               .unpaid_at = w->unpaid_at,
                               .attached = w->attached,
                               .exhausted = w->exhausted,
                               .reinstated = w->reinstated};
    return true;
}

/* Are coins owed in kind, and no trial changed by what a theft elsewhere took? */
static bool is_plain_theft(const struct hl_plan *p, const struct hl_breach *b) {
    const struct hl_scenario *s = p->scenario;
    bool plain = p->year_count == 1 && p->pool_count == 0 && !s->run.any && b->size.family != NULL &&
                 !isfinite(s->market.impact_above) && s->market.token_fall <= 0;
    for (size_t a = 0; a < s->asset_count; a++)
        plain = plain && s->claim_terms[a].share[HL_IN_KIND] == 1;
    return plain;
}

bool hl_gives_back_any(const struct hl_plan *p, const struct hl_policy *policy, const struct hl_source *src,
                       const struct hl_target *t) {
    size_t assets = p->scenario->asset_count, from = policy->first[t->exchange];
    size_t rows = policy->first[t->exchange + 1] - from;
    if (!is_plain_theft(p, src->breach))
        return false;
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++)
        if (!is_prompt(policy->funds + from, rows, basis))
            return false;
    double gone[assets]; /* of each coin's guarantee, when all in reach is taken */
    memset(gone, 0, sizeof gone);
    for (uint32_t i = 0; i < t->cell_count; i++) {
        const struct hl_cell *cell = &p->cells[t->cells[i]];
        if (cell->owner == HL_OWNER_CUSTOMERS || cell->owner == HL_OWNER_GUARANTEE)
            gone[cell->asset] += cell->value;
    }
    for (size_t a = 0; a < assets; a++)
        if (gone[a] > nearbyint(p->guarantee[t->exchange * assets + a]))
            return false;
    return true;
}
