/* The terminal summary: what a risk officer reads first, in at most 80 columns. */
#include "results/layers.h"
#include "results/print_rare.h"
#include "results/terminal.h"
#include "results/words.h"
#include "results/write.h"

#include <math.h>
#include <string.h>

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
    hl_print_wrapped(out, 0, r->scenario->title);
    if (r->trials > 0)
        hl_print_sentence(out, 0, "%s trials of %s, seed %llu. Money in %s. Ranges in brackets are 95 %% intervals.",
                          trials, r->scenario->horizon_days == 365 ? "one year" : horizon, (unsigned long long)r->seed,
                          r->scenario->currency);
    else
        hl_print_sentence(out, 0, "Calculated without trials. Money in %s. Ranges in brackets hold the exact values.",
                          r->scenario->currency);
    hl_print_sentence(out, 0, "Shortfall: what customers are owed and have not got %s after the theft.", deadline);
}

static void print_whole(FILE *out, const struct hl_result *r, uint32_t e) {
    const struct hl_report *report = &r->scenario->report;
    char label[HL_WORDS_SIZE];
    char days[HL_WORDS_SIZE];
    hl_words_span(days, sizeof days, r);
    snprintf(label, sizeof label, r->year_count == 1 ? "%s, on average" : "%s, mean", days);
    hl_print_heading(out, "Will customers be whole?");
    hl_print_row(out, "P(breach)", hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH, 0), HL_MEASURE_FRACTION);
    hl_print_bases_head(out);
    hl_print_bases(out, r, e, "P(shortfall)", 0, 0, HL_SHORTFALL, HL_P_POSITIVE, 0, HL_MEASURE_FRACTION);
    hl_print_bases(out, r, e, label, 0, 0, HL_SHORTFALL, HL_MEAN, 0, HL_MEASURE_MONEY);
    hl_print_bases(out, r, e, "when there is one", 0, 0, HL_SHORTFALL, HL_MEAN_IF_POSITIVE, 0, HL_MEASURE_MONEY);
    for (size_t i = 0; i < report->unpaid_after_count; i++) {
        double after = report->unpaid_after_days[i];
        days_words(days, sizeof days, after);
        snprintf(label, sizeof label, "unpaid > %s", days);
        hl_print_bases(out, r, e, label, 0, 0, HL_SHORTFALL, HL_P_UNPAID_AFTER, after, HL_MEASURE_FRACTION);
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
        hl_print_row(out, label, hl_row_of(r, 0, 0, e, HL_BASIS_ALL, perspective, HL_VAR_GIVEN_BREACH, level), measure);
    }
}

static void print_breach(FILE *out, const struct hl_result *r, uint32_t e) {
    hl_print_heading(out, "If a breach happens");
    hl_print_row(out, "loss, mean", hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_GROSS, HL_MEAN_GIVEN_BREACH, 0),
                 HL_MEASURE_MONEY);
    print_given_breach(out, r, e, HL_GROSS, "loss", HL_MEASURE_MONEY);
    print_given_breach(out, r, e, HL_DAYS_UNTIL_WHOLE, "days until whole", HL_MEASURE_DAYS);
}

static void print_runs(FILE *out, const struct hl_result *r, uint32_t e) {
    if (!r->scenario->run.any)
        return;
    hl_print_heading(out, "If customers run, once a breach is known (at the prices of day 0)");
    hl_print_row(out, "P(run)", hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_WITHDRAWN, HL_P_POSITIVE, 0),
                 HL_MEASURE_FRACTION);
    hl_print_row(out, "P(suspended)", hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_SUSPENDED, HL_P_POSITIVE, 0),
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
    hl_print_sentence(out, 2, "at %s, with every breach rate at an end of its stated interval", level);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        size_t outer = hl_sampling_named(r, lines[i].sampling);
        if (outer == HL_NONE)
            continue;
        hl_print_bases(out, r, e, lines[i].label, 0, (uint16_t)outer, HL_RESERVE_NEEDED, HL_VAR, sized_at,
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
        hl_print_sentence(out, 2, "%s%s%s", rates ? hl_basis_words[order[i]] : "", rates ? ": " : "", sentence);
        if (!rates)
            return;
    }
}

