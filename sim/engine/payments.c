#include "engine/payments.h"

#include "base/money.h"
#include "engine/contracts.h"
#include "engine/haircut.h"
#include "engine/insolvency.h"
#include "engine/pool.h"

#include <assert.h>
#include <math.h>
#include <string.h>

bool hl_answered(double probability, uint64_t seed, struct hl_address at) {
    return probability >= 1 || (probability > 0 && hl_u01(seed, at) < probability);
}

/* --- what is unpaid, and what stocks are worth ---------------------------------------------------------------------
 */

bool hl_is_unpaid(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t claim) {
    for (uint32_t j = 0; j < c->claims[claim].taken_count; j++)
        if (w->coins[claim * w->assets + j] > 0 || w->money[claim * w->assets + j] > 0)
            return true;
    return false;
}

double hl_coins_cost(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t k, uint32_t j, int day) {
    double coins = w->coins[k * w->assets + j];
    return coins > 0 ? coins * hl_prices_at(c->prices, c->claims[k].taken[j].asset, day) : 0;
}

double hl_unpaid_cost(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t k, int day) {
    double coins = 0, money = 0;
    for (uint32_t j = 0; j < c->claims[k].taken_count; j++) {
        coins += hl_coins_cost(w, c, k, j, day);
        money += w->money[k * w->assets + j];
    }
    return nearbyint(coins) + money;
}

double hl_stock_price(const struct hl_waterfall_case *c, size_t i, int day) {
    size_t asset = c->funds[i].held_in;
    return asset == HL_NONE ? 1 : hl_prices_at(c->prices, asset, day);
}

double hl_stock_worth(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, int day) {
    return c->funds[i].held_in == HL_NONE ? w->left[i] : nearbyint(w->left[i] * hl_stock_price(c, i, day));
}

void hl_share_out(double *values, size_t count, double amount, double *given) {
    double total = 0;
    for (size_t j = 0; j < count; j++)
        total += values[j];
    assert(amount <= total);
    if (given != NULL)
        memset(given, 0, count * sizeof *given);
    double upto = 0, gone = 0;
    for (size_t j = 0; j < count && total > 0; j++) {
        upto += values[j];
        double x = nearbyint(amount * (upto / total)) - gone;
        values[j] -= x;
        gone += x;
        if (given != NULL)
            given[j] = x;
    }
    assert(gone == amount || total == 0);
}

void hl_stock_lose(struct hl_waterfall *w, const struct hl_waterfall_case *c, enum hl_fund_id kind, size_t asset,
                   double coins) {
    for (size_t i = 0; i < c->fund_count && coins > 0; i++) {
        if (c->funds[i].kind != kind || c->funds[i].held_in != asset)
            continue;
        double lost = hl_least(coins, w->left[i]);
        w->left[i] -= lost;
        coins -= lost;
    }
}

void hl_capital_lose(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, double money) {
    for (size_t i = 0; i < c->fund_count && money > 0; i++) {
        if (c->funds[i].kind != HL_FUND_own_capital)
            continue;
        double worth = hl_stock_worth(w, c, i, day);
        w->left[i] -= hl_least(nearbyint(money / hl_stock_price(c, i, day)), w->left[i]);
        money -= hl_least(worth, money);
    }
}

/* --- what a row has, and books --------------------------------------------------------------------------------------
 */

bool hl_recovery_answers(const struct hl_waterfall_case *c, size_t i, size_t k) {
    const struct hl_plan_fund *f = &c->funds[i];
    const struct hl_claim *claim = &c->claims[k];
    uint64_t stream = hl_stream_with(f->stream, claim->stream);
    return hl_answered(f->probability, c->plan->seed,
                       (struct hl_address){stream, c->block, HL_DRAW_ANSWER, claim->index});
}

