/* What the terminal says of a run by importance sampling. */
#include "results/print_rare.h"

#include "results/terminal.h"

#include <string.h>

/* The levels of the report, on both bases. */
static void print_levels(FILE *out, const struct hl_result *r, uint32_t e, enum hl_perspective what) {
    for (size_t i = 0; i < r->scenario->report.confidence_count; i++) {
        double level = r->scenario->report.confidence[i];
        char words[HL_WORDS_SIZE], label[HL_WORDS_SIZE];
        hl_words_level(words, sizeof words, level);
        snprintf(label, sizeof label, "at %s", words);
        hl_print_bases(out, r, e, label, 0, 0, what, HL_VAR, level, HL_MEASURE_MONEY);
    }
}

static void print_gross(FILE *out, const struct hl_result *r, uint32_t e) {
    hl_print_heading(out, "What is taken in a year");
    hl_print_row(out, "mean", hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_GROSS, HL_MEAN, 0), HL_MEASURE_MONEY);
    for (size_t i = 0; i < r->scenario->report.confidence_count; i++) {
        double level = r->scenario->report.confidence[i];
        char words[HL_WORDS_SIZE], label[HL_WORDS_SIZE];
        hl_words_level(words, sizeof words, level);
        snprintf(label, sizeof label, "at %s", words);
        hl_print_row(out, label, hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_GROSS, HL_VAR, level), HL_MEASURE_MONEY);
        hl_words_level(words, sizeof words, 1 - level);
        snprintf(label, sizeof label, "mean of the worst %s", words);
        hl_print_row(out, label, hl_row_of(r, 0, 0, e, HL_BASIS_ALL, HL_GROSS, HL_TVAR, level), HL_MEASURE_MONEY);
    }
}

static void print_shortfall(FILE *out, const struct hl_result *r, uint32_t e) {
    char span[HL_WORDS_SIZE], label[HL_WORDS_SIZE];
    hl_words_span(span, sizeof span, r);
    snprintf(label, sizeof label, "%s, mean", span);
    hl_print_heading(out, "Will customers be whole?");
    hl_print_bases_head(out);
    hl_print_bases(out, r, e, "P(shortfall)", 0, 0, HL_SHORTFALL, HL_P_POSITIVE, 0, HL_MEASURE_FRACTION);
    hl_print_bases(out, r, e, label, 0, 0, HL_SHORTFALL, HL_MEAN, 0, HL_MEASURE_MONEY);
    hl_print_bases(out, r, e, "when there is one", 0, 0, HL_SHORTFALL, HL_MEAN_IF_POSITIVE, 0, HL_MEASURE_MONEY);
    hl_print_heading(out, "Shortfall");
    print_levels(out, r, e, HL_SHORTFALL);
    hl_print_heading(out, "Additional reserve needed");
    print_levels(out, r, e, HL_RESERVE_NEEDED);
}

/* A factor as people say it. */
static const char *times(char *out, size_t size, double factor) {
    hl_words_number(out, size, factor, factor < 10 ? 2 : 0);
    return out;
}

static void print_tilts(FILE *out, const struct hl_result *r) {
    hl_print_heading(out, "How trials were drawn");
    for (size_t i = 0; i < r->rare.tilt_count; i++) {
        const struct hl_rare_tilt *t = &r->rare.tilts[i];
        char number[HL_WORDS_SIZE], words[4 * HL_WORDS_SIZE];
        if (t->shift != 0)
            snprintf(words, sizeof words, "shocks up by %s sd", times(number, sizeof number, t->shift));
        else
            snprintf(words, sizeof words, "%s times as often", times(number, sizeof number, t->rate));
        if (t->size != 1)
            snprintf(words + strlen(words), sizeof words - strlen(words), ", sizes from u^%s",
                     times(number, sizeof number, t->size));
        hl_print_line(out, t->name, words, NULL);
    }
}

void hl_rare_print(FILE *out, const struct hl_result *r) {
    const struct hl_rare *rare = &r->rare;
    char share[HL_WORDS_SIZE], weight[HL_WORDS_SIZE], error[HL_WORDS_SIZE], hits[HL_WORDS_SIZE];
    char effective[HL_WORDS_SIZE], reduction[HL_WORDS_SIZE], largest[HL_WORDS_SIZE], pilot[HL_WORDS_SIZE];
    print_gross(out, r, rare->entity);
    print_shortfall(out, r, rare->entity);
    print_tilts(out, r);
    hl_words_level(share, sizeof share, rare->plain_share);
    hl_words_number(weight, sizeof weight, rare->mean_weight, 4);
    hl_words_number(error, sizeof error, rare->mean_weight_error, 4);
    hl_words_number(hits, sizeof hits, (double)rare->hits, 0);
    hl_words_number(effective, sizeof effective, rare->effective_hits, 0);
    hl_words_number(reduction, sizeof reduction, rare->variance_reduction, rare->variance_reduction < 10 ? 1 : 0);
    hl_words_percent(largest, sizeof largest, rare->largest_share);
    hl_words_number(pilot, sizeof pilot, (double)rare->pilot_trials, 0);
    fputc('\n', out);
    hl_print_sentence(out, 0,
                      "Importance sampling: %s of the trials as stated, the others as above, found by a pilot of %s "
                      "trials. Weights average %s (error %s; 1 is right).",
                      share, pilot, weight, error);
    hl_print_sentence(out, 0,
                      "%s trials fell short, worth %s of equal weight; the heaviest makes %s of P(shortfall). For it "
                      "one trial is worth %s plain ones.",
                      hits, effective, largest, reduction);
}

void hl_rare_print_fallback(FILE *out, const struct hl_result *r) {
    if (r->rare.asked && r->rare.fallback != NULL)
        hl_print_sentence(out, 0, "Importance sampling was asked for, but %s: trials were drawn as stated.",
                          r->rare.fallback);
}
