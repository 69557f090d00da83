#!/bin/bash
# Runs a Criterion binary and then scripts, and sums up: run.sh BINARY [SCRIPT…]
# A script prints `ok NAME` or `not ok NAME: why` for each of its tests and fails when one failed. The last line here is
# `N passed, N failed`; the exit code is 0 when nothing failed and something passed.
set -u
cd "$(dirname "$0")/.." || exit 1

passed=0
failed=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

binary=$1
shift
"$binary" --jobs "$(nproc)" </dev/null 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
# [====] Synthesis: Tested: 12 | Passing: 11 | Failing: 1 | Crashing: 0
plain=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | tr -d '\r' | grep 'Synthesis:' | tail -n 1)
if [[ $plain =~ Tested:\ ([0-9]+)\ .*Passing:\ ([0-9]+) ]]; then
    passed=${BASH_REMATCH[2]}
    failed=$((BASH_REMATCH[1] - BASH_REMATCH[2]))
else
    echo "not ok $binary: ended without a summary"
    failed=1
fi
if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
    echo "not ok $binary: ended with $status"
    failed=1
fi

for script in "$@"; do
    [ "$(basename "$script")" = helper.sh ] && continue
    bash "$script" </dev/null 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    good=$(grep -c '^ok ' "$log")
    bad=$(grep -c '^not ok ' "$log")
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$good" -eq 0 ]; }; then
        echo "not ok $(basename "$script"): ended with $status after $good tests"
        bad=1
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
