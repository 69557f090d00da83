#include "results/covers.h"

#include "base/file.h"
#include "base/money.h"
#include "results/csv_cells.h"
#include "results/words.h"
#include "scenario/rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- one rule, one case ------------------------------------------------------------------------------------------ */

/* The scenario with the money of a rule instead of its funds. */
struct made {
    struct hl_arena arena;
    struct hl_scenario scenario;
    struct hl_plan plan;
};

static bool is_online(const struct hl_holding *h) { return h->owner == HL_OWNER_CUSTOMERS && h->tier != HL_COLD; }

/* One fund for each exchange, of what the rule asks of it. False when memory runs out. */
static bool make_funds(struct made *m, const struct hl_rule *rule, const double *required) {
    struct hl_scenario *s = &m->scenario;
    size_t *at = hl_arena_array(&m->arena, s->exchange_count, sizeof *at);
    s->funds = hl_arena_array(&m->arena, s->exchange_count, sizeof *s->funds);
    if (at == NULL || s->funds == NULL)
        return false;
    s->fund_count = s->exchange_count;
    for (size_t e = 0; e < s->exchange_count; e++) {
        struct hl_fund *f = &s->funds[e];
        at[e] = e;
        *f = (struct hl_fund){.kind = rule->kind == HL_RULE_GUARANTEE ? HL_FUND_guarantee_crypto : HL_FUND_reserve,
                              .name = s->exchanges[e].id,
                              .at = &at[e],
                              .at_count = 1,
                              .probability = 1,
                              .start = 1,
                              .amount = {.value = required[e], .cap = INFINITY},
                              .fails.climate = HL_NONE,
                              .contract.denied.climate = HL_NONE};
        if (rule->hot_only && rule->kind != HL_RULE_GUARANTEE) {
            f->kind = HL_FUND_insurance;
            f->contract.tiers = 1u << HL_HOT | 1u << HL_WARM;
            f->layer = (struct hl_layer_terms){.covers = ~0u,
                                               .limit = required[e],
                                               .share = 1,
                                               .aggregate_limit = required[e],
                                               .reinstatements = INFINITY};
        }
    }
    return true;
}

/* Guarantee coins in proportion to what is online, by running totals, where no thief reaches them. */
static void set_guarantee(struct made *m, const double *required) {
    const struct hl_scenario *s = &m->scenario;
    for (size_t e = 0; e < s->exchange_count; e++) {
        double online = 0, upto = 0, given = 0;
        for (size_t i = 0; i < s->holding_count; i++)
            online += s->holdings[i].exchange == e && is_online(&s->holdings[i]) ? s->holdings[i].value : 0;
        for (size_t a = 0; a < s->asset_count; a++)
            m->plan.guarantee[e * s->asset_count + a] = 0;
        for (size_t i = 0; i < s->holding_count && online > 0; i++) {
            const struct hl_holding *h = &s->holdings[i];
            if (h->exchange != e || !is_online(h))
                continue;
            upto += h->value;
            double next = nearbyint(required[e] * (upto / online));
            m->plan.guarantee[e * s->asset_count + h->asset] += next - given;
            given = next;
        }
    }
}

/* Plays the case with the rule's money alone. What was the firm's own guarantee is now like its other coins. */
static enum hl_status play(struct made *m, const struct hl_scenario *s, const struct hl_rule *rule,
                           const double *required, struct hl_trace_sums *sums, struct hl_error *err) {
    m->scenario = *s;
    m->scenario.expected.any = false;
    m->scenario.haircut_told = false;
    m->scenario.holdings = hl_arena_array(&m->arena, s->holding_count, sizeof *s->holdings);
    sums->paid = hl_arena_array(&m->arena, s->exchange_count, sizeof *sums->paid);
    if (m->scenario.holdings == NULL || sums->paid == NULL || !make_funds(m, rule, required))
        return hl_fail_memory(err);
    for (size_t i = 0; i < s->holding_count; i++) {
        m->scenario.holdings[i] = s->holdings[i];
        if (s->holdings[i].owner != HL_OWNER_CUSTOMERS)
            m->scenario.holdings[i].owner = HL_OWNER_HOUSE;
    }
    enum hl_status status = hl_plan_make(&m->plan, &m->scenario, err);
    if (status == HL_OK && rule->kind == HL_RULE_GUARANTEE)
        set_guarantee(m, required);
    return status == HL_OK ? hl_trace_sum(&m->plan, 0, sums, err) : status;
}

