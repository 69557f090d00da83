/* The canonical form of a scenario, and its fingerprint. */
#include "base/draw.h"
#include "base/file.h"
#include "base/number.h"
#include "scenario/loading.h"
#include "scenario/rules.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where lines go, and what they begin with: "exchanges[3]". */
struct writer {
    FILE *out;
    const char *list;
    size_t index;
};

static void begin(const struct writer *w, const char *key) {
    if (w->list != NULL)
        fprintf(w->out, "%s[%zu].", w->list, w->index);
    fprintf(w->out, "%s = ", key);
}

/* A text never breaks its line. */
static void put_text(const struct writer *w, const char *key, const char *text) {
    begin(w, key);
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == '\\')
            fprintf(w->out, "\\x%02x", (unsigned)(unsigned char)*text);
        else
            fputc(*text, w->out);
    }
    fputc('\n', w->out);
}

static void put_number(const struct writer *w, const char *key, double value) {
    char text[32];
    hl_number_text(text, sizeof text, value);
    put_text(w, key, text);
}

static void put_numbers(const struct writer *w, const char *key, const double *values, size_t count) {
    begin(w, key);
    for (size_t i = 0; i < count; i++) {
        char text[32];
        hl_number_text(text, sizeof text, values[i]);
        fprintf(w->out, "%s%s", i == 0 ? "" : ", ", text);
    }
    fputc('\n', w->out);
}

/* Of what is not said nothing is printed. */
static void put_said(const struct writer *w, const char *key, double value, double unsaid) {
    if (value != unsaid)
        put_number(w, key, value);
}

/* The names of the bits that are set. */
static void put_bits(const struct writer *w, const char *key, uint32_t bits, const char *(*name)(size_t place)) {
    const char *separator = "";
    begin(w, key);
    for (size_t i = 0; i < 32; i++)
        if ((bits >> i & 1) != 0) {
            fprintf(w->out, "%s%s", separator, name(i));
            separator = ", ";
        }
    fputc('\n', w->out);
}

static const char *tier_name(size_t place) { return hl_tier_names[place]; }
static const char *cause_name(size_t place) { return hl_cause_names[place]; }
static const char *vector_name(size_t place) { return hl_vectors[place].name; }

/* ---- tables ------------------------------------------------------------------------------------------------------ */

static void put_exchange(const struct writer *w, const struct hl_exchange *e) {
    put_text(w, "exchange", e->id);
    put_text(w, "name", e->name);
    put_text(w, "jurisdiction", e->jurisdiction);
    put_text(w, "as_of", e->as_of);
    put_number(w, "customer_fiat", e->customer_fiat);
    put_number(w, "annual_volume", e->annual_volume);
    put_number(w, "highest_volume", e->highest_volume);
    put_number(w, "revenue", e->revenue);
    put_number(w, "fees", e->fees);
    put_number(w, "fixed_overheads", e->fixed_overheads);
    put_number(w, "own_capital", e->own_capital);
    if (e->growth_per_year != 0)
        put_number(w, "growth", e->growth_per_year);
    if (!isnan(e->age_years))
        put_number(w, "age", e->age_years);
    if (!isnan(e->operating_expenses))
        put_number(w, "operating_expenses", e->operating_expenses);
    if (!isnan(e->past_losses))
        put_number(w, "past_losses", e->past_losses);
    if (!isnan(e->customers))
        put_number(w, "customers", e->customers);
    put_text(w, "controls", e->controls);
}

static void put_holding(const struct writer *w, const struct hl_scenario *s, const struct hl_holding *h) {
    put_text(w, "exchange", s->exchanges[h->exchange].id);
    put_text(w, "asset", s->assets[h->asset].id);
    put_text(w, "tier", hl_tier_names[h->tier]);
    put_text(w, "custodian", h->custodian == HL_NONE ? "self" : s->vendors[h->custodian].id);
    put_text(w, "owner", hl_owner_names[h->owner]);
    put_number(w, "units", h->units);
    put_number(w, "value", h->value);
    put_number(w, "wallets", h->wallets);
    put_number(w, "largest_share", h->largest_share);
}

