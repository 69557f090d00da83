/* The engine against its twin, trial by trial: hits, thefts, payments, amounts needed. */
#include "engine/need.h"
#include "engine/pool.h"
#include "tests/many.h"
#include "tests/twin/invent.h"
#include "tests/twin/pair.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SAY "%s, block %u, trial %u: "
#define AT(p) (p)->where, (p)->block, (p)->trial

/* ---- one trial --------------------------------------------------------------------------------------------------- */

/* Numbers that both sides compute in floating point, each in its own order of steps. */
static bool is_near(double a, double b) { return fabs(a - b) <= 1e-9 * fmax(1, fabs(b)); }

static void same_hits(struct twin_pair *p, const struct hl_hit *hits, size_t count) {
    cr_assert_eq(count, p->history.hit_count, SAY "%zu hits, %zu of the twin", AT(p), count, p->history.hit_count);
    for (size_t i = 0; i < count; i++) {
        const struct hl_hit *a = &hits[i];
        const struct twin_hit *b = &p->history.hits[i];
        const struct twin_event *e = &b->event;
        size_t exchange =
            a->target == HL_NO_TARGET ? HL_NONE : p->engine.plan.sources[a->source].targets[a->target].exchange;
        size_t cause = a->cause == HL_NO_CAUSE ? HL_NONE : a->cause;
        cr_assert(a->source == e->source && a->index == e->index && a->stream == e->stream && exchange == b->exchange &&
                      a->year == e->year && cause == e->cause && a->found == b->found,
                  SAY "hit %zu: source %u %zu, index %u %u, exchange %zu %zu, year %u %d, cause %zu %zu, found %d %d",
                  AT(p), i, a->source, e->source, a->index, e->index, exchange, b->exchange, a->year, e->year, cause,
                  e->cause, a->found, b->found);
        cr_assert(is_near(a->entry_day, e->day) && is_near(a->day, b->day) && is_near(a->notice_days, b->notice_days) &&
                      is_near(a->size, b->size) && a->pick == b->pick,
                  SAY "hit %zu: entry %a %a, day %a %a, notice %a %a, size %a %a, pick %a %a", AT(p), i, a->entry_day,
                  e->day, a->day, b->day, a->notice_days, b->notice_days, a->size, b->size, a->pick, b->pick);
    }
}

/* By asset: what was taken, and what is owed for it. */
static void same_coins(struct twin_pair *p, const struct hl_claim *a, const struct twin_claim *b) {
    for (size_t j = 0; j < TWIN_ASSETS; j++) {
        struct hl_taken t = {.asset = (uint32_t)j};
        for (uint32_t i = 0; i < a->taken_count; i++) {
            cr_assert(i == 0 || a->taken[i - 1].asset < a->taken[i].asset);
            t = a->taken[i].asset == j ? a->taken[i] : t;
        }
        cr_assert(t.reserve == b->owned[HL_OWNER_RESERVE][j] && t.protection == b->owned[HL_OWNER_PROTECTION_FUND][j],
                  SAY "asset %zu: reserve %.0f %.0f, protection fund %.0f %.0f", AT(p), j, t.reserve,
                  b->owned[HL_OWNER_RESERVE][j], t.protection, b->owned[HL_OWNER_PROTECTION_FUND][j]);
        cr_assert(t.customers == b->customers[j] && t.guarantee == b->owned[HL_OWNER_GUARANTEE][j] &&
                      t.worth == b->worth[j] && t.in_kind == b->in_kind[j] && t.money == b->money[j],
                  SAY "asset %zu: customers %.0f %.0f, guarantee %.0f %.0f, worth %.0f %.0f, in kind %.0f %.0f, "
                      "money %.0f %.0f",
                  AT(p), j, t.customers, b->customers[j], t.guarantee, b->owned[HL_OWNER_GUARANTEE][j], t.worth,
                  b->worth[j], t.in_kind, b->in_kind[j], t.money, b->money[j]);
    }
}

