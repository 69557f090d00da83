/* Money: a double that holds a whole number of quanta of the scenario's currency.
 *
 * Every amount is rounded once, on its way in; after that sums and differences are exact in any order as long as they
 * stay below 2^53 quanta. The quantum is a power of two, or 1, so that the scaling is exact too.
 */
#ifndef HL_BASE_MONEY_H
#define HL_BASE_MONEY_H

#include <math.h>

/* The most a scenario may hold in all, in quanta: 2^52 leaves one bit for sums of what is paid and what is owed. */
#define HL_MONEY_MOST 0x1p52

/* The quantum of a currency: 1 for JPY and KRW, 2^-7 for the others (below one cent). */
double hl_money_quantum(const char *currency);

/* Of two amounts; neither is NaN. Inline, where fmin is a call. */
static inline double hl_least(double a, double b) { return a < b ? a : b; }
static inline double hl_most(double a, double b) { return a > b ? a : b; }

/* nearbyint for x >= 0, without a call. */
static inline double hl_nearest_whole(double x) { return x < 0x1p52 ? (x + 0x1p52) - 0x1p52 : x; }

/* `amount` (any unit) in whole quanta, to nearest, ties to even; `quantum` is what one quantum is worth. */
static inline double hl_money_quanta(double amount, double quantum) { return nearbyint(amount / quantum); }

#endif
