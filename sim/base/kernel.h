/* The loops in which a run spends its time, compiled once for each kind of processor and chosen when the program runs.
 *
 * Every one of them has the bits of the plain functions that it stands for: the same additions and multiplications in
 * the same order, only several beside each other.
 */
#ifndef HL_BASE_KERNEL_H
#define HL_BASE_KERNEL_H

#include "base/draw.h"
#include "base/money.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* A cubic over one cell: c[0] + t (c[1] + t (c[2] + t c[3])), t in [0, 2^-n) the place in the cell. */
struct hl_cubic {
    _Alignas(32) double c[4];
};

/* A function of v in [0, 1] by cubic rows. The smaller of v and 1 - v, p, tells the row by its leading bits and the
 * place by the rest. The first row of a side answers for every p below the table: it is not a number, as is any other
 * row that is to be asked elsewhere. The last row of a side is p = 1/2. */
struct hl_cubics {
    const struct hl_cubic *rows; /* [2][side]: v below one half, then the others */
    uint64_t first;              /* the leading bits of the p that row 0 answers for */
    unsigned shift;              /* leading bits = bits >> shift */
    size_t side;                 /* rows of a side */
    double least;                /* a p that row 0 answers for; smaller ones are taken for it */
    double most;                 /* no value is larger */
};

static inline double hl_from_bits(uint64_t bits) {
    return (union {
               uint64_t bits;
               double x;
           }){bits}
        .x;
}

static inline uint64_t hl_to_bits(double x) {
    return (union {
               double x;
               uint64_t bits;
           }){x}
        .bits;
}

/* The value at v, or NAN where it is to be asked elsewhere. */
static inline double hl_cubics_at(const struct hl_cubics *r, double v) {
    const uint64_t one = UINT64_C(1023) << 52; /* the bits of 1.0 */
    double p = v < 0.5 ? v : 1 - v;
    uint64_t bits = hl_to_bits(p < r->least ? r->least : p);
    const double *c = r->rows[(bits >> r->shift) - r->first + (v < 0.5 ? 0 : r->side)].c;
    double t = hl_from_bits((bits & ((UINT64_C(1) << r->shift) - 1)) | one) - 1;
    double x = c[0] + t * (c[1] + t * (c[2] + t * c[3]));
    return x > r->most ? r->most : x;
}

/* How much a breach takes of what is in its reach, by its size as drawn. */
struct hl_taking {
    bool share;    /* the size is a share of what is there, else an amount in quanta */
    double factor; /* of all sizes */
    double most;   /* no amount is larger; quanta */
    double there;  /* quanta */
};

static inline double hl_taken_share(const struct hl_taking *t, double size) {
    return hl_nearest_whole(hl_least(size * t->factor, 1) * t->there);
}

static inline double hl_taken_amount(const struct hl_taking *t, double size) {
    double share = hl_least(hl_least(size * t->factor, t->most) / t->there, 1);
    return t->there > 0 ? hl_nearest_whole(share * t->there) : 0;
}

enum { HL_EIGHT = 8 };

struct hl_kernel {
    const char *name;
    /* hl_draw_many */
    void (*draws)(uint64_t seed, struct hl_address first, uint32_t count, struct hl_words *out);
    /* x[i] = hl_cubics_at(r, v[i]), i below count; v and x do not overlap. Returns whether any of them is NAN. */
    bool (*cubics)(const struct hl_cubics *r, size_t count, const double *v, double *x);
    /* Of HL_EIGHT addresses, `common` with streams[i] and index common.index | more[i], and their uniforms u: x[i] =
     * hl_cubics_at(r, p), p the smaller of u and 1 - u, and negative where u is less than one half. Returns whether any
     * of them is NAN. */
    bool (*eight)(const struct hl_cubics *r, uint64_t seed, struct hl_address common, const uint64_t streams[HL_EIGHT],
                  const uint32_t more[HL_EIGHT], double x[HL_EIGHT]);
    /* size[i] = hl_taken_share(t, size[i]), or hl_taken_amount, i below count. */
    void (*take)(const struct hl_taking *t, size_t count, double *size);
    /* trials[i] = hl_place(word 0), v[i] = hl_unit(word 1) of words[i], i below count. */
    void (*arrive)(size_t count, const struct hl_words *words, uint16_t *trials, double *v);
};

/* The last two are there where the processors are of that kind (x86-64). */
extern const struct hl_kernel hl_kernel_scalar, hl_kernel_avx2, hl_kernel_avx512;

/* The one in use: by default the widest that this processor can run. */
const struct hl_kernel *hl_kernel(void);

/* Chooses by name: "scalar", "avx2" or "avx512"; NULL goes back to the default. HL_INVALID, with a fault that names
 * what can be chosen here, for any other name and for what this processor or this build cannot run. */
HL_MUST_CHECK enum hl_status hl_kernel_choose(const char *name, struct hl_error *err);

#endif
