#include "results/files.h"
#include "tests/results_fixture.h"

#include <criterion/criterion.h>
#include <jansson.h>

static char *printed_json(const struct hl_result *r) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    cr_assert_not_null(out);
    hl_json_print(r, out);
    cr_assert_eq(fclose(out), 0);
    return text;
}

/* The result as JSON, parsed; freed by json_decref. */
static json_t *parsed(const struct hl_result *r) {
    char *text = printed_json(r);
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    cr_assert_not_null(root, "line %d: %s", error.line, error.text);
    free(text);
    return root;
}

static double number_of(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_null(value) ? NAN : json_number_value(value);
}

static bool same(double a, double b) { return isfinite(b) ? a == b : isnan(a); }

Test(json, rows_come_back_to_the_last_bit) {
    struct fixture *f = fixture_make(FIXTURE_TWO);
    f->rows[3].value = 1.0 / 3;
    f->rows[4].error = NAN;
    f->rows[5].high = INFINITY;
    for (int status = 0; status < HL_ROW_STATUS_COUNT; status++)
        f->rows[status].status = status;
    json_t *root = parsed(&f->result);
    json_t *rows = json_object_get(root, "rows");
    cr_assert_eq(json_array_size(rows), f->result.row_count);
    for (size_t i = 0; i < f->result.row_count; i++) {
        const struct hl_row *row = &f->rows[i];
        json_t *item = json_array_get(rows, i);
        cr_expect(same(number_of(item, "value"), row->value), "row %zu", i);
        cr_expect(same(number_of(item, "standard_error"), row->error), "row %zu", i);
        cr_expect(same(number_of(item, "low"), row->low), "row %zu", i);
        cr_expect(same(number_of(item, "high"), row->high), "row %zu", i);
        cr_expect(same(number_of(item, "level"), row->key.level), "row %zu", i);
        cr_expect_str_eq(json_string_value(json_object_get(item, "status")), hl_row_status_names[row->status]);
        cr_expect_str_eq(json_string_value(json_object_get(item, "metric")), hl_metric_names[row->key.metric]);
    }
    json_decref(root);
    fixture_free(f);
}

Test(json, keys_stand_in_their_order) {
    static const char *const keys[] = {
        "schema",   "program",     "title",         "currency", "horizon_days",          "trials",
        "seed",     "fingerprint", "deadline_days", "sized_at", "target_relative_error", "inputs",
        "policies", "samplings",   "entities",      "funds",    "concentration",         "headline",
        "verdicts", "rows",        "provenance",
    };
    struct fixture *f = fixture_make(FIXTURE_ONE);
    json_t *root = parsed(&f->result);
    size_t count = 0;
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value) {
        cr_assert(count < sizeof keys / sizeof *keys, "%s", key);
        cr_expect_str_eq(key, keys[count]);
        count++;
    }
    cr_expect_eq(count, sizeof keys / sizeof *keys);
    cr_expect_eq(json_integer_value(json_object_get(root, "schema")), 1);
    cr_expect(
        json_is_true(json_object_get(json_array_get(json_object_get(root, "funds"), FIXTURE_CRIME), "earmarked")));
    cr_expect(
        json_is_false(json_object_get(json_array_get(json_object_get(root, "funds"), FIXTURE_PARENT), "earmarked")));
    json_decref(root);
    fixture_free(f);
}

