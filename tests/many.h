/* How many random cases a test plays: in builds that are slow, an eighth. */
#ifndef HL_TESTS_MANY_H
#define HL_TESTS_MANY_H

#ifdef HL_SLOW
#define HL_MANY(cases) ((cases) / 8)
#else
#define HL_MANY(cases) (cases)
#endif

#endif
