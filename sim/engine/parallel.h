/* The only threads of the program. */
#ifndef HL_ENGINE_PARALLEL_H
#define HL_ENGINE_PARALLEL_H

#include "base/status.h"

#include <signal.h>
#include <stdint.h>

/* The thread that makes it, and others that wait for work until the crew is freed: to make a thread, and to have the
 * system run it, takes longer than many a piece of work. A thread that cannot be made only makes the work slower. */
struct hl_crew;

/* A crew of `threads`, at least 1. */
HL_MUST_CHECK enum hl_status hl_crew_make(struct hl_crew **out, unsigned threads, struct hl_error *err);
void hl_crew_free(struct hl_crew *crew); /* of NULL: nothing */

/* Calls work(context, worker, index) for every index in [*next, end), each once, by a crew; `worker` is below the
 * number of its threads and stable for a thread, for scratch memory. Indexes are handed out in ascending order. Stops
 * handing out when a call fails, when one returns HL_INTERRUPTED (it is done, and wants a pause), or when *interrupt
 * (may be NULL) is not 0. Returns the status of the failing call with the lowest index, HL_INTERRUPTED, or HL_OK; `err`
 * gets that call's faults. *next becomes the first index that was not handed out: unless a call failed, all before it
 * are done. Only the thread that made the crew may call it, and no work of the crew. */
typedef enum hl_status (*hl_work)(void *context, unsigned worker, uint64_t index, struct hl_error *err);
HL_MUST_CHECK enum hl_status hl_parallel_for(struct hl_crew *crew, uint64_t *next, uint64_t end, hl_work work,
                                             void *context, const volatile sig_atomic_t *interrupt,
                                             struct hl_error *err);

/* How many processors this process may run on. */
unsigned hl_parallel_processors(void);

#endif
