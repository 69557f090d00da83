/* Cells of a CSV table: quoted where they must be, a number in the fewest digits that read back as the same, an empty
 * cell where there is none. */
#ifndef HL_RESULTS_CSV_CELLS_H
#define HL_RESULTS_CSV_CELLS_H

#include "base/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A row being written. */
struct table {
    FILE *out;
    bool inside; /* a cell was written since the last end of row */
};

static inline void cell_text(struct table *t, const char *text) {
    if (t->inside)
        putc_unlocked(',', t->out);
    t->inside = true;
    if (!strpbrk(text, ",\"\r\n")) {
        fputs_unlocked(text, t->out);
        return;
    }
    putc_unlocked('"', t->out);
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            putc_unlocked('"', t->out);
        putc_unlocked(*c, t->out);
    }
    putc_unlocked('"', t->out);
}

static inline void cell_number(struct table *t, double value) {
    char text[HL_NUMBER_SIZE] = "";
    if (isfinite(value))
        hl_number_text(text, sizeof text, value);
    cell_text(t, text);
}

static inline void cell_count(struct table *t, uint64_t value) {
    char text[32];
    snprintf(text, sizeof text, "%" PRIu64, value);
    cell_text(t, text);
}

static inline void end_row(struct table *t) {
    putc_unlocked('\n', t->out);
    t->inside = false;
}

#endif
