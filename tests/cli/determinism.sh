#!/bin/bash
# The same bytes for any number of threads, from both compilers, on every way through the ledger and every kernel.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

trials=100000 # 25 blocks: more than there are threads, and the last one not full
run() { "$1" run "$2" --trials "$trials" --threads "$3" --quiet --no-plots --out "$4"; }

compilers=(gcc)
if command -v clang >/dev/null; then
    make --no-print-directory -j"$(nproc)" VARIANT=clang build/clang/hackloss >"$scratch/make" 2>&1 || cat "$scratch/make"
    compilers+=(clang)
fi

for scenario in scenarios/*.yaml; do
    name=$(basename "$scenario" .yaml)
    expect "$name runs" run "$hackloss" "$scenario" 1 "$scratch/$name-1"
    for threads in 2 7; do
        run "$hackloss" "$scenario" "$threads" "$scratch/$name-$threads" >/dev/null 2>&1
        expect "$name: $threads threads give what 1 gives" same_results "$scratch/$name-1" "$scratch/$name-$threads"
    done
    if [ "${#compilers[@]}" -gt 1 ]; then
        run build/clang/hackloss "$scenario" 2 "$scratch/$name-clang" >/dev/null 2>&1
        expect "$name: clang gives what gcc gives" same_results "$scratch/$name-1" "$scratch/$name-clang"
    fi
done

# Ways through a run, on scenarios that take the short ones; same_bits.sh has two more.
trials=30000
for scenario in tests/bench/w[13].yaml scenarios/minimal.yaml; do
    name=$(basename "$scenario" .yaml)
    run "$hackloss" "$scenario" 2 "$scratch/$name-way" >/dev/null 2>&1
    HACKLOSS_LEDGER=full run "$hackloss" "$scenario" 2 "$scratch/$name-full" >/dev/null 2>&1
    expect "$name: the full ledger gives the same" same_results "$scratch/$name-way" "$scratch/$name-full"
    HACKLOSS_CPU=scalar run "$hackloss" "$scenario" 2 "$scratch/$name-scalar" >/dev/null 2>&1
    expect "$name: without vectors the same" same_results "$scratch/$name-way" "$scratch/$name-scalar"
done
trials=100000
unknown_ledger() { ! HACKLOSS_LEDGER=slow run "$hackloss" scenarios/minimal.yaml 1 "$scratch/slow" 2>"$scratch/refusal"; }
expect "an unknown way through the ledger is refused" unknown_ledger
expect "and said" grep -q "HACKLOSS_LEDGER = slow: must be full or fast" "$scratch/refusal"

differs() { ! same_results "$1" "$2" >/dev/null; }
first=$(basename scenarios/dmm-2024.yaml .yaml)
"$hackloss" run scenarios/dmm-2024.yaml --trials "$trials" --seed 99 --quiet --no-plots --out "$scratch/other" >/dev/null 2>&1
expect "another seed gives something else" differs "$scratch/$first-1" "$scratch/other"
finish
