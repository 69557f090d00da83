#include "tests/twin/pair.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

void twin_expect_ok(enum hl_status status, struct hl_error *err) {
    if (status != HL_OK)
        hl_error_print(err, stderr);
    cr_assert_eq(status, HL_OK);
    hl_error_free(err);
}

void twin_pair_open(struct twin_pair *p, const char *where, const struct hl_scenario *s) {
    struct hl_error err = {0};
    memset(p, 0, sizeof *p);
    p->where = where;
    twin_make(&p->twin, s);
    twin_expect_ok(hl_plan_make(&p->engine.plan, s, &err), &err);
    cr_assert_eq(p->engine.plan.source_count, p->twin.source_count);
    for (size_t i = 0; i < p->twin.source_count; i++)
        cr_assert_str_eq(p->engine.plan.sources[i].name, p->twin.sources[i].name);
}

void twin_pair_close(struct twin_pair *p) {
    twin_free(&p->twin);
    hl_waterfall_free(&p->engine.waterfall);
    hl_claims_free(&p->engine.claims);
    hl_events_free(&p->engine.events);
    hl_plan_free(&p->engine.plan);
}

size_t twin_sampling(const struct hl_plan *plan, enum twin_way way) {
    for (size_t i = 0; i < plan->sampling_count; i++)
        if (strcmp(plan->samplings[i].name, twin_way_names[way]) == 0)
            return i;
    return HL_NONE;
}

void twin_pair_draw(struct twin_pair *p, enum twin_way way, uint32_t block) {
    struct hl_error err = {0};
    struct twin_engine *e = &p->engine;
    size_t sampling = twin_sampling(&e->plan, way);
    cr_assert_neq(sampling, HL_NONE, "%s has no sampling %s", p->where, twin_way_names[way]);
    p->block = block;
    twin_draw(&p->twin, way, block);
    twin_expect_ok(hl_events_sample(&e->events, &e->plan, sampling, block, HL_BLOCK_TRIALS, &err), &err);
    cr_assert_eq(e->events.count, p->twin.hit_count, "%s, block %u: %zu hits, %zu of the twin", p->where, block,
                 e->events.count, p->twin.hit_count);
    uint32_t in_trial[HL_BLOCK_TRIALS] = {0};
    for (size_t i = 0; i < p->twin.hit_count; i++)
        in_trial[p->twin.hits[i].trial]++;
    for (uint32_t t = 0; t < HL_BLOCK_TRIALS; t++)
        cr_assert_eq(e->events.first[t + 1] - e->events.first[t], in_trial[t],
                     "%s, block %u, trial %u: %u hits, %u of the twin", p->where, block, t,
                     e->events.first[t + 1] - e->events.first[t], in_trial[t]);
    twin_expect_ok(hl_claims_reserve(&e->claims, &e->plan, TWIN_CLAIMS, &err), &err);
    twin_expect_ok(hl_waterfall_reserve(&e->waterfall, &e->plan, TWIN_CLAIMS, &err), &err);
}

static bool is_asked(const struct twin_pair *p, const struct hl_claim *claim, size_t exchange, int year) {
    return claim->exchange == exchange && (year == 0 || hl_year_of(&p->engine.plan, claim->day) == year);
}

struct hl_waterfall_case twin_pair_case(struct twin_pair *p, size_t policy, size_t exchange, int year,
                                        enum hl_basis basis) {
    struct hl_claims *c = &p->engine.claims;
    const struct hl_policy *rows = &p->engine.plan.policies[policy];
    size_t first = 0, end;
    while (first < c->count && !is_asked(p, &c->claims[first], exchange, year))
        first++;
    for (end = first; end < c->count && is_asked(p, &c->claims[end], exchange, year);)
        end++;
    return (struct hl_waterfall_case){.plan = &p->engine.plan,
                                      .funds = rows->funds + rows->first[exchange],
                                      .fund_count = rows->first[exchange + 1] - rows->first[exchange],
                                      .claims = c->claims + first,
                                      .claim_count = end - first,
                                      .prices = &c->prices,
                                      .policy = rows,
                                      .trial_claims = c,
                                      .block = p->block,
                                      .trial = p->trial,
                                      .basis = basis,
                                      .layer_limit = -1};
}

void twin_load_raised(struct hl_scenario *s, const char *path, double factor) {
    struct hl_error err = {0};
    twin_expect_ok(hl_scenario_load(s, path, NULL, 0, &err), &err);
    for (size_t i = 0; i < s->breach_count; i++) {
        s->breaches[i].count.p[0] *= factor;
        s->breaches[i].count.low *= factor;
        s->breaches[i].count.high *= factor;
    }
}
