#include "engine/events.h"

#include "base/money.h"
#include "engine/clients.h"

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

/* A time, drawn from word 0 at the address where it is not always the same. */
static double time_at(const struct hl_plan *p, const struct hl_time *t, struct hl_address at) {
    return t->law.family == NULL ? t->days : hl_time_days(t, hl_u01(p->seed, at));
}

double hl_hit_size(const struct hl_breach *b, const struct hl_target *t, double quantile) {
    double size = quantile * t->taken_factor;
    return hl_least(size, b->size.family->share ? 1 : b->amount_most);
}

/* Each asset in reach draws a share of its own, tied to the event's. */
static void draw_asset_sizes(double *sizes, const struct hl_plan *p, const struct hl_source *src,
                             const struct hl_target *t, struct hl_address at, double v) {
    size_t assets = p->scenario->asset_count;
    const struct hl_copula *copula = &src->breach->by_asset;
    bool drawn[assets];
    memset(drawn, 0, sizeof drawn);
    memset(sizes, 0, assets * sizeof *sizes);
    at.purpose = HL_DRAW_ASSET;
    uint64_t stream = at.stream;
    double mixing = hl_unit(hl_draw(p->seed, at).word[1]);
    for (uint32_t i = 0; i < t->cell_count; i++) {
        uint32_t asset = p->cells[t->cells[i]].asset;
        if (drawn[asset])
            continue;
        drawn[asset] = true;
        at.stream = hl_stream_with(stream, p->asset_keys[asset]);
        double own = copula->family->uniform(copula, v, mixing, hl_u01(p->seed, at));
        sizes[asset] = hl_hit_size(src->breach, t, hl_distribution_quantile(&src->breach->size, own));
    }
}

void hl_hit_tell_size(struct hl_hit *hit, double *sizes, const struct hl_plan *p, uint32_t block) {
    const struct hl_source *src = &p->sources[hit->source];
    const struct hl_breach *b = src->breach;
    const struct hl_target *t = &src->targets[hit->target];
    struct hl_address at = {hl_target_stream(src, t, hit->stream), block, HL_DRAW_PICK, hit->index};
    if (b->reach == HL_REACH_ONE_ASSET || b->reach == HL_REACH_ONE_WALLET)
        hit->pick = hl_u01(p->seed, at);
    if (b->size.family != NULL)
        hit->size = hl_hit_size(b, t, hl_distribution_quantile(&b->size, hit->v));
    else
        hit->size = (b->drain.share_per_day > 0 ? b->drain.share_per_day : b->drain.amount_per_day) * t->taken_factor;
    if (b->by_asset.family == NULL)
        return;
    draw_asset_sizes(sizes, p, src, t, at, hit->v);
    hit->sizes = sizes;
}

/* A hit of one target, its size at v. */
static bool add_hit(struct hl_events *e, const struct hl_plan *p, uint32_t block, struct hl_hit hit, uint32_t target,
                    double v) {
    const struct hl_source *src = &p->sources[hit.source];
    const struct hl_breach *b = src->breach;
    const struct hl_target *t = &src->targets[target];
    struct hl_address at = {hl_target_stream(src, t, hit.stream), block, HL_DRAW_DETECT, hit.index};
    double *sizes = NULL;
    hit.target = target;
    hit.v = v;
    if (b->size.family == NULL)
        hit.notice_days = hl_least(time_at(p, &b->drain.detected_after, at) * t->detection_factor, HL_TIME_DAYS_MOST);
    if (e->lean && b->size.family != NULL) {
        hit.size = NAN;
    } else {
        if (b->by_asset.family != NULL) {
            sizes = hl_arena_array(&e->sizes, p->scenario->asset_count, sizeof *sizes);
            if (sizes == NULL)
                return false;
        }
        hl_hit_tell_size(&hit, sizes, p, block);
    }
    at.purpose = HL_DRAW_RUN;
    if (p->scenario->run.any)
        hit.withdrawn = hl_distribution_quantile(&p->run_size, hl_u01(p->seed, at));
    e->unsorted[e->count++] = hit;
    return true;
}

