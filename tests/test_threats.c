/* Climates, trends, covariates and excitation as they are written, and every fault of them at its place. */
#include "scenario_fixture.h"

#include <math.h>

#define Y "s.yaml"

/* Line 22: a second source of Poisson breaches, at bee alone; from line 26 on what the row adds. */
static const char more[] = "  - {vector: key_leak, at: bee, count: {poisson: {rate: 1 / y}}, takes: {share: 1}}\n"
                           "  - vector: insider\n";

static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

Test(threats, without_them_rates_are_as_stated) {
    struct hl_scenario s = load(NULL);
    cr_expect(s.climate_count == 0 && s.excitation_count == 0 && s.control_count == 0);
    for (size_t i = 0; i < s.breach_count; i++) {
        cr_expect(s.breaches[i].climate == HL_NONE && s.breaches[i].trend_per_year == 0);
        for (size_t k = 0; k < HL_COVARIATE_COUNT; k++)
            cr_expect(s.breaches[i].covariates[k].beta == 0);
        for (size_t e = 0; e < s.exchange_count; e++)
            cr_expect(hl_rate_factor(&s, i, e) == 1);
    }
    hl_scenario_free(&s);
}

Test(threats, climates_and_trend) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
        {Y, "breaches:\n",
         "climates:\n  - {name: calm, lognormal: {sd: 0.2}}\n  - {name: threat, gamma: {sd: 60 %}, persistence: 30 %}\n"
         "breaches:\n"},
        {Y, "  - vector: hot_wallet_drain\n",
         "  - vector: hot_wallet_drain\n    climate: threat\n    trend: -5 % / y\n"}});
    cr_assert_eq(s.climate_count, 2);
    cr_expect_str_eq(s.climates[0].name, "calm");
    cr_expect(s.climates[0].family == &hl_climate_lognormal && s.climates[0].sd == 0.2);
    cr_expect(s.climates[0].persistence == 0);
    cr_expect(s.climates[1].family == &hl_climate_gamma && s.climates[1].sd == 0.6);
    cr_expect(s.climates[1].persistence == 0.3);
    cr_expect(s.breaches[0].climate == 1 && s.breaches[0].trend_per_year == -0.05);
    cr_expect(s.breaches[1].climate == HL_NONE);
    hl_scenario_free(&s);
}

Test(threats, excitation) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
        {Y, "  - vector: insider\n", more},
        {Y, "funds:\n",
         "excitation:\n  - {from: key_leak, to: hot_wallet_drain, ratio: 20 %, delay: 30 d}\n"
         "  - {from: hot_wallet_drain, to: hot_wallet_drain, where: others, ratio: 0.9, delay: 1 mo}\nfunds:\n"}});
    cr_assert_eq(s.excitation_count, 2);
    const struct hl_excitation *x = s.excitations;
    cr_expect(x[0].from == 2 && x[0].to == 0 && x[0].where == HL_WHERE_SAME && x[0].ratio == 0.2);
    cr_expect(x[0].delay_days == 30 && x[1].from == 0 && x[1].where == HL_WHERE_OTHERS && x[1].delay_days == 30.4375);
    const struct {
        enum hl_where where;
        bool same, other;
    } rows[] = {{HL_WHERE_SAME, true, false}, {HL_WHERE_OTHERS, false, true}, {HL_WHERE_ALL, true, true}};
    for (size_t i = 0; i < 3; i++) {
        struct hl_excitation link = {.where = rows[i].where};
        cr_expect(hl_excitation_reaches(&link, true) == rows[i].same);
        cr_expect(hl_excitation_reaches(&link, false) == rows[i].other);
    }
    hl_scenario_free(&s);
}

/* x hot wallets at ape and bee: customers have 1 bn hot + 40 bn + 2.5 bn cold at ape, 0.5 bn hot at bee. */
Test(threats, covariates_multiply) {
    static const struct {
        const char *term;
        double ape, bee;
    } rows[] = {
        {"customer_assets: {beta: 0.5, at: 43.5 bn}", 1, 0.10721125348377948}, /* sqrt(0.5 / 43.5) */
        {"customer_assets: {beta: -1, at: 0.5 bn}", 0.5 / 43.5, 1},
        {"annual_volume: {beta: 2, at: 1 bn}", 4, 9},
        {"hot_share: {beta: 2, at: 100 %}", 0.14170285440234043, 1}, /* e^(2 (1 / 43.5 - 1)) */
        {"age: {beta: -0.05, at: 5}", 1.051271096376024, 0.7788007830714049},
        {"age: {beta: -0.05, at: 5}, annual_volume: {beta: 1, at: 1 bn}", 2 * 1.051271096376024,
         3 * 0.7788007830714049},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        snprintf(text, sizeof text, "  - vector: hot_wallet_drain\n    covariates: {%s}\n", rows[i].term);
        struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){
            {Y, "  - vector: hot_wallet_drain\n", text},
            {"exchanges.csv", NULL,
             "exchange,jurisdiction,as_of,annual_volume,highest_volume,own_capital,age,source,confidence\n"
             "ape,JP,2024-03-31,2 bn,900 bn,6 bn,4,filing,high\nbee,JP,2024-02-29,3 bn,100 bn,1.5 "
             "bn,10,filing,low\n"}});
        cr_expect(fabs(hl_rate_factor(&s, 0, 0) / rows[i].ape - 1) < 1e-14, "%s: %.17g", rows[i].term,
                  hl_rate_factor(&s, 0, 0));
        cr_expect(fabs(hl_rate_factor(&s, 0, 1) / rows[i].bee - 1) < 1e-14, "%s: %.17g", rows[i].term,
                  hl_rate_factor(&s, 0, 1));
        cr_expect(hl_rate_factor(&s, 2, 0) == 1, "of another breach");
        hl_scenario_free(&s);
    }
}

