/* What holds between the parts of a scenario. */
#include "base/money.h"
#include "scenario/loading.h"

#include <math.h>

double hl_figure_of(const struct hl_exchange *e, enum hl_base base, const double crypto[HL_TIER_COUNT]) {
    switch (base) {
    case HL_BASE_ANNUAL_VOLUME:
        return e->annual_volume;
    case HL_BASE_HIGHEST_VOLUME:
        return e->highest_volume;
    case HL_BASE_CUSTOMER_CRYPTO:
        return crypto[HL_HOT] + crypto[HL_WARM] + crypto[HL_COLD];
    case HL_BASE_HOT:
        return crypto[HL_HOT];
    case HL_BASE_COLD:
        return crypto[HL_COLD];
    case HL_BASE_REVENUE:
        return e->revenue;
    case HL_BASE_FEES:
        return e->fees;
    case HL_BASE_FIXED_OVERHEADS:
        return e->fixed_overheads;
    case HL_BASE_OWN_CAPITAL:
        return e->own_capital;
    case HL_BASE_FIXED:
    case HL_BASE_COUNT:
        break;
    }
    return NAN;
}

typedef double tier_values[HL_TIER_COUNT];

/* The amount of a fund at one exchange; a figure that is not there is a fault of its row in the table. */
static double fund_amount(struct hl_loading *l, size_t fund, size_t exchange, tier_values *crypto) {
    struct hl_reader *r = &l->reader;
    const struct hl_fund *f = &l->scenario->funds[fund];
    const struct hl_catalog *exchanges = &r->catalogs[HL_CATALOG_EXCHANGES];
    if (f->amount.base == HL_BASE_FIXED)
        return f->amount.value;
    double figure = hl_figure_of(&l->scenario->exchanges[exchange], f->amount.base, crypto[exchange]);
    if (!isnan(figure))
        return fmin(fmax(f->amount.value * figure, f->amount.floor), f->amount.cap);
    if (!exchanges->faulty[exchange]) {
        const char *base = hl_base_names[f->amount.base], *id = exchanges->ids[exchange];
        struct hl_place at = {exchanges->file, exchanges->lines[exchange], 0, base};
        hl_fault(r, &at, NULL, "%s has none, and the amount of funds[%zu] (%s) is a share of it", id, fund,
                 hl_fund_kinds[f->kind].name);
    }
    return NAN;
}

static double given(double money) { return isnan(money) ? 0 : money; }

/* All money of the tables, not yet of the funds. Fills crypto. */
static double table_money(const struct hl_scenario *s, tier_values *crypto) {
    double sum = 0;
    for (size_t i = 0; i < s->holding_count; i++) {
        const struct hl_holding *h = &s->holdings[i];
        sum += given(h->value);
        if (h->exchange != HL_NONE && h->owner == HL_OWNER_CUSTOMERS)
            crypto[h->exchange][h->tier] += given(h->value);
    }
    for (size_t i = 0; i < s->exchange_count; i++) {
        const struct hl_exchange *e = &s->exchanges[i];
        sum += given(e->customer_fiat) + given(e->annual_volume) + given(e->highest_volume) + given(e->revenue) +
               given(e->fees) + given(e->fixed_overheads) + given(e->own_capital);
    }
    return sum;
}

/* How many times the money of day 0 can be asked for: each policy year, at its level as the fastest exchange grows. */
static double grown_years(const struct hl_scenario *s) {
    double growth = 0, years = fmax(1, s->horizon_days / 365);
    for (size_t i = 0; i < s->exchange_count; i++)
        growth = fmax(growth, s->exchanges[i].growth_per_year);
    return years * pow(1 + growth, years - 1);
}

void hl_scenario_check(struct hl_loading *l) {
    struct hl_reader *r = &l->reader;
    const struct hl_scenario *s = l->scenario;
    tier_values *crypto = hl_reader_array(r, r->scratch, s->exchange_count, sizeof *crypto);
    if (crypto == NULL)
        return;
    double sum = table_money(s, crypto);
    for (size_t i = 0; i < s->fund_count; i++)
        for (size_t k = 0; k < s->funds[i].at_count && hl_fund_kinds[s->funds[i].kind].stock; k++)
            sum += given(fund_amount(l, i, s->funds[i].at[k], crypto));
    sum *= grown_years(s);
    if (!(sum >= HL_MONEY_MOST))
        return;
    char all[32], most[32];
    hl_number_text(all, sizeof all, sum * s->quantum);
    hl_number_text(most, sizeof most, HL_MONEY_MOST * s->quantum);
    hl_fault(r, &(struct hl_place){s->path, 0, 0, "currency"}, s->currency,
             "all amounts of the tables and funds together come to %s%s; money is exact below %s only", all,
             s->horizon_days > 365 ? " over the years" : "", most);
}
