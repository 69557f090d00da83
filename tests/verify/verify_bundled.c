/* The bundled scenarios: what their README calculates by hand, and what their tables promise. Run from the project's
 * top. */
#include "verify/oracle.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static void load(struct hl_scenario *s, const char *path) {
    struct hl_error err = {0};
    hl_init();
    enum hl_status status = hl_scenario_load(s, path, NULL, 0, &err);
    hl_error_print(&err, stderr);
    hl_error_free(&err);
    cr_assert(status == HL_OK, "%s", path);
}

/* P(breach) against 1 - exp(-sum of rates), exact; P(shortfall) against the one-event calculation of
 * scenarios/README.md within 5 %: it leaves out years with two thefts. */
Test(verify_bundled, dmm_2024_by_hand) {
    const struct hl_setting settings[] = {{"trials", "4_000_000"}, {"seed", "1"}};
    struct oracle_run run = {0};
    oracle_run_file(&run, "scenarios/dmm-2024.yaml", settings, 2);
    double rates = 0.0123 + 0.0041 + 0.00097 + 0.00049;
    oracle_near("P(breach)", oracle_row(&run, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH, 0), 1 - exp(-rates), 0);
    double cold =
        0.00410 + 0.00048 + 0.00070; /* vendor, cold wallets, insiders: thefts that guarantee coins do not cover */
    double earmarked = oracle_row(&run, HL_BASIS_EARMARKED, HL_SHORTFALL, HL_P_POSITIVE, 0)->value;
    double all = oracle_row(&run, HL_BASIS_ALL, HL_SHORTFALL, HL_P_POSITIVE, 0)->value;
    cr_expect(fabs(earmarked / (1 - exp(-cold)) - 1) < 0.05, "earmarked: %.6f, by hand %.6f", earmarked,
              1 - exp(-cold));
    cr_expect(fabs(all / (0.3 * (1 - exp(-cold))) - 1) < 0.05, "all: %.6f, by hand %.6f", all, 0.3 * (1 - exp(-cold)));
    oracle_free(&run);
}

/* In Japan guarantee crypto equals the customers' hot coins, coin by coin. */
static void expect_guarantee_equals_hot(const char *path) {
    struct hl_scenario s;
    load(&s, path);
    for (size_t e = 0; e < s.exchange_count; e++) {
        for (size_t a = 0; a < s.asset_count; a++) {
            double hot = 0, guarantee = 0;
            for (size_t i = 0; i < s.holding_count; i++) {
                const struct hl_holding *h = &s.holdings[i];
                if (h->exchange != e || h->asset != a)
                    continue;
                hot += h->owner == HL_OWNER_CUSTOMERS && h->tier == HL_HOT ? h->value : 0;
                guarantee += h->owner == HL_OWNER_GUARANTEE ? h->value : 0;
            }
            cr_expect(hot == guarantee, "%s: %s of %s: hot %.0f, guarantee %.0f", path, s.assets[a].id,
                      s.exchanges[e].id, hot, guarantee);
        }
    }
    hl_scenario_free(&s);
}

Test(verify_bundled, guarantee_crypto_equals_hot_coins) {
    expect_guarantee_equals_hot("scenarios/minimal.yaml");
    expect_guarantee_equals_hot("scenarios/dmm-2024.yaml");
    expect_guarantee_equals_hot("scenarios/japan-2026.yaml");
}

/* Customers' coins add up to what is public: 96.2 bn yen for DMM; with their yen, 5,000 bn for Japan's industry. */
Test(verify_bundled, totals_are_the_public_ones) {
    static const struct {
        const char *path;
        double total;
    } cases[] = {{"scenarios/dmm-2024.yaml", 96.2e9}, {"scenarios/japan-2026.yaml", 5000e9}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct hl_scenario s;
        double total = 0;
        load(&s, cases[c].path);
        for (size_t i = 0; i < s.holding_count; i++)
            total += s.holdings[i].owner == HL_OWNER_CUSTOMERS ? s.holdings[i].value : 0;
        for (size_t e = 0; e < s.exchange_count; e++)
            total += isnan(s.exchanges[e].customer_fiat) ? 0 : s.exchanges[e].customer_fiat;
        cr_expect(fabs(total / cases[c].total - 1) < 0.001, "%s: %.0f", cases[c].path, total);
        hl_scenario_free(&s);
    }
}

/* Every exchange of japan-2026 is breached through third parties at Japan's rate, 0.41 % a year: through its own source
 * or as rate x hit of its vendors. */
Test(verify_bundled, third_party_rate_of_japan_2026) {
    struct hl_scenario s;
    struct hl_plan p;
    struct hl_error err = {0};
    load(&s, "scenarios/japan-2026.yaml");
    cr_assert(hl_plan_make(&p, &s, &err) == HL_OK);
    for (uint32_t e = 0; e < s.exchange_count; e++) {
        double rate = 0;
        for (size_t i = 0; i < p.source_count; i++) {
            const struct hl_source *src = &p.sources[i];
            for (size_t k = 0; k < src->target_count && src->vector == HL_VECTOR_third_party_compromise; k++) {
                const struct hl_target *t = &src->targets[k];
                double passes = t->vendor == src->vendor ? 1 : src->breach->passes;
                double hit = src->vendor == HL_NONE ? 1 : passes * p.samplings[HL_STATED].hits[i];
                rate += t->exchange == e ? p.samplings[HL_STATED].counts[i].p[0] * hit : 0;
            }
        }
        cr_expect(fabs(rate - 0.0041) < 1e-9, "%s: %.6f", s.exchanges[e].id, rate);
    }
    hl_plan_free(&p);
    hl_scenario_free(&s);
}
