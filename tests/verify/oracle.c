#include "verify/oracle.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FOUR = 4 };

static FILE *open_in(const char *folder, const char *name, char *path, size_t size) {
    snprintf(path, size, "%s/%s", folder, name);
    FILE *out = fopen(path, "w");
    cr_assert(out != NULL, "cannot write %s", path);
    return out;
}

static void write_tables(const char *folder, int exchanges, double holdings, bool vendor) {
    static const char *const ids[] = {"one", "two"};
    char path[256];
    FILE *out = open_in(folder, "e.csv", path, sizeof path);
    fputs("exchange,jurisdiction,as_of,source,confidence\n", out);
    for (int i = 0; i < exchanges; i++)
        fprintf(out, "%s,JP,2026-01-01,test,assumption\n", ids[i]);
    fclose(out);
    out = open_in(folder, "h.csv", path, sizeof path);
    fputs("exchange,asset,tier,custodian,value,source,confidence\n", out);
    for (int i = 0; i < exchanges; i++)
        fprintf(out, "%s,coin,hot,%s,%.0f,test,assumption\n", ids[i], vendor ? "vendor" : "", holdings);
    fclose(out);
    out = open_in(folder, "a.csv", path, sizeof path);
    fputs("asset,price,source,confidence\ncoin,,test,assumption\n", out);
    fclose(out);
    out = open_in(folder, "v.csv", path, sizeof path);
    fputs("vendor,source,confidence\nvendor,test,assumption\n", out);
    fclose(out);
}

static void remove_folder(const char *folder) {
    static const char *const names[] = {"s.yaml", "e.csv", "h.csv", "a.csv", "v.csv"};
    char path[256];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

void oracle_run(struct oracle_run *run, const char *breaches, const char *funds, const char *more, int exchanges,
                double holdings, bool vendor, uint64_t trials, uint64_t seed) {
    char folder[] = "/tmp/hackloss-verify-XXXXXX", path[256];
    cr_assert(mkdtemp(folder) != NULL);
    write_tables(folder, exchanges, holdings, vendor);
    FILE *out = open_in(folder, "s.yaml", path, sizeof path);
    fprintf(out,
            "format: 1\ntitle: oracle\ncurrency: JPY\ntrials: %llu\nseed: %llu\n"
            "tables: {exchanges: e.csv, holdings: h.csv, assets: a.csv, vendors: v.csv}\nbreaches:\n%sfunds:%s%s",
            (unsigned long long)trials, (unsigned long long)seed, breaches, funds, more);
    fclose(out);
    oracle_run_file(run, path, NULL, 0);
    remove_folder(folder);
}

void oracle_run_file(struct oracle_run *run, const char *path, const struct hl_setting *settings, size_t count) {
    struct hl_error err = {0};
    hl_init();
    enum hl_status status = hl_scenario_load(&run->scenario, path, settings, count, &err);
    if (status == HL_OK)
        status = hl_plan_make(&run->plan, &run->scenario, &err);
    if (status == HL_OK)
        status = hl_run(&run->result, &run->plan, NULL, &err);
    if (status != HL_OK)
        hl_error_print(&err, stderr);
    cr_assert(status == HL_OK);
}

void oracle_free(struct oracle_run *run) {
    hl_result_free(&run->result);
    hl_plan_free(&run->plan);
    hl_scenario_free(&run->scenario);
}

const struct hl_row *oracle_find(const struct oracle_run *run, struct hl_row_key key) {
    const struct hl_row *row = hl_result_find(&run->result, key);
    cr_assert(row != NULL, "no row %s %s %g", hl_perspective_names[key.perspective], hl_metric_names[key.metric],
              key.level);
    return row;
}

const struct hl_row *oracle_row(const struct oracle_run *run, enum hl_basis basis, enum hl_perspective perspective,
                                enum hl_metric metric, double level) {
    struct hl_row_key key = {
        .year = 1, .entity = 1, .basis = basis, .perspective = perspective, .metric = metric, .level = level};
    return oracle_find(run, key);
}

const struct hl_row *oracle_fund_row(const struct oracle_run *run, size_t item, enum hl_perspective perspective,
                                     enum hl_metric metric) {
    struct hl_row_key key = {
        .year = 1, .entity = 1, .item = (uint16_t)item, .perspective = perspective, .metric = metric};
    return oracle_find(run, key);
}

void oracle_near(const char *what, const struct hl_row *row, double exact, double slack) {
    cr_expect(row->error <= 0.01 * fabs(row->value), "%s: relative standard error %.4f is over 1 %%", what,
              row->error / row->value);
    cr_expect(fabs(row->value - exact) <= FOUR * row->error + slack, "%s: %.6g, exact %.6g: %.2f standard errors", what,
              row->value, exact, (row->value - exact) / row->error);
}

void oracle_far(const char *what, const struct hl_row *row, double wrong) {
    cr_expect(fabs(row->value - wrong) > FOUR * row->error, "%s: %.6g cannot be told from the mistaken %.6g", what,
              row->value, wrong);
}

void oracle_quantile(const char *what, const struct hl_row *row, double p, double above, double at_least,
                     uint64_t trials) {
    double room = FOUR * sqrt(p * (1 - p) / (double)trials);
    cr_expect(above <= 1 - p + room && at_least >= 1 - p - room,
              "%s: at %.6g exact P(>) is %.6g and P(>=) %.6g, for 1 - p = %.6g", what, row->value, above, at_least,
              1 - p);
}
