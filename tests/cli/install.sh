#!/bin/bash
# What `make install` puts in place is enough to run the program and to build on the library, and uninstall removes it.
# shellcheck source=tests/cli/helper.sh
. "$(dirname "$0")/helper.sh"

prefix=$scratch/usr
expect "make install" make --no-print-directory install PREFIX="$prefix"
expect "the installed program runs a scenario" "$prefix/bin/hackloss" run scenarios/minimal.yaml --trials 8192 --quiet \
    --out "$scratch/out"
expect "and finds its plots" test -s "$scratch/out/exceedance.png"
cat >"$scratch/user.c" <<'END'
/* Prints the probability that customers are not whole. */
#include <hackloss.h>
#include <stdio.h>

int main(int count, char **arguments) {
    struct hl_error err = {0};
    struct hl_scenario scenario = {0};
    struct hl_plan plan = {0};
    struct hl_result result = {0};
    struct hl_setting few = {"trials", "20_000"};
    struct hl_run_options options = hl_run_options_default();
    const struct hl_row *row = NULL;
    hl_init();
    if (count == 2 && hl_scenario_load(&scenario, arguments[1], &few, 1, &err) == HL_OK &&
        hl_plan_make(&plan, &scenario, &err) == HL_OK && hl_run(&result, &plan, &options, &err) == HL_OK)
        row = hl_result_find(&result, (struct hl_row_key){.basis = HL_BASIS_ALL, .year = 1,
                                                          .perspective = HL_SHORTFALL, .metric = HL_P_POSITIVE});
    if (row)
        printf("P(shortfall) = %g, 95 %% interval %g to %g\n", row->value, row->low, row->high);
    hl_error_print(&err, stderr);
    hl_result_free(&result);
    hl_plan_free(&plan);
    hl_scenario_free(&scenario);
    hl_error_free(&err);
    return row ? 0 : 1;
}
END
build() {
    local flags
    flags=$(PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --cflags --libs hackloss) || return 1
    # shellcheck disable=SC2086 # many words
    cc -std=c17 -Wall -Wextra -Wpedantic -Werror -o "$scratch/user" "$scratch/user.c" $flags
}
expect "a program that uses the library is built with pkg-config's flags" build
expect "and runs" "$scratch/user" scenarios/minimal.yaml
expect "make uninstall" make --no-print-directory uninstall PREFIX="$prefix"
expect "nothing is left" test -z "$(find "$prefix" -type f)"
finish
