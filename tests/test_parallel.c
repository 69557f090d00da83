/* Threads: every index once, the first failure decides, an interrupt stops. */
#include "engine/parallel.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { N = 5000, THREADS_MOST = 7 };

struct job {
    atomic_int calls[N];
    atomic_int total;
    atomic_int later; /* calls of indexes above `slow` */
    atomic_bool strange_worker;
    unsigned threads;
    uint64_t fails_from; /* every index from here fails */
    uint64_t slow;       /* this one waits until a later one was begun, as far as there are threads for it */
    volatile sig_atomic_t interrupt;
    uint64_t interrupts_at;
    uint64_t pauses_at; /* this one asks for a pause */
};

static enum hl_status work(void *context, unsigned worker, uint64_t index, struct hl_error *err) {
    struct job *j = context;
    atomic_fetch_add(&j->calls[index], 1);
    atomic_fetch_add(&j->total, 1);
    if (worker >= j->threads)
        atomic_store(&j->strange_worker, true);
    for (int i = 0; index == j->slow && j->threads > 1 && i < 2000 && atomic_load(&j->later) == 0; i++)
        usleep(1000);
    if (index > j->slow)
        atomic_fetch_add(&j->later, 1);
    if (index == j->interrupts_at)
        j->interrupt = 1;
    if (index == j->pauses_at)
        return HL_INTERRUPTED;
    return index >= j->fails_from ? hl_fail(err, HL_FAILED, "index %d fails", (int)index) : HL_OK;
}

/* A crew for one job. */
static enum hl_status once(unsigned threads, uint64_t *next, hl_work job, void *context, volatile sig_atomic_t *stop,
                           struct hl_error *err) {
    struct hl_crew *crew;
    cr_assert(hl_crew_make(&crew, threads, err) == HL_OK);
    enum hl_status status = hl_parallel_for(crew, next, N, job, context, stop, err);
    hl_crew_free(crew);
    return status;
}

/* Without memory a fault is counted, and has no words. */
static enum hl_status fail_without_words(void *context, unsigned worker, uint64_t index, struct hl_error *err) {
    (void)context, (void)worker, (void)index;
    *err = (struct hl_error){.status = HL_FAILED, .dropped = 1};
    return HL_FAILED;
}

Test(parallel, a_failure_without_words_is_one) {
    struct hl_error err = {0};
    cr_expect(once(2, &(uint64_t){0}, fail_without_words, NULL, NULL, &err) == HL_FAILED);
    cr_expect(err.status == HL_FAILED && err.dropped == 1);
}

static struct job *make(unsigned threads) {
    struct job *j = calloc(1, sizeof *j);
    j->threads = threads;
    j->fails_from = j->slow = j->interrupts_at = j->pauses_at = N;
    return j;
}

Test(parallel, every_index_once) {
    const unsigned threads[] = {1, 2, THREADS_MOST};
    for (size_t i = 0; i < 3; i++) {
        struct job *j = make(threads[i]);
        struct hl_error err = {0};
        cr_expect(once(threads[i], &(uint64_t){10}, work, j, NULL, &err) == HL_OK);
        for (size_t k = 0; k < N; k++)
            cr_assert_eq(atomic_load(&j->calls[k]), k >= 10 ? 1 : 0, "index %zu with %u threads", k, threads[i]);
        cr_expect(!atomic_load(&j->strange_worker));
        free(j);
    }
}

Test(parallel, nothing_to_do) {
    struct job *j = make(3);
    struct hl_error err = {0};
    cr_expect(once(3, &(uint64_t){N}, work, j, NULL, &err) == HL_OK);
    cr_expect_eq(atomic_load(&j->total), 0);
    free(j);
}

/* The lowest failing index is slow, so that others fail first; its message is the one that counts. */
Test(parallel, the_lowest_failing_index_is_reported) {
    for (unsigned threads = 1; threads <= THREADS_MOST; threads += 3) {
        struct job *j = make(threads);
        struct hl_error err = {0};
        j->fails_from = j->slow = 100;
        cr_expect(once(threads, &(uint64_t){0}, work, j, NULL, &err) == HL_FAILED);
        cr_assert_eq(err.count, 1);
        cr_expect_str_eq(err.faults[0].message, "index 100 fails");
        for (size_t k = 0; k < 100; k++)
            cr_assert_eq(atomic_load(&j->calls[k]), 1);
        cr_expect(atomic_load(&j->total) < 100 + 2 * THREADS_MOST, "it went on after the failure");
        hl_error_free(&err);
        free(j);
    }
}

Test(parallel, an_interrupt_stops) {
    for (unsigned threads = 1; threads <= THREADS_MOST; threads += 3) {
        struct job *j = make(threads);
        struct hl_error err = {0};
        j->interrupts_at = 50;
        uint64_t next = 0;
        cr_expect(once(threads, &next, work, j, &j->interrupt, &err) == HL_INTERRUPTED);
        cr_expect_eq((int)next, atomic_load(&j->total), "all that was handed out is done");
        for (size_t k = 0; k < N; k++)
            cr_assert_eq(atomic_load(&j->calls[k]), k < next ? 1 : 0);
        cr_expect(atomic_load(&j->total) < N / 2, "%d calls", atomic_load(&j->total));
        cr_expect_eq(err.count, 0, "an interrupt is no fault");
        free(j);
    }
}

