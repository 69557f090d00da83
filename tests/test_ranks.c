/* A process that is alone: it agrees with itself, and its part stays as it is. What several do is for
 * tests/gates/mpi.sh. */
#include "engine/ranks.h"
#include "tests/engine_fixture.h"

#include <stdlib.h>

Test(ranks, alone_is_of_its_own_mind) {
    const enum hl_status all[] = {HL_OK, HL_FAILED, HL_INVALID, HL_INTERRUPTED, HL_OK};
    struct hl_peers alone;
    hl_peers_start(&alone);
    cr_assert(alone.rank == 0 && alone.count == 1);
    for (size_t i = 0; i < COUNT_OF(all); i++)
        cr_expect_eq(hl_peers_agree(&alone, all[i]), all[i]);
    cr_expect(alone.status == HL_OK && alone.failed == 0);
    hl_peers_finish();
    hl_peers_finish();
}

Test(ranks, alone_has_the_most_and_nobody_to_tell) {
    struct hl_peers alone;
    double x[] = {3, -1, 0};
    char text[] = "why";
    hl_peers_start(&alone);
    hl_peers_most(&alone, x, 3);
    cr_expect(x[0] == 3 && x[1] == -1 && x[2] == 0);
    cr_expect_not(hl_peers_tell(&alone, text, sizeof text));
    cr_expect_str_eq(text, "why");
}

Test(ranks, alone_keeps_its_part) {
    struct engine f;
    struct hl_plan plan;
    struct hl_layout layout;
    struct hl_tally tally;
    struct hl_error err = {0};
    struct hl_peers alone;
    const struct hl_origin origin = {.path = "test.yaml"};
    hl_peers_start(&alone);
    engine_make(&f, 1, false);
    memset(f.s.fingerprint, 'a', 64);
    engine_plan(&plan, &f);
    cr_assert(hl_layout_make(&layout, &plan, &err) == HL_OK && hl_tally_make(&tally, &layout, &err) == HL_OK);
    struct hl_tree tree = {.width = 2};
    bool *missed = calloc(layout.slot_count, sizeof *missed);
    struct hl_partial part = {.stage = {HL_PASS_ALL, 9, 0, 1, 1, 0, 0}, &tally, &tree, missed};
    tally.events = 17;
    cr_assert(hl_tree_add(&tree, 5, (const double[]){1, 2}, &err) == HL_OK);
    cr_expect(hl_peers_compare(&alone, &f.s, &err) == HL_OK);
    cr_expect(hl_peers_gather(&alone, &part, &origin, &err) == HL_OK);
    cr_expect(hl_peers_share(&alone, &part, &origin, &err) == HL_OK);
    cr_expect(part.tally->events == 17 && part.tree->count == 1 && part.stage.trials == 9);
    free(missed);
    hl_tree_free(&tree);
    hl_tally_free(&tally);
    hl_layout_free(&layout);
    hl_plan_free(&plan);
}
