#include "engine/wallets.h"

#include "base/money.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The cells of an exchange, as a stretch of the plan's list. */
static const uint32_t *cells_of(const struct hl_plan *p, uint32_t exchange, size_t *count) {
    *count = p->exchange_first[exchange + 1] - p->exchange_first[exchange];
    return p->exchange_cells + p->exchange_first[exchange];
}

static void reset(struct hl_wallets *w, uint32_t exchange) {
    size_t count;
    const uint32_t *cells = cells_of(w->plan, exchange, &count);
    for (size_t i = 0; i < count; i++) {
        w->left[cells[i]] = w->plan->cells[cells[i]].value;
        w->drained[cells[i]] = INFINITY;
    }
    w->state[exchange] = (struct hl_wallets_state){0, 1, 1};
}

enum hl_status hl_wallets_make(struct hl_wallets *w, const struct hl_plan *p, struct hl_error *err) {
    size_t exchanges = p->scenario->exchange_count;
    *w = (struct hl_wallets){.plan = p};
    w->left = calloc(p->cell_count + 1, sizeof *w->left);
    w->drained = calloc(p->cell_count + 1, sizeof *w->drained);
    w->state = calloc(exchanges + 1, sizeof *w->state);
    w->touched = calloc(exchanges + 1, sizeof *w->touched);
    if (w->left == NULL || w->drained == NULL || w->state == NULL || w->touched == NULL) {
        hl_wallets_free(w);
        return hl_fail_memory(err);
    }
    for (uint32_t e = 0; e < exchanges; e++)
        reset(w, e);
    return HL_OK;
}

void hl_wallets_free(struct hl_wallets *w) {
    free(w->left);
    free(w->drained);
    free(w->state);
    free(w->touched);
    memset(w, 0, sizeof *w);
}

void hl_wallets_begin(struct hl_wallets *w) {
    for (size_t i = 0; i < w->touched_count; i++)
        reset(w, w->touched[i]);
    w->touched_count = 0;
}

/* What a cell holds when nothing has been taken. */
static double level_of(const struct hl_wallets *w, uint32_t index) {
    const struct hl_cell *cell = &w->plan->cells[index];
    const struct hl_wallets_state *state = &w->state[cell->exchange];
    double level = cell->value;
    if (state->year > 1)
        level *= hl_grown(w->plan->scenario, cell->exchange, state->year);
    if (cell->owner == HL_OWNER_CUSTOMERS)
        level *= state->at_home * state->still;
    return nearbyint(level);
}

/* All wallets stand at their level again, and of those who left some are back. */
static void open_year(struct hl_wallets *w, uint32_t exchange, uint16_t year) {
    const struct hl_scenario *s = w->plan->scenario;
    struct hl_wallets_state *state = &w->state[exchange];
    size_t count;
    const uint32_t *cells = cells_of(w->plan, exchange, &count);
    if (s->fresh)
        state->at_home = 1;
    else
        state->at_home *= state->still + (1 - state->still) * s->run.comes_back;
    state->still = 1;
    state->year = year;
    for (size_t i = 0; i < count; i++) {
        w->left[cells[i]] = level_of(w, cells[i]);
        w->drained[cells[i]] = INFINITY;
    }
}

/* Fills a cell up to its level out of what is cold. */
static void refill(struct hl_wallets *w, uint32_t index) {
    const struct hl_plan *p = w->plan;
    const struct hl_cell *cell = &p->cells[index];
    size_t count;
    const uint32_t *cells = cells_of(p, cell->exchange, &count);
    double missing = level_of(w, index) - w->left[index];
    for (size_t i = 0; i < count && missing > 0; i++) {
        const struct hl_cell *from = &p->cells[cells[i]];
        if (from->tier != HL_COLD || from->asset != cell->asset || from->owner != cell->owner)
            continue;
        double moved = hl_least(missing, w->left[cells[i]]);
        w->left[cells[i]] -= moved;
        w->left[index] += moved;
        missing -= moved;
    }
    w->drained[index] = INFINITY;
}

void hl_wallets_open_day(struct hl_wallets *w, uint32_t exchange, double day) {
    const struct hl_plan *p = w->plan;
    struct hl_wallets_state *state = &w->state[exchange];
    uint16_t year = hl_year_of(p, day);
    if (state->year == 0) {
        state->year = 1;
        w->touched[w->touched_count++] = exchange;
    }
    assert(year >= state->year);
    if (year > state->year)
        open_year(w, exchange, year);
    if (isinf(p->scenario->refill_after_days))
        return;
    size_t count;
    const uint32_t *cells = cells_of(p, exchange, &count);
    for (size_t i = 0; i < count; i++)
        if (p->cells[cells[i]].tier != HL_COLD && day - w->drained[cells[i]] >= p->scenario->refill_after_days)
            refill(w, cells[i]);
}

void hl_wallets_take(struct hl_wallets *w, uint32_t cell, double day, double amount) {
    assert(amount >= 0 && amount <= w->left[cell] && w->state[w->plan->cells[cell].exchange].year > 0);
    if (w->plan->scenario->wallets_restored)
        return;
    w->left[cell] -= amount;
    w->drained[cell] = hl_least(w->drained[cell], day);
}

double hl_wallets_customers(const struct hl_wallets *w, uint32_t exchange, uint32_t tiers) {
    double total = 0;
    size_t count;
    const uint32_t *cells = cells_of(w->plan, exchange, &count);
    for (size_t i = 0; i < count; i++) {
        const struct hl_cell *cell = &w->plan->cells[cells[i]];
        if (cell->owner == HL_OWNER_CUSTOMERS && (tiers >> cell->tier & 1) != 0)
            total += w->left[cells[i]];
    }
    return total;
}

void hl_wallets_withdraw(struct hl_wallets *w, uint32_t exchange, double share) {
    size_t count;
    const uint32_t *cells = cells_of(w->plan, exchange, &count);
    assert(w->state[exchange].year > 0);
    w->state[exchange].still *= 1 - share;
    for (size_t i = 0; i < count; i++)
        if (w->plan->cells[cells[i]].owner == HL_OWNER_CUSTOMERS)
            w->left[cells[i]] = nearbyint(w->left[cells[i]] * (1 - share));
}
