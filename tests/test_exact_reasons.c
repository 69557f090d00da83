/* What keeps a scenario from being calculated, each by the one change that does. */
#include "engine/exact_reasons.h"
#include "engine_fixture.h"

enum { SYSTEM, APE, VENDOR, ENTITIES };

static const struct hl_entity entities[ENTITIES] = {
    {HL_ENTITY_SYSTEM, 0, "all exchanges"}, {HL_ENTITY_EXCHANGE, 0, "ape"}, {HL_ENTITY_VENDOR, 0, "keyco"}};

/* One breach at most of a vendor with two clients. */
static struct hl_breach *start(struct engine *f) {
    engine_start(f);
    size_t keyco = engine_vendor(f, "keyco"), gold = engine_asset(f, "gold");
    engine_holding(f, engine_exchange(f, "ape"), gold, HL_COLD, 100)->custodian = keyco;
    engine_holding(f, engine_exchange(f, "bee"), gold, HL_COLD, 10)->custodian = keyco;
    struct hl_breach *b = engine_breach(f, HL_VECTOR_third_party_compromise, 0.1, keyco);
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {0.1}, .low = 0.1, .high = 0.1};
    return b;
}

static void expect_why(const char *what, const struct engine *f, const char *const why[ENTITIES]) {
    struct hl_plan p;
    engine_plan(&p, f);
    for (size_t i = 0; i < ENTITIES; i++) {
        const char *got = hl_exact_why_not_gross(&p, &entities[i]);
        cr_expect(got == why[i] || (got != NULL && why[i] != NULL && strcmp(got, why[i]) == 0), "%s, %s: %s", what,
                  entities[i].name, got == NULL ? "exact" : got);
    }
    hl_plan_free(&p);
}

static void expect_all(const char *what, const struct engine *f, const char *why) {
    const char *const same[ENTITIES] = {why, why, why};
    expect_why(what, f, same);
}

Test(exact_reasons, each_by_itself) {
    struct engine f;
    start(&f);
    expect_all("as it is", &f, NULL);
    start(&f)->count = engine_poisson(0.1);
    expect_all("again", &f, "a second breach finds less than the first");
    start(&f);
    engine_breach(&f, HL_VECTOR_insider, 0.1, HL_NONE)->tiers = 1; /* hot: nothing of it */
    expect_all("elsewhere", &f, NULL);
    start(&f);
    struct hl_breach *own = engine_breach(&f, HL_VECTOR_insider, 0.1, HL_NONE);
    own->count = f.breaches[0].count;
    expect_all("two sources", &f, "a second breach finds less than the first");
    start(&f)->found_per_year = 1;
    expect_all("found", &f, "intruders may be found before they take anything");
    start(&f)->by_asset = (struct hl_copula){.family = &hl_copula_gaussian, .p = {0.5}};
    expect_all("by asset", &f, "assets have shares of their own that are tied");
    start(&f);
    f.s.horizon_days = 730;
    expect_all("years", &f, "the horizon is several years");
    start(&f);
    f.s.run.any = true;
    f.s.run.size = (struct hl_distribution){.family = &hl_severity_fixed, .p = {0.1}};
    expect_all("runs", &f, "customers run");
}

/* What ties clients is nothing to one of them. */
Test(exact_reasons, copulas_matter_for_several) {
    struct engine f;
    static const char *const tied[ENTITIES] = {
        [SYSTEM] = "a copula ties the damages of clients", [VENDOR] = "a copula ties the damages of clients"};
    start(&f)->copula = (struct hl_copula){.family = &hl_copula_gaussian, .p = {0.5}};
    expect_why("gaussian", &f, tied);
    start(&f)->copula = (struct hl_copula){.family = &hl_copula_gaussian, .p = {0}};
    expect_all("untied", &f, NULL);
    start(&f)->copula = (struct hl_copula){.family = &hl_copula_t, .p = {0, 4}};
    expect_why("t", &f, tied);
}

Test(exact_reasons, climates_by_their_transform) {
    struct engine f;
    struct hl_climate climate = {.name = "era", .family = &hl_climate_gamma, .sd = 0.5};
    for (int i = 0; i < 2; i++) {
        struct hl_breach *b = start(&f);
        engine_holding(&f, 0, 0, HL_HOT, 5);
        b->tiers = 1; /* nothing in reach, so that Poisson counts may be */
        b->count = engine_poisson(0.1);
        b->climate = 0;
        climate.family = i == 0 ? &hl_climate_gamma : &hl_climate_lognormal;
        f.s.climates = &climate;
        f.s.climate_count = 1;
        expect_all(climate.family->name, &f, i == 0 ? NULL : "its rates follow a climate that has no closed transform");
    }
}

Test(exact_reasons, who_is_concerned) {
    struct engine f;
    struct hl_plan p;
    start(&f);
    engine_breach(&f, HL_VECTOR_insider, 0.1, HL_NONE);
    engine_plan(&p, &f);
    size_t insider_at_bee = 2; /* after the vendor's and ape's */
    const struct hl_entity insiders = {HL_ENTITY_VECTOR, HL_VECTOR_insider, "insider"};
    const struct hl_entity third = {HL_ENTITY_SOURCE, insider_at_bee, "bee/insider"};
    cr_assert(p.source_count == 3);
    cr_expect(hl_exact_concerns(&p, insider_at_bee, &entities[SYSTEM]));
    cr_expect(!hl_exact_concerns(&p, insider_at_bee, &entities[APE]));
    cr_expect(!hl_exact_concerns(&p, insider_at_bee, &entities[VENDOR]));
    cr_expect(hl_exact_concerns(&p, insider_at_bee, &insiders) && !hl_exact_concerns(&p, 0, &insiders));
    cr_expect(hl_exact_concerns(&p, insider_at_bee, &third) && !hl_exact_concerns(&p, 1, &third));
    cr_expect(hl_exact_concerns(&p, 0, &entities[APE]));
    const struct hl_target *bee = &p.sources[0].targets[1];
    cr_expect(!hl_exact_counts(bee, &entities[APE]) && hl_exact_counts(bee, &entities[VENDOR]));
    hl_plan_free(&p);
}
