/* Every rule's worked example: the reference exchange and the conversions of models/README.md. Money in bn yen. */
#include "models/rule.h"
#include "models/rule_data.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double bn = 1e9;
static const struct hl_currencies yen = {"JPY", NULL, 0};

struct bench {
    struct hl_arena arena;
    struct hl_error err;
    struct hl_rule_terms terms;
    double figures[HL_FIGURE_COUNT];
};

/* The reference exchange: 5 tn yen of volume, 10 bn hot and 490 bn cold, 2 % of coins hot. */
static void start(struct bench *b, const char *rule) {
    *b = (struct bench){0};
    static const struct {
        enum hl_figure figure;
        double bn;
    } reference[] = {
        {HL_FIGURE_V, 5000},  {HL_FIGURE_VMAX, 5000}, {HL_FIGURE_H, 10},    {HL_FIGURE_W, 0},
        {HL_FIGURE_C, 490},   {HL_FIGURE_A, 500},     {HL_FIGURE_F, 50},    {HL_FIGURE_E, 10},
        {HL_FIGURE_O, 12},    {HL_FIGURE_REV, 20},    {HL_FIGURE_FEES, 20}, {HL_FIGURE_NA, 20},
        {HL_FIGURE_SELF, 25}, {HL_FIGURE_I, 5},       {HL_FIGURE_R, 0.9},   {HL_FIGURE_VAR, 30},
        {HL_FIGURE_L1, 60},   {HL_FIGURE_L2, 40},     {HL_FIGURE_L3, 30},   {HL_FIGURE_LOSSES, 48.2},
    };
    for (size_t i = 0; i < sizeof reference / sizeof *reference; i++)
        b->figures[reference[i].figure] = reference[i].bn * bn;
    const struct hl_rule *found = hl_rule_find(rule);
    cr_assert(found != NULL, "%s", rule);
    cr_assert_eq(hl_rule_terms_make(&b->terms, &b->arena, found, &yen, &b->err), HL_OK);
}

static void finish(struct bench *b) {
    hl_error_free(&b->err);
    hl_arena_free(&b->arena);
}

Test(rule, worked_examples) {
    static const struct {
        const char *rule;
        double amount;        /* bn yen */
        double provision;     /* NAN = none */
        double conditions[2]; /* margins in bn yen; NAN = none */
        double digits;        /* 1 = exact; else the share by which the example is rounded */
    } rows[] = {
        {"jp_psa", 10, NAN, {15, 19.99}, 0},
        {"jp_jvcea", 10, NAN, {NAN, NAN}, 0},
        {"jp_sec_175", 0, 0, {NAN, NAN}, 0},
        {"jp_a1", 0.4, 0, {NAN, NAN}, 0},
        {"jp_a2", 10, NAN, {NAN, NAN}, 0},
        {"jp_a3", 13.0, NAN, {NAN, NAN}, 0.003},
        {"jp_a4", 24.5, NAN, {NAN, NAN}, 0},
        {"jp_a5", 165, NAN, {NAN, NAN}, 0},
        {"kr_vaupa", 0.5, NAN, {90, NAN}, 0},
        {"kr_bank_2023", 2.1, NAN, {NAN, NAN}, 0},
        {"hk_vatp", 255, NAN, {0, NAN}, 0},
        {"sg_psr", 0, NAN, {40, 19.97125}, 0},
        {"th_sec", 4.9, NAN, {15, NAN}, 0},
        {"eu_mica", 2.5, NAN, {NAN, NAN}, 0},
        {"uk_cryptopru", 2.5, NAN, {19.17, NAN}, 0.001},
        {"ae_vara", 2.5, NAN, {19, NAN}, 0},
        {"tr_cmb", 0.54, NAN, {0, NAN}, 0},
        {"basel_sma", 2.4, NAN, {NAN, NAN}, 0},
        {"solvency_ii", 30, NAN, {NAN, NAN}, 0},
        {"emir_cover2", 100, NAN, {NAN, NAN}, 0},
        {"deposit_target", 4, NAN, {NAN, NAN}, 0},
        {"safu", 150, 2, {-119.1, NAN}, 0},
        {"cipf", 0.875, 0.4, {NAN, NAN}, 0},
        {"fixed_amount", NAN, NAN, {NAN, NAN}, 0},
        {"share_of_assets", NAN, NAN, {NAN, NAN}, 0},
    };
    size_t count = sizeof rows / sizeof *rows;
    for (size_t i = 0; i < count; i++) {
        struct bench b;
        start(&b, rows[i].rule);
        const char *missing;
        double tolerance = fmax(rows[i].digits, 1e-12),
               amount = hl_rule_value(&b.terms, &b.terms.formula, b.figures, &missing);
        cr_expect(isnan(rows[i].amount) ? isnan(amount) && missing != NULL
                                        : fabs(amount / bn - rows[i].amount) <= tolerance * (1 + fabs(rows[i].amount)),
                  "%s: %.9g, not %g", rows[i].rule, amount / bn, rows[i].amount);
        cr_expect_eq(b.terms.provision.text == NULL, isnan(rows[i].provision) != 0, "%s", rows[i].rule);
        if (b.terms.provision.text != NULL)
            cr_expect_float_eq(hl_rule_value(&b.terms, &b.terms.provision, b.figures, NULL) / bn, rows[i].provision,
                               1e-9);
        for (size_t c = 0; c < 2; c++) {
            bool there = b.terms.conditions[c].text != NULL;
            cr_expect_eq(there, isnan(rows[i].conditions[c]) == 0, "%s", rows[i].rule);
            double margin = there ? hl_rule_value(&b.terms, &b.terms.conditions[c], b.figures, NULL) / bn : NAN;
            cr_expect(!there || fabs(margin - rows[i].conditions[c]) <= fmax(tolerance, 1e-9) * 20,
                      "%s: margin %.9g, not %g", rows[i].rule, margin, rows[i].conditions[c]);
        }
        finish(&b);
    }
    for (size_t i = 0; hl_rules[i] != NULL; i++) {
        size_t row = 0;
        while (row < count && strcmp(rows[row].rule, hl_rules[i]->name) != 0)
            row++;
        cr_expect(row < count, "%s has no worked example", hl_rules[i]->name);
    }
}

