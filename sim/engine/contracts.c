#include "engine/contracts.h"

#include "base/money.h"
#include "engine/arrivals.h"
#include "engine/years.h"

#include <math.h>

enum { ALL_TIERS = (1 << HL_TIER_COUNT) - 1 };

struct hl_layer_terms hl_contract_layer(const struct hl_waterfall_case *c, size_t i) {
    struct hl_layer_terms terms = *c->funds[i].layer;
    if (c->layer_limit < 0 || i != hl_sized_row(c->funds, c->fund_count))
        return terms;
    if (isfinite(terms.aggregate_limit))
        terms.aggregate_limit = nearbyint(terms.aggregate_limit * (c->layer_limit / terms.limit));
    terms.limit = c->layer_limit;
    return terms;
}

/* --- what is insured -----------------------------------------------------------------------------------------------
 */

/* Does the contract answer for thefts such as this one? */
static bool is_insured(const struct hl_plan_fund *f, const struct hl_plan *p, const struct hl_claim *claim) {
    const struct hl_source *source = &p->sources[claim->source];
    const struct hl_contract *contract = &f->terms->contract;
    if ((f->layer->covers >> source->vector & 1) == 0 || claim->theft_day < contract->waiting_days)
        return false;
    return source->vendor == HL_NONE ||
           (!contract->excludes_third_parties && (contract->excluded == NULL || !contract->excluded[source->vendor]));
}

/* Does the insurer refuse this claim, though it is insured? */
static bool is_denied(const struct hl_waterfall_case *c, size_t i, size_t k) {
    const struct hl_chance *denied = &c->funds[i].terms->contract.denied;
    const struct hl_claim *claim = &c->claims[k];
    if (denied->probability <= 0)
        return false;
    double probability = denied->probability;
    if (denied->climate != HL_NONE)
        probability *= hl_climate_at(c->plan, denied->climate, c->block, c->trial, hl_claim_year(c->plan, claim));
    uint64_t stream = hl_stream_with(hl_stream_with_name(c->funds[i].stream, "denied"), claim->stream);
    return hl_u01(c->plan->seed, (struct hl_address){stream, c->block, HL_DRAW_DENIED, claim->index}) < probability;
}

/* Customers' coins of one asset that were taken from tiers that are insured, in quanta at the price of day 0. */
static double insured_coins(const struct hl_taken *t, uint32_t tiers) {
    double coins = 0;
    for (int tier = 0; tier < HL_TIER_COUNT; tier++)
        coins += (tiers >> tier & 1) != 0 ? t->by_tier[tier] : 0;
    return coins;
}

double hl_contract_worth(const struct hl_waterfall_case *c, size_t i, size_t k, int day) {
    const struct hl_contract *contract = &c->funds[i].terms->contract;
    const struct hl_claim *claim = &c->claims[k];
    bool all = contract->tiers == 0 || (contract->tiers & ALL_TIERS) == ALL_TIERS;
    if (all && contract->valued_at == HL_VALUED_AT_DISCOVERY && !isnan(claim->insured))
        return claim->insured;
    double worth = 0;
    for (uint32_t j = 0; j < claim->taken_count; j++) {
        const struct hl_taken *t = &claim->taken[j];
        double coins = all ? t->customers : insured_coins(t, contract->tiers);
        if (coins <= 0)
            continue;
        if (contract->valued_at == HL_VALUED_AT_THEFT)
            worth += all ? t->worth : nearbyint(t->worth * coins / t->customers);
        else
            worth += nearbyint(coins * hl_prices_at(c->prices, t->asset,
                                                    contract->valued_at == HL_VALUED_AT_PAYMENT ? day : claim->day));
    }
    return worth;
}

/* What is left of the worth once recoveries, and the insurances that come before this one, have paid. */
static double insured_loss(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t k,
                           int day) {
    const bool *net_of = c->funds[i].terms->contract.net_of;
    double loss = hl_contract_worth(c, i, k, day);
    for (size_t j = 0; j < c->fund_count; j++) {
        const struct hl_plan_fund *f = &c->funds[j];
        if (f->kind == HL_FUND_recovery || (f->layer != NULL && net_of != NULL && net_of[f->item]))
            loss -= w->paid[k * w->funds_most + j];
    }
    return hl_most(loss, 0);
}

/* --- what is owed, and what it costs -------------------------------------------------------------------------------
 */

double hl_contract_ceded(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k) {
    const struct hl_claim *claim = &c->claims[k];
    const struct hl_layer_terms *terms = &w->terms[i];
    struct hl_layer_state *state = &w->layers[hl_year_row(w, c, i, k)];
    if (!is_insured(&c->funds[i], c->plan, claim) || is_denied(c, i, k))
        return 0;
    double loss = insured_loss(w, c, i, k, day);
    double owes = nearbyint(terms->share * hl_layer_payable(terms, state, claim->theft_day, loss));
    w->attached[i] = w->attached[i] || owes > 0;
    w->exhausted[i] = w->exhausted[i] || hl_layer_is_full(terms, state);
    return owes;
}

/* What reinstatements cost when so much of the layer is used. */
static double reinstatement_premium(const struct hl_contract *contract, const struct hl_layer_terms *terms,
                                    double used) {
    return contract->premium_amount * hl_layer_reinstated(terms, used);
}

void hl_contract_book(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k,
                      double amount) {
    const struct hl_contract *contract = &c->funds[i].terms->contract;
    const struct hl_layer_terms *terms = &w->terms[i];
    struct hl_layer_state *state = &w->layers[hl_year_row(w, c, i, k)];
    double before = state->used;
    hl_layer_pay(state, amount / terms->share);
    if (contract->premium != HL_PREMIUM_GIVEN || terms->reinstatement_price_count == 0)
        return;
    double due =
        nearbyint(reinstatement_premium(contract, terms, state->used) - reinstatement_premium(contract, terms, before));
    if (due > 0)
        hl_waterfall_draw_capital(w, due, day);
}

bool hl_contract_used_up(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t open_count) {
    double most = hl_layer_year_limit(&w->terms[i]);
    for (size_t k = 0; k < open_count; k++) /* not a quantum more: what was paid is rounded, so it may miss the limit by
                                               a fraction */
        if (nearbyint(w->terms[i].share * (most - w->layers[hl_year_row(w, c, i, k)].used)) <= 0)
            return true;
    return false;
}

double hl_contract_reinstated(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i,
                              size_t open_count) {
    double total = 0;
    uint16_t year = 0;
    for (size_t k = 0; k < open_count; k++) {
        if (hl_claim_year(c->plan, &c->claims[k]) == year)
            continue;
        year = hl_claim_year(c->plan, &c->claims[k]);
        total += hl_layer_reinstated(&w->terms[i], w->layers[hl_year_row(w, c, i, k)].used);
    }
    return total > 0 ? nearbyint(total * w->terms[i].limit) : 0;
}
