#!/bin/bash
# Cases of history: the exit codes of `hackloss replay`, and that every bundled case comes out as it did.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

cat >"$scratch/case.yaml" <<'END'
format: 1
title: One wallet
currency: JPY
starts_on: 2024-05-31
horizon: 60 d
trials: 1
tables:
  exchanges: [{exchange: ape, jurisdiction: JP, as_of: 2024-05-31, source: made up, confidence: assumption}]
  assets: [{asset: BTC, price: 10 m, source: made up, confidence: assumption}]
  holdings: [{exchange: ape, asset: BTC, tier: hot, units: 100, source: made up, confidence: assumption}]
breaches:
  - {vector: hot_wallet_drain, count: {on: {day: 0 d}}, takes: {tiers: [hot], share: 100 %}}
funds:
  - parent: {amount: 1 bn, after: 3 d}
expected: {whole_after: 3 d, customers_lose: 0, paid: {parent: 1 bn}}
END
sed 's/whole_after: 3 d/whole_after: 4 d/' "$scratch/case.yaml" >"$scratch/otherwise.yaml"
sed 's/seed/sead/; s/format: 1/format: 2/' "$scratch/case.yaml" >"$scratch/broken.yaml"

expect "a case that comes out" exits 0 "$hackloss" replay "$scratch/case.yaml"
"$hackloss" replay "$scratch/case.yaml" >"$scratch/story"
expect "its day" grep -q '^  2024-06-03  parent pays 1.00 bn (theft 1): whole after 3 days$' "$scratch/story"
expect "one that comes out otherwise" exits 1 "$hackloss" replay "$scratch/case.yaml" "$scratch/otherwise.yaml"
expect "a broken one" exits 2 "$hackloss" replay "$scratch/otherwise.yaml" "$scratch/broken.yaml"
expect "no file" exits 2 "$hackloss" replay
expect "files and --all" exits 2 "$hackloss" replay --all "$scratch/case.yaml"
expect "a folder that is not there" exits 2 "$hackloss" replay --all --folder "$scratch/none"
mkdir "$scratch/cases"
expect "an empty folder" exits 2 "$hackloss" replay --all --folder "$scratch/cases"
cp "$scratch/case.yaml" "$scratch/cases/"
expect "a folder" exits 0 "$hackloss" replay --all --folder "$scratch/cases"
expect "run takes it too" exits 0 "$hackloss" run "$scratch/case.yaml" --no-plots --quiet --out "$scratch/out"
expect "trace takes it too" exits 0 "$hackloss" trace "$scratch/case.yaml" --trial 0
expect "every bundled case comes out as it did" exits 0 "$hackloss" replay --all

# The table of rules: the file has a line for each case and rule, and README.md shows what is printed.
"$hackloss" replay --all --out "$scratch/table" >"$scratch/all"
expect "a line for each case and rule" test "$(wc -l <"$scratch/table/incidents-by-rule.csv")" -eq \
    $(($(find scenarios/replays -name '*.yaml' | wc -l) * $(grep -c '^HL_RULE(' models/model.def) + 1))
expect "nothing else in the folder" test "$(find "$scratch/table" -type f | wc -l)" -eq 1
expect "the table in 80 columns" test "$(wc -L <"$scratch/all")" -le 80
awk '/^```/ { inside = $0 == "```txt"; next } inside' README.md >"$scratch/shown"
expect "README.md shows what \`hackloss replay --all\` prints" diff "$scratch/all" "$scratch/shown"
finish
