#include "models/rule_data.h"

#include "base/csv.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* The lines of the tables, without their ends: made from the files by the Makefile. */
static const char *const RULES[] = {
#include "data/rules.inc"
};
static const char *const CURRENCIES[] = {
#include "data/currencies.inc"
};

static char *join(const char *const *lines, size_t count, struct hl_arena *arena) {
    size_t size = 1, used = 0;
    for (size_t i = 0; i < count; i++)
        size += strlen(lines[i]) + 1;
    char *text = hl_arena_array(arena, size, 1);
    for (size_t i = 0; text != NULL && i < count; i++) {
        size_t length = strlen(lines[i]);
        memcpy(text + used, lines[i], length);
        text[used + length] = '\n';
        used += length + 1;
    }
    return text;
}

const char *hl_rule_data_text(const char *table, struct hl_arena *arena) {
    if (strcmp(table, "rules") == 0)
        return join(RULES, sizeof RULES / sizeof *RULES, arena);
    assert(strcmp(table, "currencies") == 0);
    return join(CURRENCIES, sizeof CURRENCIES / sizeof *CURRENCIES, arena);
}

/* Reads a built-in table: it is ours, so that only memory can be wrong. */
static enum hl_status read_table(struct hl_csv *out, const char *table, size_t columns, struct hl_arena *arena,
                                 struct hl_error *err) {
    const char *text = hl_rule_data_text(table, arena);
    *out = (struct hl_csv){0};
    if (text == NULL)
        return hl_fail_memory(err);
    enum hl_status status = hl_csv_read(out, arena, table, text, strlen(text), err);
    assert(status != HL_INVALID && (status != HL_OK || out->column_count == columns));
    (void)columns;
    return status;
}

static double number_of(const char *text) {
    double value = NAN;
    return hl_quantity_parse(text, HL_UNIT_NUMBER, NULL, &value) == NULL ? value : NAN;
}

enum { RULE_COLUMNS = 6, CURRENCY_COLUMNS = 4 };

enum hl_status hl_rule_data_read(struct hl_rule_data *out, struct hl_arena *arena, struct hl_error *err) {
    struct hl_csv rules, currencies;
    *out = (struct hl_rule_data){0};
    if (read_table(&rules, "rules", RULE_COLUMNS, arena, err) != HL_OK ||
        read_table(&currencies, "currencies", CURRENCY_COLUMNS, arena, err) != HL_OK)
        return HL_FAILED;
    out->rows = hl_arena_array(arena, rules.row_count, sizeof *out->rows);
    out->rates = hl_arena_array(arena, currencies.row_count, sizeof *out->rates);
    if (out->rows == NULL || out->rates == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < rules.row_count; i++) {
        const struct hl_csv_cell *c = rules.cells + i * RULE_COLUMNS;
        out->rows[i] = (struct hl_rule_row){c[0].text, c[1].text, c[2].text, number_of(c[2].text),
                                            c[3].text, c[4].text, c[5].text};
    }
    for (size_t i = 0; i < currencies.row_count; i++) {
        const struct hl_csv_cell *c = currencies.cells + i * CURRENCY_COLUMNS;
        out->rates[i] = (struct hl_rule_rate){c[0].text, number_of(c[1].text)};
    }
    out->row_count = rules.row_count;
    out->rate_count = currencies.row_count;
    return HL_OK;
}

const struct hl_rule_row *hl_rule_row_of(const struct hl_rule_data *data, const char *rule_id, const char *parameter) {
    for (size_t i = 0; i < data->row_count; i++)
        if (strcmp(data->rows[i].rule_id, rule_id) == 0 && strcmp(data->rows[i].parameter, parameter) == 0)
            return &data->rows[i];
    return NULL;
}

/* Yen for one unit; NAN when the table has none. */
static double yen_of(const struct hl_rule_data *data, const char *code) {
    for (size_t i = 0; i < data->rate_count; i++)
        if (strcmp(data->rates[i].currency, code) == 0)
            return data->rates[i].yen;
    return NAN;
}

double hl_rule_rate_of(const struct hl_rule_data *data, const struct hl_currencies *currencies, const char *code,
                       bool *illustrative) {
    if (strcmp(code, currencies->own) == 0)
        return 1;
    for (size_t i = 0; i < currencies->count; i++)
        if (strcmp(currencies->rates[i].code, code) == 0)
            return currencies->rates[i].rate;
    *illustrative = true;
    return yen_of(data, code) / yen_of(data, currencies->own);
}
