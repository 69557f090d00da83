/* Tilted trials: whatever the tilt, weights average 1 and weighted means are those of the stated law. */
#include "engine/rare_tilt.h"

#include "engine/events.h"
#include "stats/weighted.h"
#include "tests/engine_fixture.h"

#include <stdlib.h>

enum { YEARS = 2, APE = 0, CLUSTERS, ONCE, VENDOR, SOURCES };

/* Sources of every kind: Poisson in bad years, clusters, at most one a year, and a vendor with two clients. */
static void start(struct engine *f, bool tied) {
    engine_start(f);
    f->s.horizon_days = YEARS * 365;
    size_t coin = engine_asset(f, "COIN"), keyco = engine_vendor(f, "keyco");
    for (size_t i = 0; i < 2; i++) {
        size_t e = engine_exchange(f, i == 0 ? "ape" : "bee");
        engine_holding(f, e, coin, HL_HOT, 100);
        engine_holding(f, e, coin, HL_COLD, 100)->custodian = keyco;
    }
    static struct hl_climate climates[1];
    climates[0] = (struct hl_climate){.name = "threat", .family = &hl_climate_gamma, .sd = 0.7, .persistence = 0.4};
    f->s.climates = climates;
    f->s.climate_count = 1;
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 0.3, HL_NONE);
    b->at_count = 1;
    b->climate = 0;
    b = engine_breach(f, HL_VECTOR_insider, 0, HL_NONE);
    b->at_count = 1;
    b->count = (struct hl_count){.family = &hl_frequency_negative_binomial, .p = {0.2, 0.5}, .low = 0.2, .high = 0.2};
    b = engine_breach(f, HL_VECTOR_key_leak, 0, HL_NONE);
    b->at_count = 1;
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {0.1}, .low = 0.1, .high = 0.1};
    b = engine_breach(f, HL_VECTOR_third_party_compromise, 0.15, keyco);
    b->hit = 0.6;
    if (tied)
        b->copula = (struct hl_copula){.family = &hl_copula_gaussian, .p = {0.5}};
}

/* Tilts of every strength; the plain part has a tenth to a half. */
static void randomise(struct hl_tilt *tilt, uint32_t row) {
    struct hl_address at = {99, row, HL_DRAW_EVENT, 0};
    tilt->parts[0].share = 0.1 + 0.4 * hl_u01(5, at);
    for (size_t k = 1; k < tilt->part_count; k++) {
        struct hl_tilt_part *part = &tilt->parts[k];
        part->share = (1 - tilt->parts[0].share) / (double)(tilt->part_count - 1);
        for (size_t s = 0; s < SOURCES; s++) {
            at.index++;
            struct hl_words w = hl_draw(5, at);
            if (s != ONCE)
                part->rate[s] = 0.5 + 4 * hl_unit(w.word[0]);
            part->size[s] = 1 + 2 * hl_unit(w.word[1]);
        }
        part->shift[0] = 0.8 * hl_unit(hl_draw(5, at).word[0]);
    }
}

/* What is known of a trial, and its mean by the formulas of the stated law. */
enum { ONE, POISSON, PAIRS, IN_CLUSTERS, NO_CLUSTER, IN_ONCE, AT_VENDOR, SMALL, SMALL_VENDOR = SMALL + 3, KNOWN };
static const double small = 0.05;

static void known(double *want) {
    double m = 0.3;
    want[ONE] = 1;
    want[POISSON] = m * YEARS;
    /* E[N (N - 1)] of N Poisson in two years of climates G, H: m^2 E[(G + H)^2]; their covariance is found by itself.
     */
    want[PAIRS] = NAN;
    want[IN_CLUSTERS] = 0.2 * YEARS;
    want[NO_CLUSTER] = pow(0.5 / 0.7, 0.5 * YEARS);
    want[IN_ONCE] = 0.1 * YEARS;
    want[AT_VENDOR] = 0.15 * YEARS;
    want[SMALL + APE] = want[POISSON] * small;
    want[SMALL + CLUSTERS] = want[IN_CLUSTERS] * small;
    want[SMALL + ONCE] = want[IN_ONCE] * small;
    want[SMALL_VENDOR] = 0.15 * YEARS * 2 * 0.6 * small;
}

