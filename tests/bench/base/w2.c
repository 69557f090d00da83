/* Baseline of W2: w2.yaml says what it is. */
#include "baseline.h"

enum { SOURCES = 5 };

static double in_layer(double x, double attachment, double limit) {
    double y = x - attachment;
    return y <= 0 ? 0 : y > limit ? limit : y;
}

static unsigned count_of(const gsl_rng *r, int source) {
    static const double rates[SOURCES] = {0.2, 0.05, 0.3, 0.1, 0.5};
    return source == 2 ? gsl_ran_negative_binomial(r, 0.8 / 1.1, 0.8) : gsl_ran_poisson(r, rates[source]);
}

static double size_of(const gsl_rng *r, int source) {
    switch (source) {
    case 0:
        return least(gsl_ran_lognormal(r, 17, 1.8), 1.5e9);
    case 1:
        return 3e9 * gsl_ran_beta(r, 0.8, 2.5);
    case 2:
        return least(1e6 + 1.5e7 / 0.75 * (pow(gsl_rng_uniform_pos(r), -0.75) - 1), 2e9);
    case 3:
        return least(gsl_ran_lognormal(r, 15.5, 1.5), 5e8);
    default:
        return least(gsl_ran_lognormal(r, 13.5, 1.6), 3e8);
    }
}

int main(int argc, char **argv) {
    long n = years_of(argc, argv, 10000000);
    double *gross = array_of((size_t)n), *net = array_of((size_t)n);
    double first = 0, second = 0, third = 0;
#pragma omp parallel reduction(+ : first, second, third)
    {
        gsl_rng *r = generator_of_thread();
#pragma omp for
        for (long i = 0; i < n; i++) {
            double sum = 0, l1 = 0, l2 = 0;
            for (int source = 0; source < SOURCES; source++)
                for (unsigned k = count_of(r, source); k > 0; k--) {
                    double x = size_of(r, source);
                    sum += x;
                    l1 += in_layer(x, 5e7, 2e8);
                    l2 += in_layer(x, 2.5e8, 5e8);
                }
            double kept = sum - l1 - l2, l3 = in_layer(kept, 1e8, 1e9);
            gross[i] = sum;
            net[i] = kept - l3;
            first += l1;
            second += l2;
            third += l3;
        }
        gsl_rng_free(r);
    }
    print_metrics("w2 gross", gross, n, 2e9);
    print_metrics("w2 net", net, n, 2e9);
    printf("w2 layers %.6e %.6e %.6e\n", first / (double)n, second / (double)n, third / (double)n);
    free(gross);
    free(net);
    return 0;
}
