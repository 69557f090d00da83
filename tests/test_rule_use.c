/* Rules and formulas as amounts of funds. */
#include "scenario/rules.h"
#include "scenario_fixture.h"

#include <math.h>

#define AMOUNT "{share: 20 bp, of: highest_volume, floor: 1 bn, cap: 40 bn}"

static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

/* What the reserve of ape (900 bn of volume, 1 bn hot, 42.5 bn cold) and of bee (100 bn, 0.5 bn hot) comes to. */
Test(rule_use, amounts_in_bn_yen) {
    static const struct {
        const char *amount;
        double ape, bee;
    } rows[] = {
        {AMOUNT, 1.8, 1},
        {"{rule: jp_a2, floor: 1 bn}", 1.8, 1},
        {"{formula: 'clip(20 bp * Vmax, 1 bn, 40 bn)'}", 1.8, 1},
        {"{formula: 20 bp * Vmax, floor: 1 bn, cap: 1.5 bn}", 1.5, 1},
        {"{rule: jp_a2}", 2, 2},
        {"{rule: jp_a2, rho: 1 %, floor: 0}", 9, 1},
        {"{rule: jp_a2, rho: 1 %, cap: 3 bn}", 3, 2},
        {"{rule: hk_vatp}", 22.25, 0.5},
        {"{rule: hk_vatp, cap: 20 bn}", 20, 0.5},
        {"{rule: fixed_amount, amount: 12 m USD}", 1.8, 1.8},
        {"{rule: share_of_assets, share: 10 %}", 4.35, 0.05},
        {"{formula: 12 m USD + 0 * NA}", 1.8, 1.8},
        {"{formula: NA - 3 bn}", 3, 0},                                        /* never below nothing */
        {"{rule: fixed_amount, amount: 10 bn, in_lieu: {share: 30 %}}", 7, 7}, /* 3 of 5 bn insured */
        {"{rule: fixed_amount, amount: 10 bn, in_lieu: {share: 80 %}}", 5, 5}, /* all 5 bn insured */
        {"{rule: fixed_amount, amount: 10 bn, in_lieu: {share: 80 %, credit: 50 %}}", 7.5, 7.5},
        {"{formula: 10 bn, in_lieu: {share: 30 %}}", 7, 7},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", AMOUNT, rows[i].amount}});
        const struct hl_amount *a = &s.funds[3].amount;
        cr_expect_eq(a->base == HL_BASE_RULE, i > 0);
        double ape = hl_amount_of(&s, a, 0, 1), bee = hl_amount_of(&s, a, 1, 1);
        cr_expect(ape == rows[i].ape * 1e9 && bee == rows[i].bee * 1e9, "%s: %g, %g", rows[i].amount, ape, bee);
        hl_scenario_free(&s);
    }
}

/* With figures that double each year a share of volume does too, between the same floor and cap. */
Test(rule_use, figures_grow_and_bounds_do_not) {
    static const struct {
        const char *amount;
        double first, second, third;
    } rows[] = {{"{rule: jp_a2, floor: 1 bn}", 1.8, 3.6, 7.2},
                {"{rule: jp_a2, floor: 1 bn, cap: 5 bn}", 1.8, 3.6, 5},
                {"{formula: 3 bn}", 3, 3, 3},
                {"{rule: kr_vaupa, rate: 50 %}", 0.5, 1, 2}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
            {"s.yaml", "horizon: 1 y", "horizon: 3 y"},
            {"s.yaml", AMOUNT, rows[i].amount},
            {"exchanges.csv", NULL,
             "exchange,jurisdiction,as_of,highest_volume,own_capital,growth,source,confidence\n"
             "ape,JP,2024-03-31,900 bn,6 bn,1,s,low\nbee,JP,2024-03-31,100 bn,1.5 bn,,s,low\n"}});
        const double want[] = {rows[i].first, rows[i].second, rows[i].third};
        for (uint16_t year = 1; year <= 3; year++)
            cr_expect_float_eq(hl_amount_of(&s, &s.funds[3].amount, 0, year), want[year - 1] * 1e9, 0.5,
                               "%s in year %d", rows[i].amount, year);
        hl_scenario_free(&s);
    }
}

/* The same rule as a share of a figure comes to the same quanta, also where they are parts of a cent. */
Test(rule_use, the_same_quanta_as_a_share) {
    for (int i = 0; i < 2; i++) {
        struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
            {"s.yaml", "currency: JPY", "currency: EUR"},
            {"s.yaml", AMOUNT, i == 0 ? "{share: 17 bp, of: highest_volume}" : "{formula: 17 bp * Vmax}"},
            {"exchanges.csv", "900 bn", "900_123.45"},
            {"holdings.csv", "4000", "40"},
            {"holdings.csv", "2.5 bn", "2.5 m"}});
        cr_expect_eq(hl_amount_of(&s, &s.funds[3].amount, 0, 1), nearbyint(0.0017 * nearbyint(900123.45 * 128)));
        hl_scenario_free(&s);
    }
}

/* The fingerprint knows every number of a rule. */
Test(rule_use, other_numbers_are_other_scenarios) {
    static const char *const amounts[] = {"{rule: jp_a2}",
                                          "{rule: jp_a2, rho: 10 bp}",
                                          "{rule: jp_a2, cap: 41 bn}",
                                          "{rule: jp_a2, in_lieu: {share: 10 %}}",
                                          "{rule: jp_a2, in_lieu: {share: 10 %, credit: 90 %}}",
                                          "{formula: 20 bp * Vmax}",
                                          "{formula: 30 bp * Vmax}"};
    char prints[sizeof amounts / sizeof *amounts][65];
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", AMOUNT, amounts[i]}});
        memcpy(prints[i], s.fingerprint, sizeof prints[i]);
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(prints[i], prints[k], "%s and %s", amounts[i], amounts[k]);
        hl_scenario_free(&s);
    }
}
