/* Controls as they are written, what they multiply, and their faults. */
#include "scenario_fixture.h"

#include <math.h>

#define Y "s.yaml"

static struct hl_scenario load(const char *list) {
    char text[1024];
    snprintf(text, sizeof text, "controls: %s\nfunds:\n", list);
    struct hl_scenario s;
    char *printed = fixture_run(&s, (struct fixture_edit[FIXTURE_EDITS]){{Y, "funds:\n", text}}, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

Test(controls, terms) {
    struct hl_scenario s =
        load("[{control: multisig}, {control: detection, at: bee, breaches: [insider, hot_wallet_drain], rate: 40 %, "
             "hit: 30 %, taken: 20 %, detection: 10 %, throttle_per_day: 2 bn, cost_per_year: 5 m, source: a study}]");
    cr_assert_eq(s.control_count, 2);
    const struct hl_control *c = s.controls;
    cr_expect(c[0].kind == HL_CONTROL_multisig && c[0].source == NULL && c[0].cost_per_year == 0);
    cr_expect(c[0].at[0] && c[0].at[1] && c[0].breaches[0] && c[0].breaches[1] && c[0].breaches[2]);
    cr_expect(c[0].rate == 1 && c[0].hit == 1 && c[0].taken == 1 && c[0].detection == 1);
    cr_expect(isinf(c[0].throttle_per_day));
    cr_expect(c[1].kind == HL_CONTROL_detection && !c[1].at[0] && c[1].at[1]);
    cr_expect(c[1].breaches[0] && !c[1].breaches[1] && c[1].breaches[2]);
    cr_expect(c[1].rate == 0.4 && c[1].hit == 0.3 && c[1].taken == 0.2 && c[1].detection == 0.1);
    cr_expect(c[1].throttle_per_day == 2e9 && c[1].cost_per_year == 5e6);
    cr_expect_str_eq(c[1].source, "a study");
    hl_scenario_free(&s);
}

Test(controls, rates_multiply_where_they_hold) {
    struct hl_scenario s = load("[{control: multisig, rate: 50 %}, {control: detection, at: ape, breaches: insider, "
                                "rate: 40 %}]");
    const double want[3][2] = {{0.5, 0.5}, {0.5, 0.5}, {0.2, 0.5}}; /* breach, exchange */
    for (size_t i = 0; i < 3; i++)
        for (size_t e = 0; e < 2; e++)
            cr_expect(hl_rate_factor(&s, i, e) == want[i][e], "breach %zu at %zu: %g", i, e, hl_rate_factor(&s, i, e));
    hl_scenario_free(&s);
}

Test(controls, faults) {
    static const struct {
        const char *list, *want;
    } rows[] = {
        {"multisig", "s.yaml:26:11: controls = multisig: must be a list of controls\n"},
        {"[{rate: 1}]", "s.yaml:26:12: controls[0].control: missing; must be one of multisig, withdrawal_throttle, "
                        "address_allow_listing, detection, vendor_due_diligence\n"},
        {"[{control: multsig}]",
         "s.yaml:26:22: controls[0].control = multsig: must be one of multisig, withdrawal_throttle, "
         "address_allow_listing, detection, vendor_due_diligence; did you mean multisig?\n"},
        {"[{control: multisig, at: abe}]", "s.yaml:26:36: controls[0].at = abe: no such id in the table of exchanges "
                                           "(exchanges.csv); did you mean ape?\n"},
        {"[{control: multisig, breaches: [insider, insidr]}]",
         "s.yaml:26:52: controls[0].breaches[1] = insidr: no such name among the breaches; did you mean insider?\n"},
        {"[{control: multisig, breaches: []}]",
         "s.yaml:26:42: controls[0].breaches = a list: must be the name of breaches\n"},
        {"[{control: multisig, rate: 150 %}]",
         "s.yaml:26:38: controls[0].rate = 150 %: must be a fraction such as 0.05 or 5 %, in [0, 1]\n"},
        {"[{control: multisig, throttle_per_day: 0}]",
         "s.yaml:26:50: controls[0].throttle_per_day = 0: must be an amount of money such as 48.2 bn, above 0, or "
         "none\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        snprintf(text, sizeof text, "controls: %s\nfunds:\n", rows[i].list);
        struct hl_scenario s;
        char *printed = fixture_run(&s, (struct fixture_edit[FIXTURE_EDITS]){{Y, "funds:\n", text}}, NULL, 0);
        cr_expect_str_eq(printed, rows[i].want, "%s\n%s", rows[i].list, printed);
        free(printed);
        hl_scenario_free(&s);
    }
}
