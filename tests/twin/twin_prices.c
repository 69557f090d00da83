/* Prices relative to day 0: a Brownian bridge for each factor and each asset, jumps, and falls at breaches. */
#include "tests/twin/twin.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEGMENT = 128 };

static double normal_at(const struct twin *t, uint64_t stream, enum hl_purpose purpose, uint32_t index) {
    return hl_normal_quantile(&t->normal, twin_uniform(t, stream, purpose, index));
}

/* The variance of a segment relative to the usual one: min(nu/Q, most) over its mean, Q chi-square. */
static double variance_of(const struct twin *t, uint32_t trial, int segment) {
    const struct hl_market *m = &t->scenario->market;
    double nu = m->tail_nu, most = m->tail_most;
    if (nu <= 0)
        return 1;
    double u = twin_uniform(t, hl_stream_with(hl_stream("price:clock"), (uint64_t)segment), HL_DRAW_PRICE, trial);
    double mean = nu / (nu - 2) * gsl_cdf_chisq_Q(nu / most, nu - 2) + most * gsl_cdf_chisq_P(nu / most, nu);
    double v = nu / hl_distribution_quantile(&t->chi_square, 1 - u);
    return (v < most ? v : most) / mean;
}

static double clock_at(const struct twin *t, uint32_t trial, int day) {
    double years = 0;
    for (int d = 0; d < day; d += SEGMENT)
        years += variance_of(t, trial, d / SEGMENT) * (day - d < SEGMENT ? day - d : SEGMENT) / 365;
    return years;
}

/* The bridge between days a and b of a segment of unit variance a day, at day d. */
static double bridge(const struct twin *t, uint64_t stream, uint32_t trial, int a, int b, double at_a, double at_b,
                     int d) {
    if (d == a || d == b)
        return d == a ? at_a : at_b;
    int m = (a + b) / 2;
    double at_m =
        (at_a + at_b) / 2 + sqrt((b - a) / 4.0) * normal_at(t, stream, HL_DRAW_PRICE, trial << 8 | (uint32_t)m);
    return d < m ? bridge(t, stream, trial, a, m, at_a, at_m, d) : bridge(t, stream, trial, m, b, at_m, at_b, d);
}

/* A path's Brownian motion in square roots of years. */
static double path_at(const struct twin *t, uint64_t path, uint32_t trial, int day) {
    double sum = 0;
    for (int segment = 0; segment * SEGMENT < day; segment++) {
        int d = day - segment * SEGMENT < SEGMENT ? day - segment * SEGMENT : SEGMENT;
        uint64_t stream = hl_stream_with(path, (uint64_t)segment);
        double end = sqrt(SEGMENT) * normal_at(t, stream, HL_DRAW_PRICE, trial << 8 | SEGMENT);
        double step = bridge(t, stream, trial, 0, SEGMENT, 0, end, d);
        sum += sqrt(variance_of(t, trial, segment) / 365) * step;
    }
    return sum;
}

/* The sum of a factor's log jumps up to a day. */
static double jumps_at(const struct twin *t, const struct hl_factor *f, uint32_t trial, int day) {
    double sum = 0;
    uint64_t jump = hl_stream_with_name(hl_stream("jump"), f->name);
    for (int year = 0; 365 * year <= day; year++) {
        uint64_t stream = hl_stream_with(jump, (uint64_t)year);
        uint32_t count = twin_poisson_count(f->jump_rate, twin_uniform(t, stream, HL_DRAW_JUMP, trial << 8));
        for (uint32_t k = 1; k <= count; k++) {
            struct hl_words words = twin_words(t, stream, HL_DRAW_JUMP, trial << 8 | k);
            if ((year + hl_unit(words.word[0])) * 365 <= day)
                sum += f->jump_mean + f->jump_sd * hl_normal_quantile(&t->normal, hl_unit(words.word[1]));
        }
    }
    return sum;
}

/* Before anything falls at a breach. */
static double quiet_price(const struct twin *t, uint32_t trial, size_t asset, int day) {
    const struct hl_market *m = &t->scenario->market;
    const struct hl_asset *a = &t->scenario->assets[asset];
    double sigma = isnan(a->volatility_per_year) ? 0 : a->volatility_per_year;
    double noise = 0, jumps = 0, common = 0;
    for (size_t f = 0; f < m->factor_count && a->loadings != NULL; f++) {
        const struct hl_factor *factor = &m->factors[f];
        double r = a->loadings[f];
        common += r * r;
        if (sigma > 0 && r != 0)
            noise += r * path_at(t, hl_stream_with_name(hl_stream("price"), factor->name), trial, day);
        double mean = exp(r * factor->jump_mean + r * r * factor->jump_sd * factor->jump_sd / 2);
        jumps += r * jumps_at(t, factor, trial, day) - day / 365.0 * factor->jump_rate * (mean - 1);
    }
    if (sigma > 0 && common < 1)
        noise += sqrt(1 - common) * path_at(t, hl_stream_with_name(hl_stream("price:own"), a->id), trial, day);
    double x = -sigma * sigma / 2 * clock_at(t, trial, day) + sigma * noise + jumps;
    return fmax(exp(x), 0x1p-30);
}

double twin_price(const struct twin *t, struct twin_history *h, size_t asset, int day) {
    if (!t->scenario->market.moves)
        return 1;
    double price = 1;
    if (day < TWIN_DAYS && h->price[asset][day] > 0)
        price = h->price[asset][day];
    else
        price = quiet_price(t, h->trial, asset, day);
    if (day < TWIN_DAYS)
        h->price[asset][day] = price;
    for (size_t i = 0; i < h->fall_count; i++)
        if (day >= h->falls[i].day && (h->falls[i].asset == HL_NONE || h->falls[i].asset == asset))
            price *= 1 - h->falls[i].fraction;
    return price;
}