/* The engine's claims [count] of one exchange against the twin's. */
static void same_claims(struct twin_pair *p, size_t exchange, const struct hl_claim *claims, size_t count) {
    size_t found = 0;
    for (size_t k = 0; k < p->history.claim_count; k++) {
        const struct twin_claim *b = &p->history.claims[k];
        if (b->hit.exchange != exchange)
            continue;
        cr_assert_lt(found, count);
        const struct hl_claim *a = &claims[found++];
        cr_assert(a->day == b->day && a->gross == b->gross && a->claim == b->claim && a->house == b->house &&
                      a->source == b->hit.event.source && a->index == b->hit.event.index &&
                      a->stream == b->hit.event.stream,
                  SAY "claim %zu at exchange %zu: day %d %d, gross %.0f %.0f, claim %.0f %.0f, house %.0f %.0f", AT(p),
                  k, exchange, a->day, b->day, a->gross, b->gross, a->claim, b->claim, a->house, b->house);
        cr_assert(a->insured == b->insured && a->theft_day == b->theft_day && a->coins_after == b->coins_after &&
                      a->money_after == b->money_after,
                  SAY
                  "claim %zu at exchange %zu: insured %.0f %.0f, theft on day %d %d, coins after %d %d, money %d %d",
                  AT(p), k, exchange, a->insured, b->insured, a->theft_day, b->theft_day, a->coins_after,
                  b->coins_after, a->money_after, b->money_after);
        double days = b->run.days_unpaid < 0 ? HL_NEVER : b->run.days_unpaid;
        cr_assert(a->run.asked == b->run.asked && a->run.backlog_most == b->run.backlog_most &&
                      a->run.days_unpaid == days && a->run.suspended == b->run.suspended,
                  SAY "claim %zu at exchange %zu: asked %.0f %.0f, backlog %.0f %.0f, days %.0f %.0f, suspended %d %d",
                  AT(p), k, exchange, a->run.asked, b->run.asked, a->run.backlog_most, b->run.backlog_most,
                  a->run.days_unpaid, days, a->run.suspended, b->run.suspended);
        same_coins(p, a, b);
    }
    cr_assert_eq(found, count);
}

static void same_outcome(struct twin_pair *p, const struct hl_waterfall_case *c, const struct hl_outcome *a,
                         const struct twin_outcome *b) {
    const struct hl_plan *plan = &p->engine.plan;
    const char *basis = c->basis == HL_BASIS_ALL ? "all" : "earmarked";
    size_t exchange = c->claims[0].exchange;
    double days = b->days_until_whole < 0 ? HL_NEVER : b->days_until_whole;
    cr_assert(a->claim == b->claim && a->shortfall == b->shortfall && a->shortfall_largest == b->shortfall_largest &&
                  a->haircut == b->haircut && a->days_until_whole == days,
              SAY "exchange %zu, %s, extra %.0f, limit %.0f: claim %.0f %.0f, shortfall %.0f %.0f, largest %.0f %.0f, "
                  "haircut %.0f %.0f, days %.0f %.0f",
              AT(p), exchange, basis, c->extra_reserve, c->layer_limit, a->claim, b->claim, a->shortfall, b->shortfall,
              a->shortfall_largest, b->shortfall_largest, a->haircut, b->haircut, a->days_until_whole, days);
    double share = plan->tells_end ? b->haircut_share : 0;
    cr_assert(a->insolvent == b->insolvent && a->haircut_share == share,
              SAY "exchange %zu, %s: insolvent %d %d, share lost %.0f %.0f", AT(p), exchange, basis, a->insolvent,
              b->insolvent, a->haircut_share, share);
    for (size_t m = 0; m < plan->scenario->exchange_count && plan->pool_count > 0; m++)
        cr_assert_eq(hl_pools_called(p->engine.waterfall.pools, m), b->called[m],
                     SAY "exchange %zu, %s: member %zu is called for %.0f %.0f", AT(p), exchange, basis, m,
                     hl_pools_called(p->engine.waterfall.pools, m), b->called[m]);
    cr_assert_eq(c->fund_count, b->row_count);
    for (size_t i = 0; i < c->fund_count; i++) {
        size_t f = c->funds[i].item;
        double paid = b->paid_row[i];
        cr_assert(a->paid[i] == paid, SAY "exchange %zu, %s, extra %.0f, limit %.0f: row %zu paid %.0f %.0f", AT(p),
                  exchange, basis, c->extra_reserve, c->layer_limit, i, a->paid[i], paid);
        if (c->funds[i].kind == HL_FUND_insurance)
            cr_assert(a->attached[i] == b->attached[f] && a->exhausted[i] == b->exhausted[f],
                      SAY "exchange %zu, %s, row %zu: attached %d %d, exhausted %d %d", AT(p), exchange, basis, i,
                      a->attached[i], b->attached[f], a->exhausted[i], b->exhausted[f]);
    }
    for (size_t i = 0; i < plan->scenario->report.unpaid_after_count; i++)
        cr_assert_eq(a->unpaid_at[plan->unpaid_check[i]], b->unpaid_after[i], SAY "exchange %zu, %s, unpaid after %.0f",
                     AT(p), exchange, basis, plan->scenario->report.unpaid_after_days[i]);
    cr_assert_eq(a->unpaid_at[plan->deadline_check], b->shortfall > 0);
}

