/* The rows of a waterfall, as they stand on the first day. */
#include "scenario/rules.h"
#include "tests/twin/books.h"

#include <assert.h>
#include <math.h>
#include <string.h>

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

double twin_amount_of(const struct hl_scenario *s, const struct hl_amount *amount, size_t exchange, int year) {
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
    if (amount->base == HL_BASE_RULE)
        x = hl_rule_requirement_in(s, amount->rule, exchange, (uint16_t)year).amount / s->quantum;
    x = x < amount->floor ? amount->floor : x;
    return nearbyint(x > amount->cap ? amount->cap : x);
}

bool twin_stands_at(const struct hl_fund *f, size_t exchange) {
    bool found = false;
    for (size_t i = 0; i < f->at_count; i++)
        found |= f->at[i] == exchange;
    return found;
}

size_t twin_first_layer(const struct hl_scenario *s, size_t exchange) {
    for (size_t i = 0; i < s->fund_count; i++)
        if (s->funds[i].kind == HL_FUND_insurance && twin_stands_at(&s->funds[i], exchange))
            return i;
    return HL_NONE;
}

uint64_t twin_fund_stream(const struct twin *t, size_t exchange, const struct hl_fund *f) {
    uint64_t stream = hl_stream_with_name(hl_stream("fund"), t->scenario->exchanges[exchange].id);
    return hl_stream_with_name(stream, f->name);
}

bool twin_chance(const struct twin *t, uint64_t stream, uint32_t index, double probability) {
    return twin_uniform(t, stream, HL_DRAW_ANSWER, index) < probability;
}

bool twin_has_stock(const struct row *row) { return hl_fund_kinds[row->kind].stock && row->kind != HL_FUND_pool; }

/* ---- one fund ---------------------------------------------------------------------------------------------------- */

/* What every row of the fund has: who answers, until when, what of a layer. */
static struct row row_of(const struct books *b, size_t item) {
    const struct twin_question *q = b->q;
    const struct hl_fund *f = &b->t->scenario->funds[item];
    struct row row = {.kind = f->kind, .item = item, .fund = f, .held_in = HL_NONE, .after_days = (int)f->after_days};
    row.terms = f->layer;
    row.pays_before = twin_failure_day(b, f);
    for (int y = 1; y <= b->t->years; y++) {
        uint64_t stream = hl_stream_with(twin_fund_stream(b->t, b->exchange, f), (uint64_t)y);
        row.answers[y - 1] = !q->earmarked_only || hl_fund_kinds[f->kind].earmarked;
        if (f->kind != HL_FUND_recovery)
            row.answers[y - 1] = row.answers[y - 1] && twin_chance(b->t, stream, q->trial, f->probability);
    }
    if (q->layer_limit >= 0 && b->exchange == q->exchange && item == twin_first_layer(b->t->scenario, q->exchange)) {
        row.terms.limit = q->layer_limit;
        if (isfinite(row.terms.aggregate_limit))
            row.terms.aggregate_limit = nearbyint(f->layer.aggregate_limit * (q->layer_limit / f->layer.limit));
    }
    return row;
}

static void add_row(struct books *b, struct row row) {
    assert(b->row_count < TWIN_ROWS);
    b->rows[b->row_count++] = row;
}

/* The share of an amount that is there with part j of instalment i; the parts make up the whole. */
static double upto(const struct hl_fund *f, int i, size_t j) {
    double sum = 0;
    for (size_t p = 0; p <= j && p < f->part_count; p++)
        sum += f->parts[p].share;
    if (j + 1 >= f->part_count)
        sum = 1;
    return (i + sum) / (f->instalments > 0 ? f->instalments : 1);
}

/* An amount comes in instalments, each in its parts; running totals are rounded. */
static void add_stock(struct books *b, size_t item) {
    const struct hl_scenario *s = b->t->scenario;
    const struct hl_fund *f = &s->funds[item];
    size_t parts = f->part_count > 0 ? f->part_count : 1, first = b->row_count;
    double given[TWIN_YEARS] = {0};
    for (int i = 0; i == 0 || i < (int)f->instalments; i++)
        for (size_t j = 0; j < parts; j++) {
            struct row row = row_of(b, item);
            row.held_in = f->part_count > 0 ? f->parts[j].asset : HL_NONE;
            row.after_days += i * (int)f->every_days;
            for (int y = 0; y < b->t->years; y++) {
                double all = twin_amount_of(s, &f->amount, b->exchange, y + 1) * (1 - f->discount);
                row.full[y] = nearbyint(all * upto(f, i, j)) - given[y];
                given[y] += row.full[y];
            }
            add_row(b, row);
        }
    for (int y = 0; y < b->t->years; y++)
        for (size_t i = first; i < b->row_count; i++)
            b->rows[i].share[y] = given[y] > 0 ? b->rows[i].full[y] / given[y] : 0;
}

