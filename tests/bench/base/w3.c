/* Baseline of W3: w3.yaml says what it is. */
#include "baseline.h"

enum { EXCHANGES = 30, VENDORS = 5, PERIODS = 10, ALL = EXCHANGES };

/* What all years come to: sums and largest breaches of each exchange, and last of all together. */
struct years {
    long count;
    double held[EXCHANGES];
    double *sum[EXCHANGES + 1]; /* [count] */
    double *largest[EXCHANGES + 1];
};

static void add(struct years *y, int exchange, long year, double x) {
    y->sum[exchange][year] += x;
    if (x > y->largest[exchange][year])
        y->largest[exchange][year] = x;
}

/* A vendor's breach hits each of its clients, every exchange with (e + 3 v) mod 5 < 2, with 35 %. */
static void breach_vendor(struct years *y, const gsl_rng *r, int vendor, long year) {
    double all = 0;
    for (int e = 0; e < EXCHANGES; e++)
        if ((e + 3 * vendor) % 5 < 2 && gsl_rng_uniform(r) < 0.35) {
            double x = y->held[e] * gsl_ran_beta(r, 0.9, 3);
            add(y, e, year, x);
            all += x;
        }
    add(y, ALL, year, all);
}

static void play_year(struct years *y, const gsl_rng *r, long year) {
    static const double rates[VENDORS] = {0.02, 0.04, 0.06, 0.08, 0.1};
    for (int v = 0; v < VENDORS; v++)
        for (unsigned k = gsl_ran_poisson(r, rates[v]); k > 0; k--)
            breach_vendor(y, r, v, year);
    for (int e = 0; e < EXCHANGES; e++)
        for (unsigned k = gsl_ran_poisson(r, 0.04); k > 0; k--) {
            double x = least(gsl_ran_lognormal(r, 16, 1.8), y->held[e]);
            add(y, e, year, x);
            add(y, ALL, year, x);
        }
}

/* The losses of the return periods; a is partly sorted. */
static void read_curve(double *a, long n, double losses[PERIODS]) {
    static const double periods[PERIODS] = {10, 20, 50, 100, 200, 250, 500, 1000, 5000, 10000};
    long low = 0;
    for (int k = 0; k < PERIODS; k++) {
        long rank = (long)ceil((1 - 1 / periods[k]) * (double)n - 1e-9) - 1;
        select_rank(a, low, n - 1, rank);
        losses[k] = a[rank];
        low = rank;
    }
}

static void print_curve(const char *name, int exchange, const double losses[PERIODS]) {
    printf("%s %d", name, exchange);
    for (int k = 0; k < PERIODS; k++)
        printf(" %.4e", losses[k]);
    putchar('\n');
}

int main(int argc, char **argv) {
    static struct years y;
    static double curves[2][EXCHANGES + 1][PERIODS];
    y.count = years_of(argc, argv, 1000000);
    for (int e = 0; e <= EXCHANGES; e++) {
        y.sum[e] = array_of((size_t)y.count);
        y.largest[e] = array_of((size_t)y.count);
    }
    for (int e = 0; e < EXCHANGES; e++)
        y.held[e] = 1e8 * pow(1.12, e);
#pragma omp parallel
    {
        gsl_rng *r = generator_of_thread();
#pragma omp for
        for (long i = 0; i < y.count; i++)
            play_year(&y, r, i);
        gsl_rng_free(r);
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (int e = 0; e <= EXCHANGES; e++) {
        read_curve(y.sum[e], y.count, curves[0][e]);
        read_curve(y.largest[e], y.count, curves[1][e]);
    }
    for (int e = 0; e <= EXCHANGES; e++) {
        print_curve("AEP", e, curves[0][e]);
        print_curve("OEP", e, curves[1][e]);
        free(y.sum[e]);
        free(y.largest[e]);
    }
    return 0;
}
