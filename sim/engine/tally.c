#include "engine/tally.h"

#include "engine/plan_funds.h"
#include "engine/quiet.h"

#include <stdlib.h>
#include <string.h>

static enum hl_status name_entities(struct hl_layout *l, struct hl_error *err) {
    const struct hl_plan *p = l->plan;
    const struct hl_scenario *s = p->scenario;
    size_t most = 1 + s->exchange_count + s->vendor_count + HL_VECTOR_COUNT + p->source_count;
    l->entities = hl_arena_array(&l->arena, most, sizeof *l->entities);
    l->vector_entity = hl_arena_array(&l->arena, HL_VECTOR_COUNT, sizeof *l->vector_entity);
    if (l->entities == NULL || l->vector_entity == NULL)
        return hl_fail_memory(err);
    struct hl_entity *e = l->entities;
    *e++ = (struct hl_entity){HL_ENTITY_SYSTEM, 0, s->exchange_count == 1 ? s->exchanges[0].id : "all exchanges"};
    for (size_t i = 0; i < s->exchange_count; i++)
        *e++ = (struct hl_entity){HL_ENTITY_EXCHANGE, i, s->exchanges[i].id};
    l->full_count = (size_t)(e - l->entities);
    uint32_t without = s->report.without;
    bool vendors = (without >> HL_CAUSE_VENDORS & 1) == 0, vectors = (without >> HL_CAUSE_VECTORS & 1) == 0;
    bool sources = (without >> HL_CAUSE_SOURCES & 1) == 0;
    l->vendor_first = vendors ? (uint32_t)l->full_count : HL_NO_SLOT;
    for (size_t i = 0; i < s->vendor_count && vendors; i++)
        *e++ = (struct hl_entity){HL_ENTITY_VENDOR, i, s->vendors[i].id};
    for (size_t v = 0; v < HL_VECTOR_COUNT; v++) {
        l->vector_entity[v] = HL_NO_SLOT;
        for (size_t i = 0; i < p->source_count && vectors && l->vector_entity[v] == HL_NO_SLOT; i++) {
            if (p->sources[i].vector != v)
                continue;
            l->vector_entity[v] = (uint32_t)(e - l->entities);
            *e++ = (struct hl_entity){HL_ENTITY_VECTOR, v, hl_vectors[v].name};
        }
    }
    l->source_first = sources ? (uint32_t)(e - l->entities) : HL_NO_SLOT;
    for (size_t i = 0; i < p->source_count && sources; i++)
        *e++ = (struct hl_entity){HL_ENTITY_SOURCE, i, p->sources[i].name};
    l->entity_count = (size_t)(e - l->entities);
    return HL_OK;
}

static void add_slot(struct hl_layout *l, size_t run, enum hl_basis basis, enum hl_perspective what, bool largest,
                     size_t entity) {
    size_t key =
        (((run * HL_BASIS_COUNT + basis) * HL_PERSPECTIVE_COUNT + what) * 2 + largest) * l->entity_count + entity;
    l->by_key[key] = (uint32_t)l->slot_count;
    l->slots[l->slot_count++] = (struct hl_slot){
        .run = (uint16_t)run, .entity = (uint32_t)entity, .basis = basis, .perspective = what, .largest = largest};
}

static void add_year_slot(struct hl_layout *l, uint16_t year, enum hl_basis basis, enum hl_perspective what,
                          bool largest, size_t entity) {
    size_t key =
        (((((size_t)year - 1) * HL_BASIS_COUNT + basis) * HL_PERSPECTIVE_COUNT + what) * 2 + largest) * l->full_count +
        entity;
    l->by_year[key] = (uint32_t)l->slot_count;
    l->slots[l->slot_count++] = (struct hl_slot){
        .year = year, .entity = (uint32_t)entity, .basis = basis, .perspective = what, .largest = largest};
}

/* Each policy year of several: how it went. */
static void add_year_slots(struct hl_layout *l, uint16_t year, size_t entity) {
    add_year_slot(l, year, HL_BASIS_ALL, HL_GROSS, false, entity);
    add_year_slot(l, year, HL_BASIS_ALL, HL_GROSS, true, entity);
    add_year_slot(l, year, HL_BASIS_ALL, HL_CLAIM, false, entity);
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++) {
        add_year_slot(l, year, basis, HL_SHORTFALL, false, entity);
        if (entity > 0)
            add_year_slot(l, year, basis, HL_SHORTFALL, true, entity);
        add_year_slot(l, year, basis, HL_HAIRCUT, false, entity);
    }
}

