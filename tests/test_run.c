/* Runs: the same rows from any number of threads, and what must hold between runs. */
#include "base/draw.h"
#include "engine/run.h"
#include "stats/ladder.h"
#include "tests/engine_fixture.h"
#include "tests/many.h"

#include <signal.h>

/* One exchange, a breach every five years, a reserve that often suffices; through the vendor or not. */
static void make_small(struct engine *f, bool through_vendor) {
    engine_start(f);
    size_t keyco = engine_vendor(f, "keyco");
    engine_exchange(f, "ape");
    engine_asset(f, "BTC");
    engine_holding(f, 0, 0, HL_COLD, 1000000)->custodian = keyco;
    engine_breach(f, HL_VECTOR_third_party_compromise, 0.2, through_vendor ? keyco : HL_NONE)->size =
        (struct hl_distribution){.family = &hl_severity_beta, .p = {0.8, 0.6}, .everything = 0.3};
    engine_fund(f, HL_FUND_reserve, 400000);
}

/* Runs a scenario; the plan is freed, the scenario must outlive the result. */
static void run(struct hl_result *r, const struct engine *f, unsigned threads) {
    struct hl_plan p;
    struct hl_error err = {0};
    struct hl_run_options options = hl_run_options_default();
    options.threads = threads;
    engine_plan(&p, f);
    cr_assert(hl_run(r, &p, &options, &err) == HL_OK);
    hl_plan_free(&p);
}

static bool same_bits(double a, double b) { return hl_bits(a) == hl_bits(b); }

static bool same_row(const struct hl_row *a, const struct hl_row *b) {
    return hl_row_compare(a, b) == 0 && same_bits(a->value, b->value) && same_bits(a->error, b->error) &&
           same_bits(a->low, b->low) && same_bits(a->high, b->high) && a->status == b->status;
}

static void expect_same(const struct hl_result *a, const struct hl_result *b) {
    cr_assert_eq(a->trials, b->trials);
    cr_assert_eq(a->row_count, b->row_count);
    for (size_t i = 0; i < a->row_count; i++)
        cr_assert(same_row(&a->rows[i], &b->rows[i]), "row %zu: %s %s", i,
                  hl_perspective_names[a->rows[i].key.perspective], hl_metric_names[a->rows[i].key.metric]);
    cr_assert_eq(a->verdict_count, b->verdict_count);
    for (size_t i = 0; i < a->verdict_count; i++)
        cr_assert(a->verdicts[i].trials_needed == b->verdicts[i].trials_needed &&
                  a->verdicts[i].p_high == b->verdicts[i].p_high);
    cr_assert_eq(a->provenance.events, b->provenance.events);
}

Test(run, any_number_of_threads_gives_the_same_rows) {
    const unsigned most = HL_IS_SLOW ? 3 : 7;
    static struct engine f;
    struct hl_result one, more;
    engine_make(&f, 1, false);
    f.s.trials = most * HL_BLOCK_TRIALS - 77; /* a block for each, the last one not full */
    run(&one, &f, 1);
    cr_assert(one.row_count > 900 && one.provenance.events > f.s.trials, "%zu, %zu", one.row_count,
              (size_t)one.provenance.events);
    cr_expect_eq(one.provenance.threads, 1);
    for (unsigned threads = 2; threads <= most; threads += most - 2) {
        run(&more, &f, threads);
        cr_expect_eq(more.provenance.threads, threads);
        expect_same(&one, &more);
        hl_result_free(&more);
    }
    hl_result_free(&one);
}

static const struct hl_row *find(const struct hl_result *r, struct hl_row_key key) {
    key.year = 1;
    const struct hl_row *row = hl_result_find(r, key);
    cr_assert(row != NULL, "no row %s %s", hl_perspective_names[key.perspective], hl_metric_names[key.metric]);
    return row;
}

#define KEY(what, how, ...) ((struct hl_row_key){.perspective = what, .metric = how, __VA_ARGS__})

static double p_short(const struct hl_result *r, uint32_t entity, enum hl_basis basis) {
    return find(r, KEY(HL_SHORTFALL, HL_P_POSITIVE, .entity = entity, .basis = basis))->value;
}

