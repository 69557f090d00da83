/* From a file to a scenario: the keys at the top, then the tables, then what refers to them. */
#include "base/file.h"
#include "base/money.h"
#include "scenario/loading.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* ---- keys -------------------------------------------------------------------------------------------------------- */

#define WHERE(type, member) .offset = offsetof(struct type, member)

/* The top of the file as written. */
struct top {
    unsigned format;
    const char *title;
    const char *description;
    const char *currency;
    const struct hl_node *currencies;
    const char *starts_on;
    double horizon_days;
    unsigned state;
    double trials; /* INFINITY = auto */
    double most_trials;
    double target_relative_error;
    double seed;
    const struct hl_node *tables;
    const struct hl_node *climates;
    const struct hl_node *breaches;
    const struct hl_node *excitation;
    const struct hl_node *controls;
    const struct hl_node *wallets;
    const struct hl_node *market;
    const struct hl_node *claims;
    const struct hl_node *run;
    const struct hl_node *funds;
    unsigned haircut;
    const struct hl_node *report;
    const struct hl_node *expected;
    const struct hl_node *facts;
};

static const char *haircut_name(size_t place) { return place < HL_HAIRCUT_RULE_COUNT ? hl_haircut_names[place] : NULL; }

static const char *format_name(size_t place) { return place == 0 ? "1" : NULL; }

enum { STATE_CARRIED, STATE_FRESH, STATE_COUNT };
static const char *state_name(size_t place) {
    static const char *const names[STATE_COUNT] = {[STATE_CARRIED] = "carried", [STATE_FRESH] = "fresh"};
    return place < STATE_COUNT ? names[place] : NULL;
}

