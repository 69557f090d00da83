/* Whom an event hits, how badly, and when it takes and is noticed. */
#include "tests/twin/twin.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void add_hit(struct twin *t, struct twin_hit hit) {
    if (t->hit_count == t->hit_capacity) {
        t->hit_capacity = 2 * t->hit_capacity + 64;
        t->hits = realloc(t->hits, t->hit_capacity * sizeof *t->hits);
        assert(t->hits != NULL);
    }
    t->hits[t->hit_count++] = hit;
}

/* ---- through the vendors ----------------------------------------------------------------------------------------- */

/* Has the event at its source's vendor come as far as this one? It passes each link of the graph or not. */
static bool comes_to(const struct twin *t, const struct twin_event *e, size_t vendor) {
    const struct hl_scenario *s = t->scenario;
    const struct twin_source *src = &t->sources[e->source];
    bool reached = vendor == src->vendor;
    for (size_t i = 0; i < s->vendors[vendor].use_count && !reached; i++) {
        size_t component = s->vendors[vendor].uses[i];
        uint64_t link = hl_stream_with_name(hl_stream(s->vendors[vendor].id), s->vendors[component].id);
        double u = twin_uniform(t, hl_stream_with(e->stream, link), HL_DRAW_PASS, e->index);
        reached = u < src->breach->passes && comes_to(t, e, component);
    }
    return reached;
}

uint64_t twin_target_stream(const struct twin *t, const struct twin_source *src, const struct twin_target *target,
                            uint64_t stream) {
    if (src->vendor == HL_NONE)
        return stream;
    const char *vendor = t->scenario->vendors[target->vendor].id, *client = t->scenario->exchanges[target->exchange].id;
    return hl_stream_with(stream, hl_stream_with_name(hl_stream(vendor), client));
}

static double hit_probability(const struct twin *t, const struct twin_source *src, size_t exchange) {
    return twin_hit_of(t, src->breach) * twin_control(t->scenario, exchange, src->entry, TWIN_HIT);
}

/* ---- how badly --------------------------------------------------------------------------------------------------- */

double twin_tied(const struct hl_copula *c, double factor, double mixing, double own) {
    if (c->family == NULL)
        return own;
    double rho = c->p[0];
    double x = -sqrt(rho) * gsl_cdf_ugaussian_Pinv(factor) - sqrt(1 - rho) * gsl_cdf_ugaussian_Pinv(own);
    if (strcmp(c->family->name, "gaussian") == 0)
        return fmin(gsl_cdf_ugaussian_Q(x), 1 - 0x1p-53);
    assert(strcmp(c->family->name, "t") == 0);
    double nu = c->p[1];
    double v = gsl_cdf_tdist_Q(x / sqrt(gsl_cdf_chisq_Pinv(mixing, nu) / nu), nu);
    return fmin(fmax(v, 0x1p-1022), 1 - 0x1p-53);
}

/* How much the hit takes; of a drain, how much a day and how long. */
static void set_size(const struct twin *t, struct twin_hit *hit) {
    const struct twin_event *e = &hit->event;
    const struct twin_source *src = &t->sources[e->source];
    const struct hl_breach *b = src->breach;
    double taken = twin_control(t->scenario, hit->exchange, src->entry, TWIN_TAKEN);
    if (b->size.family == NULL) {
        double u = twin_uniform(t, hit->stream, HL_DRAW_DETECT, e->index);
        double detection = twin_control(t->scenario, hit->exchange, src->entry, TWIN_DETECTION);
        hit->notice_days = twin_time(&src->detected_after, u) * detection;
        hit->size = taken * (b->drain.share_per_day > 0 ? b->drain.share_per_day : b->drain.amount_per_day);
        return;
    }
    hit->size = fmin(taken * hl_distribution_quantile(&src->size, hit->v), b->amount_most);
    if (b->size.family->share)
        hit->size = fmin(hit->size, 1);
    double mixing = hl_unit(twin_words(t, hit->stream, HL_DRAW_ASSET, e->index).word[1]);
    for (size_t a = 0; a < t->scenario->asset_count && b->by_asset.family != NULL; a++) {
        uint64_t stream = hl_stream_with(hit->stream, hl_stream(t->scenario->assets[a].id));
        double v = twin_tied(&b->by_asset, hit->v, mixing, twin_uniform(t, stream, HL_DRAW_ASSET, e->index));
        hit->size_of[a] = fmin(taken * hl_distribution_quantile(&src->size, v), 1);
    }
}

