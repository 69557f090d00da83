/* Several policy years: refills, renewed layers, failed exchanges. Deadline 30 days; years of 365 days begin on the
 * days 365, 730, …; amounts that one can add up in the head. */
#include "engine/need.h"
#include "engine/years.h"
#include "tests/engine_fixture.h"

struct row {
    const char *what;
    size_t fund_count;
    struct terms funds[3];
    struct theft thefts[PLAY_THEFTS];
    double guarantee; /* of the coin A */
    bool fresh;
    double paid[3];
    double shortfall;
    double haircut;
    double days;
    size_t open; /* claims that the exchange lives to see; 0 = all */
};

static void expect_row(const struct row *row) {
    struct play p;
    play_make_years(&p, 3, row->fresh, row->funds, row->fund_count, row->thefts, PLAY_THEFTS, row->guarantee, 0);
    struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
    size_t open = row->open > 0 ? row->open : p.c.claim_count;
    cr_expect(o.open_count == open, "%s: %zu claims", row->what, o.open_count);
    cr_expect(o.shortfall == row->shortfall, "%s: shortfall %g", row->what, o.shortfall);
    cr_expect(o.haircut == row->haircut, "%s: haircut %g", row->what, o.haircut);
    cr_expect(o.days_until_whole == row->days, "%s: whole after %g", row->what, o.days_until_whole);
    double claim = 0, shortfall = 0, haircut = 0;
    for (size_t k = 0; k < open; k++) {
        claim += p.claims[k].claim;
        shortfall += o.of[k].shortfall;
        haircut += o.of[k].haircut;
    }
    cr_expect(o.claim == claim && shortfall == o.shortfall && haircut == o.haircut, "%s: the claims' parts", row->what);
    for (size_t f = 0; f < row->fund_count; f++)
        cr_expect(play_paid(&p, &o, f) == row->paid[f], "%s: fund %zu paid %g", row->what, f, play_paid(&p, &o, f));
    p.c.only_shortfall = true;
    cr_expect(hl_waterfall_solve(&p.w, &p.c).shortfall == row->shortfall, "%s: shortfall alone", row->what);
    play_free(&p);
}

static void expect_rows(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++)
        expect_row(&rows[i]);
}

Test(years, funds_are_refilled) {
    const struct row rows[] = {
        {"not unless it is said: what is spent is gone",
         1,
         {RESERVE(10)},
         {{.a = 8}, {.day = 400, .a = 2}, {.day = 800, .a = 1}},
         .paid = {10},
         .shortfall = 1,
         .haircut = 1,
         .days = HL_NEVER},
        {"half of 10 each year",
         1,
         {RESERVE(10, .refill = 0.5)},
         {{.a = 10}, {.day = 400, .a = 5}, {.day = 800, .a = 6}},
         .paid = {20},
         .shortfall = 1,
         .haircut = 1,
         .days = HL_NEVER},
        {"no more than the amount",
         1,
         {RESERVE(10, .refill = 0.5)},
         {{.a = 2}, {.day = 400, .a = 11}},
         .paid = {12},
         .shortfall = 1,
         .haircut = 1,
         .days = HL_NEVER},
        {"a ramp: 2 on day 0, 2 more each year",
         1,
         {RESERVE(10, .start = 0.2, .refill = 0.2)},
         {{.day = 731, .a = 7}},
         .paid = {6},
         .shortfall = 1,
         .haircut = 1,
         .days = HL_NEVER},
        {"on the first day of the year, before its thefts",
         1,
         {RESERVE(10, .refill = 1)},
         {{.day = 364, .a = 10}, {.day = 365, .a = 10}},
         .paid = {20}},
        {"what a refill brings pays a claim that is still open",
         1,
         {RESERVE(5, .refill = 1)},
         {{.day = 350, .a = 10}},
         .paid = {10},
         .days = 15},
        {"a refill repays nobody: the parent's 5 of the first year stay paid",
         2,
         {RESERVE(5, .refill = 1), PARENT(20)},
         {{.a = 10}, {.day = 400, .a = 5}, {.day = 800, .a = 6}},
         .paid = {15, 6}},
        {"what is paid by event still repays across the years",
         2,
         {RECOVERY(1, .after = 60), RESERVE(10)},
         {{.day = 350, .a = 10}, {.day = 500, .a = 10}},
         .paid = {20, 0}},
        {"guarantee crypto by coin, as far as it is refilled",
         1,
         {GUARANTEE(0, .refill = 0.5)},
         {{.a = 10}, {.day = 400, .a = 6}},
         10,
         .paid = {15},
         .shortfall = 1,
         .haircut = 1,
         .days = HL_NEVER},
    };
    expect_rows(rows, COUNT_OF(rows));
}

