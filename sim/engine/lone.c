#include "engine/lone.h"

#include "base/money.h"
#include "engine/payments.h"
#include "engine/years.h"

#include <math.h>
#include <string.h>

bool hl_lone_make(struct hl_lone *l, struct hl_arena *arena, const struct hl_plan *p) {
    size_t assets = p->scenario->asset_count, days = p->funds_most + 1;
    *l = (struct hl_lone){.rows = hl_arena_array(arena, p->funds_most, sizeof *l->rows),
                          .days = hl_arena_array(arena, days, sizeof *l->days),
                          .assets = hl_arena_array(arena, assets, sizeof *l->assets),
                          .coins = hl_arena_array(arena, assets, sizeof *l->coins),
                          .left = hl_arena_array(arena, assets, sizeof *l->left)};
    double *prices = hl_arena_array(arena, days * assets, sizeof *prices);
    if (l->rows == NULL || l->days == NULL || l->assets == NULL || l->coins == NULL || l->left == NULL ||
        prices == NULL)
        return false;
    for (size_t i = 0; i < days; i++)
        l->days[i].prices = prices + i * assets;
    return true;
}

/* --- which claims they are -----------------------------------------------------------------------------------------
 */

/* Money that only payments and thefts of the firm's own coins take from. */
static bool is_money(const struct hl_plan_fund *f) {
    bool changes = f->incomes != NULL || (f->terms != NULL && f->terms->top_up_below > 0);
    bool stock = f->item == HL_NONE || (f->levels != NULL && f->kind != HL_FUND_administrator);
    return stock && f->held_in == HL_NONE && f->fails.rate_per_year <= 0 && f->kind != HL_FUND_pool && !changes;
}

static bool is_sure_guarantee(const struct hl_plan_fund *f) {
    return f->kind == HL_FUND_guarantee_crypto && f->probability >= 1 && f->fails.rate_per_year <= 0;
}

/* What a row of money has for the claim; less what was stolen of the firm's own, as far as `*house` is not yet borne.
 */
static double stock_of(const struct hl_waterfall_case *c, const struct hl_plan_fund *f, double *house) {
    double has = f->item == HL_NONE ? 0 : nearbyint(f->start * f->levels[0]);
    if (f->kind == HL_FUND_own_capital && *house > 0) {
        double worth = has;
        has -= hl_least(nearbyint(*house), has);
        *house -= hl_least(worth, *house);
    }
    if (has <= 0 || f->probability >= 1)
        return has;
    struct hl_address at = {hl_stream_with(f->stream, 1), c->block, HL_DRAW_ANSWER, c->trial};
    return hl_answered(f->probability, c->plan->seed, at) ? has : 0;
}

/* Puts a row behind those that are due before, or on its day. */
static void add_row(struct hl_lone *l, uint32_t days, const struct hl_lone_row *row) {
    size_t at = l->row_count++;
    for (; at > 0 && l->rows[at - 1].day > days; at--)
        l->rows[at] = l->rows[at - 1];
    l->rows[at] = *row;
    l->rows[at].day = days;
}

/* The rows that are due in time, each told by its days; *guarantee is the day of guarantee crypto, or HL_NO_DAY. False
 * where one pays in another way, or guarantee crypto after money. */
static bool list_rows(struct hl_lone *l, const struct hl_waterfall_case *c, int deadline, int *guarantee) {
    const struct hl_claim *claim = &c->claims[l->claim];
    double house = claim->house;
    int first = HL_NO_DAY; /* on which money pays */
    *guarantee = HL_NO_DAY;
    l->row_count = 0;
    for (size_t i = 0; i < c->fund_count; i++) {
        const struct hl_plan_fund *f = &c->funds[i];
        bool coins = f->kind == HL_FUND_guarantee_crypto;
        int wait = coins || f->kind == HL_FUND_recovery ? claim->coins_after : claim->money_after;
        int due = f->after_days > wait ? f->after_days : wait;
        bool bears = f->kind == HL_FUND_own_capital && house > 0;
        if (f->after_failure)
            return false;
        if ((c->basis != HL_BASIS_ALL && !f->earmarked) || (due > deadline && !bears))
            continue;
        if (coins && (!is_sure_guarantee(f) || *guarantee != HL_NO_DAY || due >= first))
            return false;
        if (coins)
            *guarantee = due;
        if (coins)
            continue;
        if (!is_money(f))
            return false;
        struct hl_lone_row row = {.is_extra = f->item == HL_NONE, .has = stock_of(c, f, &house)};
        if (due > deadline || (!row.is_extra && row.has <= 0))
            continue;
        add_row(l, (uint32_t)due, &row);
        first = due < first ? due : first;
    }
    return *guarantee == HL_NO_DAY || *guarantee <= first;
}

