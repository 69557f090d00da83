#include "engine/owed.h"

#include "base/money.h"

#include <math.h>

/* The mean price of the window's days, each counted once. */
static double window_mean(const struct hl_scenario *s, struct hl_prices *prices, size_t asset, int discovered) {
    int from = discovered + (int)s->window_from_days, to = discovered + (int)s->window_to_days;
    double sum = 0;
    for (int day = from; day <= to; day++)
        sum += hl_prices_at(prices, asset, day);
    return sum / (to - from + 1);
}

/* One asset's row: shares of it in coins, the rest in money at the prices of its terms. */
static void tell_row(const struct hl_scenario *s, struct hl_prices *prices, int discovered, struct hl_taken *t) {
    const double *share = s->claim_terms[t->asset].share;
    t->in_kind = share[HL_IN_KIND] == 1 ? t->customers : nearbyint(share[HL_IN_KIND] * t->customers);
    t->money = 0;
    if (share[HL_IN_KIND] == 1 || t->customers == 0)
        return;
    double rest = t->customers - t->in_kind, later = 0;
    if (share[HL_WINDOW_AVERAGE] > 0)
        later += share[HL_WINDOW_AVERAGE] * window_mean(s, prices, t->asset, discovered);
    later += share[HL_FIXED_PRICE] * s->claim_terms[t->asset].fixed_price;
    double worth = rest / t->customers * t->worth * share[HL_AT_THEFT] + rest * later;
    t->money = nearbyint(worth / (1 - share[HL_IN_KIND]));
}

void hl_owed_tell(const struct hl_plan *p, struct hl_prices *prices, struct hl_claim *claim, struct hl_taken *rows,
                  bool lean) {
    const struct hl_scenario *s = p->scenario;
    double coins = 0, money = 0;
    claim->insured = 0;
    claim->coins_after = 0;
    claim->money_after = 0;
    if (!lean)
        hl_claim_know_prices(claim, prices, claim->day);
    for (uint32_t j = 0; j < claim->taken_count; j++) {
        struct hl_taken *t = &rows[j];
        double price = lean ? NAN : hl_prices_at(prices, t->asset, claim->day);
        tell_row(s, prices, claim->day, t);
        coins += t->in_kind * price;
        money += t->money;
        claim->insured += nearbyint(t->customers * price);
        if (t->in_kind > 0)
            claim->money_after = (int)hl_most(claim->money_after, s->buy_back_after_days);
        if (t->customers > 0 && s->claim_terms[t->asset].share[HL_WINDOW_AVERAGE] > 0)
            claim->coins_after = (int)s->window_to_days;
    }
    claim->money_after = claim->money_after > claim->coins_after ? claim->money_after : claim->coins_after;
    claim->claim = nearbyint(coins) + money;
}
