#include "engine/haircut.h"

#include "base/money.h"
#include "engine/payments.h"
#include "engine/years.h"

#include <math.h>

/* Customers' coins of one asset, in quanta at the price of day 0. */
static double coins_of(const struct hl_waterfall_case *c, size_t k, size_t asset) {
    const struct hl_plan *p = c->plan;
    const struct hl_claim *claim = &c->claims[k];
    double coins = p->customers[claim->exchange * p->scenario->asset_count + asset];
    return nearbyint(coins * hl_grown(p->scenario, claim->exchange, hl_claim_year(p, claim)));
}

double hl_customers_worth(const struct hl_waterfall_case *c, size_t k, int day) {
    double worth = 0;
    for (size_t a = 0; a < c->plan->scenario->asset_count; a++) {
        double coins = coins_of(c, k, a);
        worth += coins > 0 ? coins * hl_prices_at(c->prices, a, day) : 0;
    }
    return nearbyint(worth);
}

static double share_of(double lost, double had) { return lost <= 0 ? 0 : lost < had ? lost / had : 1; }

double hl_haircut_share(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t k, int day) {
    const struct hl_scenario *s = c->plan->scenario;
    const struct hl_claim *claim = &c->claims[k];
    double share = 0;
    if (s->haircut != HL_HAIRCUT_BY_ASSET) {
        double fiat = s->exchanges[claim->exchange].customer_fiat;
        bool counts = s->haircut == HL_HAIRCUT_COINS_AND_FIAT && !isnan(fiat);
        share = share_of(hl_unpaid_cost(w, c, k, day), hl_customers_worth(c, k, day) + (counts ? fiat : 0));
    }
    for (uint32_t j = 0; j < claim->taken_count && s->haircut == HL_HAIRCUT_BY_ASSET; j++) {
        size_t at = k * w->assets + j, asset = claim->taken[j].asset;
        double lost = w->coins[at];
        if (w->money[at] > 0)
            lost += w->money[at] / hl_prices_at(c->prices, asset, day);
        share = hl_most(share, share_of(lost, coins_of(c, k, asset)));
    }
    return nearbyint(HL_HAIRCUT_WHOLE * share);
}
