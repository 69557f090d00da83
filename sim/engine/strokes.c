#include "engine/strokes.h"

#include "base/kernel.h"
#include "engine/clients.h"
#include "engine/events.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- what goes into lists ----------------------------------------------------------------------------------------- */

/* So many breaches of one source in one year are more than a trial's counter holds. */
enum { EVENTS_MOST = 1000 };

static bool is_simple(const struct hl_plan *p, size_t sampling, size_t source) {
    const struct hl_source *src = &p->sources[source];
    const struct hl_breach *b = src->breach;
    const struct hl_count *count = &p->samplings[sampling].counts[source];
    struct hl_exposure exposure = hl_plan_exposure(p, source, 1);
    bool simple = b->size.family != NULL && b->by_asset.family == NULL && b->climate == HL_NONE &&
                  b->found_per_year <= 0 && src->offspring_count == 0 && !src->is_set_off && !count->family->dated &&
                  count->family->mean(count, hl_exposure_length(&exposure)) <= EVENTS_MOST;
    for (size_t k = 0; k < src->target_count; k++) {
        const struct hl_target *t = &src->targets[k];
        simple = simple && (b->reach == HL_REACH_ALL || b->reach == HL_REACH_LARGEST_WALLET || t->cell_count <= 1);
        for (uint32_t i = 0; i < t->cell_count; i++)
            simple = simple && p->cells[t->cells[i]].owner == HL_OWNER_CUSTOMERS;
    }
    return simple;
}

bool hl_strokes_apply(const struct hl_plan *p, size_t sampling) {
    bool apply = p->year_count == 1 && p->prices == NULL && !p->scenario->run.any;
    for (size_t s = 0; s < p->source_count && apply; s++)
        apply = is_simple(p, sampling, s);
    return apply;
}

/* --- memory ------------------------------------------------------------------------------------------------------- */

enum hl_status hl_strokes_make(struct hl_block_strokes *b, struct hl_arena *arena, const struct hl_plan *p,
                               struct hl_error *err) {
    *b = (struct hl_block_strokes){.plan = p, .sampling = HL_NONE};
    b->lists = hl_arena_array(arena, hl_stroke_lists(p), sizeof *b->lists);
    b->drawn = hl_arena_array(arena, p->source_count, sizeof *b->drawn);
    b->arrivals = hl_arena_array(arena, p->source_count, sizeof *b->arrivals);
    return b->lists != NULL && b->drawn != NULL && b->arrivals != NULL ? HL_OK : hl_fail_memory(err);
}

static void free_list(struct hl_strokes *list) {
    free(list->trials);
    free(list->taken);
}

static void free_room(struct hl_block_strokes *b) {
    free(b->words);
    free(b->v);
    free(b->size);
    free(b->total);
    free(b->event);
    free(b->hits);
    b->capacity = 0;
}

void hl_strokes_free(struct hl_block_strokes *b) {
    for (size_t i = 0; b->lists != NULL && i < hl_stroke_lists(b->plan); i++)
        free_list(&b->lists[i]);
    for (size_t i = 0; b->drawn != NULL && i < b->plan->source_count; i++)
        free_list(&b->drawn[i]);
    for (size_t i = 0; b->arrivals != NULL && i < b->plan->source_count; i++)
        hl_arrivals_free(&b->arrivals[i]);
    free_room(b);
    memset(b, 0, sizeof *b);
}

