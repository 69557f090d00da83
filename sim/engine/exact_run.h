/* Which results of a plan can be calculated, and their calculation: no trials, no random numbers. */
#ifndef HL_ENGINE_EXACT_RUN_H
#define HL_ENGINE_EXACT_RUN_H

#include "engine/exact_figure.h"

/* How fine the lattices are; more points make the bounds narrower and take longer in proportion. */
enum { HL_EXACT_POINTS = 1 << 16 };

/* Who is told what is exact and what is not. */
struct hl_exact_visitor {
    void *context;
    /* A figure, which is gone afterwards. */
    enum hl_status (*figure)(void *context, const struct hl_exact_figure *figure, struct hl_error *err);
    /* Why a perspective of an entity has no exact distribution: half a sentence, "prices move". */
    void (*none)(void *context, const struct hl_entity *entity, enum hl_perspective perspective, const char *why);
};

/* Visits every entity of the plan as stated. Stops at the first that is not HL_OK. */
HL_MUST_CHECK enum hl_status hl_exact_visit(const struct hl_plan *p, const struct hl_exact_visitor *visitor,
                                            struct hl_error *err);

#endif
