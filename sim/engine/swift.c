#include "engine/swift.h"

#include "base/money.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is to become of a trial. */
enum verdict { QUIET, LAYERED, SCARCE, LOUD };

/* One or more entities whose events are those of the same lists. */
struct hl_gathering {
    size_t exchange; /* whose claims they are; HL_NONE = no single exchange's */
    bool system;     /* they are all claims of the trial */
    uint32_t *lists; /* [list_count] ascending */
    size_t list_count;
    uint32_t *entities; /* [entity_count] */
    size_t entity_count;
};

/* Where a gathering's trials are counted: bundles of the tally. */
struct bundles {
    size_t single;  /* trials with one event: its amount is the year's sum and the year's largest */
    size_t sum;     /* the others' sums */
    size_t largest; /* the others' largest events */
    struct hl_scarce_places scarce;
    size_t settled; /* layered trials' claims; then for each fund what it pays and what is left after it */
};

/* How a sampling goes. */
struct hl_swift_way {
    bool applies;
    size_t run;               /* the first one of the sampling, which tells what happened */
    struct hl_settlement *of; /* [exchange_count] */
    struct hl_scarce scarce;
    struct bundles *bundles; /* [gathering_count] */
};

/* --- what goes the swift way ---------------------------------------------------------------------------------------
 */

/* All exchanges' quiet claims are paid alike, so that the system's are told from their sums. */
static bool are_alike(const struct hl_settlement *of, size_t count) {
    for (size_t e = 1; e < count; e++)
        if (of[e].quiet.payer != of[0].quiet.payer ||
            memcmp(of[e].quiet.days, of[0].quiet.days, sizeof of[0].quiet.days) != 0)
            return false;
    return true;
}

static enum hl_status settle(struct hl_swift *w, struct hl_swift_way *way, size_t sampling, struct hl_error *err) {
    const struct hl_plan *p = w->plan;
    size_t exchanges = p->scenario->exchange_count;
    bool apart = p->samplings[sampling].kind == HL_VENDORS_APART;
    while (p->runs[way->run].sampling != sampling)
        way->run++;
    way->of = hl_arena_array(&w->arena, exchanges, sizeof *way->of);
    if (way->of == NULL)
        return hl_fail_memory(err);
    if (!hl_strokes_apply(p, sampling))
        return HL_OK;
    if (w->bare) { /* told apart, an event is played in several trials, or in none */
        way->applies = !apart || p->scenario->wallets_restored;
        return HL_OK;
    }
    bool any = false;
    for (size_t e = 0; e < exchanges; e++) {
        enum hl_status status = hl_settlement_make(&way->of[e], p, sampling, e, &w->arena, err);
        if (status != HL_OK)
            return status;
        any = any || way->of[e].quiet.most > 0;
        if (exchanges > 1) /* what layers pay is not added up over exchanges */
            way->of[e].layer_count = 0;
    }
    way->applies = any && !apart && are_alike(way->of, exchanges);
    return way->applies ? hl_scarce_make(&way->scarce, p, way->run, &way->of[0].quiet, &w->arena, err) : HL_OK;
}

/* --- what is gathered -----------------------------------------------------------------------------------------------
 */

/* Does an entity gather the events of a list? Only exchanges gather what vendors' events took from each client. */
static bool gathers(const struct hl_layout *l, const struct hl_entity *entity, size_t list) {
    const struct hl_plan *p = l->plan;
    bool misses = list >= p->source_count && list < 2 * p->source_count;
    if (list >= 2 * p->source_count)
        return entity->kind == HL_ENTITY_EXCHANGE && list - 2 * p->source_count == entity->index;
    const struct hl_source *src = &p->sources[list % p->source_count];
    switch (entity->kind) {
    case HL_ENTITY_SYSTEM:
        return !misses;
    case HL_ENTITY_EXCHANGE:
        return !misses && src->vendor == HL_NONE && src->targets[0].exchange == entity->index;
    case HL_ENTITY_VENDOR:
        return src->vendor == entity->index;
    case HL_ENTITY_VECTOR:
        return src->vector == (enum hl_vector_id)entity->index;
    default:
        return list % p->source_count == entity->index;
    }
}

