/* What funds leave of losses, as functions: cases worked out by hand, and each thing that keeps it from being one. */
#include "engine/exact_funds.h"
#include "engine_fixture.h"

struct made {
    struct hl_plan plan;
    struct hl_arena arena;
    struct hl_exact_funds funds;
    const char *why;
};

static void make(struct made *m, const struct engine *f, enum hl_basis basis) {
    struct hl_error err = {0};
    enum hl_status status;
    *m = (struct made){0};
    engine_plan(&m->plan, f);
    m->why = hl_exact_funds_make(&m->funds, &m->arena, &m->plan, 0, basis, &status, &err);
    cr_assert(status == HL_OK);
}

static void drop(struct made *m) {
    hl_arena_free(&m->arena);
    hl_plan_free(&m->plan);
}

/* One exchange, a hot drain and an insider. */
static void start(struct engine *f) {
    engine_start(f);
    engine_holding(f, engine_exchange(f, "ape"), engine_asset(f, "gold"), HL_HOT, 1e6);
    engine_breach(f, HL_VECTOR_hot_wallet_drain, 0.1, HL_NONE);
    engine_breach(f, HL_VECTOR_insider, 0.1, HL_NONE);
}

static void expect_at(const char *what, const struct hl_ramp *f, double x, double want) {
    cr_expect(fabs(hl_ramp_at(f, x) - want) < 1e-9, "%s at %g: %g, not %g", what, x, hl_ramp_at(f, x), want);
}

/* 50 xs 10 of drains alone; then 40 % of what is left; a stop loss of 100 above 30, net of both; 20 and 15 of cash. */
Test(exact_funds, layers_then_the_year_then_cash) {
    struct engine f;
    struct made m;
    start(&f);
    engine_fund(&f, HL_FUND_insurance, 50)->layer.attachment = 10;
    f.funds[0].layer.covers = 1u << HL_VECTOR_hot_wallet_drain;
    const bool first[] = {true, false, false, false, false}, both[] = {true, true, false, false, false};
    engine_fund(&f, HL_FUND_insurance, INFINITY)->contract.net_of = first;
    f.funds[1].layer.share = 0.4;
    engine_fund(&f, HL_FUND_insurance, INFINITY)->contract.net_of = both;
    f.funds[2].layer.aggregate_deductible = 30;
    f.funds[2].layer.aggregate_limit = 100;
    engine_fund(&f, HL_FUND_reserve, 20);
    engine_fund(&f, HL_FUND_own_capital, 15)->after_days = 30;
    make(&m, &f, HL_BASIS_ALL);
    cr_assert(m.why == NULL, "%s", m.why);
    const struct hl_ramp *drain = &m.funds.kept[0], *insider = &m.funds.kept[1];
    expect_at("drain", drain, 100, 0.6 * 50);
    expect_at("drain", drain, 30, 0.6 * 10);
    expect_at("insider", insider, 100, 60);
    size_t sources = m.plan.source_count;
    expect_at("first pays for a drain", &m.funds.paid[0 * sources + 0], 40, 30);
    expect_at("first pays for an insider", &m.funds.paid[0 * sources + 1], 40, 0);
    expect_at("second pays for a drain", &m.funds.paid[1 * sources + 0], 100, 20);
    expect_at("third pays", &m.funds.paid_of_year[2], 200, 100);
    cr_expect(m.funds.kind[0] == HL_EXACT_BY_EVENT && m.funds.kind[2] == HL_EXACT_BY_YEAR);
    cr_expect(m.funds.kind[3] == HL_EXACT_OTHER);
    cr_assert(m.funds.branch_count == 1);
    expect_at("left", &m.funds.branches[0].left, 135, 0);
    expect_at("left", &m.funds.branches[0].left, 200, 65);
    cr_expect(m.funds.all_in_time && m.funds.reserve_counts);
    drop(&m);
    make(&m, &f, HL_BASIS_EARMARKED);
    expect_at("without own capital", &m.funds.branches[0].left, 200, 80);
    drop(&m);
}

