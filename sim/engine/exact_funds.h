/* What is left of an exchange's losses when its insurers and its cash have paid in time, where that is a function of
 * each loss and then of their sum: layers by event first, then contracts of the year, then cash. */
#ifndef HL_ENGINE_EXACT_FUNDS_H
#define HL_ENGINE_EXACT_FUNDS_H

#include "engine/exact_figure.h"

/* Sources of funds that may not answer make a case each way. */
enum { HL_EXACT_BRANCHES_MOST = 16 };

struct hl_exact_funds {
    struct hl_ramp *kept;         /* [source_count] of one loss: what layers by event leave */
    struct hl_ramp *paid;         /* [fund_count][source_count] of one loss: what each such layer pays */
    struct hl_ramp *paid_of_year; /* [fund_count] of the sum of what is kept: what each contract of the year pays */
    enum hl_exact_fund_kind { HL_EXACT_OTHER, HL_EXACT_BY_EVENT, HL_EXACT_BY_YEAR } * kind; /* [fund_count] */
    struct hl_exact_branch branches[HL_EXACT_BRANCHES_MOST]; /* of the sum of what is kept: what is left of it */
    size_t branch_count;
    bool all_in_time;    /* nothing is paid after the deadline */
    bool reserve_counts; /* additional reserve is cash like the other: no layer comes after it */
};

/* Why the shortfall of an exchange on a basis is no such function; NULL where it is one, told in `out`, in `arena`. Its
 * gross loss is taken to have a law. *status is HL_FAILED when memory runs out. */
const char *hl_exact_funds_make(struct hl_exact_funds *out, struct hl_arena *arena, const struct hl_plan *p,
                                size_t exchange, enum hl_basis basis, enum hl_status *status, struct hl_error *err);

/* Why what customers are owed is not all that was taken; NULL where it is. */
const char *hl_exact_why_not_claim(const struct hl_plan *p, size_t exchange);

#endif
