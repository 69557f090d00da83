/* Climates: mean 1 and the stated spread, quantiles, and what persistence does. */
#include "models/climate.h"

#include <criterion/criterion.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const double spreads[] = {0.01, 0.3, 0.6, 1, 3};

static struct hl_climate_law law_of(const struct hl_climate_family *family, double sd, struct hl_arena *arena) {
    struct hl_climate_law law;
    struct hl_error err = {0};
    gsl_set_error_handler_off();
    cr_assert(hl_climate_prepare(&law, family, sd, arena, &err) == HL_OK);
    return law;
}

Test(climate, registry) {
    size_t count = 0;
    for (; hl_climates[count] != NULL; count++) {
        const struct hl_climate_family *f = hl_climates[count];
        cr_expect(hl_climate_find(f->name) == f, "%s", f->name);
        cr_expect(strlen(f->doc) > 10 && strlen(f->source) > 5, "%s", f->name);
    }
    cr_expect(count == 2 && hl_climate_find("pareto") == NULL);
}

/* Moments by the trapezoidal rule over z, which for a normal density is exact to rounding where the factor is smooth in
 * z; a gamma of small shape is flat and then steep, so its bound is that of the table and the steps. */
Test(climate, mean_one_and_the_stated_spread) {
    const double step = 1.0 / 512;
    for (size_t f = 0; hl_climates[f] != NULL; f++) {
        for (size_t i = 0; i < COUNT_OF(spreads); i++) {
            struct hl_arena arena = {0};
            struct hl_climate_law law = law_of(hl_climates[f], spreads[i], &arena);
            double mean = 0, square = 0, before = 0;
            for (int k = -10 * 512; k <= 10 * 512; k++) {
                double z = k * step, density = exp(-z * z / 2) / sqrt(2 * M_PI) * step;
                double factor = law.family->factor(&law, z);
                cr_assert(factor >= before, "%s %g: it falls at %g", law.family->name, spreads[i], z);
                before = factor;
                mean += factor * density;
                square += factor * factor * density;
            }
            double sd = sqrt(square - mean * mean);
            cr_expect(fabs(mean - 1) < 1e-6, "%s %g: mean %.9g", law.family->name, spreads[i], mean);
            cr_expect(fabs(sd / spreads[i] - 1) < 1e-4, "%s %g: sd %.9g", law.family->name, spreads[i], sd);
            hl_arena_free(&arena);
        }
    }
}

/* sd 1: the gamma is exponential, G = -ln(1 - Phi(z)); the lognormal has s^2 = ln 2 and median 1 / sqrt(2). */
Test(climate, quantiles_by_hand) {
    struct hl_arena arena = {0};
    struct hl_climate_law gamma = law_of(&hl_climate_gamma, 1, &arena), lognormal;
    lognormal = law_of(&hl_climate_lognormal, 1, &arena);
    const double z[] = {-8, -2, -0.5, 0, 1, 3, 6};
    for (size_t i = 0; i < COUNT_OF(z); i++) {
        double want = -log(gsl_cdf_ugaussian_Q(z[i]));
        cr_expect(fabs(gamma.family->factor(&gamma, z[i]) - want) <= 1e-9 * want + 1e-12, "z %g", z[i]);
    }
    cr_expect(fabs(lognormal.family->factor(&lognormal, 0) - 0.7071067811865476) < 1e-15);
    cr_expect(fabs(lognormal.family->factor(&lognormal, sqrt(log(2))) - sqrt(2)) < 1e-14);
    /* Scores further out than a uniform's quantile reaches are kept finite. */
    cr_expect(gamma.family->factor(&gamma, -40) >= 0 && gamma.family->factor(&gamma, 40) < 38);
    hl_arena_free(&arena);
}

Test(climate, persistence) {
    const struct {
        double before, shock, persistence, want;
    } rows[] = {
        {1.5, -0.7, 0, -0.7}, /* none: the year's own shock */
        {2, 1, 0.6, 2},       /* 0.6 x 2 + 0.8 x 1 */
        {-1, 0, 0.8, -0.8},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(fabs(hl_climate_next(rows[i].before, rows[i].shock, rows[i].persistence) - rows[i].want) < 1e-15,
                  "row %zu", i);
}
