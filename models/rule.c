#include "models/rule.h"

#include "models/rule_data.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const struct hl_rule *const hl_rules[] = {
#define HL_RULE(name) &hl_rule_##name,
#include "models/model.def"
    NULL,
};

const struct hl_rule *hl_rule_find(const char *name) {
    for (size_t i = 0; hl_rules[i] != NULL; i++)
        if (strcmp(hl_rules[i]->name, name) == 0)
            return hl_rules[i];
    return NULL;
}

const char *const hl_rule_status_names[HL_RULE_STATUS_COUNT] = {
    [HL_RULE_IN_FORCE] = "in force", [HL_RULE_PROPOSED] = "proposed",     [HL_RULE_INTERPRETATION] = "interpretation",
    [HL_RULE_ANALOGUE] = "analogue", [HL_RULE_SUPERSEDED] = "superseded",
};

const char *const hl_rule_kind_names[HL_RULE_KIND_COUNT] = {
    [HL_RULE_RESERVE] = "reserve", [HL_RULE_GUARANTEE] = "guarantee",  [HL_RULE_CAPITAL] = "capital",
    [HL_RULE_POOL] = "pool",       [HL_RULE_CONDITION] = "conditions",
};

const char *const hl_class_names[HL_CLASS_COUNT] = {
    "equity_turnover",   "equity_index_futures", "equity_options",       "bond_futures",
    "bond_options",      "currency_futures",     "deposit_rate_futures", "bill_rate_futures",
    "commodity_futures", "commodity_index",      "commodity_options",
};

#define CLASS(place, name)                                                                                             \
    [HL_FIGURE_YEAR + (place)] = {"year_" name, "this year's volume of the class " name " (table volumes)"},           \
                      [HL_FIGURE_MOST + (place)] = {"most_" name,                                                      \
                                                    "the highest of three years' volumes of the class " name}

const struct hl_figure_words hl_figures[HL_FIGURE_COUNT] = {
    [HL_FIGURE_V] = {"V", "trading volume of the last year (annual_volume)"},
    [HL_FIGURE_VMAX] = {"Vmax", "highest annual volume of three years (highest_volume)"},
    [HL_FIGURE_H] = {"H", "customers' coins in hot wallets"},
    [HL_FIGURE_W] = {"W", "customers' coins in warm wallets, which are online too"},
    [HL_FIGURE_C] = {"C", "customers' coins in cold wallets"},
    [HL_FIGURE_A] = {"A", "all customers' coins: H + W + C"},
    [HL_FIGURE_SELF] = {"self", "customers' coins whose keys the exchange keeps itself"},
    [HL_FIGURE_F] = {"F", "customers' money (customer_fiat)"},
    [HL_FIGURE_E] = {"E", "fixed overheads of a year (fixed_overheads)"},
    [HL_FIGURE_O] = {"O", "operating expenses of a year (operating_expenses)"},
    [HL_FIGURE_REV] = {"Rev", "revenue of a year (revenue)"},
    [HL_FIGURE_FEES] = {"fees", "trading fees of a year (fees)"},
    [HL_FIGURE_NA] = {"NA", "own capital (own_capital)"},
    [HL_FIGURE_LOSSES] = {"losses", "stolen from customers in the last ten years (past_losses)"},
    [HL_FIGURE_CUSTOMERS] = {"customers", "how many customers there are (customers)"},
    [HL_FIGURE_I] = {"I", "what insurance pays for one event at most"},
    [HL_FIGURE_R] = {"R", "the reserve that is there now"},
    [HL_FIGURE_VAR] = {"VaR", "99.5 % quantile of a year's gross loss, from a run"},
    [HL_FIGURE_L1] = {"L1", "largest of the exchanges' 99.9 % quantiles of that loss"},
    [HL_FIGURE_L2] = {"L2", "the second largest of them"},
    [HL_FIGURE_L3] = {"L3", "the third largest of them"},
    CLASS(0, "equity_turnover"),
    CLASS(1, "equity_index_futures"),
    CLASS(2, "equity_options"),
    CLASS(3, "bond_futures"),
    CLASS(4, "bond_options"),
    CLASS(5, "currency_futures"),
    CLASS(6, "deposit_rate_futures"),
    CLASS(7, "bill_rate_futures"),
    CLASS(8, "commodity_futures"),
    CLASS(9, "commodity_index"),
    CLASS(10, "commodity_options"),
};

