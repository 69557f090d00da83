/* Scenarios for the tests of the engine, filled by hand: JPY in whole yen, everything answers, nothing is late, every
 * breach takes all it reaches, unless a test says otherwise. */
#ifndef HL_TESTS_ENGINE_FIXTURE_H
#define HL_TESTS_ENGINE_FIXTURE_H

#include "engine/init.h"
#include "engine/owed.h"
#include "engine/plan.h"
#include "engine/waterfall.h"
#include "tests/many.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { ENGINE_MOST = 8, ENGINE_HOLDINGS_MOST = 24 };

static const double engine_confidence[] = {0.9, 0.99};
static const double engine_periods[] = {10, 100};
static const double engine_unpaid[] = {1, 30};
static const double engine_given[] = {0.5, 0.9};

/* Points into itself: never copied. */
struct engine {
    struct hl_scenario s;
    struct hl_exchange exchanges[ENGINE_MOST];
    struct hl_asset assets[ENGINE_MOST];
    struct hl_vendor vendors[ENGINE_MOST];
    struct hl_holding holdings[ENGINE_HOLDINGS_MOST];
    struct hl_breach breaches[ENGINE_MOST];
    struct hl_fund funds[ENGINE_MOST];
    struct hl_claim_terms claim_terms[ENGINE_MOST]; /* at the price of the theft */
    size_t every[ENGINE_MOST];                      /* 0, 1, 2, … */
};

static inline void engine_start(struct engine *f) {
    memset(f, 0, sizeof *f);
    f->s = (struct hl_scenario){.path = "test.yaml",
                                .title = "Test",
                                .description = "",
                                .currency = "JPY",
                                .quantum = 1,
                                .horizon_days = 365,
                                .refill_after_days = INFINITY,
                                .trials = HL_IS_SLOW ? 5000 : 20000,
                                .target_relative_error = 0.05,
                                .seed = 7,
                                .exchanges = f->exchanges,
                                .assets = f->assets,
                                .vendors = f->vendors,
                                .holdings = f->holdings,
                                .breaches = f->breaches,
                                .funds = f->funds,
                                .claim_terms = f->claim_terms,
                                .market = {.impact_above = INFINITY},
                                .report = {.confidence = engine_confidence,
                                           .confidence_count = COUNT_OF(engine_confidence),
                                           .return_periods = engine_periods,
                                           .return_period_count = COUNT_OF(engine_periods),
                                           .unpaid_after_days = engine_unpaid,
                                           .unpaid_after_count = COUNT_OF(engine_unpaid),
                                           .deadline_days = 30,
                                           .given_breach = engine_given,
                                           .given_breach_count = COUNT_OF(engine_given),
                                           .sized_at = 0.99}};
    for (size_t i = 0; i < ENGINE_MOST; i++) {
        f->every[i] = i;
        f->claim_terms[i] = (struct hl_claim_terms){.share = {[HL_AT_THEFT] = 1}, .fixed_price = 1};
    }
}

static inline size_t engine_exchange(struct engine *f, const char *id) {
    struct hl_exchange e = {.id = id,
                            .name = id,
                            .jurisdiction = "JP",
                            .as_of = "2024-03-31",
                            .customer_fiat = NAN,
                            .annual_volume = NAN,
                            .highest_volume = NAN,
                            .revenue = NAN,
                            .fees = NAN,
                            .fixed_overheads = NAN,
                            .own_capital = NAN};
    cr_assert(f->s.exchange_count < ENGINE_MOST);
    f->exchanges[f->s.exchange_count] = e;
    return f->s.exchange_count++;
}

static inline size_t engine_asset(struct engine *f, const char *id) {
    cr_assert(f->s.asset_count < ENGINE_MOST);
    f->assets[f->s.asset_count] =
        (struct hl_asset){.id = id, .price = 1, .volatility_per_year = NAN, .token_of = HL_NONE};
    return f->s.asset_count++;
}

