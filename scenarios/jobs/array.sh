#!/bin/bash
#SBATCH --job-name=hackloss
#SBATCH --cpus-per-task=8
#SBATCH --time=01:00:00
#SBATCH --signal=TERM@120
#SBATCH --requeue
# A run in shards, each a task of a Slurm job array: array.sh SCENARIO FOLDER [OPTION…]
#   job=$(sbatch --parsable --array=1-16 scenarios/jobs/array.sh scenarios/dmm-2024.yaml results/dmm --trials 1_000_000_000)
#   sbatch --dependency=afterok:"$job" --wrap 'hackloss merge results/dmm --no-plots --out results/dmm'
# Numbers of tasks go from 1. Two minutes before its time is up a task saves itself, ends with 3, and is queued again.
set -u
scenario=$1
folder=$2
shift 2

srun hackloss run "$scenario" "$@" --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
    --threads "$SLURM_CPUS_PER_TASK" --resume --quiet --out "$folder"
status=$?
if [ "$status" -eq 3 ]; then
    scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"
