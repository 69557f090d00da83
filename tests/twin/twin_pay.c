#include "tests/twin/twin.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* ---- who pays ---------------------------------------------------------------------------------------------------- */

/* One fund of the exchange. */
struct row {
    enum hl_fund_id kind;
    size_t item; /* the scenario's fund; HL_NONE = the additional reserve */
    int after_days;
    bool answers[TWIN_YEARS]; /* for the claims of a policy year */
    double stock;             /* of those that have one */
    double full[TWIN_YEARS];  /* what it holds when it is full */
    double refill_per_year;
    struct hl_layer_terms terms; /* insurance */
    double in_layer[TWIN_YEARS]; /* Σ z so far */
    double used[TWIN_YEARS];     /* paid so far at 100 % */
    bool attached;
    bool filled[TWIN_YEARS]; /* one event reached the limit per event */
};

/* The books of one exchange in one trial. */
struct books {
    const struct twin *t;
    const struct twin_question *q;
    size_t row_count;
    struct row rows[TWIN_FUNDS + 1];
    size_t coin_row; /* guarantee crypto; HL_NONE = none */
    double coins[TWIN_ASSETS];
    size_t exchange;
    bool failed;
    size_t claim_count;
    const struct twin_claim *claims[TWIN_CLAIMS];
    bool is_void[TWIN_CLAIMS];
    double unpaid[TWIN_CLAIMS][TWIN_ASSETS];   /* still owed to customers, by coin */
    double in_coins[TWIN_CLAIMS][TWIN_ASSETS]; /* paid by guarantee crypto */
    double below[TWIN_CLAIMS][TWIN_ASSETS];    /* paid by rows below guarantee crypto, by the coin they stood in for */
    double paid[TWIN_CLAIMS][TWIN_FUNDS + 1];
    double promised[TWIN_CLAIMS][TWIN_FUNDS + 1]; /* by recoveries and layers; negative = not looked at */
    int whole_day[TWIN_CLAIMS];                   /* negative = not yet */
};

static double sum_of(const double *values) {
    double sum = 0;
    for (size_t a = 0; a < TWIN_ASSETS; a++)
        sum += values[a];
    return sum;
}

/* Takes `amount` out of the values in proportion; running totals are rounded. Says what was taken of each. */
static void take_out(double *values, double amount, double *parts) {
    double total = sum_of(values), upto = 0, gone = 0;
    for (size_t a = 0; a < TWIN_ASSETS && total > 0; a++) {
        upto += values[a];
        parts[a] = nearbyint(amount * (upto / total)) - gone;
        gone += parts[a];
    }
    for (size_t a = 0; a < TWIN_ASSETS && total > 0; a++)
        values[a] -= parts[a];
    assert(total > 0 ? gone == amount : amount == 0);
}

static double customers_coins(const struct hl_scenario *s, size_t exchange, enum hl_base base) {
    double value = 0;
    for (size_t i = 0; i < s->holding_count; i++) {
        const struct hl_holding *h = &s->holdings[i];
        if (h->exchange == exchange && h->owner == HL_OWNER_CUSTOMERS &&
            (base == HL_BASE_CUSTOMER_CRYPTO || (base == HL_BASE_HOT && h->tier == HL_HOT) ||
             (base == HL_BASE_COLD && h->tier == HL_COLD)))
            value += h->value;
    }
    return value;
}

