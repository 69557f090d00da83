/* At most one breach in a trial.
 *
 * With probability p a year, a horizon of y years has one with probability 1 - (1 - p)^y. The number of trials of a
 * block that have one is binomial; event i takes the trial at place i of a Fisher-Yates shuffle of the block's trials,
 * so the trials hit at a lower p are hit at a higher one too. */
#include "models/frequency.h"

enum { PROBABILITY };

static double mean(const struct hl_count *c, double years) { return -expm1(years * log1p(-c->p[PROBABILITY])); }

static double none(const struct hl_count *c, double years) { return pow(1 - c->p[PROBABILITY], years); }

static double complex generating(const struct hl_count *c, double years, double complex z) {
    return 1 - mean(c, years) * (1 - z);
}

static double pairs(const struct hl_count *c, double years) {
    (void)c;
    (void)years;
    return 0;
}

/* The hazard -ln(1 - p) is scaled; at factor 1 nothing is rounded. */
static double scaled(double p, double factor) {
    if (factor == 1 || factor == 0)
        return p * factor;
    return -expm1(factor * log1p(-p));
}

static enum hl_status draw(const struct hl_count *c, uint64_t seed, uint64_t stream, uint32_t block,
                           const struct hl_exposure *exposure, struct hl_arrivals *out) {
    struct hl_address at = {.stream = stream, .block = block, .purpose = HL_DRAW_COUNT};
    uint32_t count = (uint32_t)hl_binomial_quantile(HL_BLOCK_TRIALS, mean(c, exposure->years), hl_u01(seed, at));
    if (hl_arrivals_reserve(out, count) != HL_OK)
        return HL_FAILED;
    uint16_t trials[HL_BLOCK_TRIALS];
    for (uint32_t i = 0; i < HL_BLOCK_TRIALS; i++)
        trials[i] = (uint16_t)i;
    at.purpose = HL_DRAW_CLUSTER;
    for (uint32_t i = 0; i < count; i++) {
        at.index = i;
        uint32_t from = i + (uint32_t)(hl_u01(seed, at) * (HL_BLOCK_TRIALS - i));
        struct hl_arrival event = hl_arrival_at(seed, stream, block, i);
        event.trial = trials[from];
        event.place = hl_place_of(event.trial);
        trials[from] = trials[i];
        out->items[out->count++] = event;
    }
    return HL_OK;
}

const struct hl_frequency hl_frequency_at_most_once = {
    .name = "at_most_once",
    .doc = "One breach or none: what ends the business, or changes it so much that the rate no longer holds.",
    .source = "Klugman, Panjer, Willmot, Loss Models, appendix B (binomial with one try)",
    .parameter_count = 1,
    .parameters =
        {
            [PROBABILITY] = {.key = "probability",
                             .unit = HL_UNIT_FRACTION,
                             .minimum = 0,
                             .maximum = 1,
                             .standard = NAN,
                             .doc = "Of a breach in a year."},
        },
    .draw = draw,
    .mean = mean,
    .none = none,
    .generating = generating,
    .pairs = pairs,
    .scaled = scaled,
};
