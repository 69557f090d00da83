#include "engine/waterfall.h"

#include "base/money.h"
#include "engine/contracts.h"
#include "engine/given_back.h"
#include "engine/haircut.h"
#include "engine/insolvency.h"
#include "engine/months.h"
#include "engine/payments.h"
#include "engine/plain.h"
#include "engine/pool.h"
#include "engine/years.h"

#include <assert.h>
#include <math.h>
#include <string.h>

size_t hl_sized_row(const struct hl_plan_fund *funds, size_t fund_count) {
    for (size_t i = 0; i < fund_count; i++)
        if (funds[i].kind == HL_FUND_insurance)
            return i;
    return HL_NONE;
}

static bool is_active(const struct hl_waterfall_case *c, size_t row) {
    return c->basis == HL_BASIS_ALL || c->funds[row].earmarked;
}

/* Who answers, and layers as new, for every policy year that has claims. */
static void start_years(struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    const struct hl_plan *p = c->plan;
    uint16_t year = 0;
    for (size_t k = 0; k < c->claim_count; k++) {
        if (hl_claim_year(p, &c->claims[k]) == year)
            continue;
        year = hl_claim_year(p, &c->claims[k]);
        for (size_t i = 0; i < c->fund_count; i++) {
            const struct hl_plan_fund *f = &c->funds[i];
            size_t at = hl_year_row(w, c, i, k);
            w->layers[at] = (struct hl_layer_state){0};
            w->answers[at] =
                is_active(c, i) &&
                (f->kind == HL_FUND_recovery || f->probability >= 1 ||
                 hl_answered(f->probability, p->seed,
                             (struct hl_address){hl_stream_with(f->stream, year), c->block, HL_DRAW_ANSWER, c->trial}));
        }
    }
}

static void start(struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    w->guarantee_row = HL_NONE;
    w->closed = false;
    w->out = (struct hl_outcome){.open_count = c->claim_count};
    w->opened = 0;
    hl_years_begin(w, c);
    start_years(w, c);
    for (size_t i = 0; i < c->fund_count; i++) {
        const struct hl_plan_fund *f = &c->funds[i];
        if (f->kind == HL_FUND_guarantee_crypto)
            w->guarantee_row = i;
        if (f->layer != NULL)
            w->terms[i] = hl_contract_layer(c, i);
        w->attached[i] = false;
        w->exhausted[i] = false;
        w->fails[i] = hl_fail_day(c, i);
        for (size_t k = 0; k < c->claim_count; k++) {
            w->paid[k * w->funds_most + i] = 0;
            w->payable[k * w->funds_most + i] = -1;
        }
    }
    memset(w->of, 0, c->claim_count * sizeof *w->of);
    memset(w->unpaid_at, 0, c->plan->check_count * sizeof *w->unpaid_at);
    memset(w->next_check, 0, c->claim_count * sizeof *w->next_check);
    memset(w->rescued, 0, c->claim_count * sizeof *w->rescued);
}

/* Adds a day to those listed, ascending, each once; returns their number. */
static size_t list_day(struct hl_waterfall *w, size_t count, int day) {
    size_t at = count;
    while (at > 0 && w->days[at - 1] > day)
        at--;
    if (at > 0 && w->days[at - 1] == day)
        return count;
    for (size_t i = count; i > at; i--)
        w->days[i] = w->days[i - 1];
    w->days[at] = day;
    return count + 1;
}

/* Lists all days on which something can happen: thefts, lags that end, later years that begin. */
static void list_days(struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    const struct hl_plan *p = c->plan;
    size_t count = 0;
    for (size_t k = 0; k < c->claim_count; k++) {
        count = list_day(w, count, c->claims[k].day);
        for (size_t i = 0; i < c->fund_count; i++) {
            int *due = &w->due[k * w->funds_most + i];
            *due = hl_answers(w, c, i, k) ? hl_due_day(w, c, i, k) : HL_NO_DAY;
            if (*due != HL_NO_DAY)
                count = list_day(w, count, *due);
        }
    }
    w->month_last = count > 0 ? w->days[count - 1] : -1;
    for (int year = hl_years_first(c) + 1; year <= p->year_count && hl_years_carried(p); year++)
        count = list_day(w, count, hl_year_day(p, (uint16_t)year));
    w->day_count = count;
    w->day_next = 0;
}