static double amount_of(const struct hl_scenario *s, const struct hl_amount *amount, size_t exchange, int year) {
    const struct hl_exchange *e = &s->exchanges[exchange];
    const double figures[HL_BASE_COUNT] = {
        [HL_BASE_FIXED] = 1,
        [HL_BASE_ANNUAL_VOLUME] = e->annual_volume,
        [HL_BASE_HIGHEST_VOLUME] = e->highest_volume,
        [HL_BASE_CUSTOMER_CRYPTO] = customers_coins(s, exchange, HL_BASE_CUSTOMER_CRYPTO),
        [HL_BASE_HOT] = customers_coins(s, exchange, HL_BASE_HOT),
        [HL_BASE_COLD] = customers_coins(s, exchange, HL_BASE_COLD),
        [HL_BASE_REVENUE] = e->revenue,
        [HL_BASE_FEES] = e->fees,
        [HL_BASE_FIXED_OVERHEADS] = e->fixed_overheads,
        [HL_BASE_OWN_CAPITAL] = e->own_capital,
    };
    double grown = amount->base == HL_BASE_FIXED || s->fresh ? 1 : pow(1 + e->growth_per_year, year - 1);
    double x = amount->value * figures[amount->base] * grown;
    x = x < amount->floor ? amount->floor : x;
    return nearbyint(x > amount->cap ? amount->cap : x);
}

static bool stands_at(const struct hl_fund *f, size_t exchange) {
    bool found = false;
    for (size_t i = 0; i < f->at_count; i++)
        found |= f->at[i] == exchange;
    return found;
}

size_t twin_first_layer(const struct hl_scenario *s, size_t exchange) {
    for (size_t i = 0; i < s->fund_count; i++)
        if (s->funds[i].kind == HL_FUND_insurance && stands_at(&s->funds[i], exchange))
            return i;
    return HL_NONE;
}

static uint64_t fund_stream(const struct twin *t, size_t exchange, const struct hl_fund *f) {
    uint64_t stream = hl_stream_with_name(hl_stream("fund"), t->scenario->exchanges[exchange].id);
    return hl_stream_with_name(stream, f->name);
}

static bool chance(const struct twin *t, uint64_t stream, uint32_t index, double probability) {
    return twin_uniform(t, stream, HL_DRAW_ANSWER, index) < probability;
}

static bool has_stock(enum hl_fund_id kind) {
    return kind == HL_FUND_reserve || kind == HL_FUND_own_capital || kind == HL_FUND_parent;
}

static struct row make_row(const struct twin *t, const struct twin_question *q, size_t item) {
    const struct hl_scenario *s = t->scenario;
    const struct hl_fund *f = &s->funds[item];
    struct row row = {.kind = f->kind, .item = item, .after_days = (int)f->after_days, .terms = f->layer};
    row.refill_per_year = f->refill_per_year;
    for (int y = 1; y <= t->years; y++) {
        uint64_t stream = hl_stream_with(fund_stream(t, q->exchange, f), (uint64_t)y);
        row.answers[y - 1] = !q->earmarked_only || hl_fund_kinds[f->kind].earmarked;
        if (f->kind != HL_FUND_recovery)
            row.answers[y - 1] = row.answers[y - 1] && chance(t, stream, q->trial, f->probability);
        if (has_stock(f->kind))
            row.full[y - 1] = amount_of(s, &f->amount, q->exchange, y);
    }
    if (q->layer_limit >= 0 && item == twin_first_layer(s, q->exchange)) {
        row.terms.limit = q->layer_limit;
        if (isfinite(row.terms.aggregate_limit))
            row.terms.aggregate_limit = nearbyint(f->layer.aggregate_limit * (q->layer_limit / f->layer.limit));
    }
    return row;
}

/* The additional reserve stands in front of the reserve; where there is none, behind the last earmarked fund. */
static void open_rows(struct books *b) {
    const struct hl_scenario *s = b->t->scenario;
    struct row extra = {.kind = HL_FUND_reserve, .item = HL_NONE, .stock = b->q->extra_reserve};
    for (int y = 0; y < TWIN_YEARS; y++)
        extra.answers[y] = true;
    size_t place = 0;
    bool reserve = false;
    for (size_t i = 0; i < s->fund_count; i++) {
        if (!stands_at(&s->funds[i], b->exchange) || (b->q->without_insurance && s->funds[i].kind == HL_FUND_insurance))
            continue;
        if (!reserve && hl_fund_kinds[s->funds[i].kind].earmarked)
            place = b->row_count + (s->funds[i].kind != HL_FUND_reserve);
        reserve = reserve || s->funds[i].kind == HL_FUND_reserve;
        b->rows[b->row_count++] = make_row(b->t, b->q, i);
    }
    memmove(&b->rows[place + 1], &b->rows[place], (b->row_count - place) * sizeof *b->rows);
    b->rows[place] = extra;
    b->row_count++;
    for (size_t i = 0; i < b->row_count; i++)
        if (b->rows[i].kind == HL_FUND_guarantee_crypto)
            b->coin_row = i;
}

