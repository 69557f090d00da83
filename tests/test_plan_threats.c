/* What covariates and controls make of rates and targets, and which sources set off which. */
#include "tests/engine_fixture.h"

/* ape and bee with keyco; hot wallets at both, a breach of keyco, and what a test adds. */
static void start(struct engine *f) {
    engine_ape_and_bee(f);
    engine_breach(f, HL_VECTOR_hot_wallet_drain, 0.2, HL_NONE);
    engine_breach(f, HL_VECTOR_third_party_compromise, 0.3, 0);
}

static const struct hl_source *source_named(const struct hl_plan *p, const char *name) {
    for (size_t i = 0; i < p->source_count; i++)
        if (strcmp(p->sources[i].name, name) == 0)
            return &p->sources[i];
    cr_assert_fail("no source %s", name);
    return NULL;
}

Test(plan_threats, controls_multiply_where_they_are) {
    static struct engine f;
    struct hl_plan p;
    start(&f);
    bool all[] = {true, true}, bee[] = {false, true}, hot[] = {true, false};
    struct hl_control controls[] = {
        {.at = all, .breaches = all, .rate = 0.5, .hit = 0.5, .taken = 0.8, .detection = 1, .throttle_per_day = 70},
        {.at = bee, .breaches = all, .rate = 0.5, .hit = 0.4, .taken = 0.5, .detection = 0.1, .throttle_per_day = 90},
        {.at = all, .breaches = hot, .rate = 1, .hit = 1, .taken = 0.1, .detection = 1, .throttle_per_day = INFINITY},
    };
    f.s.controls = controls;
    f.s.control_count = COUNT_OF(controls);
    f.breaches[0].count.low = 0.1;
    f.breaches[0].count.high = 0.4;
    engine_plan(&p, &f);
    const struct {
        const char *source;
        size_t target;
        double rate, low, high, hit, taken, detection, throttle;
    } rows[] = {
        {"ape/hot_wallet_drain", 0, 0.1, 0.05, 0.2, 1, 0.08, 1, 70},
        {"bee/hot_wallet_drain", 0, 0.05, 0.025, 0.1, 1, 0.04, 0.1, 70},
        {"vendor:keyco/third_party_compromise", 0, 0.3, 0.3, 0.3, 0.5, 0.8, 1, 70},
        {"vendor:keyco/third_party_compromise", 1, 0.3, 0.3, 0.3, 0.2, 0.4, 0.1, 70},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hl_source *src = source_named(&p, rows[i].source);
        const struct hl_target *t = &src->targets[rows[i].target];
        size_t place = (size_t)(src - p.sources);
        const double got[] = {p.samplings[0].counts[place].p[0],
                              p.samplings[1].counts[place].p[0],
                              p.samplings[2].counts[place].p[0],
                              t->hit_factor,
                              t->taken_factor,
                              t->detection_factor,
                              t->throttle_per_day};
        const double want[] = {rows[i].rate,  rows[i].low,       rows[i].high,    rows[i].hit,
                               rows[i].taken, rows[i].detection, rows[i].throttle};
        for (size_t k = 0; k < COUNT_OF(want); k++)
            cr_expect(fabs(got[k] - want[k]) < 1e-15, "%s, number %zu: %g", rows[i].source, k, got[k]);
    }
    cr_expect(fabs(hl_plan_p_breach(&p, 0, 0, HL_NONE) - (1 - exp(-0.1))) < 1e-14);
    hl_plan_free(&p);
}

/* e^(beta ln(volume / at)) = 4 at ape, 1/4 at bee; a probability of 19 % becomes 1 - 0.81^4 and 1 - 0.81^(1/4). */
Test(plan_threats, covariates_multiply_exactly) {
    static struct engine f;
    struct hl_plan p;
    start(&f);
    f.exchanges[0].annual_volume = 8;
    f.exchanges[1].annual_volume = 2;
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_insider, 0, HL_NONE);
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {0.19}, .low = 0.19, .high = 0.19};
    for (size_t i = 0; i < 3; i += 2)
        f.breaches[i].covariates[HL_BY_ANNUAL_VOLUME] = (struct hl_covariate_term){.beta = 2, .at = 4};
    engine_plan(&p, &f);
    const struct {
        const char *source;
        double want;
    } rows[] = {
        {"ape/hot_wallet_drain", 0.8},
        {"bee/hot_wallet_drain", 0.05},
        {"ape/insider", 1 - 0.81 * 0.81 * 0.81 * 0.81},
        {"bee/insider", 1 - sqrt(0.9)},
        {"vendor:keyco/third_party_compromise", 0.3},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double got = p.samplings[0].counts[source_named(&p, rows[i].source) - p.sources].p[0];
        cr_expect(fabs(got - rows[i].want) < 1e-14, "%s: %.17g", rows[i].source, got);
    }
    hl_plan_free(&p);
}

/* hot_wallet_drain stands at exchanges and, under the same name, at keyco. */
Test(plan_threats, links_by_name_and_place) {
    static struct engine f;
    struct hl_plan p;
    start(&f);
    engine_breach(&f, HL_VECTOR_hot_wallet_drain, 0.1, 0);
    struct hl_excitation links[] = {
        {0, 0, HL_WHERE_SAME, 0.1, 30}, {0, 1, HL_WHERE_OTHERS, 0.2, 40}, {1, 0, HL_WHERE_ALL, 0.3, 50}};
    f.s.excitations = links;
    f.s.excitation_count = COUNT_OF(links);
    engine_plan(&p, &f);
    static const struct {
        const char *from, *to;
        double ratio, delay;
    } rows[] = {
        {"ape/hot_wallet_drain", "ape/hot_wallet_drain", 0.1, 30},
        {"ape/hot_wallet_drain", "vendor:keyco/third_party_compromise", 0.2, 40},
        {"bee/hot_wallet_drain", "bee/hot_wallet_drain", 0.1, 30},
        {"bee/hot_wallet_drain", "vendor:keyco/third_party_compromise", 0.2, 40},
        {"vendor:keyco/third_party_compromise", "ape/hot_wallet_drain", 0.3, 50},
        {"vendor:keyco/third_party_compromise", "bee/hot_wallet_drain", 0.3, 50},
        {"vendor:keyco/third_party_compromise", "vendor:keyco/hot_wallet_drain", 0.3, 50},
        {"vendor:keyco/hot_wallet_drain", "vendor:keyco/hot_wallet_drain", 0.1, 30},
    };
    size_t count = 0;
    for (size_t i = 0; i < p.source_count; i++) {
        count += p.sources[i].offspring_count;
        cr_expect(p.sources[i].is_set_off);
    }
    cr_expect_eq(count, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct hl_source *from = source_named(&p, rows[i].from);
        size_t found = 0;
        for (size_t k = 0; k < from->offspring_count; k++)
            found += strcmp(p.sources[from->offspring[k].source].name, rows[i].to) == 0 &&
                     from->offspring[k].ratio == rows[i].ratio && from->offspring[k].delay_days == rows[i].delay;
        cr_expect_eq(found, 1, "from %s to %s", rows[i].from, rows[i].to);
    }
    hl_plan_free(&p);
}
