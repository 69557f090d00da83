#!/bin/bash
# The same bytes however a run is played: by threads, kernels and ledgers, at once or in shards, interrupted and resumed,
# killed and resumed, by one process or by several.
# same_bits.sh [ranks]: with `ranks` only what build/mpi/hackloss plays, else that too where it is built.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
quiet=(--quiet --no-plots)
run() { "$hackloss" run "$1" "${quiet[@]}" --trials "${trials[$1]}" "${@:2}"; }
merge() { "$hackloss" merge "$@" "${quiet[@]}"; }
name_of() { basename "$1" .yaml; }

# A plain scenario, by 37 blocks of which the last is not full: the pilot has 16. One with all there is: vendors, climate,
# prices, dates; all of its five blocks are the pilot's too.
plain=tests/bench/w2.yaml
full=scenarios/japan-2026.yaml
declare -A trials=([$plain]=150000 [$full]=20000)

# What this processor has.
kernels=()
for kernel in scalar avx2 avx512; do
    if HACKLOSS_CPU=$kernel "$hackloss" --version >/dev/null 2>&1; then kernels+=("$kernel"); fi
done

# in_its_ways SCENARIO: every kernel on every ledger, the threads changing with them.
in_its_ways() {
    local kernel ledger threads=1 one
    one=$scratch/$(name_of "$1")
    for ledger in full fast; do
        for kernel in "${kernels[@]}"; do
            HACKLOSS_LEDGER=$ledger HACKLOSS_CPU=$kernel run "$1" --threads "$threads" --out "$one-$ledger-$kernel" \
                >/dev/null 2>&1
            expect "$(name_of "$1"): $kernel, $ledger ledger, $threads threads" same_results "$one" "$one-$ledger-$kernel"
            threads=$((threads % 3 + 1))
        done
    done
}

