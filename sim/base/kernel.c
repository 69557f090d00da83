#include "base/kernel.h"

#include "base/kernel_loops.h"

#include <stdatomic.h>
#include <string.h>

static void draws(uint64_t seed, struct hl_address first, uint32_t count, struct hl_words *out) {
    for (uint32_t i = 0; i < count; i++, first.index++)
        out[i] = hl_draw(seed, first);
}

static bool cubics(const struct hl_cubics *r, size_t count, const double *v, double *x) {
    bool missing = false;
    for (size_t i = 0; i < count; i++) {
        x[i] = hl_cubics_at(r, v[i]);
        missing = missing || x[i] != x[i];
    }
    return missing;
}

static bool eight(const struct hl_cubics *r, uint64_t seed, struct hl_address common, const uint64_t streams[HL_EIGHT],
                  const uint32_t more[HL_EIGHT], double x[HL_EIGHT]) {
    bool missing = false;
    for (size_t i = 0; i < HL_EIGHT; i++) {
        struct hl_address at = common;
        at.stream = streams[i];
        at.index |= more[i];
        double u = hl_u01(seed, at), tail = hl_cubics_at(r, u < 0.5 ? u : 1 - u);
        x[i] = u < 0.5 ? -tail : tail;
        missing = missing || x[i] != x[i];
    }
    return missing;
}

const struct hl_kernel hl_kernel_scalar = {"scalar", draws, cubics, eight, take, arrive};

enum { KINDS = 3 };

/* Those that this processor can run, the widest first; out: [KINDS]. Returns how many. */
static size_t usable(const struct hl_kernel **out) {
    size_t count = 0;
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f"))
        out[count++] = &hl_kernel_avx512;
    if (__builtin_cpu_supports("avx2"))
        out[count++] = &hl_kernel_avx2;
#endif
    out[count++] = &hl_kernel_scalar;
    return count;
}

/* Never changes what is computed, only how fast. */
static _Atomic(const struct hl_kernel *) chosen;

const struct hl_kernel *hl_kernel(void) {
    const struct hl_kernel *k = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (k != NULL)
        return k;
    const struct hl_kernel *kinds[KINDS];
    usable(kinds);
    atomic_store_explicit(&chosen, kinds[0], memory_order_relaxed);
    return kinds[0];
}

enum hl_status hl_kernel_choose(const char *name, struct hl_error *err) {
    const struct hl_kernel *kinds[KINDS];
    size_t count = usable(kinds);
    for (size_t i = 0; i < count; i++) {
        if (name == NULL || strcmp(kinds[i]->name, name) == 0) {
            atomic_store_explicit(&chosen, kinds[i], memory_order_relaxed);
            return HL_OK;
        }
    }
    char names[32] = "";
    int length = 0;
    for (size_t i = count; i-- > 0;) {
        const char *joined = i > 1 ? ", " : i == 1 ? " or " : "";
        length += snprintf(names + length, sizeof names - (size_t)length, "%s%s", kinds[i]->name, joined);
    }
    hl_error_add(err, NULL, 0, 0, "HACKLOSS_CPU", name, "on this processor it must be %s", names);
    return HL_INVALID;
}
