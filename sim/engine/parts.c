#include "engine/parts.h"

#include "base/file.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void hl_checkpoint_name(char name[HL_PART_NAME_MOST], const struct hl_keep *keep) {
    if (keep->shards == 0)
        snprintf(name, HL_PART_NAME_MOST, "checkpoint.hackloss");
    else
        snprintf(name, HL_PART_NAME_MOST, "checkpoint-%u-of-%u.hackloss", keep->shard, keep->shards);
}

void hl_shard_name(char name[HL_PART_NAME_MOST], const struct hl_keep *keep) {
    snprintf(name, HL_PART_NAME_MOST, "shard-%u-of-%u.hackloss", keep->shard, keep->shards);
}

void hl_checkpoint_remove(const struct hl_keep *keep) {
    char name[HL_PART_NAME_MOST], path[4096];
    hl_checkpoint_name(name, keep);
    if (snprintf(path, sizeof path, "%s/%s", keep->folder, name) < (int)sizeof path)
        unlink(path);
}

void hl_shard_range(const struct hl_keep *keep, uint64_t blocks, uint64_t *first, uint64_t *end) {
    assert(keep->shard >= 1 && keep->shard <= keep->shards);
    *first = (uint64_t)((hl_wide)blocks * (keep->shard - 1) / keep->shards);
    *end = (uint64_t)((hl_wide)blocks * keep->shard / keep->shards);
}

enum hl_status hl_part_head(struct hl_partial_head *head, struct hl_arena *arena, const char *path,
                            struct hl_error *err) {
    struct hl_arena whole = {0}; /* what is not the head is let go of */
    char *bytes = NULL;
    size_t size = 0;
    enum hl_status status = hl_file_read(&bytes, &size, &whole, path, HL_PARTIAL_BYTES_MOST, err);
    if (status == HL_OK)
        status = hl_partial_head(head, arena, path, bytes, size, err);
    hl_arena_free(&whole);
    return status;
}

/* A file and the blocks that it holds. */
struct held {
    const char *path;
    struct hl_stage stage;
};

static int by_first(const void *a, const void *b) {
    const struct held *x = a, *y = b;
    if (x->stage.first != y->stage.first)
        return x->stage.first < y->stage.first ? -1 : 1;
    return (x->stage.end > y->stage.end) - (x->stage.end < y->stage.end);
}

static bool ended(const struct hl_stage *s) { return s->pass == HL_PASS_ALL && s->next == s->end; }

/* Reads one file's range; what is wrong with it goes into `err`. */
static void look_at(struct held *held, const char *path, const struct hl_scenario *s, struct hl_error *err) {
    struct hl_arena arena = {0};
    struct hl_partial_head head;
    *held = (struct held){.path = path};
    if (hl_part_head(&head, &arena, path, err) == HL_OK) {
        held->stage = head.stage;
        if (hl_partial_belongs(&head, s, path, err) == HL_OK && !ended(&head.stage))
            hl_error_add(err, path, 0, 0, NULL, NULL, "was not played to its end: go on with it first (--resume)");
    }
    hl_arena_free(&arena);
}

static void name_gap(uint64_t from, uint64_t to, const struct hl_stage *any, struct hl_error *err) {
    struct hl_keep keep = {.shards = any->shards};
    uint64_t first, end, blocks = (any->trials + HL_BLOCK_TRIALS - 1) / HL_BLOCK_TRIALS;
    for (keep.shard = 1; keep.shard <= keep.shards; keep.shard++) {
        hl_shard_range(&keep, blocks, &first, &end);
        if (first == end || first != from || end > to)
            continue;
        hl_fail(err, HL_INVALID, "shard %u of %u is missing", keep.shard, keep.shards);
        from = end;
    }
    if (from < to)
        hl_fail(err, HL_INVALID, "blocks %ju to %ju are in no file", (uintmax_t)from, (uintmax_t)to - 1);
}

/* The files are in order of their first block. */
static void see_that_all_is_there(const struct held *held, size_t count, struct hl_error *err) {
    uint64_t upto = 0, blocks = (held[0].stage.trials + HL_BLOCK_TRIALS - 1) / HL_BLOCK_TRIALS;
    const char *last = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct hl_stage *s = &held[i].stage;
        if (s->first == s->end) /* more shards than blocks */
            continue;
        if (s->first < upto)
            hl_error_add(err, held[i].path, 0, 0, NULL, NULL, "holds blocks %ju to %ju, which are in %s too",
                         (uintmax_t)s->first, (uintmax_t)(s->end < upto ? s->end : upto) - 1, last);
        else if (s->first > upto)
            name_gap(upto, s->first, s, err);
        if (s->end > upto) {
            upto = s->end;
            last = held[i].path;
        }
    }
    if (upto < blocks)
        name_gap(upto, blocks, &held[0].stage, err);
}

enum hl_status hl_parts_check(const char *const *paths, size_t count, const struct hl_scenario *s,
                              struct hl_error *err) {
    assert(count > 0);
    struct hl_error found = {0};
    struct held *held = calloc(count, sizeof *held);
    if (held == NULL)
        return hl_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        look_at(&held[i], paths[i], s, &found);
    if (found.status == HL_OK) {
        qsort(held, count, sizeof *held, by_first);
        see_that_all_is_there(held, count, &found);
    }
    free(held);
    hl_error_free(err);
    *err = found;
    return found.status;
}
