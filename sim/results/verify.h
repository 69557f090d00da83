/* Simulated rows beside exact ones: how many standard errors they are apart. */
#ifndef HL_RESULTS_VERIFY_H
#define HL_RESULTS_VERIFY_H

#include "engine/plan.h"
#include "engine/result.h"

#include <stdio.h>

/* One row that both have. */
struct hl_compared {
    struct hl_row simulated;
    struct hl_row exact;
    double distance; /* in standard errors */
};

/* Entities that have no exact distribution for the same reason. */
struct hl_not_compared {
    const char *why;
    enum hl_perspective perspective;
    size_t count;
    char first[128]; /* the name of one of them */
};

/* A zeroed struct is empty. */
struct hl_comparison {
    struct hl_compared *rows; /* [count] the furthest apart first */
    size_t count;
    size_t capacity;
    struct hl_not_compared *none; /* [none_count] */
    size_t none_count;
    size_t none_capacity;
    size_t too_few; /* rows that both have, but with too few trials to tell */
};

/* Compares a result with what can be calculated of its plan. HL_FAILED when memory runs out. */
HL_MUST_CHECK enum hl_status hl_comparison_make(struct hl_comparison *out, const struct hl_result *r,
                                                const struct hl_plan *p, struct hl_error *err);

/* More standard errors than chance can explain. */
enum { HL_COMPARED_MOST = 5 };
bool hl_comparison_agrees(const struct hl_comparison *c);

/* The first `most` rows, what chance would explain of the worst, and what has no exact counterpart and why. */
void hl_comparison_print(const struct hl_comparison *c, const struct hl_result *r, size_t most, FILE *out);

void hl_comparison_free(struct hl_comparison *c);

#endif
