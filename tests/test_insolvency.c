/* Counterparties that fail, and what comes after the exchange itself has. */
#include "engine/arrivals.h"
#include "engine/insolvency.h"
#include "tests/engine_fixture.h"

#define TRANSFER(...)                                                                                                  \
    { .kind = HL_FUND_transfer, .amount = __VA_ARGS__ }
#define ESTATE(...)                                                                                                    \
    { .kind = HL_FUND_administrator, .amount = __VA_ARGS__ }
#define NEVER HL_NEVER

/* The exponential number of a fund's failure in a trial of block 0; of a year afresh with the year added. */
static double exponential(const char *name, uint16_t fresh_year, uint32_t trial) {
    uint64_t stream = hl_stream_with_name(hl_stream("fails"), name);
    if (fresh_year > 0)
        stream = hl_stream_with(stream, fresh_year);
    return -log(hl_u01(7, (struct hl_address){stream, 0, HL_DRAW_FAIL, trial}));
}

/* With a rate of E/x the hazard adds up to E after x years. */
Test(insolvency, when_a_counterparty_fails) {
    const struct {
        const char *what;
        int years;
        bool fresh;
        int day;      /* of the theft */
        double after; /* years until it fails, as its rate is stated */
        int want;
    } rows[] = {
        {"in the first year", 1, false, 0, 0.5, 182},
        {"past the end of the only year: its hazard goes on", 1, false, 0, 3.25, 1186},
        {"in the second of three", 3, false, 0, 1.5, 547},
        {"past the end of all", 3, false, 0, 10.5, 3832},
        {"afresh, in the first year", 3, true, 0, 0.5, 182},
        {"afresh, counted from the day the year begins", 3, true, 400, 0.5, 365 + 182},
        {"afresh, past the year's end", 3, true, 400, 1.5, 365 + 547},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        double e = exponential("f0", rows[i].fresh ? (uint16_t)(1 + rows[i].day / 365) : 0, 0);
        struct terms funds[] = {PARENT(10, .fails = e / (rows[i].after + 0.001)), PARENT(10)};
        const struct theft thefts[] = {{.day = rows[i].day, .a = 5}};
        play_make_years(&p, rows[i].years, rows[i].fresh, funds, 2, thefts, 1, 0, 0);
        size_t row = 1; /* behind the additional reserve */
        cr_expect_eq(hl_fail_day(&p.c, row), rows[i].want, "%s: day %d", rows[i].what, hl_fail_day(&p.c, row));
        cr_expect_eq(hl_fail_day(&p.c, row + 1), HL_NO_DAY, "without a rate: never");
        play_free(&p);
    }
}

/* Under a climate of factors G_1, G_2 the hazard of two years is rate x (G_1 + G_2). */
Test(insolvency, bad_years_bring_failures) {
    struct hl_climate climate = {.name = "crisis", .family = &hl_climate_gamma, .sd = 1};
    const struct terms funds[] = {PARENT(10, .fails = 1)};
    const struct theft thefts[] = {{.a = 5}};
    struct play p;
    play_make_years(&p, 2, false, funds, 1, thefts, 1, 0, 0);
    hl_plan_free(&p.plan);
    p.e.s.climates = &climate;
    p.e.s.climate_count = 1;
    p.e.funds[0].fails.climate = 0;
    int first = 0, second = 0, later = 0;
    for (uint32_t trial = 0; trial < 50; trial++) {
        engine_plan(&p.plan, &p.e);
        p.c.funds = p.plan.policies[0].funds;
        p.c.trial = trial;
        double g1 = hl_climate_at(&p.plan, 0, 0, trial, 1), g2 = hl_climate_at(&p.plan, 0, 0, trial, 2);
        double e = exponential("f0", 0, trial), years = e <= g1 ? e / g1 : 1 + (e - g1) / g2;
        int want = years * 365 < 1e9 ? (int)floor(years * 365) : HL_NO_DAY, got = hl_fail_day(&p.c, 1);
        cr_expect(abs(got - want) <= 1 || want > 100000, "trial %u: %d instead of %d", trial, got, want);
        *(got < 365 ? &first : got < 730 ? &second : &later) += 1;
        hl_plan_free(&p.plan);
    }
    cr_expect(first > 5 && second > 3 && later > 3, "%d, %d, %d", first, second, later);
    engine_plan(&p.plan, &p.e);
    play_free(&p);
}

