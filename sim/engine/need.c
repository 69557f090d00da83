#include "engine/need.h"

#include <assert.h>
#include <math.h>

/* Where several claims compete, a shortfall that comes back as the amount grows is looked for at this many amounts up
 * to the one that pays all. */
enum { SCAN = 8 };

static double claims_total(const struct hl_waterfall_case *c) {
    double total = 0;
    for (size_t k = 0; k < c->claim_count; k++)
        total += c->claims[k].claim;
    return total;
}

static double shortfall_with(struct hl_waterfall *w, struct hl_waterfall_case *c, double *amount, double value) {
    c->only_shortfall = true;
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

/* The least amount above `low` from which on no shortfall is left; `high` leaves none. Most often it is `low` and its
 * shortfall together, so that and the quantum below it are tried first; else the bracket is halved. */
static double least_between(struct hl_waterfall *w, struct hl_waterfall_case *c, double *amount, struct failing low,
                            double high) {
    if (c->claim_count > 1)
        low = scan(w, c, amount, low, &high);
    double guess = low.amount + low.shortfall;
    for (int i = 0; i < 2 && guess > low.amount && guess < high; i++, guess--) {
        double shortfall = shortfall_with(w, c, amount, guess);
        if (shortfall <= 0)
            high = guess;
        else
            low = (struct failing){guess, shortfall};
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

/* One claim: an additional yen, there on day 0, pays a yen of it and leaves a yen less to the others, so the shortfall
 * falls by at most a yen and does not come back; stepping by it from below ends at the answer. Several claims compete
 * for the same money, and money that is paid back in time serves twice: then the amounts up to the one that pays
 * everything are searched. */
double hl_need_reserve(struct hl_waterfall *w, struct hl_waterfall_case c, double shortfall) {
    if (shortfall <= 0)
        return 0;
    c.journal = NULL;
    double enough = claims_total(&c);
    if (c.claim_count > 1)
        return least_between(w, &c, &c.extra_reserve, (struct failing){0, shortfall}, enough);
    double x = 0;
    while (shortfall > 0) {
        x += shortfall;
        assert(x <= enough);
        shortfall = shortfall_with(w, &c, &c.extra_reserve, x);
    }
    return x;
}

/* A limit per event from which a higher one pays no more: neither the event's nor the year's limit binds. */
static double limit_enough(const struct hl_waterfall_case *c, const struct hl_layer_terms *terms) {
    double total = claims_total(c);
    double enough = fmax(terms->limit, total);
    if (isfinite(terms->aggregate_limit))
        enough = fmax(enough, ceil(total * terms->limit / terms->aggregate_limit));
    return enough;
}

/* A limit's yen can cut the shortfall by a yen at every event, so the answer is searched; one claim's by bisection,
 * since a higher limit pays it no less. */
double hl_need_insurance(struct hl_waterfall *w, struct hl_waterfall_case c, double shortfall) {
    const struct hl_layer_terms *terms = c.funds[hl_sized_row(c.funds, c.fund_count)].layer;
    c.journal = NULL;
    if (!isfinite(terms->limit) || terms->limit <= 0 || terms->aggregate_limit <= 0)
        return HL_NEVER;
    double high = limit_enough(&c, terms);
    if (shortfall_with(w, &c, &c.layer_limit, high) > 0)
        return HL_NEVER;
    return least_between(w, &c, &c.layer_limit, (struct failing){terms->limit, shortfall}, high);
}
