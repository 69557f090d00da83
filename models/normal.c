#include "models/normal.h"

#include "models/cubics.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

enum { CHUNK = 256 };

/* What the cubics and the polynomials may take of the bound; the rest is rounding. */
#define ROWS_ERROR (0.7 * HL_NORMAL_ERROR)
#define POLYNOMIAL_ERROR (0.1 * HL_NORMAL_ERROR)

static double value(void *context, bool lower, double p) {
    (void)context;
    return lower ? gsl_cdf_ugaussian_Pinv(p) : gsl_cdf_ugaussian_Qinv(p);
}

enum hl_status hl_normal_make(struct hl_normal *out, struct hl_arena *arena, struct hl_error *err) {
    const struct hl_cubics_wanted wanted = {
        .value = value, .error = ROWS_ERROR, .coefficients = POLYNOMIAL_ERROR, .most = INFINITY};
    struct hl_cubics_made made;
    if (hl_cubics_make(&made, &wanted, arena, err) != HL_OK)
        return HL_FAILED;
    out->tail = made.rows;
    return HL_OK;
}

double hl_normal_quantile(const struct hl_normal *n, double u) {
    double p = u < 0.5 ? u : 1 - u, x = hl_cubics_at(&n->tail, p);
    if (isnan(x))
        x = gsl_cdf_ugaussian_Qinv(p);
    return u < 0.5 ? -x : x;
}

void hl_normal_quantiles(const struct hl_normal *n, size_t count, const double *u, double *x) {
    for (size_t done = 0; done < count; done += CHUNK) {
        size_t length = count - done < CHUNK ? count - done : CHUNK;
        double p[CHUNK], tail[CHUNK];
        for (size_t i = 0; i < length; i++)
            p[i] = u[done + i] < 0.5 ? u[done + i] : 1 - u[done + i];
        bool missing = hl_kernel()->cubics(&n->tail, length, p, tail);
        for (size_t i = 0; i < length && missing; i++)
            if (isnan(tail[i]))
                tail[i] = gsl_cdf_ugaussian_Qinv(p[i]);
        for (size_t i = 0; i < length; i++)
            x[done + i] = u[done + i] < 0.5 ? -tail[i] : tail[i];
    }
}

void hl_normal_eight(const struct hl_normal *n, uint64_t seed, struct hl_address common,
                     const uint64_t streams[HL_EIGHT], const uint32_t more[HL_EIGHT], double x[HL_EIGHT]) {
    if (!hl_kernel()->eight(&n->tail, seed, common, streams, more, x))
        return;
    for (size_t i = 0; i < HL_EIGHT; i++) {
        struct hl_address at = common;
        at.stream = streams[i];
        at.index |= more[i];
        x[i] = hl_normal_quantile(n, hl_u01(seed, at));
    }
}
