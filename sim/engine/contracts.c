#include "engine/contracts.h"

#include "base/money.h"

#include <math.h>

struct hl_layer_terms hl_contract_layer(const struct hl_waterfall_case *c, size_t row) {
    struct hl_layer_terms terms = *c->funds[row].layer;
    if (c->layer_limit < 0 || row != hl_sized_row(c->funds, c->fund_count))
        return terms;
    if (isfinite(terms.aggregate_limit))
        terms.aggregate_limit = nearbyint(terms.aggregate_limit * (c->layer_limit / terms.limit));
    terms.limit = c->layer_limit;
    return terms;
}

double hl_contract_ceded(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t k) {
    const struct hl_claim *claim = &c->claims[k];
    const struct hl_layer_terms *terms = &w->terms[i];
    double insured = claim->insured;
    for (size_t j = 0; j < c->fund_count; j++)
        if (c->funds[j].kind == HL_FUND_recovery)
            insured -= w->paid[k * w->funds_most + j];
    insured = hl_most(insured, 0);
    bool covered = (terms->covers >> c->plan->sources[claim->source].vector & 1) != 0;
    struct hl_layer_state *layer = &w->layers[hl_year_row(w, c, i, k)];
    double owes = covered ? nearbyint(terms->share * hl_layer_payable(terms, layer, insured)) : 0;
    w->attached[i] = w->attached[i] || owes > 0;
    w->exhausted[i] = w->exhausted[i] || (covered && insured - terms->attachment >= terms->limit);
    return owes;
}

void hl_contract_book(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t k, double amount) {
    hl_layer_pay(&w->layers[hl_year_row(w, c, i, k)], amount / w->terms[i].share);
}

bool hl_contract_used_up(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t open_count) {
    double most = hl_layer_year_limit(&w->terms[i]);
    for (size_t k = 0; k < open_count; k++) /* not a quantum more: what was paid is rounded, so it may miss the limit by
                                               a fraction */
        if (nearbyint(w->terms[i].share * (most - w->layers[hl_year_row(w, c, i, k)].used)) <= 0)
            return true;
    return false;
}
