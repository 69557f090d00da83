/* What is insured, what it was worth, and what its reinstatement costs: worked examples in yen. */
#include "bad_contracts.h"
#include "engine/arrivals.h"
#include "engine/contracts.h"
#include "engine/need.h"
#include "tests/engine_fixture.h"
#include "tests/scenario_fixture.h"

/* Plays the rows of funds; the test changes contracts and claims before it asks who paid. The plan and the case point
 * into `p`, so what is changed counts. */
static void make(struct play *p, const struct terms *funds, size_t fund_count, const struct theft *thefts) {
    play_make(p, funds, fund_count, thefts, PLAY_THEFTS, 0, 0);
}

static void expect_paid(struct play *p, const char *what, const double *want, size_t count) {
    struct hl_outcome o = hl_waterfall_solve(&p->w, &p->c);
    for (size_t i = 0; i < count; i++)
        cr_expect(play_paid(p, &o, i) == want[i], "%s: fund %zu paid %g, not %g", what, i, play_paid(p, &o, i),
                  want[i]);
}

#define EXPECT_PAID(p, what, ...) expect_paid(p, what, (double[]){__VA_ARGS__}, COUNT_OF(((double[]){__VA_ARGS__})))

static const struct terms layer_and_capital[] = {INSURANCE(8, .aggregate_limit = 12), CAPITAL(100)};

