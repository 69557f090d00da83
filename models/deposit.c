#include "models/deposit.h"

#include "base/money.h"
#include "models/severity.h"

#include <math.h>

/* E[min(B, limit)] of balances of this mean. */
static double limited_balance(double mean, double sigma, double limit) {
    if (sigma <= 0 || mean <= 0)
        return hl_least(mean, limit);
    struct hl_distribution balance = {.family = &hl_severity_lognormal, .p = {mean * exp(-0.5 * sigma * sigma), sigma}};
    return balance.family->limited_mean(&balance, limit);
}

double hl_deposit_cover(double unpaid, double held, const struct hl_deposit_terms *terms) {
    double lost = held > 0 ? hl_least(unpaid / held, 1) : 1;
    if (lost <= 0)
        return 0;
    double each = limited_balance(held / terms->customers, terms->sigma, terms->limit / lost);
    return hl_least(nearbyint(terms->customers * lost * each), unpaid);
}
