/* Incidents of a block: bad years, trends and cascades against closed forms, and what may not move them. */
#include "engine/arrivals.h"
#include "tests/engine_fixture.h"
#include "tests/many.h"

#include <stdlib.h>

/* One asset, hot, at every exchange; breaches are added by the test. */
static void start(struct engine *f, size_t exchanges, double horizon_days) {
    static const char *const ids[] = {"ape", "bee", "cat"};
    engine_start(f);
    engine_asset(f, "BTC");
    f->s.horizon_days = horizon_days;
    for (size_t i = 0; i < exchanges; i++) {
        engine_exchange(f, ids[i]);
        engine_holding(f, i, 0, HL_HOT, 100);
    }
}

static struct hl_climate climate_of(const struct hl_climate_family *family, double sd, double persistence) {
    return (struct hl_climate){.name = "threat", .family = family, .sd = sd, .persistence = persistence};
}

/* Which incidents are counted: of one breach at one exchange (or all), in one policy year (or all). */
struct choice {
    const char *source; /* NULL = all */
    uint16_t year;      /* 0 = all */
};

/* An estimate from blocks, which are independent of each other. */
struct estimate {
    double mean;
    double error;
};

static struct estimate of_blocks(const double *x, size_t count) {
    double sum = 0, square = 0;
    for (size_t i = 0; i < count; i++)
        sum += x[i];
    double mean = sum / (double)count;
    for (size_t i = 0; i < count; i++)
        square += (x[i] - mean) * (x[i] - mean);
    return (struct estimate){mean, sqrt(square / (double)(count - 1) / (double)count)};
}

enum { BLOCKS = HL_IS_SLOW ? 20 : 60 };

/* Counts of trials: means, covariance (the variance when both are the same), and the share of trials with k of `a`. */
struct measured {
    struct estimate a, b, covariance;
    struct estimate share[6]; /* the last: that many or more */
};

static void count_block(const struct hl_incidents *in, const struct hl_plan *p, struct choice c, double *of_trial) {
    memset(of_trial, 0, HL_BLOCK_TRIALS * sizeof *of_trial);
    for (size_t i = 0; i < in->count; i++)
        if ((c.source == NULL || strcmp(p->sources[in->items[i].source].name, c.source) == 0) &&
            (c.year == 0 || in->items[i].year == c.year))
            of_trial[in->items[i].at.trial]++;
}

static struct measured measure(const struct hl_plan *p, struct choice first, struct choice second) {
    static struct hl_incidents in;
    static double a[HL_BLOCK_TRIALS], b[HL_BLOCK_TRIALS], mean_a[BLOCKS], mean_b[BLOCKS], covariance[BLOCKS],
        share[6][BLOCKS];
    struct hl_error err = {0};
    const double n = HL_BLOCK_TRIALS;
    memset(share, 0, sizeof share);
    for (uint32_t block = 0; block < BLOCKS; block++) {
        double sum = 0, x = 0, y = 0;
        cr_assert(hl_incidents_draw(&in, p, 0, block, &err) == HL_OK);
        count_block(&in, p, first, a);
        count_block(&in, p, second, b);
        for (size_t t = 0; t < HL_BLOCK_TRIALS; t++) {
            x += a[t];
            y += b[t];
            sum += a[t] * b[t];
            share[a[t] < 5 ? (size_t)a[t] : 5][block] += 1 / n;
        }
        mean_a[block] = x / n;
        mean_b[block] = y / n;
        covariance[block] = (sum - x * y / n) / (n - 1);
    }
    struct measured m = {
        .a = of_blocks(mean_a, BLOCKS), .b = of_blocks(mean_b, BLOCKS), .covariance = of_blocks(covariance, BLOCKS)};
    for (size_t k = 0; k < 6; k++)
        m.share[k] = of_blocks(share[k], BLOCKS);
    hl_incidents_free(&in);
    return m;
}

static void expect(struct estimate got, double want, const char *what) {
    cr_expect(fabs(got.mean - want) < 4 * got.error, "%s: %g +- %g, not %g", what, got.mean, got.error, want);
}

