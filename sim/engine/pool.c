#include "engine/pool.h"

#include "engine/payments.h"
#include "engine/years.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum hl_status hl_pools_make(struct hl_pools *out, const struct hl_plan *p, struct hl_error *err) {
    size_t exchanges = p->scenario->exchange_count;
    *out = (struct hl_pools){.plan = p};
    out->pools = hl_arena_array(&out->arena, p->pool_count, sizeof *out->pools);
    out->machines = hl_arena_array(&out->arena, exchanges, sizeof *out->machines);
    out->cases = hl_arena_array(&out->arena, exchanges, sizeof *out->cases);
    bool made = out->pools != NULL && out->machines != NULL && out->cases != NULL;
    for (size_t i = 0; i < p->pool_count && made; i++) {
        out->pools[i].left = hl_arena_array(&out->arena, exchanges, sizeof *out->pools[i].left);
        out->pools[i].called = hl_arena_array(&out->arena, exchanges * exchanges, sizeof *out->pools[i].called);
        made = out->pools[i].left != NULL && out->pools[i].called != NULL;
    }
    if (made)
        return HL_OK;
    hl_pools_free(out);
    return hl_fail_memory(err);
}

void hl_pools_free(struct hl_pools *p) {
    for (size_t e = 0; p->machines != NULL && e < p->plan->scenario->exchange_count; e++)
        hl_waterfall_free(&p->machines[e]);
    hl_arena_free(&p->arena);
    memset(p, 0, sizeof *p);
}

/* ---- money ------------------------------------------------------------------------------------------------------- */

/* The sum over all exchanges but one. */
static double sum_of_others(const struct hl_pools *p, const double *values, size_t exchange) {
    double sum = 0;
    for (size_t m = 0; m < p->plan->scenario->exchange_count; m++)
        sum += m == exchange ? 0 : values[m];
    return sum;
}

double hl_pools_left(const struct hl_pools *p, const struct hl_plan_fund *row, size_t exchange) {
    const struct hl_pool *pool = &p->pools[row->pool];
    return row->calls ? sum_of_others(p, pool->left, exchange) : pool->stock;
}

/* Tells one of the two whom a call concerns. */
static void tell(const struct hl_waterfall_case *c, int day, size_t payer, size_t paid, double amount) {
    if (c->claim_count > 0 && c->journal != NULL && c->journal->calls != NULL)
        c->journal->calls(c->journal->context, day, payer, paid, amount);
}

/* What is called comes off the own capital of who has claims of its own. */
static void call(struct hl_pools *p, struct hl_pool *pool, size_t exchange, double amount, int day) {
    size_t exchanges = p->plan->scenario->exchange_count;
    double parts[exchanges], own = pool->left[exchange];
    pool->left[exchange] = 0;
    hl_share_out(pool->left, exchanges, amount, parts);
    pool->left[exchange] = own;
    for (size_t m = 0; m < exchanges; m++) {
        if (parts[m] <= 0)
            continue;
        pool->called[exchange * exchanges + m] += parts[m];
        if (p->cases[m].claim_count > 0)
            hl_waterfall_draw_capital(&p->machines[m], parts[m], day);
        tell(&p->cases[exchange], day, m, exchange, parts[m]);
        tell(&p->cases[m], day, m, exchange, parts[m]);
    }
}

void hl_pools_pay(struct hl_pools *p, const struct hl_plan_fund *row, size_t exchange, double amount, int day) {
    struct hl_pool *pool = &p->pools[row->pool];
    assert(amount <= hl_pools_left(p, row, exchange));
    if (row->calls)
        call(p, pool, exchange, amount, day);
    else
        pool->stock -= amount;
}

void hl_pools_get_back(struct hl_pools *p, const struct hl_plan_fund *row, size_t exchange, double amount) {
    struct hl_pool *pool = &p->pools[row->pool];
    size_t exchanges = p->plan->scenario->exchange_count;
    if (!row->calls) {
        pool->stock += amount;
        return;
    }
    double parts[exchanges];
    hl_share_out(&pool->called[exchange * exchanges], exchanges, amount, parts);
    for (size_t m = 0; m < exchanges; m++)
        pool->left[m] += parts[m];
}

double hl_pools_called(const struct hl_pools *p, size_t member) {
    size_t exchanges = p->plan->scenario->exchange_count;
    double sum = 0;
    for (size_t i = 0; i < p->plan->pool_count; i++)
        for (size_t e = 0; e < exchanges; e++)
            sum += p->pools[i].called[e * exchanges + member];
    return sum;
}

/* ---- a trial ----------------------------------------------------------------------------------------------------- */

