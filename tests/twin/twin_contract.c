/* Insurance as its contract says. */
#include "tests/twin/books.h"

#include <math.h>

static const struct hl_contract *contract_of(const struct row *row) { return &row->fund->contract; }

static double year_limit(const struct hl_layer_terms *terms) {
    double reinstated = (terms->reinstatements + 1) * terms->limit;
    return terms->aggregate_limit < reinstated ? terms->aggregate_limit : reinstated;
}

bool twin_layer_is_exhausted(const struct row *row, int year) {
    double limit = year_limit(&row->terms);
    return isfinite(limit) ? nearbyint(row->terms.share * (limit - row->layer[year].used)) <= 0
                           : row->layer[year].filled;
}

/* ---- the insured loss -------------------------------------------------------------------------------------------- */

static bool is_insured(const struct books *b, const struct row *row, const struct twin_claim *c) {
    const struct hl_contract *contract = contract_of(row);
    const struct twin_source *src = &b->t->sources[c->hit.event.source];
    bool excluded = src->vendor != HL_NONE && (contract->excludes_third_parties ||
                                               (contract->excluded != NULL && contract->excluded[src->vendor]));
    return (row->terms.covers & 1u << src->breach->vector) != 0 && !excluded && c->theft_day >= contract->waiting_days;
}

static bool is_denied(const struct books *b, const struct row *row, const struct twin_claim *c) {
    const struct hl_chance *denied = &contract_of(row)->denied;
    uint64_t stream = hl_stream_with_name(twin_fund_stream(b->t, b->exchange, row->fund), "denied");
    double climate = denied->climate == HL_NONE ? 1 : b->t->climate[denied->climate][c->year - 1][b->q->trial];
    double u = twin_uniform(b->t, hl_stream_with(stream, c->hit.event.stream), HL_DRAW_DENIED, c->hit.event.index);
    return u < fmin(denied->probability * climate, 1);
}

/* What was taken from the tiers that are insured, in money as the contract tells it. */
static double worth_of(const struct books *b, const struct row *row, size_t k, int day) {
    const struct hl_contract *contract = contract_of(row);
    const struct twin_claim *c = b->claims[k];
    uint32_t all = (1u << HL_TIER_COUNT) - 1, tiers = contract->tiers == 0 ? all : contract->tiers & all;
    double worth = 0;
    for (size_t a = 0; a < TWIN_ASSETS; a++) {
        double coins = 0;
        for (int tier = 0; tier < HL_TIER_COUNT; tier++)
            coins += (tiers & 1u << tier) != 0 ? c->by_tier[a][tier] : 0;
        if (coins <= 0)
            continue;
        if (contract->valued_at == HL_VALUED_AT_THEFT)
            worth += tiers == all ? c->worth[a] : nearbyint(c->worth[a] * coins / c->customers[a]);
        else
            worth += nearbyint(coins *
                               twin_price(b->t, b->h, a, contract->valued_at == HL_VALUED_AT_PAYMENT ? day : c->day));
    }
    return worth;
}

static double loss_of(const struct books *b, const struct row *row, size_t k, int day) {
    const bool *net_of = contract_of(row)->net_of;
    double x = worth_of(b, row, k, day);
    for (size_t j = 0; j < b->row_count; j++)
        if (b->rows[j].kind == HL_FUND_recovery ||
            (net_of != NULL && b->rows[j].kind == HL_FUND_insurance && net_of[b->rows[j].item]))
            x -= b->paid[k][j];
    return x > 0 ? x : 0;
}

/* ---- the layer --------------------------------------------------------------------------------------------------- */

static double in_layer(const struct hl_layer_terms *terms, double x) {
    if (terms->trigger > 0)
        return x > terms->trigger ? terms->limit : 0;
    double y = x > terms->deductible ? x - terms->deductible : 0;
    double z = y > terms->attachment ? y - terms->attachment : 0;
    return z < terms->limit ? z : terms->limit;
}

/* T_k − T_(k−1) of the layer for its next event, with T as far as it was really paid, times the share. */
double twin_layer_owes(struct books *b, size_t i, size_t k, int day) {
    struct row *row = &b->rows[i];
    const struct twin_claim *c = b->claims[k];
    const struct hl_layer_terms *terms = &row->terms;
    struct layer_year *y = &row->layer[twin_claim_year(b, k)];
    if (!is_insured(b, row, c) || is_denied(b, row, c))
        return 0;
    if (!y->in_window || terms->hours_days <= 0 || c->theft_day - y->window_from > terms->hours_days) {
        y->in_window = true;
        y->window_from = c->theft_day;
        y->window = 0;
    }
    double earlier = y->window;
    y->window += loss_of(b, row, k, day);
    y->filled = y->filled || in_layer(terms, y->window) >= terms->limit;
    double before = fmax(y->in_layer - terms->aggregate_deductible, 0);
    y->in_layer += in_layer(terms, y->window) - in_layer(terms, earlier);
    double after = fmax(y->in_layer - terms->aggregate_deductible, 0);
    double room = year_limit(terms) - y->used;
    double due = after - before < room ? after - before : room;
    double pays = due > 0 ? nearbyint(terms->share * due) : 0;
    row->attached = row->attached || pays > 0;
    return pays;
}

/* What it costs to have reinstated the limit so far, when the premium is P. */
static double reinstatement_premium(const struct hl_layer_terms *terms, double used, double premium) {
    double factor = 0;
    for (int j = 1; j <= terms->reinstatements && terms->reinstatement_price_count > 0; j++) {
        double above = used - (j - 1) * terms->limit;
        if (!(above > 0))
            break;
        size_t last = terms->reinstatement_price_count - 1;
        factor += terms->reinstatement_prices[(size_t)j - 1 < last ? (size_t)j - 1 : last] * fmin(above, terms->limit) /
                  terms->limit;
    }
    return premium * factor;
}

void twin_layer_paid(struct books *b, size_t i, size_t k, double x, int day) {
    struct row *row = &b->rows[i];
    double *used = &row->layer[twin_claim_year(b, k)].used;
    double premium = contract_of(row)->premium == HL_PREMIUM_GIVEN ? contract_of(row)->premium_amount : 0;
    double before = reinstatement_premium(&row->terms, *used, premium);
    *used += x / row->terms.share;
    double charged = nearbyint(reinstatement_premium(&row->terms, *used, premium) - before);
    for (size_t j = 0; j < b->row_count && charged > 0; j++)
        if (b->rows[j].kind == HL_FUND_own_capital) {
            double price = twin_stock_price(b, &b->rows[j], day);
            b->rows[j].stock -= twin_least(b->rows[j].stock, nearbyint(charged / price));
            break;
        }
}
