/* Money is conserved: ten million random trials of random waterfalls, checked from the outside.
 *
 * The scenarios are those that the twin is compared on (tests/twin/invent.h): every kind of funds and every term,
 * prices that stand still or move, claims in coins and in money, several years. Nothing here asks the engine's own
 * checks, which a release build leaves out: the journal of each case is booked again, row by row and claim by claim,
 * and what the engine says in the end must be what these books say.
 */
#include "engine/events.h"
#include "engine/months.h"
#include "engine/pool.h"
#include "engine/years.h"
#include "twin/invent.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TRIALS = 5 * 1000 * 1000, FIRST = 1000000, ROWS = 128, CLAIMS = 512, FULL = 24, BLOCKS = 16 };

/* The books of one case. */
struct books {
    const struct hl_waterfall *w; /* for what is left, nothing else */
    const struct hl_waterfall_case *c;
    double paid[CLAIMS][ROWS]; /* net of what was given back */
    double received[CLAIMS];   /* by customers */
    double left[ROWS];         /* of stocks: money or coins */
    size_t opened;
    uint16_t year;
    int month; /* the next month's last day */
    bool closed;
    bool charged;      /* own capital also pays calls of others, or for reinstatements */
    const char *fault; /* the first thing that was wrong; NULL = none */
    uint64_t *payments;
};

static void expect(struct books *b, bool holds, const char *what) {
    if (!holds && b->fault == NULL)
        b->fault = what;
}

static double price_of(const struct hl_waterfall_case *c, size_t asset, int day) {
    return asset == HL_NONE ? 1 : hl_prices_at(c->prices, asset, day);
}

/* ---- stocks, as the calendar has them ---------------------------------------------------------------------------- */

static void refill(struct books *b, uint16_t year) {
    for (size_t i = 0; i < b->c->fund_count; i++) {
        const struct hl_plan_fund *f = &b->c->funds[i];
        if (f->levels == NULL)
            continue;
        double level = f->levels[year - 1];
        b->left[i] += fmax(fmin(nearbyint(f->refill_per_year * level), level - b->left[i]), 0);
    }
}

/* The firm's own coins that were stolen. */
static void lose(struct books *b, const struct hl_claim *claim) {
    double lost = claim->house;
    for (size_t i = 0; i < b->c->fund_count; i++) {
        if (b->c->funds[i].kind != HL_FUND_own_capital)
            continue;
        double price = price_of(b->c, b->c->funds[i].held_in, claim->day), worth = nearbyint(b->left[i] * price);
        b->left[i] -= fmin(nearbyint(lost / price), b->left[i]);
        lost -= fmin(lost, worth);
    }
}

/* Income and top-ups. */
static void end_month(struct books *b) {
    for (size_t i = 0; i < b->c->fund_count; i++) {
        const struct hl_plan_fund *f = &b->c->funds[i];
        double below = f->terms == NULL ? 0 : f->terms->top_up_below,
               income = f->incomes == NULL ? 0 : f->incomes[b->year - 1];
        if (f->levels == NULL || (income <= 0 && below <= 0))
            continue;
        double level = f->levels[b->year - 1], price = price_of(b->c, f->held_in, b->month);
        b->left[i] += nearbyint(fmax(fmin(income, level - nearbyint(b->left[i] * price)), 0) / price);
        double worth = nearbyint(b->left[i] * price);
        if (worth < below * level)
            b->left[i] += nearbyint((level - worth) / price);
    }
}

/* What was stolen of what the funds hold. */
static void open_claim(struct books *b, const struct hl_claim *claim) {
    for (uint32_t j = 0; j < claim->taken_count; j++) {
        double reserve = claim->taken[j].reserve, protection = claim->taken[j].protection;
        for (size_t i = 0; i < b->c->fund_count; i++) {
            const struct hl_plan_fund *f = &b->c->funds[i];
            double *stolen = f->kind == HL_FUND_reserve           ? &reserve
                             : f->kind == HL_FUND_protection_fund ? &protection
                                                                  : NULL;
            if (stolen == NULL || f->held_in != claim->taken[j].asset)
                continue;
            double lost = fmin(b->left[i], *stolen);
            b->left[i] -= lost;
            *stolen -= lost;
        }
    }
    lose(b, claim);
}