/* A shorter run is the beginning of a longer one: its counts are the counts of the longer one up to there. */
Test(run, fewer_trials_are_a_prefix) {
    static struct engine f;
    engine_make(&f, 1, false);
    double breaches = 0, shortfalls = 0, largest = 0, sum = 0;
    const uint64_t trials[] = {1, 3000, 4096, 4097, 12288};
    for (size_t i = 0; i < COUNT_OF(trials); i++) {
        struct hl_result r;
        f.s.trials = trials[i];
        run(&r, &f, 2);
        double n = (double)trials[i], more = i > 0 ? n - (double)trials[i - 1] : n;
        double b = nearbyint(n * find(&r, KEY(HL_GROSS, HL_P_BREACH, 0))->value);
        double s = nearbyint(n * p_short(&r, 0, HL_BASIS_ALL));
        double m = nearbyint(n * find(&r, KEY(HL_GROSS, HL_MEAN, 0))->value);
        double top = find(&r, KEY(HL_GROSS, HL_AEP, .level = 100))->value;
        cr_expect(b >= breaches && b - breaches <= more && s >= shortfalls && s - shortfalls <= more);
        cr_expect(m >= sum);
        largest = fmax(largest, top);
        breaches = b;
        shortfalls = s;
        sum = m;
        hl_result_free(&r);
    }
    cr_expect(breaches > 6000 && largest > 0);
}

/* The first block's own shortfalls, counted by hand from the events up, are those of a run of one block; and a run of
 * two blocks has those of each. */
Test(run, blocks_add_up) {
    static struct engine f;
    engine_make(&f, 1, false);
    static struct hl_events events;
    struct hl_claims claims = {0};
    struct hl_plan p;
    struct hl_error err = {0};
    engine_plan(&p, &f);
    double gross[2] = {0}, hits[2] = {0};
    for (uint32_t block = 0; block < 2; block++) {
        cr_assert(hl_events_sample(&events, &p, 0, block, HL_BLOCK_TRIALS, &err) == HL_OK);
        cr_assert(hl_claims_reserve(&claims, &p, events.count, &err) == HL_OK);
        for (uint32_t t = 0; t < HL_BLOCK_TRIALS; t++) {
            hl_claims_play(&claims, &p, block, events.hits + events.first[t], events.first[t + 1] - events.first[t]);
            hits[block] += claims.count > 0;
            for (size_t k = 0; k < claims.count; k++)
                gross[block] += claims.claims[k].gross;
        }
    }
    for (uint64_t blocks = 1; blocks <= 2; blocks++) {
        struct hl_result r;
        f.s.trials = blocks * HL_BLOCK_TRIALS;
        run(&r, &f, 2);
        double n = (double)f.s.trials;
        cr_expect(find(&r, KEY(HL_GROSS, HL_P_BREACH, 0))->value == (hits[0] + (blocks - 1) * hits[1]) / n);
        cr_expect(find(&r, KEY(HL_GROSS, HL_MEAN, 0))->value == (gross[0] + (blocks - 1) * gross[1]) / n);
        hl_result_free(&r);
    }
    hl_plan_free(&p);
    hl_claims_free(&claims);
    hl_events_free(&events);
}

Test(run, auto_stops_at_the_target) {
    static struct engine f;
    struct hl_result r, seven;
    make_small(&f, false);
    f.s.trials_auto = true;
    f.s.trials = 10000000;
    f.s.target_relative_error = 0.0065;
    run(&r, &f, 1);
    run(&seven, &f, 7);
    expect_same(&r, &seven);
    hl_result_free(&seven);
    double p = p_short(&r, 0, HL_BASIS_ALL), n = (double)r.trials;
    cr_expect(r.trials > 65536 && r.trials < 10000000 && (r.trials & (r.trials - 1)) == 0, "%g trials", n);
    cr_expect(sqrt((1 - p) / p / n) <= 0.0065, "the target is met");
    cr_expect(r.verdicts[0].enough_trials);
    f.s.trials_auto = false;
    f.s.trials = r.trials / 2;
    run(&seven, &f, 2);
    p = p_short(&seven, 0, HL_BASIS_ALL);
    cr_expect(sqrt((1 - p) / p / (n / 2)) > 0.0065, "half as many did not meet it");
    hl_result_free(&seven);
    f.s.trials = r.trials;
    run(&seven, &f, 2);
    expect_same(&r, &seven);
    hl_result_free(&seven);
    hl_result_free(&r);
}

Test(run, auto_gives_up_at_the_most) {
    static struct engine f;
    struct hl_result r;
    make_small(&f, false);
    f.s.trials_auto = true;
    f.s.trials = 100000; /* no multiple of a block */
    f.s.target_relative_error = 1e-6;
    run(&r, &f, 2);
    cr_expect_eq(r.trials, 100000);
    cr_expect(!r.verdicts[0].enough_trials && r.verdicts[0].trials_needed > 1e9);
    hl_result_free(&r);
}

