#include "engine/need.h"

#include <assert.h>
#include <math.h>

/* Where several claims compete, a shortfall that comes back as the amount grows is looked for at this many amounts up
 * to the one that pays all. */
enum { SCAN = 16 };

static double claims_total(const struct hl_waterfall_case *c) {
    double total = 0;
    for (size_t k = 0; k < c->claim_count; k++)
        total += c->claims[k].claim;
    return total;
}

static double shortfall_with(struct hl_waterfall *w, struct hl_waterfall_case *c, double *amount, double value) {
    *amount = value;
    return hl_waterfall_solve(w, c).shortfall;
}

/* The least amount above `low`, which leaves a shortfall, from which on none is left; `high` leaves none. SCAN amounts
 * are tried from above, then the answer is bisected between the highest that fails and the next one. */
static double least_between(struct hl_waterfall *w, struct hl_waterfall_case *c, double *amount, double low,
                            double high) {
    double from = low, width = high - low;
    for (int i = SCAN - 1; c->claim_count > 1 && i >= 1 && low == from; i--) {
        double x = from + floor(width * i / SCAN);
        if (x == high || x == from)
            continue;
        if (shortfall_with(w, c, amount, x) > 0)
            low = x;
        else
            high = x;
    }
    while (high - low > 1) {
        double middle = floor((low + high) / 2);
        if (shortfall_with(w, c, amount, middle) > 0)
            low = middle;
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
        return least_between(w, &c, &c.extra_reserve, 0, enough);
    double x = 0;
    for (; shortfall > 0; shortfall = shortfall_with(w, &c, &c.extra_reserve, x)) {
        x += shortfall;
        assert(x <= enough);
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
double hl_need_insurance(struct hl_waterfall *w, struct hl_waterfall_case c) {
    const struct hl_layer_terms *terms = c.funds[hl_sized_row(c.funds, c.fund_count)].layer;
    c.journal = NULL;
    if (!isfinite(terms->limit) || terms->limit <= 0 || terms->aggregate_limit <= 0)
        return HL_NEVER;
    double high = limit_enough(&c, terms);
    if (shortfall_with(w, &c, &c.layer_limit, high) > 0)
        return HL_NEVER;
    return least_between(w, &c, &c.layer_limit, terms->limit, high);
}
