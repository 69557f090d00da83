#include "engine/exact_run.h"

#include "engine/exact_funds.h"
#include "engine/exact_reasons.h"
#include "engine/tally.h"

#include <math.h>
#include <string.h>

/* The last year's sum of one kind that was computed: an exchange's on its two bases, and the system's of a single one,
 * are often the same. */
struct remembered {
    size_t exchange;      /* HL_NONE = nothing is remembered */
    struct hl_ramp *kept; /* [source_count] what counts of each loss; NULL = all of it */
    double least;         /* how far it was asked to reach, quanta */
    struct hl_exact_lattices sum;
    struct hl_exact_lattices largest; /* of gross losses */
    struct hl_arena arena;
};

/* What is made once for all entities. */
struct visit {
    const struct hl_plan *plan;
    const struct hl_exact_visitor *visitor;
    struct hl_layout layout;
    struct hl_exact_law **laws; /* [source_count][target_count] of all that is taken */
    struct remembered gross, kept;
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

/* The parts of what an entity is told; of each loss what `kept` [source_count] says counts, all of it where it is NULL.
 */
static enum hl_status make_compound(const struct visit *v, const struct hl_entity *entity, const struct hl_ramp *kept,
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
            laws[count] = v->laws[i][k];
            if (kept != NULL)
                laws[count].kept = kept[i];
            count++;
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

/* Is all that is taken owed to customers, at every exchange that counts? */
static bool owed_all(const struct visit *v, const struct hl_entity *e) {
    for (size_t i = 0; i < v->plan->scenario->exchange_count; i++)
        if ((e->kind == HL_ENTITY_SYSTEM || e->index == i) && hl_exact_why_not_claim(v->plan, i) != NULL)
            return false;
    return e->kind == HL_ENTITY_SYSTEM || e->kind == HL_ENTITY_EXCHANGE;
}

/* --- what is remembered ------------------------------------------------------------------------------------------- */

/* The exchange whose losses an entity's are; HL_NONE where it is no single one. */
static size_t exchange_of(const struct visit *v, const struct hl_entity *e) {
    if (e->kind == HL_ENTITY_SYSTEM)
        return v->plan->scenario->exchange_count == 1 ? 0 : HL_NONE;
    return e->kind == HL_ENTITY_EXCHANGE ? e->index : HL_NONE;
}

static bool is_same_ramp(const struct hl_ramp *a, const struct hl_ramp *b) {
    bool same = a->count == b->count;
    for (size_t i = 0; i < a->count && same; i++)
        same = a->at[i] == b->at[i] && a->slope[i] == b->slope[i];
    return same;
}

/* NULL where all of each loss counts. */
static const struct hl_ramp *unless_all(const struct visit *v, const struct hl_ramp *kept) {
    const struct hl_ramp all = hl_ramp_identity();
    for (size_t i = 0; i < v->plan->source_count; i++)
        if (!is_same_ramp(&kept[i], &all))
            return kept;
    return NULL;
}

static bool is_remembered(const struct visit *v, const struct remembered *r, size_t exchange,
                          const struct hl_ramp *kept, double least) {
    bool same =
        exchange != HL_NONE && r->exchange == exchange && r->least == least && (r->kept == NULL) == (kept == NULL);
    for (size_t i = 0; i < v->plan->source_count && same && kept != NULL; i++)
        same = is_same_ramp(&r->kept[i], &kept[i]);
    return same;
}

static void forget(struct remembered *r) {
    hl_exact_lattices_free(&r->sum);
    hl_exact_lattices_free(&r->largest);
    hl_arena_free(&r->arena);
    *r = (struct remembered){.exchange = HL_NONE};
}

/* Computes, and remembers instead of what was there. */
static enum hl_status compute(const struct visit *v, struct remembered *r, size_t exchange, const struct hl_ramp *kept,
                              double least, const struct hl_exact_compound *c, double p_breach, struct hl_error *err) {
    size_t sources = v->plan->source_count;
    forget(r);
    r->least = least;
    r->kept = kept != NULL ? hl_arena_array(&r->arena, sources, sizeof *r->kept) : NULL;
    if (kept != NULL && r->kept == NULL)
        return hl_fail_memory(err);
    if (kept != NULL)
        memcpy(r->kept, kept, sources * sizeof *kept);
    double level = highest_level(&v->plan->scenario->report, p_breach);
    enum hl_status status =
        hl_exact_compound_make(&r->sum, r == &v->gross ? &r->largest : NULL, c, level, least, HL_EXACT_POINTS, err);
    r->exchange = status == HL_OK ? exchange : HL_NONE;
    return status;
}

/* --- figures ------------------------------------------------------------------------------------------------------ */

/* The gross loss of one entity, the year's sum and its largest, and the claims where they are the same. */
static enum hl_status visit_gross(struct visit *v, uint32_t entity, struct hl_error *err) {
    const struct hl_entity *e = &v->layout.entities[entity];
    struct hl_arena arena = {0};
    struct hl_exact_compound c;
    const struct hl_exact_branch all = {1, hl_ramp_identity()};
    bool part = e->kind != HL_ENTITY_SYSTEM && e->kind != HL_ENTITY_EXCHANGE;
    enum hl_status status = make_compound(v, e, NULL, &c, &arena, err);
    struct hl_exact_figure f = {.entity = entity,
                                .basis = HL_BASIS_ALL,
                                .perspective = HL_GROSS,
                                .lattices = &v->gross.sum,
                                .branches = &all,
                                .branch_count = 1,
                                .quantum = v->plan->scenario->quantum};
    if (status == HL_OK) {
        f.p_breach = hl_exact_p_breach(&c, part);
        f.mean = hl_exact_mean(&c);
        f.sd = hl_exact_sd(&c);
        size_t exchange = exchange_of(v, e);
        if (!is_remembered(v, &v->gross, exchange, NULL, 0))
            status = compute(v, &v->gross, exchange, NULL, 0, &c, f.p_breach, err);
    }
    if (status == HL_OK)
        status = v->visitor->figure(v->visitor->context, &f, err);
    f.perspective = HL_CLAIM;
    if (status == HL_OK && owed_all(v, e))
        status = v->visitor->figure(v->visitor->context, &f, err);
    f.perspective = HL_GROSS;
    f.largest = true;
    f.lattices = &v->gross.largest;
    f.mean = NAN;
    f.sd = (struct hl_exact_square){NAN, NAN};
    if (status == HL_OK)
        status = v->visitor->figure(v->visitor->context, &f, err);
    hl_arena_free(&arena);
    return status;
}

/* What the layers of an exchange pay in all. */
static enum hl_status visit_layers(const struct visit *v, const struct hl_exact_funds *funds, struct hl_exact_figure f,
                                   struct hl_arena *arena, struct hl_error *err) {
    const struct hl_plan *p = v->plan;
    struct hl_exact_branch branch = {.weight = 1};
    enum hl_status status = HL_OK;
    f.perspective = HL_PAID;
    f.branches = &branch;
    f.branch_count = 1;
    for (size_t i = 0; i < p->scenario->fund_count && status == HL_OK; i++) {
        struct hl_exact_compound c;
        if (funds->kind[i] == HL_EXACT_OTHER)
            continue;
        f.item = (uint16_t)i;
        f.mean = NAN;
        f.sd = (struct hl_exact_square){NAN, NAN};
        if (funds->kind[i] == HL_EXACT_BY_EVENT) {
            status = make_compound(v, &v->layout.entities[f.entity], funds->paid + i * p->source_count, &c, arena, err);
            if (status != HL_OK)
                return status;
            f.mean = hl_exact_mean(&c);
            f.sd = hl_exact_sd(&c);
        }
        branch.left = funds->paid_of_year[i];
        status = v->visitor->figure(v->visitor->context, &f, err);
    }
    return status;
}

/* How far the sum must be known for the cash to be used up in every case. */
static double far_enough(const struct hl_exact_funds *funds) {
    double far = 0;
    for (size_t i = 0; i < funds->branch_count; i++) {
        double y = hl_ramp_inverse(&funds->branches[i].left, 0);
        far = isinf(y) ? far : fmax(far, y);
    }
    return far;
}

/* What is left once funds have paid in time. */
static enum hl_status tell_short(const struct visit *v, const struct hl_exact_funds *funds, struct hl_exact_figure f,
                                 struct hl_arena *arena, struct hl_error *err) {
    const struct hl_exact_visitor *visitor = v->visitor;
    f.perspective = HL_SHORTFALL;
    enum hl_status status = visitor->figure(visitor->context, &f, err);
    f.perspective = HL_HAIRCUT;
    if (status == HL_OK && funds->all_in_time)
        status = visitor->figure(visitor->context, &f, err);
    f.perspective = HL_RESERVE_NEEDED;
    if (status == HL_OK && funds->reserve_counts)
        status = visitor->figure(visitor->context, &f, err);
    return status == HL_OK && f.basis == HL_BASIS_ALL && funds->all_in_time ? visit_layers(v, funds, f, arena, err)
                                                                            : status;
}

/* The shortfall of one exchange, or of the system where it is the only one. */
static enum hl_status visit_short(struct visit *v, uint32_t entity, size_t exchange, enum hl_basis basis,
                                  struct hl_error *err) {
    const struct hl_plan *p = v->plan;
    struct hl_arena arena = {0};
    struct hl_exact_funds funds;
    struct hl_exact_compound c;
    enum hl_status status = HL_OK;
    const char *why = hl_exact_funds_make(&funds, &arena, p, exchange, basis, &status, err);
    if (status == HL_OK && why != NULL)
        v->visitor->none(v->visitor->context, &v->layout.entities[entity], HL_SHORTFALL, why);
    if (status == HL_OK && why == NULL)
        status = make_compound(v, &v->layout.entities[entity], funds.kept, &c, &arena, err);
    if (status == HL_OK && why == NULL) {
        struct hl_exact_figure f = {.entity = entity,
                                    .basis = basis,
                                    .branches = funds.branches,
                                    .branch_count = funds.branch_count,
                                    .quantum = p->scenario->quantum,
                                    .p_breach = hl_exact_p_breach(&c, false),
                                    .mean = NAN,
                                    .sd = {NAN, NAN}};
        const struct hl_ramp *kept = unless_all(v, funds.kept);
        double least = far_enough(&funds);
        struct remembered *r = is_remembered(v, &v->gross, exchange, kept, least) ? &v->gross : &v->kept;
        if (!is_remembered(v, r, exchange, kept, least))
            status = compute(v, r, exchange, kept, least, &c, f.p_breach, err);
        f.lattices = &r->sum;
        if (status == HL_OK)
            status = tell_short(v, &funds, f, &arena, err);
    }
    hl_arena_free(&arena);
    return status;
}

/* An entity whose gross loss has a distribution. */
static enum hl_status visit_entity(struct visit *v, uint32_t entity, struct hl_error *err) {
    const struct hl_entity *e = &v->layout.entities[entity];
    size_t exchanges = v->plan->scenario->exchange_count;
    enum hl_status status = visit_gross(v, entity, err);
    if (e->kind == HL_ENTITY_SYSTEM && exchanges > 1)
        v->visitor->none(v->visitor->context, e, HL_SHORTFALL,
                         "it is of several exchanges, each with funds of its own");
    if (e->kind != HL_ENTITY_EXCHANGE && (e->kind != HL_ENTITY_SYSTEM || exchanges > 1))
        return status;
    for (int basis = 0; basis < HL_BASIS_COUNT && status == HL_OK; basis++)
        status = visit_short(v, entity, e->kind == HL_ENTITY_SYSTEM ? 0 : e->index, (enum hl_basis)basis, err);
    return status;
}

enum hl_status hl_exact_visit(const struct hl_plan *p, const struct hl_exact_visitor *visitor, struct hl_error *err) {
    struct hl_arena arena = {0};
    struct visit v = {.plan = p, .visitor = visitor, .gross = {.exchange = HL_NONE}, .kept = {.exchange = HL_NONE}};
    enum hl_status status = hl_layout_make(&v.layout, p, err);
    if (status != HL_OK)
        return status;
    status = make_laws(&v, &arena, err);
    for (uint32_t i = 0; i < v.layout.entity_count && status == HL_OK; i++) {
        const char *why = hl_exact_why_not_gross(p, &v.layout.entities[i]);
        if (why == NULL)
            status = visit_entity(&v, i, err);
        else
            visitor->none(visitor->context, &v.layout.entities[i], HL_GROSS, why);
    }
    forget(&v.gross);
    forget(&v.kept);
    hl_arena_free(&arena);
    hl_layout_free(&v.layout);
    return status;
}
