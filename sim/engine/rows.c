#include "engine/rows.h"

#include "engine/block.h"
#include "engine/haircut.h"
#include "engine/plan_funds.h"
#include "engine/premiums.h"
#include "engine/questions.h"
#include "engine/waterfall.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

double hl_relative_error(uint64_t hits, uint64_t trials) {
    if (hits == 0)
        return INFINITY;
    double p = (double)hits / (double)trials;
    return sqrt((1 - p) / (p * (double)trials));
}

/* --- rows ----------------------------------------------------------------------------------------------------------
 */

/* What was computed of one ladder: several slots may be told by it, and ask for the same. */
enum { EXCESSES_MOST = HL_QUESTIONS_MOST + HL_CURVE_POINTS };
struct told {
    struct hl_heights heights;
    size_t count;
    double above[EXCESSES_MOST]; /* [count] */
    struct hl_excess excess[EXCESSES_MOST];
};

struct table {
    struct hl_result *out;
    const struct hl_tally *t;
    const struct hl_plan *plan;
    uint64_t n;
    double quantum;
    struct hl_known *known;
    struct told *told; /* of the ladder whose slots are in turn */
    size_t capacity;
    bool failed;
};

/* hl_picks_excess of slot `i`. */
static struct hl_excess excess_above(struct table *b, size_t i, double x) {
    struct told *t = b->told;
    size_t k = 0;
    while (k < t->count && t->above[k] != x)
        k++;
    if (k == t->count) {
        k = t->count < EXCESSES_MOST ? t->count++ : 0;
        t->above[k] = x;
        t->excess[k] = hl_picks_excess(hl_picks_of(b->t, i), hl_ladder_of(b->t, i), x);
    }
    return t->excess[k];
}

static void add(struct table *b, struct hl_row row) {
    if (b->out->row_count == b->capacity) {
        size_t capacity = b->capacity == 0 ? 1024 : 2 * b->capacity;
        struct hl_row *rows = realloc(b->out->rows, capacity * sizeof *rows);
        if (rows == NULL) {
            b->failed = true;
            return;
        }
        b->out->rows = rows;
        b->capacity = capacity;
    }
    if (b->plan->year_count == 1)
        row.key.year = 1;
    b->out->rows[b->out->row_count++] = row;
}

static struct hl_row_key key_of(const struct table *b, const struct hl_slot *slot, enum hl_metric metric,
                                double level) {
    const struct hl_plan_run *run = &b->plan->runs[slot->run];
    return (struct hl_row_key){.policy = run->policy,
                               .outer = run->sampling,
                               .year = slot->year,
                               .item = slot->item,
                               .entity = slot->entity,
                               .basis = slot->basis,
                               .perspective = slot->perspective,
                               .metric = metric,
                               .level = level};
}

static struct hl_row no_value(struct hl_row_key key, enum hl_row_status status) {
    return (struct hl_row){key, NAN, NAN, NAN, NAN, status};
}

static void add_probability(struct table *b, struct hl_row_key key, uint64_t hits, uint64_t n) {
    if (n == 0) {
        add(b, no_value(key, HL_ROW_NO_EVENTS));
        return;
    }
    struct hl_interval interval = hl_known_probability(b->known, hits, n);
    double p = (double)hits / (double)n;
    bool few = hits < HL_FEW_HITS || n - hits < HL_FEW_HITS;
    add(b, (struct hl_row){key, p, sqrt(p * (1 - p) / (double)n), interval.low, interval.high,
                           few ? HL_ROW_FEW_HITS : HL_ROW_OK});
}

/* What a whole number that is counted stands for in a row: a day, an exchange, a millionth, a quantum of money. */
static double unit_of(const struct table *b, enum hl_perspective what) {
    if (what == HL_HAIRCUT_SHARE)
        return 1.0 / HL_HAIRCUT_WHOLE;
    return hl_is_days(what) || hl_is_number(what) ? 1 : b->quantum;
}

