/* Lone claims: which cases they are, and that they come to what the calendar comes to, whatever prices do. */
#include "engine/lone.h"
#include "engine/need.h"
#include "tests/engine_fixture.h"

enum { CASES = 4000 };

Test(lone, which_are) {
    const struct {
        const char *what;
        struct terms funds[3];
        size_t fund_count;
        bool buys; /* after ten days */
        bool want;
    } rows[] = {
        {"nobody pays", {{0}}, 0, true, true},
        {"coins, then money", {GUARANTEE(0), RESERVE(5), CAPITAL(9)}, 3, true, true},
        {"coins above money on one day", {GUARANTEE(0), RESERVE(5)}, 2, false, true},
        {"coins below money on one day", {CAPITAL(5), GUARANTEE(0)}, 2, false, false},
        {"coins after money", {GUARANTEE(0, .after = 11), RESERVE(5)}, 2, true, false},
        {"coins after the deadline", {GUARANTEE(0, .after = 31), RESERVE(5)}, 2, true, true},
        {"who may not answer", {RESERVE(5, .probability = 0.5)}, 1, true, true},
        {"coins that may not come", {GUARANTEE(0, .probability = 0.5)}, 1, true, false},
        {"who may fail", {PARENT(5, .fails = 0.1)}, 1, true, false},
        {"who may fail after the deadline", {PARENT(5, .fails = 0.1, .after = 31)}, 1, true, true},
        {"insurance in time", {INSURANCE(5)}, 1, true, false},
        {"insurance after the deadline", {INSURANCE(5, .after = 31)}, 1, true, true},
        {"a recovery in time", {RECOVERY(0.5, .after = 30)}, 1, true, false},
        {"an income", {RESERVE(5, .income = 9)}, 1, true, false},
        {"what is topped up", {RESERVE(5, .top_up_below = 0.5)}, 1, true, false},
        {"who pays after the failure", {{.kind = HL_FUND_administrator, .amount = 5}}, 1, true, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        play_make_moving(&p, rows[i].funds, rows[i].fund_count, &(struct theft){.day = 50, .a = 20}, rows[i].buys, 3,
                         0);
        cr_expect(hl_lone_begin(&p.w.lone, &p.c) == rows[i].want, "%s", rows[i].what);
        p.c.claim_count = 2;
        cr_expect(!hl_lone_begin(&p.w.lone, &p.c), "%s: of two claims", rows[i].what);
        play_free(&p);
    }
}

Test(lone, not_of_money_that_is_owed) {
    struct play p;
    play_make_moving(&p, NULL, 0, &(struct theft){.day = 50, .a = 20}, false, 3, 0);
    p.taken[0][0].in_kind = 19;
    p.taken[0][0].money = 1;
    cr_expect(!hl_lone_begin(&p.w.lone, &p.c));
    play_free(&p);
}

static void make_case(struct play *p, struct play_chance *c) {
    struct terms funds[6];
    size_t count = (size_t)play_draw(c, 7);
    bool large = play_draw(c, 2) == 0; /* rounding shows in small amounts, prices in large ones */
    double unit = large ? 1000003 : 1;
    for (size_t i = 0; i < count; i++) {
        int kind = play_draw(c, 6), after = play_draw(c, 3) * 15 + play_draw(c, 2) * 5;
        double amount = unit * (1 + play_draw(c, 20));
        if (kind == 0)
            funds[i] = (struct terms)GUARANTEE(0, .after = play_draw(c, 4) == 0 ? after : 0);
        else if (kind == 1)
            funds[i] = (struct terms)CAPITAL(amount, .after = play_draw(c, 2) == 0 ? after : 0);
        else if (kind == 2)
            funds[i] = (struct terms)PARENT(amount, .after = after, .probability = 0.5);
        else if (kind == 3)
            funds[i] = (struct terms)INSURANCE(amount, .after = 20 + after);
        else
            funds[i] = (struct terms)RESERVE(amount, .start = play_draw(c, 2) == 0 ? 0.5 : 1);
    }
    const struct theft theft = {.day = 1 + play_draw(c, 200),
                                .a = unit * play_draw(c, 40),
                                .b = unit * (1 + play_draw(c, 40)),
                                .guarantee_a = unit * play_draw(c, 5),
                                .house = unit * play_draw(c, 2) * play_draw(c, 9)};
    play_make_moving(p, funds, count, &theft, play_draw(c, 3) > 0, unit * play_draw(c, 9), c->number);
    p->c.basis = play_draw(c, 2) == 0 ? HL_BASIS_ALL : HL_BASIS_EARMARKED;
    p->c.extra_reserve = play_draw(c, 3) == 0 ? unit * play_draw(c, 40) : 0;
}

Test(lone, comes_to_what_the_calendar_comes_to) {
    size_t lone = 0, short_of = 0, needs = 0;
    for (uint32_t i = 0; i < CASES; i++) {
        struct play_chance c = {i, 0};
        struct play p;
        make_case(&p, &c);
        if (hl_lone_begin(&p.w.lone, &p.c)) {
            double brief = hl_lone_shortfall(&p.w.lone, &p.c), full = hl_waterfall_solve(&p.w, &p.c).shortfall;
            cr_expect(brief == full, "case %u: %.0f, and by the calendar %.0f", i, brief, full);
            lone++;
            short_of += full > 0;
            p.c.extra_reserve = 0;
            full = hl_waterfall_solve(&p.w, &p.c).shortfall;
            double need = hl_need_reserve(&p.w, p.c, full);
            p.c.sure = true;
            hl_waterfall_solve(&p.w, &p.c);
            cr_expect(hl_need_reserve(&p.w, p.c, full) == need, "case %u: needs %.0f", i, need);
            needs += need > 0 && need < HL_NEVER;
        }
        play_free(&p);
    }
    cr_expect(lone > CASES / 2 && short_of > CASES / 8 && needs > CASES / 8, "%zu, %zu, %zu", lone, short_of, needs);
}
