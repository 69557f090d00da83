#include "results/rules_out.h"

#include "base/number.h"
#include "models/rule_data.h"
#include "results/terminal.h"

#include <math.h>
#include <string.h>

enum { RULE_WIDTH = 16, MONEY_WIDTH = 11, LINE_BYTES = 2 * HL_SENTENCE_SIZE };

static const char *name_of(const struct hl_rule_use *use) {
    return use->terms.rule == NULL ? "formula" : use->terms.rule->name;
}

/* ---- the rules themselves ---------------------------------------------------------------------------------------- */

static bool has_parameter(const struct hl_rule *r, size_t i) {
    return i < HL_RULE_PARAMETERS_MOST && r->parameters[i].symbol != NULL;
}

static bool has_condition(const struct hl_rule *r, size_t i) {
    return i < HL_RULE_CONDITIONS_MOST && r->conditions[i].name != NULL;
}

void hl_rules_list(FILE *out) {
    for (size_t i = 0; hl_rules[i] != NULL; i++) {
        const struct hl_rule *r = hl_rules[i];
        fputs(i == 0 ? "" : "\n", out);
        hl_print_padded(out, r->name, RULE_WIDTH);
        fprintf(out, " %s%s%s, asks for %s\n", strcmp(r->jurisdiction, "-") == 0 ? "" : r->jurisdiction,
                strcmp(r->jurisdiction, "-") == 0 ? "" : ", ", hl_rule_status_names[r->status],
                hl_rule_kind_names[r->kind]);
        hl_print_sentence(out, 2, "%s", r->title);
        hl_print_wrapped(out, 4, r->formula);
        for (size_t k = 0; has_condition(r, k); k++)
            hl_print_sentence(out, 4, "%s: 0 <= %s", r->conditions[k].name, r->conditions[k].formula);
    }
    fputs("\n`hackloss rules NAME` tells a rule's numbers with their sources. Symbols:\n", out);
    for (size_t i = 0; i < HL_FIGURE_YEAR; i++)
        fprintf(out, "  %-9s %s\n", hl_figures[i].symbol, hl_figures[i].doc);
}

static void put_counts(FILE *out, const struct hl_rule *r) {
    char line[LINE_BYTES] = "";
    for (size_t i = 0; i < HL_FUND_COUNT; i++)
        if ((r->counts >> i & 1) != 0)
            snprintf(line + strlen(line), sizeof line - strlen(line), "%s%s", *line == '\0' ? "" : ", ",
                     hl_fund_kinds[i].name);
    if (*line != '\0')
        hl_print_sentence(out, 2, "Toward it count: %s.%s", line,
                          r->hot_only ? " It is there for coins that are not cold only." : "");
}

enum hl_status hl_rule_describe(const struct hl_rule *r, FILE *out, struct hl_error *err) {
    struct hl_arena arena = {0};
    struct hl_rule_data data;
    enum hl_status status = hl_rule_data_read(&data, &arena, err);
    if (status != HL_OK) {
        hl_arena_free(&arena);
        return status;
    }
    fprintf(out, "%s (%s)\n", r->name, r->id);
    hl_print_sentence(out, 2, "%s", r->title);
    hl_print_sentence(out, 2, "%s%s%s, asks for %s", strcmp(r->jurisdiction, "-") == 0 ? "" : r->jurisdiction,
                      strcmp(r->jurisdiction, "-") == 0 ? "" : ", ", hl_rule_status_names[r->status],
                      hl_rule_kind_names[r->kind]);
    hl_print_sentence(out, 2, "%s", r->doc);
    put_counts(out, r);
    fputs("\n  Amount\n", out);
    hl_print_wrapped(out, 4, r->formula);
    if (r->provision != NULL) {
        fputs("  Put aside in a year\n", out);
        hl_print_wrapped(out, 4, r->provision);
    }
    for (size_t i = 0; has_condition(r, i); i++) {
        fprintf(out, "  %s, at least 0\n", r->conditions[i].name);
        hl_print_wrapped(out, 4, r->conditions[i].formula);
    }
    for (size_t i = 0; has_parameter(r, i); i++) {
        const struct hl_rule_parameter *p = &r->parameters[i];
        const struct hl_rule_row *row = p->row == NULL ? NULL : hl_rule_row_of(&data, r->id, p->row);
        char value[HL_WORDS_SIZE];
        snprintf(value, sizeof value, "%s", row == NULL ? "(must be given)" : row->text);
        if (row != NULL && row->value >= 10000)
            hl_words_number(value, sizeof value, row->value, 0);
        fprintf(out, "\n  %s = %s\n", p->symbol, value);
        if (row != NULL)
            hl_print_sentence(out, 4, "%s In %s.", p->doc, row->unit);
        if (row != NULL)
            hl_print_sentence(out, 4, "Source: %s. Confidence: %s.", row->source, row->confidence);
    }
    hl_arena_free(&arena);
    return HL_OK;
}

