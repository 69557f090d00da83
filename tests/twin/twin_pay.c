/* Who pays: the claims of one exchange, day by day. */
#include "tests/twin/books.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

double twin_sum(const double *values) {
    double sum = 0;
    for (size_t a = 0; a < TWIN_ASSETS; a++)
        sum += values[a];
    return sum;
}

double twin_least(double a, double b) { return a < b ? a : b; }

/* Takes `amount` out of the values in proportion; running totals are rounded. Says what was taken of each. */
static void take_out(double *values, double amount, double *parts) {
    double total = twin_sum(values), upto = 0, gone = 0;
    for (size_t a = 0; a < TWIN_ASSETS; a++) {
        upto += values[a];
        parts[a] = total > 0 ? nearbyint(amount * (upto / total)) - gone : 0;
        gone += parts[a];
        values[a] -= parts[a];
    }
    assert(total > 0 ? gone == amount : amount == 0);
}

int twin_claim_year(const struct books *b, size_t k) { return b->claims[k]->year - 1; }
static double price_of(const struct books *b, size_t asset, int day) { return twin_price(b->t, b->h, asset, day); }

/* The price of what a row holds; of money 1. */
double twin_stock_price(const struct books *b, const struct row *row, int day) {
    return row->held_in == HL_NONE ? 1 : price_of(b, row->held_in, day);
}

/* What the coins still owed of one asset cost. */
static double coins_cost(const struct books *b, size_t k, size_t asset, int day) {
    return b->owed_coins[k][asset] > 0 ? b->owed_coins[k][asset] * price_of(b, asset, day) : 0;
}

/* What all that is still owed of a claim costs. */
double twin_unpaid_cost(const struct books *b, size_t k, int day) {
    double coins = 0;
    for (size_t a = 0; a < TWIN_ASSETS; a++)
        coins += coins_cost(b, k, a, day);
    return nearbyint(coins) + twin_sum(b->owed_money[k]);
}

bool twin_is_open(const struct books *b, size_t k) {
    return twin_sum(b->owed_coins[k]) > 0 || twin_sum(b->owed_money[k]) > 0;
}

/* Coins of an owner's that were taken come off the rows that hold them, the first first. */
static void take_from_rows(struct books *b, size_t k, enum hl_fund_id kind, enum hl_owner owner) {
    for (size_t a = 0; a < TWIN_ASSETS; a++) {
        double taken = b->claims[k]->owned[owner][a];
        for (size_t i = 0; i < b->row_count; i++) {
            struct row *row = &b->rows[i];
            double x = row->kind == kind && row->held_in == a ? twin_least(row->stock, taken) : 0;
            row->stock -= x;
            taken -= x;
        }
    }
}

/* A breach is known: customers are owed, the firm's own coins are gone. */
static void open_claim(struct books *b, size_t k) {
    const struct twin_claim *c = b->claims[k];
    for (size_t a = 0; a < TWIN_ASSETS; a++) {
        double guarantee = c->owned[HL_OWNER_GUARANTEE][a];
        b->owed_coins[k][a] = c->in_kind[a];
        b->owed_money[k][a] = c->money[a];
        b->coins[a] = guarantee > b->coins[a] ? 0 : b->coins[a] - guarantee;
    }
    take_from_rows(b, k, HL_FUND_reserve, HL_OWNER_RESERVE);
    take_from_rows(b, k, HL_FUND_protection_fund, HL_OWNER_PROTECTION_FUND);
    double house = c->house;
    for (size_t i = 0; i < b->row_count; i++) {
        struct row *row = &b->rows[i];
        if (row->kind != HL_FUND_own_capital)
            continue;
        double price = twin_stock_price(b, row, c->day), worth = nearbyint(row->stock * price);
        row->stock -= twin_least(row->stock, nearbyint(house / price));
        house -= twin_least(house, worth);
    }
}

