/* The laws of prices: jumps, variance mixing and the bridge. */
#include "engine/init.h"
#include "models/price.h"
#include "tests/engine_fixture.h"

Test(price, jumps_leave_the_mean_alone) {
    const struct {
        double rate, loading, mean, sd, want;
    } rows[] = {
        {0, 1, -0.1, 0.2, 0},                      /* no jumps */
        {2, 1, log(0.5), 0, -1},                   /* each halves the price: 2 x (1/2 - 1) */
        {3, 1, log(2), 0, 3},                      /* each doubles it */
        {1, 2, log(2), 0, 3},                      /* and with twice the loading makes it four times as much */
        {1, 0, log(2), 1, 0},                      /* an asset that does not load on the factor */
        {2, 0.5, -0.02, 0.4, 2 * (exp(0.01) - 1)}, /* -0.01 + 0.04 / 2 */
        {4, -1, log(2), 0, -2},                    /* against the factor */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double drift = hl_jump_drift(rows[i].rate, rows[i].loading, rows[i].mean, rows[i].sd);
        cr_expect(fabs(drift - rows[i].want) < 1e-12, "row %zu: %.17g, not %.17g", i, drift, rows[i].want);
    }
}

/* The mean by the midpoint rule over the quantiles, where most of it is known: with nu = 4 and the cap `most`,
 * E[min(4/Q, most)] = 2 (1 - e^-x) with x = 2 / most, by P(Q > q) = e^(-q/2) (1 + q/2). */
Test(price, mixing) {
    static const double caps[] = {1, 2, 10, 1000};
    hl_init();
    for (size_t i = 0; i < COUNT_OF(caps); i++) {
        struct hl_arena arena = {0};
        struct hl_error err = {0};
        struct hl_mixing m;
        cr_assert(hl_mixing_make(&m, 4, caps[i], &arena, &err) == HL_OK);
        double x = 2 / caps[i], mean = 2 * exp(-x) + caps[i] * (1 - exp(-x) * (1 + x));
        cr_expect(fabs(m.mean - mean) < 1e-12, "cap %g: %.15g, not %.15g", caps[i], m.mean, mean);
        enum { POINTS = 100000 };
        double sum = 0, last = INFINITY;
        for (int k = 0; k < POINTS; k++) {
            double v = hl_mixing_quantile(&m, (k + 0.5) / POINTS);
            cr_assert(v <= last && v > 0, "not falling in v");
            last = v;
            sum += v;
        }
        cr_expect(fabs(sum / POINTS - 1) < 5e-4, "cap %g: mean %.6f", caps[i], sum / POINTS);
        cr_expect(hl_mixing_quantile(&m, 0x1p-53) == caps[i] / m.mean, "the cap is reached");
        hl_arena_free(&arena);
    }
}

/* Median of nu/Q with nu = 4: P(Q > q) = 1/2 at q/2 = 1.67834699... (the root of e^-x (1 + x) = 1/2). */
Test(price, mixing_at_the_median) {
    struct hl_arena arena = {0};
    struct hl_error err = {0};
    struct hl_mixing m;
    hl_init();
    cr_assert(hl_mixing_make(&m, 4, 10, &arena, &err) == HL_OK);
    cr_expect(fabs(hl_mixing_quantile(&m, 0.5) * m.mean - 2 / 1.6783469900166605) < 1e-8);
    hl_arena_free(&arena);
}

/* Normals that a test can follow: node n has the n-th of a list. */
Test(price, bridge) {
    static const double normals[16] = {[8] = 1, [4] = 3, [14] = -1};
    const struct {
        unsigned node;
        double want;
    } rows[] = {
        {8, 8 / 2.0 + 2 * 1},       /* the middle of 0 and 8, and sqrt(16 / 4) times 1 */
        {4, 6 / 2.0 + M_SQRT2 * 3}, /* between 0 and that: sqrt(8 / 4) times 3 */
        {12, (6 + 8) / 2.0},        /* its normal is 0 */
        {14, (7 + 8) / 2.0 - 1},    /* sqrt(4 / 4) times -1 */
        {13, (7 + 6.5) / 2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t nodes[4];
        double asked[4];
        unsigned count = hl_bridge_nodes(rows[i].node, 4, nodes);
        cr_assert(count >= 1 && count <= 4 && nodes[0] == 8 && nodes[count - 1] == rows[i].node);
        for (unsigned k = 0; k < count; k++)
            asked[k] = normals[nodes[k]];
        double x = hl_bridge(rows[i].node, 4, 8, asked);
        cr_expect(fabs(x - rows[i].want) < 1e-15, "node %u: %g, not %g", rows[i].node, x, rows[i].want);
    }
}
