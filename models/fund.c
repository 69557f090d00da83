#include "models/fund.h"

const struct hl_fund_kind hl_fund_kinds[HL_FUND_COUNT] = {
#define HL_FUND(id, set_aside, has_stock, pays_late, text)                                                             \
    [HL_FUND_##id] = {.name = #id, .doc = text, .earmarked = set_aside, .stock = has_stock, .after_failure = pays_late},
#include "models/model.def"
};
