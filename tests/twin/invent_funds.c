/* Who pays, on more terms: features of the funds on top of an invented scenario. */
#include "tests/twin/dice.h"
#include "tests/twin/invent.h"

#include <math.h>
#include <string.h>

static bool is_carried(const struct hl_scenario *s) { return s->horizon_days > 365 && !s->fresh; }

static bool is_one_of(enum hl_fund_id kind, uint32_t kinds) { return (kinds >> kind & 1) != 0; }

#define BIT(kind) (1u << HL_FUND_##kind)

static struct hl_amount invent_amount(struct dice *d, double most) {
    if (dice_often(d, 0.7))
        return (struct hl_amount){.base = HL_BASE_FIXED, .value = dice_whole(d, 0, most), .cap = INFINITY};
    return (struct hl_amount){(enum hl_base)(1 + dice_below(d, HL_BASE_RULE - 1)), dice_between(d, 0, 0.3),
                              dice_whole(d, 0, 5), dice_whole(d, 5, most), NULL};
}

/* ---- kinds ------------------------------------------------------------------------------------------------------- */

/* A zeroed fund with what all have, at a random place among the others; at everybody. */
static struct hl_fund *insert_fund(struct hl_scenario *s, struct dice *d, enum hl_fund_id kind) {
    static const double lags[] = {0, 0, 3, 10, 30, 45, 100};
    size_t place = dice_below(d, s->fund_count + 1);
    struct hl_fund *funds = dice_array(s, s->fund_count + 1, sizeof *funds);
    if (place > 0)
        memcpy(funds, s->funds, place * sizeof *funds);
    if (place < s->fund_count)
        memcpy(funds + place + 1, s->funds + place, (s->fund_count - place) * sizeof *funds);
    struct hl_fund *f = &funds[place];
    *f = (struct hl_fund){.kind = kind, .start = 1, .probability = dice_often(d, 0.6) ? 1 : dice_throw(d)};
    f->name = hl_arena_format(&s->arena, "more%zu", s->fund_count);
    f->after_days = lags[dice_below(d, sizeof lags / sizeof *lags)];
    f->fails.climate = f->contract.denied.climate = HL_NONE;
    f->at = dice_array(s, s->exchange_count, sizeof *f->at);
    for (size_t e = 0; e < s->exchange_count; e++)
        if (dice_often(d, 0.8) || (e + 1 == s->exchange_count && f->at_count == 0))
            f->at[f->at_count++] = e;
    s->funds = funds;
    s->fund_count++;
    return f;
}

void twin_invent_kinds(struct hl_scenario *s, struct dice *d) {
    static const enum hl_fund_id kinds[] = {HL_FUND_protection_fund, HL_FUND_credit_line, HL_FUND_asset_sale,
                                            HL_FUND_token_issue};
    for (size_t count = 1 + dice_below(d, 3); count > 0; count--) {
        struct hl_fund *f = insert_fund(s, d, kinds[dice_below(d, sizeof kinds / sizeof *kinds)]);
        f->amount = invent_amount(d, 30);
        if (is_carried(s)) {
            f->start = dice_often(d, 0.5) ? 1 : dice_throw(d);
            f->refill_per_year = dice_throw(d);
        }
        if (is_one_of(f->kind, BIT(asset_sale) | BIT(token_issue)) && dice_often(d, 0.7))
            f->discount = dice_between(d, 0, 0.6);
    }
}

/* Several recoveries, less what those get who give back. */
void twin_invent_recoveries(struct hl_scenario *s, struct dice *d) {
    for (size_t count = 1 + dice_below(d, 2); count > 0; count--)
        insert_fund(s, d, HL_FUND_recovery)->recovered_share = dice_between(d, 0, 0.7);
    for (size_t i = 0; i < s->fund_count; i++)
        if (s->funds[i].kind == HL_FUND_recovery && dice_often(d, 0.6))
            s->funds[i].bounty_share = dice_between(d, 0, 0.5);
}

