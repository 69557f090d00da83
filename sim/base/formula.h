/* Formulas as people write them: "clip(20 bp * Vmax, 2 bn, 40 bn)".
 *
 * Numbers as in scenarios (1_000, 5 %, 20 bp, 2 bn, 3 bn KRW), names of figures, + - * /, parentheses, and the
 * functions min, max (of two or more), clip(x, lowest, highest), pow(x, power), log, exp, sqrt, abs and if(x, a, b),
 * which is a where x is above 0, else b. Nothing else: a formula reads figures and gives a number.
 */
#ifndef HL_BASE_FORMULA_H
#define HL_BASE_FORMULA_H

#include "base/arena.h"
#include "base/quantity.h"
#include "base/status.h"

/* The longest text, in bytes, and the deepest nesting of parentheses, functions and signs. */
enum { HL_FORMULA_BYTES = 2000, HL_FORMULA_DEPTH = 60 };

struct hl_formula_step;

/* A zeroed struct is no formula. */
struct hl_formula {
    const char *text;
    const struct hl_formula_step *steps; /* [step_count] operands before their operation */
    size_t step_count;
};

/* The names that a formula may use: letters, digits and _, a letter first; no function's name. */
struct hl_formula_symbols {
    const char *const *names; /* [count] */
    size_t count;
};

/* Where the text stands, for its faults; file and key may be NULL. */
struct hl_formula_place {
    const char *file;
    int line;
    int column;
    const char *key;
};

/* Reads `text` into `arena`. Every unknown name is a fault, and the first thing that is no formula; each names its
 * column of the text, from 1. `currencies` as for hl_quantity_parse. */
HL_MUST_CHECK enum hl_status hl_formula_parse(struct hl_formula *out, struct hl_arena *arena, const char *text,
                                              const struct hl_formula_symbols *symbols,
                                              const struct hl_currencies *currencies, const struct hl_formula_place *at,
                                              struct hl_error *err);

/* The formula's value, `values` being those of the symbols. NAN when one that it uses is NAN, and when what comes out
 * is no finite number, as from 1 / 0. */
double hl_formula_value(const struct hl_formula *f, const double *values);

/* The first symbol in the text whose value is NAN; (size_t)-1 when there is none. */
size_t hl_formula_missing(const struct hl_formula *f, const double *values);

/* Does the formula use the symbol? */
bool hl_formula_uses(const struct hl_formula *f, size_t symbol);

#endif
