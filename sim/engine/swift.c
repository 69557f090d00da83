#include "engine/swift.h"

#include "base/money.h"
#include "engine/clients.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- what goes the swift way ---------------------------------------------------------------------------------------
 */

/* A breach takes the same whatever else happens in the trial, from full wallets. */
static bool is_simple(const struct hl_plan *p, size_t sampling, const struct hl_source *src) {
    const struct hl_breach *b = src->breach;
    bool simple = b->size.family != NULL && b->by_asset.family == NULL && b->climate == HL_NONE &&
                  b->found_per_year <= 0 && src->offspring_count == 0 && !src->is_set_off &&
                  !p->samplings[sampling].counts[src - p->sources].family->dated;
    for (size_t k = 0; k < src->target_count; k++) {
        const struct hl_target *t = &src->targets[k];
        simple = simple && (b->reach == HL_REACH_ALL || b->reach == HL_REACH_LARGEST_WALLET || t->cell_count <= 1);
        for (uint32_t i = 0; i < t->cell_count; i++)
            simple = simple && p->cells[t->cells[i]].owner == HL_OWNER_CUSTOMERS;
    }
    return simple;
}

/* All exchanges' quiet claims are paid alike, so that the system's are told from their sums. */
static bool are_alike(const struct hl_quiet *quiet, size_t count) {
    for (size_t e = 1; e < count; e++)
        if (quiet[e].payer != quiet[0].payer || memcmp(quiet[e].days, quiet[0].days, sizeof quiet[0].days) != 0)
            return false;
    return true;
}

static bool applies(struct hl_swift *w, size_t sampling) {
    const struct hl_plan *p = w->plan;
    size_t exchanges = p->scenario->exchange_count;
    struct hl_quiet *quiet = w->quiet + sampling * exchanges;
    bool any = false, simple = !p->scenario->run.any && p->samplings[sampling].kind != HL_VENDORS_APART;
    for (size_t s = 0; s < p->source_count; s++)
        simple = simple && is_simple(p, sampling, &p->sources[s]);
    for (size_t e = 0; e < exchanges && simple; e++) {
        quiet[e] = hl_quiet_of(p, sampling, e);
        any = any || quiet[e].most > 0;
    }
    return simple && any && are_alike(quiet, exchanges);
}

/* --- what is gathered ----------------------------------------------------------------------------------------------
 */

/* One or more entities whose events are those of the same lists. */
struct hl_gathering {
    size_t exchange; /* whose claims they are; HL_NONE = no single exchange's */
    bool system;     /* they are all claims of the trial */
    uint32_t *lists; /* [list_count] ascending */
    size_t list_count;
    uint32_t *entities; /* [entity_count] */
    size_t entity_count;
};

static size_t gathered_most(const struct hl_plan *p) { return 2 * p->source_count + p->scenario->exchange_count; }

/* Behind those that are gathered: by source its events as drawn, where no other list has them. */
static size_t list_most(const struct hl_plan *p) { return gathered_most(p) + p->source_count; }

static struct hl_strokes *drawn_of(const struct hl_swift *w, size_t source) {
    bool own = w->plan->sources[source].vendor == HL_NONE;
    return &w->lists[own ? source : gathered_most(w->plan) + source];
}

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
    size_t most = gathered_most(w->plan), count = 0;
    uint32_t lists[most + 1];
    for (size_t list = 0; list < most; list++)
        if (is_used(w->plan, list) && gathers(l, &l->entities[entity], list))
            lists[count++] = (uint32_t)list;
    struct hl_gathering *g = gathering_of(w, lists, count);
    if (g == NULL)
        return false;
    g->entities[g->entity_count++] = entity;
    if (l->entities[entity].kind == HL_ENTITY_EXCHANGE)
        g->exchange = l->entities[entity].index;
    g->system = g->system || entity == 0;
    return true;
}

