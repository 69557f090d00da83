/* What ties the damage of one event: margins, limits, and how strongly. */
#include "models/copula.h"
#include "tests/many.h"

#include <criterion/criterion.h>
#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/draw.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static struct hl_copula copula(const char *family, double rho, double nu) {
    const struct hl_copula_family *f = hl_copula_find(family);
    cr_assert(f != NULL, "%s", family);
    return (struct hl_copula){.family = f, .p = {rho, nu}};
}

/* The uniforms of two members of event i. */
struct pair {
    double a, b;
};

static struct pair pair_of(const struct hl_copula *c, uint32_t i) {
    struct hl_words factor = hl_draw(5, (struct hl_address){1, 0, HL_DRAW_FACTOR, i});
    double z = hl_unit(factor.word[0]), w = hl_unit(factor.word[1]);
    struct hl_words own = hl_draw(5, (struct hl_address){2, 0, HL_DRAW_HIT, i});
    return (struct pair){c->family->uniform(c, z, w, hl_unit(own.word[0])),
                         c->family->uniform(c, z, w, hl_unit(own.word[1]))};
}

static const struct {
    const char *family;
    double rho, nu;
} cases[] = {{"gaussian", 0, 0}, {"gaussian", 0.4, 0}, {"gaussian", 0.9, 0}, {"gaussian", 1, 0},
             {"t", 0, 4},        {"t", 0.4, 4},        {"t", 0.4, 1},        {"t", 1, 100}};

Test(copula, the_list) {
    size_t count = 0;
    for (; hl_copulas[count] != NULL; count++) {
        const struct hl_copula_family *f = hl_copulas[count];
        cr_expect(hl_copula_find(f->name) == f, "%s", f->name);
        cr_expect(f->doc != NULL && f->source != NULL && f->parameter_count >= 1, "%s", f->name);
        cr_expect_str_eq(f->parameters[0].key, "rho");
    }
    cr_expect_eq(count, 2);
    cr_expect(hl_copula_find("clayton") == NULL);
}

Test(copula, gaussian_at_its_ends_is_own_and_factor_to_the_last_bit) {
    const double u[] = {DBL_MIN, 1e-9, 0.1, 1.0 / 3, 0.5, 0.9, 1 - DBL_EPSILON / 2};
    struct hl_copula none = copula("gaussian", 0, 0), all = copula("gaussian", 1, 0);
    for (size_t i = 0; i < COUNT_OF(u); i++)
        for (size_t k = 0; k < COUNT_OF(u); k++) {
            cr_expect(none.family->uniform(&none, u[i], 0.3, u[k]) == u[k], "own %g", u[k]);
            cr_expect(all.family->uniform(&all, u[i], 0.3, u[k]) == u[i], "factor %g", u[i]);
        }
}

/* Worked by hand: at rho 1/2 two equal uniforms of normal quantile q give sqrt(2) q; the median stays the median. */
Test(copula, values_by_hand) {
    struct hl_copula half = copula("gaussian", 0.5, 0), t = copula("t", 0.5, 1);
    cr_expect_float_eq(half.family->uniform(&half, 0.5, 0.3, 0.5), 0.5, 1e-15);
    double want = gsl_cdf_ugaussian_Q(sqrt(2) * gsl_cdf_ugaussian_Qinv(0.1));
    cr_expect_float_eq(half.family->uniform(&half, 0.1, 0.3, 0.1), want, 1e-15);
    cr_expect_float_eq(t.family->uniform(&t, 0.5, 0.3, 0.5), 0.5, 1e-15);
    /* nu = 1 and a factor of quantile 1 with its own at the median: x = sqrt(1/2) / sqrt(w), Cauchy */
    double z = gsl_cdf_ugaussian_Q(1), w = gsl_cdf_chisq_Pinv(0.3, 1);
    cr_expect_float_eq(t.family->uniform(&t, z, 0.3, 0.5), 0.5 - atan(sqrt(0.5 / w)) / M_PI, 1e-12);
}

Test(copula, stays_inside_the_unit_interval) {
    const double ends[] = {0x1p-53, 0.5, 1 - 0x1p-53};
    gsl_set_error_handler_off();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct hl_copula c = copula(cases[i].family, cases[i].rho, cases[i].nu);
        for (size_t k = 0; k < 27; k++) {
            double v = c.family->uniform(&c, ends[k % 3], ends[k / 3 % 3], ends[k / 9]);
            cr_expect(v > 0 && v < 1, "%s %g: %g", cases[i].family, cases[i].rho, v);
        }
    }
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Every member is uniform by itself: Kolmogorov's D sqrt(n) is above 1.95 once in a thousand. */
Test(copula, margins_are_uniform) {
    enum { N = 20000 };
    static double v[N];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct hl_copula c = copula(cases[i].family, cases[i].rho, cases[i].nu);
        for (uint32_t k = 0; k < N; k++)
            v[k] = pair_of(&c, k).a;
        qsort(v, N, sizeof *v, ascending);
        double distance = 0;
        for (size_t k = 0; k < N; k++)
            distance = fmax(distance, fmax((double)(k + 1) / N - v[k], v[k] - (double)k / N));
        cr_expect(distance * sqrt(N) < 1.95, "%s %g: %g", cases[i].family, cases[i].rho, distance * sqrt(N));
    }
}

/* Kendall's tau of two members is (2/pi) asin(rho), for both families: from N / 2 independent pairs of events, each
 * concordant or not, four standard errors of at most 1 / sqrt(N / 2). */
Test(copula, kendalls_tau) {
    enum { N = HL_MANY(50000) };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct hl_copula c = copula(cases[i].family, cases[i].rho, cases[i].nu);
        double tau = 0;
        for (uint32_t k = 0; k < N; k += 2) {
            struct pair x = pair_of(&c, k), y = pair_of(&c, k + 1);
            tau += ((x.a - y.a) * (x.b - y.b) > 0 ? 2.0 : -2.0) / N;
        }
        double want = 2 / M_PI * asin(cases[i].rho);
        cr_expect_float_eq(tau, want, 4 / sqrt(N / 2.0), "%s %g: %g, not %g", cases[i].family, cases[i].rho, tau, want);
    }
}

/* P(both in the worst 1 %) / 1 %: gaussian at rho 0.4 about 0.085; t with 4 degrees of freedom near its limit
 * 2 t_5(-sqrt(5 (1 - rho) / (1 + rho))) = 0.21. */
Test(copula, t_has_the_heavier_joint_tail) {
    enum { N = 400000 };
    double joint[2] = {0};
    const char *const families[] = {"gaussian", "t"};
    for (size_t i = 0; i < 2; i++) {
        struct hl_copula c = copula(families[i], 0.4, 4);
        for (uint32_t k = 0; k < N; k++) {
            struct pair x = pair_of(&c, k);
            joint[i] += (x.a < 0.01 && x.b < 0.01) / (0.01 * N);
        }
    }
    double limit = 2 * gsl_cdf_tdist_P(-sqrt(5 * 0.6 / 1.4), 5);
    cr_expect_float_eq(joint[0], 0.085, 0.02, "gaussian %g", joint[0]);
    cr_expect_float_eq(joint[1], limit, 0.05, "t %g, limit %g", joint[1], limit);
}
