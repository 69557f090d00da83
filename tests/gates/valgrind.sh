#!/bin/bash
# Short runs under valgrind: valgrind.sh SCENARIO…
# Errors and leaks go to log files; the exit code alone misses those of child processes.
set -u
cd "$(dirname "$0")/../.." || exit 1

folder=build/debug/valgrind
rm -rf "$folder"
mkdir -p "$folder"
failed=0
# memory NAME ARGUMENTS…: in the background, as many at a time as there are processors.
memory() {
    local name=$1
    shift
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n; done
    valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect,possible \
        --errors-for-leak-kinds=definite,indirect,possible --log-file="$folder/$name.%p" \
        build/debug/hackloss "$@" >/dev/null </dev/null || echo "failed: hackloss $*" >"$folder/$name.failed" &
}

for scenario in "$@"; do
    name=$(basename "$scenario" .yaml)
    memory "$name" run "$scenario" --trials 5000 --threads 2 --quiet --no-plots --out "$folder/out/$name"
done
memory keys keys
wait

for file in "$folder"/*.*; do
    if [ ! -f "$file" ] || [ ! -s "$file" ]; then
        continue
    fi
    echo "--- $file"
    head -n 60 "$file"
    failed=1
done
exit "$failed"
