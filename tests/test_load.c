#include "bad_inputs.h"
#include "bad_market.h"
#include "bad_pool.h"
#include "bad_replay.h"
#include "bad_rules.h"
#include "bad_takes.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/yaml.h"
#include "scenario_fixture.h"

#include <locale.h>
#include <math.h>

static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

static void expect_list(const double *items, size_t count, const double *want, size_t want_count, const char *what) {
    cr_assert_eq(count, want_count, "%s", what);
    for (size_t i = 0; i < count; i++)
        cr_expect_eq(items[i], want[i], "%s[%zu] = %g", what, i, items[i]);
}
#define EXPECT_LIST(items, count, ...)                                                                                 \
    expect_list(items, count, (const double[]){__VA_ARGS__}, sizeof(double[]){__VA_ARGS__} / sizeof(double), #items)

Test(load, the_top_of_the_file) {
    struct hl_scenario s = load(NULL);
    cr_expect_str_eq(s.title, "Two exchanges");
    cr_expect_str_eq(s.description, "");
    cr_expect_str_eq(s.currency, "JPY");
    cr_expect(s.quantum == 1 && s.horizon_days == 365 && s.trials == 100000 && !s.trials_auto && s.seed == 7);
    cr_expect_eq(s.target_relative_error, 0.05);
    EXPECT_LIST(s.report.confidence, s.report.confidence_count, 0.95, 0.99);
    EXPECT_LIST(s.report.given_breach, s.report.given_breach_count, 0.5, 0.9, 0.99);
    EXPECT_LIST(s.report.unpaid_after_days, s.report.unpaid_after_count, 1, 7, 30, 90, 365);
    EXPECT_LIST(s.report.return_periods, s.report.return_period_count, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000,
                2000, 5000, 10000);
    cr_expect(s.report.deadline_days == 30 && s.report.sized_at == 0.99);
    hl_scenario_free(&s);
    cr_expect(s.exchanges == NULL && s.arena.chunks == NULL);
}

Test(load, without_a_report_its_defaults_stand) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
        {"s.yaml", "report: {confidence: [99 %, 95 %], deadline: 30 d}\n", "description: >-\n  some\n  words\n"},
        {"s.yaml", "trials: 100_000\nseed: 7\n", ""}});
    EXPECT_LIST(s.report.confidence, s.report.confidence_count, 0.9, 0.95, 0.99, 0.995, 0.999);
    cr_expect_str_eq(s.description, "some words");
    cr_expect(s.trials == 1000000 && s.seed == 1);
    hl_scenario_free(&s);
}

Test(load, several_years_carried_or_fresh) {
    static const struct {
        const char *text;
        double days;
        bool fresh;
    } rows[] = {{"horizon: 30 d", 30, false},
                {"horizon: 5 y", 1825, false},
                {"horizon: 730 d", 730, false},
                {"horizon: 30 y\nstate: carried", 10950, false},
                {"horizon: 2 y\nstate: fresh", 730, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "horizon: 1 y", rows[i].text}});
        cr_expect(s.horizon_days == rows[i].days && s.fresh == rows[i].fresh, "%s", rows[i].text);
        hl_scenario_free(&s);
    }
}

Test(load, the_default_size_joins_the_confidences) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "[99 %, 95 %]", "[99.9 %, 95 %]"}});
    EXPECT_LIST(s.report.confidence, s.report.confidence_count, 0.95, 0.99, 0.999);
    hl_scenario_free(&s);
    s = load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "[99 %, 95 %]", "[90 %, 95 %], sized_at: 90 %"}});
    EXPECT_LIST(s.report.confidence, s.report.confidence_count, 0.9, 0.95);
    cr_expect_eq(s.report.sized_at, 0.9);
    hl_scenario_free(&s);
}

Test(load, what_losses_are_not_told_apart_by) {
    static const struct {
        const char *text;
        uint32_t without;
    } rows[] = {
        {"deadline: 30 d", 0},
        {"without: vectors", 1u << HL_CAUSE_VECTORS},
        {"without: [sources, vendors]", 1u << HL_CAUSE_VENDORS | 1u << HL_CAUSE_SOURCES},
        {"without: all", 7},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "deadline: 30 d", rows[i].text}});
        cr_expect(s.report.without == rows[i].without, "%s", rows[i].text);
        hl_scenario_free(&s);
    }
}

