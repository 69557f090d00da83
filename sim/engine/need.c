#include "engine/need.h"

#include "engine/contracts.h"

#include <assert.h>
#include <math.h>

/* Where several claims compete, a shortfall that comes back as the amount grows is looked for at SCAN amounts up to the
 * one that pays all. The answer is guessed at most GUESSES times before it is searched. What should pay all is doubled
 * DOUBLINGS times before it is said that no amount does. */
enum { SCAN = 8, GUESSES = 6, DOUBLINGS = 4 };

/* The part of a guess that is tried while it is not known what a yen takes off the shortfall. */
#define CAREFUL 0.75

/* What claim k costs when nobody has paid for it yet. */
static double cost_at(const struct hl_waterfall_case *c, size_t k, int day) {
    double coins = 0, money = 0;
    for (uint32_t j = 0; j < c->claims[k].taken_count; j++) {
        const struct hl_taken *t = &c->claims[k].taken[j];
        coins += t->in_kind > 0 ? t->in_kind * hl_prices_at(c->prices, t->asset, day) : 0;
        money += t->money;
    }
    return ceil(coins) + money;
}

/* What all claims cost on the days on which the additional reserve pays them: enough for everything. */
static double claims_cost(const struct hl_waterfall_case *c) {
    double total = 0;
    for (size_t k = 0; k < c->claim_count; k++)
        total += cost_at(c, k, c->claims[k].day + c->claims[k].money_after);
    return total;
}

static double shortfall_with(struct hl_waterfall *w, struct hl_waterfall_case *c, double *amount, double value) {
    c->only_shortfall = true;
    c->again = c->sure && amount == &c->extra_reserve;
    *amount = value;
    return hl_waterfall_solve(w, c).shortfall;
}

/* An amount that leaves a shortfall, and what it leaves. */
struct failing {
    double amount;
    double shortfall;
};

/* The highest of SCAN amounts between `low` and *high that fails, or `low`; *high falls to the next one, which does
 * not. */
static struct failing scan(struct hl_waterfall *w, struct hl_waterfall_case *c, double *amount, struct failing low,
                           double *high) {
    double from = low.amount, width = *high - from;
    for (int i = SCAN - 1; i >= 1; i--) {
        double x = from + floor(width * i / SCAN);
        if (x == *high || x == from)
            continue;
        double shortfall = shortfall_with(w, c, amount, x);
        if (shortfall > 0)
            return (struct failing){x, shortfall};
        *high = x;
    }
    return low;
}

/* Is there another claim on the same money: of the exchange, or of one that shares a pool with it? */
static bool competes(const struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    bool others = w->pools != NULL && c->trial_claims != NULL && c->trial_claims->count > c->claim_count;
    return c->claim_count > 1 || others;
}

/* The least amount above `low` from which on no shortfall is left; `high` leaves none. A yen more takes about `slope`
 * off the shortfall: most often that leads to the answer, or as amounts are rounded to one above it, so that the yen
 * before it tells most. From there on it is searched downwards in
 * steps that double, and in the end the bracket is halved. */
static double least_between(struct hl_waterfall *w, struct hl_waterfall_case *c, double *amount, struct failing low,
                            double high, double slope) {
    bool careful = competes(w, c); /* the slope is not known: what falls short of the answer measures it */
    if (careful)
        low = scan(w, c, amount, low, &high);
    for (int i = 0; i < GUESSES && slope > 0; i++) {
        double more = careful ? CAREFUL * low.shortfall / slope : low.shortfall / slope;
        double guess = low.amount + fmax(ceil(more) - 1, 1);
        if (!(guess < high))
            break;
        double shortfall = shortfall_with(w, c, amount, guess);
        if (shortfall <= 0) {
            high = guess;
            if (!careful)
                break;
            slope *= 2;
            continue;
        }
        slope = (low.shortfall - shortfall) / (guess - low.amount);
        low = (struct failing){guess, shortfall};
        careful = false;
    }
    for (double step = 1; high - step > low.amount; step *= 2) {
        if (shortfall_with(w, c, amount, high - step) > 0) {
            low.amount = high - step;
            break;
        }
        high -= step;
    }
    while (high - low.amount > 1) {
        double middle = floor((low.amount + high) / 2);
        if (shortfall_with(w, c, amount, middle) > 0)
            low.amount = middle;
        else
            high = middle;
    }
    return high;
}

/* Can money pay every claim on the day of its discovery, at prices that stand still? Else it may have to pay what
 * others paid before at another price, and where coins are bought after the deadline no amount of it is enough. */
static bool is_payable_at_once(const struct hl_waterfall_case *c) {
    bool at_once = c->plan->prices == NULL;
    for (size_t k = 0; k < c->claim_count; k++)
        at_once = at_once && c->claims[k].money_after == 0;
    return at_once;
}

/* Is one claim certain to be whole with what it costs on the day on which the additional reserve pays it? The reserve
 * pays it then, as it has been drawn on for nothing else before, and its deadline is not over. */
static bool is_paid_in_time(const struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    return c->sure && !competes(w, c) && c->plan->year_count == 1 &&
           c->claims[0].money_after <= c->plan->checks[c->plan->deadline_check];
}