static const struct hl_key top_keys[] = {
    {.name = "format",
     .kind = HL_KEY_CHOICE,
     .required = true,
     .choice = format_name,
     WHERE(top, format),
     .doc = "The version of this format."},
    {.name = "title", .kind = HL_KEY_TEXT, .required = true, WHERE(top, title), .doc = "What stands over the results."},
    {.name = "description",
     .kind = HL_KEY_TEXT,
     .standard = "",
     WHERE(top, description),
     .doc = "What the scenario is about and what is assumed."},
    {.name = "currency",
     .kind = HL_KEY_CURRENCY,
     .required = true,
     WHERE(top, currency),
     .doc = "The currency of all amounts and results."},
    {.name = "currencies",
     .kind = HL_KEY_NODE,
     .shape = "a map of currency codes to rates, such as {USD: 157.2}",
     .standard_words = "none",
     WHERE(top, currencies),
     .doc = "What one unit of another currency is worth, for amounts such as 12.5 m USD."},
    {.name = "starts_on",
     .kind = HL_KEY_DATE,
     .standard_words = "none: days are counted",
     WHERE(top, starts_on),
     .doc = "The date of the first day: stories of single trials then tell dates."},
    {.name = "horizon",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_DAYS,
     .minimum = 1,
     .maximum = HL_YEARS_MOST * 365,
     .standard = "1 y",
     WHERE(top, horizon_days),
     .doc = "The time in which breaches happen: one policy year, a part of one, or a whole number of years up to 30."},
    {.name = "state",
     .kind = HL_KEY_CHOICE,
     .choice = state_name,
     .standard = "carried",
     WHERE(top, state),
     .doc = "With several years only: funds are carried over and failed exchanges stay closed, or each year begins "
            "afresh."},
    {.name = "trials",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_COUNT,
     .minimum = 1,
     .maximum = 1e12,
     .whole = true,
     .word = "auto",
     .word_value = INFINITY,
     .standard = "1_000_000",
     WHERE(top, trials),
     .doc = "How many histories are simulated; auto goes on until target_relative_error is met."},
    {.name = "most_trials",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_COUNT,
     .minimum = 1,
     .maximum = 1e12,
     .whole = true,
     .standard = "10_000_000",
     WHERE(top, most_trials),
     .doc = "With trials: auto only: where it stops at the latest."},
    {.name = "target_relative_error",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_FRACTION,
     .minimum_open = true,
     .maximum = 1,
     .standard = "5 %",
     WHERE(top, target_relative_error),
     .doc = "The standard error of the probability of shortfall, as a fraction of it, at which the trials are enough."},
    {.name = "seed",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_COUNT,
     .maximum = 0x1p53 - 1,
     .whole = true,
     .standard = "1",
     WHERE(top, seed),
     .doc = "Which random histories: the same seed gives the same ones."},
    {.name = "tables",
     .kind = HL_KEY_NODE,
     .required = true,
     .shape = "a map of tables to files, or to their rows",
     WHERE(top, tables),
     .doc = "Where the figures are."},
    {.name = "climates",
     .kind = HL_KEY_NODE,
     .shape = "a list such as [{name: threat, gamma: {sd: 60 %}}]",
     .standard_words = "none",
     WHERE(top, climates),
     .doc = "Bad years: factors of rates that breaches share."},
    {.name = "breaches",
     .kind = HL_KEY_NODE,
     .required = true,
     .shape = "a list of at least one breach",
     WHERE(top, breaches),
     .doc = "How coins can be stolen."},
    {.name = "excitation",
     .kind = HL_KEY_NODE,
     .shape = "a list such as [{from: key_leak, to: insider, ratio: 10 %, delay: 30 d}]",
     .standard_words = "none",
     WHERE(top, excitation),
     .doc = "Which breaches set off which."},
    {.name = "controls",
     .kind = HL_KEY_NODE,
     .shape = "a list such as [{control: multisig, taken: 50 %, cost_per_year: 20 m}]",
     .standard_words = "none",
     WHERE(top, controls),
     .doc = "Security controls: what they change, and what they cost."},
    {.name = "wallets",
     .kind = HL_KEY_NODE,
     .shape = "a map",
     .standard_words = "drained wallets stay empty",
     WHERE(top, wallets),
     .doc = "What becomes of drained wallets."},
    {.name = "market",
     .kind = HL_KEY_NODE,
     .shape = "a map",
     .standard_words = "none: prices stand still",
     WHERE(top, market),
     .doc = "How prices move."},
    {.name = "claims",
     .kind = HL_KEY_NODE,
     .shape = "a map",
     .standard_words = "all of its defaults: the price at the theft",
     WHERE(top, claims),
     .doc = "What customers are owed."},
    {.name = "run",
     .kind = HL_KEY_NODE,
     .shape = "a map",
     .standard_words = "they do not",
     WHERE(top, run),
     .doc = "How customers withdraw their coins when a breach becomes known."},
    {.name = "funds",
     .kind = HL_KEY_NODE,
     .required = true,
     .shape = "a list of funds; [] when nobody pays",
     WHERE(top, funds),
     .doc = "Who pays, in this order."},
    {.name = "haircut",
     .kind = HL_KEY_CHOICE,
     .choice = haircut_name,
     .standard = "all_coins",
     WHERE(top, haircut),
     .doc = "Told when stated, or where something pays after a failure: what the loss of customers is a share of, all "
            "their coins, these and their money, or (by_asset) what they have of the coin that loses most."},
    {.name = "report",
     .kind = HL_KEY_NODE,
     .shape = "a map",
     .standard_words = "all of its defaults",
     WHERE(top, report),
     .doc = "At which levels results are reported."},
    {.name = "expected",
     .kind = HL_KEY_NODE,
     .shape = "a map such as {whole_after: 14 d, customers_lose: 0}",
     .standard_words = "nothing",
     WHERE(top, expected),
     .doc = "What came out in fact: `hackloss replay` holds the first trial against it."},
    {.name = "facts",
     .kind = HL_KEY_NODE,
     .shape = "a list such as [{fact: ..., source: ..., confidence: high}]",
     .standard_words = "none",
     WHERE(top, facts),
     .doc = "What is known of the case, each with its source."},
};
const struct hl_section hl_section_scenario = HL_SECTION("", "The scenario file.", top_keys);

struct report_terms {
    struct hl_numbers confidence;
    struct hl_numbers return_periods;
    struct hl_numbers unpaid_after;
    double deadline_days;
    struct hl_numbers given_breach;
    double sized_at;
    uint32_t without;
};
#define LEVELS                                                                                                         \
    .kind = HL_KEY_NUMBERS, .unit = HL_UNIT_FRACTION, .minimum_open = true, .maximum = 1, .maximum_open = true,        \
    .distinct = true

const char *const hl_cause_names[HL_CAUSE_COUNT] = {"vendors", "vectors", "sources"};

static const char *cause_name(size_t place) { return place < HL_CAUSE_COUNT ? hl_cause_names[place] : NULL; }