Test(load, trials_by_themselves) {
    struct hl_scenario s =
        load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "trials: 100_000", "trials: auto\nmost_trials: 2 m"}});
    cr_expect(s.trials_auto && s.trials == 2000000);
    hl_scenario_free(&s);
    s = load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "trials: 100_000", "trials: auto"}});
    cr_expect(s.trials_auto && s.trials == 10000000);
    hl_scenario_free(&s);
}

Test(load, settings_are_read_like_the_files_own_text) {
    static const struct hl_setting settings[] = {{"trials", "2 m"},
                                                 {"breaches[0].count.poisson.rate", "1.5 % / y"},
                                                 {"funds[3].reserve.amount", "7 bn"},
                                                 {"report.confidence", "[90 %, 99 %]"},
                                                 {"breaches[2].hit", "10 %"}};
    struct hl_scenario s;
    char *printed = fixture_run(&s, NULL, settings, 4);
    cr_assert_str_eq(printed, "");
    cr_expect(s.trials == 2000000 && s.breaches[0].count.p[0] == 0.015 && s.report.confidence[0] == 0.9);
    cr_expect(s.funds[3].amount.base == HL_BASE_FIXED && s.funds[3].amount.value == 7e9);
    free(printed);
    hl_scenario_free(&s);
    printed = fixture_run(&s, NULL, settings + 4, 1);
    cr_expect_str_eq(printed, "--set: breaches[2].hit = 10 %: goes with vendor only\n");
    free(printed);
}

Test(load, faults_of_settings_stand_beside_those_of_the_file) {
    static const struct {
        struct hl_setting setting;
        const char *want;
    } rows[] = {
        {{"trials", "many"}, "--set: trials = many: not a number: write a whole number such as 1_000_000 or 1 m\n"},
        {{"trails", "5"}, "--set: trails: unknown; did you mean trials?\n"},
        {{"breaches[0].count.poisson.rate", "3 %"},
         "--set: breaches[0].count.poisson.rate = 3 %: the unit is missing: write a rate such as 1.2 % / y or 1 in 244 "
         "y\n"},
        {{"tables.assets", "none.csv"}, "--set: tables.assets = none.csv: "},
        {{"funds[9].reserve.amount", "1 bn"}, "--set: funds[9].reserve.amount = 1 bn: "},
        {{"report.confidence[", "1"}, "--set: report.confidence[ = 1: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hl_scenario s;
        char *printed = fixture_run(&s, NULL, &rows[i].setting, 1);
        cr_expect_eq(strncmp(printed, rows[i].want, strlen(rows[i].want)), 0, "%s", printed);
        free(printed);
    }
}

Test(load, every_file_that_was_read_is_among_the_inputs) {
    static const char *const order[] = {"s.yaml", "exchanges.csv", "assets.csv", "vendors.csv", "holdings.csv"};
    struct hl_scenario s = load(NULL);
    cr_assert_eq(s.input_count, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct fixture_file *file = fixture_files;
        while (strcmp(file->name, order[i]) != 0)
            file++;
        char digest[65];
        hl_sha256(digest, file->text, strlen(file->text));
        cr_expect_str_eq(s.inputs[i].name, order[i]);
        cr_expect_str_eq(s.inputs[i].sha256, digest);
        cr_expect_str_eq(strrchr(s.inputs[i].path, '/') + 1, order[i]);
    }
    hl_scenario_free(&s);
}

Test(load, a_scenario_that_is_not_there) {
    struct hl_scenario s;
    struct hl_error err = {0};
    cr_expect_eq(hl_scenario_load(&s, "/tmp/hackloss-no-such-scenario.yaml", NULL, 0, &err), HL_INVALID);
    cr_assert_eq(err.count, 1);
    hl_error_free(&err);
    hl_scenario_free(&s);
}

/* The bundled scenarios are loaded by the tests of the command line; here: that the folder does not matter. */
Test(load, tables_are_found_beside_the_scenario) {
    struct hl_scenario here, there;
    char folder[64], before[4096];
    fixture_make(folder, NULL);
    cr_assert(getcwd(before, sizeof before) != NULL);
    free(fixture_load(&there, folder, NULL, 0));
    cr_assert_eq(chdir(folder), 0);
    struct hl_error err = {0};
    cr_expect_eq(hl_scenario_load(&here, "s.yaml", NULL, 0, &err), HL_OK);
    cr_assert_eq(chdir(before), 0);
    fixture_remove(folder);
    cr_expect_str_eq(here.fingerprint, there.fingerprint);
    cr_expect_str_eq(here.inputs[1].path, "exchanges.csv");
    hl_scenario_free(&here);
    hl_scenario_free(&there);
    hl_error_free(&err);
}

/* Makes a German locale, in which the decimal point is a comma, and takes it. */
static void take_german_locale(void) {
    char folder[] = "/tmp/hackloss-locale-XXXXXX", command[256];
    cr_assert(mkdtemp(folder) != NULL);
    snprintf(command, sizeof command, "localedef -f UTF-8 -i de_DE %s/de_DE.UTF-8", folder);
    cr_assert_eq(system(command), 0, "%s (package locales)", command);
    setenv("LOCPATH", folder, 1);
    cr_assert(setlocale(LC_ALL, "de_DE.UTF-8") != NULL);
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert_eq(system(command), 0);
    cr_assert_eq(strtod("1.5", NULL), 1, "the locale does not bite");
}

Test(load, the_locale_changes_nothing) {
    static const struct fixture_edit faulty[FIXTURE_EDITS] = {{"s.yaml", "sigma: 1.5", "sigma: 15.5"},
                                                              {"holdings.csv", "4,40 %", "4,0.25001 %"}};
    struct hl_scenario plain = load(NULL), empty;
    char *plain_faults = fixture_run(&empty, faulty, NULL, 0);
    take_german_locale();
    struct hl_scenario german = load(NULL);
    char *german_faults = fixture_run(&empty, faulty, NULL, 0);
    cr_expect_str_eq(german.fingerprint, plain.fingerprint);
    cr_expect_eq(german.breaches[2].size.p[1], 1.5);
    cr_expect_str_neq(plain_faults, "");
    cr_expect_str_eq(german_faults, plain_faults);
    free(plain_faults);
    free(german_faults);
    hl_scenario_free(&plain);
    hl_scenario_free(&german);
}

/* ---- broken input -------------------------------------------------------------------------------------------------
 */

static void expect_faults(const struct bad_input *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct hl_scenario s;
        char *printed = fixture_run(&s, rows[i].edits, NULL, 0);
        cr_expect_str_eq(printed, rows[i].want, "%s\n%s", rows[i].what, printed);
        free(printed);
        hl_scenario_free(&s);
    }
}

