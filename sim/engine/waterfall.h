/* The dated waterfall: who pays the claims of one exchange in one trial, day by day in the stated order.
 *
 * Each day, the sources of funds that are available pay in the order of the rows, up to what is left in them. Money
 * that comes later from a higher row reimburses lower rows that paid before it, the lowest first; so it repairs the
 * balance sheet, and does not undo that customers waited. `unpaid` starts at the claim and only ever falls by what a
 * row pays. Source: models/README.md, "Who pays".
 *
 * What a day brings, in order: thefts (own coins that were stolen come off the guarantee's and the capital's stock,
 * never below 0), then payments, row by row, each to the customers of every claim before it repays lower rows, then the
 * looks at claims that have waited for a check's days.
 *
 * A claim has parts: coins of each asset, and money for each. What is unpaid costs the coins at the price of the day,
 * rounded once for the claim, and the money. A row with enough pays it all at that cost; with less, its money goes to
 * the parts in proportion to what they cost, by rounded running totals, and buys coins at the price of the day. What a
 * fund holds in an asset is told in coins, and worth what they are. A recovery is the share of the coins taken, as
 * money, at the price of the day on which it first falls due. A layer looks at an event once, when it first falls due:
 * the insured loss is the worth of the customers' coins at the discovery less what recoveries have paid by then, and
 * its payment is rounded once; to be repaid later does not refill it. Repayments are in money.
 * Over several years see engine/years.h.
 */
#ifndef HL_ENGINE_WATERFALL_H
#define HL_ENGINE_WATERFALL_H

#include "engine/claims.h"
#include "engine/lone.h"
#include "engine/result.h"
#include "models/layer.h"

#include <limits.h>

/* Later than any day. */
#define HL_NO_DAY INT_MAX

/* Told of everything that happens, in order: what `trace` prints. */
struct hl_journal {
    void *context;
    /* A fund pays `amount` of a claim on a day; what is still unpaid of the claim then costs `unpaid`. `repaid` is the
     * row that gets the money back, or HL_NONE: customers. */
    void (*pays)(void *context, int day, size_t row, size_t claim, double amount, double unpaid, size_t repaid);
    /* A later policy year begins: funds are refilled and layers renewed, or the exchange has failed and is closed. */
    void (*turns)(void *context, uint16_t year, bool closed);
    /* Money comes in to a fund by month; NULL = nobody asks. */
    void (*comes_in)(void *context, int day, size_t row, double amount);
    /* A pool calls an exchange, `payer`, for what it pays to another; the case is of one of the two. NULL = nobody
     * asks.
     */
    void (*calls)(void *context, int day, size_t payer, size_t paid, double amount);
};

struct hl_pools;

/* One question: these claims, these rows, this basis. */
struct hl_waterfall_case {
    const struct hl_plan *plan;
    const struct hl_plan_fund *funds; /* [fund_count] */
    size_t fund_count;
    const struct hl_claim *claims; /* [claim_count] of one exchange, by time */
    size_t claim_count;
    struct hl_prices *prices; /* of the claims' trial */
    uint32_t block;           /* addresses the draws of who answers */
    uint32_t trial;           /* within the block */
    enum hl_basis basis;
    double extra_reserve; /* quanta in the additional reserve, there on day 0 */
    double layer_limit;   /* quanta: the limit per event of the sized layer, its other limits scaled with it; negative =
                             as stated */
    const struct hl_policy *policy; /* whose rows they are, and the claims of all exchanges in the trial: where the plan
                                       has pools, all are paid side by side; NULL: this exchange alone */
    struct hl_claims *trial_claims;
    struct hl_pools *pools; /* that its rows draw on: set by who plays exchanges side by side */
    bool plain;             /* it is a plain waterfall (engine/plain.h) and may be played as one */
    bool sure;              /* a shortfall that is certain to be none need not be played */
    bool again;             /* the sure case that was solved last as stated, with another additional reserve */
    bool from_day_0;        /* later years are played from the first day on, not from the first claim's on */
    bool only_shortfall;    /* stop when the shortfall is known: nothing else of the outcome holds */
    const struct hl_journal *journal; /* NULL = none */
};

/* What came of one claim, in quanta. */
struct hl_claim_outcome {
    double claim;     /* what was paid and the haircut */
    double shortfall; /* what is unpaid at its deadline, at the prices of that day */
    double haircut;   /* what is unpaid after all lags, at the prices of the last day that counts for it */
};

/* What came of it, in quanta. Arrays belong to the scratch and hold until the next solve. */
struct hl_outcome {
    size_t open_count;        /* claims that count, the first so many; the exchange had failed before the others */
    double claim;             /* what was paid and the haircut */
    double shortfall;         /* unpaid at the deadlines of the claims */
    double shortfall_largest; /* of one claim */
    double haircut;           /* unpaid after all lags */
    double days_until_whole;  /* the longest of the claims; HL_NEVER when one never is; 0 when all are paid at once */
    double haircut_share;     /* of what customers have, that they lose: millionths, of each claim, at most all */
    bool insolvent;           /* a claim is unpaid in the end, or was paid by what pays after a failure */
    const struct hl_claim_outcome *of; /* [open_count] by claim */
    const double *paid;                /* [fund_count] net of what was reimbursed */
    const bool *unpaid_at;             /* [plan->check_count] is any claim unpaid then */
    const bool *attached;              /* [fund_count] layers: the terms made it pay */
    const bool *exhausted;    /* [fund_count] layers: it reached its limit of a year, or has none and reached that of
                                 an event */
    const double *reinstated; /* [fund_count] layers: what was reinstated, weighted by the prices of reinstatements */
};

