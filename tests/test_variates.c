/* Control variates: by hand, against exact answers over many seeds, and never worse than plain rows. */
#include "engine/variates.h"

#include "engine/exact_result.h"
#include "engine/run.h"
#include "tests/engine_fixture.h"
#include "tests/many.h"

#include <stdlib.h>

static void run(struct hl_result *r, const struct hl_plan *p) {
    struct hl_error err = {0};
    struct hl_run_options options = hl_run_options_default();
    options.threads = 1;
    cr_assert(hl_run(r, p, &options, &err) == HL_OK);
}

/* Corrects a result in which nothing is exact but P(breach). */
static void correct(struct hl_result *r, const struct hl_plan *p) {
    struct hl_error err = {0};
    struct hl_variates v;
    cr_assert(hl_variates_make(&v, r, &err) == HL_OK && hl_variates_apply(&v, r, p, &err) == HL_OK);
    hl_variates_free(&v);
}

static struct hl_row *find(struct hl_result *r, uint32_t entity, enum hl_perspective what, enum hl_metric how,
                           double level) {
    struct hl_row_key key = {.year = r->whole, .entity = entity, .perspective = what, .metric = how, .level = level};
    const struct hl_row *row = hl_result_find(r, key);
    cr_assert(row != NULL, "no row %s %s %g", hl_perspective_names[what], hl_metric_names[how], level);
    return &r->rows[row - r->rows];
}

/* At most one theft a year, with probability 10 %, of a share even between 0 and 1 of 10^6; a reserve of 250,000: a
 * shortfall with probability 7.5 %, 28,125 in the mean. */
static void one_exchange(struct engine *f) {
    engine_start(f);
    engine_holding(f, engine_exchange(f, "ape"), engine_asset(f, "gold"), HL_HOT, 1e6);
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 0, HL_NONE);
    b->size = (struct hl_distribution){.family = &hl_severity_uniform, .p = {0, 1}};
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {0.1}, .low = 0.1, .high = 0.1};
    engine_fund(f, HL_FUND_reserve, 250000);
}

/* 120 of 1000 trials are breached where 100 are to be expected, and half of them fall short, each by 10: plain 60 in
 * 1000 and 0.6, corrected 0.1 x 60 / 120 and 0.1 x 600 / 120. */
Test(variates, by_hand) {
    static struct engine f;
    struct hl_plan p;
    one_exchange(&f);
    engine_plan(&p, &f);
    struct hl_row_key key = {.year = 1, .entity = 1, .perspective = HL_SHORTFALL, .metric = HL_P_POSITIVE};
    struct hl_row rows[] = {{.key = key, 0.06, sqrt(0.06 * 0.94 / 1000), 0.047, 0.077, HL_ROW_OK},
                            {.key = key, 0.6, sqrt((6000 - 1000 * 0.36) / 999 / 1000), 0.45, 0.75, HL_ROW_OK},
                            {.key = key, 0.12, 0.01, 0.1, 0.14, HL_ROW_OK}};
    rows[1].key.metric = HL_MEAN;
    rows[2].key.metric = HL_P_BREACH;
    rows[2].key.perspective = HL_GROSS;
    qsort(rows, COUNT_OF(rows), sizeof *rows, hl_row_compare);
    struct hl_result r = {.scenario = &f.s,
                          .trials = 1000,
                          .sampling_count = 1,
                          .year_count = 1,
                          .whole = 1,
                          .rows = rows,
                          .row_count = COUNT_OF(rows)};
    correct(&r, &p);
    struct hl_row *p_short = find(&r, 1, HL_SHORTFALL, HL_P_POSITIVE, 0), *mean = find(&r, 1, HL_SHORTFALL, HL_MEAN, 0);
    cr_expect_float_eq(p_short->value, 0.05, 1e-15);
    cr_expect_float_eq(p_short->error, 0.1 * sqrt(0.25 / 120), 1e-15);
    cr_expect_float_eq(mean->value, 0.5, 1e-14);
    cr_expect_float_eq(mean->error, 0.1 * sqrt(120 * 25.0 / 119 / 120), 1e-12, "each is 5 from their mean");
    cr_expect(p_short->status == HL_ROW_CONTROLLED && mean->status == HL_ROW_CONTROLLED);
    cr_expect_float_eq(r.reductions[mean - rows], (5.64 / 0.999) / (3000.0 / 119 / 120 * 10) / 1.44, 1e-9,
                       "at 12 in 100");
    const struct hl_row *breach = find(&r, 1, HL_GROSS, HL_P_BREACH, 0);
    cr_expect(breach->status == HL_ROW_EXACT && fabs(breach->value - 0.1) < 1e-15 && breach->error == 0);
    hl_arena_free(&r.arena);
    hl_plan_free(&p);
}

