/* Memory on the command line: how much a run will take, and how much it may. */
#include "engine/memory.h"
#include "cli/cli.h"
#include "engine/parallel.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double MB = 1e6;

double hl_option_memory(struct argp_state *state, const char *text) {
    static const struct {
        const char *unit;
        double bytes;
    } units[] = {{"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}};
    char *unit;
    unsigned long count = strtoul(text, &unit, 10);
    unit += strspn(unit, " ");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (text[0] >= '1' && text[0] <= '9' && strlen(text) < 12 && strcmp(unit, units[i].unit) == 0)
            return (double)count * units[i].bytes;
    argp_error(state, "--memory wants an amount such as 300MB or 2GB, not '%s'", text);
    return 0;
}

static void tell(const struct hl_memory *m, unsigned threads) {
    printf("  memory: %.0f MB at most on %u thread%s: program and plan %.0f, counts %.0f, events of a block %.0f, "
           "kept values %.0f, results %.0f\n",
           ceil(hl_memory_peak(m, threads) / MB), threads, threads == 1 ? "" : "s", m->program / MB,
           (m->counts + threads * m->by_thread) / MB, threads * m->events / MB,
           (m->kept + threads * m->kept_share) / MB, m->results / MB);
}

enum hl_status hl_memory_tell(const struct hl_plan *plan, struct hl_error *err) {
    struct hl_memory m;
    enum hl_status status = hl_memory_of(&m, plan, err);
    if (status == HL_OK)
        tell(&m, hl_parallel_processors());
    return status;
}

enum hl_status hl_memory_fit(unsigned *threads, const struct hl_plan *plan, double most, struct hl_error *err) {
    struct hl_memory m;
    enum hl_status status = hl_memory_of(&m, plan, err);
    if (status != HL_OK)
        return status;
    if (*threads == 0)
        *threads = hl_parallel_processors();
    while (*threads > 1 && hl_memory_peak(&m, *threads) > most)
        --*threads;
    if (hl_memory_peak(&m, *threads) <= most)
        return HL_OK;
    return hl_fail(err, HL_INVALID,
                   "--memory %gMB: the run takes up to %.0f MB on one thread: program and plan %.0f, counts %.0f, "
                   "events of a block %.0f, kept values %.0f, results %.0f; fewer trials keep fewer values",
                   most / MB, ceil(hl_memory_peak(&m, 1) / MB), m.program / MB, (m.counts + m.by_thread) / MB,
                   m.events / MB, (m.kept + m.kept_share) / MB, m.results / MB);
}