#define CLIMATES(list)                                                                                                 \
    { Y, "breaches:\n", "climates: " list "\nbreaches:\n" }
#define DRAIN(keys)                                                                                                    \
    { Y, "  - vector: hot_wallet_drain\n", "  - vector: hot_wallet_drain\n" keys }
#define LINKS(list)                                                                                                    \
    {Y, "  - vector: insider\n", more}, { Y, "funds:\n", "excitation: " list "\nfunds:\n" }

static const struct {
    const char *what;
    struct fixture_edit edits[FIXTURE_EDITS];
    const char *want;
} bad_threats[] = {
    {"climates that are a map",
     {CLIMATES("{gamma: {sd: 1}}")},
     "s.yaml:13:11: climates = a map: must be a list of climates\n"},
    {"a climate without a name",
     {CLIMATES("[{gamma: {sd: 1}}]")},
     "s.yaml:13:12: climates[0].name: missing; must be an id: 1 to 63 letters, digits, - _ .\n"},
    {"a climate without a family",
     {CLIMATES("[{name: a}]")},
     "s.yaml:13:12: climates[0]: missing a family of climates\n"},
    {"a climate of two families",
     {CLIMATES("[{name: a, gamma: {sd: 1}, lognormal: {sd: 1}}]")},
     "s.yaml:13:12: climates[0]: give one family of climates\n"},
    {"an unknown family",
     {CLIMATES("[{name: a, gama: {sd: 1}}]")},
     "s.yaml:13:22: climates[0].gama: unknown; did you mean gamma?\n"},
    {"a spread of 0",
     {CLIMATES("[{name: a, gamma: {sd: 0}}]")},
     "s.yaml:13:34: climates[0].gamma.sd = 0: must be a fraction such as 0.05 or 5 %, in [0.01, 3]\n"},
    {"a persistence of 1",
     {CLIMATES("[{name: a, gamma: {sd: 1}, persistence: 1}]")},
     "s.yaml:13:51: climates[0].persistence = 1: must be a fraction such as 0.05 or 5 %, in [0, 1)\n"},
    {"one name twice",
     {CLIMATES("[{name: a, gamma: {sd: 1}}, {name: a, gamma: {sd: 1}}]")},
     "s.yaml:13:39: climates[1] = a: climates[0] has this name already\n"},
    {"an unknown climate",
     {CLIMATES("[{name: threat, gamma: {sd: 1}}]"), DRAIN("    climate: thraet\n")},
     "s.yaml:16:14: breaches[0].climate = thraet: no such name among the climates; did you mean threat?\n"},
    {"a climate where there is none",
     {DRAIN("    climate: threat\n")},
     "s.yaml:15:14: breaches[0].climate = threat: no such name among the climates\n"},
    {"a climate for another family of counts",
     {CLIMATES("[{name: a, gamma: {sd: 1}}]"),
      {Y, "    at: ape\n", "    at: ape\n    climate: a\n    trend: 1 % / y\n"}},
     "s.yaml:25:14: breaches[2].climate = a: goes with a count of poisson only\n"
     "s.yaml:26:12: breaches[2].trend = 1 % / y: goes with a count of poisson only\n"},
    {"a trend without its time",
     {DRAIN("    trend: 5 %\n")},
     "s.yaml:15:12: breaches[0].trend = 5 %: the unit is missing: write a rate such as 1.2 % / y or 1 in 244 y\n"},
    {"a trend that ends the world",
     {DRAIN("    trend: 3 / y\n")},
     "s.yaml:15:12: breaches[0].trend = 3 / y: must be a rate such as 1.2 % / y or 1 in 244 y, in [-2, 2]\n"},
    {"an unknown covariate",
     {DRAIN("    covariates: {volume: {beta: 1, at: 1}}\n")},
     "s.yaml:15:18: breaches[0].covariates.volume: unknown; known here: customer_assets, annual_volume, hot_share, "
     "age\n"},
    {"a covariate without a figure to hold at",
     {DRAIN("    covariates: {hot_share: {beta: 1}}\n")},
     "s.yaml:15:29: breaches[0].covariates.hot_share.at: missing; must be a fraction such as 0.05 or 5 %, in [0, 1]\n"},
    {"a figure that an exchange has not",
     {DRAIN("    covariates: {age: {beta: 1, at: 1}}\n")},
     "exchanges.csv:2: age: ape has none, and the rate of hot_wallet_drain depends on it\n"
     "exchanges.csv:3: age: bee has none, and the rate of hot_wallet_drain depends on it\n"},
    {"covariates at a vendor",
     {{Y, "    hit: 50 %\n", "    hit: 50 %\n    covariates: {hot_share: {beta: 1, at: 1}}\n"}},
     "s.yaml:20:17: breaches[1].covariates = a map: goes with at only: the figures are the exchange's\n"},
    {"a rate that becomes too large",
     {DRAIN("    covariates: {hot_share: {beta: -100, at: 1}}\n")},
     "s.yaml: breaches: the rate of hot_wallet_drain at ape becomes 5.4e+40 a year, with all that multiplies it; at "
     "most 1000\n"},
    {"a rate that is too large for a climate",
     {CLIMATES("[{name: a, gamma: {sd: 1}}]"), DRAIN("    climate: a\n"), {Y, "high: 2 % / y", "high: 101 / y"}},
     "s.yaml: breaches: the rate of hot_wallet_drain at ape becomes 101 a year, with all that multiplies it; at most "
     "100\n"
     "s.yaml: breaches: the rate of hot_wallet_drain at bee becomes 101 a year, with all that multiplies it; at most "
     "100\n"},
    {"links that are a word",
     {LINKS("some")},
     "s.yaml:27:13: excitation = some: must be a list of links between breaches\n"},
    {"a link from nowhere",
     {LINKS("[{from: key_leek, to: key_leak, ratio: 0.1, delay: 1 d}]")},
     "s.yaml:27:21: excitation[0].from = key_leek: no such name among the breaches; did you mean key_leak?\n"},
    {"a link without ratio or delay",
     {LINKS("[{from: key_leak, to: key_leak}]")},
     "s.yaml:27:14: excitation[0].ratio: missing; must be a fraction such as 0.05 or 5 %, in [0, 10]\n"
     "s.yaml:27:14: excitation[0].delay: missing; must be a duration such as 30 d, 2 w, 6 mo or 1 y, in [0, 3650] "
     "days\n"},
    {"a link of another family of counts",
     {LINKS("[{from: key_leak, to: insider, ratio: 0.1, delay: 1 d}]")},
     "s.yaml:27:14: excitation[0] = insider: goes with a count of poisson only\n"},
    {"a link that reaches nothing",
     {LINKS("[{from: key_leak, to: key_leak, where: others, ratio: 0.1, delay: 1 d}]")},
     "s.yaml:27:14: excitation[0] = others: key_leak sets off nothing: key_leak happens at no such place\n"},
    {"one link twice",
     {LINKS("[{from: key_leak, to: key_leak, ratio: 0.1, delay: 1 d}, {from: key_leak, to: key_leak, where: all, "
            "ratio: 0.1, delay: 1 d}]")},
     "s.yaml:27:70: excitation[1]: from key_leak to key_leak at the same places is excitation[0] already\n"},
    /* two exchanges: 0.5 at the same and 0.6 at the other have the eigenvalue 1.1; 3 x 0.5 one way and back has
     * sqrt(1.5) */
    {"breaches without end",
     {LINKS("[{from: hot_wallet_drain, to: hot_wallet_drain, ratio: 0.5, delay: 1 d}, {from: hot_wallet_drain, to: "
            "hot_wallet_drain, where: others, ratio: 0.6, delay: 1 d}]")},
     "s.yaml:27:13: excitation: breaches set off others without end: the spectral radius of their expected numbers is "
     "1.1; it must be below 1\n"},
    {"breaches without end, in a circle",
     {LINKS("[{from: hot_wallet_drain, to: key_leak, where: same, ratio: 3, delay: 1 d}, {from: key_leak, to: "
            "hot_wallet_drain, where: same, ratio: 0.5, delay: 1 d}]")},
     "s.yaml:27:13: excitation: breaches set off others without end: the spectral radius of their expected numbers is "
     "1.22; it must be below 1\n"},
};

Test(threats, every_fault_is_named_at_its_place) {
    for (size_t i = 0; i < sizeof bad_threats / sizeof *bad_threats; i++) {
        struct hl_scenario s;
        char *printed = fixture_run(&s, bad_threats[i].edits, NULL, 0);
        cr_expect_str_eq(printed, bad_threats[i].want, "%s\n%s", bad_threats[i].what, printed);
        free(printed);
        hl_scenario_free(&s);
    }
}
