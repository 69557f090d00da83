#include "scenario_fixture.h"

#include <math.h>

static struct hl_scenario load(const char *from, const char *to) {
    struct hl_scenario s;
    char *printed = fixture_run(&s, (struct fixture_edit[FIXTURE_EDITS]){{"s.yaml", from, to}}, NULL, 0);
    cr_assert_str_eq(printed, "");
    free(printed);
    return s;
}

Test(runs, by_default_nobody_runs_and_wallets_stay_empty) {
    struct hl_scenario s = load("funds:\n", "funds:\n");
    cr_expect(!s.run.any && isinf(s.refill_after_days));
    hl_scenario_free(&s);
}

Test(runs, refill) {
    struct hl_scenario s = load("funds:\n", "wallets: {refill_after: 36 h}\nfunds:\n");
    cr_expect_eq(s.refill_after_days, 1.5);
    hl_scenario_free(&s);
    s = load("funds:\n", "wallets: {refill_after: never}\nfunds:\n");
    cr_expect(isinf(s.refill_after_days));
    hl_scenario_free(&s);
}

Test(runs, restored) {
    static const struct {
        const char *text;
        bool want;
    } rows[] = {
        {"", false}, {"wallets: {restored: false, refill_after: 7 d}\n", false}, {"wallets: {restored: true}\n", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[80];
        snprintf(text, sizeof text, "%sfunds:\n", rows[i].text);
        struct hl_scenario s = load("funds:\n", text);
        cr_expect_eq(s.wallets_restored, rows[i].want, "%s", rows[i].text);
        hl_scenario_free(&s);
    }
}

Test(runs, defaults) {
    struct hl_scenario s = load("funds:\n", "run: {share: 30 %, over: 3 d}\nfunds:\n");
    const struct hl_run_terms *run = &s.run;
    cr_expect(run->any && run->above == 0 && run->mean_days == 3 && run->liquid == 1u << HL_HOT);
    cr_expect(run->from_cold_per_day == 1 && isinf(run->suspends_at) && run->suspension_days == 0 &&
              run->comes_back == 1);
    cr_expect_str_eq(run->size.family->name, "fixed");
    cr_expect_eq(run->size.p[0], 0.3);
    hl_scenario_free(&s);
}

Test(runs, every_term) {
    struct hl_scenario s =
        load("funds:\n", "run: {above: 5 %, share: {beta: {a: 2, b: 5}}, over: 3 d, liquid: [hot, warm], "
                         "from_cold_per_day: 10 %, suspends_at: 30 %, suspension: 1 w, comes_back: 80 %}\nfunds:\n");
    const struct hl_run_terms *run = &s.run;
    cr_expect(run->above == 0.05 && run->liquid == (1u << HL_HOT | 1u << HL_WARM) && run->from_cold_per_day == 0.1);
    cr_expect(run->suspends_at == 0.3 && run->suspension_days == 7 && run->comes_back == 0.8);
    cr_expect_str_eq(run->size.family->name, "beta");
    cr_expect(run->size.p[0] == 2 && run->size.p[1] == 5);
    hl_scenario_free(&s);
}
