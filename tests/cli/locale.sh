#!/bin/bash
# Numbers are read and written the same where the decimal sign is a comma.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

run() { "$hackloss" run scenarios/minimal.yaml --trials 20000 --quiet --no-plots --out "$1"; }
mkdir "$scratch/locales"
expect "de_DE.UTF-8 can be made" localedef -f UTF-8 -i de_DE "$scratch/locales/de_DE.UTF-8"
export LOCPATH=$scratch/locales
expect "its decimal sign is a comma" test "$(LC_ALL=de_DE.UTF-8 locale decimal_point)" = ,
LC_ALL=C run "$scratch/c" >/dev/null 2>&1
LC_ALL=de_DE.UTF-8 run "$scratch/de" >/dev/null 2>&1
expect "the same bytes in both" same_results "$scratch/c" "$scratch/de"
LC_ALL=C "$hackloss" keys >"$scratch/keys-c"
LC_ALL=de_DE.UTF-8 "$hackloss" keys >"$scratch/keys-de"
expect "the same reference of keys in both" cmp "$scratch/keys-c" "$scratch/keys-de"
finish