/* Solves both sides with these questions. Returns the shortfall. */
static double same_solution(struct twin_pair *p, struct hl_waterfall_case *c, struct twin_question *q, double extra,
                            double limit) {
    c->extra_reserve = q->extra_reserve = extra;
    c->layer_limit = q->layer_limit = limit;
    struct hl_outcome a = hl_waterfall_solve(&p->engine.waterfall, c);
    struct twin_outcome b = twin_pay(&p->twin, &p->history, q);
    same_outcome(p, c, &a, &b);
    p->compared++;
    c->extra_reserve = q->extra_reserve = 0;
    c->layer_limit = q->layer_limit = -1;
    return b.shortfall;
}

enum { ABOVE = 40 };

/* R* pays all, R* − 1 does not, and amounts above pay all; by trying every amount where there are few. */
static void same_reserve_need(struct twin_pair *p, struct hl_waterfall_case *c, struct twin_question *q,
                              double shortfall) {
    double need = hl_need_reserve(&p->engine.waterfall, *c, shortfall);
    double claim = 0;
    for (size_t k = 0; k < c->claim_count; k++)
        claim += c->claims[k].claim;
    if (p->tiny) {
        double tried = twin_reserve_needed(&p->twin, &p->history, *q);
        tried = tried < 0 ? HL_NEVER : tried;
        cr_assert_eq(need, tried, SAY "exchange %zu, basis %d: reserve needed %.0f, by trial of all %.0f (claim %.0f)",
                     AT(p), q->exchange, (int)c->basis, need, tried, claim);
        p->brute++;
        return;
    }
    cr_assert_eq(same_solution(p, c, q, need, -1), 0, SAY "the reserve needed leaves a shortfall", AT(p));
    cr_assert_gt(same_solution(p, c, q, need - 1, -1), 0, SAY "one less than the reserve needed suffices", AT(p));
    for (int i = 1; i <= ABOVE; i++) {
        q->extra_reserve = need + floor((claim - need) * i / ABOVE);
        cr_assert_eq(twin_pay(&p->twin, &p->history, q).shortfall, 0, SAY "more than the reserve needed fails", AT(p));
    }
    q->extra_reserve = 0;
}

static void same_limit_need(struct twin_pair *p, struct hl_waterfall_case *c, struct twin_question *q) {
    double need = hl_need_insurance(&p->engine.waterfall, *c, hl_waterfall_solve(&p->engine.waterfall, c).shortfall);
    if (p->tiny) {
        double tried = twin_limit_needed(&p->twin, &p->history, *q);
        tried = tried < 0 ? HL_NEVER : tried;
        cr_assert_eq(need, tried, SAY "exchange %zu, basis %d: limit needed %.0f, by trial of all %.0f", AT(p),
                     q->exchange, (int)c->basis, need, tried);
        return;
    }
    if (need >= HL_NEVER)
        return;
    cr_assert_eq(same_solution(p, c, q, 0, need), 0, SAY "the limit needed leaves a shortfall", AT(p));
    cr_assert_gt(same_solution(p, c, q, 0, need - 1), 0, SAY "one less than the limit needed suffices", AT(p));
    for (int i = 1; i <= ABOVE; i++) {
        q->layer_limit = need + floor(need * i / 8);
        cr_assert_eq(twin_pay(&p->twin, &p->history, q).shortfall, 0, SAY "more than the limit needed fails", AT(p));
    }
    q->layer_limit = -1;
}

/* All questions about one exchange in one trial, and one policy year unless it is 0; `needs`: the amounts needed too.
 */
