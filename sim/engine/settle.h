/* What comes of the claims of one exchange in one trial where their amounts alone tell it, without playing the
 * waterfall: nothing is short of money, all that pays pays on one day, and no layer's terms look at more than amounts.
 *
 * Up to a bound claims are quiet (engine/quiet.h): one fund pays them. Above it the layers in front of that fund are
 * told from sums. An occurrence layer, which pays for each event up to its limit, owes the sum of what it owes for
 * each; a year's layer, which pays for the sum of what the layers before it have left, what it owes for the sum. The
 * amounts are whole, so no order of adding gives another sum. A claim is settled only where each layer's payment is at
 * most what is unpaid when its turn comes: so it is where a layer is net of those before it, or they end where it
 * begins.
 */
#ifndef HL_ENGINE_SETTLE_H
#define HL_ENGINE_SETTLE_H

#include "engine/quiet.h"

enum { HL_SETTLE_LAYERS_MOST = 8 };

struct hl_settle_layer {
    size_t fund;        /* the scenario's */
    bool of_year;       /* of the year's sum; else of each event */
    double first;       /* an event's loss below which it owes nothing: deductible and attachment */
    double limit;       /* of an event */
    double deductible;  /* of the year */
    double year_limit;  /* INFINITY = none */
    uint32_t net_of;    /* bit k: what the layer k of the list has paid comes off the loss */
    const bool *covers; /* [source_count] */
    bool covers_all;
};

/* How one exchange's claims are settled, in every run of a sampling. */
struct hl_settlement {
    struct hl_quiet quiet;
    struct hl_settle_layer layers[HL_SETTLE_LAYERS_MOST]; /* [layer_count] of the plan as stated; none: quiet or not */
    bool covers_year[HL_SETTLE_LAYERS_MOST];              /* is it of the year, and covers everything? */
    size_t layer_count;
    double cash;  /* what the quiet claims' payer has for all claims of a trial, in quanta */
    double small; /* claims up to which hl_settle_claim need not be told of one: no layer looks at it by itself */
    double most;  /* claims up to which no other run and no other basis leaves a shortfall */
};

/* `arena` keeps what the layers cover. HL_FAILED when memory runs out. */
HL_MUST_CHECK enum hl_status hl_settlement_make(struct hl_settlement *out, const struct hl_plan *p, size_t sampling,
                                                size_t exchange, struct hl_arena *arena, struct hl_error *err);

/* What the layers [layer_count] have seen of a trial's claims. */
struct hl_settled {
    double paid[HL_SETTLE_LAYERS_MOST]; /* [layer_count] of a year's layer before the end: the losses that it covers */
    double claim;
    uint32_t exhausted; /* bit k: an event fills the limit of layer k */
};

/* Begins a trial whose claims come to so much. */
static inline void hl_settle_begin(const struct hl_settlement *s, struct hl_settled *t, double claims) {
    t->claim = claims;
    t->exhausted = 0;
    for (size_t k = 0; k < s->layer_count; k++)
        t->paid[k] = s->covers_year[k] ? claims : 0;
}

/* Tells of one of the claims, unless it is small, and its source; of one that came through a vendor any vendor's source
 * will do. */
void hl_settle_claim(const struct hl_settlement *s, struct hl_settled *t, size_t source, double claim);

/* Ends the trial: paid[] is what each layer pays, exhausted tells which have paid all they can. Returns what is left
 * for the payer, who has enough for it unless it is above s->cash. */
double hl_settle_end(const struct hl_settlement *s, struct hl_settled *t);

#endif
