#include "engine/result.h"
#include "tests/results_fixture.h"

#include <criterion/criterion.h>

Test(result, every_row_is_found_by_its_key) {
    struct fixture *f = fixture_make(FIXTURE_TWO);
    const struct hl_result *r = &f->result;
    cr_assert(r->row_count > 500);
    for (size_t i = 0; i < r->row_count; i++)
        cr_assert(hl_result_find(r, r->rows[i].key) == &r->rows[i], "row %zu", i);
    fixture_free(f);
}

Test(result, no_other_key_is_found) {
    struct fixture *f = fixture_make(FIXTURE_ONE);
    const struct hl_result *r = &f->result;
    const struct hl_row_key there = {.year = 1, .entity = 1, .perspective = HL_GROSS, .metric = HL_AEP, .level = 100};
    cr_assert_not_null(hl_result_find(r, there));
    struct hl_row_key keys[9];
    for (size_t i = 0; i < 9; i++)
        keys[i] = there;
    keys[0].policy = 9;
    keys[1].outer = 9;
    keys[2].year = 2;
    keys[3].item = 9;
    keys[4].entity = 9;
    keys[5].basis = HL_BASIS_EARMARKED;
    keys[6].perspective = HL_HAIRCUT;
    keys[7].metric = HL_P_ATTACH;
    keys[8].level = 101;
    for (size_t i = 0; i < 9; i++)
        cr_expect_null(hl_result_find(r, keys[i]), "field %zu", i);
    fixture_free(f);
}

Test(result, an_empty_result_has_no_row) {
    const struct hl_result empty = {0};
    cr_expect_null(hl_result_find(&empty, (struct hl_row_key){.year = 1}));
}

static void expect_distinct(const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        cr_assert(names[i] && names[i][0], "name %zu", i);
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(names[i], names[k]);
    }
}

Test(result, every_name_is_there_and_its_own) {
    expect_distinct(hl_entity_kind_names, HL_ENTITY_SOURCE + 1);
    expect_distinct(hl_basis_names, HL_BASIS_COUNT);
    expect_distinct(hl_perspective_names, HL_PERSPECTIVE_COUNT);
    expect_distinct(hl_metric_names, HL_METRIC_COUNT);
    expect_distinct(hl_row_status_names, HL_ROW_STATUS_COUNT);
}

Test(result, free_empties_and_may_be_repeated) {
    struct hl_result r = {.trials = 5};
    r.rows = hl_arena_array(&r.arena, 3, sizeof *r.rows);
    r.row_count = 3;
    hl_result_free(&r);
    cr_expect(r.trials == 0 && r.rows == NULL && r.row_count == 0);
    hl_result_free(&r);
    hl_result_free(NULL);
}
