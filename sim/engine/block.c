#include "engine/block.h"

#include "base/money.h"
#include "engine/given_back.h"
#include "engine/need.h"
#include "engine/plain.h"
#include "engine/pool.h"
#include "engine/years.h"

#include <math.h>
#include <string.h>

size_t hl_pair_width(const struct hl_layout *l) {
    return l->plan->policy_count < 2 ? 0 : l->full_count * HL_BASIS_COUNT * HL_PAIR_COUNT;
}

static enum hl_status find_plain(struct hl_worker *w, bool full, struct hl_error *err) {
    const struct hl_plan *p = w->plan;
    size_t exchanges = p->scenario->exchange_count;
    w->plain = hl_arena_array(&w->arena, p->policy_count * exchanges, sizeof *w->plain);
    if (w->plain == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < p->policy_count * exchanges && !full; i++)
        w->plain[i] = hl_plain_is(p, &p->policies[i / exchanges], i % exchanges);
    return HL_OK;
}

enum hl_status hl_worker_make(struct hl_worker *w, const struct hl_layout *l, bool full, struct hl_error *err) {
    w->plan = l->plan;
    w->layout = l;
    w->full = full;
    size_t entities = l->entity_count;
    w->pairs = hl_arena_array(&w->arena, hl_pair_width(l), sizeof *w->pairs);
    w->called = hl_arena_array(&w->arena, l->plan->scenario->exchange_count, sizeof *w->called);
    w->part = hl_arena_array(&w->arena, entities, sizeof *w->part);
    w->part_largest = hl_arena_array(&w->arena, entities, sizeof *w->part_largest);
    w->part_events = hl_arena_array(&w->arena, entities, sizeof *w->part_events);
    w->contribution = hl_arena_array(&w->arena, entities, sizeof *w->contribution);
    w->parts = hl_arena_array(&w->arena, entities, sizeof *w->parts);
    w->part_touched = hl_arena_array(&w->arena, entities, sizeof *w->part_touched);
    enum hl_status status = HL_OK;
    if (w->pairs == NULL || w->called == NULL || w->part == NULL || w->part_largest == NULL || w->part_events == NULL ||
        w->contribution == NULL || w->parts == NULL || w->part_touched == NULL)
        status = hl_fail_memory(err);
    if (status == HL_OK)
        status = hl_sums_make(&w->exchange, &w->arena, l->plan, err);
    if (status == HL_OK)
        status = hl_sums_make(&w->system, &w->arena, l->plan, err);
    if (status == HL_OK)
        status = find_plain(w, full, err);
    if (status == HL_OK)
        status = hl_tally_make(&w->tally, l, err);
    return status == HL_OK ? hl_swift_make(&w->swift, &w->tally, full, err) : status;
}

void hl_worker_free(struct hl_worker *w) {
    hl_tally_free(&w->tally);
    hl_swift_free(&w->swift);
    hl_events_free(&w->events);
    hl_kept_free(&w->kept);
    hl_claims_free(&w->claims);
    hl_waterfall_free(&w->waterfall);
    hl_arena_free(&w->arena);
}

/* --- vendors, vectors and sources ----------------------------------------------------------------------------------
 */

/* The three parts that an event of this source belongs to: its source, its vector, its vendor; HL_NO_SLOT where there
 * is none, or it is not told apart. */
static void parts_of(const struct hl_layout *l, uint32_t source, uint32_t parts[3]) {
    const struct hl_source *src = &l->plan->sources[source];
    bool vendor = src->vendor != HL_NONE && l->vendor_first != HL_NO_SLOT;
    parts[0] = l->source_first == HL_NO_SLOT ? HL_NO_SLOT : l->source_first + source;
    parts[1] = l->vector_entity[src->vector];
    parts[2] = vendor ? l->vendor_first + (uint32_t)src->vendor : HL_NO_SLOT;
}

