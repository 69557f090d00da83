#include "engine/plan.h"

#include "engine/plan_funds.h"
#include "engine/plan_sources.h"
#include "engine/plan_threats.h"
#include "engine/prices.h"

#include <math.h>
#include <string.h>

/* Cells by exchange. */
static enum hl_status list_cells(struct hl_plan *p, struct hl_error *err) {
    size_t exchanges = p->scenario->exchange_count, count = 0;
    p->exchange_cells = hl_arena_array(&p->arena, p->cell_count, sizeof *p->exchange_cells);
    p->exchange_first = hl_arena_array(&p->arena, exchanges + 1, sizeof *p->exchange_first);
    if (p->exchange_cells == NULL || p->exchange_first == NULL)
        return hl_fail_memory(err);
    for (size_t e = 0; e < exchanges; e++) {
        for (uint32_t i = 0; i < p->cell_count; i++)
            if (p->cells[i].exchange == e)
                p->exchange_cells[count++] = i;
        p->exchange_first[e + 1] = count;
    }
    return HL_OK;
}

/* A holding becomes its largest wallet and the equal rest; what an asset's draws and coins are found by. */
static enum hl_status make_cells(struct hl_plan *p, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    p->cells = hl_arena_array(&p->arena, 2 * s->holding_count, sizeof *p->cells);
    p->guarantee = hl_arena_array(&p->arena, s->exchange_count * s->asset_count, sizeof *p->guarantee);
    p->asset_keys = hl_arena_array(&p->arena, s->asset_count, sizeof *p->asset_keys);
    p->customers = hl_arena_array(&p->arena, s->exchange_count * s->asset_count, sizeof *p->customers);
    if (p->cells == NULL || p->guarantee == NULL || p->asset_keys == NULL || p->customers == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < s->asset_count; i++)
        p->asset_keys[i] = hl_stream(s->assets[i].id);
    for (size_t i = 0; i < s->holding_count; i++) {
        const struct hl_holding *h = &s->holdings[i];
        struct hl_cell cell = {(uint32_t)h->exchange, (uint32_t)h->asset, h->owner, h->tier, 0, 1};
        double largest = h->wallets > 1 ? nearbyint(h->largest_share * h->value) : h->value;
        cell.value = largest;
        p->cells[2 * i] = cell;
        cell.value = h->value - largest;
        cell.wallets = fmax(h->wallets - 1, 1);
        p->cells[2 * i + 1] = cell;
        if (h->owner == HL_OWNER_GUARANTEE)
            p->guarantee[h->exchange * s->asset_count + h->asset] += h->value;
        if (h->owner == HL_OWNER_CUSTOMERS)
            p->customers[h->exchange * s->asset_count + h->asset] += h->value;
    }
    p->cell_count = 2 * s->holding_count;
    return list_cells(p, err);
}

/* The days at which unpaid claims are looked at: the deadline among the others, ascending, each once. */
static enum hl_status make_checks(struct hl_plan *p, struct hl_error *err) {
    const struct hl_report *r = &p->scenario->report;
    int *days = hl_arena_array(&p->arena, r->unpaid_after_count + 1, sizeof *days);
    size_t *where = hl_arena_array(&p->arena, r->unpaid_after_count, sizeof *where);
    if (days == NULL || where == NULL)
        return hl_fail_memory(err);
    bool placed = false;
    for (size_t i = 0; i < r->unpaid_after_count || !placed;) {
        bool deadline_next = !placed && (i == r->unpaid_after_count || r->deadline_days <= r->unpaid_after_days[i]);
        days[p->check_count] = (int)(deadline_next ? r->deadline_days : r->unpaid_after_days[i]);
        if (deadline_next) {
            p->deadline_check = p->check_count;
            placed = true;
        }
        if (i < r->unpaid_after_count && r->unpaid_after_days[i] == days[p->check_count])
            where[i++] = p->check_count;
        p->check_count++;
    }
    p->checks = days;
    p->unpaid_check = where;
    return HL_OK;
}

/* Stated; without insurance on the same draws; and the ends of the rates. */
static enum hl_status make_runs(struct hl_plan *p, struct hl_error *err) {
    p->runs = hl_arena_array(&p->arena, p->policy_count + p->sampling_count, sizeof *p->runs);
    if (p->runs == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < p->policy_count; i++)
        p->runs[p->run_count++] = (struct hl_plan_run){0, (uint16_t)i};
    for (size_t i = 1; i < p->sampling_count; i++)
        p->runs[p->run_count++] = (struct hl_plan_run){(uint16_t)i, 0};
    return HL_OK;
}

