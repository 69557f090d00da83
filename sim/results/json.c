/* summary.json, schema 1: README.md lists every key.
 *
 * The file is written key by key in a fixed order, with numbers to 17 significant digits, so that the same result is
 * the same bytes; what differs from run to run stands in the last key, `provenance`.
 */
#include "base/file.h"
#include "base/text.h"
#include "results/files.h"
#include "results/words.h"
#include "scenario/concentration.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { SCHEMA = 1 };

/* A top-level object being written: errors stick. */
struct writer {
    FILE *out;
    bool failed;
    bool inside; /* a key was written */
};

/* A number, or null where there is none. */
static json_t *number(double value) { return isfinite(value) ? json_real(value) : json_null(); }

static json_t *text(const char *words) {
    if (!words)
        return json_null();
    size_t at; /* paths and hosts may hold any bytes */
    return json_string(hl_text_fault(words, strlen(words), &at) == NULL ? words : "(not UTF-8)");
}

/* Writes one value and lets go of it. */
static void write_value(struct writer *w, json_t *value) {
    const size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION(17);
    if (!value || json_dumpf(value, w->out, flags) != 0)
        w->failed = true;
    json_decref(value);
}

static void write_name(struct writer *w, const char *name) {
    fprintf(w->out, "%s\"%s\": ", w->inside ? ",\n" : "", name);
    w->inside = true;
}

static void write_key(struct writer *w, const char *name, json_t *value) {
    write_name(w, name);
    write_value(w, value);
}

/* Writes a list with one item a line. `item` makes the i-th. */
static void write_list(struct writer *w, const char *name, const struct hl_result *r, size_t count,
                       json_t *item(const struct hl_result *r, size_t i)) {
    write_name(w, name);
    fputc('[', w->out);
    for (size_t i = 0; i < count && !w->failed; i++) {
        fputs(i == 0 ? "\n" : ",\n", w->out);
        write_value(w, item(r, i));
    }
    fputs(count == 0 ? "]" : "\n]", w->out);
}

static json_t *input_item(const struct hl_result *r, size_t i) {
    const struct hl_input *input = &r->scenario->inputs[i];
    return json_pack("{s:o, s:s}", "name", text(input->name), "sha256", input->sha256);
}

static json_t *policy_item(const struct hl_result *r, size_t i) { return text(r->policies[i]); }

static json_t *sampling_item(const struct hl_result *r, size_t i) { return text(r->samplings[i]); }

static json_t *entity_item(const struct hl_result *r, size_t i) {
    return json_pack("{s:s, s:o}", "kind", hl_entity_kind_names[r->entities[i].kind], "name",
                     text(r->entities[i].name));
}

static json_t *fund_item(const struct hl_result *r, size_t i) {
    const struct hl_fund *fund = &r->scenario->funds[i];
    const struct hl_fund_kind *kind = &hl_fund_kinds[fund->kind];
    return json_pack("{s:o, s:s, s:b}", "name", text(fund->name), "kind", kind->name, "earmarked",
                     (int)kind->earmarked);
}

/* A value with its error and status; null when there is no such row. */
static json_t *estimate(const struct hl_row *row) {
    if (!row)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:s}", "value", number(row->value), "standard_error", number(row->error),
                     "low", number(row->low), "high", number(row->high), "status", hl_row_status_names[row->status]);
}

/* Estimates at several levels, in the order of `levels`; a level without a row is left out. */
static json_t *estimates(const struct hl_result *r, uint32_t entity, enum hl_basis basis,
                         enum hl_perspective perspective, enum hl_metric metric, const double *levels, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count && list; i++) {
        const struct hl_row *row = hl_row_of(r, 0, 0, entity, basis, perspective, metric, levels[i]);
        if (!row)
            continue;
        json_t *item = estimate(row);
        if (!item || json_object_set_new(item, "level", number(levels[i])) != 0 ||
            json_array_append_new(list, json_incref(item)) != 0) {
            json_decref(list);
            list = NULL;
        }
        json_decref(item);
    }
    return list;
}

