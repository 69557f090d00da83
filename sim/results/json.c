/* summary.json, schema 1: README.md lists every key.
 *
 * The file is written key by key in a fixed order, with numbers to 17 significant digits, so that the same result is
 * the same bytes; what differs from run to run stands in the last key, `provenance`.
 */
#include "base/number.h"
#include "base/text.h"
#include "results/files.h"
#include "results/words.h"
#include "scenario/concentration.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { SCHEMA = 1 };

/* --- values ---------------------------------------------------------------------------------------------------------
 */

/* What is written so far; errors of the stream stay in it. */
struct writer {
    FILE *out;
    bool follows;       /* a value stands before: the next one needs a comma */
    char waiting[8192]; /* [waiting_count] for the stream, which takes long for each of many pieces */
    size_t waiting_count;
};

static void flush(struct writer *w) {
    fwrite(w->waiting, 1, w->waiting_count, w->out);
    w->waiting_count = 0;
}

/* Built in, though -fno-builtin makes calls of them: most pieces are short, and known to the compiler. */
static inline void put_bytes(struct writer *w, const char *bytes, size_t count) {
    if (count > sizeof w->waiting - w->waiting_count)
        flush(w);
    if (count > sizeof w->waiting) {
        fwrite(bytes, 1, count, w->out);
        return;
    }
    __builtin_memcpy(w->waiting + w->waiting_count, bytes, count);
    w->waiting_count += count;
}

static inline void put(struct writer *w, const char *text) { put_bytes(w, text, __builtin_strlen(text)); }
static void put_char(struct writer *w, char c) { put_bytes(w, &c, 1); }

static void separate(struct writer *w) {
    if (w->follows)
        put(w, ", ");
    w->follows = true;
}

/* Opens a list or an object, or closes it. */
static void begin(struct writer *w, const char *bracket) {
    separate(w);
    put(w, bracket);
    w->follows = false;
}
static void end(struct writer *w, const char *bracket) {
    put(w, bracket);
    w->follows = true;
}

/* The value follows. Names are plain. */
static inline void name(struct writer *w, const char *text) {
    separate(w);
    put_char(w, '"');
    put(w, text);
    put(w, "\": ");
    w->follows = false;
}

static void escape(struct writer *w, char c) {
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* what is escaped by a letter, and the letter */
    for (size_t i = 0; i + 1 < sizeof letters; i += 2) {
        if (c == letters[i]) {
            put_char(w, '\\');
            put_char(w, letters[i + 1]);
            return;
        }
    }
    char code[16];
    snprintf(code, sizeof code, "\\u%04X", (unsigned)c);
    put(w, code);
}

/* A string, or null. Paths and hosts may hold any bytes. */
static void string(struct writer *w, const char *text) {
    size_t at;
    separate(w);
    if (text == NULL) {
        put(w, "null");
        return;
    }
    if (hl_text_fault(text, strlen(text), &at) != NULL)
        text = "(not UTF-8)";
    put_char(w, '"');
    const char *plain = text; /* from here on nothing is escaped */
    for (; *text != '\0'; text++) {
        if (*text != '"' && *text != '\\' && (unsigned char)*text >= 0x20)
            continue;
        put_bytes(w, plain, (size_t)(text - plain));
        escape(w, *text);
        plain = text + 1;
    }
    put_bytes(w, plain, (size_t)(text - plain));
    put_char(w, '"');
}

/* A real number, with a point or an exponent; null where there is none. */
static void number(struct writer *w, double value) {
    char text[HL_NUMBER_SIZE];
    separate(w);
    if (!isfinite(value)) {
        put(w, "null");
        return;
    }
    hl_number_text_full(text, sizeof text, value);
    char *exponent = strchr(text, 'e');
    if (exponent == NULL) {
        put(w, text);
        put(w, strchr(text, '.') == NULL ? ".0" : "");
        return;
    }
    const char *size = exponent + 2; /* shorter than printf: no plus, no leading zero */
    put_bytes(w, text, (size_t)(exponent - text));
    put(w, exponent[1] == '-' ? "e-" : "e");
    put(w, size + (*size == '0'));
}