static double recovery_of(const struct books *b, size_t i, size_t k, int day) {
    const struct hl_fund *f = &b->t->scenario->funds[b->rows[i].item];
    const struct twin_event *hit = &b->claims[k]->hit.event;
    uint64_t stream = hl_stream_with(twin_fund_stream(b->t, b->exchange, f), hit->stream);
    double worth = 0;
    for (size_t a = 0; a < TWIN_ASSETS; a++)
        if (b->claims[k]->customers[a] > 0)
            worth += b->claims[k]->customers[a] * price_of(b, a, day);
    return twin_chance(b->t, stream, hit->index, f->probability)
               ? nearbyint(f->recovered_share * (1 - f->bounty_share) * worth)
               : 0;
}

/* Does a row look at a claim once, and say then what it pays for it? */
static bool looks_once(const struct row *row) {
    return !hl_fund_kinds[row->kind].stock || hl_fund_kinds[row->kind].after_failure;
}

static double promise_of(struct books *b, size_t i, size_t k, int day) {
    switch (b->rows[i].kind) {
    case HL_FUND_recovery:
        return recovery_of(b, i, k, day);
    case HL_FUND_insurance:
        return twin_layer_owes(b, i, k, day);
    default:
        return twin_cover_of(b, i, k, day);
    }
}

/* How much money row i has for claim k. */
static double offers(struct books *b, size_t i, size_t k, int day) {
    struct row *row = &b->rows[i];
    double worth = row->held_in == HL_NONE ? row->stock : nearbyint(row->stock * twin_stock_price(b, row, day));
    if (row->kind == HL_FUND_pool)
        return twin_pool_has(b, row);
    if (row->kind == HL_FUND_transfer)
        return twin_unpaid_cost(b, k, day);
    if (!looks_once(row))
        return worth;
    if (b->promised[k][i] < 0)
        b->promised[k][i] = promise_of(b, i, k, day);
    double more = b->promised[k][i] - b->paid[k][i];
    return twin_has_stock(row) ? twin_least(more, worth) : more;
}

static void book(struct books *b, size_t i, size_t k, double x, int day) {
    struct row *row = &b->rows[i];
    b->paid[k][i] += x;
    b->rescued[k] = b->rescued[k] || hl_fund_kinds[row->kind].after_failure;
    if (twin_has_stock(row))
        row->stock -= twin_least(row->stock, nearbyint(x / twin_stock_price(b, row, day)));
    if (row->kind == HL_FUND_pool)
        twin_pool_pays(b, row, x, day);
    if (row->kind == HL_FUND_insurance)
        twin_layer_paid(b, i, k, x, day);
}

/* Row j gets money back; guarantee crypto buys its coins back. */
static void give_back(struct books *b, size_t j, size_t k, double x, int day) {
    double parts[TWIN_ASSETS] = {0};
    b->paid[k][j] -= x;
    if (b->rows[j].kind == HL_FUND_pool)
        twin_pool_gets(b, &b->rows[j], x);
    else
        b->rows[j].stock += nearbyint(x / twin_stock_price(b, &b->rows[j], day));
    if (j != b->coin_row)
        return;
    take_out(b->in_coins[k], x, parts);
    for (size_t a = 0; a < TWIN_ASSETS; a++)
        if (parts[a] > 0)
            b->coins[a] += nearbyint(parts[a] / price_of(b, a, day));
}

/* Row i pays back what lower rows paid for claim k, the lowest first. */
static double reimburse(struct books *b, size_t i, size_t k, double most, int day) {
    double spent = 0, parts[TWIN_ASSETS];
    for (size_t j = b->row_count - 1; j > i && spent < most; j--) {
        double x = twin_least(b->paid[k][j], most - spent);
        if (x <= 0)
            continue;
        give_back(b, j, k, x, day);
        if (b->coin_row != HL_NONE && i < b->coin_row && j > b->coin_row)
            take_out(b->below[k], x, parts);
        book(b, i, k, x, day);
        spent += x;
    }
    return spent;
}