static void touch(struct hl_worker *w, uint32_t part) {
    if (w->part_touched[part])
        return;
    w->part_touched[part] = true;
    w->parts[w->part_count++] = part;
    w->part[part] = 0;
    w->part_largest[part] = 0;
    w->part_events[part] = 0;
}

/* The system's gross loss of each policy year. */
static void count_event_years(struct hl_worker *w) {
    const struct hl_layout *l = w->layout;
    struct hl_tally *t = &w->tally;
    for (uint16_t year = 1; year <= w->plan->year_count; year++) {
        double gross = 0, largest = 0;
        bool breached = false;
        for (size_t k = 0; k < w->claims.count; k++) {
            const struct hl_claim *claim = &w->claims.claims[k];
            if (claim->closed || hl_claim_year(w->plan, claim) != year)
                continue;
            gross += claim->gross;
            breached = true;
        }
        for (size_t i = 0; i < w->claims.event_count; i++)
            if (w->claims.events[i].year == year)
                largest = hl_most(largest, w->claims.events[i].gross);
        if (!t->second)
            t->year_breaches[(year - 1) * l->full_count] += breached;
        hl_tally_add(t, hl_year_slot_of(l, year, HL_BASIS_ALL, HL_GROSS, false, 0), gross);
        hl_tally_add(t, hl_year_slot_of(l, year, HL_BASIS_ALL, HL_GROSS, true, 0), largest);
    }
}

/* One trial in which an entity is breached. */
static void count_breach(struct hl_worker *w, size_t run, uint32_t trial, size_t entity) {
    if (!w->tally.second)
        w->tally.breaches[run * w->layout->entity_count + entity]++;
    if (run == 0 && w->kept.plan != NULL)
        hl_kept_breach(&w->kept, trial, entity);
}

/* Gross loss by part and for the system. */
static void count_events(struct hl_worker *w, size_t run, uint32_t trial) {
    const struct hl_layout *l = w->layout;
    struct hl_tally *t = &w->tally;
    double gross = 0, largest = 0;
    bool breached = false;
    for (size_t i = 0; i < w->claims.event_count; i++) {
        const struct hl_event *e = &w->claims.events[i];
        if (e->closed)
            continue;
        uint32_t parts[3];
        parts_of(l, e->source, parts);
        for (int k = 0; k < 3; k++) {
            if (parts[k] == HL_NO_SLOT)
                continue;
            touch(w, parts[k]);
            w->part_events[parts[k]]++;
            w->part[parts[k]] += e->gross;
            w->part_largest[parts[k]] = hl_most(w->part_largest[parts[k]], e->gross);
        }
        breached = breached || e->exchanges > 0;
        gross += e->gross;
        largest = hl_most(largest, e->gross);
    }
    if (breached)
        count_breach(w, run, trial, 0);
    for (size_t i = 0; i < w->part_count; i++) {
        uint32_t part = w->parts[i];
        if (w->part_events[part] > 0)
            count_breach(w, run, trial, part);
        if (run > 0)
            continue;
        hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, false, part), w->part[part]);
        hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, true, part), w->part_largest[part]);
    }
    if (run == 0) {
        hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, false, 0), gross);
        hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, true, 0), largest);
        if (w->plan->year_count > 1)
            count_event_years(w);
    }
}

