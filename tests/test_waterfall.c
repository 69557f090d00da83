/* Who pays: worked examples. Deadline 30 days; thefts and payments in yen that one can add up in the head. */
#include "tests/engine_fixture.h"

#define NEVER HL_NEVER

struct row {
    const char *what;
    size_t fund_count;
    struct terms funds[PLAY_FUNDS];
    struct theft thefts[PLAY_THEFTS];
    double guarantee[2]; /* of the coins A and B */
    double extra;        /* additional reserve */
    double paid[PLAY_FUNDS];
    double shortfall;
    double haircut;
    double days;
    double earmarked; /* shortfall from earmarked funds alone */
};

/* Played a step at a time, and also on days on which nothing is due, a case ends as it does when it is solved. */
static void expect_steps(struct play *p, const struct row *row, const struct hl_outcome *solved) {
    struct hl_outcome want = *solved;
    hl_waterfall_begin(&p->w, &p->c);
    int day = hl_waterfall_next(&p->w) - 1;
    for (int next; (next = hl_waterfall_next(&p->w)) != HL_NO_DAY; day++)
        hl_waterfall_play(&p->w, day);
    cr_expect(hl_waterfall_is_settled(&p->w, day + 1000), "%s: nothing is open long after", row->what);
    hl_waterfall_play(&p->w, day);
    struct hl_outcome o = hl_waterfall_finish(&p->w);
    cr_expect(o.shortfall == want.shortfall && o.haircut == want.haircut && o.claim == want.claim &&
                  o.days_until_whole == want.days_until_whole,
              "%s: in steps", row->what);
    for (size_t f = 0; f < row->fund_count; f++)
        cr_expect(play_paid(p, &o, f) == row->paid[f], "%s: fund %zu in steps", row->what, f);
}

static void expect_row(const struct row *row) {
    struct play p;
    play_make(&p, row->funds, row->fund_count, row->thefts, PLAY_THEFTS, row->guarantee[0], row->guarantee[1]);
    p.c.extra_reserve = row->extra;
    struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
    cr_expect(o.shortfall == row->shortfall, "%s: shortfall %g", row->what, o.shortfall);
    cr_expect(o.haircut == row->haircut, "%s: haircut %g", row->what, o.haircut);
    cr_expect(o.days_until_whole == row->days, "%s: whole after %g", row->what, o.days_until_whole);
    double claim = 0, paid = o.haircut;
    for (size_t k = 0; k < p.c.claim_count; k++)
        claim += p.claims[k].claim;
    cr_expect(o.claim == claim, "%s", row->what);
    for (size_t i = 0; i < p.c.fund_count; i++)
        paid += o.paid[i];
    cr_expect(paid == claim, "%s: %g of %g", row->what, paid, claim);
    for (size_t f = 0; f < row->fund_count; f++)
        cr_expect(play_paid(&p, &o, f) == row->paid[f], "%s: fund %zu paid %g", row->what, f, play_paid(&p, &o, f));
    expect_steps(&p, row, &o);
    p.c.only_shortfall = true;
    o = hl_waterfall_solve(&p.w, &p.c);
    cr_expect(o.shortfall == row->shortfall, "%s: shortfall alone %g", row->what, o.shortfall);
    p.c.only_shortfall = false;
    p.c.basis = HL_BASIS_EARMARKED;
    o = hl_waterfall_solve(&p.w, &p.c);
    cr_expect(o.shortfall == row->earmarked, "%s: shortfall of earmarked funds %g", row->what, o.shortfall);
    play_free(&p);
}

static void expect_rows(const struct row *rows, size_t count) {
    for (size_t i = 0; i < count; i++)
        expect_row(&rows[i]);
}

