#!/bin/bash
# A run of fewer trials is the beginning of a longer one.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

run() { "$hackloss" run "$1" --trials "$2" --quiet --no-plots --plt --out "$3"; }
for scenario in scenarios/*.yaml; do
    name=$(basename "$scenario" .yaml)
    short=$scratch/$name-short/plt.csv
    long=$scratch/$name-long/plt.csv
    run "$scenario" 30000 "$scratch/$name-short" >/dev/null 2>&1
    run "$scenario" 100000 "$scratch/$name-long" >/dev/null 2>&1
    expect "$name: the shorter run has events" test "$(wc -l <"$short")" -gt 10
    expect "$name: the longer run has more" test "$(wc -l <"$long")" -gt "$(wc -l <"$short")"
    expect "$name: the shorter is the beginning of the longer" cmp -n "$(stat -c %s "$short")" "$short" "$long"
done
finish