static void put_uses(const struct writer *w, const struct hl_scenario *s, const struct hl_vendor *v) {
    begin(w, "uses");
    for (size_t i = 0; i < v->use_count; i++)
        fprintf(w->out, "%s%s", i == 0 ? "" : ", ", s->vendors[v->uses[i]].id);
    fputc('\n', w->out);
}

static void put_tables(struct writer *w, const struct hl_scenario *s) {
    w->list = "exchanges";
    for (w->index = 0; w->index < s->exchange_count; w->index++)
        put_exchange(w, &s->exchanges[w->index]);
    w->list = "assets";
    for (w->index = 0; w->index < s->asset_count; w->index++) {
        const struct hl_asset *a = &s->assets[w->index];
        put_text(w, "asset", a->id);
        put_number(w, "price", a->price);
        put_number(w, "volatility", a->volatility_per_year);
        if (a->loadings != NULL)
            put_numbers(w, "loadings", a->loadings, s->market.factor_count);
        if (s->market.moves && a->token_of != HL_NONE)
            put_text(w, "token_of", s->exchanges[a->token_of].id);
    }
    w->list = "vendors";
    for (w->index = 0; w->index < s->vendor_count; w->index++) {
        const struct hl_vendor *v = &s->vendors[w->index];
        put_text(w, "vendor", v->id);
        put_text(w, "name", v->name);
        put_text(w, "service", v->service);
        if (v->use_count > 0)
            put_uses(w, s, v);
    }
    w->list = "holdings";
    for (w->index = 0; w->index < s->holding_count; w->index++)
        put_holding(w, s, &s->holdings[w->index]);
    w->list = "volumes";
    for (w->index = 0; w->index < s->volume_count; w->index++) {
        const struct hl_volume *v = &s->volumes[w->index];
        put_text(w, "exchange", s->exchanges[v->exchange].id);
        put_text(w, "class", hl_class_names[v->kind]);
        put_number(w, "years_ago", v->years_ago);
        put_number(w, "value", v->value);
    }
}

/* ---- breaches, funds, report ------------------------------------------------------------------------------------- */

static void put_assets(const struct writer *w, const struct hl_scenario *s, const bool *assets) {
    const char *separator = "";
    if (assets == NULL) {
        put_text(w, "assets", "all");
        return;
    }
    begin(w, "assets");
    for (size_t i = 0; i < s->asset_count; i++)
        if (assets[i]) {
            fprintf(w->out, "%s%s", separator, s->assets[i].id);
            separator = ", ";
        }
    fputc('\n', w->out);
}

static void put_copula(const struct writer *w, const char *key, const struct hl_copula *c) {
    if (c->family == NULL)
        return;
    put_text(w, key, c->family->name);
    for (size_t i = 0; i < c->family->parameter_count; i++)
        put_number(w, c->family->parameters[i].key, c->p[i]);
}

/* What a breach's rate depends on, where it does. */
static void put_threats(const struct writer *w, const struct hl_scenario *s, const struct hl_breach *b) {
    if (b->climate != HL_NONE)
        put_text(w, "climate", s->climates[b->climate].name);
    if (b->trend_per_year != 0)
        put_number(w, "trend", b->trend_per_year);
    for (size_t i = 0; i < HL_COVARIATE_COUNT; i++)
        if (b->covariates[i].beta != 0) {
            put_text(w, "covariate", hl_covariate_names[i]);
            put_number(w, "beta", b->covariates[i].beta);
            put_number(w, "at", b->covariates[i].at);
        }
}

static void put_climate(const struct writer *w, const struct hl_climate *c) {
    put_text(w, "name", c->name);
    put_text(w, "family", c->family->name);
    put_number(w, "sd", c->sd);
    put_number(w, "persistence", c->persistence);
}

static void put_excitation(const struct writer *w, const struct hl_scenario *s, const struct hl_excitation *x) {
    put_text(w, "from", s->breaches[x->from].name);
    put_text(w, "to", s->breaches[x->to].name);
    put_text(w, "where", hl_where_names[x->where]);
    put_number(w, "ratio", x->ratio);
    put_number(w, "delay_days", x->delay_days);
}