/* A Poisson source of rate 0.6 under a gamma climate of standard deviation 0.8: negative binomial counts of mean 0.6
 * and shape 1 / 0.64, every probability of them. */
Test(arrivals, a_gamma_climate_makes_negative_binomial_counts) {
    const double rate = 0.6, shape = 1 / 0.64, q = rate / (rate + shape);
    static struct engine f;
    struct hl_plan p;
    start(&f, 1, 365);
    struct hl_climate climate = climate_of(&hl_climate_gamma, 0.8, 0);
    f.s.climates = &climate;
    f.s.climate_count = 1;
    engine_breach(&f, HL_VECTOR_insider, rate, HL_NONE)->climate = 0;
    engine_plan(&p, &f);
    struct measured m = measure(&p, (struct choice){0}, (struct choice){0});
    expect(m.a, rate, "mean");
    expect(m.covariance, rate + rate * rate * 0.64, "variance");
    double probability = pow(1 - q, shape), rest = 1;
    for (int k = 0; k < 5; k++) {
        expect(m.share[k], probability, "probability");
        rest -= probability;
        probability *= q * (shape + k) / (k + 1);
    }
    expect(m.share[5], rest, "five or more");
    cr_expect(isnan(hl_plan_p_breach(&p, 0, HL_NONE, 0)), "no closed form");
    hl_plan_free(&p);
}

/* ape's and bee's insiders share a lognormal climate of sd 0.7, s^2 = ln 1.49, persistence 0.6: the covariance of two
 * sources in one year is rate x rate x 0.49, of two years rate x rate x (e^(0.6 s^2) - 1); the hot wallets name none.
 */
