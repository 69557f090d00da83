/* Paths of prices: pure functions of (seed, trial, name, day), of mean 1, correlated through the factors. */
#include "engine/prices.h"
#include "tests/engine_fixture.h"

enum { COIN, TWIN_COIN, OTHER, DOLLAR };

/* Two coins on the factor crypto, one on its own, and a dollar on both factors. */
struct market {
    struct engine e;
    struct hl_factor factors[3];
    double loadings[ENGINE_MOST][3];
    struct hl_plan plan;
    struct hl_prices prices;
};

static void start(struct market *m) {
    memset(m, 0, sizeof *m);
    engine_start(&m->e);
    engine_exchange(&m->e, "ape");
    static const char *const ids[] = {"COIN", "TWIN", "OTHER", "USD"};
    static const double volatility[] = {0.6, 0.9, 0.5, 0.1};
    static const double loadings[][2] = {{0.8, 0}, {0.5, 0}, {0, 0}, {0.3, -0.6}};
    m->factors[0].name = "crypto";
    m->factors[1].name = "rates";
    m->e.s.market =
        (struct hl_market){.moves = true, .factors = m->factors, .factor_count = 2, .impact_above = INFINITY};
    for (size_t a = 0; a < COUNT_OF(ids); a++) {
        engine_asset(&m->e, ids[a]);
        memcpy(m->loadings[a], loadings[a], sizeof loadings[a]);
        m->e.assets[a].volatility_per_year = volatility[a];
        m->e.assets[a].loadings = m->loadings[a];
    }
    engine_holding(&m->e, 0, COIN, HL_HOT, 100);
    engine_breach(&m->e, HL_VECTOR_hot_wallet_drain, 1, HL_NONE);
}

static void make(struct market *m) {
    struct hl_error err = {0};
    engine_plan(&m->plan, &m->e);
    cr_assert(hl_prices_reserve(&m->prices, &m->plan, 8, &err) == HL_OK);
    hl_prices_begin(&m->prices, 0, 0);
}

static void stop(struct market *m) {
    hl_prices_free(&m->prices);
    hl_plan_free(&m->plan);
}

static double price(struct market *m, uint32_t trial, size_t asset, int day) {
    hl_prices_begin(&m->prices, trial / HL_BLOCK_TRIALS, trial % HL_BLOCK_TRIALS);
    return hl_prices_at(&m->prices, asset, day);
}

Test(prices, no_market_no_move) {
    struct market m;
    start(&m);
    m.e.s.market.moves = false;
    make(&m);
    hl_prices_fall(&m.prices, HL_NONE, 0, 0.5);
    for (int day = 0; day < 1000; day += 7)
        cr_assert(price(&m, 3, COIN, day) == 1);
    stop(&m);
}

Test(prices, no_volatility_no_move) {
    struct market m;
    start(&m);
    m.e.assets[COIN].volatility_per_year = 0;
    m.e.assets[TWIN_COIN].volatility_per_year = NAN;
    make(&m);
    for (int day = 0; day < 1000; day += 7) {
        cr_assert(price(&m, 3, COIN, day) == 1 && price(&m, 3, TWIN_COIN, day) == 1);
        cr_assert((price(&m, 3, OTHER, day) == 1) == (day == 0));
    }
    stop(&m);
}

/* Prices of the record: linear between their days, flat outside, and nothing of them is drawn. */
Test(prices, told) {
    static const struct hl_told_price points[] = {{10, 1}, {20, 1.5}, {21, 0.5}};
    struct hl_told_prices history[ENGINE_MOST] = {[TWIN_COIN] = {points, 3}};
    struct market m;
    start(&m);
    m.e.s.market.history = history;
    make(&m);
    static const struct {
        int day;
        double want;
    } rows[] = {{0, 1}, {10, 1}, {11, 1.05}, {15, 1.25}, {20, 1.5}, {21, 0.5}, {22, 0.5}, {9999, 0.5}};
    for (uint32_t trial = 0; trial < 3; trial++)
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            cr_expect(price(&m, trial, COIN, rows[i].day) == 1, "row %zu", i);
            cr_expect(fabs(price(&m, trial, TWIN_COIN, rows[i].day) - rows[i].want) < 1e-15, "row %zu", i);
        }
    stop(&m);
}