/* The guarantee's coins when they are all there. */
static double full_coins(const struct books *b, size_t asset, int year) {
    const struct hl_scenario *s = b->t->scenario;
    double coins = 0;
    for (size_t i = 0; i < s->holding_count; i++)
        if (s->holdings[i].exchange == b->exchange && s->holdings[i].owner == HL_OWNER_GUARANTEE &&
            s->holdings[i].asset == asset)
            coins += s->holdings[i].value;
    double growth = s->fresh ? 0 : s->exchanges[b->exchange].growth_per_year;
    return nearbyint(coins * pow(1 + growth, year - 1));
}

static void open_books(struct books *b, const struct twin *t, const struct twin_history *h,
                       const struct twin_question *q) {
    *b = (struct books){.t = t, .q = q, .coin_row = HL_NONE, .exchange = q->exchange};
    open_rows(b);
    int first = q->year == 0 ? 1 : q->year;
    for (size_t i = 0; i < b->row_count; i++)
        if (has_stock(b->rows[i].kind) && b->rows[i].item != HL_NONE)
            b->rows[i].stock = nearbyint(t->scenario->funds[b->rows[i].item].start * b->rows[i].full[first - 1]);
    for (size_t a = 0; a < t->scenario->asset_count; a++)
        b->coins[a] = full_coins(b, a, first);
    for (size_t k = 0; k < h->claim_count; k++) {
        if (h->claims[k].hit.exchange != q->exchange || (q->year > 0 && h->claims[k].year != q->year))
            continue;
        for (size_t i = 0; i < b->row_count; i++)
            b->promised[b->claim_count][i] = -1;
        b->whole_day[b->claim_count] = -1;
        b->claims[b->claim_count++] = &h->claims[k];
    }
}

static int year_of(const struct books *b, size_t k) { return b->claims[k]->year - 1; }

static double comes_in(double share, double full, double there) {
    double x = nearbyint(share * full), missing = full - there;
    x = x < missing ? x : missing;
    return x > 0 ? x : 0;
}

/* The first day of a later policy year: has the exchange failed? If not, what is refilled comes in. */
static void begin_year(struct books *b, int day, int year) {
    int deadline = (int)b->t->scenario->report.deadline_days;
    for (size_t k = 0; k < b->claim_count; k++) {
        int longest = deadline;
        for (size_t i = 0; i < b->row_count; i++)
            if (b->rows[i].answers[year_of(b, k)] && b->rows[i].after_days > longest)
                longest = b->rows[i].after_days;
        b->failed = b->failed || (sum_of(b->unpaid[k]) > 0 && b->claims[k]->day + longest < day);
    }
    if (b->failed)
        return;
    for (size_t i = 0; i < b->row_count; i++) {
        struct row *row = &b->rows[i];
        if (has_stock(row->kind) && row->item != HL_NONE)
            row->stock += comes_in(row->refill_per_year, row->full[year - 1], row->stock);
    }
    for (size_t a = 0; a < TWIN_ASSETS && b->coin_row != HL_NONE; a++)
        b->coins[a] += comes_in(b->rows[b->coin_row].refill_per_year, full_coins(b, a, year), b->coins[a]);
}

/* A theft: customers are owed, the firm's own coins are gone. */
static void open_claim(struct books *b, size_t k) {
    const struct twin_claim *c = b->claims[k];
    for (size_t a = 0; a < TWIN_ASSETS; a++) {
        b->unpaid[k][a] = c->customers[a];
        b->coins[a] = c->guarantee[a] > b->coins[a] ? 0 : b->coins[a] - c->guarantee[a];
    }
    for (size_t i = 0; i < b->row_count; i++)
        if (b->rows[i].kind == HL_FUND_own_capital)
            b->rows[i].stock = c->house > b->rows[i].stock ? 0 : b->rows[i].stock - c->house;
}

