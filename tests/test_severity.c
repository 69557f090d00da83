/* The registry's families against values that can be worked out by hand, and against what must hold for all of them. */
#include "models/severity.h"

#include "models/quantile_table.h"

#include <criterion/criterion.h>
#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const double sample[] = {1, 2, 4, 9};

struct family_case {
    const char *family;
    double p[HL_PARAMETERS_MOST];
};

/* One row at least for every family; the tests over the registry fail when one is missing. */
static const struct family_case family_cases[] = {
    {"lognormal", {100, 2}},
    {"lognormal", {5e9, 0.1}},
    {"generalized_pareto", {10, 5, 0}},
    {"generalized_pareto", {10, 5, 1e-9}},
    {"generalized_pareto", {10, 5, 0.5}},
    {"generalized_pareto", {1e6, 3e7, 1}},
    {"generalized_pareto", {0, 5, 1.5}},
    {"generalized_pareto", {10, 5, -0.3}},
    {"generalized_pareto", {10, 5, -1}},
    {"pareto", {1, 2.5}},
    {"pareto", {1e6, 1}},
    {"pareto", {1, 0.5}},
    {"weibull", {10, 1}},
    {"weibull", {1e9, 0.4}},
    {"weibull", {10, 5}},
    {"gamma", {1, 10}},
    {"gamma", {0.3, 1e9}},
    {"gamma", {50, 2}},
    {"burr", {1.5, 2, 1e9}},
    {"burr", {100, 100, 10}},
    {"burr", {50, 0.25, 10}},
    {"burr", {0.25, 8, 10}},
    {"burr", {0.5, 2, 10}}, /* tail index 1: the mean is just infinite */
    {"burr", {0.25, 0.25, 1e6}},
    {"spliced", {100, 2, 1e4, 0.05, 5e3, 0.8}},
    {"spliced", {5e9, 1, 1e9, 0.3, 2e9, 1.2}},
    {"spliced", {10, 0.5, 1000, 1e-3, 10, -0.5}}, /* nearly the whole lognormal */
    {"spliced", {1000, 1, 1, 0.5, 1, 0}},         /* 7 sigmas below the median */
    {"empirical", {0}},
    {"empirical_tail", {3, 5, 0.5}},
    {"empirical_tail", {4, 5, 1.5}}, /* a value at the threshold is not above it */
    {"empirical_tail", {1, 5, -0.5}},
    {"beta", {0.8, 0.6}},
    {"beta", {0.5, 0.5}},
    {"beta", {2, 1}},
    {"beta", {20, 50}},
    {"uniform", {0.2, 1}},
    {"fixed", {0.4}},
};

static struct hl_arena arena;
static struct hl_error fault;

static void start(void) {
    gsl_set_error_handler_off();
    arena = (struct hl_arena){0};
    fault = (struct hl_error){0};
}

static void finish(void) {
    hl_arena_free(&arena);
    hl_error_free(&fault);
}

static struct hl_distribution make(const char *family, const double *p) {
    struct hl_distribution d = {.family = hl_severity_find(family)};
    cr_assert(d.family != NULL, "%s", family);
    memcpy(d.p, p, sizeof d.p);
    if (d.family->sample) {
        d.values = sample;
        d.value_count = COUNT_OF(sample);
    }
    cr_assert(d.family->check == NULL || d.family->check(&d) == NULL, "%s", family);
    cr_assert(hl_distribution_prepare(&d, &arena, &fault) == HL_OK);
    return d;
}

