#include "engine/plan_threats.h"

#include "base/draw.h"

#include <math.h>
#include <string.h>

/* ---- rates and controls ------------------------------------------------------------------------------------------ */

/* What the controls of its exchange make of a target. */
static void control(const struct hl_scenario *s, size_t breach, struct hl_target *t) {
    for (size_t i = 0; i < s->control_count; i++) {
        const struct hl_control *c = &s->controls[i];
        if (!c->at[t->exchange] || !c->breaches[breach])
            continue;
        t->hit_factor *= t->vendor == HL_NONE ? 1 : c->hit; /* an own breach is a hit */
        t->taken_factor *= c->taken;
        t->detection_factor *= c->detection;
        t->throttle_per_day = fmin(t->throttle_per_day, c->throttle_per_day);
    }
}

/* Rates of an exchange's own breaches depend on its figures and controls; a vendor's are the vendor's. */
static void scale_rates(struct hl_plan *p) {
    for (size_t i = 0; i < p->source_count; i++) {
        struct hl_source *src = &p->sources[i];
        for (size_t k = 0; k < src->target_count; k++)
            control(p->scenario, src->entry, &src->targets[k]);
        if (src->vendor != HL_NONE)
            continue;
        struct hl_count *c = &p->samplings[0].counts[i];
        double factor = hl_rate_factor(p->scenario, src->entry, src->targets[0].exchange);
        c->p[0] = c->family->scaled(c->p[0], factor);
        c->low = c->family->scaled(c->low, factor);
        c->high = c->family->scaled(c->high, factor);
    }
}

/* ---- climates ---------------------------------------------------------------------------------------------------- */

/* A stream with the bits of a number added. */
static uint64_t with_number(uint64_t stream, double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return hl_stream_with(stream, bits);
}

static enum hl_status make_climates(struct hl_plan *p, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    p->climates = hl_arena_array(&p->arena, s->climate_count, sizeof *p->climates);
    if (p->climates == NULL)
        return hl_fail_memory(err);
    p->climate_key = hl_stream_with(s->climate_count, p->year_count);
    for (size_t i = 0; i < s->climate_count; i++) {
        const struct hl_climate *c = &s->climates[i];
        const char *name = hl_arena_format(&p->arena, "climate:%s", c->name);
        if (name == NULL)
            return hl_fail_memory(err);
        p->climates[i].stream = hl_stream(name);
        p->climates[i].persistence = c->persistence;
        p->climate_key = hl_stream_with_name(hl_stream_with_name(p->climate_key, c->name), c->family->name);
        p->climate_key = with_number(with_number(p->climate_key, c->sd), c->persistence);
        enum hl_status status = hl_climate_prepare(&p->climates[i].law, c->family, c->sd, &p->arena, err);
        if (status != HL_OK)
            return status;
    }
    return HL_OK;
}

/* ---- excitation -------------------------------------------------------------------------------------------------- */

static bool same_place(const struct hl_source *a, const struct hl_source *b) {
    if (a->vendor != HL_NONE || b->vendor != HL_NONE)
        return a->vendor == b->vendor;
    return a->targets[0].exchange == b->targets[0].exchange;
}

/* Does a breach of the one source set off breaches of the other by this link? */
static bool sets_off(const struct hl_scenario *s, const struct hl_excitation *x, const struct hl_source *from,
                     const struct hl_source *to) {
    return strcmp(from->breach->name, s->breaches[x->from].name) == 0 &&
           strcmp(to->breach->name, s->breaches[x->to].name) == 0 && hl_excitation_reaches(x, same_place(from, to));
}

/* Counts the links from a source, and writes those that there is room for. */
static size_t link_source(struct hl_plan *p, struct hl_source *from, struct hl_offspring *out, size_t room) {
    const struct hl_scenario *s = p->scenario;
    size_t count = 0;
    for (size_t x = 0; x < s->excitation_count; x++)
        for (size_t to = 0; to < p->source_count; to++) {
            if (!sets_off(s, &s->excitations[x], from, &p->sources[to]))
                continue;
            p->sources[to].is_set_off = true;
            if (count < room)
                out[count] = (struct hl_offspring){(uint32_t)to, s->excitations[x].ratio, s->excitations[x].delay_days};
            count++;
        }
    return count;
}

static enum hl_status link_sources(struct hl_plan *p, struct hl_error *err) {
    for (size_t i = 0; i < p->source_count && p->scenario->excitation_count > 0; i++) {
        struct hl_source *src = &p->sources[i];
        src->offspring_count = link_source(p, src, NULL, 0);
        struct hl_offspring *offspring = hl_arena_array(&p->arena, src->offspring_count, sizeof *offspring);
        if (offspring == NULL)
            return hl_fail_memory(err);
        link_source(p, src, offspring, src->offspring_count);
        src->offspring = offspring;
    }
    return HL_OK;
}

enum hl_status hl_plan_make_threats(struct hl_plan *p, struct hl_error *err) {
    scale_rates(p);
    enum hl_status status = make_climates(p, err);
    return status == HL_OK ? link_sources(p, err) : status;
}
