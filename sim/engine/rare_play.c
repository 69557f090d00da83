#include "engine/rare_play.h"

#include "engine/need.h"
#include "engine/years.h"

#include <stdlib.h>
#include <string.h>

enum hl_status hl_rare_worker_make(struct hl_rare_worker *w, const struct hl_plan *p, const struct hl_tilt *tilt,
                                   bool full, struct hl_error *err) {
    *w = (struct hl_rare_worker){.plan = p, .all_earmarked = true};
    const struct hl_policy *policy = &p->policies[p->runs[0].policy];
    for (size_t i = 0; i < policy->first[p->scenario->exchange_count]; i++)
        w->all_earmarked = w->all_earmarked && policy->funds[i].earmarked;
    w->outcomes = hl_arena_array(&w->arena, p->scenario->exchange_count + 1, sizeof *w->outcomes);
    w->tilted = calloc(1, sizeof *w->tilted);
    enum hl_status status = w->outcomes == NULL || w->tilted == NULL ? hl_fail_memory(err) : HL_OK;
    if (status == HL_OK)
        status = hl_sums_make(&w->exchange, &w->arena, p, err);
    if (status == HL_OK)
        status = hl_sums_make(&w->system, &w->arena, p, err);
    if (status == HL_OK)
        status = hl_rare_swift_make(&w->swift, p, full, err);
    if (status != HL_OK) {
        hl_rare_worker_free(w);
        return status;
    }
    w->tilted->tilt = tilt;
    w->events.incidents.tilted = w->tilted;
    return HL_OK;
}

void hl_rare_worker_free(struct hl_rare_worker *w) {
    hl_events_free(&w->events);
    hl_claims_free(&w->claims);
    hl_waterfall_free(&w->waterfall);
    hl_rare_swift_free(&w->swift);
    hl_arena_free(&w->arena);
    if (w->tilted != NULL)
        hl_tilted_free(w->tilted);
    free(w->tilted);
    memset(w, 0, sizeof *w);
}

/* Memory for the ledger's trials. */
static enum hl_status reserve(struct hl_rare_worker *w, uint32_t trials, struct hl_error *err) {
    size_t most = 1;
    for (uint32_t t = 0; t < trials; t++)
        if (w->events.first[t + 1] - w->events.first[t] > most)
            most = w->events.first[t + 1] - w->events.first[t];
    enum hl_status status = hl_claims_reserve(&w->claims, w->plan, most, err);
    return status == HL_OK ? hl_waterfall_reserve(&w->waterfall, w->plan, most, err) : status;
}

/* Leaves the loud trials' incidents. */
static void keep_loud(struct hl_rare_worker *w) {
    struct hl_incidents *in = &w->events.incidents;
    size_t kept = 0;
    for (size_t i = 0; i < in->count; i++)
        if (w->swift.loud[in->items[i].at.trial])
            in->items[kept++] = in->items[i];
    in->count = kept;
}

/* Tells what the incidents that were drawn are, and what the trials weigh. Telling the loud ones draws their clients
 * again: neither notes nor weights may hear of it. */
static enum hl_status tell(struct hl_rare_worker *w, uint32_t block, uint32_t trials, struct hl_error *err) {
    bool notes = w->tilted->notes_wanted;
    enum hl_status status = HL_OK;
    if (w->swift.applies)
        status = hl_rare_swift_tell(&w->swift, &w->events.incidents, block, trials, err);
    else
        status = hl_events_tell(&w->events, w->plan, 0, block, trials, err);
    for (uint32_t t = 0; t < trials; t++)
        w->weights[t] = hl_tilted_weight(w->tilted, t);
    if (status != HL_OK || !w->swift.applies || !w->swift.any_loud)
        return status;
    keep_loud(w);
    w->tilted->notes_wanted = false;
    status = hl_events_tell(&w->events, w->plan, 0, block, trials, err);
    w->tilted->notes_wanted = notes;
    return status;
}

enum hl_status hl_rare_draw(struct hl_rare_worker *w, uint32_t block, uint32_t trials, struct hl_error *err) {
    enum hl_status status = hl_incidents_draw(&w->events.incidents, w->plan, 0, block, err);
    w->incident_count = w->events.incidents.count;
    if (status == HL_OK)
        status = tell(w, block, trials, err);
    if (status != HL_OK)
        return status;
    if (w->tilted->failed)
        return hl_fail_memory(err);
    return w->swift.applies && !w->swift.any_loud ? HL_OK : reserve(w, trials, err);
}

/* The later a fund stands in the waterfall, the closer customers are to a loss when it pays. */
static double depth_of(double shortfall, const double *paid, size_t funds) {
    double depth = shortfall;
    for (size_t f = 0; f < funds; f++)
        depth += paid[f] * (double)(f + 1) / (double)(funds + 1);
    return depth;
}

static void tell_sums(struct hl_rare_outcome *o, enum hl_basis basis, const struct hl_sums *s,
                      const struct hl_plan *p) {
    o->of[HL_RARE_SHORTFALL + basis] = s->shortfall;
    o->of[HL_RARE_NEED + basis] = s->reserve_needed;
    if (basis == HL_BASIS_ALL)
        o->depth = depth_of(s->shortfall, s->paid, p->scenario->fund_count);
}

/* Solves the cases of the exchange whose claims begin at `first` on one basis; returns where the next one's begin. As
 * all funds have it, the exchange's failure takes later claims out of the trial. */