/* A theft comes in: the claim opens; what was stolen of the firm's own is gone from its funds. */
static void open_claim(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t k) {
    const struct hl_claim *claim = &c->claims[k];
    for (uint32_t j = 0; j < claim->taken_count; j++) {
        const struct hl_taken *t = &claim->taken[j];
        size_t at = k * w->assets + j;
        w->coins[at] = t->in_kind;
        w->money[at] = t->money;
        w->bought[at] = 0;
        w->guarantee_paid[at] = 0;
        w->below[at] = 0;
        w->guarantee[t->asset] = hl_most(w->guarantee[t->asset] - t->guarantee, 0);
        hl_stock_lose(w, c, HL_FUND_reserve, t->asset, t->reserve);
        hl_stock_lose(w, c, HL_FUND_protection_fund, t->asset, t->protection);
    }
    w->received[k] = 0;
    hl_capital_lose(w, c, claim->day, claim->house);
}

/* Looks at the claim at every check that falls before `day`. */
static void look(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t k, double day) {
    const struct hl_plan *p = c->plan;
    for (; w->next_check[k] < p->check_count && c->claims[k].day + p->checks[w->next_check[k]] < day;
         w->next_check[k]++) {
        if (c->only_shortfall && w->next_check[k] != p->deadline_check)
            continue;
        double unpaid = hl_unpaid_cost(w, c, k, c->claims[k].day + p->checks[w->next_check[k]]);
        if (unpaid <= 0)
            continue;
        w->unpaid_at[w->next_check[k]] = true;
        if (w->next_check[k] == p->deadline_check) {
            w->of[k].shortfall = unpaid;
            w->out.shortfall += unpaid;
            w->out.shortfall_largest = hl_most(w->out.shortfall_largest, unpaid);
        }
    }
}

/* --- payments ------------------------------------------------------------------------------------------------------
 */

/* Row i has up to `most` for claim k beyond what customers are owed: it repays lower rows, the lowest first. Returns
 * what it spent. Money of a row above guarantee crypto takes over from those below it in proportion to the coins. */
static double repay(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k,
                    double most) {
    double spent = 0;
    for (size_t j = c->fund_count; j-- > i + 1 && spent < most;) {
        double amount = hl_least(most - spent, w->paid[k * w->funds_most + j]);
        if (amount <= 0)
            continue;
        hl_give_back(w, c, day, j, k, amount);
        if (j != w->guarantee_row && w->guarantee_row != HL_NONE && i < w->guarantee_row && j > w->guarantee_row)
            hl_share_out(&w->below[k * w->assets], c->claims[k].taken_count, amount, NULL);
        hl_book(w, c, day, i, k, amount, j);
        spent += amount;
    }
    return spent;
}

/* The money of a running total that falls to the part that ends at `upto` of `total`. */
static double next_part(double amount, double upto, double total, double *given) {
    double x = total > 0 ? nearbyint(amount * (upto / total)) - *given : 0;
    *given += x;
    return x;
}

/* Spreads money over the parts of a claim in proportion to what they cost; it buys coins at the price of the day. What
 * goes to each asset is `parts`. */
