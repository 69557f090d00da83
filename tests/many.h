/* How many random cases a test plays: in builds that are slow, with checks or counters of their own, an eighth, or as
 * the test says. Tolerances are in standard errors, and what is compared trial by trial needs no number. */
#ifndef HL_TESTS_MANY_H
#define HL_TESTS_MANY_H

#ifdef HL_SLOW
enum { HL_IS_SLOW = 1 };
#define HL_MANY(cases) ((cases) / 8)
#else
enum { HL_IS_SLOW = 0 };
#define HL_MANY(cases) (cases)
#endif

#endif