static volatile sig_atomic_t stop_now;

static void stop_at_half(void *context, struct hl_progress p) {
    *(int *)context += 1;
    cr_assert(p.pass >= 1 && p.pass <= 2 && p.done <= p.trials);
    if (p.pass == 2 && p.done * 2 > p.trials)
        stop_now = 1;
}

Test(run, an_interrupt_leaves_nothing) {
    static struct engine f;
    struct hl_plan p;
    struct hl_result r;
    struct hl_error err = {0};
    int calls = 0;
    make_small(&f, false);
    f.s.trials = 200000;
    engine_plan(&p, &f);
    const struct hl_run_options options = {
        .threads = 2, .interrupt = &stop_now, .progress = stop_at_half, .progress_context = &calls};
    cr_expect(hl_run(&r, &p, &options, &err) == HL_INTERRUPTED);
    cr_expect(calls >= 16 + 24 && calls < 16 + 40, "%d blocks", calls);
    cr_expect(r.rows == NULL && r.row_count == 0 && r.arena.chunks == NULL);
    cr_expect_eq(err.count, 0);
    hl_plan_free(&p);
}

static void count_calls(void *context, struct hl_progress p) {
    *(uint64_t *)context += 1;
    if (p.done == p.trials)
        *(uint64_t *)context += 1000;
}

Test(run, progress_of_the_passes) {
    static struct engine f;
    struct hl_plan p;
    struct hl_result r;
    struct hl_error err = {0};
    uint64_t calls = 0;
    engine_make(&f, 1, false);
    f.s.trials = 20000;
    engine_plan(&p, &f);
    struct hl_run_options options = {.threads = 3, .progress = count_calls, .progress_context = &calls};
    cr_assert(hl_run(&r, &p, &options, &err) == HL_OK);
    cr_expect_eq(calls, 2010, "a pilot of all five blocks, and all of them; each ends with all");
    hl_result_free(&r);
    hl_plan_free(&p);
}

/* The rows are the same whether the pilot foresaw where the asked values lie, some of them, or none: with half a
 * standard error to spare some questions are missed, with -1000 all windows are shut. */
Test(run, what_the_pilot_misses_is_played_again) {
    static struct engine f;
    struct hl_result good, bad;
    make_small(&f, false);
    f.s.trials = 40 * HL_BLOCK_TRIALS + 77;
    run(&good, &f, 2);
    const double spares[] = {0.5, -1000};
    for (size_t i = 0; i < COUNT_OF(spares); i++) {
        struct hl_plan p;
        struct hl_error err = {0};
        uint64_t calls = 0;
        const struct hl_run_options options = {
            .threads = 3, .progress = count_calls, .progress_context = &calls, .pilot_spare = spares[i]};
        engine_plan(&p, &f);
        cr_assert(hl_run(&bad, &p, &options, &err) == HL_OK);
        cr_expect_eq(calls, 16 + 41 + 41 + 3000, "three passes: %zu", (size_t)calls);
        expect_same(&good, &bad);
        hl_result_free(&bad);
        hl_plan_free(&p);
    }
    uint64_t calls = 0;
    struct hl_plan p;
    struct hl_error err = {0};
    const struct hl_run_options options = {.threads = 1, .progress = count_calls, .progress_context = &calls};
    engine_plan(&p, &f);
    cr_assert(hl_run(&bad, &p, &options, &err) == HL_OK);
    cr_expect_eq(calls, 16 + 41 + 2000, "two passes: %zu", (size_t)calls);
    expect_same(&good, &bad);
    hl_result_free(&bad);
    hl_plan_free(&p);
    hl_result_free(&good);
}

/* --- every row -----------------------------------------------------------------------------------------------------
 */

