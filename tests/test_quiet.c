/* Quiet claims: the bound, row by row. */
#include "engine/quiet.h"
#include "tests/engine_fixture.h"

/* The bound of one exchange with these funds; `late` = days in which customers in kind are bought back. */
static struct hl_quiet bound(const struct terms *funds, size_t count, double late) {
    struct play p;
    const struct theft thefts[PLAY_THEFTS] = {{.a = 1}};
    play_make(&p, funds, count, thefts, PLAY_THEFTS, 50, 0);
    struct hl_scenario s = *p.plan.scenario;
    struct hl_claim_terms kind[2] = {{.share = {[HL_IN_KIND] = 1}}, {.share = {[HL_IN_KIND] = 1}}};
    if (late > 0) {
        s.claim_terms = kind;
        s.buy_back_after_days = late;
    }
    p.plan.scenario = &s;
    struct hl_quiet quiet = hl_quiet_of(&p.plan, 0, 0);
    play_free(&p);
    return quiet;
}

Test(quiet, worked_examples) {
    const struct {
        const char *what;
        struct terms funds[3];
        double late;
        double most;
        int days;
    } rows[] = {
        {"nobody pays", {{0}}, 0, 0, 0},
        {"what the reserve holds", {RESERVE(10)}, 0, 10, 0},
        {"half of it is there", {RESERVE(10, .start = 0.5)}, 0, 5, 0},
        {"capital is not earmarked: on that basis nobody pays", {CAPITAL(10)}, 0, 0, 0},
        {"the first that holds money", {RESERVE(10), CAPITAL(90)}, 0, 10, 0},
        {"a layer in front attaches above 3", {INSURANCE(5, .attachment = 3), RESERVE(10)}, 0, 3, 0},
        {"one behind tells that it attaches", {RESERVE(10), INSURANCE(5, .attachment = 4)}, 0, 4, 0},
        {"an aggregate deductible of 4: below it nothing is paid",
         {INSURANCE(50, .aggregate_deductible = 4), RESERVE(10)},
         0,
         4,
         0},
        {"but an event of the limit 2 would be told as full",
         {INSURANCE(2, .aggregate_deductible = 4), RESERVE(10)},
         0,
         1,
         0},
        {"a layer that refuses is not there", {INSURANCE(5, .refuses = true), RESERVE(10)}, 0, 10, 0},
        {"a layer with a first yen", {INSURANCE(5), RESERVE(10)}, 0, 0, 0},
        {"a reserve that may not answer", {RESERVE(10, .probability = 0.9)}, 0, 0, 0},
        {"one that may fail", {RESERVE(10, .fails = 0.01)}, 0, 0, 0},
        {"one that grows by month", {RESERVE(10, .income = 12)}, 0, 0, 0},
        {"recoveries pay first", {RECOVERY(0.5), RESERVE(10)}, 0, 0, 0},
        {"guarantee crypto pays first", {GUARANTEE(0), RESERVE(10)}, 0, 0, 0},
        {"20 days later", {RESERVE(10, .after = 20)}, 0, 10, 20},
        {"after the deadline", {RESERVE(10, .after = 31)}, 0, 0, 0},
        {"somebody behind pays before", {RESERVE(10, .after = 20), CAPITAL(10)}, 0, 0, 0},
        {"coins are bought back on day 14", {RESERVE(10), CAPITAL(10)}, 14, 10, 14},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t funds = 0;
        while (funds < 3 && (rows[i].funds[funds].kind != 0 || rows[i].funds[funds].amount > 0))
            funds++;
        struct hl_quiet quiet = bound(rows[i].funds, funds, rows[i].late);
        cr_expect(quiet.most == rows[i].most, "%s: %g", rows[i].what, quiet.most);
        if (quiet.most > 0)
            cr_expect(quiet.days[HL_BASIS_ALL] == rows[i].days && quiet.days[HL_BASIS_EARMARKED] == rows[i].days,
                      "%s: %d days", rows[i].what, quiet.days[HL_BASIS_ALL]);
    }
}

Test(quiet, the_payer_is_the_scenarios_fund) {
    cr_expect(bound((const struct terms[]){INSURANCE(5, .attachment = 3), RESERVE(10)}, 2, 0).payer == 1);
}