/* A mean of values >= 0 over n, from sums as they are counted. */
static void add_mean(struct table *b, struct hl_row_key key, double sum, double square, uint64_t n) {
    if (n == 0) {
        add(b, no_value(key, HL_ROW_NO_EVENTS));
        return;
    }
    double mean = sum / (double)n;
    double spread = fmax(square - (double)n * mean * mean, 0);
    double error = n > 1 ? sqrt(spread / (double)(n - 1) / (double)n) : NAN;
    double unit = unit_of(b, key.perspective);
    add(b, (struct hl_row){key, mean * unit, error * unit, fmax(mean - HL_Z * error, 0) * unit,
                           (mean + HL_Z * error) * unit, HL_ROW_OK});
}

/* --- rows of a slot: means, probabilities, order statistics --- */

static void add_slot_means(struct table *b, size_t i, const struct hl_slot *slot) {
    const struct hl_ladder *l = hl_ladder_of(b->t, i);
    enum hl_perspective what = slot->perspective;
    if (slot->largest || what == HL_RESERVE_NEEDED || what == HL_INSURANCE_NEEDED || hl_is_days(what))
        return;
    double sum = hl_ladder_sum(l), square = hl_ladder_square(l);
    if (slot->entity >= b->t->layout->full_count && what == HL_SHORTFALL) {
        add_mean(b, key_of(b, slot, HL_CONTRIBUTION, 0), sum, square, b->n);
        return;
    }
    if (what == HL_WITHDRAWN || what == HL_CALLED || hl_is_number(what))
        add_probability(b, key_of(b, slot, HL_P_POSITIVE, 0), hl_ladder_count(l), b->n);
    if (what == HL_SUSPENDED)
        return;
    add_mean(b, key_of(b, slot, HL_MEAN, 0), sum, square, b->n);
    if (what == HL_INSOLVENT)
        return;
    bool gap = what == HL_SHORTFALL || what == HL_JOINT_SHORTFALL || what == HL_HAIRCUT || what == HL_HAIRCUT_SHARE;
    if (gap)
        add_probability(b, key_of(b, slot, HL_P_POSITIVE, 0), hl_ladder_count(l), b->n);
    if (gap && (slot->run == 0 || what == HL_JOINT_SHORTFALL))
        add_mean(b, key_of(b, slot, HL_MEAN_IF_POSITIVE, 0), sum, square, hl_ladder_count(l));
    if (slot->run > 0)
        return;
    double error, sd;
    hl_ladder_mean(l, b->n, &error, &sd);
    add(b, (struct hl_row){key_of(b, slot, HL_SD, 0), sd * unit_of(b, what), NAN, NAN, NAN, HL_ROW_OK});
    if (slot->year > 0)
        return;
    if (what == HL_SHORTFALL && slot->entity > 0)
        add_mean(b, key_of(b, slot, HL_CONTRIBUTION, 0), sum, square, b->n);
    if (what == HL_GROSS)
        add_mean(b, key_of(b, slot, HL_MEAN_GIVEN_BREACH, 0), sum, square, hl_breaches_of(b->t, slot));
}

/* An order statistic as a row value; "never" is no number. */
static double shown(const struct table *b, enum hl_perspective what, double x) { return x * unit_of(b, what); }

static double rank_value(const struct table *b, size_t i, const struct hl_heights *h, uint64_t n, uint64_t rank) {
    double x = NAN;
    bool held = rank < 1 || rank > n || hl_picks_value(hl_picks_of(b->t, i), h, n, rank, &x);
    assert(held && "the passes keep every value that is asked for");
    return held ? x : NAN;
}

