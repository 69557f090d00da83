#include "engine/scarce.h"

#include "base/money.h"
#include "engine/plain.h"

#include <math.h>

/* --- where it applies --------------------------------------------------------------------------------------------- */

/* Every row is cash, or the additional reserve. */
static bool is_cash(const struct hl_plan *p) {
    const struct hl_policy *policy = &p->policies[0];
    bool cash = hl_plain_is(p, policy, 0) && !p->scenario->run.any;
    for (size_t i = policy->first[0]; i < policy->first[1]; i++)
        cash = cash && policy->funds[i].kind != HL_FUND_insurance;
    return cash;
}

static void list_rows(struct hl_scarce *s, const struct hl_plan *p, double *before, double *after) {
    const struct hl_policy *policy = &p->policies[0];
    for (size_t i = policy->first[0]; i < policy->first[1]; i++) {
        const struct hl_plan_fund *f = &policy->funds[i];
        if (f->item == HL_NONE)
            continue;
        double has = nearbyint(f->start * f->levels[0]);
        before[f->item] = s->cash[HL_BASIS_ALL];
        after[f->item] = before[f->item] + has;
        s->cash[HL_BASIS_ALL] += has;
        s->cash[HL_BASIS_EARMARKED] += f->earmarked ? has : 0;
    }
}

enum hl_status hl_scarce_make(struct hl_scarce *out, const struct hl_plan *p, size_t run, const struct hl_quiet *quiet,
                              struct hl_arena *arena, struct hl_error *err) {
    *out = (struct hl_scarce){.run = run};
    if (p->scenario->exchange_count > 1 || p->policy_count > 1 || !is_cash(p))
        return HL_OK;
    double *before = hl_arena_array(arena, p->scenario->fund_count, sizeof *before);
    double *after = hl_arena_array(arena, p->scenario->fund_count, sizeof *after);
    if (before == NULL || after == NULL)
        return hl_fail_memory(err);
    list_rows(out, p, before, after);
    out->before = before;
    out->after = after;
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++)
        out->days[basis] = (int)quiet->days[basis];
    out->applies = true;
    return HL_OK;
}

/* --- where it is counted ------------------------------------------------------------------------------------------ */

/* What is always the claim; returns how many slots. out: [3 * entity_count] */
static size_t claim_slots(const struct hl_layout *l, const uint32_t *entities, size_t count, uint32_t *out) {
    size_t slots = 0;
    for (size_t k = 0; k < count; k++) {
        out[slots++] = hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, false, entities[k]);
        out[slots++] = hl_slot_of(l, 0, HL_BASIS_ALL, HL_GROSS, true, entities[k]);
        if (entities[k] < l->full_count)
            out[slots++] = hl_slot_of(l, 0, HL_BASIS_ALL, HL_CLAIM, false, entities[k]);
    }
    return slots;
}

/* What is always the shortfall: of vendors, vectors and sources, what goes back to them. out: [4 * entity_count] */
static size_t shortfall_slots(const struct hl_layout *l, size_t run, enum hl_basis basis, const uint32_t *entities,
                              size_t count, uint32_t *out) {
    size_t slots = 0;
    for (size_t k = 0; k < count; k++) {
        bool full = entities[k] < l->full_count;
        if (full || run == 0)
            out[slots++] = hl_slot_of(l, run, basis, HL_SHORTFALL, false, entities[k]);
        if (full)
            out[slots++] = hl_slot_of(l, run, basis, HL_RESERVE_NEEDED, false, entities[k]);
        if (full && run == 0) {
            out[slots++] = hl_slot_of(l, run, basis, HL_SHORTFALL, true, entities[k]);
            out[slots++] = hl_slot_of(l, run, basis, HL_HAIRCUT, false, entities[k]);
        }
    }
    return slots;
}

