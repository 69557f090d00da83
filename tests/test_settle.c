/* Claims settled by sums: by hand, and the same as the waterfall wherever it is said to be. */
#include "engine/settle.h"
#include "tests/engine_fixture.h"

enum { CASES = 4000 };

static const bool of_first[] = {true, false, false, false, false}, of_both[] = {true, true, false, false, false};

static struct hl_settlement settlement_of(struct play *p, struct hl_arena *arena) {
    struct hl_settlement s;
    struct hl_error err = {0};
    cr_assert(hl_settlement_make(&s, &p->plan, 0, 0, arena, &err) == HL_OK);
    return s;
}

static size_t layers_of(const struct terms *funds, size_t count, const bool *net_of) {
    struct play p;
    struct hl_arena arena = {0};
    play_make(&p, funds, count, (const struct theft[PLAY_THEFTS]){{.a = 1}}, PLAY_THEFTS, 0, 0);
    p.e.funds[1].contract.net_of = net_of;
    size_t layers = settlement_of(&p, &arena).layer_count;
    hl_arena_free(&arena);
    play_free(&p);
    return layers;
}

Test(settle, which_layers_can_be_told_from_sums) {
    const struct {
        const char *what;
        struct terms funds[3];
        const bool *net_of; /* the second layer */
        size_t layers;
    } rows[] = {
        {"one that pays for each event", {INSURANCE(5, .attachment = 3), RESERVE(9)}, NULL, 1},
        {"one that stands where the other ends",
         {INSURANCE(5, .attachment = 3), INSURANCE(4, .attachment = 8), RESERVE(9)},
         NULL,
         2},
        {"one that overlaps with it may owe more than is unpaid",
         {INSURANCE(5, .attachment = 3), INSURANCE(4, .attachment = 4), RESERVE(9)},
         NULL,
         0},
        {"not where the other comes off its loss",
         {INSURANCE(5, .attachment = 3), INSURANCE(4, .attachment = 4), RESERVE(9)},
         of_first,
         2},
        {"one for the year, net of the first",
         {INSURANCE(5, .attachment = 3), INSURANCE(INFINITY, .aggregate_deductible = 4), RESERVE(9)},
         of_first,
         2},
        {"but not of the gross loss",
         {INSURANCE(5, .attachment = 3), INSURANCE(INFINITY, .aggregate_deductible = 4), RESERVE(9)},
         NULL,
         0},
        {"events and a year at once", {INSURANCE(5, .attachment = 3, .aggregate_limit = 8), RESERVE(9)}, NULL, 0},
        {"half of it is rounded by event", {INSURANCE(5, .attachment = 3, .share = 0.5), RESERVE(9)}, NULL, 0},
        {"insurance behind money", {RESERVE(9), INSURANCE(5, .attachment = 3)}, NULL, 0},
        {"another day", {INSURANCE(5, .attachment = 3, .after = 5), RESERVE(9)}, NULL, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t count = 0;
        while (count < 3 && rows[i].funds[count].amount > 0)
            count++;
        size_t layers = layers_of(rows[i].funds, count, rows[i].net_of);
        cr_expect(layers == rows[i].layers, "%s: %zu", rows[i].what, layers);
    }
}

/* 4 and 12 are taken. L1 (3 above 2) owes 2 + 3, L2 (5 above 5) owes 0 + 5; 2 + 4 is left, of which L3 keeps 1 and owes
 * at most 4: 16 - 5 - 5 - 4 = 2 for the reserve. */
Test(settle, by_hand) {
    struct play p;
    struct hl_arena arena = {0};
    const struct terms funds[] = {INSURANCE(3, .attachment = 2), INSURANCE(5, .attachment = 5),
                                  INSURANCE(INFINITY, .aggregate_deductible = 1, .aggregate_limit = 4), RESERVE(10)};
    play_make(&p, funds, 4, (const struct theft[PLAY_THEFTS]){{.a = 1}}, PLAY_THEFTS, 0, 0);
    p.e.funds[2].contract.net_of = of_both;
    struct hl_settlement s = settlement_of(&p, &arena);
    cr_assert(s.layer_count == 3 && s.cash == 10 && s.quiet.payer == 3);
    cr_expect(s.small == 2, "what L1 leaves alone");
    struct hl_settled t;
    hl_settle_begin(&s, &t, 16);
    hl_settle_claim(&s, &t, 0, 4);
    hl_settle_claim(&s, &t, 1, 12);
    cr_expect(hl_settle_end(&s, &t) == 2);
    cr_expect(t.claim == 16 && t.paid[0] == 5 && t.paid[1] == 5 && t.paid[2] == 4);
    cr_expect(t.exhausted == 7, "all three have paid all they can");
    hl_arena_free(&arena);
    play_free(&p);
}

struct chance {
    uint32_t number, index;
};

/* A whole number in [0, below). */
static int draw(struct chance *c, int below) {
    return (int)(below * hl_u01(47, (struct hl_address){.stream = c->number, .purpose = 203, .index = c->index++}));
}

/* Up to four thefts, and three layers in front of a reserve. */
static void make_case(struct play *p, struct chance *c) {
    struct theft thefts[PLAY_THEFTS] = {{0}};
    struct terms funds[4];
    for (int k = 0, count = 1 + draw(c, PLAY_THEFTS), day = 0; k < count; k++)
        thefts[k] = (struct theft){.day = day += draw(c, 3), .a = 1 + draw(c, 20), .insider = draw(c, 3) == 0};
    for (int i = 0, from = 2; i < 3; i++) {
        bool of_year = draw(c, 3) == 0;
        int limit = 1 + draw(c, 6);
        funds[i] = of_year ? (struct terms)INSURANCE(INFINITY, .aggregate_deductible = 1 + draw(c, 6),
                                                     .aggregate_limit = draw(c, 2) == 0 ? 1 + draw(c, 9) : 0)
                           : (struct terms)INSURANCE(limit, .attachment = from, .hot_only = draw(c, 4) == 0);
        from += draw(c, 3) == 0 ? 1 : limit;
    }
    funds[3] = (struct terms)RESERVE(1 + draw(c, 40));
    play_make(p, funds, 4, thefts, PLAY_THEFTS, 0, 0);
    p->e.funds[1].contract.net_of = draw(c, 2) == 0 ? of_first : NULL;
    p->e.funds[2].contract.net_of = draw(c, 2) == 0 ? of_both : draw(c, 2) == 0 ? of_first : NULL;
}

Test(settle, comes_to_what_the_waterfall_comes_to) {
    size_t settled = 0, by_layers = 0, short_of = 0;
    for (uint32_t i = 0; i < CASES; i++) {
        struct chance c = {i, 0};
        struct play p;
        struct hl_arena arena = {0};
        make_case(&p, &c);
        struct hl_settlement s = settlement_of(&p, &arena);
        double claims = 0;
        for (size_t k = 0; k < p.c.claim_count; k++)
            claims += p.claims[k].claim;
        struct hl_settled t;
        hl_settle_begin(&s, &t, claims);
        for (size_t k = 0; k < p.c.claim_count && s.layer_count > 0; k++)
            if (p.claims[k].claim > s.small)
                hl_settle_claim(&s, &t, p.claims[k].source, p.claims[k].claim);
        if (s.layer_count > 0) {
            double left = hl_settle_end(&s, &t);
            struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
            settled++;
            cr_assert((o.shortfall > 0) == (left > s.cash), "case %u", i);
            short_of += o.shortfall > 0;
            for (size_t k = 0; k < s.layer_count; k++) {
                size_t row = s.layers[k].fund < 3 ? s.layers[k].fund : 0;
                cr_expect(t.paid[k] == play_paid(&p, &o, s.layers[k].fund), "case %u, layer %zu: %g", i, k, t.paid[k]);
                cr_expect((t.paid[k] > 0) == o.attached[row], "case %u, layer %zu attaches", i, k);
                cr_expect((t.exhausted >> k & 1) == o.exhausted[row], "case %u, layer %zu is used up", i, k);
                by_layers += t.paid[k] > 0;
            }
            if (o.shortfall <= 0)
                cr_expect(left == play_paid(&p, &o, 3), "case %u: %g", i, left);
        }
        hl_arena_free(&arena);
        play_free(&p);
    }
    cr_expect(settled > CASES / 4 && by_layers > settled / 2 && short_of > settled / 20, "%zu settled, %zu, %zu",
              settled, by_layers, short_of);
}
