#!/bin/bash
# `hackloss adequacy`: exit codes, and a table with a line for each exchange and month.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

minimal=scenarios/minimal.yaml
expect "the reserve's own amount" exits 0 "$hackloss" adequacy "$minimal" --trials 5000
expect "a rule" exits 0 "$hackloss" adequacy "$minimal" --trials 5000 --rule share_of_assets
expect "a formula" exits 0 "$hackloss" adequacy "$minimal" --trials 5000 --formula '5 % * A' --out "$scratch/out"
expect "a line for each month" test "$(wc -l <"$scratch/out/adequacy.csv")" -eq 13
expect "an unknown rule" exits 2 "$hackloss" adequacy "$minimal" --rule no_such_rule
expect "a formula with a mistake" exits 2 "$hackloss" adequacy "$minimal" --formula '5 % * (A'
expect "a rule and a formula" exits 2 "$hackloss" adequacy "$minimal" --rule jp_a5 --formula A
expect "no file" exits 2 "$hackloss" adequacy
finish