/* What one trial of a block comes to. */
static void look(const struct hl_events *e, uint32_t trial, const double (*counts)[SOURCES], double *x) {
    const double *n = counts[trial];
    x[ONE] = 1;
    x[POISSON] = n[APE];
    x[PAIRS] = n[APE] * (n[APE] - 1);
    x[IN_CLUSTERS] = n[CLUSTERS];
    x[NO_CLUSTER] = n[CLUSTERS] == 0;
    x[IN_ONCE] = n[ONCE];
    x[AT_VENDOR] = n[VENDOR];
    for (size_t k = SMALL; k < KNOWN; k++)
        x[k] = 0;
    for (uint32_t i = e->first[trial]; i < e->first[trial + 1]; i++)
        if (e->hits[i].target != HL_NO_TARGET)
            x[SMALL + e->hits[i].source] += e->hits[i].v < small;
}

static void measure(struct hl_weighted_sums *sums, const struct hl_plan *p, struct hl_tilted *tilted, uint32_t blocks) {
    static struct hl_events e;
    struct hl_error err = {0};
    memset(sums, 0, KNOWN * sizeof *sums);
    e.incidents.tilted = tilted;
    double(*counts)[SOURCES] = malloc(HL_BLOCK_TRIALS * sizeof *counts);
    for (uint32_t block = 0; block < blocks; block++) {
        cr_assert(hl_events_sample(&e, p, 0, block, HL_BLOCK_TRIALS, &err) == HL_OK);
        memset(counts, 0, HL_BLOCK_TRIALS * sizeof *counts);
        for (size_t i = 0; i < e.incidents.count; i++)
            counts[e.incidents.items[i].at.trial][e.incidents.items[i].source]++;
        for (uint32_t t = 0; t < HL_BLOCK_TRIALS; t++) {
            double x[KNOWN], weight = tilted == NULL ? 1 : hl_tilted_weight(tilted, t);
            look(&e, t, (const double(*)[SOURCES])counts, x);
            for (size_t k = 0; k < KNOWN; k++)
                hl_weighted_add(&sums[k], x[k], weight);
        }
    }
    free(counts);
    e.incidents.tilted = NULL;
    hl_events_free(&e);
}

enum { TILTS = 8, BLOCKS = 12 };

/* 10 known means of 8 tilts, twice: 160 comparisons, none of which may be four errors off (p = 0.01 for any). */
static void expect_unbiased(bool tied) {
    static struct engine f;
    start(&f, tied);
    struct hl_plan p;
    engine_plan(&p, &f);
    cr_assert(p.source_count == SOURCES);
    double want[KNOWN];
    known(want);
    struct hl_weighted_sums sums[KNOWN];
    measure(sums, &p, NULL, 40); /* plain trials tell what two bad years do to pairs */
    struct hl_weighted_estimate pairs = hl_weighted_mean(&sums[PAIRS], 40 * HL_BLOCK_TRIALS);
    for (uint32_t row = 0; row < TILTS; row++) {
        struct hl_tilt tilt;
        struct hl_error err = {0};
        cr_assert(hl_tilt_make(&tilt, &p, 2 + row % 3, &err) == HL_OK);
        randomise(&tilt, row);
        struct hl_tilted *tilted = calloc(1, sizeof *tilted);
        tilted->tilt = &tilt;
        measure(sums, &p, tilted, BLOCKS);
        for (size_t k = 0; k < KNOWN; k++) {
            struct hl_weighted_estimate e = hl_weighted_mean(&sums[k], BLOCKS * HL_BLOCK_TRIALS);
            double error = k == PAIRS ? hypot(e.error, pairs.error) : e.error;
            cr_expect(fabs(e.value - (k == PAIRS ? pairs.value : want[k])) <= 4 * error, "tilt %u, %zu: %g +- %g", row,
                      k, e.value, e.error);
        }
        cr_expect(sums[ONE].largest_weight <= 1 / tilt.parts[0].share);
        hl_tilted_free(tilted);
        free(tilted);
        hl_tilt_free(&tilt);
    }
    hl_plan_free(&p);
}

Test(rare_tilt, weighted_means_are_those_of_the_stated_law) { expect_unbiased(false); }

Test(rare_tilt, and_where_clients_are_tied) { expect_unbiased(true); }