Test(waterfall, order_and_stocks) {
    const struct row rows[] = {
        {"nobody pays", 0, {{0}}, {{.a = 10}}, .shortfall = 10, .haircut = 10, .days = NEVER, .earmarked = 10},
        {"one pays all", 1, {RESERVE(12)}, {{.a = 10}}, .paid = {10}},
        {"in the stated order", 3, {RESERVE(4), CAPITAL(5), PARENT(6)}, {{.a = 10}}, .paid = {4, 5, 1}, .earmarked = 6},
        {"another order", 3, {PARENT(6), CAPITAL(5), RESERVE(4)}, {{.a = 10}}, .paid = {6, 4, 0}, .earmarked = 6},
        {"a stock is spent once",
         2,
         {RESERVE(10), CAPITAL(3)},
         {{.a = 8}, {.day = 100, .a = 8}},
         .paid = {10, 3},
         .shortfall = 3,
         .haircut = 3,
         .days = NEVER,
         .earmarked = 6},
        {"the additional reserve pays in front of the reserve",
         2,
         {CAPITAL(3), RESERVE(10)},
         {{.a = 8}},
         .extra = 2,
         .paid = {3, 3}},
        {"without a reserve the additional one pays behind the last earmarked source",
         2,
         {INSURANCE(6), CAPITAL(3)},
         {{.a = 8}},
         .extra = 1,
         .paid = {6, 1},
         .earmarked = 1},
        {"a theft of the firm's own coins alone is no claim", 1, {RESERVE(5)}, {{.house = 7}}, .paid = {0}},
    };
    expect_rows(rows, COUNT_OF(rows));
}

Test(waterfall, an_atom_at_the_reserve_is_covered) {
    const struct row rows[] = {
        {"a loss equal to the reserve", 1, {RESERVE(5000000000)}, {{.a = 5000000000}}, .paid = {5000000000}},
        {"one quantum more",
         1,
         {RESERVE(5000000000)},
         {{.a = 5000000001}},
         .paid = {5000000000},
         .shortfall = 1,
         .haircut = 1,
         .days = NEVER,
         .earmarked = 1},
        {"equal to all funds together",
         2,
         {RESERVE(5000000000), CAPITAL(1)},
         {{.a = 5000000001}},
         .paid = {5000000000, 1},
         .earmarked = 1},
    };
    expect_rows(rows, COUNT_OF(rows));
}

Test(waterfall, lags) {
    const struct row rows[] = {
        {"late, and in time: on the day of the deadline",
         1,
         {PARENT(10, .after = 30)},
         {{.day = 50, .a = 10}},
         .paid = {10},
         .days = 30,
         .earmarked = 10},
        {"a day past the deadline: short, and no haircut",
         1,
         {PARENT(10, .after = 31)},
         {{.day = 50, .a = 10}},
         .paid = {10},
         .shortfall = 10,
         .days = 31,
         .earmarked = 10},
        {"a lag runs off past the horizon",
         1,
         {PARENT(10, .after = 180)},
         {{.day = 364, .a = 10}},
         .paid = {10},
         .shortfall = 10,
         .days = 180,
         .earmarked = 10},
        {"a part at once, the rest later: the shortfall is the rest",
         2,
         {RESERVE(4), PARENT(10, .after = 60)},
         {{.a = 10}},
         .paid = {4, 6},
         .shortfall = 6,
         .days = 60,
         .earmarked = 6},
        {"the lag counts from each theft; days are the longest of the year",
         1,
         {PARENT(20, .after = 20)},
         {{.day = 0, .a = 10}, {.day = 5, .a = 10}},
         .paid = {20},
         .days = 20,
         .earmarked = 20},
        {"money that is there for the first theft on day 40 is not yet there for the second",
         1,
         {PARENT(15, .after = 40)},
         {{.day = 0, .a = 10}, {.day = 30, .a = 10}},
         .paid = {15},
         .shortfall = 20,
         .haircut = 5,
         .days = NEVER,
         .earmarked = 20},
    };
    expect_rows(rows, COUNT_OF(rows));
}