static void same_exchange(struct twin_pair *p, size_t exchange, int year, bool needs) {
    for (size_t policy = 0; policy < p->engine.plan.policy_count; policy++) {
        for (int basis = 0; basis < HL_BASIS_COUNT; basis++) {
            struct hl_waterfall_case c = twin_pair_case(p, policy, exchange, year, (enum hl_basis)basis);
            struct twin_question q = {.exchange = exchange,
                                      .year = year,
                                      .trial = p->trial,
                                      .earmarked_only = basis == HL_BASIS_EARMARKED,
                                      .without_insurance = policy > 0,
                                      .layer_limit = -1};
            if (c.claim_count == 0)
                continue;
            double shortfall = same_solution(p, &c, &q, 0, -1);
            if (shortfall <= 0 || !needs)
                continue;
            same_solution(p, &c, &q, ceil(shortfall / 3), -1);
            same_reserve_need(p, &c, &q, shortfall);
            if (policy == 0 && twin_first_layer(p->twin.scenario, exchange) != HL_NONE)
                same_limit_need(p, &c, &q);
        }
    }
}

static void same_trial(struct twin_pair *p, uint32_t trial, bool needs) {
    struct twin_engine *e = &p->engine;
    const struct hl_hit *hits = e->events.hits + e->events.first[trial];
    size_t hit_count = e->events.first[trial + 1] - e->events.first[trial];
    p->trial = trial;
    twin_play(&p->twin, trial, &p->history);
    same_hits(p, hits, hit_count);
    hl_claims_play(&e->claims, &e->plan, p->block, hits, hit_count);
    cr_assert_eq(e->claims.count, p->history.claim_count);
    for (size_t exchange = 0; exchange < p->twin.scenario->exchange_count && hit_count > 0; exchange++) {
        bool fresh = p->twin.scenario->fresh && p->twin.years > 1;
        struct hl_waterfall_case c = twin_pair_case(p, 0, exchange, 0, HL_BASIS_ALL);
        same_claims(p, exchange, c.claims, c.claim_count);
        for (int year = fresh ? 1 : 0; year <= (fresh ? p->twin.years : 0); year++)
            same_exchange(p, exchange, year, needs);
    }
}

/* ---- the bundled scenarios --------------------------------------------------------------------------------------- */

enum { EVENTS = HL_IS_SLOW ? 400 : 2000 };

static void compare_bundled(const char *path, double factor, enum twin_way way, uint32_t block) {
    struct hl_scenario s = {0};
    twin_load_raised(&s, path, factor);
    struct twin_pair *p = malloc(sizeof *p);
    twin_pair_open(p, path, &s);
    size_t with_events = 0;
    for (; with_events < EVENTS; block++) {
        twin_pair_draw(p, way, block);
        for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS && with_events < EVENTS; trial++) {
            bool any = p->engine.events.first[trial + 1] > p->engine.events.first[trial];
            with_events += any;
            same_trial(p, trial, any && with_events % 20 == 0);
        }
    }
    cr_assert_geq(p->compared, 2 * EVENTS);
    twin_pair_close(p);
    free(p);
    hl_scenario_free(&s);
}

Test(twin, minimal_agrees) { compare_bundled("scenarios/minimal.yaml", 40, TWIN_STATED, 0); }
Test(twin, dmm_agrees) { compare_bundled("scenarios/dmm-2024.yaml", 40, TWIN_STATED, 3); }
Test(twin, dmm_agrees_at_high_rates) { compare_bundled("scenarios/dmm-2024.yaml", 20, TWIN_HIGH, 0); }
Test(twin, coincheck_agrees) { compare_bundled("scenarios/coincheck-2018.yaml", 10, TWIN_STATED, 1); }
Test(twin, japan_agrees) { compare_bundled("scenarios/japan-2026.yaml", 8, TWIN_STATED, 17); }

/* ---- random scenarios -------------------------------------------------------------------------------------------- */

enum { SCENARIOS = HL_IS_SLOW ? 40 : 200, TRIALS_EACH = 16, BRUTE_EACH = 3 };

