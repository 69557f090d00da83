/* Security controls. The list is models/model.def. */
#ifndef HL_MODELS_CONTROL_H
#define HL_MODELS_CONTROL_H

enum hl_control_id {
#define HL_CONTROL(id, doc) HL_CONTROL_##id,
#include "models/model.def"
    HL_CONTROL_COUNT
};

struct hl_control_kind {
    const char *name;
    const char *doc;
};

extern const struct hl_control_kind hl_control_kinds[HL_CONTROL_COUNT];

#endif