static inline size_t engine_vendor(struct engine *f, const char *id) {
    cr_assert(f->s.vendor_count < ENGINE_MOST);
    f->vendors[f->s.vendor_count] = (struct hl_vendor){.id = id, .name = id};
    return f->s.vendor_count++;
}

/* Customers' coins in one wallet with the exchange itself. */
static inline struct hl_holding *engine_holding(struct engine *f, size_t exchange, size_t asset, enum hl_tier tier,
                                                double value) {
    cr_assert(f->s.holding_count < ENGINE_HOLDINGS_MOST);
    struct hl_holding *h = &f->holdings[f->s.holding_count++];
    *h = (struct hl_holding){.exchange = exchange,
                             .asset = asset,
                             .tier = tier,
                             .custodian = HL_NONE,
                             .units = NAN,
                             .value = value,
                             .wallets = 1,
                             .largest_share = 1};
    return h;
}

static inline struct hl_count engine_poisson(double rate) {
    return (struct hl_count){.family = &hl_frequency_poisson, .p = {rate}, .low = rate, .high = rate};
}

/* A vector at every exchange, or, with `vendor`, at that vendor. */
static inline struct hl_breach *engine_breach(struct engine *f, enum hl_vector_id vector, double rate, size_t vendor) {
    cr_assert(f->s.breach_count < ENGINE_MOST);
    struct hl_breach *b = &f->breaches[f->s.breach_count++];
    *b = (struct hl_breach){.vector = vector,
                            .name = hl_vectors[vector].name,
                            .at_vendors = vendor != HL_NONE,
                            .at = vendor == HL_NONE ? f->every : &f->every[vendor],
                            .at_count = vendor == HL_NONE ? f->s.exchange_count : 1,
                            .count = engine_poisson(rate),
                            .hit = 1,
                            .hit_low = 1,
                            .hit_high = 1,
                            .passes = 1,
                            .climate = HL_NONE,
                            .tiers = 7,
                            .amount_most = INFINITY,
                            .size = {.family = &hl_severity_fixed, .p = {1}}};
    return b;
}

/* ape: 100 hot BTC; 4000 cold BTC in 4 wallets with keyco, the largest holding 40 %; 50 warm ETH; guarantee 30 cold
 * BTC. bee: 10 hot ETH; 20 cold ETH with keyco. */
static inline void engine_ape_and_bee(struct engine *f) {
    engine_start(f);
    size_t ape = engine_exchange(f, "ape"), bee = engine_exchange(f, "bee");
    size_t btc = engine_asset(f, "BTC"), eth = engine_asset(f, "ETH");
    size_t keyco = engine_vendor(f, "keyco");
    engine_vendor(f, "vault");
    engine_holding(f, ape, btc, HL_HOT, 100);
    struct hl_holding *h = engine_holding(f, ape, btc, HL_COLD, 4000);
    h->custodian = keyco;
    h->wallets = 4;
    h->largest_share = 0.4;
    engine_holding(f, ape, eth, HL_WARM, 50);
    engine_holding(f, ape, btc, HL_COLD, 30)->owner = HL_OWNER_GUARANTEE;
    engine_holding(f, bee, eth, HL_HOT, 10);
    engine_holding(f, bee, eth, HL_COLD, 20)->custodian = keyco;
}

static inline struct hl_layer_terms engine_layer(double attachment, double limit) {
    return (struct hl_layer_terms){.covers = ~0u,
                                   .attachment = attachment,
                                   .limit = limit,
                                   .share = 1,
                                   .aggregate_limit = INFINITY,
                                   .reinstatements = INFINITY};
}

/* All of a fund in one asset. */
static const struct hl_part engine_all_in[ENGINE_MOST] = {{0, 1}, {1, 1}, {2, 1}, {3, 1},
                                                          {4, 1}, {5, 1}, {6, 1}, {7, 1}};
static inline void engine_hold_in(struct hl_fund *f, size_t asset) {
    f->parts = asset == HL_NONE ? NULL : &engine_all_in[asset];
    f->part_count = asset == HL_NONE ? 0 : 1;
}

/* The next source of funds, at every exchange. `amount` is the stock, or a layer's limit, or the share that is
 * recovered. */
