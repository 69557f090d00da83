/* Pools: exchanges whose claims are paid side by side. Deadline 30 days; amounts that one can add up in the head. */
#include "engine/events.h"
#include "engine/need.h"
#include "engine/pool.h"
#include "engine/years.h"
#include "tests/engine_fixture.h"

enum { MEMBERS = 3, THEFTS = 4 };

/* ape, bee and cat, in this order or another. */
static const char *const names[MEMBERS] = {"ape", "bee", "cat"};

/* A theft of coins at one of them; the row's end has none. */
struct taking {
    size_t member; /* of names */
    int day;
    double coins;
};

/* A pool, and for each member own capital and perhaps coins that come back to ape in front of all. */
struct terms_of_pool {
    double amount;
    double start; /* 0 = full */
    double refill;
    double calls; /* of each member */
    double capital[MEMBERS];
    double capital_refill;
    int recovered_after; /* days; 0 = nothing comes back */
    double recovered;
};

struct trio {
    struct engine e;
    struct hl_plan plan;
    struct hl_waterfall w;
    struct hl_claims claims;
    struct hl_claim list[THEFTS];
    struct hl_taken taken[THEFTS];
    size_t place[MEMBERS]; /* which exchange each is */
    size_t order[MEMBERS]; /* 0, 1, 2: whom a fund stands at */
};

static void trio_fund_at(struct trio *t, size_t exchange, struct hl_fund *f, const char *name) {
    f->name = name;
    f->at = &t->order[exchange];
    f->at_count = 1;
}

static void trio_funds(struct trio *t, const struct terms_of_pool *terms) {
    static const char *const capitals[MEMBERS] = {"capital of ape", "capital of bee", "capital of cat"};
    if (terms->recovered_after > 0) {
        struct hl_fund *f = engine_fund(&t->e, HL_FUND_recovery, terms->recovered);
        f->after_days = terms->recovered_after;
        trio_fund_at(t, t->place[0], f, "recovery");
    }
    struct hl_fund *pool = engine_fund(&t->e, HL_FUND_pool, terms->amount);
    pool->calls = (struct hl_amount){.base = HL_BASE_FIXED, .value = terms->calls, .cap = INFINITY};
    pool->refill_per_year = terms->refill;
    if (terms->start > 0)
        pool->start = terms->start;
    for (size_t m = 0; m < MEMBERS; m++) {
        struct hl_fund *f = engine_fund(&t->e, HL_FUND_own_capital, terms->capital[m]);
        f->refill_per_year = terms->capital_refill;
        trio_fund_at(t, t->place[m], f, capitals[m]);
    }
}

/* Claims are by exchange, and within one by day. */
static void trio_take(struct trio *t, const struct taking *takings) {
    for (size_t e = 0; e < MEMBERS; e++) {
        for (size_t i = 0; i < THEFTS && takings[i].coins > 0; i++) {
            if (t->place[takings[i].member] != e)
                continue;
            size_t k = t->claims.count++;
            t->taken[k] = (struct hl_taken){.customers = takings[i].coins, .worth = takings[i].coins};
            t->list[k] = (struct hl_claim){.exchange = (uint32_t)e,
                                           .index = (uint32_t)i,
                                           .day = takings[i].day,
                                           .gross = takings[i].coins,
                                           .taken = &t->taken[k],
                                           .taken_count = 1};
            hl_owed_tell(&t->plan, &t->claims.prices, &t->list[k], &t->taken[k], false);
        }
    }
}

/* The members stand in the scenario in the order of `place`. */
static void trio_make(struct trio *t, int years, bool fresh, const struct terms_of_pool *terms,
                      const struct taking *takings, const size_t place[MEMBERS]) {
    memset(t, 0, sizeof *t);
    engine_start(&t->e);
    t->e.s.horizon_days = 365 * years;
    t->e.s.fresh = fresh;
    for (size_t m = 0; m < MEMBERS; m++)
        t->place[m] = place[m];
    for (size_t e = 0; e < MEMBERS; e++)
        for (size_t m = 0; m < MEMBERS; m++)
            if (place[m] == e)
                t->order[engine_exchange(&t->e, names[m])] = e;
    engine_asset(&t->e, "A");
    for (size_t e = 0; e < MEMBERS; e++)
        engine_holding(&t->e, e, 0, HL_HOT, 100);
    engine_breach(&t->e, HL_VECTOR_hot_wallet_drain, 1, HL_NONE);
    trio_funds(t, terms);
    engine_plan(&t->plan, &t->e);
    struct hl_error err = {0};
    t->claims.claims = t->list;
    cr_assert(hl_prices_reserve(&t->claims.prices, &t->plan, THEFTS, &err) == HL_OK);
    hl_prices_begin(&t->claims.prices, 0, 0);
    trio_take(t, takings);
    cr_assert(hl_waterfall_reserve(&t->w, &t->plan, THEFTS, &err) == HL_OK);
}

