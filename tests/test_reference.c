#include "models/severity.h"
#include "scenario/loading.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static char *print(enum hl_keys_format format, const char *filter) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    hl_keys_print(out, format, filter);
    fclose(out);
    return text;
}

/* `line` stands in the text as a whole line. */
static bool has_line(const char *text, const char *line) {
    size_t length = strlen(line);
    for (const char *at = strstr(text, line); at != NULL; at = strstr(at + 1, line))
        if ((at == text || at[-1] == '\n') && at[length] == '\n')
            return true;
    return false;
}

Test(reference, names_every_key_column_family_vector_and_kind) {
    const struct hl_section *sections[] = {
        &hl_section_scenario, &hl_section_tables,     &hl_section_exchanges, &hl_section_assets,
        &hl_section_vendors,  &hl_section_holdings,   &hl_section_breach,    &hl_section_takes,
        &hl_section_fund,     &hl_section_amount,     &hl_section_report,    &hl_section_everything,
        &hl_section_market,   &hl_section_factor,     &hl_section_jumps,     &hl_section_tails,
        &hl_section_impact,   &hl_section_claims,     &hl_section_window,    &hl_section_claim_shares,
        &hl_section_climate,  &hl_section_excitation, &hl_section_control};
    char *text = print(HL_KEYS_TEXT, NULL), line[256];
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        for (size_t k = 0; k < sections[i]->count; k++) {
            const char *path = sections[i]->path;
            snprintf(line, sizeof line, "%s%s%s", path, *path == '\0' ? "" : ".", sections[i]->keys[k].name);
            cr_expect(has_line(text, line), "%s", line);
        }
    for (size_t i = 0; hl_severities[i] != NULL; i++)
        for (size_t k = 0; k < hl_severities[i]->parameter_count; k++) {
            snprintf(line, sizeof line, "breaches[].takes.%s.%s.%s", hl_severities[i]->share ? "share" : "amount",
                     hl_severities[i]->name, hl_severities[i]->parameters[k].key);
            cr_expect(has_line(text, line), "%s", line);
        }
    for (size_t i = 0; hl_time_family_name(i) != NULL; i++) {
        snprintf(line, sizeof line, "time: %s", hl_time_family_name(i));
        cr_expect(has_line(text, line), "%s", line);
    }
    static const char *const others[] = {"breaches[].vector: smart_contract",
                                         "breaches[].count.poisson.low",
                                         "breaches[].count.at_most_once.probability",
                                         "funds[].insurance.reinstatements",
                                         "funds[].guarantee_crypto",
                                         "funds[].parent.amount",
                                         "breaches[].takes.amount.empirical.values",
                                         "climates[].gamma.sd",
                                         "climates[].lognormal",
                                         "breaches[].covariates.hot_share.beta",
                                         "controls[].control: multisig"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        cr_expect(has_line(text, others[i]), "%s", others[i]);
    free(text);
}

Test(reference, fits_eighty_columns) {
    char *text = print(HL_KEYS_TEXT, NULL);
    size_t lines = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"), lines++)
        cr_expect(strlen(line) <= 80, "%s", line);
    cr_expect_gt(lines, 300);
    free(text);
}

Test(reference, an_entry_tells_meaning_range_and_default) {
    char *text = print(HL_KEYS_TEXT, "deadline");
    cr_expect_str_eq(text, "report\n"
                           "------\n"
                           "At which levels results are reported.\n"
                           "report.deadline\n"
                           "    What is unpaid so long after the theft is the shortfall.\n"
                           "    must be a duration such as 30 d, 2 w, 6 mo or 1 y, in [0, 3650] days, whole\n"
                           "    default 30 d\n");
    free(text);
}

Test(reference, a_family_of_times_tells_which_parameters_are_durations) {
    char *text = print(HL_KEYS_TEXT, "time: spliced");
    cr_expect_str_eq(text, "Families of times\n"
                           "-----------------\n"
                           "A time is a duration such as 54 min, 6 h or 3 d, or a map of one family of\n"
                           "times, such as {lognormal: {median: 3 d, sigma: 1}}. The families are those of\n"
                           "amounts, told in durations; what is drawn is cut at 3650 days.\n"
                           "time: spliced\n"
                           "    As the family of amounts, with median (a duration), sigma, threshold (a\n"
                           "    duration), tail, scale (a duration), shape.\n"
                           "    must be a map of its parameters\n");
    free(text);
}

Test(reference, markdown_is_tables) {
    char *text = print(HL_KEYS_MARKDOWN, "funds[].recovery.share");
    cr_expect_str_eq(text,
                     "## Kinds of funds\n\n"
                     "Earmarked funds are set aside for thefts and count on the basis \"earmarked funds only\".\n\n"
                     "| key | meaning | must be | default |\n|---|---|---|---|\n"
                     "| `funds[].recovery.share` | Share of each breach's claim that comes back. | a fraction such as "
                     "0.05 or 5 %, in [0, 1] | required |\n");
    free(text);
}

Test(reference, a_filter_that_lets_nothing_through_says_so) {
    char *text = print(HL_KEYS_TEXT, "no_such_key");
    cr_expect_str_eq(text, "No key has no_such_key in its name.\n");
    free(text);
}