/* What the rule asks of each exchange, in quanta; NAN in out->required when a figure is missing. */
static enum hl_status require(struct made *m, const struct hl_scenario *s, struct hl_cover *out, double *required,
                              struct hl_error *err) {
    struct hl_rule_use use;
    const char *classes = hl_figures[HL_FIGURE_MOST].symbol;
    if (s->volume_count == 0 && strstr(out->rule->formula, classes) != NULL) {
        out->required = NAN; /* what was traded in each class of transactions is not told */
        out->missing = classes;
        return HL_OK;
    }
    enum hl_status status = hl_rule_use_make(&use, &m->arena, s, out->rule, err);
    for (size_t e = 0; e < s->exchange_count && status == HL_OK; e++) {
        struct hl_requirement r = hl_rule_requirement(s, &use, e, NULL);
        required[e] = hl_money_quanta(fmax(r.amount, 0), s->quantum);
        if (isnan(r.amount) && out->missing == NULL)
            out->missing = r.missing;
        out->required = isnan(r.amount) ? NAN : out->required + required[e];
    }
    out->illustrative = status == HL_OK && use.terms.illustrative;
    return status;
}

enum hl_status hl_cover_play(struct hl_cover *out, const struct hl_plan *p, const struct hl_rule *rule,
                             struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    struct made m = {0};
    struct hl_trace_sums sums = {0};
    double *required = hl_arena_array(&m.arena, s->exchange_count, sizeof *required);
    *out = (struct hl_cover){.rule = rule, .share = NAN, .covered = NAN, .days_until_whole = NAN};
    if (required == NULL)
        return hl_fail_memory(err);
    enum hl_status status = require(&m, s, out, required, err);
    if (status == HL_OK && !isnan(out->required)) {
        status = play(&m, s, rule, required, &sums, err);
        out->covered = 0;
        for (size_t e = 0; e < s->exchange_count && status == HL_OK; e++)
            out->covered += sums.paid[e];
        double claim = out->covered + sums.shortfall;
        out->share = claim > 0 ? out->covered / claim : NAN;
        out->days_until_whole = sums.days_until_whole;
    }
    hl_plan_free(&m.plan);
    hl_arena_free(&m.arena);
    return status;
}

/* ---- all ----------------------------------------------------------------------------------------------------------
 */

static size_t rule_count(void) {
    size_t count = 0;
    while (hl_rules[count] != NULL)
        count++;
    return count;
}

enum hl_status hl_covers_add(struct hl_covers *all, const char *id, const struct hl_replay *replay,
                             struct hl_error *err) {
    const struct hl_scenario *s = replay->plan->scenario;
    char day[HL_WORDS_SIZE];
    if (all->count == all->capacity) {
        size_t capacity = 2 * all->capacity + 16;
        struct hl_covered_case *items = realloc(all->items, capacity * sizeof *items);
        if (items == NULL)
            return hl_fail_memory(err);
        all->items = items;
        all->capacity = capacity;
    }
    hl_words_day(day, sizeof day, s, replay->sums.day);
    struct hl_covered_case one = {.id = hl_arena_text(&all->arena, id),
                                  .date = hl_arena_text(&all->arena, day),
                                  .title = hl_arena_text(&all->arena, s->title),
                                  .quantum = s->quantum,
                                  .loss = replay->sums.owed,
                                  .days_until_whole = replay->sums.days_until_whole,
                                  .check_count = replay->check_count,
                                  .differing = replay->differing,
                                  .confidence = hl_arena_text(&all->arena, s->exchanges[0].confidence),
                                  .covers = hl_arena_array(&all->arena, rule_count(), sizeof *one.covers)};
    if (one.id == NULL || one.title == NULL || one.date == NULL || one.confidence == NULL || one.covers == NULL)
        return hl_fail_memory(err);
    memcpy(one.currency, s->currency, sizeof one.currency);
    enum hl_status status = HL_OK;
    for (size_t i = 0; i < rule_count() && status == HL_OK; i++)
        status = hl_cover_play(&one.covers[i], replay->plan, hl_rules[i], err);
    if (status == HL_OK)
        all->items[all->count++] = one;
    return status;
}

static int by_date(const void *a, const void *b) {
    const struct hl_covered_case *x = a, *y = b;
    int order = strcmp(x->date, y->date);
    return order != 0 ? order : strcmp(x->id, y->id);
}

