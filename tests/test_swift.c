/* The swift way: the same rows, bit for bit, as from the full ledger. */
#include "engine/run.h"
#include "engine/swift.h"
#include "stats/ladder.h"
#include "tests/engine_fixture.h"
#include "tests/many.h"

enum { CASES = HL_MANY(24) };

static void run(struct hl_result *r, const struct hl_plan *p, bool full) {
    struct hl_error err = {0};
    struct hl_run_options options = hl_run_options_default();
    options.threads = 2;
    options.full_ledger = full;
    cr_assert(hl_run(r, p, &options, &err) == HL_OK);
}

static bool same_bits(double a, double b) { return hl_bits(a) == hl_bits(b); }

static void expect_same(const struct hl_result *a, const struct hl_result *b, uint32_t number) {
    cr_assert_eq(a->row_count, b->row_count);
    for (size_t i = 0; i < a->row_count; i++) {
        const struct hl_row *x = &a->rows[i], *y = &b->rows[i];
        cr_assert(hl_row_compare(x, y) == 0 && same_bits(x->value, y->value) && same_bits(x->error, y->error) &&
                      same_bits(x->low, y->low) && same_bits(x->high, y->high) && x->status == y->status,
                  "case %u: %s of %s, %s: %g, not %g", number, hl_metric_names[x->key.metric],
                  hl_perspective_names[x->key.perspective], a->entities[x->key.entity].name, y->value, x->value);
    }
    cr_expect_eq(a->provenance.events, b->provenance.events, "case %u: events", number);
}

/* Does sampling 0 go the swift way? */
static bool is_swift(const struct hl_plan *p) {
    struct hl_layout layout;
    struct hl_tally tally;
    struct hl_swift *swift = calloc(1, sizeof *swift);
    struct hl_error err = {0};
    cr_assert(swift != NULL && hl_layout_make(&layout, p, &err) == HL_OK);
    cr_assert(hl_tally_make(&tally, &layout, &err) == HL_OK);
    cr_assert(hl_swift_make(swift, &tally, false, &err) == HL_OK);
    bool applies = hl_swift_applies(swift, 0);
    hl_swift_free(swift);
    hl_tally_free(&tally);
    hl_layout_free(&layout);
    free(swift);
    return applies;
}

static double throw(uint32_t number, uint32_t index) {
    return hl_u01(44, (struct hl_address){.stream = number, .purpose = 202, .index = index});
}

/* Up to three exchanges, with or without a vendor, every family of counts, shares and amounts; funds that are often
 * enough. */