/* What each source of funds pays and leaves; what is reinstated of a layer where that has a price. */
static void add_fund_slots(struct hl_layout *l, size_t entity) {
    static const enum hl_perspective planes[] = {HL_PAID, HL_LEFT_AFTER, HL_REINSTATEMENT_PREMIUM};
    const struct hl_scenario *s = l->plan->scenario;
    for (size_t f = 0; f < s->fund_count; f++) {
        for (size_t plane = 0; plane < sizeof planes / sizeof *planes; plane++) {
            uint32_t *slot = &l->by_fund[(plane * l->full_count + entity) * s->fund_count + f];
            *slot = HL_NO_SLOT;
            if (planes[plane] == HL_REINSTATEMENT_PREMIUM && s->funds[f].layer.reinstatement_price_count == 0)
                continue;
            *slot = (uint32_t)l->slot_count;
            l->slots[l->slot_count++] = (struct hl_slot){
                .item = (uint16_t)f, .entity = (uint32_t)entity, .basis = HL_BASIS_ALL, .perspective = planes[plane]};
        }
    }
}

/* Is the exchange a member of a pool; of the system, is there any? */
static bool shares_pool(const struct hl_plan *p, size_t entity) {
    const struct hl_scenario *s = p->scenario;
    for (size_t f = 0; f < s->fund_count; f++)
        if (s->funds[f].kind == HL_FUND_pool && (entity == 0 || hl_fund_stands_at(&s->funds[f], entity - 1)))
            return true;
    return false;
}

/* As stated: everything. The other runs answer two questions only: how likely is a shortfall, what reserve is needed;
 * those that tell how exchanges fall short together only the first. */
static void add_full_slots(struct hl_layout *l, size_t entity) {
    const struct hl_plan *p = l->plan;
    for (size_t run = 0; run < p->run_count; run++) {
        for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++) {
            bool together = hl_run_tells_together(p, run);
            add_slot(l, run, basis, HL_SHORTFALL, false, entity);
            if (entity == 0 && l->full_count > 2 && (run == 0 || together))
                add_slot(l, run, basis, HL_JOINT_SHORTFALL, false, entity);
            if (!together)
                add_slot(l, run, basis, HL_RESERVE_NEEDED, false, entity);
            if (run > 0)
                continue;
            add_slot(l, 0, basis, HL_HAIRCUT, false, entity);
            add_slot(l, 0, basis, HL_DAYS_UNTIL_WHOLE, false, entity);
            if (entity == 0)
                continue;
            add_slot(l, 0, basis, HL_SHORTFALL, true, entity);
            add_slot(l, 0, basis, HL_INSURANCE_NEEDED, false, entity);
        }
    }
    add_slot(l, 0, HL_BASIS_ALL, HL_GROSS, false, entity);
    add_slot(l, 0, HL_BASIS_ALL, HL_GROSS, true, entity);
    add_slot(l, 0, HL_BASIS_ALL, HL_CLAIM, false, entity);
    for (enum hl_perspective what = HL_WITHDRAWN; what <= HL_SUSPENDED && p->scenario->run.any; what++)
        add_slot(l, 0, HL_BASIS_ALL, what, false, entity);
    if (p->tells_end)
        add_slot(l, 0, HL_BASIS_ALL, HL_INSOLVENT, false, entity);
    if (p->tells_end && entity > 0)
        add_slot(l, 0, HL_BASIS_ALL, HL_HAIRCUT_SHARE, false, entity);
    if (shares_pool(p, entity))
        add_slot(l, 0, HL_BASIS_ALL, HL_CALLED, false, entity);
    add_fund_slots(l, entity);
}

/* The lengths of the ways from meaning to slot. */
static size_t keys_length(const struct hl_layout *l) {
    return l->plan->run_count * HL_BASIS_COUNT * HL_PERSPECTIVE_COUNT * 2 * l->entity_count;
}
static size_t fund_keys_length(const struct hl_layout *l) { return 3 * l->full_count * l->plan->scenario->fund_count; }
static size_t year_keys_length(const struct hl_layout *l) {
    size_t years = l->plan->year_count > 1 ? l->plan->year_count : 0;
    return years * HL_BASIS_COUNT * HL_PERSPECTIVE_COUNT * 2 * l->full_count;
}

