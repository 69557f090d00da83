/* Pools: a common fund, and calls on the members. */
#include "tests/twin/books.h"

#include <assert.h>
#include <math.h>

void twin_fill_pots(struct common *common, const struct twin *t, int year, bool first) {
    const struct hl_scenario *s = t->scenario;
    for (size_t i = 0; i < s->fund_count; i++) {
        const struct hl_fund *f = &s->funds[i];
        struct pot *pot = &common->pots[i];
        if (f->kind != HL_FUND_pool)
            continue;
        double full = twin_amount_of(s, &f->amount, f->at[0], year);
        if (first)
            pot->stock = nearbyint(f->start * full);
        else
            pot->stock += twin_comes_in(nearbyint(f->refill_per_year * full), full, pot->stock);
        for (size_t m = 0; m < s->exchange_count; m++)
            pot->left[m] = twin_stands_at(f, m) ? twin_amount_of(s, &f->calls, m, year) : 0;
    }
}

/* The sum over the other members. */
static double others(const struct books *b, const double *values) {
    double sum = 0;
    for (size_t m = 0; m < b->t->scenario->exchange_count; m++)
        sum += m == b->exchange ? 0 : values[m];
    return sum;
}

double twin_pool_has(const struct books *b, const struct row *row) {
    const struct pot *pot = &b->common->pots[row->item];
    return row->is_calls ? others(b, pot->left) : pot->stock;
}

/* Moves x from some values of the other members to others, in proportion; running totals are rounded. Own capital of
 * who is called pays it. */
static void share_out(struct books *b, double *from, double *to, double x, bool called, int day) {
    double total = others(b, from), upto = 0, gone = 0;
    for (size_t m = 0; m < b->t->scenario->exchange_count && x > 0; m++) {
        if (m == b->exchange)
            continue;
        upto += from[m];
        double part = nearbyint(x * (upto / total)) - gone;
        gone += part;
        from[m] -= part;
        to[m] += part;
        struct books *member = b->common->of[m];
        for (size_t i = 0; called && member != NULL && i < member->row_count; i++)
            if (member->rows[i].kind == HL_FUND_own_capital) {
                double coins = nearbyint(part / twin_stock_price(member, &member->rows[i], day));
                member->rows[i].stock -= twin_least(member->rows[i].stock, coins);
                break;
            }
    }
    assert(x <= 0 || gone == x);
}

void twin_pool_pays(struct books *b, const struct row *row, double x, int day) {
    struct pot *pot = &b->common->pots[row->item];
    if (row->is_calls)
        share_out(b, pot->left, pot->called[b->exchange], x, true, day);
    else
        pot->stock -= x;
}

void twin_pool_gets(struct books *b, const struct row *row, double x) {
    struct pot *pot = &b->common->pots[row->item];
    if (row->is_calls)
        share_out(b, pot->called[b->exchange], pot->left, x, false, 0);
    else
        pot->stock += x;
}