static void put_control(const struct writer *w, const struct hl_scenario *s, const struct hl_control *c) {
    const char *separator = "";
    put_text(w, "control", hl_control_kinds[c->kind].name);
    begin(w, "at");
    for (size_t i = 0; i < s->exchange_count; i++)
        if (c->at[i]) {
            fprintf(w->out, "%s%s", separator, s->exchanges[i].id);
            separator = ", ";
        }
    fputc('\n', w->out);
    separator = "";
    begin(w, "breaches");
    for (size_t i = 0; i < s->breach_count; i++)
        if (c->breaches[i]) {
            fprintf(w->out, "%s%s", separator, s->breaches[i].name);
            separator = ", ";
        }
    fputc('\n', w->out);
    put_number(w, "rate", c->rate);
    put_number(w, "hit", c->hit);
    put_number(w, "taken", c->taken);
    put_number(w, "detection", c->detection);
    put_number(w, "throttle_per_day", c->throttle_per_day);
    put_number(w, "cost_per_year", c->cost_per_year);
}

/* A time, where there is one. */
static void put_time(const struct writer *w, const char *key, const struct hl_time *t) {
    const struct hl_severity *family = t->law.family;
    if (family == NULL && t->days > 0)
        put_number(w, key, t->days);
    if (family == NULL)
        return;
    put_text(w, key, family->name);
    for (size_t i = 0; i < family->parameter_count; i++) {
        char dotted[64];
        snprintf(dotted, sizeof dotted, "%s.%s", key, family->parameters[i].key);
        put_number(w, dotted, t->law.p[i]);
    }
}

static void put_size(const struct writer *w, const char *key, const struct hl_distribution *d) {
    put_text(w, key, d->family->name);
    for (size_t i = 0; i < d->family->parameter_count; i++)
        put_number(w, d->family->parameters[i].key, d->p[i]);
    if (d->family->sample)
        put_numbers(w, "values", d->values, d->value_count);
    put_number(w, "everything", d->everything);
}

static void put_drain(const struct writer *w, const struct hl_drain *d) {
    put_number(w, d->share_per_day > 0 ? "share_per_day" : "amount_per_day",
               d->share_per_day > 0 ? d->share_per_day : d->amount_per_day);
    put_time(w, "detected_after", &d->detected_after);
}

static void put_run(const struct writer *w, const struct hl_run_terms *run) {
    put_number(w, "run.above", run->above);
    put_size(w, "run.share", &run->size);
    put_number(w, "run.over_days", run->mean_days);
    put_bits(w, "run.liquid", run->liquid, tier_name);
    put_number(w, "run.from_cold_per_day", run->from_cold_per_day);
    put_number(w, "run.suspends_at", run->suspends_at);
    put_number(w, "run.suspension_days", run->suspension_days);
    put_number(w, "run.comes_back", run->comes_back);
}

static void put_breach(const struct writer *w, const struct hl_scenario *s, const struct hl_breach *b) {
    put_text(w, "vector", hl_vectors[b->vector].name);
    put_text(w, "name", b->name);
    begin(w, b->at_vendors ? "vendor" : "at");
    for (size_t i = 0; i < b->at_count; i++)
        fprintf(w->out, "%s%s", i == 0 ? "" : ", ",
                b->at_vendors ? s->vendors[b->at[i]].id : s->exchanges[b->at[i]].id);
    fputc('\n', w->out);
    put_text(w, "count", b->count.family->name);
    for (size_t i = 0; i < b->count.family->parameter_count; i++)
        put_number(w, b->count.family->parameters[i].key, b->count.p[i]);
    put_number(w, "low", b->count.low);
    put_number(w, "high", b->count.high);
    put_threats(w, s, b);
    put_number(w, "hit", b->hit);
    if (b->at_vendors) {
        put_number(w, "hit_low", b->hit_low);
        put_number(w, "hit_high", b->hit_high);
        put_number(w, "passes", b->passes);
        put_copula(w, "copula", &b->copula);
    }
    put_bits(w, "tiers", b->tiers, tier_name);
    put_assets(w, s, b->assets);
    put_text(w, "reach", hl_reach_names[b->reach]);
    put_time(w, "dwell", &b->dwell);
    if (b->found_per_year > 0)
        put_number(w, "found", b->found_per_year);
    put_time(w, "noticed_after", &b->noticed_after);
    if (b->by_asset.family != NULL)
        put_copula(w, "by_asset", &b->by_asset);
    if (b->size.family != NULL)
        put_size(w, b->size.family->share ? "share" : "amount", &b->size);
    else
        put_drain(w, &b->drain);
    put_said(w, "at_most", b->amount_most, INFINITY);
}