enum hl_status hl_layout_make_apart(struct hl_layout *out, const struct hl_plan *p, struct hl_error *err) {
    *out = (struct hl_layout){.plan = p};
    enum hl_status status = name_entities(out, err);
    if (status == HL_OK) {
        size_t keys = keys_length(out), funds = fund_keys_length(out), years = year_keys_length(out);
        size_t most = keys + funds + years;
        out->by_key = hl_arena_array(&out->arena, keys, sizeof *out->by_key);
        out->by_fund = hl_arena_array(&out->arena, funds, sizeof *out->by_fund);
        out->by_year = hl_arena_array(&out->arena, years, sizeof *out->by_year);
        out->slots = hl_arena_array(&out->arena, most, sizeof *out->slots);
        if (out->by_key == NULL || out->by_fund == NULL || out->by_year == NULL || out->slots == NULL) {
            hl_layout_free(out);
            return hl_fail_memory(err);
        }
        memset(out->by_key, 0xff, keys * sizeof *out->by_key);
        memset(out->by_year, 0xff, years * sizeof *out->by_year);
    }
    if (status != HL_OK) {
        hl_layout_free(out);
        return status;
    }
    for (size_t e = 0; e < out->full_count; e++)
        add_full_slots(out, e);
    for (uint16_t year = 1; year <= p->year_count && p->year_count > 1; year++)
        for (size_t e = 0; e < out->full_count; e++)
            add_year_slots(out, year, e);
    for (size_t e = out->full_count; e < out->entity_count; e++) {
        add_slot(out, 0, HL_BASIS_ALL, HL_GROSS, false, e);
        add_slot(out, 0, HL_BASIS_ALL, HL_GROSS, true, e);
        for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++)
            add_slot(out, 0, basis, HL_SHORTFALL, false, e);
    }
    out->own_count = out->slot_count;
    for (uint32_t i = 0; i < out->slot_count; i++)
        out->slots[i].told_by = i;
    return HL_OK;
}

/* --- slots that are equal by construction ---------------------------------------------------------------------------
 */

/* The only source that an entity's events come from, as an entity; HL_NO_SLOT where there are several. */
static uint32_t only_source(const struct hl_layout *l, const struct hl_entity *e) {
    uint32_t only = HL_NO_SLOT;
    for (size_t i = 0; i < l->plan->source_count && l->source_first != HL_NO_SLOT; i++) {
        const struct hl_source *src = &l->plan->sources[i];
        bool own = e->kind == HL_ENTITY_VECTOR ? e->index == src->vector : e->index == src->vendor;
        if (own && only != HL_NO_SLOT)
            return HL_NO_SLOT;
        if (own)
            only = l->source_first + (uint32_t)i;
    }
    return only;
}

/* Where nobody pays, what is short, needed and lost in the end is what was taken, on either basis. */
static uint32_t equal_if_bare(const struct hl_layout *l, const struct hl_slot *slot) {
    switch (slot->perspective) {
    case HL_CLAIM:
    case HL_SHORTFALL:
    case HL_HAIRCUT:
    case HL_RESERVE_NEEDED:
        if (slot->run == 0)
            return hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, slot->largest, slot->entity);
        return hl_slot_of(l, slot->run, HL_BASIS_ALL, HL_SHORTFALL, slot->largest, slot->entity);
    case HL_JOINT_SHORTFALL:
    case HL_DAYS_UNTIL_WHOLE:
    case HL_INSURANCE_NEEDED:
        return hl_slot_of(l, slot->run, HL_BASIS_ALL, slot->perspective, slot->largest, slot->entity);
    default:
        return HL_NO_SLOT;
    }
}

/* A slot that always has the same values: the system is its only exchange, a vector or a vendor its only source. The
 * slot itself or HL_NO_SLOT where there is none. */
