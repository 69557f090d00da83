#!/bin/bash
# A file may include only what stands to the left of its own layer, or in it:
#   base, stats, models, scenario, engine, results, study, cli
# Prints each include that points to the right (or to no layer) and fails.
set -u
cd "$(dirname "$0")/../.." || exit 1

shopt -s nullglob
grep -n -E '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' sim/*/*.[ch] models/*.h models/*.c models/*.def |
    awk -F: '
    BEGIN {
        count = split("base stats models scenario engine results study cli", names, " ")
        for (i = 1; i <= count; i++) rank[names[i]] = i
    }
    {
        split($1, path, "/")
        own = path[1] == "models" ? "models" : path[2]
        split($3, quoted, "\"")
        target = quoted[2]
        if (target == "version.h" || target ~ /^data\//) next # made by the Makefile
        if (target == "hackloss.h" && own == "cli") next # the whole library, as its users see it
        split(target, part, "/")
        if (!(own in rank)) { print $1 ": no layer is called " own; bad = 1 }
        else if (!(part[1] in rank) || target !~ /\//) { print $1 ":" $2 ": \"" target "\" is in no layer"; bad = 1 }
        else if (rank[part[1]] > rank[own]) { print $1 ":" $2 ": " own " must not include " target; bad = 1 }
    }
    END { exit bad }'