/* Money that comes later from a higher row repays lower rows, the lowest first, and does not undo the wait. */
Test(waterfall, late_money) {
    const struct row rows[] = {
        {"repays the lowest row first",
         3,
         {INSURANCE(6, .after = 90), RESERVE(6), CAPITAL(6)},
         {{.a = 10}},
         .paid = {6, 4, 0},
         .earmarked = 4},
        {"repays all of a row before the next",
         4,
         {INSURANCE(7, .after = 90), RESERVE(5), CAPITAL(3), PARENT(9)},
         {{.a = 10}},
         .paid = {7, 3, 0, 0},
         .earmarked = 5},
        {"pays customers first, then lower rows",
         2,
         {INSURANCE(8, .after = 90), RESERVE(4)},
         {{.a = 10}},
         .paid = {8, 2},
         .shortfall = 6,
         .days = 90,
         .earmarked = 6},
        {"does not undo the wait",
         2,
         {RECOVERY(1, .after = 180), PARENT(10, .after = 60)},
         {{.a = 10}},
         .paid = {10, 0},
         .shortfall = 10,
         .days = 60,
         .earmarked = 10},
        {"a repaid row pays the next theft",
         2,
         {RECOVERY(1, .after = 20), RESERVE(5)},
         {{.a = 5}, {.day = 50, .a = 5}},
         .paid = {10, 0},
         .earmarked = 5},
        {"but not a theft before the money came back",
         2,
         {RECOVERY(1, .after = 60), RESERVE(5)},
         {{.a = 5}, {.day = 20, .a = 5}},
         .paid = {10, 0},
         .shortfall = 5,
         .days = 40,
         .earmarked = 5},
        {"pays the customers of every theft before it repays a row",
         2,
         {PARENT(5, .after = 10), INSURANCE(5, .hot_only = true)},
         {{.a = 5}, {.a = 5, .insider = true}},
         .paid = {5, 5},
         .days = 10,
         .earmarked = 5},
        {"a lower row that is late never gets what a higher one paid",
         2,
         {RESERVE(10), INSURANCE(10, .after = 10)},
         {{.a = 10}},
         .paid = {10, 0}},
    };
    expect_rows(rows, COUNT_OF(rows));
}

Test(waterfall, guarantee_crypto) {
    const struct row rows[] = {
        {"pays coin by coin", 1, {GUARANTEE(0)}, {{.a = 6, .b = 4}}, {10, 10}, .paid = {10}},
        {"only in the coin that was stolen",
         2,
         {GUARANTEE(0), CAPITAL(3)},
         {{.a = 6, .b = 4}},
         {10, 1},
         .paid = {7, 3},
         .earmarked = 3},
        {"another coin helps nobody",
         1,
         {GUARANTEE(0)},
         {{.a = 6}},
         {0, 100},
         .paid = {0},
         .shortfall = 6,
         .haircut = 6,
         .days = NEVER,
         .earmarked = 6},
        {"money before it is spread over the coins: 5 of 10 leave 3 A and 2 B",
         2,
         {RESERVE(5), GUARANTEE(0)},
         {{.a = 6, .b = 4}},
         {10, 1},
         .paid = {5, 4},
         .shortfall = 1,
         .haircut = 1,
         .days = NEVER,
         .earmarked = 1},
        {"stolen in the same breach",
         1,
         {GUARANTEE(0)},
         {{.a = 6, .guarantee_a = 7}},
         {10, 0},
         .paid = {3},
         .shortfall = 3,
         .haircut = 3,
         .days = NEVER,
         .earmarked = 3},
        {"late coins repay only what was paid for that coin",
         2,
         {GUARANTEE(0, .after = 40), CAPITAL(10)},
         {{.a = 6, .b = 4}},
         {10, 1},
         .paid = {7, 3},
         .earmarked = 10},
        {"coins that were repaid go back and pay the next theft",
         2,
         {RECOVERY(1, .after = 10), GUARANTEE(0)},
         {{.a = 6}, {.day = 20, .a = 6}},
         {6, 0},
         .paid = {12, 0},
         .earmarked = 6},
        {"spent coins are gone",
         1,
         {GUARANTEE(0)},
         {{.a = 6}, {.day = 20, .a = 6}},
         {8, 0},
         .paid = {8},
         .shortfall = 4,
         .haircut = 4,
         .days = NEVER,
         .earmarked = 4},
    };
    expect_rows(rows, COUNT_OF(rows));
}

