/* A whole run against sums over the twin's trials. */
#include "engine/need.h"
#include "engine/run.h"
#include "tests/many.h"
#include "tests/twin/invent.h"
#include "tests/twin/pair.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RUN_TRIALS = HL_IS_SLOW ? 5000 : 12000 }; /* two blocks, or three; the last one not full */

/* What the twin finds in every trial for one entity: 0 the system, then the exchanges. */
struct tally {
    double gross[RUN_TRIALS];
    double largest[RUN_TRIALS];
    double shortfall[HL_BASIS_COUNT][RUN_TRIALS];
    double reserve[HL_BASIS_COUNT][RUN_TRIALS];
    double paid[TWIN_FUNDS];
    size_t breaches;
    size_t unpaid[HL_BASIS_COUNT][TWIN_CHECKS];
};

static void tally_exchange(struct twin_pair *p, struct tally *all, size_t exchange, size_t n,
                           bool unpaid[][TWIN_CHECKS]) {
    const struct hl_scenario *s = p->twin.scenario;
    struct tally *own = &all[1 + exchange];
    bool breached = false;
    for (size_t k = 0; k < p->history.claim_count; k++)
        breached |= p->history.claims[k].hit.exchange == exchange;
    if (!breached)
        return;
    own->breaches++;
    for (int basis = 0; basis < HL_BASIS_COUNT; basis++) {
        struct twin_question q = {exchange, 0, p->trial, basis == HL_BASIS_EARMARKED, false, 0, -1};
        struct twin_outcome o = twin_pay(&p->twin, &p->history, &q);
        struct hl_waterfall_case c = twin_pair_case(p, 0, exchange, 0, (enum hl_basis)basis);
        double need = hl_need_reserve(&p->engine.waterfall, c, o.shortfall); /* test_twin.c has tried all amounts */
        own->gross[n] = o.gross;
        own->shortfall[basis][n] = o.shortfall;
        all->shortfall[basis][n] += o.shortfall;
        own->reserve[basis][n] = need;
        all->reserve[basis][n] += need;
        for (size_t i = 0; i < s->fund_count && basis == HL_BASIS_ALL; i++) {
            own->paid[i] += o.paid[i];
            all->paid[i] += o.paid[i];
        }
        for (size_t i = 0; i < s->report.unpaid_after_count; i++) {
            own->unpaid[basis][i] += o.unpaid_after[i];
            unpaid[basis][i] |= o.unpaid_after[i];
        }
    }
}

/* Gross losses, and the largest of one event: a vendor's is the sum over its clients. */
static void tally_events(struct twin_pair *p, struct tally *all, size_t n) {
    const struct twin_claim *claims = p->history.claims;
    for (size_t k = 0; k < p->history.claim_count; k++) {
        struct tally *own = &all[1 + claims[k].hit.exchange];
        double event = 0;
        for (size_t j = 0; j < p->history.claim_count; j++)
            if (claims[j].hit.event.source == claims[k].hit.event.source &&
                claims[j].hit.event.stream == claims[k].hit.event.stream &&
                claims[j].hit.event.index == claims[k].hit.event.index)
                event += claims[j].gross;
        all->gross[n] += claims[k].gross;
        all->largest[n] = fmax(all->largest[n], event);
        own->largest[n] = fmax(own->largest[n], claims[k].gross);
    }
    all->breaches += p->history.claim_count > 0;
}

static void tally_run(struct twin_pair *p, struct tally *all) {
    const struct hl_scenario *s = p->twin.scenario;
    struct twin_engine *e = &p->engine;
    for (uint32_t n = 0; n < RUN_TRIALS; n++) {
        bool unpaid[HL_BASIS_COUNT][TWIN_CHECKS] = {0};
        if (n % HL_BLOCK_TRIALS == 0)
            twin_pair_draw(p, TWIN_STATED, n / HL_BLOCK_TRIALS);
        p->trial = n % HL_BLOCK_TRIALS;
        if (e->events.first[p->trial + 1] == e->events.first[p->trial])
            continue;
        twin_play(&p->twin, p->trial, &p->history);
        hl_claims_play(&e->claims, &e->plan, n / HL_BLOCK_TRIALS, e->events.hits + e->events.first[p->trial],
                       e->events.first[p->trial + 1] - e->events.first[p->trial]);
        tally_events(p, all, n);
        for (size_t exchange = 0; exchange < s->exchange_count; exchange++)
            tally_exchange(p, all, exchange, n, unpaid);
        for (int basis = 0; basis < HL_BASIS_COUNT; basis++)
            for (size_t i = 0; i < s->report.unpaid_after_count; i++)
                all->unpaid[basis][i] += unpaid[basis][i];
    }
}

