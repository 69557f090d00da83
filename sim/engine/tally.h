/* What is counted, over all trials: one ladder per (run, basis, perspective, entity), and plain counts.
 *
 * Everything here is a whole number, so tallies of threads add up to the same bits in any order.
 */
#ifndef HL_ENGINE_TALLY_H
#define HL_ENGINE_TALLY_H

#include "engine/plan.h"
#include "engine/result.h"
#include "stats/picks.h"

#define HL_NO_SLOT UINT32_MAX

/* A ladder's meaning. */
struct hl_slot {
    uint16_t run;
    uint16_t year;   /* policy year; 0 = the whole horizon, of one year too */
    uint16_t item;   /* the scenario's fund, where the perspective has one */
    uint32_t entity; /* index into layout->entities */
    enum hl_basis basis;
    enum hl_perspective perspective;
    bool largest;     /* the year's largest event instead of its sum */
    uint32_t told_by; /* the slot whose ladder tells this one: itself, or one that is equal by construction */
    uint32_t next;    /* the next slot that the same ladder tells; 0 = none */
};

/* Entities that have a waterfall: the system (0), then the exchanges. They are the first of all entities. */
struct hl_layout {
    struct hl_arena arena;
    const struct hl_plan *plan;
    struct hl_entity
        *entities; /* system, exchanges; unless the report is without: vendors, vectors that occur, sources */
    size_t entity_count;
    size_t full_count;       /* 1 + exchanges */
    uint32_t *vector_entity; /* [HL_VECTOR_COUNT] or HL_NO_SLOT */
    uint32_t vendor_first;   /* entity of vendor 0; HL_NO_SLOT = vendors are not told apart */
    uint32_t source_first;   /* entity of source 0, or HL_NO_SLOT */
    struct hl_slot *slots;
    size_t slot_count;
    size_t own_count;  /* slots with a ladder of their own; they are the first */
    uint32_t *by_key;  /* [runs][bases][perspectives][sum, largest][entities] */
    uint32_t *by_fund; /* [paid, left after, reinstated][full][funds] */
    uint32_t *by_year; /* [years][bases][perspectives][sum, largest][full]; empty where the horizon is one year */
};

HL_MUST_CHECK enum hl_status hl_layout_make(struct hl_layout *out, const struct hl_plan *p, struct hl_error *err);

/* The same, but every slot has a ladder of its own: to test that those are equal which should be. */
HL_MUST_CHECK enum hl_status hl_layout_make_apart(struct hl_layout *out, const struct hl_plan *p, struct hl_error *err);
void hl_layout_free(struct hl_layout *l);

static inline uint32_t hl_slot_of(const struct hl_layout *l, size_t run, enum hl_basis basis, enum hl_perspective what,
                                  bool largest, size_t entity) {
    return l->by_key[(((run * HL_BASIS_COUNT + basis) * HL_PERSPECTIVE_COUNT + what) * 2 + largest) * l->entity_count +
                     entity];
}
static inline uint32_t hl_fund_slot_of(const struct hl_layout *l, enum hl_perspective what, size_t entity,
                                       size_t item) {
    size_t plane = what == HL_PAID ? 0 : what == HL_LEFT_AFTER ? 1 : 2;
    return l->by_fund[(plane * l->full_count + entity) * l->plan->scenario->fund_count + item];
}

static inline uint32_t hl_year_slot_of(const struct hl_layout *l, size_t year, enum hl_basis basis,
                                       enum hl_perspective what, bool largest, size_t entity) {
    return l->by_year[((((year - 1) * HL_BASIS_COUNT + basis) * HL_PERSPECTIVE_COUNT + what) * 2 + largest) *
                          l->full_count +
                      entity];
}

/* Values wait in a bundle until there are so many: a ladder that others push out of the cache is fetched for many. */
enum { HL_WAITING_MOST = 1024 };

/* Slots that most trials add one and the same value to. It is counted once, in a ladder of the bundle's own, and given
 * to every slot by hl_tally_unbundle. */
struct hl_bundle {
    uint32_t *slots; /* [slot_count] with ladders of their own */
    size_t slot_count;
    uint32_t entities[2]; /* [entity_count] whose claims the values are, */
    size_t entity_count;
    size_t payer;            /* paid by this fund of the scenario, or by the customers: index fund_count */
    struct hl_ladder ladder; /* its marks: where any of the slots keeps values */
    double *waiting;         /* [waiting_count] values not yet counted */
    size_t waiting_count;
};

