/* Lone claims: which cases they are, and that they come to what the calendar comes to, whatever prices do. */
#include "engine/lone.h"
#include "engine/need.h"
#include "tests/engine_fixture.h"

enum { CASES = 4000 };

/* One claim on day 50, of coins that are owed in kind and bought after ten days where `buys` says so; prices move. The
 * additional reserve is `extra`. */
static void make(struct play *p, const struct terms *funds, size_t fund_count, const struct theft *theft, bool buys,
                 double guarantee, uint32_t trial) {
    struct hl_error err = {0};
    memset(p, 0, sizeof *p);
    engine_start(&p->e);
    engine_exchange(&p->e, "ape");
    engine_asset(&p->e, "A");
    engine_asset(&p->e, "B");
    p->e.s.market = (struct hl_market){.moves = true, .impact_above = INFINITY};
    p->e.s.buy_back_after_days = buys ? 10 : 0;
    for (size_t a = 0; a < 2; a++) {
        p->e.assets[a].volatility_per_year = 0.5 + (double)a;
        p->e.claim_terms[a] = (struct hl_claim_terms){.share = {[HL_IN_KIND] = 1}, .fixed_price = 1};
    }
    engine_holding(&p->e, 0, 0, HL_COLD, guarantee)->owner = HL_OWNER_GUARANTEE;
    engine_holding(&p->e, 0, 1, HL_COLD, guarantee)->owner = HL_OWNER_GUARANTEE;
    engine_breach(&p->e, HL_VECTOR_hot_wallet_drain, 1, HL_NONE);
    for (size_t i = 0; i < fund_count; i++)
        play_fund(&p->e, &funds[i]);
    engine_plan(&p->plan, &p->e);
    p->c = (struct hl_waterfall_case){.plan = &p->plan,
                                      .funds = p->plan.policies[0].funds,
                                      .fund_count = p->plan.policies[0].first[1],
                                      .claims = p->claims,
                                      .claim_count = 1,
                                      .prices = &p->prices,
                                      .trial = trial,
                                      .basis = HL_BASIS_ALL,
                                      .layer_limit = -1,
                                      .only_shortfall = true};
    cr_assert(hl_prices_reserve(&p->prices, &p->plan, PLAY_THEFTS, &err) == HL_OK);
    hl_prices_begin(&p->prices, 0, trial);
    play_claim(p, 0, theft);
    cr_assert(hl_waterfall_reserve(&p->w, &p->plan, PLAY_THEFTS, &err) == HL_OK);
}

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
        make(&p, rows[i].funds, rows[i].fund_count, &(struct theft){.day = 50, .a = 20}, rows[i].buys, 3, 0);
        cr_expect(hl_lone_begin(&p.w.lone, &p.c) == rows[i].want, "%s", rows[i].what);
        p.c.claim_count = 2;
        cr_expect(!hl_lone_begin(&p.w.lone, &p.c), "%s: of two claims", rows[i].what);
        play_free(&p);
    }
}

Test(lone, not_of_money_that_is_owed) {
    struct play p;
    make(&p, NULL, 0, &(struct theft){.day = 50, .a = 20}, false, 3, 0);
    p.taken[0][0].in_kind = 19;
    p.taken[0][0].money = 1;
    cr_expect(!hl_lone_begin(&p.w.lone, &p.c));
    play_free(&p);
}

struct chance {
    uint32_t number, index;
};

/* A whole number in [0, below). */
static int draw(struct chance *c, int below) {
    return (int)(below * hl_u01(47, (struct hl_address){.stream = c->number, .purpose = 202, .index = c->index++}));
}

static void make_case(struct play *p, struct chance *c) {
    struct terms funds[6];
    size_t count = (size_t)draw(c, 7);
    bool large = draw(c, 2) == 0; /* rounding shows in small amounts, prices in large ones */
    double unit = large ? 1000003 : 1;
    for (size_t i = 0; i < count; i++) {
        int kind = draw(c, 6), after = draw(c, 3) * 15 + draw(c, 2) * 5;
        double amount = unit * (1 + draw(c, 20));
        if (kind == 0)
            funds[i] = (struct terms)GUARANTEE(0, .after = draw(c, 4) == 0 ? after : 0);
        else if (kind == 1)
            funds[i] = (struct terms)CAPITAL(amount, .after = draw(c, 2) == 0 ? after : 0);
        else if (kind == 2)
            funds[i] = (struct terms)PARENT(amount, .after = after, .probability = 0.5);
        else if (kind == 3)
            funds[i] = (struct terms)INSURANCE(amount, .after = 20 + after);
        else
            funds[i] = (struct terms)RESERVE(amount, .start = draw(c, 2) == 0 ? 0.5 : 1);
    }
    const struct theft theft = {.day = 1 + draw(c, 200),
                                .a = unit * draw(c, 40),
                                .b = unit * (1 + draw(c, 40)),
                                .guarantee_a = unit * draw(c, 5),
                                .house = unit * draw(c, 2) * draw(c, 9)};
    make(p, funds, count, &theft, draw(c, 3) > 0, unit * draw(c, 9), c->number);
    p->c.basis = draw(c, 2) == 0 ? HL_BASIS_ALL : HL_BASIS_EARMARKED;
    p->c.extra_reserve = draw(c, 3) == 0 ? unit * draw(c, 40) : 0;
}

Test(lone, comes_to_what_the_calendar_comes_to) {
    size_t lone = 0, short_of = 0, needs = 0;
    for (uint32_t i = 0; i < CASES; i++) {
        struct chance c = {i, 0};
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
