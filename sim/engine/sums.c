#include "engine/sums.h"

#include "base/money.h"
#include "engine/haircut.h"
#include "engine/years.h"

#include <string.h>

enum hl_status hl_sums_make(struct hl_sums *s, struct hl_arena *arena, const struct hl_plan *p, struct hl_error *err) {
    size_t funds = p->scenario->fund_count;
    *s = (struct hl_sums){.paid = hl_arena_array(arena, funds, sizeof *s->paid),
                          .attached = hl_arena_array(arena, funds, sizeof *s->attached),
                          .exhausted = hl_arena_array(arena, funds, sizeof *s->exhausted),
                          .reinstated = hl_arena_array(arena, funds, sizeof *s->reinstated),
                          .unpaid_at = hl_arena_array(arena, p->check_count, sizeof *s->unpaid_at),
                          .years = hl_arena_array(arena, p->year_count, sizeof *s->years)};
    bool made = s->paid != NULL && s->attached != NULL && s->exhausted != NULL && s->unpaid_at != NULL;
    return made && s->reinstated != NULL && s->years != NULL ? HL_OK : hl_fail_memory(err);
}

void hl_sums_clear(struct hl_sums *s, const struct hl_plan *p) {
    size_t funds = p->scenario->fund_count;
    struct hl_sums empty = {.paid = s->paid,
                            .attached = s->attached,
                            .exhausted = s->exhausted,
                            .reinstated = s->reinstated,
                            .unpaid_at = s->unpaid_at,
                            .years = s->years};
    *s = empty;
    memset(s->paid, 0, funds * sizeof *s->paid);
    memset(s->attached, 0, funds * sizeof *s->attached);
    memset(s->exhausted, 0, funds * sizeof *s->exhausted);
    memset(s->reinstated, 0, funds * sizeof *s->reinstated);
    memset(s->unpaid_at, 0, p->check_count * sizeof *s->unpaid_at);
    memset(s->years, 0, p->year_count * sizeof *s->years);
}

static void add_years(struct hl_sums *s, const struct hl_waterfall_case *c, const struct hl_outcome *o) {
    for (size_t k = 0; k < o->open_count; k++) {
        struct hl_year_sums *year = &s->years[hl_claim_year(c->plan, &c->claims[k]) - 1];
        year->claim += o->of[k].claim;
        year->shortfall += o->of[k].shortfall;
        year->shortfall_largest = hl_most(year->shortfall_largest, o->of[k].shortfall);
        year->haircut += o->of[k].haircut;
        year->short_count = year->shortfall > 0;
    }
}

void hl_sums_add_case(struct hl_sums *s, const struct hl_waterfall_case *c, const struct hl_outcome *o) {
    s->shortfall += o->shortfall;
    s->short_count = s->shortfall > 0;
    add_years(s, c, o);
    if (c->only_shortfall)
        return;
    s->claim += o->claim;
    s->shortfall_largest = hl_most(s->shortfall_largest, o->shortfall_largest);
    s->haircut += o->haircut;
    s->haircut_share = hl_least(s->haircut_share + o->haircut_share, HL_HAIRCUT_WHOLE);
    s->insolvent = s->insolvent > 0 || o->insolvent;
    s->days_until_whole = hl_most(s->days_until_whole, o->days_until_whole);
    for (size_t i = 0; i < c->fund_count; i++) {
        size_t f = c->funds[i].item;
        if (f == HL_NONE)
            continue;
        s->paid[f] += o->paid[i];
        s->attached[f] = s->attached[f] || o->attached[i];
        s->exhausted[f] = s->exhausted[f] || o->exhausted[i];
        s->reinstated[f] += o->reinstated[i];
    }
    for (size_t i = 0; i < c->plan->check_count; i++)
        s->unpaid_at[i] = s->unpaid_at[i] || o->unpaid_at[i];
}

void hl_sums_add_need(struct hl_sums *s, double reserve, double insurance) {
    s->reserve_needed = hl_most(s->reserve_needed, reserve);
    s->insurance_needed = hl_most(s->insurance_needed, insurance);
}

void hl_sums_add_exchange(struct hl_sums *into, const struct hl_sums *from, const struct hl_plan *p) {
    into->claim += from->claim;
    into->shortfall += from->shortfall;
    into->haircut += from->haircut;
    into->insolvent += from->insolvent;
    into->days_until_whole = hl_most(into->days_until_whole, from->days_until_whole);
    into->reserve_needed = hl_least(into->reserve_needed + from->reserve_needed, HL_NEVER);
    into->short_count += from->short_count;
    for (size_t f = 0; f < p->scenario->fund_count; f++) {
        into->paid[f] += from->paid[f];
        into->attached[f] = into->attached[f] || from->attached[f];
        into->exhausted[f] = into->exhausted[f] || from->exhausted[f];
        into->reinstated[f] += from->reinstated[f];
    }
    for (size_t i = 0; i < p->check_count; i++)
        into->unpaid_at[i] = into->unpaid_at[i] || from->unpaid_at[i];
    for (size_t y = 0; y < p->year_count; y++) {
        into->years[y].claim += from->years[y].claim;
        into->years[y].shortfall += from->years[y].shortfall;
        into->years[y].haircut += from->years[y].haircut;
        into->years[y].short_count += from->years[y].short_count;
    }
}