static double recovery_of(const struct books *b, size_t i, size_t k) {
    const struct hl_fund *f = &b->t->scenario->funds[b->rows[i].item];
    const struct twin_event *hit = &b->claims[k]->hit.event;
    uint64_t stream = hl_stream_with(fund_stream(b->t, b->q->exchange, f), hit->stream);
    bool comes = chance(b->t, stream, hit->index, f->probability);
    return comes ? nearbyint(f->recovered_share * b->claims[k]->claim) : 0;
}

static double year_limit(const struct hl_layer_terms *terms) {
    double reinstated = (terms->reinstatements + 1) * terms->limit;
    return terms->aggregate_limit < reinstated ? terms->aggregate_limit : reinstated;
}

/* T_k − T_(k−1) of the layer for its next event, with T as far as it was really paid, times the share. */
static double layer_pays(struct books *b, struct row *row, size_t k) {
    const struct hl_layer_terms *terms = &row->terms;
    double x = b->claims[k]->claim;
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
static double offers(struct books *b, size_t i, size_t k) {
    struct row *row = &b->rows[i];
    if (row->kind != HL_FUND_recovery && row->kind != HL_FUND_insurance)
        return row->stock;
    if (b->promised[k][i] < 0)
        b->promised[k][i] = row->kind == HL_FUND_recovery ? recovery_of(b, i, k) : layer_pays(b, row, k);
    return b->promised[k][i] - b->paid[k][i];
}

static void book(struct books *b, size_t i, size_t k, double x) {
    struct row *row = &b->rows[i];
    b->paid[k][i] += x;
    row->stock -= x;
    if (row->kind == HL_FUND_insurance)
        row->used[year_of(b, k)] += x / row->terms.share;
}

/* Row i pays back what lower rows paid for claim k, the lowest first; `coin` is the one it has, TWIN_ASSETS = money. */
static double reimburse(struct books *b, size_t i, size_t k, double most, size_t coin) {
    double spent = 0, parts[TWIN_ASSETS];
    for (size_t j = b->row_count - 1; j > i && spent < most; j--) {
        double x = b->paid[k][j] < most - spent ? b->paid[k][j] : most - spent;
        if (x <= 0)
            continue;
        b->paid[k][j] -= x;
        b->rows[j].stock += x;
        if (j == b->coin_row) {
            take_out(b->in_coins[k], x, parts);
            for (size_t a = 0; a < TWIN_ASSETS; a++)
                b->coins[a] += parts[a];
        } else if (coin < TWIN_ASSETS) {
            b->below[k][coin] -= x;
        } else if (b->coin_row != HL_NONE && i < b->coin_row && j > b->coin_row) {
            take_out(b->below[k], x, parts);
        }
        book(b, i, k, x);
        spent += x;
    }
    return spent;
}

static void pay_in_money(struct books *b, size_t i, size_t k) {
    double most = offers(b, i, k), owed = sum_of(b->unpaid[k]), parts[TWIN_ASSETS] = {0};
    double x = most < owed ? most : owed;
    if (x <= 0)
        return;
    take_out(b->unpaid[k], x, parts);
    for (size_t a = 0; a < TWIN_ASSETS && b->coin_row < i; a++)
        b->below[k][a] += parts[a];
    book(b, i, k, x);
}

static void pay_in_coins(struct books *b, size_t i, size_t k) {
    for (size_t a = 0; a < TWIN_ASSETS; a++) {
        double x = b->coins[a] < b->unpaid[k][a] ? b->coins[a] : b->unpaid[k][a];
        b->coins[a] -= x;
        b->unpaid[k][a] -= x;
        b->in_coins[k][a] += x;
        if (x > 0)
            book(b, i, k, x);
    }
}

/* Coin by coin to the rows below that stood in for it. */
static void reimburse_in_coins(struct books *b, size_t i, size_t k) {
    for (size_t a = 0; a < TWIN_ASSETS; a++) {
        double x = reimburse(b, i, k, b->coins[a] < b->below[k][a] ? b->coins[a] : b->below[k][a], a);
        b->coins[a] -= x;
        b->in_coins[k][a] += x;
    }
}

static bool may_pay(const struct books *b, size_t i, size_t k, int day) {
    return !b->is_void[k] && b->rows[i].answers[year_of(b, k)] && day >= b->claims[k]->day + b->rows[i].after_days;
}

/* Refills are for customers and for what is to come: a stock repays only in the policy year in which it falls due. */
static bool may_repay(const struct books *b, size_t i, size_t k, int day) {
    const struct row *row = &b->rows[i];
    bool stays =
        row->kind != HL_FUND_recovery && row->kind != HL_FUND_insurance && b->t->years > 1 && !b->t->scenario->fresh;
    int due = b->claims[k]->day + row->after_days;
    return may_pay(b, i, k, day) && (!stays || twin_year_of(b->t, due) == twin_year_of(b->t, day));
}

/* A row pays every customer that waits before any of its money goes to another row. */
static void pay_on(struct books *b, int day) {
    for (size_t i = 0; i < b->row_count; i++) {
        for (size_t k = 0; k < b->claim_count; k++) {
            if (may_pay(b, i, k, day) && i == b->coin_row)
                pay_in_coins(b, i, k);
            else if (may_pay(b, i, k, day))
                pay_in_money(b, i, k);
        }
        for (size_t k = 0; k < b->claim_count; k++) {
            if (may_repay(b, i, k, day) && i == b->coin_row)
                reimburse_in_coins(b, i, k);
            else if (may_repay(b, i, k, day))
                reimburse(b, i, k, offers(b, i, k), TWIN_ASSETS);
        }
    }
}

/* The evening's look at every claim. */
static void look_on(struct books *b, int day, struct twin_outcome *out) {
    const struct hl_report *r = &b->t->scenario->report;
    for (size_t k = 0; k < b->claim_count; k++) {
        int waited = day - b->claims[k]->day;
        double owed = sum_of(b->unpaid[k]);
        if (waited < 0 || b->is_void[k])
            continue;
        if (owed <= 0 && b->whole_day[k] < 0)
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

static int last_day(const struct books *b) {
    const struct hl_report *r = &b->t->scenario->report;
    int days = (int)r->deadline_days;
    for (size_t i = 0; i < r->unpaid_after_count; i++)
        days = r->unpaid_after_days[i] > days ? (int)r->unpaid_after_days[i] : days;
    for (size_t i = 0; i < b->row_count; i++)
        days = b->rows[i].after_days > days ? b->rows[i].after_days : days;
    return b->claims[b->claim_count - 1]->day + days + 1;
}

static bool is_exhausted(const struct row *row, int year) {
    double limit = year_limit(&row->terms);
    return isfinite(limit) ? nearbyint(row->terms.share * (limit - row->used[year])) <= 0 : row->filled[year];
}

static void close_claim(const struct books *b, size_t k, struct twin_outcome *out) {
    double sum = sum_of(b->unpaid[k]);
    out->gross += b->claims[k]->gross;
    out->claim += b->claims[k]->claim;
    out->haircut += sum;
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
    assert(sum == b->claims[k]->claim);
}

static void pay_all(struct books *b, struct twin_outcome *out) {
    for (int day = 0; day <= last_day(b); day++) {
        if (b->q->year == 0 && day > 0 && day % 365 == 0 && day / 365 < b->t->years)
            begin_year(b, day, 1 + day / 365);
        for (size_t k = 0; k < b->claim_count; k++) {
            b->is_void[k] = b->is_void[k] || (b->claims[k]->day == day && b->failed);
            if (b->claims[k]->day == day && !b->is_void[k])
                open_claim(b, k);
        }
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
    open_books(&b, t, h, q);
    if (b.claim_count > 0)
        pay_all(&b, &out);
    return out;
}