static void add_tail_mean(struct table *b, size_t i, const struct hl_slot *slot, const struct hl_question *q, double x,
                          enum hl_row_status status) {
    struct hl_excess over = excess_above(b, i, x);
    double error, tvar = hl_tvar(q->n, q->p, x, over.sum, over.square, &error) * b->quantum;
    error *= b->quantum;
    add(b, (struct hl_row){key_of(b, slot, q->tail, q->level), tvar, error, fmax(tvar - HL_Z * error, 0),
                           tvar + HL_Z * error, status});
}

static void add_order_statistic(struct table *b, size_t i, const struct hl_slot *slot, const struct hl_question *q) {
    const struct hl_heights *h = &b->told->heights;
    struct hl_row_key key = key_of(b, slot, q->metric, q->level);
    if (q->n == 0) {
        add(b, no_value(key, HL_ROW_NO_EVENTS));
        return;
    }
    struct hl_ranks ranks = hl_known_ranks(b->known, q->n, q->p);
    double x = rank_value(b, i, h, q->n, ranks.point);
    enum hl_perspective what = slot->perspective;
    bool beyond = (1 - q->p) * (double)q->n < 1;
    enum hl_row_status status = beyond ? HL_ROW_BEYOND_SAMPLE : ranks.high > q->n ? HL_ROW_OPEN_ABOVE : HL_ROW_OK;
    double low = ranks.low < 1 ? 0 : rank_value(b, i, h, q->n, ranks.low);
    double high = rank_value(b, i, h, q->n, ranks.high);
    struct hl_row row = {key, shown(b, what, x), NAN, shown(b, what, low), shown(b, what, high), status};
    if (low >= HL_NEVER)
        row.low = NAN;
    if (high >= HL_NEVER)
        row.high = NAN;
    if (x >= HL_NEVER) {
        row.value = NAN;
        row.status = what == HL_INSURANCE_NEEDED || what == HL_RESERVE_NEEDED ? HL_ROW_NOT_ATTAINABLE : HL_ROW_NEVER;
    }
    add(b, row);
    if (q->tail != HL_METRIC_COUNT)
        add_tail_mean(b, i, slot, q, x, status);
}

static bool nothing_to_size(const struct table *b, const struct hl_slot *slot) {
    return slot->perspective == HL_INSURANCE_NEEDED && slot->entity > 0 &&
           b->out->sized_fund[slot->entity - 1] == HL_NONE;
}

static void add_slot_order(struct table *b, size_t i, const struct hl_slot *slot) {
    struct hl_questions q;
    hl_questions_ask(&q, b->t, slot, b->n);
    for (size_t k = 0; k < q.count; k++) {
        if (nothing_to_size(b, slot))
            add(b, no_value(key_of(b, slot, q.items[k].metric, q.items[k].level), HL_ROW_NOTHING_TO_SIZE));
        else
            add_order_statistic(b, i, slot, &q.items[k]);
    }
}

static void add_slot_curve(struct table *b, size_t i, const struct hl_slot *slot) {
    double step = hl_curve_step(b->t, slot);
    for (size_t m = HL_CURVE_POINTS; m-- > 0 && step > 0;) {
        double at = (double)m * step;
        struct hl_excess over = excess_above(b, i, at);
        add_probability(b, key_of(b, slot, HL_P_ABOVE, at * b->quantum), over.count, b->n);
        add_mean(b, key_of(b, slot, HL_MEAN_ABOVE, at * b->quantum), over.sum, over.square, b->n);
    }
}

/* P(no limit suffices): what is left of P(shortfall) at any limit of the sized layer. */
static void add_not_attainable(struct table *b, size_t i, const struct hl_slot *slot) {
    if (slot->perspective == HL_INSURANCE_NEEDED && !nothing_to_size(b, slot))
        add_probability(b, key_of(b, slot, HL_P_ABOVE, INFINITY),
                        hl_ladder_of(b->t, i)->rungs[hl_rung_of(HL_NEVER)].count, b->n);
}

/* --- rows that are counted apart --- */

