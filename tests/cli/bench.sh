#!/bin/bash
# The driver of the benchmark: one round of few trials, and its tables.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

make --no-print-directory build/bench/bench build/bench/w1 build/bench/w2 build/bench/w3 >"$scratch/make" 2>&1 ||
    cat "$scratch/make"
run() {
    build/bench/bench --rounds 1 --divide 20000 --hackloss "$hackloss" --out "$scratch/bench" scenarios/dmm-2024.yaml \
        >"$scratch/table" 2>&1
}
expect "one round of few trials" run
cat "$scratch/table" >>"$scratch/said"

has_targets() { [ "$(grep -c -E 'target (>=|<=) .* (met|short of|not shown)$' "$scratch/table")" -eq 9 ]; }
expect "every target has its verdict" has_targets
narrow() { ! awk 'length > 80' "$scratch/table" | grep -v "^Written" | grep .; }
expect "the table has 80 columns" narrow
# rows_of FILE COLUMNS LEAST: no line has another number of columns.
rows_of() {
    awk -F , -v columns="$2" -v least="$3" \
        'NF != columns { bad = 1; print } END { exit bad || NR < least }' "$scratch/bench/$1"
}
expect "bench.csv has a line for each row" rows_of bench.csv 14 18
expect "targets.csv has a line for each target" rows_of targets.csv 6 9
expect "raw.csv has a line for each process" rows_of raw.csv 8 18
expect "a wrong option is refused" exits 2 build/bench/bench --rounds 0
fails() { exits 1 build/bench/bench --rounds 1 --divide 20000 --hackloss false --out "$scratch/none"; }
expect "a program that fails ends it" fails
finish
