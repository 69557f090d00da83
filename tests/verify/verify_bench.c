/* The reference workloads of tests/bench against their exact answers, tests/bench/exact.csv, so that the benchmark
 * cannot be fast and wrong. The answers are of another program: compound sums by the fast Fourier transform (2^23
 * points 5,000 dollars apart for w1, 2^22 for w2, 2^20 points 20,000 apart for w3; tilted exponentially against
 * wrapping around), means and tail means from the analytic mean, a vendor's breach by conditional products over its
 * clients. */
#include "verify/oracle.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A line of the file: which row of the result, and what it is exactly, but for the step of the lattice. */
struct answer {
    char workload[8], kind[16], entity[32], policy[16], perspective[16], fund[8], metric[16];
    double level, exact, step;
};

enum { ANSWERS_MOST = 700, COLUMNS = 10 };

/* The cells of a line; empty ones count. */
static void split(char *line, char *cells[COLUMNS]) {
    line[strcspn(line, "\n")] = '\0';
    for (size_t i = 0; i < COLUMNS; i++) {
        cells[i] = strsep(&line, ",");
        cr_assert_not_null(cells[i]);
    }
}

static size_t read_answers(struct answer answers[ANSWERS_MOST], const char *workload) {
    FILE *in = fopen("tests/bench/exact.csv", "r");
    char line[256];
    size_t count = 0;
    cr_assert(in != NULL && fgets(line, sizeof line, in) != NULL);
    while (fgets(line, sizeof line, in) != NULL) {
        struct answer a = {0};
        char *cells[COLUMNS];
        split(line, cells);
        char *const texts[] = {a.workload, a.kind, a.entity, a.policy, a.perspective, a.fund, a.metric};
        const size_t sizes[] = {sizeof a.workload,    sizeof a.kind, sizeof a.entity, sizeof a.policy,
                                sizeof a.perspective, sizeof a.fund, sizeof a.metric};
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            snprintf(texts[i], sizes[i], "%s", cells[i]);
        a.level = atof(cells[7]);
        a.exact = atof(cells[8]);
        a.step = atof(cells[9]);
        cr_assert_lt(count, ANSWERS_MOST);
        if (strcmp(a.workload, workload) == 0)
            answers[count++] = a;
    }
    fclose(in);
    return count;
}

static bool is_asked(const struct hl_result *r, const struct hl_row_key *k, const struct answer *a) {
    const struct hl_entity *e = &r->entities[k->entity];
    bool of_fund = hl_is_of_fund(k->perspective);
    return k->outer == 0 && k->basis == HL_BASIS_ALL && k->level == a->level &&
           strcmp(hl_perspective_names[k->perspective], a->perspective) == 0 &&
           strcmp(hl_metric_names[k->metric], a->metric) == 0 && strcmp(r->policies[k->policy], a->policy) == 0 &&
           strcmp(hl_entity_kind_names[e->kind], a->kind) == 0 && strcmp(e->name, a->entity) == 0 &&
           strcmp(of_fund ? r->scenario->funds[k->item].name : "", a->fund) == 0;
}

static const struct hl_row *row_of(const struct hl_result *r, const struct answer *a) {
    for (size_t i = 0; i < r->row_count; i++)
        if (is_asked(r, &r->rows[i].key, a))
            return &r->rows[i];
    cr_assert(false, "no row %s %s %s %s %g", a->entity, a->perspective, a->fund, a->metric, a->level);
    return NULL;
}

/* Within 4 standard errors: of a probability by its exact variance; of an order statistic by its interval, which is
 * 1.96 of them to either side; and two steps of the lattice. */
static void expect_near(const struct hl_row *row, const struct answer *a, uint64_t trials) {
    const double four = 4 / 1.959964;
    double below = 4 * row->error, above = below;
    if (row->key.metric == HL_P_POSITIVE)
        below = above = 4 * sqrt(a->exact * (1 - a->exact) / (double)trials);
    if (isnan(row->error)) {
        above = four * (row->value - row->low);
        below = four * (row->high - row->value);
    }
    cr_expect(row->value <= a->exact + above + 2 * a->step && row->value >= a->exact - below - 2 * a->step,
              "%s: %s %s %s %s %g is %.9g (%.9g to %.9g), exactly %.9g", a->workload, a->entity, a->perspective,
              a->fund, a->metric, a->level, row->value, row->low, row->high, a->exact);
}

static void compare(const char *workload, const char *trials, size_t answers_least) {
    static struct answer answers[ANSWERS_MOST];
    char path[64];
    const struct hl_setting settings[] = {{"trials", trials}, {"seed", "11"}};
    struct oracle_run run = {0};
    snprintf(path, sizeof path, "tests/bench/%s.yaml", workload);
    oracle_run_file(&run, path, settings, 2);
    size_t count = read_answers(answers, workload);
    cr_expect_geq(count, answers_least);
    for (size_t i = 0; i < count; i++)
        expect_near(row_of(&run.result, &answers[i]), &answers[i], run.result.trials);
    oracle_free(&run);
}

Test(verify_bench, w1) { compare("w1", "2_000_000", 8); }
Test(verify_bench, w2) { compare("w2", "1_000_000", 19); }
Test(verify_bench, w3) { compare("w3", "300_000", 620); }
