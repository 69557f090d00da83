/* The books that the twin keeps while the claims of one exchange are paid. */
#ifndef HL_TESTS_TWIN_BOOKS_H
#define HL_TESTS_TWIN_BOOKS_H

#include "tests/twin/twin.h"

/* What a layer has seen in one policy year. */
struct layer_year {
    double in_layer; /* Σ z so far */
    double used;     /* paid so far at 100 % */
    bool filled;     /* one event reached the limit per event */
    bool in_window;  /* the hours clause's */
    int window_from; /* day of its first theft */
    double window;   /* insured losses in it */
};

/* One row of an exchange's waterfall: a fund, an instalment of it or a part of one. */
struct row {
    enum hl_fund_id kind;
    const struct hl_fund *fund; /* NULL = the additional reserve */
    size_t item;                /* the scenario's fund; HL_NONE = the additional reserve */
    bool is_calls;              /* of a pool: what the members are called for */
    int after_days;
    bool answers[TWIN_YEARS];    /* for the claims of a policy year */
    double pays_before;          /* from this day on nobody is there to pay */
    double stock;                /* of those that have one: money, or coins of the asset that it is held in */
    size_t held_in;              /* HL_NONE = money */
    double full[TWIN_YEARS];     /* what it holds when it is full */
    double share[TWIN_YEARS];    /* of what the fund's rows hold when they are full */
    struct hl_layer_terms terms; /* insurance */
    struct layer_year layer[TWIN_YEARS];
    bool attached;
};

/* The common fund of a pool, and what its members can still be called for. */
struct pot {
    double stock;
    double left[TWIN_EXCHANGES];
    double called[TWIN_EXCHANGES][TWIN_EXCHANGES]; /* by who was paid, then by who paid */
};

/* What the exchanges of one trial share. */
struct common {
    struct pot pots[TWIN_FUNDS];      /* by the scenario's funds */
    struct books *of[TWIN_EXCHANGES]; /* who has claims; NULL = none, or not played */
};

/* The books of one exchange in one trial. */
struct books {
    const struct twin *t;
    struct twin_history *h;
    const struct twin_question *q;
    struct common *common;
    size_t row_count;
    struct row rows[TWIN_ROWS];
    size_t coin_row; /* guarantee crypto; HL_NONE = none */
    double coins[TWIN_ASSETS];
    size_t exchange;
    bool failed;
    size_t claim_count;
    const struct twin_claim *claims[TWIN_CLAIMS];
    int due[TWIN_CLAIMS][TWIN_ROWS]; /* the day from which on a row pays a claim */
    int last_due;                    /* of rows that answer */
    bool is_void[TWIN_CLAIMS];
    double owed_coins[TWIN_CLAIMS][TWIN_ASSETS]; /* still owed to customers in coins */
    double owed_money[TWIN_CLAIMS][TWIN_ASSETS]; /* and in money, by the coin that it is for */
    double received[TWIN_CLAIMS];                /* by customers, in money's worth */
    double in_coins[TWIN_CLAIMS][TWIN_ASSETS];   /* paid by guarantee crypto, in money's worth */
    double below[TWIN_CLAIMS][TWIN_ASSETS]; /* paid by rows below guarantee crypto, by the coin they stood in for */
    double paid[TWIN_CLAIMS][TWIN_ROWS];
    double promised[TWIN_CLAIMS][TWIN_ROWS]; /* by rows that look at a claim once; negative = not looked at */
    bool rescued[TWIN_CLAIMS];               /* someone has paid who only does after the failure */
    int whole_day[TWIN_CLAIMS];              /* negative = not yet */
};

/* Opens the books with all rows of the exchange and its claims, nothing owed yet. */
void twin_open_books(struct books *b, const struct twin *t, struct twin_history *h, const struct twin_question *q,
                     size_t exchange, struct common *common);

/* The rows of the exchange, as they stand on the first day. */
void twin_open_rows(struct books *b);

/* An amount of an exchange in a policy year, in quanta. */
double twin_amount_of(const struct hl_scenario *s, const struct hl_amount *amount, size_t exchange, int year);

bool twin_stands_at(const struct hl_fund *f, size_t exchange);

/* Fills `due` for all rows and claims. */
void twin_set_due(struct books *b);

/* The guarantee's coins when they are all there. */
double twin_full_coins(const struct books *b, size_t asset, int year);

/* Has this kind of row a stock of its own that it pays from? */
bool twin_has_stock(const struct row *row);

/* Does the fund's answer to a question with this probability, drawn at its stream, come out as yes? */
bool twin_chance(const struct twin *t, uint64_t stream, uint32_t index, double probability);

/* The stream of a fund of an exchange. */
uint64_t twin_fund_stream(const struct twin *t, size_t exchange, const struct hl_fund *f);

/* Helpers of all who keep the books. */
double twin_least(double a, double b);
double twin_sum(const double *values);                /* [TWIN_ASSETS] */
int twin_claim_year(const struct books *b, size_t k); /* policy year, from 0 */
double twin_stock_price(const struct books *b, const struct row *row, int day);
double twin_unpaid_cost(const struct books *b, size_t k, int day);
bool twin_is_open(const struct books *b, size_t k);

/* What of `there` is missing to `full` and comes in, at most x. */
double twin_comes_in(double x, double full, double there);

/* ---- what comes in by the calendar ------------------------------------------------------------------------------- */

/* The first day of a later policy year: has the exchange failed? If not, what is refilled comes in. */
void twin_begin_year(struct books *b, int day, int year);

/* Income and what is topped up, where the day ends a month. */
bool twin_is_month(const struct books *b, int day);
void twin_end_month(struct books *b, int day);

/* ---- insurance --------------------------------------------------------------------------------------------------- */

/* What layer i owes for claim k; it looks at it this once. */
double twin_layer_owes(struct books *b, size_t i, size_t k, int day);

/* Layer i has paid x: what that costs to reinstate. */
void twin_layer_paid(struct books *b, size_t i, size_t k, double x, int day);

bool twin_layer_is_exhausted(const struct row *row, int year);

/* ---- who answers at the end -------------------------------------------------------------------------------------- */

/* The day from which on a fund's counterparty is gone, for good; INFINITY = never. */
double twin_failure_day(const struct books *b, const struct hl_fund *f);

/* What deposit insurance or an administrator owes for claim k; it looks at it this once. */
double twin_cover_of(const struct books *b, size_t i, size_t k, int day);

/* What the exchange's customers hold of an asset on the first day of the claim's year, in coins. */
double twin_balances_of(const struct books *b, size_t k, size_t asset);

/* The day on which it is clear that nobody else pays claim k. */
int twin_insolvency_day(const struct books *b, size_t k);

/* How much customers lose of claim k, in parts per million. */
double twin_haircut_share(const struct books *b, size_t k, int day);

/* ---- pools ------------------------------------------------------------------------------------------------------- */

/* Fills the pools on the first day of a policy year: as new, or what comes in. */
void twin_fill_pots(struct common *common, const struct twin *t, int year, bool first);
double twin_pool_has(const struct books *b, const struct row *row);
void twin_pool_pays(struct books *b, const struct row *row, double x, int day);
void twin_pool_gets(struct books *b, const struct row *row, double x);

#endif
