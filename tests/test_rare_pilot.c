/* The pilot: what it tilts, what it leaves alone, and that it knows nothing of the run's own draws. */
#include "engine/rare_pilot.h"

#include "tests/rare_fixture.h"

#include <criterion/criterion.h>

static void pilot(struct hl_tilt *tilt, struct hl_pilot *told, const struct hl_plan *p, unsigned threads) {
    struct hl_error err = {0};
    struct hl_run_options options = hl_run_options_default();
    options.threads = threads;
    cr_assert(hl_pilot_run(tilt, told, p, 0, &options, &err) == HL_OK);
}

/* One breach in 50 years; the wallet is emptied but for a millionth by many or by large ones. Phishing at another, tiny
 * wallet brings no shortfall about. */
Test(rare_pilot, tilts_what_brings_a_shortfall_about) {
    static struct engine f;
    rare_make(&f, 0.02, 1e-6);
    engine_holding(&f, 0, 0, HL_COLD, 1000);
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_insider, 0.5, HL_NONE);
    b->tiers = 1u << HL_COLD;
    f.breaches[0].tiers = 1u << HL_HOT;
    b->size = (struct hl_distribution){.family = &hl_severity_uniform, .p = {0, 0.1}};
    struct hl_plan p;
    struct hl_tilt tilt;
    struct hl_pilot told;
    engine_plan(&p, &f);
    pilot(&tilt, &told, &p, 2);
    cr_expect(tilt.part_count == 2 && tilt.parts[0].share == HL_RARE_PLAIN_SHARE);
    cr_expect(tilt.parts[0].rate[0] == 1 && tilt.parts[0].size[0] == 1, "the plain part stays plain");
    cr_expect(tilt.parts[1].rate[0] > 20 && tilt.parts[1].size[0] > 2, "%g %g", tilt.parts[1].rate[0],
              tilt.parts[1].size[0]);
    cr_expect(fabs(tilt.parts[1].rate[1] - 1) < 0.1 && fabs(tilt.parts[1].size[1] - 1) < 0.1, "%g %g",
              tilt.parts[1].rate[1], tilt.parts[1].size[1]);
    double want = rare_probability(0.02, 1e-6 + 1e-9);
    cr_expect(told.hits > 1000 && fabs(told.probability / want - 1) < 0.1, "%g, about %g", told.probability, want);
    cr_expect(told.variance_reduction > 1000);
    hl_tilt_free(&tilt);
    hl_plan_free(&p);
}

Test(rare_pilot, does_not_depend_on_threads_but_on_the_seed) {
    static struct engine f;
    rare_make(&f, 0.3, 1e-4);
    struct hl_plan p;
    struct hl_tilt one, three, other;
    struct hl_pilot a, b, c;
    engine_plan(&p, &f);
    pilot(&one, &a, &p, 1);
    pilot(&three, &b, &p, 3);
    cr_expect(one.parts[1].rate[0] == three.parts[1].rate[0] && one.parts[1].size[0] == three.parts[1].size[0]);
    cr_expect(a.hits == b.hits && a.probability == b.probability && a.trials == b.trials);
    p.seed++;
    pilot(&other, &c, &p, 2);
    cr_expect(one.parts[1].rate[0] != other.parts[1].rate[0]);
    hl_tilt_free(&one);
    hl_tilt_free(&three);
    hl_tilt_free(&other);
    hl_plan_free(&p);
}

Test(rare_pilot, moves_the_climate_that_brings_many_breaches) {
    static struct engine f;
    static struct hl_climate climates[1] = {{.name = "threat", .sd = 2}};
    climates[0].family = &hl_climate_lognormal;
    rare_make(&f, 0.05, 1e-5);
    f.s.climates = climates;
    f.s.climate_count = 1;
    f.breaches[0].climate = 0;
    struct hl_plan p;
    struct hl_tilt tilt;
    struct hl_pilot told;
    engine_plan(&p, &f);
    pilot(&tilt, &told, &p, 2);
    cr_expect(tilt.parts[1].shift[0] > 0.5 && tilt.parts[1].shift[0] < 4, "%g", tilt.parts[1].shift[0]);
    cr_expect(told.variance_reduction > 20, "%g", told.variance_reduction);
    hl_tilt_free(&tilt);
    hl_plan_free(&p);
}

Test(rare_pilot, without_a_shortfall_there_are_no_hits) {
    static struct engine f;
    rare_make(&f, 0.3, 0);
    struct hl_plan p;
    struct hl_tilt tilt;
    struct hl_pilot told;
    engine_plan(&p, &f);
    pilot(&tilt, &told, &p, 2);
    cr_expect(told.hits == 0 && told.probability == 0 && told.variance_reduction == 0);
    hl_tilt_free(&tilt);
    hl_plan_free(&p);
}