static void whole(struct writer *w, uint64_t value) {
    separate(w);
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, value);
    put(w, text);
}

static void truth(struct writer *w, bool value) {
    separate(w);
    put(w, value ? "true" : "false");
}

/* A name and its value. */
static void name_string(struct writer *w, const char *key, const char *text) {
    name(w, key);
    string(w, text);
}
static void name_number(struct writer *w, const char *key, double value) {
    name(w, key);
    number(w, value);
}
static void name_whole(struct writer *w, const char *key, uint64_t value) {
    name(w, key);
    whole(w, value);
}
static void name_truth(struct writer *w, const char *key, bool value) {
    name(w, key);
    truth(w, value);
}

/* A key of the file itself: each begins a line. */
static void key(struct writer *w, const char *text) {
    if (w->follows)
        put(w, ",\n");
    w->follows = false;
    name(w, text);
}

/* A list with one item a line: `item` writes the i-th. */
static void lines(struct writer *w, const char *text, const struct hl_result *r, size_t count,
                  void item(struct writer *w, const struct hl_result *r, size_t i)) {
    key(w, text);
    begin(w, "[");
    for (size_t i = 0; i < count; i++) {
        put(w, i == 0 ? "\n" : ",\n");
        w->follows = false;
        item(w, r, i);
    }
    end(w, count == 0 ? "]" : "\n]");
}

/* --- what the scenario says ------------------------------------------------------------------------------------------
 */

static void input_item(struct writer *w, const struct hl_result *r, size_t i) {
    begin(w, "{");
    name_string(w, "name", r->scenario->inputs[i].name);
    name_string(w, "sha256", r->scenario->inputs[i].sha256);
    end(w, "}");
}

static void policy_item(struct writer *w, const struct hl_result *r, size_t i) { string(w, r->policies[i]); }

static void sampling_item(struct writer *w, const struct hl_result *r, size_t i) { string(w, r->samplings[i]); }

static void entity_item(struct writer *w, const struct hl_result *r, size_t i) {
    begin(w, "{");
    name_string(w, "kind", hl_entity_kind_names[r->entities[i].kind]);
    name_string(w, "name", r->entities[i].name);
    end(w, "}");
}

static void fund_item(struct writer *w, const struct hl_result *r, size_t i) {
    const struct hl_fund *fund = &r->scenario->funds[i];
    begin(w, "{");
    name_string(w, "name", fund->name);
    name_string(w, "kind", hl_fund_kinds[fund->kind].name);
    name_truth(w, "earmarked", hl_fund_kinds[fund->kind].earmarked);
    end(w, "}");
}

static void concentration_item(struct writer *w, const struct hl_result *r, size_t i) {
    struct hl_concentration c = hl_concentration_of(r->scenario, i);
    begin(w, "{");
    name_string(w, "vendor", r->scenario->vendors[i].id);
    name_whole(w, "clients", c.clients);
    name_number(w, "share", c.share);
    name_whole(w, "clients_behind", c.clients_behind);
    name_number(w, "share_behind", c.share_behind);
    end(w, "}");
}

static void write_scenario(struct writer *w, const struct hl_result *r) {
    const struct hl_scenario *s = r->scenario;
    key(w, "schema");
    whole(w, SCHEMA);
    key(w, "program");
    string(w, "hackloss");
    key(w, "title");
    string(w, s->title);
    key(w, "currency");
    string(w, s->currency);
    key(w, "horizon_days");
    number(w, s->horizon_days);
    if (r->year_count > 1) {
        key(w, "state");
        string(w, s->fresh ? "fresh" : "carried");
    }
    key(w, "trials");
    whole(w, r->trials);
    key(w, "seed");
    whole(w, r->seed);
    key(w, "fingerprint");
    string(w, s->fingerprint);
    key(w, "deadline_days");
    number(w, s->report.deadline_days);
    key(w, "sized_at");
    number(w, s->report.sized_at);
    key(w, "target_relative_error");
    number(w, s->target_relative_error);
    lines(w, "inputs", r, s->input_count, input_item);
    lines(w, "policies", r, r->policy_count, policy_item);
    lines(w, "samplings", r, r->sampling_count, sampling_item);
    lines(w, "entities", r, r->entity_count, entity_item);
    lines(w, "funds", r, s->fund_count, fund_item);
    lines(w, "concentration", r, s->vendor_count, concentration_item);
}