Test(severity, registry, .init = start, .fini = finish) {
    size_t count = 0;
    for (; hl_severities[count] != NULL; count++) {
        const struct hl_severity *f = hl_severities[count];
        cr_expect(hl_severity_find(f->name) == f, "%s", f->name);
        cr_expect(strlen(f->doc) > 10 && strlen(f->source) > 5, "%s", f->name);
        cr_expect(f->parameter_count > 0 || f->sample, "%s", f->name);
        cr_expect(f->parameter_count <= HL_PARAMETERS_MOST, "%s", f->name);
        bool iterative = f->quantile == hl_quantile_by_newton;
        cr_expect(iterative == (f->survival != NULL) && iterative == (f->pdf != NULL), "%s", f->name);
        cr_expect(f->tabulated || (!iterative && f->kink == NULL), "%s", f->name);
        for (size_t i = 0; i < f->parameter_count; i++) {
            const struct hl_parameter *p = &f->parameters[i];
            cr_expect(p->key != NULL && p->doc != NULL && p->minimum < p->maximum, "%s %zu", f->name, i);
        }
        size_t cases = 0;
        for (size_t i = 0; i < COUNT_OF(family_cases); i++)
            cases += strcmp(family_cases[i].family, f->name) == 0;
        cr_expect(cases > 0, "%s has no case", f->name);
    }
    cr_expect(count == 12);
    cr_expect(hl_severity_find("cauchy") == NULL);
}

Test(severity, worked_values, .init = start, .fini = finish) {
    const double e = 2.718281828459045, ln2 = 0.6931471805599453, ln10 = 2.302585092994046, pi = 3.141592653589793;
    const double below1 = 0.15865525393145705, below2 = 0.0227501319481792; /* Phi(-1), Phi(-2) */
    const double below3 = 0.00134989803163009, body = 150 * e * e * below2;
    const struct {
        const char *family;
        double p[HL_PARAMETERS_MOST];
        double v, quantile, mean, limit, limited_mean;
    } rows[] = {
        {"lognormal", {100, 2}, 0.5, 100, 100 * e * e, 0, 0},
        {"lognormal", {100, 1}, 0.15865525393145705, 100 * e, 100 * sqrt(e), 1e12, 100 * sqrt(e)},
        /* exponential over a threshold: e^-2 of the excesses are above twice the scale */
        {"generalized_pareto", {10, 5, 0}, 1 / (e * e), 20, 15, 15, 10 + 5 * (1 - 1 / e)},
        {"generalized_pareto", {10, 5, 0.5}, 0.25, 20, 20, 20, 15},
        {"generalized_pareto", {10, 5, 1}, 0.25, 25, INFINITY, 25, 10 + 5 * 2 * ln2},
        {"generalized_pareto", {10, 5, -1}, 0.25, 13.75, 12.5, 12.5, 10 + 2.5 - 0.625},
        {"generalized_pareto", {10, 5, 0.5}, 0.25, 20, 20, 7, 7},
        {"pareto", {1, 2}, 0.25, 2, 2, 2, 1.5},
        {"pareto", {1, 1}, 0.1, 10, INFINITY, 10, 1 + ln10},
        {"pareto", {1, 0.5}, 0.1, 100, INFINITY, 100, 19},
        {"pareto", {1, 2}, 0.25, 2, 2, 0.5, 0.5},
        {"weibull", {10, 1}, 1 / e, 10, 10, 10, 10 * (1 - 1 / e)},
        {"weibull", {10, 0.5}, 1 / (e * e), 40, 20, INFINITY, 20},
        {"gamma", {1, 10}, 1 / e, 10, 10, 10, 10 * (1 - 1 / e)},
        {"gamma", {2, 10}, 2 / e, 10, 20, INFINITY, 20},
        {"burr", {2, 1, 10}, 0.25, 10, 10, 30, 7.5}, /* Lomax: 1 - F = (1 + x / 10)^-2 */
        {"burr", {1, 1, 10}, 0.25, 30, INFINITY, 10, 10 * ln2},
        {"burr", {0.5, 1, 10}, 0.5, 30, INFINITY, 30, 20},
        {"burr", {0.5, 1, 10}, 0.5, 30, INFINITY, 12.5, 10}, /* 20 (sqrt(9/4) - 1) */
        {"burr", {1, 2, 10}, 0.2, 20, 5 * pi, 10, 2.5 * pi}, /* 1 - F = 1 / (1 + (x / 10)^2): an arctangent */
        /* half of the lognormal below its median, a quarter of exponential excesses above */
        {"spliced", {100, 2, 100, 0.25, 50, 0}, 0.25 / e, 150, body + 37.5, 100, body + 25},
        {"spliced", {100, 2, 100, 0.25, 50, 0}, 0.25, 100, body + 37.5, 150, body + 37.5 - 12.5 / e},
        {"spliced",
         {100, 2, 100, 0.25, 50, 1},
         1 - 1.5 * below1,
         100 / (e * e),
         INFINITY,
         100 / (e * e),
         150 * e * e * below3 + 100 / (e * e) * (1 - 1.5 * below1)},
        {"empirical", {0}, 0.9, 1, 4, 3, 2.25},
        {"empirical", {0}, 0.6, 2, 4, 100, 4},
        {"empirical", {0}, 0.3, 4, 4, 1, 1},
        {"empirical", {0}, 0.1, 9, 4, 0, 0},
        /* 1 and 2 as they are; half is above 3 by an exponential excess of mean 5 */
        {"empirical_tail", {3, 5, 0}, 0.9, 1, 4.75, 2, 1.75},
        {"empirical_tail", {3, 5, 0}, 0.5, 2, 4.75, 1, 1},
        {"empirical_tail", {3, 5, 0}, 0.5 / e, 8, 4.75, 8, 4.75 - 2.5 / e},
        {"empirical_tail", {3, 5, 1}, 0.25, 8, INFINITY, 2.5, 2},
        {"beta", {1, 1}, 0.3, 0.7, 0.5, 0.5, 0.375},
        {"beta", {2, 1}, 0.75, 0.5, 2.0 / 3, 1, 2.0 / 3},
        {"beta", {1, 2}, 0.25, 0.5, 1.0 / 3, 1, 1.0 / 3},
        {"beta", {0.5, 0.5}, 2.0 / 3, 0.25, 0.5, 1, 0.5}, /* arcsine: F(1/4) = 1/3 */
        {"uniform", {0.2, 1}, 0.25, 0.8, 0.6, 0.6, 0.5},
        {"uniform", {0.2, 1}, 0.5, 0.6, 0.6, 0.1, 0.1},
        {"fixed", {0.4}, 0.01, 0.4, 0.4, 0.3, 0.3},
        {"fixed", {0.4}, 0.99, 0.4, 0.4, 0.5, 0.4},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_distribution d = make(rows[i].family, rows[i].p);
        double quantile = hl_distribution_quantile(&d, rows[i].v);
        double mean = hl_distribution_mean(&d);
        double limited = hl_distribution_limited_mean(&d, rows[i].limit);
        cr_expect(fabs(quantile / rows[i].quantile - 1) < 2e-9, "row %zu: quantile %.15g", i, quantile);
        cr_expect(mean == rows[i].mean || fabs(mean / rows[i].mean - 1) < 1e-13, "row %zu: mean %.15g", i, mean);
        cr_expect(fabs(limited - rows[i].limited_mean) <= 1e-13 * rows[i].limited_mean, "row %zu: limited %.15g", i,
                  limited);
    }
}