/* The reserve needed at the sizing level, by what the rates are taken to be. */
static json_t *reserve_by_rate(const struct hl_result *r, uint32_t entity, enum hl_basis basis) {
    json_t *object = json_object();
    for (size_t i = 0; i < r->sampling_count && object; i++) {
        const struct hl_row *row =
            hl_row_of(r, 0, (uint16_t)i, entity, basis, HL_RESERVE_NEEDED, HL_VAR, r->scenario->report.sized_at);
        if (row && json_object_set_new(object, r->samplings[i], estimate(row)) != 0) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}

/* Adds a sentence, unless it is empty; lets go of the list when memory runs out. */
static json_t *with_sentence(json_t *list, const char *sentence) {
    if (!list || !sentence[0])
        return list;
    if (json_array_append_new(list, json_string(sentence)) == 0)
        return list;
    json_decref(list);
    return NULL;
}

/* The sentences on one entity and basis. */
static json_t *sentences(const struct hl_result *r, uint32_t entity, enum hl_basis basis) {
    const struct hl_verdict *verdict = hl_verdict_of(r, entity, basis);
    char sentence[HL_SENTENCE_SIZE];
    json_t *list = json_array();
    if (verdict) {
        hl_words_trials(sentence, sizeof sentence, r, verdict);
        list = with_sentence(list, sentence);
        hl_words_rate(sentence, sizeof sentence, r, verdict);
        list = with_sentence(list, sentence);
    }
    hl_words_insurance(sentence, sizeof sentence, r, entity, basis);
    return with_sentence(list, sentence);
}

/* By when there has been a shortfall, for every policy year of several. */
static json_t *short_by(const struct hl_result *r, uint32_t entity, enum hl_basis basis) {
    double years[HL_YEARS_MOST];
    for (uint16_t year = 1; year <= r->year_count; year++)
        years[year - 1] = year;
    return estimates(r, entity, basis, HL_SHORTFALL, HL_P_SHORT_BY, years, r->year_count);
}

/* What depends on which funds count. */
static json_t *headline_basis(const struct hl_result *r, uint32_t entity, enum hl_basis basis) {
    const struct hl_report *report = &r->scenario->report;
    json_t *of_years = r->year_count > 1 ? short_by(r, entity, basis) : NULL; /* no key where it is one year */
    return json_pack(
        "{s:o, s:o*, s:o, s:o, s:o, s:o, s:o, s:o}", "p_shortfall",
        estimate(hl_row_of(r, 0, 0, entity, basis, HL_SHORTFALL, HL_P_POSITIVE, 0)), "p_shortfall_by_year", of_years,
        "expected_shortfall", estimate(hl_row_of(r, 0, 0, entity, basis, HL_SHORTFALL, HL_MEAN, 0)), "reserve_needed",
        estimates(r, entity, basis, HL_RESERVE_NEEDED, HL_VAR, report->confidence, report->confidence_count),
        "reserve_needed_given_breach",
        estimates(r, entity, basis, HL_RESERVE_NEEDED, HL_VAR_GIVEN_BREACH, report->given_breach,
                  report->given_breach_count),
        "reserve_needed_by_rate", reserve_by_rate(r, entity, basis), "insurance_needed",
        estimates(r, entity, basis, HL_INSURANCE_NEEDED, HL_VAR, report->confidence, report->confidence_count),
        "verdict", sentences(r, entity, basis));
}

static json_t *headline(const struct hl_result *r, uint32_t entity) {
    const struct hl_report *report = &r->scenario->report;
    const struct hl_fund *sized = hl_sized_fund_of(r, entity);
    json_t *loss =
        json_pack("{s:o, s:o}", "mean",
                  estimate(hl_row_of(r, 0, 0, entity, HL_BASIS_ALL, HL_GROSS, HL_MEAN_GIVEN_BREACH, 0)), "quantiles",
                  estimates(r, entity, HL_BASIS_ALL, HL_GROSS, HL_VAR_GIVEN_BREACH, report->given_breach,
                            report->given_breach_count));
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "kind", hl_entity_kind_names[r->entities[entity].kind],
                     "name", text(r->entities[entity].name), "p_breach",
                     estimate(hl_row_of(r, 0, 0, entity, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH, 0)), "loss_if_breached",
                     loss, "sized_fund", text(sized ? sized->name : NULL), hl_basis_names[HL_BASIS_EARMARKED],
                     headline_basis(r, entity, HL_BASIS_EARMARKED), hl_basis_names[HL_BASIS_ALL],
                     headline_basis(r, entity, HL_BASIS_ALL));
}

