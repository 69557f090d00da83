/* CSV tables through libcsv, with the place of every cell.
 *
 * A byte-order mark and CRLF are accepted, blank rows and rows that start with # are skipped, quotes as in RFC 4180.
 * Refused, each with its place: NUL bytes, invalid UTF-8, unbalanced quotes, rows with more or fewer cells than the
 * header, doubled or empty column names, files over HL_CSV_BYTES, no header.
 */
#ifndef HL_BASE_CSV_H
#define HL_BASE_CSV_H

#include "base/arena.h"
#include "base/status.h"

#include <stddef.h>

enum { HL_CSV_BYTES = 64 << 20 };

struct hl_csv_cell {
    const char *text; /* "" when empty; surrounding blanks removed unless quoted */
    int line;         /* 1-based, of the cell's first byte */
    int column;       /* 1-based, in bytes */
};

struct hl_csv {
    const char *file;
    size_t column_count;
    size_t row_count;                 /* without the header */
    const struct hl_csv_cell *header; /* [column_count] */
    const struct hl_csv_cell *cells;  /* [row_count][column_count] */
};

/* Reads `size` bytes of CSV; the table lives in `arena`. All faults go into `err`; with
 * HL_INVALID the table has the rows that are whole, so that their cells can be checked in the same pass. */
HL_MUST_CHECK enum hl_status hl_csv_read(struct hl_csv *out, struct hl_arena *arena, const char *file,
                                         const char *bytes, size_t size, struct hl_error *err);

#endif
