#include "base/file.h"
#include "results/files.h"
#include "results/write.h"
#include "tests/results_fixture.h"

#include <criterion/criterion.h>
#include <unistd.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *const csv_files[] = {"summaries.csv", "ept.csv",    "alt.csv",   "alct.csv",         "shortfall.csv",
                                        "layers.csv",    "payers.csv", "joint.csv", "contributions.csv"};

/* Writes the tables of a fixture into a new folder and reads one of them into `arena`. */
static char *table_of(struct fixture *f, const char *name, struct hl_arena *arena) {
    char folder[] = "/tmp/hackloss-csv-XXXXXX";
    struct hl_error err = {0};
    char *bytes = NULL;
    size_t size = 0;
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(hl_results_write(&f->result, folder, &err), HL_OK);
    cr_assert_eq(hl_file_read(&bytes, &size, arena, hl_arena_format(arena, "%s/%s", folder, name), 1 << 26, &err),
                 HL_OK);
    for (size_t i = 0; i < COUNT_OF(csv_files); i++)
        cr_assert_eq(unlink(hl_arena_format(arena, "%s/%s", folder, csv_files[i])), 0);
    cr_assert_eq(unlink(hl_arena_format(arena, "%s/summary.json", folder)), 0);
    cr_assert_eq(rmdir(folder), 0, "more in the folder than the results");
    return bytes;
}

static size_t lines_of(const char *text) {
    size_t lines = 0;
    for (; *text; text++)
        lines += *text == '\n';
    return lines;
}

static size_t commas_of(const char *line) {
    size_t commas = 0;
    for (bool quoted = false; *line && *line != '\n'; line++) {
        if (*line == '"')
            quoted = !quoted;
        commas += *line == ',' && !quoted;
    }
    return commas;
}

Test(csv_out, headers_begin_with_the_columns_of_open_results_data) {
    static const char *const starts[][2] = {
        {"ept.csv", "SummaryId,EPCalc,EPType,ReturnPeriod,Loss,StandardError,LowerCI,UpperCI,Status,"},
        {"alt.csv", "SummaryId,SampleType,MeanLoss,SDLoss,StandardError,"},
        {"alct.csv", "SummaryId,MeanLoss,SDLoss,SampleSize,LowerCI,UpperCI,StandardError,RelativeError,Status,"},
    };
    struct fixture *f = fixture_make(FIXTURE_ONE);
    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        struct hl_arena arena = {0};
        char *text = table_of(f, starts[i][0], &arena);
        cr_expect(strncmp(text, starts[i][1], strlen(starts[i][1])) == 0, "%s", starts[i][0]);
        hl_arena_free(&arena);
    }
    fixture_free(f);
}

Test(csv_out, every_line_has_the_cells_of_the_header) {
    for (int kind = FIXTURE_TWO; kind <= FIXTURE_QUIET; kind++) {
        struct fixture *f = fixture_make(kind);
        f->funds[FIXTURE_CRIME].name = "crime, \"all\" risks";
        for (size_t i = 0; i < COUNT_OF(csv_files); i++) {
            struct hl_arena arena = {0};
            char *text = table_of(f, csv_files[i], &arena);
            size_t commas = commas_of(text);
            size_t line = 1;
            for (char *at = text; *at; at = strchr(at, '\n') + 1, line++)
                cr_expect_eq(commas_of(at), commas, "%s:%zu", csv_files[i], line);
            cr_expect(lines_of(text) > 1, "%s is empty", csv_files[i]);
            hl_arena_free(&arena);
        }
        fixture_free(f);
    }
}

Test(csv_out, lines_a_reader_can_check) {
    static const char *const lines[][2] = {
        {"summaries.csv", "\n1,system,all exchanges,gross,all,,as_stated,stated,1\n"},
        /* 48 bn (1 - 50/100) = 24 bn, give or take 2 x 0.2 bn; 3 = AEP */
        {"ept.csv",
         ",2,3,100,24000000000,200000000,23600000000,24400000000,ok,exchange,alpha,gross,all,,as_stated,stated,1\n"},
        {"ept.csv", ",2,1,100,21600000000,"}, /* 1 = OEP, nine tenths of it */
        {"ept.csv", ",2,4,100,30000000000,"}, /* 4 = AEP TVaR */
        {"ept.csv", ",2,2,100,27000000000,"}, /* 2 = OEP TVaR */
        {"ept.csv", ",2,3,10000,47760000000,,,,beyond_sample,exchange,alpha,"},
        {"alt.csv", ",2,600000000,5000000000,5000000,590000000,610000000,ok,exchange,alpha,gross,"},
        {"alct.csv", ",1000000,590000000,610000000,5000000,0.008333333333333333,ok,exchange,alpha,gross,"},
        {"alt.csv", ",exchange,alpha,paid,all,crime,as_stated,stated,1\n"},
        {"shortfall.csv", "\nexchange,alpha,all,0,0.008,0.00032,0.00736,0.00864,ok,80000000,"},
        {"shortfall.csv", "\nexchange,alpha,all,40000000000,0,0,0,3.7e-06,few_hits,0,"},
        {"layers.csv", "\nexchange,alpha,crime,120000000,1000000,118000000,122000000,ok,1000000000,0.01,"},
        {"payers.csv", "\nexchange,alpha,50,crime,,,,,no_events,,as_stated,stated,1\n"},
        {"payers.csv",
         "\nexchange,alpha,100,guarantee_crypto,0.1,0.01,0.08,0.12000000000000001,ok,0,as_stated,stated,1\n"},
        {"payers.csv", "\nexchange,alpha,100,crime,0.2,0.01,0.18000000000000002,0.22,ok,0.1,as_stated,stated,1\n"},
        {"contributions.csv", "\nexchange,alpha,all,96000000,1000000,94000000,98000000,ok,0.4,as_stated,stated,1\n"},
        {"joint.csv", "\nshortfall,all,p_at_least,1,0.0"},
    };
    struct fixture *f = fixture_make(FIXTURE_ONE);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct hl_arena arena = {0};
        cr_expect_not_null(strstr(table_of(f, lines[i][0], &arena), lines[i][1]), "%s: %s", lines[i][0], lines[i][1]);
        hl_arena_free(&arena);
    }
    fixture_free(f);
}

