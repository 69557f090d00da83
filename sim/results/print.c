/* The terminal summary: what a risk officer reads first, in at most 80 columns. */
#include "results/words.h"
#include "results/write.h"
#include "scenario/concentration.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { WIDTH = 80, NAME_WIDTH = 18, EXCHANGE_WIDTH = 14, ORIGIN_WIDTH = 24, CELL_WIDTH = 29, LABEL_WIDTH = 29 };

/* How many columns the character that starts at `c` takes: two for the wide scripts, none inside a character. */
static int columns_of(const char *c) {
    unsigned char byte = (unsigned char)*c;
    if ((byte & 0xC0) == 0x80)
        return 0;
    if (byte < 0xE1 || (byte == 0xE1 && (unsigned char)c[1] < 0x84))
        return 1;
    return byte == 0xE2 && (unsigned char)c[1] < 0xBA ? 1 : 2;
}

static int width_of(const char *text) {
    int width = 0;
    for (; *text; text++)
        width += columns_of(text);
    return width;
}

/* How many bytes of `text` fit into `columns`, whole characters only. */
static int bytes_within(const char *text, int columns) {
    int bytes = 0;
    int width = 0;
    while (text[bytes]) {
        width += columns_of(text + bytes);
        if (width > columns)
            break;
        bytes++;
    }
    return bytes;
}

/* Prints `text`, broken between words into lines of WIDTH columns, each `indent` deep. */
static void print_wrapped(FILE *out, int indent, const char *text) {
    while (*text == ' ')
        text++;
    while (*text) {
        int bytes = bytes_within(text, WIDTH - indent);
        if (text[bytes]) {
            int space = bytes;
            while (space > 0 && text[space] != ' ')
                space--;
            if (space > 0)
                bytes = space;
        }
        fprintf(out, "%*s%.*s\n", indent, "", bytes, text);
        text += bytes;
        while (*text == ' ')
            text++;
    }
}