static enum hl_status room_for(struct hl_block_strokes *b, size_t count, struct hl_error *err) {
    if (count <= b->capacity)
        return HL_OK;
    size_t capacity = count + count / 2 + 64;
    free_room(b);
    b->words = malloc(capacity * sizeof *b->words);
    b->v = malloc(capacity * sizeof *b->v);
    b->size = malloc(capacity * sizeof *b->size);
    b->total = malloc(capacity * sizeof *b->total);
    b->event = malloc(capacity * sizeof *b->event);
    b->hits = malloc(capacity * sizeof *b->hits);
    if (b->words == NULL || b->v == NULL || b->size == NULL || b->total == NULL || b->event == NULL || b->hits == NULL)
        return hl_fail_memory(err);
    b->capacity = capacity;
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

/* --- what is taken ------------------------------------------------------------------------------------------------ */

/* What is in reach of a breach at a target whose wallets are full, in quanta. */
static double there_of(const struct hl_plan *p, const struct hl_breach *b, const struct hl_target *t) {
    if (t->cell_count == 0)
        return 0;
    if (b->reach == HL_REACH_ALL || b->reach == HL_REACH_ONE_ASSET)
        return t->upto[t->cell_count - 1];
    const struct hl_cell *cell = &p->cells[t->cells[t->largest]];
    return floor(cell->value / cell->wallets);
}

/* As engine/claims.h and hl_hit_size have it. */
void hl_strokes_take(const struct hl_plan *p, const struct hl_breach *b, const struct hl_target *t, double *size,
                     size_t count) {
    const struct hl_taking taking = {
        .share = b->size.family->share, .factor = t->taken_factor, .most = b->amount_most, .there = there_of(p, b, t)};
    hl_kernel()->take(&taking, count, size);
}

/* --- drawing ------------------------------------------------------------------------------------------------------ */

/* The arrivals of a plain Poisson stream need no list: word i is event i. */
static bool is_plain(const struct hl_source *src, const struct hl_count *count) {
    return count->family == &hl_frequency_poisson && src->breach->trend_per_year == 0;
}

/* Draws the words of a source's events; returns how many there are. */
static enum hl_status draw_words(struct hl_block_strokes *b, size_t sampling, size_t source, uint32_t block,
                                 size_t *events, struct hl_error *err) {
    const struct hl_plan *p = b->plan;
    const struct hl_source *src = &p->sources[source];
    const struct hl_count *count = &p->samplings[sampling].counts[source];
    struct hl_exposure exposure = hl_plan_exposure(p, source, 1);
    struct hl_arrivals *arrivals = &b->arrivals[source];
    uint64_t stream = hl_stream_with(src->stream, 1);
    arrivals->count = 0;
    if (is_plain(src, count)) {
        double u = hl_u01(p->seed, (struct hl_address){stream, block, HL_DRAW_COUNT, 0});
        double expected = count->family->mean(count, hl_exposure_length(&exposure)) * HL_BLOCK_TRIALS;
        *events = (size_t)hl_poisson_quantile_again(arrivals, expected, u);
        if (room_for(b, *events, err) != HL_OK)
            return HL_FAILED;
        hl_draw_many(p->seed, (struct hl_address){stream, block, HL_DRAW_EVENT, 0}, (uint32_t)*events, b->words);
        return HL_OK;
    }
    if (count->family->draw(count, p->seed, stream, block, &exposure, arrivals) != HL_OK)
        return hl_fail_memory(err);
    *events = arrivals->count;
    if (room_for(b, *events, err) != HL_OK)
        return HL_FAILED;
    for (size_t i = 0; i < arrivals->count; i++)
        b->words[i] = (struct hl_words){{arrivals->items[i].trial, arrivals->items[i].size}};
    return HL_OK;
}

/* An exchange's own breaches. */
static enum hl_status strike(struct hl_block_strokes *b, size_t source, size_t events, struct hl_error *err) {
    const struct hl_source *src = &b->plan->sources[source];
    const struct hl_target *t = &src->targets[0];
    struct hl_strokes *list = &b->lists[source];
    if (room_in(list, events, err) != HL_OK)
        return HL_FAILED;
    hl_kernel()->arrive(events, b->words, list->trials, b->v);
    hl_distribution_quantiles(&src->breach->size, events, b->v, list->taken);
    hl_strokes_take(b->plan, src->breach, t, list->taken, events);
    list->count = events;
    return HL_OK;
}

/* The address of a source's event i. */
static struct hl_address event_at(const struct hl_block_strokes *b, size_t source, uint32_t block, size_t i) {
    const struct hl_arrivals *list = &b->arrivals[source];
    if (list->count > 0) /* not plain */
        return (struct hl_address){list->items[i].stream, block, HL_DRAW_EVENT, list->items[i].index};
    return (struct hl_address){hl_stream_with(b->plan->sources[source].stream, 1), block, HL_DRAW_EVENT, (uint32_t)i};
}

struct hl_arrival hl_stroke_arrival(const struct hl_block_strokes *b, size_t sampling, size_t source, uint32_t block,
                                    size_t i) {
    const struct hl_plan *p = b->plan;
    if (!is_plain(&p->sources[source], &p->samplings[sampling].counts[source]))
        return b->arrivals[source].items[i];
    struct hl_address at = event_at(b, source, block, i);
    return hl_arrival_at(p->seed, at.stream, block, at.index);
}

/* The trial of a source's event i, of which `words` are those of all. */
static uint16_t trial_of(const struct hl_block_strokes *b, size_t source, const struct hl_words *words, size_t i) {
    const struct hl_arrivals *list = &b->arrivals[source];
    return list->count > 0 ? list->items[i].trial : (uint16_t)hl_place(words[i].word[0]);
}

/* A vendor's events, of which totals and hits are known. */
static void list_events(struct hl_block_strokes *b, size_t source, size_t events) {
    struct hl_strokes *hits = &b->lists[source], *misses = &b->lists[b->plan->source_count + source];
    struct hl_strokes *drawn = &b->drawn[source];
    for (size_t i = 0; i < events; i++) {
        add_stroke(b->hits[i] ? hits : misses, drawn->trials[i], b->total[i]);
        drawn->taken[i] = b->total[i];
    }
}

/* Are the clients of a source's vendor hit one by one, each by draws of its own at the events' indexes? */
static bool is_one_by_one(const struct hl_block_strokes *b, size_t source) {
    const struct hl_source *src = &b->plan->sources[source];
    bool so = b->arrivals[source].count == 0 && src->link_count == 0 && src->breach->copula.family == NULL;
    for (size_t k = 1; k < src->target_count; k++)
        for (size_t i = 0; i < k; i++)
            so = so && src->targets[k].exchange != src->targets[i].exchange;
    return so;
}

/* What a source's events take from one client, client by client. */
static enum hl_status strike_client(struct hl_block_strokes *b, size_t sampling, size_t source, uint32_t block,
                                    size_t events, const struct hl_target *t, struct hl_error *err) {
    const struct hl_plan *p = b->plan;
    const struct hl_source *src = &p->sources[source];
    struct hl_address first = event_at(b, source, block, 0);
    struct hl_strokes *list = &b->lists[2 * p->source_count + t->exchange];
    double hit = hl_hit_of(p, sampling, source, t);
    size_t count = 0;
    first.stream = hl_target_stream(src, t, first.stream);
    first.purpose = HL_DRAW_HIT;
    hl_draw_many(p->seed, first, (uint32_t)events, b->words);
    for (size_t i = 0; i < events; i++) {
        b->event[count] = (uint32_t)i;
        b->v[count] = hl_unit(b->words[i].word[1]);
        count += hl_unit(b->words[i].word[0]) < hit;
    }
    hl_distribution_quantiles(&src->breach->size, count, b->v, b->size);
    hl_strokes_take(p, src->breach, t, b->size, count);
    if (room_in(list, count, err) != HL_OK)
        return HL_FAILED;
    for (size_t i = 0; i < count; i++) {
        add_stroke(list, b->drawn[source].trials[b->event[i]], b->size[i]);
        b->total[b->event[i]] += b->size[i];
        b->hits[b->event[i]] = true;
    }
    return HL_OK;
}

/* What a source's event i takes from its clients. */
static enum hl_status strike_clients_of(struct hl_block_strokes *b, size_t sampling, size_t source, uint32_t block,
                                        size_t i, struct hl_error *err) {
    const struct hl_plan *p = b->plan;
    const struct hl_source *src = &p->sources[source];
    struct hl_client clients[src->target_count + 1];
    double v[src->target_count + 1], size[src->target_count + 1];
    uint16_t trial = b->drawn[source].trials[i];
    struct hl_address at = event_at(b, source, block, i);
    size_t count = hl_clients_hit(p, sampling, (uint32_t)source, at.stream, block, at.index, NULL, trial, clients);
    for (size_t k = 0; k < count; k++)
        v[k] = clients[k].v;
    hl_distribution_quantiles(&src->breach->size, count, v, size);
    for (size_t k = 0; k < count; k++) {
        const struct hl_target *t = &src->targets[clients[k].target];
        struct hl_strokes *list = &b->lists[2 * p->source_count + t->exchange];
        hl_strokes_take(p, src->breach, t, &size[k], 1);
        bool same = k > 0 && src->targets[clients[k - 1].target].exchange == t->exchange;
        if (!same && room_in(list, 1, err) != HL_OK)
            return HL_FAILED;
        if (same) /* through another vendor: one event at the exchange, one claim */
            list->taken[list->count - 1] += size[k];
        else
            add_stroke(list, trial, size[k]);
        b->total[i] += size[k];
        b->hits[i] = true;
    }
    return HL_OK;
}

/* A vendor's breaches: what each takes from all its clients, and from each exchange. */
static enum hl_status strike_clients(struct hl_block_strokes *b, size_t sampling, size_t source, uint32_t block,
                                     size_t events, struct hl_error *err) {
    const struct hl_source *src = &b->plan->sources[source];
    struct hl_strokes *drawn = &b->drawn[source];
    drawn->count = 0;
    if (room_in(&b->lists[source], events, err) != HL_OK || room_in(drawn, events, err) != HL_OK ||
        room_in(&b->lists[b->plan->source_count + source], events, err) != HL_OK)
        return HL_FAILED;
    for (size_t i = 0; i < events; i++) {
        drawn->trials[i] = trial_of(b, source, b->words, i);
        b->total[i] = 0;
        b->hits[i] = false;
    }
    drawn->count = events;
    enum hl_status status = HL_OK;
    if (is_one_by_one(b, source))
        for (size_t k = 0; k < src->target_count && status == HL_OK; k++)
            status = strike_client(b, sampling, source, block, events, &src->targets[k], err);
    else
        for (size_t i = 0; i < events && status == HL_OK; i++)
            status = strike_clients_of(b, sampling, source, block, i, err);
    if (status == HL_OK)
        list_events(b, source, events);
    return status;
}

/* Turns what vendors' events took from each exchange into years of its own. */
static void turn(struct hl_block_strokes *b, uint32_t block) {
    const struct hl_plan *p = b->plan;
    bool turned[p->scenario->exchange_count + 1];
    memset(turned, 0, sizeof turned);
    for (size_t s = 0; s < p->source_count; s++) {
        const struct hl_source *src = &p->sources[s];
        for (size_t k = 0; k < src->target_count && src->vendor != HL_NONE; k++) {
            size_t exchange = src->targets[k].exchange;
            struct hl_strokes *list = &b->lists[2 * p->source_count + exchange];
            if (turned[exchange])
                continue;
            turned[exchange] = true;
            double offset = hl_apart_offset(p, &src->targets[k], block);
            for (size_t i = 0; i < list->count; i++)
                list->trials[i] =
                    (uint16_t)(hl_place_apart(hl_place_of(list->trials[i]), offset) * (double)HL_BLOCK_TRIALS);
        }
    }
}

static enum hl_status draw(struct hl_block_strokes *b, size_t sampling, uint32_t block, struct hl_error *err) {
    const struct hl_plan *p = b->plan;
    enum hl_status status = HL_OK;
    for (size_t i = 0; i < hl_stroke_lists(p); i++)
        b->lists[i].count = 0;
    for (size_t s = 0; s < p->source_count && status == HL_OK; s++) {
        size_t events = 0;
        status = draw_words(b, sampling, s, block, &events, err);
        if (status == HL_OK)
            status = p->sources[s].vendor == HL_NONE ? strike(b, s, events, err)
                                                     : strike_clients(b, sampling, s, block, events, err);
    }
    return status;
}

enum hl_status hl_strokes_draw(struct hl_block_strokes *b, size_t sampling, uint32_t block, struct hl_error *err) {
    bool apart = b->plan->samplings[sampling].kind == HL_VENDORS_APART; /* else as stated */
    bool there = apart && b->sampling == 0 && b->block == block;
    b->sampling = HL_NONE;
    enum hl_status status = there ? HL_OK : draw(b, sampling, block, err);
    if (status == HL_OK && apart)
        turn(b, block);
    if (status == HL_OK && !apart)
        b->sampling = sampling;
    b->block = block;
    return status;
}