Test(years, layers_are_renewed_and_belong_to_the_year_of_the_claim) {
    const struct row rows[] = {
        {"the limit of a year",
         1,
         {INSURANCE(10, .aggregate_limit = 10)},
         {{.a = 10}, {.day = 360, .a = 4}, {.day = 365, .a = 10}},
         .paid = {20},
         .shortfall = 4,
         .haircut = 4,
         .days = HL_NEVER},
        {"a late payment erodes the year of its claim",
         1,
         {INSURANCE(10, .aggregate_limit = 10, .after = 20)},
         {{.day = 350, .a = 10}, {.day = 365, .a = 10}},
         .paid = {20},
         .days = 20},
        {"the deductible of a year",
         2,
         {INSURANCE(10, .aggregate_deductible = 6), CAPITAL(100)},
         {{.a = 5}, {.day = 100, .a = 5}, {.day = 400, .a = 5}, {.day = 500, .a = 5}},
         .paid = {8, 12}},
    };
    expect_rows(rows, COUNT_OF(rows));
}

Test(years, a_failed_exchange_stays_failed) {
    const struct row rows[] = {
        {"unpaid past the deadline when the year begins: closed, not refilled, and nothing more happens to it",
         1,
         {RESERVE(5, .refill = 1)},
         {{.day = 334, .a = 6}, {.day = 365, .a = 3}, {.day = 800, .a = 3}},
         .paid = {5},
         .shortfall = 1,
         .haircut = 1,
         .days = HL_NEVER,
         .open = 1},
        {"not while its deadline is still to come: the refill is in time",
         1,
         {RESERVE(5, .refill = 1)},
         {{.day = 335, .a = 6}, {.day = 366, .a = 3}},
         .paid = {9},
         .days = 30},
        {"not while money is still to come",
         2,
         {RESERVE(5, .refill = 1), PARENT(5, .after = 180)},
         {{.day = 300, .a = 12}},
         .paid = {10, 2},
         .shortfall = 7,
         .days = 180},
        {"money that refuses is not waited for",
         2,
         {RESERVE(5, .refill = 1), PARENT(5, .after = 180, .refuses = true)},
         {{.day = 300, .a = 12}, {.day = 400, .a = 1}},
         .paid = {5, 0},
         .shortfall = 7,
         .haircut = 7,
         .days = HL_NEVER,
         .open = 1},
        {"claims from before it closed are still paid by what comes for them",
         2,
         {RESERVE(3), RECOVERY(0.5, .after = 60)},
         {{.day = 10, .a = 12}, {.day = 340, .a = 4}, {.day = 366, .a = 100}},
         .paid = {3, 8},
         .shortfall = 13,
         .haircut = 5,
         .days = HL_NEVER,
         .open = 2},
    };
    expect_rows(rows, COUNT_OF(rows));
}

