#include "engine/block.h"

#include "base/money.h"
#include "engine/need.h"

#include <math.h>
#include <string.h>

size_t hl_pair_width(const struct hl_layout *l) { return l->full_count * HL_BASIS_COUNT * HL_PAIR_COUNT; }

enum hl_status hl_worker_make(struct hl_worker *w, const struct hl_layout *l, struct hl_error *err) {
    *w = (struct hl_worker){.plan = l->plan, .layout = l};
    size_t funds = l->plan->scenario->fund_count, entities = l->entity_count;
    w->pairs = hl_arena_array(&w->arena, hl_pair_width(l), sizeof *w->pairs);
    w->paid = hl_arena_array(&w->arena, funds, sizeof *w->paid);
    w->unpaid_at = hl_arena_array(&w->arena, l->plan->check_count, sizeof *w->unpaid_at);
    w->attached = hl_arena_array(&w->arena, funds, sizeof *w->attached);
    w->exhausted = hl_arena_array(&w->arena, funds, sizeof *w->exhausted);
    w->part = hl_arena_array(&w->arena, entities, sizeof *w->part);
    w->part_largest = hl_arena_array(&w->arena, entities, sizeof *w->part_largest);
    w->contribution = hl_arena_array(&w->arena, entities, sizeof *w->contribution);
    w->parts = hl_arena_array(&w->arena, entities, sizeof *w->parts);
    w->part_touched = hl_arena_array(&w->arena, entities, sizeof *w->part_touched);
    enum hl_status status = HL_OK;
    if (w->pairs == NULL || w->paid == NULL || w->unpaid_at == NULL || w->attached == NULL || w->exhausted == NULL ||
        w->part == NULL || w->part_largest == NULL || w->contribution == NULL || w->parts == NULL ||
        w->part_touched == NULL)
        status = hl_fail_memory(err);
    if (status == HL_OK)
        status = hl_tally_make(&w->tally, l, err);
    if (status != HL_OK)
        hl_worker_free(w);
    return status;
}

void hl_worker_free(struct hl_worker *w) {
    hl_tally_free(&w->tally);
    hl_events_free(&w->events);
    hl_claims_free(&w->claims);
    hl_waterfall_free(&w->waterfall);
    hl_arena_free(&w->arena);
    memset(w, 0, sizeof *w);
}

/* --- vendors, vectors and sources ----------------------------------------------------------------------------------
 */

/* The three parts that an event of this source belongs to: its source, its vector, its vendor (or HL_NO_SLOT). */
static void parts_of(const struct hl_layout *l, uint32_t source, uint32_t parts[3]) {
    const struct hl_source *src = &l->plan->sources[source];
    parts[0] = l->source_first + source;
    parts[1] = l->vector_entity[src->vector];
    parts[2] = src->vendor == HL_NONE ? HL_NO_SLOT : l->vendor_first + (uint32_t)src->vendor;
}

static void touch(struct hl_worker *w, uint32_t part) {
    if (w->part_touched[part])
        return;
    w->part_touched[part] = true;
    w->parts[w->part_count++] = part;
    w->part[part] = 0;
    w->part_largest[part] = 0;
}

/* Gross loss by part and for the system. */
static void count_events(struct hl_worker *w, size_t run) {
    const struct hl_layout *l = w->layout;
    struct hl_tally *t = &w->tally;
    double gross = 0, largest = 0;
    bool breached = false;
    w->part_count = 0;
    for (size_t i = 0; i < w->claims.event_count; i++) {
        const struct hl_event *e = &w->claims.events[i];
        uint32_t parts[3];
        parts_of(l, e->source, parts);
        for (int k = 0; k < 3; k++) {
            if (parts[k] == HL_NO_SLOT)
                continue;
            touch(w, parts[k]);
            w->part[parts[k]] += e->gross;
            w->part_largest[parts[k]] = hl_most(w->part_largest[parts[k]], e->gross);
        }
        breached = breached || e->exchanges > 0;
        gross += e->gross;
        largest = hl_most(largest, e->gross);
    }
    uint64_t *breaches = t->breaches + run * l->entity_count;
    if (!t->second) {
        t->events += w->claims.event_count;
        breaches[0] += breached;
    }
    for (size_t i = 0; i < w->part_count; i++) {
        uint32_t part = w->parts[i];
        w->part_touched[part] = false;
        if (!t->second)
            breaches[part]++;
        if (run > 0)
            continue;
        hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, false, part), w->part[part]);
        hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, true, part), w->part_largest[part]);
    }
    if (run == 0) {
        hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, false, 0), gross);
        hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, true, 0), largest);
    }
}

