#include "models/climate.h"

#include <string.h>

const struct hl_climate_family *const hl_climates[] = {
#define HL_CLIMATE(name) &hl_climate_##name,
#include "models/model.def"
    NULL,
};

const struct hl_climate_family *hl_climate_find(const char *name) {
    for (size_t i = 0; hl_climates[i] != NULL; i++)
        if (strcmp(hl_climates[i]->name, name) == 0)
            return hl_climates[i];
    return NULL;
}