/* --- headlines
 * --------------------------------------------------------------------------------------------------------
 */

/* A value with its error and status, and its level where it has one (else NAN); null when there is no such row. */
static void estimate(struct writer *w, const struct hl_row *row, double level) {
    if (row == NULL) {
        string(w, NULL);
        return;
    }
    begin(w, "{");
    name_number(w, "value", row->value);
    name_number(w, "standard_error", row->error);
    name_number(w, "low", row->low);
    name_number(w, "high", row->high);
    name_string(w, "status", hl_row_status_names[row->status]);
    if (!isnan(level))
        name_number(w, "level", level);
    end(w, "}");
}

/* The stated row of an entity that has no level. */
static void name_estimate(struct writer *w, const char *text, const struct hl_result *r, uint32_t entity,
                          enum hl_basis basis, enum hl_perspective perspective, enum hl_metric metric) {
    name(w, text);
    estimate(w, hl_row_of(r, 0, 0, entity, basis, perspective, metric, 0), NAN);
}

/* Estimates at several levels, in the order of `levels`; a level without a row is left out. */
static void name_estimates(struct writer *w, const char *text, const struct hl_result *r, uint32_t entity,
                           enum hl_basis basis, enum hl_perspective perspective, enum hl_metric metric,
                           const double *levels, size_t count) {
    name(w, text);
    begin(w, "[");
    for (size_t i = 0; i < count; i++) {
        const struct hl_row *row = hl_row_of(r, 0, 0, entity, basis, perspective, metric, levels[i]);
        if (row != NULL)
            estimate(w, row, levels[i]);
    }
    end(w, "]");
}

/* The reserve needed at the sizing level, by what the rates are taken to be. */
static void reserve_by_rate(struct writer *w, const struct hl_result *r, uint32_t entity, enum hl_basis basis) {
    name(w, "reserve_needed_by_rate");
    begin(w, "{");
    for (size_t i = 0; i < r->sampling_count; i++) {
        const struct hl_row *row =
            hl_row_of(r, 0, (uint16_t)i, entity, basis, HL_RESERVE_NEEDED, HL_VAR, r->scenario->report.sized_at);
        if (row == NULL)
            continue;
        name(w, r->samplings[i]);
        estimate(w, row, NAN);
    }
    end(w, "}");
}

static void sentence_unless_empty(struct writer *w, const char *sentence) {
    if (sentence[0] != '\0')
        string(w, sentence);
}

/* The sentences on one entity and basis. */
static void sentences(struct writer *w, const struct hl_result *r, uint32_t entity, enum hl_basis basis) {
    const struct hl_verdict *verdict = hl_verdict_of(r, entity, basis);
    char sentence[HL_SENTENCE_SIZE];
    name(w, "verdict");
    begin(w, "[");
    if (verdict != NULL) {
        hl_words_trials(sentence, sizeof sentence, r, verdict);
        sentence_unless_empty(w, sentence);
        hl_words_rate(sentence, sizeof sentence, r, verdict);
        sentence_unless_empty(w, sentence);
    }
    hl_words_insurance(sentence, sizeof sentence, r, entity, basis);
    sentence_unless_empty(w, sentence);
    end(w, "]");
}

