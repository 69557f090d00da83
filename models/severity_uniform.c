/* Uniform shares between two bounds. */
#include "models/severity.h"

enum { FROM, TO };

static const char *check(const struct hl_distribution *d) {
    return d->p[FROM] < d->p[TO] ? NULL : "`from` must be below `to`; for one value write fixed";
}

static double quantile(const struct hl_distribution *d, double v) {
    double x = d->p[TO] - (d->p[TO] - d->p[FROM]) * v;
    return fmin(fmax(x, d->p[FROM]), d->p[TO]);
}

static double cdf(const struct hl_distribution *d, double x) {
    return fmin(fmax((x - d->p[FROM]) / (d->p[TO] - d->p[FROM]), 0), 1);
}

static double mean(const struct hl_distribution *d) { return 0.5 * (d->p[FROM] + d->p[TO]); }

static double limited_mean(const struct hl_distribution *d, double limit) {
    if (limit <= d->p[FROM])
        return fmax(limit, 0);
    double top = fmin(limit, d->p[TO]);
    return top - 0.5 * (top - d->p[FROM]) * cdf(d, top);
}

const struct hl_severity hl_severity_uniform = {
    .name = "uniform",
    .doc = "Share spread evenly between two bounds: when only the bounds are known.",
    .source = "definition",
    .share = true,
    .parameter_count = 2,
    .parameters =
        {
            [FROM] = {.key = "from",
                      .unit = HL_UNIT_FRACTION,
                      .minimum = 0,
                      .maximum = 1,
                      .standard = NAN,
                      .doc = "The least share."},
            [TO] = {.key = "to",
                    .unit = HL_UNIT_FRACTION,
                    .minimum = 0,
                    .maximum = 1,
                    .standard = NAN,
                    .doc = "The largest share."},
        },
    .check = check,
    .quantile = quantile,
    .cdf = cdf,
    .mean = mean,
    .limited_mean = limited_mean,
};