/* ---- what they ask ----------------------------------------------------------------------------------------------- */

void hl_rule_run_figures(struct hl_run_figures *out, double *var, const struct hl_result *r) {
    *out = (struct hl_run_figures){.var = var};
    for (uint32_t entity = 0; entity < r->entity_count; entity++) {
        if (r->entities[entity].kind != HL_ENTITY_EXCHANGE)
            continue;
        const struct hl_row *at = hl_row_of(r, 0, 0, entity, HL_BASIS_ALL, HL_GROSS, HL_VAR, 0.995);
        const struct hl_row *stressed = hl_row_of(r, 0, 0, entity, HL_BASIS_ALL, HL_GROSS, HL_VAR, 0.999);
        var[r->entities[entity].index] = at == NULL ? NAN : at->value;
        double loss = stressed == NULL ? NAN : stressed->value;
        for (size_t i = 0; i < 3; i++)
            if (isnan(loss) || loss > out->largest[i]) {
                double smaller = out->largest[i];
                out->largest[i] = loss;
                loss = smaller;
            }
    }
}

/* A rule asked of one exchange. */
struct answer {
    struct hl_requirement requirement;
    double held;
    double conditions[HL_RULE_CONDITIONS_MOST]; /* margins; NAN = not known */
    double provision;
};

static struct answer ask(const struct hl_rules_question *q, const struct hl_rule_use *use, size_t exchange) {
    double figures[HL_FIGURE_COUNT];
    const struct hl_rule *rule = use->terms.rule;
    struct answer a = {.provision = NAN, .requirement = hl_rule_requirement(q->scenario, use, exchange, q->run)};
    hl_rule_figures(figures, q->scenario, exchange, q->run);
    uint32_t counts = rule == NULL ? HL_COUNTS(reserve) | HL_COUNTS(protection_fund) : rule->counts;
    a.held = hl_rule_held(q->scenario, counts, exchange);
    for (size_t i = 0; rule != NULL && has_condition(rule, i); i++)
        a.conditions[i] = hl_rule_value(&use->terms, &use->terms.conditions[i], figures, NULL);
    if (use->terms.provision.text != NULL)
        a.provision = hl_rule_value(&use->terms, &use->terms.provision, figures, NULL);
    return a;
}

/* A figure in a column of its own: "12.0 bn", "-", or why there is none. */
static void put_money(FILE *out, double amount) {
    char text[HL_WORDS_SIZE] = "-", line[HL_WORDS_SIZE + 2];
    if (isinf(amount))
        snprintf(text, sizeof text, "unlimited");
    else if (!isnan(amount))
        hl_words_money(text, sizeof text, fabs(amount));
    snprintf(line, sizeof line, "%s%s", amount < 0 ? "-" : "", text);
    fprintf(out, " %*s", MONEY_WIDTH, line);
}

static bool is_pool(const struct hl_rule_use *use) {
    return use->terms.rule != NULL && use->terms.rule->kind == HL_RULE_POOL;
}

