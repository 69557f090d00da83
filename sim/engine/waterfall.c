#include "engine/waterfall.h"

#include "base/money.h"
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

static bool answered(double probability, uint64_t seed, struct hl_address at) {
    return probability >= 1 || (probability > 0 && hl_u01(seed, at) < probability);
}

/* The layer's terms, with the limits scaled when the case asks for another limit per event. */
static struct hl_layer_terms terms_of(const struct hl_waterfall_case *c, size_t row) {
    struct hl_layer_terms terms = *c->funds[row].layer;
    if (c->layer_limit < 0 || row != hl_sized_row(c->funds, c->fund_count))
        return terms;
    if (isfinite(terms.aggregate_limit))
        terms.aggregate_limit = nearbyint(terms.aggregate_limit * (c->layer_limit / terms.limit));
    terms.limit = c->layer_limit;
    return terms;
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
                (f->kind == HL_FUND_recovery ||
                 answered(f->probability, p->seed,
                          (struct hl_address){hl_stream_with(f->stream, year), c->block, HL_DRAW_ANSWER, c->trial}));
        }
    }
}

static void start(struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    w->guarantee_row = HL_NONE;
    w->closed = false;
    hl_years_begin(w, c);
    start_years(w, c);
    for (size_t i = 0; i < c->fund_count; i++) {
        const struct hl_plan_fund *f = &c->funds[i];
        if (f->kind == HL_FUND_guarantee_crypto)
            w->guarantee_row = i;
        if (f->layer != NULL)
            w->terms[i] = terms_of(c, i);
        w->attached[i] = false;
        w->exhausted[i] = false;
        for (size_t k = 0; k < c->claim_count; k++) {
            w->paid[k * w->funds_most + i] = 0;
            w->payable[k * w->funds_most + i] = -1;
        }
    }
    memset(w->of, 0, c->claim_count * sizeof *w->of);
    memset(w->unpaid_at, 0, c->plan->check_count * sizeof *w->unpaid_at);
    memset(w->next_check, 0, c->claim_count * sizeof *w->next_check);
}

/* Adds a day to those listed, ascending, each once; returns their number. */
static size_t list_day(struct hl_waterfall *w, size_t count, int day) {
    size_t at = count;
    while (at > 0 && w->days[at - 1] > day)
        at--;
    if (at > 0 && w->days[at - 1] == day)
        return count;
    memmove(&w->days[at + 1], &w->days[at], (count - at) * sizeof *w->days);
    w->days[at] = day;
    return count + 1;
}

/* All days on which something can happen: thefts, lags that end, later years that begin. */
static size_t list_days(struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    const struct hl_plan *p = c->plan;
    size_t count = 0;
    for (size_t k = 0; k < c->claim_count; k++) {
        for (size_t i = 0; i < c->fund_count; i++)
            if (hl_answers(w, c, i, k))
                count = list_day(w, count, c->claims[k].day + c->funds[i].after_days);
        count = list_day(w, count, c->claims[k].day);
    }
    for (int year = hl_claim_year(p, &c->claims[0]) + 1; year <= p->year_count && hl_years_carried(p); year++)
        count = list_day(w, count, hl_year_day(p, (uint16_t)year));
    return count;
}

/* A theft comes in: the claim opens; what was stolen of the firm's own is gone from its funds. */
static void open_claim(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t k) {
    const struct hl_claim *claim = &c->claims[k];
    w->unpaid[k] = claim->claim;
    for (uint32_t j = 0; j < claim->taken_count; j++) {
        const struct hl_taken *t = &claim->taken[j];
        w->unpaid_asset[k * w->assets + j] = t->customers;
        w->guarantee_paid[k * w->assets + j] = 0;
        w->below[k * w->assets + j] = 0;
        w->guarantee[t->asset] = hl_most(w->guarantee[t->asset] - t->guarantee, 0);
    }
    for (size_t i = 0; i < c->fund_count; i++)
        if (c->funds[i].kind == HL_FUND_own_capital)
            w->left[i] = hl_most(w->left[i] - claim->house, 0);
}

/* Looks at the claim at every check that falls before `day`. */
static void look(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t k, double day,
                 struct hl_outcome *out) {
    const struct hl_plan *p = c->plan;
    for (; w->next_check[k] < p->check_count && c->claims[k].day + p->checks[w->next_check[k]] < day;
         w->next_check[k]++) {
        if (w->unpaid[k] <= 0)
            continue;
        w->unpaid_at[w->next_check[k]] = true;
        if (w->next_check[k] == p->deadline_check) {
            w->of[k].shortfall = w->unpaid[k];
            out->shortfall += w->unpaid[k];
            out->shortfall_largest = hl_most(out->shortfall_largest, w->unpaid[k]);
        }
    }
}