/* A scenario whose prices stand still says nothing of them. */
static void put_market(struct writer *w, const struct hl_scenario *s) {
    const struct hl_market *m = &s->market;
    if (!m->moves)
        return;
    w->list = "market.history";
    for (w->index = 0; w->index < s->asset_count && m->history != NULL; w->index++) {
        const struct hl_told_prices *t = &m->history[w->index];
        for (size_t i = 0; i < t->count; i++) {
            put_number(w, "day", t->points[i].day);
            put_number(w, "price", t->points[i].price);
        }
    }
    w->list = NULL;
    put_number(w, "market.tails.nu", m->tail_nu);
    put_number(w, "market.tails.most", m->tail_most);
    put_number(w, "market.impact.above", m->impact_above);
    put_number(w, "market.impact.fall", m->impact_fall);
    put_text(w, "market.impact.of", m->impact_of_all ? "all" : "stolen");
    put_number(w, "market.token_fall", m->token_fall);
    w->list = "market.factors";
    for (w->index = 0; w->index < m->factor_count; w->index++) {
        put_text(w, "name", m->factors[w->index].name);
        put_number(w, "jumps.rate", m->factors[w->index].jump_rate);
        put_number(w, "jumps.mean", m->factors[w->index].jump_mean);
        put_number(w, "jumps.sd", m->factors[w->index].jump_sd);
    }
}

/* Of claims that are told at the price of the theft nothing is said. */
static void put_claim_terms(struct writer *w, const struct hl_scenario *s) {
    bool any = false;
    w->list = "claims.assets";
    for (w->index = 0; w->index < s->asset_count; w->index++) {
        const struct hl_claim_terms *t = &s->claim_terms[w->index];
        if (t->share[HL_AT_THEFT] == 1)
            continue;
        any = true;
        for (size_t i = 0; i < HL_CLAIM_BASIS_COUNT; i++)
            put_number(w, hl_claim_basis_names[i], t->share[i]);
        put_number(w, "price", t->fixed_price);
    }
    w->list = NULL;
    if (!any)
        return;
    put_number(w, "claims.buy_back_after_days", s->buy_back_after_days);
    put_number(w, "claims.window_from_days", s->window_from_days);
    put_number(w, "claims.window_to_days", s->window_to_days);
}

/* A rule: its name or its text, and every number that it works with. */
static void put_rule(const struct writer *w, const struct hl_rule_use *use) {
    const struct hl_rule *rule = use->terms.rule;
    if (rule != NULL)
        put_text(w, "rule", rule->name);
    put_text(w, "formula", use->terms.formula.text);
    for (size_t i = 0; rule != NULL && i < HL_RULE_PARAMETERS_MOST && rule->parameters[i].symbol != NULL; i++)
        put_number(w, rule->parameters[i].symbol, use->terms.parameters[i]);
    if (use->lieu_share > 0) {
        put_number(w, "in_lieu.share", use->lieu_share);
        put_number(w, "in_lieu.credit", use->lieu_credit);
    }
}

static void put_amount(const struct writer *w, const struct hl_amount *a) {
    put_text(w, "amount_of", hl_base_names[a->base]);
    if (a->base == HL_BASE_RULE)
        put_rule(w, a->rule);
    put_number(w, "amount", a->value);
    put_number(w, "floor", a->floor);
    put_number(w, "cap", a->cap);
}

static void put_layer(const struct writer *w, const struct hl_layer_terms *t) {
    put_bits(w, "covers", t->covers, vector_name);
    put_number(w, "attachment", t->attachment);
    put_number(w, "limit", t->limit);
    put_number(w, "share", t->share);
    put_number(w, "aggregate_deductible", t->aggregate_deductible);
    put_number(w, "aggregate_limit", t->aggregate_limit);
    put_number(w, "reinstatements", t->reinstatements);
}

