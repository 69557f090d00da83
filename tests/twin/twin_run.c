/* Customers who run, day by day. */
#include "tests/twin/twin.h"

#include <math.h>

enum { DAYS_MOST = 3650 };

/* What has been asked for by the end of a day, from 0. */
static double asked_by(const struct hl_run_terms *terms, double all, int day) {
    double q = terms->mean_days / (1 + terms->mean_days);
    return nearbyint(all * (1 - pow(q, day + 1)));
}

struct twin_run twin_withdraw(const struct hl_run_terms *terms, double liquid, double other, double share) {
    struct twin_run run = {.asked = nearbyint(share * (liquid + other))};
    double paid = 0, all = liquid + other, each_day = nearbyint(terms->from_cold_per_day * other), reopens = 0;
    if (terms->from_cold_per_day > 0 && each_day < 1)
        each_day = 1;
    for (int day = 0; day < DAYS_MOST && paid < run.asked; day++) {
        double comes_up = day == 0 ? 0 : fmin(each_day, other), asked = asked_by(terms, run.asked, day);
        liquid += comes_up;
        other -= comes_up;
        if (day >= reopens) {
            double pays = fmin(asked - paid, liquid);
            paid += pays;
            liquid -= pays;
        }
        run.backlog_most = fmax(run.backlog_most, asked - paid);
        run.days_unpaid += paid < asked;
        if (!run.suspended && terms->suspension_days > 0 && (paid < asked || asked >= terms->suspends_at * all)) {
            run.suspended = true;
            reopens = day + 1 + terms->suspension_days;
        }
    }
    if (paid < asked_by(terms, run.asked, DAYS_MOST - 1))
        run.days_unpaid = -1;
    return run;
}