Test(waterfall, own_capital_less_house_losses) {
    const struct row rows[] = {
        {"its own stolen coins come off first",
         1,
         {CAPITAL(10)},
         {{.a = 8, .house = 4}},
         .paid = {6},
         .shortfall = 2,
         .haircut = 2,
         .days = NEVER,
         .earmarked = 8},
        {"never below nothing",
         1,
         {CAPITAL(10)},
         {{.a = 8, .house = 40}},
         .shortfall = 8,
         .haircut = 8,
         .days = NEVER,
         .earmarked = 8},
        {"a later theft of its own coins does not take back what was paid",
         1,
         {CAPITAL(10)},
         {{.a = 8}, {.day = 9, .a = 1, .house = 40}},
         .paid = {8},
         .shortfall = 1,
         .haircut = 1,
         .days = NEVER,
         .earmarked = 9},
        {"once, from the first capital that has some",
         2,
         {CAPITAL(10), CAPITAL(10)},
         {{.a = 8, .house = 14}},
         .paid = {0, 6},
         .shortfall = 2,
         .haircut = 2,
         .days = NEVER,
         .earmarked = 8},
        {"the reserve is money, not coins", 1, {RESERVE(10)}, {{.a = 8, .house = 40}}, .paid = {8}},
    };
    expect_rows(rows, COUNT_OF(rows));
}

Test(waterfall, insurance) {
    const struct row rows[] = {
        {"attachment and limit",
         2,
         {INSURANCE(5, .attachment = 2), CAPITAL(10)},
         {{.a = 10}},
         .paid = {5, 5},
         .earmarked = 5},
        {"below the attachment",
         2,
         {INSURANCE(5, .attachment = 10), CAPITAL(10)},
         {{.a = 10}},
         .paid = {0, 10},
         .earmarked = 10},
        {"the share last", 2, {INSURANCE(8, .share = 0.5), CAPITAL(10)}, {{.a = 10}}, .paid = {4, 6}, .earmarked = 6},
        {"a vector that it does not cover",
         2,
         {INSURANCE(8, .hot_only = true), CAPITAL(10)},
         {{.a = 6}, {.day = 1, .a = 6, .insider = true}},
         .paid = {6, 6},
         .earmarked = 6},
        {"aggregate limit of the year",
         2,
         {INSURANCE(8, .aggregate_limit = 10), CAPITAL(10)},
         {{.a = 8}, {.day = 1, .a = 8}},
         .paid = {10, 6},
         .earmarked = 6},
        {"aggregate deductible of the year",
         2,
         {INSURANCE(8, .aggregate_deductible = 6), CAPITAL(10)},
         {{.a = 4}, {.day = 1, .a = 4}},
         .paid = {2, 6},
         .earmarked = 6},
        {"one reinstatement",
         2,
         {INSURANCE(4, .limits = 2), CAPITAL(10)},
         {{.a = 4}, {.day = 1, .a = 4}, {.day = 2, .a = 4}},
         .paid = {8, 4},
         .earmarked = 4},
        {"refuses", 2, {INSURANCE(8, .refuses = true), CAPITAL(10)}, {{.a = 8}}, .paid = {0, 8}, .earmarked = 8},
        {"insured is the loss after prior recovery: 10 - 4 = 6, above 2",
         3,
         {RECOVERY(0.4), INSURANCE(10, .attachment = 2), CAPITAL(10)},
         {{.a = 10}},
         .paid = {4, 4, 2},
         .earmarked = 2},
        {"a recovery that comes after the insurer paid repays him last of all: capital first",
         3,
         {RECOVERY(0.4, .after = 100), INSURANCE(10, .attachment = 2), CAPITAL(10)},
         {{.a = 10}},
         .paid = {4, 6, 0},
         .earmarked = 2},
        {"two layers upon each other",
         3,
         {INSURANCE(4), INSURANCE(3, .attachment = 4), CAPITAL(10)},
         {{.a = 10}},
         .paid = {4, 3, 3},
         .earmarked = 3},
        {"what a higher row paid does not erode the year's limit",
         3,
         {RESERVE(5), INSURANCE(5, .aggregate_limit = 5), CAPITAL(10)},
         {{.a = 5}, {.day = 1, .a = 5}},
         .paid = {5, 5, 0}},
    };
    expect_rows(rows, COUNT_OF(rows));
}