static void expect_sound(const struct hl_result *r, const struct hl_row *row) {
    const char *name = hl_perspective_names[row->key.perspective], *metric = hl_metric_names[row->key.metric];
    bool without = row->status == HL_ROW_NO_EVENTS || row->status == HL_ROW_NOT_ATTAINABLE ||
                   row->status == HL_ROW_NOTHING_TO_SIZE || row->status == HL_ROW_NEVER;
    cr_assert_eq(isnan(row->value), without, "%s %s %g: value %g, %s", name, metric, row->key.level, row->value,
                 hl_row_status_names[row->status]);
    cr_assert(!isinf(row->value) && !isinf(row->error) && !isinf(row->low) && !isinf(row->high), "%s %s", name, metric);
    cr_assert(row->key.year == 1 && row->key.entity < r->entity_count && row->key.policy < r->policy_count &&
              row->key.outer < r->sampling_count);
    cr_assert(isnan(row->error) || row->error >= 0, "%s %s", name, metric);
    double slack = 1e-9 * fabs(row->value);
    cr_assert(isnan(row->low) || isnan(row->value) || row->low <= row->value + slack, "%s %s", name, metric);
    cr_assert(isnan(row->high) || isnan(row->value) || row->high >= row->value - slack, "%s %s", name, metric);
    bool gain = row->key.perspective == HL_INSURANCE_GAIN;
    cr_assert(isnan(row->value) || gain || row->value >= 0, "%s %s", name, metric);
}

static void expect_sound_rows(const struct engine *f) {
    struct hl_result r;
    run(&r, f, 2);
    for (size_t i = 0; i < r.row_count; i++) {
        expect_sound(&r, &r.rows[i]);
        if (i > 0)
            cr_assert(hl_row_compare(&r.rows[i - 1], &r.rows[i]) < 0, "row %zu: sorted, each key once", i);
        cr_assert(hl_result_find(&r, r.rows[i].key) == &r.rows[i]);
    }
    hl_result_free(&r);
}

Test(run, every_row_has_a_value_or_says_why_not) {
    static struct engine f;
    engine_make(&f, 1, false);
    expect_sound_rows(&f);
    f.s.trials = 1;
    expect_sound_rows(&f);
    f.s.trials = 50; /* beyond what this many can show */
    expect_sound_rows(&f);
    engine_make(&f, 1, false);
    for (size_t i = 0; i < f.s.breach_count; i++)
        f.breaches[i].count = engine_poisson(0); /* no breach at all */
    expect_sound_rows(&f);
    engine_make(&f, 1, false);
    f.s.fund_count = 0; /* nobody pays, nothing to size */
    expect_sound_rows(&f);
    engine_make(&f, 1, false);
    f.funds[2].at_count = 1; /* a layer at one of the two */
    f.funds[2].after_days = 40;
    expect_sound_rows(&f);
}

/* --- P(breach), exact ----------------------------------------------------------------------------------------------
 */

/* The chance of at least one event of the sources that are counted for an entity: a vendor's event counts for vendor,
 * vector and source even when it hits nobody. */
static double exact(const struct hl_plan *p, size_t sampling, const struct hl_entity *e) {
    if (e->kind == HL_ENTITY_SYSTEM || e->kind == HL_ENTITY_EXCHANGE)
        return hl_plan_p_breach(p, sampling, HL_NONE, e->kind == HL_ENTITY_SYSTEM ? HL_NONE : e->index);
    double none = 1;
    for (size_t i = 0; i < p->source_count; i++) {
        const struct hl_source *src = &p->sources[i];
        const struct hl_count *c = &p->samplings[sampling].counts[i];
        if ((e->kind == HL_ENTITY_SOURCE && e->index == i) ||
            (e->kind == HL_ENTITY_VECTOR && e->index == src->vector) ||
            (e->kind == HL_ENTITY_VENDOR && e->index == src->vendor))
            none *= c->family->none(c, p->year_days / 365);
    }
    return 1 - none;
}

Test(run, p_breach_of_every_entity) {
    enum { N = HL_MANY(200000) };
    static struct engine f;
    struct hl_plan p;
    struct hl_result r;
    engine_make(&f, 1, false);
    f.s.trials = N;
    f.s.horizon_days = 300;
    engine_plan(&p, &f);
    run(&r, &f, 2);
    cr_assert(r.sampling_count == 4 && r.entity_count == 1 + 2 + 1 + 3 + 5);
    for (uint32_t e = 0; e < r.entity_count; e++) {
        for (uint16_t s = 0; s < (e < 3 ? 4 : 3); s++) { /* the fourth, vendors apart, has exchanges only */
            const struct hl_row *row = find(&r, KEY(HL_GROSS, HL_P_BREACH, .entity = e, .outer = s));
            double want = exact(&p, s, &r.entities[e]);
            cr_expect(want > 0.01 && fabs(row->value - want) < 4 * sqrt(want * (1 - want) / N), "%s, %s: %g, not %g",
                      r.entities[e].name, r.samplings[s], row->value, want);
        }
    }
    hl_result_free(&r);
    hl_plan_free(&p);
}

/* --- metamorphic ---------------------------------------------------------------------------------------------------
 */