/* How often the interval holds the exact value, and the mean squares of plain and corrected deviations. */
struct record {
    double held, plain, corrected, promised;
};

static void note(struct record *rec, const struct hl_row *plain, const struct hl_row *row, double reduction,
                 double want) {
    cr_assert(row->status == HL_ROW_CONTROLLED, "%s", hl_row_status_names[row->status]);
    rec->held += row->low <= want && want <= row->high;
    rec->plain += (plain->value - want) * (plain->value - want);
    rec->corrected += (row->value - want) * (row->value - want);
    rec->promised += reduction;
}

/* The interval is one of 95 %, and the variance falls by what is said. */
static void expect_honest(const struct record *rec, double seeds, const char *what) {
    double share = rec->held / seeds, gain = rec->plain / rec->corrected, promised = rec->promised / seeds;
    cr_expect(fabs(share - 0.95) <= 4 * sqrt(0.95 * 0.05 / seeds), "%s: covered %.3f", what, share);
    cr_expect(gain > promised / (1 + 8 / sqrt(seeds)) && gain < promised * (1 + 8 / sqrt(seeds)),
              "%s: worth %.2f, not %.2f", what, gain, promised);
}

Test(variates, by_breach_over_seeds) {
    enum { SEEDS = HL_MANY(400) };
    static struct engine f;
    struct record p_short = {0}, mean = {0};
    one_exchange(&f);
    f.s.trials = 4096;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct hl_plan p;
        struct hl_result r;
        f.s.seed = seed;
        engine_plan(&p, &f);
        run(&r, &p);
        struct hl_row *rows[] = {find(&r, 1, HL_SHORTFALL, HL_P_POSITIVE, 0), find(&r, 1, HL_SHORTFALL, HL_MEAN, 0)};
        const struct hl_row plain[] = {*rows[0], *rows[1]};
        correct(&r, &p);
        note(&p_short, &plain[0], rows[0], r.reductions[rows[0] - r.rows], 0.075);
        note(&mean, &plain[1], rows[1], r.reductions[rows[1] - r.rows], 28125);
        hl_result_free(&r);
        hl_plan_free(&p);
    }
    expect_honest(&p_short, SEEDS, "P(shortfall)");
    expect_honest(&mean, SEEDS, "mean shortfall");
}

/* A vendor's event in one year of five takes a share even between 0 and 1 from each of three clients, each hit with
 * probability 60 %; all above 250,000 of 10^6 are short, so each is with probability 0.2 x 0.45 and k of them with
 * those of a binomial of three with 0.45. */
static void three_clients(struct engine *f) {
    static const char *const names[] = {"ape", "bee", "cat"};
    engine_start(f);
    size_t keyco = engine_vendor(f, "keyco"), gold = engine_asset(f, "gold");
    for (size_t e = 0; e < 3; e++)
        engine_holding(f, engine_exchange(f, names[e]), gold, HL_COLD, 1e6)->custodian = keyco;
    struct hl_breach *b = engine_breach(f, HL_VECTOR_third_party_compromise, 0, keyco);
    b->size = (struct hl_distribution){.family = &hl_severity_uniform, .p = {0, 1}};
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {0.2}, .low = 0.2, .high = 0.2};
    b->hit = b->hit_low = b->hit_high = 0.6;
    engine_fund(f, HL_FUND_reserve, 250000);
}

/* What is exact of the exchanges, as rows of a result that have these keys. */
static void set_exact(struct hl_result *r, const struct hl_result *exact) {
    for (size_t i = 0; i < r->row_count; i++)
        if (r->rows[i].key.metric == HL_P_POSITIVE && exact->rows[i].status == HL_ROW_EXACT)
            r->rows[i] = exact->rows[i];
}