/* What an amount is held in, and how it comes in. */
void twin_invent_parts(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->fund_count; i++) {
        struct hl_fund *f = &s->funds[i];
        bool alone = is_one_of(f->kind, BIT(reserve) | BIT(pool) | BIT(administrator));
        if (!hl_fund_kinds[f->kind].stock || f->kind == HL_FUND_pool)
            continue;
        if (!alone && dice_often(d, 0.5)) {
            f->instalments = dice_whole(d, 1, 3);
            f->every_days = dice_whole(d, 1, 60);
        }
        if (dice_often(d, 0.5))
            continue;
        struct hl_part *parts = dice_array(s, 3, sizeof *parts);
        double share = dice_between(d, 0.1, 0.5);
        parts[0] = (struct hl_part){dice_often(d, 0.5) ? HL_NONE : dice_below(d, s->asset_count), share};
        parts[1] = (struct hl_part){dice_below(d, s->asset_count), 1 - share};
        f->part_count = 2;
        if (dice_often(d, 0.3)) {
            parts[1].share = share / 2;
            parts[2] = (struct hl_part){HL_NONE, 1 - share - share / 2};
            f->part_count = 3;
        }
        f->parts = parts;
    }
}

/* ---- months ------------------------------------------------------------------------------------------------------ */

void twin_invent_months(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->fund_count; i++) {
        struct hl_fund *f = &s->funds[i];
        if (is_one_of(f->kind, BIT(reserve) | BIT(protection_fund) | BIT(own_capital)) && dice_often(d, 0.7))
            f->income = invent_amount(d, 60);
        if (is_one_of(f->kind, BIT(reserve) | BIT(protection_fund)) && dice_often(d, 0.4))
            f->top_up_below = dice_between(d, 0.1, 1);
    }
}

/* ---- failures and the end ---------------------------------------------------------------------------------------- */

static size_t some_climate(struct hl_scenario *s, struct dice *d) {
    return s->climate_count > 0 && dice_often(d, 0.6) ? dice_below(d, s->climate_count) : HL_NONE;
}

void twin_invent_failures(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->fund_count; i++) {
        struct hl_fund *f = &s->funds[i];
        if (!is_one_of(f->kind, BIT(parent) | BIT(credit_line) | BIT(insurance) | BIT(pool)) || dice_often(d, 0.3))
            continue;
        f->fails.rate_per_year = dice_between(d, 0.05, 3);
        f->fails.climate = some_climate(s, d);
    }
}

void twin_invent_deposits(struct hl_scenario *s, struct dice *d) {
    struct hl_fund *f = insert_fund(s, d, HL_FUND_deposit_insurance);
    f->deposit = (struct hl_deposit_terms){.limit = dice_whole(d, 1, 20),
                                           .customers = dice_often(d, 0.3) ? NAN : dice_whole(d, 1, 50),
                                           .sigma = dice_often(d, 0.4) ? 0 : dice_between(d, 0.1, 2.5)};
    for (size_t e = 0; e < s->exchange_count; e++)
        s->exchanges[e].customers = dice_whole(d, 1, 30);
}

void twin_invent_ends(struct hl_scenario *s, struct dice *d) {
    if (dice_often(d, 0.5))
        insert_fund(s, d, HL_FUND_transfer)->probability = dice_throw(d);
    if (dice_often(d, 0.7)) {
        struct hl_fund *f = insert_fund(s, d, HL_FUND_administrator);
        f->amount = invent_amount(d, 60);
        f->pari_passu = dice_often(d, 0.5);
        if (dice_often(d, 0.7))
            f->other_creditors = invent_amount(d, 60);
    }
}

void twin_invent_haircut(struct hl_scenario *s, struct dice *d) {
    s->haircut = (enum hl_haircut_rule)dice_below(d, HL_HAIRCUT_RULE_COUNT);
    s->haircut_told = true;
    for (size_t e = 0; e < s->exchange_count; e++)
        s->exchanges[e].customer_fiat = dice_often(d, 0.3) ? NAN : dice_whole(d, 0, 60);
}

/* ---- insurance --------------------------------------------------------------------------------------------------- */