Test(json, headline_of_an_exchange) {
    struct fixture *f = fixture_make(FIXTURE_TWO);
    json_t *root = parsed(&f->result);
    json_t *headlines = json_object_get(root, "headline");
    cr_assert_eq(json_array_size(headlines), 3); /* the system and two exchanges, not the vendor */
    json_t *alpha = json_array_get(headlines, 1);
    cr_expect_str_eq(json_string_value(json_object_get(alpha, "name")), "alpha");
    cr_expect_eq(number_of(json_object_get(alpha, "p_breach"), "value"), 0.02);
    cr_expect_eq(number_of(json_object_get(json_object_get(alpha, "loss_if_breached"), "mean"), "value"), 30e9);
    cr_expect_str_eq(json_string_value(json_object_get(alpha, "sized_fund")), "crime");
    cr_expect(json_is_null(json_object_get(json_array_get(headlines, 0), "sized_fund")));
    json_t *all = json_object_get(alpha, "all");
    cr_expect_eq(number_of(json_object_get(all, "p_shortfall"), "value"), 0.02 * 0.4);
    json_t *needed = json_object_get(all, "reserve_needed");
    cr_assert_eq(json_array_size(needed), 5);
    cr_expect_eq(number_of(json_array_get(needed, 3), "level"), 0.995);
    json_t *by_rate = json_object_get(all, "reserve_needed_by_rate");
    cr_expect_eq(json_object_size(by_rate), 3);
    cr_expect(number_of(json_object_get(by_rate, "rates_high"), "value") >
              number_of(json_object_get(by_rate, "stated"), "value"));
    cr_expect_eq(json_array_size(json_object_get(all, "verdict")), 3);
    json_decref(root);
    fixture_free(f);
}

Test(json, a_missing_estimate_is_null) {
    struct fixture *f = fixture_make(FIXTURE_ONE);
    f->result.row_count = 0;
    json_t *root = parsed(&f->result);
    json_t *system = json_array_get(json_object_get(root, "headline"), 0);
    cr_expect(json_is_null(json_object_get(system, "p_breach")));
    cr_expect_eq(json_array_size(json_object_get(json_object_get(system, "all"), "reserve_needed")), 0);
    json_decref(root);
    fixture_free(f);
}

Test(json, what_differs_from_run_to_run_stands_last) {
    struct fixture *f = fixture_make(FIXTURE_ONE);
    char *one = printed_json(&f->result);
    f->result.provenance =
        (struct hl_provenance){.version = "9", .commit = "beef", .compiler = "clang", .threads = 7, .seconds_run = 99};
    f->inputs[0].path = "/elsewhere/fixture.yaml";
    char *two = printed_json(&f->result);
    char *one_end = strstr(one, "\n\"provenance\"");
    char *two_end = strstr(two, "\n\"provenance\"");
    cr_assert(one_end && two_end);
    cr_expect_str_neq(one_end, two_end);
    *one_end = *two_end = '\0';
    cr_expect_str_eq(one, two);
    free(one);
    free(two);
    fixture_free(f);
}

Test(json, bytes_that_are_no_text_do_not_stop_it) {
    struct fixture *f = fixture_make(FIXTURE_ONE);
    f->inputs[1].path = "scenarios/\xff.csv";
    json_t *root = parsed(&f->result);
    json_t *paths = json_object_get(json_object_get(root, "provenance"), "paths");
    cr_expect_str_eq(json_string_value(json_array_get(paths, 1)), "(not UTF-8)");
    json_decref(root);
    fixture_free(f);
}

Test(json, one_row_a_line) {
    struct fixture *f = fixture_make(FIXTURE_QUIET);
    char *text = printed_json(&f->result);
    size_t lines = 0;
    for (char *at = text; (at = strstr(at, "\n{\"policy\"")) != NULL; at++)
        lines++;
    cr_expect_eq(lines, f->result.row_count);
    free(text);
    fixture_free(f);
}

Test(json, concentration) {
    struct fixture *f = fixture_make(FIXTURE_TWO);
    json_t *root = parsed(&f->result);
    json_t *list = json_object_get(root, "concentration"), *cloud = json_array_get(list, 1);
    cr_assert_eq(json_array_size(list), 2);
    cr_expect_str_eq(json_string_value(json_object_get(cloud, "vendor")), "cloud");
    cr_expect_eq(json_integer_value(json_object_get(cloud, "clients")), 0);
    cr_expect_eq(json_integer_value(json_object_get(cloud, "clients_behind")), 2);
    cr_expect_float_eq(number_of(cloud, "share_behind"), 2.0 / 3, 1e-15);
    json_decref(root);
    fixture_free(f);
}
