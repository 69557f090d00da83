/* Threat climates: a factor G >= 0 of mean 1 for each policy year of each trial, which multiplies the rates of all
 * sources that name it. The list of families is models/model.def.
 *
 * G is a quantile at a standard normal score z, so that successive years can be tied by ordinary regression:
 *   z_1 = e_1, z_y = phi z_(y-1) + sqrt(1 - phi^2) e_y, e standard normal, phi the persistence. Source: the Gaussian
 * copula of an AR(1) process. Every z_y is standard normal whatever phi is, so persistence leaves a year's G as it is.
 */
#ifndef HL_MODELS_CLIMATE_H
#define HL_MODELS_CLIMATE_H

#include "base/arena.h"
#include "base/status.h"
#include "models/severity.h"

#include <complex.h>

/* A family with its spread, ready to be asked. */
struct hl_climate_law {
    const struct hl_climate_family *family;
    double sd;                    /* of the factor, in (0, 3] */
    struct hl_distribution table; /* where the family has no closed quantile; else zeroed */
};

struct hl_climate_family {
    const char *name;
    const char *doc;
    const char *source;
    /* Makes what `factor` needs, in `arena`; `family` and `sd` are set. NULL = nothing. */
    enum hl_status (*prepare)(struct hl_climate_law *law, struct hl_arena *arena, struct hl_error *err);
    /* The quantile of the factor at Phi(z). */
    double (*factor)(const struct hl_climate_law *law, double z);
    /* E[e^(a G)] of complex a with a real part of at most 0; NULL where it has no closed form. */
    double complex (*laplace)(const struct hl_climate_law *law, double complex a);
};

#define HL_CLIMATE(name) extern const struct hl_climate_family hl_climate_##name;
#include "models/model.def"

/* Every family, in the order of models/model.def; NULL-terminated. */
extern const struct hl_climate_family *const hl_climates[];
const struct hl_climate_family *hl_climate_find(const char *name);

/* Makes a law ready, in `arena`. */
HL_MUST_CHECK enum hl_status hl_climate_prepare(struct hl_climate_law *out, const struct hl_climate_family *family,
                                                double sd, struct hl_arena *arena, struct hl_error *err);

/* The score of the year after one of score `before`, where `shock` is that year's e. */
double hl_climate_next(double before, double shock, double persistence);

#endif
