#include "cli/cli.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void hl_progress_start(struct hl_progress_line *line) { *line = (struct hl_progress_line){.started = seconds()}; }

void hl_progress_draw(void *context, struct hl_progress p) {
    static const char *const passes[] = {"", "pilot", "trials", "again"};
    struct hl_progress_line *line = context;
    double now = seconds();
    if (p.pass != line->pass) {
        line->pass = p.pass;
        line->started = now;
    }
    if (now - line->drawn < 0.1 || p.done == 0 || now - line->started < 0.2)
        return;
    line->drawn = now;
    line->shown = true;
    double rate = (double)p.done / (now - line->started);
    fprintf(stderr, "\r\033[K%s: %3.0f %%, %.3g trials/s, %.0f s left", passes[p.pass],
            100 * (double)p.done / (double)p.trials, rate, (double)(p.trials - p.done) / rate);
    fflush(stderr);
}

void hl_progress_clear(struct hl_progress_line *line) {
    if (line->shown)
        fputs("\r\033[K", stderr);
}
