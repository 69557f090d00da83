/* What a function that can fail returns, and what it says about the fault.
 *
 * Faults of the user's input are collected, all of them, in one `struct hl_error`; each names the file, the line,
 * the dotted key, the value found and what is allowed. Broken invariants of the program are asserts.
 */
#ifndef HL_BASE_STATUS_H
#define HL_BASE_STATUS_H

#include <stddef.h>
#include <stdio.h>

#define HL_MUST_CHECK __attribute__((warn_unused_result))
#define HL_PRINTF(format_index, first_index) __attribute__((format(printf, format_index, first_index)))

/* The values are the program's exit codes. */
enum hl_status {
    HL_OK = 0,          /* done */
    HL_FAILED = 1,      /* the run failed: memory, disk, a broken installation */
    HL_INVALID = 2,     /* the input is wrong */
    HL_INTERRUPTED = 3, /* stopped by the user's interrupt */
};

/* One fault. Strings are owned by the error that holds it; any of file, key and value may be NULL. */
struct hl_fault {
    char *file;
    int line;   /* 1-based; 0 = the whole file */
    int column; /* 1-based, in bytes; 0 = the whole line */
    char *key;  /* dotted, e.g. "breaches[1].count.poisson.rate" or "exchanges.csv: customer_fiat" */
    char *value;
    char *message; /* what is wrong and what is allowed */
};

/* A zeroed struct is an empty error. */
struct hl_error {
    enum hl_status status; /* the worst status of the faults; HL_OK when there is none */
    struct hl_fault *faults;
    size_t count;
    size_t capacity;
    size_t dropped; /* faults past HL_ERROR_MOST, counted but not kept */
};

#define HL_ERROR_MOST 200

/* Adds a fault of the input (HL_INVALID). file, key, value may be NULL; line and column 0 when unknown. */
void hl_error_add(struct hl_error *err, const char *file, int line, int column, const char *key, const char *value,
                  const char *format, ...) HL_PRINTF(7, 8);

/* Adds a fault without a place and returns `status`, so that a caller can write `return hl_fail(err, …)`. */
enum hl_status hl_fail(struct hl_error *err, enum hl_status status, const char *format, ...) HL_PRINTF(3, 4);

/* The status of running out of memory, with its message. */
static inline enum hl_status hl_fail_memory(struct hl_error *err) {
    (void)hl_fail(err, HL_FAILED, "out of memory");
    return HL_FAILED;
}

/* Prints every fault, one a line: `file:line:column: key = value: message`. Parts that are unknown are left out. */
void hl_error_print(const struct hl_error *err, FILE *out);

/* Frees the faults and zeroes the struct; safe on a zeroed one. */
void hl_error_free(struct hl_error *err);

#endif