/* One headline for the system and for each exchange. */
static void write_headlines(struct writer *w, const struct hl_result *r) {
    write_name(w, "headline");
    fputc('[', w->out);
    bool first = true;
    for (size_t i = 0; i < r->entity_count && !w->failed; i++) {
        if (r->entities[i].kind != HL_ENTITY_SYSTEM && r->entities[i].kind != HL_ENTITY_EXCHANGE)
            continue;
        fputs(first ? "\n" : ",\n", w->out);
        first = false;
        write_value(w, headline(r, (uint32_t)i));
    }
    fputs("\n]", w->out);
}

static json_t *concentration_item(const struct hl_result *r, size_t i) {
    struct hl_concentration c = hl_concentration_of(r->scenario, i);
    return json_pack("{s:o, s:i, s:o, s:i, s:o}", "vendor", text(r->scenario->vendors[i].id), "clients", (int)c.clients,
                     "share", number(c.share), "clients_behind", (int)c.clients_behind, "share_behind",
                     number(c.share_behind));
}

static json_t *verdict_item(const struct hl_result *r, size_t i) {
    const struct hl_verdict *v = &r->verdicts[i];
    return json_pack("{s:o, s:s, s:b, s:o, s:o, s:b, s:o, s:o}", "entity", text(r->entities[v->entity].name), "basis",
                     hl_basis_names[v->basis], "enough_trials", (int)v->enough_trials, "trials_needed",
                     number(v->trials_needed), "relative_error", number(v->relative_error), "decided_by_rate",
                     (int)v->decided_by_rate, "p_low", number(v->p_low), "p_high", number(v->p_high));
}

static json_t *row_item(const struct hl_result *r, size_t i) {
    const struct hl_row *row = &r->rows[i];
    const struct hl_row_key *key = &row->key;
    const char *fund = hl_is_of_fund(key->perspective) && key->item < r->scenario->fund_count
                           ? r->scenario->funds[key->item].name
                           : NULL;
    return json_pack("{s:s, s:s, s:i, s:s, s:o, s:s, s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:s}", "policy",
                     r->policies[key->policy], "sampling", r->samplings[key->outer], "year", (int)key->year, "kind",
                     hl_entity_kind_names[r->entities[key->entity].kind], "entity", text(r->entities[key->entity].name),
                     "basis", hl_basis_names[key->basis], "perspective", hl_perspective_names[key->perspective], "fund",
                     text(fund), "metric", hl_metric_names[key->metric], "level", number(key->level), "value",
                     number(row->value), "standard_error", number(row->error), "low", number(row->low), "high",
                     number(row->high), "status", hl_row_status_names[row->status]);
}

