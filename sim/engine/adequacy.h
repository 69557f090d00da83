/* Continuous adequacy: does an exchange hold, month by month, what is asked of it, and how long does it take to hold it
 * again after a theft?
 *
 * The exchange's funds are played day by day over the whole horizon of each trial, whether it is robbed or not, and
 * looked at at the end of days 30, 60, 90, … What is held is what the liability reserve and the protection fund are
 * worth, and the guarantee crypto where it counts, at the prices of the day.
 * Source: models/README.md, "Adequacy".
 */
#ifndef HL_ENGINE_ADEQUACY_H
#define HL_ENGINE_ADEQUACY_H

#include "engine/plan.h"
#include "scenario/rules.h"

enum { HL_ADEQUACY_DAYS = 30, HL_ADEQUACY_TRIALS = 65536 };

/* What is asked. */
struct hl_adequacy_terms {
    const struct hl_rule_use *use; /* NULL: that the reserve is full */
    uint32_t counts;               /* bit 1 << enum hl_fund_id: of reserve, protection_fund and guarantee_crypto */
};

/* One month day over the trials, in quanta. */
struct hl_adequacy_month {
    int day;
    double required;     /* before what insurance stands in for */
    double credited;     /* of it, by insurance in lieu */
    double held;         /* mean */
    double headroom;     /* mean of held + credited - required */
    double headroom_low; /* inf{x : P(headroom <= x) >= 5 %} */
    double p_below;      /* P(headroom < 0) */
};

/* One exchange. */
struct hl_adequacy {
    struct hl_adequacy_month *months; /* [month_count] */
    size_t month_count;
    uint64_t trials;
    const char *missing;  /* a figure that the rule needs and that is not known: then nothing else holds; else NULL */
    uint64_t fallen;      /* events over all trials that brought what is held below what is asked */
    uint64_t restored;    /* of them, after which it was held again within the horizon */
    double restored_days; /* their mean time, looked at on month days and on days on which something happens */
    double longest_days;
};

/* Plays the first trials, at most HL_ADEQUACY_TRIALS, fewer where the months are many, of one exchange. `out->months`
 * is in `arena`. HL_INVALID where the plan has a pool, whose members are not played alone, or years that begin afresh.
 */
HL_MUST_CHECK enum hl_status hl_adequacy_play(struct hl_adequacy *out, struct hl_arena *arena, const struct hl_plan *p,
                                              const struct hl_adequacy_terms *terms, size_t exchange,
                                              struct hl_error *err);

#endif