Test(load, every_fault_is_named_at_its_place) {
    expect_faults(bad_inputs, sizeof bad_inputs / sizeof *bad_inputs);
    expect_faults(bad_market, sizeof bad_market / sizeof *bad_market);
    expect_faults(bad_pools, sizeof bad_pools / sizeof *bad_pools);
    expect_faults(bad_replay, sizeof bad_replay / sizeof *bad_replay);
    expect_faults(bad_takes, sizeof bad_takes / sizeof *bad_takes);
}

Test(load, every_fault_of_rules_is_named) {
    expect_faults(bad_inputs, sizeof bad_inputs / sizeof *bad_inputs);
    expect_faults(bad_market, sizeof bad_market / sizeof *bad_market);
    expect_faults(bad_replay, sizeof bad_replay / sizeof *bad_replay);
    expect_faults(bad_rules, sizeof bad_rules / sizeof *bad_rules);
}

/* Loads the sample with other bytes for one of its files; the caller frees what is printed. */
static char *faults_of_bytes(const char *name, const char *bytes, size_t size) {
    char folder[64];
    struct hl_scenario s;
    fixture_make(folder, NULL);
    fixture_write(folder, name, bytes, size);
    char *printed = fixture_load(&s, folder, NULL, 0);
    fixture_remove(folder);
    hl_scenario_free(&s);
    return printed;
}

/* The first line begins with `want`. */
static void expect_beginning(const char *name, const char *bytes, size_t size, const char *want) {
    char *printed = faults_of_bytes(name, bytes, size);
    cr_expect_eq(strncmp(printed, want, strlen(want)), 0, "%.200s", printed);
    free(printed);
}

