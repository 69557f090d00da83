#include "engine/memory.h"

#include "engine/block.h"
#include "engine/questions.h"
#include "engine/run.h"

#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* What is taken from the heap now; memory that was asked for and never written to counts too. */
static double heap(void) {
    struct mallinfo2 now = mallinfo2();
    return (double)now.uordblks + (double)now.hblkhd;
}

static double peak_until_now(void) {
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? 1024 * (double)usage.ru_maxrss : 0;
}

/* What is allocated of a tally's counts. Ladders that another slot tells are never written to. */
static double allocated(const struct hl_layout *l) {
    return (double)l->own_count * sizeof(struct hl_ladder) + (double)hl_payers_length(l) * sizeof(hl_wide);
}

/* Memory is taken by pages, and of a ladder only those with rungs in use. One without any will come to use a page. */
static double pages_of(const struct hl_ladder *l) {
    const uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t last = 0;
    size_t pages = 0;
    for (size_t i = 0; i < HL_RUNGS; i++) {
        uintptr_t page = (uintptr_t)&l->rungs[i] / size;
        if ((l->rungs[i].count > 0 || l->rungs[i].marks != 0) && page != last) {
            last = page;
            pages++;
        }
    }
    return (double)((pages > 0 ? pages : 1) * size);
}

/* The counts that a run like the tally's will have, and what it lays. */
static double counts_of(const struct hl_tally *t) {
    double sum = (double)hl_payers_length(t->layout) * sizeof(hl_wide);
    for (size_t i = 0; i < t->own_count; i++) {
        const struct hl_picks *p = &t->picks[i];
        sum += pages_of(&t->ladders[i]) + (double)p->window_count * sizeof *p->windows +
               (double)p->split_count * sizeof *p->splits;
    }
    return sum;
}

/* A thread's bundles: their ladders have about the rungs of the slots that they count for. */
static double bundles_of(const struct hl_tally *t) {
    double sum = (double)t->bundle_count * HL_WAITING_MOST * sizeof(double);
    for (size_t i = 0; i < t->bundle_count; i++)
        if (t->bundles[i].slot_count > 0)
            sum += pages_of(&t->ladders[t->bundles[i].slots[0]]);
    return sum;
}

/* How many values a window keeps that gets so many for its list in each of `trials`, of them `unlike` all others: all
 * that come, until they are so many that equal ones are joined, and that it is tightened to what it needs. */
static double most_kept(double trials, double listed, double unlike, double needed) {
    double most = fmax(fmin(trials * unlike, needed), HL_PICKS_LIMIT) + listed * HL_BLOCK_TRIALS;
    return ceil(fmin(trials * listed, most));
}

/* A list of so many; those that grow leave holes behind, of a quarter as measured. */
static double list_of(double count) { return 1.25 * (double)hl_picks_room((size_t)count) * sizeof(struct hl_pick); }

static int ascending(const void *a, const void *b) {
    double x = ((const struct hl_pick *)a)->value, y = ((const struct hl_pick *)b)->value;
    return (x > y) - (x < y);
}

/* How many of the window's values are not equal; sorts them. */
static double unlike_in(const struct hl_window *w) {
    size_t count = w->count > 0;
    if (w->count > 1)
        qsort(w->items, w->count, sizeof *w->items, ascending);
    for (size_t i = 1; i < w->count; i++)
        count += w->items[i].value > w->items[i - 1].value;
    return (double)count;
}

/* The lists of a slot's windows, which hold the values of the block. While a share f of the trials is known, a window
 * spares 5 sqrt(1 - f) + 2 sqrt(f) standard errors on each side (questions.c): on both sides 7.5 sqrt(n p (1 - p))
 * values where that is most, and half as many again come before it is tightened (picks.c). A thread gives away what it
 * has after every stretch: at most that part of these values. The lists of the first stretch go over as they are. */
static void add_kept(struct hl_memory *m, struct hl_tally *t, size_t slot, uint64_t seen, double trials) {
    double stretch = fmax(trials / HL_STRETCHES, (double)HL_STRETCH_BLOCKS * HL_BLOCK_TRIALS);
    double breached = (double)hl_breaches_of(t, &t->layout->slots[slot]) / (double)seen;
    for (size_t k = 0; k < t->picks[slot].window_count; k++) {
        const struct hl_window *w = &t->picks[slot].windows[k];
        double variance = w->p > 0 ? w->p * (1 - w->p) * (w->given ? breached : 1) : INFINITY;
        double listed = (double)w->count / (double)seen, unlike = unlike_in(w) / (double)seen;
        double most = most_kept(trials, listed, unlike, 1.5 * 7.5 * sqrt(trials * variance));
        m->kept += list_of(most);
        m->kept_share += stretch < trials ? list_of(ceil(most * stretch / trials)) : 0;
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

/* How many standard errors of so many trials the windows have to spare that a run lays by its own, longer pilot; none
 * where that has all trials. */
static double spare_of(const struct hl_scenario *s, uint64_t seen) {
    uint64_t pilot = hl_run_pilot_trials(s);
    return s->trials_auto || pilot == s->trials ? 0 : HL_PILOT_SPARE * sqrt((double)seen / (double)pilot);
}

/* What a thread takes beside its work, as measured: its stack, and an arena of the allocator's. */
static const double THREAD = 1.5e6;

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
    double bundles = (double)w->tally.bundle_count * (sizeof(struct hl_bundle) + HL_WAITING_MOST * sizeof(double));
    double shared = (double)(l->slot_count - l->own_count) * sizeof(struct hl_ladder);
    m->events = fmax(heap() - before - allocated(l) - bundles - shared, 0) + THREAD;
    m->results = results_of(&w->tally);
    hl_tally_unbundle(&w->tally);
    struct hl_pilot pilot = {&w->tally, seen, all, spare_of(l->plan->scenario, seen), known};
    for (size_t i = 0; i < l->own_count && status == HL_OK; i++)
        status = hl_questions_lay(&w->tally, i, &pilot, err);
    hl_tally_clear(&w->tally);
    if (status == HL_OK)
        status = hl_block_run(w, 0, (uint32_t)seen, err);
    hl_tally_unbundle(&w->tally);
    for (size_t i = 0; i < l->own_count && status == HL_OK; i++)
        add_kept(m, &w->tally, i, seen, (double)all);
    m->counts = counts_of(&w->tally);
    m->by_thread = m->counts + bundles_of(&w->tally);
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
    return m->program + m->counts + m->kept + m->results + threads * (m->by_thread + m->events + m->kept_share);
}