enum { FEW = HL_IS_SLOW ? 1500 : 9000 }; /* what is compared holds trial by trial */

Test(run, more_reserve_never_raises_the_probability_of_shortfall) {
    static struct engine f;
    double before[3] = {1, 1, 1}, first = 1;
    for (int step = 0; step <= 6; step++) {
        struct hl_result r;
        engine_make(&f, 1, false);
        f.s.trials = FEW;
        f.funds[3].amount.value = 300 + 700 * step;
        run(&r, &f, 2);
        for (uint32_t e = 0; e < 3; e++) {
            double p = p_short(&r, e, HL_BASIS_EARMARKED);
            cr_expect(p <= before[e], "%d: %g after %g", step, p, before[e]);
            before[e] = p;
        }
        if (step == 0)
            first = before[0];
        hl_result_free(&r);
    }
    cr_expect(before[0] < 0.8 * first, "%g after %g", before[0], first);
}

static bool is_near(double a, double b) { return (isnan(a) && isnan(b)) || fabs(a - b) <= 1e-7 * fabs(b); }

/* Probabilities stay to the last bit; money doubles but for rounding to yen. What is at a level of money has other
 * levels. */
Test(run, doubling_all_money_doubles_all_money) {
    static struct engine f, g;
    struct hl_result r, twice;
    engine_make(&f, 1 << 20, false);
    engine_make(&g, 1 << 21, false);
    f.s.trials = g.s.trials = FEW;
    run(&r, &f, 2);
    run(&twice, &g, 2);
    cr_assert_eq(r.row_count, twice.row_count);
    size_t compared = 0;
    for (size_t i = 0; i < r.row_count; i++) {
        const struct hl_row *a = &r.rows[i];
        enum hl_metric m = a->key.metric;
        if (m == HL_P_ABOVE || m == HL_MEAN_ABOVE)
            continue;
        const struct hl_row *b = find(&twice, a->key);
        bool probability = m == HL_P_BREACH || m == HL_P_POSITIVE || m == HL_P_UNPAID_AFTER || m == HL_P_AT_LEAST ||
                           m == HL_P_ATTACH || m == HL_P_EXHAUST || a->key.perspective == HL_DAYS_UNTIL_WHOLE;
        double factor = probability || m == HL_SHARE_AT ? 1 : 2;
        bool same = probability ? same_row(a, b)
                                : is_near(factor * a->value, b->value) && is_near(factor * a->low, b->low) &&
                                      is_near(factor * a->high, b->high) && is_near(factor * a->error, b->error) &&
                                      a->status == b->status;
        cr_assert(same, "%s %s %g: %.17g, %.17g", hl_perspective_names[a->key.perspective], hl_metric_names[m],
                  a->key.level, a->value, b->value);
        compared++;
    }
    cr_expect(compared > 500, "%zu", compared);
    hl_result_free(&r);
    hl_result_free(&twice);
}

/* One layer of 1000 above 100, or 400 above 100 and 600 above 500. */
Test(run, splitting_a_layer_pays_the_same) {
    static struct engine f, g;
    struct hl_result one, two;
    engine_make(&f, 1, false);
    engine_make(&g, 1, false);
    f.s.trials = g.s.trials = FEW;
    struct hl_fund *upper = engine_fund(&g, HL_FUND_insurance, 600);
    upper->name = "upper";
    upper->layer.attachment = 500;
    g.funds[2].layer.limit = 400;
    struct hl_fund moved = *upper; /* right behind the first */
    memmove(&g.funds[4], &g.funds[3], 3 * sizeof *g.funds);
    g.funds[3] = moved;
    run(&one, &f, 2);
    run(&two, &g, 2);
    for (uint32_t e = 0; e < 3; e++) {
        double whole = find(&one, KEY(HL_PAID, HL_MEAN, .entity = e, .item = 2))->value;
        double parts = find(&two, KEY(HL_PAID, HL_MEAN, .entity = e, .item = 2))->value +
                       find(&two, KEY(HL_PAID, HL_MEAN, .entity = e, .item = 3))->value;
        cr_expect(whole > 0 && fabs(whole - parts) <= 1e-12 * whole, "%g, %g", whole, parts);
        for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++) {
            cr_expect(p_short(&one, e, basis) == p_short(&two, e, basis));
            cr_expect(find(&one, KEY(HL_SHORTFALL, HL_MEAN, .entity = e, .basis = basis))->value ==
                      find(&two, KEY(HL_SHORTFALL, HL_MEAN, .entity = e, .basis = basis))->value);
        }
    }
    hl_result_free(&one);
    hl_result_free(&two);
}

