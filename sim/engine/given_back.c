#include "engine/given_back.h"

#include "engine/years.h"

#include <math.h>
#include <string.h>

/* Is there a row of guarantee crypto that pays on the day of every discovery? */
static bool is_prompt(const struct hl_plan_fund *funds, size_t count, enum hl_basis basis) {
    for (size_t i = 0; i < count; i++) {
        const struct hl_plan_fund *f = &funds[i];
        if (f->kind == HL_FUND_guarantee_crypto && (basis == HL_BASIS_ALL || f->earmarked) && f->after_days == 0 &&
            !f->after_failure && f->probability >= 1 && f->fails.rate_per_year <= 0)
            return true;
    }
    return false;
}

bool hl_is_given_back(const struct hl_waterfall_case *c) {
    if (c->plan->year_count > 1 || !is_prompt(c->funds, c->fund_count, c->basis))
        return false;
    for (size_t k = 0; k < c->claim_count; k++) {
        if (c->claims[k].coins_after > 0)
            return false;
        for (uint32_t j = 0; j < c->claims[k].taken_count; j++) {
            const struct hl_taken *t = &c->claims[k].taken[j];
            double gone = 0; /* of this coin's guarantee, at all thefts */
            for (size_t other = 0; other < c->claim_count; other++)
                for (uint32_t i = 0; i < c->claims[other].taken_count; i++)
                    if (c->claims[other].taken[i].asset == t->asset)
                        gone += c->claims[other].taken[i].guarantee + c->claims[other].taken[i].in_kind;
            if (t->money > 0 || (t->in_kind > 0 && gone > hl_years_guarantee(c, t->asset, 1)))
                return false;
        }
    }
    return true;
}

/* Are coins owed in kind, and no trial changed by what a theft elsewhere took? */
static bool is_plain_theft(const struct hl_plan *p, const struct hl_breach *b) {
    const struct hl_scenario *s = p->scenario;
    bool plain = p->year_count == 1 && p->pool_count == 0 && !s->run.any && b->size.family != NULL &&
                 !isfinite(s->market.impact_above) && s->market.token_fall <= 0;
    for (size_t a = 0; a < s->asset_count; a++)
        plain = plain && s->claim_terms[a].share[HL_IN_KIND] == 1;
    return plain;
}

bool hl_gives_back_any(const struct hl_plan *p, const struct hl_policy *policy, const struct hl_source *src,
                       const struct hl_target *t) {
    size_t assets = p->scenario->asset_count, from = policy->first[t->exchange];
    size_t rows = policy->first[t->exchange + 1] - from;
    if (!is_plain_theft(p, src->breach))
        return false;
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++)
        if (!is_prompt(policy->funds + from, rows, basis))
            return false;
    double gone[assets]; /* of each coin's guarantee, when all in reach is taken */
    memset(gone, 0, sizeof gone);
    for (uint32_t i = 0; i < t->cell_count; i++) {
        const struct hl_cell *cell = &p->cells[t->cells[i]];
        if (cell->owner == HL_OWNER_CUSTOMERS || cell->owner == HL_OWNER_GUARANTEE)
            gone[cell->asset] += cell->value;
    }
    for (size_t a = 0; a < assets; a++)
        if (gone[a] > nearbyint(p->guarantee[t->exchange * assets + a]))
            return false;
    return true;
}