/* Besides the layer itself; of what is not said nothing is printed. */
static void put_contract(const struct writer *w, const struct hl_scenario *s, const struct hl_fund *f) {
    const struct hl_layer_terms *t = &f->layer;
    const struct hl_contract *c = &f->contract;
    put_said(w, "deductible", t->deductible, 0);
    put_said(w, "hours_days", t->hours_days, 0);
    put_said(w, "trigger", t->trigger, 0);
    if (t->reinstatement_price_count > 0)
        put_numbers(w, "reinstatement_price", t->reinstatement_prices, t->reinstatement_price_count);
    if (c->tiers != 0)
        put_bits(w, "tiers", c->tiers, tier_name);
    if (c->excludes_third_parties)
        put_text(w, "third_parties", "excluded");
    for (size_t i = 0; i < s->vendor_count && c->excluded != NULL; i++)
        if (c->excluded[i])
            put_text(w, "excluded_vendor", s->vendors[i].id);
    put_said(w, "waiting_days", c->waiting_days, 0);
    put_said(w, "denied.probability", c->denied.probability, 0);
    if (c->denied.probability > 0 && c->denied.climate != HL_NONE)
        put_text(w, "denied.climate", s->climates[c->denied.climate].name);
    if (c->valued_at != HL_VALUED_AT_DISCOVERY)
        put_text(w, "valued_at", hl_valuation_names[c->valued_at]);
    for (size_t i = 0; i < s->fund_count && c->net_of != NULL; i++)
        if (c->net_of[i])
            put_text(w, "net_of", s->funds[i].name);
    if (c->premium == HL_PREMIUM_GIVEN)
        put_number(w, "premium", c->premium_amount);
    if (c->premium == HL_PREMIUM_PRICED) {
        put_number(w, "premium.load", c->premium_load);
        put_number(w, "premium.of_sd", c->premium_of_sd);
    }
}

/* Of what is not said nothing is printed. */
static void put_other_amount(const struct writer *w, const char *key, const struct hl_amount *a) {
    if (a->base == HL_BASE_FIXED && a->value == 0)
        return;
    put_text(w, key, "");
    put_amount(w, a);
}

/* What a stock is held in, how it comes in, and what it costs. */
static void put_stock(const struct writer *w, const struct hl_scenario *s, const struct hl_fund *f) {
    put_amount(w, &f->amount);
    if (f->part_count == 1)
        put_text(w, "held_in", s->assets[f->parts[0].asset].id);
    for (size_t i = 0; i < f->part_count && f->part_count > 1; i++) {
        put_text(w, "held_in", f->parts[i].asset == HL_NONE ? "cash" : s->assets[f->parts[i].asset].id);
        put_number(w, "part", f->parts[i].share);
    }
    put_said(w, "discount", f->discount, 0);
    put_said(w, "instalments", f->instalments, 1);
    put_said(w, "every_days", f->every_days, 0);
    put_said(w, "top_up_below", f->top_up_below, 0);
    put_other_amount(w, "income", &f->income);
    put_other_amount(w, "calls", &f->calls);
    put_other_amount(w, "other_creditors", &f->other_creditors);
    if (f->pari_passu)
        put_text(w, "customers", "pari_passu");
}

static void put_fund(const struct writer *w, const struct hl_scenario *s, const struct hl_fund *f) {
    put_text(w, "kind", hl_fund_kinds[f->kind].name);
    put_text(w, "name", f->name);
    begin(w, "at");
    for (size_t i = 0; i < f->at_count; i++)
        fprintf(w->out, "%s%s", i == 0 ? "" : ", ", s->exchanges[f->at[i]].id);
    fputc('\n', w->out);
    put_number(w, "after_days", f->after_days);
    if (f->start != 1)
        put_number(w, "start", f->start);
    if (s->horizon_days > 365)
        put_number(w, "refill", f->refill_per_year);
    put_number(w, "probability", f->probability);
    put_said(w, "cost", f->cost_per_year, 0);
    put_said(w, "fails.rate", f->fails.rate_per_year, 0);
    if (f->fails.rate_per_year > 0 && f->fails.climate != HL_NONE)
        put_text(w, "fails.climate", s->climates[f->fails.climate].name);
    if (hl_fund_kinds[f->kind].stock)
        put_stock(w, s, f);
    if (f->kind == HL_FUND_insurance) {
        put_layer(w, &f->layer);
        put_contract(w, s, f);
    }
    if (f->kind == HL_FUND_recovery) {
        put_number(w, "share", f->recovered_share);
        put_said(w, "bounty", f->bounty_share, 0);
    }
    if (f->kind == HL_FUND_deposit_insurance) {
        put_number(w, "limit", f->deposit.limit);
        put_number(w, "customers", f->deposit.customers);
        put_number(w, "sigma", f->deposit.sigma);
    }
}

