#include "base/csv.h"

#include "base/text.h"

#include <csv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No table of a scenario is anywhere near this wide. */
enum { COLUMNS_MOST = 1000 };

struct place {
    int line;
    int column;
};

/* libcsv has no positions: it gets one byte at a time, and the place of that byte is kept here. */
struct reader {
    struct hl_arena *arena;
    struct hl_csv *table;
    struct hl_error *err;
    struct hl_csv_cell *cells; /* [capacity], full rows and the row being read */
    size_t capacity;
    size_t used;       /* cells of the full rows */
    size_t row_cells;  /* cells of the row being read, kept or not */
    size_t row_most;   /* cells of it that are kept */
    struct place row;  /* its first cell, or the first that is too many */
    struct place here; /* the byte in hand */
    bool in_cell;      /* a first byte was seen that is not blank */
    bool cell_is_quoted;
    struct place cell; /* that byte */
    bool took_cell;    /* libcsv ended a cell at the byte in hand */
    bool in_comment;
    size_t fault_count;
    bool stopped; /* there is no reading on: the reason is noted */
};

static void add_fault(struct reader *reader, struct place place, const char *value, const char *message) {
    reader->fault_count++;
    hl_error_add(reader->err, reader->table->file, place.line, place.column, NULL, value, "%s", message);
}

static void stop_for_memory(struct reader *reader) {
    reader->stopped = true;
    reader->fault_count++;
    (void)hl_fail_memory(reader->err);
}

/* Makes room for one more cell of the row being read. */
static bool make_room(struct reader *reader) {
    size_t used = reader->used + reader->row_cells;
    if (used < reader->capacity)
        return true;
    size_t capacity = reader->capacity ? 2 * reader->capacity : 256;
    struct hl_csv_cell *cells = hl_arena_array(reader->arena, capacity, sizeof *cells);
    if (!cells)
        return false;
    if (used)
        memcpy(cells, reader->cells, used * sizeof *cells);
    reader->cells = cells;
    reader->capacity = capacity;
    return true;
}

/* libcsv's end of a cell. */
static void end_cell(void *text, size_t size, void *data) {
    struct reader *reader = data;
    (void)size; /* there is no NUL in it, and one behind it */
    reader->took_cell = true;
    if (reader->stopped)
        return;
    if (reader->row_cells == 0 || reader->row_cells == reader->row_most)
        reader->row = reader->cell;
    if (reader->row_cells < reader->row_most) {
        const char *copy = text ? hl_arena_text(reader->arena, text) : "";
        if (!copy || !make_room(reader)) {
            stop_for_memory(reader);
            return;
        }
        reader->cells[reader->used + reader->row_cells] =
            (struct hl_csv_cell){copy, reader->cell.line, reader->cell.column};
    }
    reader->row_cells++;
}

/* Checks the names of the columns. */
static void check_header(struct reader *reader) {
    const struct hl_csv *table = reader->table;
    for (size_t i = 0; i < table->column_count; i++) {
        const struct hl_csv_cell *name = &table->header[i];
        struct place place = {name->line, name->column};
        if (!*name->text)
            add_fault(reader, place, NULL, "a column has no name");
        for (size_t j = 0; j < i && *name->text; j++) {
            if (strcmp(table->header[j].text, name->text) != 0)
                continue;
            char message[80];
            snprintf(message, sizeof message, "the column is given twice; the first is at line %d, column %d",
                     table->header[j].line, table->header[j].column);
            add_fault(reader, place, name->text, message);
            break;
        }
    }
}

static void take_header(struct reader *reader) {
    if (reader->row_cells > reader->row_most) {
        add_fault(reader, reader->row, NULL, "the header has more than 1000 columns");
        reader->stopped = true;
        return;
    }
    reader->table->column_count = reader->row_cells;
    reader->table->header = reader->cells;
    reader->row_most = reader->row_cells;
    reader->cells = NULL; /* the rows get an array of their own */
    reader->capacity = 0;
    check_header(reader);
}

/* libcsv's end of a row. */
static void end_row(int byte, void *data) {
    struct reader *reader = data;
    (void)byte;
    if (reader->stopped)
        return;
    if (!reader->table->header) {
        take_header(reader);
    } else if (reader->row_cells != reader->table->column_count) {
        char message[100];
        snprintf(message, sizeof message, "the row has %zu cell%s where the header has %zu", reader->row_cells,
                 reader->row_cells == 1 ? "" : "s", reader->table->column_count);
        add_fault(reader, reader->row, NULL, message);
    } else {
        reader->used += reader->row_cells;
        reader->table->row_count++;
    }
    reader->row_cells = 0;
}