static void print_reserve(FILE *out, const struct hl_result *r, uint32_t e) {
    const struct hl_report *report = &r->scenario->report;
    char words[HL_WORDS_SIZE];
    char label[HL_WORDS_SIZE];
    hl_print_heading(out, "Reserve needed: cash on top of all stated funds, there on day 0");
    hl_print_bases_head(out);
    for (size_t i = 0; i < report->confidence_count; i++) {
        hl_words_level(words, sizeof words, report->confidence[i]);
        snprintf(label, sizeof label, "%7s%s", words, report->confidence[i] == report->sized_at ? "  sized" : "");
        hl_print_bases(out, r, e, label, 0, 0, HL_RESERVE_NEEDED, HL_VAR, report->confidence[i], HL_MEASURE_MONEY);
    }
    if (report->given_breach_count > 0)
        hl_print_sentence(out, 2, "given a breach");
    for (size_t i = 0; i < report->given_breach_count; i++) {
        hl_words_level(words, sizeof words, report->given_breach[i]);
        snprintf(label, sizeof label, "%7s", words);
        hl_print_bases(out, r, e, label, 0, 0, HL_RESERVE_NEEDED, HL_VAR_GIVEN_BREACH, report->given_breach[i],
                       HL_MEASURE_MONEY);
    }
    print_reserve_by_rate(out, r, e);
    print_rate_verdicts(out, r, e);
}

static void print_insurance(FILE *out, const struct hl_result *r, uint32_t e) {
    size_t bare = hl_policy_named(r, "no_insurance");
    char sentence[HL_SENTENCE_SIZE];
    hl_print_heading(out, "What insurance changes");
    if (bare == HL_NONE) {
        hl_print_sentence(out, 2, "The funds have no insurance layer.");
        return;
    }
    hl_print_layers(out, r, e);
    hl_print_bases_head(out);
    hl_print_bases(out, r, e, "P(short) without", (uint16_t)bare, 0, HL_SHORTFALL, HL_P_POSITIVE, 0,
                   HL_MEASURE_FRACTION);
    hl_print_bases(out, r, e, "P(short) with", 0, 0, HL_SHORTFALL, HL_P_POSITIVE, 0, HL_MEASURE_FRACTION);
    hl_print_bases(out, r, e, "  less by (paired)", (uint16_t)bare, 0, HL_INSURANCE_GAIN, HL_P_POSITIVE, 0,
                   HL_MEASURE_FRACTION);
    hl_print_bases(out, r, e, "shortfall less by", (uint16_t)bare, 0, HL_INSURANCE_GAIN, HL_MEAN, 0, HL_MEASURE_MONEY);
    static const enum hl_basis order[] = {HL_BASIS_EARMARKED, HL_BASIS_ALL};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        hl_words_insurance(sentence, sizeof sentence, r, e, order[i]);
        if (sentence[0])
            hl_print_sentence(out, 2, "%s: %s", hl_basis_words[order[i]], sentence);
    }
}

static void print_payer(FILE *out, const char *name, const struct hl_row *row, const struct hl_row *claim) {
    char cell[HL_WORDS_SIZE];
    char share[HL_WORDS_SIZE] = "";
    hl_words_row(cell, sizeof cell, row, HL_MEASURE_MONEY);
    if (row && claim && claim->value > 0 && isfinite(row->value)) {
        hl_words_percent(share, sizeof share, row->value / claim->value);
    }
    hl_print_line(out, name, cell, share);
}

static void print_payers(FILE *out, const struct hl_result *r, uint32_t e) {
    const struct hl_row *claim = hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_CLAIM, HL_MEAN, 0);
    char span[HL_WORDS_SIZE], heading[2 * HL_WORDS_SIZE];
    hl_words_span(span, sizeof span, r);
    snprintf(heading, sizeof heading, "Who pays: on average %s, after all lags", span);
    hl_print_heading(out, heading);
    hl_print_line(out, "", "", "of the claim");
    for (size_t i = 0; i < r->scenario->fund_count; i++) {
        const struct hl_row *paid = hl_row_of_fund(r, e, i, HL_PAID, HL_MEAN, 0);
        if (paid)
            print_payer(out, r->scenario->funds[i].name, paid, claim);
    }
    print_payer(out, "customers", hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_HAIRCUT, HL_MEAN, 0), claim);
    print_payer(out, "claim", claim, claim);
}

