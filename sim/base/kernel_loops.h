/* The kernels of hl_kernel that are the same source for every processor: the compiler puts several numbers beside each
 * other by itself, as many as the file that includes this is compiled for.
 */
#include "base/kernel.h"

static void take(const struct hl_taking *t, size_t count, double *size) {
    const struct hl_taking of = *t; /* size may not change it */
    if (of.share)
        for (size_t i = 0; i < count; i++)
            size[i] = hl_taken_share(&of, size[i]);
    else
        for (size_t i = 0; i < count; i++)
            size[i] = hl_taken_amount(&of, size[i]);
}

static void arrive(size_t count, const struct hl_words *words, uint16_t *restrict trials, double *restrict v) {
    for (size_t i = 0; i < count; i++) {
        trials[i] = (uint16_t)hl_place(words[i].word[0]);
        v[i] = hl_unit(words[i].word[1]);
    }
}
