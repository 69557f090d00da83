#!/bin/bash
# Whatever call of the system fails, and whenever: a message and exit code 1, every file whole, none left half written.
# FAULTS=all lets every call fail in turn, instead of the first ones and some of the others.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

library=$PWD/build/faults.so
minimal=(scenarios/minimal.yaml --trials 4096 --threads 2 --quiet --no-plots)
run() { "$hackloss" run "${minimal[@]}" "$@"; }

# The results that a failing run finds, and those that it would write.
run --seed 1 --out "$scratch/old" 2>/dev/null
run --seed 2 --out "$scratch/new" 2>/dev/null

# whole FILE: what the old or the new run wrote.
whole() {
    local name
    name=$(basename "$1")
    if [ "$name" = summary.json ]; then
        without_provenance "$1" >"$scratch/summary"
        without_provenance "$scratch/old/$name" | cmp -s - "$scratch/summary" ||
            without_provenance "$scratch/new/$name" | cmp -s - "$scratch/summary"
    else
        cmp -s "$1" "$scratch/old/$name" || cmp -s "$1" "$scratch/new/$name"
    fi
}

# fault KIND:K: what a run with this fault leaves behind; says what is wrong.
fault() {
    local file status
    rm -rf "$scratch/out"
    cp -r "$scratch/old" "$scratch/out"
    FAULT=$1 LD_PRELOAD=$library run --seed 2 --out "$scratch/out" 2>"$scratch/message"
    status=$?
    if [ "$status" -eq 0 ]; then
        same_results "$scratch/new" "$scratch/out" && return
        echo "$1: ended with 0, and the results are others"
    elif [ "$status" -ne 1 ] || ! grep -q '[a-z]' "$scratch/message"; then
        echo "$1: ended with $status and said: $(head -c 200 "$scratch/message")"
    elif [ "$(find "$scratch/out" -type f | wc -l)" -ne "$(find "$scratch/old" -type f | wc -l)" ]; then
        echo "$1: left $(find "$scratch/out" -name '.*.tmp')"
    else
        for file in "$scratch/out"/*; do
            whole "$file" || echo "$1: $file is neither old nor new"
        done
        stopped=$((stopped + 1))
        return
    fi
}

# walk KIND: lets calls fail, once and from there on. A run can do without some of the memory, and without nothing else.
walk() {
    local kind=$1 count step k least stopped=0 played=0 wrong
    FAULT_COUNTS=$scratch/counts LD_PRELOAD=$library run --seed 2 --out "$scratch/counted"
    count=$(awk -v kind="$kind" '$1 == kind { print $2 }' "$scratch/counts")
    step=$((count / 40 + 1))
    [ "${FAULTS:-}" = all ] && step=1
    : >"$scratch/wrong"
    for ((k = 1; k <= count; k += k < 20 ? 1 : step)); do
        fault "$kind:$k" >>"$scratch/wrong"
        fault "$kind:$k+" >>"$scratch/wrong"
        played=$((played + 2))
    done
    wrong=$(wc -l <"$scratch/wrong")
    least=$((played - 1))
    [ "$kind" = memory ] && least=$((played / 2))
    echo "$kind: $count calls, $stopped of $played faults stopped a run, $wrong were taken wrongly"
    head -n 10 "$scratch/wrong"
    [ "$count" -gt 5 ] && [ "$wrong" -eq 0 ] && [ "$stopped" -gt "$least" ]
}

for kind in memory write fsync rename; do
    expect "$kind fails" walk "$kind"
done
finish
