#include "engine/arrivals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- climates ---------------------------------------------------------------------------------------------------- */

enum { CHUNK = 256 };

/* The latent score of a trial in a policy year, from that of the year before. */
static double next_score(const struct hl_plan_climate *climate, uint16_t year, double before, double shock) {
    return year == 1 ? shock : hl_climate_next(before, shock, climate->persistence);
}

double hl_climate_at(const struct hl_plan *p, size_t climate, uint32_t block, uint32_t trial, uint16_t year) {
    const struct hl_plan_climate *c = &p->climates[climate];
    double score = 0;
    for (uint16_t y = 1; y <= year; y++) {
        struct hl_address at = {hl_stream_with(c->stream, y), block, HL_DRAW_CLIMATE, trial};
        score = next_score(c, y, score, hl_normal_quantile(&p->normal, hl_u01(p->seed, at)));
    }
    return c->law.family->factor(&c->law, score);
}

/* The shocks of a climate in one policy year: out [HL_BLOCK_TRIALS]. */
static void draw_shocks(double *out, const struct hl_plan *p, size_t climate, uint32_t block, uint16_t year,
                        struct hl_tilted *tilted) {
    struct hl_address at = {hl_stream_with(p->climates[climate].stream, year), block, HL_DRAW_CLIMATE, 0};
    struct hl_words words[CHUNK];
    for (; at.index < HL_BLOCK_TRIALS; at.index += CHUNK, out += CHUNK) {
        hl_draw_many(p->seed, at, CHUNK, words);
        for (size_t i = 0; i < CHUNK; i++)
            out[i] = hl_unit(words[i].word[0]);
        hl_normal_quantiles(&p->normal, CHUNK, out, out);
        for (uint32_t i = 0; i < CHUNK && tilted != NULL; i++)
            out[i] = hl_tilted_shock(tilted, climate, at.index + i, out[i]);
    }
}

/* Running sums over the block's trials of one climate, year after year. */
static void draw_climate(double *upto, const struct hl_plan *p, size_t climate, uint32_t block,
                         struct hl_tilted *tilted) {
    const struct hl_climate_law *law = &p->climates[climate].law;
    double score[HL_BLOCK_TRIALS], shocks[HL_BLOCK_TRIALS];
    for (uint16_t year = 1; year <= p->year_count; year++, upto += HL_BLOCK_TRIALS) {
        double sum = 0;
        draw_shocks(shocks, p, climate, block, year, tilted);
        for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS; trial++) {
            double before = year == 1 ? 0 : score[trial];
            score[trial] = next_score(&p->climates[climate], year, before, shocks[trial]);
            sum += law->family->factor(law, score[trial]);
            upto[trial] = sum;
        }
    }
}

static enum hl_status draw_climates(struct hl_incidents *in, const struct hl_plan *p, uint32_t block,
                                    struct hl_error *err) {
    size_t climates = p->scenario->climate_count, width = (size_t)p->year_count * HL_BLOCK_TRIALS;
    uint64_t key = hl_stream_with(hl_stream_with(p->climate_key, p->seed), block);
    if (climates == 0 || (key == in->climate_key && in->tilted == NULL))
        return HL_OK;
    if (climates * width > in->climate_capacity) {
        free(in->climate);
        in->climate_capacity = 0;
        in->climate = malloc(climates * width * sizeof *in->climate);
        if (in->climate == NULL)
            return hl_fail_memory(err);
        in->climate_capacity = climates * width;
    }
    for (size_t i = 0; i < climates; i++)
        draw_climate(in->climate + i * width, p, i, block, in->tilted);
    in->climate_key = in->tilted == NULL ? key : 0;
    return HL_OK;
}

static struct hl_exposure exposure_of(const struct hl_incidents *in, const struct hl_plan *p, uint32_t source,
                                      uint16_t year) {
    const struct hl_breach *b = p->sources[source].breach;
    struct hl_exposure exposure = hl_plan_exposure(p, source, year);
    if (b->climate != HL_NONE)
        exposure.upto = in->climate + (b->climate * p->year_count + (size_t)(year - 1)) * HL_BLOCK_TRIALS;
    return exposure;
}