/* A shortfall goes back to the parts of its claims, pro rata; running totals are rounded, so the parts add up. */
static void contribute(struct hl_worker *w, const struct hl_claim *claims, const struct hl_outcome *outcome) {
    double upto = 0, given = 0;
    for (size_t k = 0; k < outcome->open_count && outcome->shortfall > 0; k++) {
        upto += outcome->of[k].claim;
        bool whole = outcome->shortfall == outcome->claim;
        double x = (whole ? upto : nearbyint(outcome->shortfall * (upto / outcome->claim))) - given;
        given += x;
        uint32_t parts[3];
        parts_of(w->layout, claims[k].source, parts);
        for (int i = 0; i < 3; i++) {
            if (parts[i] == HL_NO_SLOT)
                continue;
            touch(w, parts[i]);
            w->contribution[parts[i]] += x;
        }
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

/* Who bore the claim, by the rung of the claim. */
static void count_payers(struct hl_worker *w, size_t entity, const struct hl_sums *s) {
    size_t funds = w->plan->scenario->fund_count;
    if (w->tally.second || s->claim <= 0)
        return;
    hl_wide *row = w->tally.payers + (entity * HL_RUNGS + hl_rung_of(s->claim)) * (funds + 1);
    for (size_t f = 0; f < funds; f++)
        row[f] += (uint64_t)s->paid[f];
    row[funds] += (uint64_t)s->haircut;
}

/* Paid by each fund and what is left of the claim after it, for one full entity. */
static void count_funds(struct hl_worker *w, size_t entity, const struct hl_sums *s) {
    struct hl_tally *t = &w->tally;
    size_t funds = w->plan->scenario->fund_count;
    double left = s->claim;
    for (size_t f = 0; f < funds; f++) {
        left -= s->paid[f];
        hl_tally_add(t, hl_fund_slot_of(w->layout, HL_LEFT_AFTER, entity, f), left);
        if (t->second)
            continue;
        hl_tally_add(t, hl_fund_slot_of(w->layout, HL_PAID, entity, f), s->paid[f]);
        t->attached[entity * funds + f] += s->attached[f];
        t->exhausted[entity * funds + f] += s->exhausted[f];
        hl_tally_add(t, hl_fund_slot_of(w->layout, HL_REINSTATEMENT_PREMIUM, entity, f), s->reinstated[f]);
    }
}

static void count_unpaid(struct hl_worker *w, enum hl_basis basis, size_t entity, const bool *unpaid_at) {
    if (w->tally.second)
        return;
    size_t checks = w->plan->check_count;
    uint64_t *row = w->tally.unpaid + (basis * w->layout->full_count + entity) * checks;
    for (size_t i = 0; i < checks; i++)
        row[i] += unpaid_at[i];
}

/* Each policy year of several, and the first with a shortfall. */
static void count_years(struct hl_worker *w, enum hl_basis basis, size_t entity, const struct hl_sums *s) {
    const struct hl_layout *l = w->layout;
    struct hl_tally *t = &w->tally;
    uint16_t years = w->plan->year_count, first = 0;
    for (uint16_t year = years; year >= 1 && years > 1; year--) {
        const struct hl_year_sums *y = &s->years[year - 1];
        hl_tally_add(t, hl_year_slot_of(l, year, basis, HL_SHORTFALL, false, entity), y->shortfall);
        hl_tally_add(t, hl_year_slot_of(l, year, basis, HL_SHORTFALL, true, entity), y->shortfall_largest);
        hl_tally_add(t, hl_year_slot_of(l, year, basis, HL_HAIRCUT, false, entity), y->haircut);
        if (basis == HL_BASIS_ALL)
            hl_tally_add(t, hl_year_slot_of(l, year, basis, HL_CLAIM, false, entity), y->claim);
        if (!t->second && entity == 0 && y->short_count > 0)
            t->year_at_least[((year - 1u) * HL_BASIS_COUNT + basis) * l->full_count + y->short_count]++;
        if (y->shortfall > 0)
            first = year;
    }
    if (!t->second && first > 0)
        t->first_short[(basis * l->full_count + entity) * years + first - 1]++;
}

/* What one full entity is short of in a trial and would have needed, under one run on one basis. */
static void count_short(struct hl_worker *w, size_t run, enum hl_basis basis, size_t entity, double shortfall,
                        double reserve_needed) {
    struct hl_tally *t = &w->tally;
    hl_tally_add(t, hl_slot_of(w->layout, run, basis, HL_SHORTFALL, false, entity), shortfall);
    hl_tally_add(t, hl_slot_of(w->layout, run, basis, HL_RESERVE_NEEDED, false, entity), reserve_needed);
    double sign = run == 0 ? -1 : 1; /* runs of sampling 0 are policies: the second less the first */
    if (!t->second && w->plan->runs[run].sampling == 0 && w->plan->policy_count > 1) {
        w->pairs[hl_pair_of(entity, basis, HL_PAIR_PROBABILITY)] += sign * (shortfall > 0);
        w->pairs[hl_pair_of(entity, basis, HL_PAIR_AMOUNT)] += sign * shortfall;
    }
}

/* What one full entity's trial adds up to, under one run on one basis. */
static void count_sums(struct hl_worker *w, size_t run, enum hl_basis basis, size_t entity, const struct hl_sums *s) {
    const struct hl_layout *l = w->layout;
    struct hl_tally *t = &w->tally;
    count_short(w, run, basis, entity, s->shortfall, s->reserve_needed);
    if (run > 0)
        return;
    hl_tally_add(t, hl_slot_of(l, 0, basis, HL_SHORTFALL, true, entity), s->shortfall_largest);
    hl_tally_add(t, hl_slot_of(l, 0, basis, HL_HAIRCUT, false, entity), s->haircut);
    hl_tally_add(t, hl_slot_of(l, 0, basis, HL_DAYS_UNTIL_WHOLE, false, entity), s->days_until_whole);
    hl_tally_add(t, hl_slot_of(l, 0, basis, HL_INSURANCE_NEEDED, false, entity), s->insurance_needed);
    count_unpaid(w, basis, entity, s->unpaid_at);
    count_years(w, basis, entity, s);
    if (basis != HL_BASIS_ALL)
        return;
    hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_CLAIM, false, entity), s->claim);
    hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_HAIRCUT_SHARE, false, entity), s->haircut_share);
    hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_INSOLVENT, false, entity), (double)s->insolvent);
    count_funds(w, entity, s);
    count_payers(w, entity, s);
}

