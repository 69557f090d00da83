/* What the baselines share: they are what a competent engineer writes with GSL in an afternoon, one generator for each
 * thread, every year kept, and quantiles by quickselect instead of a sort. Plain -O3, no part of hackloss. */
#ifndef HL_TESTS_BENCH_BASELINE_H
#define HL_TESTS_BENCH_BASELINE_H

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

/* The number of years: the first argument, or the standard one. */
static inline long years_of(int argc, char **argv, long standard) { return argc > 1 ? atol(argv[1]) : standard; }

/* Zeroed; ends the program when there is no memory. */
static inline double *array_of(size_t count) {
    double *a = calloc(count, sizeof *a);
    if (a == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return a;
}

static inline gsl_rng *generator_of_thread(void) {
    gsl_rng *r = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(r, 1000 + (unsigned long)omp_get_thread_num());
    return r;
}

static inline double least(double a, double b) { return a < b ? a : b; }

/* Puts the k-th smallest of a[low..high] at a[k], smaller ones before it and larger ones after it. */
static inline void select_rank(double *a, long low, long high, long k) {
    while (low < high) {
        double pivot = a[low + (high - low) / 2];
        long i = low, j = high;
        while (i <= j) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i <= j) {
                double swapped = a[i];
                a[i++] = a[j];
                a[j--] = swapped;
            }
        }
        if (k <= j)
            high = j;
        else if (k >= i)
            low = i;
        else
            return;
    }
}

/* Prints the mean, VaR and TVaR at three levels and P(> reserve); a is partly sorted. */
static inline void print_metrics(const char *name, double *a, long n, double reserve) {
    static const double levels[] = {0.99, 0.995, 0.999};
    double sum = 0;
    long above = 0, low = 0;
    for (long i = 0; i < n; i++) {
        sum += a[i];
        above += a[i] > reserve;
    }
    printf("%s mean %.6e", name, sum / (double)n);
    for (size_t k = 0; k < sizeof levels / sizeof *levels; k++) {
        long rank = (long)ceil(levels[k] * (double)n) - 1;
        double tail = 0;
        select_rank(a, low, n - 1, rank);
        for (long i = rank + 1; i < n; i++)
            tail += a[i];
        printf(" VaR%.1f %.5e TVaR %.5e", 100 * levels[k], a[rank], tail / (double)(n - 1 - rank));
        low = rank;
    }
    printf(" P(>R) %.6e\n", (double)above / (double)n);
}

#endif
