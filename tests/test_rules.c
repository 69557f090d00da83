/* Rules asked of the exchanges of a scenario: figures, requirements, what is held. */
#include "scenario/rules.h"
#include "scenario_fixture.h"

#include <math.h>

static const double bn = 1e9;

static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

/* ape: 1 bn hot, 42.5 bn cold of which 40 bn with a vendor; bee: 0.5 bn hot and the same as guarantee. */
Test(rules, figures_of_the_profile) {
    static const struct {
        enum hl_figure figure;
        double ape, bee; /* bn yen */
    } rows[] = {
        {HL_FIGURE_V, NAN, NAN}, {HL_FIGURE_VMAX, 900, 100}, {HL_FIGURE_H, 1, 0.5},         {HL_FIGURE_W, 0, 0},
        {HL_FIGURE_C, 42.5, 0},  {HL_FIGURE_A, 43.5, 0.5},   {HL_FIGURE_SELF, 3.5, 0.5},    {HL_FIGURE_NA, 6, 1.5},
        {HL_FIGURE_O, 4, NAN},   {HL_FIGURE_LOSSES, 2, NAN}, {HL_FIGURE_CUSTOMERS, 7, NAN}, {HL_FIGURE_I, 5, 5},
        {HL_FIGURE_R, 1.8, 1},   {HL_FIGURE_VAR, NAN, NAN},  {HL_FIGURE_L1, NAN, NAN},      {HL_FIGURE_YEAR, 0, 0},
    };
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
        {"exchanges.csv", NULL,
         "exchange,jurisdiction,as_of,highest_volume,own_capital,operating_expenses,past_losses,customers,source,"
         "confidence\n"
         "ape,JP,2024-03-31,900 bn,6 bn,4 bn,2 bn,7 bn,s,low\nbee,JP,2024-03-31,100 bn,1.5 bn,,,,s,low\n"}});
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t e = 0; e < 2; e++) {
            double figures[HL_FIGURE_COUNT], want = e == 0 ? rows[i].ape : rows[i].bee;
            hl_rule_figures(figures, &s, e, NULL);
            double found = figures[rows[i].figure] / bn;
            cr_expect(isnan(want) ? isnan(found) : fabs(found - want) < 1e-12, "%s of %zu: %g, not %g",
                      hl_figures[rows[i].figure].symbol, e, found, want);
        }
    const double var[] = {3 * bn, 4 * bn};
    const struct hl_run_figures run = {var, {9 * bn, 8 * bn, 0}};
    double figures[HL_FIGURE_COUNT];
    hl_rule_figures(figures, &s, 1, &run);
    cr_expect(figures[HL_FIGURE_VAR] == 4 * bn && figures[HL_FIGURE_L1] == 9 * bn && figures[HL_FIGURE_L3] == 0);
    hl_scenario_free(&s);
}

/* Both exchanges have 5 bn of insurance; reserves of 1.8 and 1 bn; capital of 6 and 1.5 bn; bee has 0.5 bn guarantee.
 */
Test(rules, what_is_held_that_counts) {
    static const struct {
        uint32_t counts;
        double ape, bee;
    } rows[] = {
        {0, 0, 0},
        {HL_COUNTS(reserve), 1.8, 1},
        {HL_COUNTS(insurance), 5, 5},
        {HL_COUNTS(own_capital), 6, 1.5},
        {HL_COUNTS(guarantee_crypto), 0, 0.5},
        {HL_COUNTS(reserve) | HL_COUNTS(insurance), 6.8, 6},
        {HL_COUNTS(recovery), 0, 0},
        {HL_COUNTS(parent), 1.8, 0},
    };
    struct hl_scenario s = load(NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(hl_rule_held(&s, rows[i].counts, 0) == rows[i].ape * bn &&
                      hl_rule_held(&s, rows[i].counts, 1) == rows[i].bee * bn,
                  "row %zu: %g, %g", i, hl_rule_held(&s, rows[i].counts, 0), hl_rule_held(&s, rows[i].counts, 1));
    hl_scenario_free(&s);
    s = load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", "cap: 40 bn}", "cap: 40 bn}, start: 50 %"},
                                                  {"s.yaml", "limit: 5 bn", "limit: unlimited"}});
    cr_expect_eq(hl_rule_held(&s, HL_COUNTS(reserve), 0), 0.9 * bn, "what is there on day 0");
    cr_expect(isinf(hl_rule_held(&s, HL_COUNTS(insurance), 0)));
    hl_scenario_free(&s);
}

Test(rules, requirements_of_every_exchange) {
    static const struct {
        const char *rule;
        double ape, bee; /* bn yen; NAN = not told */
        const char *missing;
    } rows[] = {
        {"jp_psa", 1, 0.5, NULL},
        {"jp_a1", 0.072, 0.008, NULL},
        {"jp_a2", 2, 2, NULL},
        {"hk_vatp", 22.25, 0.5, NULL},
        {"kr_vaupa", 0.315, 0.315, NULL},
        {"jp_sec_175", 0, 0, NULL},
        {"sg_psr", 0, 0, NULL},
        {"eu_mica", NAN, NAN, "E"},
        {"solvency_ii", NAN, NAN, "VaR"},
        {"fixed_amount", NAN, NAN, "amount"},
        {"tr_cmb", 0.54, 0.54, NULL},
    };
    struct hl_scenario s = load(NULL);
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t e = 0; e < 2; e++) {
            struct hl_rule_use use;
            cr_assert_eq(hl_rule_use_make(&use, &arena, &s, hl_rule_find(rows[i].rule), &err), HL_OK);
            struct hl_requirement r = hl_rule_requirement(&s, &use, e, NULL);
            double want = e == 0 ? rows[i].ape : rows[i].bee;
            cr_expect(isnan(want) ? isnan(r.amount) && strcmp(r.missing, rows[i].missing) == 0
                                  : fabs(r.amount - want * bn) < 1e-3 && r.missing == NULL,
                      "%s of %zu: %g", rows[i].rule, e, r.amount);
        }
    hl_arena_free(&arena);
    hl_scenario_free(&s);
}

/* A volume of two years ago is the highest of three; another exchange's is not this one's. */
Test(rules, volumes_by_class) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
        {"s.yaml", "  vendors: vendors.csv\n",
         "  vendors: vendors.csv\n  volumes:\n"
         "    - {exchange: ape, class: equity_turnover, value: 5 tn, source: s, confidence: low}\n"
         "    - {exchange: ape, class: equity_turnover, value: 10 tn, years_ago: 2, source: s, confidence: low}\n"
         "    - {exchange: bee, class: bond_options, value: 1 tn, years_ago: 1, source: s, confidence: low}\n"}});
    cr_expect_eq(s.volume_count, 3);
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_rule_use use;
    cr_assert_eq(hl_rule_use_make(&use, &arena, &s, hl_rule_find("jp_sec_175"), &err), HL_OK);
    cr_expect_float_eq(hl_rule_requirement(&s, &use, 0, NULL).amount, 0.8 * bn, 1, "0.8 per 10,000 of 10 tn");
    cr_expect_float_eq(hl_rule_requirement(&s, &use, 1, NULL).amount, 0.12 * bn, 1, "1.2 per 10,000 of 1 tn");
    double figures[HL_FIGURE_COUNT];
    hl_rule_figures(figures, &s, 0, NULL);
    figures[HL_FIGURE_R] = 0;
    cr_expect_float_eq(hl_rule_value(&use.terms, &use.terms.provision, figures, NULL), 0.1 * bn, 1,
                       "of this year's 5 tn");
    hl_arena_free(&arena);
    hl_scenario_free(&s);
}
