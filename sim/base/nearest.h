/* The known name that somebody who mistyped probably meant. */
#ifndef HL_BASE_NEAREST_H
#define HL_BASE_NEAREST_H

#include <stddef.h>

/* The nearest of `known` [count] to `word` by Damerau-Levenshtein distance (insert, delete, replace a byte, swap two
 * neighbours, no byte edited twice); the first of equals. NULL when the nearest is further than a third of the word's
 * length + 1, when it shares no byte with the word, or when the word is longer than 63 bytes. */
const char *hl_nearest(const char *word, const char *const *known, size_t count);

#endif