/* What is asked first, other assets, factors and lags change no bit. */
Test(prices, path_is_a_pure_function) {
    static const int days[] = {1, 5, 64, 127, 128, 129, 300, 365, 366, 1000, 9999, HL_PRICE_LAST_DAY};
    struct market m;
    start(&m);
    m.factors[0].jump_rate = 3;
    m.factors[0].jump_sd = 0.2;
    m.e.s.market.tail_nu = 4;
    m.e.s.market.tail_most = 10;
    make(&m);
    double first[COUNT_OF(days)];
    for (size_t i = 0; i < COUNT_OF(days); i++)
        first[i] = price(&m, 5, COIN, days[i]);
    for (size_t i = COUNT_OF(days); i-- > 0;) {
        hl_prices_begin(&m.prices, 0, 5);
        for (int day = 0; day < 1200; day += 11)
            hl_prices_at(&m.prices, (size_t)day % 4, day);
        for (int again = 0; again < 2; again++)
            cr_expect(hl_prices_at(&m.prices, COIN, days[i]) == first[i], "day %d", days[i]);
    }
    cr_expect(price(&m, 5, COIN, INT32_MAX) == first[COUNT_OF(days) - 1], "stands still after the last day");
    stop(&m);

    struct market more;
    start(&more);
    more.factors[2] = more.factors[0]; /* a factor in front of the others, an asset in front too, two more years */
    more.factors[0] = (struct hl_factor){.name = "metals", .jump_rate = 1, .jump_sd = 1};
    more.factors[1] = (struct hl_factor){.name = "crypto", .jump_rate = 3, .jump_sd = 0.2};
    more.factors[2] = (struct hl_factor){.name = "rates"};
    more.e.s.market.factor_count = 3;
    more.e.s.market.tail_nu = 4;
    more.e.s.market.tail_most = 10;
    more.e.s.horizon_days = 3 * 365;
    engine_asset(&more.e, "GOLD");
    for (size_t a = more.e.s.asset_count; a-- > 1;) {
        more.e.assets[a] = more.e.assets[a - 1];
        more.loadings[a][0] = 0;
        more.loadings[a][1] = more.loadings[a - 1][0];
        more.loadings[a][2] = more.loadings[a - 1][1];
        more.e.assets[a].loadings = more.loadings[a];
    }
    more.e.assets[0] = (struct hl_asset){.id = "GOLD", .volatility_per_year = 0.2};
    make(&more);
    for (size_t i = 0; i < COUNT_OF(days); i++)
        cr_expect(price(&more, 5, COIN + 1, days[i]) == first[i], "day %d", days[i]);
    stop(&more);
}

/* Asking for several assets together changes no bit: more of them than are followed at once, some twice, of many
 * factors. */
