/* What one breach takes, as a law, against cases worked out by hand. */
#include "engine/exact_law.h"
#include "engine_fixture.h"

static void expect_near(const char *what, double got, double want, double room) {
    cr_expect(fabs(got - want) <= room, "%s: %.12g, not %.12g", what, got, want);
}

/* The law of the first source's first target. */
struct made {
    struct hl_plan plan;
    struct hl_arena arena;
    struct hl_exact_law law;
};

static void make(struct made *m, const struct engine *f) {
    struct hl_error err = {0};
    *m = (struct made){0};
    engine_plan(&m->plan, f);
    const struct hl_source *src = &m->plan.sources[0];
    cr_assert(hl_exact_law_make(&m->law, &m->arena, &m->plan, src, &src->targets[0], &err) == HL_OK);
}

static void drop(struct made *m) {
    hl_arena_free(&m->arena);
    hl_plan_free(&m->plan);
}

/* One exchange with 300 and 100 of two assets, hot. */
static struct hl_breach *start(struct engine *f, double rate) {
    engine_start(f);
    size_t e = engine_exchange(f, "ape"), gold = engine_asset(f, "gold"), silver = engine_asset(f, "silver");
    engine_holding(f, e, gold, HL_HOT, 300);
    engine_holding(f, e, silver, HL_HOT, 100);
    return engine_breach(f, HL_VECTOR_hot_wallet_drain, rate, HL_NONE);
}

/* All of it at one share: even between 0 and 400; E[X^2] = 400^2 / 3. */
Test(exact_law, share_of_all) {
    struct engine f;
    struct made m;
    struct hl_breach *b = start(&f, 1);
    b->size = (struct hl_distribution){.family = &hl_severity_uniform, .p = {0, 1}};
    make(&m, &f);
    expect_near("cdf", hl_exact_law_cdf(&m.law, 100), 0.25, 1e-15);
    expect_near("below 0", hl_exact_law_cdf(&m.law, -1), 0, 0);
    expect_near("all", hl_exact_law_cdf(&m.law, 400), 1, 0);
    expect_near("mean", hl_exact_law_limited_mean(&m.law, INFINITY), 200, 1e-12);
    expect_near("limited", hl_exact_law_limited_mean(&m.law, 100), 100 * 0.75 + 12.5, 1e-12);
    struct hl_exact_square square = hl_exact_law_square(&m.law);
    cr_expect(square.low <= 160000.0 / 3 && square.high >= 160000.0 / 3 && square.high < 1.0001 * square.low,
              "%.9g to %.9g", square.low, square.high);
    drop(&m);
}

/* Everything with probability 1/4: an atom at 400. */
Test(exact_law, atom_at_everything) {
    struct engine f;
    struct made m;
    struct hl_breach *b = start(&f, 1);
    b->size = (struct hl_distribution){.family = &hl_severity_uniform, .p = {0, 0.5}, .everything = 0.25};
    make(&m, &f);
    expect_near("at half", hl_exact_law_cdf(&m.law, 200), 0.75, 1e-15);
    expect_near("below the atom", hl_exact_law_cdf(&m.law, nextafter(400, 0)), 0.75, 1e-15);
    expect_near("at the atom", hl_exact_law_cdf(&m.law, 400), 1, 0);
    expect_near("mean", hl_exact_law_limited_mean(&m.law, INFINITY), 0.25 * 400 + 0.75 * 100, 1e-12);
    drop(&m);
}

/* An amount is capped by what is there, and layers count what they leave: of min(X, 400), X even in [0, 1600] with a
 * control that halves it, 50 xs 100 at 100 % leaves an atom of P(100 <= X/2 <= 150) at 100. */