static bool is_vendors_client(const struct hl_plan *p, size_t exchange) {
    for (size_t s = 0; s < p->source_count; s++)
        for (size_t k = 0; k < p->sources[s].target_count && p->sources[s].vendor != HL_NONE; k++)
            if (p->sources[s].targets[k].exchange == exchange)
                return true;
    return false;
}

/* Lists that always stay empty belong to nobody. */
static bool is_used(const struct hl_plan *p, size_t list) {
    if (list >= 2 * p->source_count)
        return is_vendors_client(p, list - 2 * p->source_count);
    return list < p->source_count || p->sources[list - p->source_count].vendor != HL_NONE;
}

/* The gathering with these lists, made when it is new. Whose sums over lists are the same are not told apart. */
static struct hl_gathering *gathering_of(struct hl_swift *w, const uint32_t *lists, size_t count) {
    for (size_t i = 0; i < w->gathering_count; i++) {
        struct hl_gathering *g = &w->gatherings[i];
        if (g->list_count == count && memcmp(g->lists, lists, count * sizeof *lists) == 0)
            return g;
    }
    struct hl_gathering *g = &w->gatherings[w->gathering_count++];
    *g = (struct hl_gathering){.exchange = HL_NONE};
    g->lists = hl_arena_array(&w->arena, count, sizeof *g->lists);
    g->entities = hl_arena_array(&w->arena, w->layout->entity_count, sizeof *g->entities);
    if (g->lists == NULL || g->entities == NULL)
        return NULL;
    memcpy(g->lists, lists, count * sizeof *lists);
    g->list_count = count;
    return g;
}

static bool add_entity(struct hl_swift *w, uint32_t entity) {
    const struct hl_layout *l = w->layout;
    size_t most = hl_stroke_lists(w->plan), count = 0;
    uint32_t lists[most + 1];
    for (size_t list = 0; list < most; list++)
        if (is_used(w->plan, list) && gathers(l, &l->entities[entity], list))
            lists[count++] = (uint32_t)list;
    if (count == 0) /* nothing is ever taken there */
        return true;
    struct hl_gathering *g = gathering_of(w, lists, count);
    if (g == NULL)
        return false;
    g->entities[g->entity_count++] = entity;
    if (l->entities[entity].kind == HL_ENTITY_EXCHANGE)
        g->exchange = l->entities[entity].index;
    g->system = g->system || entity == 0;
    return true;
}

/* --- where it is counted --------------------------------------------------------------------------------------------
 */

static bool has_claims(const struct hl_gathering *g) { return g->system || g->exchange != HL_NONE; }

/* How a gathering's claims are settled; the system's as any exchange's: they are alike, or there is one. */
static const struct hl_settlement *settlement_of(const struct hl_swift_way *way, const struct hl_gathering *g) {
    return &way->of[g->exchange == HL_NONE ? 0 : g->exchange];
}

/* The slots that get a quiet trial's sum; returns how many. out: [2 + fund_count] */
static size_t sum_slots(const struct hl_swift *w, const struct hl_swift_way *way, const struct hl_gathering *g,
                        uint32_t entity, uint32_t *out) {
    const struct hl_layout *l = w->layout;
    size_t count = 0;
    if (way->run > 0) { /* quiet claims leave no shortfall */
        out[count] = hl_slot_of(l, way->run, HL_BASIS_ALL, HL_SHORTFALL, false, entity);
        return w->bare && has_claims(g);
    }
    out[count++] = hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, false, entity);
    if (!has_claims(g) || entity >= l->full_count || w->bare)
        return count;
    size_t payer = settlement_of(way, g)->quiet.payer;
    out[count++] = hl_slot_of(l, 0, HL_BASIS_ALL, HL_CLAIM, false, entity);
    for (size_t f = 0; f < payer; f++)
        out[count++] = hl_fund_slot_of(l, HL_LEFT_AFTER, entity, f);
    out[count++] = hl_fund_slot_of(l, HL_PAID, entity, payer);
    return count;
}

