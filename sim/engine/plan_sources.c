#include "engine/plan_sources.h"

#include "base/draw.h"

#include <math.h>

static bool in_reach(const struct hl_breach *b, const struct hl_holding *h, size_t exchange, size_t vendor) {
    return h->exchange == exchange && (b->tiers >> h->tier & 1) != 0 && (b->assets == NULL || b->assets[h->asset]) &&
           (vendor == HL_NONE || h->custodian == vendor);
}

/* The cells at `exchange` that a breach reaches; cells without money are left out. */
static enum hl_status make_target(struct hl_plan *p, struct hl_target *t, const struct hl_breach *b, size_t exchange,
                                  size_t vendor, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    uint32_t *cells = hl_arena_array(&p->arena, p->cell_count, sizeof *cells);
    double *upto = hl_arena_array(&p->arena, p->cell_count, sizeof *upto);
    if (cells == NULL || upto == NULL)
        return hl_fail_memory(err);
    double total = 0, most = 0;
    for (size_t c = 0; c < p->cell_count; c++) {
        const struct hl_cell *cell = &p->cells[c];
        if (cell->value <= 0 || !in_reach(b, &s->holdings[c / 2], exchange, vendor))
            continue;
        if (cell->value / cell->wallets > most) {
            most = cell->value / cell->wallets;
            t->largest = t->cell_count;
        }
        total += cell->value;
        cells[t->cell_count] = (uint32_t)c;
        upto[t->cell_count++] = total;
    }
    t->exchange = (uint32_t)exchange;
    t->taken_factor = 1;
    t->detection_factor = 1;
    t->throttle_per_day = INFINITY;
    t->cells = cells;
    t->upto = upto;
    return HL_OK;
}

/* Does the exchange keep coins with the vendor? */
static bool is_client(const struct hl_scenario *s, size_t exchange, size_t vendor) {
    for (size_t i = 0; i < s->holding_count; i++)
        if (s->holdings[i].exchange == exchange && s->holdings[i].custodian == vendor)
            return true;
    return false;
}

static enum hl_status make_own_source(struct hl_plan *p, struct hl_source *src, const struct hl_breach *b,
                                      size_t exchange, struct hl_error *err) {
    src->name = hl_arena_format(&p->arena, "%s/%s", p->scenario->exchanges[exchange].id, b->name);
    src->targets = hl_arena_array(&p->arena, 1, sizeof *src->targets);
    if (src->name == NULL || src->targets == NULL)
        return hl_fail_memory(err);
    src->vendor = HL_NONE;
    src->stream = hl_stream(src->name);
    src->targets[0].vendor = HL_NONE;
    src->target_count = 1;
    return make_target(p, &src->targets[0], b, exchange, HL_NONE, err);
}

static enum hl_status make_vendor_source(struct hl_plan *p, struct hl_source *src, const struct hl_breach *b,
                                         size_t vendor, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    src->name = hl_arena_format(&p->arena, "vendor:%s/%s", s->vendors[vendor].id, b->name);
    src->targets = hl_arena_array(&p->arena, s->exchange_count, sizeof *src->targets);
    if (src->name == NULL || src->targets == NULL)
        return hl_fail_memory(err);
    src->vendor = vendor;
    src->stream = hl_stream(src->name);
    for (size_t e = 0; e < s->exchange_count; e++) {
        if (!is_client(s, e, vendor))
            continue;
        struct hl_target *t = &src->targets[src->target_count++];
        t->vendor = vendor;
        t->key = hl_stream_with_name(hl_stream(s->vendors[vendor].id), s->exchanges[e].id);
        enum hl_status status = make_target(p, t, b, e, vendor, err);
        if (status != HL_OK)
            return status;
    }
    return HL_OK;
}

/* Two streams that collide would share their draws: with 64 bits it does not happen by chance, and is refused. */
static enum hl_status check_streams(const struct hl_plan *p, struct hl_error *err) {
    for (size_t i = 0; i < p->source_count; i++)
        for (size_t j = 0; j < i; j++)
            if (p->sources[i].stream == p->sources[j].stream)
                return hl_fail(err, HL_INVALID, "the sources %s and %s hash to the same stream: rename one",
                               p->sources[i].name, p->sources[j].name);
    return HL_OK;
}

/* Makes the tables of a breach's families. */
static enum hl_status prepare(struct hl_plan *p, struct hl_breach *b, struct hl_error *err) {
    struct hl_distribution *const laws[] = {&b->size, &b->dwell.law, &b->noticed_after.law,
                                            &b->drain.detected_after.law};
    enum hl_status status = HL_OK;
    for (size_t i = 0; i < sizeof laws / sizeof *laws && status == HL_OK; i++)
        if (laws[i]->family != NULL)
            status = hl_distribution_prepare(laws[i], &p->arena, err);
    return status;
}

enum hl_status hl_plan_make_sources(struct hl_plan *p, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    size_t count = 0;
    for (size_t i = 0; i < s->breach_count; i++)
        count += s->breaches[i].at_count;
    p->sources = hl_arena_array(&p->arena, count, sizeof *p->sources);
    struct hl_count *counts = hl_arena_array(&p->arena, count, sizeof *counts);
    p->samplings = hl_arena_array(&p->arena, 3, sizeof *p->samplings);
    if (p->sources == NULL || counts == NULL || p->samplings == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < s->breach_count; i++) {
        struct hl_breach *b = hl_arena_array(&p->arena, 1, sizeof *b);
        if (b == NULL)
            return hl_fail_memory(err);
        *b = s->breaches[i];
        enum hl_status status = prepare(p, b, err);
        for (size_t k = 0; k < b->at_count && status == HL_OK; k++) {
            struct hl_source *src = &p->sources[p->source_count];
            src->vector = b->vector;
            src->hit = b->hit;
            src->breach = b;
            status = b->at_vendors ? make_vendor_source(p, src, b, b->at[k], err)
                                   : make_own_source(p, src, b, b->at[k], err);
            counts[p->source_count++] = b->count;
            p->target_count += src->target_count;
        }
        if (status != HL_OK)
            return status;
    }
    p->samplings[0] = (struct hl_sampling){"stated", counts};
    p->sampling_count = 1;
    return check_streams(p, err);
}

/* The samplings with every rate at the low, and at the high end of its interval, where any has one. */
enum hl_status hl_plan_make_samplings(struct hl_plan *p, struct hl_error *err) {
    const struct hl_count *stated = p->samplings[0].counts;
    bool any = false;
    for (size_t i = 0; i < p->source_count; i++)
        any = any || stated[i].low < stated[i].high;
    if (!any)
        return HL_OK;
    for (int end = 0; end < 2; end++) {
        struct hl_count *counts = hl_arena_array(&p->arena, p->source_count, sizeof *counts);
        if (counts == NULL)
            return hl_fail_memory(err);
        for (size_t i = 0; i < p->source_count; i++) {
            counts[i] = stated[i];
            counts[i].p[0] = end == 0 ? stated[i].low : stated[i].high;
        }
        p->samplings[p->sampling_count++] = (struct hl_sampling){end == 0 ? "rates_low" : "rates_high", counts};
    }
    return HL_OK;
}