static void spread(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t k, double amount,
                   bool all, double *parts) {
    uint32_t count = c->claims[k].taken_count;
    double total = 0, upto = 0, given = 0;
    for (uint32_t j = 0; j < count; j++)
        total += hl_coins_cost(w, c, k, j, day) + w->money[k * w->assets + j];
    for (uint32_t j = 0; j < count; j++) {
        double *coins = &w->coins[k * w->assets + j], *money = &w->money[k * w->assets + j];
        upto += hl_coins_cost(w, c, k, j, day);
        double for_coins = next_part(amount, upto, total, &given), bought = *coins;
        if (bought > 0 && !all)
            bought = hl_least(bought, nearbyint(for_coins / hl_prices_at(c->prices, c->claims[k].taken[j].asset, day)));
        upto += *money;
        double for_money = next_part(amount, upto, total, &given);
        w->bought[k * w->assets + j] += bought;
        *coins -= bought;
        *money -= all ? *money : hl_least(*money, for_money);
        parts[j] = for_coins + for_money;
    }
}

/* Money pays the customers; what it pays of each coin is kept where it stands in for guarantee crypto. */
static void pay_money(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k) {
    bool unpaid = hl_is_unpaid(w, c, k);
    if (!unpaid && !hl_is_asked_once(c->funds[i].kind)) /* who is asked once is asked then */
        return;
    double most = hl_payable(w, c, day, i, k);
    if (most <= 0 || !unpaid)
        return;
    double cost = hl_unpaid_cost(w, c, k, day), amount = hl_least(most, cost);
    uint32_t coins = c->claims[k].taken_count;
    double parts[coins];
    spread(w, c, day, k, amount, amount == cost, parts);
    for (uint32_t j = 0; j < coins && w->guarantee_row < i; j++)
        w->below[k * w->assets + j] += parts[j];
    hl_book(w, c, day, i, k, amount, HL_NONE);
}

/* Guarantee crypto pays the customers in the coin that was stolen: coins that are owed, then money's worth of them. */
static void pay_coins(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k) {
    const struct hl_claim *claim = &c->claims[k];
    double amount = 0;
    for (uint32_t j = 0; j < claim->taken_count; j++) {
        size_t at = k * w->assets + j;
        double *stock = &w->guarantee[claim->taken[j].asset];
        if (*stock <= 0 || (w->coins[at] <= 0 && w->money[at] <= 0))
            continue;
        double price = hl_prices_at(c->prices, claim->taken[j].asset, day);
        double coins = hl_least(*stock, w->coins[at]);
        *stock -= coins;
        w->coins[at] -= coins;
        w->bought[at] += coins;
        double money = hl_least(w->money[at], nearbyint(*stock * price));
        *stock -= hl_least(*stock, nearbyint(money / price));
        w->money[at] -= money;
        double worth = nearbyint(coins * price) + money;
        w->guarantee_paid[at] += worth;
        amount += worth;
    }
    if (amount > 0)
        hl_book(w, c, day, i, k, amount, HL_NONE);
}

/* Guarantee crypto repays lower rows for what they paid in its coins' stead. */
static void repay_coins(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k) {
    const struct hl_claim *claim = &c->claims[k];
    for (uint32_t j = 0; j < claim->taken_count; j++) {
        double *stock = &w->guarantee[claim->taken[j].asset];
        double *below = &w->below[k * w->assets + j];
        if (*stock <= 0 || *below <= 0)
            continue;
        double price = hl_prices_at(c->prices, claim->taken[j].asset, day);
        double spent = repay(w, c, day, i, k, hl_least(nearbyint(*stock * price), *below));
        *stock -= hl_least(*stock, nearbyint(spent / price));
        *below -= spent;
        w->guarantee_paid[k * w->assets + j] += spent;
    }
}

/* Has a row below row i paid anything of claim k that could be repaid? */
static bool is_paid_below(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t k) {
    for (size_t j = i + 1; j < c->fund_count; j++)
        if (w->paid[k * w->funds_most + j] > 0)
            return true;
    return false;
}

