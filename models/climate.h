/* Threat climates: a factor of mean 1 a year that multiplies rates. The list is models/model.def. */
#ifndef HL_MODELS_CLIMATE_H
#define HL_MODELS_CLIMATE_H

#include <stddef.h>

struct hl_climate_family {
    const char *name;
    const char *doc;
    const char *source;
};

#define HL_CLIMATE(name) extern const struct hl_climate_family hl_climate_##name;
#include "models/model.def"

/* Every family, in the order of models/model.def; NULL-terminated. */
extern const struct hl_climate_family *const hl_climates[];
const struct hl_climate_family *hl_climate_find(const char *name);

#endif