/* How many exchanges fell short in the same policy year, the most of all years, and what they were short of in years
 * with more than one. */
static void count_together(struct hl_worker *w, size_t run, enum hl_basis basis, size_t most, double joint) {
    const struct hl_layout *l = w->layout;
    hl_tally_add(&w->tally, hl_slot_of(l, run, basis, HL_JOINT_SHORTFALL, false, 0), joint);
    if (!w->tally.second && most > 0)
        w->tally.at_least[(run * HL_BASIS_COUNT + basis) * l->full_count + most]++;
}

static void count_years_together(struct hl_worker *w, size_t run, enum hl_basis basis) {
    size_t most = 0;
    double joint = 0;
    for (uint16_t y = 0; y < w->plan->year_count; y++) {
        const struct hl_year_sums *year = &w->system.years[y];
        most = year->short_count > most ? year->short_count : most;
        joint += year->short_count > 1 ? year->shortfall : 0;
    }
    count_together(w, run, basis, most, joint);
}

/* What pools called their members for, once for all cases that were played with this one. */
static void add_called(struct hl_worker *w, const struct hl_waterfall_case *c) {
    const struct hl_pools *pools = w->waterfall.pools;
    for (size_t e = 0; e < c->claims[0].exchange; e++)
        if (pools->cases[e].claim_count > 0)
            return;
    for (size_t m = 0; m < w->plan->scenario->exchange_count; m++)
        w->called[m] += hl_pools_called(pools, m);
}

/* What pools called their members for in one trial, who had no claims too. */
static void count_called(struct hl_worker *w) {
    double system = 0;
    for (size_t m = 0; m < w->plan->scenario->exchange_count; m++) {
        hl_tally_add(&w->tally, hl_slot_of(w->layout, 0, HL_BASIS_ALL, HL_CALLED, false, 1 + m), w->called[m]);
        system += w->called[m];
        w->called[m] = 0;
    }
    hl_tally_add(&w->tally, hl_slot_of(w->layout, 0, HL_BASIS_ALL, HL_CALLED, false, 0), system);
}