static void put_run(FILE *out, const struct hl_rules_question *q) {
    if (q->result == NULL)
        return;
    char trials[HL_WORDS_SIZE];
    hl_words_number(trials, sizeof trials, (double)q->result->trials, 0);
    fprintf(out, "VaR, L1, L2 and L3 are of %s simulated years:\n", trials);
    for (uint32_t e = 0; e < q->result->entity_count; e++) {
        if (q->result->entities[e].kind != HL_ENTITY_EXCHANGE)
            continue;
        char at[HL_WORDS_SIZE], stressed[HL_WORDS_SIZE];
        hl_words_row(at, sizeof at, hl_row_of(q->result, 0, 0, e, HL_BASIS_ALL, HL_GROSS, HL_VAR, 0.995),
                     HL_MEASURE_MONEY);
        hl_words_row(stressed, sizeof stressed, hl_row_of(q->result, 0, 0, e, HL_BASIS_ALL, HL_GROSS, HL_VAR, 0.999),
                     HL_MEASURE_MONEY);
        fputs("  ", out);
        hl_print_padded(out, q->result->entities[e].name, HL_EXCHANGE_WIDTH);
        fprintf(out, " 99.5 %%: %s; 99.9 %%: %s\n", at, stressed);
    }
    fputc('\n', out);
}

static bool is_illustrative(const struct hl_rules_question *q) {
    bool any = false;
    for (size_t i = 0; i < q->count; i++)
        any = any || q->uses[i].terms.illustrative;
    return any;
}

static void put_notes(FILE *out, const struct hl_rules_question *q) {
    if (is_illustrative(q))
        hl_print_wrapped(out, 0,
                         "Amounts in currencies that the scenario gives no rate for are turned at the illustrative "
                         "rates of scenarios/data/currencies.csv; give rates under `currencies`.");
}

/* The sums over exchanges of what one rule asks and of what is held. */
static void put_overview(FILE *out, const struct hl_rules_question *q, const struct hl_rule_use *use) {
    double required = 0, held = 0;
    size_t known = 0, below = 0, broken = 0;
    const char *missing = NULL;
    for (size_t e = 0; e < q->scenario->exchange_count; e++) {
        struct answer a = ask(q, use, e);
        bool fails = false;
        for (size_t i = 0; use->terms.rule != NULL && has_condition(use->terms.rule, i); i++)
            fails = fails || a.conditions[i] < 0;
        broken += fails;
        if (isnan(a.requirement.amount)) {
            missing = a.requirement.missing;
            continue;
        }
        known++;
        below += a.held < a.requirement.amount;
        required = is_pool(use) ? a.requirement.amount : required + a.requirement.amount;
        held = is_pool(use) ? a.held : held + a.held;
    }
    hl_print_padded(out, name_of(use), RULE_WIDTH);
    if (known == 0) {
        fprintf(out, " not told: needs %s\n", missing == NULL ? "an exchange" : missing);
        return;
    }
    put_money(out, required);
    put_money(out, held);
    fprintf(out, " %5zu of %-3zu", below, known);
    if (use->terms.rule == NULL || !has_condition(use->terms.rule, 0))
        fputs("     -", out);
    else
        fprintf(out, " %5zu", broken);
    if (known < q->scenario->exchange_count)
        fprintf(out, "  %zu without %s", q->scenario->exchange_count - known, missing);
    fputc('\n', out);
}

void hl_rules_overview(FILE *out, const struct hl_rules_question *q) {
    put_run(out, q);
    hl_print_padded(out, "rule", RULE_WIDTH);
    fprintf(out, " %*s %*s %-12s %6s\n", MONEY_WIDTH, "asks for", MONEY_WIDTH, "held", " below", "broken");
    for (size_t i = 0; i < q->count; i++)
        put_overview(out, q, &q->uses[i]);
    fputc('\n', out);
    hl_print_sentence(
        out, 0,
        "In %s, all exchanges together. Held: what counts toward the rule. Below: exchanges that hold less "
        "than it asks for. Broken: exchanges that break one of its conditions.",
        q->scenario->currency);
    put_notes(out, q);
}

