/* Who pays when nobody else is left, who insures customers' balances, who fails; and what customers lose. */
#include "tests/twin/books.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* ---- counterparties that fail ------------------------------------------------------------------------------------ */

double twin_failure_day(const struct books *b, const struct hl_fund *f) {
    const struct twin *t = b->t;
    uint64_t stream = hl_stream_with_name(hl_stream("fails"), f->name);
    int first = 1, last = t->years;
    if (t->scenario->fresh) {
        first = last = b->q->year > 0 ? b->q->year : 1;
        stream = hl_stream_with(stream, (uint64_t)first);
    }
    double e = -log(twin_uniform(t, stream, HL_DRAW_FAIL, b->q->trial));
    for (int y = first; y <= last && f->fails.rate_per_year > 0; y++) {
        double g = f->fails.climate == HL_NONE ? 1 : t->climate[f->fails.climate][y - 1][b->q->trial];
        double hazard = f->fails.rate_per_year * g;
        if (hazard > 0 && (y == last || e <= hazard))
            return floor(365 * (y - 1) + 365 * e / hazard);
        e -= hazard;
    }
    return INFINITY;
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

int twin_insolvency_day(const struct books *b, size_t k) {
    int last = b->claims[k]->day + (int)b->t->scenario->report.deadline_days;
    for (size_t i = 0; i < b->row_count; i++)
        if (!hl_fund_kinds[b->rows[i].kind].after_failure && b->rows[i].answers[twin_claim_year(b, k)] &&
            b->due[k][i] > last)
            last = b->due[k][i];
    return last;
}

static void set_due(struct books *b, size_t i, size_t k, bool after_failure) {
    const struct row *row = &b->rows[i];
    bool coins = row->kind == HL_FUND_recovery || row->kind == HL_FUND_guarantee_crypto;
    int wait = coins ? b->claims[k]->coins_after : b->claims[k]->money_after;
    if (hl_fund_kinds[row->kind].after_failure != after_failure)
        return;
    b->due[k][i] = b->claims[k]->day + (row->after_days > wait ? row->after_days : wait);
    if (after_failure)
        b->due[k][i] = twin_insolvency_day(b, k) + row->after_days;
    if (row->answers[twin_claim_year(b, k)] && b->due[k][i] > b->last_due)
        b->last_due = b->due[k][i];
}

void twin_set_due(struct books *b) {
    for (int after_failure = 0; after_failure <= 1; after_failure++)
        for (size_t k = 0; k < b->claim_count; k++)
            for (size_t i = 0; i < b->row_count; i++)
                set_due(b, i, k, after_failure);
}

double twin_balances_of(const struct books *b, size_t k, size_t asset) {
    const struct hl_scenario *s = b->t->scenario;
    double coins = 0, growth = s->fresh ? 0 : s->exchanges[b->exchange].growth_per_year;
    for (size_t i = 0; i < s->holding_count; i++)
        if (s->holdings[i].exchange == b->exchange && s->holdings[i].owner == HL_OWNER_CUSTOMERS &&
            s->holdings[i].asset == asset)
            coins += s->holdings[i].value;
    return nearbyint(coins * pow(1 + growth, b->claims[k]->year - 1));
}

/* All of the customers' coins, at the prices of a day. */
static double balances_worth(const struct books *b, size_t k, int day) {
    double worth = 0;
    for (size_t a = 0; a < b->t->scenario->asset_count; a++)
        if (twin_balances_of(b, k, a) > 0)
            worth += twin_balances_of(b, k, a) * twin_price(b->t, b->h, a, day);
    return nearbyint(worth);
}

/* E[min(B, d)] of a lognormal B. */
static double limited(double mean, double sigma, double d) {
    if (mean <= 0 || sigma <= 0 || !isfinite(d))
        return fmin(mean, d);
    double mu = log(mean) - sigma * sigma / 2, z = (log(d) - mu) / sigma;
    return mean * gsl_cdf_ugaussian_P(z - sigma) + d * gsl_cdf_ugaussian_Q(z);
}

static double deposits_covered(const struct hl_exchange *e, const struct hl_deposit_terms *terms, double unpaid,
                               double held) {
    double share = held > 0 ? fmin(unpaid / held, 1) : 1, customers = terms->customers;
    if (unpaid <= 0 || share <= 0)
        return 0;
    if (isnan(customers))
        customers = e->customers;
    return nearbyint(customers * share * limited(held / customers, terms->sigma, terms->limit / share));
}

double twin_cover_of(const struct books *b, size_t i, size_t k, int day) {
    const struct row *row = &b->rows[i];
    double unpaid = twin_unpaid_cost(b, k, day);
    if (row->kind == HL_FUND_deposit_insurance)
        return deposits_covered(&b->t->scenario->exchanges[b->exchange], &row->fund->deposit, unpaid,
                                balances_worth(b, k, day));
    double estate = row->held_in == HL_NONE ? row->stock : nearbyint(row->stock * twin_stock_price(b, row, day));
    double others = twin_amount_of(b->t->scenario, &row->fund->other_creditors, b->exchange, b->claims[k]->year);
    if (!row->fund->pari_passu || unpaid <= 0)
        return twin_least(unpaid, estate);
    return twin_least(twin_least(unpaid, estate), nearbyint(estate * unpaid / (unpaid + others)));
}

/* ---- what customers lose ----------------------------------------------------------------------------------------- */

static double most_of_an_asset(const struct books *b, size_t k, int day) {
    double most = 0;
    for (size_t a = 0; a < b->t->scenario->asset_count; a++) {
        double unpaid = b->owed_coins[k][a];
        if (b->owed_money[k][a] > 0)
            unpaid += b->owed_money[k][a] / twin_price(b->t, b->h, a, day);
        double there = twin_balances_of(b, k, a);
        if (unpaid > 0)
            most = fmax(most, there > 0 ? unpaid / there : 1);
    }
    return most;
}

double twin_haircut_share(const struct books *b, size_t k, int day) {
    const struct hl_scenario *s = b->t->scenario;
    double haircut = twin_unpaid_cost(b, k, day), all = balances_worth(b, k, day), share = 0;
    if (s->haircut == HL_HAIRCUT_COINS_AND_FIAT && !isnan(s->exchanges[b->exchange].customer_fiat))
        all += s->exchanges[b->exchange].customer_fiat;
    if (s->haircut == HL_HAIRCUT_BY_ASSET)
        share = most_of_an_asset(b, k, day);
    else if (haircut > 0)
        share = all > 0 ? haircut / all : 1;
    return fmin(nearbyint(1e6 * share), 1e6);
}