Test(variates, by_how_many_are_short_over_seeds) {
    enum { SEEDS = HL_MANY(400) };
    static struct engine f;
    const double a = 0.45, least[] = {1, 1 - (1 - a) * (1 - a) * (1 - a), 3 * a * a * (1 - a) + a * a * a, a * a * a};
    struct record at_least[4] = {{0}};
    struct hl_plan p;
    struct hl_result exact;
    struct hl_error err = {0};
    three_clients(&f);
    f.s.trials = 4096;
    engine_plan(&p, &f);
    run(&exact, &p);
    cr_assert(hl_exact_replace(&exact, &p, &err) == HL_OK);
    const struct hl_row *mean = find(&exact, 0, HL_SHORTFALL, HL_MEAN, 0);
    cr_expect(mean->status == HL_ROW_EXACT && fabs(mean->value - 3 * 0.12 * 281250) < 100, "%g", mean->value);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct hl_result r;
        struct hl_variates v;
        struct hl_row plain[4];
        p.seed = seed;
        run(&r, &p);
        for (int k = 1; k <= 3; k++)
            plain[k] = *find(&r, 0, HL_SHORTFALL, HL_P_AT_LEAST, k);
        cr_assert(hl_variates_make(&v, &r, &err) == HL_OK);
        set_exact(&r, &exact);
        cr_assert(hl_variates_apply(&v, &r, &p, &err) == HL_OK);
        hl_variates_free(&v);
        for (int k = 1; k <= 3; k++) {
            const struct hl_row *row = find(&r, 0, HL_SHORTFALL, HL_P_AT_LEAST, k);
            note(&at_least[k], &plain[k], row, r.reductions[row - r.rows], 0.2 * least[k]);
        }
        hl_result_free(&r);
    }
    expect_honest(&at_least[1], SEEDS, "at least one");
    expect_honest(&at_least[2], SEEDS, "at least two");
    expect_honest(&at_least[3], SEEDS, "all three");
    hl_result_free(&exact);
    hl_plan_free(&p);
}

/* Exchanges, a vendor and everything that pays: what is corrected is worth more, at the share of breached trials that
 * came out and so nearly at the exact one; what is not kept its bits. */
Test(variates, never_worse_than_plain) {
    static struct engine f;
    struct hl_plan p;
    struct hl_result r;
    engine_make(&f, 1000, false);
    engine_plan(&p, &f);
    run(&r, &p);
    struct hl_row *plain = malloc(r.row_count * sizeof *plain);
    cr_assert(plain != NULL);
    memcpy(plain, r.rows, r.row_count * sizeof *plain);
    correct(&r, &p);
    size_t corrected = 0, exact = 0;
    for (size_t i = 0; i < r.row_count; i++) {
        const struct hl_row *a = &plain[i], *b = &r.rows[i];
        bool is_exact = b->status == HL_ROW_EXACT;
        exact += is_exact;
        corrected += r.reductions[i] > 0;
        cr_expect(!is_exact || b->key.metric == HL_P_BREACH);
        if (r.reductions[i] > 0)
            cr_expect(r.reductions[i] >= HL_VARIATES_LEAST && b->error < 1.1 * a->error &&
                          fabs(b->value - a->value) <= 4.5 * a->error,
                      "row %zu: %g +- %g, plain %g +- %g", i, b->value, b->error, a->value, a->error);
        else
            cr_expect(is_exact || memcmp(&a->value, &b->value, 4 * sizeof a->value) == 0, "row %zu", i);
        cr_expect(r.reductions[i] > 0 || b->status != HL_ROW_CONTROLLED);
    }
    cr_expect(corrected > 50 && exact == 3 * 4 - 1, "%zu corrected, %zu exact", corrected, exact);
    free(plain);
    hl_result_free(&r);
    hl_plan_free(&p);
}

/* No control where P(breach) has no closed form. */
Test(variates, nothing_under_a_climate) {
    static struct engine f;
    static struct hl_climate climates[1];
    struct hl_plan p;
    struct hl_result r;
    one_exchange(&f);
    climates[0] = (struct hl_climate){.name = "threat", .family = &hl_climate_gamma, .sd = 1};
    f.s.climates = climates;
    f.s.climate_count = 1;
    f.breaches[0].climate = 0;
    f.breaches[0].count = engine_poisson(0.1);
    engine_plan(&p, &f);
    run(&r, &p);
    correct(&r, &p);
    for (size_t i = 0; i < r.row_count; i++)
        cr_expect(r.reductions[i] <= 0 && r.rows[i].status != HL_ROW_CONTROLLED && r.rows[i].status != HL_ROW_EXACT);
    hl_result_free(&r);
    hl_plan_free(&p);
}