/* Tail probabilities from 2^-50 to 1 - 2^-50, dense everywhere. */
enum { GRID = 500 };
static double grid(int i) {
    double z = 2.0 * (i + 0.5) / GRID - 1; /* (-1, 1) */
    double tail = 0.5 * exp2(-49 * fabs(z) * fabs(z));
    return z < 0 ? 1 - tail : tail;
}

/* F just left of the quantile is at most 1 - v, and just right of it at least: right at atoms too. */
Test(severity, quantile_inverts_the_cdf, .init = start, .fini = finish) {
    for (size_t c = 0; c < COUNT_OF(family_cases); c++) {
        struct hl_distribution d = make(family_cases[c].family, family_cases[c].p);
        for (int i = 0; i < GRID; i++) {
            double v = grid(i);
            double x = hl_distribution_quantile(&d, v);
            double nudge = d.family->share ? 2e-9 : 4e-9 * x + 1e-11 * hl_distribution_quantile(&d, 0.5);
            double left = hl_distribution_cdf(&d, x - nudge);
            double right = hl_distribution_cdf(&d, x + nudge);
            cr_expect(left <= 1 - v + 1e-12 && right >= 1 - v - 1e-12, "case %zu v %g: x %.15g, F %.15g to %.15g", c, v,
                      x, left, right);
        }
    }
}

