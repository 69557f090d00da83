#include "models/copula.h"

#include <string.h>

const struct hl_copula_family *const hl_copulas[] = {
#define HL_COPULA(name) &hl_copula_##name,
#include "models/model.def"
    NULL,
};

const struct hl_copula_family *hl_copula_find(const char *name) {
    for (size_t i = 0; hl_copulas[i] != NULL; i++)
        if (strcmp(hl_copulas[i]->name, name) == 0)
            return hl_copulas[i];
    return NULL;
}
