#include "engine/plan_funds.h"

#include "base/draw.h"

#include <assert.h>
#include <math.h>

bool hl_fund_stands_at(const struct hl_fund *f, size_t exchange) {
    for (size_t i = 0; i < f->at_count; i++)
        if (f->at[i] == exchange)
            return true;
    return false;
}

double hl_fund_cost(const struct hl_scenario *s, const struct hl_fund *f, size_t exchange) {
    double shares = f->kind == HL_FUND_pool ? (double)f->at_count : 1;
    return nearbyint(hl_amount_of(s, &f->amount, exchange, 1) * f->cost_per_year / shares);
}

size_t hl_fund_parts(const struct hl_fund *f) { return f->part_count == 0 ? 1 : f->part_count; }

size_t hl_fund_rows(const struct hl_fund *f) {
    return f->kind == HL_FUND_pool ? 2 : (size_t)fmax(f->instalments, 1) * hl_fund_parts(f);
}

/* How much of the amount is in the first `row` rows of a fund: whole instalments, and the shares of the parts. */
static double upto(const struct hl_fund *f, size_t row) {
    size_t parts = hl_fund_parts(f), instalments = row / parts;
    double shares = 0;
    for (size_t i = 0; i < row % parts; i++)
        shares += f->parts[i].share;
    return ((double)instalments + shares) / fmax(f->instalments, 1);
}

/* What each row of a fund holds when it is full, [row_count][year_count]: differences of a rounded running sum, so that
 * they add up to the amount less its discount. */
static enum hl_status make_levels(struct hl_plan *p, struct hl_plan_fund *rows, size_t row_count, size_t exchange,
                                  struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    const struct hl_fund *f = &s->funds[rows->item];
    double *levels = hl_arena_array(&p->arena, row_count * p->year_count, sizeof *levels);
    if (levels == NULL)
        return hl_fail_memory(err);
    for (uint16_t y = 0; y < p->year_count; y++) {
        double raised = hl_amount_of(s, &f->amount, exchange, (uint16_t)(y + 1)) * (1 - f->discount), before = 0;
        for (size_t i = 0; i < row_count; i++) {
            double next = nearbyint(raised * upto(f, i + 1));
            levels[i * p->year_count + y] = next - before;
            before = next;
        }
    }
    for (size_t i = 0; i < row_count; i++)
        rows[i].levels = levels + i * p->year_count;
    return HL_OK;
}

/* What comes in every month to each row of a fund, by policy year: its share of 30 days of the income. */
static enum hl_status make_incomes(struct hl_plan *p, struct hl_plan_fund *rows, size_t row_count, size_t exchange,
                                   struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    const struct hl_fund *f = &s->funds[rows->item];
    if (f->income.base == HL_BASE_FIXED && f->income.value == 0)
        return HL_OK;
    double *incomes = hl_arena_array(&p->arena, row_count * p->year_count, sizeof *incomes);
    if (incomes == NULL)
        return hl_fail_memory(err);
    for (uint16_t y = 0; y < p->year_count; y++) {
        double income = hl_amount_of(s, &f->income, exchange, (uint16_t)(y + 1)), all = 0;
        for (size_t i = 0; i < row_count; i++) {
            assert(rows[i].levels != NULL); /* income is a stock's */
            all += rows[i].levels[y];
        }
        for (size_t i = 0; i < row_count && all > 0; i++)
            incomes[i * p->year_count + y] = nearbyint(income * 30 / 365 * (rows[i].levels[y] / all));
    }
    for (size_t i = 0; i < row_count; i++)
        rows[i].incomes = incomes + i * p->year_count;
    return HL_OK;
}

/* Which of the plan's pools the scenario's fund is; of their number, how many there are. */
static size_t pool_of(const struct hl_scenario *s, size_t item) {
    size_t count = 0;
    for (size_t i = 0; i < item; i++)
        count += s->funds[i].kind == HL_FUND_pool;
    return count;
}

/* The rows of one fund at one exchange; hl_fund_rows says how many. */
static enum hl_status make_fund(struct hl_plan *p, struct hl_plan_fund *rows, size_t item, size_t exchange,
                                struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    const struct hl_fund *f = &s->funds[item];
    uint64_t stream = hl_stream_with_name(hl_stream_with_name(hl_stream("fund"), s->exchanges[exchange].id), f->name);
    size_t parts = hl_fund_parts(f), count = hl_fund_rows(f);
    for (size_t i = 0; i < count; i++) {
        size_t instalment = i / parts;
        rows[i] = (struct hl_plan_fund){
            .kind = f->kind,
            .item = item,
            .earmarked = hl_fund_kinds[f->kind].earmarked,
            .after_failure = hl_fund_kinds[f->kind].after_failure,
            .start = f->start,
            .refill_per_year = f->refill_per_year,
            .after_days = (int)(f->after_days + (double)instalment * f->every_days),
            .probability = f->probability,
            .stream = stream,
            .recovered_share = f->recovered_share * (1 - f->bounty_share),
            .held_in = f->part_count == 0 ? HL_NONE : f->parts[i % parts].asset,
            .layer = f->kind == HL_FUND_insurance ? &f->layer : NULL,
            .fails = f->fails,
            .fail_stream = hl_stream_with_name(hl_stream("fails"), f->name),
            .terms = f,
        };
    }
    if (f->kind == HL_FUND_pool) { /* its stock is not the exchange's own */
        rows[0].pool = rows[1].pool = pool_of(s, item);
        rows[1].calls = true;
        return HL_OK;
    }
    if (!hl_fund_kinds[f->kind].stock)
        return HL_OK;
    if (make_levels(p, rows, count, exchange, err) != HL_OK)
        return HL_FAILED;
    return make_incomes(p, rows, count, exchange, err);
}