HL_PRINTF(3, 4) static void print_sentence(FILE *out, int indent, const char *format, ...) {
    char text[2 * HL_SENTENCE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    print_wrapped(out, indent, text);
}

/* Prints `text` in exactly `width` columns, cut with a tilde when it is longer. */
static void print_padded(FILE *out, const char *text, int width) {
    int bytes = bytes_within(text, width);
    if (text[bytes]) {
        bytes = bytes_within(text, width - 1);
        fprintf(out, "%.*s~", bytes, text);
        bytes = -1;
    } else {
        fputs(text, out);
    }
    int used = bytes < 0 ? width : width_of(text);
    fprintf(out, "%*s", width - used, "");
}

/* One line: a label and one wide or two narrow cells. */
static void print_line(FILE *out, const char *label, const char *first, const char *second) {
    fputs("  ", out);
    print_padded(out, label, second ? NAME_WIDTH : LABEL_WIDTH);
    fputc(' ', out);
    if (second && second[0]) {
        print_padded(out, first, CELL_WIDTH);
        fprintf(out, " %.*s\n", bytes_within(second, CELL_WIDTH), second);
    } else {
        fprintf(out, "%s\n", first);
    }
}

static void print_row(FILE *out, const char *label, const struct hl_row *row, enum hl_measure measure) {
    char cell[HL_WORDS_SIZE];
    hl_words_row(cell, sizeof cell, row, measure);
    print_line(out, label, cell, NULL);
}

static void print_pair(FILE *out, const char *label, const struct hl_row *earmarked, const struct hl_row *all,
                       enum hl_measure measure) {
    char first[HL_WORDS_SIZE];
    char second[HL_WORDS_SIZE];
    hl_words_row(first, sizeof first, earmarked, measure);
    hl_words_row(second, sizeof second, all, measure);
    print_line(out, label, first, second);
}

/* A line of both bases, as stated. */
static void print_bases(FILE *out, const struct hl_result *r, uint32_t entity, const char *label, uint16_t policy,
                        uint16_t outer, enum hl_perspective perspective, enum hl_metric metric, double level,
                        enum hl_measure measure) {
    print_pair(out, label, hl_row_of(r, policy, outer, entity, HL_BASIS_EARMARKED, perspective, metric, level),
               hl_row_of(r, policy, outer, entity, HL_BASIS_ALL, perspective, metric, level), measure);
}

static void print_bases_head(FILE *out) {
    print_line(out, "", hl_basis_words[HL_BASIS_EARMARKED], hl_basis_words[HL_BASIS_ALL]);
}

static void days_words(char *out, size_t size, double days) {
    char number[HL_WORDS_SIZE];
    hl_words_number(number, sizeof number, days, days == rint(days) ? 0 : 1);
    snprintf(out, size, "%s %s", number, days == 1 ? "day" : "days");
}

static void print_title(FILE *out, const struct hl_result *r) {
    char trials[HL_WORDS_SIZE];
    char horizon[HL_WORDS_SIZE];
    char deadline[HL_WORDS_SIZE];
    hl_words_number(trials, sizeof trials, (double)r->trials, 0);
    days_words(horizon, sizeof horizon, r->scenario->horizon_days);
    if (r->year_count > 1)
        snprintf(horizon, sizeof horizon, "%d years (%s)", (int)r->year_count,
                 r->scenario->fresh ? "each begins afresh" : "the state carried over");
    days_words(deadline, sizeof deadline, r->scenario->report.deadline_days);
    print_wrapped(out, 0, r->scenario->title);
    print_sentence(out, 0, "%s trials of %s, seed %llu. Money in %s. Ranges in brackets are 95 %% intervals.", trials,
                   r->scenario->horizon_days == 365 ? "one year" : horizon, (unsigned long long)r->seed,
                   r->scenario->currency);
    print_sentence(out, 0, "Shortfall: what customers are owed and have not got %s after the theft.", deadline);
}

static void print_heading(FILE *out, const char *heading) { fprintf(out, "\n%s\n", heading); }

static void print_whole(FILE *out, const struct hl_result *r, uint32_t e) {
    const struct hl_report *report = &r->scenario->report;
    char label[HL_WORDS_SIZE];
    char days[HL_WORDS_SIZE];
    hl_words_span(days, sizeof days, r);
    snprintf(label, sizeof label, r->year_count == 1 ? "%s, on average" : "%s, mean", days);
    print_heading(out, "Will customers be whole?");
    print_row(out, "P(breach)", hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH, 0), HL_MEASURE_FRACTION);
    print_bases_head(out);
    print_bases(out, r, e, "P(shortfall)", 0, 0, HL_SHORTFALL, HL_P_POSITIVE, 0, HL_MEASURE_FRACTION);
    print_bases(out, r, e, label, 0, 0, HL_SHORTFALL, HL_MEAN, 0, HL_MEASURE_MONEY);
    print_bases(out, r, e, "when there is one", 0, 0, HL_SHORTFALL, HL_MEAN_IF_POSITIVE, 0, HL_MEASURE_MONEY);
    for (size_t i = 0; i < report->unpaid_after_count; i++) {
        double after = report->unpaid_after_days[i];
        days_words(days, sizeof days, after);
        snprintf(label, sizeof label, "unpaid > %s", days);
        print_bases(out, r, e, label, 0, 0, HL_SHORTFALL, HL_P_UNPAID_AFTER, after, HL_MEASURE_FRACTION);
    }
}

/* A line per level of the report, conditional on a breach. */
static void print_given_breach(FILE *out, const struct hl_result *r, uint32_t e, enum hl_perspective perspective,
                               const char *of, enum hl_measure measure) {
    for (size_t i = 0; i < r->scenario->report.given_breach_count; i++) {
        double level = r->scenario->report.given_breach[i];
        char words[HL_WORDS_SIZE];
        char label[HL_WORDS_SIZE];
        hl_words_level(words, sizeof words, level);
        snprintf(label, sizeof label, "%s, %s", of, words);
        print_row(out, label, hl_row_of(r, 0, 0, e, HL_BASIS_ALL, perspective, HL_VAR_GIVEN_BREACH, level), measure);
    }
}

static void print_breach(FILE *out, const struct hl_result *r, uint32_t e) {
    print_heading(out, "If a breach happens");
    print_row(out, "loss, mean", hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_GROSS, HL_MEAN_GIVEN_BREACH, 0),
              HL_MEASURE_MONEY);
    print_given_breach(out, r, e, HL_GROSS, "loss", HL_MEASURE_MONEY);
    print_given_breach(out, r, e, HL_DAYS_UNTIL_WHOLE, "days until whole", HL_MEASURE_DAYS);
}

