#include "engine/claims.h"

#include "base/money.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum hl_status hl_claims_reserve(struct hl_claims *c, const struct hl_plan *p, size_t hits_most, struct hl_error *err) {
    if (c->left == NULL) {
        c->left = malloc((p->cell_count + 1) * sizeof *c->left);
        c->touched = malloc((p->cell_count + 1) * sizeof *c->touched);
        if (c->left == NULL || c->touched == NULL)
            return hl_fail_memory(err);
        for (size_t i = 0; i < p->cell_count; i++)
            c->left[i] = p->cells[i].value;
    }
    enum hl_status status = hl_prices_reserve(&c->prices, p, hits_most * (p->scenario->asset_count + 1), err);
    if (hits_most <= c->capacity || status != HL_OK)
        return status;
    free(c->claims);
    free(c->events);
    free(c->taken);
    c->capacity = hits_most + hits_most / 2 + 8;
    c->taken_capacity = c->capacity * p->scenario->asset_count;
    c->claims = malloc(c->capacity * sizeof *c->claims);
    c->events = malloc(c->capacity * sizeof *c->events);
    c->taken = malloc(c->taken_capacity * sizeof *c->taken);
    return c->claims != NULL && c->events != NULL && c->taken != NULL ? HL_OK : hl_fail_memory(err);
}

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

static struct reach reach_of(const struct hl_plan *p, const struct hl_source *src, const struct hl_target *t,
                             double pick) {
    struct reach all = {0, t->cell_count, UINT32_MAX, false};
    if (t->cell_count == 0 || src->reach == HL_REACH_ALL)
        return all;
    uint32_t cell = src->reach == HL_REACH_LARGEST_WALLET ? t->largest : picked(t, pick);
    if (src->reach == HL_REACH_ONE_ASSET)
        return (struct reach){0, t->cell_count, p->cells[t->cells[cell]].asset, false};
    return (struct reach){cell, cell + 1, UINT32_MAX, true};
}

/* What is there of one cell for this event. Of a group of equal wallets one holds the average of what is left. */
static double available(const struct hl_claims *c, const struct hl_plan *p, uint32_t cell, const struct reach *r) {
    if (r->asset != UINT32_MAX && p->cells[cell].asset != r->asset)
        return 0;
    return r->one_wallet ? floor(c->left[cell] / p->cells[cell].wallets) : c->left[cell];
}

/* Adds to the claim's row of this asset; rows stay in ascending order. */
static void add_taken(struct hl_claim *claim, struct hl_taken *rows, uint32_t asset, enum hl_owner owner, double x) {
    claim->gross += x;
    if (owner == HL_OWNER_HOUSE) {
        claim->house += x;
        return;
    }
    uint32_t at = 0;
    while (at < claim->taken_count && rows[at].asset < asset)
        at++;
    if (at == claim->taken_count || rows[at].asset != asset) {
        memmove(&rows[at + 1], &rows[at], (claim->taken_count - at) * sizeof *rows);
        rows[at] = (struct hl_taken){.asset = asset};
        claim->taken_count++;
    }
    if (owner == HL_OWNER_CUSTOMERS) {
        rows[at].customers += x;
        claim->claim += x;
    } else {
        rows[at].guarantee += x;
    }
}

/* Takes the event's size out of the cells in reach: a share of each, or an amount pro rata. The running total is
 * rounded and not each part, so that the parts add up to the whole to the last quantum. */
static void take(struct hl_claims *c, const struct hl_plan *p, const struct hl_hit *hit, struct hl_claim *claim,
                 struct hl_taken *rows) {
    const struct hl_source *src = &p->sources[hit->source];
    const struct hl_target *t = &src->targets[hit->target];
    struct reach r = reach_of(p, src, t, hit->pick);
    double there = 0;
    for (uint32_t i = r.from; i < r.to; i++)
        there += available(c, p, t->cells[i], &r);
    if (there <= 0)
        return;
    double share = src->size->family->share ? hit->size : hl_least(hit->size / there, 1);
    double upto = 0, taken = 0;
    for (uint32_t i = r.from; i < r.to; i++) {
        uint32_t cell = t->cells[i];
        upto += available(c, p, cell, &r);
        double x = nearbyint(share * upto) - taken;
        if (x <= 0)
            continue;
        x = hl_least(x, c->left[cell]);
        if (c->left[cell] == p->cells[cell].value)
            c->touched[c->touched_count++] = cell;
        c->left[cell] -= x;
        taken += x;
        add_taken(claim, rows, p->cells[cell].asset, p->cells[cell].owner, x);
    }
    assert(taken <= there);
}

/* Claims by exchange; within one they keep their order, which is that of time. */
static void group_by_exchange(struct hl_claims *c) {
    for (size_t i = 1; i < c->count; i++) {
        struct hl_claim moved = c->claims[i];
        size_t at = i;
        for (; at > 0 && c->claims[at - 1].exchange > moved.exchange; at--)
            c->claims[at] = c->claims[at - 1];
        c->claims[at] = moved;
    }
}

/* The hit's event: the last one where it is of the same, else a new one. */
static struct hl_event *event_of(struct hl_claims *c, const struct hl_hit *hits, size_t i) {
    bool same = i > 0 && hits[i].source == hits[i - 1].source && hits[i].stream == hits[i - 1].stream &&
                hits[i].index == hits[i - 1].index;
    if (!same)
        c->events[c->event_count++] = (struct hl_event){.source = hits[i].source};
    return &c->events[c->event_count - 1];
}

void hl_claims_play(struct hl_claims *c, const struct hl_plan *p, uint32_t block, const struct hl_hit *hits,
                    size_t hit_count) {
    hl_prices_begin(&c->prices, block, hit_count > 0 ? hits[0].trial : 0);
    c->count = 0;
    c->event_count = 0;
    c->touched_count = 0;
    size_t used = 0;
    for (size_t i = 0; i < hit_count; i++) {
        const struct hl_hit *hit = &hits[i];
        struct hl_event *event = event_of(c, hits, i);
        if (hit->target == HL_NO_TARGET)
            continue;
        struct hl_taken *rows = c->taken + used;
        struct hl_claim *claim = &c->claims[c->count++];
        *claim = (struct hl_claim){.stream = hit->stream,
                                   .exchange = p->sources[hit->source].targets[hit->target].exchange,
                                   .source = hit->source,
                                   .index = hit->index,
                                   .day = (int)hit->day,
                                   .taken = rows};
        take(c, p, hit, claim, rows);
        used += claim->taken_count;
        event->exchanges++;
        event->gross += claim->gross;
    }
    for (size_t i = 0; i < c->touched_count; i++)
        c->left[c->touched[i]] = p->cells[c->touched[i]].value;
    group_by_exchange(c);
}

void hl_claims_free(struct hl_claims *c) {
    hl_prices_free(&c->prices);
    free(c->claims);
    free(c->events);
    free(c->taken);
    free(c->left);
    free(c->touched);
    memset(c, 0, sizeof *c);
}
