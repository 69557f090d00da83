/* What would have been needed, against trying every amount. */
#include "engine/need.h"
#include "tests/engine_fixture.h"

enum { CASES = 3000 };

/* The shortfall with an amount in the place that is asked about. */
static double shortfall_with(struct play *p, bool layer, double amount) {
    struct hl_waterfall_case c = p->c;
    *(layer ? &c.layer_limit : &c.extra_reserve) = amount;
    return hl_waterfall_solve(&p->w, &c).shortfall;
}

/* One more than the greatest amount of [from, to] that leaves a shortfall. */
static double tried(struct play *p, bool layer, double from, double to) {
    for (double x = to; x >= from; x--)
        if (shortfall_with(p, layer, x) > 0)
            return x + 1;
    return from;
}

/* The greatest amount worth trying: with it all claims are paid at once. */
static double most(const struct play *p) {
    double total = 0;
    for (size_t k = 0; k < p->c.claim_count; k++)
        total += p->claims[k].claim;
    return total;
}

static double need_reserve(struct play *p) {
    double shortfall = hl_waterfall_solve(&p->w, &p->c).shortfall;
    return hl_need_reserve(&p->w, p->c, shortfall);
}

Test(need, reserve_worked_examples) {
    const struct {
        const char *what;
        struct terms funds[3];
        struct theft thefts[PLAY_THEFTS];
        double guarantee[2];
        double want;
    } rows[] = {
        {"whole already", {RESERVE(10)}, {{.a = 10}}, {0}, 0},
        {"a yen more than the reserve", {RESERVE(10)}, {{.a = 11}}, {0}, 1},
        {"two events", {RESERVE(10)}, {{.a = 8}, {.day = 9, .a = 8}}, {0}, 6},
        {"event 1 of 5 insured, event 2 not, the reserve pays first",
         {RESERVE(0), INSURANCE(5, .hot_only = true)},
         {{.a = 5}, {.day = 40, .a = 5, .insider = true}},
         {0},
         10},
        {"the same with the insurer first: only event 2 is left",
         {INSURANCE(5, .hot_only = true), RESERVE(0)},
         {{.a = 5}, {.day = 40, .a = 5, .insider = true}},
         {0},
         5},
        {"money after the deadline does not count", {PARENT(100, .after = 31)}, {{.a = 7}}, {0}, 7},
        {"money at the deadline does", {PARENT(100, .after = 30)}, {{.a = 7}}, {0}, 0},
        {"a recovery that comes back in time pays the second event too",
         {RECOVERY(1, .after = 40), RESERVE(0)},
         {{.a = 5}, {.day = 50, .a = 5}},
         {0},
         5},
        {"and a day too late for it: two reserves",
         {RECOVERY(1, .after = 81), RESERVE(0)},
         {{.a = 5}, {.day = 50, .a = 5}},
         {0},
         10},
        {"coins first: 1 B is left", {GUARANTEE(0)}, {{.a = 6, .b = 4}}, {6, 3}, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        size_t funds = 0;
        while (funds < 3 && (rows[i].funds[funds].kind != 0 || rows[i].funds[funds].amount > 0))
            funds++;
        play_make(&p, rows[i].funds, funds, rows[i].thefts, PLAY_THEFTS, rows[i].guarantee[0], rows[i].guarantee[1]);
        double need = need_reserve(&p);
        cr_expect(need == rows[i].want, "%s: %g", rows[i].what, need);
        cr_expect(tried(&p, false, 0, most(&p)) == rows[i].want, "%s: by trying", rows[i].what);
        play_free(&p);
    }
}

Test(need, insurance_worked_examples) {
    const struct {
        const char *what;
        struct terms funds[3];
        struct theft thefts[PLAY_THEFTS];
        double want;
    } rows[] = {
        {"the loss less the attachment", {INSURANCE(5, .attachment = 2), RESERVE(2)}, {{.a = 20}}, 18},
        {"of two events the larger", {INSURANCE(5)}, {{.a = 12}, {.day = 1, .a = 20}}, 20},
        {"the aggregate limit binds and is scaled: 32 a year at 20 an event",
         {INSURANCE(5, .aggregate_limit = 8)},
         {{.a = 12}, {.day = 1, .a = 20}},
         20},
        {"the aggregate limit binds: twice 20 need a year's 40, the limit of an event 40 / 8 * 5",
         {INSURANCE(5, .aggregate_limit = 8)},
         {{.a = 20}, {.day = 1, .a = 20}},
         25},
        {"once a year: both in one limit", {INSURANCE(5, .limits = 1)}, {{.a = 9}, {.day = 1, .a = 9}}, 18},
        {"too late: no limit helps", {INSURANCE(5, .after = 31)}, {{.a = 9}}, HL_NEVER},
        {"in time", {INSURANCE(5, .after = 30)}, {{.a = 9}}, 9},
        {"excluded: no limit helps", {INSURANCE(5, .hot_only = true)}, {{.a = 9, .insider = true}}, HL_NEVER},
        {"refused: no limit helps", {INSURANCE(5, .refuses = true)}, {{.a = 9}}, HL_NEVER},
        {"the insured's own share: no limit helps", {INSURANCE(5, .share = 0.5)}, {{.a = 9}}, HL_NEVER},
        {"the attachment is nobody's: no limit helps", {INSURANCE(5, .attachment = 1)}, {{.a = 9}}, HL_NEVER},
        {"the reserve bears 11, and half of the layer is 9",
         {INSURANCE(5, .share = 0.5), RESERVE(11)},
         {{.a = 20}},
         18},
        {"unlimited already, and short: no limit helps", {INSURANCE(INFINITY, .attachment = 1)}, {{.a = 9}}, HL_NEVER},
        {"the first of two layers is sized", {INSURANCE(5), INSURANCE(5, .attachment = 10)}, {{.a = 20}}, 15},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        size_t funds = 0;
        while (funds < 3 && (rows[i].funds[funds].kind != 0 || rows[i].funds[funds].amount > 0))
            funds++;
        play_make(&p, rows[i].funds, funds, rows[i].thefts, PLAY_THEFTS, 0, 0);
        double need = hl_need_insurance(&p.w, p.c, hl_waterfall_solve(&p.w, &p.c).shortfall);
        cr_expect(need == rows[i].want, "%s: %g", rows[i].what, need);
        play_free(&p);
    }
}

/* --- random small cases --------------------------------------------------------------------------------------------
 */

struct chance {
    uint32_t number, index;
};

/* A whole number in [0, below). */
static int draw(struct chance *c, int below) {
    return (int)(below * hl_u01(42, (struct hl_address){.stream = c->number, .purpose = 200, .index = c->index++}));
}

/* Up to four thefts within 70 days and up to five sources of funds in any order; coins and guarantee crypto only where
 * `coins`. At most one of the kinds that may stand only once. */
static void make_case(struct play *p, struct chance *c, bool coins) {
    struct terms funds[PLAY_FUNDS];
    struct theft thefts[PLAY_THEFTS];
    bool stands[HL_FUND_parent + 1] = {false};
    size_t fund_count = 0;
    for (int i = 1 + draw(c, 5); i > 0; i--) {
        enum hl_fund_id kind = (enum hl_fund_id)draw(c, HL_FUND_parent + 1);
        bool many = kind == HL_FUND_insurance || kind == HL_FUND_parent;
        if ((stands[kind] && !many) || (kind == HL_FUND_guarantee_crypto && !coins))
            continue;
        stands[kind] = true;
        struct terms *t = &funds[fund_count++];
        *t = (struct terms){.kind = kind, .amount = 1 + draw(c, 12)};
        t->after = draw(c, 3) > 0 ? 0 : draw(c, 60);
        t->probability = draw(c, 3) > 0 ? 1 : 0.5;
        if (kind == HL_FUND_recovery)
            t->amount = 0.1 * (1 + draw(c, 10));
        t->attachment = draw(c, 2) > 0 ? 0 : draw(c, 6);
        t->share = draw(c, 2) > 0 ? 1 : 0.1 * (1 + draw(c, 10));
        t->aggregate_limit = draw(c, 2) > 0 ? 0 : 1 + draw(c, 25);
        t->aggregate_deductible = draw(c, 3) > 0 ? 0 : draw(c, 8);
        t->hot_only = draw(c, 2) > 0;
        t->limits = draw(c, 2) > 0 ? 0 : 1 + draw(c, 2);
    }
    size_t count = (size_t)(1 + draw(c, PLAY_THEFTS));
    int day = 0;
    for (size_t k = 0; k < count; k++) {
        day += draw(c, 25);
        thefts[k] = (struct theft){.day = day,
                                   .a = 1 + draw(c, 12),
                                   .b = coins ? draw(c, 8) : 0,
                                   .guarantee_a = draw(c, 3) > 0 ? 0 : draw(c, 3),
                                   .house = draw(c, 3) > 0 ? 0 : draw(c, 4),
                                   .insider = draw(c, 2) > 0};
    }
    play_make(p, funds, fund_count, thefts, count, coins ? draw(c, 12) : 0, coins ? draw(c, 8) : 0);
    p->c.trial = c->number % HL_BLOCK_TRIALS;
    p->c.basis = draw(c, 4) > 0 ? HL_BASIS_ALL : HL_BASIS_EARMARKED;
}

/* Counts cases that are really short and need more than the shortfall, so that the test does not pass for nothing. */
static void reserve_cases(uint32_t first, bool coins, double allowed) {
    int are_short = 0, more = 0, less = 0, off = 0;
    for (uint32_t i = 0; i < CASES; i++) {
        struct play p;
        struct chance c = {first + i, 0};
        make_case(&p, &c, coins);
        double shortfall = hl_waterfall_solve(&p.w, &p.c).shortfall;
        double need = hl_need_reserve(&p.w, p.c, shortfall), want = tried(&p, false, 0, most(&p));
        are_short += shortfall > 0;
        more += want > shortfall;
        less += want < shortfall;
        off += need != want;
        cr_expect(fabs(need - want) <= allowed, "case %u: %g, and by trying %g", first + i, need, want);
        cr_expect(shortfall_with(&p, false, need) == 0 || allowed > 0);
        play_free(&p);
    }
    cr_expect(are_short > CASES / 3 && more > CASES / 100 && less > CASES / 100, "%d, %d, %d", are_short, more, less);
    cr_expect(off <= CASES / 100, "%d off", off);
}

Test(need, reserve_against_every_amount) { reserve_cases(0, false, 0); }

/* Money is spread over coins in whole yen, so a yen more can move a yen from one coin to another: then the answer may
 * be a yen or two off. */
Test(need, reserve_with_coins_against_every_amount) { reserve_cases(1000000, true, 2); }

Test(need, insurance_against_every_limit) {
    int asked = 0, attainable = 0, more = 0;
    for (uint32_t i = 0; i < 2 * CASES; i++) {
        struct play p;
        struct chance c = {2000000 + i, 0};
        make_case(&p, &c, false);
        double shortfall = hl_waterfall_solve(&p.w, &p.c).shortfall;
        size_t row = hl_sized_row(p.c.funds, p.c.fund_count);
        if (shortfall > 0 && row != HL_NONE) {
            double limit = p.c.funds[row].layer->limit, above = 40 * limit + 200;
            double want = tried(&p, true, limit, above),
                   need = hl_need_insurance(&p.w, p.c, hl_waterfall_solve(&p.w, &p.c).shortfall);
            if (want > above)
                want = HL_NEVER;
            asked++;
            attainable += want < HL_NEVER;
            more += want < HL_NEVER && want > limit + shortfall;
            cr_expect(need == want, "case %u: %g, and by trying %g", i, need, want);
        }
        play_free(&p);
    }
    cr_expect(asked > CASES / 3 && attainable > CASES / 20 && more > 20, "%d, %d, %d", asked, attainable, more);
}