static inline struct hl_fund *engine_fund(struct engine *f, enum hl_fund_id kind, double amount) {
    cr_assert(f->s.fund_count < ENGINE_MOST);
    struct hl_fund *fund = &f->funds[f->s.fund_count++];
    *fund = (struct hl_fund){.kind = kind,
                             .start = 1,
                             .name = hl_fund_kinds[kind].name,
                             .at = f->every,
                             .at_count = f->s.exchange_count,
                             .probability = 1,
                             .amount = {.base = HL_BASE_FIXED, .value = amount, .cap = INFINITY}};
    if (kind == HL_FUND_insurance)
        fund->layer = engine_layer(0, amount);
    if (kind == HL_FUND_recovery)
        fund->recovered_share = amount;
    return fund;
}

/* Two exchanges with a vendor, and everything that pays. Money is in steps of `unit` yen. */
static inline void engine_make(struct engine *f, double unit, bool swapped) {
    engine_start(f);
    size_t keyco = engine_vendor(f, "keyco"), btc = engine_asset(f, "BTC"), eth = engine_asset(f, "ETH");
    for (int i = 0; i < 2; i++) {
        bool ape = (i == 0) != swapped;
        size_t e = engine_exchange(f, ape ? "ape" : "bee");
        double scale = unit * (ape ? 1 : 3);
        engine_holding(f, e, btc, HL_HOT, 1000 * scale);
        engine_holding(f, e, eth, HL_HOT, 400 * scale);
        engine_holding(f, e, btc, HL_COLD, 8000 * scale)->custodian = keyco;
        engine_holding(f, e, btc, HL_COLD, 200 * scale)->owner = HL_OWNER_GUARANTEE;
        engine_holding(f, e, eth, HL_HOT, 100 * scale)->owner = HL_OWNER_HOUSE;
    }
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 0.3, HL_NONE);
    b->tiers = 1u << HL_HOT;
    b->size.p[0] = 0.5;
    b->count.low = 0.1;
    b->count.high = 0.4;
    static double values[2][3];
    double *sample = values[unit > 1 << 20];
    for (size_t i = 0; i < 3; i++)
        sample[i] = (const double[]){100, 900, 4000}[i] * unit;
    b = engine_breach(f, HL_VECTOR_insider, 0, HL_NONE);
    b->count = (struct hl_count){.family = &hl_frequency_negative_binomial, .p = {0.1, 0.5}, .low = 0.1, .high = 0.1};
    b->size = (struct hl_distribution){.family = &hl_severity_empirical, .values = sample, .value_count = 3};
    b->reach = HL_REACH_ONE_ASSET;
    b = engine_breach(f, HL_VECTOR_third_party_compromise, 0, keyco);
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {0.05}, .low = 0.05, .high = 0.05};
    b->hit = 0.5;
    struct hl_fund *recovery = engine_fund(f, HL_FUND_recovery, 0.25);
    recovery->probability = 0.5;
    recovery->after_days = 60;
    engine_fund(f, HL_FUND_guarantee_crypto, 0);
    engine_fund(f, HL_FUND_insurance, 1000 * unit)->layer.attachment = 100 * unit;
    engine_fund(f, HL_FUND_reserve, 300 * unit);
    engine_fund(f, HL_FUND_own_capital, 500 * unit);
    struct hl_fund *parent = engine_fund(f, HL_FUND_parent, 2000 * unit);
    parent->probability = 0.75;
    parent->after_days = 10;
}

static inline void engine_plan(struct hl_plan *p, const struct engine *f) {
    struct hl_error err = {0};
    hl_init();
    enum hl_status status = hl_plan_make(p, &f->s, &err);
    cr_assert(status == HL_OK, "%s", err.count > 0 ? err.faults[0].message : "no plan");
}

/* --- one exchange with given thefts: what the tests of the waterfall and of what is needed play ---------------------
 */

/* A theft of customers' coins A and B; the vectors are hot_wallet_drain and, where `insider` is set, insider. */
struct theft {
    int day;
    double a, b;        /* customers' coins */
    double guarantee_a; /* guarantee crypto stolen in the same breach */
    double house;       /* the firm's own coins */
    bool insider;
};

