/* Counts, places and times of events against theory, and the nesting that addressed draws promise. */
#include "models/frequency.h"
#include "tests/many.h"

#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { BLOCKS = HL_IS_SLOW ? 500 : 2000 };
static const uint64_t test_seed = 20240530;

/* Every family in the registry needs a row: the test over the registry fails without. */
static const struct count_case {
    const char *family;
    double p[HL_PARAMETERS_MOST];
    double years;
    double mean;     /* of a trial's count, by hand */
    double variance; /* of a trial's count, by hand */
    double none;     /* P(no event), by hand */
} count_cases[] = {
    {"poisson", {0.01}, 1, 0.01, 0.01, 0.990049833749168},
    {"poisson", {0.02}, 0.25, 0.005, 0.005, 0.995012479192682},
    {"poisson", {2}, 1, 2, 2, 0.135335283236613},
    /* m + m^2 / r = 0.1 + 0.01 / 0.2 and (1 + m / r)^-r = 1.5^-0.2 */
    {"negative_binomial", {0.1, 0.2}, 1, 0.1, 0.15, 0.922107911481728},
    /* half a year: m and r are halved */
    {"negative_binomial", {0.1, 0.2}, 0.5, 0.05, 0.075, 0.960264500792218},
    {"negative_binomial", {1, 1}, 1, 1, 2, 0.5},
    {"negative_binomial", {0.05, 1000}, 1, 0.05, 0.0500025, 0.951230613498605},
    {"at_most_once", {0.02}, 1, 0.02, 0.0196, 0.98},
    {"at_most_once", {0.19}, 0.5, 0.1, 0.09, 0.9}, /* 1 - 0.81^(1/2) */
    {"at_most_once", {0.9}, 1, 0.9, 0.09, 0.1},
    {"on", {180}, 1, 1, 0, 0},
    {"on", {180}, 0.5, 1, 0, 0}, /* noon of day 180 is before the end of day 182.5 */
    {"on", {182}, 0.5, 0, 0, 1}, /* and that of day 182 is it */
};

static struct hl_count count_of(const char *family, double first, double second) {
    gsl_set_error_handler_off();
    struct hl_count c = {.family = hl_frequency_find(family), .p = {first, second}, .low = first, .high = first};
    cr_assert(c.family != NULL, "%s", family);
    return c;
}

static struct hl_arrivals draw_block(const struct hl_count *c, uint64_t stream, uint32_t block, double years) {
    struct hl_arrivals a = {0};
    cr_assert(c->family->draw(c, test_seed, stream, block, &(struct hl_exposure){.years = years}, &a) == HL_OK);
    return a;
}

Test(frequency, registry) {
    size_t count = 0;
    for (; hl_frequencies[count] != NULL; count++) {
        const struct hl_frequency *f = hl_frequencies[count];
        cr_expect(hl_frequency_find(f->name) == f, "%s", f->name);
        cr_expect(strlen(f->doc) > 10 && strlen(f->source) > 5 && f->parameter_count > 0, "%s", f->name);
        for (size_t i = 0; i < f->parameter_count; i++) {
            const struct hl_parameter *p = &f->parameters[i];
            cr_expect(p->key != NULL && p->doc != NULL && p->minimum < p->maximum, "%s %zu", f->name, i);
        }
        size_t cases = 0;
        for (size_t i = 0; i < COUNT_OF(count_cases); i++)
            cases += strcmp(count_cases[i].family, f->name) == 0;
        cr_expect(cases > 0, "%s has no case", f->name);
    }
    cr_expect(count == 4);
    cr_expect(hl_frequency_find("hawkes") == NULL);
}