/* Takes `amount` out of values [count] in proportion: running totals are rounded, so the parts add up to `amount`. Each
 * part goes to `given` too, where there is one. */
static void share_out(double *values, size_t count, double amount, double *given) {
    double total = 0;
    for (size_t j = 0; j < count; j++)
        total += values[j];
    assert(amount <= total);
    if (given != NULL)
        memset(given, 0, count * sizeof *given);
    double upto = 0, gone = 0;
    for (size_t j = 0; j < count && total > 0; j++) {
        upto += values[j];
        double x = nearbyint(amount * (upto / total)) - gone;
        values[j] -= x;
        gone += x;
        if (given != NULL)
            given[j] = x;
    }
    assert(gone == amount || total == 0);
}

/* What the row may still pay for the claim; guarantee crypto is told by coin elsewhere. */
static double payable(struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t k) {
    const struct hl_plan_fund *f = &c->funds[i];
    const struct hl_claim *claim = &c->claims[k];
    double *known = &w->payable[k * w->funds_most + i];
    double *paid = &w->paid[k * w->funds_most];
    if (f->kind != HL_FUND_recovery && f->kind != HL_FUND_insurance)
        return w->left[i];
    if (*known < 0 && f->kind == HL_FUND_recovery) {
        uint64_t stream = hl_stream_with(f->stream, claim->stream);
        bool answers = answered(f->probability, c->plan->seed,
                                (struct hl_address){stream, c->block, HL_DRAW_ANSWER, claim->index});
        *known = answers ? nearbyint(f->recovered_share * claim->claim) : 0;
    } else if (*known < 0) {
        const struct hl_layer_terms *terms = &w->terms[i];
        struct hl_layer_state *layer = &w->layers[hl_year_row(w, c, i, k)];
        double insured = claim->claim;
        for (size_t j = 0; j < c->fund_count; j++)
            if (c->funds[j].kind == HL_FUND_recovery)
                insured -= paid[j];
        bool covered = (terms->covers >> c->plan->sources[claim->source].vector & 1) != 0;
        *known = covered ? nearbyint(terms->share * hl_layer_payable(terms, layer, insured)) : 0;
        w->attached[i] = w->attached[i] || *known > 0;
        w->exhausted[i] = w->exhausted[i] || (covered && insured - terms->attachment >= terms->limit);
    }
    return *known - paid[i];
}

/* Books a payment out of row i for claim k. */
static void book(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k, double amount,
                 size_t repaid) {
    w->paid[k * w->funds_most + i] += amount;
    w->left[i] -= amount; /* a number without meaning where the row has no stock */
    if (c->funds[i].kind == HL_FUND_insurance)
        hl_layer_pay(&w->layers[hl_year_row(w, c, i, k)], amount / w->terms[i].share);
    if (c->journal != NULL)
        c->journal->pays(c->journal->context, day, i, k, amount, repaid);
}

/* Row i has up to `most` for claim k beyond what customers are owed: it repays lower rows, the lowest first. Returns
 * what it spent. Money of a row above guarantee crypto takes over from those below it in proportion to the coins. */
static double repay(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k,
                    double most) {
    double *paid = &w->paid[k * w->funds_most];
    double spent = 0;
    for (size_t j = c->fund_count; j-- > i + 1 && spent < most;) {
        double amount = hl_least(most - spent, paid[j]);
        if (amount <= 0)
            continue;
        paid[j] -= amount;
        w->left[j] += amount;
        const struct hl_claim *claim = &c->claims[k];
        if (j == w->guarantee_row) {
            double back[claim->taken_count];
            share_out(&w->guarantee_paid[k * w->assets], claim->taken_count, amount, back);
            for (uint32_t a = 0; a < claim->taken_count; a++)
                w->guarantee[claim->taken[a].asset] += back[a];
        } else if (w->guarantee_row != HL_NONE && i < w->guarantee_row && j > w->guarantee_row) {
            share_out(&w->below[k * w->assets], claim->taken_count, amount, NULL);
        }
        book(w, c, day, i, k, amount, j);
        spent += amount;
    }
    return spent;
}

