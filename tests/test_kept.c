/* What is kept of the trials as stated: which hits are the same, which rows are the same. */
#include "engine/kept.h"
#include "tests/engine_fixture.h"

/* Two exchanges, a reserve for both, insurance for the second: two policies. */
static void make(struct engine *f, struct hl_plan *p, int years) {
    static size_t bee = 1;
    engine_ape_and_bee(f);
    f->s.horizon_days = years * 365;
    engine_fund(f, HL_FUND_reserve, 5);
    struct hl_fund *cover = engine_fund(f, HL_FUND_insurance, 0);
    cover->layer = engine_layer(1, 5);
    cover->at = &bee;
    cover->at_count = 1;
    engine_plan(p, f);
}

/* Trial 0 has no hits, trial 1 has two. */
static void two_hits(struct hl_events *e, struct hl_hit hits[2]) {
    *e = (struct hl_events){.hits = hits, .count = 2};
    for (size_t t = 2; t <= HL_BLOCK_TRIALS; t++)
        e->first[t] = 2;
}

Test(kept, the_same_hits) {
    const struct hl_hit one = {.stream = 7, .index = 1, .trial = 1, .day = 10, .v = 0.5};
    const struct hl_hit two = {.stream = 8, .index = 2, .trial = 1, .day = 20, .v = 0.25};
    const struct {
        const char *what;
        struct hl_hit first, second;
        bool same;
    } rows[] = {
        {"both again", one, two, true},
        {"the other way round", two, one, false},
        {"another event of the stream", one, {.stream = 8, .index = 3, .trial = 1, .day = 20, .v = 0.25}, false},
        {"another stream", one, {.stream = 9, .index = 2, .trial = 1, .day = 20, .v = 0.25}, false},
        {"another source", one, {.stream = 8, .index = 2, .source = 1, .trial = 1, .day = 20, .v = 0.25}, false},
        {"another client", one, {.stream = 8, .index = 2, .target = 1, .trial = 1, .day = 20, .v = 0.25}, false},
        {"set off on another day", one, {.stream = 8, .index = 2, .trial = 1, .day = 21, .v = 0.25}, false},
        {"found", one, {.stream = 8, .index = 2, .trial = 1, .day = 20, .v = 0.25, .found = true}, false},
        {"of another size", one, {.stream = 8, .index = 2, .trial = 1, .day = 20, .v = 0.75}, false},
    };
    struct engine f;
    struct hl_plan p;
    struct hl_kept kept = {0};
    struct hl_error err = {0};
    static struct hl_events stated, other;
    make(&f, &p, 1);
    struct hl_hit hits[2] = {one, two};
    two_hits(&stated, hits);
    cr_assert_eq(hl_kept_begin(&kept, &p, &stated, &err), HL_OK);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_hit drawn[2] = {rows[i].first, rows[i].second};
        two_hits(&other, drawn);
        cr_expect_eq(hl_kept_is_same(&kept, &other, 1), rows[i].same, "%s", rows[i].what);
        cr_expect(hl_kept_is_same(&kept, &other, 0), "%s: no hits are no hits", rows[i].what);
        other.first[2] = 1;
        cr_expect(!hl_kept_is_same(&kept, &other, 1), "%s: one hit is not two", rows[i].what);
    }
    hl_kept_free(&kept);
    hl_plan_free(&p);
}

Test(kept, the_same_rows) {
    struct engine f;
    struct hl_plan p;
    struct hl_kept kept = {0};
    struct hl_error err = {0};
    static struct hl_events stated;
    make(&f, &p, 1);
    struct hl_hit hits[2] = {{.trial = 1}, {.trial = 1}};
    two_hits(&stated, hits);
    cr_assert_eq(hl_kept_begin(&kept, &p, &stated, &err), HL_OK);
    cr_assert_eq(p.policy_count, 2);
    cr_expect(hl_kept_rows_are_same(&kept, 1, 0), "the first has no insurance to leave out");
    cr_expect(!hl_kept_rows_are_same(&kept, 1, 1), "the second has");
    cr_expect_eq(hl_kept_at(&kept, 1, 1), &kept.sums[1]);
    hl_kept_free(&kept);
    hl_plan_free(&p);
}

/* Entities of one trial stand behind those of the trials before; a new block has none. */
Test(kept, whom_trials_breach) {
    struct engine f;
    struct hl_plan p;
    struct hl_kept kept = {0};
    struct hl_error err = {0};
    static struct hl_events stated;
    make(&f, &p, 1);
    struct hl_hit hits[2] = {{.trial = 1}, {.trial = 1}};
    two_hits(&stated, hits);
    cr_assert_eq(hl_kept_begin(&kept, &p, &stated, &err), HL_OK);
    const struct {
        uint32_t trial;
        size_t entity;
    } rows[] = {{1, 0}, {1, 7}, {4, 0}, {9, 0}, {9, 3}, {9, 5}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        hl_kept_breach(&kept, rows[i].trial, rows[i].entity);
    const struct hl_kept_trial *nine = &kept.trials[9];
    cr_expect(kept.trials[1].count == 2 && kept.trials[4].count == 1 && nine->count == 3 && kept.trials[0].count == 0);
    cr_expect(kept.breached[kept.trials[1].first + 1] == 7 && kept.breached[kept.trials[4].first] == 0);
    cr_expect(kept.breached[nine->first + 1] == 3 && kept.breached[nine->first + 2] == 5);
    kept.trials[9].is_short = true;
    cr_assert_eq(hl_kept_begin(&kept, &p, &stated, &err), HL_OK);
    cr_expect(nine->count == 0 && !nine->is_short && kept.breached_count == 0);
    hl_kept_free(&kept);
    hl_plan_free(&p);
}

/* What an exchange finds in a later year depends on what its funds did before: nothing is kept. */
Test(kept, not_over_several_years) {
    struct engine f;
    struct hl_plan p;
    struct hl_kept kept = {0};
    struct hl_error err = {0};
    static struct hl_events stated;
    make(&f, &p, 2);
    struct hl_hit hits[2] = {{.trial = 1}, {.trial = 1}};
    two_hits(&stated, hits);
    cr_assert_eq(hl_kept_begin(&kept, &p, &stated, &err), HL_OK);
    cr_expect(!hl_kept_is_same(&kept, &stated, 1));
    cr_expect(!hl_kept_rows_are_same(&kept, 1, 0));
    cr_expect_null(hl_kept_at(&kept, 1, 0));
    hl_kept_free(&kept);
    hl_plan_free(&p);
}