Test(years, afresh_a_year_begins_as_the_first_did) {
    const struct row rows[] = {
        {"with what is there on day 0, however late it is",
         1,
         {RESERVE(10, .start = 0.2)},
         {{.day = 731, .a = 3}},
         .fresh = true,
         .paid = {2},
         .shortfall = 1,
         .haircut = 1,
         .days = HL_NEVER},
        {"and nothing comes in at the end of the year",
         1,
         {RESERVE(5, .refill = 1)},
         {{.day = 350, .a = 6}},
         .fresh = true,
         .paid = {5},
         .shortfall = 1,
         .haircut = 1,
         .days = HL_NEVER},
    };
    expect_rows(rows, COUNT_OF(rows));
}

/* Who answers is drawn for each year, at the address that the year gives. */
Test(years, who_answers_is_asked_once_a_year) {
    const struct terms funds[] = {RESERVE(100, .probability = 0.5)};
    const struct theft thefts[] = {{.day = 0, .a = 1}, {.day = 10, .a = 1}, {.day = 20, .a = 1}, {.day = 25, .a = 1}};
    static const int days[] = {5, 370, 380, 740};
    struct play p;
    play_make_years(&p, 3, false, funds, 1, thefts, PLAY_THEFTS, 0, 0);
    p.plan.checks = (const int[]){1100, 1100}; /* never failed */
    for (size_t k = 0; k < PLAY_THEFTS; k++)
        p.claims[k].day = days[k];
    int answers = 0;
    for (p.c.trial = 0; p.c.trial < 50; p.c.trial++) {
        struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
        for (size_t k = 0; k < PLAY_THEFTS; k++) {
            uint64_t stream = hl_stream_with(hl_stream_with_name(hl_stream_with_name(hl_stream("fund"), "ape"), "f0"),
                                             (uint64_t)(1 + days[k] / 365));
            bool pays = hl_u01(7, (struct hl_address){stream, 0, HL_DRAW_ANSWER, p.c.trial}) < 0.5;
            cr_expect(o.of[k].haircut == (pays ? 0 : 1), "trial %u, claim %zu", p.c.trial, k);
            answers += pays;
        }
    }
    cr_expect(answers > 60 && answers < 140, "%d of 200", answers);
    play_free(&p);
}

/* A reserve that keeps the exchange alive must pay for what it lives to see: 10 alone is not enough. */
Test(years, a_reserve_that_saves_the_exchange_pays_its_later_claims_too) {
    const struct theft thefts[] = {{.day = 0, .a = 10}, {.day = 400, .a = 4}};
    struct play p;
    play_make_years(&p, 3, false, NULL, 0, thefts, 2, 0, 0);
    struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
    cr_expect(o.shortfall == 10 && o.open_count == 1);
    cr_expect_eq(hl_need_reserve(&p.w, p.c, o.shortfall), 14);
    play_free(&p);
}

static void count_turns(void *context, uint16_t year, bool closed) {
    int *turns = context;
    turns[year] = closed ? -1 : 1;
}

static void no_payment(void *context, int day, size_t row, size_t claim, double amount, double unpaid, size_t repaid) {
    (void)context, (void)day, (void)row, (void)claim, (void)amount, (void)unpaid, (void)repaid;
}

Test(years, the_journal_is_told_of_each_year_until_it_closes) {
    static const struct {
        double reserve;
        int want[4]; /* by year: refilled 1, closed -1 */
    } rows[] = {{5, {0, 0, 1, 1}}, {4, {0, 0, -1, 0}}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct terms funds[] = {RESERVE(rows[i].reserve)};
        const struct theft thefts[] = {{.day = 3, .a = 5}};
        int turns[4] = {0};
        const struct hl_journal journal = {.context = turns, .pays = no_payment, .turns = count_turns};
        struct play p;
        play_make_years(&p, 3, false, funds, 1, thefts, 1, 0, 0);
        p.c.journal = &journal;
        hl_waterfall_solve(&p.w, &p.c);
        for (int y = 0; y < 4; y++)
            cr_expect(turns[y] == rows[i].want[y], "reserve %g, year %d: %d", rows[i].reserve, y, turns[y]);
        play_free(&p);
    }
}
