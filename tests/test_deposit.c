#include "models/deposit.h"

#include <criterion/criterion.h>
#include <math.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* The rows of models/README.md, "Insurance of deposits": 100 customers with 1000 in all. */
Test(deposit, worked_examples) {
    const struct {
        const char *what;
        double unpaid, held, limit, customers, sigma, want;
    } rows[] = {
        {"a tenth of each balance of 10 is below the limit", 100, 1000, 4, 100, 0, 100},
        {"half of each balance is above it", 500, 1000, 4, 100, 0, 400},
        {"all is lost", 1000, 1000, 4, 100, 0, 400},
        {"unequal balances of the same mean: fewer are whole", 500, 1000, 4, 100, 1, 274},
        {"a high limit pays everything, however unequal", 500, 1000, 1e9, 100, 1, 500},
        {"nothing is lost", 0, 1000, 4, 100, 1, 0},
        {"more is gone than is held now", 2000, 1000, 4, 100, 0, 400},
        {"nothing is held", 50, 0, 4, 100, 1, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hl_deposit_terms terms = {rows[i].limit, rows[i].customers, rows[i].sigma};
        double got = hl_deposit_cover(rows[i].unpaid, rows[i].held, &terms);
        cr_expect(got == rows[i].want, "%s: %g", rows[i].what, got);
    }
}

/* The fourth row by hand: E[min(B, 8)] by numerical integration over the normal score of lognormal balances of mean 10.
 */
Test(deposit, the_limited_balance_is_an_expectation) {
    double sum = 0, sigma = 1, step = 1e-4;
    for (double z = -9 + step / 2; z < 9; z += step) {
        double balance = 10 * exp(sigma * z - sigma * sigma / 2);
        sum += fmin(balance, 8) * exp(-z * z / 2) * step;
    }
    double each = sum / sqrt(2 * acos(-1));
    const struct hl_deposit_terms terms = {4e6, 100, sigma};
    double got = hl_deposit_cover(500e6, 1000e6, &terms);
    cr_expect(fabs(got - 100 * 0.5 * each * 1e6) < 1e3, "%.9g and %.9g", got, 50e6 * each);
}