/* The generating function gives P(N = 0) at 0, 1 at 1, and the mean and the variance by its derivatives at 1. */
Test(frequency, formulas_agree) {
    for (size_t i = 0; i < COUNT_OF(count_cases); i++) {
        const struct count_case *k = &count_cases[i];
        struct hl_count c = count_of(k->family, k->p[0], k->p[1]);
        const double h = 1e-4;
        double g0 = creal(c.family->generating(&c, k->years, 1)), g1 = creal(c.family->generating(&c, k->years, 1 - h)),
               g2 = creal(c.family->generating(&c, k->years, 1 - 2 * h));
        double first = (3 * g0 - 4 * g1 + g2) / (2 * h);
        double second = (g0 - 2 * g1 + g2) / (h * h);
        cr_expect(fabs(c.family->mean(&c, k->years) - k->mean) < 1e-14, "row %zu", i);
        cr_expect(fabs(c.family->none(&c, k->years) - k->none) < 1e-14, "row %zu: %.15g", i,
                  c.family->none(&c, k->years));
        cr_expect(cabs(c.family->generating(&c, k->years, 0) - k->none) < 1e-14, "row %zu", i);
        cr_expect(fabs(c.family->pairs(&c, k->years) - (k->variance - k->mean + k->mean * k->mean)) < 1e-13,
                  "row %zu: pairs %.15g", i, c.family->pairs(&c, k->years));
        cr_expect(g0 == 1, "row %zu", i);
        cr_expect(fabs(first - k->mean) < 1e-6, "row %zu: %g", i, first);
        cr_expect(fabs(second + first - first * first - k->variance) < 2e-3 * k->variance + 1e-6, "row %zu: %g", i,
                  second + first - first * first);
    }
}

/* On the unit circle the generating function is the transform of the probabilities of 0, 1, 2, ..., so its mean over
 * the circle is that of none. */
Test(frequency, generating_functions_of_complex_numbers) {
    for (size_t i = 0; i < COUNT_OF(count_cases); i++) {
        const struct count_case *k = &count_cases[i];
        struct hl_count c = count_of(k->family, k->p[0], k->p[1]);
        double complex sum = 0;
        for (int n = 0; n < 4096; n++)
            sum += c.family->generating(&c, k->years, cexp(2 * M_PI * I * n / 4096)) / 4096;
        cr_expect(cabs(sum - k->none) < 1e-12, "row %zu: %g %g", i, creal(sum), cimag(sum));
    }
}

/* What 2,000 blocks (200 where events are many) say about the count of one trial. */
struct moments {
    double n, mean, variance, fourth; /* central moments */
    double none;
    double power; /* mean of 0.3^N */
};

static struct moments sample_moments(const struct count_case *k) {
    struct hl_count c = count_of(k->family, k->p[0], k->p[1]);
    uint64_t *histogram = calloc(65536, sizeof *histogram);
    uint32_t blocks = k->mean < 0.5 ? BLOCKS : BLOCKS / 10;
    for (uint32_t b = 0; b < blocks; b++) {
        uint16_t of_trial[HL_BLOCK_TRIALS] = {0};
        struct hl_arrivals a = draw_block(&c, hl_stream("x/y"), b, k->years);
        for (size_t i = 0; i < a.count; i++)
            of_trial[a.items[i].trial]++;
        for (size_t t = 0; t < HL_BLOCK_TRIALS; t++)
            histogram[of_trial[t]]++;
        hl_arrivals_free(&a);
    }
    struct moments m = {.n = (double)blocks * HL_BLOCK_TRIALS};
    for (int i = 0; i < 65536; i++) {
        m.mean += i * (double)histogram[i] / m.n;
        m.power += pow(0.3, i) * (double)histogram[i] / m.n;
    }
    for (int i = 0; i < 65536; i++) {
        double share = (double)histogram[i] / m.n, from_mean = i - m.mean;
        m.variance += from_mean * from_mean * share;
        m.fourth += pow(from_mean, 4) * share;
    }
    m.none = (double)histogram[0] / m.n;
    free(histogram);
    return m;
}

Test(frequency, counts_have_the_moments_of_theory) {
    for (size_t i = 0; i < COUNT_OF(count_cases); i++) {
        const struct count_case *k = &count_cases[i];
        struct hl_count c = count_of(k->family, k->p[0], k->p[1]);
        struct moments m = sample_moments(k);
        double power = creal(c.family->generating(&c, k->years, 0.3));
        double power_variance = creal(c.family->generating(&c, k->years, 0.09)) - power * power;
        cr_expect(fabs(m.mean - k->mean) <= 4 * sqrt(k->variance / m.n), "row %zu: mean %g", i, m.mean);
        cr_expect(fabs(m.none - k->none) <= 4 * sqrt(k->none * (1 - k->none) / m.n), "row %zu: none %g", i, m.none);
        cr_expect(fabs(m.variance - k->variance) <= 4 * sqrt((m.fourth - m.variance * m.variance) / m.n),
                  "row %zu: variance %g", i, m.variance);
        cr_expect(fabs(m.power - power) <= 4 * sqrt(power_variance / m.n), "row %zu: E[0.3^N] %g", i, m.power);
    }
}

