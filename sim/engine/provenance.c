#include "engine/provenance.h"

#include "version.h"

#include <unistd.h>

#ifdef __clang__
#define HL_COMPILER "clang " __clang_version__
#else
#define HL_COMPILER "gcc " __VERSION__
#endif

static double seconds_since(const struct timespec *then) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - then->tv_sec) + 1e-9 * (double)(now.tv_nsec - then->tv_nsec);
}

void hl_provenance_tell(struct hl_provenance *p, unsigned ranks, unsigned threads, uint64_t events,
                        const struct timespec *then) {
    *p = (struct hl_provenance){.version = HL_VERSION,
                                .commit = HL_COMMIT,
                                .compiler = HL_COMPILER,
                                .ranks = ranks,
                                .threads = threads,
                                .seconds_run = seconds_since(then),
                                .events = events};
    if (gethostname(p->host, sizeof p->host - 1) != 0)
        p->host[0] = '\0';
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc) != NULL)
        strftime(p->started, sizeof p->started, "%Y-%m-%dT%H:%M:%SZ", &utc);
}
