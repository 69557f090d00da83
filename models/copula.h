/* What ties uniform numbers together: one common factor. The list is models/model.def. */
#ifndef HL_MODELS_COPULA_H
#define HL_MODELS_COPULA_H

#include "models/parameter.h"

#include <stddef.h>

struct hl_copula_family;

/* A copula with its parameters; p[0] is the correlation rho in [0, 1]. */
struct hl_copula {
    const struct hl_copula_family *family; /* NULL = independent */
    double p[HL_PARAMETERS_MOST];
};

struct hl_copula_family {
    const char *name;
    const char *doc;
    const char *source;
    size_t parameter_count;
    struct hl_parameter parameters[HL_PARAMETERS_MOST];
    /* The uniform in (0, 1) of one member, out of those of the common factor, of the mixing variable and of its own,
     * all in (0, 1). At rho = 0 without mixing it is `own` to the last bit, at rho = 1 `factor`. */
    double (*uniform)(const struct hl_copula *c, double factor, double mixing, double own);
};

#define HL_COPULA(name) extern const struct hl_copula_family hl_copula_##name;
#include "models/model.def"

/* Every family, in the order of models/model.def; NULL-terminated. */
extern const struct hl_copula_family *const hl_copulas[];
const struct hl_copula_family *hl_copula_find(const char *name);

#endif