static const struct hl_key report_keys[] = {
    {.name = "confidence",
     LEVELS,
     .standard = "[90 %, 95 %, 99 %, 99.5 %, 99.9 %]",
     WHERE(report_terms, confidence),
     .doc = "Confidence levels of the loss, and of what would be needed."},
    {.name = "return_periods",
     .kind = HL_KEY_NUMBERS,
     .unit = HL_UNIT_NUMBER,
     .minimum = 1,
     .minimum_open = true,
     .maximum = 1e9,
     .distinct = true,
     .standard = "[2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000]",
     WHERE(report_terms, return_periods),
     .doc = "Return periods, in years, of the exceedance curves."},
    {.name = "unpaid_after",
     .kind = HL_KEY_NUMBERS,
     .unit = HL_UNIT_DAYS,
     .maximum = 3650,
     .whole = true,
     .distinct = true,
     .standard = "[1 d, 7 d, 30 d, 90 d, 365 d]",
     WHERE(report_terms, unpaid_after),
     .doc = "Days after the theft at which it is asked whether customers still wait."},
    {.name = "deadline",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_DAYS,
     .maximum = 3650,
     .whole = true,
     .standard = "30 d",
     WHERE(report_terms, deadline_days),
     .doc = "What is unpaid so long after the theft is the shortfall."},
    {.name = "given_breach",
     LEVELS,
     .standard = "[50 %, 90 %, 99 %]",
     WHERE(report_terms, given_breach),
     .doc = "Levels of the reserve that would be needed in the years with a breach."},
    {.name = "sized_at",
     .kind = HL_KEY_NUMBER,
     .unit = HL_UNIT_FRACTION,
     .minimum_open = true,
     .maximum = 1,
     .maximum_open = true,
     .standard = "99 %",
     WHERE(report_terms, sized_at),
     .doc = "The confidence of the headline's reserve and insurance; one of confidence."},
    {.name = "without",
     .kind = HL_KEY_CHOICES,
     .choice = cause_name,
     .word = "all",
     .standard_words = "none",
     WHERE(report_terms, without),
     .doc = "By what losses are not told apart: fewer results, in less time and memory."},
};
const struct hl_section hl_section_report = HL_SECTION("report", "At which levels results are reported.", report_keys);

/* ---- the file's parts -------------------------------------------------------------------------------------------- */

static const char *note_input(struct hl_loading *l, const char *name, const char *path, const char *bytes,
                              size_t size) {
    struct hl_scenario *s = l->scenario;
    struct hl_input *input = &s->inputs[s->input_count++];
    *input = (struct hl_input){.name = hl_reader_text(&l->reader, name), .path = hl_reader_text(&l->reader, path)};
    hl_sha256(input->sha256, bytes, size);
    return bytes;
}

const char *hl_input_read(struct hl_loading *l, const struct hl_place *at, const char *name, const char *path,
                          size_t most, size_t *size) {
    char *bytes = NULL;
    struct hl_error err = {0};
    enum hl_status status = hl_file_read(&bytes, size, l->reader.scratch, path, most, &err);
    for (size_t i = 0; i < err.count && status == HL_INVALID; i++)
        hl_fault(&l->reader, at, name, "%s: %s", path, err.faults[i].message);
    hl_error_free(&err);
    if (status == HL_FAILED)
        hl_fail_memory(l->reader.err);
    return status == HL_OK ? note_input(l, name, path, bytes, *size) : NULL;
}

static void read_currencies(struct hl_reader *r, const struct hl_node *map) {
    static const struct hl_key rate_key = {.name = "rate",
                                           .kind = HL_KEY_NUMBER,
                                           .unit = HL_UNIT_NUMBER,
                                           .minimum_open = true,
                                           .maximum = INFINITY,
                                           .doc = "Units of the scenario's currency for one unit of this one."};
    struct hl_place at = hl_node_place(r, map, "currencies");
    if (map->kind != HL_NODE_MAP) {
        if (!hl_node_is_empty(map))
            hl_fault(r, &at, hl_node_words(map), "must be %s",
                     "a map of currency codes to rates, such as {USD: 157.2}");
        return;
    }
    struct hl_currency_rate *rates = hl_reader_array(r, r->arena, map->count, sizeof *rates);
    if (rates == NULL)
        return;
    for (size_t i = 0; i < map->count; i++) {
        const char *code = map->keys[i], *path = hl_path(r, "currencies", code);
        struct hl_currency_rate *rate = &rates[r->currencies.count];
        at = hl_node_place(r, map->items[i], path);
        if (!hl_currency_is_known(code))
            hl_fault(r, &at, NULL, "no currency code of ISO 4217");
        else if (strcmp(code, r->currencies.own) == 0)
            hl_fault(r, &at, hl_node_words(map->items[i]), "the scenario's own currency needs no rate");
        else if (hl_key_read(r, &rate_key, map->items[i], path, &rate->rate)) {
            memcpy(rate->code, code, sizeof rate->code);
            r->currencies.count++;
        }
    }
    r->currencies.rates = rates;
}

