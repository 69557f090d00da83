/* The year's sum and its largest loss against closed forms. */
#include "engine/exact_sum.h"
#include "engine_fixture.h"

/* All sources of a plan, all their targets. */
struct made {
    struct hl_plan plan;
    struct hl_arena arena;
    struct hl_exact_part parts[ENGINE_MOST];
    struct hl_exact_law laws[ENGINE_MOST][ENGINE_MOST];
    struct hl_exact_compound c;
    struct hl_exact_lattices sum, largest;
};

static const size_t every[ENGINE_MOST] = {0, 1, 2, 3, 4, 5, 6, 7};

static void make(struct made *m, const struct engine *f, double level, double least) {
    struct hl_error err = {0};
    memset(m, 0, sizeof *m);
    engine_plan(&m->plan, f);
    m->c = (struct hl_exact_compound){.plan = &m->plan, .parts = m->parts, .part_count = m->plan.source_count};
    for (size_t i = 0; i < m->plan.source_count; i++) {
        const struct hl_source *src = &m->plan.sources[i];
        for (size_t k = 0; k < src->target_count; k++)
            cr_assert(hl_exact_law_make(&m->laws[i][k], &m->arena, &m->plan, src, &src->targets[k], &err) == HL_OK);
        m->parts[i] = (struct hl_exact_part){
            .source = (uint32_t)i, .targets = every, .laws = m->laws[i], .target_count = src->target_count};
    }
    cr_assert(hl_exact_prepare(&m->c, &m->arena, &err) == HL_OK);
    cr_assert(hl_exact_compound_make(&m->sum, &m->largest, &m->c, level, least, 20000, &err) == HL_OK);
}

static void drop(struct made *m) {
    hl_exact_lattices_free(&m->sum);
    hl_exact_lattices_free(&m->largest);
    cr_expect(m->sum.upto[0] == NULL);
    hl_arena_free(&m->arena);
    hl_plan_free(&m->plan);
}

static void expect_near(const char *what, double got, double want, double room) {
    cr_expect(fabs(got - want) <= room, "%s: %.12g, not %.12g", what, got, want);
}

/* The outer lattices hold the truth, and the one in the middle is near to it. */
static void expect_held(const char *what, const struct hl_exact_lattices *l, double x, double above, double room) {
    double low = hl_exact_above(l, HL_LATTICE_LOWER, x), high = hl_exact_above(l, HL_LATTICE_UPPER, x);
    double middle = hl_exact_above(l, HL_LATTICE_NEAREST, x);
    cr_expect(low <= above + 1e-11 && above <= high + 1e-11, "%s at %g: %.9g is not in %.9g to %.9g", what, x, above,
              low, high);
    expect_near(what, middle, above, room);
}

/* One exchange of 10^12 that loses amounts of mean 10^6, exponential. */
static struct hl_breach *exponential(struct engine *f, double rate) {
    engine_start(f);
    engine_holding(f, engine_exchange(f, "ape"), engine_asset(f, "gold"), HL_HOT, 1e12);
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, rate, HL_NONE);
    b->size = (struct hl_distribution){.family = &hl_severity_generalized_pareto, .p = {0, 1e6, 0}};
    return b;
}

/* P(S > x) = sum of P(N = n) P(Gamma(n) > x); the largest is at most x with probability exp(-rate e^(-x)). */
Test(exact_sum, compound_poisson_of_exponentials) {
    struct engine f;
    struct made m;
    exponential(&f, 2);
    make(&m, &f, 0.999, 0);
    expect_near("mean", hl_exact_mean(&m.c), 2e6, 1e-3);
    struct hl_exact_square sd = hl_exact_sd(&m.c);
    cr_expect(sd.low <= 2e6 && 2e6 <= sd.high && sd.high < 1.001 * sd.low, "%.9g to %.9g", sd.low, sd.high);
    expect_near("P(breach)", hl_exact_p_breach(&m.c, false), -expm1(-2), 1e-15);
    for (double x = 0; x < 12; x += 3) {
        double want = 0, poisson = exp(-2.0), erlang = 0, term = exp(-x);
        for (int n = 1; n < 60; n++) {
            poisson *= 2.0 / n;
            erlang += term;
            term *= x / n;
            want += poisson * erlang;
        }
        expect_held("sum", &m.sum, x * 1e6, want, 1e-3);
        expect_held("largest", &m.largest, x * 1e6, -expm1(-2 * exp(-x)), 1e-3);
    }
    /* E[largest] is the integral of 1 - exp(-2 e^-x): gamma + ln 2 + E1(2) */
    double want = (0.5772156649015329 + log(2) + 0.04890051070806112) * 1e6;
    cr_expect(m.largest.mean[HL_LATTICE_LOWER] <= want && want <= m.largest.mean[HL_LATTICE_UPPER]);
    expect_near("mean of the largest", m.largest.mean[HL_LATTICE_NEAREST], want, 2);
    double q = hl_exact_quantile(&m.largest, HL_LATTICE_NEAREST, 0.99);
    expect_near("quantile of the largest", q, -log(-log(0.99) / 2) * 1e6, m.largest.step);
    cr_expect(m.sum.step == 1000 || m.sum.step == 500 || m.sum.step == 2000, "%g", m.sum.step);
    drop(&m);
}

/* Negative binomial of mean 3 and shape 2: variance of the sum = 3 mu^2 + (3 + 4.5) mu^2; and of a gamma climate of sd
 * 0.8 over a Poisson rate of 3 the same with shape 1 / 0.64. */
