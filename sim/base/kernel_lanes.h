/* The kernels of hl_kernel for LANES numbers beside each other. A file that includes this is compiled with the flags of
 * its processor and defines LANES, 4 or 8; what has no name that is the same for all of them is chosen here.
 *
 * Vectors are those of the compiler (gcc and clang): operators work on all lanes, a comparison is a mask of bits.
 */
#include "base/kernel.h"
#include "base/kernel_loops.h"

#if defined __AVX2__ || defined __AVX512F__
#include <immintrin.h>
#endif

typedef uint64_t words __attribute__((vector_size(8 * LANES)));
typedef double reals __attribute__((vector_size(8 * LANES)));

/* The same in an array, and a row. */
typedef words words_in_array __attribute__((aligned(8), may_alias));
typedef reals reals_in_array __attribute__((aligned(8), may_alias));
typedef double row __attribute__((vector_size(32), may_alias));

/* The product of the low halves. */
#if LANES == 8 && defined __AVX512F__
#define MULTIPLY(a, b) ((words)_mm512_mul_epu32((__m512i)(a), (__m512i)(b)))
#elif LANES == 4 && defined __AVX2__
#define MULTIPLY(a, b) ((words)_mm256_mul_epu32((__m256i)(a), (__m256i)(b)))
#else
#define MULTIPLY(a, b) (((a)&UINT32_MAX) * ((b)&UINT32_MAX))
#endif

/* Lane by lane, where the mask is set, where it is not. */
#define CHOOSE(mask, yes, no) ((reals)(((words)(mask) & (words)(yes)) | (~(words)(mask) & (words)(no))))

/* Lane after lane of a, of b in turn: the lower half of the lanes, and the upper. */
#if LANES == 4
#define PAIRS_LOW(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define PAIRS_HIGH(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#else
#define PAIRS_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define PAIRS_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#endif

/* Philox4x32-10 of LANES counters, of which the lowest words differ. A lane holds 32 bits of each; what stands above
 * them is never read, as a product takes the low halves only, and is cut off at the end. Source: base/draw.h. */
static inline void philox(uint64_t seed, words counter[4]) {
    words a = counter[0], b = counter[1], c = counter[2], d = counter[3];
    uint32_t low = (uint32_t)seed, high = (uint32_t)(seed >> 32);
#pragma GCC unroll 10
    for (int round = 0; round < 10; round++) {
        words left = MULTIPLY(a, (words){0} + 0xD2511F53), right = MULTIPLY(c, (words){0} + 0xCD9E8D57);
        a = (right >> 32) ^ b ^ ((words){0} + low);
        c = (left >> 32) ^ d ^ ((words){0} + high);
        b = right;
        d = left;
        low += 0x9E3779B9;
        high += 0xBB67AE85;
    }
    counter[0] = a;
    counter[1] = b;
    counter[2] = c;
    counter[3] = d;
}

static void draws(uint64_t seed, struct hl_address first, uint32_t count, struct hl_words *out) {
    words lane;
    for (unsigned i = 0; i < LANES; i++)
        lane[i] = i;
    uint32_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        words at[4] = {lane + (uint64_t)((first.index + i) | (uint32_t)first.purpose << 24), (words){0} + first.block,
                       (words){0} + (first.stream & UINT32_MAX), (words){0} + (first.stream >> 32)};
        philox(seed, at);
        words even = (at[0] & UINT32_MAX) | (at[1] << 32), odd = (at[2] & UINT32_MAX) | (at[3] << 32);
        words_in_array *to = (words_in_array *)(out + i);
        to[0] = PAIRS_LOW(even, odd);
        to[1] = PAIRS_HIGH(even, odd);
    }
    for (; i < count; i++) {
        struct hl_address at = first;
        at.index += i;
        out[i] = hl_draw(seed, at);
    }
}

/* Words 0 of what philox gives, as uniforms: the high 52 bits k as the double 2^52 + k. */
static inline void uniforms(reals *u, const words at[4]) {
    const uint64_t two_52 = UINT64_C(1075) << 52; /* the bits of 2^52 */
    words word = (at[0] & UINT32_MAX) | (at[1] << 32);
    *u = (((reals)(word >> 12 | two_52) - 0x1p52) + 0.5) * 0x1p-52;
}