/* Money of row i goes to the parts of claim k in proportion to what they cost; running totals are rounded. */
static void pay_in_money(struct books *b, size_t i, size_t k, int day) {
    double most = offers(b, i, k, day), cost = twin_unpaid_cost(b, k, day), total = 0, upto = 0, gone = 0;
    double x = twin_least(most, cost);
    if (most <= 0 || !twin_is_open(b, k))
        return;
    for (size_t a = 0; a < TWIN_ASSETS; a++)
        total += coins_cost(b, k, a, day) + b->owed_money[k][a];
    for (size_t a = 0; a < TWIN_ASSETS; a++) {
        if (b->owed_coins[k][a] <= 0 && b->owed_money[k][a] <= 0)
            continue;
        upto += coins_cost(b, k, a, day);
        double for_coins = nearbyint(x * (upto / total)) - gone;
        gone += for_coins;
        upto += b->owed_money[k][a];
        double for_money = nearbyint(x * (upto / total)) - gone;
        gone += for_money;
        double coins = b->owed_coins[k][a] > 0 ? nearbyint(for_coins / price_of(b, a, day)) : 0;
        b->owed_coins[k][a] = x == cost || coins > b->owed_coins[k][a] ? 0 : b->owed_coins[k][a] - coins;
        b->owed_money[k][a] = x == cost || for_money > b->owed_money[k][a] ? 0 : b->owed_money[k][a] - for_money;
        if (b->coin_row < i)
            b->below[k][a] += for_coins + for_money;
    }
    b->received[k] += x;
    book(b, i, k, x, day);
}

/* Coins that are owed, then coins for money that is owed in their stead. */
static void pay_in_coins(struct books *b, size_t i, size_t k, int day) {
    for (size_t a = 0; a < TWIN_ASSETS; a++) {
        if (b->coins[a] <= 0 || (b->owed_coins[k][a] <= 0 && b->owed_money[k][a] <= 0))
            continue;
        double price = price_of(b, a, day), coins = twin_least(b->coins[a], b->owed_coins[k][a]);
        b->coins[a] -= coins;
        b->owed_coins[k][a] -= coins;
        double money = twin_least(nearbyint(b->coins[a] * price), b->owed_money[k][a]);
        b->coins[a] -= twin_least(b->coins[a], nearbyint(money / price));
        b->owed_money[k][a] -= money;
        double x = nearbyint(coins * price) + money;
        b->in_coins[k][a] += x;
        b->received[k] += x;
        book(b, i, k, x, day);
    }
}

/* Coin by coin to the rows below that stood in for it. */
static void reimburse_in_coins(struct books *b, size_t i, size_t k, int day) {
    for (size_t a = 0; a < TWIN_ASSETS; a++) {
        if (b->coins[a] <= 0 || b->below[k][a] <= 0)
            continue;
        double price = price_of(b, a, day);
        double x = reimburse(b, i, k, twin_least(nearbyint(b->coins[a] * price), b->below[k][a]), day);
        b->coins[a] -= twin_least(b->coins[a], nearbyint(x / price));
        b->below[k][a] -= x;
        b->in_coins[k][a] += x;
    }
}

static bool may_pay(const struct books *b, size_t i, size_t k, int day) {
    bool known = !b->is_void[k] && day >= b->claims[k]->day;
    return known && b->rows[i].answers[twin_claim_year(b, k)] && day >= b->due[k][i] && day < b->rows[i].pays_before;
}

/* Refills are for customers and for what is to come: a stock repays only in the policy year in which it falls due. */
static bool may_repay(const struct books *b, size_t i, size_t k, int day) {
    const struct row *row = &b->rows[i];
    bool stays = (hl_fund_kinds[row->kind].stock || row->kind == HL_FUND_guarantee_crypto) && b->t->years > 1 &&
                 !b->t->scenario->fresh;
    return may_pay(b, i, k, day) && (!stays || twin_year_of(b->t, b->due[k][i]) == twin_year_of(b->t, day));
}

