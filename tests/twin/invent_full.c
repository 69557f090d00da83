/* Features on top of an invented scenario. Each has dice of its own, so that one more changes none of the others. */
#include "base/money.h"
#include "tests/twin/dice.h"
#include "tests/twin/invent.h"

#include <math.h>
#include <string.h>

static bool is_poisson(const struct hl_breach *b) { return strcmp(b->count.family->name, "poisson") == 0; }

/* Some of `count` things, at least one. */
static bool *flags_of(struct hl_scenario *s, struct dice *d, size_t count) {
    bool *flags = dice_array(s, count, sizeof *flags);
    for (size_t i = 0; i < count; i++)
        flags[i] = dice_often(d, 0.6);
    flags[dice_below(d, count)] = true;
    return flags;
}

static void invent_years(struct hl_scenario *s, struct dice *d) {
    s->horizon_days = 365 * dice_whole(d, 2, 4);
    s->fresh = dice_often(d, 0.3);
    for (size_t i = 0; i < s->fund_count && !s->fresh; i++) {
        s->funds[i].start = dice_often(d, 0.5) ? 1 : dice_throw(d);
        s->funds[i].refill_per_year = dice_often(d, 0.4) ? 0 : dice_often(d, 0.4) ? 1 : dice_throw(d);
    }
}

/* Breaches follow so close on each other that they meet what the last one left. */
static void invent_bad_times(struct hl_scenario *s, struct dice *d) {
    double factor = dice_between(d, 2, 5);
    for (size_t i = 0; i < s->breach_count; i++)
        if (is_poisson(&s->breaches[i])) {
            s->breaches[i].count.p[0] *= factor;
            s->breaches[i].count.low *= factor;
            s->breaches[i].count.high *= factor;
        }
}

static void invent_growth(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->exchange_count; i++)
        s->exchanges[i].growth_per_year = dice_between(d, -0.3, 0.5);
}

static void invent_climates(struct hl_scenario *s, struct dice *d) {
    s->climate_count = 1 + dice_below(d, 2);
    s->climates = dice_array(s, s->climate_count, sizeof *s->climates);
    for (size_t i = 0; i < s->climate_count; i++) {
        struct hl_climate *c = &s->climates[i];
        c->name = hl_arena_format(&s->arena, "climate%zu", i);
        c->family = hl_climates[dice_below(d, 2)];
        c->sd = dice_between(d, 0.2, 2);
        c->persistence = dice_often(d, 0.5) ? 0 : dice_between(d, 0, 0.9);
    }
    for (size_t i = 0; i < s->breach_count; i++)
        if (is_poisson(&s->breaches[i]) && dice_often(d, 0.7))
            s->breaches[i].climate = dice_below(d, s->climate_count);
}

static void invent_trends(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->breach_count; i++)
        if (is_poisson(&s->breaches[i]) && dice_often(d, 0.5))
            s->breaches[i].trend_per_year = dice_between(d, -0.5, 0.5);
}

/* Few offspring, so that cascades end. */
static void invent_excitation(struct hl_scenario *s, struct dice *d) {
    s->excitations = dice_array(s, s->breach_count * s->breach_count, sizeof *s->excitations);
    for (size_t from = 0; from < s->breach_count; from++)
        for (size_t to = 0; to < s->breach_count; to++) {
            const struct hl_breach *a = &s->breaches[from], *b = &s->breaches[to];
            struct hl_excitation link = {.from = from, .to = to, .where = (enum hl_where)dice_below(d, HL_WHERE_COUNT)};
            link.ratio = dice_between(d, 0, 0.25);
            link.delay_days = dice_between(d, 1, 200);
            if (link.where == HL_WHERE_SAME && a->at_vendors != b->at_vendors)
                link.where = HL_WHERE_OTHERS;
            if (is_poisson(a) && is_poisson(b) && dice_often(d, 0.6))
                s->excitations[s->excitation_count++] = link;
        }
}

