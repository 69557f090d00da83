#include "stats/exact.h"

#include <assert.h>
#include <complex.h>
#include <fftw3.h>
#include <math.h>
#include <stdlib.h>

static enum hl_status grid_start(struct hl_grid *out, size_t count, double step, struct hl_error *err) {
    *out = (struct hl_grid){.mass = calloc(count, sizeof(double)), .count = count, .step = step};
    return out->mass == NULL ? hl_fail_memory(err) : HL_OK;
}

void hl_grid_free(struct hl_grid *g) {
    free(g->mass);
    *g = (struct hl_grid){0};
}

/* P(X < x) and P(X <= x). */
static double cdf_before(double (*cdf)(const void *context, double x), const void *context, double x) {
    return cdf(context, nextafter(x, -INFINITY));
}

enum hl_status hl_grid_make(struct hl_grid *out, double (*cdf)(const void *context, double x), const void *context,
                            double step, size_t count, enum hl_lattice lattice, struct hl_error *err) {
    assert(step > 0 && count >= 2);
    if (grid_start(out, count, step, err) != HL_OK)
        return HL_FAILED;
    double before = 0; /* probability of the points so far */
    for (size_t i = 0; i + 1 < count; i++) {
        double x = (double)i * step;
        double up_to_here = 0;
        if (lattice == HL_LATTICE_NEAREST)
            up_to_here = cdf(context, x + 0.5 * step);
        else if (lattice == HL_LATTICE_LOWER)
            up_to_here = cdf_before(cdf, context, (double)(i + 1) * step);
        else
            up_to_here = cdf(context, x);
        out->mass[i] = fmax(up_to_here - before, 0);
        before = up_to_here;
    }
    out->mass[count - 1] = fmax(1 - before, 0);
    return HL_OK;
}

struct hl_panjer_count hl_panjer_poisson(double mean) {
    return (struct hl_panjer_count){.a = 0, .b = mean, .none = exp(-mean)};
}

struct hl_panjer_count hl_panjer_negative_binomial(double mean, double shape) {
    double q = mean / (shape + mean);
    return (struct hl_panjer_count){.a = q, .b = (shape - 1) * q, .none = exp(-shape * log1p(mean / shape))};
}

enum hl_status hl_compound_panjer(struct hl_grid *out, const struct hl_grid *size, struct hl_panjer_count count,
                                  struct hl_error *err) {
    double at_zero = size->mass[0];
    if (count.none < 1e-290)
        return hl_fail(err, HL_FAILED, "Panjer's recursion cannot start from P(N = 0) = %g; use the FFT", count.none);
    if (grid_start(out, size->count, size->step, err) != HL_OK)
        return HL_FAILED;
    out->mass[0] = count.none * (count.a == 0 ? exp(count.b * at_zero)
                                              : exp(-(count.a + count.b) / count.a * log1p(-count.a * at_zero)));
    for (size_t k = 1; k < out->count; k++) {
        double sum = 0;
        for (size_t j = 1; j <= k; j++)
            sum += (count.a + count.b * (double)j / (double)k) * size->mass[j] * out->mass[k - j];
        out->mass[k] = sum / (1 - count.a * at_zero);
    }
    return HL_OK;
}

void hl_log_pgf_poisson(const void *mean, double re, double im, double out[2]) {
    double m = *(const double *)mean;
    out[0] = m * (re - 1);
    out[1] = m * im;
}

/* -r ln(1 - (m / r) (z - 1)): the argument of the logarithm has a real part of at least 1 for |z| <= 1. */
void hl_log_pgf_negative_binomial(const void *mean_and_shape, double re, double im, double out[2]) {
    const double *p = mean_and_shape;
    double x = p[0] / p[1] * (1 - re);
    double y = -p[0] / p[1] * im;
    out[0] = -p[1] * 0.5 * log1p(2 * x + x * x + y * y);
    out[1] = -p[1] * atan2(y, 1 + x);
}

void hl_transform_free(struct hl_transform *t) {
    if (t->forward != NULL)
        fftw_destroy_plan(t->forward);
    if (t->backward != NULL)
        fftw_destroy_plan(t->backward);
    fftw_free(t->real);
    fftw_free(t->frequency);
    free(t->tilted);
    *t = (struct hl_transform){0};
}

