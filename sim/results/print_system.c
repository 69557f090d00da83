/* What the terminal tells of several exchanges together. */
#include "results/terminal.h"
#include "scenario/concentration.h"

#include <math.h>
#include <string.h>

/* The reserve needed in a line is two figures, never one: as stated, and if a breach happens. */
static void needed_words(char *out, size_t size, const struct hl_result *r, uint32_t e, enum hl_basis basis,
                         double given) {
    const struct hl_row *sized = hl_row_of(r, 0, 0, e, basis, HL_RESERVE_NEEDED, HL_VAR, r->scenario->report.sized_at);
    const struct hl_row *breached = hl_row_of(r, 0, 0, e, basis, HL_RESERVE_NEEDED, HL_VAR_GIVEN_BREACH, given);
    char a[HL_WORDS_SIZE] = "-";
    char b[HL_WORDS_SIZE] = "-";
    if (sized && isfinite(sized->value))
        hl_words_money(a, sizeof a, sized->value);
    if (breached && isfinite(breached->value))
        hl_words_money(b, sizeof b, breached->value);
    snprintf(out, size, "%s; %s", a, b);
}

/* One line per exchange, no intervals: they stand in summary.json and in the tables. */
static void print_exchanges(FILE *out, const struct hl_result *r) {
    const struct hl_report *report = &r->scenario->report;
    double given = report->given_breach_count > 0 ? report->given_breach[report->given_breach_count - 1] : 0;
    char level[HL_WORDS_SIZE];
    char given_words[HL_WORDS_SIZE];
    hl_words_level(level, sizeof level, report->sized_at);
    hl_words_level(given_words, sizeof given_words, given);
    hl_print_heading(out, "Exchanges one by one (e: earmarked funds only; all: all sources of funds)");
    hl_print_sentence(out, 2, "Reserve needed at %s of all years; and at %s of years with a breach.", level,
                      given_words);
    fprintf(out, "  %-14s %9s %9s %9s %16s %16s\n", "", "", "P(short)", "P(short)", "reserve", "reserve");
    fprintf(out, "  %-14s %9s %9s %9s %16s %16s\n", "exchange", "P(breach)", "e", "all", "e", "all");
    for (uint32_t e = 0; e < r->entity_count; e++) {
        if (r->entities[e].kind != HL_ENTITY_EXCHANGE)
            continue;
        const struct hl_row *rows[] = {
            hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH, 0),
            hl_row_of(r, 0, 0, e, HL_BASIS_EARMARKED, HL_SHORTFALL, HL_P_POSITIVE, 0),
            hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_SHORTFALL, HL_P_POSITIVE, 0),
        };
        char cell[2 * HL_WORDS_SIZE];
        fputs("  ", out);
        hl_print_padded(out, r->entities[e].name, HL_EXCHANGE_WIDTH);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            snprintf(cell, sizeof cell, "-");
            if (rows[i] && isfinite(rows[i]->value))
                hl_words_percent(cell, sizeof cell, rows[i]->value);
            fprintf(out, " %9s", cell);
        }
        needed_words(cell, sizeof cell, r, e, HL_BASIS_EARMARKED, given);
        fprintf(out, " %16s", cell);
        needed_words(cell, sizeof cell, r, e, HL_BASIS_ALL, given);
        fprintf(out, " %16s\n", cell);
    }
}

static void print_together(FILE *out, const struct hl_result *r, uint32_t system) {
    bool headed = false;
    for (size_t i = 0; i < r->row_count; i++) {
        const struct hl_row *row = &r->rows[i];
        if (row->key.policy != 0 || row->key.outer != 0 || row->key.entity != system ||
            row->key.metric != HL_P_AT_LEAST || row->key.basis != HL_BASIS_ALL) {
            continue;
        }
        const struct hl_row *earmarked =
            hl_row_of(r, 0, 0, system, HL_BASIS_EARMARKED, row->key.perspective, HL_P_AT_LEAST, row->key.level);
        char label[HL_WORDS_SIZE];
        char count[HL_WORDS_SIZE];
        if (!headed) {
            hl_print_heading(out, "P(at least so many exchanges short in the same year)");
            hl_print_bases_head(out);
            headed = true;
        }
        hl_words_number(count, sizeof count, row->key.level, 0);
        snprintf(label, sizeof label, "%7s", count);
        hl_print_pair(out, label, earmarked, row, HL_MEASURE_FRACTION);
        if (row->value == 0 && (!earmarked || earmarked->value == 0))
            return; /* nor were more */
    }
}