/* Years, months and thefts up to a day. */
static void catch_up(struct books *b, int day) {
    const struct hl_waterfall_case *c = b->c;
    for (;;) {
        bool more_years = hl_years_carried(c->plan) && b->year < c->plan->year_count;
        int year = more_years ? hl_year_day(c->plan, (uint16_t)(b->year + 1)) : HL_NO_DAY;
        int theft = b->opened < c->claim_count && !b->closed ? c->claims[b->opened].day : HL_NO_DAY;
        int month = b->closed || b->month > b->w->month_last ? HL_NO_DAY : b->month;
        if (year > day && theft > day && month > day)
            return;
        if (year <= theft && year <= month) {
            b->year++;
            if (!b->closed)
                refill(b, b->year);
        } else if (month <= theft) {
            end_month(b);
            b->month += HL_MONTH_DAYS;
        } else {
            open_claim(b, &c->claims[b->opened++]);
        }
    }
}

static void open_books(struct books *b, const struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    b->w = w;
    b->c = c;
    b->opened = 0;
    b->closed = false;
    b->fault = NULL;
    b->year = hl_years_carried(c->plan) ? 1 : hl_claim_year(c->plan, &c->claims[0]);
    b->month = HL_MONTH_DAYS + (hl_years_carried(c->plan) ? 0 : hl_year_day(c->plan, b->year));
    b->charged = c->plan->pool_count > 0;
    for (size_t i = 0; i < c->fund_count; i++)
        b->charged |= c->funds[i].layer != NULL && c->funds[i].terms->contract.premium == HL_PREMIUM_GIVEN;
    cr_assert(c->claim_count <= CLAIMS && c->fund_count <= ROWS);
    for (size_t k = 0; k < c->claim_count; k++) {
        memset(b->paid[k], 0, c->fund_count * sizeof *b->paid[k]);
        b->received[k] = 0;
    }
    for (size_t i = 0; i < c->fund_count; i++) {
        const struct hl_plan_fund *f = &c->funds[i];
        b->left[i] = f->levels != NULL    ? nearbyint(f->start * f->levels[b->year - 1])
                     : f->item == HL_NONE ? c->extra_reserve
                                          : 0;
    }
}

/* ---- what the journal tells -------------------------------------------------------------------------------------- */

/* Has a row a stock of its own? */
static bool has_stock(const struct hl_plan_fund *f) { return f->levels != NULL || f->item == HL_NONE; }

/* Could guarantee crypto have paid more of a claim? A stock of coins may keep a quantum's worth of them, by rounding.
 */
static bool has_coins(const struct books *b, size_t claim, int day) {
    const struct hl_claim *k = &b->c->claims[claim];
    bool more = false;
    for (uint32_t j = 0; j < k->taken_count; j++) {
        size_t asset = k->taken[j].asset, at = claim * b->w->assets + j;
        bool owed = b->w->coins[at] > 0 || b->w->money[at] > 0;
        more |= owed && nearbyint(b->w->guarantee[asset] * price_of(b->c, asset, day)) > 1;
    }
    return more;
}

/* Could a row have paid more of a claim than it did? */
static bool has_more(const struct books *b, size_t row, size_t claim, int day) {
    const struct hl_waterfall_case *c = b->c;
    const struct hl_plan_fund *f = &c->funds[row];
    double payable = b->w->payable[claim * b->w->funds_most + row];
    if (!hl_answers(b->w, c, row, claim) || hl_due_day(b->w, c, row, claim) > day || day >= b->w->fails[row])
        return false;
    if (f->kind == HL_FUND_transfer)
        return false; /* it paid all there was */
    if (f->kind == HL_FUND_guarantee_crypto)
        return has_coins(b, claim, day);
    if (f->kind == HL_FUND_pool)
        return hl_pools_left(b->w->at->pools, f, c->claims[0].exchange) > 0;
    if (payable >= 0)
        return payable > b->paid[claim][row] && (!has_stock(f) || b->w->left[row] > 0);
    return nearbyint(b->w->left[row] * price_of(c, f->held_in, day)) > (f->held_in == HL_NONE ? 0 : 1);
}