static void add_breaches(struct table *b) {
    for (size_t run = 0; run < b->plan->run_count; run++) {
        if (run > 0 && b->plan->runs[run].policy > 0)
            continue;
        /* Told apart, a vendor's breach falls into several years: only exchanges have a count of their own. */
        bool apart = b->plan->samplings[b->plan->runs[run].sampling].kind == HL_VENDORS_APART;
        for (uint32_t e = 0; e < (apart ? b->t->layout->full_count : b->t->layout->entity_count); e++) {
            struct hl_slot slot = {.run = (uint16_t)run, .entity = e, .perspective = HL_GROSS};
            add_probability(b, key_of(b, &slot, HL_P_BREACH, 0), b->t->breaches[run * b->t->layout->entity_count + e],
                            b->n);
        }
    }
}

/* Each policy year of several: breaches, exchanges short together; and by when the first shortfall comes. */
static void add_years(struct table *b) {
    const struct hl_layout *l = b->t->layout;
    uint16_t years = b->plan->year_count;
    for (uint16_t year = 1; year <= years && years > 1; year++) {
        for (uint32_t e = 0; e < l->full_count; e++) {
            struct hl_slot slot = {.year = year, .entity = e, .perspective = HL_GROSS};
            add_probability(b, key_of(b, &slot, HL_P_BREACH, 0), b->t->year_breaches[(year - 1u) * l->full_count + e],
                            b->n);
        }
        for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++) {
            struct hl_slot system = {.year = year, .basis = basis, .perspective = HL_SHORTFALL};
            const uint64_t *exactly = b->t->year_at_least + ((year - 1u) * HL_BASIS_COUNT + basis) * l->full_count;
            uint64_t at_least = 0;
            for (size_t k = l->full_count - 1; k >= 1; k--) {
                at_least += exactly[k];
                add_probability(b, key_of(b, &system, HL_P_AT_LEAST, (double)k), at_least, b->n);
            }
        }
    }
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT && years > 1; basis++) {
        for (uint32_t e = 0; e < l->full_count; e++) {
            struct hl_slot slot = {.entity = e, .basis = basis, .perspective = HL_SHORTFALL};
            uint64_t so_far = 0;
            for (uint16_t year = 1; year <= years; year++) {
                so_far += b->t->first_short[(basis * l->full_count + e) * years + year - 1u];
                add_probability(b, key_of(b, &slot, HL_P_SHORT_BY, year), so_far, b->n);
            }
        }
    }
}

static void add_unpaid(struct table *b) {
    const struct hl_layout *l = b->t->layout;
    const struct hl_report *r = &b->plan->scenario->report;
    for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++) {
        for (uint32_t e = 0; e < l->full_count; e++) {
            struct hl_slot slot = {.entity = e, .basis = basis, .perspective = HL_SHORTFALL};
            const uint64_t *row = b->t->unpaid + (basis * l->full_count + e) * b->plan->check_count;
            for (size_t i = 0; i < r->unpaid_after_count; i++)
                add_probability(b, key_of(b, &slot, HL_P_UNPAID_AFTER, r->unpaid_after_days[i]),
                                row[b->plan->unpaid_check[i]], b->n);
        }
    }
}

/* What controls cost in a year, by exchange and, last, of the system. */
static void add_control_costs(struct table *b) {
    const struct hl_scenario *s = b->plan->scenario;
    double sum = 0;
    for (size_t i = 1; i <= s->exchange_count + 1 && s->control_count > 0; i++) {
        struct hl_slot slot = {.entity = (uint32_t)(i % (s->exchange_count + 1)), .perspective = HL_CONTROL_COST};
        double cost = slot.entity == 0 ? sum : hl_controls_cost(s, slot.entity - 1) * b->quantum;
        sum += cost;
        add(b, (struct hl_row){key_of(b, &slot, HL_MEAN, 0), cost, 0, cost, cost, HL_ROW_OK});
    }
}

