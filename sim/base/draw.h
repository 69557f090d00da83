/* Addressed random draws: randomness as a pure function of (seed, address), with no generator state.
 *
 * A draw's bits depend on what it is for and not on when it is made, so the results are the same for any number of
 * threads and for any order of work, and adding an exchange moves no draw of the others.
 * Source: Philox4x32-10 of Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011), through
 * Random123.
 */
#ifndef HL_BASE_DRAW_H
#define HL_BASE_DRAW_H

#include <stddef.h>
#include <stdint.h>

/* Trials come in blocks of this many; the draws of a block are made together. */
enum { HL_BLOCK_BITS = 12, HL_BLOCK_TRIALS = 1 << HL_BLOCK_BITS };

/* Changes whenever a draw's meaning changes; part of every fingerprint. */
#define HL_DRAW_LAYOUT 3

/* What a draw is for: part of its address, so that no two uses share bits. An event's address is (stream, index); a
 * client of a vendor draws for it from the event's stream with the client added. */
enum hl_purpose {
    HL_DRAW_COUNT = 1,    /* how many events a source has in a block; word 0 */
    HL_DRAW_EVENT = 2,    /* word 0: time (high 52 bits) and trial within the block (low 12); word 1: size. Of an event
                             that another set off: its delay, its size */
    HL_DRAW_CLUSTER = 3,  /* negative binomial: size of the event's cluster; word 0 */
    HL_DRAW_HIT = 4,      /* does a vendor's event hit this client (word 0), and how badly (word 1) */
    HL_DRAW_PICK = 5,     /* which wallet or asset (word 0) */
    HL_DRAW_ANSWER = 6,   /* does a source of funds answer (word 0); index = trial within the block. A recovery is asked
                             once an event: index = the event's, stream = the fund's with the event's stream added */
    HL_DRAW_PLACE = 7,    /* word 0: where among the block's trials, weighted by their climate, an event falls */
    HL_DRAW_CLIMATE = 8,  /* word 0: the year's shock of a climate; index = trial within the block */
    HL_DRAW_CHILDREN = 9, /* word 0: how many events an event sets off at one source; index 0 */
    HL_DRAW_APART = 10,   /* word 0: how far a client's hits are moved when vendors' clients are told apart; index 0 */
    HL_DRAW_PASS = 11,    /* word 0: does an event at a component pass to the vendor that uses it */
    HL_DRAW_FACTOR = 12,  /* copula: word 0 the event's common factor, word 1 its mixing variable */
    HL_DRAW_ASSET = 13,   /* a share of its own for each asset: word 0 */
    HL_DRAW_DWELL = 14,   /* word 0: time from entry to theft; word 1: found before it */
    HL_DRAW_NOTICE = 15,  /* word 0: time from theft to discovery */
    HL_DRAW_DETECT = 16,  /* word 0: how long a drain goes on */
    HL_DRAW_RUN = 17,     /* word 0: the share of their coins that customers withdraw */
    HL_DRAW_PRICE = 18,   /* word 0: a node of a price's path; index = trial << 8 | node; the clock: index = trial */
    HL_DRAW_JUMP = 19,    /* jumps of a factor in a year; index = trial << 8 | jump: jump 0 their number (word 0), else
                             time (word 0) and height (word 1) */
    HL_DRAW_FAIL = 20,    /* word 0: when a counterparty fails; index = trial within the block */
    HL_DRAW_DENIED = 21,  /* word 0: is a claim denied; index = the event's */
    HL_DRAW_TILT = 22,    /* word 0: which part of a tilt a trial belongs to; stream 0, index = trial */
};

/* Where a draw stands. */
struct hl_address {
    uint64_t stream; /* hash of the source's name with the policy year, and what else is added to it */
    uint32_t block;  /* trial / HL_BLOCK_TRIALS */
    uint8_t purpose; /* enum hl_purpose */
    uint32_t index;  /* below 2^24 */
};

struct hl_words {
    uint64_t word[2];
};

/* The 128 bits at an address. */
struct hl_words hl_draw(uint64_t seed, struct hl_address at);

/* The same bits of `count` addresses that differ in their index alone, from `first` on; the last index too is below
 * 2^24. out: [count]. */
void hl_draw_many(uint64_t seed, struct hl_address first, uint32_t count, struct hl_words *out);

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