static enum hl_status bundle(struct hl_swift *w, struct hl_tally *t, const struct hl_swift_way *way,
                             const struct hl_gathering *g, struct bundles *out, struct hl_error *err) {
    size_t funds = w->plan->scenario->fund_count, sums = 0, largest = 0;
    uint32_t *slots = hl_arena_array(&w->arena, (funds + 4) * g->entity_count, sizeof *slots);
    uint32_t *largest_slots = hl_arena_array(&w->arena, g->entity_count, sizeof *slots);
    if (slots == NULL || largest_slots == NULL)
        return hl_fail_memory(err);
    struct hl_bundle paid = {.payer = w->bare ? funds : settlement_of(way, g)->quiet.payer}, unpaid = {0};
    for (size_t i = 0; i < g->entity_count; i++) {
        uint32_t entity = g->entities[i];
        sums += sum_slots(w, way, g, entity, slots + sums);
        if (way->run == 0)
            largest_slots[largest++] = hl_slot_of(w->layout, 0, HL_BASIS_ALL, HL_GROSS, true, entity);
        if (way->run > 0 || entity >= w->layout->full_count)
            continue;
        assert(paid.entity_count < 2); /* an exchange, the system */
        paid.entities[paid.entity_count++] = entity;
    }
    enum hl_status status = hl_tally_bundle(t, slots, sums, &paid, &out->sum, err);
    if (status == HL_OK)
        status = hl_tally_bundle(t, largest_slots, largest, &unpaid, &out->largest, err);
    memcpy(slots + sums, largest_slots, largest * sizeof *slots);
    if (status == HL_OK)
        status = hl_tally_bundle(t, slots, sums + largest, &paid, &out->single, err);
    return status;
}

/* Where the trials are counted that layers pay for. */
static enum hl_status bundle_settled(struct hl_swift *w, struct hl_tally *t, const struct hl_gathering *g,
                                     struct bundles *out, struct hl_error *err) {
    const struct hl_layout *l = w->layout;
    const struct hl_bundle unpaid = {0};
    size_t count = 0, number;
    uint32_t *slots = hl_arena_array(&w->arena, 2 * g->entity_count, sizeof *slots);
    if (slots == NULL)
        return hl_fail_memory(err);
    for (size_t k = 0; k < g->entity_count; k++) {
        slots[count++] = hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, false, g->entities[k]);
        slots[count++] = hl_slot_of(l, 0, HL_BASIS_ALL, HL_CLAIM, false, g->entities[k]);
    }
    enum hl_status status = hl_tally_bundle(t, slots, count, &unpaid, &out->settled, err);
    for (size_t i = 0; i < 2 * w->plan->scenario->fund_count && status == HL_OK; i++) {
        count = 0;
        for (size_t k = 0; k < g->entity_count; k++)
            if (g->entities[k] < l->full_count)
                slots[count++] = hl_fund_slot_of(l, i % 2 == 0 ? HL_PAID : HL_LEFT_AFTER, g->entities[k], i / 2);
        status = hl_tally_bundle(t, slots, count, &unpaid, &number, err);
    }
    return status;
}

static enum hl_status make_way(struct hl_swift *w, struct hl_tally *t, size_t sampling, struct hl_error *err) {
    struct hl_swift_way *way = &w->ways[sampling];
    enum hl_status status = settle(w, way, sampling, err);
    if (status != HL_OK || !way->applies)
        return status;
    way->bundles = hl_arena_array(&w->arena, w->gathering_count, sizeof *way->bundles);
    if (way->bundles == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < w->gathering_count && status == HL_OK; i++) {
        const struct hl_gathering *g = &w->gatherings[i];
        status = bundle(w, t, way, g, &way->bundles[i], err);
        if (status == HL_OK && way->scarce.applies)
            status = hl_scarce_bundle(&way->scarce, &way->bundles[i].scarce, t, g->entities, g->entity_count, &w->arena,
                                      err);
        if (status == HL_OK && has_claims(g) && settlement_of(way, g)->layer_count > 0)
            status = bundle_settled(w, t, g, &way->bundles[i], err);
    }
    return status;
}

