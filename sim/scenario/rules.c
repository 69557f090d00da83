#include "scenario/rules.h"

#include <math.h>

/* Quanta as currency units; what is not given stays so. */
static double units(const struct hl_scenario *s, double quanta) { return quanta * s->quantum; }

/* Customers' coins of an exchange by tier, and those it keeps itself, in quanta; NAN where holdings are unlimited. */
static void add_coins(const struct hl_scenario *s, size_t exchange, double tiers[HL_TIER_COUNT], double *self) {
    for (size_t i = 0; i < s->holding_count; i++) {
        const struct hl_holding *h = &s->holdings[i];
        if (h->exchange != exchange || h->owner != HL_OWNER_CUSTOMERS)
            continue;
        tiers[h->tier] += h->value;
        *self += h->custodian == HL_NONE ? h->value : 0;
    }
    for (size_t i = 0; i < HL_TIER_COUNT && s->holdings_unlimited; i++)
        tiers[i] = *self = NAN;
}

/* What the insurances of an exchange pay for one event at most, in quanta: limits times shares. */
static double insured(const struct hl_scenario *s, size_t exchange) {
    double sum = 0;
    for (size_t i = 0; i < s->fund_count; i++) {
        const struct hl_fund *f = &s->funds[i];
        for (size_t k = 0; k < f->at_count; k++)
            if (f->kind == HL_FUND_insurance && f->at[k] == exchange)
                sum += f->layer.limit * f->layer.share;
    }
    return sum;
}

/* The volumes of art. 175: 0 where the table says nothing, as nothing was traded. */
static void class_volumes(double figures[HL_FIGURE_COUNT], const struct hl_scenario *s, size_t exchange) {
    for (size_t i = HL_FIGURE_YEAR; i < HL_FIGURE_COUNT; i++)
        figures[i] = 0;
    for (size_t i = 0; i < s->volume_count; i++) {
        const struct hl_volume *v = &s->volumes[i];
        if (v->exchange != exchange)
            continue;
        double *most = &figures[HL_FIGURE_MOST + v->kind];
        *most = fmax(*most, units(s, v->value));
        if (v->years_ago == 0)
            figures[HL_FIGURE_YEAR + v->kind] = units(s, v->value);
    }
}

/* What a fund of one exchange holds on day 0, in quanta; insurance at its limit for one event. A rule that asks for a
 * run comes to nothing that is known. */
static double fund_holds(const struct hl_scenario *s, const struct hl_fund *f, size_t exchange) {
    if (f->kind == HL_FUND_insurance)
        return f->layer.limit * f->layer.share;
    return hl_fund_kinds[f->kind].stock ? hl_amount_of(s, &f->amount, exchange, 1) * (1 - f->discount) * f->start : 0;
}

double hl_rule_held(const struct hl_scenario *s, uint32_t counts, size_t exchange) {
    double sum = 0;
    for (size_t i = 0; i < s->fund_count; i++) {
        const struct hl_fund *f = &s->funds[i];
        for (size_t k = 0; k < f->at_count; k++)
            if ((counts >> f->kind & 1) != 0 && f->at[k] == exchange)
                sum += fund_holds(s, f, exchange);
    }
    for (size_t i = 0; i < s->holding_count && (counts & HL_COUNTS(guarantee_crypto)) != 0; i++)
        if (s->holdings[i].exchange == exchange && s->holdings[i].owner == HL_OWNER_GUARANTEE)
            sum += s->holdings[i].value;
    return units(s, sum);
}

/* The figures of the profile alone, on day 0 and `grown` times as large as stated. */
static void profile_figures(double figures[HL_FIGURE_COUNT], const struct hl_scenario *s, size_t exchange,
                            double grown) {
    const struct hl_exchange *e = &s->exchanges[exchange];
    double tiers[HL_TIER_COUNT] = {0}, self = 0;
    add_coins(s, exchange, tiers, &self);
    for (size_t i = 0; i < HL_FIGURE_COUNT; i++)
        figures[i] = NAN;
    figures[HL_FIGURE_V] = e->annual_volume;
    figures[HL_FIGURE_VMAX] = e->highest_volume;
    figures[HL_FIGURE_H] = tiers[HL_HOT];
    figures[HL_FIGURE_W] = tiers[HL_WARM];
    figures[HL_FIGURE_C] = tiers[HL_COLD];
    figures[HL_FIGURE_A] = tiers[HL_HOT] + tiers[HL_WARM] + tiers[HL_COLD];
    figures[HL_FIGURE_SELF] = self;
    figures[HL_FIGURE_F] = e->customer_fiat;
    figures[HL_FIGURE_E] = e->fixed_overheads;
    figures[HL_FIGURE_O] = e->operating_expenses;
    figures[HL_FIGURE_REV] = e->revenue;
    figures[HL_FIGURE_FEES] = e->fees;
    figures[HL_FIGURE_NA] = e->own_capital;
    for (size_t i = 0; i < HL_FIGURE_CUSTOMERS; i++)
        figures[i] = units(s, figures[i] * grown);
    figures[HL_FIGURE_LOSSES] = units(s, e->past_losses);
    figures[HL_FIGURE_CUSTOMERS] = e->customers * grown;
    class_volumes(figures, s, exchange);
    for (size_t i = HL_FIGURE_YEAR; i < HL_FIGURE_COUNT; i++)
        figures[i] *= grown;
    figures[HL_FIGURE_I] = units(s, insured(s, exchange));
}

void hl_rule_figures(double figures[HL_FIGURE_COUNT], const struct hl_scenario *s, size_t exchange,
                     const struct hl_run_figures *run) {
    profile_figures(figures, s, exchange, 1);
    figures[HL_FIGURE_R] = hl_rule_held(s, HL_COUNTS(reserve) | HL_COUNTS(protection_fund), exchange);
    if (run == NULL)
        return;
    figures[HL_FIGURE_VAR] = run->var[exchange];
    for (size_t i = 0; i < 3; i++)
        figures[HL_FIGURE_L1 + i] = run->largest[i];
}

static struct hl_requirement requirement(const struct hl_rule_use *use, const double figures[HL_FIGURE_COUNT]) {
    struct hl_requirement r;
    r.before_lieu = hl_rule_value(&use->terms, &use->terms.formula, figures, &r.missing);
    r.amount = hl_rule_in_lieu(r.before_lieu, use->lieu_share, use->lieu_credit, figures[HL_FIGURE_I]);
    r.amount = isnan(r.before_lieu) ? NAN : r.amount;
    return r;
}

struct hl_requirement hl_rule_requirement(const struct hl_scenario *s, const struct hl_rule_use *use, size_t exchange,
                                          const struct hl_run_figures *run) {
    double figures[HL_FIGURE_COUNT];
    hl_rule_figures(figures, s, exchange, run);
    return requirement(use, figures);
}

struct hl_requirement hl_rule_requirement_in(const struct hl_scenario *s, const struct hl_rule_use *use,
                                             size_t exchange, uint16_t year) {
    double figures[HL_FIGURE_COUNT];
    profile_figures(figures, s, exchange, hl_grown(s, exchange, year));
    return requirement(use, figures);
}

enum hl_status hl_rule_use_make(struct hl_rule_use *out, struct hl_arena *arena, const struct hl_scenario *s,
                                const struct hl_rule *rule, struct hl_error *err) {
    *out = (struct hl_rule_use){0};
    return hl_rule_terms_make(&out->terms, arena, rule, &s->currencies, err);
}