enum hl_status hl_swift_make(struct hl_swift *w, const struct hl_layout *l, bool full, struct hl_error *err) {
    const struct hl_plan *p = l->plan;
    *w = (struct hl_swift){.plan = p, .layout = l};
    w->applies = hl_arena_array(&w->arena, p->sampling_count, sizeof *w->applies);
    w->quiet = hl_arena_array(&w->arena, p->sampling_count * p->scenario->exchange_count, sizeof *w->quiet);
    w->lists = hl_arena_array(&w->arena, list_most(p), sizeof *w->lists);
    w->arrivals = hl_arena_array(&w->arena, p->source_count, sizeof *w->arrivals);
    w->gatherings = hl_arena_array(&w->arena, l->entity_count, sizeof *w->gatherings);
    bool made = w->applies != NULL && w->quiet != NULL && w->lists != NULL && w->arrivals != NULL;
    made = made && w->gatherings != NULL;
    for (size_t s = 0; s < p->sampling_count && made; s++)
        w->applies[s] = !full && applies(w, s);
    for (uint32_t e = 1; e < l->entity_count && made; e++) /* exchanges come first */
        made = add_entity(w, e);
    if (made && add_entity(w, 0))
        return HL_OK;
    hl_swift_free(w);
    return hl_fail_memory(err);
}

void hl_swift_free(struct hl_swift *w) {
    for (size_t i = 0; w->lists != NULL && i < list_most(w->plan); i++) {
        free(w->lists[i].trials);
        free(w->lists[i].taken);
    }
    for (size_t i = 0; w->arrivals != NULL && i < w->plan->source_count; i++)
        hl_arrivals_free(&w->arrivals[i]);
    free(w->words);
    free(w->v);
    free(w->size);
    hl_arena_free(&w->arena);
    memset(w, 0, sizeof *w);
}

/* --- drawing -------------------------------------------------------------------------------------------------------
 */

static enum hl_status room_for(struct hl_swift *w, size_t count, struct hl_error *err) {
    if (count <= w->capacity)
        return HL_OK;
    size_t capacity = count + count / 2 + 64;
    free(w->words);
    free(w->v);
    free(w->size);
    w->capacity = 0;
    w->words = malloc(capacity * sizeof *w->words);
    w->v = malloc(capacity * sizeof *w->v);
    w->size = malloc(capacity * sizeof *w->size);
    if (w->words == NULL || w->v == NULL || w->size == NULL)
        return hl_fail_memory(err);
    w->capacity = capacity;
    return HL_OK;
}

static enum hl_status room_in(struct hl_strokes *list, size_t more, struct hl_error *err) {
    if (more <= list->capacity - list->count)
        return HL_OK;
    size_t capacity = 2 * list->capacity + more;
    uint16_t *trials = realloc(list->trials, capacity * sizeof *trials);
    if (trials != NULL)
        list->trials = trials;
    double *taken = realloc(list->taken, capacity * sizeof *taken);
    if (taken != NULL)
        list->taken = taken;
    if (trials == NULL || taken == NULL)
        return hl_fail_memory(err);
    list->capacity = capacity;
    return HL_OK;
}

static void add_stroke(struct hl_strokes *list, uint16_t trial, double taken) {
    list->trials[list->count] = trial;
    list->taken[list->count++] = taken;
}

/* What is in reach of a breach at a target whose wallets are full, in quanta. */
static double there_of(const struct hl_plan *p, const struct hl_breach *b, const struct hl_target *t) {
    if (t->cell_count == 0)
        return 0;
    if (b->reach == HL_REACH_ALL || b->reach == HL_REACH_ONE_ASSET)
        return t->upto[t->cell_count - 1];
    const struct hl_cell *cell = &p->cells[t->cells[t->largest]];
    return floor(cell->value / cell->wallets);
}

/* What a hit of this quantile takes of full wallets, in quanta: engine/claims.h. */
static double taken_of(const struct hl_breach *b, const struct hl_target *t, double there, double quantile) {
    double size = hl_hit_size(b, t, quantile);
    double share = b->size.family->share ? size : there > 0 ? hl_least(size / there, 1) : 0;
    return nearbyint(share * there);
}

/* The arrivals of a source in a block: those of a plain Poisson stream need no list, word i is event i. */
static bool is_plain(const struct hl_source *src, const struct hl_count *count) {
    return count->family == &hl_frequency_poisson && src->breach->trend_per_year == 0;
}

/* Draws the words of a source's events; returns how many there are, and in *arrivals their list, NULL where they are
 * plain. */
