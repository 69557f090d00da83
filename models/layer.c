#include "models/layer.h"

#include "base/money.h"

#include <assert.h>
#include <math.h>

double hl_layer_year_limit(const struct hl_layer_terms *terms) {
    return hl_least(terms->aggregate_limit, (terms->reinstatements + 1) * terms->limit);
}

double hl_layer_payable(const struct hl_layer_terms *terms, struct hl_layer_state *state, double insured_loss) {
    assert(insured_loss >= 0 && terms->limit >= 0);
    double before = hl_most(state->in_layer - terms->aggregate_deductible, 0);
    state->in_layer += hl_least(hl_most(insured_loss - terms->attachment, 0), terms->limit);
    double after = hl_most(state->in_layer - terms->aggregate_deductible, 0);
    return hl_most(hl_least(after - before, hl_layer_year_limit(terms) - state->used), 0);
}

void hl_layer_pay(struct hl_layer_state *state, double amount) {
    assert(amount >= 0);
    state->used += amount;
}
