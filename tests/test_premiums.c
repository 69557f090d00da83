/* What a layer costs: premiums given and priced, with their errors. */
#include "engine/premiums.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Ten trials of a hundred with 50 each: mean 5, variance (10 x 2500 - 100 x 25)/99 = 22500/99. */
static struct hl_ladder *tenth(void) {
    struct hl_ladder *l = calloc(1, sizeof *l);
    for (int i = 0; i < 10; i++)
        hl_ladder_add(l, 50);
    return l;
}

Test(premiums, by_hand) {
    const double sd = sqrt(22500.0 / 99);
    const struct {
        const char *what;
        struct hl_contract contract;
        bool reinstated; /* all that is paid is: 10 % of the limit in the mean */
        uint16_t years;
        double premium, reinstatement;
    } rows[] = {
        {"given", {.premium = HL_PREMIUM_GIVEN, .premium_amount = 4}, false, 1, 4, 0},
        {"given, and reinstated at 100 %", {.premium = HL_PREMIUM_GIVEN, .premium_amount = 4}, true, 1, 4, 0.4},
        {"of two years", {.premium = HL_PREMIUM_GIVEN, .premium_amount = 4}, true, 2, 4, 0.2},
        {"what it is expected to pay", {.premium = HL_PREMIUM_PRICED}, false, 1, 5, 0},
        {"and 30 %", {.premium = HL_PREMIUM_PRICED, .premium_load = 0.3}, false, 1, 6.5, 0},
        {"and 20 % of its spread", {.premium = HL_PREMIUM_PRICED, .premium_of_sd = 0.2}, false, 1, 5 + 0.2 * sd, 0},
        {"with what reinstatements bring in it is 5", {.premium = HL_PREMIUM_PRICED}, true, 1, 5 / 1.1, 0.5 / 1.1},
        {"of four years", {.premium = HL_PREMIUM_PRICED, .premium_of_sd = 1}, false, 4, 1.25 + sd / 2, 0},
    };
    struct hl_ladder *paid = tenth();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_fund f = {.contract = rows[i].contract, .layer = {.limit = 50, .share = 1}};
        struct hl_layer_cost c = hl_layer_cost_of(&f, paid, rows[i].reinstated ? paid : NULL, 100, rows[i].years);
        cr_expect_float_eq(c.premium, rows[i].premium, 1e-12, "%s: %g", rows[i].what, c.premium);
        cr_expect_float_eq(c.reinstatement, rows[i].reinstatement, 1e-12, "%s: %g", rows[i].what, c.reinstatement);
        cr_expect((c.premium_error > 0) == (f.contract.premium == HL_PREMIUM_PRICED), "%s", rows[i].what);
        cr_expect((c.reinstatement_error > 0) == rows[i].reinstated, "%s", rows[i].what);
    }
    free(paid);
}

/* Of the mean alone the error is that of the mean. */
Test(premiums, errors) {
    struct hl_ladder *paid = tenth();
    struct hl_fund f = {.contract = {.premium = HL_PREMIUM_PRICED, .premium_load = 1}, .layer = {.limit = 50}};
    struct hl_layer_cost c = hl_layer_cost_of(&f, paid, NULL, 100, 1);
    cr_expect_float_eq(c.premium_error, 2 * sqrt(22500.0 / 99 / 100), 1e-12);
    f.contract = (struct hl_contract){.premium = HL_PREMIUM_PRICED, .premium_load = -1, .premium_of_sd = 1};
    c = hl_layer_cost_of(&f, paid, NULL, 100, 1);
    cr_expect_float_eq(c.premium_error, hl_ladder_sd_error(paid, 100), 1e-12);
    free(paid);
}
