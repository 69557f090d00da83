#include "base/money.h"
#include "scenario_fixture.h"

/* The printed faults of the sample with one or two edits. */
static char *faults_of(struct fixture_edit one, struct fixture_edit two) {
    struct fixture_edit edits[FIXTURE_EDITS] = {one, two};
    struct hl_scenario s;
    char *printed = fixture_run(&s, edits, NULL, 0);
    hl_scenario_free(&s);
    return printed;
}

Test(check, a_figure_is_missed_only_where_the_fund_stands) {
    struct fixture_edit no_volume = {"exchanges.csv", "100 bn", ""}; /* bee's */
    char *printed = faults_of(no_volume, (struct fixture_edit){0});
    cr_expect_str_eq(printed,
                     "exchanges.csv:3: highest_volume: bee has none, and the amount of funds[3] (reserve) is a "
                     "share of it\n");
    free(printed);
    printed = faults_of(no_volume, (struct fixture_edit){"s.yaml", "- reserve: {", "- reserve: {at: ape, "});
    cr_expect_str_eq(printed, "");
    free(printed);
}

Test(check, coins_are_figures_that_are_always_there) {
    char *printed = faults_of((struct fixture_edit){"s.yaml", "of: highest_volume", "of: cold"},
                              (struct fixture_edit){"exchanges.csv", "100 bn", ""});
    cr_expect_str_eq(printed, "");
    free(printed);
}

/* All money of the sample but ape's volume: holdings 44.5 bn, volume 100 bn and capital 7.5 bn, reserves 1.8 bn and
 * 1 bn of shares of the volumes, capital 7.5 bn, parent 1.8 bn. The volume counts once more by 20 bp, at most 40 bn. */
Test(check, the_sum_of_all_money_stays_exact) {
    const double others = 44.5e9 + 100e9 + 7.5e9 + 40e9 + 1e9 + 7.5e9 + 1.8e9;
    for (int over = 0; over < 2; over++) {
        char volume[64];
        snprintf(volume, sizeof volume, "%.0f", HL_MONEY_MOST - others - 1 + over);
        char *printed = faults_of((struct fixture_edit){"exchanges.csv", "900 bn", volume}, (struct fixture_edit){0});
        cr_expect_eq(strstr(printed, "s.yaml: currency = JPY: all amounts") != NULL, over == 1, "%s", printed);
        free(printed);
    }
}