/* A shortfall goes back to the parts of its claims, pro rata; running totals are rounded, so the parts add up. */
static void contribute(struct hl_worker *w, const struct hl_claim *claims, size_t count,
                       const struct hl_outcome *outcome) {
    double upto = 0, given = 0;
    for (size_t k = 0; k < count && outcome->shortfall > 0; k++) {
        upto += outcome->of[k].claim;
        double x = nearbyint(outcome->shortfall * (upto / outcome->claim)) - given;
        given += x;
        uint32_t parts[3];
        parts_of(w->layout, claims[k].source, parts);
        for (int i = 0; i < 3; i++)
            if (parts[i] != HL_NO_SLOT)
                w->contribution[parts[i]] += x;
    }
}

static void count_contributions(struct hl_worker *w, enum hl_basis basis) {
    for (size_t i = 0; i < w->part_count; i++) {
        uint32_t part = w->parts[i];
        hl_tally_add(&w->tally, hl_slot_of(w->layout, 0, basis, HL_SHORTFALL, false, part), w->contribution[part]);
        w->contribution[part] = 0;
    }
}

/* --- one exchange --------------------------------------------------------------------------------------------------
 */

/* What the exchanges of one trial add up to, for the system's rows. */
struct sums {
    double claim;
    double shortfall;
    double haircut;
    double days;
    double need;
    size_t short_count;
};

/* Who bore the claim, by the rung of the claim. */
static void count_payers(struct hl_worker *w, size_t entity, double claim, const double *paid, double haircut) {
    size_t funds = w->plan->scenario->fund_count;
    if (w->tally.second || claim <= 0)
        return;
    hl_wide *row = w->tally.payers + (entity * HL_RUNGS + hl_rung_of(claim)) * (funds + 1);
    for (size_t f = 0; f < funds; f++)
        row[f] += (uint64_t)paid[f];
    row[funds] += (uint64_t)haircut;
}

/* Paid by each fund and what is left of the claim after it, for one full entity; `paid` is by the scenario's funds. */
static void count_funds(struct hl_worker *w, size_t entity, double claim, const double *paid, const bool *attached,
                        const bool *exhausted) {
    struct hl_tally *t = &w->tally;
    if (t->second)
        return;
    size_t funds = w->plan->scenario->fund_count;
    double left = claim;
    for (size_t f = 0; f < funds; f++) {
        left -= paid[f];
        hl_tally_add(t, hl_fund_slot_of(w->layout, HL_PAID, entity, f), paid[f]);
        hl_tally_add(t, hl_fund_slot_of(w->layout, HL_LEFT_AFTER, entity, f), left);
        t->attached[entity * funds + f] += attached[f];
        t->exhausted[entity * funds + f] += exhausted[f];
    }
}

/* Rows of the waterfall back to the scenario's funds, and into the system's sums. */
static void count_exchange_funds(struct hl_worker *w, const struct hl_waterfall_case *c, size_t entity,
                                 const struct hl_outcome *o) {
    size_t funds = w->plan->scenario->fund_count;
    double paid[funds + 1];
    bool attached[funds + 1], exhausted[funds + 1];
    memset(paid, 0, sizeof paid);
    memset(attached, 0, sizeof attached);
    memset(exhausted, 0, sizeof exhausted);
    for (size_t i = 0; i < c->fund_count; i++) {
        size_t f = c->funds[i].item;
        if (f == HL_NONE)
            continue;
        paid[f] = o->paid[i];
        attached[f] = o->attached[i];
        exhausted[f] = o->exhausted[i];
        w->paid[f] += paid[f];
        w->attached[f] = w->attached[f] || attached[f];
        w->exhausted[f] = w->exhausted[f] || exhausted[f];
    }
    count_funds(w, entity, o->claim, paid, attached, exhausted);
    count_payers(w, entity, o->claim, paid, o->haircut);
}

static void count_unpaid(struct hl_worker *w, enum hl_basis basis, size_t entity, const bool *unpaid_at) {
    if (w->tally.second)
        return;
    size_t checks = w->plan->check_count;
    uint64_t *row = w->tally.unpaid + (basis * w->layout->full_count + entity) * checks;
    for (size_t i = 0; i < checks; i++)
        row[i] += unpaid_at[i];
}