/* The case of the exchange (afresh: and of the policy year) whose claims begin at `first`, as a run asks it. */
static struct hl_waterfall_case case_of(struct hl_worker *w, size_t run, enum hl_basis basis, uint32_t block,
                                        uint32_t trial, size_t first) {
    size_t policy = w->plan->runs[run].policy, exchange = w->claims.claims[first].exchange;
    struct hl_waterfall_case c = hl_years_case(w->plan, &w->plan->policies[policy], &w->claims, first, block, trial);
    c.basis = basis;
    c.plain = w->plain[policy * w->plan->scenario->exchange_count + exchange];
    c.sure = !w->full;
    c.only_shortfall = run > 0;
    return c;
}

/* Solves one case, adds it to its exchange's sums and, where the run is the one that tells, takes the claims out that
 * come after the exchange has failed. */
static void play_case(struct hl_worker *w, size_t run, const struct hl_waterfall_case *c, bool tells) {
    struct hl_outcome o = hl_waterfall_solve(&w->waterfall, c);
    hl_sums_add_case(&w->exchange, c, &o);
    if (w->plan->pool_count > 0 && run == 0 && c->basis == HL_BASIS_ALL)
        add_called(w, c);
    if (run == 0)
        contribute(w, c->claims, &o);
    if (tells) {
        size_t first = (size_t)(c->claims - w->claims.claims);
        hl_years_close(&w->claims, w->plan, first + o.open_count, first + c->claim_count);
    }
    if (o.shortfall <= 0 || hl_run_tells_together(w->plan, run))
        return;
    double insurance = 0, shortfall = o.shortfall;
    if (run == 0 && hl_sized_row(c->funds, c->fund_count) != HL_NONE)
        insurance = hl_need_insurance(&w->waterfall, *c, shortfall);
    hl_sums_add_need(&w->exchange, hl_need_reserve(&w->waterfall, *c, shortfall), insurance);
}

/* The cases of the exchange whose claims begin at `first`; returns where the next one's begin. */
static size_t play_exchange(struct hl_worker *w, size_t run, enum hl_basis basis, uint32_t block, uint32_t trial,
                            size_t first, bool tells) {
    uint32_t exchange = w->claims.claims[first].exchange;
    while (first < w->claims.count && w->claims.claims[first].exchange == exchange) {
        struct hl_waterfall_case c = case_of(w, run, basis, block, trial, first);
        play_case(w, run, &c, tells && basis == HL_BASIS_ALL);
        first += c.claim_count;
    }
    return first;
}

/* Is nobody short at the exchange whose claims begin at `first`, and nothing else asked on this basis? Then *next gets
 * where the next one's begin. */
static bool is_nothing(struct hl_worker *w, size_t run, enum hl_basis basis, uint32_t block, uint32_t trial,
                       size_t first, size_t *next) {
    if (w->full || basis == HL_BASIS_ALL || w->plan->year_count > 1 || w->plan->pool_count > 0)
        return false;
    struct hl_waterfall_case c = case_of(w, run, basis, block, trial, first);
    if (!hl_is_given_back(&c))
        return false;
    *next = first + c.claim_count;
    return true;
}