Test(exact_law, amount_with_a_layer) {
    struct engine f;
    struct made m;
    struct hl_breach *b = start(&f, 1);
    b->size = (struct hl_distribution){.family = &hl_severity_generalized_pareto, .p = {0, 1600, -1}};
    make(&m, &f);
    expect_near("below the cap", hl_exact_law_cdf(&m.law, nextafter(400, 0)), 0.25, 1e-12);
    expect_near("at the cap", hl_exact_law_cdf(&m.law, 400), 1, 0);
    m.plan.sources[0].targets[0].taken_factor = 0.5;
    struct hl_error err = {0};
    cr_assert(hl_exact_law_make(&m.law, &m.arena, &m.plan, &m.plan.sources[0], &m.plan.sources[0].targets[0], &err) ==
              HL_OK);
    cr_assert(hl_ramp_take_layer(&m.law.kept, 100, 50, 1));
    expect_near("before the atom", hl_exact_law_cdf(&m.law, nextafter(100, 0)), 0.125, 1e-12);
    expect_near("at the atom", hl_exact_law_cdf(&m.law, 100), 150.0 / 800, 1e-12);
    expect_near("most", hl_exact_law_most(&m.law), 350, 1e-12);
    /* of 800: 0 to 100 are 50 on average, 50 are 100, 250 go from 100 to 350, and 400 stay at 350 */
    expect_near("mean", hl_exact_law_limited_mean(&m.law, INFINITY),
                (100 * 50 + 50 * 100 + 250 * 225 + 400 * 350) / 800.0, 1e-9);
    drop(&m);
}

/* One asset in proportion to its value, one wallet of it, the largest: 300 with 3/4 or 100 with 1/4. */
Test(exact_law, reaches) {
    const struct {
        enum hl_reach reach;
        double at_100, at_300;
    } rows[] = {{HL_REACH_ALL, 0, 0}, {HL_REACH_ONE_ASSET, 0.25, 1}, {HL_REACH_LARGEST_WALLET, 0, 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine f;
        struct made m;
        start(&f, 1)->reach = rows[i].reach;
        make(&m, &f);
        expect_near("100", hl_exact_law_cdf(&m.law, 100), rows[i].at_100, 1e-15);
        expect_near("300", hl_exact_law_cdf(&m.law, 300), rows[i].at_300, 1e-15);
        drop(&m);
    }
    /* Of the 300 in three wallets the largest holds half: 150 with 3/8, and 75 each of the others with 3/8. */
    struct engine f;
    struct made m;
    start(&f, 1)->reach = HL_REACH_ONE_WALLET;
    f.holdings[0].wallets = 3;
    f.holdings[0].largest_share = 0.5;
    make(&m, &f);
    expect_near("75", hl_exact_law_cdf(&m.law, 75), 3.0 / 8, 1e-15);
    expect_near("100", hl_exact_law_cdf(&m.law, 100), 5.0 / 8, 1e-15);
    expect_near("mean", hl_exact_law_limited_mean(&m.law, INFINITY), (3 * 75 + 2 * 100 + 3 * 150) / 8.0, 1e-12);
    drop(&m);
}

/* 10 % a day of 400 for a time even between 0 and 20 days, detected in half of it: min(40 T/2, 400). */
Test(exact_law, drains) {
    struct engine f;
    struct made m;
    struct hl_breach *b = start(&f, 1);
    b->size.family = NULL;
    b->drain = (struct hl_drain){
        .share_per_day = 0.1, .detected_after = {.law = {.family = &hl_severity_generalized_pareto, .p = {0, 20, -1}}}};
    make(&m, &f);
    expect_near("one speed", hl_exact_law_cdf(&m.law, 200), 0.25, 1e-12);
    expect_near("all", hl_exact_law_cdf(&m.law, nextafter(400, 0)), 0.5, 1e-12);
    m.plan.sources[0].targets[0].throttle_per_day = 20;
    m.plan.sources[0].targets[0].detection_factor = 0.5;
    struct hl_error err = {0};
    cr_assert(hl_exact_law_make(&m.law, &m.arena, &m.plan, &m.plan.sources[0], &m.plan.sources[0].targets[0], &err) ==
              HL_OK);
    expect_near("throttled", hl_exact_law_cdf(&m.law, 100), 0.5, 1e-12);
    drop(&m);
    b->drain.detected_after = (struct hl_time){.days = 3};
    make(&m, &f);
    expect_near("always the same", hl_exact_law_limited_mean(&m.law, INFINITY), 120, 1e-12);
    drop(&m);
}