static void print_runs(FILE *out, const struct hl_result *r, uint32_t e) {
    if (!r->scenario->run.any)
        return;
    print_heading(out, "If customers run, once a breach is known (at the prices of day 0)");
    print_row(out, "P(run)", hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_WITHDRAWN, HL_P_POSITIVE, 0), HL_MEASURE_FRACTION);
    print_row(out, "P(suspended)", hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_SUSPENDED, HL_P_POSITIVE, 0),
              HL_MEASURE_FRACTION);
    print_given_breach(out, r, e, HL_WITHDRAWN, "asked for", HL_MEASURE_MONEY);
    print_given_breach(out, r, e, HL_BACKLOG, "waiting at most", HL_MEASURE_MONEY);
    print_given_breach(out, r, e, HL_DAYS_UNPAID, "days waiting", HL_MEASURE_DAYS);
}

static void print_reserve_by_rate(FILE *out, const struct hl_result *r, uint32_t e) {
    static const struct {
        const char *sampling;
        const char *label;
    } lines[] = {{"rates_low", "low end"}, {"stated", "as stated"}, {"rates_high", "high end"}};
    double sized_at = r->scenario->report.sized_at;
    char level[HL_WORDS_SIZE];
    if (hl_sampling_named(r, "rates_low") == HL_NONE)
        return;
    hl_words_level(level, sizeof level, sized_at);
    print_sentence(out, 2, "at %s, with every breach rate at an end of its stated interval", level);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        size_t outer = hl_sampling_named(r, lines[i].sampling);
        if (outer == HL_NONE)
            continue;
        print_bases(out, r, e, lines[i].label, 0, (uint16_t)outer, HL_RESERVE_NEEDED, HL_VAR, sized_at,
                    HL_MEASURE_MONEY);
    }
}

static void print_rate_verdicts(FILE *out, const struct hl_result *r, uint32_t e) {
    static const enum hl_basis order[] = {HL_BASIS_EARMARKED, HL_BASIS_ALL};
    char sentence[HL_SENTENCE_SIZE];
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const struct hl_verdict *verdict = hl_verdict_of(r, e, order[i]);
        if (!verdict)
            continue;
        hl_words_rate(sentence, sizeof sentence, r, verdict);
        bool rates = hl_sampling_named(r, "rates_low") != HL_NONE;
        print_sentence(out, 2, "%s%s%s", rates ? hl_basis_words[order[i]] : "", rates ? ": " : "", sentence);
        if (!rates)
            return;
    }
}

static void print_reserve(FILE *out, const struct hl_result *r, uint32_t e) {
    const struct hl_report *report = &r->scenario->report;
    char words[HL_WORDS_SIZE];
    char label[HL_WORDS_SIZE];
    print_heading(out, "Reserve needed: cash on top of all stated funds, there on day 0");
    print_bases_head(out);
    for (size_t i = 0; i < report->confidence_count; i++) {
        hl_words_level(words, sizeof words, report->confidence[i]);
        snprintf(label, sizeof label, "%7s%s", words, report->confidence[i] == report->sized_at ? "  sized" : "");
        print_bases(out, r, e, label, 0, 0, HL_RESERVE_NEEDED, HL_VAR, report->confidence[i], HL_MEASURE_MONEY);
    }
    if (report->given_breach_count > 0)
        print_sentence(out, 2, "given a breach");
    for (size_t i = 0; i < report->given_breach_count; i++) {
        hl_words_level(words, sizeof words, report->given_breach[i]);
        snprintf(label, sizeof label, "%7s", words);
        print_bases(out, r, e, label, 0, 0, HL_RESERVE_NEEDED, HL_VAR_GIVEN_BREACH, report->given_breach[i],
                    HL_MEASURE_MONEY);
    }
    print_reserve_by_rate(out, r, e);
    print_rate_verdicts(out, r, e);
}

