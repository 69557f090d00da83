#!/bin/bash
#SBATCH --job-name=hackloss
#SBATCH --ntasks=64
#SBATCH --cpus-per-task=1
#SBATCH --time=01:00:00
#SBATCH --signal=B:TERM@120
#SBATCH --requeue
# One run by all processes of a Slurm job, with a hackloss that was built by make MPI=1: mpi.sh SCENARIO FOLDER [OPTION…]
#   sbatch scenarios/jobs/mpi.sh scenarios/dmm-2024.yaml results/dmm --trials 1_000_000_000
# Two minutes before its time is up the run saves itself, and the job is queued again.
set -u
scenario=$1
folder=$2
shift 2

# mpirun itself ends with 1 on SIGTERM; SIGUSR1 it hands on to its processes, and ends with their 3 once they are done.
mpirun -n "$SLURM_NTASKS" hackloss run "$scenario" "$@" \
    --threads "$SLURM_CPUS_PER_TASK" --resume --quiet --out "$folder" &
run=$!
trap 'kill -USR1 "$run"' TERM
wait "$run"
status=$?
if kill -0 "$run" 2>/dev/null; then # the waiting was interrupted, not the run
    wait "$run"
    status=$?
fi
if [ "$status" -eq 3 ]; then
    scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"