static void invent(struct engine *f, uint32_t n) {
    engine_start(f);
    f->s.trials = 5000; /* a block and a part of one */
    f->s.seed = n;
    f->s.wallets_restored = n % 3 == 1;
    static size_t uses[] = {0};
    size_t keyco = engine_vendor(f, "keyco"), btc = engine_asset(f, "BTC"), app = engine_vendor(f, "app");
    f->vendors[app].uses = uses; /* built on keyco: a breach there reaches some clients in two ways */
    f->vendors[app].use_count = 1;
    static const char *const names[] = {"ape", "bee", "cat"};
    for (size_t e = 0; e < 1 + n % 3; e++) {
        engine_exchange(f, names[e]);
        engine_holding(f, e, btc, HL_HOT, 40000 + 1000 * (double)e);
        struct hl_holding *cold = engine_holding(f, e, btc, HL_COLD, 900000);
        cold->wallets = 1 + n % 4;
        cold->largest_share = 1.0 / cold->wallets + 0.1 * (cold->wallets > 1);
        if (n % 2 == 0)
            cold->custodian = keyco;
        if (n % 4 == 0)
            engine_holding(f, e, btc, HL_COLD, 50000)->custodian = app;
    }
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 0.4, HL_NONE);
    b->tiers = 1u << HL_HOT;
    b->size = (struct hl_distribution){.family = &hl_severity_beta, .p = {0.8, 0.9}, .everything = 0.2};
    b->count.low = 0.2;
    b->count.high = 0.6;
    b = engine_breach(f, HL_VECTOR_insider, 0.1, HL_NONE);
    b->size = (struct hl_distribution){.family = &hl_severity_lognormal, .p = {9, 1.5}};
    if (throw(n, 0) < 0.5)
        b->count =
            (struct hl_count){.family = &hl_frequency_negative_binomial, .p = {0.2, 0.5}, .low = 0.2, .high = 0.2};
    if (n % 2 == 0) {
        b = engine_breach(f, HL_VECTOR_third_party_compromise, 0.2, keyco);
        b->hit = b->hit_low = b->hit_high = 0.6;
        b->reach = HL_REACH_LARGEST_WALLET;
        b->size = (struct hl_distribution){.family = &hl_severity_uniform, .p = {0, 0.3}};
    }
    static const bool first[] = {true, false, false, false};
    if (n % 4 == 0)
        return; /* nobody pays */
    if (throw(n, 1) < 0.6)
        engine_fund(f, HL_FUND_insurance, 30000)->layer.attachment = nearbyint(20000 + 20000 * throw(n, 2));
    if (throw(n, 1) < 0.3) { /* and what that leaves of the year, above 8000 */
        struct hl_fund *year = engine_fund(f, HL_FUND_insurance, INFINITY);
        year->layer.aggregate_deductible = 8000;
        year->layer.aggregate_limit = 25000;
        year->contract.net_of = first;
    }
    engine_fund(f, HL_FUND_reserve, nearbyint(300000 * throw(n, 3)))->after_days = throw(n, 4) < 0.3 ? 9 : 0;
    engine_fund(f, HL_FUND_own_capital, 50000)->after_days = 9;
}

/* Runs the plan both ways, which must give the same, and says whether it goes the swift way. */
static bool compare(const struct engine *f, uint32_t number) {
    struct hl_plan p;
    struct hl_result full, brief;
    engine_plan(&p, f);
    run(&full, &p, true);
    run(&brief, &p, false);
    expect_same(&full, &brief, number);
    bool swift = is_swift(&p);
    hl_result_free(&full);
    hl_result_free(&brief);
    hl_plan_free(&p);
    return swift;
}

Test(swift, gives_the_full_ledgers_rows) {
    size_t swift = 0, unpaid = 0;
    for (uint32_t n = 0; n < CASES; n++) {
        struct engine *f = malloc(sizeof *f);
        cr_assert(f != NULL);
        invent(f, n);
        bool is = compare(f, n);
        swift += is;
        unpaid += is && n % 4 == 0;
        free(f);
    }
    cr_expect(2 * swift > CASES && unpaid > 0, "%zu of %d go the swift way, %zu unpaid", swift, CASES, unpaid);
}

/* A layer and a reserve that pay on one day, at one exchange and its vendor: the system has lists of its own. */
Test(swift, layers_behind_a_vendor) {
    for (uint32_t n = 0; n < 3; n++) {
        struct engine f;
        engine_start(&f);
        f.s.trials = 9000;
        f.s.wallets_restored = true;
        size_t keyco = engine_vendor(&f, "keyco"), btc = engine_asset(&f, "BTC");
        engine_exchange(&f, "ape");
        engine_holding(&f, 0, btc, HL_HOT, 40000);
        engine_holding(&f, 0, btc, HL_COLD, 900000)->custodian = keyco;
        engine_breach(&f, HL_VECTOR_hot_wallet_drain, 0.4, HL_NONE)->size =
            (struct hl_distribution){.family = &hl_severity_beta, .p = {0.8, 0.9}};
        engine_breach(&f, HL_VECTOR_third_party_compromise, 0.2, keyco)->size =
            (struct hl_distribution){.family = &hl_severity_uniform, .p = {0, 0.3}};
        engine_fund(&f, HL_FUND_insurance, 100000)->layer.attachment = 20000;
        f.funds[0].layer.covers = n == 1 ? 1u << HL_VECTOR_hot_wallet_drain : ~0u;
        engine_fund(&f, HL_FUND_reserve, n == 2 ? 60000 : 500000);
        cr_expect(compare(&f, n), "%u", n);
    }
}