Test(prices, known_together) {
    enum { ASSETS = ENGINE_MOST, FACTORS = 24 };
    static const int days[] = {0, 1, 64, 128, 130, 300, 900, 1500, INT32_MAX};
    static char names[ASSETS + FACTORS][8];
    static struct hl_factor factors[FACTORS];
    static double loadings[ASSETS][FACTORS];
    struct market m;
    start(&m);
    for (size_t f = 0; f < FACTORS; f++) {
        snprintf(names[f], sizeof *names, "f%zu", f);
        factors[f] = (struct hl_factor){.name = names[f], .jump_rate = f == 3 ? 2 : 0, .jump_sd = 0.1};
    }
    m.e.s.market.factors = factors;
    m.e.s.market.factor_count = FACTORS;
    m.e.s.market.tail_nu = 4;
    m.e.s.market.tail_most = 10;
    while (m.e.s.asset_count < ASSETS) {
        size_t a = m.e.s.asset_count;
        snprintf(names[FACTORS + a], sizeof *names, "a%zu", a);
        engine_asset(&m.e, names[FACTORS + a]);
    }
    for (size_t a = 0; a < ASSETS; a++) {
        for (size_t f = 0; f < FACTORS; f++)
            loadings[a][f] = (a + f) % 3 == 0 ? 0 : 0.15;
        m.e.assets[a].volatility_per_year = a == 2 ? 0 : 0.1 * (double)(1 + a);
        m.e.assets[a].loadings = a == 1 ? NULL : loadings[a];
    }
    make(&m);
    uint32_t asked[2 * ASSETS];
    for (uint32_t i = 0; i < 2 * ASSETS; i++)
        asked[i] = i * 5 % ASSETS;
    for (uint32_t trial = 0; trial < 40; trial++) {
        double alone[COUNT_OF(days)][ASSETS];
        for (size_t i = 0; i < COUNT_OF(days); i++)
            for (size_t a = 0; a < ASSETS; a++)
                alone[i][a] = price(&m, trial, a, days[i]);
        hl_prices_begin(&m.prices, 0, trial);
        for (size_t i = 0; i < COUNT_OF(days); i++) {
            hl_prices_know(&m.prices, days[i], trial % (2 * ASSETS + 1), asked);
            for (size_t a = 0; a < ASSETS; a++)
                cr_expect(hl_prices_at(&m.prices, a, days[i]) == alone[i][a], "trial %u, asset %zu, day %d", trial, a,
                          days[i]);
        }
    }
    stop(&m);
}

/* Sums over trials of log prices and prices at one day. */
struct moments {
    double n, log, log2, price, price2, fourth, product;
};

static struct moments sample(struct market *m, size_t asset, size_t other, int day, uint32_t trials) {
    struct moments s = {.n = trials};
    for (uint32_t t = 0; t < trials; t++) {
        double p = price(m, t, asset, day), x = log(p), y = log(hl_prices_at(&m->prices, other, day));
        s.log += x;
        s.price += p;
        s.price2 += p * p;
        s.log2 += x * x;
        s.product += x * y;
        s.fourth += x * x * x * x;
    }
    return s;
}

static double mean_error(const struct moments *s) {
    double mean = s->price / s->n;
    return (mean - 1) / sqrt((s->price2 / s->n - mean * mean) / s->n); /* in standard errors */
}

enum { TRIALS = HL_IS_SLOW ? 10000 : 40000 };

/* E[P] = 1, E[log P] = -s^2 t / 2, Var[log P] = s^2 t, within 4 standard errors. */
Test(prices, lognormal_moments) {
    static const int days[] = {1, 64, 100, 365, 800};
    struct market m;
    start(&m);
    make(&m);
    for (size_t a = 0; a < m.e.s.asset_count; a++)
        for (size_t i = 0; i < COUNT_OF(days); i++) {
            struct moments s = sample(&m, a, a, days[i], TRIALS);
            double sd = m.e.assets[a].volatility_per_year * sqrt(days[i] / 365.0), mean = s.log / s.n;
            double variance = s.log2 / s.n - mean * mean;
            cr_expect(fabs(mean_error(&s)) < 4, "asset %zu, day %d: mean %g", a, days[i], s.price / s.n);
            cr_expect(fabs(mean + sd * sd / 2) < 4 * sd / sqrt(s.n), "asset %zu, day %d: %g", a, days[i], mean);
            cr_expect(fabs(variance / (sd * sd) - 1) < 4 * sqrt(2 / s.n), "asset %zu, day %d: %g", a, days[i],
                      variance / (sd * sd));
        }
    stop(&m);
}

