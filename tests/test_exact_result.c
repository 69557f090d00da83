/* Exact rows alone, and in place of simulated ones. */
#include "engine/exact_result.h"
#include "engine/run.h"
#include "engine_fixture.h"

/* At most one theft a year, with probability 10 %, of a share even between 0 and 1 of 10^6; a reserve of 250,000. */
static void start(struct engine *f, struct hl_plan *p, bool again) {
    engine_start(f);
    engine_holding(f, engine_exchange(f, "ape"), engine_asset(f, "gold"), HL_HOT, 1e6);
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 0.1, HL_NONE);
    b->size = (struct hl_distribution){.family = &hl_severity_uniform, .p = {0, 1}};
    if (!again)
        b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {0.1}, .low = 0.1, .high = 0.1};
    engine_fund(f, HL_FUND_reserve, 250000);
    engine_plan(p, f);
}

static const struct {
    enum hl_perspective what;
    enum hl_metric metric;
    double level, value;
} rows[] = {
    {HL_GROSS, HL_P_BREACH, 0, 0.1},
    {HL_GROSS, HL_MEAN, 0, 50000},
    {HL_GROSS, HL_VAR, 0.99, 900000},
    {HL_GROSS, HL_TVAR, 0.99, 950000},
    {HL_GROSS, HL_OEP, 100, 900000},
    {HL_GROSS, HL_VAR_GIVEN_BREACH, 0.5, 5e5},
    {HL_SHORTFALL, HL_P_POSITIVE, 0, 0.075},
    {HL_SHORTFALL, HL_VAR, 0.99, 650000},
    {HL_SHORTFALL, HL_MEAN, 0, 0.075 * 375000},
    {HL_RESERVE_NEEDED, HL_VAR, 0.99, 650000},
};

static struct hl_row_key key_of(size_t i) {
    return (struct hl_row_key){
        .year = 1, .entity = 1, .perspective = rows[i].what, .metric = rows[i].metric, .level = rows[i].level};
}

Test(exact_result, alone) {
    struct engine f;
    struct hl_plan p;
    struct hl_result r;
    struct hl_error err = {0};
    start(&f, &p, false);
    cr_assert(hl_exact_run(&r, &p, &err) == HL_OK);
    cr_expect(r.trials == 0 && r.entity_count == 4 && r.provenance.version != NULL);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hl_row *row = hl_result_find(&r, key_of(i));
        cr_assert(row != NULL, "row %zu is missing", i);
        cr_expect(row->status == HL_ROW_EXACT && fabs(row->value - rows[i].value) <= 1e-4 * rows[i].value,
                  "row %zu: %.9g", i, row->value);
    }
    hl_result_free(&r);
    hl_plan_free(&p);
}

Test(exact_result, nothing_exact) {
    struct engine f;
    struct hl_plan p;
    struct hl_result r;
    struct hl_error err = {0};
    start(&f, &p, true);
    cr_assert(hl_exact_run(&r, &p, &err) == HL_INVALID);
    cr_expect(err.count == 1 && strstr(err.faults[0].message, "a second breach finds less than the first") != NULL);
    cr_expect(r.rows == NULL);
    hl_error_free(&err);
    hl_plan_free(&p);
}

Test(exact_result, in_place_of_simulated_rows) {
    struct engine f;
    struct hl_plan p;
    struct hl_result r;
    struct hl_error err = {0};
    start(&f, &p, false);
    cr_assert(hl_run(&r, &p, NULL, &err) == HL_OK);
    size_t count = r.row_count, exact = 0;
    cr_assert(hl_exact_replace(&r, &p, &err) == HL_OK);
    for (size_t i = 0; i < r.row_count; i++)
        exact += r.rows[i].status == HL_ROW_EXACT;
    cr_expect(r.row_count == count && exact > 50 && exact < count, "%zu of %zu", exact, count);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(hl_result_find(&r, key_of(i))->status == HL_ROW_EXACT, "row %zu", i);
    hl_result_free(&r);
    hl_plan_free(&p);
}
