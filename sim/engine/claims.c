#include "engine/claims.h"

#include "base/money.h"
#include "engine/given_back.h"
#include "engine/owed.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Does anything depend on what coins are worth at the thefts? */
static bool is_worth_asked(const struct hl_scenario *s) {
    bool asked = isfinite(s->market.impact_above) || s->market.token_fall > 0;
    for (size_t a = 0; a < s->asset_count; a++)
        asked = asked || s->claim_terms[a].share[HL_IN_KIND] < 1;
    for (size_t f = 0; f < s->fund_count; f++)
        asked =
            asked || (s->funds[f].kind == HL_FUND_insurance && s->funds[f].contract.valued_at == HL_VALUED_AT_THEFT);
    return asked;
}

/* Is a trial played without the prices that only reports ask for? */
static bool is_lean(const struct hl_claims *c) { return c->lean && c->prices.plan->prices != NULL; }

/* Makes the table of what is given back. */
static enum hl_status find_given_back(struct hl_claims *c, const struct hl_plan *p, struct hl_error *err) {
    bool *at = hl_arena_array(&c->arena, p->target_count, sizeof *at);
    c->gives_back = hl_arena_array(&c->arena, p->source_count, sizeof *c->gives_back);
    if (at == NULL || c->gives_back == NULL)
        return hl_fail_memory(err);
    for (size_t s = 0; s < p->source_count; s++) {
        const struct hl_source *src = &p->sources[s];
        c->gives_back[s] = at;
        for (size_t t = 0; t < src->target_count; t++)
            *at++ = hl_gives_back_any(p, &p->policies[0], src, &src->targets[t]);
    }
    return HL_OK;
}

enum hl_status hl_claims_reserve(struct hl_claims *c, const struct hl_plan *p, size_t hits_most, struct hl_error *err) {
    if (c->gives_back == NULL && find_given_back(c, p, err) != HL_OK)
        return HL_FAILED;
    if (c->wallets.plan == NULL && hl_wallets_make(&c->wallets, p, err) != HL_OK)
        return HL_FAILED;
    c->worth_asked = is_worth_asked(p->scenario);
    enum hl_status status = hl_prices_reserve(&c->prices, p, hits_most * (2 * p->scenario->asset_count + 1), err);
    if (hits_most <= c->capacity || status != HL_OK)
        return status;
    free(c->claims);
    free(c->events);
    free(c->taken);
    free(c->claim_of);
    free(c->agenda);
    c->capacity = hits_most + hits_most / 2 + 8;
    c->claims = calloc(c->capacity, sizeof *c->claims);
    c->events = calloc(c->capacity, sizeof *c->events);
    c->taken = calloc(c->capacity * p->scenario->asset_count, sizeof *c->taken);
    c->claim_of = calloc(c->capacity, sizeof *c->claim_of);
    c->agenda = calloc(c->capacity, sizeof *c->agenda);
    bool failed =
        c->claims == NULL || c->events == NULL || c->taken == NULL || c->claim_of == NULL || c->agenda == NULL;
    return failed ? hl_fail_memory(err) : HL_OK;
}

/* --- what is in reach ----------------------------------------------------------------------------------------------
 */

/* The cells that this event reaches, as a range of the target's list, and the part of a cell that counts: one of its
 * wallets, or all. An asset's cells need not be neighbours, so it is named apart. */
struct reach {
    uint32_t from, to;
    uint32_t asset; /* UINT32_MAX = any */
    bool one_wallet;
};