static enum hl_status draw_words(struct hl_swift *w, size_t sampling, size_t source, uint32_t block, size_t *events,
                                 struct hl_error *err) {
    const struct hl_plan *p = w->plan;
    const struct hl_source *src = &p->sources[source];
    const struct hl_count *count = &p->samplings[sampling].counts[source];
    struct hl_exposure exposure = hl_plan_exposure(p, source, 1);
    struct hl_arrivals *arrivals = &w->arrivals[source];
    uint64_t stream = hl_stream_with(src->stream, 1);
    arrivals->count = 0;
    if (is_plain(src, count)) {
        double u = hl_u01(p->seed, (struct hl_address){stream, block, HL_DRAW_COUNT, 0});
        double expected = count->family->mean(count, hl_exposure_length(&exposure)) * HL_BLOCK_TRIALS;
        *events = (size_t)hl_poisson_quantile(expected, u);
        if (room_for(w, *events, err) != HL_OK)
            return HL_FAILED;
        struct hl_address first = {stream, block, HL_DRAW_EVENT, 0};
        hl_draw_many(p->seed, first, (uint32_t)*events, w->words);
        return HL_OK;
    }
    if (count->family->draw(count, p->seed, stream, block, &exposure, arrivals) != HL_OK)
        return hl_fail_memory(err);
    *events = arrivals->count;
    if (room_for(w, *events, err) != HL_OK)
        return HL_FAILED;
    for (size_t i = 0; i < arrivals->count; i++)
        w->words[i] = (struct hl_words){{arrivals->items[i].trial, arrivals->items[i].size}};
    return HL_OK;
}

/* An exchange's own breaches. */
static enum hl_status strike(struct hl_swift *w, size_t source, size_t events, struct hl_error *err) {
    const struct hl_source *src = &w->plan->sources[source];
    const struct hl_target *t = &src->targets[0];
    struct hl_strokes *list = &w->lists[source];
    double there = there_of(w->plan, src->breach, t);
    for (size_t i = 0; i < events; i++)
        w->v[i] = hl_unit(w->words[i].word[1]);
    hl_distribution_quantiles(&src->breach->size, events, w->v, w->size);
    if (room_in(list, events, err) != HL_OK)
        return HL_FAILED;
    for (size_t i = 0; i < events; i++)
        add_stroke(list, (uint16_t)hl_place(w->words[i].word[0]), taken_of(src->breach, t, there, w->size[i]));
    return HL_OK;
}

/* The address of a source's event i. */
static struct hl_address event_at(const struct hl_swift *w, size_t source, uint32_t block, size_t i) {
    const struct hl_arrivals *list = &w->arrivals[source];
    if (list->count > 0) /* not plain */
        return (struct hl_address){list->items[i].stream, block, HL_DRAW_EVENT, list->items[i].index};
    return (struct hl_address){hl_stream_with(w->plan->sources[source].stream, 1), block, HL_DRAW_EVENT, (uint32_t)i};
}

/* A vendor's breaches: what each takes from all its clients, and from each exchange. */
static enum hl_status strike_clients(struct hl_swift *w, size_t sampling, size_t source, uint32_t block, size_t events,
                                     struct hl_error *err) {
    const struct hl_plan *p = w->plan;
    const struct hl_source *src = &p->sources[source];
    struct hl_strokes *hits = &w->lists[source], *misses = &w->lists[p->source_count + source];
    struct hl_strokes *drawn = drawn_of(w, source);
    struct hl_client clients[src->target_count + 1];
    double v[src->target_count + 1], size[src->target_count + 1];
    enum hl_status status = room_in(hits, events, err);
    if (status == HL_OK)
        status = room_in(misses, events, err);
    if (status == HL_OK)
        status = room_in(drawn, events, err);
    for (size_t i = 0; i < events && status == HL_OK; i++) {
        uint32_t trial = hl_place(w->words[i].word[0]);
        struct hl_address at = event_at(w, source, block, i);
        size_t count = hl_clients_hit(p, sampling, (uint32_t)source, at.stream, block, at.index, NULL, trial, clients);
        double total = 0;
        for (size_t k = 0; k < count; k++)
            v[k] = clients[k].v;
        hl_distribution_quantiles(&src->breach->size, count, v, size);
        for (size_t k = 0; k < count && status == HL_OK; k++) {
            const struct hl_target *t = &src->targets[clients[k].target];
            struct hl_strokes *list = &w->lists[2 * p->source_count + t->exchange];
            double taken = taken_of(src->breach, t, there_of(p, src->breach, t), size[k]);
            bool same = k > 0 && src->targets[clients[k - 1].target].exchange == t->exchange;
            status = same ? HL_OK : room_in(list, 1, err);
            if (status == HL_OK && same) /* through another vendor: one event at the exchange, one claim */
                list->taken[list->count - 1] += taken;
            else if (status == HL_OK)
                add_stroke(list, (uint16_t)trial, taken);
            total += taken;
        }
        add_stroke(count > 0 ? hits : misses, (uint16_t)trial, total);
        add_stroke(drawn, (uint16_t)trial, total);
    }
    return status;
}

