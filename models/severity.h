/* How much one breach takes: families of loss amounts and of shares of what is in reach.
 *
 * A family is one constant descriptor in its own file, listed once in models/model.def. Sampling is by quantile of the
 * survival probability v = 1 − F: large losses are small v, where doubles are densest.
 */
#ifndef HL_MODELS_SEVERITY_H
#define HL_MODELS_SEVERITY_H

#include "base/arena.h"
#include "base/status.h"
#include "models/parameter.h"

struct hl_severity;
struct hl_quantile_table;

/* A family with its parameters. Amounts are in the scenario's currency, shares in [0, 1]. */
struct hl_distribution {
    const struct hl_severity *family;
    double p[HL_PARAMETERS_MOST]; /* in the order of family->parameters */
    const double *values;         /* [value_count] ascending: the empirical family's sample; else NULL */
    size_t value_count;
    double everything; /* shares only: probability that all is taken, an atom at 1 on top of the family */
    const struct hl_quantile_table *table; /* made by hl_distribution_prepare where the family is tabulated */
};

struct hl_severity {
    const char *name;
    const char *doc;    /* one sentence: formula and when to use it */
    const char *source; /* where the formula is from */
    bool share;         /* support within [0, 1]: a share of what is in reach; else an amount of money ≥ 0 */
    bool sample;        /* takes a list `values` (empirical) */
    size_t parameter_count;
    struct hl_parameter parameters[HL_PARAMETERS_MOST];
    const char *(*check)(const struct hl_distribution *d); /* NULL, or what is wrong between parameters; may be NULL */
    /* inf{x : 1 − F(x) <= v}, v in (0, 1); families of shares also at 0 and 1 */
    double (*quantile)(const struct hl_distribution *d, double v);
    double (*cdf)(const struct hl_distribution *d, double x);
    /* 1 − F and the density where the quantile is iterative (models/quantile_table.h); else NULL */
    double (*survival)(const struct hl_distribution *d, double x);
    double (*pdf)(const struct hl_distribution *d, double x);
    double (*mean)(const struct hl_distribution *d);                       /* may be INFINITY */
    double (*limited_mean)(const struct hl_distribution *d, double limit); /* E[min(X, limit)] */
    bool tabulated; /* sampling goes by a table of `quantile` with a proven bound (models/quantile_table.h) */
    double (*kink)(const struct hl_distribution *d); /* the v at which the quantile is not smooth; NULL = none */
};

#define HL_SEVERITY(name) extern const struct hl_severity hl_severity_##name;
#include "models/model.def"

/* Every family, in the order of models/model.def; NULL-terminated. */
extern const struct hl_severity *const hl_severities[];
const struct hl_severity *hl_severity_find(const char *name);

/* Makes the quantile table where the family asks for one, in `arena`. Source of the method: models/README.md. */
HL_MUST_CHECK enum hl_status hl_distribution_prepare(struct hl_distribution *d, struct hl_arena *arena,
                                                     struct hl_error *err);

/* These add the atom at everything to a family of shares, and go by the table where there is one. `v` is in (0, 1),
 * `limit` at least 0. With an atom q, v < q gives 1 and any other v the family's quantile at (v − q) / (1 − q). */
double hl_distribution_quantile(const struct hl_distribution *d, double v);
/* The same bits for `count` probabilities. v, x: [count]; they may be one array. */
void hl_distribution_quantiles(const struct hl_distribution *d, size_t count, const double *v, double *x);
double hl_distribution_cdf(const struct hl_distribution *d, double x);
double hl_distribution_mean(const struct hl_distribution *d);
double hl_distribution_limited_mean(const struct hl_distribution *d, double limit);

#endif