/* A parent with 100 that answers with probability 70 %, and one that is too late. */
Test(exact_funds, who_may_not_answer_and_who_is_late) {
    struct engine f;
    struct made m;
    start(&f);
    engine_fund(&f, HL_FUND_parent, 100)->probability = 0.7;
    engine_fund(&f, HL_FUND_credit_line, 1000)->after_days = 31;
    make(&m, &f, HL_BASIS_ALL);
    cr_assert(m.why == NULL, "%s", m.why);
    cr_assert(m.funds.branch_count == 2);
    cr_expect(fabs(m.funds.branches[0].weight - 0.7) < 1e-15 && fabs(m.funds.branches[1].weight - 0.3) < 1e-15);
    expect_at("answers", &m.funds.branches[0].left, 150, 50);
    expect_at("does not", &m.funds.branches[1].left, 150, 150);
    cr_expect(!m.funds.all_in_time);
    drop(&m);
}

static void no_change(struct engine *f) { (void)f; }
static void late_before(struct engine *f) {
    engine_fund(f, HL_FUND_parent, 5)->after_days = 60;
    engine_fund(f, HL_FUND_own_capital, 5);
}
static void cash_before(struct engine *f) {
    engine_fund(f, HL_FUND_reserve, 5);
    engine_fund(f, HL_FUND_insurance, 5);
}
static void recovers(struct engine *f) { engine_fund(f, HL_FUND_recovery, 0.5); }
static void fails(struct engine *f) { engine_fund(f, HL_FUND_parent, 5)->fails.rate_per_year = 0.1; }
static void tops_up(struct engine *f) { engine_fund(f, HL_FUND_reserve, 5)->top_up_below = 0.5; }
static void denies(struct engine *f) { engine_fund(f, HL_FUND_insurance, 5)->contract.denied.probability = 0.1; }
static void waits(struct engine *f) { engine_fund(f, HL_FUND_insurance, 5)->contract.waiting_days = 3; }
static void triggers(struct engine *f) { engine_fund(f, HL_FUND_insurance, 5)->layer.trigger = 1; }
static void both_limits(struct engine *f) { engine_fund(f, HL_FUND_insurance, 5)->layer.aggregate_limit = 5; }
static void part_of_year(struct engine *f) {
    struct hl_fund *fund = engine_fund(f, HL_FUND_insurance, INFINITY);
    fund->layer.aggregate_limit = 5;
    fund->layer.covers = 1u << HL_VECTOR_insider;
}
static void overlaps(struct engine *f) {
    engine_fund(f, HL_FUND_insurance, 5)->layer.share = 0.6;
    engine_fund(f, HL_FUND_insurance, 5)->layer.share = 0.6;
}
static void house(struct engine *f) { engine_holding(f, 0, 0, HL_COLD, 5)->owner = HL_OWNER_HOUSE; }
static void another_price(struct engine *f) {
    f->claim_terms[0] = (struct hl_claim_terms){.share = {[HL_FIXED_PRICE] = 1}, .fixed_price = 0.5};
}

Test(exact_funds, each_reason) {
    static const struct {
        void (*change)(struct engine *f);
        const char *why;
    } rows[] = {
        {no_change, NULL},
        {late_before, "a fund that comes after the deadline may repay one that came before"},
        {cash_before, "an insurance comes after cash"},
        {recovers, "a source of funds is neither insurance nor cash of the exchange's own"},
        {fails, "a counterparty may fail"},
        {tops_up, "a fund has an income"},
        {denies, "an insurer may refuse to pay"},
        {waits, "an insurance goes by the days of the thefts"},
        {triggers, "an insurance pays by a trigger"},
        {both_limits, "an insurance has limits of an event and of the year"},
        {part_of_year, "an insurance of the year does not cover everything"},
        {overlaps, "layers together pay more than some losses"},
        {house, "coins of the exchange itself are stolen with its customers'"},
        {another_price, "customers are owed another price than that of the theft"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct engine f;
        struct made m;
        start(&f);
        rows[i].change(&f);
        make(&m, &f, HL_BASIS_ALL);
        cr_expect(rows[i].why == NULL ? m.why == NULL : m.why != NULL && strcmp(m.why, rows[i].why) == 0, "row %zu: %s",
                  i, m.why == NULL ? "exact" : m.why);
        drop(&m);
    }
}