/* What becomes of the firm and of its customers in the end, and what funds cost, where the scenario says so. */
static void print_end(FILE *out, const struct hl_result *r, uint32_t e) {
    const struct hl_row *insolvent = hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_INSOLVENT, HL_P_POSITIVE, 0);
    if (insolvent == NULL)
        return;
    hl_print_heading(out, "In the end: what customers lose when the firm cannot pay");
    const struct hl_row *lose = hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_HAIRCUT_SHARE, HL_P_POSITIVE, 0);
    hl_print_row(out, "P(insolvent)", insolvent, HL_MEASURE_FRACTION);
    if (lose == NULL)
        return;
    hl_print_row(out, "P(customers lose)", lose, HL_MEASURE_FRACTION);
    hl_print_row(out, "share lost, if any",
                 hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_HAIRCUT_SHARE, HL_MEAN_IF_POSITIVE, 0), HL_MEASURE_FRACTION);
    static const char *const of[HL_HAIRCUT_RULE_COUNT] = {
        [HL_HAIRCUT_ALL_COINS] = "all their coins",
        [HL_HAIRCUT_COINS_AND_FIAT] = "all their coins and money",
        [HL_HAIRCUT_BY_ASSET] = "the coin that loses most",
    };
    hl_print_sentence(out, 2, "The share is of %s.", of[r->scenario->haircut]);
}

static void print_trials(FILE *out, const struct hl_result *r, uint32_t e) {
    static const enum hl_basis order[] = {HL_BASIS_EARMARKED, HL_BASIS_ALL};
    char sentence[HL_SENTENCE_SIZE];
    if (r->trials == 0)
        return;
    hl_print_heading(out, "Enough trials?");
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const struct hl_verdict *verdict = hl_verdict_of(r, e, order[i]);
        if (!verdict)
            continue;
        hl_words_trials(sentence, sizeof sentence, r, verdict);
        hl_print_sentence(out, 2, "%s: %s", hl_basis_words[order[i]], sentence);
    }
}

/* ---- what --method auto makes better ------------------------------------------------------------------------------
 */

/* Figures above, as a sentence names them. */
static const struct figure {
    enum hl_perspective perspective;
    enum hl_metric metric;
    double level_least; /* at least so many short: one is P(shortfall) */
    const char *name;
} figures[] = {
    {HL_GROSS, HL_P_BREACH, 0, "P(breach)"},
    {HL_SHORTFALL, HL_P_POSITIVE, 0, "P(shortfall)"},
    {HL_SHORTFALL, HL_P_AT_LEAST, 2, "P(several short)"},
    {HL_SHORTFALL, HL_MEAN, 0, "mean shortfall"},
    {HL_SHORTFALL, HL_P_UNPAID_AFTER, 0, "P(unpaid)"},
    {HL_GROSS, HL_MEAN, 0, "mean loss"},
    {HL_CLAIM, HL_MEAN, 0, "claim"},
    {HL_PAID, HL_MEAN, 0, "who pays"},
    {HL_HAIRCUT, HL_MEAN, 0, "what customers bear"},
    {HL_RESERVE_NEEDED, HL_VAR, 0, "reserve needed"},
};

/* How many rows of a figure are of a status, and what a trial is worth in them. */
struct worth {
    size_t count;
    double least, most;
};

static struct worth find_worth(const struct hl_result *r, uint32_t e, const struct figure *f,
                               enum hl_row_status status) {
    struct worth found = {.least = INFINITY};
    for (size_t i = 0; i < r->row_count; i++) {
        const struct hl_row_key *key = &r->rows[i].key;
        if (key->policy != 0 || key->outer != 0 || key->year != r->whole || key->entity != e ||
            key->perspective != f->perspective || key->metric != f->metric || key->level < f->level_least ||
            r->rows[i].status != status)
            continue;
        found.count++;
        found.least = fmin(found.least, r->reductions[i]);
        found.most = fmax(found.most, r->reductions[i]);
    }
    return found;
}

static void worth_words(char *out, size_t size, double worth) {
    if (worth >= 1e6)
        snprintf(out, size, "over a million");
    else
        hl_words_number(out, size, worth, worth < 10 ? 1 : 0);
}