Test(severity, quantile_is_monotone_and_inside_the_support, .init = start, .fini = finish) {
    for (size_t c = 0; c < COUNT_OF(family_cases); c++) {
        struct hl_distribution d = make(family_cases[c].family, family_cases[c].p);
        double last = 0;
        for (int i = 0; i < GRID; i++) {
            double x = hl_distribution_quantile(&d, grid(i));
            cr_expect(x >= last * (1 - 1e-15), "case %zu v %g: %.17g after %.17g", c, grid(i), x, last);
            cr_expect(isfinite(x) && x >= 0 && (!d.family->share || x <= 1), "case %zu v %g: %g", c, grid(i), x);
            last = x;
        }
    }
}

/* Many at once have the bits of one after another: every family, every remainder of a count, in place too. */
Test(severity, many_quantiles_have_the_bits_of_each, .init = start, .fini = finish) {
    for (size_t c = 0; c < COUNT_OF(family_cases); c++) {
        struct hl_distribution d = make(family_cases[c].family, family_cases[c].p);
        for (int atom = 0; atom <= 1; atom++) {
            d.everything = 0.3 * atom;
            double v[GRID + 1], x[GRID + 1];
            for (int i = 0; i <= GRID; i++)
                v[i] = grid((i * 77) % GRID); /* tails and body mixed */
            for (size_t first = 0; first < 16; first++) {
                size_t count = GRID - 31 * first;
                x[first + count] = -1;
                hl_distribution_quantiles(&d, count, v + first, x + first);
                for (size_t i = first; i < first + count; i++)
                    cr_expect(x[i] == hl_distribution_quantile(&d, v[i]), "case %zu v %g", c, v[i]);
                cr_expect(x[first + count] == -1, "nothing behind the last");
            }
            memcpy(x, v, sizeof x);
            hl_distribution_quantiles(&d, GRID, x, x);
            for (int i = 0; i < GRID; i++)
                cr_expect(x[i] == hl_distribution_quantile(&d, v[i]), "case %zu v %g, in place", c, v[i]);
        }
    }
}

static double survival(double x, void *context) { return 1 - hl_distribution_cdf(context, x); }

/* The integral of 1 - F from 0 to the limit, cut at quantiles so that jumps and scales are met. */
static double integrate_survival(struct hl_distribution *d, double limit, gsl_integration_workspace *space) {
    const double cuts[] = {1 - 1e-12, 1 - 1e-6, 0.999, 0.99, 0.9, 0.7, 0.5, 0.3, 0.1, 1e-2, 1e-4, 1e-8, 1e-12};
    gsl_function f = {survival, d};
    double sum = 0, from = 0;
    for (size_t i = 0; i <= COUNT_OF(cuts); i++) {
        double to = i < COUNT_OF(cuts) ? fmin(hl_distribution_quantile(d, cuts[i]), limit) : limit;
        double part = 0, error = 0;
        if (to > from)
            gsl_integration_qags(&f, from, to, 0, 1e-10, 1000, space, &part, &error);
        sum += part;
        from = fmax(from, to);
    }
    return sum;
}

Test(severity, limited_mean_is_the_integral_of_survival, .init = start, .fini = finish) {
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(1000);
    const double levels[] = {0.999, 0.9, 0.5, 0.1, 1e-3, 1e-6};
    for (size_t c = 0; c < COUNT_OF(family_cases); c++) {
        struct hl_distribution d = make(family_cases[c].family, family_cases[c].p);
        for (size_t i = 0; i < COUNT_OF(levels); i++) {
            double limit = hl_distribution_quantile(&d, levels[i]);
            double want = integrate_survival(&d, limit, space);
            double got = hl_distribution_limited_mean(&d, limit);
            cr_expect(fabs(got - want) <= 1e-8 * want, "case %zu limit %g: %.15g, not %.15g", c, limit, got, want);
        }
    }
    gsl_integration_workspace_free(space);
}

