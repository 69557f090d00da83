/* Tilted trials told from sums: which plans, by hand, and the same as the ledger says, bit for bit. */
#include "engine/rare_swift.h"

#include "engine/rare_play.h"
#include "stats/ladder.h"
#include "tests/engine_fixture.h"
#include "tests/many.h"

#include <stdlib.h>

enum { CASES = HL_MANY(24), TRIALS = 6000 };

static bool applies(const struct hl_plan *p, bool full) {
    struct hl_rare_swift *w = calloc(1, sizeof *w);
    struct hl_error err = {0};
    cr_assert(w != NULL && hl_rare_swift_make(w, p, full, &err) == HL_OK);
    bool so = w->applies;
    hl_rare_swift_free(w);
    free(w);
    return so;
}

Test(rare_swift, which_plans_go_this_way) {
    const struct {
        const char *what;
        struct terms funds[3];
        bool want;
    } rows[] = {
        {"a reserve", {RESERVE(9)}, true},
        {"a layer and a reserve", {INSURANCE(5, .attachment = 3), RESERVE(9)}, true},
        {"a layer that is rounded by event", {INSURANCE(5, .share = 0.5), RESERVE(9)}, false},
        {"a layer behind the reserve", {RESERVE(9), INSURANCE(5)}, false},
        {"capital behind the reserve", {RESERVE(9), CAPITAL(5)}, true},
        {"a parent that may not answer", {RESERVE(9), PARENT(5, .probability = 0.5)}, false},
        {"a parent that pays later", {RESERVE(9), PARENT(5, .after = 3)}, false},
        {"what is recovered", {RECOVERY(0.5), RESERVE(9)}, false},
        {"a reserve that grows", {RESERVE(9, .income = 5)}, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        size_t count = 0;
        while (count < 3 && rows[i].funds[count].amount > 0)
            count++;
        play_make(&p, rows[i].funds, count, (const struct theft[PLAY_THEFTS]){{.a = 1}}, PLAY_THEFTS, 0, 0);
        cr_expect(applies(&p.plan, false) == rows[i].want, "%s", rows[i].what);
        cr_expect(!applies(&p.plan, true), "%s: the ledger is asked for", rows[i].what);
        play_free(&p);
    }
}

/* A layer of 3 above 2, a reserve of 4, then 5 of capital, which is not earmarked. 4 and 12 are taken: the layer owes 2
 * and 3, 11 are left, 7 short of the reserve and 2 short of all. */
Test(rare_swift, by_hand) {
    struct play p;
    struct hl_error err = {0};
    const struct terms funds[] = {INSURANCE(3, .attachment = 2), RESERVE(4), CAPITAL(5)};
    play_make(&p, funds, 3, (const struct theft[PLAY_THEFTS]){{.a = 1}}, PLAY_THEFTS, 0, 0);
    struct hl_rare_swift *w = calloc(1, sizeof *w);
    cr_assert(w != NULL && hl_rare_swift_make(w, &p.plan, false, &err) == HL_OK && w->applies);
    struct hl_rare_stroke strokes[] = {{4, 0, 0, 9}, {12, 0, 0, 9}, {1, 0, 0, 10}};
    struct hl_rare_swift_outcome out;
    w->strokes = strokes;
    w->count = COUNT_OF(strokes);
    cr_expect(hl_rare_swift_play(w, 0, &out) == 2, "the third is another trial's");
    cr_expect(out.claim == 16 && out.shortfall[HL_BASIS_ALL] == 2 && out.shortfall[HL_BASIS_EARMARKED] == 7);
    cr_expect(out.paid[0] == 5 && out.paid[1] == 4 && out.paid[2] == 5);
    w->strokes = NULL;
    hl_rare_swift_free(w);
    free(w);
    play_free(&p);
}

static double throw(uint32_t number, uint32_t index) {
    return hl_u01(46, (struct hl_address){.stream = number, .purpose = 202, .index = index});
}

/* Up to three exchanges, with or without a vendor; shares, amounts, clusters; layers, a reserve and sometimes capital
 * that is not earmarked. Wallets are restored in every other case. */
static void invent(struct engine *f, uint32_t n) {
    engine_start(f);
    f->s.trials = TRIALS;
    f->s.seed = n;
    f->s.wallets_restored = n % 2 == 0;
    static size_t uses[] = {0};
    size_t keyco = engine_vendor(f, "keyco"), btc = engine_asset(f, "BTC"), app = engine_vendor(f, "app");
    f->vendors[app].uses = uses; /* built on keyco: a breach there reaches some clients in two ways */
    f->vendors[app].use_count = 1;
    static const char *const names[] = {"ape", "bee", "cat"};
    for (size_t e = 0; e < 1 + n % 3; e++) {
        engine_exchange(f, names[e]);
        engine_holding(f, e, btc, HL_HOT, 40000 + 1000 * (double)e);
        engine_holding(f, e, btc, HL_COLD, 900000)->custodian = n % 4 == 0 ? keyco : HL_NONE;
        if (n % 8 == 0)
            engine_holding(f, e, btc, HL_COLD, 50000)->custodian = app;
    }
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 0.2, HL_NONE);
    b->tiers = 1u << HL_HOT;
    b->size = (struct hl_distribution){.family = &hl_severity_beta, .p = {0.8, 0.9}, .everything = 0.2};
    b = engine_breach(f, HL_VECTOR_insider, 0, HL_NONE);
    b->size = (struct hl_distribution){.family = &hl_severity_lognormal, .p = {9, 1.5}};
    b->count = (struct hl_count){.family = &hl_frequency_negative_binomial, .p = {0.2, 0.5}, .low = 0.2, .high = 0.2};
    if (n % 4 == 0) {
        b = engine_breach(f, HL_VECTOR_third_party_compromise, 0.2, keyco);
        b->hit = b->hit_low = b->hit_high = 0.6;
        b->size = (struct hl_distribution){.family = &hl_severity_uniform, .p = {0, 0.3}};
    }
    static const bool first[] = {true, false, false, false};
    if (throw(n, 1) < 0.7)
        engine_fund(f, HL_FUND_insurance, 30000)->layer.attachment = nearbyint(20000 + 20000 * throw(n, 2));
    if (throw(n, 1) < 0.4) { /* and what that leaves of the year, above 8000 */
        struct hl_fund *year = engine_fund(f, HL_FUND_insurance, INFINITY);
        year->layer.aggregate_deductible = 8000;
        year->layer.aggregate_limit = 25000;
        year->contract.net_of = first;
    }
    engine_fund(f, HL_FUND_reserve, nearbyint(30000 * throw(n, 3)));
    if (throw(n, 4) < 0.5)
        engine_fund(f, HL_FUND_own_capital, 20000);
}

