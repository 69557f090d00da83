/* What breaches take: worked examples in a small world, and that nothing is taken twice. */
#include "engine/claims.h"
#include "tests/engine_fixture.h"

/* ape holds                     reach by value   per wallet
 *   BTC hot  100                         100        100
 *   BTC cold 400 in 4 wallets            260        160     the largest
 *                                        500         80     three others
 *   ETH hot   50                         550         50
 *   BTC cold  30 guarantee               580         30
 *   ETH hot   20 the firm's own          600         20
 * bee holds ETH hot 10; both keep what is cold with keyco, and bee nothing. */
enum { ALL = 1 << HL_HOT | 1 << HL_WARM | 1 << HL_COLD, HOT = 1 << HL_HOT, WARM = 1 << HL_WARM, COLD = 1 << HL_COLD };

struct world {
    struct engine f;
    struct hl_plan p;
    struct hl_claims c;
};

static struct hl_breach *start(struct world *w) {
    memset(w, 0, sizeof *w);
    engine_start(&w->f);
    size_t ape = engine_exchange(&w->f, "ape"), bee = engine_exchange(&w->f, "bee");
    size_t btc = engine_asset(&w->f, "BTC"), eth = engine_asset(&w->f, "ETH"), keyco = engine_vendor(&w->f, "keyco");
    engine_holding(&w->f, ape, btc, HL_HOT, 100);
    struct hl_holding *cold = engine_holding(&w->f, ape, btc, HL_COLD, 400);
    cold->wallets = 4;
    cold->largest_share = 0.4;
    cold->custodian = keyco;
    engine_holding(&w->f, ape, eth, HL_HOT, 50);
    engine_holding(&w->f, ape, btc, HL_COLD, 30)->owner = HL_OWNER_GUARANTEE;
    engine_holding(&w->f, ape, eth, HL_HOT, 20)->owner = HL_OWNER_HOUSE;
    engine_holding(&w->f, bee, eth, HL_HOT, 10);
    return engine_breach(&w->f, HL_VECTOR_insider, 1, HL_NONE);
}

static void play(struct world *w, const struct hl_hit *hits, size_t count) {
    struct hl_error err = {0};
    if (w->p.scenario == NULL)
        engine_plan(&w->p, &w->f);
    cr_assert(hl_claims_reserve(&w->c, &w->p, count, &err) == HL_OK);
    hl_claims_play(&w->c, &w->p, 0, hits, count);
}

static void stop(struct world *w) {
    hl_claims_free(&w->c);
    hl_plan_free(&w->p);
}

enum { EVENTS = 3 };

/* What one event took: in all, customers' BTC and ETH, guarantee BTC, the firm's own. */
enum { GROSS, BTC, ETH, GUARANTEED, HOUSE, PARTS };

struct row {
    const char *what;
    enum hl_reach reach;
    uint32_t tiers;
    bool amounts; /* sizes are amounts; else shares */
    size_t count;
    double sizes[EVENTS];
    double picks[EVENTS];
    double want[EVENTS][PARTS];
};

static double taken_of(const struct hl_claim *c, uint32_t asset, bool guarantee) {
    double x = 0;
    for (uint32_t i = 0; i < c->taken_count; i++)
        if (c->taken[i].asset == asset)
            x += guarantee ? c->taken[i].guarantee : c->taken[i].customers;
    return x;
}

static void expect_claim(const struct hl_claim *c, const double want[PARTS], const char *what, size_t k) {
    cr_expect(c->gross == want[GROSS], "%s, event %zu: gross %g", what, k, c->gross);
    cr_expect(c->claim == want[BTC] + want[ETH], "%s, event %zu: claim %g", what, k, c->claim);
    cr_expect(c->house == want[HOUSE], "%s, event %zu: house %g", what, k, c->house);
    cr_expect(taken_of(c, 0, false) == want[BTC] && taken_of(c, 1, false) == want[ETH], "%s, event %zu", what, k);
    cr_expect(taken_of(c, 0, true) == want[GUARANTEED] && taken_of(c, 1, true) == 0, "%s, event %zu", what, k);
    for (uint32_t i = 1; i < c->taken_count; i++)
        cr_expect(c->taken[i - 1].asset < c->taken[i].asset, "%s: ascending", what);
}

