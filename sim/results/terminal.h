/* Lines of the terminal, in 80 columns whatever the script. */
#ifndef HL_RESULTS_TERMINAL_H
#define HL_RESULTS_TERMINAL_H

#include "results/words.h"

#include <stdio.h>

enum {
    HL_WIDTH = 80,
    HL_NAME_WIDTH = 18,
    HL_EXCHANGE_WIDTH = 14,
    HL_ORIGIN_WIDTH = 24,
    HL_CELL_WIDTH = 29,
    HL_LABEL_WIDTH = 29
};

/* Prints `text`, broken between words into lines of HL_WIDTH columns, each `indent` deep. */
void hl_print_wrapped(FILE *out, int indent, const char *text);

/* The same of a format. */
void hl_print_sentence(FILE *out, int indent, const char *format, ...) HL_PRINTF(3, 4);

/* Prints `text` in exactly `width` columns, cut with a tilde when it is longer. */
void hl_print_padded(FILE *out, const char *text, int width);

/* One line: a label and one wide or two narrow cells. */
void hl_print_line(FILE *out, const char *label, const char *first, const char *second);

/* A label and a figure with its interval. */
void hl_print_row(FILE *out, const char *label, const struct hl_row *row, enum hl_measure measure);

/* A label and the same figure on both bases. */
void hl_print_pair(FILE *out, const char *label, const struct hl_row *earmarked, const struct hl_row *all,
                   enum hl_measure measure);

/* The same, looked up. */
void hl_print_bases(FILE *out, const struct hl_result *r, uint32_t entity, const char *label, uint16_t policy,
                    uint16_t outer, enum hl_perspective perspective, enum hl_metric metric, double level,
                    enum hl_measure measure);

/* The heads of the two bases. */
void hl_print_bases_head(FILE *out);

/* An empty line and the heading of a block. */
void hl_print_heading(FILE *out, const char *heading);

/* A figure alone, for narrow columns; "-" where there is none. Returns `out`. */
const char *hl_print_short_words(char *out, size_t size, const struct hl_row *row, enum hl_measure measure);

/* What only a result of several exchanges has: one by one, several at once, and who stands behind each vendor. */
void hl_print_system(FILE *out, const struct hl_result *r, uint32_t system);

#endif