/* Row by row: first the customers of every claim that is due, then the lower rows. */
static void pay_day(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t opened) {
    for (size_t i = 0; i < c->fund_count; i++) {
        bool coins = c->funds[i].kind == HL_FUND_guarantee_crypto;
        bool due[c->claim_count];
        for (size_t k = 0; k < opened; k++) {
            due[k] = w->due[k * w->funds_most + i] <= day && day < w->fails[i];
            if (due[k])
                (coins ? pay_coins : pay_money)(w, c, day, i, k);
        }
        for (size_t k = 0; k < opened; k++) {
            if (!due[k] || !is_paid_below(w, c, i, k) || !hl_years_may_repay(w, c, i, k, day))
                continue;
            if (coins)
                repay_coins(w, c, day, i, k);
            else
                repay(w, c, day, i, k, hl_payable(w, c, day, i, k));
        }
    }
}

/* Conservation: the money that customers received is what the rows paid, and the coins are those owed, to the last
 * quantum; where the claim was asked for and no coins are owed whose price moves, what was received and what is unpaid
 * make it up. No stock is overdrawn. */
static void check(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t open_count) {
#ifndef HL_RELEASE
    for (size_t k = 0; k < open_count; k++) {
        double sum = 0, in_kind = 0, unpaid = 0;
        for (size_t i = 0; i < c->fund_count; i++) {
            assert(w->paid[k * w->funds_most + i] >= 0);
            sum += w->paid[k * w->funds_most + i];
        }
        for (uint32_t j = 0; j < c->claims[k].taken_count; j++) {
            size_t at = k * w->assets + j;
            assert(w->coins[at] >= 0 && w->money[at] >= 0);
            assert(w->coins[at] + w->bought[at] == c->claims[k].taken[j].in_kind);
            in_kind += c->claims[k].taken[j].in_kind;
            unpaid += w->coins[at] + w->money[at];
        }
        assert(sum == w->received[k]);
        assert(isnan(c->claims[k].claim) || (in_kind > 0 && c->plan->prices != NULL) ||
               sum + unpaid == c->claims[k].claim);
    }
    for (size_t i = 0; i < c->fund_count; i++)
        assert(c->funds[i].levels == NULL || w->left[i] >= 0);
    for (size_t a = 0; a < w->assets; a++)
        assert(w->guarantee[a] >= 0);
#else
    (void)w;
    (void)c;
    (void)open_count;
#endif
}

/* The day at whose prices the unpaid of a claim is told in the end: all checks and all lags are over. */
static int last_day(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t k) {
    int last = c->claims[k].day + c->plan->checks[c->plan->check_count - 1];
    for (size_t i = 0; i < c->fund_count; i++)
        last = hl_due_day(w, c, i, k) > last ? hl_due_day(w, c, i, k) : last;
    return last;
}

/* Where a later policy year begins on this day: an exchange that has failed closes, with no claims after those that are
 * open; the funds of another are refilled. */
static void turn_year(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day) {
    if (!hl_years_carried(c->plan))
        return;
    uint16_t year = hl_year_of(c->plan, day);
    if (day != hl_year_day(c->plan, year) || year <= hl_years_first(c) || w->closed)
        return;
    w->closed = hl_years_failed(w, c, w->opened, year);
    if (w->closed)
        w->out.open_count = w->opened;
    else
        hl_years_refill(w, c, year);
    if (c->journal != NULL && w->opened > 0)
        c->journal->turns(c->journal->context, year, w->closed);
}

/* Where a month ends on this day, what comes in. */
static void play_month(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day) {
    if (day != w->month || day > w->month_last || w->closed)
        return;
    hl_months_play(w, c, day);
    w->month += HL_MONTH_DAYS;
}

void hl_waterfall_begin(struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    assert(c->claim_count > 0 && c->claim_count <= w->claims_most && c->fund_count <= w->funds_most);
    w->at = c;
    start(w, c);
    list_days(w, c);
}