/* Working memory of one thread. A zeroed struct is empty. */
struct hl_waterfall {
    struct hl_arena arena;
    size_t claims_most;
    size_t funds_most;
    size_t assets;
    struct hl_claim_outcome *of; /* [claims] */
    double *coins;               /* [claims][assets] unpaid of what is owed in coins, in quanta at day 0 */
    double *money;               /* [claims][assets] unpaid of what is owed in money */
    double *bought;              /* [claims][assets] coins that customers got back */
    double *received;            /* [claims] money that customers got, coins at what they cost */
    double *paid;                /* [claims][funds] */
    double *payable;   /* [claims][funds] what one event may get from a row that is limited by event; negative = not
                          yet known */
    double *guarantee; /* [assets] coins left, in quanta at day 0 */
    double *guarantee_paid;        /* [claims][assets] in money */
    double *below;                 /* [claims][assets] paid by the rows below guarantee crypto, by the coin they stood
                                      in for */
    size_t guarantee_row;          /* HL_NONE = none */
    double *left;                  /* [funds] stocks: money, or coins of the asset that they are held in */
    bool *answers;                 /* [years][funds] of years with claims */
    int *due;                      /* [claims][funds] the day from which on a row that answers pays, or HL_NO_DAY */
    int *fails;                    /* [funds] the day from which on nothing is paid, as who owes it has failed */
    bool *rescued;                 /* [claims] something of it was paid by what pays after a failure */
    struct hl_layer_state *layers; /* [years][funds] */
    struct hl_layer_terms *terms;  /* [funds] of layers, as scaled by the case */
    int *days;                     /* [claims × (funds + 1) + years] */
    size_t *next_check;            /* [claims] */
    double *paid_sum;              /* [funds] */
    bool *unpaid_at;
    bool *attached;
    bool *exhausted;
    double *reinstated; /* [funds] */
    bool closed;        /* the exchange has failed */
    /* The case that is being played: */
    const struct hl_waterfall_case *at;
    size_t day_count; /* of `days` */
    size_t day_next;
    int month;      /* the next month in which something comes in, or HL_NO_DAY */
    int month_last; /* no month after this day counts */
    size_t opened;  /* claims whose theft has been discovered */
    struct hl_outcome out;
    void *state; /* [state_size] all arrays from `of` on, one behind the other */
    size_t state_size;
    void *kept_state;          /* the same as it was before the additional reserve could pay anything, and */
    struct hl_waterfall *kept; /* what stands here then */
    bool is_kept;
    struct hl_lone lone;
    struct hl_pools *pools; /* NULL where the plan has none: all exchanges' waterfalls for what a case is asked alone */
};

HL_MUST_CHECK enum hl_status hl_waterfall_reserve(struct hl_waterfall *w, const struct hl_plan *p, size_t claims_most,
                                                  struct hl_error *err);

/* Plays a case from its first day to its last, or until its shortfall is known where that is all that is asked; where
 * the plan has pools, side by side with the other exchanges of its trial. */
struct hl_outcome hl_waterfall_solve(struct hl_waterfall *w, const struct hl_waterfall_case *c);

/* The same day by day, for cases that are played side by side: begin; play its days in their order, and others between
 * them where others' doings can change what it has; finish. The case is borrowed until then. */
void hl_waterfall_begin(struct hl_waterfall *w, const struct hl_waterfall_case *c);
void hl_waterfall_play(struct hl_waterfall *w, int day);
struct hl_outcome hl_waterfall_finish(struct hl_waterfall *w);

/* The next day on which something can happen, or HL_NO_DAY. */
static inline int hl_waterfall_next(const struct hl_waterfall *w) {
    int day = w->day_next < w->day_count ? w->days[w->day_next] : HL_NO_DAY;
    return !w->closed && w->month < day && w->month <= w->month_last ? w->month : day;
}

/* What a row has paid so far, net of what it was repaid. */
double hl_waterfall_paid(const struct hl_waterfall *w, size_t row);

/* Takes money off the first row of own capital, down to 0: the firm has paid it for something else. */
void hl_waterfall_draw_capital(struct hl_waterfall *w, double amount, int day);

/* Is the shortfall known before `day`: is every claim open, and each paid or past its deadline? */
bool hl_waterfall_is_settled(const struct hl_waterfall *w, int day);

void hl_waterfall_free(struct hl_waterfall *w);

/* Where a row's state for a claim stands, by the claim's policy year: answers and layers. */
static inline size_t hl_year_row(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t row,
                                 size_t claim) {
    return (size_t)(hl_year_of(c->plan, c->claims[claim].day) - 1) * w->funds_most + row;
}

/* The day on which a claim makes the exchange insolvent if it is unpaid: its deadline is over, and the lags of all that
 * answers for it but for what pays after a failure. */
int hl_insolvency_day(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t claim);

/* The day from which on a row pays a claim. */
static inline int hl_due_day(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t row,
                             size_t claim) {
    const struct hl_plan_fund *f = &c->funds[row];
    const struct hl_claim *k = &c->claims[claim];
    if (f->after_failure)
        return hl_insolvency_day(w, c, claim) + f->after_days;
    bool coins = f->kind == HL_FUND_recovery || f->kind == HL_FUND_guarantee_crypto;
    int wait = coins ? k->coins_after : k->money_after;
    return k->day + (f->after_days > wait ? f->after_days : wait);
}

/* Is anything of a claim unpaid? */
bool hl_is_unpaid(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t claim);

/* Does a row answer for a claim? */
static inline bool hl_answers(const struct hl_waterfall *w, const struct hl_waterfall_case *c, size_t row,
                              size_t claim) {
    return w->answers[hl_year_row(w, c, row, claim)];
}

/* The layer that insurance needed scales: the first of the waterfall; HL_NONE when there is none. */
size_t hl_sized_row(const struct hl_plan_fund *funds, size_t fund_count);

#endif