static void trio_free(struct trio *t) {
    hl_waterfall_free(&t->w);
    hl_prices_free(&t->claims.prices);
    hl_plan_free(&t->plan);
}

/* The cases of the trial, one after the other; false behind the last. */
static bool trio_next(struct trio *t, struct hl_waterfall_case *c) {
    size_t first = c->plan == NULL ? 0 : (size_t)(c->claims - t->list) + c->claim_count;
    if (first >= t->claims.count)
        return false;
    *c = hl_years_case(&t->plan, &t->plan.policies[0], &t->claims, first, 0, 0);
    return true;
}

static size_t member_of(const struct trio *t, const struct hl_waterfall_case *c) {
    size_t m = 0;
    while (t->place[m] != c->claims[0].exchange)
        m++;
    return m;
}

/* What came of it, by member. */
struct found {
    double fund, calls, capital; /* who paid */
    double shortfall;
};

static void trio_solve(struct trio *t, enum hl_basis basis, struct found found[MEMBERS], double called[MEMBERS]) {
    memset(found, 0, MEMBERS * sizeof *found);
    for (struct hl_waterfall_case c = {0}; trio_next(t, &c);) {
        struct found *f = &found[member_of(t, &c)];
        c.basis = basis;
        c.only_shortfall = true;
        double alone = hl_waterfall_solve(&t->w, &c).shortfall;
        c.only_shortfall = false;
        struct hl_outcome o = hl_waterfall_solve(&t->w, &c);
        f->shortfall += o.shortfall;
        for (size_t i = 0; i < c.fund_count; i++) {
            f->fund += c.funds[i].kind == HL_FUND_pool && !c.funds[i].calls ? o.paid[i] : 0;
            f->calls += c.funds[i].kind == HL_FUND_pool && c.funds[i].calls ? o.paid[i] : 0;
            f->capital += c.funds[i].kind == HL_FUND_own_capital ? o.paid[i] : 0;
        }
        cr_expect(o.shortfall == alone, "the shortfall alone");
    }
    for (size_t m = 0; m < MEMBERS; m++)
        called[m] = hl_pools_called(t->w.pools, t->place[m]);
}

struct row {
    const char *what;
    int years;
    bool fresh;
    struct terms_of_pool terms;
    struct taking takings[THEFTS];
    struct found want[MEMBERS];
    double called[MEMBERS]; /* net of what was repaid; afresh: in the last year */
    double earmarked[MEMBERS];
};

static void expect_row(const struct row *row, const size_t place[MEMBERS]) {
    struct trio t;
    struct found found[MEMBERS];
    double called[MEMBERS];
    trio_make(&t, row->years > 0 ? row->years : 1, row->fresh, &row->terms, row->takings, place);
    trio_solve(&t, HL_BASIS_EARMARKED, found, called);
    for (size_t m = 0; m < MEMBERS; m++)
        cr_expect(found[m].shortfall == row->earmarked[m], "%s: earmarked money of %s leaves %g", row->what, names[m],
                  found[m].shortfall);
    trio_solve(&t, HL_BASIS_ALL, found, called);
    for (size_t m = 0; m < MEMBERS; m++) {
        const struct found *f = &found[m], *want = &row->want[m];
        cr_expect(f->fund == want->fund && f->calls == want->calls && f->capital == want->capital,
                  "%s: for %s the fund pays %g, calls %g, its capital %g", row->what, names[m], f->fund, f->calls,
                  f->capital);
        cr_expect(f->shortfall == want->shortfall, "%s: %s is short of %g", row->what, names[m], f->shortfall);
        cr_expect(called[m] == row->called[m], "%s: %s is called for %g", row->what, names[m], called[m]);
    }
    trio_free(&t);
}

static const size_t in_order[MEMBERS] = {0, 1, 2};