bool hl_waterfall_is_settled(const struct hl_waterfall *w, int day) {
    const struct hl_waterfall_case *c = w->at;
    int deadline = c->plan->checks[c->plan->deadline_check];
    for (size_t k = 0; k < w->opened; k++)
        if (hl_is_unpaid(w, c, k) && c->claims[k].day + deadline >= day)
            return false;
    return w->opened == w->out.open_count;
}

void hl_waterfall_play(struct hl_waterfall *w, int day) {
    const struct hl_waterfall_case *c = w->at;
    assert(day <= hl_waterfall_next(w));
    w->day_next += w->day_next < w->day_count && day == w->days[w->day_next];
    for (size_t k = 0; k < w->opened; k++)
        look(w, c, k, day);
    turn_year(w, c, day);
    play_month(w, c, day);
    for (; w->opened < w->out.open_count && c->claims[w->opened].day <= day; w->opened++)
        open_claim(w, c, w->opened);
    size_t opened = w->opened;
    bool waiting[c->claim_count];
    for (size_t k = 0; k < opened; k++)
        waiting[k] = hl_is_unpaid(w, c, k);
    pay_day(w, c, day, opened);
    for (size_t k = 0; k < opened; k++)
        if (waiting[k] && !hl_is_unpaid(w, c, k))
            w->out.days_until_whole = hl_most(w->out.days_until_whole, day - c->claims[k].day);
}

double hl_waterfall_paid(const struct hl_waterfall *w, size_t row) {
    double sum = 0;
    for (size_t k = 0; k < w->opened; k++)
        sum += w->paid[k * w->funds_most + row];
    return sum;
}

void hl_waterfall_draw_capital(struct hl_waterfall *w, double amount, int day) {
    for (size_t i = 0; i < w->at->fund_count; i++) {
        if (w->at->funds[i].kind != HL_FUND_own_capital)
            continue;
        w->left[i] -= hl_least(nearbyint(amount / hl_stock_price(w->at, i, day)), w->left[i]);
        return;
    }
}

/* What the rows come to, and what becomes of every claim after its deadline. */
static void finish_all(struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    struct hl_outcome *out = &w->out;
    for (size_t i = 0; i < c->fund_count; i++) {
        w->paid_sum[i] = 0;
        for (size_t k = 0; k < out->open_count; k++)
            w->paid_sum[i] += w->paid[k * w->funds_most + i];
        if (c->funds[i].layer != NULL && isfinite(hl_layer_year_limit(&w->terms[i])))
            w->exhausted[i] = hl_contract_used_up(w, c, i, out->open_count);
        w->reinstated[i] = c->funds[i].layer != NULL ? hl_contract_reinstated(w, c, i, out->open_count) : 0;
    }
    for (size_t k = 0; k < out->open_count; k++) {
        int last = last_day(w, c, k);
        w->of[k].haircut = hl_unpaid_cost(w, c, k, last);
        w->of[k].claim = w->received[k] + w->of[k].haircut;
        out->claim += w->of[k].claim;
        out->haircut += w->of[k].haircut;
        bool unpaid = hl_is_unpaid(w, c, k);
        if (unpaid)
            out->days_until_whole = HL_NEVER;
        if (unpaid && c->plan->tells_end)
            out->haircut_share = hl_least(out->haircut_share + hl_haircut_share(w, c, k, last), HL_HAIRCUT_WHOLE);
        out->insolvent = out->insolvent || unpaid || w->rescued[k];
    }
}

struct hl_outcome hl_waterfall_finish(struct hl_waterfall *w) {
    const struct hl_waterfall_case *c = w->at;
    struct hl_outcome *out = &w->out;
    for (size_t k = 0; k < out->open_count; k++)
        look(w, c, k, INFINITY);
    if (!c->only_shortfall)
        finish_all(w, c);
    out->of = w->of;
    out->paid = w->paid_sum;
    out->unpaid_at = w->unpaid_at;
    out->attached = w->attached;
    out->exhausted = w->exhausted;
    out->reinstated = w->reinstated;
    check(w, c, out->open_count);
    return *out;
}