static uint32_t equal_of(const struct hl_layout *l, const struct hl_slot *slot, bool bare) {
    const struct hl_entity *e = &l->entities[slot->entity];
    bool funds = slot->perspective == HL_PAID || slot->perspective == HL_LEFT_AFTER ||
                 slot->perspective == HL_REINSTATEMENT_PREMIUM;
    uint32_t equal = HL_NO_SLOT;
    if (e->kind == HL_ENTITY_EXCHANGE && l->full_count == 2 && funds)
        equal = hl_fund_slot_of(l, slot->perspective, 0, slot->item);
    else if (e->kind == HL_ENTITY_EXCHANGE && l->full_count == 2)
        equal = slot->year > 0 ? hl_year_slot_of(l, slot->year, slot->basis, slot->perspective, slot->largest, 0)
                               : hl_slot_of(l, slot->run, slot->basis, slot->perspective, slot->largest, 0);
    if (equal != HL_NO_SLOT)
        return equal;
    uint32_t source = e->kind == HL_ENTITY_VECTOR || e->kind == HL_ENTITY_VENDOR ? only_source(l, e) : HL_NO_SLOT;
    if (source != HL_NO_SLOT)
        return hl_slot_of(l, slot->run, slot->basis, slot->perspective, slot->largest, source);
    return bare ? equal_if_bare(l, slot) : HL_NO_SLOT;
}

static void renumber(uint32_t *slots, size_t count, const uint32_t *to) {
    for (size_t i = 0; i < count; i++)
        if (slots[i] != HL_NO_SLOT)
            slots[i] = to[slots[i]];
}

/* Numbers the slots anew, those with a ladder of their own first, and links those that one ladder tells. */
static void share(struct hl_layout *l, struct hl_slot *old, uint32_t *to) {
    size_t next = 0;
    bool bare = hl_is_bare(l->plan);
    memcpy(old, l->slots, l->slot_count * sizeof *old);
    for (uint32_t i = 0; i < l->slot_count; i++) {
        uint32_t teller = i, equal;
        while ((equal = equal_of(l, &old[teller], bare)) != HL_NO_SLOT && equal != teller)
            teller = equal;
        old[i].told_by = teller;
        if (teller == i)
            to[i] = (uint32_t)next++;
    }
    l->own_count = next;
    for (size_t i = 0; i < l->slot_count; i++)
        if (old[i].told_by != i)
            to[i] = (uint32_t)next++;
    for (size_t i = 0; i < l->slot_count; i++) {
        l->slots[to[i]] = old[i];
        l->slots[to[i]].told_by = to[old[i].told_by];
    }
    for (size_t i = l->slot_count; i-- > l->own_count;) {
        struct hl_slot *teller = &l->slots[l->slots[i].told_by];
        l->slots[i].next = teller->next;
        teller->next = (uint32_t)i;
    }
    renumber(l->by_key, keys_length(l), to);
    renumber(l->by_fund, fund_keys_length(l), to);
    renumber(l->by_year, year_keys_length(l), to);
}

enum hl_status hl_layout_make(struct hl_layout *out, const struct hl_plan *p, struct hl_error *err) {
    enum hl_status status = hl_layout_make_apart(out, p, err);
    if (status != HL_OK)
        return status;
    struct hl_slot *old = calloc(out->slot_count + 1, sizeof *old);
    uint32_t *to = calloc(out->slot_count + 1, sizeof *to);
    if (old != NULL && to != NULL) {
        share(out, old, to);
    } else {
        hl_layout_free(out);
        status = hl_fail_memory(err);
    }
    free(old);
    free(to);
    return status;
}

void hl_layout_free(struct hl_layout *l) {
    hl_arena_free(&l->arena);
    memset(l, 0, sizeof *l);
}

/* The lengths of a tally's plain counts. */
static size_t breaches_length(const struct hl_layout *l) { return l->plan->run_count * l->entity_count; }
static size_t unpaid_length(const struct hl_layout *l) { return HL_BASIS_COUNT * l->full_count * l->plan->check_count; }
static size_t at_least_length(const struct hl_layout *l) { return l->plan->run_count * HL_BASIS_COUNT * l->full_count; }
static size_t funds_length(const struct hl_layout *l) { return l->full_count * l->plan->scenario->fund_count; }
size_t hl_payers_length(const struct hl_layout *l) {
    return l->full_count * HL_RUNGS * (l->plan->scenario->fund_count + 1);
}

static size_t years_of(const struct hl_layout *l) { return l->plan->year_count > 1 ? l->plan->year_count : 0; }
static size_t year_breaches_length(const struct hl_layout *l) { return years_of(l) * l->full_count; }
static size_t year_at_least_length(const struct hl_layout *l) { return years_of(l) * HL_BASIS_COUNT * l->full_count; }
static size_t first_short_length(const struct hl_layout *l) { return HL_BASIS_COUNT * l->full_count * years_of(l); }