Test(severity, mean_is_the_limit_of_limited_means, .init = start, .fini = finish) {
    for (size_t c = 0; c < COUNT_OF(family_cases); c++) {
        struct hl_distribution d = make(family_cases[c].family, family_cases[c].p);
        double mean = hl_distribution_mean(&d);
        double far = hl_distribution_limited_mean(&d, 1e200);
        double endless = hl_distribution_limited_mean(&d, INFINITY);
        cr_expect(endless == mean || fabs(endless / mean - 1) < 1e-14, "case %zu: %g, not %g", c, endless, mean);
        cr_expect(isinf(mean) ? far > 100 * hl_distribution_quantile(&d, 0.5) : fabs(far / mean - 1) < 1e-12,
                  "case %zu: %g against %g", c, far, mean);
    }
}

/* Twice the money, twice the loss: amounts are scale families in their money parameters. */
Test(severity, amounts_scale, .init = start, .fini = finish) {
    const double factor = 128;
    double values[COUNT_OF(sample)];
    for (size_t i = 0; i < COUNT_OF(sample); i++)
        values[i] = factor * sample[i];
    for (size_t c = 0; c < COUNT_OF(family_cases); c++) {
        struct hl_distribution d = make(family_cases[c].family, family_cases[c].p);
        if (d.family->share)
            continue;
        struct hl_distribution scaled = d;
        for (size_t i = 0; i < d.family->parameter_count; i++)
            scaled.p[i] *= d.family->parameters[i].unit == HL_UNIT_MONEY ? factor : 1;
        scaled.values = d.family->sample ? values : NULL;
        cr_assert(hl_distribution_prepare(&scaled, &arena, &fault) == HL_OK);
        for (int i = 0; i < GRID; i++) {
            double x = factor * hl_distribution_quantile(&d, grid(i));
            double y = hl_distribution_quantile(&scaled, grid(i));
            double limited = factor * hl_distribution_limited_mean(&d, x / factor);
            double floor = 2e-12 * factor * fmin(hl_distribution_mean(&d), 1e300);
            cr_expect(fabs(y - x) <= 2e-9 * x + floor, "case %zu v %g: %g, not %g", c, grid(i), y, x);
            cr_expect(fabs(hl_distribution_limited_mean(&scaled, x) - limited) <= 1e-12 * limited, "case %zu", c);
        }
    }
}

Test(severity, everything_is_an_atom_at_one, .init = start, .fini = finish) {
    struct hl_distribution d = make("fixed", (double[HL_PARAMETERS_MOST]){0.4});
    d.everything = 0.3;
    cr_expect(hl_distribution_quantile(&d, 0.2) == 1);
    cr_expect(hl_distribution_quantile(&d, 0.3001) == 0.4);
    cr_expect(hl_distribution_cdf(&d, 0.39) == 0);
    cr_expect(hl_distribution_cdf(&d, 0.4) == 0.7 && hl_distribution_cdf(&d, 0.99) == 0.7);
    cr_expect(hl_distribution_cdf(&d, 1) == 1);
    cr_expect(fabs(hl_distribution_mean(&d) - 0.58) < 1e-15);
    cr_expect(fabs(hl_distribution_limited_mean(&d, 0.5) - 0.43) < 1e-15);

    d = make("uniform", (double[HL_PARAMETERS_MOST]){0, 0.5});
    d.everything = 0.5;
    cr_expect(hl_distribution_quantile(&d, 0.75) == 0.25); /* the middle of the other half */
    cr_expect(hl_distribution_quantile(&d, 0.5) == 0.5);
    d.everything = 1;
    cr_expect(hl_distribution_quantile(&d, 1 - 0x1p-53) == 1);

    d = make("beta", (double[HL_PARAMETERS_MOST]){1, 1});
    d.everything = 0.6;
    cr_expect(fabs(hl_distribution_quantile(&d, 0.8) - 0.5) < 1e-9);
    cr_expect(hl_distribution_quantile(&d, nextafter(0.6, 1)) <= 1);
    cr_expect(hl_distribution_quantile(&d, 1 - 0x1p-53) >= 0);
    for (int i = 0; i < GRID; i++)
        cr_expect(hl_distribution_quantile(&d, grid(i)) <= 1 && hl_distribution_quantile(&d, grid(i)) >= 0);
}