/* A source of funds; 0 is "as usual" wherever 0 would be no term. */
struct terms {
    enum hl_fund_id kind;
    double amount; /* as for engine_fund; no meaning for guarantee crypto */
    int after;     /* days */
    bool refuses;  /* never answers */
    double probability;
    double attachment;
    double share;
    double aggregate_limit;
    double aggregate_deductible;
    bool hot_only; /* covers hot_wallet_drain alone */
    int limits;    /* a year: reinstatements + 1 */
    double start;  /* share of the amount that is there on day 0 */
    double refill; /* share of it that comes in each later year */
    double fails;  /* how often a year who owes it fails */
    double bounty;
    double others; /* what an administrator owes to others, who rank with the customers */
    double income; /* of a year */
    double top_up_below;
};

/* Kinds of sources of funds, as rows of the tables. */
#define RECOVERY(...)                                                                                                  \
    { .kind = HL_FUND_recovery, .amount = __VA_ARGS__ }
#define GUARANTEE(...)                                                                                                 \
    { .kind = HL_FUND_guarantee_crypto, .amount = __VA_ARGS__ }
#define INSURANCE(...)                                                                                                 \
    { .kind = HL_FUND_insurance, .amount = __VA_ARGS__ }
#define RESERVE(...)                                                                                                   \
    { .kind = HL_FUND_reserve, .amount = __VA_ARGS__ }
#define CAPITAL(...)                                                                                                   \
    { .kind = HL_FUND_own_capital, .amount = __VA_ARGS__ }
#define PARENT(...)                                                                                                    \
    { .kind = HL_FUND_parent, .amount = __VA_ARGS__ }

enum { PLAY_THEFTS = 4, PLAY_FUNDS = 7, PLAY_DEADLINE = 30 };

struct play {
    struct engine e;
    struct hl_plan plan;
    struct hl_waterfall w;
    struct hl_prices prices;
    struct hl_claim claims[PLAY_THEFTS];
    struct hl_taken taken[PLAY_THEFTS][2];
    struct hl_waterfall_case c;
};

static inline void play_fund(struct engine *e, const struct terms *t) {
    struct hl_fund *f = engine_fund(e, t->kind, t->amount);
    static const char *const names[PLAY_FUNDS] = {"f0", "f1", "f2", "f3", "f4", "f5", "f6"};
    f->name = names[e->s.fund_count - 1];
    f->after_days = t->after;
    f->probability = t->refuses ? 0 : t->probability > 0 ? t->probability : 1;
    f->start = t->start > 0 ? t->start : 1;
    f->refill_per_year = t->refill;
    f->fails = (struct hl_failure){t->fails, HL_NONE};
    f->bounty_share = t->bounty;
    f->other_creditors = (struct hl_amount){.value = t->others, .cap = INFINITY};
    f->pari_passu = t->others > 0;
    f->income = (struct hl_amount){.value = t->income, .cap = INFINITY};
    f->top_up_below = t->top_up_below;
    if (t->kind != HL_FUND_insurance)
        return;
    f->layer.attachment = t->attachment;
    f->layer.covers = t->hot_only ? 1u << HL_VECTOR_hot_wallet_drain : ~0u;
    f->layer.aggregate_deductible = t->aggregate_deductible;
    if (t->share > 0)
        f->layer.share = t->share;
    if (t->aggregate_limit > 0)
        f->layer.aggregate_limit = t->aggregate_limit;
    if (t->limits > 0)
        f->layer.reinstatements = t->limits - 1;
}

