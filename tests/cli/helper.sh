# What the tests of the command line share. Each prints `ok NAME` or `not ok NAME: why` for every test.
# shellcheck shell=bash
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1

suite=$(basename "$0" .sh)
# shellcheck disable=SC2034 # used by the scripts that read this one
hackloss=${HACKLOSS:-build/hackloss}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/hackloss-$suite-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
failures=0
unset MAKEFLAGS MFLAGS MAKELEVEL # of the make that runs these tests

# expect NAME COMMAND…: the command must succeed; what it printed is shown when it does not.
expect() {
    local name=$1
    shift
    if "$@" >"$scratch/said" 2>&1; then
        echo "ok $suite: $name"
    else
        echo "not ok $suite: $name: $*"
        head -n 20 "$scratch/said" | sed 's/^/    /'
        failures=$((failures + 1))
    fi
}

# exits CODE COMMAND…: the command must end with that code.
exits() {
    local want=$1 status
    shift
    "$@"
    status=$?
    [ "$status" -eq "$want" ] || {
        echo "ended with $status, not $want"
        return 1
    }
}

# without_provenance FILE: summary.json less its object `provenance`, which stands last and alone may differ by run.
without_provenance() { awk '/^[[:space:]]*"provenance"/ { exit } { print }' "$1"; }

# same_results FOLDER FOLDER: the same files with the same bytes, but for the provenance.
same_results() {
    local file count=0
    diff <(cd "$1" && ls) <(cd "$2" && ls) || return 1
    grep -q '^[[:space:]]*"provenance"' "$1/summary.json" || {
        echo "$1/summary.json has no line that starts the provenance"
        return 1
    }
    [ "$(without_provenance "$1/summary.json" | wc -c)" -gt 500 ] || {
        echo "$1/summary.json holds next to nothing but its provenance"
        return 1
    }
    diff <(without_provenance "$1/summary.json") <(without_provenance "$2/summary.json") || return 1
    for file in "$1"/*.csv; do
        cmp "$file" "$2/$(basename "$file")" || return 1
        count=$((count + 1))
    done
    [ "$count" -gt 0 ] || {
        echo "no tables in $1"
        return 1
    }
}

finish() { [ "$failures" -eq 0 ]; }