static enum hl_status make_run_size(struct hl_plan *p, struct hl_error *err) {
    p->run_size = p->scenario->run.size;
    return p->scenario->run.any ? hl_distribution_prepare(&p->run_size, &p->arena, err) : HL_OK;
}

static enum hl_status make_normal(struct hl_plan *p, struct hl_error *err) {
    bool asked = p->scenario->market.moves || p->scenario->climate_count > 0;
    return asked ? hl_normal_make(&p->normal, &p->arena, err) : HL_OK;
}

enum hl_status hl_plan_make(struct hl_plan *out, const struct hl_scenario *s, struct hl_error *err) {
    *out = (struct hl_plan){.scenario = s,
                            .seed = s->seed,
                            .year_count = (uint16_t)fmax(1, s->horizon_days / 365),
                            .year_days = fmin(s->horizon_days, 365)};
    enum hl_status (*const steps[])(struct hl_plan *, struct hl_error *) = {make_cells,
                                                                            make_normal,
                                                                            hl_plan_make_sources,
                                                                            hl_plan_make_threats,
                                                                            hl_plan_make_samplings,
                                                                            hl_plan_make_policies,
                                                                            hl_plan_make_prices,
                                                                            make_checks,
                                                                            make_runs,
                                                                            make_run_size};
    enum hl_status status = HL_OK;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == HL_OK; i++)
        status = steps[i](out, err);
    if (status != HL_OK)
        hl_plan_free(out);
    return status;
}

void hl_plan_free(struct hl_plan *p) {
    hl_arena_free(&p->arena);
    memset(p, 0, sizeof *p);
}

/* The probability that a breach hits none of the exchanges asked for, given which of its links are open. */
static double missed_when(const struct hl_plan *p, size_t sampling, size_t source, size_t exchange, const bool *open) {
    const struct hl_source *src = &p->sources[source];
    bool reached[src->reached_count + 1];
    double missed = 1;
    hl_source_reach(src, open, reached);
    for (size_t k = 0; k < src->target_count; k++) {
        const struct hl_target *t = &src->targets[k];
        if (reached[t->reached] && (exchange == HL_NONE || t->exchange == exchange))
            missed *= 1 - hl_hit_of(p, sampling, source, t);
    }
    return missed;
}

/* The same over all ways that the links can be open. */
static double missed_by(const struct hl_plan *p, size_t sampling, size_t source, size_t exchange) {
    const struct hl_source *src = &p->sources[source];
    double passes = src->breach->passes, sum = 0;
    bool open[src->link_count + 1];
    size_t free_links = passes == 0 || passes == 1 ? 0 : src->link_count;
    if (free_links > HL_LINKS_MOST)
        return NAN;
    for (size_t k = 0; k < src->link_count; k++)
        open[k] = passes == 1;
    for (uint32_t ways = 0; ways < UINT32_C(1) << free_links; ways++) {
        double weight = 1;
        for (size_t k = 0; k < free_links; k++) {
            open[k] = (ways >> k & 1) != 0;
            weight *= open[k] ? passes : 1 - passes;
        }
        sum += weight * missed_when(p, sampling, source, exchange, open);
    }
    return sum;
}

/* P(no event of the source hits the exchange): NAN where its years are not independent of other sources'. */
static double none_of(const struct hl_plan *p, size_t sampling, size_t source, size_t exchange) {
    const struct hl_source *src = &p->sources[source];
    const struct hl_count *c = &p->samplings[sampling].counts[source];
    double missed = missed_by(p, sampling, source, exchange), none = 1;
    if (missed == 1)
        return 1;
    if (src->breach->climate != HL_NONE || src->is_set_off)
        return NAN;
    if (c->family->dated) /* once in the whole horizon */
        return creal(c->family->generating(c, p->year_count * p->year_days / 365, missed));
    for (uint16_t year = 1; year <= p->year_count; year++) {
        struct hl_exposure exposure = hl_plan_exposure(p, source, year);
        none *= creal(c->family->generating(c, hl_exposure_length(&exposure), missed));
    }
    return none;
}

double hl_plan_p_breach(const struct hl_plan *p, size_t sampling, size_t source, size_t exchange) {
    bool apart = exchange == HL_NONE && p->samplings[sampling].kind == HL_VENDORS_APART;
    double none = 1;
    for (size_t i = 0; i < p->source_count; i++) {
        if (source != HL_NONE && source != i)
            continue;
        for (size_t e = 0; apart && e < p->scenario->exchange_count; e++)
            none *= none_of(p, sampling, i, e);
        if (!apart)
            none *= none_of(p, sampling, i, exchange);
    }
    return 1 - none;
}
