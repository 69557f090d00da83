/* Addressed random draws: randomness as a pure function of (seed, address), with no generator state.
 *
 * A draw's bits depend on what it is for and not on when it is made, so the results are the same for any number of
 * threads and for any order of work, and adding an exchange moves no draw of the others.
 * Source: Philox4x32-10 of Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011), through
 * Random123.
 */
#ifndef HL_BASE_DRAW_H
#define HL_BASE_DRAW_H

#include <stdint.h>

/* Trials come in blocks of this many; the draws of a block are made together. */
enum { HL_BLOCK_BITS = 12, HL_BLOCK_TRIALS = 1 << HL_BLOCK_BITS };

/* Changes whenever a draw's meaning changes; part of every fingerprint. */
#define HL_DRAW_LAYOUT 1

/* What a draw is for: part of its address, so that no two uses share bits. */
enum hl_purpose {
    HL_DRAW_COUNT = 1,   /* how many events a source has in a block; word 0 */
    HL_DRAW_EVENT = 2,   /* word 0: time (high 52 bits) and trial within the block (low 12); word 1: size */
    HL_DRAW_CLUSTER = 3, /* negative binomial: size of the event's cluster; word 0 */
    HL_DRAW_HIT = 4,     /* does a vendor's event hit this client (word 0), and how badly (word 1) */
    HL_DRAW_PICK = 5,    /* which wallet or asset (word 0) */
    HL_DRAW_ANSWER = 6,  /* does a source of funds answer (word 0); index = trial within the block. A recovery is asked
                            once an event: index = the event's, stream = the fund's with the source's stream and then
                            the cluster member (0 too) added */
};

/* Where a draw stands. */
struct hl_address {
    uint64_t stream; /* hash of the source's name (and client, year, cluster member) */
    uint32_t block;  /* trial / HL_BLOCK_TRIALS */
    uint8_t purpose; /* enum hl_purpose */
    uint32_t index;  /* below 2^24 */
};

struct hl_words {
    uint64_t word[2];
};

/* The 128 bits at an address. */
struct hl_words hl_draw(uint64_t seed, struct hl_address at);

/* The high 52 bits of a word as a uniform in (0, 1): never 0, never 1. */
static inline double hl_unit(uint64_t word) { return ((double)(word >> 12) + 0.5) * 0x1p-52; }

/* The low 12 bits of a word: a trial's place within its block. */
static inline uint32_t hl_place(uint64_t word) { return (uint32_t)(word & (HL_BLOCK_TRIALS - 1)); }

/* The uniform in (0, 1) of word 0 at an address. */
double hl_u01(uint64_t seed, struct hl_address at);

/* Streams: a 64-bit hash of a name, and of a stream with a number or a name added. */
uint64_t hl_stream(const char *name);
uint64_t hl_stream_with(uint64_t stream, uint64_t number);
uint64_t hl_stream_with_name(uint64_t stream, const char *name);

#endif