/* A pause hides no failure of a later index that was handed out before it. */
Test(parallel, a_pause_and_a_failure) {
    for (unsigned threads = 1; threads <= THREADS_MOST; threads += 3) {
        struct job *j = make(threads);
        struct hl_error err = {0};
        uint64_t next = 0;
        j->pauses_at = 50;
        cr_expect(once(threads, &next, work, j, NULL, &err) == HL_INTERRUPTED);
        cr_expect(next > 50 && next < N / 2);
        j->pauses_at = j->slow = next; /* waits for the next one, which fails */
        j->fails_from = next + 1;
        enum hl_status want = threads > 1 ? HL_FAILED : HL_INTERRUPTED;
        cr_expect(once(threads, &next, work, j, NULL, &err) == want);
        hl_error_free(&err);
        free(j);
    }
}

/* Between two jobs the others wait, awake or asleep; each job is done whole, by the same workers, also after a failure.
 */
Test(parallel, job_after_job) {
    for (unsigned threads = 1; threads <= THREADS_MOST; threads += 3) {
        struct hl_crew *crew;
        struct hl_error err = {0};
        cr_assert(hl_crew_make(&crew, threads, &err) == HL_OK);
        for (int job = 0; job < 40; job++) {
            struct job *j = make(threads);
            uint64_t next = 0, end = job % 4 == 0 ? N : (uint64_t)job;
            if (job % 8 == 3)
                usleep(20000); /* they sleep by then */
            if (job == 13)
                j->fails_from = 5;
            cr_expect(hl_parallel_for(crew, &next, end, work, j, NULL, &err) == (job == 13 ? HL_FAILED : HL_OK));
            cr_expect_eq(err.count, job == 13);
            for (size_t k = 0; k < N && job != 13; k++)
                cr_assert_eq(atomic_load(&j->calls[k]), k < end, "index %zu of job %d with %u threads", k, job,
                             threads);
            cr_expect(!atomic_load(&j->strange_worker));
            hl_error_free(&err);
            err = (struct hl_error){0};
            free(j);
        }
        hl_crew_free(crew);
    }
}

Test(parallel, a_crew_without_work) {
    struct hl_crew *crew;
    struct hl_error err = {0};
    cr_expect(hl_crew_make(&crew, THREADS_MOST, &err) == HL_OK);
    hl_crew_free(crew);
    hl_crew_free(NULL);
}

Test(parallel, there_is_a_processor) { cr_expect(hl_parallel_processors() >= 1); }

static uint64_t processors_of(void) {
    cpu_set_t set;
    uint64_t mask = 0;
    cr_assert(sched_getaffinity(0, sizeof set, &set) == 0);
    for (unsigned i = 0; i < 64; i++)
        mask |= (uint64_t)CPU_ISSET(i, &set) << i;
    return mask;
}

struct seen {
    atomic_uint_fast64_t by[64]; /* where each worker may run; 0 = it did not work */
    atomic_int began;
    int threads;
};

/* Returns when all workers have begun, or after two seconds. */
static enum hl_status see(void *context, unsigned worker, uint64_t index, struct hl_error *err) {
    struct seen *s = context;
    (void)index, (void)err;
    atomic_store(&s->by[worker], processors_of());
    atomic_fetch_add(&s->began, 1);
    for (int i = 0; i < 2000 && atomic_load(&s->began) < s->threads; i++)
        usleep(1000);
    return HL_OK;
}

/* With a thread for each processor no two run on one; the caller may run where it could before, afterwards. */
Test(parallel, a_processor_for_each) {
    unsigned threads = hl_parallel_processors();
    uint64_t before = processors_of(), all = 0;
    if (threads < 2 || threads > 64)
        cr_skip_test("one processor, or more than are looked at");
    struct hl_crew *crew;
    struct hl_error err = {0};
    struct seen s = {.threads = (int)threads};
    cr_assert(hl_crew_make(&crew, threads, &err) == HL_OK);
    cr_expect(hl_parallel_for(crew, &(uint64_t){0}, threads, see, &s, NULL, &err) == HL_OK);
    for (unsigned i = 0; i < threads; i++) {
        uint64_t own = atomic_load(&s.by[i]);
        cr_expect((own & (own - 1)) == 0, "worker %u is bound", i);
        cr_expect((own & all) == 0, "worker %u shares none", i);
        all |= own;
    }
    hl_crew_free(crew);
    cr_expect(processors_of() == before);
    cr_assert(hl_crew_make(&crew, threads + 1, &err) == HL_OK);
    cr_expect(processors_of() == before, "too many to have one each");
    hl_crew_free(crew);
}