static void invent_contract(struct hl_scenario *s, struct dice *d, struct hl_fund *f, size_t item) {
    struct hl_contract *c = &f->contract;
    if (dice_often(d, 0.4))
        c->tiers = 1 + (uint32_t)dice_below(d, (1u << HL_TIER_COUNT) - 1);
    c->excludes_third_parties = dice_often(d, 0.2);
    if (s->vendor_count > 0 && dice_often(d, 0.3)) {
        bool *excluded = dice_array(s, s->vendor_count, sizeof *excluded);
        excluded[dice_below(d, s->vendor_count)] = true;
        c->excluded = excluded;
    }
    c->waiting_days = dice_often(d, 0.3) ? dice_whole(d, 1, 200) : 0;
    if (dice_often(d, 0.4))
        c->denied = (struct hl_chance){dice_throw(d), some_climate(s, d)};
    c->valued_at = (enum hl_valuation)dice_below(d, HL_VALUATION_COUNT);
    bool *net_of = dice_array(s, s->fund_count, sizeof *net_of);
    for (size_t i = 0; i < item; i++)
        net_of[i] = s->funds[i].kind == HL_FUND_insurance && dice_often(d, 0.6);
    c->net_of = dice_often(d, 0.5) ? net_of : NULL;
    if (dice_often(d, 0.5)) {
        c->premium = HL_PREMIUM_GIVEN;
        c->premium_amount = dice_whole(d, 1, 20);
    }
}

void twin_invent_contracts(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->fund_count; i++) {
        struct hl_fund *f = &s->funds[i];
        if (f->kind != HL_FUND_insurance || dice_often(d, 0.2))
            continue;
        invent_contract(s, d, f, i);
        struct hl_layer_terms *layer = &f->layer;
        layer->hours_days = dice_often(d, 0.4) ? dice_between(d, 0.5, 120) : 0;
        if (isfinite(layer->limit) && dice_often(d, 0.2))
            layer->trigger = dice_whole(d, 1, 25);
        else
            layer->deductible = dice_often(d, 0.5) ? dice_whole(d, 1, 10) : 0;
        if (isfinite(layer->limit) && layer->reinstatements > 0 && dice_often(d, 0.7)) {
            double *prices = dice_array(s, 2, sizeof *prices);
            prices[0] = dice_between(d, 0, 1.5);
            prices[1] = dice_between(d, 0, 1.5);
            layer->reinstatement_prices = prices;
            layer->reinstatement_price_count = 1 + dice_below(d, 2);
        }
    }
}

/* ---- pools ------------------------------------------------------------------------------------------------------- */

void twin_invent_pools(struct hl_scenario *s, struct dice *d) {
    struct hl_fund *f = insert_fund(s, d, HL_FUND_pool);
    f->amount = (struct hl_amount){.base = HL_BASE_FIXED, .value = dice_whole(d, 0, 30), .cap = INFINITY};
    f->calls = invent_amount(d, 20);
    if (is_carried(s)) {
        f->start = dice_often(d, 0.5) ? 1 : dice_throw(d);
        f->refill_per_year = dice_throw(d);
    }
}

/* ---- stolen funds ------------------------------------------------------------------------------------------------ */

static bool holds(const struct hl_fund *f, size_t exchange, size_t asset) {
    bool there = false, found = false;
    for (size_t i = 0; i < f->at_count; i++)
        there |= f->at[i] == exchange;
    for (size_t i = 0; i < f->part_count; i++)
        found |= f->parts[i].asset == asset;
    return there && found;
}

/* What the reserve or a protection fund holds lies in wallets that can be robbed. */
void twin_invent_stolen(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->holding_count; i++)
        for (size_t k = 0; k < s->fund_count; k++) {
            struct hl_holding *h = &s->holdings[i];
            bool reserve = s->funds[k].kind == HL_FUND_reserve;
            if ((reserve || s->funds[k].kind == HL_FUND_protection_fund) &&
                holds(&s->funds[k], h->exchange, h->asset) && dice_often(d, 0.4))
                h->owner = reserve ? HL_OWNER_RESERVE : HL_OWNER_PROTECTION_FUND;
        }
}
