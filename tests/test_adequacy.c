/* Adequacy month by month, of exchanges whose months can be told in the head. */
#include "engine/adequacy.h"
#include "tests/engine_fixture.h"

struct one {
    struct engine f;
    struct hl_plan plan;
    struct hl_arena arena;
    struct hl_rule_use use;
};

/* ape: 600,000 of hot coins are stolen on day 40 in every trial, and a reserve of a million answers at once. */
static void make(struct one *o) {
    struct engine *f = &o->f;
    engine_start(f);
    size_t ape = engine_exchange(f, "ape"), btc = engine_asset(f, "BTC");
    engine_holding(f, ape, btc, HL_HOT, 600000);
    struct hl_breach *b = engine_breach(f, HL_VECTOR_hot_wallet_drain, 0, HL_NONE);
    b->count = (struct hl_count){.family = &hl_frequency_on, .p = {40}, .low = 40, .high = 40};
    engine_fund(f, HL_FUND_reserve, 1000000);
    strcpy(f->s.currencies.own, "JPY");
    f->s.trials = 10;
}

static struct hl_adequacy play(struct one *o, uint32_t counts, const char *formula) {
    struct hl_adequacy out;
    struct hl_error err = {0};
    engine_plan(&o->plan, &o->f);
    if (formula != NULL)
        cr_assert(hl_rule_terms_of_formula(&o->use.terms, &o->arena, formula, &o->f.s.currencies,
                                           &(struct hl_formula_place){.file = "x"}, &err) == HL_OK);
    const struct hl_adequacy_terms terms = {formula == NULL ? NULL : &o->use, counts};
    cr_assert(hl_adequacy_play(&out, &o->arena, &o->plan, &terms, 0, &err) == HL_OK);
    return out;
}

static void stop(struct one *o) {
    hl_arena_free(&o->arena);
    hl_plan_free(&o->plan);
}

static void expect_month(const struct hl_adequacy *a, size_t m, double required, double held, double p_below) {
    const struct hl_adequacy_month *x = &a->months[m];
    cr_expect(x->day == 30 * ((int)m + 1) && x->required == required && x->credited == 0, "month %zu: %g", m,
              x->required);
    cr_expect(x->held == held && x->headroom == held - required && x->headroom_low == held - required, "month %zu: %g",
              m, x->held);
    cr_expect(x->p_below == p_below, "month %zu: %g", m, x->p_below);
}

Test(adequacy, a_reserve_that_is_drawn) {
    static struct one o;
    make(&o);
    struct hl_adequacy a = play(&o, HL_COUNTS(reserve), NULL);
    cr_assert(a.month_count == 12 && a.trials == 10 && a.missing == NULL);
    expect_month(&a, 0, 1000000, 1000000, 0);
    for (size_t m = 1; m < 12; m++)
        expect_month(&a, m, 1000000, 400000, 1);
    cr_expect(a.fallen == 10 && a.restored == 0 && isnan(a.restored_days));
    stop(&o);
}

/* 3,650,000 a year are 300,000 a month: on day 60 there are 700,000, and on day 90 it is full, 50 days after the theft.
 */
Test(adequacy, a_reserve_that_comes_back) {
    static struct one o;
    make(&o);
    o.f.funds[0].income = (struct hl_amount){.value = 3650000, .cap = INFINITY};
    struct hl_adequacy a = play(&o, HL_COUNTS(reserve), NULL);
    expect_month(&a, 0, 1000000, 1000000, 0);
    expect_month(&a, 1, 1000000, 700000, 1);
    expect_month(&a, 2, 1000000, 1000000, 0);
    expect_month(&a, 11, 1000000, 1000000, 0);
    cr_expect(a.fallen == 10 && a.restored == 10 && a.restored_days == 50 && a.longest_days == 50, "%g",
              a.restored_days);
    stop(&o);
}

/* Of a formula: a tenth of the coins is there all the time, twice the coins at no time. */
Test(adequacy, of_a_formula) {
    static struct one o;
    make(&o);
    struct hl_adequacy a = play(&o, HL_COUNTS(reserve), "10 % * A");
    expect_month(&a, 11, 60000, 400000, 0);
    cr_expect(a.fallen == 0);
    stop(&o);
    make(&o);
    a = play(&o, HL_COUNTS(reserve), "2 * A");
    expect_month(&a, 0, 1200000, 1000000, 1);
    cr_expect(a.fallen == 0, "it was never there");
    stop(&o);
    make(&o);
    o.f.exchanges[0].highest_volume = NAN;
    a = play(&o, HL_COUNTS(reserve), "Vmax");
    cr_expect_str_eq(a.missing, "Vmax");
    stop(&o);
}

/* Guarantee crypto counts where the terms say so; trials without a theft are looked at too. */
Test(adequacy, what_counts) {
    static struct one o;
    make(&o);
    o.f.breaches[0].count = engine_poisson(0);
    engine_holding(&o.f, 0, 0, HL_COLD, 50000)->owner = HL_OWNER_GUARANTEE;
    struct hl_adequacy a = play(&o, HL_COUNTS(reserve) | HL_COUNTS(guarantee_crypto), "1 m");
    expect_month(&a, 11, 1000000, 1050000, 0);
    stop(&o);
    a = play(&o, HL_COUNTS(guarantee_crypto), "1 m");
    expect_month(&a, 5, 1000000, 50000, 1);
    stop(&o);
}

Test(adequacy, years_that_begin_afresh_are_refused) {
    static struct one o;
    struct hl_adequacy out;
    struct hl_error err = {0};
    make(&o);
    o.f.s.horizon_days = 2 * 365;
    o.f.s.fresh = true;
    engine_plan(&o.plan, &o.f);
    const struct hl_adequacy_terms terms = {NULL, HL_COUNTS(reserve)};
    cr_expect(hl_adequacy_play(&out, &o.arena, &o.plan, &terms, 0, &err) == HL_INVALID && err.count == 1);
    hl_error_free(&err);
    stop(&o);
}
