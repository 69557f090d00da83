#include "results/terminal.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

/* How many columns the character that starts at `c` takes: two for the wide scripts, none inside a character. */
static int columns_of(const char *c) {
    unsigned char byte = (unsigned char)*c;
    if ((byte & 0xC0) == 0x80)
        return 0;
    if (byte < 0xE1 || (byte == 0xE1 && (unsigned char)c[1] < 0x84))
        return 1;
    return byte == 0xE2 && (unsigned char)c[1] < 0xBA ? 1 : 2;
}

static int width_of(const char *text) {
    int width = 0;
    for (; *text; text++)
        width += columns_of(text);
    return width;
}

/* How many bytes of `text` fit into `columns`, whole characters only. */
static int bytes_within(const char *text, int columns) {
    int bytes = 0;
    int width = 0;
    while (text[bytes]) {
        width += columns_of(text + bytes);
        if (width > columns)
            break;
        bytes++;
    }
    return bytes;
}

void hl_print_wrapped(FILE *out, int indent, const char *text) {
    while (*text == ' ')
        text++;
    while (*text) {
        int bytes = bytes_within(text, HL_WIDTH - indent);
        if (text[bytes]) {
            int space = bytes;
            while (space > 0 && text[space] != ' ')
                space--;
            if (space > 0)
                bytes = space;
        }
        fprintf(out, "%*s%.*s\n", indent, "", bytes, text);
        text += bytes;
        while (*text == ' ')
            text++;
    }
}

void hl_print_sentence(FILE *out, int indent, const char *format, ...) {
    char text[2 * HL_SENTENCE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    hl_print_wrapped(out, indent, text);
}

void hl_print_padded(FILE *out, const char *text, int width) {
    int bytes = bytes_within(text, width);
    if (text[bytes]) {
        bytes = bytes_within(text, width - 1);
        fprintf(out, "%.*s~", bytes, text);
        bytes = -1;
    } else {
        fputs(text, out);
    }
    int used = bytes < 0 ? width : width_of(text);
    fprintf(out, "%*s", width - used, "");
}

void hl_print_line(FILE *out, const char *label, const char *first, const char *second) {
    fputs("  ", out);
    hl_print_padded(out, label, second ? HL_NAME_WIDTH : HL_LABEL_WIDTH);
    fputc(' ', out);
    if (second && second[0]) {
        hl_print_padded(out, first, HL_CELL_WIDTH);
        fprintf(out, " %.*s\n", bytes_within(second, HL_CELL_WIDTH), second);
    } else {
        fprintf(out, "%s\n", first);
    }
}

void hl_print_row(FILE *out, const char *label, const struct hl_row *row, enum hl_measure measure) {
    char cell[HL_WORDS_SIZE];
    hl_words_row(cell, sizeof cell, row, measure);
    hl_print_line(out, label, cell, NULL);
}

void hl_print_pair(FILE *out, const char *label, const struct hl_row *earmarked, const struct hl_row *all,
                   enum hl_measure measure) {
    char first[HL_WORDS_SIZE];
    char second[HL_WORDS_SIZE];
    hl_words_row(first, sizeof first, earmarked, measure);
    hl_words_row(second, sizeof second, all, measure);
    hl_print_line(out, label, first, second);
}

void hl_print_bases(FILE *out, const struct hl_result *r, uint32_t entity, const char *label, uint16_t policy,
                    uint16_t outer, enum hl_perspective perspective, enum hl_metric metric, double level,
                    enum hl_measure measure) {
    hl_print_pair(out, label, hl_row_of(r, policy, outer, entity, HL_BASIS_EARMARKED, perspective, metric, level),
                  hl_row_of(r, policy, outer, entity, HL_BASIS_ALL, perspective, metric, level), measure);
}

void hl_print_bases_head(FILE *out) {
    hl_print_line(out, "", hl_basis_words[HL_BASIS_EARMARKED], hl_basis_words[HL_BASIS_ALL]);
}

void hl_print_heading(FILE *out, const char *heading) { fprintf(out, "\n%s\n", heading); }

const char *hl_print_short_words(char *out, size_t size, const struct hl_row *row, enum hl_measure measure) {
    snprintf(out, size, "-");
    if (row && isfinite(row->value) && measure == HL_MEASURE_MONEY)
        hl_words_money(out, size, row->value);
    else if (row && isfinite(row->value))
        hl_words_percent(out, size, row->value);
    return out;
}
