#include "models/frequency.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <stdlib.h>
#include <string.h>

const struct hl_frequency *const hl_frequencies[] = {
#define HL_FREQUENCY(name) &hl_frequency_##name,
#include "models/model.def"
    NULL,
};

const struct hl_frequency *hl_frequency_find(const char *name) {
    for (size_t i = 0; hl_frequencies[i] != NULL; i++) {
        if (strcmp(hl_frequencies[i]->name, name) == 0)
            return hl_frequencies[i];
    }
    return NULL;
}

double hl_exposure_length(const struct hl_exposure *e) {
    return e->trend == 0 ? e->years : exp(e->trend * e->start) * expm1(e->trend * e->years) / e->trend;
}

double hl_exposure_time(const struct hl_exposure *e, double u) {
    double rise = e->trend * e->years;
    return rise == 0 ? u : log1p(u * expm1(rise)) / rise;
}

uint16_t hl_exposure_trial(const struct hl_exposure *e, double place) {
    if (e->upto == NULL)
        return (uint16_t)(place * HL_BLOCK_TRIALS);
    double mark = place * e->upto[HL_BLOCK_TRIALS - 1];
    uint32_t trial = 0;
    for (uint32_t half = HL_BLOCK_TRIALS / 2; half > 0; half /= 2) /* no branch could be foreseen */
        trial += e->upto[trial + half - 1] > mark ? 0 : half;
    return (uint16_t)trial;
}

/* A count to be inverted: Poisson when n is 0. */
struct count {
    uint32_t n;
    double mean; /* Poisson */
    double p;    /* binomial */
    double u;
};

/* The smaller tail at k, which keeps its digits near 0 and near 1: P(N <= k), or P(N > k) where u is above a half. */
static double tail_at(const struct count *c, uint32_t k) {
    if (c->u > 0.5)
        return c->n > 0 ? gsl_cdf_binomial_Q(k, c->p, c->n) : gsl_cdf_poisson_Q(k, c->mean);
    return c->n > 0 ? gsl_cdf_binomial_P(k, c->p, c->n) : gsl_cdf_poisson_P(k, c->mean);
}

/* P(N <= k) >= u, where the smaller tail is known. */
static bool reaches(const struct count *c, double tail) { return c->u > 0.5 ? tail <= 1 - c->u : tail >= c->u; }

/* P(N = k) / P(N = k - 1). */
static double growth(const struct count *c, uint32_t k) {
    return c->n > 0 ? (c->n - k + 1.0) / k * (c->p / (1 - c->p)) : c->mean / k;
}

/* The smaller tail at k, and the probability of k. */
struct tail {
    double mean; /* Poisson; 0 = nothing is known */
    uint32_t k;
    bool upper;
    double tail;
    double at_k;
};

static struct tail compute_tail(const struct count *c, uint32_t k) {
    return (struct tail){
        .mean = c->mean,
        .k = k,
        .upper = c->u > 0.5,
        .tail = tail_at(c, k),
        .at_k = c->n > 0 ? gsl_ran_binomial_pdf(k, c->p, c->n) : gsl_ran_poisson_pdf(k, c->mean),
    };
}

/* A block's count lies within few standard deviations of its mean: for most means all numbers there have a place. */
enum { TAILS = 256 };
struct hl_tails {
    struct tail known[TAILS];
};

/* The tail of a Poisson count, which may be known from before. */
static struct tail recall_tail(struct hl_tails *tails, const struct count *c, uint32_t k) {
    if (tails == NULL)
        return compute_tail(c, k);
    uint64_t bits;
    memcpy(&bits, &c->mean, sizeof bits);
    struct tail *t = &tails->known[(k + (bits >> 40) + (bits >> 20)) % TAILS];
    if (t->mean != c->mean || t->k != k || t->upper != (c->u > 0.5))
        *t = compute_tail(c, k);
    return *t;
}

/* The least k that reaches u, walked to from the normal approximation with its first correction for skewness: tails
 * are costly, so that only the first is computed, and each step adds the probability of one number. */
static uint32_t invert(const struct count *c, double mean, double variance, double most, struct hl_tails *tails) {
    double z = gsl_cdf_ugaussian_Pinv(c->u);
    double skew = variance > 0 ? (1 - 2 * c->p) * (z * z - 1) / 6 : 0;
    uint32_t k = (uint32_t)fmin(fmax(mean + sqrt(variance) * z + skew, 0), most);
    struct tail at = recall_tail(tails, c, k);
    double tail = at.tail, at_k = at.at_k, sign = c->u > 0.5 ? -1 : 1;
    if (reaches(c, tail)) {
        while (k > 0 && reaches(c, tail -= sign * at_k))
            at_k /= growth(c, k--);
        return k;
    }
    while (k < most && !reaches(c, tail)) {
        at_k *= growth(c, ++k);
        tail += sign * at_k;
    }
    return k;
}

static uint64_t poisson_quantile(double mean, double u, struct hl_tails *tails) {
    assert(mean >= 0 && mean < 0x1p24 && u > 0 && u < 1);
    if (u <= exp(-mean)) /* most often none, where one breach may set off another */
        return 0;
    return invert(&(struct count){.mean = mean, .u = u}, mean, mean, 0x1p25, tails);
}

uint64_t hl_poisson_quantile(double mean, double u) { return poisson_quantile(mean, u, NULL); }

uint64_t hl_poisson_quantile_again(struct hl_arrivals *a, double mean, double u) {
    if (a->tails == NULL)
        a->tails = calloc(1, sizeof *a->tails); /* without memory it only takes longer */
    return poisson_quantile(mean, u, a->tails);
}

uint64_t hl_binomial_quantile(uint32_t n, double p, double u) {
    assert(n > 0 && p >= 0 && p <= 1 && u > 0 && u < 1);
    if (p <= 0 || p >= 1)
        return p <= 0 ? 0 : n;
    return invert(&(struct count){.n = n, .p = p, .u = u}, n * p, n * p * (1 - p), n, NULL);
}

struct hl_arrival hl_arrival_at(uint64_t seed, uint64_t stream, uint32_t block, uint32_t index) {
    struct hl_words w =
        hl_draw(seed, (struct hl_address){.stream = stream, .block = block, .purpose = HL_DRAW_EVENT, .index = index});
    return hl_arrival_of(stream, index, w);
}

void hl_arrival_place(struct hl_arrival *event, double place, const struct hl_exposure *exposure) {
    event->place = place;
    event->trial = hl_exposure_trial(exposure, event->place);
}

double hl_exposure_total(const struct hl_exposure *e) {
    return e->upto == NULL ? HL_BLOCK_TRIALS : e->upto[HL_BLOCK_TRIALS - 1];
}

enum hl_status hl_arrivals_reserve(struct hl_arrivals *a, size_t more) {
    if (more <= a->capacity - a->count)
        return HL_OK;
    size_t capacity = 2 * a->capacity + more;
    struct hl_arrival *items = realloc(a->items, capacity * sizeof *items);
    if (items == NULL)
        return HL_FAILED;
    a->items = items;
    a->capacity = capacity;
    return HL_OK;
}

void hl_arrivals_free(struct hl_arrivals *a) {
    free(a->items);
    free(a->tails);
    *a = (struct hl_arrivals){0};
}