/* What guarantee crypto has of an asset when it pays claim k: it gave the earlier ones all their coins. */
static double stock_for(const struct hl_waterfall_case *c, size_t k, uint32_t asset) {
    double stock = hl_years_guarantee(c, asset, 1);
    for (size_t i = 0; i <= k; i++) {
        for (uint32_t j = 0; j < c->claims[i].taken_count; j++) {
            const struct hl_taken *t = &c->claims[i].taken[j];
            if (t->asset != asset)
                continue;
            stock = hl_most(stock - t->guarantee, 0);
            stock -= i < k ? hl_least(stock, t->in_kind) : 0;
        }
    }
    return stock;
}

/* What is still owed once guarantee crypto, where it is due in time, has paid. False where money is owed. */
static bool list_parts(struct hl_lone *l, const struct hl_waterfall_case *c, bool guarantee) {
    const struct hl_claim *claim = &c->claims[l->claim];
    l->part_count = claim->taken_count;
    l->whole = true;
    for (uint32_t j = 0; j < claim->taken_count; j++) {
        const struct hl_taken *t = &claim->taken[j];
        double stock = guarantee ? stock_for(c, l->claim, t->asset) : 0;
        if (t->money > 0)
            return false;
        l->assets[j] = t->asset;
        l->coins[j] = t->in_kind - hl_least(stock, t->in_kind);
        l->whole = l->whole && l->coins[j] <= 0;
    }
    return true;
}

/* Rows told by their days get a day of the list instead. */
static void list_days(struct hl_lone *l, int deadline) {
    l->day_count = 0;
    for (size_t i = 0; i <= l->row_count; i++) {
        int days = i < l->row_count ? (int)l->rows[i].day : deadline;
        if (l->day_count == 0 || l->days[l->day_count - 1].days != days) {
            l->days[l->day_count].days = days;
            l->days[l->day_count++].priced = false;
        }
        if (i < l->row_count)
            l->rows[i].day = (uint32_t)l->day_count - 1;
    }
}

/* Does nothing bring coins back to guarantee crypto, that it gave for claim k, before `day`? Only a recovery repays it
 * of a claim that it has paid. */
static bool is_gone_until(const struct hl_waterfall_case *c, size_t k, int day) {
    for (size_t i = 0; i < c->fund_count; i++) {
        const struct hl_plan_fund *f = &c->funds[i];
        if (f->kind == HL_FUND_recovery && (c->basis == HL_BASIS_ALL || f->earmarked) &&
            c->claims[k].day + f->after_days <= day && hl_recovery_answers(c, i, k))
            return false;
    }
    return true;
}

/* Finds the claim that guarantee crypto does not give back on the day of its discovery; the last, where it gives back
 * all. False where there are several, or where one that is given back changes more than guarantee crypto. */
static bool find_claim(struct hl_lone *l, const struct hl_waterfall_case *c, int deadline) {
    l->claim = HL_NONE;
    for (size_t k = 0; k < c->claim_count; k++) {
        const struct hl_claim *claim = &c->claims[k];
        bool whole = claim->house <= 0;
        for (uint32_t j = 0; j < claim->taken_count && whole; j++) {
            const struct hl_taken *t = &claim->taken[j];
            whole = t->money <= 0 && t->in_kind <= stock_for(c, k, t->asset);
        }
        if (claim->coins_after > 0 || (k > 0 && claim->day == claim[-1].day))
            return false;
        if (!whole && l->claim != HL_NONE)
            return false;
        if (!whole)
            l->claim = k;
    }
    l->claim = l->claim == HL_NONE ? c->claim_count - 1 : l->claim;
    int last = c->claims[l->claim].day + deadline;
    for (size_t k = 0; k < c->claim_count; k++)
        if (k != l->claim && !is_gone_until(c, k, last))
            return false;
    return true;
}