static void print_layers(FILE *out, const struct hl_result *r, uint32_t e) {
    char ceded[HL_WORDS_SIZE];
    char attach[HL_WORDS_SIZE];
    char exhaust[HL_WORDS_SIZE];
    char span[HL_WORDS_SIZE];
    char label[2 * HL_WORDS_SIZE];
    for (size_t i = 0; i < r->scenario->fund_count; i++) {
        const struct hl_row *attaches = hl_row_of_fund(r, e, i, HL_PAID, HL_P_ATTACH, 0);
        if (!attaches)
            continue;
        hl_words_row(ceded, sizeof ceded, hl_row_of_fund(r, e, i, HL_PAID, HL_MEAN, 0), HL_MEASURE_MONEY);
        hl_words_row(attach, sizeof attach, attaches, HL_MEASURE_FRACTION);
        hl_words_row(exhaust, sizeof exhaust, hl_row_of_fund(r, e, i, HL_PAID, HL_P_EXHAUST, 0), HL_MEASURE_FRACTION);
        print_sentence(out, 2, "%s", r->scenario->funds[i].name);
        hl_words_span(span, sizeof span, r);
        snprintf(label, sizeof label, "  expected ceded %s", span);
        print_line(out, label, ceded, NULL);
        print_line(out, "  P(attach)", attach, NULL);
        print_line(out, "  P(exhaust)", exhaust, NULL);
    }
}

static void print_insurance(FILE *out, const struct hl_result *r, uint32_t e) {
    size_t bare = hl_policy_named(r, "no_insurance");
    char sentence[HL_SENTENCE_SIZE];
    print_heading(out, "What insurance changes");
    if (bare == HL_NONE) {
        print_sentence(out, 2, "The funds have no insurance layer.");
        return;
    }
    print_layers(out, r, e);
    print_bases_head(out);
    print_bases(out, r, e, "P(short) without", (uint16_t)bare, 0, HL_SHORTFALL, HL_P_POSITIVE, 0, HL_MEASURE_FRACTION);
    print_bases(out, r, e, "P(short) with", 0, 0, HL_SHORTFALL, HL_P_POSITIVE, 0, HL_MEASURE_FRACTION);
    print_bases(out, r, e, "  less by (paired)", (uint16_t)bare, 0, HL_INSURANCE_GAIN, HL_P_POSITIVE, 0,
                HL_MEASURE_FRACTION);
    print_bases(out, r, e, "shortfall less by", (uint16_t)bare, 0, HL_INSURANCE_GAIN, HL_MEAN, 0, HL_MEASURE_MONEY);
    static const enum hl_basis order[] = {HL_BASIS_EARMARKED, HL_BASIS_ALL};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        hl_words_insurance(sentence, sizeof sentence, r, e, order[i]);
        if (sentence[0])
            print_sentence(out, 2, "%s: %s", hl_basis_words[order[i]], sentence);
    }
}

static void print_payer(FILE *out, const char *name, const struct hl_row *row, const struct hl_row *claim) {
    char cell[HL_WORDS_SIZE];
    char share[HL_WORDS_SIZE] = "";
    hl_words_row(cell, sizeof cell, row, HL_MEASURE_MONEY);
    if (row && claim && claim->value > 0 && isfinite(row->value)) {
        hl_words_percent(share, sizeof share, row->value / claim->value);
    }
    print_line(out, name, cell, share);
}

static void print_payers(FILE *out, const struct hl_result *r, uint32_t e) {
    const struct hl_row *claim = hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_CLAIM, HL_MEAN, 0);
    char span[HL_WORDS_SIZE], heading[2 * HL_WORDS_SIZE];
    hl_words_span(span, sizeof span, r);
    snprintf(heading, sizeof heading, "Who pays: on average %s, after all lags", span);
    print_heading(out, heading);
    print_line(out, "", "", "of the claim");
    for (size_t i = 0; i < r->scenario->fund_count; i++) {
        const struct hl_row *paid = hl_row_of_fund(r, e, i, HL_PAID, HL_MEAN, 0);
        if (paid)
            print_payer(out, r->scenario->funds[i].name, paid, claim);
    }
    print_payer(out, "customers", hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_HAIRCUT, HL_MEAN, 0), claim);
    print_payer(out, "claim", claim, claim);
}