Test(contracts, vendors_may_be_excluded) {
    const bool first[] = {true, false}, second[] = {false, true};
    const struct {
        const char *what;
        size_t vendor;
        bool third_parties;
        const bool *excluded;
        double insurance, capital;
    } rows[] = {
        {"an own breach", HL_NONE, true, first, 8, 2},
        {"a vendor's breach, nothing excluded", 0, false, NULL, 8, 2},
        {"third parties excluded", 0, true, NULL, 0, 10},
        {"this vendor excluded", 0, false, first, 0, 10},
        {"another vendor excluded", 0, false, second, 8, 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        make(&p, layer_and_capital, 2, (struct theft[PLAY_THEFTS]){{.a = 10}});
        p.plan.sources[0].vendor = rows[i].vendor;
        p.e.funds[0].contract.excludes_third_parties = rows[i].third_parties;
        p.e.funds[0].contract.excluded = rows[i].excluded;
        EXPECT_PAID(&p, rows[i].what, rows[i].insurance, rows[i].capital);
        play_free(&p);
    }
}

/* Four of ten coins are hot, one warm, five cold. */
Test(contracts, coins_of_some_tiers) {
    const struct {
        const char *what;
        uint32_t tiers;
        double insurance;
    } rows[] = {
        {"not said: all", 0, 10},   {"all", 7, 10},
        {"hot", 1u << HL_HOT, 4},   {"hot and warm", 1u << HL_HOT | 1u << HL_WARM, 5},
        {"cold", 1u << HL_COLD, 5},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (enum hl_valuation at = 0; at < HL_VALUATION_COUNT; at++) {
            struct play p;
            make(&p, (struct terms[]){INSURANCE(20), CAPITAL(100)}, 2, (struct theft[PLAY_THEFTS]){{.a = 10}});
            memcpy(p.taken[0][0].by_tier, (double[HL_TIER_COUNT]){[HL_HOT] = 4, [HL_WARM] = 1, [HL_COLD] = 5},
                   sizeof p.taken[0][0].by_tier);
            p.e.funds[0].contract.tiers = rows[i].tiers;
            p.e.funds[0].contract.valued_at = at;
            EXPECT_PAID(&p, rows[i].what, rows[i].insurance, 10 - rows[i].insurance);
            play_free(&p);
        }
}

/* Thefts on days 10 and 40, waiting until 10 and until 11: the first theft then erodes nothing of the year's 12. */
Test(contracts, a_waiting_period) {
    for (int waits = 10; waits <= 11; waits++) {
        struct play p;
        make(&p, layer_and_capital, 2, (struct theft[PLAY_THEFTS]){{.day = 10, .a = 9}, {.day = 40, .a = 9}});
        p.claims[0].theft_day = 10;
        p.claims[1].theft_day = 40;
        p.e.funds[0].contract.waiting_days = waits;
        EXPECT_PAID(&p, "waiting", waits == 10 ? 12 : 8, waits == 10 ? 6 : 10);
        play_free(&p);
    }
}

Test(contracts, a_denied_claim_erodes_nothing) {
    struct play p;
    make(&p, layer_and_capital, 2, (struct theft[PLAY_THEFTS]){{.a = 9}, {.day = 5, .a = 9}});
    p.e.funds[0].contract.denied = (struct hl_chance){1, HL_NONE};
    EXPECT_PAID(&p, "both denied", 0, 18);
    /* Denied at 50 %: each of the two claims by a draw of its own. */
    size_t count[4] = {0};
    p.e.funds[0].contract.denied.probability = 0.5;
    for (p.c.trial = 0; p.c.trial < 4000; p.c.trial++) {
        p.claims[0].index = 2 * p.c.trial;
        p.claims[1].index = 2 * p.c.trial + 1;
        struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
        double paid = play_paid(&p, &o, 0);
        cr_assert(paid == 0 || paid == 8 || paid == 12);
        count[(size_t)(paid / 4)]++;
    }
    const double error = sqrt(4000 * 0.25 * 0.75);
    cr_expect(fabs((double)count[0] - 1000) < 4 * error && fabs((double)count[3] - 1000) < 4 * error, "%zu, %zu, %zu",
              count[0], count[2], count[3]);
    play_free(&p);
}

/* In bad years insurers deny more: the probability times the climate, at most 1. */
Test(contracts, denial_goes_with_the_climate) {
    struct play p;
    struct hl_plan_climate drawn = {.stream = hl_stream("climate:threat")};
    struct hl_error err = {0};
    make(&p, layer_and_capital, 2, (struct theft[PLAY_THEFTS]){{.a = 8}});
    cr_assert_eq(hl_climate_prepare(&drawn.law, &hl_climate_gamma, 1, &p.plan.arena, &err), HL_OK);
    cr_assert_eq(hl_normal_make(&p.plan.normal, &p.plan.arena, &err), HL_OK);
    p.plan.climates = &drawn;
    p.e.funds[0].contract.denied = (struct hl_chance){0.5, 0};
    double expected = 0, variance = 0, denied = 0;
    for (p.c.trial = 0; p.c.trial < 4000; p.c.trial++) {
        p.claims[0].index = p.c.trial;
        double chance = fmin(0.5 * hl_climate_at(&p.plan, 0, 0, p.c.trial, 1), 1);
        expected += chance;
        variance += chance * (1 - chance);
        struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
        denied += play_paid(&p, &o, 0) == 0;
    }
    cr_expect(fabs(denied - expected) < 4 * sqrt(variance), "%g of %g", denied, expected);
    cr_expect(fabs(expected - 2000) > 100, "the cap at 1 makes it less than a half of all: %g", expected);
    play_free(&p);
}

/* 10 coins taken on day 3 at a price of 1, known on day 5 at 0.8, insured money on day 15 at 0.4. Customers are owed
 * the price of the theft. Half of the coins are hot. */
Test(contracts, the_day_of_the_valuation) {
    static const double want[HL_VALUATION_COUNT] = {
        [HL_VALUED_AT_DISCOVERY] = 8, [HL_VALUED_AT_THEFT] = 10, [HL_VALUED_AT_PAYMENT] = 4};
    for (enum hl_valuation at = 0; at < HL_VALUATION_COUNT; at++) {
        for (int hot = 0; hot < 2; hot++) {
            struct play p;
            struct hl_price_asset assets[2] = {{0}};
            struct hl_price_law law = {.assets = assets, .asset_count = 2, .most = 10};
            make(&p, (struct terms[]){INSURANCE(20, .after = 10), CAPITAL(100)}, 2,
                 (struct theft[PLAY_THEFTS]){{.day = 5, .a = 10}});
            struct hl_error err = {0};
            p.plan.prices = &law;
            hl_prices_free(&p.prices);
            cr_assert_eq(hl_prices_reserve(&p.prices, &p.plan, 2, &err), HL_OK);
            hl_prices_begin(&p.prices, 0, 0);
            hl_prices_fall(&p.prices, 0, 4, 0.2);
            hl_prices_fall(&p.prices, 0, 12, 0.5);
            p.taken[0][0].by_tier[HL_HOT] = p.taken[0][0].by_tier[HL_COLD] = 5;
            hl_owed_tell(&p.plan, &p.prices, &p.claims[0], p.taken[0], false);
            p.e.funds[0].contract.valued_at = at;
            p.e.funds[0].contract.tiers = hot ? 1u << HL_HOT : 0;
            double paid = hot ? want[at] / 2 : want[at]; /* it comes late and repays the firm's capital */
            EXPECT_PAID(&p, "valued", paid, 10 - paid);
            play_free(&p);
        }
    }
}

/* A theft of 100. A quota share of 40 % and a layer of 30 above 20, in both orders, and each for itself. */
Test(contracts, order_of_inuring) {
    static const bool first[] = {true, false, false};
    const struct {
        const char *what;
        bool quota_first, nets;
        double first, second;
    } rows[] = {
        {"quota share first: 40; the layer of 60 less 20, at most 30", true, true, 40, 30},
        {"the layer first: 30; the quota share of 70", false, true, 30, 28},
        {"neither knows of the other: the quota share of 100", false, false, 30, 40},
        {"nor in the other order", true, false, 40, 30},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        const struct terms quota = INSURANCE(1000, .share = 0.4), layer = INSURANCE(30, .attachment = 20);
        const struct terms funds[] = {rows[i].quota_first ? quota : layer, rows[i].quota_first ? layer : quota,
                                      CAPITAL(1000)};
        make(&p, funds, 3, (struct theft[PLAY_THEFTS]){{.a = 100}});
        p.e.funds[1].contract.net_of = rows[i].nets ? first : NULL;
        EXPECT_PAID(&p, rows[i].what, rows[i].first, rows[i].second, 100 - rows[i].first - rows[i].second);
        play_free(&p);
    }
    /* A small loss of 25: the order decides whether the layer is reached at all. */
    for (int quota_first = 0; quota_first < 2; quota_first++) {
        struct play p;
        const struct terms quota = INSURANCE(1000, .share = 0.4), layer = INSURANCE(30, .attachment = 20);
        const struct terms funds[] = {quota_first ? quota : layer, quota_first ? layer : quota, CAPITAL(1000)};
        make(&p, funds, 3, (struct theft[PLAY_THEFTS]){{.a = 25}});
        p.e.funds[1].contract.net_of = first;
        if (quota_first)
            EXPECT_PAID(&p, "10, and 15 is below 20", 10, 0, 15);
        else
            EXPECT_PAID(&p, "5, and 40 % of 20", 5, 8, 12);
        play_free(&p);
    }
}

/* Only payments that have come by then count: an earlier insurance that pays later is not netted. */
Test(contracts, net_of_what_has_been_paid) {
    static const bool first[] = {true, false, false};
    for (int late = 0; late < 2; late++) {
        struct play p;
        make(&p,
             (struct terms[]){INSURANCE(1000, .share = 0.4, .after = late ? 20 : 0), INSURANCE(1000, .share = 0.5),
                              CAPITAL(1000)},
             3, (struct theft[PLAY_THEFTS]){{.a = 100}});
        p.e.funds[1].contract.net_of = first;
        EXPECT_PAID(&p, "net of it", 40, late ? 50 : 30, late ? 10 : 30);
        play_free(&p);
    }
}

/* A quota share pays its share of every loss and of its limit. */
Test(contracts, a_quota_share_scales) {
    for (int tenth = 1; tenth <= 10; tenth++) {
        struct play p;
        make(&p, (struct terms[]){INSURANCE(50, .share = tenth / 10.0), CAPITAL(1000)}, 2,
             (struct theft[PLAY_THEFTS]){{.a = 20}, {.day = 1, .a = 50}, {.day = 2, .a = 90}});
        EXPECT_PAID(&p, "a share", 12 * tenth, 160 - 12 * tenth);
        play_free(&p);
    }
}

/* One reinstatement at 100 % of a premium of 4 for 20: thefts of 10 and 30 use 30, of which 20 are reinstated for 4.
 * The capital of 7 less these 4 pays 3 of the 10 that the layer does not. */
Test(contracts, capital_pays_for_the_reinstatement) {
    static const double price[] = {1};
    const struct {
        const char *what;
        enum hl_premium premium;
        double capital; /* pays so much */
    } rows[] = {
        {"given", HL_PREMIUM_GIVEN, 3},
        {"to be priced: not charged", HL_PREMIUM_PRICED, 7},
        {"none", HL_PREMIUM_NONE, 7},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct play p;
        make(&p, (struct terms[]){INSURANCE(20, .limits = 2), CAPITAL(7)}, 2,
             (struct theft[PLAY_THEFTS]){{.a = 10}, {.day = 1, .a = 30}});
        p.e.funds[0].layer.reinstatement_prices = price;
        p.e.funds[0].layer.reinstatement_price_count = 1;
        p.e.funds[0].contract.premium = rows[i].premium;
        p.e.funds[0].contract.premium_amount = 4;
        EXPECT_PAID(&p, rows[i].what, 30, rows[i].capital);
        struct hl_outcome o = hl_waterfall_solve(&p.w, &p.c);
        for (size_t f = 0; f < p.c.fund_count; f++)
            cr_expect(o.reinstated[f] == (p.c.funds[f].item == 0 ? 20 : 0), "%s: reinstated %g", rows[i].what,
                      o.reinstated[f]);
        play_free(&p);
    }
}

/* Never below nothing, and half of it at the second price. */
Test(contracts, capital_pays_what_it_has) {
    static const double prices[] = {1, 0.5};
    struct play p;
    make(&p, (struct terms[]){INSURANCE(20, .limits = 3), CAPITAL(5)}, 2,
         (struct theft[PLAY_THEFTS]){{.a = 20}, {.day = 1, .a = 20}, {.day = 2, .a = 21}});
    p.e.funds[0].layer.reinstatement_prices = prices;
    p.e.funds[0].layer.reinstatement_price_count = 2;
    p.e.funds[0].contract.premium = HL_PREMIUM_GIVEN;
    p.e.funds[0].contract.premium_amount = 4;
    EXPECT_PAID(&p, "4 and then 1 of 2", 60, 0);
    play_free(&p);
}

/* The hours clause and the trigger, in the waterfall. */
Test(contracts, events_of_several_thefts) {
    struct play p;
    make(&p, (struct terms[]){INSURANCE(50, .attachment = 10), CAPITAL(1000)}, 2,
         (struct theft[PLAY_THEFTS]){{.day = 4, .a = 30}, {.day = 6, .a = 30}});
    p.claims[0].theft_day = 1;
    p.claims[1].theft_day = 2;
    EXPECT_PAID(&p, "two events", 40, 20);
    p.e.funds[0].layer.hours_days = 3;
    EXPECT_PAID(&p, "one event", 50, 10);
    p.e.funds[0].layer.hours_days = 0;
    p.e.funds[0].layer.attachment = 0;
    p.e.funds[0].layer.trigger = 30;
    EXPECT_PAID(&p, "not above the trigger", 0, 60);
    p.e.funds[0].layer.trigger = 29;
    EXPECT_PAID(&p, "above it: the limit, as far as customers are owed it", 60, 0);
    play_free(&p);
}

/* A layer of 2 for a theft of 10, which is told at the price of the theft; at the discovery it was worth 8. A trigger
 * pays whatever the limit is, so that the limit needed is what customers are owed. */
Test(contracts, the_limit_needed_goes_with_what_is_insured) {
    struct play p;
    make(&p, (struct terms[]){INSURANCE(2)}, 1, (struct theft[PLAY_THEFTS]){{.a = 10}});
    p.claims[0].insured = 8;
    cr_expect_eq(hl_need_insurance(&p.w, p.c, 8), HL_NEVER, "what is not insured is never paid");
    p.e.funds[0].contract.valued_at = HL_VALUED_AT_THEFT;
    cr_expect_eq(hl_need_insurance(&p.w, p.c, 8), 10);
    p.e.funds[0].contract.valued_at = HL_VALUED_AT_DISCOVERY;
    p.e.funds[0].layer.trigger = 5;
    cr_expect_eq(hl_need_insurance(&p.w, p.c, 8), 10);
    play_free(&p);
}

/* ---- as it is written -------------------------------------------------------------------------------------------- */

/* The sample with these terms added to its insurance, and another insurance behind it that is net of it. */
static void load(struct hl_scenario *s, const char *terms) {
    char text[512];
    snprintf(text, sizeof text, "insurance: {%s%sname: crime, limit: 5 bn", terms, *terms != '\0' ? ", " : "");
    char *printed = fixture_run(
        s,
        (struct fixture_edit[FIXTURE_EDITS]){
            {"s.yaml", "insurance: {name: crime, limit: 5 bn, attachment: 0.5 bn, covers: [insider, key_leak]", text},
            {"s.yaml", "  - own_capital\n", "  - insurance: {name: next, limit: 1 bn, net_of: crime}\n"},
            {"s.yaml", "funds:\n", "climates: [{name: threat, gamma: {sd: 0.5}}]\nfunds:\n"}},
        NULL, 0);
    cr_assert_str_eq(printed, "", "%s", terms);
    free(printed);
}

Test(contracts, what_is_not_said_changes_nothing) {
    struct hl_scenario s;
    load(&s, "");
    const struct hl_fund *f = &s.funds[2];
    cr_expect_eq(f->layer.covers, (1u << HL_VECTOR_COUNT) - 1);
    cr_expect(f->layer.deductible == 0 && f->layer.hours_days == 0 && f->layer.trigger == 0 &&
              f->layer.reinstatement_price_count == 0);
    cr_expect(f->contract.tiers == 0 && !f->contract.excludes_third_parties && f->contract.excluded == NULL);
    cr_expect(f->contract.waiting_days == 0 && f->contract.denied.probability == 0 && f->contract.net_of == NULL);
    cr_expect(f->contract.valued_at == HL_VALUED_AT_DISCOVERY && f->contract.premium == HL_PREMIUM_NONE);
    cr_expect(f->fails.rate_per_year == 0);
    cr_expect(s.funds[4].contract.net_of[2] && !s.funds[4].contract.net_of[4], "net of the third fund");
    hl_scenario_free(&s);
}

Test(contracts, every_term_is_read) {
    struct hl_scenario s;
    load(&s, "tiers: [hot, cold], third_parties: excluded, excluded_vendors: vault, deductible: 10 m, hours: 72 h, "
             "waiting_period: 30 d, denied: {probability: 10 %, climate: threat}, fails: {rate: 2 % / y}, valued_at: "
             "payment, reinstatements: 3, reinstatement_price: [100 %, 50 %], premium: 50 m");
    const struct hl_fund *f = &s.funds[2];
    cr_expect_eq(f->contract.tiers, 1u << HL_HOT | 1u << HL_COLD);
    cr_expect(f->contract.excludes_third_parties && !f->contract.excluded[0] && f->contract.excluded[1]);
    cr_expect(f->layer.deductible == 10e6 && f->layer.hours_days == 3 && f->contract.waiting_days == 30);
    cr_expect(f->contract.denied.probability == 0.1 && f->contract.denied.climate == 0);
    cr_expect(f->fails.rate_per_year == 0.02 && f->contract.valued_at == HL_VALUED_AT_PAYMENT);
    cr_expect(f->layer.reinstatement_price_count == 2 && f->layer.reinstatement_prices[0] == 1 &&
              f->layer.reinstatement_prices[1] == 0.5);
    cr_expect(f->contract.premium == HL_PREMIUM_GIVEN && f->contract.premium_amount == 50e6);
    hl_scenario_free(&s);
    load(&s, "trigger: 2 bn, premium: {load: 30 %, of_sd: 20 %}, reinstatement_price: 100 %");
    f = &s.funds[2];
    cr_expect(f->layer.trigger == 2e9 && f->layer.reinstatement_price_count == 1);
    cr_expect(f->contract.premium == HL_PREMIUM_PRICED && f->contract.premium_load == 0.3 &&
              f->contract.premium_of_sd == 0.2);
    hl_scenario_free(&s);
}

Test(contracts, forms_and_what_is_said_beside_them) {
    const uint32_t crime = 1u << HL_VECTOR_hot_wallet_drain | 1u << HL_VECTOR_insider | 1u << HL_VECTOR_key_leak;
    const uint32_t online = 1u << HL_HOT | 1u << HL_WARM;
    const struct {
        const char *terms;
        uint32_t covers, tiers;
        bool excludes;
    } rows[] = {
        {"form: crime", crime, online, true},
        {"form: specie", 1u << HL_VECTOR_cold_wallet_compromise | 1u << HL_VECTOR_insider, 1u << HL_COLD, true},
        {"form: cyber",
         1u << HL_VECTOR_account_takeover | 1u << HL_VECTOR_smart_contract | 1u << HL_VECTOR_third_party_compromise, 0,
         false},
        {"form: crime, tiers: all", crime, 7, true},
        {"form: crime, covers: insider", 1u << HL_VECTOR_insider, online, true},
        {"form: crime, covers: all", (1u << HL_VECTOR_COUNT) - 1, online, true},
        {"form: crime, third_parties: covered", crime, online, false},
        {"third_parties: excluded", (1u << HL_VECTOR_COUNT) - 1, 0, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_scenario s;
        load(&s, rows[i].terms);
        cr_expect_eq(s.funds[2].layer.covers, rows[i].covers, "%s", rows[i].terms);
        cr_expect_eq(s.funds[2].contract.tiers, rows[i].tiers, "%s", rows[i].terms);
        cr_expect_eq(s.funds[2].contract.excludes_third_parties, rows[i].excludes, "%s", rows[i].terms);
        hl_scenario_free(&s);
    }
}

/* No two of these are the same scenario. */
Test(contracts, every_term_is_part_of_the_fingerprint) {
    static const char *const terms[] = {"",
                                        "tiers: hot",
                                        "third_parties: excluded",
                                        "excluded_vendors: keyco",
                                        "excluded_vendors: vault",
                                        "deductible: 1 m",
                                        "hours: 72 h",
                                        "waiting_period: 30 d",
                                        "denied: {probability: 10 %}",
                                        "denied: {probability: 10 %, climate: threat}",
                                        "fails: {rate: 1 % / y}",
                                        "valued_at: theft",
                                        "valued_at: payment",
                                        "trigger: 1 m",
                                        "premium: 1 m",
                                        "premium: {load: 10 %}",
                                        "premium: {of_sd: 10 %}",
                                        "premium: 1 m, reinstatement_price: 100 %",
                                        "premium: 1 m, reinstatement_price: [100 %, 50 %]"};
    char prints[COUNT_OF(terms)][65];
    for (size_t i = 0; i < COUNT_OF(terms); i++) {
        struct hl_scenario s;
        load(&s, terms[i]);
        memcpy(prints[i], s.fingerprint, sizeof prints[i]);
        hl_scenario_free(&s);
        for (size_t k = 0; k < i; k++)
            cr_expect_str_neq(prints[i], prints[k], "%s and %s", terms[i], terms[k]);
    }
}

Test(contracts, reports_every_fault) {
    for (size_t i = 0; i < COUNT_OF(bad_contracts); i++) {
        struct hl_scenario s;
        char *printed = fixture_run(&s, bad_contracts[i].edits, NULL, 0);
        cr_expect_str_eq(printed, bad_contracts[i].want, "%s\n%s", bad_contracts[i].what, printed);
        free(printed);
        hl_scenario_free(&s);
    }
}