void hl_covers_sort(struct hl_covers *all) {
    if (all->count > 0)
        qsort(all->items, all->count, sizeof *all->items, by_date);
}

void hl_covers_free(struct hl_covers *all) {
    hl_arena_free(&all->arena);
    free(all->items);
    *all = (struct hl_covers){0};
}

/* ---- text ---------------------------------------------------------------------------------------------------------
 */

enum { COLUMNS_MOST = 15, NAME_WIDTH = 17, TITLE_WIDTH = 27 };

/* A share in percent in four columns, rounded so that only nothing is 0 and only all is 100. */
static void share_words(char out[8], const struct hl_cover *c) {
    double percent = nearbyint(100 * c->share);
    if (c->rule->kind == HL_RULE_CONDITION || (isnan(c->share) && c->missing == NULL))
        snprintf(out, 8, "-");
    else if (isnan(c->share))
        snprintf(out, 8, "n/a");
    else if (c->share > 0 && percent < 1)
        snprintf(out, 8, "<1");
    else
        snprintf(out, 8, "%.0f", c->share < 1 ? fmin(percent, 99) : percent);
}

/* Capital is there for every loss of the firm; coins are there for coins of their kind. */
static const char *mark_of(const struct hl_rule *rule) {
    if (rule->kind == HL_RULE_CAPITAL)
        return " c";
    return rule->hot_only ? " h" : "";
}

static void put_marks(FILE *out) {
    fputs("c  capital, not money set aside for thefts: it bears every loss of the firm\n"
          "h  for coins that are not cold, or own coins of their kinds\n"
          "-  asks for no money, or nothing was owed   n/a  a figure is not known\n",
          out);
}

void hl_covers_print_case(const struct hl_covered_case *one, FILE *out) {
    fputs("\nWhat each rule's money alone would have covered\n"
          "-----------------------------------------------\n",
          out);
    fprintf(out, "%-*s%14s%14s%9s  %s\n", NAME_WIDTH, "", "asked for", "covered", "share", "whole after");
    bool illustrative = false;
    for (size_t i = 0; i < rule_count(); i++) {
        const struct hl_cover *c = &one->covers[i];
        char name[64], required[HL_WORDS_SIZE] = "n/a", covered[HL_WORDS_SIZE] = "", share[8], whole[64];
        snprintf(name, sizeof name, "%s%s", c->rule->name, mark_of(c->rule));
        share_words(share, c);
        hl_replay_days(whole, sizeof whole, c->days_until_whole);
        if (c->rule->kind == HL_RULE_CONDITION) {
            fprintf(out, "%-*s%14s%14s%9s\n", NAME_WIDTH, name, "no money", "", share);
            continue;
        }
        if (c->missing != NULL) {
            fprintf(out, "%-*s%14s%14s%9s  no %s\n", NAME_WIDTH, name, required, "", share, c->missing);
            continue;
        }
        hl_words_money(required, sizeof required, c->required * one->quantum);
        hl_words_money(covered, sizeof covered, c->covered * one->quantum);
        fprintf(out, "%-*s%13s%s%14s%7s %%  %s\n", NAME_WIDTH, name, required, c->illustrative ? "*" : " ", covered,
                share, whole);
        illustrative = illustrative || c->illustrative;
    }
    put_marks(out);
    if (illustrative)
        fputs("*  an amount of the rule is in another currency, at an illustrative rate\n", out);
}

/* A title cut to its column, between characters of UTF-8. */
static void put_title(FILE *out, const char *title) {
    int width = 0;
    for (const char *c = title; *c != '\0' && width < TITLE_WIDTH; width++) {
        int length = 1;
        while (((unsigned char)c[length] & 0xC0) == 0x80)
            length++;
        fprintf(out, "%.*s", length, c);
        c += length;
    }
    fprintf(out, "%*s", TITLE_WIDTH - width, "");
}

static void put_line(size_t number, const struct hl_covered_case *one, FILE *out) {
    char owed[HL_WORDS_SIZE], whole[HL_WORDS_SIZE];
    hl_words_money(owed, sizeof owed, one->loss * one->quantum);
    hl_replay_days(whole, sizeof whole, one->days_until_whole);
    fprintf(out, "%2zu  %-10s  ", number, one->date);
    put_title(out, one->title);
    fprintf(out, " %9s %s  %-9s  ", owed, one->currency, whole);
    if (one->check_count == 0)
        fputs("no record\n", out);
    else if (one->differing == 0)
        fputs("as it was\n", out);
    else
        fprintf(out, "%zu differ%s\n", one->differing, one->differing == 1 ? "s" : "");
}