/* Money pays the customers; what it pays of each coin is kept where it stands in for guarantee crypto. */
static void pay_money(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k) {
    double amount = hl_least(payable(w, c, i, k), w->unpaid[k]);
    if (amount <= 0)
        return;
    uint32_t coins = c->claims[k].taken_count;
    double parts[coins];
    share_out(&w->unpaid_asset[k * w->assets], coins, amount, parts);
    for (uint32_t j = 0; j < coins && w->guarantee_row < i; j++)
        w->below[k * w->assets + j] += parts[j];
    w->unpaid[k] -= amount;
    book(w, c, day, i, k, amount, HL_NONE);
}

/* Guarantee crypto pays the customers in the coin that was stolen. */
static void pay_coins(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k) {
    const struct hl_claim *claim = &c->claims[k];
    double amount = 0;
    for (uint32_t j = 0; j < claim->taken_count; j++) {
        double *unpaid = &w->unpaid_asset[k * w->assets + j];
        double *stock = &w->guarantee[claim->taken[j].asset];
        double x = hl_least(*stock, *unpaid);
        *stock -= x;
        *unpaid -= x;
        w->guarantee_paid[k * w->assets + j] += x;
        amount += x;
    }
    w->unpaid[k] -= amount;
    if (amount > 0)
        book(w, c, day, i, k, amount, HL_NONE);
}

/* Guarantee crypto repays lower rows for what they paid in its coins' stead. */
static void repay_coins(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t i, size_t k) {
    const struct hl_claim *claim = &c->claims[k];
    for (uint32_t j = 0; j < claim->taken_count; j++) {
        double *stock = &w->guarantee[claim->taken[j].asset];
        double *below = &w->below[k * w->assets + j];
        double spent = repay(w, c, day, i, k, hl_least(*stock, *below));
        *stock -= spent;
        *below -= spent;
        w->guarantee_paid[k * w->assets + j] += spent;
    }
}

/* Row by row: first the customers of every claim, then the lower rows. */
static void pay_day(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t opened) {
    for (size_t i = 0; i < c->fund_count; i++) {
        bool coins = c->funds[i].kind == HL_FUND_guarantee_crypto;
        size_t due = 0;
        while (due < opened && c->claims[due].day + c->funds[i].after_days <= day)
            due++;
        for (size_t k = 0; k < due; k++)
            if (hl_answers(w, c, i, k))
                (coins ? pay_coins : pay_money)(w, c, day, i, k);
        for (size_t k = 0; k < due; k++) {
            if (!hl_answers(w, c, i, k) || !hl_years_may_repay(c, i, k, day))
                continue;
            if (coins)
                repay_coins(w, c, day, i, k);
            else
                repay(w, c, day, i, k, payable(w, c, i, k));
        }
    }
}