static void put_conditions(FILE *out, const struct hl_rule_use *use, const struct answer *a) {
    for (size_t i = 0; use->terms.rule != NULL && has_condition(use->terms.rule, i); i++)
        if (!(a->conditions[i] >= 0))
            fprintf(out, "    %s%s\n",
                    isnan(a->conditions[i]) ? "not told: " : "breaks: ", use->terms.rule->conditions[i].name);
}

static void put_detail(FILE *out, const struct hl_rules_question *q, const struct hl_rule_use *use) {
    const struct hl_rule *rule = use->terms.rule;
    if (rule != NULL)
        hl_print_sentence(out, 0, "%s: %s", rule->name, rule->title);
    hl_print_wrapped(out, 2, use->terms.formula.text);
    fputs("  ", out);
    hl_print_padded(out, "", HL_EXCHANGE_WIDTH);
    fprintf(out, " %*s %*s %*s", MONEY_WIDTH, "asks for", MONEY_WIDTH, "held", MONEY_WIDTH, "headroom");
    if (use->terms.provision.text != NULL)
        fprintf(out, " %*s", MONEY_WIDTH, "this year");
    fputc('\n', out);
    for (size_t e = 0; e < q->scenario->exchange_count; e++) {
        struct answer a = ask(q, use, e);
        fputs("  ", out);
        hl_print_padded(out, q->scenario->exchanges[e].id, HL_EXCHANGE_WIDTH);
        if (isnan(a.requirement.amount)) {
            fprintf(out, " %*s", MONEY_WIDTH, "not told");
            put_money(out, a.held);
            fprintf(out, "  needs %s", a.requirement.missing);
        } else {
            put_money(out, a.requirement.amount);
            put_money(out, a.held);
            put_money(out, a.held - a.requirement.amount);
        }
        if (use->terms.provision.text != NULL)
            put_money(out, a.provision);
        fputc('\n', out);
        put_conditions(out, use, &a);
    }
    if (is_pool(use))
        hl_print_wrapped(out, 2, "A pool: the amount is that of all together.");
    fputc('\n', out);
}

void hl_rules_detail(FILE *out, const struct hl_rules_question *q) {
    put_run(out, q);
    for (size_t i = 0; i < q->count; i++)
        put_detail(out, q, &q->uses[i]);
    hl_print_sentence(out, 0, "In %s.", q->scenario->currency);
    put_notes(out, q);
}

static void put_number(FILE *out, double value) {
    char text[32] = "";
    if (isfinite(value))
        hl_number_text(text, sizeof text, value);
    fprintf(out, ",%s", text);
}

void hl_rules_csv(FILE *out, const struct hl_rules_question *q) {
    fputs("Rule,RuleId,Exchange,Currency,Required,Held,Headroom,Provision,Condition,Margin,Missing,IllustrativeRates\n",
          out);
    for (size_t i = 0; i < q->count; i++)
        for (size_t e = 0; e < q->scenario->exchange_count; e++) {
            const struct hl_rule_use *use = &q->uses[i];
            const struct hl_rule *rule = use->terms.rule;
            struct answer a = ask(q, use, e);
            for (size_t c = 0; c == 0 || (rule != NULL && has_condition(rule, c)); c++) {
                bool condition = rule != NULL && has_condition(rule, c);
                fprintf(out, "%s,%s,%s,%s", name_of(use), rule == NULL ? "" : rule->id, q->scenario->exchanges[e].id,
                        q->scenario->currency);
                put_number(out, a.requirement.amount);
                put_number(out, a.held);
                put_number(out, a.held - a.requirement.amount);
                put_number(out, a.provision);
                fprintf(out, ",%s", condition ? rule->conditions[c].name : "");
                put_number(out, condition ? a.conditions[c] : NAN);
                fprintf(out, ",%s,%s\n", a.requirement.missing == NULL ? "" : a.requirement.missing,
                        use->terms.illustrative ? "yes" : "no");
            }
        }
}
