#include "base/status.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Values longer than this many bytes are cut when printed. */
enum { VALUE_BYTES_PRINTED = 80 };

/* Which of two statuses decides the exit code: a failure of the program, then wrong input, then an interrupt. */
static int severity(enum hl_status status) {
    switch (status) {
    case HL_OK:
        return 0;
    case HL_INTERRUPTED:
        return 1;
    case HL_INVALID:
        return 2;
    case HL_FAILED:
        return 3;
    }
    assert(0 && "not a status");
    return 3;
}

static void raise_status(struct hl_error *err, enum hl_status status) {
    if (severity(status) > severity(err->status))
        err->status = status;
}

/* A copy, or NULL for NULL and when memory runs out. */
static char *copy_or_null(const char *text) { return text ? strdup(text) : NULL; }

/* A place for one more fault, zeroed; NULL when there is none: the fault is then counted as dropped. */
static struct hl_fault *new_fault(struct hl_error *err) {
    if (err->count == HL_ERROR_MOST) {
        err->dropped++;
        return NULL;
    }
    if (err->count == err->capacity) {
        size_t capacity = err->capacity ? 2 * err->capacity : 8;
        struct hl_fault *faults = realloc(err->faults, capacity * sizeof *faults);
        if (!faults) {
            err->dropped++;
            return NULL;
        }
        err->faults = faults;
        err->capacity = capacity;
    }
    struct hl_fault *fault = &err->faults[err->count++];
    *fault = (struct hl_fault){0};
    return fault;
}

static char *format_message(const char *format, va_list arguments) HL_PRINTF(1, 0);

static char *format_message(const char *format, va_list arguments) {
    char *message = NULL;
    return vasprintf(&message, format, arguments) < 0 ? NULL : message;
}

void hl_error_add(struct hl_error *err, const char *file, int line, int column, const char *key, const char *value,
                  const char *format, ...) {
    assert(err && line >= 0 && column >= 0);
    raise_status(err, HL_INVALID);
    struct hl_fault *fault = new_fault(err);
    if (!fault)
        return;
    fault->file = copy_or_null(file);
    fault->line = line;
    fault->column = column;
    fault->key = copy_or_null(key);
    fault->value = copy_or_null(value);
    va_list arguments;
    va_start(arguments, format);
    fault->message = format_message(format, arguments);
    va_end(arguments);
}

enum hl_status hl_fail(struct hl_error *err, enum hl_status status, const char *format, ...) {
    assert(err && status != HL_OK);
    raise_status(err, status);
    struct hl_fault *fault = new_fault(err);
    if (!fault)
        return status;
    va_list arguments;
    va_start(arguments, format);
    fault->message = format_message(format, arguments);
    va_end(arguments);
    return status;
}

/* Whether the character at `text` would command a terminal rather than show: C0, DEL, and C1 in UTF-8. */
static bool is_control(const char *text) {
    unsigned char byte = (unsigned char)text[0];
    unsigned char next = byte ? (unsigned char)text[1] : 0;
    return byte < 0x20 || byte == 0x7f || (byte == 0xc2 && next >= 0x80 && next < 0xa0);
}

/* Prints at most `most` bytes of `text`, whole characters, with control characters as \x1b. */
static void print_safely(const char *text, size_t most, FILE *out) {
    for (size_t i = 0; text[i]; i++) {
        bool continues = ((unsigned char)text[i] & 0xc0) == 0x80;
        if (i >= most && !continues) {
            fputs("...", out);
            return;
        }
        if (is_control(text + i))
            fprintf(out, "\\x%02x", (unsigned char)text[i]);
        else
            fputc(text[i], out);
    }
}

static void print_fault(const struct hl_fault *fault, FILE *out) {
    if (fault->file) {
        print_safely(fault->file, SIZE_MAX, out);
        if (fault->line > 0)
            fprintf(out, ":%d", fault->line);
        if (fault->line > 0 && fault->column > 0)
            fprintf(out, ":%d", fault->column);
        fputs(": ", out);
    }
    if (fault->key)
        print_safely(fault->key, SIZE_MAX, out);
    if (fault->value) {
        fputs(fault->key ? " = " : "", out);
        print_safely(fault->value, VALUE_BYTES_PRINTED, out);
    }
    if (fault->key || fault->value)
        fputs(": ", out);
    print_safely(fault->message ? fault->message : "out of memory", SIZE_MAX, out);
    fputc('\n', out);
}

void hl_error_print(const struct hl_error *err, FILE *out) {
    for (size_t i = 0; i < err->count; i++)
        print_fault(&err->faults[i], out);
    if (err->count == 0 && err->dropped > 0) /* there was no memory for a single one */
        fputs("out of memory\n", out);
    else if (err->dropped > 0)
        fprintf(out, "and %zu more\n", err->dropped);
}

void hl_error_free(struct hl_error *err) {
    for (size_t i = 0; i < err->count; i++) {
        free(err->faults[i].file);
        free(err->faults[i].key);
        free(err->faults[i].value);
        free(err->faults[i].message);
    }
    free(err->faults);
    *err = (struct hl_error){0};
}
