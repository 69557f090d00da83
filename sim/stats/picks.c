#include "stats/picks.h"

#include "base/money.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* A rung's marks: a bit each for the first windows, one for all the others, one for splits. */
enum { OWN_WINDOWS = 62, SPLITS = 63 };

/* So few are sorted by insertion. */
enum { SORTED_BY_INSERTION = 16 };

/* Equal values are joined to make room when there are so many. */
enum { JOINED_FROM = 512 };

static uint64_t mark_of(size_t window) { return UINT64_C(1) << (window < OWN_WINDOWS ? window : OWN_WINDOWS); }

static void mark_window(struct hl_ladder *l, const struct hl_picks *p, size_t window) {
    unsigned high = hl_rung_of(p->windows[window].high);
    for (unsigned i = hl_rung_of(p->windows[window].low); i <= high; i++)
        l->rungs[i].marks |= mark_of(window);
}

static void mark_split(struct hl_ladder *l, double at) { l->rungs[hl_rung_of(at)].marks |= UINT64_C(1) << SPLITS; }

void hl_picks_mark(const struct hl_picks *p, struct hl_ladder *l) {
    for (size_t i = 0; i < p->window_count; i++)
        if (p->windows[i].low <= p->windows[i].high)
            mark_window(l, p, i);
    for (size_t i = 0; i < p->split_count; i++)
        mark_split(l, p->splits[i].at);
}

/* Adds an empty window. */
static bool lay_window(struct hl_picks *p, struct hl_ladder *l, struct hl_window w) {
    struct hl_window *windows = realloc(p->windows, (p->window_count + 1) * sizeof *windows);
    if (windows == NULL)
        return false;
    p->windows = windows;
    p->windows[p->window_count] =
        (struct hl_window){.low = w.low, .high = w.high, .p = w.p, .given = w.given, .limit = HL_PICKS_LIMIT};
    mark_window(l, p, p->window_count++);
    return true;
}

bool hl_picks_lay_window(struct hl_picks *p, struct hl_ladder *l, unsigned low, unsigned high, double quantile,
                         bool given) {
    assert(low <= high && high < HL_RUNGS);
    const struct hl_window w = {
        .low = hl_rung_low(low), .high = nextafter(hl_rung_low(high + 1), 0), .p = quantile, .given = given};
    return lay_window(p, l, w);
}

bool hl_picks_lay_split(struct hl_picks *p, struct hl_ladder *l, double at) {
    assert(p->split_count == 0 || at > p->splits[p->split_count - 1].at);
    struct hl_split *splits = realloc(p->splits, (p->split_count + 1) * sizeof *splits);
    if (splits == NULL)
        return false;
    p->splits = splits;
    p->splits[p->split_count++] = (struct hl_split){.at = at};
    mark_split(l, at);
    return true;
}

bool hl_picks_lay_alike(struct hl_picks *into, struct hl_ladder *l, const struct hl_picks *from) {
    bool laid = true;
    for (size_t i = 0; i < from->window_count && laid; i++)
        laid = lay_window(into, l, from->windows[i]);
    for (size_t i = 0; i < from->split_count && laid; i++)
        laid = hl_picks_lay_split(into, l, from->splits[i].at);
    return laid;
}

void hl_picks_free(struct hl_picks *p, struct hl_ladder *l) {
    bool laid = p->window_count > 0 || p->split_count > 0;
    for (size_t i = 0; i < HL_RUNGS && l != NULL && laid; i++)
        if (l->rungs[i].marks != 0)
            l->rungs[i].marks = 0;
    for (size_t i = 0; i < p->window_count; i++)
        free(p->windows[i].items);
    free(p->windows);
    free(p->splits);
    memset(p, 0, sizeof *p);
}

void hl_picks_clear(struct hl_picks *p) {
    for (size_t i = 0; i < p->window_count; i++) {
        p->windows[i].above = (struct hl_rung){0};
        p->windows[i].count = p->windows[i].sorted = 0;
    }
    for (size_t i = 0; i < p->split_count; i++)
        p->splits[i].above = (struct hl_rung){0};
}