/* Does any case know what the rule asks for? */
static bool is_known(const struct hl_covers *all, size_t rule) {
    for (size_t i = 0; i < all->count; i++)
        if (!isnan(all->items[i].covers[rule].required))
            return true;
    return false;
}

static void print_block(const struct hl_covers *all, size_t first, size_t end, FILE *out) {
    fprintf(out, "%-*s", NAME_WIDTH, "");
    for (size_t i = first; i < end; i++)
        fprintf(out, "%4zu", i + 1);
    fputc('\n', out);
    for (size_t k = 0; k < rule_count(); k++) {
        char name[64];
        if (!is_known(all, k))
            continue;
        snprintf(name, sizeof name, "%s%s", hl_rules[k]->name, mark_of(hl_rules[k]));
        fprintf(out, "%-*s", NAME_WIDTH, name);
        for (size_t i = first; i < end; i++) {
            char share[8];
            share_words(share, &all->items[i].covers[k]);
            fprintf(out, "%4s", share);
        }
        fputc('\n', out);
    }
}

void hl_covers_print(const struct hl_covers *all, FILE *out) {
    const char *separator = "";
    int column = 80;
    for (size_t i = 0; i < all->count; i++)
        put_line(i + 1, &all->items[i], out);
    fputs("\nShare of what customers were owed that each rule's money would have paid by the\n"
          "deadline, in %, by the numbers above:\n\n",
          out);
    for (size_t first = 0; first < all->count; first += COLUMNS_MOST) {
        print_block(all, first, first + COLUMNS_MOST < all->count ? first + COLUMNS_MOST : all->count, out);
        fputc('\n', out);
    }
    put_marks(out);
    fputs("Amounts of rules in other currencies are turned at illustrative rates\n"
          "(scenarios/data/currencies.csv).\n",
          out);
    for (size_t k = 0; k < rule_count(); k++) {
        int width = (int)strlen(hl_rules[k]->name) + 2;
        if (is_known(all, k))
            continue;
        if (*separator == '\0')
            column = fprintf(out, "Asking for figures that no case has:");
        else
            column += fprintf(out, ",");
        separator = ",";
        if (column + width > 79)
            column = fprintf(out, "\n  ") - 1;
        column += fprintf(out, " %s", hl_rules[k]->name);
    }
    if (*separator != '\0')
        fputc('\n', out);
}

/* ---- files --------------------------------------------------------------------------------------------------------
 */

static void write_line(struct table *t, const struct hl_covered_case *one, const struct hl_cover *c) {
    bool never = c->days_until_whole >= HL_NEVER;
    cell_text(t, one->id);
    cell_text(t, one->date);
    cell_text(t, one->currency);
    cell_number(t, one->loss * one->quantum);
    cell_text(t, c->rule->name);
    cell_text(t, hl_rule_kind_names[c->rule->kind]);
    cell_number(t, c->required * one->quantum);
    cell_number(t, c->covered * one->quantum);
    cell_number(t, c->share);
    if (never)
        cell_text(t, "never");
    else
        cell_number(t, c->days_until_whole);
    cell_text(t, c->missing == NULL ? "" : c->missing);
    cell_text(t, c->illustrative ? "illustrative" : "");
    cell_text(t, one->confidence);
    end_row(t);
}

enum hl_status hl_covers_write(const struct hl_covers *all, const char *folder, struct hl_error *err) {
    struct hl_output output = {0};
    enum hl_status status = hl_folder_make(folder, err);
    if (status == HL_OK)
        status = hl_output_open(&output, folder, "incidents-by-rule.csv", err);
    if (status != HL_OK)
        return status;
    struct table t = {.out = output.stream};
    fputs("incident,date,currency,loss,rule,kind,required,covered,covered_share,days_until_whole,missing,rates,"
          "confidence\n",
          t.out);
    for (size_t i = 0; i < all->count; i++)
        for (size_t k = 0; k < rule_count(); k++)
            write_line(&t, &all->items[i], &all->items[i].covers[k]);
    return hl_output_close(&output, err);
}
