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

/* A member of a cluster after the first draws from a stream of its own. */
static uint64_t member_stream(uint64_t stream, uint16_t member) {
    return member == 0 ? stream : hl_stream_with(stream, member);
}

static double pick_of(const struct hl_plan *p, const struct hl_source *src, const struct hl_target *t, uint32_t block,
                      const struct hl_arrival *a) {
    if (src->reach != HL_REACH_ONE_ASSET && src->reach != HL_REACH_ONE_WALLET)
        return 0;
    return hl_u01(p->seed, (struct hl_address){member_stream(t->stream, a->member), block, HL_DRAW_PICK, a->index});
}

static void add_own(struct hl_events *e, const struct hl_plan *p, uint32_t source, uint32_t block) {
    const struct hl_source *src = &p->sources[source];
    for (size_t i = 0; i < e->arrivals.count; i++) {
        const struct hl_arrival *a = &e->arrivals.items[i];
        e->unsorted[e->count++] = (struct hl_hit){.trial = a->trial,
                                                  .member = a->member,
                                                  .source = source,
                                                  .index = a->index,
                                                  .target = 0,
                                                  .time = a->time,
                                                  .size = hl_distribution_quantile(src->size, hl_unit(a->size)),
                                                  .pick = pick_of(p, src, &src->targets[0], block, a)};
    }
}

/* A vendor's event: each client is hit or not, and hurt, by draws of its own. */
static void add_vendor(struct hl_events *e, const struct hl_plan *p, uint32_t source, uint32_t block) {
    const struct hl_source *src = &p->sources[source];
    for (size_t i = 0; i < e->arrivals.count; i++) {
        const struct hl_arrival *a = &e->arrivals.items[i];
        struct hl_hit hit = {.trial = a->trial,
                             .member = a->member,
                             .source = source,
                             .index = a->index,
                             .target = HL_NO_TARGET,
                             .time = a->time};
        size_t before = e->count;
        for (size_t k = 0; k < src->target_count; k++) {
            const struct hl_target *t = &src->targets[k];
            struct hl_words w = hl_draw(
                p->seed, (struct hl_address){member_stream(t->stream, a->member), block, HL_DRAW_HIT, a->index});
            if (hl_unit(w.word[0]) >= src->hit)
                continue;
            hit.target = (uint32_t)k;
            hit.size = hl_distribution_quantile(src->size, hl_unit(w.word[1]));
            hit.pick = pick_of(p, src, t, block, a);
            e->unsorted[e->count++] = hit;
        }
        if (e->count == before)
            e->unsorted[e->count++] = hit;
    }
}

static bool comes_before(const struct hl_hit *a, const struct hl_hit *b) {
    if (a->time != b->time)
        return a->time < b->time;
    if (a->source != b->source)
        return a->source < b->source;
    if (a->index != b->index)
        return a->index < b->index;
    if (a->member != b->member)
        return a->member < b->member;
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

enum hl_status hl_events_sample(struct hl_events *e, const struct hl_plan *p, size_t sampling, uint32_t block,
                                uint32_t trials, struct hl_error *err) {
    e->count = 0;
    for (uint32_t i = 0; i < p->source_count; i++) {
        const struct hl_source *src = &p->sources[i];
        const struct hl_count *count = &p->samplings[sampling].counts[i];
        e->arrivals.count = 0;
        enum hl_status status = count->family->draw(count, p->seed, src->stream, block, p->years, &e->arrivals);
        if (status != HL_OK)
            return hl_fail(err, status, "out of memory for the events of %s", src->name);
        size_t most = src->target_count > 1 ? src->target_count : 1;
        if (reserve(e, e->count + e->arrivals.count * most, err) != HL_OK)
            return HL_FAILED;
        if (src->vendor == HL_NONE)
            add_own(e, p, i, block);
        else
            add_vendor(e, p, i, block);
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
