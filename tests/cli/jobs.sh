#!/bin/bash
# The job scripts of scenarios/jobs, without Slurm: its commands stand in, its variables are set by hand.
# jobs.sh [mpi]: only the one for build/mpi/hackloss, or else only the others.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
program=$PWD/$hackloss
[ "${1:-}" = mpi ] && program=$PWD/build/mpi/hackloss
mkdir "$scratch/bin"
ln -s "$program" "$scratch/bin/hackloss"
printf '#!/bin/bash\nexec "$@"\n' >"$scratch/bin/srun"
printf '#!/bin/bash\necho "$@" >>"%s"\n' "$scratch/requeued" >"$scratch/bin/scontrol"
chmod +x "$scratch/bin/srun" "$scratch/bin/scontrol"
export PATH=$scratch/bin:$PATH SLURM_JOB_ID=77 SLURM_CPUS_PER_TASK=2

scenario=tests/bench/w2.yaml
trials=(--trials 200000)
"$hackloss" run "$scenario" "${trials[@]}" --quiet --no-plots --out "$scratch/one"

# later FILE COMMAND…: sends it SIGTERM once the file is there; its exit code.
later() {
    local job file=$1 tries
    shift
    "$@" &
    job=$!
    for ((tries = 0; tries < 600; tries++)); do
        [ -e "$file" ] && break
        sleep 0.1
    done
    kill -TERM "$job"
    wait "$job"
}
by_two() { scenarios/jobs/mpi.sh "$scenario" "$scratch/mpi" "${trials[@]}" --no-plots; }
long() {
    later "$scratch/long/checkpoint.hackloss" \
        scenarios/jobs/mpi.sh "$scenario" "$scratch/long" --trials 1_000_000_000 --checkpoint 100ms
}
stops() { exits 3 long && [ -s "$scratch/long/checkpoint.hackloss" ] && grep -qx "requeue 77" "$scratch/requeued"; }

if [ "${1:-}" = mpi ]; then
    export SLURM_NTASKS=2 SLURM_CPUS_PER_TASK=1
    expect "a job by two processes" by_two
    expect "it is the same" same_results "$scratch/one" "$scratch/mpi"
    expect "a job whose time is up saves itself and is queued again" stops
    finish
    exit
fi

array() { SLURM_ARRAY_TASK_ID=$1 scenarios/jobs/array.sh "$scenario" "$2" "${@:3}"; }
export SLURM_ARRAY_TASK_COUNT=3
for task in 2 3 1; do expect "task $task of an array" array "$task" "$scratch/parts" "${trials[@]}"; done
expect "no task is queued again" test ! -e "$scratch/requeued"
expect "the job that puts them together" hackloss merge "$scratch/parts" --quiet --no-plots --out "$scratch/merged"
expect "it is the same" same_results "$scratch/one" "$scratch/merged"
cut() {
    local fault=(env FAULT=rename:2 FAULT_SIGNAL=15 LD_PRELOAD="$PWD/build/faults.so")
    printf '#!/bin/bash\nexec %s "$@"\n' "${fault[*]}" >"$scratch/bin/srun"
    exits 3 array 1 "$scratch/cut" "${trials[@]}" --checkpoint 1ms
}
expect "a task whose time is up ends with 3" cut
expect "and is queued again" grep -qx "requeue 77" "$scratch/requeued"
printf '#!/bin/bash\nexec "$@"\n' >"$scratch/bin/srun"
expect "and goes on" array 1 "$scratch/cut" "${trials[@]}"
expect "to the same shard" cmp "$scratch/cut/shard-1-of-3.hackloss" "$scratch/parts/shard-1-of-3.hackloss"
finish
