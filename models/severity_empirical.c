/* A sample of amounts, each as likely as the others. */
#include "models/severity.h"

static const char *check(const struct hl_distribution *d) {
    if (d->value_count == 0)
        return "a sample needs at least one value";
    for (size_t i = 0; i < d->value_count; i++) {
        if (!(d->values[i] >= 0 && isfinite(d->values[i])))
            return "values must be amounts of at least 0";
    }
    return NULL;
}

/* The order statistic x_(k) with the least k for which n − k <= n v. */
static double quantile(const struct hl_distribution *d, double v) {
    size_t above = (size_t)((double)d->value_count * v);
    return d->values[above < d->value_count ? d->value_count - 1 - above : 0];
}

static double cdf(const struct hl_distribution *d, double x) {
    size_t low = 0;
    size_t high = d->value_count; /* the number of values <= x is in [low, high] */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (d->values[middle] <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return (double)low / (double)d->value_count;
}

static double limited_mean(const struct hl_distribution *d, double limit) {
    double sum = 0;
    for (size_t i = 0; i < d->value_count; i++)
        sum += fmin(d->values[i], limit);
    return sum / (double)d->value_count;
}

static double mean(const struct hl_distribution *d) { return limited_mean(d, INFINITY); }

const struct hl_severity hl_severity_empirical = {
    .name = "empirical",
    .doc = "Amount drawn from a list of observed losses, equally likely, without interpolation: nothing beyond the "
           "largest one can happen.",
    .source = "Klugman, Panjer, Willmot, Loss Models, chapter on estimation for complete data",
    .sample = true,
    .check = check,
    .quantile = quantile,
    .cdf = cdf,
    .mean = mean,
    .limited_mean = limited_mean,
};
