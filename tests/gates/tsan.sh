#!/bin/bash
# Short runs of four threads under the thread sanitizer: tsan.sh SCENARIO…
set -u
cd "$(dirname "$0")/../.." || exit 1

# GCC 12's thread sanitizer cannot start where the kernel spreads addresses over more than 28 bits; there it needs them
# fixed.
wrapper=()
if ! build/tsan/hackloss --help >/dev/null 2>&1; then
    wrapper=(setarch --addr-no-randomize)
fi

failed=0
for scenario in "$@"; do
    TSAN_OPTIONS=exitcode=66:halt_on_error=0 "${wrapper[@]}" build/tsan/hackloss run "$scenario" --trials 40000 \
        --threads 4 --quiet --no-plots --out "build/tsan/out/$(basename "$scenario" .yaml)" </dev/null
    status=$?
    if [ "$status" -ne 0 ]; then
        echo "failed with $status: $scenario"
        failed=1
    fi
done
exit "$failed"