/* The readings of the Japanese reserve at four volumes, in tn and bn yen. */
Test(rule, japanese_readings_by_volume) {
    static const struct {
        double volume, a1, a2, a3;
    } rows[] = {{0.5, 0.04, 2, 2}, {1, 0.08, 2, 3.51}, {5, 0.4, 10, 12.976}, {20, 1.6, 40, 40}};
    static const char *const rules[] = {"jp_a1", "jp_a2", "jp_a3"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t k = 0; k < 3; k++) {
            struct bench b;
            start(&b, rules[k]);
            b.figures[HL_FIGURE_VMAX] = rows[i].volume * 1e12;
            double want = k == 0 ? rows[i].a1 : k == 1 ? rows[i].a2 : rows[i].a3;
            cr_expect_float_eq(hl_rule_value(&b.terms, &b.terms.formula, b.figures, NULL) / bn, want, 0.005,
                               "%s at %g tn", rules[k], rows[i].volume);
            finish(&b);
        }
}

/* Art. 175: every class counts at its own rate; a constant volume fills the reserve in four years. */
Test(rule, article_175_by_class) {
    static const double per_10000[HL_CLASS_COUNT] = {0.2,    0.006,  0.3,  0.0016, 0.3, 0.0096,
                                                     0.0012, 0.0024, 0.01, 0.01,   0.1};
    double all = 0;
    struct bench b;
    start(&b, "jp_sec_175");
    for (size_t i = 0; i < HL_CLASS_COUNT; i++) {
        double volume = (double)(i + 1) * 1e12;
        b.figures[HL_FIGURE_YEAR + i] = b.figures[HL_FIGURE_MOST + i] = volume;
        all += per_10000[i] / 1e4 * volume;
        double reserve = 0;
        for (int year = 1; year <= 6; year++) {
            b.figures[HL_FIGURE_R] = reserve;
            double provision = hl_rule_value(&b.terms, &b.terms.provision, b.figures, NULL);
            cr_expect_float_eq(provision, year <= 4 ? all : 0, 1e-6 * all, "%s, year %d", hl_class_names[i], year);
            reserve += provision;
        }
        cr_expect_float_eq(hl_rule_value(&b.terms, &b.terms.formula, b.figures, NULL), 4 * all, 1e-6 * all);
        cr_expect_float_eq(reserve, 4 * all, 1e-6 * all);
    }
    /* A year of half the volume: the reserve is asked for at the highest of three, the provision at this year's. */
    for (size_t i = 0; i < HL_CLASS_COUNT; i++)
        b.figures[HL_FIGURE_YEAR + i] /= 2;
    b.figures[HL_FIGURE_R] = 0;
    cr_expect_float_eq(hl_rule_value(&b.terms, &b.terms.formula, b.figures, NULL), 4 * all, 1e-6 * all);
    cr_expect_float_eq(hl_rule_value(&b.terms, &b.terms.provision, b.figures, NULL), all / 2, 1e-6 * all);
    finish(&b);
}