static void print_trials(FILE *out, const struct hl_result *r, uint32_t e) {
    static const enum hl_basis order[] = {HL_BASIS_EARMARKED, HL_BASIS_ALL};
    char sentence[HL_SENTENCE_SIZE];
    print_heading(out, "Enough trials?");
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const struct hl_verdict *verdict = hl_verdict_of(r, e, order[i]);
        if (!verdict)
            continue;
        hl_words_trials(sentence, sizeof sentence, r, verdict);
        print_sentence(out, 2, "%s: %s", hl_basis_words[order[i]], sentence);
    }
}

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
    print_heading(out, "Exchanges one by one (e: earmarked funds only; all: all sources of funds)");
    print_sentence(out, 2, "Reserve needed at %s of all years; and at %s of years with a breach.", level, given_words);
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
        print_padded(out, r->entities[e].name, EXCHANGE_WIDTH);
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

/* Vectors, then vendors: how often, how much, and what part of the expected shortfall goes back to them. */
static void print_origins(FILE *out, const struct hl_result *r, uint32_t whole) {
    static const enum hl_entity_kind kinds[] = {HL_ENTITY_VECTOR, HL_ENTITY_VENDOR};
    const struct hl_row *all = hl_row_of(r, 0, 0, whole, HL_BASIS_ALL, HL_SHORTFALL, HL_MEAN, 0);
    print_heading(out, "Where it comes from: vectors, then vendors");
    fprintf(out, "  %-24s %9s   %-24s %s\n", "", "P(breach)",
            r->year_count == 1 ? "loss a year, on average" : "loss of all years, mean", "of shortfall");
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (uint32_t e = 0; e < r->entity_count; e++) {
            const struct hl_row *breach = hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH, 0);
            if (r->entities[e].kind != kinds[k] || !breach || breach->value == 0)
                continue;
            const struct hl_row *part = hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_SHORTFALL, HL_CONTRIBUTION, 0);
            char percent[HL_WORDS_SIZE];
            char loss[HL_WORDS_SIZE];
            char share[HL_WORDS_SIZE] = "-";
            hl_words_percent(percent, sizeof percent, breach->value);
            hl_words_row(loss, sizeof loss, hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_GROSS, HL_MEAN, 0),
                         HL_MEASURE_MONEY);
            if (part && all && all->value > 0)
                hl_words_percent(share, sizeof share, part->value / all->value);
            fputs("  ", out);
            print_padded(out, r->entities[e].name, ORIGIN_WIDTH);
            fprintf(out, " %9s   %-24s %12s\n", percent, loss, share);
        }
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
            print_heading(out, "P(at least so many exchanges short in the same year)");
            print_bases_head(out);
            headed = true;
        }
        hl_words_number(count, sizeof count, row->key.level, 0);
        snprintf(label, sizeof label, "%7s", count);
        print_pair(out, label, earmarked, row, HL_MEASURE_FRACTION);
        if (row->value == 0 && (!earmarked || earmarked->value == 0))
            return; /* nor were more */
    }
}

static const char *short_words(char *out, size_t size, const struct hl_row *row, enum hl_measure measure) {
    snprintf(out, size, "-");
    if (row && isfinite(row->value) && measure == HL_MEASURE_MONEY)
        hl_words_money(out, size, row->value);
    else if (row && isfinite(row->value))
        hl_words_percent(out, size, row->value);
    return out;
}

