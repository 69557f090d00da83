#include "engine/months.h"

#include "base/money.h"
#include "engine/payments.h"
#include "engine/years.h"

#include <math.h>

static double top_up_below(const struct hl_plan_fund *f) { return f->terms == NULL ? 0 : f->terms->top_up_below; }

/* The policy year of a day of the case. */
static uint16_t year_at(const struct hl_waterfall_case *c, int day) {
    return c->plan->scenario->fresh ? hl_claim_year(c->plan, &c->claims[0]) : hl_year_of(c->plan, day);
}

int hl_months_first(const struct hl_waterfall_case *c) {
    bool any = false;
    for (size_t i = 0; i < c->fund_count; i++)
        any = any || c->funds[i].incomes != NULL || top_up_below(&c->funds[i]) > 0;
    if (!any)
        return HL_NO_DAY;
    return HL_MONTH_DAYS + (c->plan->scenario->fresh ? hl_year_day(c->plan, year_at(c, 0)) : 0);
}

/* Money comes in to row i. */
static void put_in(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, double amount) {
    if (amount <= 0)
        return;
    w->left[i] += nearbyint(amount / hl_stock_price(c, i, day));
    bool told = c->journal != NULL && c->journal->comes_in != NULL && day >= c->claims[0].day;
    if (told)
        c->journal->comes_in(c->journal->context, day, i, amount);
}

void hl_months_play(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day) {
    uint16_t year = year_at(c, day);
    for (size_t i = 0; i < c->fund_count; i++) {
        const struct hl_plan_fund *f = &c->funds[i];
        if (f->incomes == NULL && top_up_below(f) <= 0)
            continue;
        double level = f->levels[year - 1];
        if (f->incomes != NULL)
            put_in(w, c, day, i, hl_least(f->incomes[year - 1], level - hl_stock_worth(w, c, i, day)));
        double worth = hl_stock_worth(w, c, i, day);
        if (worth < top_up_below(f) * level)
            put_in(w, c, day, i, level - worth);
    }
}