/* How many exchanges are short in the same year. */
static void add_at_least(struct table *b) {
    const struct hl_layout *l = b->t->layout;
    for (size_t run = 0; run < b->plan->run_count; run++) {
        for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT && b->plan->runs[run].policy == 0; basis++) {
            struct hl_slot system = {.run = (uint16_t)run, .basis = basis, .perspective = HL_SHORTFALL};
            const uint64_t *exactly = b->t->at_least + (run * HL_BASIS_COUNT + basis) * l->full_count;
            uint64_t at_least = 0;
            for (size_t k = l->full_count - 1; k >= 1; k--) {
                at_least += exactly[k];
                add_probability(b, key_of(b, &system, HL_P_AT_LEAST, (double)k), at_least, b->n);
            }
        }
    }
}

/* The system has every source of funds. */
static bool stands_at(const struct hl_fund *f, uint32_t entity) {
    return entity == 0 || hl_fund_stands_at(f, entity - 1);
}

/* What each fund costs in a year, by exchange and, last, of the system. */
static void add_fund_costs(struct table *b) {
    const struct hl_scenario *s = b->plan->scenario;
    for (size_t f = 0; f < s->fund_count; f++) {
        double sum = 0;
        for (size_t k = 0; k <= s->funds[f].at_count && s->funds[f].cost_per_year > 0; k++) {
            bool system = k == s->funds[f].at_count;
            size_t exchange = system ? 0 : s->funds[f].at[k];
            struct hl_slot slot = {
                .item = (uint16_t)f, .entity = system ? 0 : 1 + (uint32_t)exchange, .perspective = HL_FUND_COST};
            double cost = system ? sum : hl_fund_cost(s, &s->funds[f], exchange) * b->quantum;
            sum += cost;
            add(b, (struct hl_row){key_of(b, &slot, HL_MEAN, 0), cost, 0, cost, cost, HL_ROW_OK});
        }
    }
}

static void add_layers(struct table *b) {
    const struct hl_scenario *s = b->plan->scenario;
    for (uint32_t e = 0; e < b->t->layout->full_count; e++) {
        for (size_t f = 0; f < s->fund_count; f++) {
            if (s->funds[f].kind != HL_FUND_insurance || !stands_at(&s->funds[f], e))
                continue;
            struct hl_slot slot = {.item = (uint16_t)f, .entity = e, .perspective = HL_PAID};
            add_probability(b, key_of(b, &slot, HL_P_ATTACH, 0), b->t->attached[e * s->fund_count + f], b->n);
            add_probability(b, key_of(b, &slot, HL_P_EXHAUST, 0), b->t->exhausted[e * s->fund_count + f], b->n);
        }
    }
}

static void add_premium(struct table *b, uint32_t entity, size_t fund, const struct hl_layer_cost *p) {
    const struct {
        enum hl_perspective what;
        double value, error;
    } rows[] = {{HL_PREMIUM, p->premium, p->premium_error},
                {HL_REINSTATEMENT_PREMIUM, p->reinstatement, p->reinstatement_error}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct hl_slot slot = {.item = (uint16_t)fund, .entity = entity, .perspective = rows[i].what};
        double value = rows[i].value * b->quantum, error = rows[i].error * b->quantum;
        add(b, (struct hl_row){key_of(b, &slot, HL_MEAN, 0), value, error, fmax(value - HL_Z * error, 0),
                               value + HL_Z * error, HL_ROW_OK});
    }
}

static struct hl_layer_cost cost_of(const struct table *b, uint32_t entity, size_t fund) {
    const struct hl_layout *l = b->t->layout;
    uint32_t reinstated = hl_fund_slot_of(l, HL_REINSTATEMENT_PREMIUM, entity, fund);
    return hl_layer_cost_of(
        &b->plan->scenario->funds[fund], hl_ladder_of(b->t, hl_fund_slot_of(l, HL_PAID, entity, fund)),
        reinstated == HL_NO_SLOT ? NULL : hl_ladder_of(b->t, reinstated), b->n, b->plan->year_count);
}

