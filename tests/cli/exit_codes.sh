#!/bin/bash
# 0 done, 1 the run failed, 2 the input is wrong, 3 interrupted.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

minimal=scenarios/minimal.yaml
quick=(--trials 4096 --quiet --no-plots)
printf 'format: 1\ntitle: broken\n' >"$scratch/broken.yaml"
printf 'in the way\n' >"$scratch/file"

expect "--help is 0" exits 0 "$hackloss" --help
for command in run merge check keys trace rules; do
    expect "$command --help is 0" exits 0 "$hackloss" "$command" --help
done
expect "keys is 0" exits 0 "$hackloss" keys
expect "rules is 0" exits 0 "$hackloss" rules
expect "rules of a scenario is 0" exits 0 "$hackloss" rules --scenario "$minimal"
expect "a rule that takes a run is 0" exits 0 "$hackloss" rules --scenario "$minimal" --trials 20000 solvency_ii emir_cover2
expect "an unknown rule is 2" exits 2 "$hackloss" rules no_such_rule
expect "a broken formula is 2" exits 2 "$hackloss" rules --scenario "$minimal" --formula '2 * (H'
expect "a formula without scenario is 2" exits 2 "$hackloss" rules --formula '2 * H'
expect "check of a good file is 0" exits 0 "$hackloss" check "$minimal"
expect "run is 0" exits 0 "$hackloss" run "$minimal" "${quick[@]}" --out "$scratch/out"
expect "trace is 0" exits 0 "$hackloss" trace "$minimal" --trial 3
expect "out folder that cannot be made is 1" exits 1 "$hackloss" run "$minimal" "${quick[@]}" --out "$scratch/file/out"
expect "check of a broken file is 2" exits 2 "$hackloss" check "$scratch/broken.yaml"
expect "run of a broken file is 2" exits 2 "$hackloss" run "$scratch/broken.yaml" "${quick[@]}" --out "$scratch/none"
expect "nothing is written for a broken file" test ! -e "$scratch/none"
expect "missing file is 2" exits 2 "$hackloss" check "$scratch/nothing.yaml"
expect "a folder for a file is 2" exits 2 "$hackloss" check "$scratch"
expect "an unknown HACKLOSS_CPU is 2" exits 2 env HACKLOSS_CPU=abacus "$hackloss" check "$minimal"
expect "a known HACKLOSS_CPU is 0" exits 0 env HACKLOSS_CPU=scalar "$hackloss" check "$minimal"
expect "unknown option is 2" exits 2 "$hackloss" run "$minimal" --no-such-option
expect "unknown command is 2" exits 2 "$hackloss" no-such-command
expect "no command is 2" exits 2 "$hackloss"
expect "no file is 2" exits 2 "$hackloss" run
expect "0 trials are 2" exits 2 "$hackloss" run "$minimal" --trials 0 --out "$scratch/none"
expect "trials that are no number are 2" exits 2 "$hackloss" run "$minimal" --trials many --out "$scratch/none"
expect "enough memory is 0" exits 0 "$hackloss" run "$minimal" "${quick[@]}" --memory 500MB --out "$scratch/out"
expect "memory that nothing fits into is 2" exits 2 "$hackloss" run "$minimal" --memory 1MB --out "$scratch/none"
expect "memory that is no amount is 2" exits 2 "$hackloss" run "$minimal" --memory much --out "$scratch/none"
expect "--set of an unknown key is 2" exits 2 "$hackloss" check "$minimal" --set no_such_key=1
# Far too many trials to end by itself.
interrupted() {
    rm -rf "$scratch/late"
    "$hackloss" run "$minimal" --trials 1000000000000 --quiet --no-plots --out "$scratch/late" &
    sleep 0.3
    kill "-$1" $!
    wait $!
}
for signal in INT TERM USR1; do expect "interrupted by SIG$signal is 3" exits 3 interrupted "$signal"; done
expect "an interrupted run keeps what it played, and nothing else" test "$(ls "$scratch/late")" = checkpoint.hackloss
finish
