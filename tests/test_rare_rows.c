/* Rows out of weighted trials: which there are, and what their statuses say. */
#include "engine/rare_rows.h"

#include "tests/engine_fixture.h"

#include <stdlib.h>

enum { TRIALS = 1000, PLAIN = 100 };

struct rows {
    struct engine f;
    struct hl_plan plan;
    struct hl_layout layout;
    struct hl_rare_counts counts;
    uint32_t same[1 + 2 * HL_RARE_WHATS];
    struct hl_result result;
};

static struct rows *start(void) {
    struct rows *x = calloc(1, sizeof *x);
    struct hl_error err = {0};
    engine_start(&x->f);
    engine_exchange(&x->f, "ape");
    engine_asset(&x->f, "COIN");
    engine_holding(&x->f, 0, 0, HL_HOT, 1000);
    engine_breach(&x->f, HL_VECTOR_hot_wallet_drain, 0.1, HL_NONE);
    x->f.s.quantum = 2; /* a value of 5 is 10 units of money */
    engine_plan(&x->plan, &x->f);
    cr_assert(hl_layout_make(&x->layout, &x->plan, &err) == HL_OK);
    size_t width = hl_rare_width(x->layout.full_count);
    cr_assert(width == COUNT_OF(x->same));
    for (uint32_t i = 0; i < width; i++)
        x->same[i] = i;
    x->counts = (struct hl_rare_counts){&x->layout,
                                        TRIALS,
                                        PLAIN,
                                        x->same,
                                        calloc(width, sizeof *x->counts.sums),
                                        calloc(width, sizeof *x->counts.lists)};
    return x;
}

/* `count` trials of the weight w whose quantity is `value`. */
static void put(struct rows *x, size_t entity, size_t what, int count, double value, double w) {
    size_t i = hl_rare_quantity(entity, what);
    for (int k = 0; k < count; k++) {
        hl_weighted_add(&x->counts.sums[i], value, w);
        cr_assert(hl_weighted_keep(&x->counts.lists[i], value, w) == HL_OK);
    }
}

static void finish(struct rows *x) {
    struct hl_error err = {0};
    for (size_t i = 0; i < hl_rare_width(x->layout.full_count); i++)
        hl_weighted_sort(&x->counts.lists[i]);
    cr_assert(hl_rare_rows_make(&x->result, &x->counts, &err) == HL_OK);
}

static void end(struct rows *x) {
    for (size_t i = 0; i < hl_rare_width(x->layout.full_count); i++)
        hl_weighted_list_free(&x->counts.lists[i]);
    free(x->counts.sums);
    free(x->counts.lists);
    hl_result_free(&x->result);
    hl_layout_free(&x->layout);
    hl_plan_free(&x->plan);
    free(x);
}

static struct hl_row find(const struct rows *x, uint32_t e, enum hl_basis basis, enum hl_perspective what,
                          enum hl_metric how, double level) {
    const struct hl_row *row = hl_result_find(
        &x->result, (struct hl_row_key){
                        .year = 1, .entity = e, .basis = basis, .perspective = what, .metric = how, .level = level});
    cr_assert(row != NULL, "%s %s %g", hl_perspective_names[what], hl_metric_names[how], level);
    return *row;
}