/* Adds what libcsv found wrong at the byte in hand. */
static void stop_for_quotes(struct reader *reader) {
    char message[160] =
        "a quote in a cell that does not begin with one: quote the whole cell and double the quotes in it";
    if (reader->cell_is_quoted)
        snprintf(message, sizeof message,
                 "text after the closing quote of the cell that begins at line %d, column %d: "
                 "quotes in a quoted cell are doubled",
                 reader->cell.line, reader->cell.column);
    add_fault(reader, reader->here, NULL, message);
    reader->stopped = true;
}

/* Gives libcsv the byte in hand, or passes over it in a comment. */
static void feed(struct reader *reader, struct csv_parser *parser, char byte) {
    bool is_newline = byte == '\n' || byte == '\r';
    if (reader->in_comment) {
        reader->in_comment = !is_newline;
        return;
    }
    if (!reader->in_cell && byte != ' ' && byte != '\t') {
        reader->in_comment = byte == '#' && reader->row_cells == 0;
        if (reader->in_comment)
            return;
        reader->in_cell = true;
        reader->cell_is_quoted = byte == '"';
        reader->cell = reader->here;
    }
    reader->took_cell = false;
    if (csv_parse(parser, &byte, 1, end_cell, end_row, reader) != 1) {
        if (csv_error(parser) == CSV_EPARSE)
            stop_for_quotes(reader);
        else
            stop_for_memory(reader);
    }
    bool is_blank_row = is_newline && !reader->cell_is_quoted;
    if (reader->took_cell || is_blank_row)
        reader->in_cell = false;
}

static void read_rows(struct reader *reader, struct csv_parser *parser, const char *bytes, size_t size) {
    for (size_t i = 0; i < size && !reader->stopped; i++) {
        feed(reader, parser, bytes[i]);
        reader->here.column++;
        if (bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == size || bytes[i + 1] != '\n')))
            reader->here = (struct place){reader->here.line + 1, 1};
    }
    if (reader->stopped)
        return;
    if (!reader->in_cell)
        reader->cell = reader->here;
    if (csv_fini(parser, end_cell, end_row, reader) != 0) {
        if (csv_error(parser) == CSV_EPARSE)
            add_fault(reader, reader->cell, NULL, "a quote that is never closed");
        else
            stop_for_memory(reader);
    } else if (!reader->table->header && !reader->stopped) {
        add_fault(reader, (struct place){0}, NULL, "the table has no header row");
    }
}

/* Refuses bytes that are no text; true when they can be read on. */
static bool check_bytes(struct reader *reader, const char *bytes, size_t size) {
    size_t at = 0;
    if (size > HL_CSV_BYTES) {
        add_fault(reader, (struct place){0}, NULL, "the file is too large: 64 MiB are allowed");
        return false;
    }
    const char *fault = hl_text_fault(bytes, size, &at);
    if (!fault)
        return true;
    struct place place;
    hl_text_place(bytes, at, &place.line, &place.column);
    add_fault(reader, place, NULL, fault);
    return false;
}

enum hl_status hl_csv_read(struct hl_csv *out, struct hl_arena *arena, const char *file, const char *bytes, size_t size,
                           struct hl_error *err) {
    size_t mark = hl_text_mark(bytes, size);
    *out = (struct hl_csv){.file = hl_arena_text(arena, file)};
    if (!out->file)
        return hl_fail_memory(err);
    struct reader reader = {
        .arena = arena, .table = out, .err = err, .row_most = COLUMNS_MOST, .here = {.line = 1, .column = 1}};
    if (check_bytes(&reader, bytes + mark, size - mark)) {
        struct csv_parser parser;
        if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL | CSV_EMPTY_IS_NULL) != 0)
            return hl_fail_memory(err);
        read_rows(&reader, &parser, bytes + mark, size - mark);
        csv_free(&parser);
    }
    out->cells = reader.cells;
    if (reader.fault_count == 0)
        return HL_OK;
    return err->status == HL_FAILED ? HL_FAILED : HL_INVALID;
}