static inline void play_claim(struct play *p, size_t k, const struct theft *t) {
    struct hl_taken *taken = p->taken[k];
    uint32_t count = 0;
    if (t->a > 0 || t->guarantee_a > 0) {
        taken[count].guarantee = t->guarantee_a;
        taken[count].customers = taken[count].worth = t->a;
        count++;
    }
    if (t->b > 0) {
        taken[count].asset = 1;
        taken[count].customers = taken[count].worth = t->b;
        count++;
    }
    p->claims[k] = (struct hl_claim){.exchange = 0,
                                     .source = t->insider ? 1 : 0,
                                     .index = (uint32_t)k,
                                     .day = t->day,
                                     .gross = t->a + t->b + t->guarantee_a + t->house,
                                     .house = t->house,
                                     .taken = taken,
                                     .taken_count = count};
    hl_owed_tell(&p->plan, &p->prices, &p->claims[k], taken, false);
}

/* Thefts are by day and end with the first of nothing. */
static inline void play_make_years(struct play *p, int years, bool fresh, const struct terms *funds, size_t fund_count,
                                   const struct theft *thefts, size_t theft_count, double guarantee_a,
                                   double guarantee_b) {
    memset(p, 0, sizeof *p);
    engine_start(&p->e);
    p->e.s.horizon_days = years * 365;
    p->e.s.fresh = fresh;
    engine_exchange(&p->e, "ape");
    engine_asset(&p->e, "A");
    engine_asset(&p->e, "B");
    engine_holding(&p->e, 0, 0, HL_COLD, guarantee_a)->owner = HL_OWNER_GUARANTEE;
    engine_holding(&p->e, 0, 1, HL_COLD, guarantee_b)->owner = HL_OWNER_GUARANTEE;
    engine_breach(&p->e, HL_VECTOR_hot_wallet_drain, 1, HL_NONE);
    engine_breach(&p->e, HL_VECTOR_insider, 1, HL_NONE);
    for (size_t i = 0; i < fund_count; i++)
        play_fund(&p->e, &funds[i]);
    engine_plan(&p->plan, &p->e);
    const struct hl_policy *policy = &p->plan.policies[0];
    p->c = (struct hl_waterfall_case){.plan = &p->plan,
                                      .funds = policy->funds,
                                      .fund_count = policy->first[1],
                                      .claims = p->claims,
                                      .prices = &p->prices,
                                      .basis = HL_BASIS_ALL,
                                      .layer_limit = -1};
    struct hl_error err = {0};
    cr_assert(hl_prices_reserve(&p->prices, &p->plan, PLAY_THEFTS, &err) == HL_OK);
    hl_prices_begin(&p->prices, 0, 0);
    for (size_t k = 0; k < theft_count && thefts[k].a + thefts[k].b + thefts[k].house > 0; k++)
        play_claim(p, p->c.claim_count++, &thefts[k]);
    cr_assert(hl_waterfall_reserve(&p->w, &p->plan, PLAY_THEFTS, &err) == HL_OK);
}

static inline void play_make(struct play *p, const struct terms *funds, size_t fund_count, const struct theft *thefts,
                             size_t theft_count, double guarantee_a, double guarantee_b) {
    play_make_years(p, 1, false, funds, fund_count, thefts, theft_count, guarantee_a, guarantee_b);
}

/* One claim on day 50, of coins that are owed in kind and bought after ten days where `buys` says so; prices move. The
 * additional reserve is `extra`. */
static inline void play_make_moving(struct play *p, const struct terms *funds, size_t fund_count,
                                    const struct theft *theft, bool buys, double guarantee, uint32_t trial) {
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

/* Numbers drawn for the test's case `number`, one after the other. */
struct play_chance {
    uint32_t number, index;
};

/* A whole number in [0, below). */
static inline int play_draw(struct play_chance *c, int below) {
    return (int)(below * hl_u01(47, (struct hl_address){.stream = c->number, .purpose = 202, .index = c->index++}));
}

/* What the scenario's fund `item` paid. */
static inline double play_paid(const struct play *p, const struct hl_outcome *o, size_t item) {
    for (size_t i = 0; i < p->c.fund_count; i++)
        if (p->c.funds[i].item == item)
            return o->paid[i];
    return NAN;
}

static inline void play_free(struct play *p) {
    hl_waterfall_free(&p->w);
    hl_prices_free(&p->prices);
    hl_plan_free(&p->plan);
}

#endif
