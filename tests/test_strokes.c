/* Strokes: what goes into lists, and that the lists hold the hits that are told one by one. */
#include "base/money.h"
#include "engine/events.h"
#include "engine/strokes.h"
#include "tests/engine_fixture.h"

/* Two exchanges; their own breaches, one in clusters, and those of a vendor that both use. */
static void start(struct engine *f) {
    engine_start(f);
    size_t keyco = engine_vendor(f, "keyco"), btc = engine_asset(f, "BTC");
    engine_exchange(f, "ape");
    engine_exchange(f, "bee");
    for (size_t e = 0; e < 2; e++) {
        engine_holding(f, e, btc, HL_HOT, 4000);
        engine_holding(f, e, btc, HL_COLD, 90000)->custodian = keyco;
    }
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 0.4, HL_NONE);
    b->size = (struct hl_distribution){.family = &hl_severity_lognormal, .p = {7, 1.5}};
    b = engine_breach(f, HL_VECTOR_insider, 0.3, HL_NONE);
    b->count = (struct hl_count){.family = &hl_frequency_negative_binomial, .p = {0.3, 0.8}, .low = 0.3, .high = 0.3};
    b = engine_breach(f, HL_VECTOR_third_party_compromise, 0.2, keyco);
    b->size = (struct hl_distribution){.family = &hl_severity_beta, .p = {0.8, 2.5}};
    b->hit = b->hit_low = b->hit_high = 0.6;
}

/* What was taken by exchange and trial: from the lists, and from the hits. */
static double listed[2][HL_BLOCK_TRIALS], told[2][HL_BLOCK_TRIALS];

static void add_lists(const struct hl_block_strokes *b, const struct hl_plan *p) {
    memset(listed, 0, sizeof listed);
    for (size_t i = 0; i < hl_stroke_lists(p); i++) {
        bool own = i < p->source_count && p->sources[i].vendor == HL_NONE;
        if (!own && i < 2 * p->source_count)
            continue;
        size_t exchange = own ? p->sources[i].targets[0].exchange : i - 2 * p->source_count;
        for (size_t k = 0; k < b->lists[i].count; k++)
            listed[exchange][b->lists[i].trials[k]] += b->lists[i].taken[k];
    }
}

/* Full wallets: all that the tiers of the breach hold there. */
static void add_hits(const struct hl_events *e, const struct hl_plan *p) {
    memset(told, 0, sizeof told);
    for (size_t i = 0; i < e->count; i++) {
        const struct hl_hit *hit = &e->hits[i];
        if (hit->target == HL_NO_TARGET)
            continue;
        const struct hl_source *src = &p->sources[hit->source];
        const struct hl_target *t = &src->targets[hit->target];
        double there = t->upto[t->cell_count - 1];
        double share = src->breach->size.family->share ? hit->size : hl_least(hit->size / there, 1);
        told[t->exchange][hit->trial] += nearbyint(share * there);
    }
}

Test(strokes, lists_hold_the_hits_that_are_told) {
    struct engine f;
    struct hl_plan p;
    struct hl_arena arena = {0};
    struct hl_block_strokes b;
    struct hl_events e = {0};
    struct hl_error err = {0};
    start(&f);
    engine_plan(&p, &f);
    cr_assert(hl_strokes_make(&b, &arena, &p, &err) == HL_OK);
    size_t apart = 0;
    for (uint32_t block = 0; block < 3; block++) {
        for (size_t s = 0; s < p.sampling_count; s++) {
            cr_assert(hl_strokes_apply(&p, s));
            cr_assert(hl_strokes_draw(&b, s, block, &err) == HL_OK);
            cr_assert(hl_events_sample(&e, &p, s, block, HL_BLOCK_TRIALS, &err) == HL_OK);
            add_lists(&b, &p);
            add_hits(&e, &p);
            cr_expect(memcmp(listed, told, sizeof told) == 0, "block %u of %s", block, p.samplings[s].name);
            apart += p.samplings[s].kind == HL_VENDORS_APART;
        }
    }
    cr_expect(apart == 3);
    hl_strokes_free(&b);
    hl_events_free(&e);
    hl_arena_free(&arena);
    hl_plan_free(&p);
}

Test(strokes, what_does_not_go_into_lists) {
    const struct {
        const char *what;
        bool applies;
    } rows[] = {{"amounts and shares", true},
                {"one of several wallets, at random", false},
                {"found before the theft", false},
                {"thousands a year", false}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine f;
        struct hl_plan p;
        start(&f);
        if (i == 1) {
            f.breaches[0].reach = HL_REACH_ONE_WALLET;
            f.holdings[0].wallets = 4;
            engine_holding(&f, 0, 0, HL_HOT, 100);
        }
        if (i == 2)
            f.breaches[0].found_per_year = 2;
        if (i == 3)
            f.breaches[0].count = engine_poisson(5000);
        engine_plan(&p, &f);
        cr_expect(hl_strokes_apply(&p, 0) == rows[i].applies, "%s", rows[i].what);
        hl_plan_free(&p);
    }
}