enum hl_status hl_swift_make(struct hl_swift *w, struct hl_tally *t, bool full, struct hl_error *err) {
    const struct hl_layout *l = t->layout;
    const struct hl_plan *p = l->plan;
    w->plan = p;
    w->layout = l;
    w->bare = hl_is_bare(p);
    w->drained = !p->scenario->wallets_restored;
    w->ways = hl_arena_array(&w->arena, p->sampling_count, sizeof *w->ways);
    w->gatherings = hl_arena_array(&w->arena, l->entity_count, sizeof *w->gatherings);
    enum hl_status status = hl_strokes_make(&w->strokes_of, &w->arena, p, err);
    bool made = w->ways != NULL && w->gatherings != NULL;
    for (uint32_t e = 1; e < l->entity_count && made; e++) /* exchanges come first */
        made = add_entity(w, e);
    made = made && add_entity(w, 0);
    if (!made && status == HL_OK)
        status = hl_fail_memory(err);
    for (size_t s = 0; s < p->sampling_count && status == HL_OK && !full; s++)
        status = make_way(w, t, s, err);
    return status;
}

bool hl_swift_applies(const struct hl_swift *w, size_t sampling) { return w->ways[sampling].applies; }

void hl_swift_free(struct hl_swift *w) {
    if (w->plan != NULL)
        hl_strokes_free(&w->strokes_of);
    hl_arena_free(&w->arena);
    w->plan = NULL;
}

/* --- adding up ------------------------------------------------------------------------------------------------------
 */

/* Adds a list's strokes up by trial; `touched` trials were touched before. Returns how many are now. No branch depends
 * on which trials come: nobody could foretell it. */
static size_t gather_list(struct hl_swift *w, size_t number, size_t touched) {
    const struct hl_strokes *list = &w->strokes_of.lists[number];
    for (size_t k = 0; k < list->count; k++) {
        uint16_t trial = list->trials[k];
        w->touched[touched] = trial;
        touched += w->strokes[trial]++ == 0;
        w->taken[trial].sum += list->taken[k];
        w->taken[trial].largest = hl_most(w->taken[trial].largest, list->taken[k]);
    }
    return touched;
}

static size_t gather(struct hl_swift *w, const struct hl_gathering *g) {
    size_t touched = 0;
    for (size_t i = 0; i < g->list_count; i++)
        touched = gather_list(w, g->lists[i], touched);
    return touched;
}

/* All that was taken at exchanges, told apart: what vendors' events took falls into years of each exchange. */
static size_t gather_apart(struct hl_swift *w) {
    size_t touched = 0;
    for (size_t list = 0; list < hl_stroke_lists(w->plan); list++)
        if (list >= 2 * w->plan->source_count ||
            (list < w->plan->source_count && w->plan->sources[list].vendor == HL_NONE))
            touched = gather_list(w, list, touched);
    return touched;
}

static void let_go(struct hl_swift *w, uint16_t trial) {
    w->strokes[trial] = 0;
    w->taken[trial].sum = w->taken[trial].largest = 0;
}

/* What is to become of a trial of which one exchange's strokes are gathered. A second theft finds less in the wallets,
 * unless they are restored: the ledger knows how much. */
static inline void judge(struct hl_swift *w, const struct hl_swift_way *way, const struct hl_settlement *s,
                         uint16_t trial) {
    double x = w->taken[trial].sum;
    bool lone = w->strokes[trial] == 1;
    enum verdict is = QUIET;
    if (!w->bare && x > s->quiet.most)
        is = s->layer_count > 0 && x <= s->most ? LAYERED : way->scarce.applies && lone ? SCARCE : LOUD;
    if (w->drained && !lone)
        is = LOUD;
    if (is > w->verdict[trial])
        w->verdict[trial] = (uint8_t)is;
}

/* The trials of a gathering that are not loud, as lists of values. */
struct heard {
    size_t single_count;
    size_t several_count;
    size_t scarce_count;
    size_t layered_count; /* of an exchange or the system, told apart from the others */
    size_t paid;          /* trials with something to pay */
};

/* Lists the trials touched, and lets go of them. `way`: they are judged first, by the only exchange's settlement. */
static struct heard hear(struct hl_swift *w, const struct hl_swift_way *way, size_t touched, bool claims) {
    struct heard h = {0};
    for (size_t i = 0; i < touched; i++) {
        uint16_t trial = w->touched[i];
        if (way != NULL)
            judge(w, way, &way->of[0], trial);
        double sum = w->taken[trial].sum, largest = w->taken[trial].largest;
        bool one = w->strokes[trial] == 1;
        enum verdict is = w->verdict[trial];
        let_go(w, trial);
        if (is == LOUD)
            continue;
        if (is == SCARCE) {
            w->scarce[h.scarce_count++] = sum;
            continue;
        }
        h.paid += sum > 0;
        if (claims && is == LAYERED) {
            if (way != NULL) {
                w->place[trial] = (uint16_t)h.layered_count;
                w->layered_trials[h.layered_count] = trial;
                hl_settle_begin(&way->of[0], &w->layered[h.layered_count], sum);
            }
            w->layered_largest[h.layered_count++] = largest;
            continue;
        }
        w->single[h.single_count] = w->several[h.several_count] = sum;
        w->several_largest[h.several_count] = largest;
        h.single_count += one;
        h.several_count += !one;
    }
    return h;
}