/* --- adding --------------------------------------------------------------------------------------------------------
 */

static void insert(struct hl_pick *items, size_t count) {
    for (size_t i = 1; i < count; i++) {
        struct hl_pick item = items[i];
        size_t at = i;
        for (; at > 0 && items[at - 1].value > item.value; at--)
            items[at] = items[at - 1];
        items[at] = item;
    }
}

/* Puts the items below the pivot first, or those that are not above it; returns how many. No branch depends on a
 * value: nobody could foretell it. */
static size_t part(struct hl_pick *items, size_t count, double pivot, bool or_equal) {
    size_t low = 0;
    for (size_t i = 0; i < count; i++) {
        double value = items[i].value; /* in halves: a whole one could not be read where halves were just written */
        uint64_t times = items[i].count;
        items[i].value = items[low].value;
        items[i].count = items[low].count;
        items[low].value = value;
        items[low].count = times;
        low += (size_t)(value < pivot) | ((size_t)(value == pivot) & (size_t)or_equal);
    }
    return low;
}

static double middle_of(double a, double b, double c) { return hl_most(hl_least(a, b), hl_least(hl_most(a, b), c)); }

/* Ascending by value: quicksort about the median of three, for a tenth of the time of the library's qsort, in which a
 * run would spend a third of its own. */
static void order(struct hl_pick *items, size_t count) {
    while (count > SORTED_BY_INSERTION) {
        double pivot = middle_of(items[0].value, items[count / 2].value, items[count - 1].value);
        size_t low = part(items, count, pivot, false);
        if (low == 0) { /* the pivot is the least: it has its place, as all that are equal */
            low = part(items, count, pivot, true);
            items += low;
            count -= low;
        } else if (low < count - low) { /* the shorter part first: the depth is at most the logarithm */
            order(items, low);
            items += low;
            count -= low;
        } else {
            order(items + low, count - low);
            count = low;
        }
    }
    insert(items, count);
}

static bool is_ascending(const struct hl_pick *items, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (items[i].value < items[i - 1].value)
            return false;
    return true;
}

/* Merges the items from `first` on into those before; both are ascending. Where memory is out they are sorted anew. */
static void merge_items(struct hl_pick *items, size_t first, size_t count) {
    size_t i = first, j = count - first, at = count;
    struct hl_pick *last = malloc(j * sizeof *last);
    if (last == NULL) {
        order(items, count);
        return;
    }
    memcpy(last, items + first, j * sizeof *last);
    while (j > 0)
        items[--at] = i > 0 && items[i - 1].value > last[j - 1].value ? items[--i] : last[--j];
    free(last);
}

static void sort(struct hl_window *w) {
    if (w->sorted == w->count)
        return;
    if (!is_ascending(w->items + w->sorted, w->count - w->sorted))
        order(w->items + w->sorted, w->count - w->sorted);
    if (w->sorted > 0 && w->items[w->sorted].value < w->items[w->sorted - 1].value)
        merge_items(w->items, w->sorted, w->count);
    size_t last = 0;
    for (size_t i = 1; i < w->count; i++) {
        if (w->items[i].value == w->items[last].value)
            w->items[last].count += w->items[i].count;
        else
            w->items[++last] = w->items[i];
    }
    w->sorted = w->count = last + 1;
}

void hl_picks_sort(struct hl_picks *p) {
    for (size_t i = 0; i < p->window_count; i++) {
        struct hl_window *w = &p->windows[i];
        sort(w);
        w->single = true;
        for (size_t k = 0; k < w->count; k++)
            w->single &= w->items[k].count == 1;
    }
}

/* How much room a full list gets. */
static size_t grown(size_t capacity) {
    if (capacity == 0)
        return 64;
    return capacity + (capacity < JOINED_FROM ? capacity : capacity / 4);
}

size_t hl_picks_room(size_t count) {
    size_t capacity = 0;
    while (capacity < count)
        capacity = grown(capacity);
    return capacity;
}

