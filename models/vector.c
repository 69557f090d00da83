#include "models/vector.h"

const struct hl_vector hl_vectors[HL_VECTOR_COUNT] = {
#define HL_VECTOR(id, reached, text) [HL_VECTOR_##id] = {.name = #id, .doc = text, .tiers = reached},
#include "models/model.def"
};

const char *const hl_tier_names[HL_TIER_COUNT] = {[HL_HOT] = "hot", [HL_WARM] = "warm", [HL_COLD] = "cold"};
