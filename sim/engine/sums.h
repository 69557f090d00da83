/* What one trial adds up to, for one exchange or for the system, under one policy on one basis. */
#ifndef HL_ENGINE_SUMS_H
#define HL_ENGINE_SUMS_H

#include "engine/waterfall.h"

/* Of the claims of one policy year, in quanta. */
struct hl_year_sums {
    double claim;
    double shortfall;
    double shortfall_largest; /* of one claim */
    double haircut;
    size_t short_count; /* exchanges with a shortfall */
};

/* In quanta; whoever clears it first may add to it. */
struct hl_sums {
    double claim;
    double shortfall;
    double shortfall_largest; /* of one claim */
    double haircut;
    double haircut_share;    /* an exchange's: millionths of what customers have, at most all */
    size_t insolvent;        /* exchanges that become insolvent */
    double days_until_whole; /* the longest */
    double reserve_needed;   /* an exchange's: the most of its cases; the system's: all exchanges' */
    double insurance_needed;
    size_t short_count;         /* exchanges with a shortfall */
    double *paid;               /* [fund_count] by the scenario's funds */
    bool *attached;             /* [fund_count] */
    bool *exhausted;            /* [fund_count] */
    double *reinstated;         /* [fund_count] */
    bool *unpaid_at;            /* [check_count] is any claim unpaid then */
    struct hl_year_sums *years; /* [year_count] */
};

HL_MUST_CHECK enum hl_status hl_sums_make(struct hl_sums *s, struct hl_arena *arena, const struct hl_plan *p,
                                          struct hl_error *err);
void hl_sums_clear(struct hl_sums *s, const struct hl_plan *p);

/* Adds what came of a case to its exchange's sums, of a case that is solved for the shortfall only that; what is needed
 * is added apart. */
void hl_sums_add_case(struct hl_sums *s, const struct hl_waterfall_case *c, const struct hl_outcome *o);

/* Adds what an exchange needs: of several cases, each a history of its own, the most. */
void hl_sums_add_need(struct hl_sums *s, double reserve, double insurance);

/* Adds an exchange's sums to the system's. */
void hl_sums_add_exchange(struct hl_sums *into, const struct hl_sums *from, const struct hl_plan *p);

#endif
