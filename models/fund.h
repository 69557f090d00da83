/* Who pays: kinds of sources of funds. The list is models/model.def; the terms are orthogonal and the same for all
 * kinds, one function (sim/engine/waterfall.c) applies them. */
#ifndef HL_MODELS_FUND_H
#define HL_MODELS_FUND_H

#include <stdbool.h>

enum hl_fund_id {
#define HL_FUND(id, earmarked, stock, after_failure, doc) HL_FUND_##id,
#include "models/model.def"
    HL_FUND_COUNT
};

struct hl_fund_kind {
    const char *name;
    const char *doc;
    bool earmarked;     /* set aside for thefts: counts on the basis "earmarked funds only" */
    bool stock;         /* an amount of money that events draw down; else limited by event or by coin */
    bool after_failure; /* pays once the firm is insolvent: its lag counts from then */
};

extern const struct hl_fund_kind hl_fund_kinds[HL_FUND_COUNT];

#endif