/* Times are uniform (Kolmogorov-Smirnov at 1 in 10,000) and trials are hit evenly (chi-square over 64 groups). */
Test(frequency, places_and_times_are_even) {
    for (size_t i = 0; i < COUNT_OF(count_cases); i++) {
        const struct count_case *k = &count_cases[i];
        if (k->mean > 0.5 || k->variance > 1.4 * k->mean || k->mean == 0)
            continue; /* clusters share a trial, a day is no time that is drawn; the others would take long */
        struct hl_count c = count_of(k->family, k->p[0], k->p[1]);
        double places[64] = {0}, times[1000] = {0}, n = 0;
        for (uint32_t b = 0; b < BLOCKS; b++) {
            struct hl_arrivals a = draw_block(&c, hl_stream("a/b"), b, k->years);
            for (size_t j = 0; j < a.count; j++) {
                cr_assert(a.items[j].time > 0 && a.items[j].time < 1 && a.items[j].trial < HL_BLOCK_TRIALS);
                places[a.items[j].trial % 64]++;
                times[(size_t)(a.items[j].time * 1000)]++;
                n++;
            }
            hl_arrivals_free(&a);
        }
        double chi_square = 0, sum = 0, distance = 0;
        for (size_t j = 0; j < 64; j++)
            chi_square += (places[j] - n / 64) * (places[j] - n / 64) / (n / 64);
        for (size_t j = 0; j < 1000; j++) {
            sum += times[j] / n;
            distance = fmax(distance, fabs(sum - (double)(j + 1) / 1000));
        }
        cr_expect(chi_square < 63 + 4 * sqrt(2 * 63), "row %zu: %g", i, chi_square);
        cr_expect(distance * sqrt(n) < 2.23, "row %zu: %g", i, distance * sqrt(n));
    }
}

static bool same_arrival(const struct hl_arrival *a, const struct hl_arrival *b) {
    return a->trial == b->trial && a->stream == b->stream && a->index == b->index && a->time == b->time &&
           a->size == b->size;
}

static bool has_arrival(const struct hl_arrivals *list, const struct hl_arrival *one) {
    for (size_t i = 0; i < list->count; i++) {
        if (same_arrival(&list->items[i], one))
            return true;
    }
    return false;
}