/* What a pool has on the first day of a policy year: of the first that is played `first`, else what is left and comes
 * in. Calls are as new. */
static void fill(struct hl_pools *p, uint16_t year, bool first) {
    size_t exchanges = p->plan->scenario->exchange_count;
    p->year = year;
    for (size_t i = 0; i < p->plan->pool_count; i++) {
        const struct hl_plan_pool *terms = &p->plan->pools[i];
        struct hl_pool *pool = &p->pools[i];
        double level = terms->levels[year - 1];
        if (first) {
            pool->stock = pool->came_in = nearbyint(terms->start * level);
            memset(pool->called, 0, exchanges * exchanges * sizeof *pool->called);
        } else {
            double comes = hl_years_refill_of(terms->refill_per_year, level, pool->stock);
            pool->stock += comes;
            pool->came_in += comes;
        }
        for (size_t m = 0; m < exchanges; m++)
            pool->left[m] = terms->calls[m * p->plan->year_count + year - 1];
    }
}

/* The case of every exchange that shares the trial with c, each from the first day on; where c does not tell its
 * trial's, c alone. */
static void gather(struct hl_pools *p, const struct hl_waterfall_case *c) {
    uint16_t year = hl_claim_year(p->plan, &c->claims[0]);
    for (size_t e = 0; e < p->plan->scenario->exchange_count; e++)
        p->cases[e].claim_count = 0;
    for (size_t first = 0; c->trial_claims != NULL && first < c->trial_claims->count;) {
        struct hl_waterfall_case other = hl_years_case(p->plan, c->policy, c->trial_claims, first, c->block, c->trial);
        first += other.claim_count;
        if (p->plan->scenario->fresh && hl_claim_year(p->plan, &other.claims[0]) != year)
            continue;
        other.basis = c->basis;
        p->cases[other.claims[0].exchange] = other;
    }
    p->cases[c->claims[0].exchange] = *c;
}

/* The next day on which something can happen to one of them. */
static int next_day(const struct hl_pools *p) {
    int day = HL_NO_DAY;
    for (size_t e = 0; e < p->plan->scenario->exchange_count; e++)
        if (p->cases[e].claim_count > 0 && hl_waterfall_next(&p->machines[e]) < day)
            day = hl_waterfall_next(&p->machines[e]);
    return day;
}

/* Conservation: what the pools' rows paid is what the common funds lack and what members were called for. */
static void check(const struct hl_pools *p) {
#ifndef HL_RELEASE
    size_t exchanges = p->plan->scenario->exchange_count;
    for (size_t i = 0; i < p->plan->pool_count; i++) {
        const struct hl_pool *pool = &p->pools[i];
        double paid = 0;
        for (size_t e = 0; e < exchanges; e++) {
            double calls = 0;
            const struct hl_waterfall_case *c = &p->cases[e];
            for (size_t row = 0; row < c->fund_count && c->claim_count > 0; row++)
                if (c->funds[row].kind == HL_FUND_pool && c->funds[row].pool == i)
                    *(c->funds[row].calls ? &calls : &paid) += hl_waterfall_paid(&p->machines[e], row);
            assert(calls == sum_of_others(p, &pool->called[e * exchanges], e));
            assert(pool->left[e] >= 0 && pool->called[e * exchanges + e] == 0);
        }
        assert(pool->stock >= 0 && pool->came_in - pool->stock == paid);
    }
#else
    (void)p;
#endif
}

struct hl_outcome hl_pools_solve(struct hl_pools *p, const struct hl_waterfall_case *c) {
    bool carried = hl_years_carried(p->plan);
    size_t exchanges = p->plan->scenario->exchange_count, asked = c->claims[0].exchange;
    gather(p, c);
    fill(p, carried ? 1 : hl_claim_year(p->plan, &c->claims[0]), true);
    for (size_t e = 0; e < exchanges; e++) {
        p->cases[e].pools = p;
        p->cases[e].from_day_0 = carried;
        if (p->cases[e].claim_count > 0)
            hl_waterfall_begin(&p->machines[e], &p->cases[e]);
    }
    for (int day = 0; (day = next_day(p)) != HL_NO_DAY;) {
        if (c->only_shortfall && hl_waterfall_is_settled(&p->machines[asked], day))
            break;
        while (carried && p->year < hl_year_of(p->plan, day))
            fill(p, (uint16_t)(p->year + 1), false);
        for (size_t e = 0; e < exchanges; e++)
            if (p->cases[e].claim_count > 0)
                hl_waterfall_play(&p->machines[e], day);
    }
    check(p);
    return hl_waterfall_finish(&p->machines[asked]);
}
