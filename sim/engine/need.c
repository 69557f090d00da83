#include "engine/need.h"

#include <assert.h>
#include <math.h>

/* A shortfall that comes back as the amount grows is looked for at this many amounts up to the one that pays all. */
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

/* The highest of SCAN amounts in (low, high] that leaves a shortfall, or `low`. */
static double highest_failing(struct hl_waterfall *w, struct hl_waterfall_case *c, double *amount, double low,
                              double high, double *shortfall) {
    double before = INFINITY;
    for (int i = SCAN; i >= 1; i--) {
        double x = low + floor((high - low) * i / SCAN);
        if (x == before)
            continue;
        before = x;
        *shortfall = x > low ? shortfall_with(w, c, amount, x) : 0;
        if (*shortfall > 0)
            return x;
    }
    return low;
}

/* An additional yen of reserve cuts the shortfall by at most a yen, so no amount below x + S(x) suffices when S(x) > 0:
 * stepping by the shortfall from below cannot jump over the answer. Where several claims compete for the same money,
 * larger amounts are scanned too, because the definition asks that all of them suffice; with one claim more money on
 * day 0 leaves less to all the others, and the shortfall cannot come back. */
double hl_need_reserve(struct hl_waterfall *w, struct hl_waterfall_case c, double shortfall) {
    if (shortfall <= 0)
        return 0;
    c.journal = NULL;
    double enough = claims_total(&c);
    double x = 0;
    while (shortfall > 0) {
        while (shortfall > 0) {
            x += shortfall;
            assert(x <= enough);
            shortfall = shortfall_with(w, &c, &c.extra_reserve, x);
        }
        if (x < enough && c.claim_count > 1)
            x = highest_failing(w, &c, &c.extra_reserve, x, enough, &shortfall);
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

/* A limit's yen can cut the shortfall by a yen at every event, so the answer is bracketed and bisected: between the
 * highest scanned limit that fails and the next one. One claim needs no scan: a higher limit pays it no less. */
double hl_need_insurance(struct hl_waterfall *w, struct hl_waterfall_case c) {
    const struct hl_layer_terms *terms = c.funds[hl_sized_row(c.funds, c.fund_count)].layer;
    c.journal = NULL;
    if (!isfinite(terms->limit) || terms->limit <= 0 || terms->aggregate_limit <= 0)
        return HL_NEVER;
    double high = limit_enough(&c, terms);
    if (shortfall_with(w, &c, &c.layer_limit, high) > 0)
        return HL_NEVER;
    double low = terms->limit;
    if (c.claim_count > 1) {
        double shortfall, step = floor((high - low) / SCAN) + 1;
        low = highest_failing(w, &c, &c.layer_limit, low, high, &shortfall);
        high = fmin(low + step, high);
    }
    while (high - low > 1) {
        double middle = floor((low + high) / 2);
        if (shortfall_with(w, &c, &c.layer_limit, middle) > 0)
            low = middle;
        else
            high = middle;
    }
    return high;
}
