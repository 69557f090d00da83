/* Ranks: the processes of one run, on one machine or on many, which each play a part of every stretch of blocks. The
 * only MPI of the program; built without it, or not started by mpirun, a run is one rank.
 *
 * All ranks go the same way, and every function here but hl_peers_finish is called by all or by none. So a rank where
 * something failed goes straight to the next hl_peers_agree, and from there all go to the end.
 */
#ifndef HL_ENGINE_RANKS_H
#define HL_ENGINE_RANKS_H

#include "engine/partial.h"

struct hl_peers {
    unsigned rank;         /* this process: 0 … count - 1. Rank 0 reads and writes checkpoints and writes results */
    unsigned count;        /* 1 = alone */
    enum hl_status status; /* that was agreed on: HL_OK until something failed somewhere */
    unsigned failed;       /* the lowest rank with that status */
};

/* Joins the others, for a process that has done nothing else yet. */
void hl_peers_start(struct hl_peers *out);

/* Leaves them, once all do; nothing where that is done or was never begun. */
void hl_peers_finish(void);

/* The worst status of all ranks, told to each. Once it is not HL_OK all have stopped talking, and it stays. */
HL_MUST_CHECK enum hl_status hl_peers_agree(struct hl_peers *peers, enum hl_status status);

/* Each number [count] becomes the largest that a rank has. */
void hl_peers_most(const struct hl_peers *peers, double *x, int count);

/* Have all ranks read the same as rank 0: fingerprint, seed and trials? */
HL_MUST_CHECK enum hl_status hl_peers_compare(struct hl_peers *peers, const struct hl_scenario *s,
                                              struct hl_error *err);

/* Merges the parts of all ranks into that of rank 0, as the bytes of partial.h; those of the others are empty then. */
HL_MUST_CHECK enum hl_status hl_peers_gather(struct hl_peers *peers, struct hl_partial *p,
                                             const struct hl_origin *origin, struct hl_error *err);

/* Gives every rank the part that rank 0 has. */
HL_MUST_CHECK enum hl_status hl_peers_share(struct hl_peers *peers, struct hl_partial *p,
                                            const struct hl_origin *origin, struct hl_error *err);

/* Copies text[size] from the rank that failed to rank 0, where they are not the same; true there. */
bool hl_peers_tell(const struct hl_peers *peers, char *text, size_t size);

#endif
