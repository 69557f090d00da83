#include "base/draw.h"

#include "base/kernel.h"

#include <assert.h>
#include <string.h>

#include <Random123/philox.h>

/* The finaliser of SplitMix64: a bijection of 64 bits that spreads every input bit. Source: Steele, Lea, Flood 2014. */
static uint64_t mix(uint64_t z) {
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

struct hl_words hl_draw(uint64_t seed, struct hl_address at) {
    assert(at.index < (UINT32_C(1) << 24));
    philox4x32_ctr_t counter = {
        {at.index | (uint32_t)at.purpose << 24, at.block, (uint32_t)at.stream, (uint32_t)(at.stream >> 32)}};
    philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
    philox4x32_ctr_t x = philox4x32_R(10, counter, key);
    return (struct hl_words){{(uint64_t)x.v[1] << 32 | x.v[0], (uint64_t)x.v[3] << 32 | x.v[2]}};
}

void hl_draw_many(uint64_t seed, struct hl_address first, uint32_t count, struct hl_words *out) {
    hl_kernel()->draws(seed, first, count, out);
}

double hl_u01(uint64_t seed, struct hl_address at) { return hl_unit(hl_draw(seed, at).word[0]); }

/* FNV-1a over the name's bytes from a starting state, then mixed. */
static uint64_t hash_from(uint64_t state, const char *name) {
    for (const unsigned char *c = (const unsigned char *)name; *c != '\0'; c++)
        state = (state ^ *c) * UINT64_C(0x100000001b3);
    return mix(state + strlen(name));
}

uint64_t hl_stream(const char *name) { return hash_from(UINT64_C(0xcbf29ce484222325), name); }

uint64_t hl_stream_with(uint64_t stream, uint64_t number) {
    return mix(stream + mix(number + UINT64_C(0x9e3779b97f4a7c15)));
}

uint64_t hl_stream_with_name(uint64_t stream, const char *name) { return hl_stream_with(stream, hl_stream(name)); }