/* FFTW_ESTIMATE: the same plan, and so the same bits, every time. */
enum hl_status hl_transform_make(struct hl_transform *t, size_t least, double tilt_in_all, struct hl_error *err) {
    size_t length = 2;
    while (length < least)
        length *= 2;
    *t = (struct hl_transform){.length = length,
                               .tilted = malloc(length * sizeof *t->tilted),
                               .real = fftw_alloc_real(length),
                               .frequency = fftw_alloc_complex(length / 2 + 1)};
    if (length > ((size_t)1 << 30) || t->tilted == NULL || t->real == NULL || t->frequency == NULL) {
        hl_transform_free(t);
        return hl_fail_memory(err);
    }
    for (size_t k = 0; k < length; k++)
        t->tilted[k] = exp(-tilt_in_all / (double)length * (double)k);
    t->forward = fftw_plan_dft_r2c_1d((int)length, t->real, t->frequency, FFTW_ESTIMATE);
    t->backward = fftw_plan_dft_c2r_1d((int)length, t->frequency, t->real, FFTW_ESTIMATE);
    if (t->forward == NULL || t->backward == NULL) {
        hl_transform_free(t);
        return hl_fail_memory(err);
    }
    return HL_OK;
}

void hl_transform_grid(struct hl_transform *t, const double *mass, size_t count) {
    for (size_t k = 0; k < t->length; k++)
        t->real[k] = k < count ? mass[k] * t->tilted[k] : 0;
    fftw_execute(t->forward);
}

void hl_transform_back(struct hl_transform *t, double *mass, size_t count) {
    fftw_execute(t->backward);
    for (size_t k = 0; k < count; k++)
        mass[k] = t->real[k] / (double)t->length / t->tilted[k];
}

/* What rounding made negative is 0. */
static void keep_positive(struct hl_grid *g) {
    for (size_t k = 0; k < g->count; k++)
        g->mass[k] = fmax(g->mass[k], 0);
}

enum hl_status hl_compound_fft(struct hl_grid *out, const struct hl_grid *size, hl_log_pgf log_pgf, const void *context,
                               struct hl_error *err) {
    struct hl_transform t;
    if (hl_transform_make(&t, 2 * size->count, HL_TILT, err) != HL_OK)
        return HL_FAILED;
    enum hl_status status = grid_start(out, size->count, size->step, err);
    if (status == HL_OK) {
        hl_transform_grid(&t, size->mass, size->count);
        for (size_t i = 0; i <= t.length / 2; i++) {
            double power[2];
            log_pgf(context, creal(t.frequency[i]), cimag(t.frequency[i]), power);
            t.frequency[i] = exp(power[0]) * (cos(power[1]) + I * sin(power[1]));
        }
        hl_transform_back(&t, out->mass, out->count);
        keep_positive(out);
    }
    hl_transform_free(&t);
    return status;
}

enum hl_status hl_grid_convolve(struct hl_grid *out, const struct hl_grid *a, const struct hl_grid *b,
                                struct hl_error *err) {
    assert(a->step == b->step);
    size_t count = a->count + b->count - 1;
    struct hl_transform t;
    if (hl_transform_make(&t, count, 0, err) != HL_OK)
        return HL_FAILED;
    double complex *first = fftw_alloc_complex(t.length / 2 + 1);
    enum hl_status status = first != NULL ? grid_start(out, count, a->step, err) : hl_fail_memory(err);
    if (status == HL_OK && first != NULL && t.frequency != NULL) {
        hl_transform_grid(&t, a->mass, a->count);
        for (size_t i = 0; i <= t.length / 2; i++)
            first[i] = t.frequency[i];
        hl_transform_grid(&t, b->mass, b->count);
        for (size_t i = 0; i <= t.length / 2; i++)
            t.frequency[i] *= first[i];
        hl_transform_back(&t, out->mass, out->count);
        keep_positive(out);
    }
    fftw_free(first);
    hl_transform_free(&t);
    return status;
}

double hl_grid_mean(const struct hl_grid *g) {
    double sum = 0;
    for (size_t k = 0; k < g->count; k++)
        sum += (double)k * g->mass[k];
    return sum * g->step;
}

double hl_grid_probability_above(const struct hl_grid *g, double x) {
    double sum = 0;
    for (size_t k = 0; k < g->count && (double)k * g->step <= x; k++)
        sum += g->mass[k];
    return fmax(1 - sum, 0);
}

double hl_grid_quantile(const struct hl_grid *g, double p) {
    double sum = 0;
    for (size_t k = 0; k < g->count; k++) {
        sum += g->mass[k];
        if (sum >= p - 1e-15)
            return (double)k * g->step;
    }
    return INFINITY;
}

double hl_grid_limited_mean(const struct hl_grid *g, double limit) {
    double sum = 0;
    double mass = 0;
    for (size_t k = 0; k < g->count && (double)k * g->step <= limit; k++) {
        sum += (double)k * g->step * g->mass[k];
        mass += g->mass[k];
    }
    return sum + limit * fmax(1 - mass, 0);
}

double hl_grid_tvar(const struct hl_grid *g, double p, double exact_mean) {
    double q = hl_grid_quantile(g, p);
    return q + (exact_mean - hl_grid_limited_mean(g, q)) / (1 - p);
}
