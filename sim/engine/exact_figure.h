/* One quantity of one entity whose distribution is known, and what it answers: the value of any row of the result, and
 * how far a simulated row is from it.
 *
 * The quantity is f(Y), Y a year's sum or its largest loss, f what layers and cash leave of it; where it is open to
 * chance which funds answer, one f for each case with its probability.
 */
#ifndef HL_ENGINE_EXACT_FIGURE_H
#define HL_ENGINE_EXACT_FIGURE_H

#include "engine/exact_sum.h"
#include "engine/result.h"

struct hl_exact_branch {
    double weight;
    struct hl_ramp left;
};

struct hl_exact_figure {
    uint32_t entity;
    uint16_t item; /* the scenario's fund, where the perspective has one */
    enum hl_basis basis;
    enum hl_perspective perspective;
    bool largest; /* the year's largest loss instead of its sum */
    const struct hl_exact_lattices *lattices;
    const struct hl_exact_branch *branches; /* [branch_count], weights add up to 1 */
    size_t branch_count;
    double quantum;            /* currency units a quantum is worth */
    double p_breach;           /* P(at least one breach) */
    double mean;               /* quanta, in closed form; NAN = by the lattices */
    struct hl_exact_square sd; /* quanta; NAN = by the lattices */
};

/* P(f(Y) > x) strictly, and E[min(f(Y), x)] on one lattice, x in quanta and not beyond the lattice. */
double hl_exact_figure_above(const struct hl_exact_figure *f, enum hl_lattice which, double x);
double hl_exact_figure_limited(const struct hl_exact_figure *f, enum hl_lattice which, double x);

/* inf{x : P(f(Y) <= x) >= p}; INFINITY beyond the lattice. */
double hl_exact_figure_quantile(const struct hl_exact_figure *f, enum hl_lattice which, double p);

/* Does a row with this key tell this figure, as stated? */
bool hl_exact_figure_tells(const struct hl_exact_figure *f, const struct hl_row_key *key);

/* The row with a key that the figure tells: status HL_ROW_EXACT, error 0, the bounds of the lattices as its interval.
 * False where the metric has no exact value here: it lies beyond the lattices, or is conditional on what cannot be. */
bool hl_exact_figure_answer(const struct hl_exact_figure *f, struct hl_row_key key, struct hl_row *out);

/* How many standard errors a simulated row of so many trials is off, beyond the bounds of the lattices: of means and
 * probabilities by the exact spread where it is known, of quantiles by the binomial count below them. NAN where there
 * is no answer, or too few trials for a normal error: below HL_COMPARED_LEAST expected hits or misses, and for the mean
 * of a tail below ten times as many. */
enum { HL_COMPARED_LEAST = 20 };
double hl_exact_figure_distance(const struct hl_exact_figure *f, const struct hl_row *row, uint64_t trials);

#endif
