#include "stats/ramp.h"

#include <assert.h>
#include <math.h>

struct hl_ramp hl_ramp_identity(void) {
    return (struct hl_ramp){.at = {0}, .slope = {1}, .count = 1};
}

/* The first piece that begins at `x`, made where there is none; HL_RAMP_MOST where there is no room. */
static size_t piece_from(struct hl_ramp *f, double x) {
    size_t i = 0;
    while (i < f->count && f->at[i] < x)
        i++;
    if (i < f->count && f->at[i] == x)
        return i;
    if (f->count == HL_RAMP_MOST)
        return HL_RAMP_MOST;
    for (size_t k = f->count; k > i; k--) {
        f->at[k] = f->at[k - 1];
        f->slope[k] = f->slope[k - 1];
    }
    f->at[i] = x;
    f->slope[i] = f->slope[i - 1]; /* 0 is always there, so i > 0 */
    f->count++;
    return i;
}

bool hl_ramp_take_layer(struct hl_ramp *f, double attachment, double limit, double share) {
    assert(attachment >= 0 && limit >= 0 && share >= 0);
    size_t first = piece_from(f, attachment), end = f->count;
    if (first < HL_RAMP_MOST)
        end = isinf(limit) ? f->count : piece_from(f, attachment + limit);
    if (first == HL_RAMP_MOST || end == HL_RAMP_MOST)
        return false;
    for (size_t i = first; i < end; i++) {
        f->slope[i] -= share;
        if (f->slope[i] < -1e-12)
            return false;
        f->slope[i] = fmax(f->slope[i], 0);
    }
    return true;
}

bool hl_ramp_take_share(struct hl_ramp *f, double attachment, double limit, double share) {
    assert(attachment >= 0 && limit >= 0 && share >= 0 && share <= 1);
    double from = attachment > 0 ? hl_ramp_inverse(f, attachment) : 0, upto = hl_ramp_inverse(f, attachment + limit);
    if (isinf(from))
        return true;
    size_t first = piece_from(f, from), end = f->count;
    if (first < HL_RAMP_MOST)
        end = isinf(upto) ? f->count : piece_from(f, upto);
    if (first == HL_RAMP_MOST || end == HL_RAMP_MOST)
        return false;
    for (size_t i = first; i < end; i++)
        f->slope[i] *= 1 - share;
    return true;
}

void hl_ramp_take_first(struct hl_ramp *f, double amount) {
    assert(amount >= 0);
    double x = amount > 0 ? hl_ramp_inverse(f, amount) : 0;
    if (isinf(x)) {
        *f = (struct hl_ramp){.at = {0}, .slope = {0}, .count = 1};
        return;
    }
    size_t first = piece_from(f, x);
    if (first == HL_RAMP_MOST) { /* the pieces before are one flat piece, so there is room */
        first = f->count - 1;
        while (f->at[first] > x)
            first--;
        f->at[first] = x;
    }
    size_t flat = first > 0 ? 1 : 0, kept = f->count - first;
    for (size_t k = 0; k < kept; k++) {
        f->at[flat + k] = f->at[first + k];
        f->slope[flat + k] = f->slope[first + k];
    }
    if (flat > 0) {
        f->at[0] = 0;
        f->slope[0] = 0;
    }
    f->count = flat + kept;
}

double hl_ramp_at(const struct hl_ramp *f, double x) {
    double y = 0;
    for (size_t i = 0; i < f->count && f->at[i] < x; i++) {
        double end = i + 1 < f->count ? fmin(f->at[i + 1], x) : x;
        y += f->slope[i] > 0 ? f->slope[i] * (end - f->at[i]) : 0;
    }
    return y;
}

double hl_ramp_inverse(const struct hl_ramp *f, double y) {
    double before = 0;
    assert(y >= 0);
    for (size_t i = 0; i < f->count; i++) {
        double width = i + 1 < f->count ? f->at[i + 1] - f->at[i] : INFINITY;
        double rise = f->slope[i] > 0 ? f->slope[i] * width : 0;
        if (before + rise > y)
            return f->at[i] + (y - before) / f->slope[i];
        before += rise;
    }
    return INFINITY;
}

double hl_ramp_limited_mean(const struct hl_ramp *f, double limit, double (*limited)(const void *context, double d),
                            const void *context) {
    double end = isinf(limit) ? INFINITY : hl_ramp_inverse(f, limit), sum = 0;
    for (size_t i = 0; i < f->count && f->at[i] < end; i++) {
        double upto = i + 1 < f->count ? fmin(f->at[i + 1], end) : end;
        if (f->slope[i] > 0)
            sum += f->slope[i] * (limited(context, upto) - limited(context, f->at[i]));
    }
    return sum;
}