/* The names that the formulas of a rule may use: the figures, then its parameters. Returns how many. */
static size_t symbols_of(const char *names[HL_RULE_VALUES], const struct hl_rule *rule) {
    size_t count = 0;
    for (; count < HL_FIGURE_COUNT; count++)
        names[count] = hl_figures[count].symbol;
    for (size_t i = 0; rule != NULL && i < HL_RULE_PARAMETERS_MOST && rule->parameters[i].symbol != NULL; i++)
        names[count++] = rule->parameters[i].symbol;
    return count;
}

/* A parameter's value in the own currency. Of money the unit begins with its currency's code. */
static double parameter_value(struct hl_rule_terms *t, const struct hl_rule_data *data, const char *rule_id,
                              const struct hl_rule_parameter *p, const struct hl_currencies *currencies) {
    if (p->row == NULL)
        return NAN;
    const struct hl_rule_row *row = hl_rule_row_of(data, rule_id, p->row);
    assert(row != NULL && !isnan(row->value));
    if (p->unit != HL_UNIT_MONEY)
        return row->value;
    char code[4];
    snprintf(code, sizeof code, "%.3s", row->unit);
    return row->value * hl_rule_rate_of(data, currencies, code, &t->illustrative);
}

enum hl_status hl_rule_terms_make(struct hl_rule_terms *out, struct hl_arena *arena, const struct hl_rule *rule,
                                  const struct hl_currencies *currencies, struct hl_error *err) {
    const char *names[HL_RULE_VALUES];
    struct hl_formula_symbols symbols = {names, symbols_of(names, rule)};
    struct hl_formula_place at = {.key = rule->name};
    struct hl_rule_data data;
    *out = (struct hl_rule_terms){.rule = rule};
    enum hl_status status = hl_rule_data_read(&data, arena, err);
    if (status == HL_OK)
        status = hl_formula_parse(&out->formula, arena, rule->formula, &symbols, currencies, &at, err);
    if (status == HL_OK && rule->provision != NULL)
        status = hl_formula_parse(&out->provision, arena, rule->provision, &symbols, currencies, &at, err);
    for (size_t i = 0; status == HL_OK && i < HL_RULE_CONDITIONS_MOST && rule->conditions[i].name != NULL; i++)
        status =
            hl_formula_parse(&out->conditions[i], arena, rule->conditions[i].formula, &symbols, currencies, &at, err);
    assert(status != HL_INVALID); /* the formulas are ours */
    for (size_t i = 0; status == HL_OK && i < HL_RULE_PARAMETERS_MOST && rule->parameters[i].symbol != NULL; i++)
        out->parameters[i] = parameter_value(out, &data, rule->id, &rule->parameters[i], currencies);
    return status;
}

enum hl_status hl_rule_terms_of_formula(struct hl_rule_terms *out, struct hl_arena *arena, const char *text,
                                        const struct hl_currencies *currencies, const struct hl_formula_place *at,
                                        struct hl_error *err) {
    const char *names[HL_RULE_VALUES];
    struct hl_formula_symbols symbols = {names, symbols_of(names, NULL)};
    *out = (struct hl_rule_terms){0};
    return hl_formula_parse(&out->formula, arena, text, &symbols, currencies, at, err);
}

double hl_rule_value(const struct hl_rule_terms *t, const struct hl_formula *formula,
                     const double figures[HL_FIGURE_COUNT], const char **missing) {
    const char *names[HL_RULE_VALUES];
    double values[HL_RULE_VALUES];
    memcpy(values, figures, HL_FIGURE_COUNT * sizeof *values);
    memcpy(values + HL_FIGURE_COUNT, t->parameters, sizeof t->parameters);
    double value = hl_formula_value(formula, values);
    if (missing == NULL)
        return value;
    size_t symbol = hl_formula_missing(formula, values);
    symbols_of(names, t->rule);
    *missing = symbol != (size_t)-1 ? names[symbol] : isnan(value) ? "a finite value" : NULL;
    return value;
}

double hl_rule_in_lieu(double requirement, double share, double credit, double insured) {
    double credited = share > 0 && credit > 0 ? fmin(share * requirement, credit * insured) : 0;
    return fmax(0, requirement - credited);
}