enum hl_status hl_tally_make(struct hl_tally *t, const struct hl_layout *l, struct hl_error *err) {
    *t = (struct hl_tally){.layout = l, .own_count = l->own_count};
    t->ladders = calloc(l->slot_count + 1, sizeof *t->ladders);
    t->picks = calloc(l->slot_count + 1, sizeof *t->picks);
    t->breaches = calloc(breaches_length(l) + 1, sizeof *t->breaches);
    t->unpaid = calloc(unpaid_length(l) + 1, sizeof *t->unpaid);
    t->at_least = calloc(at_least_length(l) + 1, sizeof *t->at_least);
    t->year_breaches = calloc(year_breaches_length(l) + 1, sizeof *t->year_breaches);
    t->year_at_least = calloc(year_at_least_length(l) + 1, sizeof *t->year_at_least);
    t->first_short = calloc(first_short_length(l) + 1, sizeof *t->first_short);
    t->attached = calloc(funds_length(l) + 1, sizeof *t->attached);
    t->exhausted = calloc(funds_length(l) + 1, sizeof *t->exhausted);
    t->payers = calloc(hl_payers_length(l) + 1, sizeof *t->payers);
    if (t->ladders != NULL && t->picks != NULL && t->breaches != NULL && t->unpaid != NULL && t->at_least != NULL &&
        t->year_breaches != NULL && t->year_at_least != NULL && t->first_short != NULL && t->attached != NULL &&
        t->exhausted != NULL && t->payers != NULL)
        return HL_OK;
    hl_tally_free(t);
    return hl_fail_memory(err);
}

void hl_tally_free(struct hl_tally *t) {
    for (size_t i = 0; t->picks != NULL && i < t->layout->slot_count; i++)
        hl_picks_free(&t->picks[i], NULL);
    for (size_t i = 0; i < t->bundle_count; i++) {
        free(t->bundles[i].slots);
        free(t->bundles[i].waiting);
    }
    free(t->bundles);
    free(t->ladders);
    free(t->picks);
    free(t->breaches);
    free(t->unpaid);
    free(t->at_least);
    free(t->year_breaches);
    free(t->year_at_least);
    free(t->first_short);
    free(t->attached);
    free(t->exhausted);
    free(t->payers);
    memset(t, 0, sizeof *t);
}

void hl_tally_lists(const struct hl_tally *t, struct hl_counts lists[HL_TALLY_LISTS]) {
    const struct hl_layout *l = t->layout;
    size_t funds = funds_length(l);
    memcpy(lists,
           (const struct hl_counts[HL_TALLY_LISTS]){{t->breaches, breaches_length(l)},
                                                    {t->unpaid, unpaid_length(l)},
                                                    {t->at_least, at_least_length(l)},
                                                    {t->year_breaches, year_breaches_length(l)},
                                                    {t->year_at_least, year_at_least_length(l)},
                                                    {t->first_short, first_short_length(l)},
                                                    {t->attached, funds},
                                                    {t->exhausted, funds}},
           HL_TALLY_LISTS * sizeof *lists);
}

static void clear_counts(struct hl_tally *t) {
    struct hl_counts lists[HL_TALLY_LISTS];
    hl_tally_lists(t, lists);
    for (size_t i = 0; i < HL_TALLY_LISTS; i++)
        memset(lists[i].items, 0, lists[i].length * sizeof *lists[i].items);
    memset(t->payers, 0, hl_payers_length(t->layout) * sizeof *t->payers);
    t->events = 0;
    t->trials = 0;
}

void hl_tally_clear(struct hl_tally *t) {
    for (size_t i = 0; i < t->own_count; i++) {
        hl_ladder_clear(&t->ladders[i]);
        hl_picks_clear(&t->picks[i]);
    }
    for (size_t i = 0; i < t->bundle_count; i++) {
        hl_ladder_clear(&t->bundles[i].ladder);
        t->bundles[i].waiting_count = 0;
    }
    clear_counts(t);
}

void hl_tally_turn_second(struct hl_tally *t) {
    t->second = true;
    t->laid_anew = true;
    for (size_t i = 0; i < t->layout->slot_count; i++)
        hl_picks_free(&t->picks[i], &t->ladders[i]);
}