/* Rows 0 … LANES - 1 as columns: column[k] has coefficient k of every row. */
static inline void load_rows(reals column[4], const struct hl_cubic *from, const words *at) {
    row rows[LANES];
#pragma GCC unroll 8
    for (unsigned i = 0; i < LANES; i++)
        rows[i] = *(const row *)from[(*at)[i]].c;
#if LANES == 4
    reals a = rows[0], b = rows[1], c = rows[2], d = rows[3];
    reals ab = __builtin_shufflevector(a, b, 0, 4, 2, 6), cd = __builtin_shufflevector(c, d, 0, 4, 2, 6);
    column[0] = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    column[2] = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
    ab = __builtin_shufflevector(a, b, 1, 5, 3, 7), cd = __builtin_shufflevector(c, d, 1, 5, 3, 7);
    column[1] = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
    column[3] = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
#else
    /* rows i and i + 4 in one vector, so that the lanes end in their order */
    reals wide[4];
    for (unsigned i = 0; i < 4; i++)
        wide[i] = __builtin_shufflevector(rows[i], rows[i + 4], 0, 1, 2, 3, 4, 5, 6, 7);
    reals ab = __builtin_shufflevector(wide[0], wide[1], 0, 8, 2, 10, 4, 12, 6, 14);
    reals cd = __builtin_shufflevector(wide[2], wide[3], 0, 8, 2, 10, 4, 12, 6, 14);
    column[0] = __builtin_shufflevector(ab, cd, 0, 1, 8, 9, 4, 5, 12, 13);
    column[2] = __builtin_shufflevector(ab, cd, 2, 3, 10, 11, 6, 7, 14, 15);
    ab = __builtin_shufflevector(wide[0], wide[1], 1, 9, 3, 11, 5, 13, 7, 15);
    cd = __builtin_shufflevector(wide[2], wide[3], 1, 9, 3, 11, 5, 13, 7, 15);
    column[1] = __builtin_shufflevector(ab, cd, 0, 1, 8, 9, 4, 5, 12, 13);
    column[3] = __builtin_shufflevector(ab, cd, 2, 3, 10, 11, 6, 7, 14, 15);
#endif
}

/* hl_cubics_at in every lane. */
static inline void rows_at(reals *x, const struct hl_cubics *table, const reals *v) {
    const uint64_t one = UINT64_C(1023) << 52;
    reals at = *v, column[4];
    words upper = (words)(at < 0.5);
    reals p = CHOOSE(upper, at, 1 - at);
    words bits = (words)CHOOSE(p < table->least, (reals){0} + table->least, p);
    words place = (bits >> table->shift) - table->first + (~upper & (uint64_t)table->side);
    load_rows(column, table->rows, &place);
    reals t = (reals)((bits & ((UINT64_C(1) << table->shift) - 1)) | one) - 1;
    reals value = column[0] + t * (column[1] + t * (column[2] + t * column[3]));
    *x = CHOOSE(value > table->most, (reals){0} + table->most, value);
}

/* Is it set in any lane? */
static inline bool is_any(const words *mask) {
    bool any = false;
    for (unsigned k = 0; k < LANES; k++)
        any = any || (*mask)[k] != 0;
    return any;
}

static bool eight(const struct hl_cubics *r, uint64_t seed, struct hl_address common, const uint64_t streams[HL_EIGHT],
                  const uint32_t more[HL_EIGHT], double x[HL_EIGHT]) {
    words wrong = {0};
    for (size_t i = 0; i < HL_EIGHT; i += LANES) {
        words stream = *(const words_in_array *)(streams + i), index;
        for (unsigned k = 0; k < LANES; k++)
            index[k] = more[i + k];
        words at[4] = {index | (common.index | (uint32_t)common.purpose << 24), (words){0} + common.block,
                       stream & UINT32_MAX, stream >> 32};
        philox(seed, at);
        reals u, tail;
        uniforms(&u, at);
        words low = (words)(u < 0.5);
        u = CHOOSE(low, u, 1 - u);
        rows_at(&tail, r, &u);
        wrong |= (words)(tail != tail);
        *(reals_in_array *)(x + i) = (reals)((words)tail ^ (low & (UINT64_C(1) << 63)));
    }
    return is_any(&wrong);
}

static bool cubics(const struct hl_cubics *r, size_t count, const double *v, double *x) {
    const struct hl_cubics table = *r; /* x may not change it */
    words wrong = {0};
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) {
        reals at = *(const reals_in_array *)(v + i), value;
        rows_at(&value, &table, &at);
        wrong |= (words)(value != value);
        *(reals_in_array *)(x + i) = value;
    }
    bool missing = is_any(&wrong);
    for (; i < count; i++) {
        x[i] = hl_cubics_at(&table, v[i]);
        missing = missing || x[i] != x[i];
    }
    return missing;
}