static void add_fund(struct books *b, size_t item) {
    const struct hl_fund *f = &b->t->scenario->funds[item];
    if (hl_fund_kinds[f->kind].stock && f->kind != HL_FUND_pool) {
        add_stock(b, item);
        return;
    }
    add_row(b, row_of(b, item));
    if (f->kind == HL_FUND_pool) {
        add_row(b, row_of(b, item));
        b->rows[b->row_count - 1].is_calls = true;
    }
}

/* The additional reserve stands in front of the reserve; where there is none, behind the last earmarked fund. */
void twin_open_rows(struct books *b) {
    const struct hl_scenario *s = b->t->scenario;
    struct row extra = {.kind = HL_FUND_reserve, .item = HL_NONE, .held_in = HL_NONE, .pays_before = INFINITY};
    extra.stock = b->exchange == b->q->exchange ? b->q->extra_reserve : 0;
    for (int y = 0; y < TWIN_YEARS; y++)
        extra.answers[y] = true;
    size_t place = 0;
    bool reserve = false;
    for (size_t i = 0; i < s->fund_count; i++) {
        if (!twin_stands_at(&s->funds[i], b->exchange) ||
            (b->q->without_insurance && s->funds[i].kind == HL_FUND_insurance))
            continue;
        if (!reserve && s->funds[i].kind == HL_FUND_reserve)
            place = b->row_count;
        reserve = reserve || s->funds[i].kind == HL_FUND_reserve;
        add_fund(b, i);
        if (!reserve && hl_fund_kinds[s->funds[i].kind].earmarked)
            place = b->row_count;
    }
    assert(b->row_count < TWIN_ROWS);
    memmove(&b->rows[place + 1], &b->rows[place], (b->row_count - place) * sizeof *b->rows);
    b->rows[place] = extra;
    b->row_count++;
    for (size_t i = 0; i < b->row_count; i++)
        if (b->rows[i].kind == HL_FUND_guarantee_crypto)
            b->coin_row = i;
}

/* ---- the first day ----------------------------------------------------------------------------------------------- */

double twin_full_coins(const struct books *b, size_t asset, int year) {
    const struct hl_scenario *s = b->t->scenario;
    double coins = 0;
    for (size_t i = 0; i < s->holding_count; i++)
        if (s->holdings[i].exchange == b->exchange && s->holdings[i].owner == HL_OWNER_GUARANTEE &&
            s->holdings[i].asset == asset)
            coins += s->holdings[i].value;
    double growth = s->fresh ? 0 : s->exchanges[b->exchange].growth_per_year;
    return nearbyint(coins * pow(1 + growth, year - 1));
}

void twin_open_books(struct books *b, const struct twin *t, struct twin_history *h, const struct twin_question *q,
                     size_t exchange, struct common *common) {
    *b = (struct books){.t = t, .h = h, .q = q, .common = common, .coin_row = HL_NONE, .exchange = exchange};
    twin_open_rows(b);
    int first = q->year == 0 ? 1 : q->year;
    for (size_t i = 0; i < b->row_count; i++)
        if (b->rows[i].fund != NULL && twin_has_stock(&b->rows[i]))
            b->rows[i].stock = nearbyint(b->rows[i].fund->start * b->rows[i].full[first - 1]);
    for (size_t a = 0; a < t->scenario->asset_count; a++)
        b->coins[a] = twin_full_coins(b, a, first);
    for (size_t k = 0; k < h->claim_count; k++) {
        if (h->claims[k].hit.exchange != exchange || (q->year > 0 && h->claims[k].year != q->year))
            continue;
        for (size_t i = 0; i < b->row_count; i++)
            b->promised[b->claim_count][i] = -1;
        b->whole_day[b->claim_count] = -1;
        b->claims[b->claim_count++] = &h->claims[k];
    }
    twin_set_due(b);
}
