/* Who pays: the claims of one exchange, day by day. */
#include "tests/twin/books.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static double sum_of(const double *values) {
    double sum = 0;
    for (size_t a = 0; a < TWIN_ASSETS; a++)
        sum += values[a];
    return sum;
}

/* Takes `amount` out of the values in proportion; running totals are rounded. Says what was taken of each. */
static void take_out(double *values, double amount, double *parts) {
    double total = sum_of(values), upto = 0, gone = 0;
    for (size_t a = 0; a < TWIN_ASSETS; a++) {
        upto += values[a];
        parts[a] = total > 0 ? nearbyint(amount * (upto / total)) - gone : 0;
        gone += parts[a];
        values[a] -= parts[a];
    }
    assert(total > 0 ? gone == amount : amount == 0);
}

static int year_of(const struct books *b, size_t k) { return b->claims[k]->year - 1; }
static double least(double a, double b) { return a < b ? a : b; }
static double price_of(const struct books *b, size_t asset, int day) { return twin_price(b->t, b->h, asset, day); }

/* The price of what a row holds; of money 1. */
static double stock_price(const struct books *b, const struct row *row, int day) {
    return row->held_in == HL_NONE ? 1 : price_of(b, row->held_in, day);
}

/* What the coins still owed of one asset cost. */
static double coins_cost(const struct books *b, size_t k, size_t asset, int day) {
    return b->owed_coins[k][asset] > 0 ? b->owed_coins[k][asset] * price_of(b, asset, day) : 0;
}

/* What all that is still owed of a claim costs. */
static double unpaid_cost(const struct books *b, size_t k, int day) {
    double coins = 0;
    for (size_t a = 0; a < TWIN_ASSETS; a++)
        coins += coins_cost(b, k, a, day);
    return nearbyint(coins) + sum_of(b->owed_money[k]);
}

static bool is_open(const struct books *b, size_t k) {
    return sum_of(b->owed_coins[k]) > 0 || sum_of(b->owed_money[k]) > 0;
}

/* The day from which on row i pays claim k. */
static int due_day(const struct books *b, size_t i, size_t k) {
    const struct row *row = &b->rows[i];
    bool coins = row->kind == HL_FUND_recovery || row->kind == HL_FUND_guarantee_crypto;
    int wait = coins ? b->claims[k]->coins_after : b->claims[k]->money_after;
    return b->claims[k]->day + (row->after_days > wait ? row->after_days : wait);
}

static double comes_in(double share, double full, double there) {
    double x = nearbyint(share * full), missing = full - there;
    x = x < missing ? x : missing;
    return x > 0 ? x : 0;
}

/* The first day of a later policy year: has the exchange failed? If not, what is refilled comes in. */
static void begin_year(struct books *b, int day, int year) {
    int deadline = (int)b->t->scenario->report.deadline_days;
    for (size_t k = 0; k < b->claim_count; k++) {
        int last = b->claims[k]->day + deadline;
        for (size_t i = 0; i < b->row_count; i++)
            if (b->rows[i].answers[year_of(b, k)] && due_day(b, i, k) > last)
                last = due_day(b, i, k);
        b->failed = b->failed || (is_open(b, k) && last < day);
    }
    if (b->failed)
        return;
    for (size_t i = 0; i < b->row_count; i++) {
        struct row *row = &b->rows[i];
        if (twin_has_stock(row->kind) && row->item != HL_NONE)
            row->stock += comes_in(row->refill_per_year, row->full[year - 1], row->stock);
    }
    for (size_t a = 0; a < TWIN_ASSETS && b->coin_row != HL_NONE; a++)
        b->coins[a] += comes_in(b->rows[b->coin_row].refill_per_year, twin_full_coins(b, a, year), b->coins[a]);
}

/* A breach is known: customers are owed, the firm's own coins are gone. */
static void open_claim(struct books *b, size_t k) {
    const struct twin_claim *c = b->claims[k];
    for (size_t a = 0; a < TWIN_ASSETS; a++) {
        b->owed_coins[k][a] = c->in_kind[a];
        b->owed_money[k][a] = c->money[a];
        b->coins[a] = c->guarantee[a] > b->coins[a] ? 0 : b->coins[a] - c->guarantee[a];
    }
    for (size_t i = 0; i < b->row_count; i++) {
        struct row *row = &b->rows[i];
        if (row->kind == HL_FUND_own_capital)
            row->stock -= least(row->stock, nearbyint(c->house / stock_price(b, row, c->day)));
    }
}