/* Makes room for one more: joins equal values first where there are many, grows when that frees less than half. */
static bool make_room(struct hl_window *w) {
    if (w->count < w->capacity)
        return true;
    if (w->count >= JOINED_FROM && w->count >= w->join_at) {
        sort(w);
        w->join_at = 2 * w->count;
        if (w->count <= w->capacity / 2)
            return true;
    }
    size_t capacity = grown(w->capacity);
    struct hl_pick *items = realloc(w->items, capacity * sizeof *items);
    if (items == NULL)
        return false;
    w->items = items;
    w->capacity = capacity;
    return true;
}

/* False: no memory. */
static bool keep(struct hl_window *w, struct hl_pick item) {
    if (w->count > 0 && w->items[w->count - 1].value == item.value) {
        w->items[w->count - 1].count += item.count;
        return true;
    }
    if (!make_room(w))
        return false;
    w->items[w->count++] = item;
    return true;
}

/* Returns whether the window is crowded. */
static bool add_to_window(struct hl_picks *p, struct hl_window *w, double x, uint64_t times) {
    if (x > w->high) {
        if (hl_rung_of(x) == hl_rung_of(w->high))
            hl_rung_add_times(&w->above, x, times);
    } else if (x >= w->low && !keep(w, (struct hl_pick){x, times})) {
        p->failed = true;
    }
    return w->count >= w->limit && w->p > 0;
}