Test(exact_sum, counts_that_spread) {
    struct engine f;
    struct made m;
    struct hl_climate climate = {.name = "era", .family = &hl_climate_gamma, .sd = 0.8};
    for (int way = 0; way < 2; way++) {
        struct hl_breach *b = exponential(&f, 3);
        double shape = way == 0 ? 2 : 1 / 0.64;
        if (way == 0) {
            b->count = (struct hl_count){.family = &hl_frequency_negative_binomial, .p = {3, 2}, .low = 3, .high = 3};
        } else {
            f.s.climates = &climate;
            f.s.climate_count = 1;
            b->climate = 0;
        }
        make(&m, &f, 0.99, 0);
        expect_near("P(breach)", hl_exact_p_breach(&m.c, true), 1 - pow(1 + 3 / shape, -shape), 1e-14);
        double variance = (3 + 3 + 9 / shape) * 1e12;
        struct hl_exact_square sd = hl_exact_sd(&m.c);
        cr_expect(sd.low * sd.low <= variance && variance <= sd.high * sd.high && sd.high < 1.001 * sd.low);
        /* No loss above x: the count's generating function at F(x). */
        double x = 2e6, none = pow(1 + 3 / shape * exp(-2), -shape);
        expect_held("largest", &m.largest, x, 1 - none, 1e-3);
        double mean = m.sum.limited[HL_LATTICE_NEAREST][m.sum.count - 1];
        cr_expect(mean < 3e6 && mean > 2.9e6, "%g", mean);
        drop(&m);
    }
}

/* A vendor of two clients with 100 and 10, each hit with probability 1/2, everything taken, 0.1 times a year. */
Test(exact_sum, shared_vendor) {
    struct engine f;
    struct made m;
    engine_start(&f);
    size_t keyco = engine_vendor(&f, "keyco"), gold = engine_asset(&f, "gold");
    engine_holding(&f, engine_exchange(&f, "ape"), gold, HL_COLD, 100)->custodian = keyco;
    engine_holding(&f, engine_exchange(&f, "bee"), gold, HL_COLD, 10)->custodian = keyco;
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_third_party_compromise, 0.1, keyco);
    b->hit = b->hit_low = b->hit_high = 0.5;
    make(&m, &f, 0.9999, 400);
    expect_near("P(a client is hit)", hl_exact_p_breach(&m.c, false), -expm1(-0.075), 1e-15);
    expect_near("P(a breach)", hl_exact_p_breach(&m.c, true), -expm1(-0.1), 1e-15);
    expect_near("mean", hl_exact_mean(&m.c), 0.1 * 55, 1e-12);
    /* E[loss^2] = (100^2 + 10^2 + 110^2) / 4 */
    struct hl_exact_square sd = hl_exact_sd(&m.c);
    expect_near("variance from below", sd.low * sd.low, 555, 1e-9);
    expect_near("variance from above", sd.high * sd.high, 555, 1e-9);
    /* Atoms lie on points of the lattices, so that all three agree there. */
    for (int i = 0; i < HL_LATTICE_COUNT; i++) {
        const enum hl_lattice which = (enum hl_lattice)i;
        double none = exp(-0.1), quarter = 0.1 / 4;
        expect_near("largest at most 10", 1 - hl_exact_above(&m.largest, which, 99), exp(-2 * quarter), 1e-11);
        expect_near("largest at most 100", 1 - hl_exact_above(&m.largest, which, 100), exp(-quarter), 1e-11);
        expect_near("nothing", 1 - hl_exact_above(&m.sum, which, 0), none * exp(quarter), 1e-11);
        expect_near("one of 110 or 100 and 10", hl_exact_above(&m.sum, which, 109) - hl_exact_above(&m.sum, which, 110),
                    none * exp(quarter) * (quarter + quarter * quarter), 1e-11);
    }
    drop(&m);
}

/* A component that two vendors are built on, open with probability 1/2 each: one client each of 100 and 10. */
Test(exact_sum, links_between_vendors) {
    struct engine f;
    struct made m;
    engine_start(&f);
    size_t chip = engine_vendor(&f, "chip"), keyco = engine_vendor(&f, "keyco"), vault = engine_vendor(&f, "vault");
    size_t uses[] = {chip}, gold = engine_asset(&f, "gold");
    f.vendors[keyco].uses = f.vendors[vault].uses = uses;
    f.vendors[keyco].use_count = f.vendors[vault].use_count = 1;
    engine_holding(&f, engine_exchange(&f, "ape"), gold, HL_COLD, 100)->custodian = keyco;
    engine_holding(&f, engine_exchange(&f, "bee"), gold, HL_COLD, 10)->custodian = vault;
    engine_breach(&f, HL_VECTOR_third_party_compromise, 0.1, chip)->passes = 0.5;
    make(&m, &f, 0.9999, 400);
    expect_near("mean", hl_exact_mean(&m.c), 0.1 * 55, 1e-12);
    expect_near("P(a client is hit)", hl_exact_p_breach(&m.c, false), -expm1(-0.075), 1e-15);
    expect_near("largest at most 10", 1 - hl_exact_above(&m.largest, HL_LATTICE_LOWER, 99), exp(-0.05), 1e-11);
    drop(&m);
}

/* Mass past the points is no mass at the last. */
Test(exact_sum, heavy_tails_beyond_the_points) {
    struct engine f;
    struct made m;
    struct hl_breach *b = exponential(&f, 0.5);
    b->size = (struct hl_distribution){.family = &hl_severity_pareto, .p = {1e3, 1.1}};
    make(&m, &f, 0.9, 0);
    double end = hl_exact_end(&m.largest);
    expect_held("largest", &m.largest, end, -expm1(-0.5 * pow(end / 1e3, -1.1)), 1e-3);
    cr_expect(isinf(hl_exact_quantile(&m.sum, HL_LATTICE_NEAREST, 1 - 1e-6)));
    drop(&m);
}