/* What importance sampling was worth. */
static json_t *rare(const struct hl_result *r) {
    const struct hl_rare *a = &r->rare;
    json_t *tilts = json_array();
    for (size_t i = 0; i < a->tilt_count && tilts; i++) {
        const struct hl_rare_tilt *t = &a->tilts[i];
        json_t *tilt = json_pack("{s:o, s:o, s:o, s:o}", "name", text(t->name), "rate", number(t->rate), "size",
                                 number(t->size), "shift", number(t->shift));
        if (json_array_append_new(tilts, tilt) != 0) {
            json_decref(tilts);
            tilts = NULL;
        }
    }
    return json_pack("{s:o, s:o, s:I, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o}", "entity",
                     text(r->entities[a->entity].name), "fallback", text(a->fallback), "pilot_trials",
                     (json_int_t)a->pilot_trials, "plain_share", number(a->plain_share), "mean_weight",
                     number(a->mean_weight), "mean_weight_error", number(a->mean_weight_error), "hits",
                     (json_int_t)a->hits, "effective_hits", number(a->effective_hits), "largest_share",
                     number(a->largest_share), "variance_reduction", number(a->variance_reduction), "tilts", tilts);
}

/* What may differ between two runs of the same scenario. */
static json_t *provenance(const struct hl_result *r) {
    const struct hl_provenance *p = &r->provenance;
    json_t *paths = json_array();
    for (size_t i = 0; i < r->scenario->input_count && paths; i++) {
        if (json_array_append_new(paths, text(r->scenario->inputs[i].path)) != 0) {
            json_decref(paths);
            return NULL;
        }
    }
    return json_pack("{s:o, s:o, s:o, s:I, s:I, s:o, s:o, s:I, s:o, s:o, s:o}", "version", text(p->version), "commit",
                     text(p->commit), "compiler", text(p->compiler), "ranks", (json_int_t)p->ranks, "threads",
                     (json_int_t)p->threads, "seconds_plan", number(p->seconds_plan), "seconds_run",
                     number(p->seconds_run), "events", (json_int_t)p->events, "host", text(p->host), "started",
                     text(p->started), "paths", paths);
}

static void write_scenario(struct writer *w, const struct hl_result *r) {
    const struct hl_scenario *s = r->scenario;
    write_key(w, "schema", json_integer(SCHEMA));
    write_key(w, "program", json_string("hackloss"));
    write_key(w, "title", text(s->title));
    write_key(w, "currency", text(s->currency));
    write_key(w, "horizon_days", number(s->horizon_days));
    if (r->year_count > 1)
        write_key(w, "state", json_string(s->fresh ? "fresh" : "carried"));
    write_key(w, "trials", json_integer((json_int_t)r->trials));
    write_key(w, "seed", json_integer((json_int_t)r->seed));
    write_key(w, "fingerprint", text(s->fingerprint));
    write_key(w, "deadline_days", number(s->report.deadline_days));
    write_key(w, "sized_at", number(s->report.sized_at));
    write_key(w, "target_relative_error", number(s->target_relative_error));
    write_list(w, "inputs", r, s->input_count, input_item);
    write_list(w, "policies", r, r->policy_count, policy_item);
    write_list(w, "samplings", r, r->sampling_count, sampling_item);
    write_list(w, "entities", r, r->entity_count, entity_item);
    write_list(w, "funds", r, s->fund_count, fund_item);
    write_list(w, "concentration", r, s->vendor_count, concentration_item);
}

enum hl_status hl_json_print(const struct hl_result *r, FILE *out, struct hl_error *err) {
    struct writer w = {.out = out};
    fputs("{\n", out);
    write_scenario(&w, r);
    if (r->rare.asked)
        write_key(&w, "rare", rare(r));
    write_headlines(&w, r);
    write_list(&w, "verdicts", r, r->verdict_count, verdict_item);
    write_list(&w, "rows", r, r->row_count, row_item);
    write_key(&w, "provenance", provenance(r));
    fputs("\n}\n", out);
    return w.failed ? hl_fail(err, HL_FAILED, "the results could not be written as JSON") : HL_OK;
}

enum hl_status hl_json_write(const struct hl_result *r, const char *folder, struct hl_error *err) {
    struct hl_output output = {0};
    enum hl_status status = hl_output_open(&output, folder, "summary.json", err);
    if (status != HL_OK)
        return status;
    status = hl_json_print(r, output.stream, err);
    if (status != HL_OK) {
        hl_output_discard(&output);
        return status;
    }
    return hl_output_close(&output, err);
}