Test(load, bombs_are_refused_soon, .timeout = 20) {
    enum { BRACKETS = 100000, LINES = 30 };
    char *brackets = malloc(2 * BRACKETS + 8);
    strcpy(brackets, "title: ");
    memset(brackets + 7, '[', BRACKETS);
    memset(brackets + 7 + BRACKETS, ']', BRACKETS);
    expect_beginning(Y, brackets, 7 + 2 * BRACKETS, "s.yaml:1:");
    free(brackets);

    char laughs[4096] = "a0: &a0 [x, x]\n";
    for (int i = 1; i < LINES; i++)
        sprintf(laughs + strlen(laughs), "a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1);
    expect_beginning(Y, laughs, strlen(laughs), "s.yaml:1:");
}

Test(load, files_that_are_too_large_are_refused) {
    static const struct {
        const char *file, *want;
        long bytes;
    } cases[] = {{Y, "s.yaml: is too large: 4194305 bytes, where 4194304 are allowed\n", HL_YAML_BYTES + 1},
                 {A,
                  "s.yaml:11:11: tables.assets = assets.csv: assets.csv: is too large: 67108865 bytes, where 67108864 "
                  "are allowed\n",
                  HL_CSV_BYTES + 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char folder[64], path[128];
        struct hl_scenario s;
        fixture_make(folder, NULL);
        snprintf(path, sizeof path, "%s/%s", folder, cases[i].file);
        cr_assert_eq(truncate(path, cases[i].bytes), 0); /* grows by a hole */
        char *printed = fixture_load(&s, folder, NULL, 0);
        cr_expect_str_eq(printed, cases[i].want);
        free(printed);
        fixture_remove(folder);
    }
}

Test(load, bytes_that_are_no_text_are_refused_at_their_place) {
    static const struct {
        const char *file, *bytes, *want;
        size_t size;
    } cases[] = {
        {Y, "format: 1\ntitle: a\0b\n", "s.yaml:2:9: ", 21},
        {Y, "format: 1\ntitle: a\xff\n", "s.yaml:2:9: ", 20},
        {A, "asset,price\nB\0C,1\n", "assets.csv:2:2: ", 18},
        {A, "asset,price\nB\xc0\x80,1\n", "assets.csv:2:2: ", 18},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_beginning(cases[i].file, cases[i].bytes, cases[i].size, cases[i].want);
}

/* A byte-order mark and CRLF in every file change no more than the digests of the files. */
Test(load, marks_and_line_ends_of_windows_are_accepted) {
    char folder[64];
    struct hl_scenario plain, windows;
    fixture_make(folder, NULL);
    free(fixture_load(&plain, folder, NULL, 0));
    for (size_t i = 0; i < FIXTURE_FILES; i++) {
        char bytes[8192] = "\xef\xbb\xbf";
        size_t size = 3;
        for (const char *c = fixture_files[i].text; *c != '\0'; c++) {
            if (*c == '\n')
                bytes[size++] = '\r';
            bytes[size++] = *c;
        }
        fixture_write(folder, fixture_files[i].name, bytes, size);
    }
    char *printed = fixture_load(&windows, folder, NULL, 0);
    cr_expect_str_eq(printed, "");
    cr_expect_str_eq(windows.fingerprint, plain.fingerprint);
    cr_expect_str_neq(windows.inputs[0].sha256, plain.inputs[0].sha256);
    free(printed);
    fixture_remove(folder);
    hl_scenario_free(&plain);
    hl_scenario_free(&windows);
}

/* A table of nothing but faults: the first are told, the others counted. */
Test(load, thousands_of_faults_are_counted, .timeout = 20) {
    enum { ROWS = 20000 };
    char *text = malloc(64 * ROWS);
    size_t size = (size_t)sprintf(text, "exchange,asset,tier,value,source,confidence\n");
    for (int i = 0; i < ROWS; i++)
        size += (size_t)sprintf(text + size, "abe,BTC,hot,%d,s,high\n", i);
    char *printed = faults_of_bytes(H, text, size), want[32];
    snprintf(want, sizeof want, "and %d more\n", ROWS - HL_ERROR_MOST);
    cr_expect_eq(strncmp(printed, "holdings.csv:2:1: exchange = abe: ", 34), 0);
    cr_expect_str_eq(printed + strlen(printed) - strlen(want), want);
    free(printed);
    free(text);
}
