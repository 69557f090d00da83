/* Tables whose rows stand in the scenario itself. */
#include "scenario/loading.h"

#include <string.h>

/* How many keys all rows have together, at most; -1 after adding the fault of a row that is no map of single values. */
static long count_keys(struct hl_reader *r, const struct hl_node *list, const char *path) {
    size_t before = hl_faults(r);
    long count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct hl_node *row = list->items[i];
        const char *row_path = hl_path_item(r, path, i);
        struct hl_place at = hl_node_place(r, row, row_path);
        if (row->kind != HL_NODE_MAP || row->count == 0) {
            hl_fault(r, &at, row->kind == HL_NODE_MAP ? "an empty map" : hl_node_words(row),
                     "must be a map of columns to values");
            continue;
        }
        for (size_t k = 0; k < row->count; k++, count++) {
            at = hl_node_place(r, row->items[k], hl_path(r, row_path, row->keys[k]));
            if (row->items[k]->kind != HL_NODE_SCALAR)
                hl_fault(r, &at, hl_node_words(row->items[k]), "must be one value");
        }
    }
    return hl_faults(r) == before ? count : -1;
}

static size_t column_of(const struct hl_csv_cell *header, size_t count, const char *name) {
    size_t column = 0;
    while (column < count && strcmp(header[column].text, name) != 0)
        column++;
    return column;
}

/* The keys of all rows, each where it stands first. */
static size_t make_header(const struct hl_node *list, struct hl_csv_cell *header) {
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct hl_node *row = list->items[i];
        for (size_t k = 0; k < row->count; k++)
            if (column_of(header, count, row->keys[k]) == count)
                header[count++] = (struct hl_csv_cell){row->keys[k], row->key_lines[k], row->key_columns[k]};
    }
    return count;
}

bool hl_inline_read(struct hl_reader *r, const struct hl_node *list, const char *path, struct hl_csv *out) {
    struct hl_place at = hl_node_place(r, list, path);
    if (list->count == 0) {
        hl_fault(r, &at, "an empty list", "the table has no rows");
        return false;
    }
    long most = count_keys(r, list, path);
    struct hl_csv_cell *header = most < 0 ? NULL : hl_reader_array(r, r->scratch, (size_t)most, sizeof *header);
    if (header == NULL)
        return false;
    size_t columns = make_header(list, header);
    struct hl_csv_cell *cells = hl_reader_array(r, r->scratch, list->count * columns, sizeof *cells);
    if (cells == NULL)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        const struct hl_node *row = list->items[i];
        for (size_t c = 0; c < columns; c++)
            cells[i * columns + c] = (struct hl_csv_cell){"", row->line, row->column};
        for (size_t k = 0; k < row->count; k++) {
            const struct hl_node *value = row->items[k];
            cells[i * columns + column_of(header, columns, row->keys[k])] =
                (struct hl_csv_cell){value->text, value->line, value->column};
        }
    }
    *out = (struct hl_csv){at.file, columns, list->count, header, cells};
    return true;
}
