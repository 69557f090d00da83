/* Every entity of a plan is told once: as a figure, or with the reason why there is none. */
#include "engine/exact_run.h"
#include "engine_fixture.h"

struct seen {
    size_t sums, largest, others, none;
    double mean_of_system;
    double p_of_vendor;
    double p_short; /* of ape */
};

static enum hl_status see(void *context, const struct hl_exact_figure *f, struct hl_error *err) {
    struct seen *s = context;
    (void)err;
    if (f->perspective != HL_GROSS) {
        s->others++;
        if (f->perspective == HL_SHORTFALL && f->entity == 1 && f->basis == HL_BASIS_ALL)
            s->p_short = hl_exact_figure_above(f, HL_LATTICE_NEAREST, 0);
        return HL_OK;
    }
    s->sums += !f->largest;
    s->largest += f->largest;
    if (f->entity == 0 && !f->largest)
        s->mean_of_system = f->mean;
    if (f->entity == 3 && !f->largest)
        s->p_of_vendor = f->p_breach;
    return HL_OK;
}

static void miss(void *context, const struct hl_entity *entity, enum hl_perspective perspective, const char *why) {
    struct seen *s = context;
    (void)entity;
    cr_expect(strlen(why) > 0);
    s->none += perspective == HL_GROSS;
}

static void start(struct engine *f, struct seen *s, double rate) {
    struct hl_plan p;
    struct hl_error err = {0};
    engine_start(f);
    size_t keyco = engine_vendor(f, "keyco"), gold = engine_asset(f, "gold");
    engine_holding(f, engine_exchange(f, "ape"), gold, HL_COLD, 100)->custodian = keyco;
    engine_holding(f, engine_exchange(f, "bee"), gold, HL_COLD, 10)->custodian = keyco;
    engine_holding(f, 0, gold, HL_HOT, 30);
    struct hl_breach *b = engine_breach(f, HL_VECTOR_third_party_compromise, 0.1, keyco);
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {0.1}, .low = 0.1, .high = 0.1};
    b->hit = b->hit_low = b->hit_high = 0.5;
    struct hl_breach *own = engine_breach(f, HL_VECTOR_hot_wallet_drain, rate, HL_NONE);
    own->tiers = 1;
    if (rate < 1)
        own->count = b->count;
    engine_fund(f, HL_FUND_reserve, 30);
    engine_plan(&p, f);
    const struct hl_exact_visitor visitor = {s, see, miss};
    *s = (struct seen){0};
    cr_assert(hl_exact_visit(&p, &visitor, &err) == HL_OK);
    hl_plan_free(&p);
}

/* System, ape, bee, keyco, two vectors, three sources. */
Test(exact_run, all_exact) {
    struct engine f;
    struct seen s;
    start(&f, &s, 0.1);
    cr_expect(s.sums == 9 && s.largest == 9 && s.none == 0, "%zu %zu %zu", s.sums, s.largest, s.none);
    cr_expect(fabs(s.mean_of_system - 0.1 * (55 + 30)) < 1e-9, "%g", s.mean_of_system);
    cr_expect(fabs(s.p_of_vendor - 0.1) < 1e-12, "%g", s.p_of_vendor);
    /* More than 30 is lost by a hit of the vendor's only; of three whom funds help, on two bases shortfall, haircut and
     * need are told, of both exchanges; claims of these and of the system. */
    cr_expect(fabs(s.p_short - 0.05) < 1e-9, "%g", s.p_short);
    cr_expect(s.others == 2 * 2 * 3 + 3, "%zu", s.others);
}

/* More than one hot drain at ape: not the system, ape, the vector and the source; bee has nothing hot. */
Test(exact_run, some_exact) {
    struct engine f;
    struct seen s;
    start(&f, &s, 2);
    cr_expect(s.sums == 5 && s.largest == 5 && s.none == 4, "%zu %zu %zu", s.sums, s.largest, s.none);
}

/* P(shortfall > above) of a single exchange and of the system, on each basis. */
struct shorts {
    double above;
    double p[2][HL_BASIS_COUNT];
};

static enum hl_status see_short(void *context, const struct hl_exact_figure *f, struct hl_error *err) {
    struct shorts *s = context;
    (void)err;
    if (f->perspective == HL_SHORTFALL)
        s->p[f->entity][f->basis] = hl_exact_figure_above(f, HL_LATTICE_NEAREST, s->above);
    return HL_OK;
}

/* One exchange loses `amount` once in a hundred years; where no level is asked for, sums are known no further than cash
 * reaches. */
static struct shorts shorts_of(double amount, double insured, double reserve, double capital, double above,
                               bool levels) {
    struct engine f;
    struct hl_plan p;
    struct hl_error err = {0};
    struct shorts s = {.above = above};
    engine_start(&f);
    engine_holding(&f, engine_exchange(&f, "ape"), engine_asset(&f, "gold"), HL_HOT, amount);
    struct hl_breach *b = engine_breach(&f, HL_VECTOR_hot_wallet_drain, 0.01, HL_NONE);
    b->count = (struct hl_count){.family = &hl_frequency_at_most_once, .p = {0.01}, .low = 0.01, .high = 0.01};
    if (insured > 0)
        engine_fund(&f, HL_FUND_insurance, insured);
    if (reserve > 0)
        engine_fund(&f, HL_FUND_reserve, reserve);
    if (capital > 0)
        engine_fund(&f, HL_FUND_own_capital, capital);
    if (!levels)
        f.s.report.confidence_count = f.s.report.return_period_count = f.s.report.given_breach_count = 0;
    engine_plan(&p, &f);
    const struct hl_exact_visitor visitor = {&s, see_short, miss};
    cr_assert(hl_exact_visit(&p, &visitor, &err) == HL_OK);
    hl_plan_free(&p);
    return s;
}

/* What is remembered of one figure is taken for another only where it is the same: here the gross loss is not what a
 * layer leaves of it, and the sum must be known further where own capital counts too. */
Test(exact_run, remembers_the_same_only) {
    for (size_t entity = 0; entity < 2; entity++) {
        struct shorts layer = shorts_of(100, 60, 0, 0, 50, true), cash = shorts_of(50, 0, 30, 50, 0, false);
        for (int basis = 0; basis < HL_BASIS_COUNT; basis++) {
            cr_expect(fabs(layer.p[entity][basis]) < 1e-12, "%zu %d: %g", entity, basis, layer.p[entity][basis]);
            double want = basis == HL_BASIS_ALL ? 0 : 0.01;
            cr_expect(fabs(cash.p[entity][basis] - want) < 1e-12, "%zu %d: %g", entity, basis, cash.p[entity][basis]);
        }
    }
}
