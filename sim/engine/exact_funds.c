#include "engine/exact_funds.h"

#include <math.h>

/* ---- what customers are owed ------------------------------------------------------------------------------------- */

const char *hl_exact_why_not_claim(const struct hl_plan *p, size_t exchange) {
    const struct hl_scenario *s = p->scenario;
    for (size_t i = p->exchange_first[exchange]; i < p->exchange_first[exchange + 1]; i++) {
        const struct hl_cell *cell = &p->cells[p->exchange_cells[i]];
        const struct hl_claim_terms *terms = &s->claim_terms[cell->asset];
        if (cell->owner != HL_OWNER_CUSTOMERS && cell->value > 0)
            return "coins of the exchange itself are stolen with its customers'";
        if (terms->share[HL_FIXED_PRICE] > 0 && terms->fixed_price != 1)
            return "customers are owed another price than that of the theft";
    }
    return NULL;
}

/* ---- when a row pays --------------------------------------------------------------------------------------------- */

enum due { IN_TIME, TOO_LATE, EITHER };

/* Is what a row pays there by the deadline, whatever was stolen? */
static enum due due_of(const struct hl_plan *p, const struct hl_plan_fund *f) {
    const struct hl_scenario *s = p->scenario;
    double least = INFINITY, most = 0, deadline = p->checks[p->deadline_check];
    for (size_t a = 0; a < s->asset_count; a++) {
        double wait = 0;
        if (s->claim_terms[a].share[HL_IN_KIND] > 0)
            wait = s->buy_back_after_days;
        if (s->claim_terms[a].share[HL_WINDOW_AVERAGE] > 0)
            wait = fmax(wait, s->window_to_days);
        least = fmin(least, wait);
        most = fmax(most, wait);
    }
    if (fmax(f->after_days, most) <= deadline)
        return IN_TIME;
    return fmax(f->after_days, least) > deadline ? TOO_LATE : EITHER;
}

/* ---- layers ------------------------------------------------------------------------------------------------------ */

struct funding {
    const struct hl_plan *p;
    size_t exchange;
    struct hl_exact_funds *out;
    const struct hl_plan_fund *rows;
    bool year;        /* a contract of the year has been taken */
    bool cash;        /* cash has been taken */
    bool late;        /* something comes after the deadline */
    int latest_layer; /* days after which the layers so far have paid */
};

static bool strikes(const struct funding *f, size_t source) {
    const struct hl_source *src = &f->p->sources[source];
    for (size_t k = 0; k < src->target_count; k++)
        if (src->targets[k].exchange == f->exchange)
            return true;
    return false;
}

static bool covers(const struct hl_plan_fund *row, const struct hl_source *src) {
    const struct hl_contract *c = &row->terms->contract;
    if ((row->layer->covers >> src->vector & 1) == 0)
        return false;
    return src->vendor == HL_NONE || (!c->excludes_third_parties && (c->excluded == NULL || !c->excluded[src->vendor]));
}

static const char *why_not_contract(const struct hl_plan_fund *row) {
    const struct hl_contract *c = &row->terms->contract;
    const struct hl_layer_terms *l = row->layer;
    uint32_t all = (1u << HL_TIER_COUNT) - 1;
    if (row->probability < 1 || c->denied.probability > 0)
        return "an insurer may refuse to pay";
    if (c->tiers != 0 && (c->tiers & all) != all)
        return "an insurance goes by where the coins were";
    if (c->waiting_days > 0 || l->hours_days > 0)
        return "an insurance goes by the days of the thefts";
    if (l->trigger > 0)
        return "an insurance pays by a trigger";
    if (c->premium == HL_PREMIUM_GIVEN && l->reinstatement_price_count > 0)
        return "reinstatements are paid out of the exchange's capital";
    return NULL;
}

/* How many layers in front of this one come off its loss: all, none, or only some of them. */
enum netted { OF_NONE, OF_ALL, OF_SOME };

static enum netted netted_of(const struct funding *f, const struct hl_plan_fund *row) {
    const bool *net_of = row->terms->contract.net_of;
    size_t netted = 0, before = 0;
    for (const struct hl_plan_fund *other = f->rows; other < row; other++) {
        if (other->layer == NULL || due_of(f->p, other) == TOO_LATE)
            continue;
        before++;
        netted += net_of != NULL && net_of[other->item];
    }
    return netted == 0 ? OF_NONE : netted == before ? OF_ALL : OF_SOME;
}

