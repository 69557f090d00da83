#include "engine/exact_reasons.h"

#include <math.h>

bool hl_exact_counts(const struct hl_target *t, const struct hl_entity *entity) {
    return entity->kind != HL_ENTITY_EXCHANGE || t->exchange == entity->index;
}

bool hl_exact_concerns(const struct hl_plan *p, size_t source, const struct hl_entity *entity) {
    const struct hl_source *src = &p->sources[source];
    switch (entity->kind) {
    case HL_ENTITY_SYSTEM:
        return true;
    case HL_ENTITY_EXCHANGE:
        for (size_t k = 0; k < src->target_count; k++)
            if (src->targets[k].exchange == entity->index)
                return true;
        return false;
    case HL_ENTITY_VENDOR:
        return src->vendor == entity->index;
    case HL_ENTITY_VECTOR:
        return src->vector == entity->index;
    case HL_ENTITY_SOURCE:
        return source == entity->index;
    }
    return false;
}

/* ---- what one breach finds --------------------------------------------------------------------------------------- */

static bool reaches(const struct hl_target *t, uint32_t cell) {
    for (uint32_t i = 0; i < t->cell_count; i++)
        if (t->cells[i] == cell)
            return true;
    return false;
}

/* May a source have more than one breach in a trial? */
static bool comes_again(const struct hl_plan *p, size_t source) {
    const struct hl_count *c = &p->samplings[0].counts[source];
    return c->family->pairs(c, 1) > 0;
}

/* May any other breach, or another of this source, reach what a target's breach does? */
static bool is_reached_again(const struct hl_plan *p, size_t source, const struct hl_target *t) {
    if (comes_again(p, source) && t->cell_count > 0)
        return true;
    for (size_t i = 0; i < p->source_count; i++) {
        for (size_t k = 0; k < p->sources[i].target_count && i != source; k++) {
            const struct hl_target *other = &p->sources[i].targets[k];
            for (uint32_t n = 0; n < t->cell_count && other->exchange == t->exchange; n++)
                if (reaches(other, t->cells[n]))
                    return true;
        }
    }
    return false;
}

/* ---- sources ----------------------------------------------------------------------------------------------------- */

static bool ties_damages(const struct hl_copula *c) {
    bool none = c->family == &hl_copula_gaussian && c->p[0] == 0; /* of it each has its own */
    return c->family != NULL && !none;
}

static const char *why_not_source(const struct hl_plan *p, size_t source, const struct hl_entity *entity) {
    const struct hl_source *src = &p->sources[source];
    const struct hl_breach *b = src->breach;
    size_t targets = 0;
    if (src->is_set_off || src->offspring_count > 0)
        return "breaches set off others";
    if (b->climate != HL_NONE && p->climates[b->climate].law.family->laplace == NULL)
        return "its rates follow a climate that has no closed transform";
    if (b->found_per_year > 0)
        return "intruders may be found before they take anything";
    if (b->by_asset.family != NULL)
        return "assets have shares of their own that are tied";
    if (b->passes > 0 && b->passes < 1 && src->link_count > HL_EXACT_LINKS_MOST)
        return "a breach has too many ways from vendor to vendor";
    for (size_t k = 0; k < src->target_count; k++) {
        if (!hl_exact_counts(&src->targets[k], entity))
            continue;
        targets++;
        if (!p->scenario->wallets_restored && is_reached_again(p, source, &src->targets[k]))
            return "a second breach finds less than the first";
    }
    return targets > 1 && ties_damages(&b->copula) ? "a copula ties the damages of clients" : NULL;
}

const char *hl_exact_why_not_gross(const struct hl_plan *p, const struct hl_entity *entity) {
    if (p->year_count > 1)
        return "the horizon is several years";
    if (p->prices != NULL)
        return "prices move";
    if (p->scenario->run.any)
        return "customers run";
    for (size_t i = 0; i < p->source_count; i++) {
        const char *why = hl_exact_concerns(p, i, entity) ? why_not_source(p, i, entity) : NULL;
        if (why != NULL)
            return why;
    }
    return NULL;
}