/* One line of the table of ways to draw: a figure of the system in each of them, all sources of funds. */
static void print_ways(FILE *out, const struct hl_result *r, const char *label, const size_t *ways, size_t count,
                       enum hl_perspective what, enum hl_metric metric, double level) {
    enum hl_measure measure =
        metric == HL_P_AT_LEAST || metric == HL_P_POSITIVE ? HL_MEASURE_FRACTION : HL_MEASURE_MONEY;
    fputs("  ", out);
    hl_print_padded(out, label, HL_LABEL_WIDTH);
    for (size_t i = 0; i < count; i++) {
        const struct hl_row *row = hl_row_of(r, 0, (uint16_t)ways[i], 0, HL_BASIS_ALL, what, metric, level);
        char cell[HL_WORDS_SIZE];
        fprintf(out, " %10s", hl_print_short_words(cell, sizeof cell, row, measure));
    }
    fputc('\n', out);
}

/* What vendors do to several exchanges at once: the same with `hit` at its ends, and with vendors' breaches apart. */
static void print_at_once(FILE *out, const struct hl_result *r) {
    static const char *const samplings[][2] = {
        {"stated", "as stated"}, {"hit_low", "hit low"}, {"hit_high", "hit high"}, {"vendors_apart", "apart"}};
    size_t ways[sizeof samplings / sizeof *samplings], count = 0;
    char label[2 * HL_WORDS_SIZE], level[HL_WORDS_SIZE];
    if (hl_sampling_named(r, "vendors_apart") == HL_NONE)
        return;
    hl_print_heading(out, "Several at once, all sources of funds");
    hl_print_sentence(out, 2,
                      "apart: what an exchange loses through vendors falls into years of its own; each exchange's own "
                      "figures stay, only the coincidence goes. hit low, high: `hit` at an end of its interval, with "
                      "rates that leave each client's own rate as it is.");
    fprintf(out, "  %-*s", HL_LABEL_WIDTH, "");
    for (size_t i = 0; i < sizeof samplings / sizeof *samplings; i++) {
        size_t way = hl_sampling_named(r, samplings[i][0]);
        if (way == HL_NONE)
            continue;
        ways[count++] = way;
        fprintf(out, " %10s", samplings[i][1]);
    }
    fputc('\n', out);
    for (int k = 1; k <= 4; k++) {
        if (!hl_row_of(r, 0, 0, 0, HL_BASIS_ALL, HL_SHORTFALL, HL_P_AT_LEAST, k))
            break;
        snprintf(label, sizeof label, "P(%d or more short)", k);
        print_ways(out, r, label, ways, count, HL_SHORTFALL, HL_P_AT_LEAST, k);
    }
    print_ways(out, r, "shortfall a year, on average", ways, count, HL_SHORTFALL, HL_MEAN, 0);
    print_ways(out, r, "if 2 or more are short", ways, count, HL_JOINT_SHORTFALL, HL_MEAN_IF_POSITIVE, 0);
    hl_words_level(level, sizeof level, r->scenario->report.sized_at);
    snprintf(label, sizeof label, "shortfall at %s", level);
    print_ways(out, r, label, ways, count, HL_SHORTFALL, HL_VAR, r->scenario->report.sized_at);
}

/* How much stands behind each vendor. */
static void print_concentration(FILE *out, const struct hl_result *r) {
    const struct hl_scenario *s = r->scenario;
    if (s->vendor_count == 0)
        return;
    hl_print_heading(out, "Concentration: whose coins stand behind each vendor");
    fprintf(out, "  %-*s %22s %24s\n", HL_ORIGIN_WIDTH, "", "its own clients", "with those built on it");
    fprintf(out, "  %-*s %10s %11s %12s %11s\n", HL_ORIGIN_WIDTH, "vendor", "exchanges", "of coins", "exchanges",
            "of coins");
    for (size_t v = 0; v < s->vendor_count; v++) {
        struct hl_concentration c = hl_concentration_of(s, v);
        char own[HL_WORDS_SIZE], behind[HL_WORDS_SIZE];
        if (c.clients_behind == 0)
            continue;
        hl_words_percent(own, sizeof own, c.share);
        hl_words_percent(behind, sizeof behind, c.share_behind);
        fputs("  ", out);
        hl_print_padded(out, s->vendors[v].id, HL_ORIGIN_WIDTH);
        fprintf(out, " %10zu %11s %12zu %11s\n", c.clients, own, c.clients_behind, behind);
    }
}

void hl_print_system(FILE *out, const struct hl_result *r, uint32_t system) {
    print_exchanges(out, r);
    print_together(out, r, system);
    print_at_once(out, r);
    print_concentration(out, r);
}
