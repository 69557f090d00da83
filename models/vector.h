/* How the coins are reached. The list is models/model.def. */
#ifndef HL_MODELS_VECTOR_H
#define HL_MODELS_VECTOR_H

#include <stdint.h>

enum hl_tier { HL_HOT, HL_WARM, HL_COLD, HL_TIER_COUNT };

struct hl_vector {
    const char *name;
    const char *doc;
    uint32_t tiers; /* bit 1 << tier: what it reaches unless the scenario says otherwise */
};

enum hl_vector_id {
#define HL_VECTOR(id, tiers, doc) HL_VECTOR_##id,
#include "models/model.def"
    HL_VECTOR_COUNT
};

extern const struct hl_vector hl_vectors[HL_VECTOR_COUNT];
extern const char *const hl_tier_names[HL_TIER_COUNT];

#endif
