#include "engine/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

/* What a crew is at. */
struct job {
    atomic_uint_fast64_t next;
    atomic_bool stop;
    uint64_t end;
    hl_work work;
    void *context;
    const volatile sig_atomic_t *interrupt;
};

struct member {
    struct hl_crew *crew;
    unsigned worker;
    pthread_t thread;
    bool started;
    enum hl_status status;
    uint64_t failed_at;
    struct hl_error err;
};

/* The gate tells in one word which job it is, whether members may still begin with it, and how many are at it. Who
 * comes late finds it closed: nobody waits for a thread that the system does not run. */
enum { AT_WORK = (1 << 24) - 1, OPEN = 1 << 24, JOB_SHIFT = 25 };
#define DISMISSED (UINT64_MAX >> JOB_SHIFT) /* the last job, of which none is */

struct hl_crew {
    struct job job;
    atomic_uint_fast64_t gate;
    struct member *members; /* [count] the first is the thread that made the crew */
    unsigned count;
    pthread_mutex_t lock; /* for those who sleep until the gate has changed */
    pthread_cond_t opened, left;
    bool bound;       /* to a processor each; the thread that made the crew */
    cpu_set_t before; /* might run on these before */
};

/* So often who waits looks again before it sleeps, for some 20 microseconds: to be woken takes as long. No longer, as
 * the system finds a free processor only for a thread that it wakes: two that were put on one stay there. */
enum { LOOKS = 1000 };

static void pause_briefly(void) {
#ifdef __x86_64__
    __builtin_ia32_pause();
#endif
}

static uint64_t job_at(struct hl_crew *c) { return atomic_load(&c->gate) >> JOB_SHIFT; }
static bool are_at_work(struct hl_crew *c) { return (atomic_load(&c->gate) & AT_WORK) != 0; }

static void work_off(struct member *m) {
    struct job *j = &m->crew->job;
    while (!atomic_load(&j->stop)) {
        uint64_t index = atomic_fetch_add(&j->next, 1);
        if (index >= j->end)
            break;
        m->status = j->work(j->context, m->worker, index, &m->err);
        if (m->status == HL_OK && j->interrupt != NULL && *j->interrupt != 0)
            m->status = HL_INTERRUPTED;
        if (m->status != HL_OK) {
            m->failed_at = index;
            atomic_store(&j->stop, true);
        }
    }
}

/* --- members ------------------------------------------------------------------------------------------------------ */

/* The job after `last`. */
static uint64_t await_job(struct hl_crew *c, uint64_t last) {
    for (int i = 0; i < LOOKS && job_at(c) == last; i++)
        pause_briefly();
    if (job_at(c) == last) {
        pthread_mutex_lock(&c->lock);
        while (job_at(c) == last)
            pthread_cond_wait(&c->opened, &c->lock);
        pthread_mutex_unlock(&c->lock);
    }
    return job_at(c);
}

static bool enter(struct hl_crew *c, uint64_t job) {
    uint64_t gate = atomic_load(&c->gate);
    while (gate >> JOB_SHIFT == job && (gate & OPEN) != 0)
        if (atomic_compare_exchange_weak(&c->gate, &gate, gate + 1))
            return true;
    return false;
}

static void leave(struct hl_crew *c) {
    uint64_t gate = atomic_fetch_sub(&c->gate, 1) - 1;
    if ((gate & (OPEN | AT_WORK)) != 0)
        return;
    pthread_mutex_lock(&c->lock);
    pthread_cond_signal(&c->left);
    pthread_mutex_unlock(&c->lock);
}

static void *serve(void *argument) {
    struct member *m = argument;
    for (uint64_t job = 0; (job = await_job(m->crew, job)) != DISMISSED;) {
        if (!enter(m->crew, job))
            continue;
        work_off(m);
        leave(m->crew);
    }
    return NULL;
}

/* --- the thread that made the crew -------------------------------------------------------------------------------- */

/* Changes the gate from one job, which is over, to another. */
static void tell(struct hl_crew *c, uint64_t gate) {
    pthread_mutex_lock(&c->lock);
    atomic_store(&c->gate, gate);
    pthread_mutex_unlock(&c->lock);
    pthread_cond_broadcast(&c->opened);
}

/* Lets nobody begin any more, and waits for those who have. */
static void close_gate(struct hl_crew *c) {
    atomic_fetch_and(&c->gate, ~(uint64_t)OPEN);
    for (int i = 0; i < LOOKS && are_at_work(c); i++)
        pause_briefly();
    if (!are_at_work(c))
        return;
    pthread_mutex_lock(&c->lock);
    while (are_at_work(c))
        pthread_cond_wait(&c->left, &c->lock);
    pthread_mutex_unlock(&c->lock);
}