static bool is_told(const struct hl_entity *e, uint32_t without) {
    bool vendor = (without >> HL_CAUSE_VENDORS & 1) != 0, vector = (without >> HL_CAUSE_VECTORS & 1) != 0;
    bool source = (without >> HL_CAUSE_SOURCES & 1) != 0;
    return !(vendor && e->kind == HL_ENTITY_VENDOR) && !(vector && e->kind == HL_ENTITY_VECTOR) &&
           !(source && e->kind == HL_ENTITY_SOURCE);
}

/* What is left out of the report changes nothing of the rest: the same rows but those, by both ways. */
Test(swift, a_report_without_causes_has_the_same_rows_of_the_others) {
    for (uint32_t n = 0; n < (HL_IS_SLOW ? 2 : 6); n++) {
        static struct engine f;
        struct hl_plan p;
        struct hl_result all, some;
        invent(&f, n);
        engine_plan(&p, &f);
        run(&all, &p, false);
        for (uint32_t without = 1; without < 1u << HL_CAUSE_COUNT; without++) {
            size_t k = 0;
            f.s.report.without = without;
            run(&some, &p, without % 2 == 0);
            for (size_t i = 0; i < all.row_count; i++) {
                const struct hl_row *x = &all.rows[i], *y = &some.rows[k];
                const struct hl_entity *of = &all.entities[x->key.entity];
                if (!is_told(of, without))
                    continue;
                cr_assert_lt(k, some.row_count);
                cr_assert(strcmp(of->name, some.entities[y->key.entity].name) == 0 && x->key.metric == y->key.metric &&
                              x->key.perspective == y->key.perspective && same_bits(x->value, y->value) &&
                              same_bits(x->low, y->low) && same_bits(x->high, y->high),
                          "case %u, without %u: %s of %s", n, without, hl_metric_names[x->key.metric], of->name);
                k++;
            }
            cr_expect(k == some.row_count && k < all.row_count, "case %u, without %u: %zu rows", n, without, k);
            hl_result_free(&some);
        }
        hl_result_free(&all);
        hl_plan_free(&p);
    }
}

/* Breaches at one of five exchanges: nothing is ever taken from the others. */
Test(swift, exchanges_without_breaches) {
    for (uint32_t n = 0; n < 2; n++) {
        struct engine f;
        engine_start(&f);
        f.s.trials = 9000;
        size_t btc = engine_asset(&f, "BTC");
        static const char *const names[] = {"ape", "bee", "cat", "dog", "eel"};
        for (size_t e = 0; e < COUNT_OF(names); e++) {
            engine_exchange(&f, names[e]);
            engine_holding(&f, e, btc, HL_HOT, 40000);
        }
        engine_breach(&f, HL_VECTOR_hot_wallet_drain, 0.4, HL_NONE)->at_count = 1;
        if (n == 0)
            engine_fund(&f, HL_FUND_reserve, 90000);
        cr_expect(compare(&f, n), "%u", n);
    }
}

Test(swift, what_does_not_go_this_way) {
    struct engine f;
    struct hl_plan p;
    const char *what[] = {"a share of each asset", "prices that move", "house coins in reach", "one wallet by chance"};
    for (int i = 0; i < 4; i++) {
        invent(&f, 1);
        cr_assert(i > 0 || f.s.breach_count == 2);
        if (i == 0)
            f.breaches[0].by_asset = (struct hl_copula){.family = &hl_copula_gaussian, .p = {0.5}};
        else if (i == 1)
            f.s.market.moves = true;
        else if (i == 2)
            engine_holding(&f, 0, 0, HL_HOT, 50)->owner = HL_OWNER_HOUSE;
        else
            f.breaches[1].reach = HL_REACH_ONE_WALLET;
        engine_plan(&p, &f);
        cr_expect(!is_swift(&p), "%s", what[i]);
        hl_plan_free(&p);
    }
    invent(&f, 1);
    engine_plan(&p, &f);
    cr_expect(is_swift(&p));
    hl_plan_free(&p);
}
