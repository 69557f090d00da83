/* One share, always the same. */
#include "models/severity.h"

enum { VALUE };

static double quantile(const struct hl_distribution *d, double v) {
    (void)v;
    return d->p[VALUE];
}

static double cdf(const struct hl_distribution *d, double x) { return x >= d->p[VALUE] ? 1 : 0; }

static double mean(const struct hl_distribution *d) { return d->p[VALUE]; }

static double limited_mean(const struct hl_distribution *d, double limit) { return fmin(d->p[VALUE], limit); }

const struct hl_severity hl_severity_fixed = {
    .name = "fixed",
    .doc = "Always the same share: for replays and what-if questions.",
    .source = "definition",
    .share = true,
    .parameter_count = 1,
    .parameters =
        {
            [VALUE] = {.key = "value",
                       .unit = HL_UNIT_FRACTION,
                       .minimum = 0,
                       .maximum = 1,
                       .standard = NAN,
                       .doc = "The share that is taken."},
        },
    .quantile = quantile,
    .cdf = cdf,
    .mean = mean,
    .limited_mean = limited_mean,
};