/* The common fund is there once; a share of a figure is of the first member's. Calls are of each member's own. */
static enum hl_status make_pool(struct hl_plan *p, const struct hl_fund *f, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    double *levels = hl_arena_array(&p->arena, p->year_count, sizeof *levels);
    double *calls = hl_arena_array(&p->arena, s->exchange_count * p->year_count, sizeof *calls);
    if (levels == NULL || calls == NULL)
        return hl_fail_memory(err);
    for (uint16_t year = 1; year <= p->year_count; year++) {
        levels[year - 1] = hl_amount_of(s, &f->amount, f->at[0], year);
        for (size_t i = 0; i < f->at_count; i++)
            calls[f->at[i] * p->year_count + year - 1] = hl_amount_of(s, &f->calls, f->at[i], year);
    }
    p->pools[p->pool_count++] = (struct hl_plan_pool){f->start, f->refill_per_year, levels, calls};
    return HL_OK;
}

static enum hl_status make_pools(struct hl_plan *p, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    size_t count = pool_of(s, s->fund_count);
    p->pools = hl_arena_array(&p->arena, count, sizeof *p->pools);
    if (p->pools == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < s->fund_count; i++)
        if (s->funds[i].kind == HL_FUND_pool && make_pool(p, &s->funds[i], err) != HL_OK)
            return HL_FAILED;
    return HL_OK;
}

/* The waterfall of one exchange. One row more than the scenario states holds the additional reserve that is asked
 * about, empty otherwise: in front of the reserve or, where there is none, behind the last earmarked source. *row_count
 * gets the number of rows. */
static enum hl_status make_waterfall(struct hl_plan *p, struct hl_plan_fund *rows, size_t exchange, bool insured,
                                     size_t *row_count, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    size_t count = 0, place = 0;
    bool has_reserve = false;
    for (size_t i = 0; i < s->fund_count; i++) {
        if (!hl_fund_stands_at(&s->funds[i], exchange) || (!insured && s->funds[i].kind == HL_FUND_insurance))
            continue;
        size_t more = hl_fund_rows(&s->funds[i]);
        if (make_fund(p, &rows[count], i, exchange, err) != HL_OK)
            return HL_FAILED;
        if (rows[count].kind == HL_FUND_reserve) {
            has_reserve = true;
            place = count;
        } else if (rows[count].earmarked && !has_reserve) {
            place = count + more;
        }
        count += more;
    }
    for (size_t i = count; i > place; i--)
        rows[i] = rows[i - 1];
    rows[place] = (struct hl_plan_fund){
        .kind = HL_FUND_reserve, .item = HL_NONE, .earmarked = true, .probability = 1, .held_in = HL_NONE};
    *row_count = count + 1;
    return HL_OK;
}

enum hl_status hl_plan_make_policies(struct hl_plan *p, struct hl_error *err) {
    const struct hl_scenario *s = p->scenario;
    bool insured = false;
    size_t most = 1; /* rows at one exchange */
    p->tells_end = s->haircut_told;
    for (size_t i = 0; i < s->fund_count; i++) {
        insured = insured || s->funds[i].kind == HL_FUND_insurance;
        p->tells_end = p->tells_end || hl_fund_kinds[s->funds[i].kind].after_failure;
        most += hl_fund_rows(&s->funds[i]);
    }
    if (make_pools(p, err) != HL_OK)
        return HL_FAILED;
    p->policy_count = insured ? 2 : 1;
    p->policies = hl_arena_array(&p->arena, p->policy_count, sizeof *p->policies);
    if (p->policies == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < p->policy_count; i++) {
        struct hl_policy *policy = &p->policies[i];
        policy->name = i == 0 ? "as_stated" : "no_insurance";
        policy->funds = hl_arena_array(&p->arena, s->exchange_count * most, sizeof *policy->funds);
        policy->first = hl_arena_array(&p->arena, s->exchange_count + 1, sizeof *policy->first);
        if (policy->funds == NULL || policy->first == NULL)
            return hl_fail_memory(err);
        for (size_t e = 0; e < s->exchange_count; e++) {
            size_t rows = 0;
            if (make_waterfall(p, policy->funds + policy->first[e], e, i == 0, &rows, err) != HL_OK)
                return HL_FAILED;
            policy->first[e + 1] = policy->first[e] + rows;
            p->funds_most = rows > p->funds_most ? rows : p->funds_most;
        }
    }
    return HL_OK;
}
