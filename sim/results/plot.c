/* Pictures: gnuplot scripts that read the published CSVs of a results folder.
 *
 * gnuplot runs inside the folder without a shell and gets what it cannot read from the tables as variables. It draws to
 * a temporary file; the finished picture is written under its name only when it is whole. SVGs get a title and a
 * description for those who cannot see them.
 */
#include "base/file.h"
#include "base/number.h"
#include "results/words.h"
#include "results/write.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PICTURE_BYTES = 64 << 20, DEFINITIONS_MOST = 16, NOT_STARTED = 127 };

/* What a picture shows, in words, and the rows that decide its scale. */
static const struct picture {
    const char *name; /* of the script, and of the files */
    const char *title;
    const char *description;
    const char *nothing; /* said in place of curves when all is zero */
    enum hl_perspective perspective;
    enum hl_metric metric;
    bool scale_by_level; /* the level is the money on the axis, else the value */
} pictures[] = {
    {"exceedance", "How large a loss, how rarely: loss of a year against its return period",
     "Curves of the yearly loss by theft and of the shortfall of customers against the return period in years, with "
     "the "
     "95 % interval as a band.",
     "No loss at any of these return periods", HL_GROSS, HL_AEP, false},
    {"reserve", "How much more reserve would make customers whole?",
     "Curves of the probability of shortfall against additional reserve, from earmarked funds only and from all "
     "sources "
     "of funds, with the 95 % interval as a band and the probability that the sizing level allows as a line.",
     "No shortfall in this run", HL_RESERVE_NEEDED, HL_P_ABOVE, true},
    {"payers", "Who pays: shares of what customers are owed, by return period of the claim",
     "Stacked bars of the share of each source of funds, and of the customers themselves, in what customers are owed, "
     "for years near each return period.",
     "No claim at any of these return periods", HL_HAIRCUT, HL_SHARE_AT, false},
};
enum { PICTURES = sizeof pictures / sizeof *pictures };

/* The -e options of one call of gnuplot. */
struct definitions {
    struct hl_arena arena;
    char *text[DEFINITIONS_MOST];
    size_t count;
    bool failed;
};

static void define(struct definitions *d, char *text) {
    if (!text || d->count == DEFINITIONS_MOST) {
        d->failed = true;
        return;
    }
    d->text[d->count++] = text;
}

/* name='text', with quotes doubled and control characters as blanks: gnuplot takes the rest as it stands. */
static void define_text(struct definitions *d, const char *name, const char *text) {
    char *quoted = hl_arena_array(&d->arena, 2 * strlen(text) + 1, 1);
    if (!quoted) {
        d->failed = true;
        return;
    }
    size_t length = 0;
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            quoted[length++] = '\'';
        quoted[length++] = (unsigned char)*c < ' ' ? ' ' : *c;
    }
    define(d, hl_arena_format(&d->arena, "%s='%s'", name, quoted));
}

static void define_number(struct definitions *d, const char *name, double value) {
    char number[64];
    hl_number_text(number, sizeof number, value);
    define(d, hl_arena_format(&d->arena, "%s=real('%s')", name, number));
}

/* The largest amount (or share) that the picture of an entity has to show; 0 when there is nothing to show. */
static double largest(const struct hl_result *r, uint32_t entity, const struct picture *p) {
    double most = 0;
    for (size_t i = 0; i < r->row_count; i++) {
        const struct hl_row *row = &r->rows[i];
        const struct hl_row_key *key = &row->key;
        if (key->policy != 0 || key->outer != 0 || key->entity != entity || key->perspective != p->perspective ||
            key->metric != p->metric || !isfinite(row->value) || !isfinite(key->level)) {
            continue;
        }
        if (!p->scale_by_level)
            most = fmax(most, p->metric == HL_SHARE_AT ? 1 : row->value);
        if (p->scale_by_level && row->value > 0)
            most = fmax(most, key->level);
    }
    return most;
}

/* The names of all payers in the order of payment, as words. Names of funds have no blanks. */
static void define_payers(struct definitions *d, const struct hl_result *r) {
    char *names = hl_arena_text(&d->arena, "");
    for (size_t i = 0; i < r->scenario->fund_count && names; i++) {
        names = hl_arena_format(&d->arena, "%s%s ", names, r->scenario->funds[i].name);
    }
    names = names ? hl_arena_format(&d->arena, "%scustomers", names) : NULL;
    if (names)
        define_text(d, "payers", names);
    d->failed = d->failed || !names;
}