static double recovery_of(const struct books *b, size_t i, size_t k, int day) {
    const struct hl_fund *f = &b->t->scenario->funds[b->rows[i].item];
    const struct twin_event *hit = &b->claims[k]->hit.event;
    uint64_t stream = hl_stream_with(twin_fund_stream(b->t, b->q->exchange, f), hit->stream);
    double worth = 0;
    for (size_t a = 0; a < TWIN_ASSETS; a++)
        if (b->claims[k]->customers[a] > 0)
            worth += b->claims[k]->customers[a] * price_of(b, a, day);
    return twin_chance(b->t, stream, hit->index, f->probability) ? nearbyint(f->recovered_share * worth) : 0;
}

static double year_limit(const struct hl_layer_terms *terms) {
    double reinstated = (terms->reinstatements + 1) * terms->limit;
    return terms->aggregate_limit < reinstated ? terms->aggregate_limit : reinstated;
}

/* T_k − T_(k−1) of the layer for its next event, with T as far as it was really paid, times the share. */
static double layer_pays(struct books *b, struct row *row, size_t k) {
    const struct hl_layer_terms *terms = &row->terms;
    double x = b->claims[k]->insured;
    for (size_t i = 0; i < b->row_count; i++)
        if (b->rows[i].kind == HL_FUND_recovery)
            x -= b->paid[k][i];
    if ((terms->covers & 1u << b->t->sources[b->claims[k]->hit.event.source].breach->vector) == 0)
        return 0;
    double z = x > terms->attachment ? x - terms->attachment : 0;
    if (z >= terms->limit) {
        z = terms->limit;
        row->filled[year_of(b, k)] = true;
    }
    double *in_layer = &row->in_layer[year_of(b, k)];
    double before = *in_layer > terms->aggregate_deductible ? *in_layer - terms->aggregate_deductible : 0;
    *in_layer += z;
    double after = *in_layer > terms->aggregate_deductible ? *in_layer - terms->aggregate_deductible : 0;
    double room = year_limit(terms) - row->used[year_of(b, k)];
    double due = after - before < room ? after - before : room;
    double pays = due > 0 ? nearbyint(terms->share * due) : 0;
    row->attached = row->attached || pays > 0;
    return pays;
}

/* How much money row i has for claim k. */
static double offers(struct books *b, size_t i, size_t k, int day) {
    struct row *row = &b->rows[i];
    if (row->kind != HL_FUND_recovery && row->kind != HL_FUND_insurance)
        return row->held_in == HL_NONE ? row->stock : nearbyint(row->stock * stock_price(b, row, day));
    if (b->promised[k][i] < 0)
        b->promised[k][i] = row->kind == HL_FUND_recovery ? recovery_of(b, i, k, day) : layer_pays(b, row, k);
    return b->promised[k][i] - b->paid[k][i];
}

static void book(struct books *b, size_t i, size_t k, double x, int day) {
    struct row *row = &b->rows[i];
    b->paid[k][i] += x;
    if (twin_has_stock(row->kind))
        row->stock -= least(row->stock, nearbyint(x / stock_price(b, row, day)));
    if (row->kind == HL_FUND_insurance)
        row->used[year_of(b, k)] += x / row->terms.share;
}

/* Row j gets money back; guarantee crypto buys its coins back. */
static void give_back(struct books *b, size_t j, size_t k, double x, int day) {
    double parts[TWIN_ASSETS] = {0};
    b->paid[k][j] -= x;
    b->rows[j].stock += nearbyint(x / stock_price(b, &b->rows[j], day));
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
        double x = least(b->paid[k][j], most - spent);
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
    double most = offers(b, i, k, day), cost = unpaid_cost(b, k, day), total = 0, upto = 0, gone = 0;
    double x = least(most, cost);
    if (most <= 0 || !is_open(b, k))
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
        double price = price_of(b, a, day), coins = least(b->coins[a], b->owed_coins[k][a]);
        b->coins[a] -= coins;
        b->owed_coins[k][a] -= coins;
        double money = least(nearbyint(b->coins[a] * price), b->owed_money[k][a]);
        b->coins[a] -= least(b->coins[a], nearbyint(money / price));
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
        double x = reimburse(b, i, k, least(nearbyint(b->coins[a] * price), b->below[k][a]), day);
        b->coins[a] -= least(b->coins[a], nearbyint(x / price));
        b->below[k][a] -= x;
        b->in_coins[k][a] += x;
    }
}

