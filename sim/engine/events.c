#include "engine/events.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static enum hl_status reserve(struct hl_events *e, size_t count, struct hl_error *err) {
    if (count <= e->capacity)
        return HL_OK;
    size_t capacity = count + count / 2 + 64;
    struct hl_hit *hits = realloc(e->hits, capacity * sizeof *hits);
    if (hits != NULL)
        e->hits = hits;
    struct hl_hit *unsorted = realloc(e->unsorted, capacity * sizeof *unsorted);
    if (unsorted != NULL)
        e->unsorted = unsorted;
    if (hits == NULL || unsorted == NULL)
        return hl_fail_memory(err);
    e->capacity = capacity;
    return HL_OK;
}

/* Where a client's draws of an event stand; an own source's are the event's. */
static uint64_t target_stream(const struct hl_source *src, const struct hl_target *t, const struct hl_arrival *a) {
    return src->vendor == HL_NONE ? a->stream : hl_stream_with(a->stream, t->key);
}

/* A hit of one target, its size at v. */
static void add_hit(struct hl_events *e, const struct hl_plan *p, const struct hl_arrival *a, uint32_t block,
                    struct hl_hit hit, uint32_t target, double v) {
    const struct hl_source *src = &p->sources[hit.source];
    hit.target = target;
    hit.v = v;
    hit.size = hl_distribution_quantile(src->size, v);
    if (src->reach == HL_REACH_ONE_ASSET || src->reach == HL_REACH_ONE_WALLET)
        hit.pick = hl_u01(
            p->seed, (struct hl_address){target_stream(src, &src->targets[target], a), block, HL_DRAW_PICK, a->index});
    e->unsorted[e->count++] = hit;
}

/* A vendor's event: each client is hit or not, and hurt, by draws of its own. */
static void add_clients(struct hl_events *e, const struct hl_plan *p, const struct hl_arrival *a, uint32_t block,
                        const struct hl_hit *hit) {
    const struct hl_source *src = &p->sources[hit->source];
    size_t before = e->count;
    for (uint32_t k = 0; k < src->target_count; k++) {
        struct hl_words w = hl_draw(
            p->seed, (struct hl_address){target_stream(src, &src->targets[k], a), block, HL_DRAW_HIT, a->index});
        if (hl_unit(w.word[0]) < src->hit)
            add_hit(e, p, a, block, *hit, k, hl_unit(w.word[1]));
    }
    if (e->count == before)
        e->unsorted[e->count++] = *hit;
}

static void add_event(struct hl_events *e, const struct hl_plan *p, uint32_t source, uint16_t year, uint32_t block,
                      const struct hl_arrival *a) {
    struct hl_hit hit = {.stream = a->stream,
                         .index = a->index,
                         .trial = a->trial,
                         .year = year,
                         .source = source,
                         .target = HL_NO_TARGET,
                         .cause = HL_NO_CAUSE,
                         .entry_day = hl_year_start(p, year) + a->time * p->year_days};
    hit.day = hit.entry_day;
    if (p->sources[source].vendor == HL_NONE)
        add_hit(e, p, a, block, hit, 0, hl_unit(a->size));
    else
        add_clients(e, p, a, block, &hit);
}

static bool comes_before(const struct hl_hit *a, const struct hl_hit *b) {
    if (a->day != b->day)
        return a->day < b->day;
    if (a->source != b->source)
        return a->source < b->source;
    if (a->stream != b->stream)
        return a->stream < b->stream;
    if (a->index != b->index)
        return a->index < b->index;
    return a->target < b->target;
}

/* Hits by trial (counting sort), each trial's few by time (insertion sort). */
static void sort_hits(struct hl_events *e) {
    memset(e->first, 0, sizeof e->first);
    for (size_t i = 0; i < e->count; i++)
        e->first[e->unsorted[i].trial + 1]++;
    for (size_t t = 0; t < HL_BLOCK_TRIALS; t++)
        e->first[t + 1] += e->first[t];
    uint32_t filled[HL_BLOCK_TRIALS] = {0};
    for (size_t i = 0; i < e->count; i++) {
        const struct hl_hit *hit = &e->unsorted[i];
        struct hl_hit *row = e->hits + e->first[hit->trial];
        size_t at = filled[hit->trial]++;
        for (; at > 0 && comes_before(hit, &row[at - 1]); at--)
            row[at] = row[at - 1];
        row[at] = *hit;
    }
}

/* Drops the trials of a partial last block that the run does not have. */
static void cut(struct hl_events *e, uint32_t trials) {
    size_t kept = 0;
    for (size_t i = 0; i < e->count; i++)
        if (e->unsorted[i].trial < trials)
            e->unsorted[kept++] = e->unsorted[i];
    e->count = kept;
}

/* Draws the events of one source in one policy year. */
static enum hl_status sample_year(struct hl_events *e, const struct hl_plan *p, size_t sampling, uint32_t source,
                                  uint16_t year, uint32_t block, struct hl_error *err) {
    const struct hl_source *src = &p->sources[source];
    const struct hl_count *count = &p->samplings[sampling].counts[source];
    struct hl_exposure exposure = {.years = p->year_days / 365, .start = hl_year_start(p, year) / 365};
    e->arrivals.count = 0;
    enum hl_status status =
        count->family->draw(count, p->seed, hl_stream_with(src->stream, year), block, &exposure, &e->arrivals);
    if (status != HL_OK)
        return hl_fail(err, status, "out of memory for the events of %s", src->name);
    size_t most = src->target_count > 1 ? src->target_count : 1;
    if (reserve(e, e->count + e->arrivals.count * most, err) != HL_OK)
        return HL_FAILED;
    for (size_t i = 0; i < e->arrivals.count; i++)
        add_event(e, p, source, year, block, &e->arrivals.items[i]);
    return HL_OK;
}

enum hl_status hl_events_sample(struct hl_events *e, const struct hl_plan *p, size_t sampling, uint32_t block,
                                uint32_t trials, struct hl_error *err) {
    e->count = 0;
    for (uint32_t i = 0; i < p->source_count; i++) {
        for (uint16_t year = 1; year <= p->year_count; year++) {
            enum hl_status status = sample_year(e, p, sampling, i, year, block, err);
            if (status != HL_OK)
                return status;
        }
    }
    if (trials < HL_BLOCK_TRIALS)
        cut(e, trials);
    sort_hits(e);
    return HL_OK;
}

void hl_events_free(struct hl_events *e) {
    free(e->hits);
    free(e->unsorted);
    hl_arrivals_free(&e->arrivals);
    memset(e, 0, sizeof *e);
}