Test(waterfall, recovery_and_parent) {
    const struct row rows[] = {
        {"a share of each claim",
         2,
         {RECOVERY(0.25), CAPITAL(20)},
         {{.a = 8}, {.day = 4, .a = 12}},
         .paid = {5, 15},
         .earmarked = 20},
        {"refused", 2, {RECOVERY(0.25, .refuses = true), CAPITAL(20)}, {{.a = 8}}, .paid = {0, 8}, .earmarked = 8},
        {"a parent who never answers",
         1,
         {PARENT(20, .refuses = true)},
         {{.a = 8}},
         .shortfall = 8,
         .haircut = 8,
         .days = NEVER,
         .earmarked = 8},
        {"a parent who always answers",
         1,
         {PARENT(20, .after = 10)},
         {{.a = 8}},
         .paid = {8},
         .days = 10,
         .earmarked = 8},
    };
    expect_rows(rows, COUNT_OF(rows));
}

/* Event 1 of 5 insured to 5, event 2 of 5 not insured, the reserve pays first: S(0) = 5 and S(5) = 5, only 10 helps. */
Test(waterfall, the_shortcut_of_subtracting_the_reserve_is_wrong) {
    const struct row rows[] = {
        {"S(0) = 5",
         2,
         {RESERVE(0), INSURANCE(5, .hot_only = true)},
         {{.a = 5}, {.day = 40, .a = 5, .insider = true}},
         .paid = {0, 5},
         .shortfall = 5,
         .haircut = 5,
         .days = NEVER,
         .earmarked = 5},
        {"S(5) = 5",
         2,
         {RESERVE(0), INSURANCE(5, .hot_only = true)},
         {{.a = 5}, {.day = 40, .a = 5, .insider = true}},
         .extra = 5,
         .paid = {0, 0},
         .shortfall = 5,
         .haircut = 5,
         .days = NEVER,
         .earmarked = 5},
        {"S(9) = 1",
         2,
         {RESERVE(0), INSURANCE(5, .hot_only = true)},
         {{.a = 5}, {.day = 40, .a = 5, .insider = true}},
         .extra = 9,
         .paid = {0, 0},
         .shortfall = 1,
         .haircut = 1,
         .days = NEVER,
         .earmarked = 1},
        {"S(10) = 0",
         2,
         {RESERVE(0), INSURANCE(5, .hot_only = true)},
         {{.a = 5}, {.day = 40, .a = 5, .insider = true}},
         .extra = 10,
         .paid = {0, 0}},
    };
    expect_rows(rows, COUNT_OF(rows));
}