/* Premiums of a year by exchange; the system's are their sums, with the sums of the errors. */
static void add_premiums(struct table *b) {
    const struct hl_scenario *s = b->plan->scenario;
    for (size_t f = 0; f < s->fund_count; f++) {
        if (s->funds[f].kind != HL_FUND_insurance || s->funds[f].contract.premium == HL_PREMIUM_NONE)
            continue;
        struct hl_layer_cost sum = {0};
        for (size_t i = 0; i < s->funds[f].at_count; i++) {
            uint32_t entity = 1 + (uint32_t)s->funds[f].at[i];
            struct hl_layer_cost p = cost_of(b, entity, f);
            add_premium(b, entity, f, &p);
            sum.premium += p.premium;
            sum.premium_error += p.premium_error;
            sum.reinstatement += p.reinstatement;
            sum.reinstatement_error += p.reinstatement_error;
        }
        add_premium(b, 0, f, &sum);
    }
}

/* Who bears the claim in years near each return period, where the horizon is one year: the average over the rung of the
 * claim's ladder in which the order statistic lies (about a tenth of the amount wide). */
static void add_payers(struct table *b) {
    const struct hl_scenario *s = b->plan->scenario;
    size_t funds = s->fund_count;
    for (uint32_t e = 0; e < b->t->layout->full_count && b->plan->year_count == 1; e++) {
        const struct hl_ladder *claim =
            hl_ladder_of(b->t, hl_slot_of(b->t->layout, 0, HL_BASIS_ALL, HL_CLAIM, false, e));
        for (size_t k = 0; k < s->report.return_period_count; k++) {
            double period = s->report.return_periods[k];
            int rung = hl_ladder_find(claim, b->n, hl_known_ranks(b->known, b->n, 1 - 1 / period).point);
            for (size_t f = 0; f <= funds; f++) {
                if (f < funds && !stands_at(&s->funds[f], e))
                    continue;
                struct hl_slot slot = {.item = (uint16_t)(f < funds ? f : 0),
                                       .entity = e,
                                       .perspective = f < funds ? HL_PAID : HL_HAIRCUT};
                struct hl_row row = no_value(key_of(b, &slot, HL_SHARE_AT, period), HL_ROW_NO_EVENTS);
                if (rung >= 0) {
                    const hl_wide *paid = b->t->payers + ((size_t)e * HL_RUNGS + (size_t)rung) * (funds + 1);
                    row.value = (double)paid[f] / (double)claim->rungs[rung].sum;
                    row.status = (double)b->n < period ? HL_ROW_BEYOND_SAMPLE : HL_ROW_OK;
                }
                add(b, row);
            }
        }
    }
}

/* The paired difference without insurance less as stated: values from the counts, errors from the block means. */
static void add_gain(struct table *b, const struct hl_moments *pairs) {
    if (b->plan->policy_count < 2)
        return;
    const struct hl_layout *l = b->t->layout;
    for (uint32_t e = 0; e < l->full_count; e++) {
        for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++) {
            const struct hl_ladder *with = hl_ladder_of(b->t, hl_slot_of(l, 0, basis, HL_SHORTFALL, false, e));
            const struct hl_ladder *without = hl_ladder_of(b->t, hl_slot_of(l, 1, basis, HL_SHORTFALL, false, e));
            double values[HL_PAIR_COUNT] = {((double)hl_ladder_count(without) - (double)hl_ladder_count(with)) /
                                                (double)b->n,
                                            (hl_ladder_sum(without) - hl_ladder_sum(with)) / (double)b->n * b->quantum};
            for (size_t k = 0; k < HL_PAIR_COUNT; k++) {
                struct hl_slot slot = {.run = 1, .entity = e, .basis = basis, .perspective = HL_INSURANCE_GAIN};
                enum hl_metric metric = k == HL_PAIR_PROBABILITY ? HL_P_POSITIVE : HL_MEAN;
                struct hl_row row = {key_of(b, &slot, metric, 0), values[k], NAN, NAN, NAN, HL_ROW_NO_INTERVAL};
                const struct hl_moments *m = &pairs[hl_pair_of(e, basis, k)];
                if (m->n >= 8) {
                    double scale = k == HL_PAIR_PROBABILITY ? 1 : b->quantum;
                    row.error = sqrt(m->m2 / (m->n - 1) / m->n) * scale;
                    double reach = gsl_cdf_tdist_Pinv(0.5 + HL_CONFIDENCE / 2, m->n - 1) * row.error;
                    row.low = row.value - reach;
                    row.high = row.value + reach;
                    row.status = HL_ROW_OK;
                }
                add(b, row);
            }
        }
    }
}

