#include "tests/twin/twin.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const twin_way_names[TWIN_WAYS] = {"stated",  "rates_low", "rates_high",
                                               "hit_low", "hit_high",  "vendors_apart"};

/* ---- who can be breached ----------------------------------------------------------------------------------------- */

static bool keeps_coins_with(const struct hl_scenario *s, size_t exchange, size_t vendor) {
    bool found = false;
    for (size_t i = 0; i < s->holding_count; i++)
        found |= s->holdings[i].exchange == exchange && s->holdings[i].custodian == vendor;
    return found;
}

/* Is the vendor the component itself, or built on it, or on one that is? */
static bool is_built_on(const struct hl_scenario *s, size_t vendor, size_t component) {
    bool found = vendor == component;
    for (size_t i = 0; i < s->vendors[vendor].use_count; i++)
        found = found || is_built_on(s, s->vendors[vendor].uses[i], component);
    return found;
}

static void prepare(struct twin *t, struct hl_distribution *d) {
    struct hl_error err = {0};
    if (d->family == NULL)
        return;
    enum hl_status status = hl_distribution_prepare(d, &t->arena, &err);
    assert(status == HL_OK);
    (void)status;
}

static void make_targets(struct twin *t, struct twin_source *src) {
    const struct hl_scenario *s = t->scenario;
    src->targets = hl_arena_array(&t->arena, s->exchange_count * (s->vendor_count + 1), sizeof *src->targets);
    assert(src->targets != NULL);
    for (size_t e = 0; e < s->exchange_count; e++) {
        if (src->vendor == HL_NONE && e == src->place)
            src->targets[src->target_count++] = (struct twin_target){e, HL_NONE};
        for (size_t v = 0; v < s->vendor_count && src->vendor != HL_NONE; v++)
            if (is_built_on(s, v, src->vendor) && keeps_coins_with(s, e, v))
                src->targets[src->target_count++] = (struct twin_target){e, v};
    }
}

static void make_source(struct twin *t, struct twin_source *src, size_t entry, size_t place) {
    const struct hl_scenario *s = t->scenario;
    const struct hl_breach *b = &s->breaches[entry];
    src->entry = entry;
    src->breach = b;
    src->place = place;
    src->vendor = b->at_vendors ? place : HL_NONE;
    if (b->at_vendors)
        snprintf(src->name, sizeof src->name, "vendor:%s/%s", s->vendors[place].id, b->name);
    else
        snprintf(src->name, sizeof src->name, "%s/%s", s->exchanges[place].id, b->name);
    src->stream = hl_stream(src->name);
    make_targets(t, src);
    src->size = b->size;
    src->dwell = b->dwell;
    src->noticed_after = b->noticed_after;
    src->detected_after = b->drain.detected_after;
    prepare(t, &src->size);
    prepare(t, &src->dwell.law);
    prepare(t, &src->noticed_after.law);
    prepare(t, &src->detected_after.law);
}

/* A gamma factor of mean 1 has shape 1/sd^2 and scale sd^2. */
static void make_climates(struct twin *t) {
    const struct hl_scenario *s = t->scenario;
    t->climates = hl_arena_array(&t->arena, s->climate_count, sizeof *t->climates);
    t->climate = hl_arena_array(&t->arena, s->climate_count, sizeof *t->climate);
    assert(t->climates != NULL && t->climate != NULL);
    for (size_t i = 0; i < s->climate_count; i++) {
        double variance = s->climates[i].sd * s->climates[i].sd;
        t->climates[i] = (struct hl_distribution){.family = hl_severity_find("gamma"), .p = {1 / variance, variance}};
        if (strcmp(s->climates[i].family->name, "gamma") == 0)
            prepare(t, &t->climates[i]);
    }
}

void twin_make(struct twin *t, const struct hl_scenario *s) {
    *t = (struct twin){.scenario = s};
    t->years = s->horizon_days > 365 ? (int)(s->horizon_days / 365) : 1;
    t->year_days = s->horizon_days / t->years;
    assert(s->asset_count <= TWIN_ASSETS && s->fund_count <= TWIN_FUNDS && s->report.unpaid_after_count <= TWIN_CHECKS);
    assert(t->years <= TWIN_YEARS);
    size_t count = 0;
    for (size_t i = 0; i < s->breach_count; i++)
        count += s->breaches[i].at_count;
    t->sources = hl_arena_array(&t->arena, count, sizeof *t->sources);
    assert(t->sources != NULL);
    for (size_t i = 0; i < s->breach_count; i++)
        for (size_t k = 0; k < s->breaches[i].at_count; k++)
            make_source(t, &t->sources[t->source_count++], i, s->breaches[i].at[k]);
    make_climates(t);
    t->chi_square = (struct hl_distribution){.family = hl_severity_find("gamma"), .p = {s->market.tail_nu / 2, 2}};
    if (s->market.tail_nu > 0)
        prepare(t, &t->chi_square);
    struct hl_error err = {0};
    enum hl_status status = hl_normal_make(&t->normal, &t->arena, &err);
    assert(status == HL_OK);
    (void)status;
    t->run_size = s->run.size;
    prepare(t, &t->run_size);
}

void twin_free(struct twin *t) {
    free(t->events);
    free(t->hits);
    hl_arena_free(&t->arena);
    memset(t, 0, sizeof *t);
}

/* ---- draws ------------------------------------------------------------------------------------------------------- */

struct hl_words twin_words(const struct twin *t, uint64_t stream, enum hl_purpose purpose, uint32_t index) {
    struct hl_address at = {.stream = stream, .block = t->block, .purpose = (uint8_t)purpose, .index = index};
    return hl_draw(t->scenario->seed, at);
}

double twin_uniform(const struct twin *t, uint64_t stream, enum hl_purpose purpose, uint32_t index) {
    return hl_unit(twin_words(t, stream, purpose, index).word[0]);
}

int twin_year_of(const struct twin *t, double day) {
    int year = 1 + (int)(day / t->year_days);
    return year < t->years ? year : t->years;
}

double twin_time(const struct hl_time *time, double u) {
    return time->law.family == NULL ? time->days : hl_distribution_quantile(&time->law, u);
}

double twin_control(const struct hl_scenario *s, size_t exchange, size_t breach, enum twin_effect effect) {
    double product = 1;
    for (size_t i = 0; i < s->control_count; i++) {
        const struct hl_control *c = &s->controls[i];
        if (c->at[exchange] && c->breaches[breach])
            product *= effect == TWIN_RATE    ? c->rate
                       : effect == TWIN_HIT   ? c->hit
                       : effect == TWIN_TAKEN ? c->taken
                                              : c->detection;
    }
    return product;
}

double twin_throttle(const struct hl_scenario *s, size_t exchange, size_t breach) {
    double least = INFINITY;
    for (size_t i = 0; i < s->control_count; i++)
        if (s->controls[i].at[exchange] && s->controls[i].breaches[breach] && s->controls[i].throttle_per_day < least)
            least = s->controls[i].throttle_per_day;
    return least;
}

void twin_draw(struct twin *t, enum twin_way way, uint32_t block) {
    t->block = block;
    t->way = way;
    twin_draw_events(t);
    twin_draw_hits(t);
}
