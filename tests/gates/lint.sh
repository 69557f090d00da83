#!/bin/bash
# Reads the sources without running them: lint.sh
# FLAGS are the compiler's, from the Makefile. Each piece prints `ok NAME (seconds)` or `not ok NAME`
# after what it found; fails when a piece failed.
# shellcheck disable=SC2317 # the pieces are called by name
set -u
cd "$(dirname "$0")/../.." || exit 1

shopt -s nullglob
sources=(sim/*/*.c models/*.c)
headers=(sim/*.h sim/*/*.h models/*.h)
test_sources=(tests/*.[ch] tests/twin/*.[ch] tests/verify/*.[ch] tests/faults/*.c tests/ranks/*.c tests/bench/*.[ch] tests/bench/base/*.[ch])
scripts=(.ci/run tests/*.sh tests/bench/*.sh tests/cli/*.sh tests/gates/*.sh scenarios/jobs/*.sh)

# What gcc said when it compiled what the other gates run; clang's build stops by itself.
gcc_warnings() {
    local source said bad=0
    for source in "${sources[@]}" tests/*.c tests/twin/*.c tests/verify/*.c; do
        said=build/release/obj/${source%.c}.said
        if [ ! -e "$said" ] || [ -s "$said" ]; then
            echo "$source:"
            cat "$said"
            bad=1
        fi
    done
    return "$bad"
}

format() { clang-format --dry-run -Werror "${sources[@]}" "${headers[@]}" "${test_sources[@]}"; }

tidy() {
    # shellcheck disable=SC2086 # FLAGS are many words
    printf '%s\0' "${sources[@]}" |
        xargs -0 -n 1 -P "$(nproc)" sh -c 'clang-tidy --quiet "$@" -- '"${FLAGS:?} -Ibuild/release"' 2>&1' tidy |
        grep 'error:' # the way to each: run clang-tidy on its file
    [ "${PIPESTATUS[1]}" -eq 0 ]
}

# Left out: varFuncNullUB, NULL is a pointer in glibc; uninitvar, false alarms on arrays of functions, which clang's
# analyzer does not raise; internalAstError, what cppcheck itself cannot parse.
cppcheck_all() {
    cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
        --suppress=missingIncludeSystem --suppress=varFuncNullUB --suppress=uninitvar --suppress=internalAstError \
        -j "$(nproc)" -D_GNU_SOURCE -DHL_RELEASE -Isim -I. -Ibuild/release "${sources[@]}"
}

shell() { shellcheck --shell=bash --severity=style --external-sources "${scripts[@]}"; }

failed=0
piece() {
    local name=$1 start=$SECONDS
    shift
    if "$@"; then
        echo "ok $name ($((SECONDS - start)) s)"
    else
        echo "not ok $name ($((SECONDS - start)) s)"
        failed=1
    fi
}

piece gcc gcc_warnings
piece format format
piece layers tests/gates/layers.sh
piece symbols tests/gates/symbols.sh build/libhackloss.a
piece sizes tests/gates/sizes.sh
piece documents tests/gates/documents.sh
piece shellcheck shell
piece cppcheck cppcheck_all
piece clang-tidy tidy
exit "$failed"
