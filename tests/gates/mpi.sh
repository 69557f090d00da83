#!/bin/bash
# Runs by several processes (Open MPI): mpi.sh
# Their bytes are compared by tests/cli/same_bits.sh; here is what only they have: passes, faults, ways to go on.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/../cli/helper.sh"

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
program=build/mpi/hackloss
scenario=scenarios/vendor-cascade.yaml
quiet=(--quiet --no-plots)
ranks() { timeout 60 mpirun --oversubscribe -n "$@"; }
# by_rank RANKS COMMAND: a shell command at every rank, which knows its number as $OMPI_COMM_WORLD_RANK.
by_rank() { ranks "$1" bash -c "$2"; }
one() { "$hackloss" run "$scenario" "${quiet[@]}" "$@"; }
run() { ranks "$1" "$program" run "$scenario" "${quiet[@]}" "${@:2}"; }

tests/cli/same_bits.sh ranks || failures=$((failures + 1))
tests/cli/jobs.sh mpi || failures=$((failures + 1))

# As many trials as the target takes; fewer blocks than processes; all trials twice; a shard.
auto=(--trials auto --set 'target_relative_error=5 %')
one "${auto[@]}" --out "$scratch/auto"
expect "trials: auto by three" run 3 "${auto[@]}" --out "$scratch/auto-3"
expect "trials: auto: the same" same_results "$scratch/auto" "$scratch/auto-3"
for trials in 4000 9000; do
    one --trials "$trials" --out "$scratch/$trials"
    expect "$trials trials by three" run 3 --trials "$trials" --out "$scratch/$trials-3"
    expect "$trials trials: the same" same_results "$scratch/$trials" "$scratch/$trials-3"
done
one --trials 150000 --out "$scratch/one"
expect "all trials twice by three" ranks 3 build/mpi/again "$scenario" 150000 "$scratch/again"
expect "all trials twice: the same" same_results "$scratch/one" "$scratch/again"
expect "a shard by two" run 2 --trials 150000 --shard 1/2 --out "$scratch/shards"
one --trials 150000 --shard 2/2 --out "$scratch/shards"
"$hackloss" merge "$scratch/shards" "${quiet[@]}" --out "$scratch/merged"
expect "a shard by two: the same" same_results "$scratch/one" "$scratch/merged"

# Interrupted and killed while the first process writes a checkpoint, and resumed by any number of them.
stopped() {
    local status
    {
        FAULT=$1 FAULT_SIGNAL=$2 by_rank "$4" "LD_PRELOAD=$PWD/build/faults.so exec $program run $scenario --trials 150000 \
            --checkpoint 1ms --resume ${quiet[*]} --out $scratch/stopped"
        status=$?
    } 2>"$scratch/message"
    [ "$status" -eq "$3" ] && [ -s "$scratch/stopped/checkpoint.hackloss" ]
}
expect "two are interrupted" stopped rename:2 15 3 2
expect "and say how to go on" grep -q "mpirun -n 2 .* --resume" "$scratch/message"
# told SIGNAL: mpirun itself is told to stop, which it hands on to its processes; its exit code.
told() {
    local job tries folder=$scratch/told-$1
    mpirun --oversubscribe -n 2 "$program" run "$scenario" "${quiet[@]}" --trials 1_000_000_000 --checkpoint 100ms \
        --out "$folder" 2>"$folder-message" &
    job=$!
    for ((tries = 0; tries < 600; tries++)); do
        [ -e "$folder/checkpoint.hackloss" ] && break
        sleep 0.1
    done
    kill "-$1" "$job"
    wait "$job"
}
saved() { [ -s "$scratch/told-$1/checkpoint.hackloss" ] && [ "$(grep -c "To go on" "$scratch/told-$1-message")" -eq 1 ]; }
expect "mpirun that hands on a signal ends with 3" exits 3 told USR1
expect "and says once how to go on" saved USR1
told TERM # it ends with 1, whatever its processes say
expect "mpirun that is ended has its processes save what they played" saved TERM
expect "three go on and are killed" stopped fsync:3 9 137 3
cp -r "$scratch/stopped" "$scratch/alone"
expect "three end it" run 3 --trials 150000 --resume --out "$scratch/stopped"
expect "ended by three: the same" same_results "$scratch/one" "$scratch/stopped"
expect "one ends it" one --trials 150000 --resume --out "$scratch/alone"
expect "ended by one: the same" same_results "$scratch/one" "$scratch/alone"

# What is wrong ends all with one code, and is said once.
says() {
    local code=$1 want=$2 status
    shift 2
    "$@" >"$scratch/printed" 2>"$scratch/message"
    status=$?
    cat "$scratch/message"
    [ "$status" -eq "$code" ] && [ "$(grep -c -F -- "$want" "$scratch/message")" -eq 1 ] && [ ! -e "$scratch/none" ]
}
touch "$scratch/file"
start="exec $PWD/$program run $scenario --trials 9000 ${quiet[*]} --out $scratch/none"
expect "a wrong key" says 2 "trails" run 2 --set trails=5 --out "$scratch/none"
expect "an unknown option" says 2 "--fast" run 3 --fast --out "$scratch/none"
expect "--rare" says 2 "start it without mpirun" run 2 --rare --out "$scratch/none"
expect "no folder to write to" says 1 "$scratch/file" run 2 --trials 9000 --out "$scratch/file/none"
expect "another seed at the second" says 2 "rank 1: rank 0: is of another plan: its seed is 1, not 2" \
    by_rank 3 "$start --seed \$((1 + (OMPI_COMM_WORLD_RANK > 0)))"
expect "no scenario at the third" says 2 "rank 2: " by_rank 3 "[ \$OMPI_COMM_WORLD_RANK -lt 2 ] || cd /; $start"
# The second process gets no memory in the middle of its work. How many calls come before that, a run without work says.
second() { by_rank 2 "[ \$OMPI_COMM_WORLD_RANK -eq 0 ] || export $1 LD_PRELOAD=$PWD/build/faults.so; $start ${2:-}"; }
calls() { awk '$1 == "memory" { print $2 }' "$scratch/counts"; }
memory() {
    local from upto share
    second "FAULT_COUNTS=$scratch/counts" --help && from=$(calls)
    second "FAULT_COUNTS=$scratch/counts" "--out $scratch/counted" && upto=$(calls)
    [ "$upto" -gt $((from + 1000)) ] || return 1
    for share in 10 50 90 97; do
        says 1 "rank 1: out of memory" second "FAULT=memory:$((from + (upto - from) * share / 100))" || return 1
    done
}
expect "no memory at the second" memory
printed() { ranks 2 "$program" run "$scenario" --trials 9000 --no-plots --out "$scratch/printed-by-two" >"$scratch/printed"; }
expect "two that print" printed
expect "print once" test "$(grep -c 'Written to' "$scratch/printed")" -eq 1
finish
