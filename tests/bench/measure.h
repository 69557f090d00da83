/* Whole processes, timed from start to end. */
#ifndef HL_TESTS_BENCH_MEASURE_H
#define HL_TESTS_BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

enum { ARGUMENTS_MOST = 24 };

/* A command, and what it did. */
struct process {
    const char *arguments[ARGUMENTS_MOST]; /* the last is NULL */
    int threads;                           /* for OpenMP: OMP_NUM_THREADS */
};

struct measured {
    double seconds; /* wall clock, all processes from the start of the first to the end of the last */
    double peak_mb; /* the largest resident set of one of them, in 2^20 bytes */
};

/* Runs `count` of the same process at once; what they print to standard output is dropped. False, after saying so, when
 * one fails. */
bool measure(struct measured *out, const struct process *p, int count);

/* The median of values[count], which are sorted. */
double median(double *values, size_t count);

#endif
