#!/bin/bash
# `check` names every mistake of a scenario and of its tables in one pass.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

cat >"$scratch/exchanges.csv" <<'END'
exchange,jurisdiction,as_of,customer_fiat,own_capital,source,confidence
one,JP,2026-01-31,1 bn,0.5 bn,made up,assumption
END
cat >"$scratch/holdings.csv" <<'END'
exchange,asset,tier,value,source,confidence
one,BTC,hot,2 bn,made up,assumption
one,BTC,cold,40 bn,made up,assumption
END
cat >"$scratch/assets.csv" <<'END'
asset,source,confidence
BTC,made up,assumption
END
cat >"$scratch/scenario.yaml" <<'END'
format: 1
title: A scenario of five lines that matter
currency: JPY
horizon: 1 y
trials: 1000
tables:
  exchanges: exchanges.csv
  holdings: holdings.csv
  assets: assets.csv
breaches:
  - vector: hot_wallet_drain
    count: {poisson: {rate: 1 % / y}}
    takes: {tiers: [hot], share: {beta: {a: 0.8, b: 0.6}}}
funds:
  - own_capital
END
expect "without mistakes it is fine" exits 0 "$hackloss" check "$scratch/scenario.yaml"

sed -i -e 's/^trials:/trails:/' -e 's/^horizon: 1 y/horizon: 5 %/' -e 's/b: 0.6}/b: 0.6}, everything: 130 %/' \
    "$scratch/scenario.yaml"
sed -i -e 's/^one,BTC,cold,40 bn/one,BTC,cold,"40,000"/' -e 's/^one,BTC,hot/one,XYZ,hot/' "$scratch/holdings.csv"
"$hackloss" check "$scratch/scenario.yaml" >"$scratch/messages" 2>&1
status=$?
cat "$scratch/messages" >"$scratch/said"
expect "with five it ends with 2" test "$status" -eq 2
names() { grep -E "$1" "$scratch/messages" | grep -q -E "$2" || { cat "$scratch/messages"; return 1; }; }
expect "an unknown key, and the nearest known one" names 'scenario\.yaml:5:1: trails' 'trials'
expect "a unit of another kind" names 'scenario\.yaml:4:[0-9]+: horizon' '5 %'
expect "a share above 1" names 'scenario\.yaml:13:[0-9]+: .*everything' '130 %'
expect "an asset that no table knows" names 'holdings\.csv:2:5: ' 'XYZ'
expect "a comma between thousands" names 'holdings\.csv:3:14: ' '40,000'
expect "one line for each" test "$(grep -c -E '\.(yaml|csv):[0-9]+' "$scratch/messages")" -eq 5
finish
