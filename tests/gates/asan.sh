#!/bin/bash
# Unit tests and short runs under the address and undefined-behaviour sanitizers, and the share of the lines of sim/ and
# models/ that they reach: asan.sh SCENARIO…
# Leaks in a test's child process do not make the test fail, so the sanitizers write to files, and a file is a failure.
set -u
cd "$(dirname "$0")/../.." || exit 1

least_percent=85
log=$PWD/build/asan/log
rm -f "$log".*
find build/asan -name '*.gcda' -delete
export ASAN_OPTIONS=log_path=$log:detect_stack_use_after_return=1:strict_string_checks=1
export UBSAN_OPTIONS=log_path=$log:print_stacktrace=1
failed=0

tests/run.sh build/asan/tests || failed=1
for scenario in "$@"; do
    out=build/asan/out/$(basename "$scenario" .yaml)
    for command in "run --trials 20000 --threads 2 --quiet --no-plots --plt --out $out" "check" "trace --trial 0"; do
        read -r -a words <<<"$command"
        build/asan/hackloss "${words[0]}" "$scenario" "${words[@]:1}" >/dev/null </dev/null || {
            echo "failed: hackloss $command $scenario"
            failed=1
        }
    done
done
build/asan/hackloss keys >/dev/null || failed=1
build/asan/hackloss replay --all --folder scenarios/replays --out build/asan/out/replays >/dev/null || {
    echo "failed: hackloss replay --all"
    failed=1
}
build/asan/hackloss replay scenarios/replays/dmm-2024.yaml >/dev/null || failed=1

for file in "$log".*; do
    [ -e "$file" ] || continue
    echo "--- $file"
    head -n 60 "$file"
    failed=1
done

gcovr --root . --object-directory build/asan/obj --filter 'sim/' --filter 'models/' --exclude-throw-branches \
    --gcov-ignore-parse-errors --sort-uncovered --txt --fail-under-line "$least_percent" \
    -j "$(nproc)" build/asan/obj || failed=1
exit "$failed"
