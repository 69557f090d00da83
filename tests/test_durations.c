/* Times as they stand in a scenario: plain durations, families told in durations, and what is refused. */
#include "scenario/loading.h"

#include <criterion/criterion.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static struct hl_arena memory;
static struct hl_error faults;
static struct hl_reader reader = {.arena = &memory,
                                  .scratch = &memory,
                                  .err = &faults,
                                  .file = "s.yaml",
                                  .currencies = {.own = "JPY"},
                                  .quantum = 100};

static void start(void) { gsl_set_error_handler_off(); }

static void clean(void) {
    hl_arena_free(&memory);
    hl_error_free(&faults);
}

/* Reads the value of `dwell` and prepares its law. */
static struct hl_time read_time(const char *yaml) {
    struct hl_node *root = NULL;
    struct hl_time t = {.days = -1};
    cr_assert_eq(hl_yaml_read(&root, &memory, "s.yaml", yaml, strlen(yaml), &faults), HL_OK, "%s", yaml);
    hl_time_read(&reader, hl_node_get(root, "dwell"), "dwell", &t);
    if (t.law.family != NULL)
        cr_assert_eq(hl_distribution_prepare(&t.law, &memory, &faults), HL_OK);
    return t;
}

Test(durations, a_plain_time_is_always_the_same, .init = start, .fini = clean) {
    static const struct {
        const char *yaml;
        double days;
    } rows[] = {
        {"dwell: 3 d", 3}, {"dwell: 54 min", 0.0375}, {"dwell: 6 h", 0.25}, {"dwell: 0 d", 0}, {"dwell: 10 y", 3650},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_time t = read_time(rows[i].yaml);
        cr_expect(t.law.family == NULL && t.days == rows[i].days, "%s: %g", rows[i].yaml, t.days);
        cr_expect(hl_time_days(&t, 0.01) == rows[i].days && hl_time_days(&t, 0.99) == rows[i].days);
    }
    cr_expect_eq(faults.count, 0);
}

/* Durations are not rounded to quanta, which are 100 yen here. */
Test(durations, a_family_is_told_in_durations, .init = start, .fini = clean) {
    static const struct {
        const char *yaml;
        double v, days;
    } rows[] = {
        {"dwell: {lognormal: {median: 36 h, sigma: 2}}", 0.5, 1.5},
        {"dwell: {weibull: {scale: 2 w, shape: 1}}", 0.36787944117144233, 14}, /* e^-1 */
        {"dwell: {pareto: {minimum: 1 d, alpha: 0.5}}", 0.1, 100},
        {"dwell: {pareto: {minimum: 1 d, alpha: 0.5}}", 0.01, 3650}, /* 10,000 days are cut */
        {"dwell: {generalized_pareto: {threshold: 1 d, scale: 12 h, shape: -1}}", 0.5, 1.25},
        {"dwell: {burr: {alpha: 1, gamma: 1, scale: 30 d}}", 0.25, 90},
        {"dwell: {spliced: {median: 1 d, sigma: 1, threshold: 30 d, tail: 10 %, scale: 30 d, shape: 0}}",
         0.036787944117144233, 60},
        {"dwell: {gamma: {shape: 1, scale: 10 d}}", 0.36787944117144233, 10},
    };
    bool met[64] = {false};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_time t = read_time(rows[i].yaml);
        cr_assert(t.law.family != NULL, "%s", rows[i].yaml);
        double days = hl_time_days(&t, rows[i].v);
        cr_expect(fabs(days / rows[i].days - 1) < 1e-9, "%s: %.12g", rows[i].yaml, days);
        for (size_t k = 0; hl_time_family_name(k) != NULL; k++)
            met[k] = met[k] || strcmp(hl_time_family_name(k), t.law.family->name) == 0;
    }
    for (size_t k = 0; hl_time_family_name(k) != NULL; k++)
        cr_expect(met[k], "%s has no row", hl_time_family_name(k));
    cr_expect_eq(faults.count, 0);
}

Test(durations, faults_are_named_and_leave_the_time_alone, .init = start, .fini = clean) {
    static const struct {
        const char *yaml, *key, *want;
    } rows[] = {
        {"dwell: 3", "dwell", "the unit is missing: write a duration such as 30 d, 2 w, 6 mo or 1 y"},
        {"dwell: 11 y", "dwell", "must be a duration such as 30 d, 2 w, 6 mo or 1 y, in [0, 3650] days"},
        {"dwell: [1 d]", "dwell", "must be a duration such as 30 d, 2 w, 6 mo or 1 y, in [0, 3650] days"},
        {"dwell:", "dwell", "must be a duration such as 30 d, 2 w, 6 mo or 1 y, in [0, 3650] days"},
        {"dwell: {empirical: {values: [1 d]}}", "dwell.empirical",
         "no family of times; must be one of lognormal, generalized_pareto, pareto, weibull, gamma, burr, spliced"},
        {"dwell: {beta: {a: 1, b: 1}}", "dwell.beta",
         "no family of times; must be one of lognormal, generalized_pareto, pareto, weibull, gamma, burr, spliced"},
        {"dwell: {lognormal: {median: 3 bn, sigma: 1}}", "dwell.lognormal.median",
         "\"bn\" does not belong here: write a duration such as 30 d, 2 w, 6 mo or 1 y"},
        {"dwell: {lognormal: {median: 0 d, sigma: 1}}", "dwell.lognormal.median",
         "must be a duration such as 30 d, 2 w, 6 mo or 1 y, in (0, 3650] days"},
        {"dwell: {spliced: {median: 9 d, sigma: 0.1, threshold: 1 d, tail: 0.1, scale: 1 d, shape: 0}}",
         "dwell.spliced",
         "`threshold` is more than 8 sigmas below `median`: nothing is left of the body; for the tail alone write "
         "generalized_pareto"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_time t = read_time(rows[i].yaml);
        cr_expect(t.days == -1 && t.law.family == NULL, "%s", rows[i].yaml);
        cr_assert_eq(faults.count, i + 1, "%s: %zu faults", rows[i].yaml, faults.count);
        cr_expect_str_eq(faults.faults[i].key, rows[i].key);
        cr_expect_str_eq(faults.faults[i].message, rows[i].want);
    }
}
