#!/bin/bash
# Whatever call of the system fails, and whenever: a message and exit code 1, every file whole, none left half written,
# and what was saved is good to go on from.
# FAULTS=all lets every call fail in turn, instead of the first ones and some of the others.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

library=$PWD/build/faults.so
kinds=(memory write fsync rename create)
run() { "$hackloss" run scenarios/minimal.yaml --trials 20480 --threads 2 --quiet --no-plots "$@"; } # five blocks

# What is done to a folder, as it finds it in <name>-before; undisturbed it leaves <name>-after.
act() {
    case $1 in
    run) run --seed 2 --out "$2" ;;
    checkpoints) run --seed 2 --checkpoint 1ms --out "$2" ;;
    resume) run --seed 2 --checkpoint 1ms --resume --out "$2" ;;
    shard) run --seed 2 --shard 1/2 --checkpoint 1ms --resume --out "$2" ;;
    merge) "$hackloss" merge "$scratch/shards" --quiet --no-plots --out "$2" ;;
    esac
}

# same FOLDER FOLDER: results, or shards, with the same bytes.
same() { if [ -e "$1/summary.json" ]; then same_results "$1" "$2"; else diff -r "$1" "$2"; fi; }

run --seed 1 --out "$scratch/run-before" 2>/dev/null
run --seed 1 --shard 1/2 --out "$scratch/shard-before"
run --seed 2 --shard 1/2 --out "$scratch/shards"
run --seed 2 --shard 2/2 --out "$scratch/shards"
cp -r "$scratch/run-before" "$scratch/checkpoints-before"
cp -r "$scratch/run-before" "$scratch/merge-before"
cp -r "$scratch/run-before" "$scratch/resume-before"
FAULT=rename:3 FAULT_SIGNAL=15 LD_PRELOAD=$library act checkpoints "$scratch/resume-before" 2>/dev/null
expect "there is a checkpoint to go on from" test -s "$scratch/resume-before/checkpoint.hackloss"
for name in run checkpoints resume shard merge; do
    cp -r "$scratch/$name-before" "$scratch/$name-after"
    expect "$name, undisturbed" act "$name" "$scratch/$name-after"
done
for name in checkpoints resume merge; do
    expect "$name, undisturbed: what a run gives" same "$scratch/run-after" "$scratch/$name-after"
done

# whole NAME FILE: as it was found, or as it should become. How good a checkpoint is, going on from it shows.
whole() {
    local file
    file=$(basename "$2")
    if [ "$file" = summary.json ]; then
        without_provenance "$2" >"$scratch/summary"
        without_provenance "$scratch/$1-before/$file" | cmp -s - "$scratch/summary" ||
            without_provenance "$scratch/$1-after/$file" | cmp -s - "$scratch/summary"
    elif [[ $file != checkpoint*.hackloss ]]; then
        cmp -s "$2" "$scratch/$1-before/$file" || cmp -s "$2" "$scratch/$1-after/$file"
    fi
}

# goes_on NAME: what is there after a fault leads to what should become of it.
goes_on() {
    local name=${1/checkpoints/resume}
    act "$name" "$scratch/out" 2>"$scratch/message" && same "$scratch/$1-after" "$scratch/out" >/dev/null
}

# fault NAME KIND:K: what is left behind when a call fails; says what is wrong.
fault() {
    local file status
    rm -rf "$scratch/out"
    cp -r "$scratch/$1-before" "$scratch/out"
    FAULT=$2 LD_PRELOAD=$library act "$1" "$scratch/out" 2>"$scratch/message"
    status=$?
    if [ "$status" -eq 0 ]; then
        same "$scratch/$1-after" "$scratch/out" >/dev/null && return
        echo "$1 $2: ended with 0, and the results are others"
    elif [ "$status" -ne 1 ] || ! grep -q '[a-z]' "$scratch/message"; then
        echo "$1 $2: ended with $status and said: $(head -c 200 "$scratch/message")"
    elif [ -n "$(find "$scratch/out" -name '.*.tmp')" ]; then
        echo "$1 $2: left $(find "$scratch/out" -name '.*.tmp')"
    else
        stopped=$((stopped + 1))
        for file in "$scratch/out"/*; do
            whole "$1" "$file" || echo "$1 $2: $file is neither old nor new"
        done
        [ "$1" = run ] || goes_on "$1" || echo "$1 $2: does not go on: $(head -c 200 "$scratch/message")"
    fi
}

# points COUNT: which calls fail.
points() {
    local k step=$(($1 / 6 + 1))
    [ "${FAULTS:-}" = all ] && step=1
    for ((k = 1; k <= $1; k += k < 4 ? 1 : step)); do echo "$k"; done
}

# walk NAME KIND: lets calls fail, alternately once and from there on. What can do without some of the memory ends well.
walk() {
    local count k stays="" stopped=0 played=0 wrong
    rm -rf "$scratch/out"
    cp -r "$scratch/$1-before" "$scratch/out"
    FAULT_COUNTS=$scratch/counts LD_PRELOAD=$library act "$1" "$scratch/out"
    count=$(awk -v kind="$2" '$1 == kind { print $2 }' "$scratch/counts")
    : >"$scratch/wrong"
    for k in $(points "$count"); do
        fault "$1" "$2:$k$stays" >>"$scratch/wrong"
        if [ -z "$stays" ]; then stays=+; else stays=""; fi
        played=$((played + 1))
    done
    wrong=$(wc -l <"$scratch/wrong")
    echo "$1, $2: $count calls, $stopped of $played faults stopped it, $wrong were taken wrongly"
    head -n 10 "$scratch/wrong"
    [ "$count" -gt 0 ] && [ "$wrong" -eq 0 ] && [ "$stopped" -gt $((played / 2)) ]
}

# refused NAME KIND REASON: with every such call failing nothing is changed, and the reason is said.
refused() {
    rm -rf "$scratch/out"
    cp -r "$scratch/$1-before" "$scratch/out"
    FAULT=$2:1+ LD_PRELOAD=$library exits 1 act "$1" "$scratch/out" 2>"$scratch/message"
    cat "$scratch/message"
    grep -q "cannot be written: $3" "$scratch/message" && diff -r "$scratch/$1-before" "$scratch/out"
}

for name in run checkpoints resume shard merge; do
    for kind in "${kinds[@]}"; do
        expect "$name: $kind fails" walk "$name" "$kind"
    done
    expect "$name: the disk is full" refused "$name" write "No space left on device"
    expect "$name: the folder is read-only" refused "$name" create "Read-only file system"
done
finish
