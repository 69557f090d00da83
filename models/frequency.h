/* How often a source is breached: families of counts per year.
 *
 * Events are drawn for a whole block of trials at once: one time line per (source, block, year), each event placed on a
 * trial and at a time by its own address. Cost is by events, not by trials.
 *
 * Addresses, all with the source's stream and the block:
 *   how many      HL_DRAW_COUNT, index 0, word 0 by inversion: the count of a lower rate is never the larger one
 *   event i       HL_DRAW_EVENT, index i: word 0 is its time and trial, word 1 what its size is drawn from
 * So the events of a lower rate are the first events of a higher one. Besides:
 *   poisson: where trials are not exposed alike, event i takes its trial from HL_DRAW_PLACE, index i, word 0: the first
 *     trial up to which the running sum of the exposure holds more than u x its total
 *   negative_binomial: event i is a cluster, put on a trial as above; its size is HL_DRAW_CLUSTER, index i, word 0 by
 *     inversion, and its member j >= 1 takes time and size from HL_DRAW_EVENT, index i, of the stream with j added, and
 *     the cluster's trial
 *   at_most_once: event i takes its trial from HL_DRAW_CLUSTER, index i, word 0: one that no earlier event took, at
 *     place i + floor(u (4096 - i)) of a Fisher-Yates shuffle of the block's trials
 *   on: event i is trial i's, at a time that is not drawn
 * Indexes stay below 2^24 because of the largest parameters that are allowed.
 */
#ifndef HL_MODELS_FREQUENCY_H
#define HL_MODELS_FREQUENCY_H

#include "base/draw.h"
#include "base/status.h"
#include "models/parameter.h"

#include <complex.h>

struct hl_frequency;

/* A family with its parameters; p[0] is the one that an interval is stated for (rate, mean, probability). */
struct hl_count {
    const struct hl_frequency *family;
    double p[HL_PARAMETERS_MOST];
    double low; /* interval of p[0]: equal to p[0] when none is stated */
    double high;
};

/* What the trials of a block are exposed to in one policy year. */
struct hl_exposure {
    double years;       /* length of the policy year in years, in (0, 1] */
    double start;       /* years from day 0 to its beginning */
    double trend;       /* g: the rate is rate x e^(g t), t in years from day 0; Poisson only, else 0 */
    const double *upto; /* [HL_BLOCK_TRIALS] running sum of what each trial is exposed to: its threat climate, times
                           what importance sampling makes of its rate; NULL = 1 each; only with `clusters` */
};

/* The integral of e^(g t) over the policy year, in years: its length where there is no trend. */
double hl_exposure_length(const struct hl_exposure *e);

/* What fraction of the policy year has gone by when a fraction u in (0, 1) of its breaches is to be expected. */
double hl_exposure_time(const struct hl_exposure *e, double u);

/* What all trials of the block together are exposed to. */
double hl_exposure_total(const struct hl_exposure *e);

/* The trial that a place in (0, 1) of the block's exposure falls on. */
uint16_t hl_exposure_trial(const struct hl_exposure *e, double place);

/* One event of a block. Its address is (stream, index). */
struct hl_arrival {
    uint64_t stream; /* the source's of the policy year; of a cluster's member j >= 1 with j added */
    uint32_t index;
    uint16_t trial; /* within the block */
    double place; /* in (0, 1): which part of the block's exposure its trial is, (trial + 0.5) / 4096 without climate */
    double time;  /* in (0, 1): fraction of the policy year */
    uint64_t size; /* the word that its size is drawn from */
};

/* A zeroed struct is an empty list. */
struct hl_arrivals {
    struct hl_arrival *items;
    size_t count;
    size_t capacity;
    struct hl_tails *tails; /* of Poisson laws that blocks before asked for; NULL = none yet */
};

struct hl_frequency {
    const char *name;
    const char *doc;
    const char *source;
    bool dated; /* p[0] is a whole day from the start of the trial, not a rate: it has no interval, and nothing
                   multiplies it */
    size_t parameter_count;
    struct hl_parameter parameters[HL_PARAMETERS_MOST];
    /* Draws all events of one block in one policy year, in the order of their addresses; `stream` is the source's with
     * the year added. Appends to `out`. HL_FAILED when memory runs out. */
    enum hl_status (*draw)(const struct hl_count *c, uint64_t seed, uint64_t stream, uint32_t block,
                           const struct hl_exposure *exposure, struct hl_arrivals *out);
    /* How many clusters of breaches (Poisson: single ones), independent of each other, are to be expected in a policy
     * year of a trial that is exposed to 1; NULL where the counts are no such thing, and all trials are exposed alike.
     */
    double (*clusters)(const struct hl_count *c, const struct hl_exposure *exposure);
    /* Of the first so many years of the trial. */
    double (*mean)(const struct hl_count *c, double years);
    double (*none)(const struct hl_count *c, double years); /* P(no event) */
    /* The probability generating function E[z^N] of complex |z| <= 1: what the exact methods need. */
    double complex (*generating)(const struct hl_count *c, double years, double complex z);
    double (*pairs)(const struct hl_count *c, double years); /* E[N (N - 1)]; 0 = never more than one */
    /* The parameter p[0], whose interval is stated, where everything happens `factor` >= 0 times as often; a day stays
     * the same. */
    double (*scaled)(double p, double factor);
};

#define HL_FREQUENCY(name) extern const struct hl_frequency hl_frequency_##name;
#include "models/model.def"

/* Every family, in the order of models/model.def; NULL-terminated. */
extern const struct hl_frequency *const hl_frequencies[];
const struct hl_frequency *hl_frequency_find(const char *name);

/* inf{k : P(N <= k) >= u} for a Poisson count of mean `mean` >= 0, u in (0, 1); non-decreasing in `mean`. */
uint64_t hl_poisson_quantile(double mean, double u);

/* The same, for one block of many: `a` remembers what took long to compute, and changes in nothing else. */
uint64_t hl_poisson_quantile_again(struct hl_arrivals *a, double mean, double u);

/* The same for a binomial count of `n` tries of probability `p` in [0, 1]; non-decreasing in `p`. */
uint64_t hl_binomial_quantile(uint32_t n, double p, double u);

/* The middle of a trial's part of a block without climate, in (0, 1). */
static inline double hl_place_of(uint32_t trial) { return (trial + 0.5) / HL_BLOCK_TRIALS; }

/* The event at (stream, block, index), on the trial and at the time that its words say, without climate or trend. */
static inline struct hl_arrival hl_arrival_of(uint64_t stream, uint32_t index, struct hl_words w) {
    uint16_t trial = (uint16_t)hl_place(w.word[0]);
    return (struct hl_arrival){.stream = stream,
                               .index = index,
                               .trial = trial,
                               .place = hl_place_of(trial),
                               .time = hl_unit(w.word[0]),
                               .size = w.word[1]};
}
struct hl_arrival hl_arrival_at(uint64_t seed, uint64_t stream, uint32_t block, uint32_t index);

/* Puts an event on the trial at a place in (0, 1) of what the trials are exposed to. */
void hl_arrival_place(struct hl_arrival *event, double place, const struct hl_exposure *exposure);

/* Makes room for `more` further items. HL_FAILED when memory runs out. */
HL_MUST_CHECK enum hl_status hl_arrivals_reserve(struct hl_arrivals *a, size_t more);

/* Frees and zeroes; safe on a zeroed one. */
void hl_arrivals_free(struct hl_arrivals *a);

#endif