static void invent_covariates(struct hl_scenario *s, struct dice *d) {
    static const double most[HL_COVARIATE_COUNT] = {100, 500, 0.5, 10};
    for (size_t i = 0; i < s->exchange_count; i++) {
        s->exchanges[i].age_years = dice_whole(d, 0, 15);
        s->exchanges[i].annual_volume = fmax(s->exchanges[i].annual_volume, 1);
    }
    for (size_t i = 0; i < s->breach_count; i++)
        for (int k = 0; k < HL_COVARIATE_COUNT; k++) {
            bool coins = k == HL_BY_CUSTOMER_ASSETS || k == HL_BY_HOT_SHARE; /* an exchange may have none */
            if (!s->breaches[i].at_vendors && !coins && dice_often(d, 0.5))
                s->breaches[i].covariates[k] =
                    (struct hl_covariate_term){dice_between(d, -0.1, 0.1), dice_between(d, 0.1, most[k])};
        }
}

static void invent_controls(struct hl_scenario *s, struct dice *d) {
    s->control_count = 1 + dice_below(d, 3);
    s->controls = dice_array(s, s->control_count, sizeof *s->controls);
    for (size_t i = 0; i < s->control_count; i++)
        s->controls[i] = (struct hl_control){
            .kind = (enum hl_control_id)dice_below(d, HL_CONTROL_COUNT),
            .at = flags_of(s, d, s->exchange_count),
            .breaches = flags_of(s, d, s->breach_count),
            .rate = dice_often(d, 0.5) ? 1 : dice_between(d, 0.2, 1.5),
            .hit = dice_often(d, 0.5) ? 1 : dice_between(d, 0.2, 1),
            .taken = dice_often(d, 0.5) ? 1 : dice_between(d, 0.2, 1),
            .detection = dice_often(d, 0.5) ? 1 : dice_between(d, 0.2, 1),
            .throttle_per_day = dice_often(d, 0.5) ? INFINITY : dice_whole(d, 1, 20),
        };
}

/* Later vendors are built on earlier ones. */
static void invent_graph(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 1; i < s->vendor_count; i++) {
        s->vendors[i].uses = dice_array(s, i, sizeof *s->vendors[i].uses);
        for (size_t k = 0; k < i; k++)
            if (dice_often(d, 0.7))
                s->vendors[i].uses[s->vendors[i].use_count++] = k;
    }
    for (size_t i = 0; i < s->breach_count; i++)
        if (s->breaches[i].at_vendors && dice_often(d, 0.6))
            s->breaches[i].passes = dice_throw(d);
}

static struct hl_copula invent_copula(struct dice *d) {
    struct hl_copula c = {.family = hl_copulas[dice_below(d, 2)]};
    c.p[0] = dice_often(d, 0.2) ? dice_whole(d, 0, 1) : dice_throw(d);
    c.p[1] = dice_between(d, 1, 10);
    return c;
}

static void invent_copulas(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->breach_count; i++)
        if (s->breaches[i].at_vendors && dice_often(d, 0.7))
            s->breaches[i].copula = invent_copula(d);
}

static void invent_hit_ranges(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->breach_count; i++) {
        struct hl_breach *b = &s->breaches[i];
        if (!b->at_vendors || b->hit <= 0 || dice_often(d, 0.3))
            continue;
        b->hit_low = b->hit * dice_between(d, 0.3, 1);
        b->hit_high = b->hit + (1 - b->hit) * dice_throw(d);
    }
}

static struct hl_time invent_time(struct dice *d, double most_days) {
    struct hl_time t = {.days = dice_between(d, 0, most_days)};
    if (dice_often(d, 0.4))
        t.law = (struct hl_distribution){.family = hl_severity_find("lognormal"), .p = {most_days / 3, 1}};
    else if (dice_often(d, 0.3))
        t.law = (struct hl_distribution){.family = hl_severity_find("gamma"), .p = {2, most_days / 4}};
    return t;
}

static void invent_times(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->breach_count; i++) {
        struct hl_breach *b = &s->breaches[i];
        if (dice_often(d, 0.5)) {
            b->dwell = invent_time(d, 60);
            b->found_per_year = dice_often(d, 0.5) ? dice_between(d, 0, 6) : 0;
        }
        if (dice_often(d, 0.5))
            b->noticed_after = invent_time(d, 100);
    }
}

static void invent_drains(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->breach_count; i++) {
        struct hl_breach *b = &s->breaches[i];
        if (dice_often(d, 0.5))
            continue;
        memset(&b->size, 0, sizeof b->size);
        memset(&b->noticed_after, 0, sizeof b->noticed_after);
        b->drain.detected_after = invent_time(d, dice_often(d, 0.5) ? 2 : 200);
        if (dice_often(d, 0.5))
            b->drain.share_per_day = dice_between(d, 0.001, 0.3);
        else
            b->drain.amount_per_day = dice_whole(d, 1, 8);
    }
}