void hl_tally_merge_counts(struct hl_tally *into, struct hl_tally *from) {
    const struct hl_layout *l = into->layout;
    struct hl_counts own[HL_TALLY_LISTS], other[HL_TALLY_LISTS];
    hl_tally_lists(into, own);
    hl_tally_lists(from, other);
    for (size_t i = 0; i < HL_TALLY_LISTS; i++)
        for (size_t k = 0; k < own[i].length; k++)
            own[i].items[k] += other[i].items[k];
    for (size_t i = 0; i < hl_payers_length(l); i++)
        if (from->payers[i] != 0)
            into->payers[i] += from->payers[i];
    into->events += from->events;
    into->trials += from->trials;
    into->crowded = true; /* windows grow together */
    clear_counts(from);
}

void hl_tally_merge_slot(struct hl_tally *into, struct hl_tally *from, size_t slot) {
    hl_ladder_merge(&into->ladders[slot], &from->ladders[slot]);
    hl_picks_merge(&into->picks[slot], &into->ladders[slot], &from->picks[slot]);
    hl_ladder_clear(&from->ladders[slot]);
    hl_picks_clear(&from->picks[slot]);
}

void hl_tally_merge(struct hl_tally *into, struct hl_tally *from) {
    hl_tally_unbundle(into);
    hl_tally_unbundle(from);
    hl_tally_merge_counts(into, from);
    for (size_t i = 0; i < into->own_count; i++)
        hl_tally_merge_slot(into, from, i);
}

void hl_tally_add_times(struct hl_tally *t, uint32_t slot, double x, uint64_t times) {
    if (x <= 0 || times == 0 || slot >= t->own_count)
        return;
    struct hl_rung *rung = &t->ladders[slot].rungs[hl_rung_of(x)];
    if (!t->second)
        hl_rung_add_times(rung, x, times);
    if (rung->marks != 0)
        t->crowded |= hl_picks_add(&t->picks[slot], rung, x, times);
}

enum { STRETCH = 512 };

/* Copies the positive values of x [count] to out; returns how many. No branch depends on a value: nobody could foretell
 * it. */
static size_t keep_positive(double *out, const double *x, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        out[kept] = x[i];
        kept += x[i] > 0;
    }
    return kept;
}

/* Counts values [count] of a stretch; returns how many are in rungs of which something is kept, and in marked[] which.
 */
static size_t count_stretch(struct hl_ladder *l, const double *x, uint32_t count, uint32_t marked[STRETCH]) {
    size_t marked_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct hl_rung *rung = &l->rungs[hl_rung_of(x[i])];
        marked[marked_count] = i; /* without a branch that nobody can foretell: the next loads need not wait for it */
        marked_count += rung->marks != 0;
        hl_rung_add(rung, x[i]);
    }
    return marked_count;
}

/* Counts positive values [count] in a ladder, and keeps those of marked rungs in the slots. */
static void add_many(struct hl_tally *t, struct hl_ladder *l, const uint32_t *slots, size_t slot_count, const double *x,
                     size_t count) {
    for (size_t first = 0; first < count; first += STRETCH) {
        uint32_t marked[STRETCH];
        uint32_t length = count - first < STRETCH ? (uint32_t)(count - first) : STRETCH;
        size_t marked_count = count_stretch(l, x + first, length, marked);
        for (size_t k = 0; k < slot_count; k++)
            t->crowded |=
                hl_picks_add_many(&t->picks[slots[k]], &t->ladders[slots[k]], x + first, marked, marked_count);
    }
}

void hl_tally_add_many(struct hl_tally *t, uint32_t slot, const double *x, size_t count) {
    if (slot >= t->own_count)
        return;
    double positive[STRETCH];
    for (size_t first = 0; first < count && !t->second; first += STRETCH) {
        size_t length = count - first < STRETCH ? count - first : STRETCH;
        add_many(t, &t->ladders[slot], &slot, 1, positive, keep_positive(positive, x + first, length));
    }
    for (size_t i = 0; i < count && t->second; i++)
        hl_tally_add(t, slot, x[i]);
}

/* --- bundles ------------------------------------------------------------------------------------------------------ */

