#include "results/verify.h"

#include "engine/exact_run.h"
#include "results/terminal.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- comparing --------------------------------------------------------------------------------------------------- */

struct comparing {
    struct hl_comparison *out;
    const struct hl_result *result;
    bool failed; /* memory ran out where nothing can be returned */
};

/* Makes room for one more of `count` items; NULL when memory runs out. */
static void *room(void *items, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity)
        return items;
    size_t more = 2 * *capacity + 64;
    void *moved = realloc(items, more * size);
    if (moved != NULL)
        *capacity = more;
    return moved;
}

static enum hl_status compare_figure(void *context, const struct hl_exact_figure *f, struct hl_error *err) {
    struct comparing *c = context;
    struct hl_comparison *out = c->out;
    for (size_t i = 0; i < c->result->row_count; i++) {
        const struct hl_row *row = &c->result->rows[i];
        struct hl_row exact;
        if (!hl_exact_figure_tells(f, &row->key) || !hl_exact_figure_answer(f, row->key, &exact))
            continue;
        double distance = hl_exact_figure_distance(f, row, c->result->trials);
        if (isnan(distance)) {
            out->too_few++;
            continue;
        }
        struct hl_compared *rows = room(out->rows, out->count, &out->capacity, sizeof *rows);
        if (rows == NULL)
            return hl_fail_memory(err);
        out->rows = rows;
        rows[out->count++] = (struct hl_compared){*row, exact, distance};
    }
    return HL_OK;
}

static void note_none(void *context, const struct hl_entity *entity, enum hl_perspective perspective, const char *why) {
    struct comparing *c = context;
    struct hl_comparison *out = c->out;
    size_t i = 0;
    while (i < out->none_count && (out->none[i].perspective != perspective || strcmp(out->none[i].why, why) != 0))
        i++;
    if (i == out->none_count) {
        struct hl_not_compared *none = room(out->none, i, &out->none_capacity, sizeof *none);
        if (none == NULL) {
            c->failed = true;
            return;
        }
        out->none = none;
        none[i] = (struct hl_not_compared){.why = why, .perspective = perspective};
        snprintf(none[i].first, sizeof none[i].first, "%s", entity->name);
        out->none_count++;
    }
    out->none[i].count++;
}

static int by_distance(const void *a, const void *b) {
    const struct hl_compared *x = a, *y = b;
    if (x->distance != y->distance)
        return x->distance > y->distance ? -1 : 1;
    return hl_row_compare(&x->simulated, &y->simulated);
}

enum hl_status hl_comparison_make(struct hl_comparison *out, const struct hl_result *r, const struct hl_plan *p,
                                  struct hl_error *err) {
    struct comparing c = {.out = out, .result = r};
    const struct hl_exact_visitor visitor = {&c, compare_figure, note_none};
    *out = (struct hl_comparison){0};
    enum hl_status status = hl_exact_visit(p, &visitor, err);
    if (status == HL_OK && c.failed)
        status = hl_fail_memory(err);
    if (status == HL_OK && out->count > 0)
        qsort(out->rows, out->count, sizeof *out->rows, by_distance);
    if (status != HL_OK)
        hl_comparison_free(out);
    return status;
}

bool hl_comparison_agrees(const struct hl_comparison *c) {
    return c->count == 0 || c->rows[0].distance <= HL_COMPARED_MOST;
}

void hl_comparison_free(struct hl_comparison *c) {
    free(c->rows);
    free(c->none);
    *c = (struct hl_comparison){0};
}

/* ---- telling ----------------------------------------------------------------------------------------------------- */

static enum hl_measure measure_of(const struct hl_row_key *key) {
    bool chance = key->metric == HL_P_BREACH || key->metric == HL_P_POSITIVE || key->metric == HL_P_ABOVE;
    return chance ? HL_MEASURE_FRACTION : HL_MEASURE_MONEY;
}

static void print_row(const struct hl_compared *c, const struct hl_result *r, FILE *out) {
    const struct hl_row_key *key = &c->simulated.key;
    char metric[HL_WORDS_SIZE], level[HL_WORDS_SIZE] = "", cells[2][HL_WORDS_SIZE];
    bool chance = measure_of(key) == HL_MEASURE_FRACTION;
    if (key->level > 0 && key->level < 1)
        hl_words_level(level, sizeof level, key->level);
    else if (key->level > 0)
        hl_words_money(level, sizeof level, key->level);
    snprintf(metric, sizeof metric, "%s %s%s%s", hl_perspective_names[key->perspective], hl_metric_names[key->metric],
             *level == '\0' ? "" : " ", level);
    (chance ? hl_words_percent : hl_words_money)(cells[0], sizeof cells[0], c->simulated.value);
    (chance ? hl_words_percent : hl_words_money)(cells[1], sizeof cells[1], c->exact.value);
    fprintf(out, "  %5.2f  ", c->distance);
    hl_print_padded(out, r->entities[key->entity].name, HL_ORIGIN_WIDTH);
    fputc(' ', out);
    hl_print_padded(out, metric, 25);
    fprintf(out, " %9s %9s\n", cells[0], cells[1]);
}

/* What chance alone does: the probability that any of so many is that far off is at most their number times that of
 * one, however they hang together (Bonferroni). */
static void print_chance(const struct hl_comparison *c, FILE *out) {
    double worst = c->rows[0].distance, chance = fmin(2 * gsl_cdf_ugaussian_Q(worst) * (double)c->count, 1);
    char words[HL_WORDS_SIZE];
    hl_words_percent(words, sizeof words, chance);
    hl_print_sentence(out, 0,
                      "%zu rows compared, the worst %.2f standard errors off: by chance that far or further with a "
                      "probability of at most %s. %s",
                      c->count, worst, words,
                      hl_comparison_agrees(c) ? "Simulation and calculation agree."
                                              : "More than 5: simulation and calculation do NOT agree.");
}

void hl_comparison_print(const struct hl_comparison *c, const struct hl_result *r, size_t most, FILE *out) {
    char trials[HL_WORDS_SIZE];
    hl_words_number(trials, sizeof trials, (double)r->trials, 0);
    hl_print_wrapped(out, 0, r->scenario->title);
    hl_print_sentence(out, 0, "%s trials against exact distributions, in standard errors, the worst first.", trials);
    if (c->count > 0) {
        fprintf(out, "\n  %5s  %-24s %-25s %9s %9s\n", "off", "of", "what", "simulated", "exact");
        for (size_t i = 0; i < c->count && i < most; i++)
            print_row(&c->rows[i], r, out);
        if (c->count > most)
            fprintf(out, "  and %zu rows that are closer (--all)\n", c->count - most);
        fputc('\n', out);
        print_chance(c, out);
    }
    if (c->too_few > 0)
        hl_print_sentence(out, 0, "%zu rows have too few trials behind them for a comparison.", c->too_few);
    if (c->none_count > 0)
        hl_print_wrapped(out, 0, "No exact counterpart:");
    for (size_t i = 0; i < c->none_count; i++) {
        const struct hl_not_compared *n = &c->none[i];
        char others[HL_WORDS_SIZE] = "";
        if (n->count > 1)
            snprintf(others, sizeof others, " and %zu more", n->count - 1);
        hl_print_sentence(out, 2, "%s of %s%s: %s.", hl_perspective_names[n->perspective], n->first, others, n->why);
    }
}
