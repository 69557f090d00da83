/* Runs by importance sampling: against exact answers, against plain runs, and when they had better be plain. */
#include "engine/rare.h"

#include "tests/many.h"
#include "tests/rare_fixture.h"

#include <criterion/criterion.h>

static void run(struct hl_result *r, const struct engine *f, uint32_t entity, bool rare, unsigned threads) {
    struct hl_plan p;
    struct hl_error err = {0};
    struct hl_run_options options = hl_run_options_default();
    options.threads = threads;
    engine_plan(&p, f);
    enum hl_status status = rare ? hl_run_rare(r, &p, entity, &options, &err) : hl_run(r, &p, &options, &err);
    cr_assert(status == HL_OK, "%s", err.count > 0 ? err.faults[0].message : "no run");
    hl_plan_free(&p);
}

static const struct hl_row *find(const struct hl_result *r, enum hl_perspective what, enum hl_metric how,
                                 double level) {
    struct hl_row_key key = {.year = r->whole, .perspective = what, .metric = how, .level = level};
    const struct hl_row *row = hl_result_find(r, key);
    cr_assert(row != NULL, "no row %s %s %g", hl_perspective_names[what], hl_metric_names[how], level);
    return row;
}

Test(rare, a_shortfall_in_a_million_years_is_found) {
    static struct engine f;
    const double left = 1e-6;
    for (int i = 0; i < 2; i++) { /* about 2.9 and 0.076 in a million */
        double rate = i == 0 ? 0.5 : 0.05, want = rare_probability(rate, left);
        rare_make(&f, rate, left);
        f.s.trials = 100000;
        struct hl_result r;
        run(&r, &f, 0, true, 2);
        const struct hl_row *p = find(&r, HL_SHORTFALL, HL_P_POSITIVE, 0);
        cr_assert(r.rare.asked && r.rare.fallback == NULL);
        cr_expect(fabs(p->value - want) <= 4 * p->error, "%g +- %g, want %g", p->value, p->error, want);
        cr_expect(p->error < 0.03 * want, "relative error %g", p->error / want);
        cr_expect(r.rare.variance_reduction > 1000, "%g", r.rare.variance_reduction);
        cr_expect(fabs(r.rare.mean_weight - 1) <= 4 * r.rare.mean_weight_error);
        cr_expect(r.rare.hits > 10000 && r.rare.effective_hits > 1000 && r.rare.largest_share < 0.01);
        hl_result_free(&r);
    }
}

/* Where P(X > x) is known, both ends of a quantile's interval have to lie around it. */
Test(rare, quantiles_are_where_they_should_be) {
    static struct engine f;
    static const double levels[] = {0.99, 0.999, 0.9999, 0.99999};
    rare_make(&f, 0.5, 1e-5);
    f.s.trials = 200000;
    f.s.report.confidence = levels;
    f.s.report.confidence_count = COUNT_OF(levels);
    f.s.report.sized_at = 0.99;
    struct hl_result r;
    run(&r, &f, 0, true, 2);
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        const struct hl_row *q = find(&r, HL_GROSS, HL_VAR, levels[i]);
        /* Four errors are twice the interval, on the scale of what is left. */
        double value = log1p(-q->value / RARE_WALLET), low = log1p(-q->low / RARE_WALLET),
               high = log1p(-q->high / RARE_WALLET);
        double far_low = exp(value + 2 * (low - value)), far_high = exp(value + 2 * (high - value));
        cr_expect(q->status == HL_ROW_OK && q->low <= q->value && q->value <= q->high);
        cr_expect(rare_probability(0.5, far_low) >= 1 - levels[i] && rare_probability(0.5, far_high) <= 1 - levels[i],
                  "%g: %g (%g to %g)", levels[i], q->value, q->low, q->high);
    }
    hl_result_free(&r);
}

Test(rare, the_same_bits_for_any_number_of_threads) {
    static struct engine f;
    struct hl_result one, more;
    rare_make(&f, 0.3, 1e-3);
    f.s.trials = 50000; /* 13 blocks, the last one not full */
    run(&one, &f, 0, true, 1);
    for (unsigned threads = 2; threads <= 5; threads += 3) {
        run(&more, &f, 0, true, threads);
        cr_assert(one.rare.fallback == NULL && one.row_count == more.row_count && one.row_count > 50);
        for (size_t i = 0; i < one.row_count; i++) {
            const struct hl_row *a = &one.rows[i], *b = &more.rows[i];
            cr_expect(memcmp(&a->value, &b->value, 4 * sizeof(double)) == 0, "row %zu", i);
        }
        cr_expect(one.rare.largest_share == more.rare.largest_share && one.rare.mean_weight == more.rare.mean_weight &&
                  one.rare.hits == more.rare.hits);
        hl_result_free(&more);
    }
    hl_result_free(&one);
}