/* --- layered trials -------------------------------------------------------------------------------------------------
 */

/* The source of a list's strokes; of what came through vendors any vendor's: they are covered alike. */
static size_t source_of(const struct hl_plan *p, size_t list) {
    if (list < p->source_count)
        return list;
    size_t source = 0;
    while (p->sources[source].vendor == HL_NONE)
        source++;
    return source;
}

/* So many strokes are looked through at once. */
enum { STRETCH = 256 };

/* Settles the trials of the one exchange that layers pay for; those that leave more than the payer has are loud. */
static void settle_layered(struct hl_swift *w, const struct hl_settlement *s, const struct hl_gathering *g,
                           struct heard *h) {
    for (size_t i = 0; i < g->list_count && h->layered_count > 0; i++) {
        const struct hl_strokes *list = &w->strokes_of.lists[g->lists[i]];
        size_t source = source_of(w->plan, g->lists[i]);
        for (size_t first = 0; first < list->count; first += STRETCH) {
            uint32_t claims[STRETCH] = {0};
            size_t end = list->count - first < STRETCH ? list->count : first + STRETCH, count = 0;
            for (size_t k = first; k < end; k++) { /* without a branch that nobody can foretell */
                claims[count] = (uint32_t)k;
                count += (list->taken[k] > s->small) & (w->verdict[list->trials[k]] == LAYERED);
            }
            for (size_t k = 0; k < count; k++)
                hl_settle_claim(s, &w->layered[w->place[list->trials[claims[k]]]], source, list->taken[claims[k]]);
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < h->layered_count; i++) {
        if (hl_settle_end(s, &w->layered[i]) > s->cash) {
            w->verdict[w->layered_trials[i]] = LOUD;
            h->paid -= w->layered[i].claim > 0;
            continue;
        }
        w->layered[kept] = w->layered[i];
        w->layered_largest[kept++] = w->layered_largest[i];
    }
    w->layered_count = h->layered_count = kept;
}

/* Whom the layered trials' payments, of each its own, are counted for, beside the slots. */
static void count_payments(const struct hl_swift *w, struct hl_tally *t, const struct hl_gathering *g, size_t fund,
                           const double *paid) {
    size_t columns = w->plan->scenario->fund_count + 1;
    for (size_t k = 0; k < g->entity_count; k++) {
        if (g->entities[k] >= w->layout->full_count)
            continue;
        hl_wide *payers = t->payers + g->entities[k] * (size_t)HL_RUNGS * columns + fund;
        for (size_t i = 0; i < w->layered_count; i++)
            payers[hl_rung_of(hl_most(w->layered[i].claim, 1)) * columns] += (uint64_t)(int64_t)paid[i];
    }
}

/* In how many layered trials a layer pays, and pays all it can. */
static void count_layer(const struct hl_swift *w, struct hl_tally *t, const struct hl_gathering *g,
                        const struct hl_settlement *s, size_t layer) {
    uint64_t attached = 0, exhausted = 0;
    for (size_t i = 0; i < w->layered_count; i++) {
        attached += w->layered[i].paid[layer] > 0;
        exhausted += w->layered[i].exhausted >> layer & 1;
    }
    for (size_t k = 0; k < g->entity_count; k++) {
        size_t at = g->entities[k] * w->plan->scenario->fund_count + s->layers[layer].fund;
        if (g->entities[k] < w->layout->full_count) {
            t->attached[at] += attached;
            t->exhausted[at] += exhausted;
        }
    }
}

/* The layered trials of a gathering: their claims, and by whom they were paid. */
static void count_layered(struct hl_swift *w, struct hl_tally *t, const struct hl_gathering *g,
                          const struct hl_settlement *s, const struct bundles *b) {
    size_t count = w->layered_count, next = 0;
    double *paid = w->single, *left = w->several;
    for (size_t i = 0; i < count; i++)
        left[i] = w->layered[i].claim;
    hl_tally_add_bundled(t, b->settled, left, count);
    hl_tally_add_bundled(t, b->largest, w->layered_largest, count);
    for (size_t f = 0; f <= s->quiet.payer; f++) {
        bool layer = next < s->layer_count && s->layers[next].fund == f;
        for (size_t i = 0; i < count; i++) {
            paid[i] = layer ? w->layered[i].paid[next] : f == s->quiet.payer ? left[i] : 0;
            left[i] -= paid[i];
        }
        if (layer && !t->second)
            count_layer(w, t, g, s, next);
        next += layer;
        if (!t->second)
            count_payments(w, t, g, f, paid);
        hl_tally_add_bundled(t, b->settled + 1 + 2 * f, paid, count);
        if (f < s->quiet.payer) /* who leaves nothing */
            hl_tally_add_bundled(t, b->settled + 2 + 2 * f, left, count);
    }
}

/* --- counting -------------------------------------------------------------------------------------------------------
 */

/* How long it takes until claims are paid, and what is unpaid until then. */
static void count_days(const struct hl_swift *w, struct hl_tally *t, const struct hl_swift_way *way,
                       const struct hl_gathering *g, uint32_t entity, size_t paid) {
    const struct hl_layout *l = w->layout;
    size_t checks = w->plan->check_count;
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT && paid > 0; basis++) {
        double days = w->bare ? HL_NEVER : settlement_of(way, g)->quiet.days[basis];
        hl_tally_add_times(t, hl_slot_of(l, 0, basis, HL_DAYS_UNTIL_WHOLE, false, entity), days, paid);
        for (size_t i = 0; i < checks && !t->second; i++)
            if (w->plan->checks[i] < days)
                t->unpaid[(basis * l->full_count + entity) * checks + i] += paid;
    }
}

