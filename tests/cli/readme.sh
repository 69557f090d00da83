#!/bin/bash
# Every command of README.md's ```sh blocks works as it is written, from the top of a copy of the project.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

# Copied with its objects and their times, so that the commands need not compile anything again.
mkdir "$scratch/copy"
cp -a Makefile README.md LICENSE hackloss.pc.in sim models scenarios plots tests .ci "$scratch/copy/"
mkdir "$scratch/copy/build"
cp -a build/release build/hackloss build/libhackloss.a "$scratch/copy/build/"
cp -a build/tests "$scratch/copy/build/" 2>/dev/null

awk '/^```/ { inside = $0 == "```sh"; next } inside && NF && !/^#/ { sub(/^\$ /, ""); print }' README.md >"$scratch/commands"
expect "README.md has commands" test -s "$scratch/commands"
# Not run here: what this script is itself a part of, what writes outside the copy, and what needs the network.
apart='^(git clone|cd |make (test|check|deps|deps-dev)( |$)|make install|sudo |\.ci/run)'
while read -r command; do
    if [[ $command =~ $apart ]]; then
        continue
    fi
    expect "$command" env -C "$scratch/copy" bash -c "$command"
done <"$scratch/commands"

# The answers and the picture that it shows are those of the demo, and of the rules.
awk '/^```/ { inside = $0 == "```text"; next } inside && NF' README.md >"$scratch/answers"
"$scratch/copy/build/hackloss" run scenarios/dmm-2024.yaml --out "$scratch/demo" >"$scratch/demo.txt"
"$scratch/copy/build/hackloss" rules --scenario scenarios/japan-2026.yaml >>"$scratch/demo.txt"
expect "README.md has answers" test -s "$scratch/answers"
while IFS= read -r line; do
    expect "README.md: ${line:0:40}" grep -qxF -- "$line" "$scratch/demo.txt"
done <"$scratch/answers"
expect "README.md's picture is the demo's" cmp plots/dmm-2024-reserve.svg "$scratch/demo/reserve.svg"
finish
