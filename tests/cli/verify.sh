#!/bin/bash
# `hackloss verify`: a run against exact distributions, its exit codes and what it says where there are none.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

expect "clients of one vendor agree" exits 0 "$hackloss" verify scenarios/vendor-cascade.yaml --trials 100000
"$hackloss" verify scenarios/vendor-cascade.yaml --trials 100000 >"$scratch/told"
expect "it says so" grep -q 'Simulation and calculation agree' <(tr '\n' ' ' <"$scratch/told")
expect "and what it cannot tell" grep -q 'gross of all exchanges and 3 more: a copula ties the damages' "$scratch/told"
expect "the worst rows only" test "$(wc -l <"$scratch/told")" -lt 40
"$hackloss" verify scenarios/vendor-cascade.yaml --trials 100000 --all >"$scratch/all"
expect "or all" test "$(wc -l <"$scratch/all")" -gt 200
expect "nothing exact is no fault" exits 0 "$hackloss" verify scenarios/minimal.yaml --trials 4096
expect "no file is 2" exits 2 "$hackloss" verify
expect "a missing file is 2" exits 2 "$hackloss" verify "$scratch/none.yaml"
finish