/* Which figures are exact, then which are corrected: whether there are any. */
static bool print_calculated(FILE *out, const struct hl_result *r, uint32_t e) {
    char list[HL_SENTENCE_SIZE] = "";
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        size_t length = strlen(list);
        if (find_worth(r, e, &figures[i], HL_ROW_EXACT).count > 0)
            snprintf(list + length, sizeof list - length, "%s%s", length > 0 ? ", " : "", figures[i].name);
    }
    if (*list != '\0')
        hl_print_sentence(out, 2, "calculated: %s", list);
    return *list != '\0';
}

static bool print_corrected(FILE *out, const struct hl_result *r, uint32_t e) {
    bool any = false;
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        struct worth worth = find_worth(r, e, &figures[i], HL_ROW_CONTROLLED);
        char least[HL_WORDS_SIZE], most[HL_WORDS_SIZE], range[2 * HL_WORDS_SIZE + 8];
        if (worth.count == 0)
            continue;
        if (!any)
            hl_print_sentence(out, 2, "corrected by what is exact, so that a trial is worth several plain ones");
        any = true;
        worth_words(least, sizeof least, worth.least);
        worth_words(most, sizeof most, worth.most);
        bool one = strcmp(least, most) == 0;
        snprintf(range, sizeof range, "%s%s%s", least, one ? "" : " to ", one ? "" : most);
        hl_print_line(out, figures[i].name, range, NULL);
    }
    return any;
}

static void print_known(FILE *out, const struct hl_result *r, uint32_t e) {
    if (r->reductions == NULL)
        return;
    hl_print_heading(out, "What is known without trials");
    bool calculated = print_calculated(out, r, e), corrected = print_corrected(out, r, e);
    if (!calculated && !corrected)
        hl_print_sentence(out, 2, "nothing of the figures above");
}

/* Vectors, then vendors: how often, how much, and what part of the expected shortfall goes back to them. */
static void print_origins(FILE *out, const struct hl_result *r, uint32_t whole) {
    static const enum hl_entity_kind kinds[] = {HL_ENTITY_VECTOR, HL_ENTITY_VENDOR};
    const struct hl_row *all = hl_row_of(r, 0, 0, whole, HL_BASIS_ALL, HL_SHORTFALL, HL_MEAN, 0);
    const uint32_t without = r->scenario->report.without, vectors = 1u << HL_CAUSE_VECTORS,
                   vendors = 1u << HL_CAUSE_VENDORS;
    if ((without & vectors) != 0 && (without & vendors) != 0)
        return;
    hl_print_heading(out, (without & vendors) != 0   ? "Where it comes from: vectors"
                          : (without & vectors) != 0 ? "Where it comes from: vendors"
                                                     : "Where it comes from: vectors, then vendors");
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
            hl_print_padded(out, r->entities[e].name, HL_ORIGIN_WIDTH);
            fprintf(out, " %9s   %-24s %12s\n", percent, loss, share);
        }
    }
}

/* One line per policy year, no intervals: they stand in summary.json and in the tables. */
static void print_years(FILE *out, const struct hl_result *r, uint32_t e) {
    static const enum hl_basis order[] = {HL_BASIS_EARMARKED, HL_BASIS_ALL};
    if (r->year_count == 1)
        return;
    hl_print_heading(out, "Year by year (e: earmarked funds only; all: all sources of funds)");
    fprintf(out, "  %4s %9s %9s  %9s %9s  %9s %9s  %9s\n", "", "", "loss,", "P(short)", "P(short)", "by then",
            "by then", "haircut,");
    fprintf(out, "  %4s %9s %9s  %9s %9s  %9s %9s  %9s\n", "year", "P(breach)", "mean", "e", "all", "e", "all", "mean");
    for (uint16_t year = 1; year <= r->year_count; year++) {
        char cell[HL_WORDS_SIZE];
        fprintf(out, "  %4d", (int)year);
        fprintf(out, " %9s",
                hl_print_short_words(cell, sizeof cell, hl_row_of_year(r, year, e, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH),
                                     HL_MEASURE_FRACTION));
        fprintf(out, " %9s ",
                hl_print_short_words(cell, sizeof cell, hl_row_of_year(r, year, e, HL_BASIS_ALL, HL_GROSS, HL_MEAN),
                                     HL_MEASURE_MONEY));
        for (size_t i = 0; i < 2; i++)
            fprintf(out, " %9s",
                    hl_print_short_words(cell, sizeof cell,
                                         hl_row_of_year(r, year, e, order[i], HL_SHORTFALL, HL_P_POSITIVE),
                                         HL_MEASURE_FRACTION));
        fputc(' ', out);
        for (size_t i = 0; i < 2; i++)
            fprintf(out, " %9s",
                    hl_print_short_words(cell, sizeof cell,
                                         hl_row_of(r, 0, 0, e, order[i], HL_SHORTFALL, HL_P_SHORT_BY, year),
                                         HL_MEASURE_FRACTION));
        fprintf(out, "  %9s\n",
                hl_print_short_words(cell, sizeof cell, hl_row_of_year(r, year, e, HL_BASIS_ALL, HL_HAIRCUT, HL_MEAN),
                                     HL_MEASURE_MONEY));
    }
    hl_print_sentence(out, 2, "By then: there has been a shortfall by the end of the year, of whatever claim.");
}

