/* What keeps a model from being calculated instead of simulated. */
#ifndef HL_ENGINE_EXACT_REASONS_H
#define HL_ENGINE_EXACT_REASONS_H

#include "engine/plan.h"
#include "engine/result.h"

/* More links between vendors that may be open or not are not gone through one by one. */
enum { HL_EXACT_LINKS_MOST = 6 };

/* Does a source count toward an entity: are its breaches part of what is told of it? */
bool hl_exact_concerns(const struct hl_plan *p, size_t source, const struct hl_entity *entity);

/* Does a target of such a source: an exchange is told what is taken there, the others all that is taken? */
bool hl_exact_counts(const struct hl_target *t, const struct hl_entity *entity);

/* Why the gross loss of an entity is no sum of independent losses of one law each; NULL where it is one. Half a
 * sentence: "prices move". */
const char *hl_exact_why_not_gross(const struct hl_plan *p, const struct hl_entity *entity);

#endif