static void pays(void *context, int day, size_t row, size_t claim, double amount, double unpaid, size_t repaid) {
    struct books *b = context;
    const struct hl_plan_fund *f = &b->c->funds[row];
    (*b->payments)++;
    catch_up(b, day);
    expect(b, amount >= 0 && amount == nearbyint(amount), "a payment is a whole number of quanta, none negative");
    expect(b, unpaid >= 0, "what is unpaid is never negative");
    expect(b, day >= hl_due_day(b->w, b->c, row, claim), "nobody pays before its time");
    expect(b, day < b->w->fails[row], "nobody pays who has failed");
    b->paid[claim][row] += amount;
    if (has_stock(f) && f->held_in == HL_NONE)
        b->left[row] -= amount;
    else if (has_stock(f))
        b->left[row] -= fmin(nearbyint(amount / price_of(b->c, f->held_in, day)), b->left[row]);
    expect(b, (b->charged && f->kind == HL_FUND_own_capital) || b->left[row] >= 0, "no stock is overdrawn");
    if (repaid == HL_NONE) {
        b->received[claim] += amount;
        for (size_t i = 0; i < row; i++)
            expect(b, !has_more(b, i, claim, day), "a lower row pays customers when a higher one has no more");
        return;
    }
    expect(b, repaid > row, "only lower rows are paid back");
    b->paid[claim][repaid] -= amount;
    if (has_stock(&b->c->funds[repaid]))
        b->left[repaid] += nearbyint(amount / price_of(b->c, b->c->funds[repaid].held_in, day));
    expect(b, b->paid[claim][repaid] >= 0, "no more is paid back than was paid");
}

static void turns(void *context, uint16_t year, bool closed) {
    struct books *b = context;
    catch_up(b, hl_year_day(b->c->plan, year) - 1);
    b->closed = closed;
}

/* ---- the end of a case ------------------------------------------------------------------------------------------- */

/* The coins of a claim are owed or were bought; where no price moves its money is paid or lost. */
static void check_claim(struct books *b, const struct hl_outcome *o, size_t k) {
    const struct hl_claim *claim = &b->c->claims[k];
    double sum = 0, in_kind = 0;
    for (size_t i = 0; i < b->c->fund_count; i++)
        sum += b->paid[k][i];
    expect(b, sum == b->received[k], "what customers received is what the rows paid");
    for (uint32_t j = 0; j < claim->taken_count; j++) {
        size_t at = k * b->w->assets + j;
        in_kind += claim->taken[j].in_kind;
        expect(b, b->w->coins[at] >= 0 && b->w->money[at] >= 0, "nothing unpaid is negative");
        expect(b, b->w->coins[at] + b->w->bought[at] == claim->taken[j].in_kind,
               "coins owed are coins bought and coins unpaid");
    }
    expect(b, o->of[k].haircut >= 0 && o->of[k].claim == b->received[k] + o->of[k].haircut,
           "what was claimed was paid or lost");
    if (in_kind == 0 || b->c->plan->prices == NULL)
        expect(b, claim->claim == b->received[k] + o->of[k].haircut, "the claim was paid or lost");
}

static void check_case(struct books *b, const struct hl_outcome *o) {
    double paid = 0, received = 0, haircut = 0;
    catch_up(b, HL_NO_DAY - 1);
    for (size_t k = 0; k < o->open_count; k++) {
        check_claim(b, o, k);
        received += b->received[k];
        haircut += o->of[k].haircut;
    }
    for (size_t i = 0; i < b->c->fund_count; i++) {
        const struct hl_plan_fund *f = &b->c->funds[i];
        double sum = 0;
        for (size_t k = 0; k < o->open_count; k++)
            sum += b->paid[k][i];
        expect(b, o->paid[i] == sum && sum >= 0, "a row paid what the journal says");
        paid += o->paid[i];
        if (has_stock(f))
            expect(b,
                   b->w->left[i] >= 0 &&
                       (b->w->left[i] == b->left[i] || (b->charged && f->kind == HL_FUND_own_capital)),
                   "what a stock began with, got and gave is what is left");
    }
    expect(b, paid == received, "the rows paid what the journal says that customers got");
    expect(b, haircut == o->haircut && o->claim == paid + haircut, "all claims were paid or lost");
}

/* ---- many trials ------------------------------------------------------------------------------------------------- */

/* What one thread of them needs. */
struct bench {
    struct hl_plan plan;
    struct hl_events events;
    struct hl_claims claims;
    struct hl_waterfall waterfall;
    struct books books;
    uint32_t number; /* of the scenario */
    uint64_t trials; /* with claims */
    uint64_t cases;
    uint64_t payments;
};

static void expect_ok(enum hl_status status, struct hl_error *err) {
    if (status != HL_OK)
        hl_error_print(err, stderr);
    cr_assert(status == HL_OK);
    hl_error_free(err);
}