/* By when there has been a shortfall, for every policy year of several. */
static void short_by(struct writer *w, const struct hl_result *r, uint32_t entity, enum hl_basis basis) {
    double years[HL_YEARS_MOST];
    for (uint16_t year = 1; year <= r->year_count; year++)
        years[year - 1] = year;
    name_estimates(w, "p_shortfall_by_year", r, entity, basis, HL_SHORTFALL, HL_P_SHORT_BY, years, r->year_count);
}

/* What depends on which funds count. */
static void headline_basis(struct writer *w, const struct hl_result *r, uint32_t entity, enum hl_basis basis) {
    const struct hl_report *report = &r->scenario->report;
    name(w, hl_basis_names[basis]);
    begin(w, "{");
    name_estimate(w, "p_shortfall", r, entity, basis, HL_SHORTFALL, HL_P_POSITIVE);
    if (r->year_count > 1)
        short_by(w, r, entity, basis);
    name_estimate(w, "expected_shortfall", r, entity, basis, HL_SHORTFALL, HL_MEAN);
    name_estimates(w, "reserve_needed", r, entity, basis, HL_RESERVE_NEEDED, HL_VAR, report->confidence,
                   report->confidence_count);
    name_estimates(w, "reserve_needed_given_breach", r, entity, basis, HL_RESERVE_NEEDED, HL_VAR_GIVEN_BREACH,
                   report->given_breach, report->given_breach_count);
    reserve_by_rate(w, r, entity, basis);
    name_estimates(w, "insurance_needed", r, entity, basis, HL_INSURANCE_NEEDED, HL_VAR, report->confidence,
                   report->confidence_count);
    sentences(w, r, entity, basis);
    end(w, "}");
}

static void headline(struct writer *w, const struct hl_result *r, uint32_t entity) {
    const struct hl_report *report = &r->scenario->report;
    const struct hl_fund *sized = hl_sized_fund_of(r, entity);
    begin(w, "{");
    name_string(w, "kind", hl_entity_kind_names[r->entities[entity].kind]);
    name_string(w, "name", r->entities[entity].name);
    name_estimate(w, "p_breach", r, entity, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH);
    name(w, "loss_if_breached");
    begin(w, "{");
    name_estimate(w, "mean", r, entity, HL_BASIS_ALL, HL_GROSS, HL_MEAN_GIVEN_BREACH);
    name_estimates(w, "quantiles", r, entity, HL_BASIS_ALL, HL_GROSS, HL_VAR_GIVEN_BREACH, report->given_breach,
                   report->given_breach_count);
    end(w, "}");
    name_string(w, "sized_fund", sized != NULL ? sized->name : NULL);
    headline_basis(w, r, entity, HL_BASIS_EARMARKED);
    headline_basis(w, r, entity, HL_BASIS_ALL);
    end(w, "}");
}

/* One headline for the system and for each exchange. */
static void write_headlines(struct writer *w, const struct hl_result *r) {
    key(w, "headline");
    begin(w, "[");
    bool first = true;
    for (size_t i = 0; i < r->entity_count; i++) {
        if (r->entities[i].kind != HL_ENTITY_SYSTEM && r->entities[i].kind != HL_ENTITY_EXCHANGE)
            continue;
        put(w, first ? "\n" : ",\n");
        w->follows = first = false;
        headline(w, r, (uint32_t)i);
    }
    end(w, "\n]");
}

/* --- rows and the rest
 * ------------------------------------------------------------------------------------------------
 */

static void verdict_item(struct writer *w, const struct hl_result *r, size_t i) {
    const struct hl_verdict *v = &r->verdicts[i];
    begin(w, "{");
    name_string(w, "entity", r->entities[v->entity].name);
    name_string(w, "basis", hl_basis_names[v->basis]);
    name_truth(w, "enough_trials", v->enough_trials);
    name_number(w, "trials_needed", v->trials_needed);
    name_number(w, "relative_error", v->relative_error);
    name_truth(w, "decided_by_rate", v->decided_by_rate);
    name_number(w, "p_low", v->p_low);
    name_number(w, "p_high", v->p_high);
    end(w, "}");
}

