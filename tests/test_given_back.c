/* What guarantee crypto gives back whatever is taken: which thefts, and that a run comes to the same without them. */
#include "engine/given_back.h"
#include "engine/run.h"
#include "tests/engine_fixture.h"

/* 100 hot coins in two wallets, `guarantee` coins to give back, and what a row changes. */
struct change {
    const char *what;
    double guarantee; /* coins of each asset */
    int after;
    double probability;
    double drained; /* a day, instead of a share */
    double in_kind; /* share of what is owed */
    int years;
    bool want;
};

static void make(struct engine *f, const struct change *row) {
    engine_start(f);
    size_t ape = engine_exchange(f, "ape"), btc = engine_asset(f, "BTC"), eth = engine_asset(f, "ETH");
    engine_holding(f, ape, btc, HL_HOT, 60);
    engine_holding(f, ape, eth, HL_HOT, 40);
    engine_holding(f, ape, btc, HL_COLD, row->guarantee)->owner = HL_OWNER_GUARANTEE;
    engine_holding(f, ape, eth, HL_COLD, row->guarantee)->owner = HL_OWNER_GUARANTEE;
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 1, HL_NONE);
    b->tiers = 1u << HL_HOT;
    if (row->drained > 0)
        b->size.family = NULL;
    b->drain.share_per_day = row->drained;
    b->drain.detected_after.days = 1;
    f->s.horizon_days = 365 * row->years;
    for (size_t a = 0; a < 2; a++)
        f->claim_terms[a] =
            (struct hl_claim_terms){.share = {[HL_IN_KIND] = row->in_kind, [HL_AT_THEFT] = 1 - row->in_kind}};
    struct hl_fund *g = engine_fund(f, HL_FUND_guarantee_crypto, 0);
    g->after_days = row->after;
    g->probability = row->probability;
}

