#include "engine/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct pool {
    atomic_uint_fast64_t next;
    atomic_bool stop;
    uint64_t end;
    hl_work work;
    void *context;
    const volatile sig_atomic_t *interrupt;
};

struct member {
    struct pool *pool;
    unsigned worker;
    pthread_t thread;
    bool started;
    enum hl_status status;
    uint64_t failed_at;
    struct hl_error err;
};

static void *run(void *argument) {
    struct member *m = argument;
    struct pool *p = m->pool;
    while (!atomic_load(&p->stop)) {
        uint64_t index = atomic_fetch_add(&p->next, 1);
        if (index >= p->end)
            break;
        m->status = p->work(p->context, m->worker, index, &m->err);
        if (m->status == HL_OK && p->interrupt != NULL && *p->interrupt != 0)
            m->status = HL_INTERRUPTED;
        if (m->status != HL_OK) {
            m->failed_at = index;
            atomic_store(&p->stop, true);
        }
    }
    return NULL;
}

/* A failure before a pause, then the first in the order of indexes. */
static bool decides(const struct member *a, const struct member *b) {
    if ((a->status == HL_INTERRUPTED) != (b->status == HL_INTERRUPTED))
        return b->status == HL_INTERRUPTED;
    return a->failed_at < b->failed_at;
}

/* The first failure in the order of indexes decides, so that the message does not depend on the threads. */
static enum hl_status outcome(struct member *members, unsigned threads, struct hl_error *err) {
    struct member *first = NULL;
    for (unsigned i = 0; i < threads; i++)
        if (members[i].status != HL_OK && (first == NULL || decides(&members[i], first)))
            first = &members[i];
    enum hl_status status = first == NULL ? HL_OK : first->status;
    for (unsigned i = 0; i < threads; i++) {
        if (&members[i] == first && first->err.count + first->err.dropped > 0) {
            hl_error_free(err);
            *err = first->err;
        } else {
            hl_error_free(&members[i].err);
        }
    }
    return status;
}

enum hl_status hl_parallel_for(unsigned threads, uint64_t *next, uint64_t end, hl_work work, void *context,
                               const volatile sig_atomic_t *interrupt, struct hl_error *err) {
    struct pool pool = {.end = end, .work = work, .context = context, .interrupt = interrupt};
    atomic_init(&pool.next, *next);
    atomic_init(&pool.stop, false);
    struct member *members = calloc(threads, sizeof *members);
    if (members == NULL)
        return hl_fail_memory(err);
    for (unsigned i = 0; i < threads; i++)
        members[i] = (struct member){.pool = &pool, .worker = i};
    for (unsigned i = 1; i < threads; i++)
        members[i].started = pthread_create(&members[i].thread, NULL, run, &members[i]) == 0;
    run(&members[0]); /* a thread that could not be made only makes the run slower */
    for (unsigned i = 1; i < threads; i++)
        if (members[i].started)
            pthread_join(members[i].thread, NULL);
    uint64_t reached = atomic_load(&pool.next); /* every thread asks once more than there is work */
    *next = reached < end ? reached : end;
    enum hl_status status = outcome(members, threads, err);
    free(members);
    return status;
}

unsigned hl_parallel_processors(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : (unsigned)count;
}
