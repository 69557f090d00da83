#include "engine/rare_swift.h"

#include "base/money.h"
#include "engine/clients.h"
#include "engine/plain.h"
#include "engine/strokes.h"

#include <stdlib.h>
#include <string.h>

/* Cash that stands behind the layers of an exchange. */
struct cash {
    size_t fund; /* the scenario's */
    double amount;
    bool earmarked;
};

/* How one exchange's claims are settled. */
struct hl_rare_swift_way {
    struct hl_settlement of;
    struct cash *cash; /* [cash_count] in the order of payment */
    size_t cash_count;
    double most[HL_BASIS_COUNT]; /* all of it that counts */
};

/* --- what goes this way ------------------------------------------------------------------------------------------- */

/* A row behind the layers that is nothing but cash, there for claims on the day of their discovery. */
static bool is_cash(const struct hl_plan_fund *f) {
    bool stock = f->kind == HL_FUND_reserve || f->kind == HL_FUND_own_capital || f->kind == HL_FUND_parent;
    return stock && hl_is_sure_money(f);
}

/* Lists the cash. False where a row is neither that nor one of the layers, which come first: the additional reserve
 * that is asked about is cash too, and stands behind them. */
static bool list_cash(struct hl_rare_swift_way *way, const struct hl_policy *policy, size_t exchange) {
    size_t layers = 0;
    bool behind = false;
    for (size_t i = policy->first[exchange]; i < policy->first[exchange + 1]; i++) {
        const struct hl_plan_fund *f = &policy->funds[i];
        bool layer = f->kind == HL_FUND_insurance;
        if (f->after_days > 0 || (layer && behind) || !(layer || f->item == HL_NONE || is_cash(f)))
            return false;
        layers += layer;
        behind = behind || !layer;
        if (layer || f->item == HL_NONE)
            continue;
        struct cash *cash = &way->cash[way->cash_count++];
        *cash = (struct cash){f->item, nearbyint(f->start * f->levels[0]), f->earmarked};
        way->most[HL_BASIS_ALL] += cash->amount;
        way->most[HL_BASIS_EARMARKED] += cash->earmarked ? cash->amount : 0;
    }
    return layers == way->of.layer_count;
}

static enum hl_status make_way(struct hl_rare_swift *w, size_t exchange, bool *fits, struct hl_error *err) {
    const struct hl_policy *policy = &w->plan->policies[0];
    struct hl_rare_swift_way *way = &w->ways[exchange];
    way->cash = hl_arena_array(&w->arena, w->plan->funds_most, sizeof *way->cash);
    if (way->cash == NULL)
        return hl_fail_memory(err);
    enum hl_status status = hl_settlement_make(&way->of, w->plan, 0, exchange, &w->arena, err);
    *fits = way->of.quiet.most > 0 && hl_plain_is(w->plan, policy, exchange) && list_cash(way, policy, exchange);
    return status;
}

enum hl_status hl_rare_swift_make(struct hl_rare_swift *w, const struct hl_plan *p, bool full, struct hl_error *err) {
    size_t exchanges = p->scenario->exchange_count;
    *w = (struct hl_rare_swift){.plan = p};
    bool applies = !full && p->runs[0].policy == 0 && hl_quiet_wait(p->scenario) == 0 && hl_strokes_apply(p, 0);
    w->ways = hl_arena_array(&w->arena, exchanges, sizeof *w->ways);
    w->paid = hl_arena_array(&w->arena, p->scenario->fund_count, sizeof *w->paid);
    enum hl_status status = w->ways == NULL || w->paid == NULL ? hl_fail_memory(err) : HL_OK;
    for (size_t e = 0; e < exchanges && applies && status == HL_OK; e++)
        status = make_way(w, e, &applies, err);
    w->applies = applies;
    if (status != HL_OK)
        hl_rare_swift_free(w);
    return status;
}

void hl_rare_swift_free(struct hl_rare_swift *w) {
    free(w->strokes);
    free(w->drawn);
    free(w->sizes);
    free(w->places);
    hl_arena_free(&w->arena);
    memset(w, 0, sizeof *w);
}

/* --- what is taken ------------------------------------------------------------------------------------------------ */

static enum hl_status room_for(struct hl_rare_swift *w, size_t more, struct hl_error *err) {
    if (more > w->room) {
        free(w->sizes);
        free(w->places);
        w->room = more + more / 2;
        w->sizes = malloc(w->room * sizeof *w->sizes);
        w->places = malloc(w->room * sizeof *w->places);
        if (w->sizes == NULL || w->places == NULL)
            return hl_fail_memory(err);
    }
    if (more <= w->capacity - w->count)
        return HL_OK;
    size_t capacity = 2 * w->capacity + more;
    struct hl_rare_stroke *drawn = realloc(w->drawn, capacity * sizeof *drawn);
    if (drawn != NULL)
        w->drawn = drawn;
    struct hl_rare_stroke *strokes = realloc(w->strokes, capacity * sizeof *strokes);
    if (strokes != NULL)
        w->strokes = strokes;
    if (drawn == NULL || strokes == NULL)
        return hl_fail_memory(err);
    w->capacity = capacity;
    return HL_OK;
}

static void add(struct hl_rare_swift *w, const struct hl_incident *in, uint32_t exchange, double taken) {
    w->drawn[w->count++] = (struct hl_rare_stroke){taken, exchange, in->source, in->at.trial};
}

