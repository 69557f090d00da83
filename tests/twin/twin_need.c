/* How much more would have been needed: every amount is tried. */
#include "tests/twin/twin.h"

#include <math.h>

static double claims_of(const struct twin_history *h, const struct twin_question *q) {
    double sum = 0;
    for (size_t k = 0; k < h->claim_count; k++)
        sum += h->claims[k].hit.exchange == q->exchange && (q->year == 0 || h->claims[k].year == q->year)
                   ? h->claims[k].claim
                   : 0;
    return sum;
}

double twin_reserve_needed(const struct twin *t, struct twin_history *h, struct twin_question q) {
    double need = 0;
    for (double amount = 0; amount <= claims_of(h, &q); amount++) {
        q.extra_reserve = amount;
        if (twin_pay(t, h, &q).shortfall > 0)
            need = amount + 1;
    }
    return need;
}

double twin_limit_needed(const struct twin *t, struct twin_history *h, struct twin_question q) {
    const struct hl_layer_terms *terms = &t->scenario->funds[twin_first_layer(t->scenario, q.exchange)].layer;
    double most = claims_of(h, &q), need = 0;
    if (!isfinite(terms->limit) || terms->aggregate_limit <= 0)
        return -1;
    if (isfinite(terms->aggregate_limit) && most * terms->limit / terms->aggregate_limit > most)
        most = ceil(most * terms->limit / terms->aggregate_limit);
    most = most > terms->limit ? most : terms->limit;
    for (double limit = terms->limit; limit <= most; limit++) {
        q.layer_limit = limit;
        if (twin_pay(t, h, &q).shortfall > 0)
            need = limit + 1;
    }
    return need > most ? -1 : need;
}
