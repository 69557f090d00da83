/* Broken pools: more rows of bad_inputs.h. */
#ifndef HL_TESTS_BAD_POOL_H
#define HL_TESTS_BAD_POOL_H

#include "bad_inputs.h"

/* A pool behind the sample's six funds, on line 33. */
#define POOL(terms)                                                                                                    \
    { Y, "at: [ape]}\n", "at: [ape]}\n  - pool: {" terms "}\n" }

static const struct bad_input bad_pools[] = {
    {"a common fund that is a share of each member's figure",
     {POOL("amount: {share: 1 %, of: highest_volume}")},
     "s.yaml:33:20: funds[6].pool.amount = a map: must be an amount of money: the common fund is there once, and its "
     "members differ\n"},
    {"calls alone",
     {POOL("calls: 1 bn")},
     "s.yaml:33:11: funds[6].pool.amount: missing; must be an amount of money, or a map such as {share: 20 bp, of: "
     "highest_volume, floor: 2 bn, cap: 40 bn}, {rule: jp_a2} or {formula: 0.5 * C}\n"},
    {"calls of less than nothing",
     {POOL("amount: 1 bn, calls: -1")},
     "s.yaml:33:33: funds[6].pool.calls = -1: must be an amount of money such as 48.2 bn, at least 0\n"},
    {"a member that there is not",
     {POOL("amount: 1 bn, at: [apex]")},
     "s.yaml:33:31: funds[6].pool.at[0] = apex: no such id in the table of exchanges (exchanges.csv); did you mean "
     "ape?\n"},
    {"instalments",
     {POOL("amount: 1 bn, instalments: 3")},
     "s.yaml:33:26: funds[6].pool.instalments: unknown; known here: name, at, after, probability, amount, start, "
     "refill, calls, fails, cost\n"},
};

#undef POOL
#endif
