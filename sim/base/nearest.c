#include "base/nearest.h"

#include <string.h>

enum { LENGTH_MOST = 63 };

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* The distance of two words of at most LENGTH_MOST bytes. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t rows[LENGTH_MOST + 1][LENGTH_MOST + 1]; /* [i][j]: between the first i bytes of a and the first j of b */
    for (size_t i = 0; i <= a_length; i++)
        rows[i][0] = i;
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            rows[i][j] = least(replaced, least(rows[i - 1][j], rows[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                rows[i][j] = least(rows[i][j], rows[i - 2][j - 2] + 1);
        }
    }
    return rows[a_length][b_length];
}

const char *hl_nearest(const char *word, const char *const *known, size_t count) {
    size_t length = strlen(word);
    if (length > LENGTH_MOST)
        return NULL;
    const char *nearest = NULL;
    size_t nearest_distance = length / 3 + 2; /* one more than is allowed */
    for (size_t i = 0; i < count; i++) {
        size_t known_length = strlen(known[i]);
        if (known_length > LENGTH_MOST)
            continue;
        size_t found = distance(word, length, known[i], known_length);
        size_t longer = length > known_length ? length : known_length;
        if (found < nearest_distance && found < longer) { /* as far as the longer is long: nothing in common */
            nearest = known[i];
            nearest_distance = found;
        }
    }
    return nearest;
}