static enum hl_status draw(struct hl_swift *w, size_t sampling, uint32_t block, struct hl_error *err) {
    const struct hl_plan *p = w->plan;
    for (size_t i = 0; i < list_most(p); i++)
        w->lists[i].count = 0;
    enum hl_status status = HL_OK;
    for (size_t s = 0; s < p->source_count && status == HL_OK; s++) {
        size_t events = 0;
        status = draw_words(w, sampling, s, block, &events, err);
        if (status == HL_OK)
            status = p->sources[s].vendor == HL_NONE ? strike(w, s, events, err)
                                                     : strike_clients(w, sampling, s, block, events, err);
    }
    return status;
}

/* --- adding up -----------------------------------------------------------------------------------------------------
 */

/* Adds the strokes of a gathering's lists up by trial; returns how many trials they touch. */
static size_t gather(struct hl_swift *w, const struct hl_gathering *g) {
    size_t touched = 0;
    for (size_t i = 0; i < g->list_count; i++) {
        const struct hl_strokes *list = &w->lists[g->lists[i]];
        for (size_t k = 0; k < list->count; k++) {
            uint16_t trial = list->trials[k];
            double x = list->taken[k];
            if (w->strokes[trial]++ == 0) {
                w->touched[touched++] = trial;
                w->sum[trial] = x;
                w->largest[trial] = x;
            } else {
                w->sum[trial] += x;
                w->largest[trial] = hl_most(w->largest[trial], x);
            }
        }
    }
    return touched;
}

static void let_go(struct hl_swift *w, size_t touched) {
    for (size_t i = 0; i < touched; i++)
        w->strokes[w->touched[i]] = 0;
}

/* Marks trials with claims of one exchange that are not quiet. A second theft finds less in the wallets, unless they
 * are restored: the ledger knows how much. */
static void listen(struct hl_swift *w, const struct hl_quiet *quiet, size_t touched) {
    bool drained = !w->plan->scenario->wallets_restored;
    for (size_t i = 0; i < touched; i++) {
        uint16_t trial = w->touched[i];
        w->loud[trial] = w->loud[trial] || (drained && w->strokes[trial] > 1) || w->sum[trial] > quiet->most;
    }
}

/* Keeps the quiet ones of the trials touched; returns how many. */
static size_t keep_quiet(struct hl_swift *w, size_t touched) {
    size_t kept = 0;
    for (size_t i = 0; i < touched; i++) {
        uint16_t trial = w->touched[i];
        w->strokes[trial] = 0;
        w->touched[kept] = trial;
        kept += !w->loud[trial];
    }
    return kept;
}

/* --- counting ------------------------------------------------------------------------------------------------------
 */

static void add_all(const struct hl_swift *w, struct hl_tally *t, uint32_t slot, const double *by_trial,
                    size_t touched) {
    if (slot == HL_NO_SLOT)
        return;
    for (size_t i = 0; i < touched; i++)
        hl_tally_add(t, slot, by_trial[w->touched[i]]);
}

/* The claims of one exchange, or of all: paid by one fund, in full, after the same days. */
static void count_claims(const struct hl_swift *w, struct hl_tally *t, const struct hl_quiet *quiet, size_t entity,
                         size_t touched) {
    const struct hl_layout *l = w->layout;
    size_t funds = w->plan->scenario->fund_count, checks = w->plan->check_count, paid = 0;
    add_all(w, t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_CLAIM, false, entity), w->sum, touched);
    add_all(w, t, hl_fund_slot_of(l, HL_PAID, entity, quiet->payer), w->sum, touched);
    for (size_t f = 0; f < quiet->payer; f++)
        add_all(w, t, hl_fund_slot_of(l, HL_LEFT_AFTER, entity, f), w->sum, touched);
    for (size_t i = 0; i < touched; i++) {
        double x = w->sum[w->touched[i]];
        if (x <= 0)
            continue;
        paid++;
        if (!t->second)
            t->payers[(entity * HL_RUNGS + hl_rung_of(x)) * (funds + 1) + quiet->payer] += (uint64_t)x;
    }
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT && paid > 0; basis++) {
        uint32_t slot = hl_slot_of(l, 0, basis, HL_DAYS_UNTIL_WHOLE, false, entity);
        for (size_t i = 0; i < paid && quiet->days[basis] > 0; i++)
            hl_tally_add(t, slot, quiet->days[basis]);
        for (size_t i = 0; i < checks && !t->second; i++)
            if (w->plan->checks[i] < quiet->days[basis])
                t->unpaid[(basis * l->full_count + entity) * checks + i] += paid;
    }
}

