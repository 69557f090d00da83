#include "models/severity.h"

#include "models/quantile_table.h"

#include <assert.h>
#include <string.h>

const struct hl_severity *const hl_severities[] = {
#define HL_SEVERITY(name) &hl_severity_##name,
#include "models/model.def"
    NULL,
};

const struct hl_severity *hl_severity_find(const char *name) {
    for (size_t i = 0; hl_severities[i] != NULL; i++) {
        if (strcmp(hl_severities[i]->name, name) == 0)
            return hl_severities[i];
    }
    return NULL;
}

enum hl_status hl_distribution_prepare(struct hl_distribution *d, struct hl_arena *arena, struct hl_error *err) {
    d->table = NULL;
    return d->family->tabulated ? hl_quantile_table_make(&d->table, d, arena, err) : HL_OK;
}

/* The weight of the atom at 1: amounts have none. */
static double atom(const struct hl_distribution *d) { return d->family->share ? d->everything : 0; }

static double family_quantile(const struct hl_distribution *d, double v) {
    return d->table != NULL ? hl_quantile_table_at(d->table, d, v) : d->family->quantile(d, v);
}

double hl_distribution_quantile(const struct hl_distribution *d, double v) {
    assert(v > 0 && v < 1);
    double q = atom(d);
    if (q <= 0)
        return family_quantile(d, v);
    return v < q ? 1 : family_quantile(d, (v - q) / (1 - q));
}

void hl_distribution_quantiles(const struct hl_distribution *d, size_t count, const double *v, double *x) {
    if (d->table != NULL && atom(d) <= 0) {
        hl_quantile_table_many(d->table, d, count, v, x);
        return;
    }
    for (size_t i = 0; i < count; i++)
        x[i] = hl_distribution_quantile(d, v[i]);
}

double hl_distribution_cdf(const struct hl_distribution *d, double x) {
    double q = atom(d);
    return q > 0 && x >= 1 ? 1 : (1 - q) * d->family->cdf(d, x);
}

double hl_distribution_mean(const struct hl_distribution *d) {
    double q = atom(d);
    return q + (1 - q) * d->family->mean(d);
}

double hl_distribution_limited_mean(const struct hl_distribution *d, double limit) {
    double q = atom(d);
    return q * fmin(1, limit) + (1 - q) * d->family->limited_mean(d, limit);
}
