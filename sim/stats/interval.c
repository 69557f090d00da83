#include "stats/interval.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double outside = (1 - HL_CONFIDENCE) / 2; /* on each side */

struct hl_interval hl_interval_wilson(uint64_t hits, uint64_t n) {
    assert(hits <= n);
    if (n == 0)
        return (struct hl_interval){0, 1};
    double trials = (double)n;
    double p = (double)hits / trials;
    double square = HL_Z * HL_Z / trials;
    double centre = (p + square / 2) / (1 + square);
    double half = HL_Z / (1 + square) * sqrt(p * (1 - p) / trials + square / (4 * trials));
    return (struct hl_interval){hits == 0 ? 0 : fmax(centre - half, 0), hits == n ? 1 : fmin(centre + half, 1)};
}

/* The logarithm of n choose k. */
static double log_choices(uint64_t k, uint64_t n) {
    int sign;
    return lgamma_r((double)n + 1, &sign) - lgamma_r((double)k + 1, &sign) - lgamma_r((double)(n - k) + 1, &sign);
}

/* Up to k of n tries, for any probability of one. */
struct up_to {
    uint64_t k, n;
    double choices[2]; /* log_choices of k and of k + 1 */
};

static struct up_to up_to(uint64_t k, uint64_t n) {
    struct up_to u = {k, n, {0}};
    if (k < n)
        u = (struct up_to){k, n, {log_choices(k, n), log_choices(k + 1, n)}};
    return u;
}

/* P(N <= k): the terms from k on away from the mean, where they fall off. Any n; gsl_cdf_beta_P gives up at large ones.
 */
static double probability(const struct up_to *u, double p) {
    uint64_t k = u->k, n = u->n;
    if (k >= n || p <= 0)
        return 1;
    if (p >= 1)
        return 0;
    double odds = p / (1 - p);
    bool below = (double)k < (double)n * p;
    uint64_t i = below ? k : k + 1;
    double term = exp(u->choices[i - k] + (double)i * log(p) + (double)(n - i) * log1p(-p));
    double sum = 0;
    while (term > 1e-18 * sum) {
        sum += term;
        if (below ? i == 0 : i == n)
            break;
        term *= below ? (double)i / ((double)(n - i + 1) * odds) : (double)(n - i) * odds / (double)(i + 1);
        i = below ? i - 1 : i + 1;
    }
    return below ? sum : 1 - sum;
}

/* The p in [low, high] at which P(N <= k) has come down to `level`: halves the interval until nothing lies between. */
static double solve_probability(uint64_t k, uint64_t n, double level, double low, double high) {
    const struct up_to u = up_to(k, n);
    double middle = low + (high - low) / 2;
    for (int i = 0; i < 120 && middle != low && middle != high; i++) {
        if (probability(&u, middle) > level)
            low = middle;
        else
            high = middle;
        middle = low + (high - low) / 2;
    }
    return middle;
}

struct hl_interval hl_interval_clopper_pearson(uint64_t hits, uint64_t n) {
    assert(hits <= n);
    if (n == 0)
        return (struct hl_interval){0, 1};
    double none = log(outside) / (double)n; /* outside^(1/n) is the bound when all tries hit, or none */
    double p = (double)hits / (double)n;
    struct hl_interval bounds = {0, 1};
    if (hits == n)
        bounds.low = exp(none);
    else if (hits > 0)
        bounds.low = solve_probability(hits - 1, n, 1 - outside, 0, p);
    if (hits == 0)
        bounds.high = -expm1(none);
    else if (hits < n)
        bounds.high = solve_probability(hits, n, outside, p, 1);
    return bounds;
}

struct hl_interval hl_interval_probability(uint64_t hits, uint64_t n) {
    bool few = hits < HL_FEW_HITS || n - hits < HL_FEW_HITS;
    return few ? hl_interval_clopper_pearson(hits, n) : hl_interval_wilson(hits, n);
}

static double binomial_up_to(uint64_t k, uint64_t n, double p) {
    const struct up_to u = up_to(k, n);
    return probability(&u, p);
}

/* With N the number of values up to the true quantile, binomial of n and p, x_(low) lies above it with probability
 * P(N < low) and x_(high) below it with P(N >= high): each at most half of 5 %. Atoms only widen the coverage. */
struct hl_ranks hl_quantile_ranks(uint64_t n, double p) {
    assert(p > 0 && p < 1);
    double mean = (double)n * p;
    double spread = HL_Z * sqrt(mean * (1 - p));
    struct hl_ranks ranks = {.low = (uint64_t)fmax(mean - spread, 0), .point = hl_rank_of(n, p)};
    while (ranks.low > 0 && binomial_up_to(ranks.low - 1, n, p) > outside)
        ranks.low--;
    while (ranks.low < n && binomial_up_to(ranks.low, n, p) <= outside)
        ranks.low++;
    ranks.high = (uint64_t)fmin(fmax(mean + spread, 1), (double)n + 1);
    while (ranks.high <= n && binomial_up_to(ranks.high - 1, n, p) < 1 - outside)
        ranks.high++;
    while (ranks.high > 1 && binomial_up_to(ranks.high - 2, n, p) >= 1 - outside)
        ranks.high--;
    return ranks;
}

/* --- what was worked out before --- */

/* Where in a table of HL_KNOWN something is kept. */
static size_t place_of(uint64_t n, uint64_t other) {
    return (size_t)((n * UINT64_C(0x9e3779b97f4a7c15) + other) * UINT64_C(0xd6e8feb86659fd93) >> 58);
}

struct hl_ranks hl_known_ranks(struct hl_known *known, uint64_t n, double p) {
    uint64_t bits;
    memcpy(&bits, &p, sizeof bits);
    struct hl_known_quantile *q = &known->quantiles[place_of(n, bits)];
    if (q->n != n || q->p != p || n == 0)
        *q = (struct hl_known_quantile){n, p, hl_quantile_ranks(n, p)};
    return q->ranks;
}

struct hl_interval hl_known_probability(struct hl_known *known, uint64_t hits, uint64_t n) {
    struct hl_known_probability *q = &known->probabilities[place_of(n, hits)];
    if (q->n != n || q->hits != hits || n == 0)
        *q = (struct hl_known_probability){n, hits, hl_interval_probability(hits, n)};
    return q->interval;
}

/* p = digits / 10^places exactly as a decimal: the division is correctly rounded as long as both are exact. */
uint64_t hl_rank_of(uint64_t n, double p) {
    assert(p > 0 && p < 1);
    double power = 1;
    for (int places = 0; places <= 17; places++, power *= 10) {
        double digits = nearbyint(p * power);
        if (digits >= 0x1p53)
            break;
        if (digits / power == p) {
            __extension__ typedef unsigned __int128 wide;
            wide product = (wide)digits * n;
            wide ten = (wide)power;
            return (uint64_t)((product + ten - 1) / ten);
        }
    }
    double count = (double)n;
    double product = p * count;
    double rounded = ceil(product);
    return (uint64_t)(rounded == product && fma(p, count, -product) > 0 ? rounded + 1 : rounded);
}

double hl_tvar(uint64_t n, double p, double q, double excess, double excess_square, double *error) {
    assert(n > 0 && p > 0 && p < 1);
    double trials = (double)n;
    double mean = excess / trials;
    double variance = fmax(excess_square / trials - mean * mean, 0);
    *error = sqrt(variance / trials) / (1 - p);
    return q + mean / (1 - p);
}