static void row_item(struct writer *w, const struct hl_result *r, size_t i) {
    const struct hl_row *row = &r->rows[i];
    const struct hl_row_key *k = &row->key;
    bool of_fund = hl_is_of_fund(k->perspective) && k->item < r->scenario->fund_count;
    begin(w, "{");
    name_string(w, "policy", r->policies[k->policy]);
    name_string(w, "sampling", r->samplings[k->outer]);
    name_whole(w, "year", k->year);
    name_string(w, "kind", hl_entity_kind_names[r->entities[k->entity].kind]);
    name_string(w, "entity", r->entities[k->entity].name);
    name_string(w, "basis", hl_basis_names[k->basis]);
    name_string(w, "perspective", hl_perspective_names[k->perspective]);
    name_string(w, "fund", of_fund ? r->scenario->funds[k->item].name : NULL);
    name_string(w, "metric", hl_metric_names[k->metric]);
    name_number(w, "level", k->level);
    name_number(w, "value", row->value);
    name_number(w, "standard_error", row->error);
    name_number(w, "low", row->low);
    name_number(w, "high", row->high);
    name_string(w, "status", hl_row_status_names[row->status]);
    if (r->reductions != NULL && r->reductions[row - r->rows] > 0)
        name_number(w, "variance_reduction", r->reductions[row - r->rows]);
    end(w, "}");
}

/* What importance sampling was worth. */
static void write_rare(struct writer *w, const struct hl_result *r) {
    const struct hl_rare *a = &r->rare;
    key(w, "rare");
    begin(w, "{");
    name_string(w, "entity", r->entities[a->entity].name);
    name_string(w, "fallback", a->fallback);
    name_whole(w, "pilot_trials", a->pilot_trials);
    name_number(w, "plain_share", a->plain_share);
    name_number(w, "mean_weight", a->mean_weight);
    name_number(w, "mean_weight_error", a->mean_weight_error);
    name_whole(w, "hits", a->hits);
    name_number(w, "effective_hits", a->effective_hits);
    name_number(w, "largest_share", a->largest_share);
    name_number(w, "variance_reduction", a->variance_reduction);
    name(w, "tilts");
    begin(w, "[");
    for (size_t i = 0; i < a->tilt_count; i++) {
        begin(w, "{");
        name_string(w, "name", a->tilts[i].name);
        name_number(w, "rate", a->tilts[i].rate);
        name_number(w, "size", a->tilts[i].size);
        name_number(w, "shift", a->tilts[i].shift);
        end(w, "}");
    }
    end(w, "]");
    end(w, "}");
}

/* What may differ between two runs of the same scenario. */
static void write_provenance(struct writer *w, const struct hl_result *r) {
    const struct hl_provenance *p = &r->provenance;
    key(w, "provenance");
    begin(w, "{");
    name_string(w, "version", p->version);
    name_string(w, "commit", p->commit);
    name_string(w, "compiler", p->compiler);
    name_whole(w, "ranks", p->ranks);
    name_whole(w, "threads", p->threads);
    name_number(w, "seconds_plan", p->seconds_plan);
    name_number(w, "seconds_run", p->seconds_run);
    name_whole(w, "events", p->events);
    name_string(w, "host", p->host);
    name_string(w, "started", p->started);
    name(w, "paths");
    begin(w, "[");
    for (size_t i = 0; i < r->scenario->input_count; i++)
        string(w, r->scenario->inputs[i].path);
    end(w, "]");
    end(w, "}");
}

void hl_json_print(const struct hl_result *r, FILE *out) {
    struct writer w = {.out = out};
    put(&w, "{\n");
    write_scenario(&w, r);
    if (r->rare.asked)
        write_rare(&w, r);
    write_headlines(&w, r);
    lines(&w, "verdicts", r, r->verdict_count, verdict_item);
    lines(&w, "rows", r, r->row_count, row_item);
    write_provenance(&w, r);
    put(&w, "\n}\n");
    flush(&w);
}