/* Other draws, the same law: P(breach), mean, spread and quantile agree within 4 standard errors. */
Test(run, a_vendor_with_one_client_is_an_own_source) {
    static struct engine f[2];
    struct hl_result r[2];
    for (int i = 0; i < 2; i++) {
        make_small(&f[i], i == 1);
        f[i].s.trials = 200000;
        run(&r[i], &f[i], 2);
    }
    const struct hl_row_key keys[] = {
        KEY(HL_GROSS, HL_P_BREACH, .entity = 1),          KEY(HL_GROSS, HL_MEAN, .entity = 1),
        KEY(HL_GROSS, HL_MEAN_GIVEN_BREACH, .entity = 1), KEY(HL_SHORTFALL, HL_P_POSITIVE, .entity = 1),
        KEY(HL_SHORTFALL, HL_MEAN, .entity = 1),          KEY(HL_GROSS, HL_TVAR, .entity = 1, .level = 0.9)};
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct hl_row *a = find(&r[0], keys[i]), *b = find(&r[1], keys[i]);
        cr_expect(a->value != b->value, "other draws");
        cr_expect(fabs(a->value - b->value) < 4 * hypot(a->error, b->error), "%s %s: %g, %g",
                  hl_perspective_names[keys[i].perspective], hl_metric_names[keys[i].metric], a->value, b->value);
    }
    const struct hl_row *a = find(&r[0], KEY(HL_GROSS, HL_VAR_GIVEN_BREACH, .entity = 1, .level = 0.5));
    const struct hl_row *b = find(&r[1], KEY(HL_GROSS, HL_VAR_GIVEN_BREACH, .entity = 1, .level = 0.5));
    cr_expect(a->low <= b->high && b->low <= a->high, "the intervals of the medians overlap");
    hl_result_free(&r[0]);
    hl_result_free(&r[1]);
}

static uint32_t entity_named(const struct hl_result *r, const struct hl_entity *like) {
    for (uint32_t e = 0; e < r->entity_count; e++)
        if (r->entities[e].kind == like->kind && strcmp(r->entities[e].name, like->name) == 0)
            return e;
    cr_assert_fail("no entity %s", like->name);
    return 0;
}

Test(run, reordering_exchanges_permutes_rows) {
    static struct engine f, g;
    struct hl_result r, swapped;
    engine_make(&f, 1, false);
    engine_make(&g, 1, true);
    f.s.trials = g.s.trials = FEW;
    run(&r, &f, 2);
    run(&swapped, &g, 2);
    cr_assert_eq(r.row_count, swapped.row_count);
    cr_expect_str_eq(r.entities[1].name, "ape");
    cr_expect_str_eq(swapped.entities[1].name, "bee");
    for (size_t i = 0; i < r.row_count; i++) {
        struct hl_row_key key = r.rows[i].key;
        key.entity = entity_named(&swapped, &r.entities[key.entity]);
        struct hl_row moved = *find(&swapped, key);
        moved.key = r.rows[i].key;
        cr_assert(same_row(&r.rows[i], &moved), "%s: %s %s", r.entities[r.rows[i].key.entity].name,
                  hl_perspective_names[key.perspective], hl_metric_names[key.metric]);
    }
    hl_result_free(&r);
    hl_result_free(&swapped);
}

Test(run, a_layer_that_only_adds_money_gains) {
    static struct engine f;
    struct hl_result r;
    engine_make(&f, 1, false);
    run(&r, &f, 2);
    for (uint32_t e = 0; e < 3; e++) {
        for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++) {
            const struct hl_row *p =
                find(&r, KEY(HL_INSURANCE_GAIN, HL_P_POSITIVE, .entity = e, .basis = basis, .policy = 1));
            const struct hl_row *mean =
                find(&r, KEY(HL_INSURANCE_GAIN, HL_MEAN, .entity = e, .basis = basis, .policy = 1));
            double with = find(&r, KEY(HL_SHORTFALL, HL_MEAN, .entity = e, .basis = basis))->value;
            double without = find(&r, KEY(HL_SHORTFALL, HL_MEAN, .entity = e, .basis = basis, .policy = 1))->value;
            cr_expect(p->value >= 0 && mean->value > 0, "%g, %g", p->value, mean->value);
            cr_expect(fabs(mean->value - (without - with)) <= 1e-9 * without);
        }
    }
    hl_result_free(&r);
}