Test(csv_out, what_comes_together) {
    struct fixture *f = fixture_make(FIXTURE_TWO);
    struct hl_arena arena = {0};
    char *text = table_of(f, "joint.csv", &arena);
    cr_expect_not_null(strstr(text, "\njoint_shortfall,all,p_positive,0,0.002,4e-05,"));
    cr_expect_not_null(strstr(text, "\nshortfall,earmarked,p_at_least,2,0.0002,"));
    cr_expect_not_null(strstr(text, ",as_stated,vendors_apart,1\n"));
    cr_expect_null(strstr(text, "reserve_needed"));
    text = table_of(f, "contributions.csv", &arena);
    cr_expect_not_null(strstr(text, "\nvendor,keyhouse,all,48000000,"));
    hl_arena_free(&arena);
    fixture_free(f);
}

Test(csv_out, a_curve_starts_once_with_no_more_than_stated) {
    struct fixture *f = fixture_make(FIXTURE_ONE);
    struct hl_arena arena = {0};
    char *text = table_of(f, "shortfall.csv", &arena);
    char *first = strstr(text, "\nexchange,alpha,all,0,0.008,");
    cr_assert_not_null(first);
    cr_expect(strncmp(strchr(first + 1, '\n'), "\nexchange,alpha,all,2000000000,", 31) == 0);
    size_t kept = 0; /* without a curve the start is still told */
    for (size_t i = 0; i < f->result.row_count; i++) {
        if (f->rows[i].key.metric != HL_P_ABOVE)
            f->rows[kept++] = f->rows[i];
    }
    f->result.row_count = kept;
    text = table_of(f, "shortfall.csv", &arena);
    cr_expect_not_null(strstr(text, "\nexchange,alpha,all,0,0.008,8e-05,0.00784,0.00816,ok,,,,,,as_stated,stated,1\n"));
    hl_arena_free(&arena);
    fixture_free(f);
}

Test(csv_out, a_summary_has_its_number_in_all_tables) {
    struct fixture *f = fixture_make(FIXTURE_TWO);
    for (uint32_t e = 0; e < 3; e++) {
        struct hl_arena arena = {0};
        unsigned long long summary = hl_summary_of_gross(&f->result, e);
        const char *kind = e == 0 ? "system" : "exchange";
        char *line =
            hl_arena_format(&arena, "\n%llu,%s,%s,gross,all,,as_stated,stated,1\n", summary, kind, f->entities[e].name);
        cr_expect_not_null(strstr(table_of(f, "summaries.csv", &arena), line), "%s", line);
        char *curve =
            hl_arena_format(&arena, "\n%llu,2,3,2,0,0,0,0,ok,%s,%s,gross,", summary, kind, f->entities[e].name);
        cr_expect_not_null(strstr(table_of(f, "ept.csv", &arena), curve), "%s", curve);
        hl_arena_free(&arena);
    }
    cr_expect_eq(hl_summary_of_gross(&f->result, 3), 0); /* the fixture's vendor has no rows */
    fixture_free(f);
}

Test(csv_out, quotes_as_in_rfc_4180) {
    struct fixture *f = fixture_make(FIXTURE_ONE);
    f->funds[FIXTURE_CRIME].name = "crime, \"all\" risks";
    struct hl_arena arena = {0};
    char *text = table_of(f, "layers.csv", &arena);
    cr_expect_not_null(strstr(text, ",alpha,\"crime, \"\"all\"\" risks\",120000000,"));
    hl_arena_free(&arena);
    fixture_free(f);
}

Test(csv_out, all_files_of_a_run_in_a_new_folder) {
    char folder[] = "/tmp/hackloss-run-XXXXXX";
    struct fixture *f = fixture_make(FIXTURE_TWO);
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    cr_assert_not_null(mkdtemp(folder));
    char *inside = hl_arena_format(&arena, "%s/a/b", folder);
    cr_assert_eq(hl_results_write(&f->result, inside, &err), HL_OK);
    for (size_t i = 0; i < COUNT_OF(csv_files); i++)
        cr_expect_eq(unlink(hl_arena_format(&arena, "%s/%s", inside, csv_files[i])), 0, "%s", csv_files[i]);
    cr_expect_eq(unlink(hl_arena_format(&arena, "%s/summary.json", inside)), 0);
    cr_expect_eq(rmdir(inside), 0);
    cr_expect_eq(rmdir(hl_arena_format(&arena, "%s/a", folder)), 0);
    cr_expect_eq(rmdir(folder), 0);
    hl_arena_free(&arena);
    fixture_free(f);
}

Test(csv_out, a_folder_that_cannot_be_made_is_a_failure) {
    struct fixture *f = fixture_make(FIXTURE_ONE);
    struct hl_error err = {0};
    cr_expect_eq(hl_results_write(&f->result, "/dev/null/results", &err), HL_FAILED);
    cr_expect_eq(err.count, 1);
    hl_error_free(&err);
    fixture_free(f);
}
