/* Cubic rows for a smooth function of a tail probability, with a proven bound of their error.
 *
 * The tail probability p is cut into octaves, [2^-(k+2), 2^-(k+1)), k = 0 … HL_OCTAVES - 1, and every octave evenly
 * into as many cells, so that a cell is found from the bits of p without a search.
 *
 * On an octave the function (or its logarithm) is first written as a Chebyshev polynomial through 21 of its values.
 * Sums of the sizes of its coefficients bound the derivatives of that polynomial on the whole octave, and so the error
 * of a cubic through four of its points; the cells are made as small as the bound asks. The polynomial itself is taken
 * to be the function when its last coefficients are small: where they are not (a kink, a step), the rows of the octave
 * are not numbers, and the function is to be asked.
 *
 * Sources: the remainder of interpolation and the maxima of derivatives of Chebyshev polynomials, Rivlin, *Chebyshev
 * Polynomials*, sections 1.3 and 2.7; decay of the coefficients of analytic functions, Trefethen, *Approximation Theory
 * and Approximation Practice*, chapter 8.
 */
#ifndef HL_MODELS_CUBICS_H
#define HL_MODELS_CUBICS_H

#include "base/arena.h"
#include "base/kernel.h"
#include "base/status.h"

/* How far a table reaches: to p = 2^-(HL_OCTAVES + 1). */
enum { HL_OCTAVES = 14 };

/* The fewest and most cells of an octave. */
enum { HL_CELLS_LEAST = 8, HL_CELLS_MOST = 1024 };

struct hl_cubics_wanted {
    /* The function at v = p, or where `lower` at v = 1 - p. Asked for falling p, from 1/2 on; `upper` first. NAN where
     * it has no value that rows can stand for. */
    double (*value)(void *context, bool lower, double p);
    void *context;
    bool relative;       /* bounds are of the error in units of the value, which is positive; else of the error */
    double error;        /* most error of a row against the polynomial */
    double coefficients; /* most sum of the sizes of a polynomial's last three coefficients */
    double most;         /* no value is larger */
};

struct hl_cubics_made {
    struct hl_cubics rows;
    size_t cells; /* of an octave */
    size_t asked; /* octaves, of both sides, whose rows are not numbers */
};

/* Makes the rows of both sides in `arena`. HL_FAILED when memory runs out. */
HL_MUST_CHECK enum hl_status hl_cubics_make(struct hl_cubics_made *out, const struct hl_cubics_wanted *wanted,
                                            struct hl_arena *arena, struct hl_error *err);

#endif