/* The events of a lower rate, or of a shorter horizon, happen at a higher one too, in the same trials and sizes. */
Test(frequency, lower_rates_nest_in_higher_ones) {
    const struct {
        const char *family;
        double low, high, second, low_years;
    } rows[] = {
        {"poisson", 0.004, 0.02, 0, 1},    {"poisson", 0.02, 0.02, 0, 0.3},          {"poisson", 0.02, 0.0201, 0, 1},
        {"at_most_once", 0.01, 0.3, 0, 1}, {"at_most_once", 0.3, 0.3, 0, 0.5},       {"at_most_once", 0.5, 1, 0, 1},
        {"poisson", 0, 0.01, 0, 1},        {"negative_binomial", 0.01, 0.1, 0.2, 1}, {"at_most_once", 0, 0.1, 0, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_count low = count_of(rows[i].family, rows[i].low, rows[i].second);
        struct hl_count high = count_of(rows[i].family, rows[i].high, rows[i].second);
        bool more = false;
        for (uint32_t b = 0; b < 60; b++) {
            struct hl_arrivals few = draw_block(&low, 7, b, rows[i].low_years);
            struct hl_arrivals many = draw_block(&high, 7, b, 1);
            cr_expect(few.count <= many.count, "row %zu block %u", i, b);
            more = more || few.count < many.count;
            for (size_t j = 0; j < few.count; j++) {
                bool found = strcmp(rows[i].family, "negative_binomial") == 0
                                 ? has_arrival(&many, &few.items[j])
                                 : same_arrival(&few.items[j], &many.items[j]);
                cr_expect(found, "row %zu block %u event %zu", i, b, j);
            }
            hl_arrivals_free(&few);
            hl_arrivals_free(&many);
        }
        cr_expect(more, "row %zu: nothing was added", i);
    }
}

/* Only seed, stream, block and rate decide; an event that is added by another source moves nothing. */
Test(frequency, draws_depend_on_their_address_alone) {
    struct hl_count c = count_of("poisson", 0.01, 0);
    struct hl_arrivals a = draw_block(&c, 1, 5, 1), b = draw_block(&c, 1, 5, 1), other = draw_block(&c, 2, 5, 1),
                       next = draw_block(&c, 1, 6, 1);
    cr_assert(a.count == b.count && a.count > 5 && other.count > 5 && next.count > 5);
    for (size_t i = 0; i < a.count; i++)
        cr_expect(same_arrival(&a.items[i], &b.items[i]));
    cr_expect(a.items[0].size != other.items[0].size && a.items[0].time != other.items[0].time);
    cr_expect(a.items[0].size != next.items[0].size && a.items[0].time != next.items[0].time);
    struct hl_words words = hl_draw(test_seed, (struct hl_address){1, 5, HL_DRAW_EVENT, 3});
    cr_expect(a.items[3].trial == hl_place(words.word[0]) && a.items[3].time == hl_unit(words.word[0]));
    cr_expect(a.items[3].size == words.word[1] && a.items[3].index == 3);

    size_t before = a.count; /* draw appends */
    cr_assert(c.family->draw(&c, test_seed, 2, 5, &(struct hl_exposure){.years = 1}, &a) == HL_OK);
    cr_assert(a.count == before + other.count);
    cr_expect(same_arrival(&a.items[0], &b.items[0]) && same_arrival(&a.items[before], &other.items[0]));
    hl_arrivals_free(&a);
    hl_arrivals_free(&b);
    hl_arrivals_free(&other);
    hl_arrivals_free(&next);
    hl_arrivals_free(&a); /* a second time is safe */
}

Test(frequency, at_most_once_takes_each_trial_at_most_once) {
    const double probabilities[] = {0.001, 0.4, 1};
    for (size_t i = 0; i < COUNT_OF(probabilities); i++) {
        struct hl_count c = count_of("at_most_once", probabilities[i], 0);
        for (uint32_t b = 0; b < 20; b++) {
            uint8_t seen[HL_BLOCK_TRIALS] = {0};
            struct hl_arrivals a = draw_block(&c, 3, b, 1);
            for (size_t j = 0; j < a.count; j++)
                cr_expect(seen[a.items[j].trial]++ == 0);
            cr_expect(probabilities[i] < 1 || a.count == HL_BLOCK_TRIALS);
            hl_arrivals_free(&a);
        }
    }
}

/* Every trial has one, at noon of the day, in the policy year that the day is in; the words of its size are drawn. */
Test(frequency, on_a_day) {
    const struct {
        double day, years, start, time; /* time NAN = in another year */
    } rows[] = {
        {0, 1, 0, 0.5 / 365}, {364, 1, 0, 364.5 / 365},     {365, 1, 0, NAN},         {365, 1, 1, 0.5 / 365},
        {365, 1, 2, NAN},     {730 + 73, 1, 2, 73.5 / 365}, {9, 10 / 365.0, 0, 0.95}, {10, 10 / 365.0, 0, NAN},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_count c = count_of("on", rows[i].day, 0);
        struct hl_arrivals a = {0};
        const struct hl_exposure exposure = {.years = rows[i].years, .start = rows[i].start};
        cr_assert(c.family->draw(&c, test_seed, 5, 2, &exposure, &a) == HL_OK);
        cr_expect(a.count == (isnan(rows[i].time) ? 0 : HL_BLOCK_TRIALS), "row %zu", i);
        for (uint32_t j = 0; j < a.count; j++) {
            const struct hl_arrival *e = &a.items[j];
            uint64_t word = hl_draw(test_seed, (struct hl_address){5, 2, HL_DRAW_EVENT, j}).word[1];
            cr_assert(e->trial == j && e->index == j && e->stream == 5 && e->place == hl_place_of(j) &&
                      e->size == word);
            cr_assert(fabs(e->time - rows[i].time) < 1e-12, "row %zu: %.17g", i, e->time);
        }
        hl_arrivals_free(&a);
    }
}

/* A cluster is one trial's, its members have times and sizes of their own, and its sizes are logarithmic:
 * P(size = 1) = q / ln(1 + m / r), 1 / (2 ln 2) at m = r. */
Test(frequency, clusters) {
    struct hl_count c = count_of("negative_binomial", 1, 1);
    double clusters = 0, single = 0;
    uint64_t member = 0;
    for (uint32_t b = 0; b < 50; b++) {
        struct hl_arrivals a = draw_block(&c, 11, b, 1);
        for (size_t i = 0; i < a.count; i++) {
            const struct hl_arrival *e = &a.items[i];
            clusters += e->stream == 11;
            single += e->stream == 11 && (i + 1 == a.count || a.items[i + 1].stream == 11);
            member = e->stream == 11 ? 0 : member + 1;
            if (member > 0) {
                const struct hl_arrival *before = &a.items[i - 1];
                cr_expect(e->trial == before->trial && e->index == before->index && e->place == before->place);
                cr_expect(e->stream == hl_stream_with(11, member) && e->time != before->time &&
                          e->size != before->size);
            }
        }
        hl_arrivals_free(&a);
    }
    double share = 0.7213475204444817;
    cr_expect(fabs(single / clusters - share) < 4 * sqrt(share * (1 - share) / clusters), "%g", single / clusters);
    double expected = 50 * 4096 * 0.6931471805599453;
    cr_expect(fabs(clusters - expected) < 4 * sqrt(expected), "%g", clusters);
}

/* Indexes and members fit where the largest parameters take them. */
Test(frequency, largest_parameters) {
    gsl_set_error_handler_off();
    double most = hl_frequency_poisson.parameters[0].maximum * HL_BLOCK_TRIALS;
    cr_expect(hl_poisson_quantile(most, 1 - 0x1p-53) < UINT64_C(1) << 24);
    struct hl_count c = count_of("negative_binomial", hl_frequency_negative_binomial.parameters[0].maximum,
                                 hl_frequency_negative_binomial.parameters[1].minimum);
    double n = 0, most_members = 0;
    for (uint32_t b = 0; b < 200; b++) {
        struct hl_arrivals a = draw_block(&c, 1, b, 1);
        double members = 0;
        for (size_t i = 0; i < a.count; i++) {
            members = a.items[i].stream == 1 ? 0 : members + 1;
            most_members = fmax(most_members, members);
        }
        n += (double)a.count;
        hl_arrivals_free(&a);
    }
    cr_expect(most_members > 2000 && most_members < 60000, "%g", most_members);
    double variance = 10 + 100 / 0.01; /* of a trial */
    cr_expect(fabs(n - 200 * 4096 * 10.0) < 4 * sqrt(200 * 4096 * variance), "%g", n);
}

Test(frequency, poisson_quantile) {
    gsl_set_error_handler_off();
    const struct {
        double mean, u;
        uint64_t want;
    } rows[] = {
        /* e^-1 = 0.368, then 0.736, 0.920 */
        {1, 0.36, 0},  {1, 0.37, 1},        {1, 0.73, 1},   {1, 0.74, 2},           {1, 0.91, 2},
        {0, 0.999, 0}, {1e6, 0.5, 1000000}, {1e-9, 0.5, 0}, {1e-9, 1 - 0x1p-53, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(hl_poisson_quantile(rows[i].mean, rows[i].u) == rows[i].want, "row %zu", i);

    const double means[] = {0.01, 0.5, 3, 17.2, 41, 300, 2500, 4e4, 1e6, 4e6};
    const double us[] = {0x1p-53, 1e-9, 0.001, 0.1, 0.49, 0.51, 0.9, 0.999, 1 - 1e-9, 1 - 0x1p-53};
    for (size_t i = 0; i < COUNT_OF(us); i++) {
        uint64_t last = 0;
        for (size_t j = 0; j < COUNT_OF(means); j++) {
            uint64_t k = hl_poisson_quantile(means[j], us[i]);
            double above = 1 - us[i];
            cr_expect(gsl_cdf_poisson_Q((unsigned)k, means[j]) <= above * (1 + 1e-9), "%g %g", means[j], us[i]);
            cr_expect(k == 0 || gsl_cdf_poisson_Q((unsigned)k - 1, means[j]) >= above * (1 - 1e-9), "%g %g", means[j],
                      us[i]);
            cr_expect(k >= last, "%g %g", means[j], us[i]);
            last = k;
        }
    }
    for (double mean = 40, last = 0; mean < 42; mean += 0.001) {
        double k = (double)hl_poisson_quantile(mean, 0.7);
        cr_expect(k >= last, "%g", mean);
        last = k;
    }
}

/* What is remembered changes nothing: laws of near means, which share places, asked for in turn. */
Test(frequency, poisson_quantile_again) {
    gsl_set_error_handler_off();
    const double means[] = {0.3, 40, nextafter(40, 41), 40 * (1 + 0x1p-28), 1228.8, 1e5};
    struct hl_arrivals a = {0};
    for (uint32_t i = 0; i < 6000; i++) {
        double mean = means[i % COUNT_OF(means)], u = hl_u01(5, (struct hl_address){i % 700, 0, 0, 0});
        cr_assert_eq(hl_poisson_quantile_again(&a, mean, u), hl_poisson_quantile(mean, u), "%.17g %.17g", mean, u);
    }
    cr_expect(a.count == 0 && a.tails != NULL);
    hl_arrivals_free(&a);
    cr_expect(a.tails == NULL);
}

Test(frequency, scaled_rates) {
    const struct {
        const char *family;
        double p, factor, want;
    } rows[] = {
        {"poisson", 0.02, 1.5, 0.03},
        {"poisson", 0.02, 0, 0},
        {"negative_binomial", 0.1, 3, 0.3},
        {"at_most_once", 0.19, 0.5, 0.1}, /* 1 - 0.81^(1/2) */
        {"at_most_once", 0.1, 2, 0.19},
        {"at_most_once", 0.3, 0, 0},
        {"at_most_once", 1, 0, 0},
        {"at_most_once", 1, 0.5, 1},
        {"at_most_once", 0.3, 1, 0.3},
        {"on", 40, 0, 40},
        {"on", 40, 3, 40},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double got = hl_frequency_find(rows[i].family)->scaled(rows[i].p, rows[i].factor);
        cr_expect(fabs(got - rows[i].want) < 1e-15, "row %zu: %.17g", i, got);
    }
    cr_expect(hl_frequency_at_most_once.scaled(0.3, 1) == 0.3, "to the last bit");
}

/* Without trend a year is a year. With g = ln 2 the rate doubles within it: the integral is 1 / ln 2, and half of the
 * breaches are past after log2(3/2) of it; the second year has twice as many, at the same fractions. */
Test(frequency, exposure_to_a_trend) {
    const double g = 0.6931471805599453;
    const struct {
        struct hl_exposure exposure;
        double length, half;
    } rows[] = {
        {{.years = 1}, 1, 0.5},
        {{.years = 0.25, .start = 3}, 0.25, 0.5},
        {{.years = 1, .trend = g}, 1 / g, 0.5849625007211562},
        {{.years = 1, .start = 1, .trend = g}, 2 / g, 0.5849625007211562},
        {{.years = 1, .trend = -g}, 0.5 / g, 0.4150374992788438},
        {{.years = 1, .trend = 1e-12}, 1, 0.5},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cr_expect(fabs(hl_exposure_length(&rows[i].exposure) - rows[i].length) < 1e-11, "row %zu", i);
        cr_expect(fabs(hl_exposure_time(&rows[i].exposure, 0.5) - rows[i].half) < 1e-11, "row %zu", i);
        cr_expect(hl_exposure_time(&rows[i].exposure, 0x1p-53) > 0, "row %zu", i);
    }
}

/* A rate that grows by e^2 over the year: the number of events, and how many come before each twentieth of it. */
Test(frequency, trend) {
    const double g = 2, rate = 0.1;
    struct hl_count c = count_of("poisson", rate, 0);
    const struct hl_exposure exposure = {.years = 1, .start = 0.5, .trend = g};
    double n = 0, before[20] = {0};
    for (uint32_t b = 0; b < 200; b++) {
        struct hl_arrivals a = {0};
        cr_assert(c.family->draw(&c, test_seed, 5, b, &exposure, &a) == HL_OK);
        for (size_t i = 0; i < a.count; i++) {
            struct hl_arrival plain = hl_arrival_at(test_seed, 5, b, a.items[i].index);
            cr_expect(a.items[i].time > plain.time && a.items[i].trial == plain.trial && a.items[i].size == plain.size);
            for (int k = 0; k < 20; k++)
                before[k] += a.items[i].time < k / 20.0;
        }
        n += (double)a.count;
        hl_arrivals_free(&a);
    }
    double expected = rate * exp(g * 0.5) * (exp(g) - 1) / g * 200 * HL_BLOCK_TRIALS;
    cr_expect(fabs(n - expected) < 4 * sqrt(expected), "%g events, %g expected", n, expected);
    for (int k = 1; k < 20; k++) {
        double p = (exp(g * k / 20) - 1) / (exp(g) - 1);
        cr_expect(fabs(before[k] / n - p) < 4 * sqrt(p * (1 - p) / n), "before %d/20: %g, not %g", k, before[k] / n, p);
    }
}

/* Trial t has weight t: the count is Poisson of the weights' sum, trials are hit in proportion, and trial 0 never. */
Test(frequency, trials_by_their_climate) {
    struct hl_count c = count_of("poisson", 0.01, 0);
    static double upto[HL_BLOCK_TRIALS];
    for (size_t t = 1; t < HL_BLOCK_TRIALS; t++)
        upto[t] = upto[t - 1] + (double)t;
    const struct hl_exposure exposure = {.years = 1, .upto = upto};
    const double total = 4095 * 4096 / 2.0;
    double n = 0, groups[16] = {0}, chi_square = 0;
    for (uint32_t b = 0; b < 20; b++) {
        struct hl_arrivals a = {0};
        cr_assert(c.family->draw(&c, test_seed, 6, b, &exposure, &a) == HL_OK);
        for (size_t i = 0; i < a.count; i++) {
            const struct hl_arrival *e = &a.items[i];
            cr_assert(e->trial > 0 && upto[e->trial - 1] <= e->place * total && upto[e->trial] > e->place * total);
            groups[e->trial / 256]++;
        }
        n += (double)a.count;
        hl_arrivals_free(&a);
    }
    cr_expect(fabs(n - 0.01 * 20 * total) < 4 * sqrt(0.01 * 20 * total), "%g", n);
    for (size_t k = 0; k < 16; k++) {
        double want = n * (256 * (256 * (double)k) + 255 * 256 / 2.0) / total;
        chi_square += (groups[k] - want) * (groups[k] - want) / want;
    }
    cr_expect(chi_square < 15 + 4 * sqrt(30), "%g", chi_square);
}

/* Without climate a place is the middle of its trial, and the trial is found from it. */
Test(frequency, places_are_trials) {
    for (uint32_t t = 0; t < HL_BLOCK_TRIALS; t++)
        cr_assert_eq(hl_exposure_trial(&(struct hl_exposure){.years = 1}, hl_place_of(t)), t);
}

Test(frequency, binomial_quantile) {
    gsl_set_error_handler_off();
    const struct {
        uint32_t n;
        double p, u;
        uint64_t want;
    } rows[] = {
        /* two coins: 1/4, 3/4, 1 */
        {2, 0.5, 0.24, 0},    {2, 0.5, 0.26, 1},      {2, 0.5, 0.74, 1}, {2, 0.5, 0.76, 2}, {4096, 0, 0.9, 0},
        {4096, 1, 0.1, 4096}, {4096, 0.5, 0.5, 2048}, {1, 0.3, 0.69, 0}, {1, 0.3, 0.71, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(hl_binomial_quantile(rows[i].n, rows[i].p, rows[i].u) == rows[i].want, "row %zu", i);
    uint64_t last = 0;
    for (int i = 0; i <= 2000; i++) {
        uint64_t k = hl_binomial_quantile(4096, i / 2000.0, 0.3);
        cr_expect(k >= last, "%d", i);
        last = k;
    }
}