static void count_as_stated(struct hl_worker *w, const struct hl_waterfall_case *c, size_t entity,
                            const struct hl_outcome *o) {
    const struct hl_layout *l = w->layout;
    struct hl_tally *t = &w->tally;
    hl_tally_add(t, hl_slot_of(l, 0, c->basis, HL_SHORTFALL, true, entity), o->shortfall_largest);
    hl_tally_add(t, hl_slot_of(l, 0, c->basis, HL_HAIRCUT, false, entity), o->haircut);
    hl_tally_add(t, hl_slot_of(l, 0, c->basis, HL_DAYS_UNTIL_WHOLE, false, entity), o->days_until_whole);
    count_unpaid(w, c->basis, entity, o->unpaid_at);
    for (size_t i = 0; i < w->plan->check_count; i++)
        w->unpaid_at[i] = w->unpaid_at[i] || o->unpaid_at[i];
    contribute(w, c->claims, c->claim_count, o);
    if (c->basis != HL_BASIS_ALL)
        return;
    count_exchange_funds(w, c, entity, o);
    hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_CLAIM, false, entity), o->claim);
}

/* Solves one exchange's waterfall of one run on one basis, counts it and adds it to the system's sums. */
static void play_exchange(struct hl_worker *w, size_t run, const struct hl_waterfall_case *c, struct sums *sums) {
    const struct hl_layout *l = w->layout;
    struct hl_tally *t = &w->tally;
    size_t entity = 1 + (size_t)c->claims[0].exchange;
    struct hl_outcome o = hl_waterfall_solve(&w->waterfall, c);
    if (run == 0)
        count_as_stated(w, c, entity, &o);
    double need = 0;
    if (o.shortfall > 0 && !hl_run_tells_together(w->plan, run)) {
        need = hl_need_reserve(&w->waterfall, *c, o.shortfall);
        if (run == 0 && hl_sized_row(c->funds, c->fund_count) != HL_NONE)
            hl_tally_add(t, hl_slot_of(l, 0, c->basis, HL_INSURANCE_NEEDED, false, entity),
                         hl_need_insurance(&w->waterfall, *c, o.shortfall));
    }
    hl_tally_add(t, hl_slot_of(l, run, c->basis, HL_SHORTFALL, false, entity), o.shortfall);
    hl_tally_add(t, hl_slot_of(l, run, c->basis, HL_RESERVE_NEEDED, false, entity), need);
    double sign = run == 0 ? -1 : 1; /* runs of sampling 0 are policies: the second less the first */
    if (!t->second && w->plan->runs[run].sampling == 0) {
        w->pairs[hl_pair_of(entity, c->basis, HL_PAIR_PROBABILITY)] += sign * (o.shortfall > 0);
        w->pairs[hl_pair_of(entity, c->basis, HL_PAIR_AMOUNT)] += sign * o.shortfall;
    }
    sums->claim += o.claim;
    sums->shortfall += o.shortfall;
    sums->haircut += o.haircut;
    sums->days = hl_most(sums->days, o.days_until_whole);
    sums->need += need;
    sums->short_count += o.shortfall > 0;
}

/* --- the system ----------------------------------------------------------------------------------------------------
 */

static void count_system(struct hl_worker *w, size_t run, enum hl_basis basis, const struct sums *sums) {
    const struct hl_layout *l = w->layout;
    struct hl_tally *t = &w->tally;
    hl_tally_add(t, hl_slot_of(l, run, basis, HL_SHORTFALL, false, 0), sums->shortfall);
    hl_tally_add(t, hl_slot_of(l, run, basis, HL_JOINT_SHORTFALL, false, 0),
                 sums->short_count > 1 ? sums->shortfall : 0);
    hl_tally_add(t, hl_slot_of(l, run, basis, HL_RESERVE_NEEDED, false, 0), sums->need);
    if (!t->second && sums->short_count > 0)
        t->at_least[(run * HL_BASIS_COUNT + basis) * l->full_count + sums->short_count]++;
    double sign = run == 0 ? -1 : 1;
    if (!t->second && w->plan->runs[run].sampling == 0) {
        w->pairs[hl_pair_of(0, basis, HL_PAIR_PROBABILITY)] += sign * (sums->shortfall > 0);
        w->pairs[hl_pair_of(0, basis, HL_PAIR_AMOUNT)] += sign * sums->shortfall;
    }
    if (run > 0)
        return;
    hl_tally_add(t, hl_slot_of(l, 0, basis, HL_HAIRCUT, false, 0), sums->haircut);
    hl_tally_add(t, hl_slot_of(l, 0, basis, HL_DAYS_UNTIL_WHOLE, false, 0), sums->days);
    count_unpaid(w, basis, 0, w->unpaid_at);
    count_contributions(w, basis);
    if (basis != HL_BASIS_ALL)
        return;
    hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_CLAIM, false, 0), sums->claim);
    count_funds(w, 0, sums->claim, w->paid, w->attached, w->exhausted);
    count_payers(w, 0, sums->claim, w->paid, sums->haircut);
}