/* --- once more, with another additional reserve --------------------------------------------------------------------
 */

/* The first day on which the additional reserve can pay; HL_NO_DAY where the state before it is not kept. */
static int first_extra_day(const struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    int first = HL_NO_DAY;
    if (!c->sure || c->layer_limit >= 0 || c->plan->year_count > 1)
        return first;
    for (size_t i = 0; i < c->fund_count; i++)
        for (size_t k = 0; k < c->claim_count && c->funds[i].item == HL_NONE; k++)
            first = hl_due_day(w, c, i, k) < first ? hl_due_day(w, c, i, k) : first;
    return first;
}

static void keep(struct hl_waterfall *w) {
    memcpy(w->kept_state, w->state, w->state_size);
    *w->kept = *w;
    w->is_kept = true;
}

/* Goes back to what was kept. */
static void take_up(struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    *w = *w->kept;
    w->is_kept = true;
    memcpy(w->state, w->kept_state, w->state_size);
    w->at = c;
    for (size_t i = 0; i < c->fund_count; i++)
        if (c->funds[i].item == HL_NONE)
            w->left[i] = c->extra_reserve;
}

/* The outcome of a case that is asked for nothing else: one claim's shortfall, and none of the others'. */
static struct hl_outcome only_shortfall(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t claim,
                                        double shortfall) {
    memset(w->of, 0, c->claim_count * sizeof *w->of);
    w->of[claim].shortfall = shortfall;
    return (struct hl_outcome){
        .open_count = c->claim_count, .shortfall = shortfall, .shortfall_largest = shortfall, .of = w->of};
}

struct hl_outcome hl_waterfall_solve(struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    if (w->pools != NULL)
        return hl_pools_solve(w->pools, c);
    if (c->plain)
        return hl_plain_solve(w, c);
    w->lone.ready = w->lone.ready && c->again;
    if (c->sure && c->only_shortfall && (w->lone.ready || hl_lone_begin(&w->lone, c)))
        return only_shortfall(w, c, w->lone.claim, hl_lone_shortfall(&w->lone, c));
    if (c->sure && c->only_shortfall && hl_is_given_back(c))
        return only_shortfall(w, c, 0, 0);
    struct hl_outcome out;
    if (c->sure && !c->only_shortfall && hl_given_back_play(w, c, &out))
        return out;
    int keep_at = HL_NO_DAY;
    if (c->again && w->is_kept) {
        take_up(w, c);
    } else {
        hl_waterfall_begin(w, c);
        w->is_kept = w->is_kept && c->layer_limit >= 0; /* others do not disturb what was kept */
        if (!c->sure || !hl_lone_begin(&w->lone, c))    /* a lone claim needs none of it */
            keep_at = first_extra_day(w, c);
    }
    for (int day = 0; (day = hl_waterfall_next(w)) != HL_NO_DAY;) {
        if (day >= keep_at && !w->is_kept)
            keep(w);
        if (c->only_shortfall && hl_waterfall_is_settled(w, day))
            break;
        hl_waterfall_play(w, day);
    }
    return hl_waterfall_finish(w);
}

/* The room that so many bytes take in the state. */
static size_t in_state(size_t bytes) { return (bytes + 15) / 16 * 16; }