uint16_t hl_incident_trial(const struct hl_incidents *in, const struct hl_plan *p, const struct hl_incident *i,
                           double place) {
    struct hl_exposure exposure = exposure_of(in, p, i->root, i->root_year);
    return hl_exposure_trial(&exposure, place);
}

/* ---- incidents --------------------------------------------------------------------------------------------------- */

static enum hl_status reserve(struct hl_incidents *in, size_t more, struct hl_error *err) {
    if (more <= in->capacity - in->count)
        return HL_OK;
    size_t capacity = 2 * in->capacity + more;
    struct hl_incident *items = realloc(in->items, capacity * sizeof *items);
    if (items == NULL)
        return hl_fail_memory(err);
    in->items = items;
    in->capacity = capacity;
    return HL_OK;
}

enum hl_status hl_incidents_add(struct hl_incidents *in, const struct hl_plan *p, uint32_t source, uint16_t year,
                                const struct hl_arrival *a, struct hl_error *err) {
    if (reserve(in, 1, err) != HL_OK)
        return HL_FAILED;
    in->items[in->count++] = (struct hl_incident){.at = *a,
                                                  .day = hl_year_start(p, year) + a->time * p->year_days,
                                                  .source = source,
                                                  .cause = HL_NO_CAUSE,
                                                  .root = source,
                                                  .year = year,
                                                  .root_year = year};
    return HL_OK;
}

/* Those of one source in one policy year that come by themselves. */
static enum hl_status draw_year(struct hl_incidents *in, const struct hl_plan *p, size_t sampling, uint32_t source,
                                uint16_t year, uint32_t block, struct hl_error *err) {
    const struct hl_count *count = &p->samplings[sampling].counts[source];
    struct hl_exposure exposure = exposure_of(in, p, source, year);
    uint64_t stream = hl_stream_with(p->sources[source].stream, year);
    in->drawn.count = 0;
    if (in->tilted != NULL)
        hl_tilted_expose(in->tilted, source, count, &exposure);
    if (count->family->draw(count, p->seed, stream, block, &exposure, &in->drawn) != HL_OK)
        return hl_fail_memory(err);
    enum hl_status status = HL_OK;
    for (size_t i = 0; i < in->drawn.count && status == HL_OK; i++) {
        const struct hl_arrival *a = &in->drawn.items[i];
        if (in->tilted != NULL && a->stream == stream) /* later members of a cluster have streams of their own */
            hl_tilted_came(in->tilted, source, a->trial);
        status = hl_incidents_add(in, p, source, year, a, err);
    }
    return status;
}

/* What one incident sets off by one link. */
static enum hl_status set_off(struct hl_incidents *in, const struct hl_plan *p, const struct hl_incident *parent,
                              const struct hl_offspring *link, uint32_t block, struct hl_error *err) {
    uint64_t stream =
        hl_stream_with(hl_stream_with(parent->at.stream, parent->at.index), p->sources[link->source].stream);
    struct hl_address at = {stream, block, HL_DRAW_CHILDREN, 0};
    uint32_t count = (uint32_t)hl_poisson_quantile(link->ratio, hl_u01(p->seed, at));
    if (reserve(in, count, err) != HL_OK)
        return HL_FAILED;
    at.purpose = HL_DRAW_EVENT;
    for (at.index = 0; at.index < count; at.index++) {
        struct hl_words words = hl_draw(p->seed, at);
        struct hl_incident child = *parent;
        child.day = parent->day - link->delay_days * log(hl_unit(words.word[0]));
        if (child.day >= p->year_count * p->year_days)
            continue;
        child.at.stream = stream;
        child.at.index = at.index;
        child.at.size = words.word[1];
        child.source = link->source;
        child.cause = parent->source;
        child.cause_day = parent->day;
        child.year = hl_year_of(p, child.day);
        child.at.time = (child.day - hl_year_start(p, child.year)) / p->year_days;
        in->items[in->count++] = child;
    }
    return HL_OK;
}

/* Sizes of breaches at own sources, theirs and those that were set off; a vendor's clients have sizes of their own. */
static void tilt_sizes(struct hl_incidents *in, const struct hl_plan *p) {
    for (size_t i = 0; i < in->count; i++) {
        struct hl_incident *item = &in->items[i];
        const struct hl_source *src = &p->sources[item->source];
        if (src->vendor == HL_NONE && src->breach->size.family != NULL)
            item->at.size = hl_tilted_size(in->tilted, item->source, item->at.trial, item->at.size);
    }
}