static void print_entity(FILE *out, const struct hl_result *r, uint32_t e) {
    print_whole(out, r, e);
    print_years(out, r, e);
    print_breach(out, r, e);
    print_runs(out, r, e);
    print_reserve(out, r, e);
    print_insurance(out, r, e);
    print_payers(out, r, e);
    print_end(out, r, e);
    print_origins(out, r, e);
    print_trials(out, r, e);
    print_known(out, r, e);
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
    hl_print_wrapped(out, 0, "Limits: losses from theft only, no fraud by owners, no market insolvency.");
    if (m->moves)
        hl_print_sentence(out, 0, "Prices move, of mean 1%s%s%s. Customers are owed: %s.", jumps ? ", with jumps" : "",
                          m->tail_nu > 0 ? ", with fat tails" : "",
                          m->impact_fall > 0 || m->token_fall > 0 ? "; breaches make them fall" : "", owed_words(s));
    else
        hl_print_sentence(out, 0, "Prices stay constant from theft to payment. Customers are owed: %s.", owed_words(s));
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
    hl_print_sentence(
        out, 0, "Controls cost %s %s a year. %s%s.", cost, s->currency,
        *assumed == '\0' ? "What they do has a source" : "What they do is an assumption, without a source: ", assumed);
}

/* What funds cost in a year. */
static void print_fund_costs(FILE *out, const struct hl_result *r, uint32_t e) {
    const struct hl_scenario *s = r->scenario;
    double sum = 0;
    char cost[HL_WORDS_SIZE];
    for (size_t f = 0; f < s->fund_count; f++) {
        const struct hl_row *row = hl_row_of_fund(r, e, f, HL_FUND_COST, HL_MEAN, 0);
        sum += row != NULL ? row->value : 0;
    }
    if (sum == 0)
        return;
    hl_words_money(cost, sizeof cost, sum);
    hl_print_sentence(out, 0, "To keep the funds costs %s %s a year, premiums apart; no part of any claim.", cost,
                      s->currency);
}

static bool is_weighted(const struct hl_result *r) { return r->rare.asked && r->rare.fallback == NULL; }

void hl_results_print(const struct hl_result *r, FILE *out) {
    uint32_t shown = is_weighted(r) ? r->rare.entity : hl_entity_shown(r);
    print_title(out, r);
    hl_rare_print_fallback(out, r);
    if (is_weighted(r)) {
        hl_print_heading(out, r->entities[shown].name);
        hl_rare_print(out, r);
    } else if (r->entities[shown].kind == HL_ENTITY_SYSTEM) {
        hl_print_system(out, r, shown);
        hl_print_heading(out, "All exchanges together");
        print_entity(out, r, shown);
    } else {
        hl_print_heading(out, r->entities[shown].name);
        print_entity(out, r, shown);
    }
    fputc('\n', out);
    print_limits(out, r->scenario);
    print_controls(out, r, shown);
    print_fund_costs(out, r, shown);
    hl_print_wrapped(out, 0, "* fewer than 10 hits or misses: only the interval can be relied on.");
}