static void compare_random(uint32_t from, uint32_t to) {
    struct twin_pair *p = malloc(sizeof *p);
    size_t compared = 0, brute = 0;
    for (uint32_t number = from; number < to; number++) {
        struct hl_scenario s;
        char where[64];
        twin_invent_full(&s, number);
        snprintf(where, sizeof where, "random scenario %u", number);
        twin_pair_open(p, where, &s);
        p->tiny = true;
        enum twin_way way = (enum twin_way)(number % TWIN_WAYS);
        bool has_way = twin_sampling(&p->engine.plan, way) != HL_NONE;
        twin_pair_draw(p, has_way ? way : TWIN_STATED, number % 7);
        size_t with_claims = 0;
        for (uint32_t trial = 0; trial < HL_BLOCK_TRIALS && with_claims < TRIALS_EACH; trial++) {
            same_trial(p, trial, p->brute < BRUTE_EACH);
            with_claims += p->history.claim_count > 0;
        }
        compared += p->compared;
        brute += p->brute;
        twin_pair_close(p);
        hl_scenario_free(&s);
    }
    free(p);
    cr_assert_gt(compared, (size_t)60 * (to - from));
    cr_assert_gt(brute, (size_t)2 * (to - from));
}

Test(twin, random_scenarios_agree_1) { compare_random(0, SCENARIOS / 2); }
Test(twin, random_scenarios_agree_2) { compare_random(SCENARIOS / 2, SCENARIOS); }

/* Coins A 50 and B 50 are stolen on the first day. The recovery pays 25 of each at once, the reserve the other 25
 * and 25. On day 10 there are 200 of coin B: they pay back what the reserve paid in coin B's stead, and nothing for
 * coin A. */
Test(twin, guarantee_stands_in_for_its_own_coin_only) {
    struct hl_exchange exchange = {.id = "x"};
    struct hl_asset assets[] = {{.id = "A"}, {.id = "B"}};
    struct hl_holding holdings[] = {
        {0, 0, HL_HOT, HL_NONE, HL_OWNER_CUSTOMERS, NAN, 50, 1, 1, "", ""},
        {0, 1, HL_HOT, HL_NONE, HL_OWNER_CUSTOMERS, NAN, 50, 1, 1, "", ""},
        {0, 1, HL_COLD, HL_NONE, HL_OWNER_GUARANTEE, NAN, 200, 1, 1, "", ""},
    };
    size_t at[] = {0};
    struct hl_breach breach = {.name = "drain",
                               .at = at,
                               .at_count = 1,
                               .hit = 1,
                               .hit_low = 1,
                               .hit_high = 1,
                               .passes = 1,
                               .climate = HL_NONE,
                               .tiers = 1u << HL_HOT};
    breach.count = (struct hl_count){hl_frequency_find("at_most_once"), {1}, 1, 1};
    breach.size = (struct hl_distribution){.family = hl_severity_find("fixed"), .p = {1}};
    breach.amount_most = INFINITY;
    struct hl_fund funds[] = {
        {.kind = HL_FUND_recovery, .name = "recovery", .probability = 1, .recovered_share = 0.5},
        {.kind = HL_FUND_guarantee_crypto, .name = "guarantee", .probability = 1, .after_days = 10},
        {.kind = HL_FUND_reserve,
         .name = "reserve",
         .probability = 1,
         .amount = {HL_BASE_FIXED, 60, 0, INFINITY, NULL}},
    };
    for (size_t i = 0; i < 3; i++) {
        funds[i].at = at;
        funds[i].at_count = 1;
        funds[i].start = 1;
        funds[i].fails.climate = funds[i].contract.denied.climate = HL_NONE;
    }
    struct hl_scenario s = {.quantum = 1, .horizon_days = 365, .seed = 1, .exchanges = &exchange, .exchange_count = 1};
    struct hl_claim_terms terms[] = {{.share = {[HL_AT_THEFT] = 1}}, {.share = {[HL_AT_THEFT] = 1}}};
    s.assets = assets, s.asset_count = 2;
    s.claim_terms = terms;
    s.holdings = holdings, s.holding_count = 3;
    s.breaches = &breach, s.breach_count = 1;
    s.funds = funds, s.fund_count = 3;
    s.report.deadline_days = 30;
    struct twin_pair *p = malloc(sizeof *p);
    twin_pair_open(p, "one exchange, two coins", &s);
    twin_pair_draw(p, TWIN_STATED, 0);
    twin_play(&p->twin, 0, &p->history);
    struct twin_question q = {.layer_limit = -1};
    struct twin_outcome o = twin_pay(&p->twin, &p->history, &q);
    cr_assert(o.paid[0] == 50 && o.paid[1] == 25 && o.paid[2] == 25, "%g %g %g", o.paid[0], o.paid[1], o.paid[2]);
    same_trial(p, 0, true);
    twin_pair_close(p);
    free(p);
}