Test(rare_rows, values_in_money_with_their_errors) {
    struct rows *x = start();
    put(x, 1, HL_RARE_SHORTFALL, 200, 5, 0.1);
    put(x, 1, HL_RARE_NEED, 150, 5, 0.1);
    put(x, 1, HL_RARE_NEED, 50, 8, 0.1);
    finish(x);
    struct hl_row p = find(x, 1, HL_BASIS_ALL, HL_SHORTFALL, HL_P_POSITIVE, 0);
    cr_expect_float_eq(p.value, 0.02, 1e-15);
    cr_expect_float_eq(p.error, sqrt((200 * 0.01 / 1000 - 0.0004) / 999), 1e-12);
    cr_expect(p.status == HL_ROW_OK);
    cr_expect_float_eq(find(x, 1, HL_BASIS_ALL, HL_SHORTFALL, HL_MEAN, 0).value, 0.2, 1e-12);
    cr_expect_float_eq(find(x, 1, HL_BASIS_ALL, HL_SHORTFALL, HL_MEAN_IF_POSITIVE, 0).value, 10, 1e-12);
    struct hl_row q = find(x, 1, HL_BASIS_ALL, HL_SHORTFALL, HL_VAR, 0.99);
    cr_expect(q.value == 10 && q.status == HL_ROW_OK && q.high == 10);
    cr_expect(find(x, 1, HL_BASIS_ALL, HL_SHORTFALL, HL_VAR, 0.9).value == 0);
    cr_expect_float_eq(find(x, 1, HL_BASIS_ALL, HL_SHORTFALL, HL_TVAR, 0.9).value, 2, 1e-12);
    cr_expect_float_eq(find(x, 1, HL_BASIS_ALL, HL_SHORTFALL, HL_AEP_TVAR, 10).value, 2, 1e-12);
    /* P(shortfall) with more reserve, in steps of 1 quantum: 2 units of money. */
    cr_expect_float_eq(find(x, 1, HL_BASIS_ALL, HL_RESERVE_NEEDED, HL_P_ABOVE, 0).value, 0.02, 1e-15);
    cr_expect_float_eq(find(x, 1, HL_BASIS_ALL, HL_RESERVE_NEEDED, HL_P_ABOVE, 10).value, 0.005, 1e-15);
    cr_expect_float_eq(find(x, 1, HL_BASIS_ALL, HL_RESERVE_NEEDED, HL_MEAN_ABOVE, 10).value, 0.03, 1e-15);
    cr_expect(find(x, 1, HL_BASIS_ALL, HL_RESERVE_NEEDED, HL_P_ABOVE, 16).value == 0);
    for (size_t i = 1; i < x->result.row_count; i++)
        cr_expect(hl_row_compare(&x->result.rows[i - 1], &x->result.rows[i]) < 0, "sorted, and each once");
    end(x);
}

Test(rare_rows, statuses) {
    struct rows *x = start();
    put(x, 1, HL_RARE_SHORTFALL, 9, 5, 0.1);     /* too few to rely on */
    put(x, 1, HL_RARE_NEED, 100, HL_NEVER, 0.2); /* no reserve suffices */
    put(x, 0, HL_RARE_GROSS, 300, 5, 0.1);       /* a bound beyond what ten trials reach */
    put(x, 0, HL_RARE_GROSS, 5, 7, 4);
    finish(x);
    cr_expect(find(x, 1, HL_BASIS_ALL, HL_SHORTFALL, HL_P_POSITIVE, 0).status == HL_ROW_FEW_HITS);
    struct hl_row none = find(x, 1, HL_BASIS_EARMARKED, HL_SHORTFALL, HL_MEAN_IF_POSITIVE, 0);
    cr_expect(none.status == HL_ROW_NO_EVENTS && isnan(none.value));
    none = find(x, 1, HL_BASIS_EARMARKED, HL_SHORTFALL, HL_P_POSITIVE, 0);
    cr_expect(none.status == HL_ROW_FEW_HITS && none.value == 0);
    cr_expect_float_eq(none.high, 1 - pow(0.025, 1.0 / PLAIN), 1e-9, "the plain trials say that much");
    struct hl_row never = find(x, 1, HL_BASIS_ALL, HL_RESERVE_NEEDED, HL_VAR, 0.99);
    cr_expect(never.status == HL_ROW_NOT_ATTAINABLE && isnan(never.value) && isnan(never.high));
    cr_expect(find(x, 0, HL_BASIS_ALL, HL_GROSS, HL_VAR, 0.99).status == HL_ROW_BEYOND_SAMPLE);
    cr_expect(find(x, 0, HL_BASIS_ALL, HL_GROSS, HL_VAR, 0.9).value == 0);
    end(x);
}

/* The system's is counted once, for the only exchange. */
Test(rare_rows, what_is_equal_is_told_of_all) {
    struct rows *x = start();
    size_t one = hl_rare_quantity(0, HL_RARE_GROSS), same = hl_rare_quantity(1, HL_RARE_GROSS);
    x->same[same] = (uint32_t)one;
    put(x, 0, HL_RARE_GROSS, 200, 5, 0.1);
    finish(x);
    cr_expect_float_eq(find(x, 1, HL_BASIS_ALL, HL_GROSS, HL_MEAN, 0).value, 0.2, 1e-12);
    cr_expect(find(x, 1, HL_BASIS_ALL, HL_GROSS, HL_VAR, 0.99).value == 10);
    end(x);
}
