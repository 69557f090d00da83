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
    t->hit_factor = 1;
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

/* ---- the graph of vendors ---------------------------------------------------------------------------------------- */

static bool is_built_on(const struct hl_scenario *s, size_t vendor, size_t component) {
    for (size_t i = 0; i < s->vendors[vendor].use_count; i++)
        if (s->vendors[vendor].uses[i] == component)
            return true;
    return false;
}

/* Lists a vendor behind all that is built on it: from the far ends to the vendor itself. */
static void list_above(const struct hl_scenario *s, size_t vendor, bool *listed, struct hl_source *src) {
    listed[vendor] = true;
    for (size_t i = s->vendor_count; i-- > 0;)
        if (!listed[i] && is_built_on(s, i, vendor))
            list_above(s, i, listed, src);
    src->reached[src->reached_count++] = vendor;
}

/* Which vendors a breach at `vendor` may reach, each after all that it is built on, and on which ways. */
static enum hl_status make_graph(struct hl_plan *p, struct hl_source *src, size_t vendor, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    size_t links = 0;
    for (size_t i = 0; i < s->vendor_count; i++)
        links += s->vendors[i].use_count;
    bool *listed = hl_arena_array(&p->arena, s->vendor_count, sizeof *listed);
    src->reached = hl_arena_array(&p->arena, s->vendor_count, sizeof *src->reached);
    src->links = hl_arena_array(&p->arena, links, sizeof *src->links);
    if (listed == NULL || src->reached == NULL || src->links == NULL)
        return hl_fail_memory(err);
    list_above(s, vendor, listed, src);
    for (size_t i = 0, k = src->reached_count; i + 1 < k--; i++) {
        size_t swapped = src->reached[i];
        src->reached[i] = src->reached[k];
        src->reached[k] = swapped;
    }
    for (size_t to = 1; to < src->reached_count; to++)
        for (size_t from = 0; from < to; from++) {
            const char *above = s->vendors[src->reached[to]].id, *below = s->vendors[src->reached[from]].id;
            if (is_built_on(s, src->reached[to], src->reached[from]))
                src->links[src->link_count++] =
                    (struct hl_link){from, to, hl_stream_with_name(hl_stream(above), below)};
        }
    return HL_OK;
}

/* The place of a vendor among those that the source's breaches may reach; HL_NONE when it is none of them. */
static size_t place_among(const struct hl_source *src, size_t vendor) {
    for (size_t i = 0; i < src->reached_count; i++)
        if (src->reached[i] == vendor)
            return i;
    return HL_NONE;
}

static enum hl_status make_clients(struct hl_plan *p, struct hl_source *src, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    src->targets = hl_arena_array(&p->arena, s->exchange_count * src->reached_count, sizeof *src->targets);
    if (src->targets == NULL)
        return hl_fail_memory(err);
    for (size_t e = 0; e < s->exchange_count; e++) {
        for (size_t v = 0; v < s->vendor_count; v++) {
            size_t place = place_among(src, v);
            if (place == HL_NONE || !is_client(s, e, v))
                continue;
            struct hl_target *t = &src->targets[src->target_count++];
            t->vendor = v;
            t->reached = place;
            t->key = hl_stream_with_name(hl_stream(s->vendors[v].id), s->exchanges[e].id);
            t->apart = hl_stream_with_name(hl_stream("apart"), s->exchanges[e].id);
            enum hl_status status = make_target(p, t, src->breach, e, v, err);
            if (status != HL_OK)
                return status;
        }
    }
    return HL_OK;
}

