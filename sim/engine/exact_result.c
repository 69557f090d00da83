#include "engine/exact_result.h"

#include "engine/exact_run.h"
#include "engine/provenance.h"
#include "engine/rows.h"
#include "engine/variates.h"

#include <stdlib.h>
#include <string.h>

/* ---- in place of simulated rows ---------------------------------------------------------------------------------- */

static enum hl_status replace_rows(void *context, const struct hl_exact_figure *f, struct hl_error *err) {
    struct hl_result *r = context;
    (void)err;
    for (size_t i = 0; i < r->row_count; i++) {
        struct hl_row exact;
        if (hl_exact_figure_tells(f, &r->rows[i].key) && hl_exact_figure_answer(f, r->rows[i].key, &exact))
            r->rows[i] = exact;
    }
    return HL_OK;
}

static void ignore(void *context, const struct hl_entity *entity, enum hl_perspective perspective, const char *why) {
    (void)context;
    (void)entity;
    (void)perspective;
    (void)why;
}

enum hl_status hl_exact_replace(struct hl_result *result, const struct hl_plan *p, struct hl_error *err) {
    const struct hl_exact_visitor visitor = {result, replace_rows, ignore};
    struct hl_variates variates;
    enum hl_status status = hl_variates_make(&variates, result, err);
    if (status != HL_OK)
        return status;
    status = hl_exact_visit(p, &visitor, err);
    if (status == HL_OK)
        status = hl_variates_apply(&variates, result, p, err);
    hl_variates_free(&variates);
    return status;
}

/* ---- alone ------------------------------------------------------------------------------------------------------- */

struct table {
    struct hl_row *rows;
    size_t count;
    size_t capacity;
    const struct hl_report *report;
    const char *why; /* of the first that has none */
};

static enum hl_status add(struct table *t, const struct hl_exact_figure *f, enum hl_metric metric, double level,
                          struct hl_error *err) {
    struct hl_row row;
    struct hl_row_key key = {.year = 1,
                             .item = f->item,
                             .entity = f->entity,
                             .basis = f->basis,
                             .perspective = f->perspective,
                             .metric = metric,
                             .level = level};
    if (!hl_exact_figure_tells(f, &key) || !hl_exact_figure_answer(f, key, &row))
        return HL_OK;
    if (t->count == t->capacity) {
        size_t capacity = 2 * t->capacity + 256;
        struct hl_row *rows = realloc(t->rows, capacity * sizeof *rows);
        if (rows == NULL)
            return hl_fail_memory(err);
        t->rows = rows;
        t->capacity = capacity;
    }
    t->rows[t->count++] = row;
    return HL_OK;
}

static enum hl_status add_levels(struct table *t, const struct hl_exact_figure *f, enum hl_metric metric,
                                 const double *levels, size_t count, struct hl_error *err) {
    enum hl_status status = HL_OK;
    for (size_t i = 0; i < count && status == HL_OK; i++)
        status = add(t, f, metric, levels[i], err);
    return status;
}

/* What a run tells of a perspective: the same metrics. */
static enum hl_status add_figure(void *context, const struct hl_exact_figure *f, struct hl_error *err) {
    struct table *t = context;
    const struct hl_report *r = t->report;
    enum hl_perspective what = f->perspective;
    bool gross = what == HL_GROSS, gap = what == HL_SHORTFALL || what == HL_HAIRCUT, need = what == HL_RESERVE_NEEDED;
    bool curves = gross || gap;
    const struct {
        enum hl_metric metric;
        bool told;
        const double *levels;
        size_t count;
    } asked[] = {
        {HL_P_BREACH, gross, NULL, 0},
        {HL_P_POSITIVE, gap, NULL, 0},
        {HL_MEAN, !need, NULL, 0},
        {HL_SD, !need, NULL, 0},
        {HL_MEAN_GIVEN_BREACH, gross, NULL, 0},
        {HL_VAR, curves || need, r->confidence, r->confidence_count},
        {HL_TVAR, curves, r->confidence, r->confidence_count},
        {HL_VAR_GIVEN_BREACH, gross || need, r->given_breach, r->given_breach_count},
        {HL_AEP, curves, r->return_periods, r->return_period_count},
        {HL_AEP_TVAR, curves, r->return_periods, r->return_period_count},
        {HL_OEP, gross, r->return_periods, r->return_period_count},
        {HL_OEP_TVAR, gross, r->return_periods, r->return_period_count},
    };
    enum hl_status status = HL_OK;
    for (size_t i = 0; i < sizeof asked / sizeof *asked && status == HL_OK; i++) {
        if (!asked[i].told || (f->largest && asked[i].levels == NULL))
            continue;
        status = asked[i].levels == NULL ? add(t, f, asked[i].metric, 0, err)
                                         : add_levels(t, f, asked[i].metric, asked[i].levels, asked[i].count, err);
    }
    return status;
}

static void note(void *context, const struct hl_entity *entity, enum hl_perspective perspective, const char *why) {
    struct table *t = context;
    (void)entity;
    (void)perspective;
    t->why = t->why == NULL ? why : t->why;
}

/* The rows go into the result's arena, in order. */
static enum hl_status keep(struct hl_result *out, const struct table *t, struct hl_error *err) {
    if (t->count == 0)
        return hl_fail(err, HL_INVALID, "nothing of this scenario can be calculated: %s (hackloss verify says more)",
                       t->why == NULL ? "there is nothing in it" : t->why);
    out->rows = hl_arena_array(&out->arena, t->count, sizeof *out->rows);
    if (out->rows == NULL)
        return hl_fail_memory(err);
    memcpy(out->rows, t->rows, t->count * sizeof *out->rows);
    out->row_count = t->count;
    qsort(out->rows, out->row_count, sizeof *out->rows, hl_row_compare);
    return HL_OK;
}

enum hl_status hl_exact_run(struct hl_result *out, const struct hl_plan *p, struct hl_error *err) {
    struct table t = {.report = &p->scenario->report};
    const struct hl_exact_visitor visitor = {&t, add_figure, note};
    struct hl_layout layout;
    struct timespec then;
    clock_gettime(CLOCK_MONOTONIC, &then);
    *out = (struct hl_result){.scenario = p->scenario, .seed = p->seed};
    enum hl_status status = hl_layout_make(&layout, p, err);
    if (status != HL_OK)
        return status;
    status = hl_rows_name(out, &layout, err);
    if (status == HL_OK)
        status = hl_exact_visit(p, &visitor, err);
    if (status == HL_OK)
        status = keep(out, &t, err);
    if (status == HL_OK)
        hl_provenance_tell(&out->provenance, 1, 1, 0, &then);
    else
        hl_result_free(out);
    free(t.rows);
    hl_layout_free(&layout);
    return status;
}