double hl_recovered(const struct hl_waterfall_case *c, size_t i, size_t k, int day) {
    const struct hl_plan_fund *f = &c->funds[i];
    const struct hl_claim *claim = &c->claims[k];
    if (!hl_recovery_answers(c, i, k))
        return 0;
    double worth = 0;
    hl_claim_know_prices(claim, c->prices, day);
    for (uint32_t j = 0; j < claim->taken_count; j++)
        worth += claim->taken[j].customers * hl_prices_at(c->prices, claim->taken[j].asset, day);
    return nearbyint(f->recovered_share * worth);
}

/* What insurance of each customer's balance pays. */
static double insured_deposits(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t k,
                               int day) {
    struct hl_deposit_terms terms = c->funds[i].terms->deposit;
    if (isnan(terms.customers))
        terms.customers = c->plan->scenario->exchanges[c->claims[k].exchange].customers;
    return hl_deposit_cover(hl_unpaid_cost(w, c, k, day), hl_customers_worth(c, k, day), &terms);
}

/* What such a row finds, where it has a stock with a stock of this worth. */
static double promised(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t k, int day,
                       double worth) {
    if (c->funds[i].kind == HL_FUND_recovery)
        return hl_recovered(c, i, k, day);
    if (c->funds[i].kind == HL_FUND_deposit_insurance)
        return insured_deposits(w, c, i, k, day);
    if (c->funds[i].kind == HL_FUND_administrator)
        return hl_estate_share(c, i, k, hl_unpaid_cost(w, c, k, day), worth);
    return hl_contract_ceded(w, c, day, i, k);
}

double hl_payable(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k) {
    const struct hl_plan_fund *f = &c->funds[i];
    double *known = &w->payable[k * w->funds_most + i];
    if (f->kind == HL_FUND_pool)
        return hl_pools_left(c->pools, f, c->claims[k].exchange);
    if (f->kind == HL_FUND_transfer)
        return hl_unpaid_cost(w, c, k, day);
    double worth = hl_stock_worth(w, c, i, day);
    if (!hl_is_asked_once(f->kind))
        return worth;
    if (*known < 0)
        *known = promised(w, c, i, k, day, worth);
    double more = *known - w->paid[k * w->funds_most + i];
    return f->levels == NULL ? more : hl_least(more, worth);
}

void hl_book(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k, double amount,
             size_t repaid) {
    w->paid[k * w->funds_most + i] += amount;
    if (c->funds[i].held_in == HL_NONE)
        w->left[i] -= amount; /* a number without meaning where the row has no stock */
    else
        w->left[i] -= hl_least(nearbyint(amount / hl_stock_price(c, i, day)), w->left[i]);
    if (repaid == HL_NONE)
        w->received[k] += amount;
    w->rescued[k] = w->rescued[k] || c->funds[i].after_failure;
    if (c->funds[i].kind == HL_FUND_insurance)
        hl_contract_book(w, c, day, i, k, amount);
    else if (c->funds[i].kind == HL_FUND_pool)
        hl_pools_pay(c->pools, &c->funds[i], c->claims[k].exchange, amount, day);
    if (c->journal != NULL)
        c->journal->pays(c->journal->context, day, i, k, amount, hl_unpaid_cost(w, c, k, day), repaid);
}

void hl_give_back(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t j, size_t k,
                  double amount) {
    const struct hl_claim *claim = &c->claims[k];
    w->paid[k * w->funds_most + j] -= amount;
    w->left[j] += nearbyint(amount / hl_stock_price(c, j, day));
    if (c->funds[j].kind == HL_FUND_pool)
        hl_pools_get_back(c->pools, &c->funds[j], claim->exchange, amount);
    if (j != w->guarantee_row)
        return;
    double back[claim->taken_count];
    hl_share_out(&w->guarantee_paid[k * w->assets], claim->taken_count, amount, back);
    for (uint32_t a = 0; a < claim->taken_count; a++)
        if (back[a] > 0)
            w->guarantee[claim->taken[a].asset] +=
                nearbyint(back[a] / hl_prices_at(c->prices, claim->taken[a].asset, day));
}