/* A vendor's event: its clients that are hit. */
static bool add_clients(struct hl_events *e, const struct hl_plan *p, size_t sampling, uint32_t block,
                        const struct hl_incident *in, const struct hl_hit *hit) {
    const struct hl_arrival *a = &in->at;
    const struct hl_source *src = &p->sources[hit->source];
    struct hl_client clients[src->target_count + 1];
    size_t count =
        hl_clients_hit(p, sampling, hit->source, a->stream, block, a->index, e->incidents.tilted, a->trial, clients);
    if (count == 0)
        e->unsorted[e->count++] = *hit;
    for (size_t i = 0; i < count; i++) {
        struct hl_hit one = *hit;
        const struct hl_target *t = &src->targets[clients[i].target];
        if (p->samplings[sampling].kind == HL_VENDORS_APART)
            one.trial = hl_incident_trial(&e->incidents, p, in, hl_place_apart(a->place, hl_apart_offset(p, t, block)));
        if (!add_hit(e, p, block, one, clients[i].target, clients[i].v))
            return false;
    }
    return true;
}

/* The way from the entry to the theft, where nothing is taken when the intruder is found first, and to its discovery.
 */
static void set_days(struct hl_hit *hit, const struct hl_plan *p, const struct hl_breach *b, struct hl_address at) {
    at.purpose = HL_DRAW_DWELL;
    double dwell = time_at(p, &b->dwell, at);
    hit->day = hit->entry_day + dwell;
    hit->found =
        b->found_per_year > 0 && hl_unit(hl_draw(p->seed, at).word[1]) < -expm1(-b->found_per_year * dwell / 365);
    at.purpose = HL_DRAW_NOTICE;
    hit->notice_days = time_at(p, &b->noticed_after, at);
}

static bool add_event(struct hl_events *e, const struct hl_plan *p, size_t sampling, uint32_t block,
                      const struct hl_incident *i) {
    const struct hl_arrival *a = &i->at;
    const struct hl_source *src = &p->sources[i->source];
    struct hl_hit hit = {.stream = a->stream,
                         .index = a->index,
                         .trial = a->trial,
                         .year = i->year,
                         .source = i->source,
                         .target = HL_NO_TARGET,
                         .cause = i->cause,
                         .cause_day = i->cause_day,
                         .entry_day = i->day};
    set_days(&hit, p, src->breach, (struct hl_address){a->stream, block, HL_DRAW_DWELL, a->index});
    if (hit.found) {
        e->unsorted[e->count++] = hit;
        return true;
    }
    return src->vendor == HL_NONE ? add_hit(e, p, block, hit, 0, hl_unit(a->size))
                                  : add_clients(e, p, sampling, block, i, &hit);
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

/* In the order in which they are played. */
static bool is_earlier(const struct hl_hit *a, const struct hl_hit *b) {
    return a->trial != b->trial ? a->trial < b->trial : comes_before(a, b);
}

/* So few are sorted one by one. */
enum { FEW_HITS = 64 };

/* Hits by trial (counting sort), each trial's few by time (insertion sort). */
static void sort_many(struct hl_events *e) {
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
    enum hl_status status = hl_incidents_draw(&e->incidents, p, sampling, block, err);
    return status == HL_OK ? hl_events_tell(e, p, sampling, block, trials, err) : status;
}

/* The same for few, without a look at every trial. */
static void sort_few(struct hl_events *e) {
    size_t order[FEW_HITS], trial = 0;
    for (size_t i = 0; i < e->count; i++) {
        const struct hl_hit *hit = &e->unsorted[i];
        size_t at = i;
        for (; at > 0 && is_earlier(hit, &e->unsorted[order[at - 1]]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    for (size_t i = 0; i < e->count; i++) {
        e->hits[i] = e->unsorted[order[i]];
        for (; trial <= e->hits[i].trial; trial++)
            e->first[trial] = (uint32_t)i;
    }
    for (; trial <= HL_BLOCK_TRIALS; trial++)
        e->first[trial] = (uint32_t)e->count;
}

enum hl_status hl_events_tell(struct hl_events *e, const struct hl_plan *p, size_t sampling, uint32_t block,
                              uint32_t trials, struct hl_error *err) {
    const struct hl_incidents *in = &e->incidents;
    e->count = 0;
    hl_arena_free(&e->sizes);
    size_t most = 0;
    for (size_t i = 0; i < in->count; i++)
        most += p->sources[in->items[i].source].target_count + 1;
    enum hl_status status = reserve(e, most, err);
    if (status != HL_OK)
        return status;
    for (size_t i = 0; i < in->count; i++)
        if (!add_event(e, p, sampling, block, &in->items[i]))
            return hl_fail_memory(err);
    if (trials < HL_BLOCK_TRIALS)
        cut(e, trials);
    if (e->count <= FEW_HITS)
        sort_few(e);
    else
        sort_many(e);
    return HL_OK;
}

void hl_events_free(struct hl_events *e) {
    free(e->hits);
    free(e->unsorted);
    hl_incidents_free(&e->incidents);
    hl_arena_free(&e->sizes);
    memset(e, 0, sizeof *e);
}
