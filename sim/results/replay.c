#include "results/replay.h"

#include "results/words.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 80 };

/* ---- playing ----------------------------------------------------------------------------------------------------- */

static void check(struct hl_replay *r, const char *what, bool days, double found, double expected) {
    if (isnan(expected))
        return;
    if (days && isinf(expected))
        expected = HL_NEVER;
    double allowed = days ? 0 : r->plan->scenario->expected.tolerance * r->sums.claim;
    bool differs = !(fabs(found - expected) <= allowed);
    r->checks[r->check_count++] = (struct hl_replay_check){what, days, found, expected, differs};
    r->differing += differs;
}

enum hl_status hl_replay_play(struct hl_replay *out, const struct hl_plan *p, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    *out = (struct hl_replay){.plan = p};
    out->sums.paid = hl_arena_array(&out->arena, s->fund_count, sizeof *out->sums.paid);
    out->checks = hl_arena_array(&out->arena, s->fund_count + 2, sizeof *out->checks);
    if (out->sums.paid == NULL || out->checks == NULL) {
        hl_replay_free(out);
        return hl_fail_memory(err);
    }
    enum hl_status status = hl_trace_sum(p, 0, &out->sums, err);
    if (status != HL_OK) {
        hl_replay_free(out);
        return status;
    }
    if (s->expected.any) {
        check(out, "customers whole after", true, out->sums.days_until_whole, s->expected.whole_after_days);
        check(out, "customers lose", false, out->sums.haircut, s->expected.customers_lose);
    }
    for (size_t i = 0; i < s->fund_count && s->expected.any; i++)
        check(out, s->funds[i].name, false, out->sums.paid[i], s->expected.paid[i]);
    return HL_OK;
}

void hl_replay_free(struct hl_replay *r) {
    hl_arena_free(&r->arena);
    *r = (struct hl_replay){0};
}

/* ---- telling ----------------------------------------------------------------------------------------------------- */

/* Words from column `indent` on, wrapped before COLUMNS. */
static void put_wrapped(FILE *out, int indent, const char *lead, const char *text) {
    int column = fprintf(out, "%*s%s", indent, "", lead), start = column;
    for (bool first = true; *text != '\0'; first = false) {
        int length = (int)strcspn(text, " ");
        if (!first && column + 1 + length > COLUMNS)
            column = fprintf(out, "\n%*s", start, "") - 1;
        else if (!first)
            column += fprintf(out, " ");
        column += fprintf(out, "%.*s", length, text);
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static void put_heading(FILE *out, const char *text) {
    fprintf(out, "\n%s\n", text);
    for (size_t i = 0; i < strlen(text); i++)
        fputc('-', out);
    fputc('\n', out);
}

void hl_replay_days(char *out, size_t size, double days) {
    if (days >= HL_NEVER)
        snprintf(out, size, "never");
    else
        snprintf(out, size, "%g day%s", days, days == 1 ? "" : "s");
}

static void figure_words(const struct hl_replay *r, char *out, size_t size, double figure, bool days) {
    if (days)
        hl_replay_days(out, size, figure);
    else
        hl_words_money(out, size, figure * r->plan->scenario->quantum);
}

static void put_facts(const struct hl_scenario *s, FILE *out) {
    if (s->fact_count == 0)
        return;
    put_heading(out, "What is known");
    for (size_t i = 0; i < s->fact_count; i++) {
        const struct hl_fact *f = &s->facts[i];
        char lead[HL_WORDS_SIZE];
        put_wrapped(out, 0, "* ", f->fact);
        snprintf(lead, sizeof lead, "%s confidence: ", f->confidence);
        if (strcmp(f->confidence, "assumption") == 0)
            snprintf(lead, sizeof lead, "assumption: ");
        put_wrapped(out, 4, lead, f->source);
    }
}

static void put_checks(const struct hl_replay *r, FILE *out) {
    const struct hl_scenario *s = r->plan->scenario;
    char found[HL_WORDS_SIZE], expected[HL_WORDS_SIZE], tolerance[HL_WORDS_SIZE];
    if (r->check_count == 0)
        return;
    put_heading(out, "Found beside what is on record");
    fprintf(out, "%-28s %14s %14s\n", "", "found", "on record");
    for (size_t i = 0; i < r->check_count; i++) {
        const struct hl_replay_check *c = &r->checks[i];
        bool fund = i > 0 && c->what != r->checks[0].what && strncmp(c->what, "customers ", 10) != 0;
        figure_words(r, found, sizeof found, c->found, c->days);
        figure_words(r, expected, sizeof expected, c->expected, c->days);
        fprintf(out, "%-22s%6s %14s %14s%s\n", c->what, fund ? " bore" : "", found, expected,
                c->differs ? "  differs" : "");
    }
    hl_words_level(tolerance, sizeof tolerance, s->expected.tolerance);
    if (r->differing == 0)
        fprintf(out, "It came out as it did, within %s of what customers were owed.\n", tolerance);
    else
        fprintf(out, "%zu of %zu differ (money by more than %s of what customers were owed).\n", r->differing,
                r->check_count, tolerance);
}

enum hl_status hl_replay_print(const struct hl_replay *r, FILE *out, struct hl_error *err) {
    const struct hl_scenario *s = r->plan->scenario;
    fprintf(out, "%s\n", s->title);
    for (size_t i = 0; i < strlen(s->title); i++)
        fputc('=', out);
    fputc('\n', out);
    if (*s->description != '\0')
        put_wrapped(out, 0, "", s->description);
    put_facts(s, out);
    put_heading(out, "Day by day");
    enum hl_status status = hl_trace_story(r->plan, 0, out, err);
    if (status == HL_OK)
        put_checks(r, out);
    return status;
}
