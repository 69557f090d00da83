/* One exchange whose losses are known exactly: each breach takes a uniform share of what is left of one wallet, so that
 * n breaches leave a product of uniforms, -ln of which is gamma of shape n. The reserve falls short where less than
 * `left` of the wallet is. */
#ifndef HL_TESTS_RARE_FIXTURE_H
#define HL_TESTS_RARE_FIXTURE_H

#include "tests/engine_fixture.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

enum { RARE_WALLET = 1000000000 };

static inline void rare_make(struct engine *f, double rate, double left) {
    engine_start(f);
    engine_exchange(f, "ape");
    engine_asset(f, "COIN");
    engine_holding(f, 0, 0, HL_HOT, RARE_WALLET);
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, rate, HL_NONE);
    b->size = (struct hl_distribution){.family = &hl_severity_uniform, .p = {0, 1}};
    engine_fund(f, HL_FUND_reserve, RARE_WALLET * (1 - left));
}

/* P(less than `left` of the wallet is left after a year). */
static inline double rare_probability(double rate, double left) {
    double sum = 0;
    for (unsigned n = 1; n < 100; n++)
        sum += gsl_ran_poisson_pdf(n, rate) * gsl_cdf_gamma_Q(-log(left), n, 1);
    return sum;
}

#endif
