/* What the calendar brings: years that turn, months that end. */
#include "tests/twin/books.h"

#include <math.h>

double twin_comes_in(double x, double full, double there) {
    double missing = full - there;
    x = x < missing ? x : missing;
    return x > 0 ? x : 0;
}

/* Has the exchange failed by this day: is a claim unpaid past its deadline and past all who answer for it, or has
 * someone paid who only does when nobody else is left? */
static bool has_failed(const struct books *b, int day) {
    bool failed = b->failed;
    for (size_t k = 0; k < b->claim_count; k++)
        failed = failed || b->rescued[k] || (twin_is_open(b, k) && twin_insolvency_day(b, k) < day);
    return failed;
}

void twin_begin_year(struct books *b, int day, int year) {
    b->failed = has_failed(b, day);
    if (b->failed)
        return;
    for (size_t i = 0; i < b->row_count; i++) {
        struct row *row = &b->rows[i];
        if (row->fund != NULL && twin_has_stock(row))
            row->stock += twin_comes_in(nearbyint(row->fund->refill_per_year * row->full[year - 1]),
                                        row->full[year - 1], row->stock);
    }
    for (size_t a = 0; a < TWIN_ASSETS && b->coin_row != HL_NONE; a++) {
        double full = twin_full_coins(b, a, year);
        b->coins[a] += twin_comes_in(nearbyint(b->rows[b->coin_row].fund->refill_per_year * full), full, b->coins[a]);
    }
}

bool twin_is_month(const struct books *b, int day) {
    int from = b->q->year > 0 ? (int)((b->q->year - 1) * b->t->year_days) : 0;
    bool any = false;
    for (size_t i = 0; i < b->row_count; i++)
        any = any ||
              (b->rows[i].fund != NULL && (b->rows[i].fund->income.value > 0 || b->rows[i].fund->top_up_below > 0));
    return any && day > from && (day - from) % 30 == 0;
}

void twin_end_month(struct books *b, int day) {
    int year = b->q->year > 0 ? b->q->year : twin_year_of(b->t, day);
    for (size_t i = 0; i < b->row_count && !b->failed; i++) {
        struct row *row = &b->rows[i];
        if (row->fund == NULL || !twin_has_stock(row))
            continue;
        double price = twin_stock_price(b, row, day), full = row->full[year - 1];
        double worth = row->held_in == HL_NONE ? row->stock : nearbyint(row->stock * price);
        double income = twin_amount_of(b->t->scenario, &row->fund->income, b->exchange, year);
        double x = twin_comes_in(nearbyint(income * 30 / 365 * row->share[year - 1]), full, worth);
        row->stock += nearbyint(x / price);
        worth = row->held_in == HL_NONE ? row->stock : nearbyint(row->stock * price);
        if (worth < row->fund->top_up_below * full)
            row->stock += nearbyint((full - worth) / price);
    }
}