/* What `less` is below `f`, of whose knots it has all: what has been taken off. */
static struct hl_ramp taken_off(const struct hl_ramp *f, const struct hl_ramp *less) {
    struct hl_ramp paid = *less;
    for (size_t i = 0; i < paid.count; i++) {
        size_t k = f->count - 1;
        while (f->at[k] > paid.at[i])
            k--;
        paid.slope[i] = fmax(f->slope[k] - paid.slope[i], 0);
    }
    return paid;
}

static const char *take_by_event(struct funding *f, const struct hl_plan_fund *row, enum netted netted) {
    const struct hl_layer_terms *l = row->layer;
    double attachment = l->deductible + l->attachment;
    f->out->kind[row->item] = HL_EXACT_BY_EVENT;
    for (size_t i = 0; i < f->p->source_count; i++) {
        struct hl_ramp *paid = &f->out->paid[row->item * f->p->source_count + i], *kept = &f->out->kept[i];
        *paid = (struct hl_ramp){.count = 1};
        if (!strikes(f, i) || !covers(row, &f->p->sources[i]))
            continue;
        struct hl_ramp before = *kept;
        bool taken = netted == OF_ALL ? hl_ramp_take_share(kept, attachment, l->limit, l->share)
                                      : hl_ramp_take_layer(kept, attachment, l->limit, l->share);
        if (!taken)
            return "layers together pay more than some losses";
        *paid = taken_off(&before, kept);
    }
    return NULL;
}

static const char *take_by_year(struct funding *f, const struct hl_plan_fund *row, enum netted netted) {
    const struct hl_layer_terms *l = row->layer;
    bool first = true;
    for (const struct hl_plan_fund *other = f->rows; other < row; other++)
        first = first && (other->layer == NULL || due_of(f->p, other) == TOO_LATE);
    if (l->deductible + l->attachment > 0 || isfinite(l->limit))
        return "an insurance has limits of an event and of the year";
    if (netted != OF_ALL && !first)
        return "an insurance of the year is not net of the layers before it";
    for (size_t i = 0; i < f->p->source_count; i++)
        if (strikes(f, i) && !covers(row, &f->p->sources[i]))
            return "an insurance of the year does not cover everything";
    f->year = true;
    struct hl_ramp *left = &f->out->branches[0].left, before = *left; /* the only one, as no cash has been taken */
    if (!hl_ramp_take_share(left, l->aggregate_deductible, hl_layer_year_limit(l), l->share))
        return "there are too many layers";
    f->out->kind[row->item] = HL_EXACT_BY_YEAR;
    f->out->paid_of_year[row->item] = taken_off(&before, left);
    return NULL;
}

static const char *take_layer(struct funding *f, const struct hl_plan_fund *row) {
    const struct hl_layer_terms *l = row->layer;
    const char *why = why_not_contract(row);
    bool by_year = l->aggregate_deductible > 0 || isfinite(hl_layer_year_limit(l));
    enum netted netted = netted_of(f, row);
    if (why != NULL)
        return why;
    if (f->cash)
        return "an insurance comes after cash";
    if (netted == OF_SOME)
        return "an insurance is net of some of the layers before it and not of others";
    if (netted == OF_ALL && row->after_days < f->latest_layer)
        return "an insurance pays before those that it is net of";
    if (f->year && !by_year)
        return "a layer by event comes after an insurance of the year";
    f->latest_layer = row->after_days > f->latest_layer ? row->after_days : f->latest_layer;
    return by_year ? take_by_year(f, row, netted) : take_by_event(f, row, netted);
}

/* ---- cash -------------------------------------------------------------------------------------------------------- */

static double stock_of(const struct hl_plan_fund *row) {
    return row->levels == NULL ? 0 : nearbyint(row->start * row->levels[0]);
}

