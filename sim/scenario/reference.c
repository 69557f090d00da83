/* The reference of all keys: made from the rows that read them. */
#include "models/frequency.h"
#include "models/fund.h"
#include "models/severity.h"
#include "models/vector.h"
#include "scenario/loading.h"

#include <stdio.h>
#include <string.h>

enum { WIDTH = 80, INDENT = 4, NAME_BYTES = 256 };

/* What is being printed. A section's heading waits for its first entry that the filter lets through. */
struct printer {
    FILE *out;
    enum hl_keys_format format;
    const char *filter;
    const char *heading; /* NULL once printed */
    const char *about;
    bool any;
};

/* One line of the reference; `allowed` and `standard` may be NULL. */
struct line {
    const char *name;
    const char *doc;
    const char *allowed;
    const char *standard;
};

/* `lead` and the text, wrapped at WIDTH columns. */
static void put_wrapped(FILE *out, const char *lead, const char *text, int indent) {
    int column = fprintf(out, "%*s%s", indent, "", lead);
    for (bool first = true; *text != '\0'; first = false) {
        int length = (int)strcspn(text, " ");
        if (!first && column + 1 + length > WIDTH)
            column = fprintf(out, "\n%*s", indent, "") - 1;
        else if (!first)
            column += fprintf(out, " ");
        column += fprintf(out, "%.*s", length, text);
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static void put_heading(struct printer *p) {
    if (p->heading == NULL)
        return;
    if (p->format == HL_KEYS_MARKDOWN) {
        fprintf(p->out, "%s## %s\n\n", p->any ? "\n" : "", p->heading);
        if (p->about != NULL)
            fprintf(p->out, "%s\n\n", p->about);
        fputs("| key | meaning | must be | default |\n|---|---|---|---|\n", p->out);
    } else {
        fprintf(p->out, "%s%s\n", p->any ? "\n" : "", p->heading);
        for (size_t i = 0; i < strlen(p->heading); i++)
            fputc('-', p->out);
        fputc('\n', p->out);
        if (p->about != NULL)
            put_wrapped(p->out, "", p->about, 0);
    }
    p->heading = NULL;
}

/* A cell of a Markdown table: a bar would end it, and a key in angle brackets would be HTML. */
static void put_cell(FILE *out, const char *text) {
    for (; *text != '\0'; text++) {
        if (strchr("|<*_", *text) != NULL)
            fputc('\\', out);
        fputc(*text, out);
    }
    fputs(" |", out);
}

static void put_line(struct printer *p, const struct line *line) {
    if (p->filter != NULL && strstr(line->name, p->filter) == NULL)
        return;
    put_heading(p);
    p->any = true;
    if (p->format == HL_KEYS_MARKDOWN) {
        fprintf(p->out, "| `%s` | ", line->name);
        put_cell(p->out, line->doc);
        fputc(' ', p->out);
        put_cell(p->out, line->allowed == NULL ? "" : line->allowed);
        fputc(' ', p->out);
        put_cell(p->out, line->standard == NULL ? "" : line->standard);
        fputc('\n', p->out);
        return;
    }
    fprintf(p->out, "%s\n", line->name);
    put_wrapped(p->out, "", line->doc, INDENT);
    if (line->allowed != NULL)
        put_wrapped(p->out, "must be ", line->allowed, INDENT);
    if (line->standard != NULL)
        put_wrapped(p->out, strcmp(line->standard, "required") == 0 ? "" : "default ", line->standard, INDENT);
}

static void put_key(struct printer *p, const char *path, const struct hl_key *key) {
    char name[NAME_BYTES], allowed[HL_MESSAGE_BYTES];
    snprintf(name, sizeof name, "%s%s%s", path, *path == '\0' ? "" : ".", key->name);
    hl_key_allowed(allowed, sizeof allowed, key);
    const char *standard = key->standard_words != NULL ? key->standard_words : key->standard;
    if (key->required)
        standard = "required";
    else if (standard == NULL)
        standard = "not given";
    else if (*standard == '\0')
        standard = "empty";
    put_line(p, &(struct line){name, key->doc, allowed, standard});
}

static void put_keys(struct printer *p, const char *path, const struct hl_key *keys, size_t count) {
    for (size_t i = 0; i < count; i++)
        put_key(p, path, &keys[i]);
}

static void put_section(struct printer *p, const char *heading, const struct hl_section *section) {
    p->heading = heading;
    p->about = section->doc;
    put_keys(p, section->path, section->keys, section->count);
}

static void put_vectors(struct printer *p) {
    p->heading = "Vectors";
    p->about = "How the coins are reached. The tiers are what a vector reaches unless takes.tiers says otherwise.";
    for (size_t v = 0; v < HL_VECTOR_COUNT; v++) {
        char name[NAME_BYTES], doc[HL_MESSAGE_BYTES];
        const char *separator = " Reaches ";
        snprintf(name, sizeof name, "breaches[].vector: %s", hl_vectors[v].name);
        int length = snprintf(doc, sizeof doc, "%s", hl_vectors[v].doc);
        for (size_t tier = 0; tier < HL_TIER_COUNT; tier++)
            if ((hl_vectors[v].tiers >> tier & 1) != 0) {
                length += snprintf(doc + length, sizeof doc - (size_t)length, "%s%s", separator, hl_tier_names[tier]);
                separator = ", ";
            }
        snprintf(doc + length, sizeof doc - (size_t)length, ".");
        put_line(p, &(struct line){name, doc, NULL, NULL});
    }
}

static void put_family(struct printer *p, const char *path, const char *name, const char *doc, const char *source,
                       const struct hl_key *keys, size_t count) {
    char dotted[NAME_BYTES], text[HL_MESSAGE_BYTES];
    snprintf(dotted, sizeof dotted, "%s.%s", path, name);
    snprintf(text, sizeof text, "%s Source: %s.", doc, source);
    put_line(p, &(struct line){dotted, text, "a map of its parameters", NULL});
    put_keys(p, dotted, keys, count);
}

static void put_frequencies(struct printer *p) {
    struct hl_key keys[HL_FAMILY_KEYS_MOST];
    char texts[HL_PARAMETERS_MOST][32];
    p->heading = "Families of counts";
    p->about = "How many breaches in a year: exactly one.";
    for (size_t i = 0; hl_frequencies[i] != NULL; i++) {
        const struct hl_frequency *f = hl_frequencies[i];
        put_family(p, "breaches[].count", f->name, f->doc, f->source, keys, hl_frequency_keys(keys, texts, f));
    }
}

static void put_copulas(struct printer *p) {
    struct hl_key keys[HL_FAMILY_KEYS_MOST];
    char texts[HL_PARAMETERS_MOST][32];
    p->heading = "Copulas";
    p->about = "What ties numbers that are drawn together by one common factor: at most one.";
    for (size_t i = 0; hl_copulas[i] != NULL; i++) {
        const struct hl_copula_family *f = hl_copulas[i];
        put_family(p, "breaches[].copula", f->name, f->doc, f->source, keys, hl_copula_keys(keys, texts, f));
    }
}

static void put_severities(struct printer *p, bool share) {
    struct hl_key keys[HL_FAMILY_KEYS_MOST];
    char texts[HL_PARAMETERS_MOST][32];
    p->heading = share ? "Families of shares" : "Families of amounts";
    p->about =
        share ? "The share of what is in reach that one breach takes: exactly one, perhaps with everything beside it."
              : "The amount that one breach takes, at most what is in reach: exactly one.";
    for (size_t i = 0; hl_severities[i] != NULL; i++) {
        const struct hl_severity *f = hl_severities[i];
        if (f->share == share)
            put_family(p, share ? "breaches[].takes.share" : "breaches[].takes.amount", f->name, f->doc, f->source,
                       keys, hl_severity_keys(keys, texts, f));
    }
    if (share)
        put_keys(p, hl_section_everything.path, hl_section_everything.keys, hl_section_everything.count);
}

/* Which parameters of a family are durations where it tells a time; what they mean stands with the amounts. */
static void put_time_families(struct printer *p) {
    struct hl_key keys[HL_PARAMETERS_MOST];
    char texts[HL_PARAMETERS_MOST][32];
    p->heading = "Families of times";
    p->about =
        "A time is " HL_TIME_SHAPE ". The families are those of amounts, told in durations; what is drawn is cut "
        "at 3650 days.";
    for (size_t i = 0; hl_time_family_name(i) != NULL; i++) {
        char name[NAME_BYTES], doc[HL_MESSAGE_BYTES];
        const struct hl_severity *f = hl_severity_find(hl_time_family_name(i));
        size_t count = hl_time_keys(keys, texts, f);
        int length = snprintf(doc, sizeof doc, "As the family of amounts, with");
        for (size_t k = 0; k < count; k++)
            length += snprintf(doc + length, sizeof doc - (size_t)length, "%s %s%s", k > 0 ? "," : "", keys[k].name,
                               keys[k].unit == HL_UNIT_DAYS ? " (a duration)" : "");
        snprintf(doc + length, sizeof doc - (size_t)length, ".");
        snprintf(name, sizeof name, "time: %s", f->name);
        put_line(p, &(struct line){name, doc, "a map of its parameters", NULL});
    }
}

static void put_climates(struct printer *p) {
    put_section(p, "climates", &hl_section_climate);
    for (size_t i = 0; hl_climates[i] != NULL; i++) {
        const struct hl_climate_family *f = hl_climates[i];
        put_family(p, "climates[]", f->name, f->doc, f->source, hl_section_climate_family.keys,
                   hl_section_climate_family.count);
    }
}

static void put_covariates(struct printer *p) {
    p->heading = "Figures that a rate depends on";
    p->about = "The rate is the stated one at an exchange whose figures are all at `at`.";
    for (size_t i = 0; i < HL_COVARIATE_COUNT; i++) {
        const struct hl_section *section = &hl_section_covariates[i];
        put_line(p, &(struct line){section->path, section->doc, "a map of beta and at", NULL});
        put_keys(p, section->path, section->keys, section->count);
    }
}

static void put_controls(struct printer *p) {
    p->heading = "Kinds of controls";
    p->about = "The names are for the report; what a control does is what its multipliers say.";
    for (size_t i = 0; i < HL_CONTROL_COUNT; i++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "controls[].control: %s", hl_control_kinds[i].name);
        put_line(p, &(struct line){name, hl_control_kinds[i].doc, NULL, NULL});
    }
}

static void put_fund_kinds(struct printer *p) {
    p->heading = "Kinds of funds";
    p->about = "Earmarked funds are set aside for thefts and count on the basis \"earmarked funds only\".";
    for (size_t i = 0; i < HL_FUND_COUNT; i++) {
        const struct hl_section *section = hl_section_fund_kinds[i];
        char doc[HL_MESSAGE_BYTES];
        snprintf(doc, sizeof doc, "%s%s", hl_fund_kinds[i].doc, hl_fund_kinds[i].earmarked ? " Earmarked." : "");
        put_line(p, &(struct line){section->path, doc, "the name alone, or a map of its terms", NULL});
        put_keys(p, section->path, section->keys + hl_section_fund.count, section->count - hl_section_fund.count);
    }
}

void hl_keys_print(FILE *out, enum hl_keys_format format, const char *filter) {
    struct printer p = {.out = out, .format = format, .filter = filter};
    put_section(&p, "Scenario file", &hl_section_scenario);
    put_section(&p, "tables", &hl_section_tables);
    put_section(&p, "Table of exchanges", &hl_section_exchanges);
    put_section(&p, "Table of assets", &hl_section_assets);
    put_section(&p, "Table of vendors", &hl_section_vendors);
    put_section(&p, "Table of holdings", &hl_section_holdings);
    put_section(&p, "Table of volumes", &hl_section_volumes);
    put_climates(&p);
    put_section(&p, "breaches", &hl_section_breach);
    put_vectors(&p);
    put_frequencies(&p);
    put_section(&p, "hit", &hl_section_hit);
    put_copulas(&p);
    put_section(&p, "takes", &hl_section_takes);
    put_section(&p, "Drains", &hl_section_drain);
    put_severities(&p, true);
    put_severities(&p, false);
    put_time_families(&p);
    put_covariates(&p);
    put_section(&p, "excitation", &hl_section_excitation);
    put_section(&p, "controls", &hl_section_control);
    put_controls(&p);
    put_section(&p, "market", &hl_section_market);
    put_section(&p, "Factors of the market", &hl_section_factor);
    put_section(&p, "Jumps", &hl_section_jumps);
    put_section(&p, "Tails", &hl_section_tails);
    put_section(&p, "Impact of a breach", &hl_section_impact);
    put_section(&p, "Prices of the record", &hl_section_told_price);
    put_section(&p, "claims", &hl_section_claims);
    put_section(&p, "Window of claims", &hl_section_window);
    put_section(&p, "Claims by asset", &hl_section_claim_shares);
    put_section(&p, "wallets", &hl_section_wallets);
    put_section(&p, "run", &hl_section_run);
    put_section(&p, "funds", &hl_section_fund);
    put_fund_kinds(&p);
    put_section(&p, "Amounts of funds", &hl_section_amount);
    put_section(&p, "Amounts by a rule", &hl_section_rule);
    put_section(&p, "Amounts by a formula", &hl_section_formula);
    put_section(&p, "Insurance in lieu of an amount", &hl_section_in_lieu);
    put_section(&p, "Insurers that deny a claim", &hl_section_denied);
    put_section(&p, "Premiums that are priced", &hl_section_priced);
    put_section(&p, "report", &hl_section_report);
    put_section(&p, "expected", &hl_section_expected);
    put_section(&p, "facts", &hl_section_fact);
    if (!p.any)
        fprintf(out, "No key has %s in its name.\n", filter);
}