/* Incidents [0, count) of an exchange's own source. */
static enum hl_status tell_own(struct hl_rare_swift *w, const struct hl_incident *items, size_t count,
                               struct hl_error *err) {
    const struct hl_source *src = &w->plan->sources[items->source];
    if (room_for(w, count, err) != HL_OK)
        return HL_FAILED;
    for (size_t i = 0; i < count; i++)
        w->places[i] = hl_unit(items[i].at.size);
    hl_distribution_quantiles(&src->breach->size, count, w->places, w->sizes);
    hl_strokes_take(w->plan, src->breach, &src->targets[0], w->sizes, count);
    for (size_t i = 0; i < count; i++)
        add(w, &items[i], (uint32_t)src->targets[0].exchange, w->sizes[i]);
    return HL_OK;
}

/* A vendor's incident: one stroke for each exchange that it hits, through however many vendors. */
static enum hl_status tell_vendors(struct hl_rare_swift *w, const struct hl_incidents *in, const struct hl_incident *of,
                                   uint32_t block, struct hl_error *err) {
    const struct hl_source *src = &w->plan->sources[of->source];
    struct hl_client clients[src->target_count + 1];
    if (room_for(w, src->target_count, err) != HL_OK)
        return HL_FAILED;
    size_t count =
        hl_clients_hit(w->plan, 0, of->source, of->at.stream, block, of->at.index, in->tilted, of->at.trial, clients);
    for (size_t k = 0; k < count; k++)
        w->places[k] = clients[k].v;
    hl_distribution_quantiles(&src->breach->size, count, w->places, w->sizes);
    for (size_t k = 0; k < count; k++) {
        const struct hl_target *t = &src->targets[clients[k].target];
        hl_strokes_take(w->plan, src->breach, t, &w->sizes[k], 1);
        if (k > 0 && src->targets[clients[k - 1].target].exchange == t->exchange)
            w->drawn[w->count - 1].taken += w->sizes[k];
        else
            add(w, of, (uint32_t)t->exchange, w->sizes[k]);
    }
    return HL_OK;
}

/* Strokes by trial (counting sort), each trial's few by exchange (insertion sort). */
static void sort_strokes(struct hl_rare_swift *w) {
    memset(w->first, 0, sizeof w->first);
    for (size_t i = 0; i < w->count; i++)
        w->first[w->drawn[i].trial + 1]++;
    for (size_t t = 0; t < HL_BLOCK_TRIALS; t++)
        w->first[t + 1] += w->first[t];
    uint16_t filled[HL_BLOCK_TRIALS] = {0};
    for (size_t i = 0; i < w->count; i++) {
        const struct hl_rare_stroke *stroke = &w->drawn[i];
        struct hl_rare_stroke *row = w->strokes + w->first[stroke->trial];
        size_t at = filled[stroke->trial]++;
        for (; at > 0 && row[at - 1].exchange > stroke->exchange; at--)
            row[at] = row[at - 1];
        row[at] = *stroke;
    }
}

/* A second theft finds less in the wallets, unless they are restored: the ledger knows how much. */
static void listen(struct hl_rare_swift *w, uint32_t trials) {
    memset(w->loud, 0, sizeof w->loud);
    w->any_loud = false;
    for (size_t t = 0; t < trials && !w->plan->scenario->wallets_restored; t++)
        for (size_t i = w->first[t] + 1; i < w->first[t + 1]; i++)
            if (w->strokes[i].exchange == w->strokes[i - 1].exchange)
                w->loud[t] = w->any_loud = true;
}

enum hl_status hl_rare_swift_tell(struct hl_rare_swift *w, const struct hl_incidents *in, uint32_t block,
                                  uint32_t trials, struct hl_error *err) {
    enum hl_status status = HL_OK;
    w->count = 0;
    for (size_t i = 0, end; i < in->count && status == HL_OK; i = end) {
        const struct hl_incident *first = &in->items[i];
        bool own = w->plan->sources[first->source].vendor == HL_NONE;
        for (end = i + 1; own && end < in->count && in->items[end].source == first->source;)
            end++;
        status = own ? tell_own(w, first, end - i, err) : tell_vendors(w, in, first, block, err);
    }
    if (status == HL_OK) {
        sort_strokes(w);
        listen(w, trials);
    }
    return status;
}

/* --- what comes of it --------------------------------------------------------------------------------------------- */

size_t hl_rare_swift_play(struct hl_rare_swift *w, size_t stroke, struct hl_rare_swift_outcome *out) {
    const struct hl_rare_stroke *first = &w->strokes[stroke];
    const struct hl_rare_swift_way *way = &w->ways[first->exchange];
    size_t end = stroke;
    double claims = 0;
    for (; end < w->count && w->strokes[end].exchange == first->exchange && w->strokes[end].trial == first->trial;
         end++)
        claims += w->strokes[end].taken;
    struct hl_settled t;
    hl_settle_begin(&way->of, &t, claims);
    for (size_t i = stroke; i < end; i++)
        if (w->strokes[i].taken > way->of.small)
            hl_settle_claim(&way->of, &t, w->strokes[i].source, w->strokes[i].taken);
    double left = hl_settle_end(&way->of, &t);
    out->claim = t.claim;
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++)
        out->shortfall[basis] = hl_most(left - way->most[basis], 0);
    memset(w->paid, 0, w->plan->scenario->fund_count * sizeof *w->paid);
    for (size_t k = 0; k < way->of.layer_count; k++)
        w->paid[way->of.layers[k].fund] += t.paid[k];
    for (size_t k = 0; k < way->cash_count; k++) {
        double amount = hl_least(way->cash[k].amount, left);
        w->paid[way->cash[k].fund] += amount;
        left -= amount;
    }
    out->paid = w->paid;
    return end;
}