/* 0.8 per 10,000 of shares: 2 bn come of 25 tn a year and 40 bn of 500 tn, the range that is reported. */
Test(rule, article_175_and_the_reported_range) {
    static const double rows[][2] = {{25e12, 2e9}, {500e12, 40e9}, {5e12, 0.4e9}};
    for (size_t i = 0; i < 3; i++) {
        struct bench b;
        start(&b, "jp_sec_175");
        b.figures[HL_FIGURE_MOST] = rows[i][0];
        cr_expect_float_eq(hl_rule_value(&b.terms, &b.terms.formula, b.figures, NULL), rows[i][1], 1);
        finish(&b);
    }
}

/* Basel: 35 bn euros of indicator have 5.37 bn, which losses of the same size leave so; larger losses cost more. */
Test(rule, basel_buckets_and_losses) {
    struct bench b;
    start(&b, "basel_sma");
    double eur = 170 * bn;
    b.figures[HL_FIGURE_REV] = 35 * eur;
    b.figures[HL_FIGURE_LOSSES] = 5.37 * eur * 10 / 15;
    cr_expect_float_eq(hl_rule_value(&b.terms, &b.terms.formula, b.figures, NULL) / eur, 5.37, 1e-9);
    b.figures[HL_FIGURE_LOSSES] *= 30;
    double more = 5.37 * log(exp(1) - 1 + pow(30, 0.8));
    cr_expect_float_eq(hl_rule_value(&b.terms, &b.terms.formula, b.figures, NULL) / eur, more, 1e-9);
    finish(&b);
    /* If a loss of 48.2 bn yen in ten years counted for the reference exchange: 72.3 of it, 2.83 times 2.4. */
    start(&b, "basel_sma");
    struct hl_rule_terms own;
    struct hl_formula_place at = {0};
    cr_assert_eq(hl_rule_terms_of_formula(&own, &b.arena,
                                          "2.4 bn * log(exp(1) - 1 + pow(15 * losses / 10 / 2.4 bn, 0.8))", &yen, &at,
                                          &b.err),
                 HL_OK);
    cr_expect_float_eq(hl_rule_value(&own, &own.formula, b.figures, NULL) / bn, 6.8, 0.01);
    finish(&b);
}

/* The Korean floor is that of the market: 3 bn won, which are 0.315 bn yen. */
Test(rule, floors_in_other_currencies) {
    static const struct hl_currency_rate stated = {"KRW", 0.2};
    static const struct hl_currencies with = {"JPY", &stated, 1}, dollars = {"USD", NULL, 0}, taler = {"XAF", NULL, 0};
    struct bench b;
    start(&b, "kr_vaupa");
    b.figures[HL_FIGURE_H] = 0;
    cr_expect_float_eq(hl_rule_value(&b.terms, &b.terms.formula, b.figures, NULL), 0.315 * bn, 1e-3);
    cr_expect(b.terms.illustrative);
    cr_assert_eq(hl_rule_terms_make(&b.terms, &b.arena, hl_rule_find("kr_vaupa"), &with, &b.err), HL_OK);
    cr_expect_float_eq(hl_rule_value(&b.terms, &b.terms.formula, b.figures, NULL), 0.6 * bn, 1e-3,
                       "at the stated rate");
    cr_expect(!b.terms.illustrative);
    cr_assert_eq(hl_rule_terms_make(&b.terms, &b.arena, hl_rule_find("kr_vaupa"), &dollars, &b.err), HL_OK);
    cr_expect_float_eq(hl_rule_value(&b.terms, &b.terms.formula, b.figures, NULL), 2.1e6, 1e-3, "0.315 bn yen at 150");
    cr_assert_eq(hl_rule_terms_make(&b.terms, &b.arena, hl_rule_find("kr_vaupa"), &taler, &b.err), HL_OK);
    const char *missing;
    cr_expect(isnan(hl_rule_value(&b.terms, &b.terms.formula, b.figures, &missing)));
    cr_expect_str_eq(missing, "floor", "a currency without any rate");
    finish(&b);
}