Test(arrivals, a_climate_is_shared_and_lasts) {
    const double rate = 0.5, factor = pow(1.49, 0.6) - 1, twice = pow(1.49, 0.36) - 1;
    static struct engine f;
    struct hl_plan p;
    start(&f, 2, 3 * 365);
    struct hl_climate climate = climate_of(&hl_climate_lognormal, 0.7, 0.6);
    f.s.climates = &climate;
    f.s.climate_count = 1;
    engine_breach(&f, HL_VECTOR_insider, rate, HL_NONE)->climate = 0;
    engine_breach(&f, HL_VECTOR_hot_wallet_drain, rate, HL_NONE);
    engine_plan(&p, &f);
    const struct {
        struct choice a, b;
        double covariance;
    } rows[] = {
        {{"ape/insider", 1}, {"ape/insider", 1}, rate + rate * rate * 0.49},
        {{"ape/insider", 3}, {"bee/insider", 3}, rate * rate * 0.49},
        {{"ape/insider", 1}, {"bee/insider", 2}, rate * rate * factor},
        {{"ape/insider", 1}, {"ape/insider", 3}, rate * rate * twice},
        {{"ape/insider", 2}, {"ape/hot_wallet_drain", 2}, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct measured m = measure(&p, rows[i].a, rows[i].b);
        expect(m.a, rate, "mean");
        expect(m.b, rate, "mean");
        expect(m.covariance, rows[i].covariance, "covariance");
    }
    hl_plan_free(&p);
}

/* Rates that double every year: 1 / ln 2, 2 / ln 2 and 4 / ln 2 times the stated one. */
Test(arrivals, a_trend_over_years) {
    const double g = log(2);
    static struct engine f;
    struct hl_plan p;
    start(&f, 1, 3 * 365);
    engine_breach(&f, HL_VECTOR_insider, 0.2, HL_NONE)->trend_per_year = g;
    engine_plan(&p, &f);
    for (uint16_t year = 1; year <= 3; year++) {
        struct measured m = measure(&p, (struct choice){NULL, year}, (struct choice){NULL, year});
        expect(m.a, 0.2 * pow(2, year - 1) / g, "mean");
        expect(m.covariance, 0.2 * pow(2, year - 1) / g, "variance");
    }
    cr_expect(fabs(hl_plan_p_breach(&p, 0, HL_NONE, 0) - (1 - exp(-0.2 * 7 / g))) < 1e-14);
    hl_plan_free(&p);
}

/* Started empty: E[N] = rate H / (1 - n) - rate n (1 - e^(-(1 - n) beta H)) / ((1 - n)^2 beta), beta = 365 / delay. */
Test(arrivals, a_self_exciting_source_has_the_mean_of_hawkes) {
    const struct {
        double rate, ratio, delay_days, years;
    } rows[] = {{0.5, 0.3, 60, 1}, {0.2, 0.6, 365, 1}, {0.1, 0.8, 200, 4}, {0.3, 0.5, 30, 0.2}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double rate = rows[i].rate, n = rows[i].ratio, beta = 365 / rows[i].delay_days, years = rows[i].years;
        static struct engine f;
        struct hl_plan p;
        start(&f, 1, 365 * years);
        struct hl_excitation link = {.ratio = n, .delay_days = rows[i].delay_days};
        f.s.excitations = &link;
        f.s.excitation_count = 1;
        engine_breach(&f, HL_VECTOR_insider, rate, HL_NONE);
        engine_plan(&p, &f);
        struct measured m = measure(&p, (struct choice){0}, (struct choice){0});
        expect(m.a, rate * years / (1 - n) - rate * n * (1 - exp(-(1 - n) * beta * years)) / ((1 - n) * (1 - n) * beta),
               "mean");
        cr_expect(isnan(hl_plan_p_breach(&p, 0, HL_NONE, 0)), "no closed form");
        hl_plan_free(&p);
    }
}

/* Without delay each immigrant has the whole of a cascade at once, of Borel size: the count is compound Poisson with
 * mean rate / (1 - n) and variance rate / (1 - n)^3, and P(1) = rate e^(-rate) e^(-n). */
Test(arrivals, without_delay_cascades_are_of_borel_size) {
    const double rate = 0.3, n = 0.4;
    static struct engine f;
    struct hl_plan p;
    start(&f, 1, 365);
    struct hl_excitation link = {.ratio = n, .delay_days = 0};
    f.s.excitations = &link;
    f.s.excitation_count = 1;
    engine_breach(&f, HL_VECTOR_insider, rate, HL_NONE);
    engine_plan(&p, &f);
    struct measured m = measure(&p, (struct choice){0}, (struct choice){0});
    expect(m.a, rate / (1 - n), "mean");
    expect(m.covariance, rate / pow(1 - n, 3), "variance");
    double one = exp(-n), two = n * exp(-2 * n); /* Borel: P(size = 1), P(size = 2) */
    expect(m.share[0], exp(-rate), "none");
    expect(m.share[1], exp(-rate) * rate * one, "one");
    expect(m.share[2], exp(-rate) * (rate * two + rate * rate * one * one / 2), "two");
    hl_plan_free(&p);
}

/* Two exchanges, two vectors, without delay. A key leak sets off 0.3 drains at its own exchange and 0.2 at the other;
 * a drain sets off 0.25 key leaks everywhere. By symmetry the means of both exchanges are k = 0.4 + 0.5 d and
 * d = 0.1 + 0.5 k: d = 0.4, k = 0.6. */
Test(arrivals, a_matrix_of_links) {
    static struct engine f;
    struct hl_plan p;
    start(&f, 2, 365);
    engine_breach(&f, HL_VECTOR_key_leak, 0.4, HL_NONE);
    engine_breach(&f, HL_VECTOR_hot_wallet_drain, 0.1, HL_NONE);
    struct hl_excitation links[] = {
        {0, 1, HL_WHERE_SAME, 0.3, 0}, {0, 1, HL_WHERE_OTHERS, 0.2, 0}, {1, 0, HL_WHERE_ALL, 0.25, 0}};
    f.s.excitations = links;
    f.s.excitation_count = COUNT_OF(links);
    engine_plan(&p, &f);
    struct measured m = measure(&p, (struct choice){"ape/key_leak", 0}, (struct choice){"bee/key_leak", 0});
    expect(m.a, 0.6, "key leaks");
    expect(m.b, 0.6, "key leaks at bee");
    cr_expect(m.covariance.mean > 10 * m.covariance.error, "they come together");
    m = measure(&p, (struct choice){"ape/hot_wallet_drain", 0}, (struct choice){"bee/hot_wallet_drain", 0});
    expect(m.a, 0.4, "drains");
    expect(m.b, 0.4, "drains at bee");
    hl_plan_free(&p);
}

/* A child comes after its parent, in the trial and from the root of its cascade, and within the horizon; delays are
 * exponential, of which half are below the median where the horizon cuts nothing off. */
Test(arrivals, children_know_what_set_them_off) {
    static struct engine f;
    static struct hl_incidents in;
    struct hl_plan p;
    struct hl_error err = {0};
    start(&f, 2, 2 * 365);
    engine_breach(&f, HL_VECTOR_key_leak, 0.5, HL_NONE);
    engine_breach(&f, HL_VECTOR_insider, 0, HL_NONE);
    struct hl_excitation links[] = {{0, 1, HL_WHERE_OTHERS, 0.5, 20}, {1, 0, HL_WHERE_SAME, 0.2, 40}};
    f.s.excitations = links;
    f.s.excitation_count = COUNT_OF(links);
    engine_plan(&p, &f);
    cr_assert(hl_incidents_draw(&in, &p, 0, 3, &err) == HL_OK);
    double children = 0, soon = 0;
    for (size_t i = 0; i < in.count; i++) {
        const struct hl_incident *c = &in.items[i];
        cr_assert(c->day > 0 && c->day < 730 && c->year == (c->day < 365 ? 1 : 2));
        cr_assert(c->root_year <= c->year && p.sources[c->root].entry == 0);
        if (c->cause == HL_NO_CAUSE) {
            cr_assert(c->root == c->source && c->root_year == c->year && p.sources[c->source].entry == 0);
            continue;
        }
        cr_assert(c->day >= c->cause_day);
        bool leak = p.sources[c->cause].entry == 0;
        cr_assert(p.sources[c->source].entry == (leak ? 1 : 0));
        cr_assert(leak == (p.sources[c->source].targets[0].exchange != p.sources[c->cause].targets[0].exchange));
        if (leak && c->cause_day < 365) {
            children++;
            soon += c->day - c->cause_day < 20 * log(2);
        }
    }
    cr_expect(children > 800 && fabs(soon - children / 2) < 4 * sqrt(children / 4), "%g of %g", soon, children);
    hl_incidents_free(&in);
    hl_plan_free(&p);
}

/* ---- what may not move incidents --------------------------------------------------------------------------------- */

struct variant {
    const char *what;
    bool climate;      /* of key leaks */
    bool more_climate; /* another one, first of all, of nobody */
    bool trend;        /* of key leaks */
    bool link;         /* key leaks set off key leaks */
    bool exchange;     /* first of all */
    bool control;      /* of key leaks */
    double years;
};

static void make(struct engine *f, struct hl_plan *p, struct variant v) {
    static struct hl_climate climates[2];
    static struct hl_excitation links[2];
    static struct hl_control control;
    static bool all[ENGINE_MOST], leaks[ENGINE_MOST];
    start(f, 0, 365 * v.years);
    for (size_t i = v.exchange ? 0 : 1; i < 3; i++)
        engine_holding(f, engine_exchange(f, (const char *[]){"ant", "ape", "bee"}[i]), 0, HL_HOT, 100);
    climates[0] = (struct hl_climate){"quiet", &hl_climate_gamma, 0.3, 0.2};
    climates[v.more_climate] = climate_of(&hl_climate_gamma, 1, 0.5);
    f->s.climates = climates;
    f->s.climate_count = v.more_climate ? 2 : 1;
    struct hl_breach *leak = engine_breach(f, HL_VECTOR_key_leak, 0.2, HL_NONE);
    leak->climate = v.climate ? v.more_climate : HL_NONE;
    leak->trend_per_year = v.trend ? 0.5 : 0;
    engine_breach(f, HL_VECTOR_insider, 0.2, HL_NONE)->climate = v.more_climate;
    engine_breach(f, HL_VECTOR_hot_wallet_drain, 0.2, HL_NONE);
    links[0] = (struct hl_excitation){2, 1, HL_WHERE_ALL, 0.1, 30};
    links[1] = (struct hl_excitation){0, 0, HL_WHERE_SAME, 0.5, 30};
    f->s.excitations = links;
    f->s.excitation_count = v.link ? 2 : 1;
    for (size_t i = 0; i < ENGINE_MOST; i++)
        all[i] = true;
    leaks[0] = true;
    control = (struct hl_control){.at = all, .breaches = leaks, .rate = 0.5, .hit = 1, .taken = 1, .detection = 1};
    control.throttle_per_day = INFINITY;
    f->s.controls = &control;
    f->s.control_count = v.control;
    engine_plan(p, f);
}

static int compare(const void *a, const void *b) {
    const struct hl_incident *x = a, *y = b;
    if (x->at.stream != y->at.stream)
        return x->at.stream < y->at.stream ? -1 : 1;
    return (x->at.index > y->at.index) - (x->at.index < y->at.index);
}

/* Puts the incidents of one source in the first policy year, whose cause (if any) is at ape or bee too, in front. */
static size_t keep(struct hl_incidents *in, const struct hl_plan *p, const char *source) {
    size_t kept = 0;
    for (size_t i = 0; i < in->count; i++) {
        const struct hl_incident *c = &in->items[i];
        if (strcmp(p->sources[c->source].name, source) == 0 && c->year == 1 &&
            (c->cause == HL_NO_CAUSE || strncmp(p->sources[c->cause].name, "ant", 3) != 0))
            in->items[kept++] = *c;
    }
    qsort(in->items, kept, sizeof *in->items, compare);
    return kept;
}

Test(arrivals, nothing_else_moves_an_incident) {
    const struct variant variants[] = {
        {.what = "a climate", .climate = true, .years = 1},
        {.what = "more climates", .more_climate = true, .years = 1},
        {.what = "a trend", .trend = true, .years = 1},
        {.what = "a link", .link = true, .years = 1},
        {.what = "an exchange", .exchange = true, .years = 1},
        {.what = "a control", .control = true, .years = 1},
        {.what = "years", .years = 4},
        {"all", true, true, true, true, true, true, 2},
    };
    static const char *const others[] = {"ape/insider", "bee/insider", "ape/hot_wallet_drain", "bee/hot_wallet_drain"};
    static struct engine f, g;
    static struct hl_incidents a, b;
    struct hl_plan p, q;
    struct hl_error err = {0};
    for (size_t i = 0; i < COUNT_OF(variants); i++) {
        size_t count = 0;
        for (size_t k = 0; k < COUNT_OF(others); k++) {
            make(&f, &p, (struct variant){.years = 1});
            cr_assert(hl_incidents_draw(&a, &p, 0, 2, &err) == HL_OK);
            size_t want = keep(&a, &p, others[k]);
            hl_plan_free(&p);
            make(&g, &q, variants[i]);
            cr_assert(hl_incidents_draw(&b, &q, 0, 2, &err) == HL_OK);
            cr_assert_eq(keep(&b, &q, others[k]), want, "%s: %s", variants[i].what, others[k]);
            hl_plan_free(&q);
            for (size_t n = 0; n < want; n++)
                cr_assert(compare(&a.items[n], &b.items[n]) == 0 && a.items[n].day == b.items[n].day &&
                              a.items[n].at.trial == b.items[n].at.trial && a.items[n].at.size == b.items[n].at.size,
                          "%s: %s", variants[i].what, others[k]);
            count += want;
        }
        cr_expect(count > 3000, "only %zu incidents", count);
    }
    hl_incidents_free(&a);
    hl_incidents_free(&b);
}

/* A climate that was drawn for another block, seed or plan is not used again. */
Test(arrivals, climates_are_drawn_for_their_block) {
    static struct engine f, g;
    static struct hl_incidents fresh, used;
    struct hl_plan p, q;
    struct hl_error err = {0};
    make(&f, &p, (struct variant){.climate = true, .years = 2});
    cr_assert(hl_incidents_draw(&fresh, &p, 0, 1, &err) == HL_OK);
    cr_assert(hl_incidents_draw(&used, &p, 0, 0, &err) == HL_OK);
    make(&g, &q, (struct variant){.climate = true, .more_climate = true, .years = 2});
    cr_assert(hl_incidents_draw(&used, &q, 0, 1, &err) == HL_OK);
    p.seed++;
    cr_assert(hl_incidents_draw(&used, &p, 0, 1, &err) == HL_OK);
    cr_expect(used.count != fresh.count || memcmp(used.items, fresh.items, fresh.count * sizeof *fresh.items) != 0);
    p.seed--;
    for (int again = 0; again < 2; again++) {
        cr_assert(hl_incidents_draw(&used, &p, 0, 1, &err) == HL_OK);
        cr_assert_eq(used.count, fresh.count);
        for (size_t i = 0; i < fresh.count; i++)
            cr_assert(used.items[i].day == fresh.items[i].day && used.items[i].at.trial == fresh.items[i].at.trial);
    }
    hl_plan_free(&p);
    hl_plan_free(&q);
    hl_incidents_free(&fresh);
    hl_incidents_free(&used);
}

/* What other samplings take over from the stated one is what they would have drawn; one source has other rates. */
Test(arrivals, samplings_share_what_is_the_same) {
    static struct engine f;
    static struct hl_incidents alone, sharing;
    struct hl_plan p;
    struct hl_error err = {0};
    make(&f, &p, (struct variant){.climate = true, .years = 2});
    hl_plan_free(&p);
    f.breaches[0].count.low = f.breaches[0].count.p[0] / 2;
    f.breaches[0].count.high = f.breaches[0].count.p[0] * 2;
    engine_plan(&p, &f);
    cr_assert_geq(p.sampling_count, 3);
    sharing.shares = true;
    for (uint32_t block = 0; block < 3; block++) {
        size_t counts[3];
        for (size_t s = 0; s < 3; s++) {
            cr_assert(hl_incidents_draw(&alone, &p, s, block, &err) == HL_OK);
            cr_assert(hl_incidents_draw(&sharing, &p, s, block, &err) == HL_OK);
            cr_assert(alone.count == sharing.count);
            for (size_t i = 0; i < alone.count; i++) {
                const struct hl_incident *a = &alone.items[i], *b = &sharing.items[i];
                cr_expect(a->day == b->day && a->source == b->source && a->at.trial == b->at.trial &&
                              a->at.stream == b->at.stream && a->at.index == b->at.index && a->at.size == b->at.size,
                          "block %u, sampling %zu, %zu", block, s, i);
            }
            counts[s] = alone.count;
        }
        cr_expect(counts[1] < counts[0] && counts[0] < counts[2], "more at higher rates");
    }
    cr_assert(hl_incidents_draw(&alone, &p, 1, 3, &err) == HL_OK);
    cr_assert(hl_incidents_draw(&sharing, &p, 1, 3, &err) == HL_OK);
    cr_expect(alone.count == sharing.count && memcmp(&alone.items[0].day, &sharing.items[0].day, sizeof(double)) == 0,
              "a block that was not drawn as stated");
    hl_plan_free(&p);
    hl_incidents_free(&alone);
    hl_incidents_free(&sharing);
}

/* The factor of one trial is what the sums over the block add up, for every year, with persistence too. */
Test(arrivals, a_climate_of_one_trial) {
    struct engine f;
    struct hl_plan p;
    struct hl_incidents in = {0};
    struct hl_error err = {0};
    start(&f, 1, 3 * 365);
    struct hl_climate climate = climate_of(&hl_climate_lognormal, 0.7, 0.6);
    f.s.climates = &climate;
    f.s.climate_count = 1;
    engine_breach(&f, HL_VECTOR_insider, 0.01, HL_NONE)->climate = 0;
    engine_plan(&p, &f);
    cr_assert_eq(hl_incidents_draw(&in, &p, 0, 5, &err), HL_OK);
    for (uint16_t year = 1; year <= 3; year++) {
        double sum = 0;
        for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS; trial++) {
            sum += hl_climate_at(&p, 0, 5, trial, year);
            cr_assert_eq(sum, in.climate[(size_t)(year - 1) * HL_BLOCK_TRIALS + trial], "year %d trial %u", year,
                         trial);
        }
    }
    hl_incidents_free(&in);
    hl_plan_free(&p);
}
