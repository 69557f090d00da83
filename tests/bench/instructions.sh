#!/bin/bash
# Instructions a breach, counted by callgrind: instructions.sh WORKLOAD…
# A run of 20 blocks is taken from one of 36, so that the start, the pilot and the writing of results cancel. Below it the
# functions of the larger run with the most instructions of their own. Counts do not depend on what else the machine does.
set -u
cd "$(dirname "$0")/../.." || exit 1

scratch=$(mktemp -d "${TMPDIR:-/tmp}/hackloss-instructions-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
declare -A events_per_1000_years=([w1]=300 [w2]=1150 [w3]=2460)
block=4096
most_seconds=240

# count WORKLOAD BLOCKS: instructions of a run, or nothing when it takes too long.
count() {
    timeout "$most_seconds" valgrind --tool=callgrind --callgrind-out-file="$scratch/$1-$2" build/hackloss run "tests/bench/$1.yaml" \
        --trials $(($2 * block)) --threads 1 --no-plots --quiet --out "$scratch/out" >/dev/null 2>"$scratch/said" || return 1
    awk '/^summary:/ { print $2 } /^totals:/ { print $2 }' "$scratch/$1-$2" | tail -n 1
}

command -v valgrind >/dev/null || {
    echo "valgrind is not there: no instruction counts (make deps-bench installs it)"
    exit 0
}
echo
echo "Instructions a breach, by callgrind"
for workload in "$@"; do
    if ! few=$(count "$workload" 20) || ! many=$(count "$workload" 36) || [ -z "$few" ] || [ -z "$many" ]; then
        echo "$workload: more than $most_seconds seconds under callgrind, or it failed; not counted"
        continue
    fi
    events=$((16 * block * events_per_1000_years[$workload] / 1000))
    echo "$workload: $(((many - few) / events))"
    callgrind_annotate "$scratch/$workload-36" 2>/dev/null |
        sed -n -E 's/^ *([0-9,]+) \( ?([0-9.]+)%\) .*:([A-Za-z_][A-Za-z0-9_@.]*).*/\2 \3/p' | head -n 8 |
        awk '{ printf "  %5.1f %%  %s\n", $1, $2 }'
done