/* The trials of a gathering that are not loud, for all its entities. */
static void count(struct hl_swift *w, struct hl_tally *t, const struct hl_swift_way *way, size_t number,
                  struct heard h) {
    const struct hl_layout *l = w->layout;
    const struct hl_gathering *g = &w->gatherings[number];
    const struct bundles *b = &way->bundles[number];
    hl_tally_add_bundled(t, b->single, w->single, h.single_count);
    hl_tally_add_bundled(t, b->sum, w->several, h.several_count);
    hl_tally_add_bundled(t, b->largest, w->several_largest, h.several_count);
    for (size_t i = 0; i < g->entity_count; i++) {
        uint32_t entity = g->entities[i];
        if (!t->second)
            t->breaches[way->run * l->entity_count + entity] +=
                h.single_count + h.several_count + h.scarce_count + h.layered_count;
        if (way->run == 0 && entity < l->full_count)
            count_days(w, t, way, g, entity, h.paid);
    }
    if (h.scarce_count > 0) /* the lists of singles and others are counted */
        hl_scarce_count(&way->scarce, &b->scarce, t, w->scarce, h.scarce_count, w->work);
    if (h.layered_count > 0)
        count_layered(w, t, g, settlement_of(way, g), b);
}

/* --- exchanges short together ---------------------------------------------------------------------------------------
 */

/* One exchange's shortfalls, where nobody pays. */
static void join(struct hl_swift *w, size_t touched) {
    for (size_t i = 0; i < touched && w->bare; i++) {
        uint16_t trial = w->touched[i];
        if (w->taken[trial].sum <= 0)
            continue;
        w->joint[trial] = (w->short_count[trial] > 0 ? w->joint[trial] : 0) + w->taken[trial].sum;
        w->short_count[trial]++;
    }
}

static void count_together(struct hl_swift *w, struct hl_tally *t, const struct hl_swift_way *way) {
    const struct hl_layout *l = w->layout;
    size_t several = 0;
    for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS; trial++) {
        size_t exchanges = w->short_count[trial];
        w->short_count[trial] = 0;
        if (exchanges == 0 || w->verdict[trial] == LOUD)
            continue;
        for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT && !t->second; basis++)
            t->at_least[(way->run * HL_BASIS_COUNT + basis) * l->full_count + exchanges]++;
        w->several[several] = w->joint[trial];
        several += exchanges > 1;
    }
    hl_tally_add_many(t, hl_slot_of(l, way->run, HL_BASIS_ALL, HL_JOINT_SHORTFALL, false, 0), w->several, several);
}

