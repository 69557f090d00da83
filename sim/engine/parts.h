/* The files of a run that is played in parts: checkpoints, from which it goes on, and shards, which together are it. */
#ifndef HL_ENGINE_PARTS_H
#define HL_ENGINE_PARTS_H

#include "engine/partial.h"

/* What a run keeps in its folder beside results. */
struct hl_keep {
    const char *folder; /* made when there is something to write */
    double seconds;     /* from one checkpoint to the next; INFINITY = only when interrupted; NAN = never */
    bool resume;        /* go on from the checkpoint, if there is one */
    uint32_t shard;     /* 1 … shards: play this part of all blocks into its file; 0 = play all */
    uint32_t shards;
    struct hl_origin origin;
};

/* The name of the checkpoint, or of the file that a shard ends with. */
enum { HL_PART_NAME_MOST = 64 };
void hl_checkpoint_name(char name[HL_PART_NAME_MOST], const struct hl_keep *keep);
void hl_shard_name(char name[HL_PART_NAME_MOST], const struct hl_keep *keep);

/* Takes the checkpoint away, where there is one. */
void hl_checkpoint_remove(const struct hl_keep *keep);

/* Blocks [first, end) of `blocks` that a shard plays: equal parts, to a block. */
void hl_shard_range(const struct hl_keep *keep, uint64_t blocks, uint64_t *first, uint64_t *end);

/* The head of the part in a file, all of whose bytes are checked. */
HL_MUST_CHECK enum hl_status hl_part_head(struct hl_partial_head *head, struct hl_arena *arena, const char *path,
                                          struct hl_error *err);

/* Do the files hold every block of one run once? Each must be a shard that was played to its end, of this scenario.
 * Every file that is none, and every gap and overlap, is a fault of its own. */
HL_MUST_CHECK enum hl_status hl_parts_check(const char *const *paths, size_t count, const struct hl_scenario *s,
                                            struct hl_error *err);

#endif
