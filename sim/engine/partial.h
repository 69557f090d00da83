/* A part of a run as bytes: what a shard hands on, what a checkpoint keeps, what one rank sends to another.
 *
 * The bytes are the same on every machine: whole numbers in groups of seven bits, doubles as the eight bytes of their
 * bits, the lowest first; what is zero is left out. The last 65 bytes are the SHA-256 of all others in hexadecimal
 * digits and a line feed. README.md of this folder's parent tells the order.
 */
#ifndef HL_ENGINE_PARTIAL_H
#define HL_ENGINE_PARTIAL_H

#include "engine/tally.h"
#include "stats/tree.h"

/* Which trials a run plays: the first ones to learn about where asked values lie, all, and all again for those of the
 * asked values that were missed. */
enum hl_pass { HL_PASS_PILOT = 1, HL_PASS_ALL, HL_PASS_AGAIN };

/* Where a run is, and which part of all blocks it plays. */
struct hl_stage {
    enum hl_pass pass;
    uint64_t trials; /* of all parts together; with `trials: auto` of the present round */
    uint64_t first;  /* the part's blocks of pass HL_PASS_ALL are [first, end) */
    uint64_t end;
    uint64_t next;  /* the pass's blocks below this one are played, from `first`, or from 0 in the other passes, on */
    uint32_t shard; /* 1 … shards; 0 = the run is no shard */
    uint32_t shards;
};

/* How the scenario was loaded, for whoever takes up the part. */
struct hl_origin {
    const char *path;
    const struct hl_setting *settings; /* [setting_count] */
    size_t setting_count;
};

/* What is written and read. The counts' workers are merged in, kept values are sorted. */
struct hl_partial {
    struct hl_stage stage;
    struct hl_tally *tally;
    struct hl_tree *tree;
    bool *missed; /* [slot_count] pass HL_PASS_AGAIN: the slots whose values are looked for again */
};

/* What stands at the beginning, in memory of `arena`. */
struct hl_partial_head {
    char fingerprint[65];
    uint64_t seed;
    uint64_t trials; /* that the scenario asks for */
    struct hl_origin origin;
    struct hl_stage stage;
};

/* Packs into *bytes, which the caller frees. */
HL_MUST_CHECK enum hl_status hl_partial_pack(char **bytes, size_t *size, const struct hl_partial *p,
                                             const struct hl_origin *origin, struct hl_error *err);

/* Is the part one of this scenario's run: of the same model, seed and number of trials? Else says what is not. */
HL_MUST_CHECK enum hl_status hl_partial_belongs(const struct hl_partial_head *head, const struct hl_scenario *s,
                                                const char *name, struct hl_error *err);

/* Unpacks into an empty tally and tree of the plan's layout. `name` is what faults name: bytes that are damaged, are of
 * another version of the program or of another plan are HL_INVALID. */
HL_MUST_CHECK enum hl_status hl_partial_unpack(struct hl_partial *p, const char *name, const char *bytes, size_t size,
                                               struct hl_error *err);

/* The head alone, of any plan; all bytes are checked. */
HL_MUST_CHECK enum hl_status hl_partial_head(struct hl_partial_head *head, struct hl_arena *arena, const char *name,
                                             const char *bytes, size_t size, struct hl_error *err);

/* The same to and from a file. */
enum { HL_PARTIAL_BYTES_MOST = 1 << 30 };
HL_MUST_CHECK enum hl_status hl_partial_write(const struct hl_partial *p, const struct hl_origin *origin,
                                              const char *folder, const char *name, struct hl_error *err);
HL_MUST_CHECK enum hl_status hl_partial_read(struct hl_partial *p, const char *path, struct hl_error *err);

/* Takes the part `from` into the whole: counts, kept values, which are sorted again, block means. They are of the same
 * plan and the same pass, over other blocks. The kept values of `from` go over: it is left without. */
HL_MUST_CHECK enum hl_status hl_partial_merge(struct hl_partial *into, const struct hl_partial *from,
                                              struct hl_error *err);

/* Unpacks and merges. */
HL_MUST_CHECK enum hl_status hl_partial_join(struct hl_partial *into, const char *name, const char *bytes, size_t size,
                                             struct hl_error *err);

/* Unpacks in the place of what is there. */
HL_MUST_CHECK enum hl_status hl_partial_replace(struct hl_partial *p, const char *name, const char *bytes, size_t size,
                                                struct hl_error *err);

/* Forgets what was counted and kept; what was laid, and the stage, stay. */
void hl_partial_clear(struct hl_partial *p);

#endif
