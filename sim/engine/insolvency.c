#include "engine/insolvency.h"

#include "base/money.h"
#include "engine/arrivals.h"
#include "engine/plan_funds.h"
#include "engine/years.h"

#include <math.h>

/* How often a counterparty fails in a policy year. */
static double hazard(const struct hl_waterfall_case *c, const struct hl_failure *fails, uint16_t year) {
    bool quiet = fails->climate == HL_NONE;
    return fails->rate_per_year * (quiet ? 1 : hl_climate_at(c->plan, fails->climate, c->block, c->trial, year));
}

/* The whole days of a time in years after a day; HL_NO_DAY when they are too many to count. */
static int day_after(int day, double years) {
    double days = floor(365 * years);
    return days < HL_NO_DAY - day ? day + (int)days : HL_NO_DAY;
}

int hl_fail_day(const struct hl_waterfall_case *c, size_t i) {
    const struct hl_plan *p = c->plan;
    const struct hl_plan_fund *f = &c->funds[i];
    if (f->fails.rate_per_year <= 0)
        return HL_NO_DAY;
    bool fresh = p->scenario->fresh;
    uint16_t year = fresh ? hl_claim_year(p, &c->claims[0]) : 1;
    uint64_t stream = fresh ? hl_stream_with(f->fail_stream, year) : f->fail_stream;
    double left = -log(hl_u01(p->seed, (struct hl_address){stream, c->block, HL_DRAW_FAIL, c->trial}));
    double rate = hazard(c, &f->fails, year);
    int first = hl_year_day(p, year);
    for (; !fresh && year < p->year_count && left > rate; first += 365) {
        left -= rate;
        rate = hazard(c, &f->fails, ++year);
    }
    return day_after(first, left / rate);
}

int hl_insolvency_day(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t claim) {
    int day = c->claims[claim].day + c->plan->checks[c->plan->deadline_check];
    for (size_t i = 0; i < c->fund_count; i++) {
        if (c->funds[i].after_failure || !hl_answers(w, c, i, claim))
            continue;
        int due = hl_due_day(w, c, i, claim);
        day = due > day ? due : day;
    }
    return day;
}

double hl_estate_share(const struct hl_waterfall_case *c, size_t i, size_t k, double unpaid, double estate) {
    const struct hl_fund *f = c->funds[i].terms;
    double most = hl_least(unpaid, estate);
    if (!f->pari_passu || unpaid <= 0)
        return most;
    double others = hl_amount_of(c->plan->scenario, &f->other_creditors, c->claims[k].exchange,
                                 hl_claim_year(c->plan, &c->claims[k]));
    return hl_least(nearbyint(estate * unpaid / (unpaid + others)), most);
}