Test(pool, worked_examples) {
    const struct row rows[] = {
        {"who comes a day later finds what is left", .terms = {.amount = 10}, .takings = {{0, 6, 8}, {1, 5, 8}},
         .want = {{2, 0, 0, 6}, {8, 0, 0, 0}}, .earmarked = {6, 0}},
        {"on the same day the first of the scenario comes first", .terms = {.amount = 10},
         .takings = {{1, 5, 8}, {0, 5, 8}}, .want = {{8, 0, 0, 0}, {2, 0, 0, 6}}, .earmarked = {0, 6}},
        {"the fund, then the others are called, never who is paid", .terms = {.amount = 4, .calls = 3},
         .takings = {{0, 5, 12}}, .want = {{4, 6, 0, 2}}, .called = {0, 3, 3}, .earmarked = {2}},
        {"a call takes the capital that then misses for a theft of one's own",
         .terms = {.amount = 4, .calls = 3, .capital = {5, 5, 5}}, .takings = {{0, 5, 12}, {1, 6, 9}},
         .want = {{4, 6, 2, 0}, {0, 3, 2, 4}}, .called = {3, 3, 3}, .earmarked = {2, 6}},
        {"a call before it too, down to nothing", .terms = {.amount = 0, .calls = 3, .capital = {0, 2, 0}},
         .takings = {{0, 5, 6}, {1, 300, 4}}, .want = {{0, 6, 0, 0}, {0, 3, 0, 1}}, .called = {3, 3, 3},
         .earmarked = {0, 1}},
        {"a call of 5 on two that can pay 3 each: 2 of the first, 3 of the second", .terms = {.calls = 3},
         .takings = {{1, 5, 5}}, .want = {[1] = {0, 5, 0, 0}}, .called = {2, 0, 3}},
        {"what comes back repays the calls before the fund, and is there for the next",
         .terms = {.amount = 4, .calls = 3, .recovered = 1, .recovered_after = 20}, .takings = {{0, 5, 10}, {1, 26, 9}},
         .want = {{0, 0, 0, 0}, {4, 5, 0, 0}}, .called = {2, 0, 3}, .earmarked = {0, 6}},
        {"who waits is paid when something comes back to the fund",
         .terms = {.amount = 4, .recovered = 1, .recovered_after = 20}, .takings = {{0, 5, 4}, {2, 6, 4}},
         .want = {[2] = {4, 0, 0, 0}}, .earmarked = {0, 0, 4}},
        {"calls are as new in every year, the fund is refilled once", .years = 2,
         .terms = {.amount = 4, .refill = 0.5, .calls = 3}, .takings = {{0, 5, 10}, {1, 370, 10}},
         .want = {{4, 6, 0, 0}, {2, 6, 0, 2}}, .called = {3, 3, 6}, .earmarked = {0, 2}},
        {"afresh each year has the whole pool", .years = 2, .fresh = true, .terms = {.amount = 4, .start = 0.5},
         .takings = {{0, 5, 4}, {1, 9, 4}, {0, 370, 2}, {1, 369, 1}}, .want = {{3, 0, 0, 3}, {1, 0, 0, 4}},
         .earmarked = {3, 4}},
        {"a capital that was called in year 1 is refilled before the first theft in year 2", .years = 2,
         .terms = {.calls = 3, .capital = {0, 5, 0}, .capital_refill = 1}, .takings = {{0, 5, 6}, {1, 400, 11}},
         .want = {{0, 6, 0, 0}, {0, 6, 5, 0}}, .called = {3, 3, 6}, .earmarked = {0, 5}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        expect_row(&rows[i], in_order);
}

/* Where parts need no rounding and nobody waits for what comes back, the order of the members changes nothing. */
Test(pool, the_order_of_the_members_does_not_matter) {
    static const size_t places[][MEMBERS] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    const struct row row = {
        "calls of 4, half of ape's coins come back",
        .years = 2,
        .terms =
            {.amount = 4, .refill = 0.5, .calls = 4, .capital = {6, 6, 6}, .recovered = 0.5, .recovered_after = 20},
        .takings = {{0, 5, 12}, {1, 6, 4}, {2, 40, 1}, {1, 400, 8}},
        .want = {{4, 2, 0, 0}, {2, 10, 0, 0}, {0, 1, 0, 0}},
        .called = {7, 2, 4},
        .earmarked = {0, 0, 1}};
    for (size_t i = 0; i < COUNT_OF(places); i++)
        expect_row(&row, places[i]);
}

/* A number of [0, most], the same on every machine. */
static double thrown(uint32_t trial, uint32_t *throws, double most) {
    return floor((most + 1) * hl_u01(11, (struct hl_address){hl_stream("pool"), trial, HL_DRAW_EVENT, (*throws)++}));
}

/* Two members with two thefts each: the need is one more than the greatest amount that leaves a shortfall. */
Test(pool, needs_against_trying_every_amount) {
    enum { CASES = 400 };
    size_t short_cases = 0;
    for (uint32_t i = 0; i < CASES; i++) {
        uint32_t n = 0;
        struct terms_of_pool terms = {.amount = thrown(i, &n, 9), .calls = thrown(i, &n, 4), .recovered = 1};
        struct taking takings[THEFTS];
        terms.recovered_after = (int)thrown(i, &n, 40);
        for (size_t m = 0; m < MEMBERS; m++)
            terms.capital[m] = thrown(i, &n, 3);
        for (size_t k = 0; k < THEFTS; k++)
            takings[k] = (struct taking){k % 2, 10 * (int)k + (int)thrown(i, &n, 20), 1 + thrown(i, &n, 9)};
        struct trio t;
        trio_make(&t, 1, false, &terms, takings, in_order);
        for (size_t a = 0; a + 1 < t.claims.count; a++) /* one exchange's by day */
            if (t.list[a].exchange == t.list[a + 1].exchange && t.list[a].day > t.list[a + 1].day)
                t.list[a + 1].day = t.list[a].day;
        for (struct hl_waterfall_case c = {0}; trio_next(&t, &c);) {
            double most = 0, shortfall = hl_waterfall_solve(&t.w, &c).shortfall, tried = 0;
            short_cases += shortfall > 0;
            for (size_t k = 0; k < c.claim_count; k++)
                most += c.claims[k].claim;
            struct hl_waterfall_case with = c;
            for (with.extra_reserve = most; with.extra_reserve >= 0 && tried == 0; with.extra_reserve--)
                if (hl_waterfall_solve(&t.w, &with).shortfall > 0)
                    tried = with.extra_reserve + 1;
            double need = hl_need_reserve(&t.w, c, shortfall);
            cr_expect(need == tried, "case %u, %s: %g, not %g", i, names[member_of(&t, &c)], need, tried);
        }
        trio_free(&t);
    }
    cr_expect(short_cases > CASES / 4, "%zu", short_cases);
}

/* Both plans play the same trials of a block; what a pool of one member pays, a fund of its own pays. */
static void expect_same_block(const struct hl_plan *pool, const struct hl_plan *own) {
    struct hl_events events = {0};
    struct hl_claims claims = {0};
    struct hl_waterfall w[2];
    struct hl_error err = {0};
    size_t cases = 0;
    memset(w, 0, sizeof w);
    cr_assert(hl_events_sample(&events, pool, 0, 0, HL_BLOCK_TRIALS, &err) == HL_OK);
    cr_assert(hl_claims_reserve(&claims, pool, events.count + 1, &err) == HL_OK);
    for (int i = 0; i < 2; i++)
        cr_assert(hl_waterfall_reserve(&w[i], i == 0 ? pool : own, events.count + 1, &err) == HL_OK);
    cr_assert(w[0].pools != NULL && w[1].pools == NULL);
    for (uint32_t t = 0; t < HL_BLOCK_TRIALS; t++) {
        hl_claims_play(&claims, pool, 0, events.hits + events.first[t], events.first[t + 1] - events.first[t]);
        for (size_t first = 0; first < claims.count;) {
            struct hl_waterfall_case a = hl_years_case(pool, &pool->policies[0], &claims, first, 0, t);
            struct hl_waterfall_case b = hl_years_case(own, &own->policies[0], &claims, first, 0, t);
            struct hl_outcome x = hl_waterfall_solve(&w[0], &a), y = hl_waterfall_solve(&w[1], &b);
            double shared = 0, kept = 0;
            for (size_t i = 0; i < a.fund_count; i++)
                shared += a.funds[i].item == 2 ? x.paid[i] : 0;
            for (size_t i = 0; i < b.fund_count; i++)
                kept += b.funds[i].item == 2 ? y.paid[i] : 0;
            cr_expect(x.shortfall == y.shortfall && x.haircut == y.haircut && shared == kept &&
                          x.days_until_whole == y.days_until_whole && x.open_count == y.open_count,
                      "trial %u: short of %g and %g, paid %g and %g, whole after %g and %g", t, x.shortfall,
                      y.shortfall, shared, kept, x.days_until_whole, y.days_until_whole);
            cr_expect(hl_need_reserve(&w[0], a, x.shortfall) == hl_need_reserve(&w[1], b, y.shortfall), "trial %u", t);
            first += a.claim_count;
            cases++;
        }
    }
    cr_expect(cases > 500, "%zu", cases);
    hl_events_free(&events);
    hl_claims_free(&claims);
    for (int i = 0; i < 2; i++)
        hl_waterfall_free(&w[i]);
}

/* Without a refill: a pool goes on when its member has failed, and a fund of its own does not. */
Test(pool, of_one_member_is_a_fund_of_its_own) {
    for (int fresh = 0; fresh < 2; fresh++) {
        struct engine engines[2];
        struct hl_plan plans[2];
        for (int i = 0; i < 2; i++) {
            struct engine *e = &engines[i];
            engine_make(e, 1, false);
            e->s.horizon_days = 3 * 365;
            e->s.fresh = fresh != 0;
            struct hl_fund *f = &e->funds[2];
            f->kind = i == 0 ? HL_FUND_pool : HL_FUND_protection_fund;
            f->name = "fund";
            f->at_count = 1;
            f->start = 0.5;
            f->after_days = 3;
            f->probability = 0.75;
            f->calls = (struct hl_amount){.base = HL_BASE_FIXED, .value = 100, .cap = INFINITY};
            engine_plan(&plans[i], e);
        }
        expect_same_block(&plans[0], &plans[1]);
        hl_plan_free(&plans[0]);
        hl_plan_free(&plans[1]);
    }
}