/* One line per policy year, no intervals: they stand in summary.json and in the tables. */
static void print_years(FILE *out, const struct hl_result *r, uint32_t e) {
    static const enum hl_basis order[] = {HL_BASIS_EARMARKED, HL_BASIS_ALL};
    if (r->year_count == 1)
        return;
    print_heading(out, "Year by year (e: earmarked funds only; all: all sources of funds)");
    fprintf(out, "  %4s %9s %9s  %9s %9s  %9s %9s  %9s\n", "", "", "loss,", "P(short)", "P(short)", "by then",
            "by then", "haircut,");
    fprintf(out, "  %4s %9s %9s  %9s %9s  %9s %9s  %9s\n", "year", "P(breach)", "mean", "e", "all", "e", "all", "mean");
    for (uint16_t year = 1; year <= r->year_count; year++) {
        char cell[HL_WORDS_SIZE];
        fprintf(out, "  %4d", (int)year);
        fprintf(out, " %9s",
                short_words(cell, sizeof cell, hl_row_of_year(r, year, e, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH),
                            HL_MEASURE_FRACTION));
        fprintf(out, " %9s ",
                short_words(cell, sizeof cell, hl_row_of_year(r, year, e, HL_BASIS_ALL, HL_GROSS, HL_MEAN),
                            HL_MEASURE_MONEY));
        for (size_t i = 0; i < 2; i++)
            fprintf(out, " %9s",
                    short_words(cell, sizeof cell, hl_row_of_year(r, year, e, order[i], HL_SHORTFALL, HL_P_POSITIVE),
                                HL_MEASURE_FRACTION));
        fputc(' ', out);
        for (size_t i = 0; i < 2; i++)
            fprintf(out, " %9s",
                    short_words(cell, sizeof cell, hl_row_of(r, 0, 0, e, order[i], HL_SHORTFALL, HL_P_SHORT_BY, year),
                                HL_MEASURE_FRACTION));
        fprintf(out, "  %9s\n",
                short_words(cell, sizeof cell, hl_row_of_year(r, year, e, HL_BASIS_ALL, HL_HAIRCUT, HL_MEAN),
                            HL_MEASURE_MONEY));
    }
    print_sentence(out, 2, "By then: there has been a shortfall by the end of the year, of whatever claim.");
}