/* A crew of as many threads as there are processors has one for each: left to itself the system puts two of them on
 * one for milliseconds at a time. Others run where the system puts them. Where a thread cannot be bound it is not. */
static void bind(struct hl_crew *c) {
    int own = sched_getcpu(), next = 0;
    if (c->count < 2 || c->count != hl_parallel_processors() || own < 0 ||
        sched_getaffinity(0, sizeof c->before, &c->before) != 0)
        return;
    c->bound = true;
    for (unsigned i = 0; i < c->count; i++) {
        while (i > 0 && (next == own || !CPU_ISSET((unsigned)next, &c->before)))
            next++;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET((unsigned)(i > 0 ? next++ : own), &one);
        if (i == 0 || c->members[i].started)
            pthread_setaffinity_np(i == 0 ? pthread_self() : c->members[i].thread, sizeof one, &one);
    }
}

enum hl_status hl_crew_make(struct hl_crew **out, unsigned threads, struct hl_error *err) {
    struct hl_crew *c = *out = calloc(1, sizeof *c);
    struct member *members = calloc(threads, sizeof *members);
    if (c == NULL || members == NULL) {
        free(c);
        free(members);
        *out = NULL;
        return hl_fail_memory(err);
    }
    c->members = members;
    c->count = threads;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->opened, NULL);
    pthread_cond_init(&c->left, NULL);
    for (unsigned i = 0; i < threads; i++)
        members[i] = (struct member){.crew = c, .worker = i};
    for (unsigned i = 1; i < threads; i++)
        members[i].started = pthread_create(&members[i].thread, NULL, serve, &members[i]) == 0;
    bind(c);
    return HL_OK;
}

void hl_crew_free(struct hl_crew *c) {
    if (c == NULL)
        return;
    tell(c, (uint64_t)DISMISSED << JOB_SHIFT);
    for (unsigned i = 1; i < c->count; i++)
        if (c->members[i].started)
            pthread_join(c->members[i].thread, NULL);
    if (c->bound)
        pthread_setaffinity_np(pthread_self(), sizeof c->before, &c->before);
    pthread_cond_destroy(&c->left);
    pthread_cond_destroy(&c->opened);
    pthread_mutex_destroy(&c->lock);
    free(c->members);
    free(c);
}

/* A failure before a pause, then the first in the order of indexes. */
static bool decides(const struct member *a, const struct member *b) {
    if ((a->status == HL_INTERRUPTED) != (b->status == HL_INTERRUPTED))
        return b->status == HL_INTERRUPTED;
    return a->failed_at < b->failed_at;
}

/* The first failure in the order of indexes decides, so that the message does not depend on the threads. */
static enum hl_status outcome(struct hl_crew *c, struct hl_error *err) {
    struct member *first = NULL;
    for (unsigned i = 0; i < c->count; i++)
        if (c->members[i].status != HL_OK && (first == NULL || decides(&c->members[i], first)))
            first = &c->members[i];
    enum hl_status status = first == NULL ? HL_OK : first->status;
    for (unsigned i = 0; i < c->count; i++) {
        struct member *m = &c->members[i];
        if (m == first && m->err.count + m->err.dropped > 0) {
            hl_error_free(err);
            *err = m->err;
        } else {
            hl_error_free(&m->err);
        }
        m->err = (struct hl_error){0};
        m->status = HL_OK;
    }
    return status;
}

enum hl_status hl_parallel_for(struct hl_crew *c, uint64_t *next, uint64_t end, hl_work work, void *context,
                               const volatile sig_atomic_t *interrupt, struct hl_error *err) {
    struct job *j = &c->job;
    j->end = end;
    j->work = work;
    j->context = context;
    j->interrupt = interrupt;
    atomic_store(&j->next, *next);
    atomic_store(&j->stop, false);
    if (c->count > 1)
        tell(c, ((job_at(c) + 1) << JOB_SHIFT) | OPEN);
    work_off(&c->members[0]);
    if (c->count > 1)
        close_gate(c);
    uint64_t reached = atomic_load(&j->next); /* every thread asks once more than there is work */
    *next = reached < end ? reached : end;
    return outcome(c, err);
}

unsigned hl_parallel_processors(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : (unsigned)count;
}
