/* Blocks of trials over several policy years: what is counted for each year and for the whole. */
#include "base/draw.h"
#include "engine/run.h"
#include "stats/ladder.h"
#include "tests/engine_fixture.h"

/* Two blocks and three, the last one not full; where it is slow, a part of one. */
enum { YEARS = 3, TRIALS = HL_IS_SLOW ? 1200 : 4500, MORE_TRIALS = HL_IS_SLOW ? TRIALS : 9000 };

static void run(struct hl_result *r, const struct engine *f, unsigned threads) {
    struct hl_plan p;
    struct hl_error err = {0};
    struct hl_run_options options = hl_run_options_default();
    options.threads = threads;
    engine_plan(&p, f);
    cr_assert(hl_run(r, &p, &options, &err) == HL_OK);
    hl_plan_free(&p);
}

/* Everything that pays, over some years. */
static void run_years(struct hl_result *r, struct engine *f, int years, uint64_t trials, bool fresh, unsigned threads) {
    engine_make(f, 1000, false);
    f->s.trials = trials;
    f->s.horizon_days = years * 365;
    f->s.fresh = fresh;
    f->funds[1].refill_per_year = 1;   /* guarantee crypto */
    f->funds[3].refill_per_year = 0.5; /* the reserve */
    f->funds[4].refill_per_year = 0.1; /* own capital */
    run(r, f, threads);
}

static const struct hl_row *find(const struct hl_result *r, struct hl_row_key key) {
    const struct hl_row *row = hl_result_find(r, key);
    cr_assert(row != NULL, "no row %s %s of year %u", hl_perspective_names[key.perspective],
              hl_metric_names[key.metric], key.year);
    return row;
}

#define KEY(what, how, ...) ((struct hl_row_key){.perspective = what, .metric = how, __VA_ARGS__})

static bool same_estimate(const struct hl_row *a, const struct hl_row *b) {
    return hl_bits(a->value) == hl_bits(b->value) && hl_bits(a->error) == hl_bits(b->error) &&
           hl_bits(a->low) == hl_bits(b->low) && hl_bits(a->high) == hl_bits(b->high) && a->status == b->status;
}

/* How many rows of one policy year of `r` are those of the one year of `one`, bit for bit; all must be. */
static size_t expect_year_is(const struct hl_result *r, uint16_t year, const struct hl_result *one, bool gross_only) {
    size_t count = 0;
    for (size_t i = 0; i < r->row_count; i++) {
        struct hl_row_key key = r->rows[i].key;
        if (key.year != year || (gross_only && key.perspective != HL_GROSS))
            continue;
        key.year = 1;
        cr_expect(same_estimate(&r->rows[i], find(one, key)), "%s %s %g", hl_perspective_names[key.perspective],
                  hl_metric_names[key.metric], key.level);
        count++;
    }
    return count;
}

Test(block, afresh_the_first_year_is_that_of_a_run_of_one_year) {
    static struct engine f;
    struct hl_result one, more;
    run_years(&one, &f, 1, TRIALS, false, 2);
    cr_expect(one.year_count == 1 && one.whole == 1);
    run_years(&more, &f, YEARS, TRIALS, true, 2);
    cr_expect(more.year_count == YEARS && more.whole == 0);
    cr_expect(expect_year_is(&more, 1, &one, false) > 200);
    hl_result_free(&more);
    run_years(&more, &f, YEARS, TRIALS, false, 2);
    cr_expect(expect_year_is(&more, 1, &one, true) > 30, "nor do later years change the events of the first");
    hl_result_free(&more);
    hl_result_free(&one);
}

/* Independent years: each has the law of the first, and P(short by the end) is that of one success in three. */
Test(block, afresh_years_are_independent) {
    static struct engine f;
    struct hl_result r;
    run_years(&r, &f, YEARS, MORE_TRIALS, true, 2);
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++) {
        const struct hl_row *first = find(&r, KEY(HL_SHORTFALL, HL_P_POSITIVE, .year = 1, .entity = 1, .basis = basis));
        for (uint16_t year = 2; year <= YEARS; year++) {
            const struct hl_row *p =
                find(&r, KEY(HL_SHORTFALL, HL_P_POSITIVE, .year = year, .entity = 1, .basis = basis));
            cr_expect(fabs(p->value - first->value) < 4 * hypot(p->error, first->error), "year %u: %g, %g", year,
                      p->value, first->value);
        }
        const struct hl_row *by =
            find(&r, KEY(HL_SHORTFALL, HL_P_SHORT_BY, .entity = 1, .basis = basis, .level = YEARS));
        double none = pow(1 - first->value, YEARS);
        double error = hypot(by->error, YEARS * pow(1 - first->value, YEARS - 1) * first->error);
        cr_expect(fabs(by->value - (1 - none)) < 4 * error, "%g, %g", by->value, 1 - none);
    }
    hl_result_free(&r);
}