/* All exchanges of one trial under one run's policy, on one basis. */
static void play_policy(struct hl_worker *w, size_t run, enum hl_basis basis, uint32_t block, uint32_t trial) {
    const struct hl_policy *policy = &w->plan->policies[w->plan->runs[run].policy];
    size_t funds = w->plan->scenario->fund_count;
    memset(w->paid, 0, funds * sizeof *w->paid);
    memset(w->attached, 0, funds * sizeof *w->attached);
    memset(w->exhausted, 0, funds * sizeof *w->exhausted);
    memset(w->unpaid_at, 0, w->plan->check_count * sizeof *w->unpaid_at);
    struct sums sums = {0};
    for (size_t first = 0, end; first < w->claims.count; first = end) {
        uint32_t exchange = w->claims.claims[first].exchange;
        for (end = first + 1; end < w->claims.count && w->claims.claims[end].exchange == exchange;)
            end++;
        struct hl_waterfall_case c = {.plan = w->plan,
                                      .funds = policy->funds + policy->first[exchange],
                                      .fund_count = policy->first[exchange + 1] - policy->first[exchange],
                                      .claims = w->claims.claims + first,
                                      .claim_count = end - first,
                                      .prices = &w->claims.prices,
                                      .block = block,
                                      .trial = trial,
                                      .basis = basis,
                                      .layer_limit = -1,
                                      .only_shortfall = run > 0};
        play_exchange(w, run, &c, &sums);
    }
    count_system(w, run, basis, &sums);
}

/* Gross loss and breaches by exchange; the first run of a sampling counts for all of them. */
static void count_exchanges(struct hl_worker *w, size_t run) {
    const struct hl_layout *l = w->layout;
    struct hl_tally *t = &w->tally;
    for (size_t first = 0, end; first < w->claims.count; first = end) {
        size_t entity = 1 + (size_t)w->claims.claims[first].exchange;
        double gross = 0, largest = 0;
        for (end = first; end < w->claims.count && 1 + (size_t)w->claims.claims[end].exchange == entity; end++) {
            gross += w->claims.claims[end].gross;
            largest = hl_most(largest, w->claims.claims[end].gross);
        }
        if (!t->second)
            t->breaches[run * l->entity_count + entity]++;
        if (run > 0)
            continue;
        hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, false, entity), gross);
        hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, true, entity), largest);
    }
}

static void play_trial(struct hl_worker *w, size_t sampling, uint32_t block, uint32_t trial) {
    const struct hl_events *e = &w->events;
    hl_claims_play(&w->claims, w->plan, block, e->hits + e->first[trial], e->first[trial + 1] - e->first[trial]);
    bool counted = false;
    for (size_t run = 0; run < w->plan->run_count; run++) {
        if (w->plan->runs[run].sampling != sampling)
            continue;
        if (!counted) {
            count_events(w, run);
            count_exchanges(w, run);
            counted = true;
        }
        for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT && w->claims.count > 0; basis++)
            play_policy(w, run, basis, block, trial);
    }
}

static size_t hits_most(const struct hl_events *e, uint32_t trials) {
    size_t most = 1;
    for (uint32_t t = 0; t < trials; t++)
        if (e->first[t + 1] - e->first[t] > most)
            most = e->first[t + 1] - e->first[t];
    return most;
}

enum hl_status hl_block_run(struct hl_worker *w, uint32_t block, uint32_t trials, struct hl_error *err) {
    memset(w->pairs, 0, hl_pair_width(w->layout) * sizeof *w->pairs);
    for (size_t sampling = 0; sampling < w->plan->sampling_count; sampling++) {
        enum hl_status status = hl_events_sample(&w->events, w->plan, sampling, block, trials, err);
        size_t most = status == HL_OK ? hits_most(&w->events, trials) : 0;
        if (status == HL_OK)
            status = hl_claims_reserve(&w->claims, w->plan, most, err);
        if (status == HL_OK)
            status = hl_waterfall_reserve(&w->waterfall, w->plan, most, err);
        if (status != HL_OK)
            return status;
        for (uint32_t t = 0; t < trials; t++)
            if (w->events.first[t + 1] > w->events.first[t])
                play_trial(w, sampling, block, t);
    }
    return HL_OK;
}