/* Cash of the rows of one fund that is there in time; those that are too late are noted. */
static const char *take_cash(struct funding *f, double amount, double probability) {
    struct hl_exact_funds *out = f->out;
    size_t count = out->branch_count;
    f->cash = true;
    if (probability < 1 && 2 * count > HL_EXACT_BRANCHES_MOST)
        return "too many funds may or may not answer";
    for (size_t i = 0; i < count; i++) {
        if (probability < 1) {
            out->branches[count + i] = out->branches[i];
            out->branches[count + i].weight *= 1 - probability;
            out->branches[i].weight *= probability;
            out->branch_count = 2 * count;
        }
        hl_ramp_take_first(&out->branches[i].left, amount);
    }
    return NULL;
}

static const char *why_not_cash(const struct hl_plan_fund *row) {
    if (!hl_fund_kinds[row->kind].stock || row->after_failure || row->kind == HL_FUND_pool)
        return "a source of funds is neither insurance nor cash of the exchange's own";
    if (row->incomes != NULL || row->terms->top_up_below > 0)
        return "a fund has an income";
    return row->fails.rate_per_year > 0 ? "a counterparty may fail" : NULL;
}

/* ---- all rows ---------------------------------------------------------------------------------------------------- */

/* One fund's rows [first, end): several where it comes in instalments or parts, which answer together. */
static const char *take_fund(struct funding *f, const struct hl_plan_fund *first, const struct hl_plan_fund *end) {
    double amount = 0;
    if (first->item == HL_NONE) {
        f->out->reserve_counts = due_of(f->p, first) == IN_TIME;
        return NULL;
    }
    const char *why = first->layer == NULL ? why_not_cash(first) : NULL;
    if (why != NULL)
        return why;
    for (const struct hl_plan_fund *row = first; row < end; row++) {
        enum due due = due_of(f->p, row);
        if (due == EITHER)
            return "whether a fund pays in time depends on the coin";
        f->late = f->late || due == TOO_LATE;
        if (due == IN_TIME && f->late)
            return "a fund that comes after the deadline may repay one that came before";
        if (due == IN_TIME && row->layer != NULL) {
            f->out->reserve_counts = false; /* unless it comes later */
            return take_layer(f, row);
        }
        amount += due == IN_TIME ? stock_of(row) : 0;
    }
    return amount > 0 ? take_cash(f, amount, first->probability) : NULL;
}

static bool make_room(struct hl_exact_funds *out, struct hl_arena *arena, const struct hl_plan *p) {
    size_t funds = p->scenario->fund_count, sources = p->source_count;
    *out = (struct hl_exact_funds){.kept = hl_arena_array(arena, sources, sizeof *out->kept),
                                   .paid = hl_arena_array(arena, funds * sources + 1, sizeof *out->paid),
                                   .paid_of_year = hl_arena_array(arena, funds + 1, sizeof *out->paid_of_year),
                                   .kind = hl_arena_array(arena, funds + 1, sizeof *out->kind),
                                   .branch_count = 1};
    if (out->kept == NULL || out->paid == NULL || out->paid_of_year == NULL || out->kind == NULL)
        return false;
    for (size_t i = 0; i < sources; i++)
        out->kept[i] = hl_ramp_identity();
    out->branches[0] = (struct hl_exact_branch){1, hl_ramp_identity()};
    return true;
}

const char *hl_exact_funds_make(struct hl_exact_funds *out, struct hl_arena *arena, const struct hl_plan *p,
                                size_t exchange, enum hl_basis basis, enum hl_status *status, struct hl_error *err) {
    const struct hl_policy *policy = &p->policies[0];
    const struct hl_plan_fund *rows = policy->funds + policy->first[exchange];
    size_t count = policy->first[exchange + 1] - policy->first[exchange];
    struct funding f = {.p = p, .exchange = exchange, .out = out, .rows = rows};
    const char *why = hl_exact_why_not_claim(p, exchange);
    *status = make_room(out, arena, p) ? HL_OK : hl_fail_memory(err);
    for (size_t i = 0, end; i < count && why == NULL && *status == HL_OK; i = end) {
        for (end = i + 1; end < count && rows[end].item == rows[i].item;)
            end++;
        if (basis == HL_BASIS_ALL || rows[i].earmarked)
            why = take_fund(&f, &rows[i], &rows[end]);
    }
    out->all_in_time = !f.late;
    return why;
}