/* Money first: what follows is counted in it. */
static void take_currency(struct hl_loading *l, const struct top *top) {
    struct hl_reader *r = &l->reader;
    if (top->currency != NULL) {
        memcpy(l->scenario->currency, top->currency, sizeof l->scenario->currency);
        memcpy(r->currencies.own, top->currency, sizeof r->currencies.own);
    }
    l->scenario->quantum = r->quantum = hl_money_quantum(l->scenario->currency);
    if (top->currencies != NULL)
        read_currencies(r, top->currencies);
    l->scenario->currencies = r->currencies;
}

static void take_trials(struct hl_loading *l, const struct hl_node *root, const struct top *top) {
    struct hl_scenario *s = l->scenario;
    const struct hl_node *most = hl_node_get(root, "most_trials");
    if (isnan(top->trials) || isnan(top->most_trials) || isnan(top->seed))
        return;
    s->trials_auto = isinf(top->trials) != 0;
    s->trials = (uint64_t)(s->trials_auto ? top->most_trials : top->trials);
    s->seed = (uint64_t)top->seed;
    if (most != NULL && !s->trials_auto) {
        struct hl_place at = hl_node_place(&l->reader, most, "most_trials");
        hl_fault(&l->reader, &at, hl_node_words(most), "goes with trials: auto only");
    }
}

/* A horizon of several years is one of whole policy years; only then is there a state to carry. */
static void take_horizon(struct hl_loading *l, const struct hl_node *root, const struct top *top) {
    struct hl_reader *r = &l->reader;
    const struct hl_node *horizon = hl_node_get(root, "horizon"), *state = hl_node_get(root, "state");
    l->scenario->horizon_days = top->horizon_days;
    l->scenario->fresh = top->state == STATE_FRESH;
    if (top->horizon_days > 365 && fmod(top->horizon_days, 365) != 0) {
        struct hl_place at = hl_node_place(r, horizon, "horizon");
        hl_fault(r, &at, hl_node_words(horizon), "must be 1 d to 1 y, or a whole number of years up to %d",
                 (int)HL_YEARS_MOST);
    }
    if (state != NULL && top->horizon_days <= 365) {
        struct hl_place at = hl_node_place(r, state, "state");
        hl_fault(r, &at, hl_node_words(state), "goes with a horizon of several years only");
    }
}

/* The sized level among the others: added when it is the default. */
static void place_sized_at(struct hl_loading *l, const struct hl_node *given, struct hl_report *out) {
    struct hl_reader *r = &l->reader;
    size_t place = 0, count = out->confidence_count;
    while (place < count && out->confidence[place] < out->sized_at)
        place++;
    if (count == 0 || isnan(out->sized_at) || (place < count && out->confidence[place] == out->sized_at))
        return;
    if (given != NULL) {
        struct hl_place at = hl_node_place(r, given, "report.sized_at");
        hl_fault(r, &at, hl_node_words(given), "must be one of report.confidence");
        return;
    }
    double *levels = hl_reader_array(r, r->arena, count + 1, sizeof *levels);
    if (levels == NULL)
        return;
    memcpy(levels, out->confidence, place * sizeof *levels);
    levels[place] = out->sized_at;
    memcpy(levels + place + 1, out->confidence + place, (count - place) * sizeof *levels);
    out->confidence = levels;
    out->confidence_count = count + 1;
}

static void read_report(struct hl_loading *l, const struct hl_node *root, const struct hl_node *node) {
    struct hl_node none = {.kind = HL_NODE_SCALAR, .line = root->line, .column = root->column, .text = ""};
    struct report_terms t;
    hl_keys_read(&l->reader, node != NULL ? node : &none, "report", &hl_section_report, &t);
    l->scenario->report = (struct hl_report){
        .confidence = t.confidence.items,
        .confidence_count = t.confidence.count,
        .return_periods = t.return_periods.items,
        .return_period_count = t.return_periods.count,
        .unpaid_after_days = t.unpaid_after.items,
        .unpaid_after_count = t.unpaid_after.count,
        .deadline_days = t.deadline_days,
        .given_breach = t.given_breach.items,
        .given_breach_count = t.given_breach.count,
        .sized_at = t.sized_at,
        .without = t.without,
    };
    place_sized_at(l, node != NULL ? hl_node_get(node, "sized_at") : NULL, &l->scenario->report);
}

/* "scenarios/" of "scenarios/dmm-2024.yaml"; "" when there is none. */
static const char *folder_of(struct hl_reader *r, const char *path) {
    const char *slash = strrchr(path, '/');
    int length = slash == NULL ? 0 : (int)(slash - path) + 1;
    const char *folder = hl_arena_format(r->scratch, "%.*s", length, path);
    if (folder == NULL)
        hl_fail_memory(r->err);
    return folder == NULL ? "" : folder;
}

