#include "engine/ranks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what goes from process to process -------------------------------------------------------------------------------
 */

#ifdef HL_MPI
#include <mpi.h>

/* MPI's own failures (a lost process, a broken network) end all processes: its standard. */
void hl_peers_start(struct hl_peers *out) {
    int rank, count, given;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &given);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    *out = (struct hl_peers){.rank = (unsigned)rank, .count = (unsigned)count};
}

void hl_peers_finish(void) {
    int begun, ended;
    MPI_Initialized(&begun);
    MPI_Finalized(&ended);
    if (begun && !ended)
        MPI_Finalize();
}

void hl_peers_most(const struct hl_peers *peers, double *x, int count) {
    if (peers->count > 1)
        MPI_Allreduce(MPI_IN_PLACE, x, count, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
}

/* The largest grade of all ranks, and the lowest rank that has it. */
static void find_worst(int *grade, unsigned *rank) {
    struct {
        int value, rank;
    } own = {*grade, (int)*rank}, worst;
    MPI_Allreduce(&own, &worst, 1, MPI_2INT, MPI_MAXLOC, MPI_COMM_WORLD);
    *grade = worst.value;
    *rank = (unsigned)worst.rank;
}

static void send(unsigned to, const void *bytes, size_t size) {
    MPI_Send(bytes, (int)size, MPI_BYTE, (int)to, 0, MPI_COMM_WORLD);
}

static void receive(unsigned from, void *bytes, size_t size) {
    MPI_Recv(bytes, (int)size, MPI_BYTE, (int)from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

/* From rank 0 to all. */
static void spread(void *bytes, size_t size) { MPI_Bcast(bytes, (int)size, MPI_BYTE, 0, MPI_COMM_WORLD); }

#else

/* One process, which has nobody to talk to. */
void hl_peers_start(struct hl_peers *out) { *out = (struct hl_peers){.count = 1}; }
void hl_peers_finish(void) {}
void hl_peers_most(const struct hl_peers *peers, double *x, int count) { (void)peers, (void)x, (void)count; }
static void find_worst(int *grade, unsigned *rank) { (void)grade, (void)rank; }
static void send(unsigned to, const void *bytes, size_t size) { (void)to, (void)bytes, (void)size; }
static void receive(unsigned from, void *bytes, size_t size) { (void)from, memset(bytes, 0, size); }
static void spread(void *bytes, size_t size) { (void)bytes, (void)size; }

#endif

/* --- what they say to each other -------------------------------------------------------------------------------------
 */

/* A failure is worse than wrong input, and that than an interrupt, as in base/status.c: 4 - status. */
enum hl_status hl_peers_agree(struct hl_peers *peers, enum hl_status status) {
    if (peers->count == 1)
        return status;
    if (peers->status != HL_OK)
        return peers->status;
    int grade = status == HL_OK ? 0 : 4 - (int)status;
    unsigned rank = peers->rank;
    find_worst(&grade, &rank);
    if (grade > 0) {
        peers->status = (enum hl_status)(4 - grade);
        peers->failed = rank;
    }
    return peers->status;
}

enum hl_status hl_peers_compare(struct hl_peers *peers, const struct hl_scenario *s, struct hl_error *err) {
    struct {
        char fingerprint[65];
        uint64_t seed, trials;
    } first = {.seed = s->seed, .trials = s->trials};
    if (peers->count == 1)
        return HL_OK;
    memcpy(first.fingerprint, s->fingerprint, sizeof first.fingerprint);
    spread(&first, sizeof first);
    struct hl_partial_head head = {.seed = first.seed, .trials = first.trials};
    memcpy(head.fingerprint, first.fingerprint, sizeof head.fingerprint);
    return hl_peers_agree(peers, hl_partial_belongs(&head, s, "rank 0", err));
}

/* Bytes travel in pieces, so that who has no memory for them can still let them go by. */
enum { PIECE = 1 << 16 };

static size_t piece_of(size_t done, size_t size) { return size - done < PIECE ? size - done : PIECE; }

/* Sends the part away; 0 bytes when it could not be packed. */
static enum hl_status give(unsigned to, const struct hl_partial *p, const struct hl_origin *origin,
                           struct hl_error *err) {
    char *bytes = NULL;
    size_t size = 0;
    enum hl_status status = hl_partial_pack(&bytes, &size, p, origin, err);
    uint64_t told = size;
    send(to, &told, sizeof told);
    for (size_t done = 0; done < size; done += PIECE)
        send(to, bytes + done, piece_of(done, size));
    free(bytes);
    return status;
}

/* Takes what another rank gives. Nothing is no failure here: it is one there. */
static enum hl_status take(unsigned from, struct hl_partial *p, struct hl_error *err) {
    uint64_t size;
    char piece[PIECE], name[32];
    receive(from, &size, sizeof size);
    char *bytes = malloc(size + 1);
    for (size_t done = 0; done < size; done += PIECE) {
        receive(from, piece, piece_of(done, size));
        if (bytes != NULL)
            memcpy(bytes + done, piece, piece_of(done, size));
    }
    enum hl_status status = HL_OK;
    snprintf(name, sizeof name, "rank %u", from);
    if (bytes == NULL)
        status = hl_fail_memory(err);
    else if (size > 0)
        status = hl_partial_join(p, name, bytes, size, err);
    free(bytes);
    return status;
}

/* Pairs of ranks, then pairs of pairs: the left one takes what the right one has. */
enum hl_status hl_peers_gather(struct hl_peers *peers, struct hl_partial *p, const struct hl_origin *origin,
                               struct hl_error *err) {
    enum hl_status status = HL_OK;
    for (unsigned step = 1; step < peers->count; step *= 2) {
        if ((peers->rank & step) != 0) {
            enum hl_status given = give(peers->rank - step, p, origin, err);
            status = status == HL_OK ? given : status;
            hl_partial_clear(p);
            break;
        }
        if (peers->rank + step < peers->count) {
            enum hl_status taken = take(peers->rank + step, p, err);
            status = status == HL_OK ? taken : status;
        }
    }
    return hl_peers_agree(peers, status);
}

enum hl_status hl_peers_share(struct hl_peers *peers, struct hl_partial *p, const struct hl_origin *origin,
                              struct hl_error *err) {
    char *bytes = NULL, piece[PIECE];
    size_t size = 0;
    enum hl_status status =
        peers->rank == 0 && peers->count > 1 ? hl_partial_pack(&bytes, &size, p, origin, err) : HL_OK;
    uint64_t told = size;
    status = hl_peers_agree(peers, status);
    if (status != HL_OK || peers->count == 1) {
        free(bytes);
        return status;
    }
    spread(&told, sizeof told);
    if (peers->rank > 0 && (bytes = malloc(told + 1)) == NULL)
        status = hl_fail_memory(err);
    for (size_t done = 0; done < told; done += PIECE) {
        size_t length = piece_of(done, told);
        if (bytes != NULL && peers->rank == 0)
            memcpy(piece, bytes + done, length);
        spread(piece, length);
        if (bytes != NULL)
            memcpy(bytes + done, piece, length);
    }
    if (peers->rank > 0 && status == HL_OK && told > 0)
        status = hl_partial_replace(p, "rank 0", bytes, told, err);
    free(bytes);
    return hl_peers_agree(peers, status);
}

bool hl_peers_tell(const struct hl_peers *peers, char *text, size_t size) {
    if (peers->failed == 0)
        return false;
    if (peers->rank == peers->failed)
        send(0, text, size);
    else if (peers->rank == 0)
        receive(peers->failed, text, size);
    return peers->rank == 0;
}