/* --- what samplings share ------------------------------------------------------------------------------------------
 */

/* Keeps what was drawn as stated. */
static enum hl_status keep_stated(struct hl_incidents *in, uint32_t block, struct hl_error *err) {
    if (in->count > in->stated.capacity) {
        free(in->stated.items);
        in->stated.capacity = 0;
        in->stated.items = malloc(2 * in->count * sizeof *in->stated.items);
        if (in->stated.items == NULL)
            return hl_fail_memory(err);
        in->stated.capacity = 2 * in->count;
    }
    if (in->count > 0)
        memcpy(in->stated.items, in->items, in->count * sizeof *in->items);
    in->stated.told = true;
    in->stated.block = block;
    return HL_OK;
}

/* Has a sampling of the block that was kept the incidents of a source as stated? */
static bool is_stated(const struct hl_incidents *in, const struct hl_plan *p, size_t sampling, uint32_t source,
                      uint32_t block) {
    const struct hl_count *a = &p->samplings[sampling].counts[source], *b = &p->samplings[0].counts[source];
    bool same = sampling > 0 && in->shares && in->stated.told && in->stated.block == block && a->family == b->family;
    for (size_t i = 0; i < HL_PARAMETERS_MOST; i++)
        same = same && a->p[i] == b->p[i];
    return same;
}

static enum hl_status repeat_stated(struct hl_incidents *in, uint32_t source, struct hl_error *err) {
    size_t first = in->stated.first[source], count = in->stated.first[source + 1] - first;
    if (reserve(in, count, err) != HL_OK)
        return HL_FAILED;
    if (count > 0)
        memcpy(in->items + in->count, in->stated.items + first, count * sizeof *in->items);
    in->count += count;
    return HL_OK;
}

/* Those that come by themselves. */
static enum hl_status draw_sources(struct hl_incidents *in, const struct hl_plan *p, size_t sampling, uint32_t block,
                                   struct hl_error *err) {
    bool kept = sampling == 0 && in->shares && p->sampling_count > 1;
    enum hl_status status = HL_OK;
    if (kept)
        in->stated.told = false;
    if (kept && in->stated.first == NULL)
        in->stated.first = malloc((p->source_count + 1) * sizeof *in->stated.first);
    if (kept && in->stated.first == NULL)
        return hl_fail_memory(err);
    for (uint32_t source = 0; source < p->source_count && status == HL_OK; source++) {
        if (kept)
            in->stated.first[source] = in->count;
        if (is_stated(in, p, sampling, source, block))
            status = repeat_stated(in, source, err);
        else
            for (uint16_t year = 1; year <= p->year_count && status == HL_OK; year++)
                status = draw_year(in, p, sampling, source, year, block, err);
    }
    if (!kept || status != HL_OK)
        return status;
    in->stated.first[p->source_count] = in->count;
    return keep_stated(in, block, err);
}

enum hl_status hl_incidents_draw(struct hl_incidents *in, const struct hl_plan *p, size_t sampling, uint32_t block,
                                 struct hl_error *err) {
    in->count = 0;
    if (in->tilted != NULL)
        hl_tilted_begin(in->tilted, p, block);
    enum hl_status status = draw_climates(in, p, block, err);
    if (status == HL_OK)
        status = draw_sources(in, p, sampling, block, err);
    for (size_t i = 0; i < in->count; i++) { /* the list grows: children have children */
        const struct hl_source *src = &p->sources[in->items[i].source];
        for (size_t k = 0; k < src->offspring_count && status == HL_OK; k++) {
            struct hl_incident parent = in->items[i]; /* the list may move */
            status = set_off(in, p, &parent, &src->offspring[k], block, err);
        }
    }
    if (in->tilted != NULL)
        tilt_sizes(in, p);
    return status;
}

void hl_incidents_free(struct hl_incidents *in) {
    free(in->items);
    free(in->climate);
    free(in->stated.items);
    free(in->stated.first);
    hl_arrivals_free(&in->drawn);
    memset(in, 0, sizeof *in);
}
