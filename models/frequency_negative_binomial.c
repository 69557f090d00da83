/* Negative binomial counts, drawn as Poisson clusters of logarithmic size.
 *
 * With mean m and shape r per year the clusters come at rate r ln(1 + m / r) per year and a cluster has k members with
 * probability q^k / (k ln(1 + m / r)), q = m / (r + m). Counts of disjoint times are independent (a Levy process), so a
 * part of a year has mean and shape scaled alike: q stays and only the clusters' rate shrinks. */
#include "models/frequency.h"

enum { MEAN, SHAPE };

/* More members than this have probability below 2^-53 at the largest q: at mean / shape = 1000 the sizes fall off as
 * (1000 / 1001)^k. */
enum { MEMBERS_MOST = 60000 };

static double mean(const struct hl_count *c, double years) { return c->p[MEAN] * years; }

/* (1 + w)^(-shape years), w = mean / shape (1 - z), by the logarithm of its modulus, which keeps its digits for small
 * w, and its angle: 1 + w has a real part of at least 1. */
static double complex generating(const struct hl_count *c, double years, double complex z) {
    double complex w = c->p[MEAN] / c->p[SHAPE] * (1 - z);
    double x = creal(w), y = cimag(w);
    return cexp(-c->p[SHAPE] * years * (0.5 * log1p(2 * x + x * x + y * y) + I * atan2(y, 1 + x)));
}

static double none(const struct hl_count *c, double years) { return creal(generating(c, years, 0)); }

static double pairs(const struct hl_count *c, double years) {
    double m = mean(c, years);
    return m * (m + c->p[MEAN] / c->p[SHAPE]);
}

/* The shape stays: the rate behind the counts is as uncertain as before, in proportion to it. */
static double scaled(double p, double factor) { return p * factor; }

/* inf{k >= 1 : P(size <= k) >= u}; non-decreasing in q. */
static uint16_t cluster_size(double q, double log_term, double u) {
    double power = q / log_term; /* q^k / log_term */
    double sum = power;
    uint16_t k = 1;
    while (sum < u && k < MEMBERS_MOST && power > 0x1p-60) {
        power *= q;
        k++;
        sum += power / k;
    }
    return k;
}

static double clusters(const struct hl_count *c, const struct hl_exposure *exposure) {
    return c->p[SHAPE] * log1p(c->p[MEAN] / c->p[SHAPE]) * exposure->years;
}

/* Clusters are drawn so many at once. */
enum { TOGETHER = 64 };

/* Cluster i, of which the first event is known: the others fall into the same trial. */
static enum hl_status add_cluster(struct hl_arrivals *out, const struct hl_arrival *first, uint16_t size, uint64_t seed,
                                  uint32_t block) {
    if (hl_arrivals_reserve(out, size) != HL_OK)
        return HL_FAILED;
    out->items[out->count++] = *first;
    for (uint16_t j = 1; j < size; j++) {
        struct hl_arrival next = hl_arrival_at(seed, hl_stream_with(first->stream, j), block, first->index);
        next.trial = first->trial;
        next.place = first->place;
        out->items[out->count++] = next;
    }
    return HL_OK;
}

static enum hl_status draw(const struct hl_count *c, uint64_t seed, uint64_t stream, uint32_t block,
                           const struct hl_exposure *exposure, struct hl_arrivals *out) {
    if (c->p[MEAN] <= 0)
        return HL_OK;
    double log_term = log1p(c->p[MEAN] / c->p[SHAPE]);
    double q = c->p[MEAN] / (c->p[SHAPE] + c->p[MEAN]);
    struct hl_address at = {.stream = stream, .block = block, .purpose = HL_DRAW_COUNT};
    double expected = clusters(c, exposure) * hl_exposure_total(exposure);
    uint32_t count = (uint32_t)hl_poisson_quantile_again(out, expected, hl_u01(seed, at));
    struct hl_words sizes[TOGETHER], events[TOGETHER], places[TOGETHER];
    for (uint32_t i = 0; i < count; i++) {
        if (i % TOGETHER == 0) {
            uint32_t more = count - i < TOGETHER ? count - i : TOGETHER;
            at.index = i;
            at.purpose = HL_DRAW_CLUSTER;
            hl_draw_many(seed, at, more, sizes);
            at.purpose = HL_DRAW_EVENT;
            hl_draw_many(seed, at, more, events);
            at.purpose = HL_DRAW_PLACE;
            if (exposure->upto != NULL)
                hl_draw_many(seed, at, more, places);
        }
        uint16_t size = cluster_size(q, log_term, hl_unit(sizes[i % TOGETHER].word[0]));
        struct hl_arrival first = hl_arrival_of(stream, i, events[i % TOGETHER]);
        if (exposure->upto != NULL)
            hl_arrival_place(&first, hl_unit(places[i % TOGETHER].word[0]), exposure);
        if (add_cluster(out, &first, size, seed, block) != HL_OK)
            return HL_FAILED;
    }
    return HL_OK;
}

const struct hl_frequency hl_frequency_negative_binomial = {
    .name = "negative_binomial",
    .doc = "Breaches that come in runs, or at a rate nobody knows exactly: a year's count has variance "
           "mean + mean^2 / shape.",
    .source = "Klugman, Panjer, Willmot, Loss Models, appendix B; as a compound Poisson count: section on compound "
              "frequency models",
    .parameter_count = 2,
    .parameters =
        {
            [MEAN] = {.key = "mean",
                      .unit = HL_UNIT_RATE,
                      .minimum = 0,
                      .maximum = 10,
                      .standard = NAN,
                      .doc = "Expected breaches per year."},
            [SHAPE] = {.key = "shape",
                       .unit = HL_UNIT_NUMBER,
                       .minimum = 0.01,
                       .maximum = 1000,
                       .standard = NAN,
                       .doc = "Per year; less means more clustering, 1000 is all but Poisson."},
        },
    .draw = draw,
    .clusters = clusters,
    .mean = mean,
    .none = none,
    .generating = generating,
    .pairs = pairs,
    .scaled = scaled,
};