/* A row pays every customer that waits before any of its money goes to another row. */
static void pay_on(struct books *b, int day) {
    for (size_t i = 0; i < b->row_count; i++) {
        for (size_t k = 0; k < b->claim_count; k++) {
            if (may_pay(b, i, k, day) && i == b->coin_row)
                pay_in_coins(b, i, k, day);
            else if (may_pay(b, i, k, day))
                pay_in_money(b, i, k, day);
        }
        for (size_t k = 0; k < b->claim_count; k++) {
            if (may_repay(b, i, k, day) && i == b->coin_row)
                reimburse_in_coins(b, i, k, day);
            else if (may_repay(b, i, k, day))
                reimburse(b, i, k, offers(b, i, k, day), day);
        }
    }
}

/* The evening's look at every claim. */
static void look_on(struct books *b, int day, struct twin_outcome *out) {
    const struct hl_report *r = &b->t->scenario->report;
    for (size_t k = 0; k < b->claim_count; k++) {
        int waited = day - b->claims[k]->day;
        if (waited < 0 || b->is_void[k])
            continue;
        double owed = twin_unpaid_cost(b, k, day);
        if (!twin_is_open(b, k) && b->whole_day[k] < 0)
            b->whole_day[k] = waited;
        if (waited == (int)r->deadline_days) {
            out->shortfall += owed;
            out->shortfall_largest = owed > out->shortfall_largest ? owed : out->shortfall_largest;
        }
        for (size_t i = 0; i < r->unpaid_after_count; i++)
            if (waited == (int)r->unpaid_after_days[i] && owed > 0)
                out->unpaid_after[i] = true;
    }
}

/* The day at whose prices the unpaid of a claim is told in the end: all checks and lags are over. */
static int last_day_of(const struct books *b, size_t k) {
    const struct hl_report *r = &b->t->scenario->report;
    int last = b->claims[k]->day + (int)r->deadline_days;
    for (size_t i = 0; i < r->unpaid_after_count; i++)
        if (b->claims[k]->day + (int)r->unpaid_after_days[i] > last)
            last = b->claims[k]->day + (int)r->unpaid_after_days[i];
    for (size_t i = 0; i < b->row_count; i++)
        last = b->due[k][i] > last ? b->due[k][i] : last;
    return last;
}

static void close_claim(const struct books *b, size_t k, struct twin_outcome *out) {
    int last = last_day_of(b, k);
    double haircut = twin_unpaid_cost(b, k, last), sum = 0;
    out->gross += b->claims[k]->gross;
    out->claim += b->received[k] + haircut;
    out->haircut += haircut;
    out->haircut_share = fmin(out->haircut_share + twin_haircut_share(b, k, last), 1e6);
    out->insolvent = out->insolvent || twin_is_open(b, k) || b->rescued[k];
    if (b->whole_day[k] < 0 || out->days_until_whole < 0)
        out->days_until_whole = -1;
    else if (b->whole_day[k] > out->days_until_whole)
        out->days_until_whole = b->whole_day[k];
    for (size_t i = 0; i < b->row_count; i++) {
        double *paid = b->rows[i].item == HL_NONE ? NULL : &out->paid[b->rows[i].item];
        if (paid != NULL)
            *paid += b->paid[k][i];
        out->paid_row[i] += b->paid[k][i];
        sum += b->paid[k][i];
        if (b->rows[i].kind == HL_FUND_insurance && twin_layer_is_exhausted(&b->rows[i], twin_claim_year(b, k)))
            out->exhausted[b->rows[i].item] = true;
    }
    assert(sum == b->received[k]);
}

/* ---- day by day -------------------------------------------------------------------------------------------------- */

static bool turns_year(const struct books *b, int day) {
    return b->q->year == 0 && day > 0 && day % 365 == 0 && day / 365 < b->t->years;
}

/* A stock of coins is not offered every day: only when a breach is known, a row falls due, a month ends or a year
 * begins. */