static void make_tilt(struct hl_tilt *t, const struct hl_plan *p) {
    struct hl_error err = {0};
    cr_assert(hl_tilt_make(t, p, 2, &err) == HL_OK);
    t->parts[0].share = 0.25;
    t->parts[1].share = 0.75;
    for (size_t s = 0; s < p->source_count; s++) {
        t->parts[1].rate[s] = 2 + (double)s;
        t->parts[1].size[s] = 1.5;
    }
}

/* How many trials had a shortfall. */
static size_t expect_same_trials(struct hl_rare_worker *a, struct hl_rare_worker *b, uint32_t block, uint32_t number) {
    size_t hits = 0;
    uint32_t trials = block == 0 ? HL_BLOCK_TRIALS : TRIALS - HL_BLOCK_TRIALS;
    struct hl_error err = {0};
    cr_assert(hl_rare_draw(a, block, trials, &err) == HL_OK && hl_rare_draw(b, block, trials, &err) == HL_OK);
    cr_expect_eq(a->incident_count, b->incident_count);
    for (uint32_t t = 0; t < trials; t++) {
        hl_rare_play(a, block, t, true);
        hl_rare_play(b, block, t, true);
        cr_assert(hl_bits(a->weights[t]) == hl_bits(b->weights[t]) && a->outcome_count == b->outcome_count);
        for (size_t i = 0; i < a->outcome_count; i++) {
            const struct hl_rare_outcome *x = &a->outcomes[i], *y = &b->outcomes[i];
            cr_assert(x->entity == y->entity && hl_bits(x->depth) == hl_bits(y->depth) &&
                          memcmp(x->of, y->of, sizeof x->of) == 0,
                      "case %u, trial %u of block %u: %g of %g are short, the ledger says %g of %g", number, t, block,
                      x->of[HL_RARE_SHORTFALL], x->of[HL_RARE_GROSS], y->of[HL_RARE_SHORTFALL], y->of[HL_RARE_GROSS]);
            hits += i == 0 && x->of[HL_RARE_SHORTFALL] > 0;
        }
    }
    return hits;
}

Test(rare_swift, tells_what_the_ledger_tells) {
    size_t swift = 0, hits = 0, loud = 0;
    for (uint32_t n = 0; n < CASES; n++) {
        struct engine *f = calloc(1, sizeof *f);
        struct hl_rare_worker *brief = calloc(1, sizeof *brief), *full = calloc(1, sizeof *full);
        struct hl_plan p;
        struct hl_tilt tilt;
        struct hl_error err = {0};
        cr_assert(f != NULL && brief != NULL && full != NULL);
        invent(f, n);
        engine_plan(&p, f);
        make_tilt(&tilt, &p);
        cr_assert(hl_rare_worker_make(brief, &p, &tilt, false, &err) == HL_OK);
        cr_assert(hl_rare_worker_make(full, &p, &tilt, true, &err) == HL_OK);
        swift += brief->swift.applies;
        for (uint32_t block = 0; block < 2; block++)
            hits += expect_same_trials(brief, full, block, n);
        loud += brief->swift.any_loud;
        hl_rare_worker_free(brief);
        hl_rare_worker_free(full);
        hl_tilt_free(&tilt);
        hl_plan_free(&p);
        free(brief);
        free(full);
        free(f);
    }
    cr_expect(2 * swift > CASES && loud > 0 && hits > 1000, "%zu of %d by sums, %zu with loud trials, %zu hits", swift,
              CASES, loud, hits);
}
