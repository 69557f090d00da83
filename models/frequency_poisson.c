/* Poisson counts: breaches that know nothing of each other, perhaps at a rate that rises or falls with the time (trend)
 * or differs from trial to trial (climate). */
#include "models/frequency.h"

enum { RATE };

static double mean(const struct hl_count *c, double years) { return c->p[RATE] * years; }

static double none(const struct hl_count *c, double years) { return exp(-mean(c, years)); }

static double complex generating(const struct hl_count *c, double years, double complex z) {
    return cexp(mean(c, years) * (z - 1));
}

static double pairs(const struct hl_count *c, double years) { return mean(c, years) * mean(c, years); }

static double scaled(double p, double factor) { return p * factor; }

static double clusters(const struct hl_count *c, const struct hl_exposure *exposure) {
    return mean(c, hl_exposure_length(exposure));
}

/* Events are drawn so many at once. */
enum { TOGETHER = 64 };

static enum hl_status draw(const struct hl_count *c, uint64_t seed, uint64_t stream, uint32_t block,
                           const struct hl_exposure *exposure, struct hl_arrivals *out) {
    struct hl_address at = {.stream = stream, .block = block, .purpose = HL_DRAW_COUNT};
    double expected = clusters(c, exposure) * hl_exposure_total(exposure);
    uint32_t count = (uint32_t)hl_poisson_quantile_again(out, expected, hl_u01(seed, at));
    struct hl_words events[TOGETHER], places[TOGETHER];
    if (hl_arrivals_reserve(out, count) != HL_OK)
        return HL_FAILED;
    for (uint32_t i = 0; i < count; i++) {
        if (i % TOGETHER == 0) {
            uint32_t more = count - i < TOGETHER ? count - i : TOGETHER;
            at.index = i;
            at.purpose = HL_DRAW_EVENT;
            hl_draw_many(seed, at, more, events);
            at.purpose = HL_DRAW_PLACE;
            if (exposure->upto != NULL)
                hl_draw_many(seed, at, more, places);
        }
        struct hl_arrival event = hl_arrival_of(stream, i, events[i % TOGETHER]);
        event.time = hl_exposure_time(exposure, event.time);
        if (exposure->upto != NULL)
            hl_arrival_place(&event, hl_unit(places[i % TOGETHER].word[0]), exposure);
        out->items[out->count++] = event;
    }
    return HL_OK;
}

const struct hl_frequency hl_frequency_poisson = {
    .name = "poisson",
    .doc = "Breaches come independently at a constant rate: the variance of a year's count is its mean.",
    .source = "Klugman, Panjer, Willmot, Loss Models, appendix B",
    .parameter_count = 1,
    .parameters =
        {
            [RATE] = {.key = "rate",
                      .unit = HL_UNIT_RATE,
                      .minimum = 0,
                      .maximum = 1000,
                      .standard = NAN,
                      .doc = "Expected breaches per year."},
        },
    .draw = draw,
    .clusters = clusters,
    .mean = mean,
    .none = none,
    .generating = generating,
    .pairs = pairs,
    .scaled = scaled,
};
