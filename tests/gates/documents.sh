#!/bin/bash
# What the documents point at is there: links to files, targets of make, scenarios, and every ```sh block of README.md
# (tests/cli/readme.sh runs them).
set -u
cd "$(dirname "$0")/../.." || exit 1

shopt -s nullglob
bad=0
complain() {
    echo "$*"
    bad=1
}

[ -e README.md ] || complain "README.md is missing"
targets=" $(awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%s ", $1 }' Makefile)"
documents=(*.md */README.md */*/README.md)
for document in "${documents[@]}"; do
    folder=$(dirname "$document")
    while read -r link; do
        [ -e "$folder/${link%%#*}" ] || complain "$document: there is no $link"
    done < <(grep -o -E '\]\([^)#][^)]*\)' "$document" | sed -e 's/^](//' -e 's/)$//' | grep -v -E '^(https?|mailto):')
    while read -r target; do
        [[ $targets == *" $target "* ]] || complain "$document: there is no target \`make $target\`"
    done < <(grep -o -E '(^|`)(\$ )?make [a-z-]+' "$document" | sed 's/.*make //' | sort -u)
    while read -r scenario; do
        [ -e "$scenario" ] || [ -e "$folder/$scenario" ] || complain "$document: there is no $scenario"
    done < <(grep -o -E 'scenarios/[a-z0-9/_-]+\.(yaml|csv)' "$document" | sort -u)
done
if [ -e README.md ] && ! grep -q '^```sh' README.md; then
    complain "README.md: no \`\`\`sh block shows how to start"
fi
exit "$bad"
