#include "models/climate.h"

#include <math.h>
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

enum hl_status hl_climate_prepare(struct hl_climate_law *out, const struct hl_climate_family *family, double sd,
                                  struct hl_arena *arena, struct hl_error *err) {
    *out = (struct hl_climate_law){.family = family, .sd = sd};
    return family->prepare == NULL ? HL_OK : family->prepare(out, arena, err);
}

double hl_climate_next(double before, double shock, double persistence) {
    return persistence * before + sqrt(1 - persistence * persistence) * shock;
}