/* The cell whose stretch of the running sum holds `pick` of the whole. */
static uint32_t picked(const struct hl_target *t, double pick) {
    double mark = pick * t->upto[t->cell_count - 1];
    uint32_t low = 0, high = t->cell_count - 1;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (t->upto[middle] > mark)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static struct reach reach_of(const struct hl_plan *p, enum hl_reach reach, const struct hl_target *t, double pick) {
    struct reach all = {0, t->cell_count, UINT32_MAX, false};
    if (t->cell_count == 0 || reach == HL_REACH_ALL)
        return all;
    uint32_t cell = reach == HL_REACH_LARGEST_WALLET ? t->largest : picked(t, pick);
    if (reach == HL_REACH_ONE_ASSET)
        return (struct reach){0, t->cell_count, p->cells[t->cells[cell]].asset, false};
    return (struct reach){cell, cell + 1, UINT32_MAX, true};
}

/* What is there of one cell for this event. Of a group of equal wallets one holds the average of what is left. */
static double available(const struct hl_claims *c, const struct hl_plan *p, uint32_t cell, const struct reach *r) {
    if (r->asset != UINT32_MAX && p->cells[cell].asset != r->asset)
        return 0;
    double left = c->wallets.left[cell];
    return r->one_wallet ? floor(left / p->cells[cell].wallets) : left;
}

/* All that is there, in quanta at the prices of day 0. */
static double in_reach(const struct hl_claims *c, const struct hl_plan *p, const struct hl_target *t,
                       const struct reach *r) {
    double total = 0;
    for (uint32_t i = r->from; i < r->to; i++)
        total += available(c, p, t->cells[i], r);
    return total;
}

/* The same at the prices of a day. */
static double worth_in_reach(struct hl_claims *c, const struct hl_plan *p, const struct hl_target *t,
                             const struct reach *r, int day) {
    double total = 0;
    for (uint32_t i = r->from; i < r->to; i++)
        total += available(c, p, t->cells[i], r) * hl_prices_at(&c->prices, p->cells[t->cells[i]].asset, day);
    return total;
}

/* The share of what is there that an amount is, both in coins or both in money. */
static double share_of(double there, double amount) { return there > 0 ? hl_least(amount / there, 1) : 0; }

/* --- what is taken -------------------------------------------------------------------------------------------------
 */

/* A claim's row of an asset; rows stay in ascending order. */
static struct hl_taken *row_of(struct hl_claim *claim, struct hl_taken *rows, uint32_t asset) {
    uint32_t at = 0;
    while (at < claim->taken_count && rows[at].asset < asset)
        at++;
    if (at == claim->taken_count || rows[at].asset != asset) {
        memmove(&rows[at + 1], &rows[at], (claim->taken_count - at) * sizeof *rows);
        rows[at] = (struct hl_taken){.asset = asset};
        claim->taken_count++;
    }
    return &rows[at];
}

/* Adds x quanta of coins, taken on a day. */
static void add_taken(struct hl_claims *c, struct hl_claim *claim, const struct hl_cell *cell, double x, int day) {
    struct hl_taken *rows = c->taken + (claim->taken - c->taken);
    bool told = !is_lean(c) || c->worth_asked || cell->owner == HL_OWNER_HOUSE;
    double worth = told ? nearbyint(x * hl_prices_at(&c->prices, cell->asset, day)) : NAN;
    claim->gross += worth;
    c->events[claim->event].gross += worth;
    if (cell->owner == HL_OWNER_HOUSE) {
        claim->house += worth;
    } else if (cell->owner == HL_OWNER_GUARANTEE) {
        row_of(claim, rows, cell->asset)->guarantee += x;
    } else if (cell->owner == HL_OWNER_RESERVE) {
        row_of(claim, rows, cell->asset)->reserve += x;
    } else if (cell->owner == HL_OWNER_PROTECTION_FUND) {
        row_of(claim, rows, cell->asset)->protection += x;
    } else {
        struct hl_taken *row = row_of(claim, rows, cell->asset);
        row->customers += x;
        row->by_tier[cell->tier] += x;
        row->worth += worth;
    }
}

/* Takes a share of every cell in reach. The running total is rounded and not each part, so that the parts add up to the
 * whole to the last quantum. */
static void take_share(struct hl_claims *c, const struct hl_plan *p, const struct hl_target *t, const struct reach *r,
                       double share, double day, struct hl_claim *claim) {
    double upto = 0, taken = 0;
    for (uint32_t i = r->from; i < r->to; i++) {
        uint32_t cell = t->cells[i];
        upto += available(c, p, cell, r);
        double x = nearbyint(share * upto) - taken;
        if (x <= 0)
            continue;
        x = hl_least(x, c->wallets.left[cell]);
        hl_wallets_take(&c->wallets, cell, day, x);
        taken += x;
        add_taken(c, claim, &p->cells[cell], x, (int)day);
    }
    assert(taken <= upto);
}

/* The days that parcel k of a drain of T days lasts. */
static double parcel_days(double days, uint32_t parcel) {
    return hl_least(days - (double)parcel * HL_PARCEL_DAYS, HL_PARCEL_DAYS);
}

/* The share of what is there that a parcel of a drain takes: a speed that is a share goes by coins, money by worth. */
static double parcel_share(const struct hl_drain *drain, const struct hl_target *t, const struct hl_hit *hit,
                           struct hl_moment *m, double there, double worth) {
    double days = parcel_days(hit->notice_days, m->parcel);
    if (m->parcel == 0)
        m->first = there;
    double share =
        drain->share_per_day > 0 ? share_of(there, hit->size * days * m->first) : share_of(worth, hit->size * days);
    return hl_least(share, share_of(worth, t->throttle_per_day * days));
}

/* --- the trial's moments -------------------------------------------------------------------------------------------
 */

static bool comes_later(const struct hl_moment *a, const struct hl_moment *b) {
    if (a->day != b->day)
        return a->day > b->day;
    if (a->discovery != b->discovery)
        return a->discovery;
    return a->hit > b->hit;
}

/* The agenda's last is the next to come. */
static void plan_moment(struct hl_claims *c, struct hl_moment moment) {
    size_t at = c->agenda_count++;
    for (; at > 0 && comes_later(&moment, &c->agenda[at - 1]); at--)
        c->agenda[at] = c->agenda[at - 1];
    c->agenda[at] = moment;
}

/* A breach is public from the day of its discovery on: prices fall. */
static void make_public(struct hl_claims *c, const struct hl_plan *p, const struct hl_claim *claim) {
    const struct hl_scenario *s = p->scenario;
    const struct hl_market *m = &s->market;
    bool large = claim->gross > m->impact_above;
    if (large && m->impact_of_all)
        hl_prices_fall(&c->prices, HL_NONE, claim->day, m->impact_fall);
    for (uint32_t j = 0; j < claim->taken_count && large && !m->impact_of_all; j++)
        hl_prices_fall(&c->prices, claim->taken[j].asset, claim->day, m->impact_fall);
    for (size_t a = 0; a < s->asset_count && m->token_fall > 0 && claim->gross > 0; a++)
        if (s->assets[a].token_of == claim->exchange)
            hl_prices_fall(&c->prices, a, claim->day, m->token_fall);
}

/* What a share or an amount takes, at once. */
static void take_size(struct hl_claims *c, const struct hl_plan *p, const struct hl_hit *hit, struct reach *r,
                      double day, struct hl_claim *claim) {
    const struct hl_source *src = &p->sources[hit->source];
    const struct hl_target *t = &src->targets[hit->target];
    if (hit->sizes != NULL) {
        uint32_t only = r->asset, count = 0, assets[p->scenario->asset_count];
        for (uint32_t a = 0; a < p->scenario->asset_count; a++)
            if ((only == UINT32_MAX || a == only) && hit->sizes[a] > 0)
                assets[count++] = a;
        if (!is_lean(c) || c->worth_asked)
            hl_prices_know(&c->prices, (int)day, count, assets);
        for (r->asset = 0; r->asset < p->scenario->asset_count; r->asset++)
            if (only == UINT32_MAX || r->asset == only)
                take_share(c, p, t, r, hit->sizes[r->asset], day, claim);
    } else if (src->breach->size.family->share) {
        take_share(c, p, t, r, hit->size, day, claim);
    } else {
        take_share(c, p, t, r, share_of(worth_in_reach(c, p, t, r, (int)day), hit->size), day, claim);
    }
}

/* One take of a hit: all of it, or a parcel of a drain, which plans the next. */
static void take(struct hl_claims *c, const struct hl_plan *p, const struct hl_hit *told, struct hl_moment m) {
    struct hl_hit hit = *told;
    const struct hl_source *src = &p->sources[hit.source];
    const struct hl_breach *b = src->breach;
    const struct hl_target *t = &src->targets[hit.target];
    struct hl_claim *claim = &c->claims[c->claim_of[m.hit]];
    double sizes[p->scenario->asset_count];
    if (claim->given_back)
        return;
    if (isnan(hit.size))
        hl_hit_tell_size(&hit, sizes, p, c->block);
    struct reach r = reach_of(p, b->reach, t, hit.pick);
    hl_wallets_open_day(&c->wallets, t->exchange, m.day);
    if (p->scenario->run.any && claim->held < 0)
        claim->held = hl_wallets_customers(&c->wallets, t->exchange, ~0u);
    if (b->size.family == NULL) {
        double there = in_reach(c, p, t, &r), worth = worth_in_reach(c, p, t, &r, (int)m.day);
        take_share(c, p, t, &r, parcel_share(&b->drain, t, &hit, &m, there, worth), m.day, claim);
        m.parcel++;
        m.day = hit.day + (double)m.parcel * HL_PARCEL_DAYS;
        if (parcel_days(hit.notice_days, m.parcel) > 0) {
            plan_moment(c, m);
            return;
        }
    } else {
        take_size(c, p, &hit, &r, m.day, claim);
    }
    if (--claim->hits_left > 0)
        return;
    make_public(c, p, claim);
    if (p->scenario->run.any)
        plan_moment(c, (struct hl_moment){.day = claim->discovered, .discovery = true, .hit = m.hit});
}

/* A claim is known: customers run when it took enough of their coins. */
static void discover(struct hl_claims *c, const struct hl_plan *p, struct hl_claim *claim) {
    const struct hl_run_terms *terms = &p->scenario->run;
    double taken = 0;
    for (uint32_t j = 0; j < claim->taken_count; j++)
        taken += claim->taken[j].customers;
    if (taken <= 0 || taken < terms->above * claim->held)
        return;
    hl_wallets_open_day(&c->wallets, claim->exchange, claim->discovered);
    double liquid = hl_wallets_customers(&c->wallets, claim->exchange, terms->liquid);
    double other = hl_wallets_customers(&c->wallets, claim->exchange, ~terms->liquid);
    claim->run = hl_withdrawals_play(terms, liquid, other, claim->leaving);
    hl_wallets_withdraw(&c->wallets, claim->exchange, claim->leaving);
}

void hl_claim_know_prices(const struct hl_claim *claim, struct hl_prices *prices, int day) {
    uint32_t count = claim->taken_count, assets[count + 1];
    for (uint32_t j = 0; j < count; j++)
        assets[j] = claim->taken[j].asset;
    if (count > 1) /* one alone can wait until it is asked for */
        hl_prices_know(prices, day, count, assets);
}

/* Claims by exchange; within one by discovery, and where that is the same in the order of the thefts. */
static void sort_claims(struct hl_claims *c) {
    for (size_t i = 1; i < c->count; i++) {
        struct hl_claim moved = c->claims[i];
        size_t at = i;
        for (; at > 0 &&
               (c->claims[at - 1].exchange > moved.exchange ||
                (c->claims[at - 1].exchange == moved.exchange && c->claims[at - 1].discovered > moved.discovered));
             at--)
            c->claims[at] = c->claims[at - 1];
        c->claims[at] = moved;
    }
}

static bool is_same_event(const struct hl_hit *a, const struct hl_hit *b) {
    return a->source == b->source && a->stream == b->stream && a->index == b->index;
}

/* Opens the hit's event, and its claim at the exchange that it hits, unless the hit before it did. */
static void open_hit(struct hl_claims *c, const struct hl_plan *p, const struct hl_hit *hits, size_t i) {
    const struct hl_hit *hit = &hits[i];
    bool same = i > 0 && is_same_event(hit, &hits[i - 1]);
    if (!same)
        c->events[c->event_count++] = (struct hl_event){.source = hit->source, .year = hit->year};
    if (hit->target == HL_NO_TARGET)
        return;
    uint32_t exchange = p->sources[hit->source].targets[hit->target].exchange;
    double discovered = hit->day + hit->notice_days;
    if (!same || c->claims[c->count - 1].exchange != exchange) {
        c->claims[c->count] = (struct hl_claim){.stream = hit->stream,
                                                .index = hit->index,
                                                .exchange = exchange,
                                                .source = hit->source,
                                                .event = (uint32_t)c->event_count - 1,
                                                .theft_day = (int)hit->day,
                                                .held = -1,
                                                .leaving = hit->withdrawn,
                                                .taken = c->taken + c->count * p->scenario->asset_count};
        c->count++;
        c->events[c->event_count - 1].exchanges++;
    }
    struct hl_claim *claim = &c->claims[c->count - 1];
    claim->hits_left++;
    claim->discovered = hl_most(claim->discovered, discovered);
    claim->day = (int)claim->discovered;
    c->claim_of[i] = (uint32_t)c->count - 1;
    plan_moment(c, (struct hl_moment){.day = hit->day, .hit = (uint32_t)i});
}

/* An event belongs to the policy year in which it is first discovered. */
static void date_events(struct hl_claims *c, const struct hl_plan *p) {
    for (size_t k = 0; k < c->count; k++) {
        const struct hl_claim *claim = &c->claims[k];
        struct hl_event *event = &c->events[claim->event];
        uint16_t year = hl_year_of(p, claim->day);
        bool first = k == 0 || c->claims[k - 1].event != claim->event;
        if (first || year < event->year)
            event->year = year;
    }
}

/* Finds the claims that are given back whatever they took: of one hit, the only ones of their exchange. */
static void find_lone(struct hl_claims *c, const struct hl_hit *hits, size_t hit_count) {
    for (size_t i = 0; i < hit_count && c->lean; i++) {
        if (hits[i].target == HL_NO_TARGET || !c->gives_back[hits[i].source][hits[i].target])
            continue;
        struct hl_claim *claim = &c->claims[c->claim_of[i]];
        claim->given_back = claim->hits_left == 1;
        for (size_t k = 0; k < c->count && claim->given_back; k++)
            claim->given_back = &c->claims[k] == claim || c->claims[k].exchange != claim->exchange;
    }
}

void hl_claims_play(struct hl_claims *c, const struct hl_plan *p, uint32_t block, const struct hl_hit *hits,
                    size_t hit_count) {
    hl_prices_begin(&c->prices, block, hit_count > 0 ? hits[0].trial : 0);
    c->block = block;
    c->count = 0;
    c->event_count = 0;
    c->agenda_count = 0;
    hl_wallets_begin(&c->wallets);
    for (size_t i = 0; i < hit_count; i++)
        open_hit(c, p, hits, i);
    date_events(c, p);
    find_lone(c, hits, hit_count);
    if (c->known)
        c->agenda_count = 0;
    while (c->agenda_count > 0) {
        struct hl_moment moment = c->agenda[--c->agenda_count];
        if (moment.discovery)
            discover(c, p, &c->claims[c->claim_of[moment.hit]]);
        else
            take(c, p, &hits[moment.hit], moment);
    }
    for (size_t k = 0; k < c->count && !c->known; k++)
        if (!c->claims[k].given_back)
            hl_owed_tell(p, &c->prices, &c->claims[k], c->taken + (c->claims[k].taken - c->taken), is_lean(c));
    sort_claims(c);
}

void hl_claims_free(struct hl_claims *c) {
    hl_wallets_free(&c->wallets);
    hl_prices_free(&c->prices);
    free(c->claims);
    free(c->events);
    free(c->taken);
    free(c->claim_of);
    free(c->agenda);
    hl_arena_free(&c->arena);
    memset(c, 0, sizeof *c);
}