/* What stands where curves would: shares by return period are of a horizon of one year. */
static const char *nothing_words(const struct hl_result *r, const struct picture *p) {
    return r->year_count > 1 && p->metric == HL_SHARE_AT ? "Drawn where the horizon is one year" : p->nothing;
}

static void define_all(struct definitions *d, const struct hl_result *r, const struct picture *p, const char *format,
                       const char *output, const char *scripts) {
    static const struct {
        double size;
        const char *word;
    } scales[] = {{1e12, "tn "}, {1e9, "bn "}, {1e6, "m "}, {1, ""}};
    uint32_t entity = hl_entity_shown(r);
    double most = largest(r, entity, p);
    size_t scale = 0;
    while (scale < 3 && scales[scale].size > most)
        scale++;
    char trials[HL_WORDS_SIZE];
    hl_words_number(trials, sizeof trials, (double)r->trials, 0);
    define_text(d, "format", format);
    define_text(d, "picture", output);
    define_text(d, "scripts", scripts);
    bool of_first = r->year_count > 1 && p->metric == HL_AEP; /* of several years the first is drawn */
    char *heading = hl_arena_format(&d->arena, "%s%s", p->title, of_first ? ", policy year 1" : "");
    define_text(d, "heading", heading ? heading : "");
    define(d, hl_arena_format(&d->arena, "nothing=%d", most > 0 ? 0 : 1));
    define_text(d, "nothing_words", nothing_words(r, p));
    define(d, hl_arena_format(&d->arena, "year=%d", p->metric == HL_AEP ? 1 : (int)r->whole));
    define_text(d, "scenario", r->scenario->title);
    define_text(d, "entity", r->entities[entity].name);
    define_text(d, "kind", hl_entity_kind_names[r->entities[entity].kind]);
    define_text(d, "trials", trials);
    define_number(d, "scale", scales[scale].size);
    char *unit = hl_arena_format(&d->arena, "%s%s", scales[scale].word, r->scenario->currency);
    define_text(d, "unit", unit ? unit : "");
    define_number(d, "sized_at", r->scenario->report.sized_at);
    define_number(d, "deadline_days", r->scenario->report.deadline_days);
    define_payers(d, r);
}

/* In the child: becomes gnuplot, with its words going to `words`. */
_Noreturn static void become_gnuplot(char *const *arguments, const char *folder, int words) {
    int nothing = open("/dev/null", O_RDWR);
    if (nothing < 0 || chdir(folder) != 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(words, STDOUT_FILENO) < 0 ||
        dup2(words, STDERR_FILENO) < 0) {
        _exit(NOT_STARTED);
    }
    execvp(arguments[0], arguments);
    _exit(NOT_STARTED);
}

/* Reads what gnuplot says to its end; keeps the first line or so in `said`. */
static void listen_to(int words, char *said, size_t size) {
    char chunk[256];
    size_t kept = 0;
    for (;;) {
        ssize_t count = read(words, chunk, sizeof chunk);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        for (ssize_t i = 0; i < count && kept + 1 < size; i++)
            said[kept++] = chunk[i] == '\n' ? ' ' : chunk[i];
    }
    said[kept] = '\0';
}

static enum hl_status run_gnuplot(char *const *arguments, const char *folder, struct hl_error *err) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return hl_fail(err, HL_FAILED, "no pipe to gnuplot: %s", strerror(errno));
    pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return hl_fail(err, HL_FAILED, "gnuplot could not be started: %s", strerror(errno));
    }
    if (child == 0)
        become_gnuplot(arguments, folder, ends[1]);
    close(ends[1]);
    char said[400];
    listen_to(ends[0], said, sizeof said);
    close(ends[0]);
    int state = 0;
    while (waitpid(child, &state, 0) < 0) {
        if (errno != EINTR)
            return hl_fail(err, HL_FAILED, "gnuplot was lost: %s", strerror(errno));
    }
    if (WIFEXITED(state) && WEXITSTATUS(state) == 0)
        return HL_OK;
    if (WIFEXITED(state) && WEXITSTATUS(state) == NOT_STARTED) {
        return hl_fail(err, HL_FAILED, "gnuplot is not installed, so there are no pictures (Debian: gnuplot-nox)");
    }
    return hl_fail(err, HL_FAILED, "gnuplot failed: %s", said);
}

static void write_escaped(FILE *out, const char *text) {
    for (; *text; text++) {
        switch (*text) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        default:
            fputc((unsigned char)*text < ' ' ? ' ' : *text, out);
        }
    }
}

