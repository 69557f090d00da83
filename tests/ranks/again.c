/* A run whose pilot guesses so narrowly that all trials are played twice: again SCENARIO TRIALS FOLDER, alone or by
 * mpirun. The results are those of hackloss run. */
#include "hackloss.h"

int main(int argc, char **argv) {
    if (argc != 4)
        return HL_INVALID;
    struct hl_peers peers;
    hl_init();
    hl_peers_start(&peers);
    const struct hl_setting trials = {.key = "trials", .text = argv[2]};
    const struct hl_run_options options = {.pilot_spare = 1e-9, .peers = &peers};
    struct hl_error err = {0};
    struct hl_scenario scenario = {0};
    struct hl_plan plan = {0};
    struct hl_result result = {0};
    enum hl_status status = hl_scenario_load(&scenario, argv[1], &trials, 1, &err);
    if (status == HL_OK)
        status = hl_plan_make(&plan, &scenario, &err);
    if (status == HL_OK)
        status = hl_run(&result, &plan, &options, &err);
    if (status == HL_OK && peers.rank == 0)
        status = hl_results_write(&result, argv[3], &err);
    hl_error_print(&err, stderr);
    hl_error_free(&err);
    hl_result_free(&result);
    hl_plan_free(&plan);
    hl_scenario_free(&scenario);
    status = hl_peers_agree(&peers, status);
    hl_peers_finish();
    return (int)status;
}
