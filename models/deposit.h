/* Insurance of each customer's balance up to a limit, as deposits are insured.
 *
 * Customers hold T in all and U of it is gone, the same share φ = U/T of each balance B. The insurance pays each the
 * lesser of what he lost and the limit l: N E[min(φB, l)] = N φ E[min(B, l/φ)] for N customers. Balances are lognormal
 * of mean T/N, or all equal. Source: limited expected value: Klugman, Panjer, Willmot, Loss Models, chapter on coverage
 * modifications; worked examples in models/README.md.
 */
#ifndef HL_MODELS_DEPOSIT_H
#define HL_MODELS_DEPOSIT_H

struct hl_deposit_terms {
    double limit;     /* quanta for each customer, above 0 */
    double customers; /* how many, at least 1 */
    double sigma;     /* of the lognormal law of balances; 0 = all equal */
};

/* What the insurance pays when `unpaid` of the `held` is gone (all of it where nothing is held), in whole quanta; never
 * more than `unpaid`. */
double hl_deposit_cover(double unpaid, double held, const struct hl_deposit_terms *terms);

#endif