Test(insolvency, who_has_failed_pays_nothing) {
    double e = exponential("f0", 0, 0);
    const struct {
        const char *what;
        int after;
        double fails_on, paid;
    } rows[] = {
        {"it pays before", 20, 21.5, 10},
        {"from the day on which it fails on nothing", 20, 20.5, 0},
        {"nor what it had not paid yet", 20, 3.5, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        const struct terms funds[] = {PARENT(10, .after = rows[i].after, .fails = e * 365 / rows[i].fails_on)};
        const struct theft thefts[] = {{.a = 10}};
        play_make(&p, funds, 1, thefts, 1, 0, 0);
        struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
        cr_expect(play_paid(&p, &o, 0) == rows[i].paid && o.haircut == 10 - rows[i].paid, "%s", rows[i].what);
        play_free(&p);
    }
}

struct end {
    const char *what;
    size_t fund_count;
    struct terms funds[PLAY_FUNDS];
    struct theft thefts[PLAY_THEFTS];
    double paid[PLAY_FUNDS];
    double shortfall, haircut, days;
    bool solvent;
};

Test(insolvency, who_pays_after_the_failure) {
    const struct end rows[] = {
        {"another firm takes over ten days after the deadline",
         2,
         {RESERVE(40), TRANSFER(0, .after = 10)},
         {{.a = 100}},
         .paid = {40, 60},
         .shortfall = 60,
         .days = 40},
        {"after all lags of those that answer",
         3,
         {RESERVE(40), PARENT(30, .after = 90), TRANSFER(0, .after = 10)},
         {{.a = 100}},
         .paid = {40, 30, 30},
         .shortfall = 60,
         .days = 100},
        {"nobody waits for who refuses",
         3,
         {RESERVE(40), PARENT(30, .after = 90, .refuses = true), TRANSFER(0, .after = 10)},
         {{.a = 100}},
         .paid = {40, 0, 60},
         .shortfall = 60,
         .days = 40},
        {"nothing is left to take over",
         2,
         {RESERVE(100), TRANSFER(0, .after = 10)},
         {{.a = 100}},
         .paid = {100, 0},
         .solvent = true},
        {"nobody takes over",
         2,
         {RESERVE(40), TRANSFER(0, .refuses = true)},
         {{.a = 100}},
         .paid = {40, 0},
         .shortfall = 60,
         .haircut = 60,
         .days = NEVER},
        {"customers come first out of the estate",
         2,
         {RESERVE(40), ESTATE(50, .after = 365)},
         {{.a = 100}},
         .paid = {40, 50},
         .shortfall = 60,
         .haircut = 10,
         .days = NEVER},
        {"60 of 160 that are owed: 18.75 of the estate of 50",
         2,
         {RESERVE(40), ESTATE(50, .after = 365, .others = 100)},
         {{.a = 100}},
         .paid = {40, 19},
         .shortfall = 60,
         .haircut = 41,
         .days = NEVER},
        {"a rich estate pays what is owed and no more",
         2,
         {RESERVE(40), ESTATE(500, .after = 365, .others = 100)},
         {{.a = 100}},
         .paid = {40, 60},
         .shortfall = 60,
         .days = 395},
        {"claims draw on one estate in their order",
         1,
         {ESTATE(150, .after = 1)},
         {{.a = 100}, {.day = 5, .a = 100}},
         .paid = {150},
         .shortfall = 200,
         .haircut = 50,
         .days = NEVER},
        {"on the day of the deadline is in time", 1, {TRANSFER(0)}, {{.a = 100}}, .paid = {100}, .days = 30},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        play_make(&p, rows[i].funds, rows[i].fund_count, rows[i].thefts, PLAY_THEFTS, 0, 0);
        struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
        cr_expect(o.shortfall == rows[i].shortfall, "%s: shortfall %g", rows[i].what, o.shortfall);
        cr_expect(o.haircut == rows[i].haircut, "%s: haircut %g", rows[i].what, o.haircut);
        cr_expect(o.days_until_whole == rows[i].days, "%s: whole after %g", rows[i].what, o.days_until_whole);
        cr_expect(o.insolvent == !rows[i].solvent, "%s", rows[i].what);
        for (size_t f = 0; f < rows[i].fund_count; f++)
            cr_expect(play_paid(&p, &o, f) == rows[i].paid[f], "%s: fund %zu paid %g", rows[i].what, f,
                      play_paid(&p, &o, f));
        p.c.basis = HL_BASIS_EARMARKED;
        o = hl_waterfall_solve(&p.w, &p.c);
        cr_expect(o.paid[p.c.fund_count - 1] == 0 || rows[i].funds[rows[i].fund_count - 1].kind == HL_FUND_reserve,
                  "%s: nothing after a failure on the earmarked basis", rows[i].what);
        play_free(&p);
    }
}

/* A late recovery repays the estate what it paid: the exchange has failed all the same. */
Test(insolvency, a_failure_is_not_undone) {
    const struct terms funds[] = {RECOVERY(1, .after = 60), ESTATE(100)};
    const struct theft thefts[PLAY_THEFTS] = {{.a = 100}, {.day = 400, .a = 10}};
    struct play p;
    play_make_years(&p, 2, false, funds, 2, thefts, 2, 0, 0);
    struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
    cr_expect(o.open_count == 2 && !o.insolvent, "the estate waits for the recovery, which is enough");
    play_free(&p);
    const struct terms rescue[] = {RESERVE(60), TRANSFER(0, .after = 5)};
    play_make_years(&p, 2, false, rescue, 2, thefts, 2, 0, 0);
    o = hl_waterfall_solve(&p.w, &p.c);
    cr_expect(o.open_count == 1 && o.insolvent && o.haircut == 0, "taken over: closed in the second year");
    play_free(&p);
}
