/* Insurance terms: worked examples (the ones of models/README.md) and the closed formula as a second implementation. */
#include "models/layer.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { EVENTS = 5 };

/* attachment, limit, share, aggregate deductible, aggregate limit, reinstatements */
static struct hl_layer_terms terms_of(const double t[6]) {
    return (struct hl_layer_terms){.covers = 1,
                                   .attachment = t[0],
                                   .limit = t[1],
                                   .share = t[2],
                                   .aggregate_deductible = t[3],
                                   .aggregate_limit = t[4],
                                   .reinstatements = t[5]};
}

Test(layer, worked_examples) {
    const double none = INFINITY;
    const struct {
        const char *what;
        double terms[6];
        double losses[EVENTS];
        double paid[EVENTS]; /* by the insurer, the share taken last */
    } rows[] = {
        {"everything", {0, none, 1, 0, none, none}, {7, 0, 12}, {7, 0, 12}},
        {"attachment and limit of an event", {10, 50, 1, 0, none, none}, {5, 10, 30, 60, 100}, {0, 0, 20, 50, 50}},
        {"aggregate deductible", {0, 50, 1, 30, none, none}, {20, 20, 20, 80}, {0, 10, 20, 50}},
        {"aggregate deductible after the attachment", {10, 50, 1, 30, none, none}, {30, 30, 30}, {0, 10, 20}},
        {"aggregate limit", {0, 50, 1, 0, 80, none}, {60, 20, 50, 10}, {50, 20, 10, 0}},
        {"aggregate nearly spent", {5, 50, 1, 0, 60, none}, {60, 500, 500}, {50, 10, 0}},
        {"one reinstatement: twice the limit", {0, 50, 1, 0, none, 1}, {50, 30, 30, 30}, {50, 30, 20, 0}},
        {"no reinstatement: the limit once", {0, 50, 1, 0, none, 0}, {20, 40, 5}, {20, 30, 0}},
        {"the lesser of aggregate limit and reinstatements", {0, 50, 1, 0, 120, 1}, {50, 50, 50}, {50, 50, 0}},
        {"share last", {10, 50, 0.4, 0, none, none}, {35, 100}, {10, 20}},
        {"share last: limits are at 100 %", {0, 50, 0.5, 20, 60, none}, {30, 50, 50}, {5, 25, 0}},
        {"deductible, limits and share", {10, 40, 0.5, 25, 60, 1}, {30, 60, 60, 60}, {0, 17.5, 12.5, 0}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_layer_terms terms = terms_of(rows[i].terms);
        struct hl_layer_state state = {0};
        for (size_t k = 0; k < EVENTS; k++) {
            double whole = hl_layer_payable(&terms, &state, 0, rows[i].losses[k]);
            hl_layer_pay(&state, whole);
            cr_expect(terms.share * whole == rows[i].paid[k], "%s: event %zu pays %g", rows[i].what, k,
                      terms.share * whole);
        }
    }
}

/* T_k = min(max(sum of z - A, 0), L, (n + 1) l), written out. */
static double owed(const struct hl_layer_terms *t, const double *losses, size_t count) {
    double sum = 0;
    for (size_t j = 0; j < count; j++) {
        double z = losses[j] - t->attachment;
        if (z > t->limit)
            z = t->limit;
        sum += z > 0 ? z : 0;
    }
    double total = sum > t->aggregate_deductible ? sum - t->aggregate_deductible : 0;
    if (total > t->aggregate_limit)
        total = t->aggregate_limit;
    return total > (t->reinstatements + 1) * t->limit ? (t->reinstatements + 1) * t->limit : total;
}

Test(layer, payments_in_full_are_the_increments_of_the_formula) {
    unsigned short state48[3] = {1, 2, 3};
    size_t positive = 0;
    for (int trial = 0; trial < 20000; trial++) {
        double t[6];
        for (int i = 0; i < 6; i++)
            t[i] = floor(50 * erand48(state48));
        t[1] = erand48(state48) < 0.1 ? INFINITY : t[1] + 1;
        t[2] = 1;
        t[4] = erand48(state48) < 0.3 ? INFINITY : 3 * t[4];
        t[5] = erand48(state48) < 0.3 ? INFINITY : floor(t[5] / 20);
        struct hl_layer_terms terms = terms_of(t);
        struct hl_layer_state state = {0};
        double losses[EVENTS];
        for (size_t k = 0; k < EVENTS; k++) {
            losses[k] = floor(120 * erand48(state48));
            double whole = hl_layer_payable(&terms, &state, 0, losses[k]);
            double want = owed(&terms, losses, k + 1) - owed(&terms, losses, k);
            cr_assert(whole == want, "trial %d event %zu: %g, not %g", trial, k, whole, want);
            hl_layer_pay(&state, whole);
            positive += whole > 0;
        }
    }
    cr_expect(positive > 10000);
}

/* What was not needed stays in the year's limit; the deductible is eroded by the loss and not by the payment. */
Test(layer, payments_in_part) {
    struct hl_layer_terms terms = terms_of((double[]){0, 50, 1, 10, 60, INFINITY});
    struct hl_layer_state state = {0};
    cr_expect(hl_layer_payable(&terms, &state, 0, 40) == 30);
    hl_layer_pay(&state, 12); /* others paid first */
    cr_expect(hl_layer_payable(&terms, &state, 0, 50) == 48);
    hl_layer_pay(&state, 48);
    cr_expect(hl_layer_payable(&terms, &state, 0, 50) == 0);
    cr_expect(state.used == 60 && state.in_layer == 140);
}

Test(layer, year_limit) {
    const struct {
        double terms[6];
        double want;
    } rows[] = {
        {{0, 50, 1, 0, INFINITY, INFINITY}, INFINITY},
        {{0, 50, 1, 0, 70, INFINITY}, 70},
        {{0, 50, 1, 0, 170, 2}, 150},
        {{0, 50, 1, 0, INFINITY, 0}, 50},
        {{0, 50, 1, 0, 170, 3}, 170},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_layer_terms terms = terms_of(rows[i].terms);
        cr_expect(hl_layer_year_limit(&terms) == rows[i].want, "row %zu", i);
    }
}

/* Two layers on top of each other pay what one of both limits pays, event by event. */
Test(layer, splitting_a_layer_pays_the_same) {
    struct hl_layer_terms whole = terms_of((double[]){10, 50, 1, 0, INFINITY, INFINITY});
    struct hl_layer_terms lower = terms_of((double[]){10, 20, 1, 0, INFINITY, INFINITY});
    struct hl_layer_terms upper = terms_of((double[]){30, 30, 1, 0, INFINITY, INFINITY});
    struct hl_layer_state states[3];
    memset(states, 0, sizeof states);
    for (int loss = 0; loss < 100; loss++) {
        double one = hl_layer_payable(&whole, &states[0], 0, loss);
        double two = hl_layer_payable(&lower, &states[1], 0, loss) + hl_layer_payable(&upper, &states[2], 0, loss);
        cr_expect(one == two, "loss %d: %g and %g", loss, one, two);
    }
}

/* What a layer of 100 % pays for thefts on given days. */
Test(layer, worked_examples_of_events) {
    const struct {
        const char *what;
        struct hl_layer_terms terms; /* without yearly limits */
        int days[EVENTS];
        double losses[EVENTS];
        double paid[EVENTS];
    } rows[] = {
        {"a deductible, before the attachment",
         {.deductible = 5, .attachment = 10, .limit = 50},
         {0},
         {5, 15, 30, 100},
         {0, 0, 15, 50}},
        {"no hours clause: two events", {.attachment = 10, .limit = 50}, {1, 2}, {30, 30}, {20, 20}},
        {"72 hours: one event", {.attachment = 10, .limit = 50, .hours_days = 3}, {1, 2}, {30, 30}, {20, 30}},
        {"72 hours: one limit for all of it", {.limit = 50, .hours_days = 3}, {0, 1, 3}, {40, 20, 30}, {40, 10, 0}},
        {"72 hours: from the first theft of the event, not from the last",
         {.limit = 50, .hours_days = 3},
         {0, 2, 4, 7},
         {40, 40, 40, 40},
         {40, 10, 40, 10}},
        {"72 hours: an earlier theft that is known later", {.limit = 50, .hours_days = 3}, {9, 8}, {40, 40}, {40, 10}},
        {"a trigger: all or nothing, and all above it", {.limit = 50, .trigger = 20}, {0}, {20, 21, 500}, {0, 50, 50}},
        {"a trigger with an hours clause: once an event",
         {.limit = 50, .trigger = 20, .hours_days = 3},
         {0, 1, 2, 9},
         {15, 15, 90, 90},
         {0, 50, 0, 50}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_layer_terms terms = rows[i].terms;
        terms.aggregate_limit = terms.reinstatements = INFINITY;
        struct hl_layer_state state = {0};
        for (size_t k = 0; k < EVENTS; k++) {
            double whole = hl_layer_payable(&terms, &state, rows[i].days[k], rows[i].losses[k]);
            hl_layer_pay(&state, whole);
            cr_expect(whole == rows[i].paid[k], "%s: event %zu pays %g", rows[i].what, k, whole);
        }
    }
}

Test(layer, an_event_is_full_at_its_limit) {
    struct hl_layer_terms terms = {.attachment = 10, .limit = 50, .hours_days = 3, .aggregate_limit = INFINITY};
    struct hl_layer_state state = {0};
    hl_layer_payable(&terms, &state, 0, 59);
    cr_expect(!hl_layer_is_full(&terms, &state));
    hl_layer_payable(&terms, &state, 1, 1);
    cr_expect(hl_layer_is_full(&terms, &state), "the event's loss is 60");
    hl_layer_payable(&terms, &state, 9, 59);
    cr_expect(!hl_layer_is_full(&terms, &state), "another event");
}

/* Premiums of reinstatements: P = 5 for a limit of 50, so a tenth of what is reinstated. */
Test(layer, reinstatements_have_a_price) {
    static const double prices[] = {1, 0.5};
    const struct {
        const char *what;
        size_t price_count;
        double reinstatements, used, premium;
    } rows[] = {
        {"nothing is used", 1, 1, 0, 0},
        {"pro rata to the amount", 1, 1, 20, 2},
        {"all of it", 1, 1, 50, 5},
        {"the last limit is not reinstated", 1, 1, 80, 5},
        {"two, at 100 %", 1, 2, 80, 8},
        {"two, at 100 % and 50 %", 2, 2, 80, 6.5},
        {"the last price for all that follow", 2, 3, 150, 10},
        {"as many as it takes", 2, INFINITY, 200, 12.5},
        {"none, and so no premium", 1, 0, 50, 0},
        {"free of charge", 0, 3, 150, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct hl_layer_terms terms = {.limit = 50,
                                       .aggregate_limit = INFINITY,
                                       .reinstatements = rows[i].reinstatements,
                                       .reinstatement_prices = prices,
                                       .reinstatement_price_count = rows[i].price_count};
        double premium = 5 * hl_layer_reinstated(&terms, rows[i].used);
        cr_expect(premium == rows[i].premium, "%s: %g", rows[i].what, premium);
    }
}

/* A stop loss is what is above A, up to L, of all losses together: its event terms let everything in. */
Test(layer, a_stop_loss_is_arithmetic_of_the_aggregate) {
    struct hl_layer_terms terms = terms_of((double[]){0, INFINITY, 1, 100, 80, INFINITY});
    struct hl_layer_state state = {0};
    double sum = 0, paid = 0;
    for (int loss = 5; loss < 60; loss += 7) {
        double whole = hl_layer_payable(&terms, &state, 0, loss);
        hl_layer_pay(&state, whole);
        sum += loss;
        paid += whole;
        cr_expect(paid == (sum < 100 ? 0 : sum < 180 ? sum - 100 : 80), "sum %g: %g", sum, paid);
    }
    cr_expect(paid == 80);
}
