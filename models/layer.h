/* Insurance layers: what a contract pays for the events of one policy year, in the order of their discovery.
 *
 * All terms are at 100 %, the insurer's share comes last. An event's insured loss X puts
 *   z(X) = min(max(max(X - D, 0) - a, 0), l), or, with a trigger, l where X is above it and else nothing
 * into the layer; after k events the layer owes T_k = min(max(sum of z - A, 0), L, (n + 1) l) in all, D the deductible,
 * a the attachment, l the limit, A the aggregate deductible, L the aggregate limit, n the reinstatements. Thefts within
 * the hours clause of the first of them are one event: its X grows, and the last of them puts z(X) - z(X - x) in.
 * Source: Klugman, Panjer, Willmot, Loss Models, chapter on coverage modifications; worked examples in
 * models/README.md.
 */
#ifndef HL_MODELS_LAYER_H
#define HL_MODELS_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Terms of an insurance layer, at 100 %; the share comes last. Money is in quanta. */
struct hl_layer_terms {
    uint32_t covers;             /* bit 1 << vector */
    double attachment;           /* each event */
    double limit;                /* each event, above 0; INFINITY = unlimited */
    double share;                /* of each payment that the insurer bears, in (0, 1] */
    double aggregate_deductible; /* policy year */
    double aggregate_limit;      /* policy year; INFINITY = none */
    double reinstatements;       /* whole number; INFINITY = unlimited */
    double deductible;           /* each event, before the attachment */
    double hours_days;           /* thefts within so many days of the first are one event; 0 = none is */
    double trigger;              /* parametric: the limit is due in full when the loss is above this; 0 = indemnity */
    const double *reinstatement_prices; /* [reinstatement_price_count] of the premium, by reinstatement, the last for
                                           all that follow */
    size_t reinstatement_price_count;
};

/* What a layer has seen in its policy year, at 100 %. A zeroed struct is the start of a year. */
struct hl_layer_state {
    double in_layer; /* sum of z of the events so far: what erodes the aggregate deductible */
    double used;     /* paid so far: what erodes the aggregate limit and the reinstatements */
    double event;    /* X of the last event, which the next theft may belong to */
    int event_day;   /* of the first theft of it */
    bool any_event;  /* there has been one */
};

/* Registers a theft of insured loss >= 0 and returns the most that the layer pays for it, at 100 %: what z adds above
 * the aggregate deductible, as far as the year's limit min(L, (n + 1) l) is not used. What is really paid goes to
 * hl_layer_pay; when that is always the whole, the payments are T_k - T_(k-1). `theft_day` counts for the hours clause
 * only. */
double hl_layer_payable(const struct hl_layer_terms *terms, struct hl_layer_state *state, int theft_day,
                        double insured_loss);

/* Has the last event filled the limit of an event? */
bool hl_layer_is_full(const struct hl_layer_terms *terms, const struct hl_layer_state *state);

/* Registers a payment of `amount` at 100 % (the insurer's payment divided by its share). */
void hl_layer_pay(struct hl_layer_state *state, double amount);

/* The most that a layer pays in a policy year, at 100 %: min(L, (n + 1) l). */
double hl_layer_year_limit(const struct hl_layer_terms *terms);

/* What has been reinstated once T is used, in limits, each weighted by its price c_j: the sum over j = 1 to n of
 * c_j min(max(T - (j - 1) l, 0), l) / l. Times the layer's premium it is the premium of the reinstatements, pro rata to
 * the amount and not to time. */
double hl_layer_reinstated(const struct hl_layer_terms *terms, double used);

#endif
