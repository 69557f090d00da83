#include "engine/memory.h"

#include "engine/block.h"
#include "engine/questions.h"
#include "engine/run.h"

#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>

/* What is taken from the heap now; memory that was asked for and never written to counts too. */
static double heap(void) {
    struct mallinfo2 now = mallinfo2();
    return (double)now.uordblks + (double)now.hblkhd;
}

static double peak_until_now(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? 1024 * (double)usage.ru_maxrss : 0;
}

/* The counts of the whole. Ladders that another slot tells are never written to. */
static double counts_of(const struct hl_layout *l) {
    return (double)l->own_count * sizeof(struct hl_ladder) + (double)hl_payers_length(l) * sizeof(hl_wide);
}

/* How many of a pilot's values lie in a window's rungs. */
static double values_in(const struct hl_ladder *l, const struct hl_window *w) {
    uint64_t count = 0;
    for (unsigned i = hl_rung_of(w->low); i <= hl_rung_of(w->high); i++)
        count += l->rungs[i].count;
    return (double)count;
}

/* How many of n values a window keeps: all that come, until they are so many that it is tightened to what it needs. */
static double most_kept(double n, double share, double needed) {
    enum { UNTIGHTENED = 1024 };
    return fmin(n * share, fmax(needed, UNTIGHTENED));
}

/* The lists of a slot's windows. While a share f of the trials is known, a window spares 5 sqrt(1 - f) + 2 sqrt(f)
 * standard errors on each side (questions.c): on both sides 7.5 sqrt(n p (1 - p)) values where that is most. Threads
 * give away what they have after every stretch, of which the first needs most: 10 sqrt(m p (1 - p)) of m trials. Lists
 * have room for a quarter more, and those of threads for half as many again. */
static void add_kept(struct hl_memory *m, const struct hl_tally *t, size_t slot, uint64_t seen, double trials) {
    double stretch = fmin(trials, fmax(trials / HL_STRETCHES, (double)HL_STRETCH_BLOCKS * HL_BLOCK_TRIALS));
    double breached = (double)hl_breaches_of(t, &t->layout->slots[slot]) / (double)seen;
    for (size_t k = 0; k < t->picks[slot].window_count; k++) {
        const struct hl_window *w = &t->picks[slot].windows[k];
        double share = values_in(&t->ladders[slot], w) / (double)seen; /* of all trials, in the first window */
        double variance = w->p > 0 ? w->p * (1 - w->p) * (w->given ? breached : 1) : INFINITY;
        m->kept += 1.25 * sizeof(struct hl_pick) * most_kept(trials, share, 7.5 * sqrt(trials * variance));
        m->kept_share += 1.5 * sizeof(struct hl_pick) * most_kept(stretch, share, 10 * sqrt(stretch * variance));
    }
}

/* Rows: of every question a level and perhaps a tail mean, of every slot some more, of every curve two at a point.
 * Sorting takes as much again, and so do two copies on the way. */
static double results_of(const struct hl_tally *t) {
    enum { ROWS_MORE = 6, COPIES = 4 };
    double rows = 0;
    struct hl_questions q;
    for (size_t i = 0; i < t->layout->slot_count; i++) {
        const struct hl_slot *slot = &t->layout->slots[i];
        hl_questions_ask(&q, t, slot, 1);
        rows += 2 * (double)q.count + ROWS_MORE;
        rows += slot->perspective == HL_RESERVE_NEEDED && slot->run == 0 ? 2 * HL_CURVE_POINTS : 0;
    }
    return COPIES * rows * sizeof(struct hl_row);
}

/* Plays the block on one worker, and lays what a run would lay. */
static enum hl_status try_block(struct hl_memory *m, const struct hl_layout *l, struct hl_worker *w,
                                struct hl_known *known, struct hl_error *err) {
    uint64_t all = l->plan->scenario->trials, seen = all < HL_BLOCK_TRIALS ? all : HL_BLOCK_TRIALS;
    double before = heap();
    enum hl_status status = hl_worker_make(w, l, false, err);
    if (status == HL_OK)
        status = hl_block_run(w, 0, (uint32_t)seen, err);
    if (status != HL_OK)
        return status;
    m->counts = counts_of(l);
    m->by_thread =
        m->counts + (double)w->tally.bundle_count * (sizeof(struct hl_bundle) + HL_WAITING_MOST * sizeof(double));
    double shared = (double)(l->slot_count - l->own_count) * sizeof(struct hl_ladder);
    m->events = fmax(heap() - before - m->by_thread - shared, 0);
    m->results = results_of(&w->tally);
    hl_tally_unbundle(&w->tally);
    struct hl_pilot pilot = {&w->tally, seen, all, 5, known};
    for (size_t i = 0; i < l->own_count && status == HL_OK; i++) {
        status = hl_questions_lay(&w->tally, i, &pilot, err);
        if (status == HL_OK)
            add_kept(m, &w->tally, i, seen, (double)all);
    }
    return status;
}

enum hl_status hl_memory_of(struct hl_memory *out, const struct hl_plan *plan, struct hl_error *err) {
    *out = (struct hl_memory){.program = peak_until_now()};
    struct hl_layout layout;
    struct hl_worker *w = calloc(1, sizeof *w);
    struct hl_known *known = calloc(1, sizeof *known);
    enum hl_status status = w == NULL || known == NULL ? hl_fail_memory(err) : hl_layout_make(&layout, plan, err);
    if (status == HL_OK) {
        status = try_block(out, &layout, w, known, err);
        hl_worker_free(w);
        hl_layout_free(&layout);
    }
    free(w);
    free(known);
    return status;
}

double hl_memory_peak(const struct hl_memory *m, unsigned threads) {
    return m->program + m->counts + m->kept + m->kept_share + m->results + threads * (m->by_thread + m->events);
}