static void invent_by_asset(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->breach_count; i++)
        if (s->breaches[i].size.family != NULL && s->breaches[i].size.family->share && dice_often(d, 0.7))
            s->breaches[i].by_asset = invent_copula(d);
}

static void invent_refill(struct hl_scenario *s, struct dice *d) {
    s->refill_after_days = dice_often(d, 0.3) ? 0 : dice_whole(d, 0, 60);
}

static void invent_restored(struct hl_scenario *s, struct dice *d) {
    (void)d;
    s->wallets_restored = true;
    s->refill_after_days = INFINITY;
}

static void invent_caps(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->breach_count; i++)
        if (s->breaches[i].size.family != NULL && !s->breaches[i].size.family->share && dice_often(d, 0.8))
            s->breaches[i].amount_most = dice_whole(d, 1, 20);
}

/* No share of what is held, in a breach or in an amount of a fund, and no exchange that grows. */
static void invent_unlimited(struct hl_scenario *s, struct dice *d) {
    const struct hl_amount money = {.base = HL_BASE_FIXED, .value = 20, .cap = INFINITY};
    s->holdings_unlimited = s->wallets_restored = true;
    s->refill_after_days = INFINITY;
    s->run.any = s->market.moves = false;
    s->holdings = dice_array(s, s->exchange_count, sizeof *s->holdings);
    s->holding_count = s->exchange_count;
    for (size_t i = 0; i < s->exchange_count; i++) {
        s->exchanges[i].growth_per_year = 0;
        s->holdings[i] = (struct hl_holding){.exchange = i,
                                             .custodian = HL_NONE,
                                             .units = NAN,
                                             .value = HL_MONEY_MOST,
                                             .wallets = 1,
                                             .largest_share = 1};
    }
    for (size_t i = 0; i < s->breach_count; i++) {
        struct hl_breach *b = &s->breaches[i];
        b->tiers |= 1u << HL_HOT;
        b->assets = NULL;
        memset(&b->drain, 0, sizeof b->drain);
        memset(&b->by_asset, 0, sizeof b->by_asset);
        b->size = (struct hl_distribution){.family = hl_severity_find("lognormal"), .p = {dice_between(d, 1, 20), 1.5}};
    }
    for (size_t i = 0; i < s->fund_count; i++) {
        struct hl_fund *f = &s->funds[i];
        struct hl_amount *const amounts[] = {&f->amount, &f->income, &f->calls, &f->other_creditors};
        for (size_t k = 0; k < sizeof amounts / sizeof *amounts; k++)
            if (amounts[k]->base != HL_BASE_FIXED)
                *amounts[k] = money;
    }
}

static void invent_run(struct hl_scenario *s, struct dice *d) {
    s->run = (struct hl_run_terms){
        .any = true,
        .above = dice_often(d, 0.4) ? 0 : dice_between(d, 0, 0.6),
        .size = {.family = hl_severity_find(dice_often(d, 0.5) ? "beta" : "uniform"), .p = {0.3, 0.9}},
        .mean_days = dice_often(d, 0.3) ? 0 : dice_between(d, 0, 20),
        .liquid = 1 + (uint32_t)dice_below(d, (1u << HL_TIER_COUNT) - 1),
        .from_cold_per_day = dice_often(d, 0.3) ? 0 : dice_throw(d),
        .suspends_at = dice_throw(d),
        .suspension_days = dice_often(d, 0.4) ? 0 : dice_whole(d, 1, 30),
        .comes_back = dice_throw(d),
    };
}