/* The correlation of two assets' log prices is the sum over factors of the products of their loadings. */
Test(prices, correlations) {
    const struct {
        size_t a, b;
        double want;
    } rows[] = {{COIN, TWIN_COIN, 0.4}, {COIN, OTHER, 0}, {COIN, DOLLAR, 0.24}, {TWIN_COIN, DOLLAR, 0.15}};
    struct market m;
    start(&m);
    make(&m);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int day = 200;
        struct moments s = sample(&m, rows[i].a, rows[i].b, day, TRIALS),
                       x = sample(&m, rows[i].b, rows[i].b, day, TRIALS);
        double covariance = s.product / s.n - (s.log / s.n) * (x.log / x.n);
        double rho = covariance / sqrt((s.log2 / s.n - pow(s.log / s.n, 2)) * (x.log2 / x.n - pow(x.log / x.n, 2)));
        cr_expect(fabs(rho - rows[i].want) < 4 * (1 - pow(rows[i].want, 2)) / sqrt(s.n), "row %zu: %g", i, rho);
    }
    stop(&m);
}

/* Increments of a path over days that do not overlap are independent, also across a segment's end. */
Test(prices, increments_are_independent) {
    static const int days[][3] = {{10, 20, 30}, {100, 128, 150}, {126, 127, 129}, {64, 300, 301}};
    struct market m;
    start(&m);
    make(&m);
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        double product = 0, square = 0, sd = m.e.assets[COIN].volatility_per_year;
        double first = sd * sqrt((days[i][1] - days[i][0]) / 365.0),
               second = sd * sqrt((days[i][2] - days[i][1]) / 365.0);
        for (uint32_t t = 0; t < TRIALS; t++) {
            double a = log(price(&m, t, COIN, days[i][0])), b = log(hl_prices_at(&m.prices, COIN, days[i][1]));
            double c = log(hl_prices_at(&m.prices, COIN, days[i][2]));
            double x = (b - a + first * first / 2) / first, y = (c - b + second * second / 2) / second;
            product += x * y;
            square += y * y;
        }
        cr_expect(fabs(product / TRIALS) < 4 / sqrt(TRIALS), "row %zu: %g", i, product / TRIALS);
        cr_expect(fabs(square / TRIALS - 1) < 4 * sqrt(2.0 / TRIALS), "row %zu: %g", i, square / TRIALS);
    }
    stop(&m);
}

/* Jumps leave the mean alone; Var[log P] = s^2 t + rate t r^2 (m^2 + s_J^2); without volatility only jumps move it. */
Test(prices, jumps) {
    struct market m;
    start(&m);
    m.factors[0] = (struct hl_factor){.name = "crypto", .jump_rate = 2, .jump_mean = -0.1, .jump_sd = 0.3};
    m.e.assets[TWIN_COIN].volatility_per_year = 0;
    make(&m);
    const struct {
        size_t asset;
        int day;
        double want;
    } rows[] = {{COIN, 365, 0.36 + 2 * 0.64 * 0.1},
                {TWIN_COIN, 365, 2 * 0.25 * 0.1},
                {TWIN_COIN, 500, 2 * 0.25 * 0.1 * 500 / 365}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct moments s = sample(&m, rows[i].asset, rows[i].asset, rows[i].day, TRIALS);
        double mean = s.log / s.n, variance = s.log2 / s.n - mean * mean;
        double kurtosis = s.fourth / s.n / pow(s.log2 / s.n, 2);
        cr_expect(fabs(mean_error(&s)) < 4, "row %zu: %g", i, s.price / s.n);
        cr_expect(fabs(variance / rows[i].want - 1) < 4 * sqrt((kurtosis - 1) / s.n), "row %zu: %g", i, variance);
    }
    int still = 0;
    for (uint32_t t = 0; t < TRIALS; t++) {
        double rise = log(price(&m, t, TWIN_COIN, 365)) / -hl_jump_drift(2, 0.5, -0.1, 0.3);
        still += fabs(rise - 1) < 1e-9;
    }
    double none = exp(-2), se = sqrt(none * (1 - none) / TRIALS);
    cr_expect(fabs((double)still / TRIALS - none) < 4 * se, "no jump in a year: %g", (double)still / TRIALS);
    stop(&m);
}