/* The tables of Loss Models state Burr's limited mean by the incomplete beta function, where there is a mean. */
Test(severity, burr_by_the_incomplete_beta_function, .init = start, .fini = finish) {
    const double rows[][2] = {{2, 1}, {1.5, 2}, {0.5, 3}, {80, 0.3}, {3, 50}, {0.3, 4}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double alpha = rows[i][0], gamma = rows[i][1];
        struct hl_distribution d = make("burr", (double[HL_PARAMETERS_MOST]){alpha, gamma, 10});
        for (double limit = 0.01; limit < 1e4; limit *= 3) {
            double u = 1 / (1 + pow(limit / 10, gamma));
            double want =
                hl_distribution_mean(&d) * gsl_cdf_beta_Q(u, alpha - 1 / gamma, 1 + 1 / gamma) + limit * pow(u, alpha);
            double got = hl_distribution_limited_mean(&d, limit);
            cr_expect(fabs(got / want - 1) < 1e-12, "row %zu limit %g: %.15g, not %.15g", i, limit, got, want);
        }
    }
}

/* With the lognormal's own probability above it, a threshold leaves the body as it is. */
Test(severity, a_spliced_body_is_the_lognormal_below, .init = start, .fini = finish) {
    const double rows[][2] = {{1, 0.15865525393145705}, {8, 6.22096057427178e-16}}; /* sigmas up, Phi of minus that */
    struct hl_distribution lognormal = make("lognormal", (double[HL_PARAMETERS_MOST]){100, 2});
    for (size_t r = 0; r < COUNT_OF(rows); r++) {
        double threshold = 100 * exp(2 * rows[r][0]);
        struct hl_distribution d = make("spliced", (double[HL_PARAMETERS_MOST]){100, 2, threshold, rows[r][1], 7, 0.5});
        for (int i = 0; i < GRID; i++) {
            double v = grid(i), x = hl_distribution_quantile(&lognormal, v), y = hl_distribution_quantile(&d, v);
            cr_expect(v > rows[r][1] ? fabs(y / x - 1) < 2 * HL_QUANTILE_ERROR : y >= threshold, "row %zu v %g: %.15g",
                      r, v, y);
        }
    }
}

/* An amount has no atom, whatever the field says. */
Test(severity, amounts_know_no_everything, .init = start, .fini = finish) {
    struct hl_distribution d = make("pareto", (double[HL_PARAMETERS_MOST]){1, 2});
    d.everything = 0.5;
    cr_expect(fabs(hl_distribution_quantile(&d, 0.25) - 2) < 1e-12);
    cr_expect(hl_distribution_mean(&d) == 2);
}

Test(severity, faults_between_parameters, .init = start, .fini = finish) {
    const double bad[] = {1, -2};
    const struct {
        struct hl_distribution d;
        bool good;
    } rows[] = {
        {{.family = &hl_severity_uniform, .p = {0.2, 0.3}}, true},
        {{.family = &hl_severity_uniform, .p = {0.3, 0.2}}, false},
        {{.family = &hl_severity_uniform, .p = {0.3, 0.3}}, false},
        {{.family = &hl_severity_empirical, .values = sample, .value_count = 4}, true},
        {{.family = &hl_severity_empirical}, false},
        {{.family = &hl_severity_empirical, .values = bad, .value_count = 2}, false},
        {{.family = &hl_severity_empirical_tail, .p = {4, 1, 0}, .values = sample, .value_count = 4}, true},
        {{.family = &hl_severity_empirical_tail, .p = {9, 1, 0}, .values = sample, .value_count = 4}, false},
        {{.family = &hl_severity_empirical_tail, .p = {0.5, 1, 0}, .values = sample, .value_count = 4}, false},
        {{.family = &hl_severity_empirical_tail, .p = {0.5, 1, 0}, .values = bad, .value_count = 2}, false},
        {{.family = &hl_severity_empirical_tail, .p = {0.5, 1, 0}}, false},
        {{.family = &hl_severity_spliced, .p = {100, 1, 0.04, 0.5, 1, 0}}, true}, /* ln 2500 = 7.8 */
        {{.family = &hl_severity_spliced, .p = {100, 1, 0.03, 0.5, 1, 0}}, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect((rows[i].d.family->check(&rows[i].d) == NULL) == rows[i].good, "row %zu", i);
}