static size_t play_exchange(struct hl_rare_worker *w, enum hl_basis basis, size_t first, uint32_t block, uint32_t trial,
                            bool needs) {
    const struct hl_plan *p = w->plan;
    uint32_t exchange = w->claims.claims[first].exchange;
    hl_sums_clear(&w->exchange, p);
    while (first < w->claims.count && w->claims.claims[first].exchange == exchange) {
        struct hl_waterfall_case c = hl_years_case(p, &p->policies[p->runs[0].policy], &w->claims, first, block, trial);
        c.basis = basis;
        c.only_shortfall = basis != HL_BASIS_ALL;
        struct hl_outcome o = hl_waterfall_solve(&w->waterfall, &c);
        hl_sums_add_case(&w->exchange, &c, &o);
        if (basis == HL_BASIS_ALL)
            hl_years_close(&w->claims, p, first + o.open_count, first + c.claim_count);
        if (needs && o.shortfall > 0)
            hl_sums_add_need(&w->exchange, hl_need_reserve(&w->waterfall, c, o.shortfall), 0);
        first += c.claim_count;
    }
    return first;
}

/* The loss of each exchange that has claims, and of all. */
static void tell_gross(struct hl_rare_worker *w) {
    size_t at = 0;
    for (size_t k = 0; k < w->claims.count; k++) {
        const struct hl_claim *claim = &w->claims.claims[k];
        if (at == 0 || w->outcomes[at].entity != 1 + claim->exchange)
            at++;
        if (claim->closed)
            continue;
        w->outcomes[at].of[HL_RARE_GROSS] += claim->gross;
        w->outcomes[0].of[HL_RARE_GROSS] += claim->gross;
    }
}

/* A trial that sums tell all of. */
static void add_up(struct hl_rare_worker *w, uint32_t trial, bool whole) {
    struct hl_rare_swift *swift = &w->swift;
    size_t funds = w->plan->scenario->fund_count;
    enum hl_basis last = whole ? HL_BASIS_EARMARKED : HL_BASIS_ALL;
    struct hl_rare_outcome *system = &w->outcomes[0];
    *system = (struct hl_rare_outcome){.entity = 0};
    w->outcome_count = 1;
    memset(w->system.paid, 0, funds * sizeof *w->system.paid);
    for (size_t i = swift->first[trial]; i < swift->first[trial + 1];) {
        struct hl_rare_outcome *o = &w->outcomes[w->outcome_count++];
        struct hl_rare_swift_outcome of;
        *o = (struct hl_rare_outcome){.entity = 1 + swift->strokes[i].exchange};
        i = hl_rare_swift_play(swift, i, &of);
        o->of[HL_RARE_GROSS] = of.claim;
        for (enum hl_basis basis = HL_BASIS_ALL; basis <= last; basis++) {
            o->of[HL_RARE_SHORTFALL + basis] = of.shortfall[basis];
            o->of[HL_RARE_NEED + basis] = whole ? of.shortfall[basis] : 0;
        }
        o->depth = depth_of(of.shortfall[HL_BASIS_ALL], of.paid, funds);
        for (size_t what = 0; what < HL_RARE_WHATS; what++)
            system->of[what] += o->of[what];
        for (size_t f = 0; f < funds; f++)
            w->system.paid[f] += of.paid[f];
    }
    system->depth = depth_of(system->of[HL_RARE_SHORTFALL + HL_BASIS_ALL], w->system.paid, funds);
}

void hl_rare_play(struct hl_rare_worker *w, uint32_t block, uint32_t trial, bool whole) {
    const struct hl_events *e = &w->events;
    w->outcome_count = 0;
    if (w->swift.applies && !w->swift.loud[trial]) {
        if (w->swift.first[trial + 1] > w->swift.first[trial])
            add_up(w, trial, whole);
        return;
    }
    if (e->first[trial + 1] == e->first[trial])
        return;
    hl_claims_play(&w->claims, w->plan, block, e->hits + e->first[trial], e->first[trial + 1] - e->first[trial]);
    if (w->claims.count == 0)
        return;
    enum hl_basis last = whole && !w->all_earmarked ? HL_BASIS_EARMARKED : HL_BASIS_ALL;
    for (enum hl_basis basis = HL_BASIS_ALL; basis <= last; basis++) {
        size_t count = 1;
        hl_sums_clear(&w->system, w->plan);
        for (size_t first = 0; first < w->claims.count; count++) {
            struct hl_rare_outcome *o = &w->outcomes[count];
            if (basis == HL_BASIS_ALL)
                *o = (struct hl_rare_outcome){.entity = 1 + w->claims.claims[first].exchange};
            first = play_exchange(w, basis, first, block, trial, whole);
            hl_sums_add_exchange(&w->system, &w->exchange, w->plan);
            tell_sums(o, basis, &w->exchange, w->plan);
        }
        if (basis == HL_BASIS_ALL)
            w->outcomes[0] = (struct hl_rare_outcome){.entity = 0};
        tell_sums(&w->outcomes[0], basis, &w->system, w->plan);
        w->outcome_count = count;
    }
    tell_gross(w);
    for (size_t i = 0; i < w->outcome_count && whole && w->all_earmarked; i++) {
        double *of = w->outcomes[i].of;
        of[HL_RARE_SHORTFALL + HL_BASIS_EARMARKED] = of[HL_RARE_SHORTFALL + HL_BASIS_ALL];
        of[HL_RARE_NEED + HL_BASIS_EARMARKED] = of[HL_RARE_NEED + HL_BASIS_ALL];
    }
}
