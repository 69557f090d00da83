/* What is told of a run's memory, against the peak of a process that plays it. */
#include "engine/memory.h"

#include "engine/run.h"
#include "tests/many.h"

#include <criterion/criterion.h>
#include <math.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What a child comes to, in bytes: what it tells of the run, or its peak when it runs. This process does neither, so
 * that the memory of one row is not taken for the program's in the next. */
static double of_child(const char *path, const char *trials, unsigned threads, bool runs) {
    struct rusage usage;
    int status;
    double *told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert(told != MAP_FAILED);
    pid_t child = fork();
    cr_assert(child >= 0);
    if (child == 0) {
        struct hl_scenario scenario = {0};
        struct hl_plan plan = {0};
        struct hl_result result;
        struct hl_memory m;
        struct hl_error err = {0};
        const struct hl_setting setting = {"trials", trials};
        const struct hl_run_options options = {.threads = threads};
        if (hl_scenario_load(&scenario, path, &setting, 1, &err) != HL_OK ||
            hl_plan_make(&plan, &scenario, &err) != HL_OK)
            _exit(1);
        if (runs)
            _exit(hl_run(&result, &plan, &options, &err) == HL_OK ? 0 : 1);
        if (hl_memory_of(&m, &plan, &err) != HL_OK)
            _exit(1);
        *told = hl_memory_peak(&m, threads);
        _exit(0);
    }
    cr_assert(wait4(child, &status, 0, &usage) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s", path);
    double bytes = runs ? 1024 * (double)usage.ru_maxrss : *told;
    munmap(told, sizeof *told);
    return bytes;
}

/* Never more than was told, in builds whose memory is the program's own; and what was told is at most half as much
 * again. The more trials a run has, the nearer: what a single block shows of a few thousand trials is most uncertain.
 */
Test(memory, told_and_measured) {
    static const struct {
        const char *path;
        const char *trials;
        unsigned threads;
        double most;
    } rows[] = {{"scenarios/minimal.yaml", "100_000", 2, 1.3},       {"tests/bench/w1.yaml", "2_000_000", 1, 1.3},
                {"tests/bench/w1.yaml", "2_000_000", 2, 1.3},        {"tests/bench/w2.yaml", "1_000_000", 1, 1.3},
                {"tests/bench/w2.yaml", "1_000_000", 2, 1.3},        {"scenarios/insured.yaml", "20_000", 2, 1.5},
                {"scenarios/industry-pool.yaml", "5_000", 1, 1.5},   {"scenarios/five-years.yaml", "50_000", 1, 1.5},
                {"scenarios/vendor-cascade.yaml", "20_000", 2, 1.5}, {"scenarios/bad-years.yaml", "20_000", 1, 1.5},
                {"tests/bench/w3.yaml", "1_000_000", 1, 1.3},        {"tests/bench/w3.yaml", "1_000_000", 2, 1.3},
                {"tests/bench/w3.yaml", "300_000", 3, 1.5},          {"scenarios/japan-2026.yaml", "8_192", 2, 1.5}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *trials = HL_IS_SLOW ? "5_000" : rows[i].trials;
        double told = of_child(rows[i].path, trials, rows[i].threads, false);
        double measured = of_child(rows[i].path, trials, rows[i].threads, true);
        cr_expect(HL_IS_SLOW || (measured < told && told < rows[i].most * measured),
                  "%s on %u threads: told %.1f MB, measured %.1f MB", rows[i].path, rows[i].threads, told / 1e6,
                  measured / 1e6);
    }
}

/* More trials and more threads take more; a thread's block does not depend on the trials. */
Test(memory, of_more_trials_and_threads) {
    double kept = 0;
    static const char *const trials[] = {"100_000", "10_000_000", "1_000_000_000"};
    for (size_t i = 0; i < COUNT_OF(trials); i++) {
        struct hl_scenario scenario = {0};
        struct hl_plan plan = {0};
        struct hl_memory m;
        struct hl_error err = {0};
        const struct hl_setting settings[] = {{"trials", trials[i]}};
        cr_assert(hl_scenario_load(&scenario, "tests/bench/w1.yaml", settings, 1, &err) == HL_OK);
        cr_assert(hl_plan_make(&plan, &scenario, &err) == HL_OK);
        cr_assert(hl_memory_of(&m, &plan, &err) == HL_OK);
        cr_expect(m.kept + m.kept_share > kept && hl_memory_peak(&m, 1) < 300e6);
        cr_expect(fabs(hl_memory_peak(&m, 2) - hl_memory_peak(&m, 1) - m.by_thread - m.events - m.kept_share) < 1);
        kept = m.kept + m.kept_share;
        hl_plan_free(&plan);
        hl_scenario_free(&scenario);
    }
}
