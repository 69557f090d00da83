/* Vendors: what they are built on, who has clients, and how a breach spreads. */
#include "scenario_fixture.h"

#include <math.h>

#define Y "s.yaml"
#define H "holdings.csv"
#define V "vendors.csv"

/* The vendors' table with a column `uses`; keyco has a client, the others have none of their own. */
#define USES(keyco, vault, cloud)                                                                                      \
    {                                                                                                                  \
        V, NULL,                                                                                                       \
            "vendor,uses,source,confidence\nkeyco," keyco ",its site,low\nvault," vault ",its site,low\n"              \
            "cloud," cloud ",its site,low\n"                                                                           \
    }

static struct hl_scenario load(const struct fixture_edit edits[FIXTURE_EDITS]) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

Test(vendors, built_on_components) {
    struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){USES("cloud  vault", "cloud", "")});
    cr_assert_eq(s.vendor_count, 3);
    cr_assert_eq(s.vendors[0].use_count, 2);
    cr_expect(s.vendors[0].uses[0] == 2 && s.vendors[0].uses[1] == 1, "in the order written");
    cr_expect(s.vendors[1].use_count == 1 && s.vendors[1].uses[0] == 2);
    cr_expect_eq(s.vendors[2].use_count, 0);
    hl_scenario_free(&s);
}

/* `all` are the vendors with clients of their own or through those built on them. */
Test(vendors, all_are_those_with_clients) {
    static const struct {
        struct fixture_edit uses;
        size_t count, at[3];
    } rows[] = {
        {USES("", "", ""), 1, {0}},
        {USES("cloud", "", ""), 2, {0, 2}},
        {USES("vault", "cloud", ""), 3, {0, 1, 2}},
        {USES("", "keyco", "vault"), 1, {0}}, /* built on keyco, and nobody's custodian */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hl_scenario s =
            load((struct fixture_edit[FIXTURE_EDITS]){rows[i].uses, {Y, "vendor: keyco", "vendor: all"}});
        const struct hl_breach *b = &s.breaches[1];
        cr_assert_eq(b->at_count, rows[i].count, "row %zu: %zu", i, b->at_count);
        for (size_t k = 0; k < b->at_count; k++)
            cr_expect_eq(b->at[k], rows[i].at[k], "row %zu", i);
        hl_scenario_free(&s);
    }
}