/* One line of the table of ways to draw: a figure of the system in each of them, all sources of funds. */
static void print_ways(FILE *out, const struct hl_result *r, const char *label, const size_t *ways, size_t count,
                       enum hl_perspective what, enum hl_metric metric, double level) {
    enum hl_measure measure =
        metric == HL_P_AT_LEAST || metric == HL_P_POSITIVE ? HL_MEASURE_FRACTION : HL_MEASURE_MONEY;
    fputs("  ", out);
    print_padded(out, label, LABEL_WIDTH);
    for (size_t i = 0; i < count; i++) {
        const struct hl_row *row = hl_row_of(r, 0, (uint16_t)ways[i], 0, HL_BASIS_ALL, what, metric, level);
        char cell[HL_WORDS_SIZE];
        fprintf(out, " %10s", short_words(cell, sizeof cell, row, measure));
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
    print_heading(out, "Several at once, all sources of funds");
    print_sentence(out, 2,
                   "apart: what an exchange loses through vendors falls into years of its own; each exchange's own "
                   "figures stay, only the coincidence goes. hit low, high: `hit` at an end of its interval, with "
                   "rates that leave each client's own rate as it is.");
    fprintf(out, "  %-*s", LABEL_WIDTH, "");
    for (size_t i = 0; i < sizeof samplings / sizeof *samplings; i++) {
        size_t way = hl_sampling_named(r, samplings[i][0]);
        if (way == HL_NONE)
            continue;
        ways[count++] = way;
        fprintf(out, " %10s", samplings[i][1]);
    }
    fputc('\n', out);
    for (double k = 1; k <= 4; k++) {
        if (!hl_row_of(r, 0, 0, 0, HL_BASIS_ALL, HL_SHORTFALL, HL_P_AT_LEAST, k))
            break;
        snprintf(label, sizeof label, "P(%g or more short)", k);
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
    print_heading(out, "Concentration: whose coins stand behind each vendor");
    fprintf(out, "  %-*s %22s %24s\n", ORIGIN_WIDTH, "", "its own clients", "with those built on it");
    fprintf(out, "  %-*s %10s %11s %12s %11s\n", ORIGIN_WIDTH, "vendor", "exchanges", "of coins", "exchanges",
            "of coins");
    for (size_t v = 0; v < s->vendor_count; v++) {
        struct hl_concentration c = hl_concentration_of(s, v);
        char own[HL_WORDS_SIZE], behind[HL_WORDS_SIZE];
        if (c.clients_behind == 0)
            continue;
        hl_words_percent(own, sizeof own, c.share);
        hl_words_percent(behind, sizeof behind, c.share_behind);
        fputs("  ", out);
        print_padded(out, s->vendors[v].id, ORIGIN_WIDTH);
        fprintf(out, " %10zu %11s %12zu %11s\n", c.clients, own, c.clients_behind, behind);
    }
}

static void print_entity(FILE *out, const struct hl_result *r, uint32_t e) {
    print_whole(out, r, e);
    print_years(out, r, e);
    print_breach(out, r, e);
    print_runs(out, r, e);
    print_reserve(out, r, e);
    print_insurance(out, r, e);
    print_payers(out, r, e);
    print_origins(out, r, e);
    print_trials(out, r, e);
}

/* How claims are told, in words; different ones by asset where they differ. */
static const char *owed_words(const struct hl_scenario *s) {
    static const char *const words[HL_CLAIM_BASIS_COUNT] = {
        [HL_IN_KIND] = "the coins themselves",
        [HL_AT_THEFT] = "the price at the theft",
        [HL_WINDOW_AVERAGE] = "the average price over the window after the discovery",
        [HL_FIXED_PRICE] = "a fixed price",
    };
    for (size_t i = 0; i < HL_CLAIM_BASIS_COUNT; i++) {
        size_t same = 0;
        while (same < s->asset_count && s->claim_terms[same].share[i] == 1)
            same++;
        if (same == s->asset_count && same > 0)
            return words[i];
    }
    return s->asset_count > 0 ? "told by asset, in coins and in money" : words[HL_AT_THEFT];
}

/* What the results leave out, whether prices move, and what customers are owed. */
static void print_limits(FILE *out, const struct hl_scenario *s) {
    const struct hl_market *m = &s->market;
    bool jumps = false;
    for (size_t f = 0; f < m->factor_count; f++)
        jumps = jumps || m->factors[f].jump_rate > 0;
    print_wrapped(out, 0, "Limits: losses from theft only, no fraud by owners, no market insolvency.");
    if (m->moves)
        print_sentence(out, 0, "Prices move, of mean 1%s%s%s. Customers are owed: %s.", jumps ? ", with jumps" : "",
                       m->tail_nu > 0 ? ", with fat tails" : "",
                       m->impact_fall > 0 || m->token_fall > 0 ? "; breaches make them fall" : "", owed_words(s));
    else
        print_sentence(out, 0, "Prices stay constant from theft to payment. Customers are owed: %s.", owed_words(s));
}

/* What controls cost, and whose numbers nobody vouches for. */
static void print_controls(FILE *out, const struct hl_result *r, uint32_t e) {
    const struct hl_scenario *s = r->scenario;
    char cost[HL_WORDS_SIZE], assumed[HL_CONTROL_COUNT * 32] = "";
    bool named[HL_CONTROL_COUNT] = {false};
    for (size_t i = 0; i < s->control_count; i++) {
        enum hl_control_id kind = s->controls[i].kind;
        if (s->controls[i].source != NULL || named[kind])
            continue;
        named[kind] = true;
        size_t length = strlen(assumed);
        snprintf(assumed + length, sizeof assumed - length, "%s%s", length > 0 ? ", " : "",
                 hl_control_kinds[kind].name);
    }
    const struct hl_row *row = hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_CONTROL_COST, HL_MEAN, 0);
    if (row == NULL)
        return;
    hl_words_money(cost, sizeof cost, row->value);
    print_sentence(
        out, 0, "Controls cost %s %s a year. %s%s.", cost, s->currency,
        *assumed == '\0' ? "What they do has a source" : "What they do is an assumption, without a source: ", assumed);
}

void hl_results_print(const struct hl_result *r, FILE *out) {
    uint32_t shown = hl_entity_shown(r);
    print_title(out, r);
    if (r->entities[shown].kind == HL_ENTITY_SYSTEM) {
        print_exchanges(out, r);
        print_together(out, r, shown);
        print_at_once(out, r);
        print_concentration(out, r);
        print_heading(out, "All exchanges together");
    } else {
        print_heading(out, r->entities[shown].name);
    }
    print_entity(out, r, shown);
    fputc('\n', out);
    print_limits(out, r->scenario);
    print_controls(out, r, shown);
    print_wrapped(out, 0, "* fewer than 10 hits or misses: only the interval can be relied on.");
}
