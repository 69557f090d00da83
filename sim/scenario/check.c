/* What holds between the parts of a scenario. */
#include "base/money.h"
#include "base/number.h"
#include "scenario/loading.h"
#include "scenario/rules.h"

#include <math.h>

typedef double tier_values[HL_TIER_COUNT];

/* Is every coin in its place? Else what is made of them is not judged. */
static bool coins_are_known(const struct hl_loading *l) {
    bool known = !l->holdings.broken;
    for (size_t i = 0; i < l->holdings.count; i++)
        known = known && !l->holdings.faulty[i];
    return known;
}

/* The most that a rule asks for in any policy year. What it needs and does not find is a fault of the exchange's row.
 */
static double rule_amount(struct hl_loading *l, size_t fund, const char *what, const struct hl_amount *amount,
                          size_t exchange) {
    const struct hl_scenario *s = l->scenario;
    const struct hl_catalog *exchanges = &l->reader.catalogs[HL_CATALOG_EXCHANGES];
    const struct hl_rule *rule = amount->rule->terms.rule;
    double most = 0;
    if (exchanges->faulty[exchange] || !coins_are_known(l) || isnan(s->horizon_days))
        return NAN;
    for (uint16_t year = 1; year <= fmax(1, s->horizon_days / 365); year++) {
        struct hl_requirement r = hl_rule_requirement_in(s, amount->rule, exchange, year);
        most = fmax(most, fmin(fmax(r.amount / s->quantum, amount->floor), amount->cap));
        if (r.missing == NULL)
            continue;
        struct hl_place at = {exchanges->file, exchanges->lines[exchange], 0, r.missing};
        hl_fault(&l->reader, &at, NULL, "%s has none, and the %s of funds[%zu] (%s) needs it for %s",
                 exchanges->ids[exchange], what, fund, hl_fund_kinds[s->funds[fund].kind].name,
                 rule == NULL ? "its formula" : rule->name);
        return NAN;
    }
    return most;
}

/* One of the amounts of a fund at one exchange; a figure that is not there is a fault of its row in the table. */
static double fund_amount(struct hl_loading *l, size_t fund, const char *what, const struct hl_amount *amount,
                          size_t exchange, tier_values *crypto) {
    struct hl_reader *r = &l->reader;
    const struct hl_catalog *exchanges = &r->catalogs[HL_CATALOG_EXCHANGES];
    if (amount->base == HL_BASE_FIXED)
        return amount->value;
    if (amount->base == HL_BASE_RULE)
        return rule_amount(l, fund, what, amount, exchange);
    double figure = hl_figure_of(&l->scenario->exchanges[exchange], amount->base, crypto[exchange]);
    if (!isnan(figure))
        return fmin(fmax(amount->value * figure, amount->floor), amount->cap);
    if (!exchanges->faulty[exchange]) {
        const char *base = hl_base_names[amount->base], *id = exchanges->ids[exchange];
        struct hl_place at = {exchanges->file, exchanges->lines[exchange], 0, base};
        hl_fault(r, &at, NULL, "%s has none, and the %s of funds[%zu] (%s) is a share of it", id, what, fund,
                 hl_fund_kinds[l->scenario->funds[fund].kind].name);
    }
    return NAN;
}

static double given(double money) { return isnan(money) ? 0 : money; }

/* All that a fund can have at one exchange in a year, and what comes out of it to others. */
static double fund_money(struct hl_loading *l, size_t fund, size_t exchange, tier_values *crypto) {
    const struct hl_fund *f = &l->scenario->funds[fund];
    const struct {
        const char *what;
        const struct hl_amount *amount;
    } amounts[] = {{f->kind == HL_FUND_administrator ? "estate" : "amount", &f->amount},
                   {"income", &f->income},
                   {"calls", &f->calls},
                   {"other_creditors", &f->other_creditors}};
    double sum = 0;
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts && hl_fund_kinds[f->kind].stock; i++)
        sum += given(fund_amount(l, fund, amounts[i].what, amounts[i].amount, exchange, crypto));
    return sum;
}

static bool holds(const struct hl_fund *f, size_t exchange, size_t asset) {
    bool at = false, in = false;
    for (size_t k = 0; k < f->at_count; k++)
        at = at || f->at[k] == exchange;
    for (size_t i = 0; i < f->part_count; i++)
        in = in || f->parts[i].asset == asset;
    return at && in;
}

/* Coins that a fund is held in: there must be such a fund. */
static void check_owner(struct hl_loading *l, size_t row) {
    const struct hl_scenario *s = l->scenario;
    const struct hl_holding *h = &s->holdings[row];
    bool reserve = h->owner == HL_OWNER_RESERVE, held = false;
    if ((!reserve && h->owner != HL_OWNER_PROTECTION_FUND) || l->holdings.faulty[row])
        return;
    enum hl_fund_id kind = reserve ? HL_FUND_reserve : HL_FUND_protection_fund;
    for (size_t i = 0; i < s->fund_count; i++)
        held = held || (s->funds[i].kind == kind && holds(&s->funds[i], h->exchange, h->asset));
    const char *owner;
    struct hl_place at = hl_table_cell(&l->holdings, row, "owner", &owner);
    if (!held)
        hl_fault(&l->reader, &at, owner, "%s has no fund of this kind that is held in %s",
                 l->reader.catalogs[HL_CATALOG_EXCHANGES].ids[h->exchange], s->assets[h->asset].id);
}

/* Deposit insurance counts customers: how many there are is stated, or a figure of the exchange. */
static void check_customers(struct hl_loading *l, size_t fund) {
    struct hl_reader *r = &l->reader;
    const struct hl_fund *f = &l->scenario->funds[fund];
    const struct hl_catalog *exchanges = &r->catalogs[HL_CATALOG_EXCHANGES];
    for (size_t k = 0; k < f->at_count && f->kind == HL_FUND_deposit_insurance && isnan(f->deposit.customers); k++) {
        size_t e = f->at[k];
        if (l->scenario->exchanges[e].customers >= 1 || exchanges->faulty[e])
            continue;
        struct hl_place at = {exchanges->file, exchanges->lines[e], 0, "customers"};
        hl_fault(r, &at, NULL, "%s has none, and funds[%zu] (deposit_insurance) insures each of them",
                 exchanges->ids[e], fund);
    }
}

/* All money of the tables, not yet of the funds. Fills crypto. Unlimited holdings are no money that can be added up,
 * and no figure. */
static double table_money(const struct hl_scenario *s, tier_values *crypto) {
    double sum = 0;
    for (size_t i = 0; i < s->holding_count; i++) {
        const struct hl_holding *h = &s->holdings[i];
        double value = s->holdings_unlimited ? NAN : h->value;
        sum += given(value);
        if (h->exchange != HL_NONE && h->owner == HL_OWNER_CUSTOMERS)
            crypto[h->exchange][h->tier] += s->holdings_unlimited ? NAN : given(value);
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
    for (size_t i = 0; i < s->holding_count && !l->holdings.broken; i++)
        check_owner(l, i);
    double sum = table_money(s, crypto);
    for (size_t i = 0; i < s->fund_count; i++) {
        check_customers(l, i);
        for (size_t k = 0; k < s->funds[i].at_count; k++)
            sum += fund_money(l, i, s->funds[i].at[k], crypto);
    }
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
