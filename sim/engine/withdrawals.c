#include "engine/withdrawals.h"

#include "base/money.h"

#include <math.h>

struct hl_withdrawals hl_withdrawals_play(const struct hl_run_terms *terms, double liquid, double other, double share) {
    struct hl_withdrawals out = {.asked = nearbyint(share * (liquid + other))};
    const double still = terms->mean_days / (1 + terms->mean_days), stops = terms->suspends_at * (liquid + other);
    const double up = terms->from_cold_per_day > 0 ? hl_most(nearbyint(terms->from_cold_per_day * other), 1) : 0;
    double to_come = 1, asked = 0, unpaid = 0, open_from = 0;
    for (int day = 0; day < HL_TIME_DAYS_MOST && (asked < out.asked || unpaid > 0); day++) {
        double moved = day > 0 ? hl_least(up, other) : 0;
        liquid += moved;
        other -= moved;
        to_come *= still;
        double upto = nearbyint(out.asked * (1 - to_come));
        unpaid += upto - asked;
        asked = upto;
        double paid = day >= open_from ? hl_least(unpaid, liquid) : 0;
        liquid -= paid;
        unpaid -= paid;
        out.backlog_most = hl_most(out.backlog_most, unpaid);
        out.days_unpaid += unpaid > 0;
        if (!out.suspended && terms->suspension_days > 0 && (unpaid > 0 || asked >= stops)) {
            out.suspended = true;
            open_from = day + 1 + terms->suspension_days;
        }
    }
    if (unpaid > 0)
        out.days_unpaid = HL_NEVER;
    return out;
}
