#include "engine/quiet.h"

#include "base/money.h"

#include <math.h>

int hl_quiet_wait(const struct hl_scenario *s) {
    bool in_kind = false;
    for (size_t a = 0; a < s->asset_count; a++) {
        const double *share = s->claim_terms[a].share;
        if (share[HL_IN_KIND] < 1 && share[HL_AT_THEFT] < 1)
            return -1;
        in_kind = in_kind || share[HL_IN_KIND] > 0;
    }
    return in_kind ? (int)s->buy_back_after_days : 0;
}

/* An insured loss up to which a layer neither pays nor says that it is used up. */
static double layer_bound(const struct hl_layer_terms *terms) {
    if (terms->trigger > 0)
        return terms->trigger;
    double first = terms->deductible + terms->attachment;
    return hl_most(first, hl_least(terms->aggregate_deductible, first + terms->limit - 1));
}

bool hl_is_sure_money(const struct hl_plan_fund *f) {
    bool changes = f->incomes != NULL || (f->terms != NULL && f->terms->top_up_below > 0);
    return f->levels != NULL && f->item != HL_NONE && f->held_in == HL_NONE && f->probability >= 1 &&
           f->fails.rate_per_year <= 0 && !f->after_failure && f->kind != HL_FUND_pool && !changes;
}

static int due_days(const struct hl_plan_fund *f, int wait) { return f->after_days > wait ? f->after_days : wait; }

/* One waterfall: its rows [count] on one basis. */
static struct hl_quiet look(const struct hl_plan *p, const struct hl_plan_fund *rows, size_t count, enum hl_basis basis,
                            int wait) {
    struct hl_quiet quiet = {.most = HL_MONEY_MOST};
    size_t payer = count;
    for (size_t i = 0; i < count; i++) {
        const struct hl_plan_fund *f = &rows[i];
        bool counts = (basis == HL_BASIS_ALL || f->earmarked) && f->item != HL_NONE && f->probability > 0;
        if (counts && f->kind == HL_FUND_insurance) /* behind the payer too: what its terms come to is told */
            quiet.most = hl_least(quiet.most, layer_bound(f->layer));
        else if (counts && payer == count && hl_is_sure_money(f))
            payer = i;
        else if (counts && payer == count)
            return (struct hl_quiet){0};
    }
    if (payer == count)
        return (struct hl_quiet){0};
    int days = due_days(&rows[payer], wait);
    for (size_t i = payer + 1; i < count; i++)
        if (!rows[i].after_failure && due_days(&rows[i], wait) < days)
            return (struct hl_quiet){0};
    if (days > p->checks[p->deadline_check])
        return (struct hl_quiet){0};
    quiet.most = hl_least(quiet.most, nearbyint(rows[payer].start * rows[payer].levels[0]));
    quiet.payer = rows[payer].item;
    quiet.days[basis] = days;
    return quiet;
}

struct hl_quiet hl_quiet_of(const struct hl_plan *p, size_t sampling, size_t exchange) {
    int wait = hl_quiet_wait(p->scenario);
    struct hl_quiet quiet = {.most = HL_MONEY_MOST};
    if (wait < 0 || p->prices != NULL || p->year_count > 1 || p->pool_count > 0)
        return (struct hl_quiet){0};
    for (size_t run = 0; run < p->run_count; run++) {
        if (p->runs[run].sampling != sampling)
            continue;
        const struct hl_policy *policy = &p->policies[p->runs[run].policy];
        const struct hl_plan_fund *rows = policy->funds + policy->first[exchange];
        size_t count = policy->first[exchange + 1] - policy->first[exchange];
        for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++) {
            struct hl_quiet one = look(p, rows, count, basis, wait);
            quiet.most = hl_least(quiet.most, one.most);
            if (p->runs[run].policy == 0 && basis == HL_BASIS_ALL)
                quiet.payer = one.payer;
            if (p->runs[run].policy == 0)
                quiet.days[basis] = one.days[basis];
        }
    }
    return quiet;
}

static bool is_bare_at(const struct hl_plan *p, size_t exchange) {
    const struct hl_policy *policy = &p->policies[0];
    size_t first = policy->first[exchange];
    return policy->first[exchange + 1] == first + 1 && policy->funds[first].item == HL_NONE &&
           policy->funds[first].after_days <= 0;
}

bool hl_is_bare(const struct hl_plan *p) {
    bool bare = p->policy_count == 1 && p->prices == NULL && p->year_count == 1 && p->pool_count == 0 &&
                !p->tells_end && !p->scenario->run.any && hl_quiet_wait(p->scenario) == 0;
    for (size_t c = 0; c < p->cell_count; c++)
        bare = bare && (p->cells[c].owner == HL_OWNER_CUSTOMERS || p->cells[c].value <= 0);
    for (size_t e = 0; e < p->scenario->exchange_count && bare; e++)
        bare = is_bare_at(p, e);
    return bare;
}
