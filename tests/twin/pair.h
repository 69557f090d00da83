/* The engine and its twin side by side on one scenario. */
#ifndef HL_TESTS_TWIN_PAIR_H
#define HL_TESTS_TWIN_PAIR_H

#include "engine/waterfall.h"
#include "tests/twin/twin.h"

/* The engine's side of a comparison. */
struct twin_engine {
    struct hl_plan plan;
    struct hl_events events;
    struct hl_claims claims;
    struct hl_waterfall waterfall;
};

/* Both sides, and where they stand. */
struct twin_pair {
    const char *where; /* the scenario, for messages */
    struct twin twin;
    struct twin_engine engine;
    struct twin_history history;
    uint32_t block;
    uint32_t trial;
    size_t compared; /* waterfalls */
    size_t brute;    /* needs found by trying every amount */
    bool tiny;       /* small enough for that */
};

/* Makes both sides and compares their sources; `where` is kept. */
void twin_pair_open(struct twin_pair *p, const char *where, const struct hl_scenario *s);
void twin_pair_close(struct twin_pair *p);

/* The plan's sampling that draws this way; HL_NONE = it has none. */
size_t twin_sampling(const struct hl_plan *plan, enum twin_way way);

/* Draws a block on both sides and compares the number of hits of every trial. */
void twin_pair_draw(struct twin_pair *p, enum twin_way way, uint32_t block);

/* The engine's question about one exchange in the trial that its claims hold, and about those of one policy year unless
 * it is 0; no claims where it has none. */
struct hl_waterfall_case twin_pair_case(struct twin_pair *p, size_t policy, size_t exchange, int year,
                                        enum hl_basis basis);

/* Fails the test and prints the faults unless `status` is HL_OK. */
void twin_expect_ok(enum hl_status status, struct hl_error *err);

/* Loads a scenario and multiplies its rates and their intervals. */
void twin_load_raised(struct hl_scenario *s, const char *path, double factor);

#endif
