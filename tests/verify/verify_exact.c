/* The exact distributions of the reference workloads against figures of an independent program: Fourier transforms of
 * rounded losses on up to 2^23 points, with conditional products for shared vendors, in numpy. Run from the project's
 * top. The figures are of lattices themselves, with a step of 5,000 (W1, W2) and 20,000 dollars (W3). */
#include "engine/exact_run.h"
#include "verify/oracle.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

struct wanted {
    const char *entity;
    enum hl_perspective perspective;
    enum hl_metric metric;
    double level;
    double value;
    double room; /* absolute, besides the bounds of the lattices */
    uint16_t item;
};

struct checking {
    const struct hl_plan *plan;
    const struct wanted *rows;
    size_t count;
    size_t found;
};

static const char *name_of(const struct hl_plan *p, uint32_t entity) {
    return entity == 0 ? "all" : entity <= p->scenario->exchange_count ? p->scenario->exchanges[entity - 1].id : "";
}

static enum hl_status check_figure(void *context, const struct hl_exact_figure *f, struct hl_error *err) {
    struct checking *c = context;
    (void)err;
    for (size_t i = 0; i < c->count; i++) {
        const struct wanted *w = &c->rows[i];
        struct hl_row_key key = {.year = 1,
                                 .item = w->item,
                                 .entity = f->entity,
                                 .perspective = w->perspective,
                                 .metric = w->metric,
                                 .level = w->level};
        struct hl_row row;
        if (strcmp(w->entity, name_of(c->plan, f->entity)) != 0 || !hl_exact_figure_tells(f, &key))
            continue;
        c->found++;
        cr_expect(hl_exact_figure_answer(f, key, &row), "row %zu has no answer", i);
        cr_expect(row.low - w->room <= w->value && w->value <= row.high + w->room,
                  "row %zu: %.10g, not %.10g (%.10g to %.10g)", i, row.value, w->value, row.low, row.high);
        cr_expect(row.high - row.low <= 2e-3 * w->value + w->room, "row %zu is wide: %.10g to %.10g", i, row.low,
                  row.high);
    }
    return HL_OK;
}

static void ignore(void *context, const struct hl_entity *entity, enum hl_perspective perspective, const char *why) {
    (void)context;
    (void)entity;
    (void)perspective;
    (void)why;
}

static void check_file(const char *path, const struct wanted *rows, size_t count) {
    struct hl_scenario s;
    struct hl_plan p;
    struct hl_error err = {0};
    hl_init();
    cr_assert(hl_scenario_load(&s, path, NULL, 0, &err) == HL_OK && hl_plan_make(&p, &s, &err) == HL_OK);
    struct checking c = {&p, rows, count, 0};
    const struct hl_exact_visitor visitor = {&c, check_figure, ignore};
    cr_assert(hl_exact_visit(&p, &visitor, &err) == HL_OK);
    cr_expect(c.found == count, "%zu of %zu rows found", c.found, count);
    hl_plan_free(&p);
    hl_scenario_free(&s);
}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

Test(verify_exact, w1) {
    static const struct wanted rows[] = {
        {"one", HL_GROSS, HL_MEAN, 0, 53544690.29, 10, 0}, /* theirs has no end, ours 2^45 dollars */
        {"one", HL_GROSS, HL_VAR, 0.99, 967145000, 5000, 0},    {"one", HL_GROSS, HL_VAR, 0.995, 1733645000, 5000, 0},
        {"one", HL_GROSS, HL_VAR, 0.999, 5535600000, 5000, 0},  {"one", HL_GROSS, HL_TVAR, 0.99, 3062628944, 5000, 0},
        {"one", HL_GROSS, HL_TVAR, 0.995, 4848363476, 5000, 0}, {"one", HL_GROSS, HL_TVAR, 0.999, 12789835108, 5000, 0},
    };
    check_file("tests/bench/w1.yaml", rows, COUNT_OF(rows));
}

Test(verify_exact, w2) {
    static const struct wanted rows[] = {
        {"one", HL_GROSS, HL_MEAN, 0, 73815325.79, 100, 0},
        {"one", HL_GROSS, HL_VAR, 0.99, 1500000000, 5000, 0},
        {"one", HL_GROSS, HL_VAR, 0.995, 1822570000, 5000, 0},
        {"one", HL_GROSS, HL_VAR, 0.999, 2410475000, 5000, 0},
        {"one", HL_GROSS, HL_TVAR, 0.99, 1904161321, 5000, 0},
        {"one", HL_GROSS, HL_TVAR, 0.995, 2193248850, 5000, 0},
        {"one", HL_GROSS, HL_TVAR, 0.999, 2722864127, 10000, 0},
        {"one", HL_SHORTFALL, HL_P_POSITIVE, 0, 3.575105e-6, 2e-9, 0},
        {"one", HL_PAID, HL_MEAN, 0, 19891387.47, 200, 0},
        {"one", HL_PAID, HL_MEAN, 0, 21058432.10, 200, 1},
        {"one", HL_PAID, HL_MEAN, 0, 14048382.84, 2000, 2},
    };
    check_file("tests/bench/w2.yaml", rows, COUNT_OF(rows));
}

Test(verify_exact, w3) {
    static const struct wanted rows[] = {
        {"e00", HL_GROSS, HL_AEP, 20, 3840000, 20000, 0},       {"e00", HL_GROSS, HL_AEP, 500, 100000000, 20000, 0},
        {"e00", HL_GROSS, HL_AEP, 10000, 122680000, 20000, 0},  {"e00", HL_GROSS, HL_OEP, 100, 49120000, 20000, 0},
        {"e17", HL_GROSS, HL_AEP, 100, 264300000, 20000, 0},    {"e17", HL_GROSS, HL_OEP, 250, 378660000, 20000, 0},
        {"e17", HL_GROSS, HL_OEP, 10000, 686620000, 20000, 0},  {"e29", HL_GROSS, HL_AEP, 1000, 2005200000, 20000, 0},
        {"e29", HL_GROSS, HL_OEP, 1000, 1949320000, 20000, 0},  {"all", HL_GROSS, HL_AEP, 10, 1030680000, 40000, 0},
        {"all", HL_GROSS, HL_AEP, 250, 3149820000, 40000, 0},   {"all", HL_GROSS, HL_AEP, 10000, 5292620000, 40000, 0},
        {"all", HL_GROSS, HL_OEP, 10, 931280000, 40000, 0},     {"all", HL_GROSS, HL_OEP, 500, 2891580000, 40000, 0},
        {"all", HL_GROSS, HL_OEP, 10000, 3962060000, 40000, 0},
    };
    check_file("tests/bench/w3.yaml", rows, COUNT_OF(rows));
}