/* What funds are held in is stolen with the rest: part of the gross loss, owed to nobody. */
Test(claims, coins_of_funds) {
    struct world w;
    start(&w);
    w.f.holdings[3].owner = HL_OWNER_RESERVE;
    w.f.holdings[4].owner = HL_OWNER_PROTECTION_FUND;
    const struct hl_hit hit = {.target = 0, .day = 3, .size = 0.5};
    play(&w, &hit, 1);
    const struct hl_claim *c = &w.c.claims[0];
    cr_expect(c->gross == 300 && c->claim == 275 && c->house == 0, "%g, %g", c->gross, c->claim);
    cr_assert_eq(c->taken_count, 2);
    cr_expect(c->taken[0].reserve == 15 && c->taken[0].protection == 0 && c->taken[0].guarantee == 0);
    cr_expect(c->taken[1].protection == 10 && c->taken[1].reserve == 0);
    stop(&w);
}

Test(claims, worked_examples) {
    const enum hl_reach all = HL_REACH_ALL, asset = HL_REACH_ONE_ASSET, one = HL_REACH_ONE_WALLET,
                        largest = HL_REACH_LARGEST_WALLET;
    const struct row rows[] = {
        {"everything", all, ALL, false, 1, {1}, {0}, {{600, 500, 50, 30, 20}}},
        {"all that is hot", all, HOT, false, 1, {1}, {0}, {{170, 100, 50, 0, 20}}},
        {"nothing is warm", all, WARM, false, 1, {1}, {0}, {{0}}},
        {"a share of nothing", all, ALL, false, 1, {0}, {0}, {{0}}},
        {"half", all, ALL, false, 1, {0.5}, {0}, {{300, 250, 25, 15, 10}}},
        /* a third of 100, 150, 170 is 33, 50, 57: parts of 33, 17, 7 */
        {"a third of what is hot", all, HOT, false, 1, {1.0 / 3}, {0}, {{57, 33, 17, 0, 7}}},
        {"one asset: 60 of 600 is BTC", asset, ALL, false, 1, {1}, {0.1}, {{530, 500, 0, 30, 0}}},
        {"one asset: 540 of 600 is ETH", asset, ALL, false, 1, {1}, {0.9}, {{70, 0, 50, 0, 20}}},
        {"one asset of what is hot, half of it", asset, HOT, false, 1, {0.5}, {0.9}, {{35, 0, 25, 0, 10}}},
        {"one wallet: 120 is the largest", one, ALL, false, 1, {1}, {0.2}, {{160, 160}}},
        {"one wallet: 300 is one of three", one, ALL, false, 1, {1}, {0.5}, {{80, 80}}},
        {"one wallet: 570 is guarantee crypto", one, ALL, false, 1, {1}, {0.95}, {{30, 0, 0, 30}}},
        {"the largest wallet", largest, ALL, false, 1, {1}, {0}, {{160, 160}}},
        {"the largest of what is hot", largest, HOT, false, 1, {0.3}, {0}, {{30, 30}}},
        {"an amount", all, ALL, true, 1, {60}, {0}, {{60, 50, 5, 3, 2}}},
        /* 7 · 100 / 170, 7 · 150 / 170, 7 are 4, 6, 7 */
        {"an amount pro rata to the last quantum", all, HOT, true, 1, {7}, {0}, {{7, 4, 2, 0, 1}}},
        {"an amount is capped by what is there", all, ALL, true, 1, {9999}, {0}, {{600, 500, 50, 30, 20}}},
        {"an amount is capped by the wallet", largest, ALL, true, 1, {161}, {0}, {{160, 160}}},
        {"an amount out of nothing", all, WARM, true, 1, {50}, {0}, {{0}}},
        {"the second event finds nothing", all, ALL, false, 2, {1, 1}, {0}, {{600, 500, 50, 30, 20}, {0}}},
        /* 25, 65, 125, 138 (137.5 to even), 145, 150 */
        {"the second event finds the rest",
         all,
         ALL,
         false,
         2,
         {0.5, 0.5},
         {0},
         {{300, 250, 25, 15, 10}, {150, 125, 13, 7, 5}}},
        {"an amount of the rest",
         all,
         HOT,
         true,
         3,
         {100, 100, 5},
         {0},
         {{100, 59, 29, 0, 12}, {70, 41, 21, 0, 8}, {0}}},
        {"a drained wallet stays empty", largest, ALL, false, 2, {1, 1}, {0}, {{160, 160}, {0}}},
        {"one of three wallets, then one with the average of what is left: 53",
         one,
         ALL,
         false,
         2,
         {1, 1},
         {0.5, 0.5},
         {{80, 80}, {53, 53}}},
        {"another wallet is still full", one, ALL, false, 2, {1, 1}, {0.2, 0.1}, {{160, 160}, {100, 100}}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *row = &rows[i];
        static struct world w;
        struct hl_breach *b = start(&w);
        b->reach = row->reach;
        b->tiers = row->tiers;
        if (row->amounts)
            b->size.family = &hl_severity_lognormal;
        struct hl_hit hits[EVENTS];
        for (size_t k = 0; k < row->count; k++)
            hits[k] = (struct hl_hit){
                .index = (uint32_t)k, .day = 36.5 * (double)(k + 1), .size = row->sizes[k], .pick = row->picks[k]};
        for (int round = 0; round < 2; round++) { /* the next trial starts with everything in its place */
            play(&w, hits, row->count);
            cr_assert_eq(w.c.count, row->count, "%s", row->what);
            for (size_t k = 0; k < row->count; k++) {
                expect_claim(&w.c.claims[k], row->want[k], row->what, k);
                cr_expect(w.c.claims[k].day == (int)(36.5 * (double)(k + 1)));
            }
        }
        stop(&w);
    }
}

Test(claims, only_the_assets_in_reach) {
    static struct world w;
    bool only_eth[] = {false, true};
    start(&w)->assets = only_eth;
    play(&w, &(struct hl_hit){.size = 1}, 1);
    expect_claim(&w.c.claims[0], (const double[]){70, 0, 50, 0, 20}, "ETH", 0);
    stop(&w);
}

/* A vendor's event: the clients that are hit, and only what they keep with the vendor. Sources: 0 ape/insider,
 * 1 bee/insider, 2 the vendor. */
Test(claims, events_and_claims) {
    static struct world w;
    start(&w);
    engine_holding(&w.f, 1, 1, HL_COLD, 8)->custodian = 0;
    engine_breach(&w.f, HL_VECTOR_third_party_compromise, 1, 0);
    const struct hl_hit hits[] = {
        {.source = 2, .index = 4, .target = HL_NO_TARGET, .day = 36.5},
        {.source = 1, .index = 1, .target = 0, .day = 73, .size = 0.5},
        {.source = 2, .index = 5, .target = 0, .day = 109.5, .size = 1},
        {.source = 2, .index = 5, .target = 1, .day = 109.5, .size = 0.5},
        {.source = 2, .index = 6, .target = 1, .day = 146, .size = 1},
        {.source = 0, .index = 0, .target = 0, .day = 182.5, .size = 1},
        {.source = 0, .index = 0, .stream = 1, .target = 0, .day = 219, .size = 1},
    };
    play(&w, hits, COUNT_OF(hits));
    const struct hl_event events[] = {{2, 0, 0, 1, false}, {1, 1, 9, 1, false},   {2, 2, 402, 1, false},
                                      {2, 1, 2, 1, false}, {0, 1, 200, 1, false}, {0, 1, 0, 1, false}};
    cr_assert_eq(w.c.event_count, COUNT_OF(events));
    for (size_t i = 0; i < COUNT_OF(events); i++) {
        const struct hl_event *e = &w.c.events[i];
        cr_expect(e->source == events[i].source && e->exchanges == events[i].exchanges && e->gross == events[i].gross,
                  "event %zu: source %u, %u exchanges, %g", i, e->source, e->exchanges, e->gross);
    }
    const struct {
        uint32_t exchange, source, index;
        uint64_t stream;
        double gross;
        int day;
    } claims[] = {{0, 2, 5, 0, 400, 109}, {0, 0, 0, 0, 200, 182}, {0, 0, 0, 1, 0, 219},
                  {1, 1, 1, 0, 9, 73},    {1, 2, 5, 0, 2, 109},   {1, 2, 6, 0, 2, 146}};
    cr_assert_eq(w.c.count, COUNT_OF(claims), "by exchange, then time");
    for (size_t i = 0; i < COUNT_OF(claims); i++) {
        const struct hl_claim *c = &w.c.claims[i];
        cr_expect(c->exchange == claims[i].exchange && c->source == claims[i].source && c->index == claims[i].index &&
                      c->stream == claims[i].stream,
                  "claim %zu", i);
        cr_expect(c->gross == claims[i].gross, "claim %zu: %g", i, c->gross);
        cr_expect_eq(c->day, claims[i].day, "claim %zu: day %d", i, c->day);
    }
    stop(&w);
}

/* What drains take, by speed and time. Reach is all that is hot: 170 in all. */
Test(claims, drains) {
    static const struct {
        const char *what;
        bool shares; /* speeds are shares a day; else quanta a day */
        enum hl_reach reach;
        uint32_t tiers;
        double throttle;
        size_t count;
        struct {
            double day, speed, days, want;
        } hits[2];
    } rows[] = {
        {"10 a day for 3 days", false, HL_REACH_ALL, HOT, INFINITY, 1, {{9, 10, 3, 30}}},
        {"80 a day for 54 minutes", false, HL_REACH_ALL, HOT, INFINITY, 1, {{9, 80, 54.0 / 1440, 3}}},
        {"noticed at once", false, HL_REACH_ALL, HOT, INFINITY, 1, {{9, 10, 0, 0}}},
        {"no faster than the wallet is deep", false, HL_REACH_LARGEST_WALLET, HOT, INFINITY, 1, {{9, 80, 2, 100}}},
        {"a leak of 75 days: 30, 30, 15", false, HL_REACH_ALL, HOT, INFINITY, 1, {{9, 1, 75, 75}}},
        {"a leak until nothing is left", false, HL_REACH_ALL, HOT, INFINITY, 1, {{9, 2, 400, 170}}},
        {"1 % of 600 a day, of what was there first", true, HL_REACH_ALL, ALL, INFINITY, 1, {{9, 0.01, 50, 300}}},
        {"a throttle of 2 a day", false, HL_REACH_ALL, HOT, 2, 1, {{9, 5, 10, 20}}},
        {"a throttle of 2 a day against 10 % a day", true, HL_REACH_ALL, HOT, 2, 1, {{9, 0.1, 40, 80}}},
        {"a throttle that does not bind", false, HL_REACH_ALL, HOT, 9, 1, {{9, 5, 10, 50}}},
        {"another between the parcels", false, HL_REACH_ALL, HOT, INFINITY, 2, {{9, 2, 60, 60}, {19, 200, 1, 110}}},
        {"two leaks in turn: 60, 60, 50", false, HL_REACH_ALL, HOT, INFINITY, 2, {{9, 2, 60, 110}, {19, 2, 30, 60}}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static struct world w;
        struct hl_breach *b = start(&w);
        b->reach = rows[i].reach;
        b->tiers = rows[i].tiers;
        b->size.family = NULL;
        b->drain.share_per_day = rows[i].shares ? 1 : 0;
        b->drain.amount_per_day = rows[i].shares ? 0 : 1;
        struct hl_hit hits[2];
        for (size_t k = 0; k < rows[i].count; k++)
            hits[k] = (struct hl_hit){.index = (uint32_t)k,
                                      .day = rows[i].hits[k].day,
                                      .size = rows[i].hits[k].speed,
                                      .notice_days = rows[i].hits[k].days};
        engine_plan(&w.p, &w.f);
        w.p.sources[0].targets[0].throttle_per_day = rows[i].throttle;
        for (int round = 0; round < 2; round++) {
            play(&w, hits, rows[i].count);
            cr_assert_eq(w.c.count, rows[i].count, "%s", rows[i].what);
            for (size_t k = 0; k < rows[i].count; k++) {
                const struct hl_claim *c = &w.c.claims[k];
                size_t hit = c->index;
                cr_expect(c->gross == rows[i].hits[hit].want, "%s: %g", rows[i].what, c->gross);
                cr_expect_eq(c->theft_day, (int)rows[i].hits[hit].day);
                cr_expect_eq(c->day, (int)(rows[i].hits[hit].day + rows[i].hits[hit].days), "%s", rows[i].what);
            }
        }
        stop(&w);
    }
}

/* Taken first and noticed last; an event's targets at one exchange are one claim. */
Test(claims, by_discovery) {
    static struct world w;
    start(&w)->tiers = HOT;
    w.f.s.horizon_days = 730;
    w.f.s.fresh = true;
    const struct hl_hit hits[] = {
        {.index = 1, .year = 1, .day = 10, .size = 0.5, .notice_days = 400},
        {.index = 2, .year = 1, .day = 20, .size = 1, .notice_days = 3},
        {.index = 3, .year = 1, .day = 30, .target = HL_NO_TARGET, .found = true},
        {.index = 4, .year = 1, .day = 364, .size = 0.1, .notice_days = 2},
        {.index = 4, .year = 1, .day = 364, .size = 1, .notice_days = 1},
        {.index = 5, .year = 2, .day = 700, .size = 0.1, .notice_days = 900},
    };
    play(&w, hits, COUNT_OF(hits));
    static const struct {
        uint32_t index;
        int day, theft_day;
        uint16_t year;
        double gross;
    } want[] = {{2, 23, 20, 1, 85}, {4, 366, 364, 2, 0}, {1, 410, 10, 2, 85}, {5, 1600, 700, 2, 17}};
    cr_assert_eq(w.c.count, COUNT_OF(want));
    for (size_t k = 0; k < COUNT_OF(want); k++) {
        const struct hl_claim *c = &w.c.claims[k];
        cr_expect(c->index == want[k].index && c->day == want[k].day && c->theft_day == want[k].theft_day &&
                      c->gross == want[k].gross,
                  "claim %zu: event %u, theft %d, known %d, %g", k, c->index, c->theft_day, c->day, c->gross);
        const struct hl_event *e = &w.c.events[c->event];
        cr_expect(e->year == want[k].year && e->gross == c->gross && e->exchanges == 1);
    }
    cr_assert_eq(w.c.event_count, 5);
    cr_expect(w.c.events[2].exchanges == 0 && w.c.events[2].year == 1, "found before the theft");
    stop(&w);
}

/* Shares of their own: ape's BTC is 530 in all, its ETH 70. */
Test(claims, each_asset_its_own_share) {
    static const double sizes[] = {0.5, 0.1}, same[] = {1.0 / 3, 1.0 / 3};
    static const struct {
        const char *what;
        enum hl_reach reach;
        const double *sizes;
        double pick, want[PARTS];
    } rows[] = {
        {"half of the BTC, a tenth of the ETH", HL_REACH_ALL, sizes, 0, {272, 250, 5, 15, 2}},
        {"only ETH is in reach", HL_REACH_ONE_ASSET, sizes, 0.9, {7, 0, 5, 0, 2}},
        {"one wallet of BTC", HL_REACH_ONE_WALLET, sizes, 0.1, {50, 50}},
        {"one wallet of ETH", HL_REACH_ONE_WALLET, sizes, 0.9, {5, 0, 5}},
        /* BTC 33.3, 86.7, 166.7, 176.7; ETH 16.7, 23.3 */
        {"a third of each", HL_REACH_ALL, same, 0, {200, 167, 17, 10, 6}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static struct world w;
        start(&w)->reach = rows[i].reach;
        play(&w, &(struct hl_hit){.size = 1, .sizes = rows[i].sizes, .pick = rows[i].pick}, 1);
        expect_claim(&w.c.claims[0], rows[i].want, rows[i].what, 0);
        stop(&w);
    }
}

/* ape's customers hold 550, of them 150 hot. What is taken of them decides whether they run; what has left is not there
 * for the next theft of the year. */
Test(claims, runs) {
    static const struct {
        const char *what;
        double above, size, leaving;
        double asked, backlog, second; /* the second theft, of all that is hot, 10 days later */
    } rows[] = {
        {"a run of half: 400 are left, none of them hot", 0, 1, 0.5, 200, 200, 0},
        {"of 475 a fifth leaves, 75 of which are there: 60 are left", 0.1, 0.5, 0.2, 95, 20, 60 + 10},
        {"too little was taken", 0.15, 0.5, 0.2, 0, 0, 75 + 10},
        {"nothing was taken", 0, 0, 0.2, 0, 0, 150 + 20},
        {"nobody leaves", 0, 0.5, 0, 0, 0, 75 + 10},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static struct world w;
        start(&w)->tiers = HOT;
        w.f.s.run = (struct hl_run_terms){.any = true,
                                          .above = rows[i].above,
                                          .size = {.family = &hl_severity_fixed},
                                          .liquid = HOT,
                                          .from_cold_per_day = 1,
                                          .suspends_at = INFINITY};
        const struct hl_hit hits[] = {
            {.index = 1, .day = 10, .size = rows[i].size, .notice_days = 5, .withdrawn = rows[i].leaving},
            {.index = 2, .day = 20, .size = 1}};
        for (int round = 0; round < 2; round++) {
            play(&w, hits, 2);
            const struct hl_withdrawals *run = &w.c.claims[0].run;
            cr_expect(run->asked == rows[i].asked && run->backlog_most == rows[i].backlog, "%s: %g, %g", rows[i].what,
                      run->asked, run->backlog_most);
            cr_expect_eq(w.c.claims[1].gross, rows[i].second, "%s: %g", rows[i].what, w.c.claims[1].gross);
        }
        stop(&w);
    }
}

Test(claims, no_hits_no_claims) {
    static struct world w;
    start(&w);
    play(&w, NULL, 0);
    cr_expect(w.c.count == 0 && w.c.event_count == 0);
    stop(&w);
}

/* Days are whole and fall within the horizon. */
Test(claims, days_of_a_shorter_horizon) {
    static struct world w;
    start(&w);
    w.f.s.horizon_days = 10;
    const struct hl_hit hits[] = {
        {.day = 10 * 0x1p-53}, {.index = 1, .day = 1}, {.index = 2, .day = 10 * (1 - 0x1p-53)}};
    play(&w, hits, 3);
    cr_expect(w.c.claims[0].day == 0 && w.c.claims[1].day == 1 && w.c.claims[2].day == 9);
    stop(&w);
}

/* Ten thousand random trials of up to 8 events: what is taken is whole, adds up, and is never more than there was. */
Test(claims, never_more_than_there_is) {
    static struct world w;
    struct hl_breach *b = start(&w);
    uint32_t index = 0;
    double most = 0;
    for (uint32_t i = 0; i < 4; i++) {
        b = i == 0 ? b : engine_breach(&w.f, HL_VECTOR_insider, 1, HL_NONE);
        b->reach = (enum hl_reach)i;
        b->name = (const char *const[]){"all", "asset", "wallet", "largest"}[i];
    }
    for (uint32_t trial = 0; trial < 10000; trial++) {
        struct hl_hit hits[8];
        size_t count = 1 + trial % 8;
        for (size_t k = 0; k < count; k++, index++) {
            struct hl_words x = hl_draw(3, (struct hl_address){.purpose = 9, .index = index});
            hits[k] = (struct hl_hit){.source = 2 * (uint32_t)(4 * hl_unit(x.word[0])),
                                      .index = index,
                                      .size = hl_unit(x.word[1]),
                                      .pick = hl_u01(3, (struct hl_address){.purpose = 10, .index = index})};
        }
        play(&w, hits, count);
        double gross = 0;
        for (size_t k = 0; k < w.c.count; k++) {
            const struct hl_claim *c = &w.c.claims[k];
            double parts = c->house;
            for (uint32_t j = 0; j < c->taken_count; j++)
                parts += c->taken[j].customers + c->taken[j].guarantee;
            cr_assert(parts == c->gross && c->gross == floor(c->gross) && c->gross >= 0);
            gross += c->gross;
        }
        cr_assert(gross <= 600, "trial %u: %g", trial, gross);
        most = fmax(most, gross);
    }
    cr_expect(most > 590, "%g", most);
    stop(&w);
}

/* A market in which prices stand still but for what breaches do to them: 40 % off BTC, or all, above 100; 30 % off
 * ape's own token, which is ETH. The second breach finds the price that the first has left. */
Test(claims, prices_fall_when_a_breach_is_known) {
    const struct {
        const char *what;
        double above;
        bool all;
        double notice;                       /* days until the first is found out */
        double gross[2], worth[2], eth, btc; /* gross, customers' BTC; the prices at the end */
    } rows[] = {
        {"nothing is large enough", 1000, false, 0, {250, 125}, {250, 125}, 0.49, 1},
        {"the coins that were stolen", 100, false, 0, {250, 75}, {250, 75}, 0.49, 0.6},
        {"all coins", 100, true, 0, {250, 75}, {250, 75}, 0.294, 0.6},
        {"not known yet at the second theft", 100, true, 30, {250, 125}, {250, 125}, 0.1764, 0.36},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct world w;
        struct hl_breach *b = start(&w);
        b->assets = (bool[]){true, false};
        w.f.s.market = (struct hl_market){.moves = true,
                                          .impact_above = rows[i].above,
                                          .impact_fall = 0.4,
                                          .impact_of_all = rows[i].all,
                                          .token_fall = 0.3};
        w.f.assets[1].token_of = 0;
        w.f.holdings[3].value = 0; /* no guarantee crypto */
        struct hl_hit hits[] = {
            {.index = 1, .day = 10, .notice_days = rows[i].notice, .size = 0.5, .source = 0},
            {.index = 2, .day = 20, .size = 0.5, .source = 0},
        };
        play(&w, hits, 2);
        cr_assert_eq(w.c.count, 2);
        for (size_t k = 0; k < 2; k++) {
            const struct hl_claim *c = &w.c.claims[rows[i].notice > 10 ? 1 - k : k]; /* by discovery */
            cr_expect(c->gross == rows[i].gross[k] && c->taken[0].worth == rows[i].worth[k], "%s: %g, %g", rows[i].what,
                      c->gross, c->taken[0].worth);
            cr_expect(c->taken[0].customers == (k == 0 ? 250 : 125), "coins do not change");
        }
        cr_expect(fabs(hl_prices_at(&w.c.prices, 1, 100) - rows[i].eth) < 1e-12, "%s: ETH %g", rows[i].what,
                  hl_prices_at(&w.c.prices, 1, 100));
        cr_expect(fabs(hl_prices_at(&w.c.prices, 0, 100) - rows[i].btc) < 1e-12, "%s: BTC %g", rows[i].what,
                  hl_prices_at(&w.c.prices, 0, 100));
        stop(&w);
    }
}

/* An amount of money takes more coins when they cost less. */
Test(claims, amounts_go_by_the_price_of_the_theft) {
    struct world w;
    struct hl_breach *b = start(&w);
    b->assets = (bool[]){true, false};
    b->size.family = &hl_severity_lognormal;
    w.f.s.market = (struct hl_market){.moves = true, .impact_above = 90, .impact_fall = 0.5};
    w.f.holdings[3].value = 0;
    struct hl_hit hits[] = {{.index = 1, .day = 10, .size = 100},
                            {.index = 2, .day = 20, .size = 100},
                            {.index = 3, .day = 30, .size = 100}};
    play(&w, hits, 3);
    const double coins[] = {100, 200, 200}, gross[] = {100, 100, 50}; /* 200 were left at 1/4 */
    for (size_t k = 0; k < 3; k++)
        cr_expect(w.c.claims[k].taken[0].customers == coins[k] && w.c.claims[k].gross == gross[k], "theft %zu: %g, %g",
                  k, w.c.claims[k].taken[0].customers, w.c.claims[k].gross);
    stop(&w);
}

/* The same with drains, shares by asset, refills from cold and customers who run: coins move, and none are made. */
Test(claims, never_more_than_there_is_with_everything_on) {
    static struct world w;
    start(&w);
    w.f.s.refill_after_days = 7;
    w.f.s.run = (struct hl_run_terms){.any = true,
                                      .above = 0.02,
                                      .size = {.family = &hl_severity_fixed},
                                      .mean_days = 2,
                                      .liquid = HOT,
                                      .from_cold_per_day = 0.2,
                                      .suspends_at = 0.5,
                                      .suspension_days = 3};
    for (uint32_t i = 0; i < 4; i++) {
        struct hl_breach *b = i == 0 ? &w.f.breaches[0] : engine_breach(&w.f, HL_VECTOR_insider, 1, HL_NONE);
        b->reach = (enum hl_reach)i;
        b->name = (const char *const[]){"all", "asset", "wallet", "largest"}[i];
        b->tiers = i == 3 ? HOT : ALL;
        if (i % 2 == 1) {
            b->size.family = NULL;
            b->drain.amount_per_day = 1;
        }
    }
    double most = 0, asked = 0;
    uint32_t index = 0;
    for (uint32_t trial = 0; trial < 10000; trial++) {
        struct hl_hit hits[8];
        double sizes[8][2], day = 0;
        size_t count = 1 + trial % 8;
        for (size_t k = 0; k < count; k++, index++) {
            struct hl_words x = hl_draw(4, (struct hl_address){.purpose = 9, .index = index});
            struct hl_words y = hl_draw(4, (struct hl_address){.purpose = 10, .index = index});
            uint32_t breach = (uint32_t)(4 * hl_unit(x.word[0]));
            bool drain = breach % 2 == 1;
            sizes[k][0] = hl_unit(y.word[0]);
            sizes[k][1] = hl_unit(y.word[1]);
            day += 60 * sizes[k][0];
            hits[k] = (struct hl_hit){.source = 2 * breach,
                                      .index = index,
                                      .day = day,
                                      .size = drain ? 9 * hl_unit(x.word[1]) : hl_unit(x.word[1]),
                                      .sizes = !drain && trial % 2 == 0 ? sizes[k] : NULL,
                                      .notice_days = 100 * sizes[k][1],
                                      .pick = hl_u01(4, (struct hl_address){.purpose = 11, .index = index}),
                                      .withdrawn = 0.4 * sizes[k][1]};
        }
        play(&w, hits, count);
        double gross = 0, gone = 0;
        for (size_t k = 0; k < w.c.count; k++) {
            gross += w.c.claims[k].gross;
            gone += w.c.claims[k].run.asked;
            cr_assert(w.c.claims[k].run.backlog_most <= w.c.claims[k].run.asked);
        }
        cr_assert(gross + gone <= 600 + 4 * (double)count, "trial %u: %g and %g", trial, gross, gone); /* rounding */
        cr_assert(gross <= 600);
        most = fmax(most, gross);
        asked += gone;
    }
    cr_expect(most > 500 && asked > 1e5, "%g, %g", most, asked);
    stop(&w);
}