# in_shards SCENARIO N OUT: plays N shards with changing threads, kernels and ledgers, and puts them together.
in_shards() {
    local i ledgers=(full fast)
    for ((i = $2; i >= 1; i--)); do
        HACKLOSS_LEDGER=${ledgers[i % 2]} HACKLOSS_CPU=${kernels[i % ${#kernels[@]}]} \
            run "$1" --shard "$i/$2" --threads $((1 + i % 3)) --out "$3-shards" || return 1
    done
    merge "$3-shards" --out "$3"
}

# in_pieces SIGNAL CODE SCENARIO OUT: the signal comes in the middle of writing checkpoints, the run ends with the code
# and is resumed, again and again; then it is played to its end.
in_pieces() {
    local fault status
    for fault in rename:2 fsync:3 write:1 write:9 rename:3; do
        {
            FAULT=$fault FAULT_SIGNAL=$1 LD_PRELOAD=$PWD/build/faults.so \
                run "$3" --checkpoint 1ms --resume --out "$4"
            status=$?
        } 2>/dev/null
        [ "$status" -eq "$2" ] || {
            echo "$fault: ended with $status, not $2"
            return 1
        }
    done
    run "$3" --resume --out "$4" && [ ! -e "$4/checkpoint.hackloss" ] && [ -z "$(find "$4" -name '.*.tmp')" ]
}

# by_ranks SCENARIO RANKS OUT: several processes, which have the same memory of what was played before.
by_ranks() {
    timeout 60 mpirun --oversubscribe -n "$2" build/mpi/hackloss run "$1" "${quiet[@]}" --trials "${trials[$1]}" \
        --threads "$2" --checkpoint 1ms --out "$3"
}

for scenario in "$plain" "$full"; do
    name=$(name_of "$scenario")
    one=$scratch/$name
    expect "$name runs" run "$scenario" --out "$one"
    if [ -x build/mpi/hackloss ]; then
        expect "$name alone, without mpirun" build/mpi/hackloss run "$scenario" "${quiet[@]}" \
            --trials "${trials[$scenario]}" --out "$one-by-1"
        expect "$name alone, without mpirun: the same" same_results "$one" "$one-by-1"
        for ranks in 2 3; do
            expect "$name by $ranks" by_ranks "$scenario" "$ranks" "$one-by-$ranks"
            expect "$name by $ranks: the same" same_results "$one" "$one-by-$ranks"
        done
    fi
    [ "${1:-}" = ranks ] && continue
    in_its_ways "$scenario"
    expect "$name: three shards" in_shards "$scenario" 3 "$one-3"
    expect "$name: three shards give what one run gives" same_results "$one" "$one-3"
done
[ "${1:-}" = ranks ] && { finish; exit; }

scenario=$plain
one=$scratch/$(name_of "$plain")
expect "interrupted five times and resumed" in_pieces 15 3 "$scenario" "$one-15"
expect "interrupted five times, it is the same" same_results "$one" "$one-15"
expect "killed five times and resumed" in_pieces 9 137 "$scenario" "$one-9"
expect "killed five times, it is the same" same_results "$one" "$one-9"

# What is refused, by name.
shards=$one-3-shards
says() {
    local want=$1 status
    shift
    merge "$@" --out "$scratch/none" 2>"$scratch/message"
    status=$?
    grep -q -F -- "$want" "$scratch/message" || cat "$scratch/message"
    [ "$status" -eq 2 ] && [ ! -e "$scratch/none" ] && grep -q -F -- "$want" "$scratch/message"
}
mkdir "$scratch/some"
cp "$shards"/shard-[12]-of-3.hackloss "$scratch/some"
expect "a gap is refused" says "shard 3 of 3 is missing" "$scratch/some"
expect "an overlap is refused" says "which are in" "$shards" "$shards/shard-2-of-3.hackloss"
run "$scenario" --seed 99 --shard 3/3 --out "$scratch/some"
expect "another seed is refused" says "shard-3-of-3.hackloss: is of another plan: its seed is 99" "$scratch/some"
cp "$scratch/japan-2026-3-shards/shard-3-of-3.hackloss" "$scratch/some"
expect "another scenario is refused" says "shard-3-of-3.hackloss: is of another plan" "$scratch/some"
head -c 5000 "$shards/shard-3-of-3.hackloss" >"$scratch/some/shard-3-of-3.hackloss"
expect "a file that is cut off is refused" says "shard-3-of-3.hackloss: is damaged or cut off" "$scratch/some"
sed 's/hackloss part 1/hackloss part 9/' "$shards/shard-3-of-3.hackloss" >"$scratch/some/shard-3-of-3.hackloss"
expect "another form is refused" says "is of another version of hackloss" "$scratch/some"
echo "nothing" >"$scratch/some/shard-3-of-3.hackloss"
expect "what is no part is refused" says "is no part of a run" "$scratch/some"
expect "a folder without shards is refused" says "cannot be read: No such file" "$scratch"
expect "shards of trials: auto are refused" exits 2 "$hackloss" run "$scenario" --trials auto --shard 1/2 --out "$scratch/none"
for shard in 0/2 3/2 2 a/b 1/0 -1/2 1/2x; do
    expect "--shard $shard is 2" exits 2 "$hackloss" run "$scenario" --shard "$shard" --out "$scratch/none"
done
for time in 0s 5 -1s s 5d; do
    expect "--checkpoint $time is 2" exits 2 "$hackloss" run "$scenario" --checkpoint "$time" --out "$scratch/none"
done

# A checkpoint that cannot be gone on from stays, and the run does not begin.
damaged() {
    printf x >>"$scratch/late/checkpoint.hackloss"
    cp "$scratch/late/checkpoint.hackloss" "$scratch/damaged"
    exits 2 run "$scenario" --resume --out "$scratch/late" 2>"$scratch/message" &&
        grep -q "is damaged or cut off" "$scratch/message" && cmp "$scratch/damaged" "$scratch/late/checkpoint.hackloss"
}
late() {
    timeout --signal=INT 0.3 "$hackloss" run "$scenario" --trials 1000000000 --quiet --no-plots --out "$scratch/late" \
        2>"$scratch/message"
    [ -s "$scratch/late/checkpoint.hackloss" ] && grep -q -- "--resume" "$scratch/message"
}
expect "an interrupted run keeps a checkpoint and tells how to go on" late
expect "a damaged checkpoint is refused and kept" damaged
finish
