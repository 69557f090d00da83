#!/bin/bash
# Every external symbol of the library starts with hl_: symbols.sh LIBRARY
# Also no writable data: the library has no globals but constants.
set -u
library=$1

nm --extern-only --defined-only "$library" >/dev/null || exit 1
nm --extern-only --defined-only "$library" | awk '
    NF == 3 && $3 !~ /^hl_/ { print "external symbol without hl_: " $3; bad = 1 }
    NF == 3 { count++ }
    END { if (!count) { print "the library has no symbols"; bad = 1 } exit bad }' || exit 1
# What stands in .data or .bss can be written; constants stand in .rodata and .data.rel.ro. Left out: which kernel is
# chosen, of which nothing depends but time.
objdump -t "$library" | awk '
    /file format/ { object = $1 }
    / O \.(data|bss)[^.]/ && !(object == "kernel.o:" && $NF == "chosen") { print object " a variable that can be written: " $NF; bad = 1 }
    END { exit bad }'