static void play_trial(struct bench *x, uint32_t block, uint32_t trial) {
    const struct hl_hit *hits = x->events.hits + x->events.first[trial];
    hl_claims_play(&x->claims, &x->plan, block, hits, x->events.first[trial + 1] - x->events.first[trial]);
    struct hl_journal journal = {.context = &x->books, .pays = pays, .turns = turns};
    x->trials += x->claims.count > 0;
    for (size_t first = 0; first < x->claims.count;) {
        struct hl_waterfall_case c = hl_years_case(&x->plan, &x->plan.policies[0], &x->claims, first, block, trial);
        c.journal = &journal;
        c.basis = x->trials % 8 == 0 ? HL_BASIS_EARMARKED : HL_BASIS_ALL;
        c.extra_reserve = x->trials % 4 == 0 ? (double)(x->trials % 64) : 0;
        const struct hl_waterfall *w = x->waterfall.pools == NULL
                                           ? &x->waterfall
                                           : &x->waterfall.pools->machines[x->claims.claims[first].exchange];
        open_books(&x->books, w, &c);
        struct hl_outcome o = hl_waterfall_solve(&x->waterfall, &c);
        check_case(&x->books, &o);
        cr_assert(x->books.fault == NULL, "scenario %u, block %u, trial %u, exchange %u: not so: %s", x->number, block,
                  trial, x->claims.claims[first].exchange, x->books.fault);
        x->cases++;
        first += c.claim_count;
    }
}

static void play_block(struct bench *x, uint32_t block, uint64_t most) {
    struct hl_error err = {0};
    size_t hits = 1;
    expect_ok(hl_events_sample(&x->events, &x->plan, 0, block, HL_BLOCK_TRIALS, &err), &err);
    for (uint32_t t = 0; t < HL_BLOCK_TRIALS; t++)
        if (x->events.first[t + 1] - x->events.first[t] > hits)
            hits = x->events.first[t + 1] - x->events.first[t];
    expect_ok(hl_claims_reserve(&x->claims, &x->plan, hits, &err), &err);
    expect_ok(hl_waterfall_reserve(&x->waterfall, &x->plan, hits, &err), &err);
    for (uint32_t t = 0; t < HL_BLOCK_TRIALS && x->trials < most; t++)
        if (x->events.first[t + 1] > x->events.first[t])
            play_trial(x, block, t);
}

/* What takes time and moves no money: many thefts in a trial, paths of prices, withdrawals. Most scenarios do without.
 */
static void thin_out(struct hl_scenario *s) {
    s->market.moves = false;
    s->run.any = false;
    for (size_t i = 0; i < s->breach_count; i++) {
        struct hl_count *count = &s->breaches[i].count;
        count->p[0] *= 0.06;
        count->low *= 0.06;
        count->high *= 0.06;
    }
}

static void play_scenario(struct bench *x, uint64_t most) {
    struct hl_error err = {0};
    struct hl_scenario s;
    twin_invent_full(&s, x->number);
    uint32_t blocks = 1;
    if (x->number % FULL != 0) {
        thin_out(&s);
        blocks = BLOCKS;
    }
    expect_ok(hl_plan_make(&x->plan, &s, &err), &err);
    for (uint32_t block = 0; block < blocks; block++)
        play_block(x, block, most);
    hl_waterfall_free(&x->waterfall);
    hl_claims_free(&x->claims);
    hl_events_free(&x->events);
    hl_plan_free(&x->plan);
    hl_scenario_free(&s);
}

/* From this scenario on. */
static void expect_conserved(uint32_t first) {
    struct bench *x = calloc(1, sizeof *x);
    cr_assert(x != NULL);
    x->books.payments = &x->payments;
    for (x->number = first; x->trials < TRIALS; x->number++)
        play_scenario(x, TRIALS);
    cr_log_info("%llu trials, %llu cases, %llu payments, %u scenarios", (unsigned long long)x->trials,
                (unsigned long long)x->cases, (unsigned long long)x->payments, x->number - first);
    cr_assert(x->trials == TRIALS, "%llu trials", (unsigned long long)x->trials);
    cr_assert(x->payments > x->trials, "%llu payments", (unsigned long long)x->payments);
    free(x);
}

/* Two, for two processors. */
Test(verify_conservation, five_million_random_trials) { expect_conserved(FIRST); }
Test(verify_conservation, five_million_others) { expect_conserved(2 * FIRST); }
