#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_BYTES = 4 << 10,         /* what the first chunk holds of small allocations; each one after it the double */
    CHUNK_BYTES = 64 << 10,        /* up to this */
    LARGE_BYTES = CHUNK_BYTES / 4, /* from here on an allocation gets a chunk of its own */
    CACHE_LINE_BYTES = 64,
};

struct hl_arena_chunk {
    struct hl_arena_chunk *next;
    size_t size; /* of bytes[] */
    size_t used;
    char bytes[];
};

/* A zeroed chunk, or NULL. */
static struct hl_arena_chunk *new_chunk(size_t size) {
    struct hl_arena_chunk *chunk = calloc(1, sizeof *chunk + size);
    if (chunk)
        chunk->size = size;
    return chunk;
}

/* How many bytes of the chunk to pass over so that the next one is aligned. */
static size_t padding(const struct hl_arena_chunk *chunk, size_t alignment) {
    size_t over = (uintptr_t)(chunk->bytes + chunk->used) % alignment;
    return over ? alignment - over : 0;
}

static void *take(struct hl_arena_chunk *chunk, size_t bytes, size_t alignment) {
    size_t start = chunk->used + padding(chunk, alignment);
    if (start > chunk->size || bytes > chunk->size - start)
        return NULL;
    chunk->used = start + bytes;
    return chunk->bytes + start;
}

static void *allocate(struct hl_arena *arena, size_t bytes, size_t alignment) {
    if (bytes == 0)
        bytes = 1;
    if (bytes > PTRDIFF_MAX - CHUNK_BYTES)
        return NULL;
    if (arena->chunks) {
        void *place = take(arena->chunks, bytes, alignment);
        if (place)
            return place;
    }
    if (arena->chunks && bytes >= LARGE_BYTES) { /* stands behind the first chunk, whose room stays in use */
        struct hl_arena_chunk *chunk = new_chunk(bytes + alignment);
        if (!chunk)
            return NULL;
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
        return take(chunk, bytes, alignment);
    }
    size_t size = FIRST_BYTES, least = bytes + alignment;
    if (arena->chunks)
        size = 2 * arena->chunks->size < CHUNK_BYTES ? 2 * arena->chunks->size : CHUNK_BYTES;
    struct hl_arena_chunk *chunk = new_chunk(size < least ? least : size);
    if (!chunk)
        return NULL;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return take(chunk, bytes, alignment);
}

void *hl_arena_array(struct hl_arena *arena, size_t count, size_t size) {
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return allocate(arena, bytes, bytes >= CACHE_LINE_BYTES ? CACHE_LINE_BYTES : alignof(max_align_t));
}

char *hl_arena_text(struct hl_arena *arena, const char *text) {
    size_t bytes = strlen(text) + 1;
    char *copy = allocate(arena, bytes, 1);
    if (copy)
        memcpy(copy, text, bytes);
    return copy;
}

char *hl_arena_format(struct hl_arena *arena, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return NULL;
    char *text = allocate(arena, (size_t)length + 1, 1);
    if (!text)
        return NULL;
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}

void hl_arena_free(struct hl_arena *arena) {
    for (struct hl_arena_chunk *chunk = arena->chunks; chunk;) {
        struct hl_arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    *arena = (struct hl_arena){0};
}