Test(vendors, how_a_breach_spreads) {
    static const struct {
        const char *hit;
        double value, low, high, passes, rho, nu;
        const char *copula;
    } rows[] = {
        {"hit: 50 %", 0.5, 0.5, 0.5, 1, 0, 0, NULL},
        {"hit: 0", 0, 0, 0, 1, 0, 0, NULL},
        {"passes: 30 %", 1, 1, 1, 0.3, 0, 0, NULL},
        {"hit: {value: 50 %, low: 0.25, high: 100 %}", 0.5, 0.25, 1, 1, 0, 0, NULL},
        {"copula: {gaussian: {rho: 40 %}}", 1, 1, 1, 1, 0.4, 0, "gaussian"},
        {"copula: {t: {rho: 0.4, nu: 4}}", 1, 1, 1, 1, 0.4, 4, "t"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hl_scenario s = load((struct fixture_edit[FIXTURE_EDITS]){{Y, "hit: 50 %", rows[i].hit}});
        const struct hl_breach *b = &s.breaches[1];
        cr_expect(b->hit == rows[i].value && b->hit_low == rows[i].low && b->hit_high == rows[i].high, "%s",
                  rows[i].hit);
        cr_expect(b->passes == rows[i].passes, "%s", rows[i].hit);
        cr_assert_eq(b->copula.family == NULL, rows[i].copula == NULL, "%s", rows[i].hit);
        if (rows[i].copula != NULL) {
            cr_expect_str_eq(b->copula.family->name, rows[i].copula);
            cr_expect(b->copula.p[0] == rows[i].rho && b->copula.p[1] == rows[i].nu, "%s", rows[i].hit);
        }
        hl_scenario_free(&s);
    }
}

/* What tells two scenarios apart is part of the fingerprint. */
Test(vendors, the_fingerprint_knows_them) {
    static const struct fixture_edit rows[] = {
        {Y, "hit: 50 %", "hit: {value: 50 %, low: 50 %, high: 60 %}"},
        {Y, "hit: 50 %", "hit: {value: 50 %, low: 40 %, high: 50 %}"},
        {Y, "hit: 50 %", "hit: 50 %\n    passes: 30 %"},
        {Y, "hit: 50 %", "hit: 50 %\n    copula: {gaussian: {rho: 0}}"},
        {Y, "hit: 50 %", "hit: 50 %\n    copula: {gaussian: {rho: 1}}"},
        {V, NULL,
         "vendor,name,service,uses,source,confidence\nkeyco,Key Company,wallets,vault,its site,medium\n"
         "vault,The Vault,custody,,its site,assumption\n"},
    };
    enum { COUNT = sizeof rows / sizeof *rows };
    char prints[COUNT + 1][65];
    for (size_t i = 0; i <= COUNT; i++) {
        struct fixture_edit edits[FIXTURE_EDITS] = {i < COUNT ? rows[i] : (struct fixture_edit){0}};
        struct hl_scenario s = load(edits);
        strcpy(prints[i], s.fingerprint);
        hl_scenario_free(&s);
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(prints[k], prints[i], "%zu and %zu", k, i);
    }
}

Test(vendors, faults) {
    static const struct {
        const char *what;
        struct fixture_edit edits[FIXTURE_EDITS];
        const char *want;
    } rows[] = {
        {"an unknown component",
         {USES("cloudy", "", "")},
         "vendors.csv:2:7: uses = cloudy: no such id in the table of vendors (vendors.csv); did you mean cloud?\n"},
        {"itself", {USES("", "vault", "")}, "vendors.csv:3:7: uses = vault: a vendor is not built on itself\n"},
        {"twice", {USES("cloud cloud", "", "")}, "vendors.csv:2:7: uses = cloud: stands twice\n"},
        {"a circle of three",
         {USES("vault", "cloud", "keyco")},
         "vendors.csv:4:7: uses = keyco: a circle: keyco is built on cloud already\n"},
        {"two circles",
         {USES("cloud", "keyco cloud", "vault")},
         "vendors.csv:3:7: uses = keyco: a circle: keyco is built on vault already\n"
         "vendors.csv:3:7: uses = cloud: a circle: cloud is built on vault already\n"},
        {"a breach where nobody has anything",
         {USES("", "keyco", ""), {Y, "vendor: keyco", "vendor: vault"}},
         "s.yaml:18:13: breaches[1].vendor = vault: nobody keeps coins with it: no row of holdings.csv has it as "
         "custodian\n"},
        {"an end on the wrong side",
         {{Y, "hit: 50 %", "hit: {value: 50 %, low: 60 %, high: 100 %}"}},
         "s.yaml:19:29: breaches[1].hit.low = 60 %: must be low <= value <= high, here 60 % <= 50 % <= 100 %\n"},
        {"one end",
         {{Y, "hit: 50 %", "hit: {value: 50 %, low: 20 %}"}},
         "s.yaml:19:10: breaches[1].hit.high: missing; must be a fraction such as 0.05 or 5 %, in [0, 1]\n"},
        {"an end of nothing",
         {{Y, "hit: 50 %", "hit: {value: 50 %, low: 0, high: 1}"}},
         "s.yaml:19:29: breaches[1].hit.low = 0: must be a fraction such as 0.05 or 5 %, in (0, 1]\n"},
        {"a rate that the low end would need and that cannot be",
         {{Y, "hit: 50 %", "hit: {value: 50 %, low: 0.1 %, high: 1}"}},
         "s.yaml:19:29: breaches[1].hit.low = 0.1 %: with this end the probability would be 2, and at most 1 is "
         "allowed\n"},
        {"hit above 1",
         {{Y, "hit: 50 %", "hit: 120 %"}},
         "s.yaml:19:10: breaches[1].hit = 120 %: must be a fraction such as 0.05 or 5 %, in [0, 1]\n"},
        {"passes above 1",
         {{Y, "hit: 50 %", "passes: 2"}},
         "s.yaml:19:13: breaches[1].passes = 2: must be a fraction such as 0.05 or 5 %, in [0, 1]\n"},
        {"what goes with a vendor only",
         {{Y, "    vendor: keyco\n", ""}, {Y, "hit: 50 %", "passes: 1\n    copula: {gaussian: {rho: 1}}"}},
         "s.yaml:18:13: breaches[1].passes = 1: goes with vendor only\n"
         "s.yaml:19:13: breaches[1].copula = a map: goes with vendor only\n"},
        {"no such copula",
         {{Y, "hit: 50 %", "copula: {clayton: {theta: 2}}"}},
         "s.yaml:19:14: breaches[1].copula.clayton: no copula; must be one of gaussian, t\n"},
        {"t without its nu",
         {{Y, "hit: 50 %", "copula: {t: {rho: 0.4}}"}},
         "s.yaml:19:17: breaches[1].copula.t.nu: missing; must be a number such as 0.8, in [1, 100]\n"},
        {"a correlation above 1",
         {{Y, "hit: 50 %", "copula: {gaussian: {rho: 1.2}}"}},
         "s.yaml:19:30: breaches[1].copula.gaussian.rho = 1.2: must be a fraction such as 0.05 or 5 %, in [0, 1]\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hl_scenario s;
        char *printed = fixture_run(&s, rows[i].edits, NULL, 0);
        cr_expect_str_eq(printed, rows[i].want, "%s\n%s", rows[i].what, printed);
        free(printed);
    }
}
