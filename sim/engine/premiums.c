#include "engine/premiums.h"

#include <math.h>

struct hl_layer_cost hl_layer_cost_of(const struct hl_fund *f, const struct hl_ladder *paid,
                                      const struct hl_ladder *reinstated, uint64_t trials, uint16_t years) {
    const struct hl_contract *contract = &f->contract;
    double mean_error, sd, share = 0, share_error = 0;
    double mean = hl_ladder_mean(paid, trials, &mean_error, &sd) / years;
    struct hl_layer_cost out = {.premium = contract->premium_amount};
    if (reinstated != NULL) {
        double unused;
        share = hl_ladder_mean(reinstated, trials, &share_error, &unused) / years / f->layer.limit;
        share_error /= years * f->layer.limit;
    }
    if (contract->premium == HL_PREMIUM_PRICED) {
        double load = 1 + contract->premium_load, of_sd = contract->premium_of_sd / sqrt(years);
        out.premium = (load * mean + of_sd * sd) / (1 + share);
        out.premium_error =
            (load * mean_error / years + of_sd * hl_ladder_sd_error(paid, trials) + out.premium * share_error) /
            (1 + share);
    }
    out.reinstatement = out.premium * share;
    out.reinstatement_error = out.premium * share_error + share * out.premium_error;
    return out;
}