/* The first split that is not below x. */
static size_t first_split(const struct hl_picks *p, double x) {
    size_t low = 0, high = p->split_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (p->splits[middle].at < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_to_splits(struct hl_picks *p, double x, uint64_t times) {
    for (size_t i = first_split(p, x); i-- > 0 && hl_rung_of(p->splits[i].at) == hl_rung_of(x);)
        hl_rung_add_times(&p->splits[i].above, x, times);
}

bool hl_picks_add(struct hl_picks *p, const struct hl_rung *rung, double x, uint64_t times) {
    bool crowded = false;
    for (uint64_t marks = rung->marks & ~(UINT64_C(1) << SPLITS); marks != 0; marks &= marks - 1) {
        size_t i = (size_t)__builtin_ctzll(marks), end = i < OWN_WINDOWS ? i + 1 : p->window_count;
        for (; i < end; i++)
            crowded |= add_to_window(p, &p->windows[i], x, times);
    }
    if (rung->marks >> SPLITS != 0)
        add_to_splits(p, x, times);
    return crowded;
}

/* add_to_window of a value that occurs once; no branch depends on whether it is below the window or inside. */
static bool add_once(struct hl_picks *p, struct hl_window *w, double x) {
    bool joins = w->count > 0 && w->items[w->count - 1].value == x;
    if (x > w->high || joins || w->count == w->capacity)
        return add_to_window(p, w, x, 1);
    w->items[w->count] = (struct hl_pick){x, 1};
    w->count += x >= w->low;
    return w->count >= w->limit && w->p > 0;
}

bool hl_picks_add_many(struct hl_picks *p, const struct hl_ladder *l, const double *x, const uint32_t *which,
                       size_t count) {
    bool crowded = false;
    for (size_t i = 0; i < count; i++) {
        double value = x[which[i]];
        const struct hl_rung *rung = &l->rungs[hl_rung_of(value)];
        if (rung->marks == 0)
            continue;
        size_t window = (size_t)__builtin_ctzll(rung->marks);
        if (window < OWN_WINDOWS && (rung->marks & (rung->marks - 1)) == 0) /* one window, no split: as most are */
            crowded |= add_once(p, &p->windows[window], value);
        else
            crowded |= hl_picks_add(p, rung, value, 1);
    }
    return crowded;
}

/* --- narrowing and adding up --- */

/* Narrows a window to [low, high], which lies within it or holds nothing. */
static void narrow(struct hl_picks *p, struct hl_ladder *l, size_t window, double low, double high) {
    struct hl_window *w = &p->windows[window];
    if (low > high) { /* any such pair, for which no rung is marked */
        low = hl_rung_low(1 << HL_RUNG_BITS);
        high = hl_rung_low(0);
    }
    size_t kept = 0, sorted = 0;
    if (hl_rung_of(high) != hl_rung_of(w->high))
        w->above = (struct hl_rung){0};
    for (size_t i = 0; i < w->count; i++) {
        struct hl_pick item = w->items[i];
        sorted = i == w->sorted ? kept : sorted;
        if (item.value > high && hl_rung_of(item.value) == hl_rung_of(high))
            hl_rung_add_times(&w->above, item.value, item.count);
        else if (item.value >= low && item.value <= high)
            w->items[kept++] = item;
    }
    for (unsigned i = hl_rung_of(w->low); i <= hl_rung_of(w->high) && window < OWN_WINDOWS; i++)
        l->rungs[i].marks &= ~mark_of(window);
    w->sorted = w->sorted < w->count ? sorted : kept;
    w->count = kept;
    w->low = low;
    w->high = high;
    mark_window(l, p, window);
}

void hl_picks_tighten(struct hl_picks *p, struct hl_ladder *l, size_t i, double least, double most) {
    struct hl_window *w = &p->windows[i];
    double low = w->low, high = w->high;
    uint64_t above = w->above.count;
    for (unsigned rung = HL_RUNGS - 1; rung > hl_rung_of(high); rung--)
        above += l->rungs[rung].count;
    sort(w);
    bool inside = (double)above <= most;
    for (size_t k = w->count; k-- > 0 && inside; above += w->items[k].count) {
        if ((double)(above + w->items[k].count) <= least && k > 0)
            high = w->items[k - 1].value;
        if ((double)above <= most)
            low = w->items[k].value;
        else
            break;
    }
    /* The last one looked at is the lowest that is wanted, or the window's own end. */
    if ((double)above <= most)
        low = w->low;
    if (inside && low <= high)
        narrow(p, l, i, low, high);
    w->limit = w->count + w->count / 2 > HL_PICKS_LIMIT ? w->count + w->count / 2 : HL_PICKS_LIMIT;
}

static void merge_part(struct hl_rung *into, const struct hl_rung *from) {
    into->count += from->count;
    into->sum += from->sum;
    into->square += from->square;
}

static void drop_items(struct hl_window *w) {
    free(w->items);
    w->items = NULL;
    w->count = w->sorted = 0;
    w->capacity = 0;
}

static bool merge_window(struct hl_picks *p, struct hl_ladder *l, size_t window, struct hl_window *from) {
    double low = fmax(p->windows[window].low, from->low), high = fmin(p->windows[window].high, from->high);
    if (low != p->windows[window].low || high != p->windows[window].high)
        narrow(p, l, window, low, high);
    struct hl_window *w = &p->windows[window];
    bool kept = true;
    if (w->low > w->high)
        return true;
    if (hl_rung_of(from->high) == hl_rung_of(w->high))
        merge_part(&w->above, &from->above);
    if (w->count == 0 && from->low == w->low && from->high == w->high) {
        drop_items(w);
        w->items = from->items;
        w->count = from->count;
        w->sorted = from->sorted;
        w->capacity = from->capacity;
        from->items = NULL;
        return true;
    }
    for (size_t i = 0; i < from->count && kept; i++) {
        struct hl_pick item = from->items[i];
        if (item.value > w->high && hl_rung_of(item.value) == hl_rung_of(w->high))
            hl_rung_add_times(&w->above, item.value, item.count);
        else if (item.value >= w->low && item.value <= w->high)
            kept = keep(w, item);
    }
    return kept;
}

void hl_picks_follow(struct hl_picks *p, struct hl_ladder *l, const struct hl_picks *from) {
    assert(p->window_count == from->window_count);
    for (size_t i = 0; i < p->window_count; i++) {
        double low = fmax(p->windows[i].low, from->windows[i].low);
        double high = fmin(p->windows[i].high, from->windows[i].high);
        if (low != p->windows[i].low || high != p->windows[i].high)
            narrow(p, l, i, low, high);
    }
}

void hl_picks_merge(struct hl_picks *into, struct hl_ladder *l, struct hl_picks *from) {
    if (from->window_count == 0 && from->split_count == 0)
        return;
    assert(into->window_count == from->window_count && into->split_count == from->split_count);
    into->failed |= from->failed;
    for (size_t i = 0; i < from->window_count; i++) {
        into->failed |= !merge_window(into, l, i, &from->windows[i]);
        drop_items(&from->windows[i]);
    }
    for (size_t i = 0; i < from->split_count; i++)
        merge_part(&into->splits[i].above, &from->splits[i].above);
}

/* --- asking --------------------------------------------------------------------------------------------------------
 */

/* Does the window have something to say of the rung? */
static bool touches(const struct hl_window *w, unsigned rung) {
    return w->low <= w->high && hl_rung_of(w->low) <= rung && rung <= hl_rung_of(w->high);
}

/* How many items lie below x. */
static size_t count_below(const struct hl_window *w, double x) {
    size_t low = 0, high = w->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (w->items[middle].value < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The value of the rung that has so many of the rung's values above it. */
static bool find_in_window(const struct hl_window *w, unsigned rung, uint64_t above, double *value) {
    if (rung == hl_rung_of(w->high)) {
        if (above < w->above.count)
            return false;
        above -= w->above.count;
    }
    size_t first = count_below(w, hl_rung_low(rung)), end = count_below(w, hl_rung_low(rung + 1));
    if (w->single) {
        end = end - first > above ? end - above : first;
        above = 0;
    }
    while (end > first && above >= w->items[end - 1].count)
        above -= w->items[--end].count;
    if (end > first)
        *value = w->items[end - 1].value;
    return end > first;
}

bool hl_picks_value(const struct hl_picks *p, const struct hl_heights *h, uint64_t n, uint64_t rank, double *value) {
    uint64_t above;
    int rung = hl_heights_find(h, n, rank, &above);
    *value = 0;
    if (rung < 0)
        return true;
    for (size_t i = 0; i < p->window_count; i++)
        if (touches(&p->windows[i], (unsigned)rung) && find_in_window(&p->windows[i], (unsigned)rung, above, value))
            return true;
    return false;
}

/* The part of q's rung that lies above q > 0. */
static struct hl_rung part_above(const struct hl_picks *p, double q) {
    size_t split = first_split(p, q);
    if (split < p->split_count && p->splits[split].at == q)
        return p->splits[split].above;
    const struct hl_window *w = p->windows;
    while (w < p->windows + p->window_count && (q < w->low || q > w->high))
        w++;
    assert(w < p->windows + p->window_count && "asked of an amount that nothing was kept for");
    unsigned rung = hl_rung_of(q);
    struct hl_rung part = {0};
    if (rung == hl_rung_of(w->high))
        part = w->above;
    for (size_t i = w->count; i-- > 0 && w->items[i].value > q;)
        if (hl_rung_of(w->items[i].value) == rung)
            hl_rung_add_times(&part, w->items[i].value, w->items[i].count);
    return part;
}

struct hl_excess hl_picks_excess(const struct hl_picks *p, const struct hl_ladder *l, double q) {
    struct hl_excess excess = {0};
    struct hl_rung part = {0};
    unsigned first = 0;
    if (q > 0) {
        first = hl_rung_of(q);
        part = part_above(p, q);
    }
    hl_wide sum = 0; /* of whole numbers: exact, where doubles of q's size would lose the small differences */
    for (unsigned i = first; i < HL_RUNGS; i++) {
        const struct hl_rung *r = q > 0 && i == first ? &part : &l->rungs[i];
        if (r->count == 0)
            continue;
        excess.count += r->count;
        sum += r->sum - (hl_wide)r->count * (uint64_t)q;
        excess.square += fmax(hl_rung_square(r, i) - 2 * q * (double)r->sum + (double)r->count * q * q, 0);
    }
    excess.sum = (double)sum;
    return excess;
}
