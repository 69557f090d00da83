#include "base/file.h"
#include "results/files.h"
#include "results/write.h"
#include "tests/results_fixture.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *const names[] = {"exceedance", "reserve", "payers"};

/* A folder with the tables of a fixture. */
struct drawing {
    struct fixture *fixture;
    struct hl_arena arena;
    struct hl_error err;
    char folder[40];
};

static struct drawing drawing_make(int kind) {
    struct drawing d = {.fixture = fixture_make(kind), .folder = "/tmp/hackloss plot's-XXXXXX"};
    cr_assert_not_null(mkdtemp(d.folder));
    cr_assert_eq(hl_results_write(&d.fixture->result, d.folder, &d.err), HL_OK);
    return d;
}

/* Removes the folder; returns how many files in it were neither tables nor pictures. */
static size_t drawing_free(struct drawing *d) {
    size_t strangers = 0;
    DIR *folder = opendir(d->folder);
    cr_assert_not_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        strangers += entry->d_name[0] == '.';
        unlink(hl_arena_format(&d->arena, "%s/%s", d->folder, entry->d_name));
    }
    closedir(folder);
    rmdir(d->folder);
    hl_arena_free(&d->arena);
    hl_error_free(&d->err);
    fixture_free(d->fixture);
    return strangers;
}

static char *picture_of(struct drawing *d, const char *name, const char *format, size_t *size) {
    char *bytes = NULL;
    const char *path = hl_arena_format(&d->arena, "%s/%s.%s", d->folder, name, format);
    cr_assert_eq(hl_file_read(&bytes, size, &d->arena, path, 1 << 26, &d->err), HL_OK, "%s", path);
    return bytes;
}

static void expect_pictures(int kind) {
    struct drawing d = drawing_make(kind);
    enum hl_status status = hl_results_plot(&d.fixture->result, d.folder, "plots", &d.err);
    cr_assert_eq(status, HL_OK, "%s", d.err.count ? d.err.faults[0].message : "");
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        size_t size = 0;
        char *png = picture_of(&d, names[i], "png", &size);
        cr_expect(size > 5000 && memcmp(png, "\x89PNG", 4) == 0, "%s.png", names[i]);
        char *svg = picture_of(&d, names[i], "svg", &size);
        cr_expect_not_null(strstr(svg, "<svg role=\"img\""), "%s.svg", names[i]);
        cr_expect_not_null(strstr(svg, "A fixture, with \"quotes\" &amp; &lt;brackets&gt;.</desc>"), "%s.svg",
                           names[i]);
        cr_expect_not_null(strstr(svg, "</svg>"), "%s.svg", names[i]);
        cr_expect_null(strstr(svg, "<title>Gnuplot</title>"), "%s.svg", names[i]);
    }
    cr_expect_eq(drawing_free(&d), 0, "a temporary file is left");
}

Test(plot, several_exchanges) { expect_pictures(FIXTURE_TWO); }
Test(plot, one_exchange) { expect_pictures(FIXTURE_ONE); }
Test(plot, a_run_without_a_breach) { expect_pictures(FIXTURE_QUIET); }

Test(plot, pictures_show_their_curves_or_say_why_not) {
    static const char *const shown[] = {"Taken in a year (AEP)", "All sources of funds, with", "guarantee_crypto"};
    static const char *const nothing[] = {"No loss at any", "No shortfall in this run", "No claim at any"};
    for (int kind = FIXTURE_ONE; kind <= FIXTURE_QUIET; kind++) {
        struct drawing d = drawing_make(kind);
        cr_assert_eq(hl_results_plot(&d.fixture->result, d.folder, "plots", &d.err), HL_OK);
        for (size_t i = 0; i < COUNT_OF(names); i++) {
            size_t size = 0;
            char *svg = picture_of(&d, names[i], "svg", &size);
            cr_expect_eq(strstr(svg, shown[i]) != NULL, kind == FIXTURE_ONE, "%s", names[i]);
            cr_expect_eq(strstr(svg, nothing[i]) != NULL, kind == FIXTURE_QUIET, "%s", names[i]);
        }
        drawing_free(&d);
    }
}

Test(plot, a_curve_may_be_missing) {
    struct fixture *f = fixture_make(FIXTURE_ONE);
    struct hl_result *r = &f->result;
    size_t kept = 0; /* no shortfall, and every point bounded */
    for (size_t i = 0; i < r->row_count; i++) {
        struct hl_row row = f->rows[i];
        if (row.key.perspective == HL_SHORTFALL || row.status == HL_ROW_OPEN_ABOVE ||
            row.status == HL_ROW_BEYOND_SAMPLE)
            continue;
        f->rows[kept++] = row;
    }
    r->row_count = kept;
    struct drawing d = {.fixture = f, .folder = "/tmp/hackloss-plot-XXXXXX"};
    cr_assert_not_null(mkdtemp(d.folder));
    cr_assert_eq(hl_results_write(r, d.folder, &d.err), HL_OK);
    cr_expect_eq(hl_results_plot(r, d.folder, "plots", &d.err), HL_OK, "%s",
                 d.err.count ? d.err.faults[0].message : "");
    size_t size = 0;
    cr_expect_null(strstr(picture_of(&d, "exceedance", "svg", &size), "More trials needed"));
    drawing_free(&d);
}

Test(plot, titles_with_quotes_are_no_commands) {
    struct drawing d = drawing_make(FIXTURE_ONE);
    d.fixture->scenario.title = "it's '; exit status 3; x='\n\\n `false` $HOME";
    cr_expect_eq(hl_results_plot(&d.fixture->result, d.folder, "plots", &d.err), HL_OK);
    drawing_free(&d);
}

Test(plot, missing_scripts_are_a_failure_with_a_message) {
    struct drawing d = drawing_make(FIXTURE_ONE);
    cr_expect_eq(hl_results_plot(&d.fixture->result, d.folder, "plots/none", &d.err), HL_FAILED);
    cr_assert_eq(d.err.count, 1);
    cr_expect_not_null(strstr(d.err.faults[0].message, "plots/none"));
    drawing_free(&d);
}

Test(plot, a_failing_script_leaves_nothing_behind) {
    struct drawing d = drawing_make(FIXTURE_ONE);
    char *scripts = hl_arena_format(&d.arena, "%s/scripts", d.folder);
    cr_assert_eq(mkdir(scripts, 0700), 0);
    char *path = hl_arena_format(&d.arena, "%s/exceedance.gp", scripts);
    FILE *script = fopen(path, "w");
    cr_assert_not_null(script);
    fputs("set terminal svg\nset output picture\nplot x\nno such command\n", script);
    fclose(script);
    cr_expect_eq(hl_results_plot(&d.fixture->result, d.folder, scripts, &d.err), HL_FAILED);
    cr_assert_eq(d.err.count, 1);
    cr_expect_not_null(strstr(d.err.faults[0].message, "no such command"), "%s", d.err.faults[0].message);
    unlink(path);
    rmdir(scripts);
    cr_expect_eq(drawing_free(&d), 0, "a temporary file is left");
}

Test(plot, without_gnuplot_it_says_so) {
    struct drawing d = drawing_make(FIXTURE_ONE);
    cr_assert_eq(setenv("PATH", "/nowhere", 1), 0);
    cr_expect_eq(hl_results_plot(&d.fixture->result, d.folder, "plots", &d.err), HL_FAILED);
    cr_assert_eq(d.err.count, 1);
    cr_expect_not_null(strstr(d.err.faults[0].message, "gnuplot is not installed"));
    drawing_free(&d);
}