/* Where a row stands: entity, basis, perspective, metric, level, item. */
static struct hl_row_key key_of(size_t entity, int basis, enum hl_perspective what, enum hl_metric metric,
                                double level) {
    return (struct hl_row_key){.year = 1,
                               .entity = (uint32_t)entity,
                               .basis = (enum hl_basis)basis,
                               .perspective = what,
                               .metric = metric,
                               .level = level};
}

static void same_row(const struct hl_result *r, struct hl_row_key key, double want, double tolerance) {
    const struct hl_row *row = hl_result_find(r, key);
    cr_assert_not_null(row, "no row %s %s of %s at %g", hl_perspective_names[key.perspective],
                       hl_metric_names[key.metric], r->entities[key.entity].name, key.level);
    cr_assert_leq(fabs(row->value - want), tolerance * fabs(want), "%s %s of %s at %g (%s): %.17g, twin %.17g",
                  hl_perspective_names[key.perspective], hl_metric_names[key.metric], r->entities[key.entity].name,
                  key.level, hl_basis_names[key.basis], row->value, want);
}

static double mean_of(const double *values) {
    double sum = 0;
    for (size_t n = 0; n < RUN_TRIALS; n++)
        sum += values[n];
    return sum / RUN_TRIALS;
}

static double share_above_0(const double *values) {
    size_t count = 0;
    for (size_t n = 0; n < RUN_TRIALS; n++)
        count += values[n] > 0;
    return (double)count / RUN_TRIALS;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* VaR and TVaR at one in `tail_of`: k = n − n / tail_of, the mean of the values above x_(k). */
static void same_tail(const struct hl_result *r, struct hl_row_key key, const double *values, size_t tail_of,
                      enum hl_metric tail_metric) {
    static double sorted[RUN_TRIALS];
    memcpy(sorted, values, sizeof sorted);
    qsort(sorted, RUN_TRIALS, sizeof *sorted, ascending);
    size_t k = RUN_TRIALS - RUN_TRIALS / tail_of;
    double sum = 0;
    for (size_t n = k; n < RUN_TRIALS; n++)
        sum += sorted[n];
    same_row(r, key, sorted[k - 1], 0);
    key.metric = tail_metric;
    if (tail_metric != HL_METRIC_COUNT)
        same_row(r, key, sum / (double)(RUN_TRIALS / tail_of), 1e-9);
}

static bool pays_at(const struct hl_fund *f, size_t entity) {
    bool found = false;
    for (size_t k = 0; k < f->at_count; k++)
        found |= entity == 0 || f->at[k] + 1 == entity;
    return found;
}

static void same_entity(const struct hl_result *r, const struct tally *t, size_t entity) {
    const struct hl_report *report = &r->scenario->report;
    same_row(r, key_of(entity, HL_BASIS_ALL, HL_GROSS, HL_P_BREACH, 0), (double)t->breaches / RUN_TRIALS, 0);
    same_row(r, key_of(entity, HL_BASIS_ALL, HL_GROSS, HL_MEAN, 0), mean_of(t->gross), 0);
    same_tail(r, key_of(entity, HL_BASIS_ALL, HL_GROSS, HL_VAR, 0.95), t->gross, 20, HL_TVAR);
    same_tail(r, key_of(entity, HL_BASIS_ALL, HL_GROSS, HL_VAR, 0.99), t->gross, 100, HL_TVAR);
    same_tail(r, key_of(entity, HL_BASIS_ALL, HL_GROSS, HL_AEP, 50), t->gross, 50, HL_AEP_TVAR);
    same_tail(r, key_of(entity, HL_BASIS_ALL, HL_GROSS, HL_OEP, 50), t->largest, 50, HL_OEP_TVAR);
    for (int basis = 0; basis < HL_BASIS_COUNT; basis++) {
        const double *shortfall = t->shortfall[basis];
        same_row(r, key_of(entity, basis, HL_SHORTFALL, HL_MEAN, 0), mean_of(shortfall), 0);
        same_row(r, key_of(entity, basis, HL_SHORTFALL, HL_P_POSITIVE, 0), share_above_0(shortfall), 0);
        same_tail(r, key_of(entity, basis, HL_SHORTFALL, HL_VAR, 0.95), shortfall, 20, HL_TVAR);
        same_tail(r, key_of(entity, basis, HL_SHORTFALL, HL_VAR, 0.99), shortfall, 100, HL_TVAR);
        same_tail(r, key_of(entity, basis, HL_RESERVE_NEEDED, HL_VAR, 0.99), t->reserve[basis], 100, HL_METRIC_COUNT);
        for (size_t i = 0; i < report->unpaid_after_count; i++)
            same_row(r, key_of(entity, basis, HL_SHORTFALL, HL_P_UNPAID_AFTER, report->unpaid_after_days[i]),
                     (double)t->unpaid[basis][i] / RUN_TRIALS, 0);
    }
    for (size_t i = 0; i < r->scenario->fund_count; i++) {
        struct hl_row_key key = key_of(entity, HL_BASIS_ALL, HL_PAID, HL_MEAN, 0);
        key.item = (uint16_t)i;
        if (pays_at(&r->scenario->funds[i], entity))
            same_row(r, key, t->paid[i] / RUN_TRIALS, 0);
    }
}

/* The expected shortfall goes back to sources, vectors and exchanges without a remainder. */
static void same_contributions(const struct hl_result *r, const struct tally *system) {
    for (int basis = 0; basis < HL_BASIS_COUNT; basis++) {
        double sums[3] = {0};
        for (uint32_t e = 0; e < r->entity_count; e++) {
            enum hl_entity_kind kind = r->entities[e].kind;
            if (kind == HL_ENTITY_SYSTEM || kind == HL_ENTITY_VENDOR)
                continue;
            const struct hl_row *row = hl_result_find(r, key_of(e, basis, HL_SHORTFALL, HL_CONTRIBUTION, 0));
            cr_assert_not_null(row);
            sums[kind == HL_ENTITY_EXCHANGE ? 0 : kind == HL_ENTITY_VECTOR ? 1 : 2] += row->value;
        }
        double want = mean_of(system->shortfall[basis]);
        for (int i = 0; i < 3; i++)
            cr_assert_leq(fabs(sums[i] - want), 1e-9 * want, "contributions %d: %.17g, twin %.17g", i, sums[i], want);
    }
}

/* Runs some blocks, the last one not whole, and compares with sums over the twin's trials. The quantum is 1. */
static void compare_run(struct hl_scenario *s, const char *where) {
    static const double confidence[] = {0.95, 0.99}, periods[] = {50}, given[] = {0.5}, checks[] = {1, 30, 90};
    struct hl_error err = {0};
    struct hl_result r;
    s->trials = RUN_TRIALS;
    s->trials_auto = false;
    s->report = (struct hl_report){.confidence = confidence,
                                   .confidence_count = 2,
                                   .return_periods = periods,
                                   .return_period_count = 1,
                                   .unpaid_after_days = checks,
                                   .unpaid_after_count = 3,
                                   .deadline_days = 30,
                                   .given_breach = given,
                                   .given_breach_count = 1,
                                   .sized_at = 0.99};
    s->target_relative_error = 0.05;
    struct twin_pair *p = malloc(sizeof *p);
    struct tally *tallies = calloc(1 + s->exchange_count, sizeof *tallies);
    cr_assert_eq(s->quantum, 1);
    twin_pair_open(p, where, s);
    tally_run(p, tallies);
    twin_expect_ok(hl_run(&r, &p->engine.plan, NULL, &err), &err);
    for (size_t entity = 0; entity <= s->exchange_count; entity++)
        same_entity(&r, &tallies[entity], entity);
    same_contributions(&r, &tallies[0]);
    cr_assert_gt(tallies[0].breaches, 2000);
    cr_assert_gt(share_above_0(tallies[0].shortfall[HL_BASIS_ALL]), 0.01);
    hl_result_free(&r);
    free(tallies);
    twin_pair_close(p);
    free(p);
}

Test(twin_run, run_of_dmm_agrees) {
    struct hl_scenario s = {0};
    twin_load_raised(&s, "scenarios/dmm-2024.yaml", 40);
    compare_run(&s, "run of dmm-2024");
    hl_scenario_free(&s);
}

/* Number 1709 has three exchanges, two vendors, breaches of both, seven funds of all six kinds. Fewer breaches
 * than it states leave the twin less to do. */
Test(twin_run, run_of_a_random_scenario_agrees) {
    struct hl_scenario s;
    twin_invent(&s, 1709);
    for (size_t i = 0; i < s.breach_count; i++)
        s.breaches[i].count.p[0] = s.breaches[i].count.low = s.breaches[i].count.high *= 0.4;
    compare_run(&s, "run of random scenario 1709");
    hl_scenario_free(&s);
}