/* All exchanges of one trial under one run's policy, on one basis. */
static void play_policy(struct hl_worker *w, size_t run, enum hl_basis basis, uint32_t block, uint32_t trial,
                        bool tells) {
    size_t number = 0;
    hl_sums_clear(&w->system, w->plan);
    for (size_t first = 0; first < w->claims.count; number++) {
        uint32_t exchange = w->claims.claims[first].exchange;
        struct hl_kept_sums *kept = run == 0 ? hl_kept_at(&w->kept, trial, number) : NULL;
        if (is_nothing(w, run, basis, block, trial, first, &first)) {
            if (kept != NULL)
                kept->shortfall[basis] = kept->reserve_needed[basis] = 0;
            continue;
        }
        hl_sums_clear(&w->exchange, w->plan);
        first = play_exchange(w, run, basis, block, trial, first, tells);
        if (kept != NULL) {
            kept->shortfall[basis] = w->exchange.shortfall;
            kept->reserve_needed[basis] = w->exchange.reserve_needed;
        }
        if (kept != NULL && w->exchange.shortfall > 0)
            w->kept.trials[trial].is_short = true;
        count_sums(w, run, basis, 1 + (size_t)exchange, &w->exchange);
        hl_sums_add_exchange(&w->system, &w->exchange, w->plan);
    }
    count_sums(w, run, basis, 0, &w->system);
    count_years_together(w, run, basis);
    if (run == 0)
        count_contributions(w, basis);
    if (w->plan->pool_count > 0 && run == 0 && basis == HL_BASIS_ALL)
        count_called(w);
}

/* --- runs that only tell shortfalls --------------------------------------------------------------------------------
 */

/* What the exchange whose claims begin at `first` is short of; *needed gets what it would have needed, *next where the
 * next one's claims begin. */
static double play_short(struct hl_worker *w, size_t run, enum hl_basis basis, uint32_t block, uint32_t trial,
                         size_t first, double *needed, size_t *next) {
    struct hl_waterfall_case c = case_of(w, run, basis, block, trial, first);
    double shortfall = hl_waterfall_solve(&w->waterfall, &c).shortfall;
    bool asked = shortfall > 0 && !hl_run_tells_together(w->plan, run);
    *needed = asked ? hl_need_reserve(&w->waterfall, c, shortfall) : 0;
    *next = first + c.claim_count;
    return shortfall;
}

/* The same where the run comes to what run 0 came to. */
static double repeat_short(struct hl_worker *w, size_t run, enum hl_basis basis, const struct hl_kept_sums *kept,
                           size_t first, double *needed, size_t *next) {
    uint32_t exchange = w->claims.claims[first].exchange;
    *needed = hl_run_tells_together(w->plan, run) ? 0 : kept->reserve_needed[basis];
    for (*next = first + 1; *next < w->claims.count && w->claims.claims[*next].exchange == exchange;)
        (*next)++;
    return kept->shortfall[basis];
}

/* All exchanges of one trial under a run that only tells shortfalls, of one policy year: nothing is counted where
 * nobody is short. */
static void play_shortfalls(struct hl_worker *w, size_t run, enum hl_basis basis, uint32_t block, uint32_t trial) {
    double system = 0, system_needed = 0;
    size_t number = 0, short_count = 0;
    for (size_t first = 0, next; first < w->claims.count; first = next, number++) {
        const struct hl_claim *claim = &w->claims.claims[first];
        bool stated = w->plan->runs[run].sampling == 0;
        next = first + 1;
        if (claim->given_back) /* the exchange's only one */
            continue;
        bool same =
            w->claims.known || (stated && hl_kept_rows_are_same(&w->kept, w->plan->runs[run].policy, claim->exchange));
        double needed,
            shortfall = same ? repeat_short(w, run, basis, hl_kept_at(&w->kept, trial, number), first, &needed, &next)
                             : play_short(w, run, basis, block, trial, first, &needed, &next);
        if (shortfall <= 0)
            continue;
        count_short(w, run, basis, 1 + (size_t)claim->exchange, shortfall, needed);
        system += shortfall;
        system_needed = hl_least(system_needed + needed, HL_NEVER);
        short_count++;
    }
    if (short_count == 0)
        return;
    count_short(w, run, basis, 0, system, system_needed);
    count_together(w, run, basis, short_count, short_count > 1 ? system : 0);
}