/* Conservation: each claim is what was paid and what is unpaid, to the last quantum, and no stock is overdrawn. */
static void check(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t open_count) {
#ifndef HL_RELEASE
    for (size_t k = 0; k < open_count; k++) {
        double sum = w->unpaid[k], by_asset = 0;
        for (size_t i = 0; i < c->fund_count; i++) {
            assert(w->paid[k * w->funds_most + i] >= 0);
            sum += w->paid[k * w->funds_most + i];
        }
        for (uint32_t j = 0; j < c->claims[k].taken_count; j++)
            by_asset += w->unpaid_asset[k * w->assets + j];
        assert(w->unpaid[k] >= 0 && sum == c->claims[k].claim && by_asset == w->unpaid[k]);
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

/* Has the layer paid all that its limit of a policy year allows, in any year with claims? */
static bool is_used_up(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t i, size_t open_count) {
    double most = hl_layer_year_limit(&w->terms[i]);
    for (size_t k = 0; k < open_count; k++) /* not a quantum more: what was paid is rounded, so it may miss the limit by
                                               a fraction */
        if (nearbyint(w->terms[i].share * (most - w->layers[hl_year_row(w, c, i, k)].used)) <= 0)
            return true;
    return false;
}

static void finish(struct hl_waterfall *w, const struct hl_waterfall_case *c, struct hl_outcome *out) {
    for (size_t i = 0; i < c->fund_count; i++) {
        w->paid_sum[i] = 0;
        for (size_t k = 0; k < out->open_count; k++)
            w->paid_sum[i] += w->paid[k * w->funds_most + i];
        if (c->funds[i].layer != NULL && isfinite(hl_layer_year_limit(&w->terms[i])))
            w->exhausted[i] = is_used_up(w, c, i, out->open_count);
    }
    for (size_t k = 0; k < out->open_count; k++) {
        look(w, c, k, INFINITY, out);
        w->of[k].haircut = w->unpaid[k];
        out->claim += c->claims[k].claim;
        out->haircut += w->unpaid[k];
        if (w->unpaid[k] > 0)
            out->days_until_whole = HL_NEVER;
    }
    out->of = w->of;
    out->paid = w->paid_sum;
    out->unpaid_at = w->unpaid_at;
    out->attached = w->attached;
    out->exhausted = w->exhausted;
}

/* Is every claim open, and each paid or past its deadline before `day`? */
static bool is_settled(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t opened,
                       size_t open_count, int day) {
    int deadline = c->plan->checks[c->plan->deadline_check];
    for (size_t k = 0; k < opened; k++)
        if (w->unpaid[k] > 0 && c->claims[k].day + deadline >= day)
            return false;
    return opened == open_count;
}

/* Where a later policy year begins on this day: an exchange that has failed closes, with no claims after the `opened`
 * first; the funds of another are refilled. */
static void turn_year(struct hl_waterfall *w, const struct hl_waterfall_case *c, int day, size_t opened,
                      struct hl_outcome *out) {
    uint16_t year = hl_year_of(c->plan, day);
    if (!hl_years_carried(c->plan) || day != hl_year_day(c->plan, year) || day <= c->claims[0].day || w->closed)
        return;
    w->closed = hl_years_failed(w, c, opened, year);
    if (w->closed)
        out->open_count = opened;
    else
        hl_years_refill(w, c, year);
    if (c->journal != NULL)
        c->journal->turns(c->journal->context, year, w->closed);
}

struct hl_outcome hl_waterfall_solve(struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    assert(c->claim_count > 0 && c->claim_count <= w->claims_most && c->fund_count <= w->funds_most);
    struct hl_outcome out = {.open_count = c->claim_count};
    start(w, c);
    size_t day_count = list_days(w, c);
    size_t opened = 0;
    for (size_t d = 0; d < day_count; d++) {
        int day = w->days[d];
        if (c->only_shortfall && is_settled(w, c, opened, out.open_count, day))
            break;
        for (size_t k = 0; k < opened; k++)
            look(w, c, k, day, &out);
        turn_year(w, c, day, opened, &out);
        for (; opened < out.open_count && c->claims[opened].day <= day; opened++)
            open_claim(w, c, opened);
        bool waiting[c->claim_count];
        for (size_t k = 0; k < opened; k++)
            waiting[k] = w->unpaid[k] > 0;
        pay_day(w, c, day, opened);
        for (size_t k = 0; k < opened; k++)
            if (waiting[k] && w->unpaid[k] <= 0)
                out.days_until_whole = hl_most(out.days_until_whole, day - c->claims[k].day);
    }
    finish(w, c, &out);
    check(w, c, out.open_count);
    return out;
}

enum hl_status hl_waterfall_reserve(struct hl_waterfall *w, const struct hl_plan *p, size_t claims_most,
                                    struct hl_error *err) {
    if (claims_most <= w->claims_most && claims_most > 0 && w->claims_most > 0)
        return HL_OK;
    hl_waterfall_free(w);
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
        {(void **)&w->unpaid, claims, sizeof(double)},
        {(void **)&w->unpaid_asset, claims * assets, sizeof(double)},
        {(void **)&w->paid, claims * funds, sizeof(double)},
        {(void **)&w->payable, claims * funds, sizeof(double)},
        {(void **)&w->guarantee, assets, sizeof(double)},
        {(void **)&w->guarantee_paid, claims * assets, sizeof(double)},
        {(void **)&w->below, claims * assets, sizeof(double)},
        {(void **)&w->left, funds, sizeof(double)},
        {(void **)&w->answers, years * funds, sizeof(bool)},
        {(void **)&w->layers, years * funds, sizeof(struct hl_layer_state)},
        {(void **)&w->terms, funds, sizeof(struct hl_layer_terms)},
        {(void **)&w->days, claims * (funds + 1) + years, sizeof(int)},
        {(void **)&w->next_check, claims, sizeof(size_t)},
        {(void **)&w->paid_sum, funds, sizeof(double)},
        {(void **)&w->unpaid_at, p->check_count, sizeof(bool)},
        {(void **)&w->attached, funds, sizeof(bool)},
        {(void **)&w->exhausted, funds, sizeof(bool)},
    };
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i].at = hl_arena_array(&w->arena, arrays[i].count, arrays[i].size);
        if (*arrays[i].at == NULL) {
            hl_waterfall_free(w);
            return hl_fail_memory(err);
        }
    }
    return HL_OK;
}

void hl_waterfall_free(struct hl_waterfall *w) {
    hl_arena_free(&w->arena);
    memset(w, 0, sizeof *w);
}