/* The breaches, and what refers to them by name. Rates are judged when there was no fault since `before`. */
static void read_threats(struct hl_loading *l, const struct top *top, size_t before) {
    if (top->climates != NULL)
        hl_climates_read(l, top->climates);
    size_t climates = hl_faults(&l->reader);
    if (top->breaches != NULL)
        hl_breaches_read(l, top->breaches);
    l->breaches_broken = top->breaches == NULL || hl_faults(&l->reader) > climates;
    if (top->excitation != NULL)
        hl_excitation_read(l, top->excitation);
    if (top->controls != NULL)
        hl_controls_read(l, top->controls);
    if (hl_faults(&l->reader) == before)
        hl_rates_check(l);
}

static void read_parts(struct hl_loading *l, const struct hl_node *root) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    struct top top;
    size_t before = hl_faults(r);
    hl_keys_read(r, root, "", &hl_section_scenario, &top);
    if (root->kind != HL_NODE_MAP)
        return;
    take_currency(l, &top);
    take_trials(l, root, &top);
    take_horizon(l, root, &top);
    s->title = top.title;
    s->starts_on = top.starts_on;
    s->description = top.description;
    s->target_relative_error = top.target_relative_error;
    read_report(l, root, top.report);
    for (int id = 0; id < HL_CATALOG_COUNT; id++)
        r->catalogs[id].broken = true;
    l->holdings.broken = true;
    hl_market_read(l, top.market);
    if (top.tables != NULL)
        hl_tables_read(l, top.tables, folder_of(r, s->path));
    hl_history_read(l, top.market);
    hl_wallets_read(l, top.wallets);
    hl_claim_terms_read(l, top.claims);
    if (top.run != NULL)
        hl_run_read(l, top.run);
    read_threats(l, &top, before);
    if (top.funds != NULL)
        hl_funds_read(l, top.funds);
    s->haircut = (enum hl_haircut_rule)top.haircut;
    s->haircut_told = hl_node_get(root, "haircut") != NULL;
    hl_record_read(l, top.expected, top.facts);
    hl_unlimited_check(l, root);
    hl_scenario_check(l);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static void apply_settings(struct hl_reader *r, struct hl_node *root, const struct hl_setting *settings,
                           size_t setting_count) {
    for (size_t i = 0; i < setting_count; i++) {
        const char *wrong = hl_node_set(root, r->scratch, settings[i].key, settings[i].text);
        if (wrong == hl_node_no_memory)
            hl_fail_memory(r->err);
        else if (wrong != NULL)
            hl_fault(r, &(struct hl_place){"--set", 0, 0, settings[i].key}, settings[i].text, "%s", wrong);
    }
}

/* Every file is read once, and this many can be named. */
enum { INPUTS_MOST = 6 };

static void load(struct hl_loading *l, const char *path, const struct hl_setting *settings, size_t setting_count) {
    struct hl_reader *r = &l->reader;
    struct hl_scenario *s = l->scenario;
    char *bytes = NULL;
    size_t size = 0;
    struct hl_node *root = NULL;
    r->file = s->path = hl_reader_text(r, path);
    s->inputs = hl_reader_array(r, r->arena, INPUTS_MOST, sizeof *s->inputs);
    if (s->inputs == NULL || hl_file_read(&bytes, &size, r->scratch, path, HL_YAML_BYTES, r->err) != HL_OK)
        return;
    const char *slash = strrchr(path, '/');
    note_input(l, slash == NULL ? path : slash + 1, path, bytes, size);
    if (hl_yaml_read(&root, r->scratch, r->file, bytes, size, r->err) != HL_OK)
        return;
    apply_settings(r, root, settings, setting_count);
    read_parts(l, root);
}

enum hl_status hl_scenario_load(struct hl_scenario *out, const char *path, const struct hl_setting *settings,
                                size_t setting_count, struct hl_error *err) {
    struct hl_arena scratch = {0};
    *out = (struct hl_scenario){0};
    struct hl_loading l = {.reader = {.arena = &out->arena, .scratch = &scratch, .err = err}, .scenario = out};
    size_t before = hl_faults(&l.reader);
    load(&l, path, settings, setting_count);
    if (hl_faults(&l.reader) == before)
        hl_fingerprint_make(&l);
    hl_arena_free(&scratch);
    if (hl_faults(&l.reader) == before)
        return HL_OK;
    hl_scenario_free(out);
    return err->status;
}

void hl_scenario_free(struct hl_scenario *s) {
    hl_arena_free(&s->arena);
    *s = (struct hl_scenario){0};
}