/* Who answers is drawn by the trial: as often as stated, and the same on both bases and for every amount. */
Test(waterfall, answers_come_as_often_as_stated) {
    enum { N = 20000 };
    const struct terms funds[] = {RECOVERY(0.5, .probability = 0.25), PARENT(100, .probability = 0.7)};
    const struct theft thefts[] = {{.a = 10}, {.day = 3, .a = 10}};
    struct play p;
    play_make(&p, funds, 2, thefts, 2, 0, 0);
    double parent = 0, recovered = 0, recovered_twice = 0;
    for (uint32_t t = 0; t < N; t++) {
        p.c.block = t / HL_BLOCK_TRIALS;
        p.c.trial = t % HL_BLOCK_TRIALS;
        p.claims[0].index = 2 * t;
        p.claims[1].index = 2 * t + 1;
        struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
        double got = play_paid(&p, &o, 0) / 5;
        parent += o.shortfall == 0;
        recovered += got;
        recovered_twice += got == 2;
        cr_assert(o.shortfall == 0 || o.shortfall == 20 - 5 * got, "a parent answers for all or for none");
    }
    cr_expect(fabs(parent / N - 0.7) < 4 * sqrt(0.7 * 0.3 / N), "%g", parent / N);
    cr_expect(fabs(recovered / N / 2 - 0.25) < 4 * sqrt(0.25 * 0.75 / N / 2), "%g", recovered / N / 2);
    cr_expect(fabs(recovered_twice / N - 0.0625) < 4 * sqrt(0.0625 * 0.9375 / N), "two events, two draws");
    play_free(&p);
}

/* Layers tell whether the terms made them pay, and whether they reached their limit of the year or, without one, of an
 * event. */
