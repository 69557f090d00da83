#include "measure.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* In the child. */
static void become(const struct process *p) {
    char *arguments[ARGUMENTS_MOST], threads[16];
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (size_t i = 0; i < ARGUMENTS_MOST; i++)
        arguments[i] = p->arguments[i] == NULL ? NULL : strdup(p->arguments[i]);
    snprintf(threads, sizeof threads, "%d", p->threads);
    setenv("OMP_NUM_THREADS", threads, 1);
    dup2(nothing, STDOUT_FILENO);
    execvp(arguments[0], arguments);
    perror(arguments[0]);
    _exit(127);
}

static void say_failure(const struct process *p, int status) {
    fputs("bench: failed:", stderr);
    for (size_t i = 0; p->arguments[i] != NULL; i++)
        fprintf(stderr, " %s", p->arguments[i]);
    fprintf(stderr, " (%s %d)\n", WIFEXITED(status) ? "exit code" : "signal",
            WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

bool measure(struct measured *out, const struct process *p, int count) {
    double start = now();
    bool good = true;
    int started = 0;
    *out = (struct measured){0};
    fflush(NULL);
    for (; started < count; started++) {
        pid_t child = fork();
        if (child == 0)
            become(p);
        if (child < 0) {
            perror("bench: fork");
            good = false;
            break;
        }
    }
    for (int i = 0; i < started; i++) {
        struct rusage usage;
        int status = 0;
        if (wait4(-1, &status, 0, &usage) < 0)
            good = false;
        if (status != 0)
            say_failure(p, status);
        good = good && status == 0;
        double peak_mb = (double)usage.ru_maxrss / 1024;
        out->peak_mb = peak_mb > out->peak_mb ? peak_mb : out->peak_mb;
    }
    out->seconds = now() - start;
    return good;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double median(double *values, size_t count) {
    qsort(values, count, sizeof *values, compare);
    return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}