Test(given_back, which_thefts) {
    const struct change rows[] = {
        {"as many coins as are hot", 60, 0, 1, 0, 1, 1, true},
        {"one less of the coin that there is most of", 59, 0, 1, 0, 1, 1, false},
        {"a day later", 60, 1, 1, 0, 1, 1, false},
        {"not for certain", 60, 0, 0.9, 0, 1, 1, false},
        {"a drain, which may find wallets filled again", 60, 0, 1, 0.1, 1, 1, false},
        {"a part is owed in money", 60, 0, 1, 0, 0.5, 1, false},
        {"over two years", 60, 0, 1, 0, 1, 2, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static struct engine f;
        struct hl_plan p;
        make(&f, &rows[i]);
        engine_plan(&p, &f);
        cr_expect(hl_gives_back_any(&p, &p.policies[0], &p.sources[0], &p.sources[0].targets[0]) == rows[i].want, "%s",
                  rows[i].what);
        hl_plan_free(&p);
    }
}

/* A claim of two coins that guarantee crypto gives back, most often, with other rows around it. */
static void make_claim(struct play *p, struct play_chance *c) {
    struct terms funds[5];
    size_t count = 0;
    double unit = play_draw(c, 2) == 0 ? 1000003 : 1;
    if (play_draw(c, 4) > 0)
        funds[count++] = (struct terms)RECOVERY(0.1 * (1 + play_draw(c, 9)), .after = 5 * play_draw(c, 30),
                                                .refuses = play_draw(c, 3) == 0);
    if (play_draw(c, 8) == 0)
        funds[count++] = (struct terms)RESERVE(9 * unit);
    funds[count++] = (struct terms)GUARANTEE(0, .after = play_draw(c, 9) == 0 ? 5 : 0);
    if (play_draw(c, 2) == 0)
        funds[count++] = (struct terms)INSURANCE(unit * play_draw(c, 30), .after = 5 * play_draw(c, 30),
                                                 .attachment = unit * play_draw(c, 20), .probability = 0.5,
                                                 .aggregate_limit = unit * (1 + play_draw(c, 20)));
    if (play_draw(c, 2) == 0)
        funds[count++] = (struct terms)CAPITAL(9 * unit, .after = 5 * play_draw(c, 4));
    const struct theft theft = {.day = 1 + play_draw(c, 200),
                                .a = unit * play_draw(c, 20),
                                .b = unit * play_draw(c, 20),
                                .guarantee_a = unit * play_draw(c, 2),
                                .house = unit * play_draw(c, 2)};
    play_make_moving(p, funds, count, &theft, play_draw(c, 2) == 0, unit * 18, c->number);
    p->c.basis = play_draw(c, 2) == 0 ? HL_BASIS_ALL : HL_BASIS_EARMARKED;
    p->c.only_shortfall = false;
}

/* The same of both: all that a report asks for. */
static bool is_same_outcome(const struct play *p, const struct hl_outcome *a, const struct hl_outcome *b) {
    bool same = a->open_count == b->open_count && a->claim == b->claim && a->shortfall == b->shortfall &&
                a->shortfall_largest == b->shortfall_largest && a->haircut == b->haircut &&
                a->days_until_whole == b->days_until_whole && a->haircut_share == b->haircut_share &&
                a->insolvent == b->insolvent && a->of[0].claim == b->of[0].claim &&
                a->of[0].shortfall == b->of[0].shortfall && a->of[0].haircut == b->of[0].haircut;
    for (size_t i = 0; i < p->c.fund_count; i++)
        same = same && a->paid[i] == b->paid[i] && a->attached[i] == b->attached[i] &&
               a->exhausted[i] == b->exhausted[i] && a->reinstated[i] == b->reinstated[i];
    for (size_t i = 0; i < p->plan.check_count; i++)
        same = same && a->unpaid_at[i] == b->unpaid_at[i];
    return same;
}

Test(given_back, one_claim_comes_to_what_the_calendar_comes_to) {
    enum { CASES = HL_IS_SLOW ? 300 : 1500 };
    size_t brief = 0, repaid = 0, attached = 0;
    for (uint32_t i = 0; i < CASES; i++) {
        struct play_chance c = {i, 0};
        struct play p, calendar;
        struct hl_outcome told;
        make_claim(&p, &c);
        c.index = 0;
        make_claim(&calendar, &c);
        if (hl_given_back_play(&p.w, &p.c, &told)) {
            struct hl_outcome played = hl_waterfall_solve(&calendar.w, &calendar.c);
            cr_expect(is_same_outcome(&p, &told, &played), "case %u", i);
            brief++;
            for (size_t k = 0; k < p.c.fund_count; k++) {
                repaid += p.c.funds[k].kind == HL_FUND_recovery && told.paid[k] > 0;
                attached += told.attached[k];
            }
        }
        play_free(&calendar);
        play_free(&p);
    }
    cr_expect(brief > CASES / 4 && repaid > CASES / 16 && attached > CASES / 32, "%zu, %zu, %zu", brief, repaid,
              attached);
}

/* Two exchanges under moving prices: thefts that are given back, alone and two at one exchange, and others that leave
 * customers short, all with lower and higher rates and with insurance left out. */
static void make_run(struct engine *f, bool falls) {
    engine_make(f, 1000, false);
    f->s.market = (struct hl_market){
        .moves = true, .impact_above = falls ? 1e5 : INFINITY, .impact_fall = 0.2, .impact_of_all = true};
    f->s.buy_back_after_days = 10;
    for (size_t a = 0; a < 2; a++) {
        f->assets[a].volatility_per_year = 0.8;
        f->claim_terms[a] = (struct hl_claim_terms){.share = {[HL_IN_KIND] = 1}, .fixed_price = 1};
    }
    for (size_t e = 0; e < 2; e++) {
        double scale = e == 0 ? 1000 : 3000;
        engine_holding(f, e, 0, HL_COLD, 800 * scale)->owner = HL_OWNER_GUARANTEE;
        engine_holding(f, e, 1, HL_COLD, 400 * scale)->owner = HL_OWNER_GUARANTEE;
    }
    f->breaches[0].tiers = 1u << HL_HOT;
    f->breaches[0].count = engine_poisson(0.5);
    f->breaches[0].count.low = 0.2;
    f->breaches[0].count.high = 1.5;
    f->breaches[2].hit_low = 0.25;
    f->s.trials = HL_IS_SLOW ? 3000 : 3 * HL_BLOCK_TRIALS;
}

static void run(struct hl_result *r, const struct engine *f, bool full) {
    struct hl_plan p;
    struct hl_error err = {0};
    struct hl_run_options options = hl_run_options_default();
    options.threads = 2;
    options.full_ledger = full;
    engine_plan(&p, f);
    cr_assert(hl_run(r, &p, &options, &err) == HL_OK);
    hl_plan_free(&p);
}

Test(given_back, a_run_without_them_comes_to_the_same) {
    for (int falls = 0; falls < 2; falls++) {
        static struct engine f;
        struct hl_result fast, full;
        size_t differ = 0, short_of = 0;
        make_run(&f, falls != 0);
        run(&fast, &f, false);
        run(&full, &f, true);
        cr_assert_eq(fast.row_count, full.row_count);
        for (size_t i = 0; i < fast.row_count; i++) {
            const struct hl_row *a = &fast.rows[i], *b = &full.rows[i];
            differ += hl_bits(a->value) != hl_bits(b->value) || hl_bits(a->error) != hl_bits(b->error) ||
                      hl_bits(a->low) != hl_bits(b->low) || hl_bits(a->high) != hl_bits(b->high);
            short_of += a->key.perspective == HL_SHORTFALL && a->value > 0;
        }
        cr_expect_eq(differ, 0, "%zu rows of %zu", differ, fast.row_count);
        cr_expect_gt(short_of, 100);
        hl_result_free(&fast);
        hl_result_free(&full);
    }
}