/* Writes an SVG of gnuplot with our own title and description and the role of an image. */
static void write_svg(FILE *out, const char *bytes, size_t size, const struct picture *p, const struct hl_result *r) {
    const char *root = strstr(bytes, "<svg");
    const char *title = root ? strstr(root, "<title>") : NULL;
    const char *end = title ? strstr(title, "</desc>") : NULL;
    if (!end) {
        fwrite(bytes, 1, size, out);
        return;
    }
    end += strlen("</desc>");
    root += strlen("<svg");
    fwrite(bytes, 1, (size_t)(root - bytes), out);
    fputs(" role=\"img\"", out);
    fwrite(root, 1, (size_t)(title - root), out);
    fputs("<title>", out);
    write_escaped(out, p->title);
    fputs("</title>\n<desc>", out);
    write_escaped(out, p->description);
    fputc(' ', out);
    write_escaped(out, r->scenario->title);
    fputs(".</desc>", out);
    fwrite(end, 1, size - (size_t)(end - bytes), out);
}

/* Gives a drawn picture its name. */
static enum hl_status publish(const struct hl_result *r, const struct picture *p, const char *format,
                              const char *folder, const char *drawn, struct hl_error *err) {
    struct hl_arena arena = {0};
    struct hl_output output = {0};
    char *bytes = NULL;
    size_t size = 0;
    char *name = hl_arena_format(&arena, "%s.%s", p->name, format);
    char *path = hl_arena_format(&arena, "%s/%s", folder, drawn);
    enum hl_status status = name && path ? HL_OK : hl_fail_memory(err);
    if (status == HL_OK)
        status = hl_file_read(&bytes, &size, &arena, path, PICTURE_BYTES, err);
    if (path)
        unlink(path);
    if (status == HL_OK && size == 0)
        status = hl_fail(err, HL_FAILED, "gnuplot drew nothing for %s", name);
    if (status == HL_OK)
        status = hl_output_open(&output, folder, name, err);
    if (status == HL_OK) {
        if (strcmp(format, "svg") == 0) {
            write_svg(output.stream, bytes, size, p, r);
        } else {
            fwrite(bytes, 1, size, output.stream);
        }
        status = hl_output_close(&output, err);
    }
    hl_arena_free(&arena);
    return status;
}

static enum hl_status draw(const struct hl_result *r, const struct picture *p, const char *format, const char *folder,
                           const char *scripts, struct hl_error *err) {
    struct definitions d = {0};
    char *drawn = hl_arena_format(&d.arena, ".%s.%ld.%s", p->name, (long)getpid(), format);
    char *script = hl_arena_format(&d.arena, "%s/%s.gp", scripts, p->name);
    char *path = hl_arena_format(&d.arena, "%s/%s", folder, drawn ? drawn : "");
    if (drawn)
        define_all(&d, r, p, format, drawn, scripts);
    enum hl_status status = drawn && script && path && !d.failed ? HL_OK : hl_fail_memory(err);
    if (status == HL_OK) {
        char program[] = "gnuplot";
        char defaults[] = "--default-settings";
        char option[] = "-e";
        char *arguments[2 + 2 * DEFINITIONS_MOST + 2];
        size_t count = 0;
        arguments[count++] = program;
        arguments[count++] = defaults;
        for (size_t i = 0; i < d.count; i++) {
            arguments[count++] = option;
            arguments[count++] = d.text[i];
        }
        arguments[count++] = script;
        arguments[count] = NULL;
        status = run_gnuplot(arguments, folder, err);
    }
    if (status == HL_OK) {
        status = publish(r, p, format, folder, drawn, err);
    } else if (path) {
        unlink(path);
    }
    hl_arena_free(&d.arena);
    return status;
}

enum hl_status hl_results_plot(const struct hl_result *r, const char *folder, const char *scripts,
                               struct hl_error *err) {
    static const char *const formats[] = {"svg", "png"};
    char *absolute = realpath(scripts, NULL); /* gnuplot runs inside the folder of the results */
    if (!absolute) {
        return hl_fail(err, HL_FAILED, "no folder of gnuplot scripts at %s: %s", scripts, strerror(errno));
    }
    enum hl_status status = HL_OK;
    for (size_t i = 0; i < PICTURES && status == HL_OK; i++) {
        for (size_t f = 0; f < sizeof formats / sizeof *formats && status == HL_OK; f++) {
            status = draw(r, &pictures[i], formats[f], folder, absolute, err);
        }
    }
    free(absolute);
    return status;
}
