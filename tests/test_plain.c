/* Plain waterfalls: which they are, and that they come to what the calendar comes to. */
#include "engine/plain.h"
#include "stats/ladder.h"
#include "tests/engine_fixture.h"

enum { CASES = 4000 };

Test(plain, which_are) {
    const struct {
        const char *what;
        struct terms funds[3];
        bool want;
    } rows[] = {
        {"nobody pays", {{0}}, true},
        {"money", {RESERVE(10), CAPITAL(5)}, true},
        {"layers", {INSURANCE(5, .attachment = 1), INSURANCE(9, .aggregate_limit = 20), RESERVE(1)}, true},
        {"all a week later",
         {INSURANCE(5, .after = 7), RESERVE(2, .after = 7)},
         false}, /* not the additional reserve */
        {"one of them later", {INSURANCE(5, .after = 7), RESERVE(2)}, false},
        {"who may not answer", {RESERVE(5, .probability = 0.5)}, false},
        {"who may fail", {INSURANCE(5, .fails = 0.1), RESERVE(2)}, false},
        {"a recovery", {RECOVERY(0.5), RESERVE(2)}, false},
        {"coins", {GUARANTEE(0), RESERVE(2)}, false},
        {"a parent who comes at once and for certain", {PARENT(9), RESERVE(2)}, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        size_t funds = 0;
        while (funds < 3 && (rows[i].funds[funds].kind != 0 || rows[i].funds[funds].amount > 0))
            funds++;
        play_make(&p, rows[i].funds, funds, (const struct theft[PLAY_THEFTS]){{.a = 1}}, PLAY_THEFTS, 0, 0);
        cr_expect(hl_plain_is(&p.plan, &p.plan.policies[0], 0) == rows[i].want, "%s", rows[i].what);
        play_free(&p);
    }
}

struct chance {
    uint32_t number, index;
};

/* A whole number in [0, below). */
static int draw(struct chance *c, int below) {
    return (int)(below * hl_u01(43, (struct hl_address){.stream = c->number, .purpose = 201, .index = c->index++}));
}

/* Up to four thefts, often on one day, and up to five funds in any order. */
static void make_case(struct play *p, struct chance *c) {
    struct theft thefts[PLAY_THEFTS] = {{0}};
    struct terms funds[5];
    size_t fund_count = (size_t)draw(c, 6);
    for (size_t k = 0, day = 0; k < PLAY_THEFTS; k++) {
        day += (size_t)draw(c, 3) * 9;
        thefts[k] = (struct theft){.day = (int)day, .a = 1 + draw(c, 12), .b = draw(c, 6), .insider = draw(c, 3) == 0};
    }
    for (size_t i = 0; i < fund_count; i++) {
        int kind = draw(c, 5);
        if (kind < 2)
            funds[i] = (struct terms)RESERVE(draw(c, 20), .start = draw(c, 2) == 0 ? 0.5 : 1);
        else if (kind == 2)
            funds[i] = (struct terms)CAPITAL(draw(c, 20));
        else
            funds[i] =
                (struct terms)INSURANCE(1 + draw(c, 10), .attachment = draw(c, 4), .hot_only = draw(c, 3) == 0,
                                        .share = draw(c, 2) == 0 ? 0.5 : 1, .aggregate_deductible = draw(c, 4),
                                        .aggregate_limit = draw(c, 2) == 0 ? 1 + draw(c, 20) : 0, .limits = draw(c, 3));
    }
    play_make(p, funds, fund_count, thefts, PLAY_THEFTS, 0, 0);
    p->c.basis = draw(c, 2) == 0 ? HL_BASIS_ALL : HL_BASIS_EARMARKED;
    p->c.extra_reserve = draw(c, 3) == 0 ? draw(c, 9) : 0;
    p->c.layer_limit = draw(c, 4) == 0 ? draw(c, 9) : -1;
}

/* What the arrays of an outcome hold, kept. */
struct kept {
    struct hl_outcome out;
    struct hl_claim_outcome of[PLAY_THEFTS];
    double paid[PLAY_FUNDS], reinstated[PLAY_FUNDS];
    bool attached[PLAY_FUNDS], exhausted[PLAY_FUNDS], unpaid_at[8];
};

static void keep(struct kept *k, const struct play *p, struct hl_outcome out) {
    *k = (struct kept){.out = out};
    memcpy(k->of, out.of, p->c.claim_count * sizeof *k->of);
    memcpy(k->paid, out.paid, p->c.fund_count * sizeof *k->paid);
    memcpy(k->reinstated, out.reinstated, p->c.fund_count * sizeof *k->reinstated);
    memcpy(k->attached, out.attached, p->c.fund_count);
    memcpy(k->exhausted, out.exhausted, p->c.fund_count);
    memcpy(k->unpaid_at, out.unpaid_at, p->plan.check_count);
}

static bool same(const struct kept *a, const struct kept *b) {
    const struct hl_outcome *x = &a->out, *y = &b->out;
    return x->open_count == y->open_count && x->claim == y->claim && x->shortfall == y->shortfall &&
           x->shortfall_largest == y->shortfall_largest && x->haircut == y->haircut &&
           x->days_until_whole == y->days_until_whole && x->insolvent == y->insolvent &&
           memcmp(a->of, b->of, sizeof a->of) == 0 && memcmp(a->paid, b->paid, sizeof a->paid) == 0 &&
           memcmp(a->reinstated, b->reinstated, sizeof a->reinstated) == 0 &&
           memcmp(a->attached, b->attached, sizeof a->attached) == 0 &&
           memcmp(a->exhausted, b->exhausted, sizeof a->exhausted) == 0 &&
           memcmp(a->unpaid_at, b->unpaid_at, sizeof a->unpaid_at) == 0;
}

Test(plain, comes_to_what_the_calendar_comes_to) {
    size_t plain = 0, short_of = 0, attached = 0;
    for (uint32_t i = 0; i < CASES; i++) {
        struct chance c = {i, 0};
        struct play p;
        struct kept full, brief;
        make_case(&p, &c);
        if (hl_plain_is(&p.plan, &p.plan.policies[0], 0)) {
            keep(&full, &p, hl_waterfall_solve(&p.w, &p.c));
            keep(&brief, &p, hl_plain_solve(&p.w, &p.c));
            cr_expect(same(&full, &brief), "case %u", i);
            plain++;
            short_of += full.out.shortfall > 0;
            attached += full.attached[0] || full.attached[1];
        }
        play_free(&p);
    }
    cr_expect(plain > CASES / 2 && short_of > plain / 4 && attached > plain / 4, "%zu plain, %zu short, %zu attached",
              plain, short_of, attached);
}
