#include "models/control.h"

const struct hl_control_kind hl_control_kinds[HL_CONTROL_COUNT] = {
#define HL_CONTROL(id, doc) {#id, doc},
#include "models/model.def"
};