/* Everything at once: clusters, a vendor, recovery, insurance, a parent that may not answer; over years, in bad years.
 */
static void expect_as_plain(struct engine *f, uint32_t entity) {
    struct hl_result rare, plain;
    f->s.trials = HL_IS_SLOW ? 16000 : 60000;
    run(&rare, f, entity, true, 2);
    cr_assert(rare.rare.fallback == NULL, "%s", rare.rare.fallback);
    f->s.trials = HL_IS_SLOW ? 32000 : 120000;
    run(&plain, f, 0, false, 2);
    size_t compared = 0;
    for (size_t i = 0; i < rare.row_count; i++) {
        const struct hl_row *a = &rare.rows[i], *b = hl_result_find(&plain, a->key);
        if (b == NULL || b->status != HL_ROW_OK || a->status != HL_ROW_OK || !isfinite(a->error) || b->error == 0 ||
            b->value < 3 * b->error) /* so few trials show it that they do not tell their error */
            continue;
        cr_expect(fabs(a->value - b->value) <= 4.5 * hypot(a->error, b->error), "%s %s %s %g: %g +- %g, plain %g +- %g",
                  rare.entities[a->key.entity].name, hl_perspective_names[a->key.perspective],
                  hl_metric_names[a->key.metric], a->key.level, a->value, a->error, b->value, b->error);
        compared++;
    }
    cr_expect(compared >= 40, "%zu rows", compared);
    hl_result_free(&rare);
    hl_result_free(&plain);
}

Test(rare, as_plain_trials_where_everything_pays) {
    static struct engine f;
    engine_make(&f, 1000, false);
    f.breaches[2].count = engine_poisson(0.02);
    f.funds[3].amount.value *= 20; /* a reserve that seldom fails */
    expect_as_plain(&f, 1);
}

Test(rare, as_plain_trials_over_bad_years) {
    static struct engine f;
    static struct hl_climate climates[1];
    engine_make(&f, 1000, false);
    climates[0] = (struct hl_climate){.name = "threat", .family = &hl_climate_gamma, .sd = 1, .persistence = 0.5};
    f.s.climates = climates;
    f.s.climate_count = 1;
    f.breaches[0].climate = 0;
    f.breaches[0].count = engine_poisson(0.1);
    f.breaches[2].count = engine_poisson(0.02);
    f.s.horizon_days = 2 * 365;
    f.funds[3].amount.value *= 20;
    f.funds[3].refill_per_year = 0.5;
    expect_as_plain(&f, 0);
}

Test(rare, plain_trials_where_those_do_as_well) {
    static struct engine f;
    struct hl_result rare, plain;
    rare_make(&f, 2, 0.9); /* most years fall short */
    run(&rare, &f, 0, true, 2);
    run(&plain, &f, 0, false, 2);
    cr_assert(rare.rare.asked && rare.rare.fallback != NULL);
    cr_expect(strstr(rare.rare.fallback, "less than two plain ones") != NULL, "%s", rare.rare.fallback);
    cr_assert(rare.row_count == plain.row_count);
    for (size_t i = 0; i < plain.row_count; i++)
        cr_expect(memcmp(&rare.rows[i].value, &plain.rows[i].value, 4 * sizeof(double)) == 0);
    hl_result_free(&rare);
    hl_result_free(&plain);
    rare_make(&f, 0.5, 0); /* the reserve holds as much as there is to take */
    run(&rare, &f, 0, true, 2);
    cr_assert(rare.rare.fallback != NULL);
    cr_expect(strstr(rare.rare.fallback, "none of the pilot's trials fell short") != NULL);
    hl_result_free(&rare);
}

Test(rare, as_many_trials_as_the_target_error_takes) {
    static struct engine f;
    struct hl_result r;
    rare_make(&f, 0.5, 1e-6);
    f.s.trials = 4000000;
    f.s.trials_auto = true;
    f.s.target_relative_error = 0.02;
    run(&r, &f, 0, true, 2);
    const struct hl_row *p = find(&r, HL_SHORTFALL, HL_P_POSITIVE, 0);
    cr_expect(p->error <= 0.02 * p->value && p->error > 0.005 * p->value, "%g", p->error / p->value);
    cr_expect(r.trials < 4000000 && r.trials % HL_BLOCK_TRIALS == 0);
    hl_result_free(&r);
}