Test(rare_tilt, parts_that_draw_as_stated_change_nothing) {
    static struct engine f;
    start(&f, false);
    struct hl_plan p;
    struct hl_tilt tilt;
    struct hl_error err = {0};
    engine_plan(&p, &f);
    cr_assert(hl_tilt_make(&tilt, &p, 3, &err) == HL_OK);
    struct hl_tilted *tilted = calloc(1, sizeof *tilted);
    tilted->tilt = &tilt;
    static struct hl_events plain, drawn;
    cr_assert(hl_events_sample(&plain, &p, 0, 3, HL_BLOCK_TRIALS, &err) == HL_OK);
    drawn.incidents.tilted = tilted;
    cr_assert(hl_events_sample(&drawn, &p, 0, 3, HL_BLOCK_TRIALS, &err) == HL_OK);
    cr_assert(plain.count > 1000 && plain.count == drawn.count);
    cr_expect(memcmp(plain.hits, drawn.hits, plain.count * sizeof *plain.hits) == 0);
    for (uint32_t t = 0; t < HL_BLOCK_TRIALS; t++)
        cr_assert_float_eq(hl_tilted_weight(tilted, t), 1, 1e-15);
    hl_events_free(&plain);
    hl_events_free(&drawn);
    hl_tilted_free(tilted);
    free(tilted);
    hl_tilt_free(&tilt);
    hl_plan_free(&p);
}

/* How likely a trial belongs to a part, averaged, is the part's share; in any one trial the parts add up to 1. */
Test(rare_tilt, memberships_add_up) {
    static struct engine f;
    start(&f, false);
    struct hl_plan p;
    struct hl_tilt tilt;
    struct hl_error err = {0};
    engine_plan(&p, &f);
    cr_assert(hl_tilt_make(&tilt, &p, 3, &err) == HL_OK);
    randomise(&tilt, 77);
    struct hl_tilted *tilted = calloc(1, sizeof *tilted);
    tilted->tilt = &tilt;
    static struct hl_events e;
    e.incidents.tilted = tilted;
    double mean[3] = {0};
    size_t belongs[3] = {0};
    for (uint32_t block = 0; block < 10; block++) {
        cr_assert(hl_events_sample(&e, &p, 0, block, HL_BLOCK_TRIALS, &err) == HL_OK);
        for (uint32_t t = 0; t < HL_BLOCK_TRIALS; t++) {
            double sum = 0;
            for (size_t k = 0; k < 3; k++) {
                double m = hl_tilted_membership(tilted, t, k);
                sum += m;
                mean[k] += m / (10 * HL_BLOCK_TRIALS);
            }
            belongs[tilted->part[t]]++;
            cr_assert_float_eq(sum, 1, 1e-14);
        }
    }
    for (size_t k = 0; k < 3; k++) { /* each within four errors of at most 1 / sqrt(4 n) */
        cr_expect(fabs(mean[k] - tilt.parts[k].share) < 0.01, "%zu: %g", k, mean[k]);
        cr_expect(fabs((double)belongs[k] / (10 * HL_BLOCK_TRIALS) - tilt.parts[k].share) < 0.01);
    }
    hl_events_free(&e);
    hl_tilted_free(tilted);
    free(tilted);
    hl_tilt_free(&tilt);
    hl_plan_free(&p);
}

/* The smallest sizes there are: on the grid of the plain draws, the ratios of all cells add up to the part's share. */
Test(rare_tilt, the_ratio_of_sizes_is_exact_at_the_end_of_the_grid) {
    static struct engine f;
    start(&f, false);
    struct hl_plan p;
    struct hl_tilt tilt;
    struct hl_error err = {0};
    engine_plan(&p, &f);
    cr_assert(hl_tilt_make(&tilt, &p, 2, &err) == HL_OK);
    tilt.parts[1].size[APE] = 4;
    struct hl_tilted *tilted = calloc(1, sizeof *tilted);
    tilted->tilt = &tilt;
    hl_tilted_begin(tilted, &p, 0);
    tilted->part[0] = 0; /* the word stays, its ratio is told */
    double sum = 0;
    for (uint64_t cell = 0; cell < 100; cell++) { /* P(u^4 < 100 / 2^52), over 1 / 2^52 a cell */
        tilted->log_ratio[1][0] = 0;
        cr_assert(hl_tilted_size(tilted, APE, 0, cell << 12) == cell << 12);
        sum += exp(tilted->log_ratio[1][0]);
    }
    cr_expect(fabs(sum / (0x1p52 * pow(100 * 0x1p-52, 0.25)) - 1) < 1e-12);
    double ratios[2]; /* cells beside each other, on both sides of where the formula changes */
    for (size_t i = 0; i < 2; i++) {
        tilted->log_ratio[1][0] = 0;
        hl_tilted_size(tilted, APE, 0, (uint64_t)(65535 + i) << 12);
        ratios[i] = tilted->log_ratio[1][0];
    }
    cr_expect(fabs(ratios[0] - ratios[1] + 0.75 * log(65535.5 / 65536.5)) < 1e-9);
    hl_tilted_free(tilted);
    free(tilted);
    hl_tilt_free(&tilt);
    hl_plan_free(&p);
}
