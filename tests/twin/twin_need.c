/* How much more would have been needed: every amount is tried. */
#include "tests/twin/twin.h"

#include <math.h>

static bool is_asked(const struct twin_claim *c, const struct twin_question *q) {
    return c->hit.exchange == q->exchange && (q->year == 0 || c->year == q->year);
}

/* More than all that can be paid for the claims, whatever the day. */
static double most_cost(const struct twin *t, struct twin_history *h, const struct twin_question *q) {
    double sum = 0;
    for (size_t k = 0; k < h->claim_count; k++) {
        const struct twin_claim *c = &h->claims[k];
        for (size_t a = 0; a < t->scenario->asset_count && is_asked(c, q); a++) {
            double dearest = 0;
            for (int day = c->day; day <= c->day + c->money_after && c->in_kind[a] > 0; day++)
                dearest = fmax(dearest, twin_price(t, h, a, day));
            sum += c->money[a] + ceil(c->in_kind[a] * dearest);
        }
    }
    return sum;
}

double twin_reserve_needed(const struct twin *t, struct twin_history *h, struct twin_question q) {
    double need = 0, most = most_cost(t, h, &q) + 2;
    for (uint64_t amount = 0; (double)amount <= most; amount++) {
        q.extra_reserve = (double)amount;
        if (twin_pay(t, h, &q).shortfall > 0)
            need = (double)amount + 1;
    }
    return need > most ? -1 : need;
}

double twin_limit_needed(const struct twin *t, struct twin_history *h, struct twin_question q) {
    const struct hl_layer_terms *terms = &t->scenario->funds[twin_first_layer(t->scenario, q.exchange)].layer;
    double most = 0, need = 0;
    for (size_t k = 0; k < h->claim_count; k++)
        most += is_asked(&h->claims[k], &q) ? h->claims[k].insured : 0;
    if (!isfinite(terms->limit) || terms->aggregate_limit <= 0)
        return -1;
    if (isfinite(terms->aggregate_limit) && most * terms->limit / terms->aggregate_limit > most)
        most = ceil(most * terms->limit / terms->aggregate_limit);
    most = most > terms->limit ? most : terms->limit;
    for (uint64_t more = 0; terms->limit + (double)more <= most; more++) {
        q.layer_limit = terms->limit + (double)more;
        if (twin_pay(t, h, &q).shortfall > 0)
            need = q.layer_limit + 1;
    }
    return need > most ? -1 : need;
}