/* --- a block --------------------------------------------------------------------------------------------------------
 */

/* The hits of loud trials, drawn again one by one. */
static enum hl_status tell_loud(struct hl_swift *w, struct hl_events *e, size_t sampling, uint32_t block,
                                uint32_t trials, struct hl_error *err) {
    enum hl_status status = HL_OK;
    e->incidents.count = e->count = 0;
    if (memchr(w->verdict, LOUD, trials) == NULL) {
        memset(e->first, 0, sizeof e->first);
        return HL_OK;
    }
    for (uint32_t s = 0; s < w->plan->source_count; s++) {
        const struct hl_strokes *drawn = hl_strokes_drawn(&w->strokes_of, s);
        for (size_t i = 0; i < drawn->count && status == HL_OK; i++) {
            if (w->verdict[drawn->trials[i]] != LOUD || drawn->trials[i] >= trials)
                continue;
            struct hl_arrival arrival = hl_stroke_arrival(&w->strokes_of, sampling, s, block, i);
            status = hl_incidents_add(&e->incidents, w->plan, s, 1, &arrival, err);
        }
    }
    return status == HL_OK ? hl_events_tell(e, w->plan, sampling, block, trials, err) : status;
}

static void count_events(struct hl_swift *w, struct hl_tally *t, uint32_t trials) {
    for (size_t s = 0; s < w->plan->source_count && !t->second; s++) {
        const struct hl_strokes *drawn = hl_strokes_drawn(&w->strokes_of, s);
        t->events += drawn->count;
        for (size_t i = 0; i < drawn->count && trials < HL_BLOCK_TRIALS; i++)
            t->events -= drawn->trials[i] >= trials;
    }
}

/* Says which trials are loud, and counts those of a single exchange. Returns how many gatherings are counted. */
static size_t listen_to_all(struct hl_swift *w, struct hl_tally *t, const struct hl_swift_way *way) {
    bool one = w->plan->scenario->exchange_count == 1;
    size_t i = 0;
    for (; i < w->gathering_count && w->gatherings[i].exchange != HL_NONE; i++) {
        const struct hl_gathering *g = &w->gatherings[i];
        const struct hl_settlement *s = &way->of[g->exchange];
        size_t touched = gather(w, g);
        if (one) {
            join(w, touched);
            struct heard h = hear(w, way, touched, true);
            settle_layered(w, s, g, &h);
            count(w, t, way, i, h);
        }
        for (size_t k = 0; k < touched && !one; k++) {
            judge(w, way, s, w->touched[k]);
            let_go(w, w->touched[k]);
        }
    }
    return one ? i : 0;
}

enum hl_status hl_swift_block(struct hl_swift *w, struct hl_tally *t, struct hl_events *e, size_t sampling,
                              uint32_t block, uint32_t trials, struct hl_error *err) {
    const struct hl_swift_way *way = &w->ways[sampling];
    enum hl_status status = hl_strokes_draw(&w->strokes_of, sampling, block, err);
    if (status != HL_OK)
        return status;
    bool apart = w->plan->samplings[sampling].kind == HL_VENDORS_APART;
    memset(w->verdict, QUIET, trials);
    memset(w->verdict + trials, LOUD, HL_BLOCK_TRIALS - trials); /* trials that the run does not have */
    w->layered_count = 0;
    size_t counted = w->bare && !w->drained ? 0 : listen_to_all(w, t, way);
    for (size_t i = counted; i < w->gathering_count; i++) {
        const struct hl_gathering *g = &w->gatherings[i];
        if (apart && !has_claims(g))
            continue;
        size_t touched = apart && g->system ? gather_apart(w) : gather(w, g);
        if (g->exchange != HL_NONE)
            join(w, touched);
        count(w, t, way, i, hear(w, NULL, touched, has_claims(g)));
    }
    if (w->bare)
        count_together(w, t, way);
    count_events(w, t, trials);
    return tell_loud(w, e, sampling, block, trials, err);
}