/* --- verdicts ------------------------------------------------------------------------------------------------------
 */

static double p_short(const struct table *b, size_t sampling, enum hl_basis basis, size_t entity) {
    for (size_t run = 0; run < b->plan->run_count; run++)
        if (b->plan->runs[run].sampling == sampling && b->plan->runs[run].policy == 0)
            return (double)hl_ladder_count(
                       hl_ladder_of(b->t, hl_slot_of(b->t->layout, run, basis, HL_SHORTFALL, false, entity))) /
                   (double)b->n;
    assert(0 && "a sampling without a run as stated");
    return NAN;
}

static enum hl_status add_verdicts(struct table *b, struct hl_error *err) {
    const struct hl_scenario *s = b->plan->scenario;
    size_t full = b->t->layout->full_count;
    b->out->verdicts = hl_arena_array(&b->out->arena, full * HL_BASIS_COUNT, sizeof *b->out->verdicts);
    if (b->out->verdicts == NULL)
        return hl_fail_memory(err);
    for (uint32_t e = 0; e < full; e++) {
        for (enum hl_basis basis = 0; basis < HL_BASIS_COUNT; basis++) {
            struct hl_verdict v = {.entity = e, .basis = basis};
            double p = p_short(b, 0, basis, e);
            v.relative_error = hl_relative_error((uint64_t)nearbyint(p * (double)b->n), b->n);
            v.enough_trials = v.relative_error <= s->target_relative_error;
            double ratio = v.relative_error / s->target_relative_error;
            v.trials_needed = ceil((double)b->n * ratio * ratio);
            size_t low = hl_plan_sampling(b->plan, HL_RATES_LOW), high = hl_plan_sampling(b->plan, HL_RATES_HIGH);
            v.p_low = low == HL_NONE ? p : p_short(b, low, basis, e);
            v.p_high = high == HL_NONE ? p : p_short(b, high, basis, e);
            double accepted = 1 - s->report.sized_at;
            v.decided_by_rate = v.p_low <= accepted && accepted < v.p_high;
            b->out->verdicts[b->out->verdict_count++] = v;
        }
    }
    return HL_OK;
}

/* --- the whole -----------------------------------------------------------------------------------------------------
 */

