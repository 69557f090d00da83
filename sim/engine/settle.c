#include "engine/settle.h"

#include "base/money.h"
#include "engine/plain.h"

#include <math.h>
#include <string.h>

/* --- which layers can be told from sums --------------------------------------------------------------------------- */

static bool is_whole(double x) { return isinf(x) || nearbyint(x) == x; }

/* Does a layer look at amounts alone, and insure all that was taken? */
static bool is_of_amounts(const struct hl_plan_fund *f) {
    const struct hl_layer_terms *terms = f->layer;
    const struct hl_contract *contract = &f->terms->contract;
    bool all_tiers = contract->tiers == 0 || contract->tiers == (1u << HL_TIER_COUNT) - 1;
    bool whole = is_whole(terms->deductible + terms->attachment) && is_whole(terms->limit) &&
                 is_whole(terms->aggregate_deductible) && is_whole(hl_layer_year_limit(terms));
    return all_tiers && whole && contract->valued_at == HL_VALUED_AT_DISCOVERY && contract->waiting_days <= 0 &&
           terms->share == 1 && terms->trigger <= 0 && terms->hours_days <= 0 && terms->reinstatement_price_count == 0;
}

static bool covers(const struct hl_plan *p, const struct hl_plan_fund *f, size_t source) {
    const struct hl_source *src = &p->sources[source];
    const struct hl_contract *contract = &f->terms->contract;
    if ((f->layer->covers >> src->vector & 1) == 0)
        return false;
    return src->vendor == HL_NONE ||
           (!contract->excludes_third_parties && (contract->excluded == NULL || !contract->excluded[src->vendor]));
}

/* Are claims that come through vendors covered, or not, whatever their source is? */
static bool covers_vendors_alike(const struct hl_plan *p, const bool *covered) {
    size_t last = HL_NONE;
    bool alike = true;
    for (size_t s = 0; s < p->source_count; s++) {
        if (p->sources[s].vendor == HL_NONE)
            continue;
        alike = alike && (last == HL_NONE || covered[s] == covered[last]);
        last = s;
    }
    return alike;
}

static bool covers_all(const struct hl_plan *p, const struct hl_settle_layer *layer) {
    bool all = true;
    for (size_t s = 0; s < p->source_count; s++)
        all = all && layer->covers[s];
    return all;
}

static bool cover_together(const struct hl_plan *p, const struct hl_settle_layer *a, const struct hl_settle_layer *b) {
    bool any = false;
    for (size_t s = 0; s < p->source_count; s++)
        any = any || (a->covers[s] && b->covers[s]);
    return any;
}

/* Does layer k never owe more than those before it leave unpaid? Where it is of the year they must come off its loss;
 * one of the year that comes off must cover everything, as this one must. */
static bool fits(const struct hl_plan *p, const struct hl_settlement *s, size_t k) {
    const struct hl_settle_layer *layer = &s->layers[k];
    double below = 0;
    for (size_t i = 0; i < k; i++) {
        const struct hl_settle_layer *before = &s->layers[i];
        bool net = (layer->net_of >> i & 1) != 0;
        if (before->of_year && (!layer->of_year || !net || !before->covers_all || !layer->covers_all))
            return false;
        if (net || !cover_together(p, layer, before))
            continue;
        if (layer->of_year)
            return false;
        below += before->limit;
    }
    return below <= layer->first;
}

/* Adds the layer of a row. HL_INVALID where it cannot be told from sums. */
static enum hl_status add_layer(struct hl_settlement *s, const struct hl_plan *p, const struct hl_plan_fund *f,
                                struct hl_arena *arena, struct hl_error *err) {
    const struct hl_layer_terms *terms = f->layer;
    if (s->layer_count == HL_SETTLE_LAYERS_MOST || !is_of_amounts(f))
        return HL_INVALID;
    struct hl_settle_layer *layer = &s->layers[s->layer_count];
    bool *covered = hl_arena_array(arena, p->source_count, sizeof *covered);
    if (covered == NULL)
        return hl_fail_memory(err);
    *layer = (struct hl_settle_layer){.fund = f->item,
                                      .first = terms->deductible + terms->attachment,
                                      .limit = terms->limit,
                                      .deductible = terms->aggregate_deductible,
                                      .year_limit = hl_layer_year_limit(terms),
                                      .covers = covered};
    for (size_t i = 0; i < p->source_count; i++)
        covered[i] = covers(p, f, i);
    const bool *net_of = f->terms->contract.net_of;
    for (size_t k = 0; k < s->layer_count && net_of != NULL; k++)
        layer->net_of |= (uint32_t)net_of[s->layers[k].fund] << k;
    bool of_event = layer->deductible <= 0 && isinf(layer->year_limit);
    layer->of_year = layer->first <= 0 && isinf(layer->limit);
    bool in_order = s->layer_count == 0 || s->layers[s->layer_count - 1].fund < f->item;
    layer->covers_all = covers_all(p, layer);
    bool fit =
        (of_event || layer->of_year) && in_order && covers_vendors_alike(p, covered) && fits(p, s, s->layer_count);
    s->covers_year[s->layer_count] = layer->of_year && layer->covers_all;
    s->layer_count += fit;
    return fit ? HL_OK : HL_INVALID;
}