/* Gross loss and breaches of an exchange's claims [first, end) by policy year. */
static void count_exchange_years(struct hl_worker *w, size_t first, size_t end) {
    const struct hl_layout *l = w->layout;
    struct hl_tally *t = &w->tally;
    size_t entity = 1 + (size_t)w->claims.claims[first].exchange;
    for (size_t k = first, next; k < end; k = next) {
        uint16_t year = hl_claim_year(w->plan, &w->claims.claims[k]);
        double gross = 0, largest = 0;
        for (next = k; next < end && hl_claim_year(w->plan, &w->claims.claims[next]) == year; next++) {
            gross += w->claims.claims[next].closed ? 0 : w->claims.claims[next].gross;
            largest = w->claims.claims[next].closed ? largest : hl_most(largest, w->claims.claims[next].gross);
        }
        if (!t->second)
            t->year_breaches[(year - 1u) * l->full_count + entity] += !w->claims.claims[k].closed;
        hl_tally_add(t, hl_year_slot_of(l, year, HL_BASIS_ALL, HL_GROSS, false, entity), gross);
        hl_tally_add(t, hl_year_slot_of(l, year, HL_BASIS_ALL, HL_GROSS, true, entity), largest);
    }
}

/* Gross loss and breaches by exchange; the first run of a sampling counts for all of them. */
static void count_exchanges(struct hl_worker *w, size_t run, uint32_t trial) {
    const struct hl_layout *l = w->layout;
    struct hl_tally *t = &w->tally;
    for (size_t first = 0, end; first < w->claims.count; first = end) {
        size_t entity = 1 + (size_t)w->claims.claims[first].exchange;
        double gross = 0, largest = 0;
        for (end = first; end < w->claims.count && 1 + (size_t)w->claims.claims[end].exchange == entity; end++) {
            if (w->claims.claims[end].closed)
                continue;
            gross += w->claims.claims[end].gross;
            largest = hl_most(largest, w->claims.claims[end].gross);
        }
        if (run == 0 && w->plan->year_count > 1)
            count_exchange_years(w, first, end);
        count_breach(w, run, trial, entity);
        if (run > 0)
            continue;
        hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, false, entity), gross);
        hl_tally_add(t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, true, entity), largest);
    }
}

/* What the runs of one trial come to, by exchange and for the system. */
static void count_runs(struct hl_worker *w) {
    double system[HL_PERSPECTIVE_COUNT] = {0};
    for (size_t first = 0, end; first < w->claims.count; first = end) {
        uint32_t exchange = w->claims.claims[first].exchange;
        double of[HL_PERSPECTIVE_COUNT] = {0};
        for (end = first; end < w->claims.count && w->claims.claims[end].exchange == exchange; end++) {
            const struct hl_withdrawals *run = &w->claims.claims[end].run;
            if (w->claims.claims[end].closed)
                continue;
            of[HL_WITHDRAWN] += run->asked;
            of[HL_BACKLOG] = hl_most(of[HL_BACKLOG], run->backlog_most);
            of[HL_DAYS_UNPAID] = hl_most(of[HL_DAYS_UNPAID], run->days_unpaid);
            of[HL_SUSPENDED] = hl_most(of[HL_SUSPENDED], run->suspended);
        }
        for (enum hl_perspective what = HL_WITHDRAWN; what <= HL_SUSPENDED; what++) {
            hl_tally_add(&w->tally, hl_slot_of(w->layout, 0, HL_BASIS_ALL, what, false, 1 + (size_t)exchange),
                         of[what]);
            system[what] = what == HL_DAYS_UNPAID ? hl_most(system[what], of[what]) : system[what] + of[what];
        }
    }
    for (enum hl_perspective what = HL_WITHDRAWN; what <= HL_SUSPENDED; what++)
        hl_tally_add(&w->tally, hl_slot_of(w->layout, 0, HL_BASIS_ALL, what, false, 0), system[what]);
}

/* A trial of another sampling that came to no shortfall as stated: it is known whom its breaches hit. */
static void repeat_breaches(struct hl_worker *w, size_t sampling, uint32_t trial) {
    const struct hl_kept_trial *kept = &w->kept.trials[trial];
    size_t run = 0;
    while (w->plan->runs[run].sampling != sampling)
        run++;
    for (uint32_t i = 0; i < kept->count; i++)
        count_breach(w, run, trial, w->kept.breached[kept->first + i]);
}