/* The years add up to the whole, and the exchanges to the system. */
Test(block, years_and_exchanges_add_up) {
    static struct engine f;
    for (int fresh = 0; fresh < 2; fresh++) {
        struct hl_result r;
        run_years(&r, &f, YEARS, TRIALS, fresh != 0, 2);
        static const struct {
            enum hl_perspective what;
            enum hl_basis basis;
        } sums[] = {{HL_GROSS, HL_BASIS_ALL},
                    {HL_CLAIM, HL_BASIS_ALL},
                    {HL_SHORTFALL, HL_BASIS_ALL},
                    {HL_SHORTFALL, HL_BASIS_EARMARKED},
                    {HL_HAIRCUT, HL_BASIS_EARMARKED}};
        for (size_t i = 0; i < COUNT_OF(sums); i++) {
            for (uint32_t e = 0; e < 3; e++) {
                double whole = find(&r, KEY(sums[i].what, HL_MEAN, .entity = e, .basis = sums[i].basis))->value;
                double years = 0;
                for (uint16_t y = 1; y <= YEARS; y++)
                    years +=
                        find(&r, KEY(sums[i].what, HL_MEAN, .year = y, .entity = e, .basis = sums[i].basis))->value;
                cr_expect(fabs(years - whole) < 1e-9 * whole, "%s, entity %u: %.17g, %.17g",
                          hl_perspective_names[sums[i].what], e, years, whole);
            }
            for (uint16_t y = 0; y <= YEARS; y++) {
                double of[3];
                for (uint32_t e = 0; e < 3; e++)
                    of[e] = find(&r, KEY(sums[i].what, HL_MEAN, .year = y, .entity = e, .basis = sums[i].basis))->value;
                cr_expect(fabs(of[1] + of[2] - of[0]) < 1e-9 * of[0], "%s, year %u", hl_perspective_names[sums[i].what],
                          y);
            }
        }
        hl_result_free(&r);
    }
}

Test(block, a_first_shortfall_comes_once) {
    static struct engine f;
    struct hl_result r;
    run_years(&r, &f, YEARS, TRIALS, false, 2);
    for (uint32_t e = 0; e < 3; e++) {
        double before = 0;
        for (uint16_t y = 1; y <= YEARS; y++) {
            double by = find(&r, KEY(HL_SHORTFALL, HL_P_SHORT_BY, .entity = e, .level = y))->value;
            double in = find(&r, KEY(HL_SHORTFALL, HL_P_POSITIVE, .year = y, .entity = e))->value;
            cr_expect(by >= before && by <= before + in && by >= in, "entity %u, year %u", e, y);
            before = by;
        }
        cr_expect_eq(before, find(&r, KEY(HL_SHORTFALL, HL_P_POSITIVE, .entity = e))->value);
    }
    for (uint16_t y = 1; y <= YEARS; y++) {
        double any = find(&r, KEY(HL_SHORTFALL, HL_P_AT_LEAST, .year = y, .level = 1))->value;
        cr_expect_eq(any, find(&r, KEY(HL_SHORTFALL, HL_P_POSITIVE, .year = y))->value);
    }
    hl_result_free(&r);
}

Test(block, several_years_are_the_same_from_any_number_of_threads) {
    static struct engine f;
    struct hl_result one, three;
    run_years(&one, &f, YEARS, MORE_TRIALS, false, 1);
    run_years(&three, &f, YEARS, MORE_TRIALS, false, 3);
    cr_assert_eq(one.row_count, three.row_count);
    for (size_t i = 0; i < one.row_count; i++)
        cr_assert(hl_row_compare(&one.rows[i], &three.rows[i]) == 0 && same_estimate(&one.rows[i], &three.rows[i]));
    hl_result_free(&one);
    hl_result_free(&three);
}

/* A breach each year takes everything, and nobody pays: only one of the last 30 days, not yet past its deadline when
 * the next year begins, leaves the exchange open for that year's. A vendor's breach happens all the same. */
Test(block, a_closed_exchange_has_no_breaches) {
    for (int vendor = 0; vendor < 2; vendor++) {
        struct engine f;
        struct hl_result r;
        engine_start(&f);
        size_t keyco = engine_vendor(&f, "keyco");
        engine_exchange(&f, "ape");
        engine_asset(&f, "BTC");
        engine_holding(&f, 0, 0, HL_COLD, 100)->custodian = keyco;
        struct hl_breach *b = engine_breach(&f, HL_VECTOR_third_party_compromise, 0, vendor ? keyco : HL_NONE);
        b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {1}, .low = 1, .high = 1};
        f.s.horizon_days = 2 * 365;
        run(&r, &f, 2);
        const struct hl_row *breach = find(&r, KEY(HL_GROSS, HL_P_BREACH, .year = 2, .entity = 1));
        cr_expect(fabs(breach->value - 30.0 / 365) < 4 * breach->error, "%g", breach->value);
        double gross = find(&r, KEY(HL_GROSS, HL_MEAN, .year = 2))->value;
        cr_expect(fabs(gross - 100 * breach->value) < 1e-9 * gross, "%g", gross);
        cr_expect_eq(find(&r, KEY(HL_GROSS, HL_MEAN, .entity = 0))->value, 100 + gross);
        for (uint32_t e = 0; e < r.entity_count; e++)
            if (r.entities[e].kind != HL_ENTITY_SYSTEM && r.entities[e].kind != HL_ENTITY_EXCHANGE)
                cr_expect_eq(find(&r, KEY(HL_GROSS, HL_MEAN, .entity = e))->value,
                             r.entities[e].kind == HL_ENTITY_VENDOR && !vendor ? 0 : 100 + gross);
        hl_result_free(&r);
    }
}