static enum hl_status make_vendor_source(struct hl_plan *p, struct hl_source *src, size_t vendor,
                                         struct hl_error *err) {
    src->name = hl_arena_format(&p->arena, "vendor:%s/%s", p->scenario->vendors[vendor].id, src->breach->name);
    if (src->name == NULL)
        return hl_fail_memory(err);
    src->vendor = vendor;
    src->stream = hl_stream(src->name);
    enum hl_status status = make_graph(p, src, vendor, err);
    return status == HL_OK ? make_clients(p, src, err) : status;
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

static bool have_one_table(const struct hl_distribution *a, const struct hl_distribution *b) {
    bool same = a->family == b->family && a->values == NULL;
    for (size_t i = 0; i < HL_PARAMETERS_MOST; i++)
        same = same && a->p[i] == b->p[i];
    return same;
}

/* The table of a source that takes by the same law; NULL where there is none. */
static const struct hl_quantile_table *known_table(const struct hl_plan *p, const struct hl_distribution *d) {
    for (size_t i = 0; i < p->source_count; i++)
        if (have_one_table(&p->sources[i].breach->size, d))
            return p->sources[i].breach->size.table;
    return NULL;
}

/* Makes the tables of a breach's families; a drain has no size. */
static enum hl_status prepare(struct hl_plan *p, struct hl_breach *b, struct hl_error *err) {
    struct hl_distribution *const laws[] = {&b->dwell.law, &b->noticed_after.law, &b->drain.detected_after.law};
    enum hl_status status = HL_OK;
    b->size.table = b->size.family != NULL ? known_table(p, &b->size) : NULL;
    if (b->size.family != NULL && b->size.table == NULL)
        status = hl_distribution_prepare(&b->size, &p->arena, err);
    for (size_t i = 0; i < sizeof laws / sizeof *laws && status == HL_OK; i++)
        if (laws[i]->family != NULL)
            status = hl_distribution_prepare(laws[i], &p->arena, err);
    return status;
}

static void add_sampling(struct hl_plan *p, enum hl_sampling_kind kind, struct hl_count *counts, double *hits) {
    static const char *const names[HL_SAMPLING_COUNT] = {
        [HL_STATED] = "stated",   [HL_RATES_LOW] = "rates_low", [HL_RATES_HIGH] = "rates_high",
        [HL_HIT_LOW] = "hit_low", [HL_HIT_HIGH] = "hit_high",   [HL_VENDORS_APART] = "vendors_apart"};
    p->samplings[p->sampling_count++] = (struct hl_sampling){kind, names[kind], counts, hits};
}

enum hl_status hl_plan_make_sources(struct hl_plan *p, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    size_t count = 0;
    for (size_t i = 0; i < s->breach_count; i++)
        count += s->breaches[i].at_count;
    p->sources = hl_arena_array(&p->arena, count, sizeof *p->sources);
    struct hl_count *counts = hl_arena_array(&p->arena, count, sizeof *counts);
    double *hits = hl_arena_array(&p->arena, count, sizeof *hits);
    p->samplings = hl_arena_array(&p->arena, HL_SAMPLING_COUNT, sizeof *p->samplings);
    if (p->sources == NULL || counts == NULL || hits == NULL || p->samplings == NULL)
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
            src->entry = i;
            src->breach = b;
            status =
                b->at_vendors ? make_vendor_source(p, src, b->at[k], err) : make_own_source(p, src, b, b->at[k], err);
            hits[p->source_count] = b->hit;
            counts[p->source_count++] = b->count;
            p->target_count += src->target_count;
        }
        if (status != HL_OK)
            return status;
    }
    add_sampling(p, HL_STATED, counts, hits);
    return check_streams(p, err);
}

/* ---- ways to draw ------------------------------------------------------------------------------------------------ */

/* One end of every interval that is stated for a rate, or for `hit`. */
static enum hl_status make_end(struct hl_plan *p, enum hl_sampling_kind kind, struct hl_error *err) {
    const struct hl_count *stated = p->samplings[0].counts;
    struct hl_count *counts = hl_arena_array(&p->arena, p->source_count, sizeof *counts);
    double *hits = hl_arena_array(&p->arena, p->source_count, sizeof *hits);
    if (counts == NULL || hits == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < p->source_count; i++) {
        const struct hl_breach *b = p->sources[i].breach;
        counts[i] = stated[i];
        hits[i] = b->hit;
        if (kind == HL_RATES_LOW || kind == HL_RATES_HIGH) {
            counts[i].p[0] = kind == HL_RATES_LOW ? stated[i].low : stated[i].high;
        } else if (b->hit_low < b->hit_high) {
            hits[i] = kind == HL_HIT_LOW ? b->hit_low : b->hit_high;
            /* A client's own rate stays, rate x hit, as far as the family allows: a breach that comes at most once has
             * no more than the probability 1. */
            counts[i].p[0] = fmin(counts[i].p[0] * (b->hit / hits[i]), counts[i].family->parameters[0].maximum);
        }
    }
    add_sampling(p, kind, counts, hits);
    return HL_OK;
}

/* Does a vendor's breach reach two exchanges? */
static bool is_shared(const struct hl_source *src) {
    return src->vendor != HL_NONE && src->target_count > 0 &&
           src->targets[0].exchange != src->targets[src->target_count - 1].exchange;
}

enum hl_status hl_plan_make_samplings(struct hl_plan *p, struct hl_error *err) {
    bool rates = false, hits = false, shared = false;
    for (size_t i = 0; i < p->source_count; i++) {
        const struct hl_source *src = &p->sources[i];
        rates = rates || p->samplings[0].counts[i].low < p->samplings[0].counts[i].high;
        hits = hits || src->breach->hit_low < src->breach->hit_high;
        shared = shared || is_shared(src);
    }
    const bool wanted[HL_SAMPLING_COUNT] = {
        [HL_RATES_LOW] = rates, [HL_RATES_HIGH] = rates, [HL_HIT_LOW] = hits, [HL_HIT_HIGH] = hits};
    enum hl_status status = HL_OK;
    for (enum hl_sampling_kind kind = HL_RATES_LOW; kind <= HL_HIT_HIGH && status == HL_OK; kind++)
        if (wanted[kind])
            status = make_end(p, kind, err);
    if (shared)
        add_sampling(p, HL_VENDORS_APART, p->samplings[0].counts, p->samplings[0].hits);
    return status;
}

void hl_source_reach(const struct hl_source *src, const bool *open, bool *reached) {
    for (size_t i = 0; i < src->reached_count; i++)
        reached[i] = false;
    reached[0] = true;
    for (size_t k = 0; k < src->link_count; k++)
        if (open[k] && reached[src->links[k].from])
            reached[src->links[k].to] = true;
}

size_t hl_plan_sampling(const struct hl_plan *p, enum hl_sampling_kind kind) {
    for (size_t i = 0; i < p->sampling_count; i++)
        if (p->samplings[i].kind == kind)
            return i;
    return HL_NONE;
}