enum hl_status hl_tally_bundle(struct hl_tally *t, const uint32_t *slots, size_t count, const struct hl_bundle *like,
                               size_t *out, struct hl_error *err) {
    struct hl_bundle *bundles = realloc(t->bundles, (t->bundle_count + 1) * sizeof *bundles);
    if (bundles == NULL)
        return hl_fail_memory(err);
    t->bundles = bundles;
    struct hl_bundle *b = &bundles[t->bundle_count];
    memset(b, 0, sizeof *b);
    t->bundle_count++; /* its memory is the tally's now */
    b->slots = calloc(count + 1, sizeof *b->slots);
    b->waiting = malloc(HL_WAITING_MOST * sizeof *b->waiting);
    if (b->slots == NULL || b->waiting == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < count; i++) {
        bool known = slots[i] >= t->own_count;
        for (size_t k = 0; k < b->slot_count; k++)
            known = known || b->slots[k] == slots[i];
        if (!known)
            b->slots[b->slot_count++] = slots[i];
    }
    b->entity_count = like->entity_count;
    memcpy(b->entities, like->entities, sizeof b->entities);
    b->payer = like->payer;
    *out = t->bundle_count - 1;
    t->laid_anew = true;
    return HL_OK;
}

static void find_marks(struct hl_tally *t) {
    for (size_t i = 0; i < t->bundle_count; i++) {
        struct hl_bundle *b = &t->bundles[i];
        for (size_t r = 0; r < HL_RUNGS; r++)
            b->ladder.rungs[r].marks = 0;
        for (size_t k = 0; k < b->slot_count; k++)
            hl_picks_mark(&t->picks[b->slots[k]], &b->ladder);
    }
    t->laid_anew = false;
}

/* Counts what waits in a bundle. */
static void count_waiting(struct hl_tally *t, struct hl_bundle *b) {
    add_many(t, &b->ladder, b->slots, b->slot_count, b->waiting, b->waiting_count);
    b->waiting_count = 0;
}

void hl_tally_count_waiting(struct hl_tally *t) {
    if (t->laid_anew)
        find_marks(t);
    for (size_t i = 0; i < t->bundle_count; i++)
        count_waiting(t, &t->bundles[i]);
}

void hl_tally_add_bundled(struct hl_tally *t, size_t bundle, const double *x, size_t count) {
    struct hl_bundle *b = &t->bundles[bundle];
    for (size_t k = 0; k < b->slot_count && t->second; k++)
        hl_tally_add_many(t, b->slots[k], x, count);
    for (size_t first = 0, taken; first < count && !t->second; first += taken) {
        size_t room = HL_WAITING_MOST - b->waiting_count;
        taken = count - first < room ? count - first : room;
        b->waiting_count += keep_positive(b->waiting + b->waiting_count, x + first, taken);
        if (b->waiting_count < HL_WAITING_MOST)
            continue;
        if (t->laid_anew)
            find_marks(t);
        count_waiting(t, b);
    }
}

uint64_t hl_tally_bundled_above(const struct hl_tally *t, uint32_t slot, unsigned rung) {
    uint64_t above = 0;
    for (size_t i = 0; i < t->bundle_count; i++) {
        const struct hl_bundle *b = &t->bundles[i];
        bool holds = false;
        for (size_t k = 0; k < b->slot_count; k++)
            holds = holds || b->slots[k] == slot;
        for (size_t r = rung + 1; r < HL_RUNGS && holds; r++)
            above += b->ladder.rungs[r].count;
    }
    return above;
}

static void unbundle_rung(struct hl_tally *t, const struct hl_bundle *b, size_t r) {
    const struct hl_rung *from = &b->ladder.rungs[r];
    size_t columns = t->layout->plan->scenario->fund_count + 1;
    for (size_t k = 0; k < b->slot_count; k++) {
        struct hl_rung *into = &t->ladders[b->slots[k]].rungs[r];
        into->count += from->count;
        into->sum += from->sum;
        into->square += from->square;
    }
    for (size_t k = 0; k < b->entity_count; k++)
        t->payers[(b->entities[k] * (size_t)HL_RUNGS + r) * columns + b->payer] += from->sum;
}

void hl_tally_unbundle(struct hl_tally *t) {
    hl_tally_count_waiting(t);
    for (size_t i = 0; i < t->bundle_count; i++) {
        struct hl_bundle *b = &t->bundles[i];
        for (size_t r = 0; r < HL_RUNGS; r++)
            if (b->ladder.rungs[r].count > 0)
                unbundle_rung(t, b, r);
        hl_ladder_clear(&b->ladder);
    }
}