static void put_report(const struct writer *w, const struct hl_report *r) {
    put_numbers(w, "report.confidence", r->confidence, r->confidence_count);
    put_numbers(w, "report.return_periods", r->return_periods, r->return_period_count);
    put_numbers(w, "report.unpaid_after_days", r->unpaid_after_days, r->unpaid_after_count);
    put_number(w, "report.deadline_days", r->deadline_days);
    put_numbers(w, "report.given_breach", r->given_breach, r->given_breach_count);
    put_number(w, "report.sized_at", r->sized_at);
    if (r->without != 0)
        put_bits(w, "report.without", r->without, cause_name);
}

/* What a replay is held against. */
static void put_expected(const struct writer *w, const struct hl_scenario *s) {
    const struct hl_expected *e = &s->expected;
    if (!e->any)
        return;
    put_number(w, "expected.whole_after_days", e->whole_after_days);
    put_number(w, "expected.customers_lose", e->customers_lose);
    put_numbers(w, "expected.paid", e->paid, s->fund_count);
    put_number(w, "expected.tolerance", e->tolerance);
}

void hl_scenario_print(const struct hl_scenario *s, FILE *out) {
    struct writer w = {.out = out};
    put_number(&w, "draw_layout", HL_DRAW_LAYOUT);
    put_text(&w, "currency", s->currency);
    put_number(&w, "quantum", s->quantum);
    if (s->starts_on != NULL)
        put_text(&w, "starts_on", s->starts_on);
    put_number(&w, "horizon_days", s->horizon_days);
    if (s->horizon_days > 365)
        put_text(&w, "state", s->fresh ? "fresh" : "carried");
    put_number(&w, "target_relative_error", s->target_relative_error);
    put_report(&w, &s->report);
    if (isfinite(s->refill_after_days))
        put_number(&w, "wallets.refill_after_days", s->refill_after_days);
    if (s->wallets_restored)
        put_text(&w, "wallets.restored", "true");
    if (s->run.any)
        put_run(&w, &s->run);
    if (s->haircut_told)
        put_text(&w, "haircut", hl_haircut_names[s->haircut]);
    put_tables(&w, s);
    put_market(&w, s);
    put_claim_terms(&w, s);
    w.list = "breaches";
    for (w.index = 0; w.index < s->breach_count; w.index++)
        put_breach(&w, s, &s->breaches[w.index]);
    w.list = "climates";
    for (w.index = 0; w.index < s->climate_count; w.index++)
        put_climate(&w, &s->climates[w.index]);
    w.list = "excitation";
    for (w.index = 0; w.index < s->excitation_count; w.index++)
        put_excitation(&w, s, &s->excitations[w.index]);
    w.list = "controls";
    for (w.index = 0; w.index < s->control_count; w.index++)
        put_control(&w, s, &s->controls[w.index]);
    w.list = "funds";
    for (w.index = 0; w.index < s->fund_count; w.index++)
        put_fund(&w, s, &s->funds[w.index]);
    w.list = NULL;
    put_expected(&w, s);
}

void hl_fingerprint_make(struct hl_loading *l) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        hl_fail_memory(l->reader.err);
        return;
    }
    hl_scenario_print(l->scenario, out);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed)
        hl_fail_memory(l->reader.err);
    else
        hl_sha256(l->scenario->fingerprint, text, size);
    free(text);
}
