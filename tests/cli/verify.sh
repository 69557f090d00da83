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

method=(--trials 20000 --quiet --no-plots --out)
expect "run --method exact" exits 0 "$hackloss" run tests/bench/w1.yaml --method exact "${method[@]}" "$scratch/exact"
expect "rows that are exact" grep -q '"status": "exact"' "$scratch/exact/summary.json"
expect "no others" test "$(grep -c '"status": "ok"' "$scratch/exact/summary.json")" -eq 0
expect "run --method auto" exits 0 "$hackloss" run tests/bench/w1.yaml --method auto "${method[@]}" "$scratch/auto"
expect "exact rows among others" grep -q '"status": "exact"' "$scratch/auto/summary.json"
expect "and others" grep -q '"status": "ok"' "$scratch/auto/summary.json"
cascade=(run scenarios/vendor-cascade.yaml "${method[@]}")
"$hackloss" "${cascade[@]}" "$scratch/plain"
"$hackloss" "${cascade[@]}" "$scratch/controlled" --method auto --threads 3
expect "plain rows have no control" test "$(grep -c 'controlled\|variance_reduction' "$scratch/plain/summary.json")" -eq 0
expect "others are corrected, and say what for" \
    grep -q '"p_at_least".*"status": "controlled", "variance_reduction": [0-9]' "$scratch/controlled/summary.json"
"$hackloss" "${cascade[@]}" "$scratch/parts" --shard 1/2
"$hackloss" "${cascade[@]}" "$scratch/parts" --shard 2/2
"$hackloss" merge "$scratch/parts" --method auto --quiet --no-plots --out "$scratch/merged"
expect "shards come to the same bytes" same_results "$scratch/controlled" "$scratch/merged"
expect "nothing exact is 2" exits 2 "$hackloss" run scenarios/minimal.yaml --method exact "${method[@]}" "$scratch/none"
expect "nothing is written" test ! -e "$scratch/none"
expect "an unknown method is 2" exits 2 "$hackloss" run tests/bench/w1.yaml --method guess "${method[@]}" "$scratch/none"
expect "printed in 80 columns" test "$("$hackloss" run tests/bench/w2.yaml --method exact --no-plots --out "$scratch/w2" | wc -L)" -le 80
finish
