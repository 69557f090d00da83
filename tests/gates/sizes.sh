#!/bin/bash
# Files that one can read: up to about 600 lines, no tabs, no blanks at the end of a line; and every unit test mirrors a
# source file. (clang-format minds the length of lines.)
set -u
cd "$(dirname "$0")/../.." || exit 1

shopt -s nullglob
bad=0
for file in sim/*.h sim/*/*.[ch] models/*.[ch] tests/*.[ch] tests/*/*.[ch]; do
    awk -v file="$file" '
        /\t/ { print file ":" NR ": a tab"; bad = 1 }
        /[ \t]$/ { print file ":" NR ": blanks at the end"; bad = 1 }
        END { if (NR > 650) { print file ": " NR " lines"; bad = 1 } exit bad }' "$file" || bad=1
done
for test in tests/test_*.c; do
    name=${test#tests/test_}
    name=${name%.c}
    mirrored=(sim/*/"$name".[ch] models/"$name".[ch])
    if [ ${#mirrored[@]} -eq 0 ]; then
        echo "$test: there is no source file $name.c"
        bad=1
    fi
done
exit "$bad"
