/* Trials of importance sampling: drawn as stated they are those of a plain run, to the last quantum. */
#include "engine/rare_play.h"

#include "engine/run.h"
#include "tests/engine_fixture.h"

enum { TRIALS = HL_BLOCK_TRIALS + 500, ENTITIES = 3 };

/* Sums over all trials: of the values, and how many are above 0. */
struct summed {
    double value[ENTITIES][HL_RARE_WHATS];
    double count[ENTITIES][HL_RARE_WHATS];
};

static void play(struct summed *s, const struct hl_plan *p, bool whole) {
    struct hl_tilt tilt;
    struct hl_rare_worker w;
    struct hl_error err = {0};
    memset(s, 0, sizeof *s);
    cr_assert(hl_tilt_make(&tilt, p, 2, &err) == HL_OK);
    cr_assert(hl_rare_worker_make(&w, p, &tilt, false, &err) == HL_OK);
    for (uint32_t block = 0; block < 2; block++) {
        uint32_t trials = block == 0 ? HL_BLOCK_TRIALS : TRIALS - HL_BLOCK_TRIALS;
        cr_assert(hl_rare_draw(&w, block, trials, &err) == HL_OK);
        for (uint32_t t = 0; t < trials; t++) {
            hl_rare_play(&w, block, t, whole);
            double most = 0;
            for (size_t i = 0; i < w.outcome_count; i++) {
                const struct hl_rare_outcome *o = &w.outcomes[i];
                cr_assert(o->entity < ENTITIES && (o->entity == 0) == (i == 0));
                cr_expect(o->depth >= o->of[HL_RARE_SHORTFALL]);
                most = i == 0 ? o->depth : most - o->depth;
                for (size_t k = 0; k < HL_RARE_WHATS; k++) {
                    s->value[o->entity][k] += o->of[k];
                    s->count[o->entity][k] += o->of[k] > 0;
                }
            }
            cr_expect(fabs(most) < 1e-3, "the system's depth is its exchanges'");
        }
    }
    hl_rare_worker_free(&w);
    hl_tilt_free(&tilt);
}

static double row(const struct hl_result *r, uint32_t e, enum hl_basis basis, enum hl_perspective what,
                  enum hl_metric how) {
    const struct hl_row *found = hl_result_find(
        r, (struct hl_row_key){.year = r->whole, .entity = e, .basis = basis, .perspective = what, .metric = how});
    cr_assert(found != NULL);
    return found->value;
}

static void expect_plain(struct engine *f) {
    struct hl_plan p;
    struct hl_result r;
    struct hl_error err = {0};
    struct summed s;
    double n = TRIALS;
    f->s.trials = TRIALS;
    engine_plan(&p, f);
    cr_assert(hl_run(&r, &p, NULL, &err) == HL_OK);
    play(&s, &p, true);
    for (uint32_t e = 0; e < ENTITIES; e++) {
        cr_expect_float_eq(s.value[e][HL_RARE_GROSS] / n, row(&r, e, 0, HL_GROSS, HL_MEAN), 1e-6);
        for (enum hl_basis b = 0; b < HL_BASIS_COUNT; b++) {
            size_t k = HL_RARE_SHORTFALL + b;
            cr_expect_float_eq(s.value[e][k] / n, row(&r, e, b, HL_SHORTFALL, HL_MEAN), 1e-6, "%u %d", e, (int)b);
            cr_expect_float_eq(s.count[e][k] / n, row(&r, e, b, HL_SHORTFALL, HL_P_POSITIVE), 1e-12);
            /* More reserve is needed where there is a shortfall, and P(no reserve suffices) is no mean. */
            cr_expect(s.count[e][HL_RARE_NEED + b] == s.count[e][k] && s.value[e][HL_RARE_NEED + b] > 0);
        }
    }
    struct summed part;
    play(&part, &p, false);
    for (uint32_t e = 0; e < ENTITIES; e++) {
        cr_expect(part.value[e][HL_RARE_SHORTFALL] == s.value[e][HL_RARE_SHORTFALL]);
        cr_expect(part.value[e][HL_RARE_NEED] == 0 && part.value[e][HL_RARE_SHORTFALL + HL_BASIS_EARMARKED] == 0);
    }
    hl_result_free(&r);
    hl_plan_free(&p);
}

Test(rare_play, drawn_as_stated_it_is_a_plain_run) {
    static struct engine f;
    engine_make(&f, 1000, false);
    expect_plain(&f);
}

Test(rare_play, over_years_with_exchanges_that_fail) {
    static struct engine f;
    engine_make(&f, 1000, false);
    f.s.horizon_days = 3 * 365;
    f.funds[3].refill_per_year = 0.5;
    expect_plain(&f);
}