/* The quiet trials of a gathering, for all its entities. */
static void count(const struct hl_swift *w, struct hl_tally *t, const struct hl_gathering *g, size_t sampling,
                  size_t touched) {
    const struct hl_layout *l = w->layout;
    size_t run = 0;
    while (w->plan->runs[run].sampling != sampling)
        run++;
    for (size_t i = 0; i < g->entity_count; i++) {
        uint32_t entity = g->entities[i];
        if (!t->second)
            t->breaches[run * l->entity_count + entity] += touched;
        if (run > 0)
            continue;
        add_all(w, t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, false, entity), w->sum, touched);
        add_all(w, t, hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, true, entity), w->largest, touched);
    }
    if (run > 0)
        return;
    if (g->exchange != HL_NONE)
        count_claims(w, t, &w->quiet[g->exchange], 1 + g->exchange, touched);
    if (g->system)
        count_claims(w, t, &w->quiet[0], 0, touched);
}

/* How many events there are in quiet trials; those of the others the ledger counts. */
static uint64_t quiet_events(const struct hl_swift *w) {
    uint64_t events = 0;
    for (size_t i = 0; i < 2 * w->plan->source_count; i++)
        for (size_t k = 0; k < w->lists[i].count; k++)
            events += !w->loud[w->lists[i].trials[k]];
    return events;
}

/* --- the others ----------------------------------------------------------------------------------------------------
 */

/* The arrival of a source's event i. */
static struct hl_arrival arrival_of(const struct hl_swift *w, size_t sampling, size_t source, uint32_t block,
                                    size_t i) {
    const struct hl_plan *p = w->plan;
    const struct hl_source *src = &p->sources[source];
    if (!is_plain(src, &p->samplings[sampling].counts[source]))
        return w->arrivals[source].items[i];
    struct hl_address at = event_at(w, source, block, i);
    return hl_arrival_at(p->seed, at.stream, block, at.index);
}

/* The hits of loud trials, drawn again one by one. */
static enum hl_status tell_loud(struct hl_swift *w, struct hl_events *e, size_t sampling, uint32_t block,
                                uint32_t trials, struct hl_error *err) {
    enum hl_status status = HL_OK;
    e->incidents.count = 0;
    for (uint32_t s = 0; s < w->plan->source_count; s++) {
        const struct hl_strokes *drawn = drawn_of(w, s);
        for (size_t i = 0; i < drawn->count && status == HL_OK; i++) {
            if (!w->loud[drawn->trials[i]])
                continue;
            struct hl_arrival arrival = arrival_of(w, sampling, s, block, i);
            status = hl_incidents_add(&e->incidents, w->plan, s, 1, &arrival, err);
        }
    }
    return status == HL_OK ? hl_events_tell(e, w->plan, sampling, block, trials, err) : status;
}

enum hl_status hl_swift_block(struct hl_swift *w, struct hl_tally *t, struct hl_events *e, size_t sampling,
                              uint32_t block, uint32_t trials, struct hl_error *err) {
    enum hl_status status = draw(w, sampling, block, err);
    if (status != HL_OK)
        return status;
    const struct hl_quiet *quiet = w->quiet + sampling * w->plan->scenario->exchange_count;
    for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS; trial++)
        w->loud[trial] = trial >= trials; /* nor do those count that the run does not have */
    for (size_t i = 0; i < w->gathering_count; i++) {
        const struct hl_gathering *g = &w->gatherings[i];
        if (g->exchange == HL_NONE)
            continue;
        size_t touched = gather(w, g);
        listen(w, &quiet[g->exchange], touched);
        let_go(w, touched);
    }
    for (size_t i = 0; i < w->gathering_count; i++) {
        const struct hl_gathering *g = &w->gatherings[i];
        size_t kept = keep_quiet(w, gather(w, g));
        count(w, t, g, sampling, kept);
    }
    if (!t->second)
        t->events += quiet_events(w);
    return tell_loud(w, e, sampling, block, trials, err);
}