static bool something_happens(const struct books *b, int day) {
    bool happens = turns_year(b, day) || (twin_is_month(b, day) && day <= b->last_due);
    for (size_t k = 0; k < b->claim_count; k++) {
        happens = happens || day == b->claims[k]->day;
        for (size_t i = 0; i < b->row_count; i++)
            happens = happens || (b->rows[i].answers[twin_claim_year(b, k)] && day == b->due[k][i]);
    }
    return happens;
}

/* One day of one exchange. */
static void play_day(struct books *b, int day, bool pays, struct twin_outcome *out) {
    if (turns_year(b, day))
        twin_begin_year(b, day, 1 + day / 365);
    if (twin_is_month(b, day) && day <= b->last_due)
        twin_end_month(b, day);
    for (size_t k = 0; k < b->claim_count; k++) {
        b->is_void[k] = b->is_void[k] || (b->claims[k]->day == day && b->failed);
        if (b->claims[k]->day == day && !b->is_void[k])
            open_claim(b, k);
    }
    if (pays)
        pay_on(b, day);
    look_on(b, day, out);
}

static void close_books(struct books *b, struct twin_outcome *out) {
    out->row_count = b->row_count;
    for (size_t k = 0; k < b->claim_count; k++)
        if (!b->is_void[k])
            close_claim(b, k, out);
    for (size_t i = 0; i < b->row_count; i++)
        if (b->rows[i].kind == HL_FUND_insurance && b->rows[i].attached)
            out->attached[b->rows[i].item] = true;
}

static bool has_pool(const struct hl_scenario *s) {
    bool found = false;
    for (size_t i = 0; i < s->fund_count; i++)
        found = found || s->funds[i].kind == HL_FUND_pool;
    return found;
}

/* Plays all exchanges that have claims side by side; on a day each plays whatever happens to any of them. */
static void play_all(struct common *common, const struct twin *t, struct twin_outcome *outs, int last, bool pool) {
    for (int day = 0; day <= last; day++) {
        bool pays = !t->scenario->market.moves && !pool, turns = false;
        for (size_t e = 0; e < t->scenario->exchange_count; e++) {
            pays = pays || (common->of[e] != NULL && something_happens(common->of[e], day));
            turns = turns || (common->of[e] != NULL && turns_year(common->of[e], day));
        }
        if (turns)
            twin_fill_pots(common, t, 1 + day / 365, false);
        for (size_t e = 0; e < t->scenario->exchange_count; e++)
            if (common->of[e] != NULL)
                play_day(common->of[e], day, pays, &outs[e]);
    }
}

struct twin_outcome twin_pay(const struct twin *t, struct twin_history *h, const struct twin_question *q) {
    struct common common = {0};
    struct twin_outcome outs[TWIN_EXCHANGES] = {0};
    size_t count = t->scenario->exchange_count;
    struct books *books = calloc(count, sizeof *books);
    int last = 0;
    bool pool = has_pool(t->scenario);
    assert(books != NULL && count <= TWIN_EXCHANGES);
    twin_fill_pots(&common, t, q->year == 0 ? 1 : q->year, true);
    for (size_t e = 0; e < count; e++) {
        if (e != q->exchange && !pool)
            continue;
        twin_open_books(&books[e], t, h, q, e, &common);
        common.of[e] = books[e].claim_count > 0 ? &books[e] : NULL;
        for (size_t k = 0; k < books[e].claim_count; k++)
            last = last_day_of(&books[e], k) > last ? last_day_of(&books[e], k) : last;
    }
    if (q->year == 0 && pool && last < 365 * (t->years - 1)) /* a pool that is refilled pays whoever still waits */
        last = 365 * (t->years - 1);
    play_all(&common, t, outs, last, pool);
    if (common.of[q->exchange] != NULL)
        close_books(common.of[q->exchange], &outs[q->exchange]);
    for (size_t i = 0; i < t->scenario->fund_count; i++)
        for (size_t e = 0; e < count; e++)
            for (size_t m = 0; m < count; m++)
                outs[q->exchange].called[m] += common.pots[i].called[e][m];
    free(books);
    return outs[q->exchange];
}
