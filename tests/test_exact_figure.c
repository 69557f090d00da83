/* What a known distribution answers, and how far a simulated row is from it: a year's sum of 0, 10 and 30 with 90, 6
 * and 4 %, on points 10 apart. */
#include "engine/exact_figure.h"

#include <criterion/criterion.h>
#include <math.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static double upto[] = {0.9, 0.96, 0.96, 1, 1};
static double limited[] = {0, 1, 1.4, 1.8, 1.8};
static const struct hl_exact_lattices lattices = {.step = 10,
                                                  .count = 5,
                                                  .upto = {upto, upto, upto},
                                                  .limited = {limited, limited, limited},
                                                  .mean = {1.8, 1.8, 1.8}};

static struct hl_exact_figure figure_of(const struct hl_exact_branch *branches, size_t count) {
    return (struct hl_exact_figure){.entity = 2,
                                    .basis = HL_BASIS_ALL,
                                    .perspective = HL_GROSS,
                                    .lattices = &lattices,
                                    .branches = branches,
                                    .branch_count = count,
                                    .quantum = 0.5,
                                    .p_breach = 0.2,
                                    .mean = NAN,
                                    .sd = {NAN, NAN}};
}

static struct hl_row_key key_of(enum hl_metric metric, double level) {
    return (struct hl_row_key){.year = 1, .entity = 2, .perspective = HL_GROSS, .metric = metric, .level = level};
}

Test(exact_figure, answers) {
    const struct hl_exact_branch all = {1, hl_ramp_identity()};
    struct hl_exact_figure f = figure_of(&all, 1);
    f.sd = (struct hl_exact_square){5, 7};
    const struct {
        enum hl_metric metric;
        double level, value;
    } rows[] = {
        {HL_P_BREACH, 0, 0.2},
        {HL_P_POSITIVE, 0, 0.1},
        {HL_MEAN, 0, 0.9},
        {HL_SD, 0, 3},
        {HL_MEAN_GIVEN_BREACH, 0, 4.5},
        {HL_VAR, 0.9, 0},
        {HL_VAR, 0.95, 5},
        {HL_TVAR, 0.96, 15},
        {HL_TVAR, 0.95, (0.01 * 5 + 0.04 * 15) / 0.05},
        {HL_AEP, 50, 15},
        {HL_VAR_GIVEN_BREACH, 0.5, 0},
        {HL_VAR_GIVEN_BREACH, 0.6, 5}, /* half of the breaches lose something */
        {HL_P_ABOVE, 5, 0.04},
        {HL_P_ABOVE, 4.9, 0.1},
        {HL_MEAN_ABOVE, 10, 0.2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_row row;
        cr_assert(hl_exact_figure_answer(&f, key_of(rows[i].metric, rows[i].level), &row), "row %zu", i);
        cr_expect(fabs(row.value - rows[i].value) < 1e-12, "row %zu: %.12g", i, row.value);
        cr_expect(row.error == 0 && row.status == HL_ROW_EXACT && row.low <= row.value && row.value <= row.high);
    }
    struct hl_row row;
    cr_expect(!hl_exact_figure_answer(&f, key_of(HL_P_ABOVE, 30), &row)); /* beyond the points */
    cr_expect(!hl_exact_figure_answer(&f, key_of(HL_CONTRIBUTION, 0), &row));
}

/* Cash of 15 that answers with probability 3/4: 15 is left of 30 with 3 %, 10 and 30 as they are with 1.5 and 1 %. */
Test(exact_figure, cash_that_may_not_answer) {
    struct hl_exact_branch branches[] = {{0.75, hl_ramp_identity()}, {0.25, hl_ramp_identity()}};
    hl_ramp_take_first(&branches[0].left, 15);
    struct hl_exact_figure f = figure_of(branches, 2);
    cr_expect(fabs(hl_exact_figure_above(&f, HL_LATTICE_NEAREST, 0) - 0.055) < 1e-15);
    cr_expect(fabs(hl_exact_figure_above(&f, HL_LATTICE_NEAREST, 10) - 0.04) < 1e-15);
    cr_expect(fabs(hl_exact_figure_above(&f, HL_LATTICE_NEAREST, 15) - 0.01) < 1e-15);
    cr_expect(fabs(hl_exact_figure_limited(&f, HL_LATTICE_NEAREST, INFINITY) - (0.03 * 15 + 0.25 * 1.8)) < 1e-12);
    const struct { double p, value; } rows[] = {{0.94, 0}, {0.95, 10}, {0.97, 15}, {0.995, 30}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double q = hl_exact_figure_quantile(&f, HL_LATTICE_NEAREST, rows[i].p);
        cr_expect(fabs(q - rows[i].value) < 1e-9, "row %zu: %.12g", i, q);
    }
}

Test(exact_figure, tells_rows_as_stated_of_its_own) {
    const struct hl_exact_branch all = {1, hl_ramp_identity()};
    struct hl_exact_figure f = figure_of(&all, 1);
    struct hl_row_key key = key_of(HL_MEAN, 0), other = key;
    cr_expect(hl_exact_figure_tells(&f, &key));
    other.policy = 1;
    cr_expect(!hl_exact_figure_tells(&f, &other));
    other = key;
    other.entity = 1;
    cr_expect(!hl_exact_figure_tells(&f, &other));
    other = key_of(HL_OEP, 10);
    cr_expect(!hl_exact_figure_tells(&f, &other));
    f.largest = true;
    cr_expect(hl_exact_figure_tells(&f, &other) && !hl_exact_figure_tells(&f, &key));
}

Test(exact_figure, distances) {
    const struct hl_exact_branch all = {1, hl_ramp_identity()};
    struct hl_exact_figure f = figure_of(&all, 1);
    f.sd = (struct hl_exact_square){1000, 1000};
    const struct {
        enum hl_metric metric;
        double level, value, error, distance;
    } rows[] = {
        {HL_P_POSITIVE, 0, 0.1 + 2 * 0.003, 1, 2}, /* sqrt(0.1 0.9 / 10000) = 0.003 */
        {HL_MEAN, 0, 0.9 + 3 * 5, 1, 3},           /* 1000 quanta of a half over 100 */
        {HL_VAR, 0.95, 5, NAN, 0},                 /* P(> 5) = 4 %, P(>= 5) = 10 % */
        {HL_VAR, 0.95, 15, NAN, 0.01 / sqrt(0.95 * 0.05) * 100},
        {HL_TVAR, 0.95, 13 + 2 * 2.5, 2.5, 2},
        {HL_VAR, 0.999, 15, NAN, NAN}, /* ten trials above */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_row row = {
            .key = key_of(rows[i].metric, rows[i].level), .value = rows[i].value, .error = rows[i].error};
        double distance = hl_exact_figure_distance(&f, &row, 10000);
        if (isnan(rows[i].distance))
            cr_expect(isnan(distance), "row %zu: %g", i, distance);
        else
            cr_expect(fabs(distance - rows[i].distance) < 1e-6, "row %zu: %.9g", i, distance);
    }
}