/* How much of the shortfall at the deadline a yen of the additional reserve takes off, of one claim: it buys coins on
 * one day that are missing at the price of another. */
static double slope_of(const struct hl_waterfall_case *c) {
    const struct hl_claim *claim = &c->claims[0];
    int deadline = claim->day + c->plan->checks[c->plan->deadline_check];
    double cost = cost_at(c, 0, claim->day + claim->money_after);
    return cost > 0 ? cost_at(c, 0, deadline) / cost : 1;
}

/* Is a row cash that is there at once for every claim, and that nothing but payments takes from? */
static bool is_plain_cash(const struct hl_plan_fund *f) {
    bool stock = f->kind == HL_FUND_reserve || f->kind == HL_FUND_own_capital || f->kind == HL_FUND_parent;
    return stock && f->levels != NULL && f->held_in == HL_NONE && f->probability == 1 && f->fails.rate_per_year <= 0;
}

/* Does a quantum of the additional reserve take one off the shortfall, down to none? So it does within one policy year
 * where all that counts pays at once and once, and all that stands behind the additional reserve is plain cash: the
 * rows in front pay the same whatever is added, and what is added pays the rest from one sum with the cash behind it.
 */
static bool is_one_sum(const struct hl_waterfall *w, const struct hl_waterfall_case *c) {
    if (w->pools != NULL || c->plan->year_count > 1 || c->plan->scenario->run.any || !is_payable_at_once(c))
        return false;
    for (size_t k = 0; k < c->claim_count; k++)
        if (c->claims[k].house > 0 || c->claims[k].coins_after > 0)
            return false;
    bool behind = false;
    for (size_t i = 0; i < c->fund_count; i++) {
        const struct hl_plan_fund *f = &c->funds[i];
        if (f->item == HL_NONE)
            behind = true;
        else if (c->basis != HL_BASIS_ALL && !f->earmarked)
            continue;
        else if (f->after_days > 0 || f->after_failure || f->incomes != NULL || f->kind == HL_FUND_recovery ||
                 (f->layer != NULL && f->layer->hours_days > 0) || (behind && !is_plain_cash(f)))
            return false;
    }
    return behind;
}

/* One claim: more money, there on day 0, pays more of it and leaves as much to the others, so the shortfall does not
 * come back, and where prices stand still stepping by it from below ends at the answer. Several claims compete for the
 * same money, and money that is paid back in time serves twice: then the amounts up to the one that pays everything are
 * searched. */
double hl_need_reserve(struct hl_waterfall *w, struct hl_waterfall_case c, double shortfall) {
    if (shortfall <= 0)
        return 0;
    c.journal = NULL;
    if (is_one_sum(w, &c))
        return shortfall;
    double enough = claims_cost(&c);
    bool at_once = is_payable_at_once(&c);
    bool known = at_once || is_paid_in_time(w, &c);
    for (int i = 0; !known && shortfall_with(w, &c, &c.extra_reserve, enough) > 0; i++, enough *= 2)
        if (i == DOUBLINGS)
            return HL_NEVER;
    if (competes(w, &c) || !at_once)
        return least_between(w, &c, &c.extra_reserve, (struct failing){0, shortfall}, enough,
                             competes(w, &c) ? 1 : slope_of(&c));
    double x = 0;
    while (shortfall > 0) {
        x += shortfall;
        assert(x <= enough);
        shortfall = shortfall_with(w, &c, &c.extra_reserve, x);
    }
    return x;
}

/* A limit per event from which a higher one pays no more: neither the event's nor the year's limit binds. */
static double limit_enough(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t row) {
    const struct hl_layer_terms *terms = c->funds[row].layer;
    double total = 0;
    for (size_t k = 0; k < c->claim_count; k++) {
        int day = hl_due_day(w, c, row, k);
        double worth = hl_contract_worth(c, row, k, day);
        total += terms->trigger > 0 ? fmax(worth, cost_at(c, k, day)) : worth; /* a trigger pays whatever is lost */
    }
    double enough = fmax(terms->limit, total);
    if (isfinite(terms->aggregate_limit))
        enough = fmax(enough, ceil(total * terms->limit / terms->aggregate_limit));
    return enough;
}

/* A limit's yen can cut the shortfall by a yen at every event, so the answer is searched; one claim's by bisection,
 * since a higher limit pays it no less. */
double hl_need_insurance(struct hl_waterfall *w, struct hl_waterfall_case c, double shortfall) {
    size_t row = hl_sized_row(c.funds, c.fund_count);
    const struct hl_layer_terms *terms = c.funds[row].layer;
    c.journal = NULL;
    if (!isfinite(terms->limit) || terms->limit <= 0 || terms->aggregate_limit <= 0)
        return HL_NEVER;
    double high = limit_enough(w, &c, row);
    if (shortfall_with(w, &c, &c.layer_limit, high) > 0)
        return HL_NEVER;
    return least_between(w, &c, &c.layer_limit, (struct failing){terms->limit, shortfall}, high, 1);
}
