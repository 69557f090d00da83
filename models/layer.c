#include "models/layer.h"

#include "base/money.h"

#include <assert.h>
#include <math.h>

double hl_layer_year_limit(const struct hl_layer_terms *terms) {
    return hl_least(terms->aggregate_limit, (terms->reinstatements + 1) * terms->limit);
}

/* z(X): what an event puts into the layer. */
static double put_in(const struct hl_layer_terms *terms, double event) {
    if (terms->trigger > 0)
        return event > terms->trigger ? terms->limit : 0;
    return hl_least(hl_most(hl_most(event - terms->deductible, 0) - terms->attachment, 0), terms->limit);
}

double hl_layer_payable(const struct hl_layer_terms *terms, struct hl_layer_state *state, int theft_day,
                        double insured_loss) {
    assert(insured_loss >= 0 && terms->limit >= 0);
    bool goes_on = terms->hours_days > 0 && state->any_event && theft_day - state->event_day <= terms->hours_days;
    if (!goes_on) {
        state->any_event = true;
        state->event_day = theft_day;
        state->event = 0;
    }
    double before = hl_most(state->in_layer - terms->aggregate_deductible, 0);
    double had = put_in(terms, state->event);
    state->event += insured_loss;
    state->in_layer += put_in(terms, state->event) - had;
    double after = hl_most(state->in_layer - terms->aggregate_deductible, 0);
    return hl_most(hl_least(after - before, hl_layer_year_limit(terms) - state->used), 0);
}

bool hl_layer_is_full(const struct hl_layer_terms *terms, const struct hl_layer_state *state) {
    return put_in(terms, state->event) >= terms->limit;
}

void hl_layer_pay(struct hl_layer_state *state, double amount) {
    assert(amount >= 0);
    state->used += amount;
}

double hl_layer_reinstated(const struct hl_layer_terms *terms, double used) {
    double total = 0, before = 0; /* used up before reinstatement j */
    for (size_t j = 0; (double)j < terms->reinstatements && before < used && terms->limit > 0; j++) {
        size_t last = terms->reinstatement_price_count;
        if (last == 0)
            break;
        total +=
            terms->reinstatement_prices[j < last ? j : last - 1] * hl_least(used - before, terms->limit) / terms->limit;
        before += terms->limit;
    }
    return total;
}
