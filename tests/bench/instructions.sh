#!/bin/bash
# Where the instructions of a breach go, counted by callgrind: instructions.sh [WORKLOAD…]
# w1, w2, w3 or full (the full model: scenarios/japan-2026.yaml). A run of few blocks is taken from one of more, so that
# the start, the pilot and the writing of results cancel. A line a stage of the way from a draw to a count; what the
# compiler has put into a function from a header counts as the function's. Counts do not depend on what else the machine
# does. Written to build/bench/stages.csv too.
set -u
cd "$(dirname "$0")/../.." || exit 1

scratch=$(mktemp -d "${TMPDIR:-/tmp}/hackloss-instructions-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
block=4096
most_seconds=240

declare -A file=([w1]=tests/bench/w1.yaml [w2]=tests/bench/w2.yaml [w3]=tests/bench/w3.yaml
    [full]=scenarios/japan-2026.yaml)
declare -A few=([w1]=400 [w2]=200 [w3]=100 [full]=4) more=([w1]=800 [w2]=400 [w3]=200 [full]=8)

# count WORKLOAD BLOCKS: instructions by file and function into $scratch/WORKLOAD-BLOCKS, breaches into ….events.
count() {
    local out="$scratch/$1-$2"
    timeout "$most_seconds" valgrind --tool=callgrind --callgrind-out-file="$out.raw" build/hackloss run "${file[$1]}" \
        --trials $(($2 * block)) --threads 1 --no-plots --quiet --out "$scratch/out" >/dev/null 2>"$scratch/said" || return 1
    callgrind_annotate --threshold=100 "$out.raw" 2>/dev/null |
        sed -n -E 's/^ *([0-9,]+) \( ?[0-9.]+%\) +([^ ]+):([A-Za-z_0-9.@'"'"']+)( \[.*)?$/\1 \2 \3/p' | tr -d , >"$out"
    sed -n -E 's/.*"events": ([0-9]+).*/\1/p' "$scratch/out/summary.json" | head -n 1 >"$out.events"
    [ -s "$out" ] && [ -s "$out.events" ]
}

# tell WORKLOAD EVENTS: the stages of the difference of two runs.
tell() {
    awk -v workload="$1" -v events="$2" -v csv=build/bench/stages.csv '
        function stage_of(file) {
            if (file ~ /base\/(draw|kernel)|models\/|random123/) return "draws and quantiles"
            if (file ~ /engine\/(arrivals|clients|strokes|events)/) return "events: who, when, how much"
            if (file ~ /engine\/(swift|settle|scarce|quiet)/) return "told from sums by trial"
            if (file ~ /engine\/(prices|claims|owed|wallets|market)/) return "thefts, prices, claims"
            if (file ~ /engine\/(tally|questions)|stats\/(ladder|picks)/) return "counted and kept"
            if (file ~ /sim\/engine\//) return "ledger: waterfalls, needs"
            if (file ~ /sim\//) return "the rest of the program"
            return "libraries"
        }
        FNR == 1 { run++ }
        {
            n = run == 1 ? -$1 : $1
            if ($2 ~ /^sim\/.*\.c$|^models\/.*\.c$/) home[$3] = $2
            by[$2 " " $3] += n
        }
        END {
            for (key in by) {
                split(key, part, " ")
                at = part[1]
                if (at !~ /\.c$/ && part[2] in home) at = home[part[2]]
                total += by[key]
                stage[stage_of(at)] += by[key]
            }
            printf "%-5s %-28s %10.0f %7s\n", workload, "in all", total / events, "100 %"
            fflush()
            for (name in stage)
                if (stage[name] > 0.002 * total) {
                    printf "%-5s %-28s %10.0f %5.1f %%\n", workload, name, stage[name] / events,
                           100 * stage[name] / total | "sort -n -r -k 1.36,1.45"
                    printf "%s,%s,%.2f,%.4f\n", workload, name, stage[name] / events, stage[name] / total >>csv
                }
        }' "$scratch/$1-${few[$1]}" "$scratch/$1-${more[$1]}"
}

command -v valgrind >/dev/null || {
    echo "valgrind is not there: no instruction counts (make deps-bench installs it)"
    exit 0
}
mkdir -p build/bench
echo "workload,stage,instructions_per_breach,share" >build/bench/stages.csv
echo
printf '%-34s %10s %7s\n' 'Instructions, by callgrind' 'a breach' 'share'
for workload in "$@"; do
    if ! count "$workload" "${few[$workload]}" || ! count "$workload" "${more[$workload]}"; then
        echo "$workload: more than $most_seconds seconds under callgrind, or it failed; not counted"
        continue
    fi
    read -r less <"$scratch/$workload-${few[$workload]}.events"
    read -r all <"$scratch/$workload-${more[$workload]}.events"
    tell "$workload" $((all - less))
done
