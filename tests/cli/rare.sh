#!/bin/bash
# Importance sampling from the command line: the same bytes for any number of threads, and clear words.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

rare() { "$hackloss" run "$1" --rare --trials 30000 --threads "$2" --no-plots --out "$scratch/$3"; }
says() {
    local words=$1
    shift
    "$@" 2>&1 | tr -s ' \n' '  ' | grep -qF -- "$words"
}
narrow() { [ "$("$@" | awk 'length > 80' | wc -l)" -eq 0 ]; }

w2=tests/bench/w2.yaml
expect "runs" rare $w2 1 one
expect "three threads give what one gives" eval "rare $w2 3 three >/dev/null && same_results '$scratch/one' '$scratch/three'"
expect "the ledger gives what sums give" eval "HACKLOSS_LEDGER=full rare $w2 2 full >/dev/null && same_results '$scratch/one' '$scratch/full'"
expect "summary.json says how" grep -q '^"rare": {"entity": .*"fallback": null.*"variance_reduction": [0-9]' "$scratch/one/summary.json"
expect "the terminal says what it was worth" says "plain ones" rare $w2 2 words
expect "no line is wider than 80 columns" narrow rare $w2 2 narrow
expect "plain trials where those do as well, and it says so" says "Importance sampling was asked for, but" \
    "$hackloss" run scenarios/minimal.yaml --rare --trials 20000 --set 'funds[2].reserve.amount=900 bn' \
    --no-plots --out "$scratch/plain"
expect "an exchange that is not there" exits 2 "$hackloss" run $w2 --rare=nobody --no-plots --out "$scratch/nobody"
expect "no shards" says "can neither be resumed nor played in shards" "$hackloss" run $w2 --rare --shard 1/2 --out "$scratch/nobody"
expect "is named" says "has no exchange 'nobody'" "$hackloss" run $w2 --rare=nobody --no-plots --out "$scratch/nobody"
finish