/* One thread's counts. */
struct hl_tally {
    const struct hl_layout *layout;
    bool second;               /* trials that were counted before: fills picks, nothing else */
    size_t own_count;          /* the layout's */
    struct hl_ladder *ladders; /* [slot_count] those beyond own_count stay empty: read by hl_ladder_of */
    struct hl_picks *picks;    /* [slot_count] what questions.h asks for; likewise */
    struct hl_bundle *bundles; /* [bundle_count] */
    size_t bundle_count;
    bool laid_anew;     /* the bundles' marks are to be found again */
    uint64_t marked_at; /* trials at which they last were because windows had tightened */
    uint64_t trials;    /* that were counted since the tally was clear, */
    uint64_t of;        /* of so many; 0 = not known */
    bool crowded;       /* a window has grown to its limit */
    uint64_t *breaches; /* [runs][entity_count] trials with at least one */
    uint64_t *unpaid;   /* [bases][full_count][plan->check_count] trials, as stated */
    uint64_t *at_least; /* [runs][bases][exchange_count + 1] trials with a year with so many exchanges short, and
                           none with more */
    /* Where the horizon is several years, as stated: */
    uint64_t *year_breaches; /* [years][full_count] trials with at least one in the year */
    uint64_t *year_at_least; /* [years][bases][exchange_count + 1] trials with exactly so many short in the year */
    uint64_t *first_short;   /* [bases][full_count][years] trials whose first shortfall is of the year */
    uint64_t *attached;      /* [full_count][fund_count] trials, as stated */
    uint64_t *exhausted;
    hl_wide *payers; /* [full_count][HL_RUNGS][fund_count + 1] what each fund, and last the customers, bore in
                        years whose claim is in the rung; quanta */
    uint64_t events;
};

HL_MUST_CHECK enum hl_status hl_tally_make(struct hl_tally *t, const struct hl_layout *l, struct hl_error *err);
void hl_tally_free(struct hl_tally *t);

/* The plain counts, one list after the other. */
enum { HL_TALLY_LISTS = 8 };
struct hl_counts {
    uint64_t *items;
    size_t length;
};
void hl_tally_lists(const struct hl_tally *t, struct hl_counts lists[HL_TALLY_LISTS]);

/* How many items `payers` has. */
size_t hl_payers_length(const struct hl_layout *l);

/* Forgets all counts; what was laid stays, without values. */
void hl_tally_clear(struct hl_tally *t);

/* Turns to trials that were counted before. Nothing is laid any more. */
void hl_tally_turn_second(struct hl_tally *t);

/* Takes over counts, and what was kept by picks laid alike; unbundles both. `from` is left clear. */
void hl_tally_merge(struct hl_tally *into, struct hl_tally *from);

/* The same in parts, where both are unbundled: first what is no slot's, then each slot, by any thread. */
void hl_tally_merge_counts(struct hl_tally *into, struct hl_tally *from);
void hl_tally_merge_slot(struct hl_tally *into, struct hl_tally *from, size_t slot);

/* What tells a slot. */
static inline const struct hl_ladder *hl_ladder_of(const struct hl_tally *t, size_t slot) {
    return &t->ladders[t->layout->slots[slot].told_by];
}
static inline const struct hl_picks *hl_picks_of(const struct hl_tally *t, size_t slot) {
    return &t->picks[t->layout->slots[slot].told_by];
}

/* Adds one trial's value; nothing where it is 0, there is no slot, or another slot tells it. */
static inline void hl_tally_add(struct hl_tally *t, uint32_t slot, double x) {
    if (x <= 0 || slot >= t->own_count)
        return;
    struct hl_rung *rung = &t->ladders[slot].rungs[hl_rung_of(x)];
    if (!t->second)
        hl_rung_add(rung, x);
    if (rung->marks != 0)
        t->crowded |= hl_picks_add(&t->picks[slot], rung, x, 1);
}

/* Adds a value that so many trials have. */
void hl_tally_add_times(struct hl_tally *t, uint32_t slot, double x, uint64_t times);

/* Adds the values of many trials [count]. */
void hl_tally_add_many(struct hl_tally *t, uint32_t slot, const double *x, size_t count);

/* Makes a bundle of those of the slots [count] that have a ladder of their own, each once; `like` says whose claims the
 * values are and who pays, and nothing else. Its number goes to *out. */
HL_MUST_CHECK enum hl_status hl_tally_bundle(struct hl_tally *t, const uint32_t *slots, size_t count,
                                             const struct hl_bundle *like, size_t *out, struct hl_error *err);

/* Adds the values of many trials [count] to all slots of a bundle, and to what its payer pays. */
void hl_tally_add_bundled(struct hl_tally *t, size_t bundle, const double *x, size_t count);

/* Counts the values that wait in bundles. */
void hl_tally_count_waiting(struct hl_tally *t);

/* How many of a slot's values above a rung its bundles hold. */
uint64_t hl_tally_bundled_above(const struct hl_tally *t, uint32_t slot, unsigned rung);

/* Gives the slots what their bundles hold: before their ladders are read. */
void hl_tally_unbundle(struct hl_tally *t);

#endif