/* One target that is hit: the rest of its draws. `own` is the word of its size. */
static void hit_target(struct twin *t, struct twin_hit hit, const struct twin_target *target, uint64_t own) {
    const struct twin_event *e = &hit.event;
    const struct twin_source *src = &t->sources[e->source];
    const struct hl_breach *b = src->breach;
    hit.exchange = target->exchange;
    hit.vendor = target->vendor;
    hit.stream = twin_target_stream(t, src, target, e->stream);
    hit.v = hl_unit(own);
    if (src->vendor != HL_NONE) {
        struct hl_words factor = twin_words(t, e->stream, HL_DRAW_FACTOR, e->index);
        hit.v = twin_tied(&b->copula, hl_unit(factor.word[0]), hl_unit(factor.word[1]), hit.v);
    }
    set_size(t, &hit);
    if (b->reach == HL_REACH_ONE_ASSET || b->reach == HL_REACH_ONE_WALLET)
        hit.pick = twin_uniform(t, hit.stream, HL_DRAW_PICK, e->index);
    if (t->scenario->run.any)
        hit.withdrawn = hl_distribution_quantile(&t->run_size, twin_uniform(t, hit.stream, HL_DRAW_RUN, e->index));
    if (t->way == TWIN_APART && src->vendor != HL_NONE) {
        uint64_t apart = hl_stream_with_name(hl_stream("apart"), t->scenario->exchanges[hit.exchange].id);
        double place = e->place + twin_uniform(t, apart, HL_DRAW_APART, 0);
        hit.trial = twin_trial_of(t, t->sources[e->root].breach, e->root_year, place - floor(place));
    }
    add_hit(t, hit);
}

/* An event becomes its hits, or one row that hits nobody. */
static void hit_by(struct twin *t, const struct twin_event *e) {
    const struct twin_source *src = &t->sources[e->source];
    struct twin_hit hit = {.event = *e, .trial = e->trial, .exchange = HL_NONE, .vendor = HL_NONE};
    struct hl_words dwell = twin_words(t, e->stream, HL_DRAW_DWELL, e->index);
    double dwell_days = twin_time(&src->dwell, hl_unit(dwell.word[0]));
    hit.day = e->day + dwell_days;
    hit.found = hl_unit(dwell.word[1]) < 1 - exp(-src->breach->found_per_year * dwell_days / 365);
    hit.notice_days = twin_time(&src->noticed_after, twin_uniform(t, e->stream, HL_DRAW_NOTICE, e->index));
    size_t before = t->hit_count;
    for (size_t k = 0; k < src->target_count && !hit.found; k++) {
        const struct twin_target *target = &src->targets[k];
        if (src->vendor == HL_NONE) {
            hit_target(t, hit, target, e->size);
            continue;
        }
        uint64_t stream = twin_target_stream(t, src, target, e->stream);
        struct hl_words own = twin_words(t, stream, HL_DRAW_HIT, e->index);
        if (comes_to(t, e, target->vendor) && hl_unit(own.word[0]) < hit_probability(t, src, target->exchange))
            hit_target(t, hit, target, own.word[1]);
    }
    if (t->hit_count == before)
        add_hit(t, hit);
}

void twin_draw_hits(struct twin *t) {
    t->hit_count = 0;
    for (size_t i = 0; i < t->event_count; i++)
        hit_by(t, &t->events[i]);
}
