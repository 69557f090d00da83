/* By what, where and when a result was made: all of it that may differ from run to run. */
#ifndef HL_ENGINE_PROVENANCE_H
#define HL_ENGINE_PROVENANCE_H

#include "engine/result.h"

#include <time.h>

/* Fills *p but for the seconds of the plan; `then` is when the run began, by CLOCK_MONOTONIC. */
void hl_provenance_tell(struct hl_provenance *p, unsigned ranks, unsigned threads, uint64_t events,
                        const struct timespec *then);

#endif