enum hl_status hl_rows_name(struct hl_result *out, const struct hl_layout *l, struct hl_error *err) {
    const struct hl_plan *p = l->plan;
    out->entities = hl_arena_array(&out->arena, l->entity_count, sizeof *out->entities);
    out->policies = hl_arena_array(&out->arena, p->policy_count, sizeof *out->policies);
    out->samplings = hl_arena_array(&out->arena, p->sampling_count, sizeof *out->samplings);
    out->sized_fund = hl_arena_array(&out->arena, p->scenario->exchange_count, sizeof *out->sized_fund);
    if (out->entities == NULL || out->policies == NULL || out->samplings == NULL || out->sized_fund == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < l->entity_count; i++) {
        out->entities[i] = l->entities[i];
        if ((out->entities[i].name = hl_arena_text(&out->arena, l->entities[i].name)) == NULL)
            return hl_fail_memory(err);
    }
    for (size_t i = 0; i < p->policy_count; i++)
        out->policies[i] = p->policies[i].name;
    for (size_t i = 0; i < p->sampling_count; i++)
        out->samplings[i] = p->samplings[i].name;
    for (size_t e = 0; e < p->scenario->exchange_count; e++) {
        const struct hl_policy *policy = &p->policies[0];
        size_t row = hl_sized_row(policy->funds + policy->first[e], policy->first[e + 1] - policy->first[e]);
        out->sized_fund[e] = row == HL_NONE ? HL_NONE : policy->funds[policy->first[e] + row].item;
    }
    out->entity_count = l->entity_count;
    out->policy_count = p->policy_count;
    out->year_count = p->year_count;
    out->whole = p->year_count == 1 ? 1 : 0;
    out->sampling_count = p->sampling_count;
    return HL_OK;
}

/* Rows belong to the result's arena in the end; while they grow they are on the heap. */
static enum hl_status keep_rows(struct table *b, struct hl_error *err) {
    struct hl_row *rows = b->failed ? NULL : hl_arena_array(&b->out->arena, b->out->row_count, sizeof *rows);
    if (rows != NULL) {
        memcpy(rows, b->out->rows, b->out->row_count * sizeof *rows);
        qsort(rows, b->out->row_count, sizeof *rows, hl_row_compare);
    }
    free(b->out->rows);
    b->out->rows = rows;
    return rows != NULL ? HL_OK : hl_fail_memory(err);
}

static void add_slot(struct table *b, size_t i) {
    const struct hl_slot *slot = &b->t->layout->slots[i];
    if (slot->perspective == HL_REINSTATEMENT_PREMIUM) /* see add_premiums */
        return;
    if ((slot->perspective == HL_PAID || slot->perspective == HL_LEFT_AFTER) &&
        !stands_at(&b->plan->scenario->funds[slot->item], slot->entity))
        return;
    add_slot_means(b, i, slot);
    add_slot_order(b, i, slot);
    add_slot_curve(b, i, slot);
    add_not_attainable(b, i, slot);
}

/* The rows of all slots that one ladder tells. */
static void add_ladder(struct table *b, uint32_t i) {
    hl_ladder_heights(&b->told->heights, &b->t->ladders[i]);
    b->told->count = 0;
    add_slot(b, i);
    for (uint32_t k = b->t->layout->slots[i].next; k != 0; k = b->t->layout->slots[k].next)
        add_slot(b, k);
}

enum hl_status hl_rows_make(struct hl_result *out, const struct hl_tally *total, const struct hl_tree *pairs,
                            uint64_t trials, struct hl_known *known, struct hl_error *err) {
    const struct hl_layout *l = total->layout;
    *out = (struct hl_result){.scenario = l->plan->scenario, .trials = trials, .seed = l->plan->seed};
    struct told told;
    struct table b = {out, total, l->plan, trials, l->plan->scenario->quantum, known, &told, 0, false};
    struct hl_moments *moments = calloc(pairs->width + 1, sizeof *moments);
    enum hl_status status = moments == NULL ? hl_fail_memory(err) : hl_rows_name(out, l, err);
    if (status == HL_OK)
        status = add_verdicts(&b, err);
    if (status == HL_OK) {
        hl_tree_total(pairs, moments);
        for (uint32_t i = 0; i < l->own_count; i++)
            add_ladder(&b, i);
        add_breaches(&b);
        add_years(&b);
        add_unpaid(&b);
        add_control_costs(&b);
        add_fund_costs(&b);
        add_at_least(&b);
        add_layers(&b);
        add_premiums(&b);
        add_payers(&b);
        add_gain(&b, moments);
        status = keep_rows(&b, err);
    }
    free(moments);
    return status;
}
