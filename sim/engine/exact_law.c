#include "engine/exact_law.h"

#include <math.h>

/* ---- making ------------------------------------------------------------------------------------------------------ */

/* One piece of all that a reach has, of which there are `there` quanta. */
static struct hl_exact_piece piece_of(const struct hl_breach *b, const struct hl_target *t, double there,
                                      double weight) {
    struct hl_exact_piece piece = {.weight = weight, .cap = there, .size = &b->size};
    const struct hl_drain *drain = &b->drain;
    if (b->size.family != NULL) {
        piece.scale = b->size.family->share ? t->taken_factor * there : t->taken_factor;
        piece.cap = b->size.family->share ? there : fmin(there, b->amount_most);
        return piece;
    }
    double speed = (drain->share_per_day > 0 ? drain->share_per_day * there : drain->amount_per_day) * t->taken_factor;
    bool drawn = drain->detected_after.law.family != NULL;
    double days = (drawn ? HL_TIME_DAYS_MOST : drain->detected_after.days) * t->detection_factor;
    speed = fmin(speed, t->throttle_per_day);
    piece.cap = fmin(there, speed * fmin(days, HL_TIME_DAYS_MOST));
    piece.scale = speed * t->detection_factor;
    piece.size = drawn && piece.scale > 0 ? &drain->detected_after.law : NULL;
    return piece;
}

/* What one wallet of the cell holds. */
static double wallet_of(const struct hl_cell *cell) { return floor(cell->value / cell->wallets); }

/* The asset of the target's cell i, all its cells together, at the first of them; 0 at the others. */
static double asset_there(const struct hl_plan *p, const struct hl_target *t, uint32_t i) {
    double there = 0;
    for (uint32_t k = 0; k < t->cell_count; k++) {
        if (p->cells[t->cells[k]].asset != p->cells[t->cells[i]].asset)
            continue;
        if (k < i)
            return 0;
        there += p->cells[t->cells[k]].value;
    }
    return there;
}

enum hl_status hl_exact_law_make(struct hl_exact_law *out, struct hl_arena *arena, const struct hl_plan *p,
                                 const struct hl_source *src, const struct hl_target *t, struct hl_error *err) {
    const struct hl_breach *b = src->breach;
    struct hl_exact_piece *pieces = hl_arena_array(arena, t->cell_count + 1, sizeof *pieces);
    *out = (struct hl_exact_law){.pieces = pieces, .kept = hl_ramp_identity()};
    if (pieces == NULL)
        return hl_fail_memory(err);
    double all = t->cell_count > 0 ? t->upto[t->cell_count - 1] : 0;
    if (t->cell_count == 0 || b->reach == HL_REACH_ALL) {
        pieces[out->count++] = piece_of(b, t, all, 1);
    } else if (b->reach == HL_REACH_LARGEST_WALLET) {
        pieces[out->count++] = piece_of(b, t, wallet_of(&p->cells[t->cells[t->largest]]), 1);
    } else {
        for (uint32_t i = 0; i < t->cell_count; i++) {
            const struct hl_cell *cell = &p->cells[t->cells[i]];
            bool wallet = b->reach == HL_REACH_ONE_WALLET;
            double there = wallet ? wallet_of(cell) : asset_there(p, t, i);
            double weight = (wallet ? cell->value : there) / all;
            if (weight > 0)
                pieces[out->count++] = piece_of(b, t, there, weight);
        }
    }
    return HL_OK;
}

/* ---- the loss itself --------------------------------------------------------------------------------------------- */

static double loss_cdf(const struct hl_exact_law *law, double x) {
    double sum = 0;
    for (size_t i = 0; i < law->count; i++) {
        const struct hl_exact_piece *p = &law->pieces[i];
        double below = x >= p->cap ? 1 : 0;
        if (below == 0 && p->size != NULL && x >= 0)
            below = p->scale > 0 ? hl_distribution_cdf(p->size, x / p->scale) : 1;
        sum += p->weight * below;
    }
    return sum;
}

static double loss_limited_mean(const void *context, double limit) {
    const struct hl_exact_law *law = context;
    double sum = 0;
    for (size_t i = 0; i < law->count; i++) {
        const struct hl_exact_piece *p = &law->pieces[i];
        double most = fmin(limit, p->cap);
        if (p->size == NULL)
            sum += p->weight * most;
        else if (p->scale > 0 && most > 0)
            sum += p->weight * p->scale * hl_distribution_limited_mean(p->size, most / p->scale);
    }
    return sum;
}

/* ---- what counts of it ------------------------------------------------------------------------------------------- */

double hl_exact_law_cdf(const void *context, double x) {
    const struct hl_exact_law *law = context;
    return x < 0 ? 0 : loss_cdf(law, hl_ramp_inverse(&law->kept, x));
}

double hl_exact_law_limited_mean(const void *context, double limit) {
    const struct hl_exact_law *law = context;
    return hl_ramp_limited_mean(&law->kept, limit, loss_limited_mean, law);
}

double hl_exact_law_most(const struct hl_exact_law *law) {
    double cap = 0;
    for (size_t i = 0; i < law->count; i++)
        cap = fmax(cap, law->pieces[i].cap);
    return hl_ramp_at(&law->kept, cap);
}

/* Cells of the integral: from most 2^-OCTAVES on, so many an octave. */
enum { OCTAVES = 40, CELLS = 64 };

struct hl_exact_square hl_exact_law_square(const struct hl_exact_law *law) {
    double most = hl_exact_law_most(law), mean = hl_exact_law_limited_mean(law, INFINITY);
    struct hl_exact_square square = {0, 0};
    double before = 0, above = mean; /* E[X] - E[min(X, x)] at x = before */
    for (int i = 0; i <= OCTAVES * CELLS && most > 0; i++) {
        double x = most * exp2((double)i / CELLS - OCTAVES);
        double next = fmax(mean - hl_exact_law_limited_mean(law, x), 0);
        double middle = fmax(mean - hl_exact_law_limited_mean(law, 0.5 * (before + x)), 0);
        square.high += (x - before) * (above + next);
        square.low += 2 * (x - before) * middle;
        before = x;
        above = next;
    }
    return square;
}
