#!/bin/bash
# Share of the lines and branches of sim/ and models/ that unit tests and short runs reach: coverage.sh SCENARIO…
# Fails when the tests fail or less than the stated share of the lines is reached.
set -u
cd "$(dirname "$0")/../.." || exit 1

least_percent=85
find build/cov -name '*.gcda' -delete
tests/run.sh build/cov/tests || exit 1
for scenario in "$@"; do
    name=$(basename "$scenario" .yaml)
    build/cov/hackloss check "$scenario" >/dev/null || exit 1
    build/cov/hackloss run "$scenario" --trials 20000 --no-plots --plt --out "build/cov/out/$name" >/dev/null </dev/null || exit 1
    build/cov/hackloss trace "$scenario" --trial 0 >/dev/null || exit 1
done
build/cov/hackloss keys >/dev/null || exit 1
build/cov/hackloss replay --all --folder scenarios/replays >/dev/null || exit 1
gcovr --root . --object-directory build/cov/obj --filter 'sim/' --filter 'models/' --exclude-throw-branches \
    --gcov-ignore-parse-errors --sort-uncovered --txt --fail-under-line "$least_percent"