/* Two factors, loadings within the unit circle. */
static void invent_market(struct hl_scenario *s, struct dice *d) {
    struct hl_market *m = &s->market;
    m->moves = true;
    m->factor_count = dice_below(d, 3);
    m->factors = dice_array(s, m->factor_count, sizeof *m->factors);
    for (size_t f = 0; f < m->factor_count; f++) {
        m->factors[f].name = hl_arena_format(&s->arena, "factor%zu", f);
        m->factors[f].jump_rate = dice_often(d, 0.5) ? 0 : dice_between(d, 0, 3);
        m->factors[f].jump_mean = dice_between(d, -0.4, 0.2);
        m->factors[f].jump_sd = dice_between(d, 0, 0.3);
    }
    m->tail_nu = dice_often(d, 0.5) ? 0 : dice_between(d, 2.5, 8);
    m->tail_most = dice_between(d, 1, 20);
    m->impact_above = dice_often(d, 0.5) ? INFINITY : dice_whole(d, 0, 20);
    m->impact_fall = dice_between(d, 0.05, 0.6);
    m->impact_of_all = dice_often(d, 0.5);
    m->token_fall = dice_often(d, 0.5) ? 0 : dice_between(d, 0.1, 0.8);
    for (size_t a = 0; a < s->asset_count; a++) {
        double *loadings = dice_array(s, m->factor_count, sizeof *loadings);
        for (size_t f = 0; f < m->factor_count; f++)
            loadings[f] = dice_often(d, 0.3) ? 0 : dice_between(d, -0.7, 0.7);
        s->assets[a].loadings = dice_often(d, 0.2) ? NULL : loadings;
        s->assets[a].volatility_per_year = dice_often(d, 0.2) ? NAN : dice_between(d, 0, 1.2);
        s->assets[a].token_of = dice_often(d, 0.3) ? dice_below(d, s->exchange_count) : HL_NONE;
    }
}

static void invent_claims(struct hl_scenario *s, struct dice *d) {
    s->buy_back_after_days = dice_often(d, 0.5) ? 0 : dice_whole(d, 0, 40);
    s->window_from_days = dice_whole(d, 0, 10);
    s->window_to_days = s->window_from_days + dice_whole(d, 0, 20);
    for (size_t a = 0; a < s->asset_count; a++) {
        struct hl_claim_terms *terms = &s->claim_terms[a];
        enum hl_claim_basis one = (enum hl_claim_basis)dice_below(d, HL_CLAIM_BASIS_COUNT);
        enum hl_claim_basis other = (enum hl_claim_basis)dice_below(d, HL_CLAIM_BASIS_COUNT);
        double share = dice_often(d, 0.5) ? 1 : dice_between(d, 0.1, 0.9);
        *terms = (struct hl_claim_terms){.fixed_price = dice_between(d, 0.2, 2)};
        terms->share[one] = share;
        terms->share[other] += 1 - share;
    }
}

static void invent_held_in(struct hl_scenario *s, struct dice *d) {
    for (size_t i = 0; i < s->fund_count; i++) {
        if (!hl_fund_kinds[s->funds[i].kind].stock || !dice_often(d, 0.6))
            continue;
        struct hl_part *part = dice_array(s, 1, sizeof *part);
        *part = (struct hl_part){dice_below(d, s->asset_count), 1};
        s->funds[i].parts = part;
        s->funds[i].part_count = 1;
    }
}

void twin_invent_full(struct hl_scenario *s, uint32_t number) {
    static const struct {
        void (*invent)(struct hl_scenario *s, struct dice *d);
        double often;
    } features[] = {
        {invent_years, 0.5},        {invent_growth, 0.3},         {invent_climates, 0.4},
        {invent_trends, 0.3},       {invent_covariates, 0.3},     {invent_controls, 0.4},
        {invent_excitation, 0.4},   {invent_graph, 0.6},          {invent_copulas, 0.6},
        {invent_hit_ranges, 0.5},   {invent_times, 0.5},          {invent_drains, 0.4},
        {invent_by_asset, 0.4},     {invent_refill, 0.4},         {invent_market, 0.5},
        {invent_claims, 0.5},       {invent_held_in, 0.5},        {invent_run, 0.5},
        {invent_bad_times, 0.25},   {twin_invent_kinds, 0.4},     {twin_invent_recoveries, 0.3},
        {twin_invent_parts, 0.5},   {twin_invent_failures, 0.4},  {twin_invent_ends, 0.4},
        {twin_invent_haircut, 0.5}, {twin_invent_contracts, 0.6}, {twin_invent_months, 0.4},
        {twin_invent_stolen, 0.4},  {twin_invent_deposits, 0.3},  {twin_invent_pools, 0.3},
        {invent_restored, 0.15},    {invent_caps, 0.3},           {invent_unlimited, 0.1},
    };
    twin_invent(s, number);
    for (uint32_t i = 0; i < sizeof features / sizeof *features; i++) {
        struct dice d = {number, (i + 1) << 16};
        if (dice_often(&d, features[i].often))
            features[i].invent(s, &d);
    }
}
