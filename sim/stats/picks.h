/* What is kept of a quantity's values beside its ladder, so that some answers are exact to the last unit: the values
 * around asked ranks (windows), and the parts of rungs above asked amounts (splits).
 *
 * Where windows lie is a guess, made before the values are known; whether it was a good one shows afterwards
 * (hl_picks_value). A value that is found has the same bits wherever the windows lay.
 */
#ifndef HL_STATS_PICKS_H
#define HL_STATS_PICKS_H

#include "base/status.h"
#include "stats/ladder.h"

/* A window is first looked at for being too wide when it has so many values. */
enum { HL_PICKS_LIMIT = 512 };

/* A value, and how often it occurs: atoms cost nothing. */
struct hl_pick {
    double value;
    uint64_t count;
};

/* Keeps the values in [low, high]; none where low > high. */
struct hl_window {
    double low;
    double high;
    double p;             /* of the quantile that it is for; 0 = of none: the window stays as it is */
    bool given;           /* the quantile is of the trials with a breach, not of all */
    struct hl_rung above; /* the values above `high` in its rung */
    struct hl_pick *items;
    size_t count;
    size_t capacity;
    size_t sorted;  /* the first so many are ascending */
    bool single;    /* each occurs once, as hl_picks_sort has found: places tell ranks */
    size_t join_at; /* with so many, equal ones are joined to make room */
    size_t limit;   /* with so many it is crowded: hl_picks_tighten */
};

/* The values above `at` in its rung. */
struct hl_split {
    double at;
    struct hl_rung above;
};

/* A zeroed struct keeps nothing. */
struct hl_picks {
    struct hl_window *windows;
    size_t window_count;
    struct hl_split *splits; /* ascending */
    size_t split_count;
    bool failed; /* memory ran out */
};

/* Lays a window over rungs [low, high] for a quantile p (0 = of none), or a split at an amount above that of the last
 * split, and marks the rungs. False: no memory. */
HL_MUST_CHECK bool hl_picks_lay_window(struct hl_picks *p, struct hl_ladder *l, unsigned low, unsigned high,
                                       double quantile, bool given);
HL_MUST_CHECK bool hl_picks_lay_split(struct hl_picks *p, struct hl_ladder *l, double at);

/* Lays in an empty `into` what was laid in `from`; nothing that was kept. False: no memory. */
HL_MUST_CHECK bool hl_picks_lay_alike(struct hl_picks *into, struct hl_ladder *l, const struct hl_picks *from);

/* Marks the rungs in which something is kept in another ladder as well. */
void hl_picks_mark(const struct hl_picks *p, struct hl_ladder *l);

/* Adds a value of a marked rung, which occurs `times`. Returns whether a window is crowded now. */
bool hl_picks_add(struct hl_picks *p, const struct hl_rung *rung, double x, uint64_t times);

/* The same of values x[which[0 … count - 1]] > 0, each once, in the order given, of rungs marked or not. */
bool hl_picks_add_many(struct hl_picks *p, const struct hl_ladder *l, const double *x, const uint32_t *which,
                       size_t count);

/* Narrows window `i` to the values that have about [least, most] of the ladder's values above them: the others are
 * forgotten one by one, though not in the counts. Where the window does not reach so far it stays. */
void hl_picks_tighten(struct hl_picks *p, struct hl_ladder *l, size_t i, double least, double most);

/* How many values a window's list has room for once it holds so many. */
size_t hl_picks_room(size_t count);

/* Forgets values; what was laid stays. */
void hl_picks_clear(struct hl_picks *p);

/* Narrows the windows of what was laid alike to those of `from`. */
void hl_picks_follow(struct hl_picks *p, struct hl_ladder *l, const struct hl_picks *from);

/* Adds up what was laid alike, though windows may have been tightened since: what both hold is held. Nothing where
 * nothing was laid. The windows of `from` are left without values: they go over, so that there are never two of them.
 */
void hl_picks_merge(struct hl_picks *into, struct hl_ladder *l, struct hl_picks *from);
void hl_picks_sort(struct hl_picks *p); /* ascending, equal values joined: the same for any order of adding */
void hl_picks_free(struct hl_picks *p, struct hl_ladder *l); /* takes the marks off the ladder, where there is one */

/* The value of ascending rank 1…n among n trials; false when no window holds it. `p` must be sorted; `h` are the
 * ladder's heights. */
HL_MUST_CHECK bool hl_picks_value(const struct hl_picks *p, const struct hl_heights *h, uint64_t n, uint64_t rank,
                                  double *value);

/* The values above q, which is 0, a split, or in a window: how many, and the sums of (x - q) and of (x - q)^2. */
struct hl_excess {
    uint64_t count;
    double sum;
    double square;
};
struct hl_excess hl_picks_excess(const struct hl_picks *p, const struct hl_ladder *l, double q);

#endif