/* Is there a row of guarantee crypto that pays on the day of every discovery, with no money in front of it? */
static bool is_guarantee_first(const struct hl_waterfall_case *c) {
    for (size_t i = 0; i < c->fund_count; i++) {
        const struct hl_plan_fund *f = &c->funds[i];
        if (c->basis != HL_BASIS_ALL && !f->earmarked)
            continue;
        if (f->kind == HL_FUND_guarantee_crypto)
            return is_sure_guarantee(f) && f->after_days == 0;
        if (f->kind != HL_FUND_recovery || f->after_days == 0)
            return false;
    }
    return false;
}

bool hl_lone_begin(struct hl_lone *l, const struct hl_waterfall_case *c) {
    int deadline = c->plan->checks[c->plan->deadline_check], guarantee;
    l->ready = false;
    l->claim = 0;
    if (c->plan->year_count > 1 || c->plan->pool_count > 0)
        return false;
    if (c->claim_count > 1 && (!is_guarantee_first(c) || !find_claim(l, c, deadline)))
        return false;
    if (!list_rows(l, c, deadline, &guarantee) || !list_parts(l, c, guarantee != HL_NO_DAY))
        return false;
    list_days(l, deadline);
    l->ready = true;
    return true;
}

/* --- what becomes of it --------------------------------------------------------------------------------------------
 */

static const double *prices_of(struct hl_lone *l, const struct hl_waterfall_case *c, size_t day) {
    struct hl_lone_day *d = &l->days[day];
    if (d->priced)
        return d->prices;
    int on = c->claims[l->claim].day + d->days;
    uint32_t asked[l->part_count + 1], count = 0;
    for (uint32_t j = 0; j < l->part_count; j++)
        if (l->coins[j] > 0)
            asked[count++] = l->assets[j];
    hl_prices_know(c->prices, on, count, asked);
    for (uint32_t j = 0; j < l->part_count; j++)
        if (l->coins[j] > 0)
            d->prices[j] = hl_prices_at(c->prices, l->assets[j], on);
    d->priced = true;
    return d->prices;
}

/* What is unpaid costs, not rounded. */
static double cost_of(const struct hl_lone *l, const double *prices) {
    double cost = 0;
    for (uint32_t j = 0; j < l->part_count; j++)
        cost += l->left[j] > 0 ? l->left[j] * prices[j] : 0;
    return cost;
}

/* Money that is not enough buys coins of every part, in proportion to what they cost: running totals are rounded. */
static void buy(struct hl_lone *l, const double *prices, double amount, double cost) {
    double upto = 0, given = 0;
    for (uint32_t j = 0; j < l->part_count; j++) {
        if (l->left[j] <= 0)
            continue;
        upto += l->left[j] * prices[j];
        double money = nearbyint(amount * (upto / cost)) - given;
        given += money;
        l->left[j] -= hl_least(l->left[j], nearbyint(money / prices[j]));
    }
}

double hl_lone_shortfall(struct hl_lone *l, const struct hl_waterfall_case *c) {
    if (l->whole)
        return 0;
    memcpy(l->left, l->coins, l->part_count * sizeof *l->left);
    for (size_t i = 0; i < l->row_count; i++) {
        double has = l->rows[i].is_extra ? c->extra_reserve : l->rows[i].has;
        if (has <= 0)
            continue;
        const double *prices = prices_of(l, c, l->rows[i].day);
        double cost = cost_of(l, prices);
        if (has >= nearbyint(cost))
            return 0;
        buy(l, prices, has, cost);
    }
    return nearbyint(cost_of(l, prices_of(l, c, l->day_count - 1)));
}