/* Makes room for one exchange's claims. */
static enum hl_status reserve_one(struct hl_waterfall *w, const struct hl_plan *p, size_t claims_most,
                                  struct hl_error *err) {
    size_t claims = claims_most + claims_most / 2 + 4, funds = p->funds_most, assets = p->scenario->asset_count,
           years = p->year_count;
    w->claims_most = claims;
    w->funds_most = funds;
    w->assets = assets;
    struct {
        void **at;
        size_t count, size;
    } const arrays[] = {
        {(void **)&w->of, claims, sizeof(struct hl_claim_outcome)},
        {(void **)&w->coins, claims * assets, sizeof(double)},
        {(void **)&w->money, claims * assets, sizeof(double)},
        {(void **)&w->bought, claims * assets, sizeof(double)},
        {(void **)&w->received, claims, sizeof(double)},
        {(void **)&w->paid, claims * funds, sizeof(double)},
        {(void **)&w->payable, claims * funds, sizeof(double)},
        {(void **)&w->guarantee, assets, sizeof(double)},
        {(void **)&w->guarantee_paid, claims * assets, sizeof(double)},
        {(void **)&w->below, claims * assets, sizeof(double)},
        {(void **)&w->left, funds, sizeof(double)},
        {(void **)&w->answers, years * funds, sizeof(bool)},
        {(void **)&w->layers, years * funds, sizeof(struct hl_layer_state)},
        {(void **)&w->terms, funds, sizeof(struct hl_layer_terms)},
        {(void **)&w->due, claims * funds, sizeof(int)},
        {(void **)&w->fails, funds, sizeof(int)},
        {(void **)&w->rescued, claims, sizeof(bool)},
        {(void **)&w->days, claims * (funds + 1) + years, sizeof(int)},
        {(void **)&w->next_check, claims, sizeof(size_t)},
        {(void **)&w->paid_sum, funds, sizeof(double)},
        {(void **)&w->unpaid_at, p->check_count, sizeof(bool)},
        {(void **)&w->attached, funds, sizeof(bool)},
        {(void **)&w->exhausted, funds, sizeof(bool)},
        {(void **)&w->reinstated, funds, sizeof(double)},
    };
    size_t count = sizeof arrays / sizeof *arrays;
    w->state_size = 0;
    for (size_t i = 0; i < count; i++)
        w->state_size += in_state(arrays[i].count * arrays[i].size);
    w->state = hl_arena_array(&w->arena, w->state_size, 1);
    w->kept_state = hl_arena_array(&w->arena, w->state_size, 1);
    w->kept = hl_arena_array(&w->arena, 1, sizeof *w->kept);
    if (w->state == NULL || w->kept_state == NULL || w->kept == NULL || !hl_lone_make(&w->lone, &w->arena, p))
        return hl_fail_memory(err);
    char *at = w->state;
    for (size_t i = 0; i < count; i++) {
        *arrays[i].at = at;
        at += in_state(arrays[i].count * arrays[i].size);
    }
    return HL_OK;
}

/* Makes room for the claims of all exchanges side by side. */
static enum hl_status reserve_pools(struct hl_waterfall *w, const struct hl_plan *p, size_t claims_most,
                                    struct hl_error *err) {
    w->pools = hl_arena_array(&w->arena, 1, sizeof *w->pools);
    if (w->pools == NULL)
        return hl_fail_memory(err);
    enum hl_status status = hl_pools_make(w->pools, p, err);
    for (size_t e = 0; e < p->scenario->exchange_count && status == HL_OK; e++)
        status = reserve_one(&w->pools->machines[e], p, claims_most, err);
    return status;
}

enum hl_status hl_waterfall_reserve(struct hl_waterfall *w, const struct hl_plan *p, size_t claims_most,
                                    struct hl_error *err) {
    if (claims_most <= w->claims_most && claims_most > 0 && w->claims_most > 0)
        return HL_OK;
    hl_waterfall_free(w);
    enum hl_status status = reserve_one(w, p, claims_most, err);
    if (status == HL_OK && p->pool_count > 0)
        status = reserve_pools(w, p, claims_most, err);
    if (status != HL_OK)
        hl_waterfall_free(w);
    return status;
}

void hl_waterfall_free(struct hl_waterfall *w) {
    if (w->pools != NULL)
        hl_pools_free(w->pools);
    hl_arena_free(&w->arena);
    memset(w, 0, sizeof *w);
}
