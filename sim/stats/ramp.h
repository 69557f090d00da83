/* Continuous functions that never fall, made of straight pieces: f(0) = 0, and what an amount leaves after insurance
 * layers and cash have paid. */
#ifndef HL_STATS_RAMP_H
#define HL_STATS_RAMP_H

#include <stdbool.h>
#include <stddef.h>

enum { HL_RAMP_MOST = 64 };

/* On [at[i], at[i + 1]) the slope is slope[i] >= 0; the last piece is endless; at[0] is 0. */
struct hl_ramp {
    double at[HL_RAMP_MOST];
    double slope[HL_RAMP_MOST];
    size_t count; /* at least 1 */
};

/* f(x) = x. */
struct hl_ramp hl_ramp_identity(void);

/* Takes share x min(max(x - attachment, 0), limit) off f. False, and f is of no use any more, where it would fall
 * somewhere by more than rounding, or has too many pieces. `limit` may be INFINITY. */
bool hl_ramp_take_layer(struct hl_ramp *f, double attachment, double limit, double share);

/* The same of what f leaves: takes share x min(max(f(x) - attachment, 0), limit) off f. False where there are too many
 * pieces. */
bool hl_ramp_take_share(struct hl_ramp *f, double attachment, double limit, double share);

/* f becomes max(f - amount, 0), amount >= 0. */
void hl_ramp_take_first(struct hl_ramp *f, double amount);

double hl_ramp_at(const struct hl_ramp *f, double x);

/* sup{x : f(x) <= y}, y >= 0: P(f(X) <= y) = P(X <= that). INFINITY where f stays below. */
double hl_ramp_inverse(const struct hl_ramp *f, double y);

/* E[min(f(X), limit)] by limited means of X, `limited(context, d)` = E[min(X, d)], INFINITY for the mean. */
double hl_ramp_limited_mean(const struct hl_ramp *f, double limit, double (*limited)(const void *context, double d),
                            const void *context);

#endif