/* Truncated mixing leaves mean and variance, and makes the tails fat: the kurtosis over one segment is 3 E[V^2]. */
Test(prices, fat_tails) {
    struct market m;
    start(&m);
    m.e.s.market.tail_nu = 4;
    m.e.s.market.tail_most = 10;
    for (size_t a = 0; a < m.e.s.asset_count; a++)
        m.e.assets[a].volatility_per_year = 0.02; /* so small that the drift's part does not count */
    make(&m);
    double square = 0;
    enum { POINTS = 100000 };
    for (int k = 0; k < POINTS; k++)
        square += pow(hl_mixing_quantile(&m.plan.prices->mixing, (k + 0.5) / POINTS), 2) / POINTS;
    struct moments s = sample(&m, COIN, COIN, 100, TRIALS);
    double variance = s.log2 / s.n - pow(s.log / s.n, 2), kurtosis = s.fourth / s.n / pow(s.log2 / s.n, 2);
    cr_expect(fabs(mean_error(&s)) < 4, "%g", s.price / s.n);
    cr_expect(fabs(variance / (0.02 * 0.02 * 100 / 365) - 1) < 4 * sqrt((kurtosis - 1) / s.n), "%g", variance);
    cr_expect(kurtosis > 4 && fabs(kurtosis / (3 * square) - 1) < 0.1, "%g, not %g", kurtosis, 3 * square);
    stop(&m);
    start(&m);
    m.e.s.market.tail_nu = 2.5;
    m.e.s.market.tail_most = 50;
    make(&m);
    s = sample(&m, COIN, COIN, 365, TRIALS);
    cr_expect(fabs(mean_error(&s)) < 4, "%g", s.price / s.n);
    stop(&m);
}

Test(prices, falls) {
    struct market m;
    start(&m);
    m.e.assets[COIN].volatility_per_year = 0;
    m.e.assets[TWIN_COIN].volatility_per_year = 0;
    make(&m);
    double before = hl_prices_at(&m.prices, OTHER, 50);
    hl_prices_fall(&m.prices, COIN, 10, 0.5);
    hl_prices_fall(&m.prices, HL_NONE, 20, 0.25);
    hl_prices_fall(&m.prices, COIN, 5, 0.5); /* told later, though it is earlier */
    const struct {
        size_t asset;
        int day;
        double want;
    } rows[] = {{COIN, 4, 1},       {COIN, 5, 0.5},     {COIN, 9, 0.5},        {COIN, 10, 0.25},
                {COIN, 20, 0.1875}, {TWIN_COIN, 19, 1}, {TWIN_COIN, 20, 0.75}, {OTHER, 50, 0.75 * before}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(hl_prices_at(&m.prices, rows[i].asset, rows[i].day) == rows[i].want, "row %zu", i);
    hl_prices_begin(&m.prices, 0, 0);
    cr_expect(hl_prices_at(&m.prices, COIN, 100) == 1, "the next trial has none of them");
    stop(&m);
}

/* A price that would make money inexact is held; none is 0. */
Test(prices, bounds) {
    struct market m;
    start(&m);
    m.e.assets[COIN].volatility_per_year = 10;
    m.e.holdings[0].value = 0x1p45;
    make(&m);
    double most = 0, least = 1;
    for (uint32_t t = 0; t < 20000; t++) {
        most = fmax(most, price(&m, t, COIN, 36));
        least = fmin(least, price(&m, t, COIN, 3650));
    }
    cr_expect(most == 16, "2^45 quanta may rise to 2^49: %g", most); /* the sum is a quantum more than 2^45 */
    cr_expect(least == HL_PRICE_LEAST, "%g", least);
    stop(&m);
}
