/* Exactly one breach, on a day that is known: how a case of history is told again.
 *
 * Every trial has it, at noon of the day; its size and whatever else is drawn of it differ from trial to trial. Event i
 * of a block is that of trial i. There is no rate that could be multiplied or have an interval. */
#include "models/frequency.h"

enum { DAY };

static double noon(const struct hl_count *c) { return c->p[DAY] + 0.5; }

static double mean(const struct hl_count *c, double years) { return noon(c) < 365 * years ? 1 : 0; }

static double none(const struct hl_count *c, double years) { return 1 - mean(c, years); }

static double complex generating(const struct hl_count *c, double years, double complex z) {
    return mean(c, years) > 0 ? z : 1;
}

static double pairs(const struct hl_count *c, double years) {
    (void)c;
    (void)years;
    return 0;
}

static double scaled(double p, double factor) {
    (void)factor;
    return p;
}

static enum hl_status draw(const struct hl_count *c, uint64_t seed, uint64_t stream, uint32_t block,
                           const struct hl_exposure *exposure, struct hl_arrivals *out) {
    double time = (noon(c) / 365 - exposure->start) / exposure->years;
    if (time < 0 || time >= 1)
        return HL_OK;
    if (hl_arrivals_reserve(out, HL_BLOCK_TRIALS) != HL_OK)
        return HL_FAILED;
    for (uint32_t i = 0; i < HL_BLOCK_TRIALS; i++) {
        struct hl_arrival event = hl_arrival_at(seed, stream, block, i);
        event.trial = (uint16_t)i;
        event.place = hl_place_of(i);
        event.time = time;
        out->items[out->count++] = event;
    }
    return HL_OK;
}

const struct hl_frequency hl_frequency_on = {
    .name = "on",
    .doc = "Exactly one breach, at noon of a day: a case of history told again. It has no rate, so neither the rate of "
           "a control nor a covariate changes it.",
    .source = "the record of the case",
    .dated = true,
    .parameter_count = 1,
    .parameters =
        {
            [DAY] = {.key = "day",
                     .unit = HL_UNIT_DAYS,
                     .minimum = 0,
                     .maximum = 10949,
                     .standard = NAN,
                     .doc = "Whole days from the start of the trial, within the horizon."},
        },
    .draw = draw,
    .mean = mean,
    .none = none,
    .generating = generating,
    .pairs = pairs,
    .scaled = scaled,
};