enum hl_status hl_scarce_bundle(const struct hl_scarce *s, struct hl_scarce_places *out, struct hl_tally *t,
                                const uint32_t *entities, size_t entity_count, struct hl_arena *arena,
                                struct hl_error *err) {
    const struct hl_layout *l = t->layout;
    const struct hl_bundle nobody = {0};
    *out = (struct hl_scarce_places){.entities = entities, .entity_count = entity_count};
    uint32_t *slots = hl_arena_array(arena, 4 * entity_count, sizeof *slots);
    if (slots == NULL)
        return hl_fail_memory(err);
    size_t count = s->run == 0 ? claim_slots(l, entities, entity_count, slots) : 0;
    enum hl_status status = hl_tally_bundle(t, slots, count, &nobody, &out->claim, err);
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT && status == HL_OK; basis++) {
        count = shortfall_slots(l, s->run, basis, entities, entity_count, slots);
        status = hl_tally_bundle(t, slots, count, &nobody, &out->shortfall[basis], err);
    }
    return status;
}

/* --- counting ----------------------------------------------------------------------------------------------------- */

/* How long customers wait in `count` years, of which `short_count` with a shortfall. */
static void count_days(const struct hl_scarce *s, struct hl_tally *t, uint32_t entity, enum hl_basis basis,
                       size_t count, size_t short_count) {
    const struct hl_layout *l = t->layout;
    uint32_t days = hl_slot_of(l, 0, basis, HL_DAYS_UNTIL_WHOLE, false, entity);
    hl_tally_add_times(t, days, HL_NEVER, short_count);
    hl_tally_add_times(t, days, s->days[basis], count - short_count);
    if (basis == HL_BASIS_ALL)
        hl_tally_add_times(t, hl_slot_of(l, 0, basis, HL_INSOLVENT, false, entity), 1, short_count);
    size_t checks = l->plan->check_count;
    for (size_t i = 0; i < checks && !t->second; i++)
        t->unpaid[(basis * l->full_count + entity) * checks + i] +=
            l->plan->checks[i] < s->days[basis] ? count : short_count;
}

/* Who pays how much of each claim. paid, left: [count] */
static void count_funds(const struct hl_scarce *s, struct hl_tally *t, uint32_t entity, const double *claims,
                        size_t count, double *paid, double *left) {
    const struct hl_layout *l = t->layout;
    size_t funds = l->plan->scenario->fund_count;
    hl_wide *payers = t->payers + entity * (size_t)HL_RUNGS * (funds + 1);
    for (size_t i = 0; i < count; i++)
        left[i] = claims[i];
    for (size_t f = 0; f < funds; f++) {
        for (size_t i = 0; i < count; i++) {
            paid[i] = hl_least(claims[i], s->after[f]) - hl_least(claims[i], s->before[f]);
            left[i] -= paid[i];
            if (!t->second)
                payers[hl_rung_of(claims[i]) * (funds + 1) + f] += (uint64_t)(int64_t)paid[i];
        }
        hl_tally_add_many(t, hl_fund_slot_of(l, HL_PAID, entity, f), paid, count);
        hl_tally_add_many(t, hl_fund_slot_of(l, HL_LEFT_AFTER, entity, f), left, count);
    }
    for (size_t i = 0; i < count && !t->second; i++)
        payers[hl_rung_of(claims[i]) * (funds + 1) + funds] += (uint64_t)(int64_t)left[i];
}

void hl_scarce_count(const struct hl_scarce *s, const struct hl_scarce_places *at, struct hl_tally *t,
                     const double *claims, size_t count, double *work) {
    const struct hl_layout *l = t->layout;
    hl_tally_add_bundled(t, at->claim, claims, s->run == 0 ? count : 0);
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++) {
        size_t short_count = 0;
        for (size_t i = 0; i < count; i++) {
            work[short_count] = claims[i] - s->cash[basis];
            short_count += claims[i] > s->cash[basis];
        }
        hl_tally_add_bundled(t, at->shortfall[basis], work, short_count);
        for (size_t k = 0; k < at->entity_count; k++) {
            if (at->entities[k] == 0 && !t->second)
                t->at_least[(s->run * HL_BASIS_COUNT + basis) * l->full_count + 1] += short_count;
            if (at->entities[k] < l->full_count && s->run == 0)
                count_days(s, t, at->entities[k], basis, count, short_count);
        }
    }
    for (size_t k = 0; k < at->entity_count && s->run == 0; k++)
        if (at->entities[k] < l->full_count)
            count_funds(s, t, at->entities[k], claims, count, work, work + count);
}