Test(rule, in_lieu) {
    static const struct {
        double requirement, share, credit, insured, want;
    } rows[] = {
        {10, 0, 1, 5, 10},          /* nothing may stand in */
        {10, 0.5, 1, 3, 7},         /* the limit counts in full */
        {10, 0.5, 1, 8, 5},         /* but for no more than half */
        {10, 0.5, 0.5, 8, 6},       /* 8 are credited as 4 */
        {10, 1, 1, 50, 0},          /* all of it */
        {10, 0.3, 1, INFINITY, 7},  /* unlimited */
        {10, 0.3, 0, INFINITY, 10}, /* but not credited */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(hl_rule_in_lieu(rows[i].requirement, rows[i].share, rows[i].credit, rows[i].insured), rows[i].want,
                     "row %zu", i);
}

/* Names are unique, symbols too, and every parameter has its row: of money in a currency, with source and confidence.
 */
Test(rule, descriptors_agree_with_the_data) {
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_rule_data data;
    cr_assert_eq(hl_rule_data_read(&data, &arena, &err), HL_OK);
    for (size_t i = 0; hl_rules[i] != NULL; i++) {
        const struct hl_rule *r = hl_rules[i];
        cr_expect(hl_rule_find(r->name) == r, "%s twice", r->name);
        cr_expect(r->title && r->doc && r->id && r->jurisdiction && r->formula, "%s", r->name);
        cr_expect((r->counts == 0) == (r->kind == HL_RULE_CONDITION), "%s", r->name);
        for (size_t k = 0; k < HL_RULE_PARAMETERS_MOST && r->parameters[k].symbol != NULL; k++) {
            const struct hl_rule_parameter *p = &r->parameters[k];
            for (size_t f = 0; f < HL_FIGURE_COUNT; f++)
                cr_expect_str_neq(hl_figures[f].symbol, p->symbol, "%s", r->name);
            if (p->row == NULL)
                continue;
            const struct hl_rule_row *row = hl_rule_row_of(&data, r->id, p->row);
            cr_assert(row != NULL && !isnan(row->value), "%s: %s", r->name, p->row);
            cr_expect(*row->source != '\0' && *row->confidence != '\0', "%s: %s", r->name, p->row);
            bool illustrative = false;
            char code[4] = "";
            snprintf(code, sizeof code, "%.3s", row->unit);
            cr_expect(p->unit != HL_UNIT_MONEY || hl_rule_rate_of(&data, &yen, code, &illustrative) > 0, "%s: %s in %s",
                      r->name, p->row, row->unit);
        }
    }
    for (size_t i = 0; i < HL_CLASS_COUNT; i++) {
        char symbol[64], a[64], k[64];
        snprintf(symbol, sizeof symbol, "year_%s", hl_class_names[i]);
        cr_expect_str_eq(hl_figures[HL_FIGURE_YEAR + i].symbol, symbol);
        snprintf(symbol, sizeof symbol, "most_%s", hl_class_names[i]);
        cr_expect_str_eq(hl_figures[HL_FIGURE_MOST + i].symbol, symbol);
        snprintf(a, sizeof a, "annual_rate_a[%s]", hl_class_names[i]);
        snprintf(k, sizeof k, "cap_rate_k[%s]", hl_class_names[i]);
        double rate = hl_rule_row_of(&data, "JP-SEC-175", a)->value,
               most = hl_rule_row_of(&data, "JP-SEC-175", k)->value;
        cr_expect_float_eq(most, 4 * rate, 1e-12, "k = 4 a for %s", hl_class_names[i]);
    }
    hl_arena_free(&arena);
    hl_error_free(&err);
}
