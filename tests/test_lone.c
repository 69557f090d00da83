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
        play_claim(&p, p.c.claim_count++, &(struct theft){.day = 60, .a = 20});
        cr_expect(!hl_lone_begin(&p.w.lone, &p.c), "%s: of two claims that are not given back", rows[i].what);
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

/* Two or three claims, of which guarantee crypto gives back all but one, most often. */
static void make_several(struct play *p, struct play_chance *c) {
    struct terms funds[6];
    size_t count = 0;
    double unit = play_draw(c, 2) == 0 ? 1000003 : 1;
    if (play_draw(c, 2) == 0)
        funds[count++] = (struct terms)RECOVERY(0.1 * (1 + play_draw(c, 9)), .after = 20 * play_draw(c, 10),
                                                .refuses = play_draw(c, 3) == 0);
    funds[count++] = (struct terms)GUARANTEE(0, .after = play_draw(c, 9) == 0 ? 5 : 0);
    if (play_draw(c, 2) == 0)
        funds[count++] = (struct terms)INSURANCE(unit * play_draw(c, 30), .after = 15 + 5 * play_draw(c, 30));
    if (play_draw(c, 2) == 0)
        funds[count++] = (struct terms)RESERVE(unit * play_draw(c, 20), .start = play_draw(c, 2) == 0 ? 0.5 : 1);
    if (play_draw(c, 2) == 0)
        funds[count++] = (struct terms)CAPITAL(unit * play_draw(c, 20), .after = 5 * play_draw(c, 4));
    struct theft thefts[3];
    size_t claims = 2 + (size_t)play_draw(c, 2);
    for (size_t k = 0; k < claims; k++)
        thefts[k] = (struct theft){.day = (k > 0 ? thefts[k - 1].day : 1) + play_draw(c, 100),
                                   .a = unit * play_draw(c, play_draw(c, 4) == 0 ? 80 : 9),
                                   .b = unit * play_draw(c, play_draw(c, 4) == 0 ? 80 : 5),
                                   .guarantee_a = unit * play_draw(c, 2),
                                   .house = play_draw(c, 6) == 0 ? unit * play_draw(c, 9) : 0};
    play_make_moving(p, funds, count, &thefts[0], play_draw(c, 3) > 0, unit * 25, c->number);
    for (size_t k = 1; k < claims; k++)
        play_claim(p, p->c.claim_count++, &thefts[k]);
    p->c.basis = play_draw(c, 2) == 0 ? HL_BASIS_ALL : HL_BASIS_EARMARKED;
    p->c.extra_reserve = play_draw(c, 3) == 0 ? unit * play_draw(c, 40) : 0;
}

Test(lone, others_are_given_back) {
    enum { SEVERAL = HL_IS_SLOW ? 500 : 3000 };
    size_t lone = 0, short_of = 0, later = 0, not_last = 0;
    for (uint32_t i = 0; i < SEVERAL; i++) {
        struct play_chance c = {i, 0};
        struct play p;
        make_several(&p, &c);
        if (hl_lone_begin(&p.w.lone, &p.c)) {
            double brief = hl_lone_shortfall(&p.w.lone, &p.c), full = hl_waterfall_solve(&p.w, &p.c).shortfall;
            cr_expect(brief == full, "case %u: %.0f, and by the calendar %.0f", i, brief, full);
            lone++;
            short_of += full > 0;
            later += full > 0 && p.w.lone.claim > 0;
            not_last += full > 0 && p.w.lone.claim + 1 < p.c.claim_count;
            p.c.extra_reserve = 0;
            full = hl_waterfall_solve(&p.w, &p.c).shortfall;
            double need = hl_need_reserve(&p.w, p.c, full);
            p.c.sure = true;
            struct hl_outcome sure = hl_waterfall_solve(&p.w, &p.c);
            cr_expect(sure.shortfall == full && sure.of[p.w.lone.claim].shortfall == full, "case %u", i);
            cr_expect(hl_need_reserve(&p.w, p.c, full) == need, "case %u: needs %.0f", i, need);
        }
        play_free(&p);
    }
    cr_expect(lone > SEVERAL / 8 && short_of > SEVERAL / 16 && later > SEVERAL / 64 && not_last > SEVERAL / 256,
              "%zu, %zu, %zu, %zu", lone, short_of, later, not_last);
}
