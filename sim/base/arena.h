/* Memory that lives as long as its owner: many small allocations, one free. */
#ifndef HL_BASE_ARENA_H
#define HL_BASE_ARENA_H

#include <stddef.h>

struct hl_arena_chunk;

/* A zeroed struct is an empty arena. */
struct hl_arena {
    struct hl_arena_chunk *chunks;
};

/* count × size zeroed bytes, aligned for any type (and to 64 bytes when the total is 64 or more); NULL when memory runs
 * out or the product overflows. A count of 0 gives a valid pointer. */
void *hl_arena_array(struct hl_arena *arena, size_t count, size_t size);

/* A copy of `text`; NULL when memory runs out. */
char *hl_arena_text(struct hl_arena *arena, const char *text);
char *hl_arena_format(struct hl_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Frees everything and zeroes the struct; safe on a zeroed one. */
void hl_arena_free(struct hl_arena *arena);

#endif