/* The rows of the plan as stated, up to the payer of the quiet claims, which is in front of no insurance. */
static enum hl_status add_layers(struct hl_settlement *s, const struct hl_plan *p, const struct hl_policy *policy,
                                 size_t exchange, struct hl_arena *arena, struct hl_error *err) {
    enum hl_status status = HL_OK;
    bool behind = false;
    for (size_t i = policy->first[exchange]; i < policy->first[exchange + 1] && status == HL_OK; i++) {
        const struct hl_plan_fund *f = &policy->funds[i];
        if (f->item == HL_NONE || f->probability <= 0)
            continue;
        behind = behind || f->item == s->quiet.payer;
        if (f->kind == HL_FUND_insurance)
            status = behind || !f->earmarked ? HL_INVALID : add_layer(s, p, f, arena, err);
    }
    return status;
}

/* --- what is there for claims ------------------------------------------------------------------------------------- */

/* What the first sure money of a waterfall comes to. */
static double cash_of(const struct hl_policy *policy, size_t exchange, enum hl_basis basis) {
    for (size_t i = policy->first[exchange]; i < policy->first[exchange + 1]; i++) {
        const struct hl_plan_fund *f = &policy->funds[i];
        if ((basis == HL_BASIS_ALL || f->earmarked) && f->kind != HL_FUND_insurance && hl_is_sure_money(f))
            return nearbyint(f->start * f->levels[0]);
    }
    return 0;
}

enum hl_status hl_settlement_make(struct hl_settlement *out, const struct hl_plan *p, size_t sampling, size_t exchange,
                                  struct hl_arena *arena, struct hl_error *err) {
    *out = (struct hl_settlement){.quiet = hl_quiet_of(p, sampling, exchange), .most = HL_MONEY_MOST};
    if (out->quiet.most <= 0)
        return HL_OK;
    bool stated = sampling == 0; /* and its policy 0 is the first run */
    out->cash = cash_of(&p->policies[0], exchange, HL_BASIS_ALL);
    for (size_t run = 0; run < p->run_count; run++)
        for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT && p->runs[run].sampling == sampling; basis++)
            if (run > 0 || cash_of(&p->policies[0], exchange, basis) != out->cash)
                out->most = hl_least(out->most, cash_of(&p->policies[p->runs[run].policy], exchange, basis));
    enum hl_status status = HL_INVALID;
    if (stated && hl_plain_is(p, &p->policies[0], exchange))
        status = add_layers(out, p, &p->policies[0], exchange, arena, err);
    if (status != HL_OK)
        out->layer_count = 0;
    out->small = HL_MONEY_MOST;
    for (size_t k = 0; k < out->layer_count; k++) {
        const struct hl_settle_layer *layer = &out->layers[k];
        if (!layer->of_year || !layer->covers_all)
            out->small = hl_least(out->small, layer->of_year ? 0 : layer->first);
    }
    return status == HL_FAILED ? HL_FAILED : HL_OK;
}

/* --- a trial ------------------------------------------------------------------------------------------------------ */

void hl_settle_claim(const struct hl_settlement *s, struct hl_settled *t, size_t source, double claim) {
    double paid[HL_SETTLE_LAYERS_MOST];
    for (size_t k = 0; k < s->layer_count; k++) {
        const struct hl_settle_layer *layer = &s->layers[k];
        paid[k] = 0;
        if (!layer->covers[source])
            continue;
        double net = 0;
        for (size_t i = 0; i < k; i++)
            net += (layer->net_of >> i & 1) != 0 && !s->layers[i].of_year ? paid[i] : 0;
        if (layer->of_year) {
            t->paid[k] += layer->covers_all ? -net : claim - net;
            continue;
        }
        paid[k] = hl_least(hl_most(claim - net - layer->first, 0), layer->limit);
        t->paid[k] += paid[k];
        t->exhausted |= (uint32_t)(paid[k] >= layer->limit) << k;
    }
}

double hl_settle_end(const struct hl_settlement *s, struct hl_settled *t) {
    double left = t->claim;
    for (size_t k = 0; k < s->layer_count; k++) {
        const struct hl_settle_layer *layer = &s->layers[k];
        if (layer->of_year) {
            double loss = t->paid[k];
            for (size_t i = 0; i < k; i++)
                loss -= (layer->net_of >> i & 1) != 0 && s->layers[i].of_year ? t->paid[i] : 0;
            t->paid[k] = hl_least(hl_most(loss - layer->deductible, 0), layer->year_limit);
            t->exhausted |= (uint32_t)(t->paid[k] >= layer->year_limit) << k;
        }
        left -= t->paid[k];
    }
    return left;
}