static void play_trial(struct hl_worker *w, size_t sampling, uint32_t block, uint32_t trial) {
    const struct hl_events *e = &w->events;
    w->claims.lean = sampling > 0 && !w->full;
    w->claims.known = sampling > 0 && hl_kept_is_same(&w->kept, e, trial);
    if (w->claims.known && !w->kept.trials[trial].is_short) {
        repeat_breaches(w, sampling, trial);
        return;
    }
    hl_claims_play(&w->claims, w->plan, block, e->hits + e->first[trial], e->first[trial + 1] - e->first[trial]);
    bool tells = true; /* a sampling's first run tells what happened */
    w->part_count = 0;
    for (size_t run = 0; run < w->plan->run_count; run++) {
        if (w->plan->runs[run].sampling != sampling)
            continue;
        bool brief = run > 0 && !w->full && w->plan->year_count == 1;
        for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT && w->claims.count > 0; basis++)
            if (brief)
                play_shortfalls(w, run, basis, block, trial);
            else
                play_policy(w, run, basis, block, trial, tells);
        if (tells) {
            count_events(w, run, trial);
            count_exchanges(w, run, trial);
            if (run == 0 && w->plan->scenario->run.any)
                count_runs(w);
        }
        tells = false;
    }
    for (size_t i = 0; i < w->part_count; i++)
        w->part_touched[w->parts[i]] = false;
}

/* The place of the first hit of the next trial that has any. */
static size_t next_trial(const struct hl_events *e, size_t hit) { return e->first[e->hits[hit].trial + 1]; }

static size_t hits_most(const struct hl_events *e) {
    size_t most = 1;
    for (size_t i = 0, next; i < e->count; i = next) {
        next = next_trial(e, i);
        most = next - i > most ? next - i : most;
    }
    return most;
}

/* Draws a block: the hits of all trials, or of those that the swift way leaves to the ledger. */
static enum hl_status sample(struct hl_worker *w, size_t sampling, uint32_t block, uint32_t trials,
                             struct hl_error *err) {
    w->events.lean = sampling > 0 && !w->full;
    w->events.incidents.shares = !w->full;
    if (hl_swift_applies(&w->swift, sampling))
        return hl_swift_block(&w->swift, &w->tally, &w->events, sampling, block, trials, err);
    enum hl_status status = hl_events_sample(&w->events, w->plan, sampling, block, trials, err);
    const struct hl_incidents *in = &w->events.incidents;
    for (size_t i = 0; i < in->count && status == HL_OK && !w->tally.second; i++)
        w->tally.events += in->items[i].at.trial < trials;
    return status;
}

enum hl_status hl_block_run(struct hl_worker *w, uint32_t block, uint32_t trials, struct hl_error *err) {
    memset(w->pairs, 0, hl_pair_width(w->layout) * sizeof *w->pairs);
    for (size_t sampling = 0; sampling < w->plan->sampling_count; sampling++) {
        enum hl_status status = sample(w, sampling, block, trials, err);
        if (status == HL_OK && sampling == 0 && !w->full)
            status = hl_kept_begin(&w->kept, w->plan, &w->events, err);
        if (status == HL_OK && w->events.count == 0)
            continue;
        size_t most = status == HL_OK ? hits_most(&w->events) : 0;
        if (status == HL_OK)
            status = hl_claims_reserve(&w->claims, w->plan, most, err);
        if (status == HL_OK)
            status = hl_waterfall_reserve(&w->waterfall, w->plan, most, err);
        if (status != HL_OK)
            return status;
        for (size_t i = 0; i < w->events.count; i = next_trial(&w->events, i))
            play_trial(w, sampling, block, w->events.hits[i].trial);
    }
    return HL_OK;
}
