#include "engine/exact_run.h"

#include "engine/exact_reasons.h"
#include "engine/tally.h"

#include <math.h>

/* What is made once for all entities. */
struct visit {
    const struct hl_plan *plan;
    const struct hl_exact_visitor *visitor;
    struct hl_layout layout;
    struct hl_exact_law **laws; /* [source_count][target_count] of all that is taken */
};

static enum hl_status make_laws(struct visit *v, struct hl_arena *arena, struct hl_error *err) {
    const struct hl_plan *p = v->plan;
    v->laws = hl_arena_array(arena, p->source_count, sizeof *v->laws);
    if (v->laws == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < p->source_count; i++) {
        const struct hl_source *src = &p->sources[i];
        v->laws[i] = hl_arena_array(arena, src->target_count, sizeof *v->laws[i]);
        if (v->laws[i] == NULL)
            return hl_fail_memory(err);
        for (size_t k = 0; k < src->target_count; k++)
            if (hl_exact_law_make(&v->laws[i][k], arena, p, src, &src->targets[k], err) != HL_OK)
                return HL_FAILED;
    }
    return HL_OK;
}

/* The parts of what an entity is told. */
static enum hl_status make_compound(const struct visit *v, const struct hl_entity *entity,
                                    struct hl_exact_compound *out, struct hl_arena *arena, struct hl_error *err) {
    const struct hl_plan *p = v->plan;
    *out = (struct hl_exact_compound){.plan = p, .parts = hl_arena_array(arena, p->source_count, sizeof *out->parts)};
    if (out->parts == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < p->source_count; i++) {
        const struct hl_source *src = &p->sources[i];
        if (!hl_exact_concerns(p, i, entity))
            continue;
        size_t *targets = hl_arena_array(arena, src->target_count, sizeof *targets), count = 0;
        struct hl_exact_law *laws = hl_arena_array(arena, src->target_count, sizeof *laws);
        if (targets == NULL || laws == NULL)
            return hl_fail_memory(err);
        for (size_t k = 0; k < src->target_count; k++) {
            if (!hl_exact_counts(&src->targets[k], entity))
                continue;
            targets[count] = k;
            laws[count++] = v->laws[i][k];
        }
        out->parts[out->part_count++] =
            (struct hl_exact_part){.source = (uint32_t)i, .targets = targets, .laws = laws, .target_count = count};
    }
    return hl_exact_prepare(out, arena, err);
}

/* The highest level that is asked for. */
static double highest_level(const struct hl_report *r, double p_breach) {
    double level = 0;
    for (size_t i = 0; i < r->confidence_count; i++)
        level = fmax(level, r->confidence[i]);
    for (size_t i = 0; i < r->return_period_count; i++)
        level = fmax(level, 1 - 1 / r->return_periods[i]);
    for (size_t i = 0; i < r->given_breach_count; i++)
        level = fmax(level, 1 - p_breach * (1 - r->given_breach[i]));
    return level;
}

/* The gross loss of one entity: the year's sum, and its largest. */
static enum hl_status visit_gross(const struct visit *v, uint32_t entity, struct hl_error *err) {
    const struct hl_entity *e = &v->layout.entities[entity];
    struct hl_arena arena = {0};
    struct hl_exact_compound c;
    struct hl_exact_lattices sum = {0}, largest = {0};
    const struct hl_exact_branch all = {1, hl_ramp_identity()};
    bool part = e->kind != HL_ENTITY_SYSTEM && e->kind != HL_ENTITY_EXCHANGE;
    enum hl_status status = make_compound(v, e, &c, &arena, err);
    struct hl_exact_figure f = {.entity = entity,
                                .basis = HL_BASIS_ALL,
                                .perspective = HL_GROSS,
                                .lattices = &sum,
                                .branches = &all,
                                .branch_count = 1,
                                .quantum = v->plan->scenario->quantum};
    if (status == HL_OK) {
        f.p_breach = hl_exact_p_breach(&c, part);
        f.mean = hl_exact_mean(&c);
        f.sd = hl_exact_sd(&c);
        double level = highest_level(&v->plan->scenario->report, f.p_breach);
        status = hl_exact_compound_make(&sum, &largest, &c, level, 0, HL_EXACT_POINTS, err);
    }
    if (status == HL_OK)
        status = v->visitor->figure(v->visitor->context, &f, err);
    f.largest = true;
    f.lattices = &largest;
    f.mean = NAN;
    f.sd = (struct hl_exact_square){NAN, NAN};
    if (status == HL_OK)
        status = v->visitor->figure(v->visitor->context, &f, err);
    hl_exact_lattices_free(&sum);
    hl_exact_lattices_free(&largest);
    hl_arena_free(&arena);
    return status;
}

enum hl_status hl_exact_visit(const struct hl_plan *p, const struct hl_exact_visitor *visitor, struct hl_error *err) {
    struct hl_arena arena = {0};
    struct visit v = {.plan = p, .visitor = visitor};
    enum hl_status status = hl_layout_make(&v.layout, p, err);
    if (status != HL_OK)
        return status;
    status = make_laws(&v, &arena, err);
    for (uint32_t i = 0; i < v.layout.entity_count && status == HL_OK; i++) {
        const char *why = hl_exact_why_not_gross(p, &v.layout.entities[i]);
        if (why == NULL)
            status = visit_gross(&v, i, err);
        else
            visitor->none(visitor->context, &v.layout.entities[i], HL_GROSS, why);
    }
    hl_arena_free(&arena);
    hl_layout_free(&v.layout);
    return status;
}
