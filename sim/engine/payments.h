/* What is unpaid, what a source of funds has for it, and how a payment is booked: the steps that the waterfall takes.
 *
 * c is the case that w plays, i and j rows, k a claim. Money is in quanta.
 */
#ifndef HL_ENGINE_PAYMENTS_H
#define HL_ENGINE_PAYMENTS_H

#include "engine/waterfall.h"

/* Does it answer, by the draw at an address? */
bool hl_answered(double probability, uint64_t seed, struct hl_address at);

/* What the coins of part j of a claim cost on a day, not rounded. */
double hl_coins_cost(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t k, uint32_t j, int day);

/* What the unpaid of a claim costs on a day. */
double hl_unpaid_cost(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t k, int day);

/* The price of what row i is held in; of money 1. */
double hl_stock_price(const struct hl_waterfall_case *c, size_t i, int day);

/* What is left in row i, in money. */
double hl_stock_worth(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, int day);

/* Takes `amount` out of values [count] in proportion: running totals are rounded, so the parts add up to `amount`. Each
 * part goes to `given` too, where there is one. */
void hl_share_out(double *values, size_t count, double amount, double *given);

/* Coins of an asset that were stolen of what the funds of a kind are held in come off their rows, the first first, as
 * far as they have them. */
void hl_stock_lose(struct hl_waterfall *w, const struct hl_waterfall_case *c, enum hl_fund_id kind, size_t asset,
                   double coins);

/* Money comes off the firm's own capital, the first row first, as far as there is any. */
void hl_capital_lose(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, double money);

/* Does a row look at a claim once, when it first falls due, and know then what it pays for it? */
static inline bool hl_is_asked_once(enum hl_fund_id kind) {
    return kind == HL_FUND_recovery || kind == HL_FUND_insurance || kind == HL_FUND_deposit_insurance ||
           kind == HL_FUND_administrator;
}

/* Does a recovery in row i find anything of claim k? */
bool hl_recovery_answers(const struct hl_waterfall_case *c, size_t i, size_t k);

/* What a recovery in row i brings: a share of the coins taken from customers, at the prices of the day. */
double hl_recovered(const struct hl_waterfall_case *c, size_t i, size_t k, int day);

/* What the row may still pay for the claim; guarantee crypto is told by coin elsewhere. */
double hl_payable(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k);

/* Books a payment out of row i for claim k: to customers, or to the row `repaid`. */
void hl_book(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k, double amount,
             size_t repaid);

/* Row j gets back money that it paid for claim k; guarantee crypto buys its coins back. */
void hl_give_back(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t j, size_t k,
                  double amount);

#endif
