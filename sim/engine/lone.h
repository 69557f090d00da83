/* The shortfall of a lone claim that is owed in coins, without the calendar.
 *
 * One claim, in one policy year: guarantee crypto gives back its coins first, then every row of money pays once, on the
 * day on which it falls due, until customers are whole; what comes after the deadline changes nothing. So the rows that
 * are due in time, in their order, tell the shortfall, also for another additional reserve. Same bits as the calendar.
 *
 * Other claims of the exchange that guarantee crypto gives back on the day of their discovery leave it alone but for
 * the coins that they take: unless a recovery brings these back in time.
 */
#ifndef HL_ENGINE_LONE_H
#define HL_ENGINE_LONE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hl_plan;
struct hl_waterfall_case;

/* A day on which money pays, and the prices of that day. */
struct hl_lone_day {
    int days;       /* from the discovery */
    bool priced;    /* are `prices` told? */
    double *prices; /* [part_count] */
};

/* A row that is due in time. */
struct hl_lone_row {
    uint32_t day;  /* of `day` */
    bool is_extra; /* the additional reserve */
    double has;    /* quanta; not of the additional reserve */
};

/* One claim, and others that are given back. A zeroed struct is empty. */
struct hl_lone {
    bool ready;               /* this is the case that was told last as stated */
    size_t claim;             /* which of the case's it is */
    struct hl_lone_row *rows; /* [row_count] by day, then by row */
    size_t row_count;
    struct hl_lone_day *days; /* [day_count] ascending; the last one is the deadline */
    size_t day_count;
    uint32_t *assets; /* [part_count] of what is owed */
    double *coins;    /* [part_count] once guarantee crypto has paid, in quanta at day 0 */
    double *left;     /* [part_count] of these, while it is played */
    uint32_t part_count;
    bool whole; /* guarantee crypto gives everything back */
};

/* Makes room for any claim of a plan; false = no memory. */
bool hl_lone_make(struct hl_lone *l, struct hl_arena *arena, const struct hl_plan *p);

/* Is a case such a claim, with rows that pay in this way? Then makes it ready. */
bool hl_lone_begin(struct hl_lone *l, const struct hl_waterfall_case *c);

/* Its shortfall, with the additional reserve that c has. */
double hl_lone_shortfall(struct hl_lone *l, const struct hl_waterfall_case *c);

#endif