static bool may_pay(const struct books *b, size_t i, size_t k, int day) {
    bool known = !b->is_void[k] && day >= b->claims[k]->day;
    return known && b->rows[i].answers[year_of(b, k)] && day >= due_day(b, i, k);
}

/* Refills are for customers and for what is to come: a stock repays only in the policy year in which it falls due. */
static bool may_repay(const struct books *b, size_t i, size_t k, int day) {
    const struct row *row = &b->rows[i];
    bool stays =
        row->kind != HL_FUND_recovery && row->kind != HL_FUND_insurance && b->t->years > 1 && !b->t->scenario->fresh;
    return may_pay(b, i, k, day) && (!stays || twin_year_of(b->t, due_day(b, i, k)) == twin_year_of(b->t, day));
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
        double owed = unpaid_cost(b, k, day);
        if (!is_open(b, k) && b->whole_day[k] < 0)
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
        last = due_day(b, i, k) > last ? due_day(b, i, k) : last;
    return last;
}

static bool is_exhausted(const struct row *row, int year) {
    double limit = year_limit(&row->terms);
    return isfinite(limit) ? nearbyint(row->terms.share * (limit - row->used[year])) <= 0 : row->filled[year];
}

static void close_claim(const struct books *b, size_t k, struct twin_outcome *out) {
    double haircut = unpaid_cost(b, k, last_day_of(b, k)), sum = 0;
    out->gross += b->claims[k]->gross;
    out->claim += b->received[k] + haircut;
    out->haircut += haircut;
    if (b->whole_day[k] < 0 || out->days_until_whole < 0)
        out->days_until_whole = -1;
    else if (b->whole_day[k] > out->days_until_whole)
        out->days_until_whole = b->whole_day[k];
    for (size_t i = 0; i < b->row_count; i++) {
        double *paid = b->rows[i].item == HL_NONE ? &out->paid_extra : &out->paid[b->rows[i].item];
        *paid += b->paid[k][i];
        sum += b->paid[k][i];
        if (b->rows[i].kind == HL_FUND_insurance && is_exhausted(&b->rows[i], year_of(b, k)))
            out->exhausted[b->rows[i].item] = true;
    }
    assert(sum == b->received[k]);
}

/* Where prices move a stock of coins is not offered every day: only when a breach is known, a row falls due or a year
 * begins. */
static bool something_happens(const struct books *b, int day) {
    bool happens = b->q->year == 0 && day % 365 == 0 && day / 365 < b->t->years;
    for (size_t k = 0; k < b->claim_count; k++) {
        happens = happens || day == b->claims[k]->day;
        for (size_t i = 0; i < b->row_count; i++)
            happens = happens || (b->rows[i].answers[year_of(b, k)] && day == due_day(b, i, k));
    }
    return happens;
}

static void pay_all(struct books *b, struct twin_outcome *out) {
    int last = 0;
    for (size_t k = 0; k < b->claim_count; k++)
        last = last_day_of(b, k) > last ? last_day_of(b, k) : last;
    for (int day = 0; day <= last; day++) {
        if (b->q->year == 0 && day > 0 && day % 365 == 0 && day / 365 < b->t->years)
            begin_year(b, day, 1 + day / 365);
        for (size_t k = 0; k < b->claim_count; k++) {
            b->is_void[k] = b->is_void[k] || (b->claims[k]->day == day && b->failed);
            if (b->claims[k]->day == day && !b->is_void[k])
                open_claim(b, k);
        }
        if (!b->t->scenario->market.moves || something_happens(b, day))
            pay_on(b, day);
        look_on(b, day, out);
    }
    for (size_t k = 0; k < b->claim_count; k++)
        if (!b->is_void[k])
            close_claim(b, k, out);
    for (size_t i = 0; i < b->row_count; i++)
        if (b->rows[i].kind == HL_FUND_insurance && b->rows[i].attached)
            out->attached[b->rows[i].item] = true;
}

struct twin_outcome twin_pay(const struct twin *t, struct twin_history *h, const struct twin_question *q) {
    struct books b;
    struct twin_outcome out = {0};
    twin_open_books(&b, t, h, q);
    if (b.claim_count > 0)
        pay_all(&b, &out);
    return out;
}
