/* What customers are owed for what was taken. */
#include "tests/twin/twin.h"

#include <math.h>

static double window_average(const struct twin *t, struct twin_history *h, size_t asset, int discovered) {
    const struct hl_scenario *s = t->scenario;
    double sum = 0, days = 0;
    for (int day = discovered + (int)s->window_from_days; day <= discovered + (int)s->window_to_days; day++, days++)
        sum += twin_price(t, h, asset, day);
    return sum / days;
}

/* A share of the coins stays coins; the rest is money, at the prices that the other shares name. */
static void tell_asset(const struct twin *t, struct twin_history *h, struct twin_claim *c, size_t asset) {
    const struct hl_claim_terms *terms = &t->scenario->claim_terms[asset];
    double coins = c->customers[asset], kept = nearbyint(terms->share[HL_IN_KIND] * coins);
    double at_theft = c->worth[asset] / coins, worth = 0;
    c->in_kind[asset] = kept;
    if (terms->share[HL_IN_KIND] == 1)
        return;
    worth += terms->share[HL_AT_THEFT] * at_theft;
    if (terms->share[HL_WINDOW_AVERAGE] > 0)
        worth += terms->share[HL_WINDOW_AVERAGE] * window_average(t, h, asset, c->day);
    worth += terms->share[HL_FIXED_PRICE] * terms->fixed_price;
    c->money[asset] = nearbyint((coins - kept) * worth / (1 - terms->share[HL_IN_KIND]));
}

void twin_tell(const struct twin *t, struct twin_history *h, struct twin_claim *c) {
    const struct hl_scenario *s = t->scenario;
    double coins = 0, money = 0;
    bool buys = false, window = false;
    for (size_t a = 0; a < s->asset_count; a++) {
        if (c->customers[a] <= 0)
            continue;
        tell_asset(t, h, c, a);
        coins += c->in_kind[a] * twin_price(t, h, a, c->day);
        money += c->money[a];
        c->insured += nearbyint(c->customers[a] * twin_price(t, h, a, c->day));
        buys = buys || c->in_kind[a] > 0;
        window = window || s->claim_terms[a].share[HL_WINDOW_AVERAGE] > 0;
    }
    c->claim = nearbyint(coins) + money;
    c->coins_after = window ? (int)s->window_to_days : 0;
    c->money_after = buys && s->buy_back_after_days > c->coins_after ? (int)s->buy_back_after_days : c->coins_after;
}
