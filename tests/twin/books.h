/* The books that the twin keeps while the claims of one exchange are paid. */
#ifndef HL_TESTS_TWIN_BOOKS_H
#define HL_TESTS_TWIN_BOOKS_H

#include "tests/twin/twin.h"

/* One fund of the exchange. */
struct row {
    enum hl_fund_id kind;
    size_t item; /* the scenario's fund; HL_NONE = the additional reserve */
    int after_days;
    bool answers[TWIN_YEARS]; /* for the claims of a policy year */
    double stock;             /* of those that have one: money, or coins of the asset that it is held in */
    size_t held_in;           /* HL_NONE = money */
    double full[TWIN_YEARS];  /* what it holds when it is full */
    double refill_per_year;
    struct hl_layer_terms terms; /* insurance */
    double in_layer[TWIN_YEARS]; /* Σ z so far */
    double used[TWIN_YEARS];     /* paid so far at 100 % */
    bool attached;
    bool filled[TWIN_YEARS]; /* one event reached the limit per event */
};

/* The books of one exchange in one trial. */
struct books {
    const struct twin *t;
    struct twin_history *h;
    const struct twin_question *q;
    size_t row_count;
    struct row rows[TWIN_FUNDS + 1];
    size_t coin_row; /* guarantee crypto; HL_NONE = none */
    double coins[TWIN_ASSETS];
    size_t exchange;
    bool failed;
    size_t claim_count;
    const struct twin_claim *claims[TWIN_CLAIMS];
    bool is_void[TWIN_CLAIMS];
    double owed_coins[TWIN_CLAIMS][TWIN_ASSETS]; /* still owed to customers in coins */
    double owed_money[TWIN_CLAIMS][TWIN_ASSETS]; /* and in money, by the coin that it is for */
    double received[TWIN_CLAIMS];                /* by customers, in money's worth */
    double in_coins[TWIN_CLAIMS][TWIN_ASSETS];   /* paid by guarantee crypto, in money's worth */
    double below[TWIN_CLAIMS][TWIN_ASSETS]; /* paid by rows below guarantee crypto, by the coin they stood in for */
    double paid[TWIN_CLAIMS][TWIN_FUNDS + 1];
    double promised[TWIN_CLAIMS][TWIN_FUNDS + 1]; /* by recoveries and layers; negative = not looked at */
    int whole_day[TWIN_CLAIMS];                   /* negative = not yet */
};

/* Opens the books with all rows of the exchange and its claims, nothing owed yet. */
void twin_open_books(struct books *b, const struct twin *t, struct twin_history *h, const struct twin_question *q);

/* The guarantee's coins when they are all there. */
double twin_full_coins(const struct books *b, size_t asset, int year);

/* Has this kind of fund a stock that it pays from? */
bool twin_has_stock(enum hl_fund_id kind);

/* Does the fund's answer to a question with this probability, drawn at its stream, come out as yes? */
bool twin_chance(const struct twin *t, uint64_t stream, uint32_t index, double probability);

/* The stream of a fund of an exchange. */
uint64_t twin_fund_stream(const struct twin *t, size_t exchange, const struct hl_fund *f);

#endif