Test(waterfall, attached_and_exhausted) {
    const struct {
        const char *what;
        struct terms layer;
        struct theft thefts[2];
        bool attached, exhausted;
    } rows[] = {
        {"below", INSURANCE(5, .attachment = 2), {{.a = 2}}, false, false},
        {"within", INSURANCE(5, .attachment = 2), {{.a = 3}}, true, false},
        {"at the top", INSURANCE(5, .attachment = 2), {{.a = 7}}, true, true},
        {"one less", INSURANCE(5, .attachment = 2), {{.a = 6}}, true, false},
        {"not covered", INSURANCE(5, .hot_only = true), {{.a = 9, .insider = true}}, false, false},
        {"year's limit not reached by one event", INSURANCE(5, .limits = 2), {{.a = 9}}, true, false},
        {"year's limit reached", INSURANCE(5, .limits = 2), {{.a = 5}, {.a = 5}}, true, true},
        {"aggregate limit reached", INSURANCE(5, .aggregate_limit = 7), {{.a = 4}, {.a = 3}}, true, true},
        {"aggregate limit not reached", INSURANCE(5, .aggregate_limit = 7), {{.a = 4}, {.a = 2}}, true, false},
        {"a share that leaves fractions", INSURANCE(100, .share = 1.0 / 3, .limits = 1), {{.a = 100}}, true, true},
        {"and below it", INSURANCE(100, .share = 1.0 / 3, .limits = 1), {{.a = 90}}, true, false},
        {"a share that is no binary fraction",
         INSURANCE(5000000000, .share = 0.6667, .limits = 1),
         {{.a = 5000000000}},
         true,
         true},
        {"unlimited", INSURANCE(INFINITY), {{.a = 9}}, true, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        play_make(&p, &rows[i].layer, 1, rows[i].thefts, 2, 0, 0);
        struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
        size_t layer = hl_sized_row(p.c.funds, p.c.fund_count);
        cr_expect_eq(o.attached[layer], rows[i].attached, "%s", rows[i].what);
        cr_expect_eq(o.exhausted[layer], rows[i].exhausted, "%s", rows[i].what);
        play_free(&p);
    }
}

/* Checks at 1 and 30 days: unpaid_at is of any claim. */
Test(waterfall, unpaid_at_the_checks) {
    const struct {
        const char *what;
        int after;
        bool day_1, day_30;
    } rows[] = {{"at once", 0, false, false},
                {"on day 1", 1, false, false},
                {"on day 2", 2, true, false},
                {"on day 30", 30, true, false},
                {"on day 31", 31, true, true}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct terms parent = PARENT(10, .after = rows[i].after);
        struct theft thefts[] = {{.day = 17, .a = 10}};
        struct play p;
        play_make(&p, &parent, 1, thefts, 1, 0, 0);
        struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
        cr_assert_eq(p.plan.check_count, 2);
        cr_expect_eq(o.unpaid_at[0], rows[i].day_1, "%s", rows[i].what);
        cr_expect_eq(o.unpaid_at[1], rows[i].day_30, "%s", rows[i].what);
        play_free(&p);
    }
}

/* The largest shortfall is that of one claim. */
Test(waterfall, the_largest_shortfall) {
    const struct terms reserve = RESERVE(4);
    const struct theft thefts[] = {{.a = 5}, {.day = 2, .a = 7}, {.day = 3, .a = 6}};
    struct play p;
    play_make(&p, &reserve, 1, thefts, 3, 0, 0);
    struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
    cr_expect(o.shortfall == 14 && o.shortfall_largest == 7);
    play_free(&p);
}

/* The journal: every payment, in order, adds up to what was paid. */
struct told {
    int day[16];
    size_t row[16], repaid[16];
    double amount[16];
    size_t count;
};

static void tell(void *context, int day, size_t row, size_t claim, double amount, double unpaid, size_t repaid) {
    struct told *t = context;
    cr_assert(t->count < 16 && claim == 0 && unpaid >= 0);
    t->day[t->count] = day;
    t->row[t->count] = row;
    t->amount[t->count] = amount;
    t->repaid[t->count++] = repaid;
}

Test(waterfall, the_journal_tells_every_payment) {
    const struct terms funds[] = {INSURANCE(6, .after = 90), RESERVE(4), CAPITAL(6, .after = 3)};
    const struct theft thefts[] = {{.day = 5, .a = 12}};
    struct play p;
    struct told told = {.count = 0};
    play_make(&p, funds, 3, thefts, 1, 0, 0);
    const struct hl_journal journal = {.context = &told, .pays = tell};
    p.c.journal = &journal;
    struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
    /* rows: 0 insurance, 1 additional reserve, 2 reserve, 3 capital */
    cr_assert_eq(told.count, 4);
    cr_expect(told.day[0] == 5 && told.row[0] == 2 && told.amount[0] == 4 && told.repaid[0] == HL_NONE);
    cr_expect(told.day[1] == 8 && told.row[1] == 3 && told.amount[1] == 6 && told.repaid[1] == HL_NONE);
    cr_expect(told.day[2] == 95 && told.row[2] == 0 && told.amount[2] == 2 && told.repaid[2] == HL_NONE);
    cr_expect(told.day[3] == 95 && told.row[3] == 0 && told.amount[3] == 4 && told.repaid[3] == 3);
    cr_expect(o.paid[0] == 6 && o.paid[1] == 0 && o.paid[2] == 4 && o.paid[3] == 2);
    play_free(&p);
}

/* The sized layer's limit as the case asks: its aggregate limit moves with it, its attachment and share stay. */
Test(waterfall, another_limit_of_the_sized_layer) {
    const struct { double limit, want; } rows[] = {{-1, 10}, {5, 10}, {2, 4}, {10, 17}, {0, 0}};
    const struct terms funds[] = {INSURANCE(5, .attachment = 1, .aggregate_limit = 10)};
    const struct theft thefts[] = {{.a = 9}, {.day = 1, .a = 8}, {.day = 2, .a = 3}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        play_make(&p, funds, 1, thefts, 3, 0, 0);
        p.c.layer_limit = rows[i].limit;
        struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
        cr_expect(play_paid(&p, &o, 0) == rows[i].want, "limit %g pays %g", rows[i].limit, play_paid(&p, &o, 0));
        play_free(&p);
    }
}
