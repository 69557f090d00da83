/* Baseline of W1: w1.yaml says what it is. */
#include "baseline.h"

int main(int argc, char **argv) {
    long n = years_of(argc, argv, 10000000);
    double *loss = array_of((size_t)n);
#pragma omp parallel
    {
        gsl_rng *r = generator_of_thread();
#pragma omp for
        for (long i = 0; i < n; i++) {
            double sum = 0;
            for (unsigned k = gsl_ran_poisson(r, 0.3); k > 0; k--)
                sum += gsl_ran_lognormal(r, 17, 2);
            loss[i] = sum;
        }
        gsl_rng_free(r);
    }
    print_metrics("w1", loss, n, 2e9);
    free(loss);
    return 0;
}
